me-title = Ihr Profil
me-name = Ihr Name
me-name-do = Diesen Namen behalten
me-login = Sie melden sich an als
me-done-name = Der Name ist gespeichert.
me-done-message = Die Nachricht ist unterwegs. Kommt sie nicht innerhalb einer Minute, sagen Sie es der Person, die die Kontaktliste pflegt.
me-done-no-message = Es konnte keine Nachricht hinausgehen: Hier ist keine Mail eingerichtet, oder keine Liste hat eine Adresse von Ihnen.
me-contact = Wie Sie gerufen werden
me-contact-none = Sie stehen auf keiner Kontaktliste, also ruft Sie niemand. Fragen Sie, wer sich um Ihr Projekt kümmert.
me-contact-no-mail = Keine Mailadresse
me-contact-change = So steht es auf den Kontaktlisten. Wer sich um ein Projekt kümmert, ändert es dort.
me-message = Mir eine Nachricht schicken

me-sign-in = Wie Sie sich anmelden
me-present = Ihr jetziges Passwort
me-done-password = Das Passwort ist geändert. Ihre anderen Sitzungen sind beendet, und alle Ihre Token.
me-done-app-off = Es wird kein Code mehr verlangt. Ihre anderen Sitzungen sind beendet.
me-app = Ein Code nach dem Passwort
me-app-none = Eine App auf Ihrem Telefon zeigt jede halbe Minute einen neuen Code. Mit ihr öffnet ein gestohlenes Passwort nichts.
me-app-on = Eine App für Codes einrichten
me-app-since = Ein Code Ihrer App wird verlangt seit { $since }.
me-app-off = Die App entfernen
me-app-off-hint = Ohne die App genügt wieder das Passwort. Beides beendet Ihre anderen Sitzungen.
me-app-read = Lesen Sie dieses Bild mit der App.
me-app-picture = Das Geheimnis, das darunter steht, als Bild für die App
me-app-type = Oder geben Sie dies dort ein, für das Konto
me-app-first = Geben Sie dann den Code ein, den sie zeigt.
me-app-confirm = Ab jetzt nach Codes fragen
me-codes = Ihre Wiederherstellungscodes
me-codes-told = Jeder davon meldet Sie einmal an, nach dem Passwort, wenn die App verloren ist. Drucken Sie sie oder schreiben Sie sie jetzt ab: Sie werden nicht noch einmal gezeigt. Frühere Codes gelten nicht mehr.
me-codes-kept = Ich habe sie
me-codes-left = { $n ->
    [0] Es ist kein Wiederherstellungscode übrig.
    [one] Es ist { $n } Wiederherstellungscode übrig.
   *[other] Es sind { $n } Wiederherstellungscodes übrig.
}
me-codes-do = Neue Wiederherstellungscodes machen
me-password = Ein anderes Passwort
me-password-hint = Ihre anderen Sitzungen enden, und alle Ihre Token: Wer das Passwort kannte, kann sie gemacht haben.
me-new = Ihr neues Passwort
me-password-do = Das Passwort ändern

me-sessions = Wo Sie angemeldet sind
me-session-this = diese hier
me-session-from = Von { $address }
me-session-seen = Zuletzt benutzt { $seen }, seit { $began }
me-session-end = Beenden
me-session-others = Alle anderen beenden

me-tokens = Token
me-tokens-told = Mit einem Token handelt ein Programm in Ihrem Namen. Beenden Sie es, sobald Sie es nicht mehr brauchen.
me-tokens-none = Sie haben keines.
me-token-made = Das ist Ihr Token. Es wird nicht noch einmal gezeigt.
me-token-since = Seit { $since }.
me-token-until = Bis { $until }.
me-token-new = Ein Token machen
me-token-name = Wofür ist es?
me-token-may = Was darf es?
me-token-do = Machen
me-may-read = Liest, was Sie lesen dürfen
me-may-write = Tut, was Sie tun dürfen
me-may-admin = Verwaltet die Installation
