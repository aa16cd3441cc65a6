# Was um jede Seite herum steht.
frame-skip = Zum Inhalt springen
frame-drill = ÜBUNG - das ist kein Ernstfall
frame-drill-title = ÜBUNG
frame-error = Fehler
frame-problem = Da stimmt etwas nicht
frame-main = Hauptmenü
frame-now = Jetzt
frame-cases = Fälle
frame-report = Melden
frame-sign-in = Anmelden
frame-sign-out = Abmelden
frame-unsure = Unsicher? Melden Sie es. Niemand macht Ihnen Vorwürfe.
frame-urgent = Dringend? Rufen Sie an:
frame-view = Darstellung
frame-system = Wie mein Gerät
frame-light = Hell
frame-dark = Dunkel
frame-language = Sprache

frame-keys = Tasten
frame-keys-on = Einzelne Tasten gelten auf diesem Gerät
frame-key-row = Die nächste Zeile, die davor
frame-key-send = Senden, was geschrieben ist
frame-palette = Hingehen oder tun
frame-find = In allen Fällen suchen
frame-close = Schließen
frame-live = Läuft mit, zuletzt gehört
frame-stale = Nicht aktuell seit
frame-stale-then = Wir versuchen es weiter. Was Sie schreiben, bleibt hier.
frame-news = Neu:
frame-changed = Inzwischen geändert: zeigen

frame-soon = weniger als eine Minute
frame-minutes = { $n ->
    [one] { $n } Minute
   *[other] { $n } Minuten
}
frame-hours = { $n ->
    [one] { $n } Stunde
   *[other] { $n } Stunden
}
frame-days = { $n ->
    [one] { $n } Tag
   *[other] { $n } Tage
}

frame-welcome-title = Etwas melden oder sich anmelden
frame-welcome = Ist etwas passiert?
frame-calm = Niemand macht Ihnen Vorwürfe. Unsicher? Melden Sie es.
frame-keep = Bitte nichts löschen und nichts ausschalten.
frame-report-something = Etwas melden
