# Für alle, die eine Installation verwalten: erste Schritte, Konten und Sitzungen, und ob es Henhouse gut geht.
admin-begin = Einrichten
admin-accounts = Konten
admin-account = Konto
admin-health = Geht es Henhouse gut?
admin-done = Gespeichert.
admin-steps = Schritt für Schritt
admin-step-done = Erledigt
admin-step-todo = Noch nicht
admin-step-some = Noch nicht für { $lacks }; erledigt für { $done }
admin-step-look = Ansehen
admin-leave = Gehen Sie, wann Sie wollen: Was getan ist, bleibt, und diese Seite weiß, wo Sie waren.
admin-missing = Was noch fehlt
admin-missing-none = Nichts. Eine Meldung ruft Leute.
admin-blocks = Bis das getan ist, kann niemand gerufen werden.
admin-blocks-project = Bis das getan ist, kann für { $project } niemand gerufen werden.
admin-report-link = Die Adresse für Meldungen. Zeigen Sie sie dort, wo alle sie finden:

admin-step-organisation = Geben Sie Ihrer Organisation einen Namen
admin-step-organisation-what = Der Name steht oben auf jeder Seite und jedem Ausdruck, und unten in jeder E‑Mail.
admin-organisation = Wie heißt Ihre Organisation?
admin-organisation-hint = Eine Zeile. Lassen Sie sie leer, damit keine erscheint.
admin-step-project = Geben Sie dem ersten Projekt einen Namen und eine Zeitzone
admin-step-project-what = Wie man das nennt, worum Sie sich kümmern, und welche Zeitzone gilt. Die Adresse für Meldungen steht unten.
admin-step-people = Sagen Sie, wer gerufen wird
admin-step-people-what = Mindestens zwei Menschen, mit E‑Mail und Telefon. Fügen Sie eine Tabelle ein, oder tragen Sie sie einzeln ein.
admin-step-mail = Richten Sie den Versand von E‑Mails ein
admin-step-mail-what = Menschen werden per E‑Mail geweckt.
admin-step-accounts = Ein zweiter Admin
admin-step-accounts-what = Wenn Sie nicht da sind, muss jemand anders die Kontaktliste ändern können.
admin-step-number = Eine Nummer für alle, die nicht senden können
admin-step-number-what = Steht auf jeder Seite, auch für Fremde. Nie die Nummer eines Menschen.
admin-step-playbook = Lesen Sie das Playbook
admin-step-playbook-what = Es ist das Verfahren, dem jeder Fall folgt. Jemand, der es nicht geschrieben hat, nimmt es an.
admin-project = Wie heißt es?
admin-first-zone = In welcher Zeitzone?
admin-first-zone-hint = Nach ihrer Uhr stehen die Zeiten da, mit UTC daneben, und danach zählen die Geschäftszeiten. Wenn Sie nichts wählen, bleibt es { $zone }.
admin-name-missing = Geben Sie ihm einen Namen.
admin-name-do = Speichern
admin-found = Ein weiteres Projekt anlegen
admin-found-lead = Ein Projekt hat eigene Leute, ein eigenes Playbook und eigene Fallnummern. Kurzname und Buchstaben lassen sich danach nicht ändern.
admin-found-do = Projekt anlegen
admin-slug = Kurzname, in Adressen
admin-slug-hint = Kleinbuchstaben, Ziffern und Bindestriche, etwa web-shop
admin-prefix = Buchstaben seiner Fallnummern
admin-prefix-hint = Etwa WS: Sein erster Fall heißt dann WS-1
admin-zone = Zeitzone
admin-zone-hint = Etwa Europe/Berlin; UTC, wenn Sie das Feld leer lassen

admin-mail = E‑Mail
admin-mail-none = Kein Mailserver ist eingestellt; darum kann niemand gerufen werden.
admin-mail-untried = Ob E‑Mails hinausgehen, wurde noch nicht versucht.
admin-mail-reached = Der Mailserver antwortet.
admin-mail-answered = Der Mailserver nimmt E‑Mails an, zuletzt: { $at }.
admin-mail-failing = Der Mailserver nimmt nichts an: { $said }
admin-channel = Rufe über { $channel }
admin-channel-untried = Noch nicht versucht.
admin-channel-reached = Er antwortet.
admin-channel-answered = Er antwortet, zuletzt: { $at }.
admin-channel-failing = Er nimmt nichts an: { $said }
admin-channel-since = Fällt aus seit { $at }.
admin-channel-success = Zuletzt angenommen: { $at }.
admin-channel-failure = Zuletzt fehlgeschlagen: { $at }.
admin-addresses = E‑Mail, die übergeben wird
admin-addresses-well = { $n ->
    [one] Für eine Adresse, deren Projekt es gibt.
   *[other] Für { $n } Adressen, deren Projekte es gibt.
}
admin-addresses-astray = E‑Mail an { $address } wird abgewiesen, denn sie ist für das Projekt { $project }, und ein solches gibt es nicht: Berichtigen Sie [mail_in.addresses], und starten Sie den Server neu.
admin-alert-mail = Alarme per E‑Mail
admin-alert-mail-well = { $n ->
    [one] E‑Mail an eine Adresse wird zu Alarmen; ihr Projekt und ihre Alarmquelle gibt es.
   *[other] E‑Mail an { $n } Adressen wird zu Alarmen; ihre Projekte und Alarmquellen gibt es.
}
admin-alert-mail-astray = Aus E‑Mail an { $address } wird kein Alarm, denn sie ist für das Projekt { $project }, und ein solches gibt es nicht: Berichtigen Sie [mail_in.alerts], und starten Sie den Server neu.
admin-alert-mail-no-source = Aus E‑Mail an { $address } wird kein Alarm, denn das Projekt { $project } hat keine Alarmquelle { $source }; sie wartet auf Durchsicht. Legen Sie die Quelle an, oder berichtigen Sie [mail_in.alerts], und starten Sie den Server neu.
admin-voicemail = Meldungen per Telefon
admin-voicemail-well = { $n ->
    [one] Für eine Nummer, deren Projekt es gibt.
   *[other] Für { $n } Nummern, deren Projekte es gibt.
}
admin-voicemail-astray = Anrufe bei { $address } werden zu Meldungen des ersten Projekts, denn sie sind für das Projekt { $project }, und ein solches gibt es nicht: Berichtigen Sie [voicemail], und starten Sie den Server neu.
admin-mailbox = E‑Mail aus dem Postfach { $mailbox }
admin-mailbox-untried = Noch nicht gelesen.
admin-mailbox-read = Zuletzt durchgesehen: { $at }.
admin-mailbox-elsewhere = Ein anderer Server dieser Installation liest es, zuletzt: { $at }.
admin-mailbox-failing = Niemand liest es seit { $at }. Was dorthin gesendet wird, wartet; sehen Sie solange von Hand hinein.
admin-mailbox-why = Der letzte Versuch ist fehlgeschlagen: { $said }.
admin-mailbox-later = { $n ->
    [one] Eine E‑Mail darin lässt sich gerade nicht aufbewahren. Es wird immer wieder versucht.
   *[other] { $n } E‑Mails darin lassen sich gerade nicht aufbewahren. Es wird immer wieder versucht.
}
admin-mailbox-left = { $n ->
    [one] Eine E‑Mail darin kann nicht angenommen werden ({ $said }). Sie bleibt dort: Sehen Sie sie an, und markieren Sie sie dann als gelesen.
   *[other] { $n } E‑Mails darin können nicht angenommen werden (die erste: { $said }). Sie bleiben dort: Sehen Sie sie an, und markieren Sie sie dann als gelesen.
}
admin-mailbox-unmarked = Was aufbewahrt ist, lässt sich dort nicht markieren: { $said }. Es zählt trotzdem einmal.
admin-mailbox-astray = Es gehört zum Projekt { $project }, und ein solches gibt es nicht. Seine E‑Mails warten beim ersten Projekt auf Durchsicht: Berichtigen Sie die Einstellungen, und starten Sie den Server neu.
admin-queue = Alarme aus der Warteschlange { $queue }
admin-queue-asked = Sie wird abgefragt. Entnommene Nachrichten seit dem Start dieses Servers: { $n }.
admin-queue-failing = Es kommen keine Alarme: { $said }. Was in der Warteschlange liegt, bleibt dort.
admin-queue-success = Zuletzt erfolgreich abgefragt: { $at }.
admin-mail-how = Wie E‑Mails hinausgehen, steht in einer Datei des Servers, denn das Passwort gehört den Leuten, die die Maschine betreiben, und in keinen Browser. Schreiben Sie diese Zeilen mit Ihren eigenen Werten in henhouse.toml, die Datei neben den Daten, und starten Sie den Server neu:
admin-mail-test = Probenachricht senden
admin-mail-test-told = Geht an alle Adressen und über alle Wege, die auf den Kontaktlisten und in Ihrem Konto für Sie stehen.

admin-accounts-lead = Mit einem Konto kann sich jemand anmelden. Wer gerufen wird, steht auf den Kontaktlisten.
admin-role = Was darf diese Person?
admin-role-admin = Admin: verwaltet alles, öffnet aber keinen vertraulichen Fall
admin-role-member = Mitglied: darf, was die eigenen Projekte erlauben
admin-role-observer = Beobachter: liest und ändert nichts
admin-locked = ausgesperrt
admin-waits = hat noch kein Passwort gewählt
admin-no-password = hat kein Passwort: Anmeldung nur mit Token
admin-sessions-n = { $n ->
    [0] nirgends angemeldet
    [one] an einem Ort angemeldet
   *[other] an { $n } Orten angemeldet
}
admin-change = Ändern
admin-without = Auf einer Kontaktliste, ohne Konto
admin-without-told = Diese Leute können einen Fall über den Link in einem Ruf übernehmen, sehen ihn hier aber nicht.
admin-invite = Einladen
admin-new = Ein weiteres Konto
admin-name = Name
admin-login = Anmeldename
admin-login-hint = Für jemanden auf einer Kontaktliste: der Kurzname, der dort steht.
admin-email = E‑Mail
admin-email-hint = Nur für jemanden, der auf keiner Kontaktliste steht. Dorthin geht die Bitte, ein Passwort zu wählen.
admin-new-do = Anlegen
admin-done-asked = { $who } bekommt eine E‑Mail mit der Bitte, ein Passwort zu wählen.
admin-done-made = Das Konto { $who } ist angelegt. Die Bitte, ein Passwort zu wählen, konnte nicht per E‑Mail hinausgehen: Wer den Server betreibt, erstellt dafür einen Link zum Weitergeben: henhouse admin account { $who }.

admin-account-since = Seit { $since }. Anmeldename:
admin-account-app = Nach dem Passwort wird ein Code aus einer App verlangt.
admin-account-no-password = Hat kein Passwort: Die Bitte, eines zu wählen, ist hinausgegangen, oder die Anmeldung geht nur mit Token.
admin-account-no-app = Meldet sich nur mit dem Passwort an.
admin-account-passkeys = { $n ->
    [one] Ein Passkey meldet ohne Passwort an.
   *[other] { $n } Passkeys melden ohne Passwort an.
}
admin-not-oneself = Niemand sperrt sich selbst aus; bitten Sie einen anderen Admin.
admin-glass-told = Dieses Konto öffnet sich mit seinen zwei Hälften und mit nichts anderem.
admin-role-do = Speichern
admin-lock = Aussperren
admin-lock-told = Jede Sitzung endet sofort, und kein Token gilt mehr. Was die Person getan hat, bleibt unter ihrem Namen stehen.
admin-unlock = Wieder hereinlassen
admin-ask = Um ein anderes Passwort bitten
admin-ask-told = Das bisherige gilt nicht mehr, und jede Sitzung und jedes Token endet.
admin-done-handed = Keine E‑Mail erreicht diese Person; darum wählt das Passwort, wer diesen Link öffnet. Geben Sie ihn niemandem sonst; er gilt einmal, eine Woche lang, und wird nur dieses eine Mal gezeigt:
admin-sign-in = Wie sich diese Person anmeldet
admin-sign-in-of = Wie sich { $who } anmeldet
admin-factors-lead = Alles, was hier entfernt wird, steht mit Ihrem Namen in den Aufzeichnungen der Installation, und die Person erfährt es per E‑Mail, wo E‑Mail sie erreicht.
admin-own-profile = Ihre eigenen ändern Sie in Ihrem Profil, mit Ihrem Passwort.
admin-passkeys = Passkeys
admin-passkeys-none = Keine.
admin-passkey-told = Entfernen Sie einen, der verloren oder gestohlen ist: Er meldet niemanden mehr an, und jede Sitzung der Person endet. Das Passwort und die anderen Passkeys der Person gelten weiter. Rufen Sie sie vorher an: Jemand könnte in ihrem Namen darum bitten.
admin-passkey-since = Seit { $since }.
admin-passkey-used = Zuletzt benutzt: { $used }.
admin-passkey-unused = Nie benutzt.
admin-passkey-off = Entfernen
admin-app = App für Codes
admin-app-since = Nach dem Passwort wird ein Code verlangt, seit { $since }.
admin-codes-left = { $n ->
    [0] Kein Wiederherstellungscode ist übrig.
    [one] Ein Wiederherstellungscode ist übrig.
   *[other] { $n } Wiederherstellungscodes sind übrig.
}
admin-app-none = Keine: Es wird kein Code verlangt.
admin-app-off = Das Telefon mit der App ist verloren
admin-app-told = Die App und ihre Wiederherstellungscodes werden entfernt, und jede Sitzung der Person endet. Danach genügt das Passwort; wer es kennt, kommt also auch herein, bis wieder eine App eingerichtet ist. Rufen Sie sie vorher an: Jemand könnte in ihrem Namen darum bitten. Ist noch ein Wiederherstellungscode übrig, so lassen Sie sie den benutzen.
admin-factors = Alles ist verloren
admin-factors-off = Alles entfernen
admin-factors-told = Die App, die Wiederherstellungscodes und alle Passkeys werden entfernt, und jede Sitzung der Person endet. Danach genügt das Passwort. Rufen Sie sie vorher an.
admin-sessions = Wo diese Person angemeldet ist
admin-sessions-none = Nirgends.
admin-end = Beenden
admin-end-all = Alle beenden
admin-done-role = Gespeichert.
admin-done-lock = Das Konto ist ausgesperrt.
admin-done-ask = Die Person bekommt eine E‑Mail mit der Bitte, ein anderes Passwort zu wählen.
admin-done-open = Die Person kann sich wieder anmelden.
admin-done-factors = Jetzt genügt das Passwort der Person. Sie erfährt es per E‑Mail, sofern eine Adresse bekannt ist.
admin-done-app = Die App der Person und deren Wiederherstellungscodes sind entfernt. Die Person erfährt es per E‑Mail, sofern eine Adresse bekannt ist.
admin-done-passkey = Dieser Passkey meldet niemanden mehr an. Die Person erfährt es per E‑Mail, sofern eine Adresse bekannt ist.
admin-done-ended = Beendet.

admin-all-well = Alles ist gut.
admin-part-well = Was eingerichtet ist, geht. Noch einzurichten oder zu erproben: { $what }.
admin-not-well = Hier werden Sie gebraucht: { $what }.
admin-well = Gut
admin-open = Nicht eingerichtet
admin-untried = Noch nicht versucht
admin-wrong = Hier hinsehen
admin-calls = Leute rufen
admin-time = Zeit und Rufe
admin-time-well = Jeder Fall wurde rechtzeitig angesehen, und jeder Ruf ging hinaus.
admin-record = Die Aufzeichnungen
admin-record-well = Alles, was geprüft wurde, ist so, wie es geschrieben wurde.
admin-database = Die Datenbank
admin-database-well = Sie antwortet.
admin-database-away = Sie ist nicht erreichbar, bisher { $span } lang; { $n } Meldungen und Antworten warten auf der Festplatte dieses Servers. Nichts geht verloren.
admin-backup = Sicherungskopien
admin-backup-none = Niemand macht Sicherungskopien. Wer den Server betreibt, sagt in henhouse.toml, wohin sie gehen: „to“ unter „[backup]“.
admin-backup-never = Noch wurde keine gemacht.
admin-backup-age = Die letzte ist { $span } alt.
admin-backup-failed = Der letzte Versuch ist fehlgeschlagen: { $said }
admin-watcher = Überwachung von außen
admin-watcher-none = Niemand. Etwas außerhalb muss merken, wenn dieser Server schweigt: Wer ihn betreibt, nennt in henhouse.toml einen Wächter: „beat“ unter „[watcher]“.
admin-watcher-late = Der Wächter außerhalb hat seit { $n } Minuten nichts von diesem Server gehört.
admin-watcher-well = Der Wächter außerhalb hat vor { $n } Sekunden von diesem Server gehört.
admin-done-test = Die Probenachricht ist unterwegs.
admin-done-no-test = Es konnte keine Probenachricht hinausgehen: E‑Mail ist nicht eingerichtet, nirgends steht eine Adresse von Ihnen, oder dies ist eine Übung und Sie stehen auf keiner Kontaktliste.
admin-done-glass = Das Notfallkonto öffnet sich nicht mehr, und alle, die es wissen müssen, erfahren es.
admin-glass = Notfallkonto
admin-glass-there = Es gibt eines. Es öffnet sich mit zwei Hälften, die zwei Menschen auf Papier verwahren; wer es öffnet, wird allen genannt.
admin-glass-none = Es gibt keines. Wer den Server betreibt, legt es an: henhouse admin break-glass. Es ist für den Tag, an dem weder E‑Mail noch ein Admin erreichbar ist.
admin-glass-end = Für immer schließen
admin-about = Über diesen Server
admin-version = Henhouse { $version }
admin-backend = Die Datenbank ist { $backend }.
admin-address = Man erreicht ihn unter { $address }
