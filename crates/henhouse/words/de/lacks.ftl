# Was noch einzurichten ist, für alle, die eine Installation verwalten.
lacks-anybody = Auf der Kontaktliste von { $project } steht niemand: Bei einer Meldung würde niemand gerufen.
lacks-responder = Auf der Kontaktliste von { $project } steht kein Helfer: Bei einer Meldung würde niemand gerufen.
lacks-responder-mail = Kein Helfer von { $project } hat eine E‑Mail-Adresse: Niemand kann gerufen werden.
lacks-mail = { $who } hat keine E‑Mail-Adresse und wird nur von Hand gerufen.
lacks-second-responder = { $project } hat nur einen Helfer: Antwortet er nicht, wird sonst niemand gerufen.
lacks-decider = Niemand entscheidet für { $project }: Bevor in einen Dienst eingegriffen wird, muss jemand gefragt werden.
lacks-decider-phone = { $who } entscheidet über Eingriffe und hat keine Telefonnummer.
lacks-sign-in = Noch kann sich kein Helfer von { $project } anmelden: Er könnte einen Fall übernehmen und ihn nicht sehen.
lacks-sign-in-asked = { $who } wurde gebeten, ein Passwort zu wählen, und hat es noch nicht getan; die Bitte lässt sich wiederholen.
lacks-hours = Für { $project } gelten noch UTC und keine Feiertage, wie bei jedem neuen Projekt: Sagen Sie, wo und wann das Team arbeitet.
lacks-first-review = Noch hat niemand das Playbook von { $project } geprüft: Jemand muss es lesen und im eigenen Namen annehmen.
lacks-review = Ausgabe { $n } des Playbooks von { $project } wartet auf eine Prüfung durch jemanden, der sie nicht geschrieben hat.
lacks-number = Wer eine Meldung an { $project } nicht senden kann, sieht keine Nummer zum Anrufen.
lacks-mail-server = Kein Mailserver ist eingestellt, und Leute werden per E‑Mail gerufen. Schreiben Sie [mail] mit host, security und from in { $file }, und starten Sie den Server neu.
lacks-mail-answer = Der Mailserver nimmt nichts an: { $said }. Sehen Sie sich [mail] in { $file } an; es wird jede Minute wieder versucht.
lacks-address = Links in E‑Mails führen zu { $url }, und das ist nur diese Maschine. Setzen Sie base_url in henhouse.toml, oder starten Sie mit --base-url https://hen.example.org.
lacks-admin-yet = Niemand kann sich als Admin anmelden. Folgen Sie dem Link, den der Server ausgegeben hat.
lacks-admin = Niemand kann sich als Admin anmelden.
lacks-second-admin = Es gibt nur einen Admin: Ist er nicht da, kann niemand die Kontaktliste ändern.

# Dass niemand gerufen werden kann: für die Person, die gemeldet hat, und für das Team.
lacks-calls-no-mail = Ihre Meldung ist aufbewahrt, und das Team sieht sie, wenn es hier nachsieht. Aber niemand wird gerufen: Noch ist kein Mailserver eingestellt.
lacks-calls-no-answer = Ihre Meldung ist aufbewahrt, und das Team sieht sie, wenn es hier nachsieht. Aber der Mailserver nimmt gerade nichts an; vielleicht wurde noch niemand gerufen. Es wird jede Minute wieder versucht.
lacks-calls-telephone = Bitte rufen Sie jetzt jemanden aus dem Team an, oder gehen Sie hin.
lacks-calls-numbers = Bitte rufen Sie jetzt an: { $numbers }.
lacks-calls-team-no-mail = Niemand wird gerufen: Kein Mailserver ist eingestellt. Meldungen warten hier, bis jemand nachsieht. Sehen Sie also oft nach, rufen Sie einander an, und bitten Sie einen Admin, [mail] einzustellen.
lacks-calls-team-no-answer = Der Mailserver nimmt gerade nichts an: Rufe und Lageberichte warten, und es wird jede Minute wieder versucht. Rufen Sie einander an, und sagen Sie es einem Admin.
