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
frame-view = Darstellung
frame-system = Wie mein Gerät
frame-light = Hell
frame-dark = Dunkel
frame-language = Sprache

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
