people-projects = Projekte
people-projects-none = Sie haben zu keinem Projekt Zugang. Bitten Sie die Leute, die Ihres betreuen, Sie auf die Kontaktliste zu setzen.
people-numbers = Fälle heißen { $number } und so weiter
people-count = { $n ->
    [0] Niemand steht auf der Kontaktliste.
    [one] { $n } Person steht auf der Kontaktliste.
   *[other] { $n } Leute stehen auf der Kontaktliste.
}
people-sheet = Kontaktliste
people-card = Karte für die Brieftasche

people-called = Wer zu einer Meldung gerufen wird, in dieser Reihenfolge
people-others = Auch auf der Liste
people-holes = Was fehlt
people-you = Sie
people-can = Kann: { $skills }
people-no-mail = Keine E‑Mail-Adresse
people-no-phone = Keine Telefonnummer
people-tested-never = Nie versucht: Niemand weiß, ob eine Nachricht ankommt.
people-tested-taken = Noch keine Probenachricht; eine andere Nachricht wurde angenommen: { $at }.
people-tested-answered = Hat auf einen Ruf geantwortet: { $at }; eine Probenachricht wurde nicht gesendet.
people-tested = Probenachricht angenommen: { $at }.
people-tested-waits = Probenachricht noch nicht hinaus: { $at }.
people-tested-refused = Probenachricht nicht angekommen: { $at }.
people-route-taken = Über { $route }: angenommen.
people-route-waits = Über { $route }: noch nicht.
people-route-refused = Über { $route }: kam nicht an.
people-route-last = { $route } (zuletzt angenommen: { $at })
people-route-never = { $route } (noch nichts angenommen)
people-route-broken = { $route } nimmt nichts an, seit { $at }. Rufe gehen auf dem nächsten Weg weiter.
people-route-unconfirmed = Von dieser Nummer hat noch niemand geantwortet: eine Probenachricht senden und mit 4 antworten.
people-paged-by = Rufe gehen über { $routes }.
people-test = Probenachricht senden
people-up = Nach oben
people-down = Nach unten
people-change = Ändern
people-add = Jemanden hinzufügen
people-not-on-it = Sie stehen nicht auf dieser Liste: Niemand ruft Sie zu einer Meldung dieses Projekts. Ihre ist eine Zeile mit Ihrem Namen, oder mit { $id } in der Spalte „person“ einer eingefügten Tabelle.
people-report-link = Wer etwas melden will, öffnet diese Adresse. Niemand muss sich anmelden:

people-nobody = Niemand wird gerufen. Eine Meldung würde niemanden erreichen.
people-behind-one = Nach { $who } kommt niemand; { $who } wird wieder gerufen, bis eine Antwort kommt.
people-behind = Nach { $last } beginnt es wieder mit { $first }, bis jemand antwortet.
people-hole-phone = { $who } hat keine Telefonnummer: Fällt die E‑Mail aus, kann niemand anrufen.
people-hole-mail = { $who } hat keine E‑Mail-Adresse und wird nur von Hand gerufen.
people-hole-both = { $who } ist weder per E‑Mail noch am Telefon zu erreichen.
people-hole-decider = Niemand entscheidet: Bevor in einen Dienst eingegriffen wird, muss jemand gefragt werden.
people-hole-stand-in = Kein Entscheider ist benannt: Projektleitung und Product Owner springen ein.
people-hole-decider-phone = { $who } entscheidet über Eingriffe und hat keine Telefonnummer.
people-hole-about = Eine Meldung über { $who } erreicht niemanden: Setzen Sie noch jemanden auf die Liste.
people-hole-number = Wer eine Meldung nicht senden kann, sieht keine Nummer zum Anrufen.

people-done-moved = { $who } hat einen neuen Platz. Offene Fälle gehen in der neuen Reihenfolge weiter.
people-done-off = { $who } steht nicht mehr auf der Liste und wird nicht mehr gerufen. In alten Fällen bleibt der Name stehen.
people-done-kept = { $who } ist gespeichert. Offene Fälle gehen damit weiter.
people-done-pasted = Alle aus der Tabelle stehen jetzt auf der Liste.
people-done-gone = Diese Person steht schon nicht mehr auf der Liste.
people-done-test = Die Probenachricht ist unterwegs. Kommt sie nicht innerhalb einer Minute, prüfen Sie die Adresse.
people-done-no-test = Es konnte keine Probenachricht hinausgehen: Hier ist keine E‑Mail eingerichtet, oder auf keiner Liste steht eine Adresse von Ihnen.

people-name = Name
people-name-missing = Schreiben Sie, wie die Person heißt.
people-mail = E‑Mail
people-mail-hint = So werden Leute geweckt. Eine Adresse, etwa jane@example.org
people-phone = Telefon
people-phone-hint = Mit + und Landesvorwahl, etwa +49 30 1234567
people-routes = Rufe gehen über
people-routes-hint = In dieser Reihenfolge, durch Kommas getrennt; schlägt ein Weg zweimal fehl, wird der nächste versucht. E‑Mail kommt zuletzt, wo sie nicht genannt ist. Etwa: ntfy jane-ruf-x7, webhook ops, mail
people-roles = Welche Rollen hat die Person im Projekt?
people-roles-missing = Kreuzen Sie mindestens eine an.
people-skills = Was kann die Person?
people-skills-hint = Mit Kommas dazwischen. Das Playbook kennt: { $skills }
people-keep = Speichern
people-moved-on = Jemand hat diese Zeile inzwischen geändert. Sie lautet jetzt: { $name }, { $mail }, { $phone }. Was Sie geschrieben haben, steht noch hier: Senden Sie es noch einmal, um das andere zu überschreiben.
people-off = Von der Liste nehmen
people-off-told = Niemand ruft die Person mehr, und was sie in offenen Fällen übernommen hatte, wartet auf jemand anders. Ihr Konto bleibt.
people-off-do = Von der Liste nehmen

people-role-responder = Helfer
people-role-decider = Entscheider
people-role-manager = Projektleitung
people-role-owner = Product Owner
people-role-security = Sicherheitsteam
people-role-communications = Communications Officer
people-role-reviewer = Prüfer
people-role-observer = Beobachter
people-what-responder = wird zu Meldungen gerufen und darf das Kommando übernehmen
people-what-decider = wird gefragt, bevor in einen Dienst eingegriffen wird
people-what-manager = hört von jedem Vorfall; springt für einen Entscheider ein
people-what-owner = gibt frei, was Kunden gesagt wird
people-what-security = gehört zum Sicherheitsteam der Organisation
people-what-communications = darf nach außen sprechen
people-what-reviewer = darf die Arbeit anderer prüfen
people-what-observer = darf Fälle lesen, die nicht vertraulich sind

people-paste = Eine Tabelle einfügen
people-paste-table = Ihre Tabelle
people-paste-hint = Aus einer Tabellenkalkulation oder einer Datei, eine Person je Zeile. Eine erste Zeile kann die Spalten nennen: Name, {"E-Mail"}, Telefon, Rollen, Wege.
people-paste-mode = Was ist es?
people-paste-add = Diese Leute kommen zu denen, die da sind; wer schon da ist, wird geändert
people-paste-replace = Das ist die ganze Liste, in der Reihenfolge, in der gerufen wird; wer nicht darin steht, kommt von der Liste
people-paste-check = Prüfen
people-paste-again = Noch einmal prüfen
people-paste-empty = In dem Feld steht nichts. Fügen Sie eine Person je Zeile ein.
people-paste-long = Die Tabelle hat { $n } Zeilen, und eine Kontaktliste fasst { $most } Leute. Nichts wurde geändert, und alles steht noch im Feld.
people-paste-wrong = { $n ->
    [one] { $n } Zeile kann noch nicht übernommen werden
   *[other] { $n } Zeilen können noch nicht übernommen werden
}
people-paste-right = { $n ->
    [one] { $n } Zeile stimmt
   *[other] { $n } Zeilen stimmen
}
people-paste-line = Zeile { $n }
people-paste-kept = Nichts ist verloren: Alles steht im Feld darunter. Bessern Sie es dort aus und prüfen Sie noch einmal.
people-paste-new = neu
people-paste-changed = ändert sich
people-paste-known = hier neu; dieselbe Person wie { $id }, schon bekannt
people-paste-same = unverändert
people-paste-off = Diese kämen von der Liste: { $names }
people-paste-take = { $n ->
    [one] Diese Person übernehmen
   *[other] Diese { $n } übernehmen
}
people-paste-done = { $n ->
    [one] { $n } Person steht jetzt auf der Liste.
   *[other] { $n } Leute stehen jetzt auf der Liste.
} Im Feld: { $left ->
    [one] eine Zeile, die noch nicht stimmt.
   *[other] { $left } Zeilen, die noch nicht stimmen.
}
people-paste-example = Ein Beispiel zeigen
people-line-quote = Ein Anführungszeichen darin ist nicht geschlossen.
people-line-letters = Ein Buchstabe darin war nicht zu lesen. Speichern Sie die Datei als UTF-8, oder tippen Sie den Buchstaben neu.
people-line-long = Eine Zelle ist länger als { $n } Zeichen.
people-line-name = Der Name fehlt.
people-line-formula = Etwas darin beginnt wie eine Formel einer Tabellenkalkulation. Schreiben Sie nur die Worte.
people-line-twice = Dieselbe Person steht schon in Zeile { $line }.
people-line-role = { $word } ist hier keine Rolle. Möglich sind: { $known }.

people-poster = Aushang
people-poster-told = Eine Seite zum Aufhängen, wo gearbeitet wird. Darauf stehen weder Namen noch Telefonnummern von Menschen. Wer ein Telefon auf das Bild richtet, kommt zum Formular für Meldungen.
people-poster-point = Richten Sie die Kamera Ihres Telefons hierauf:
people-poster-picture = Ein Bild, das Telefone lesen: { $address }
people-poster-or = oder öffnen Sie
people-card-told = Zwei auf einer Seite, zum Ausschneiden. Darauf stehen Telefonnummern von Menschen: Behalten Sie Ihre, und geben Sie sie niemandem.
people-card-if = Ist etwas passiert? Niemand macht Ihnen Vorwürfe.
people-card-no-line = Keine Bereitschaftsnummer ist eingetragen.
people-card-report = Melden:
people-card-more = { $n ->
    [one] und { $n } weitere Person auf der Liste
   *[other] und { $n } weitere auf der Liste
}
people-card-not = Nichts löschen. Nichts ausschalten. Auf die verdächtige E‑Mail nicht antworten. Nicht warten, bis Sie sicher sind.
people-card-as-of = Stand: { $at }. Drucken Sie die Karte neu, wenn sich die Liste ändert.
