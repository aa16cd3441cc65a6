# Was um jede Seite herum steht.
frame-skip = Zum Inhalt springen
frame-drill = ÜBUNG – das ist kein Ernstfall
frame-conduct = Übung leiten
frame-practise = Üben
frame-drill-title = ÜBUNG
frame-error = Fehler
frame-problem = Da stimmt etwas nicht
frame-main = Hauptmenü
frame-now = Jetzt
frame-cases = Fälle
frame-figures = Kennzahlen
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

frame-keys = Tastenkürzel
frame-keys-on = Einzelne Tasten gelten auf diesem Gerät
frame-key-row = Die nächste Zeile, die davor
frame-key-send = Senden, was geschrieben ist
frame-palette = Hingehen oder tun
frame-do-it = Jetzt tun
frame-find = In allen Fällen suchen
frame-key-tick = Eine Zeile abhaken
frame-key-owner = Eine Zeile jemandem geben
frame-key-row-menu = Was es zu einer Zeile sonst gibt
frame-key-copy = Den Link dieser Seite kopieren
frame-key-away = Aus einem Feld heraus; was geschrieben ist, bleibt
frame-copied = Der Link ist kopiert.
frame-close = Schließen
frame-live = Live, aktualisiert um
frame-stale = Nicht aktuell seit
frame-stale-then = Wir versuchen es weiter. Was Sie schreiben, bleibt hier.
frame-news = Neu:
frame-changed = Inzwischen geändert: zeigen
frame-unsent = Noch nicht gesendet.
frame-unsent-kept = Auf diesem Gerät gespeichert, wir versuchen es weiter.
frame-unsent-gone = Gesendet. Auf diesem Gerät wartet nichts mehr.
frame-unsent-no = Der Server nimmt es nicht an:
frame-unsent-drop = Wegwerfen
frame-unsent-file = (ohne die Datei: Fügen Sie sie an, wenn die Verbindung wieder da ist)
frame-unsent-here = Nicht gesendet: Es gibt keine Verbindung. Was Sie geschrieben haben, steht noch hier. Senden Sie es, wenn die Verbindung wieder da ist.
frame-unsent-leave = Etwas ist noch nicht gesendet. Beim Abmelden wird es weggeworfen. Trotzdem abmelden?
frame-toast = Lässt sich rückgängig machen
frame-leaves = Geht hinaus in
frame-leaves-now = Jetzt senden
frame-noted = Notiert.
frame-undo = Rückgängig

frame-soon = weniger als eine Minute
frame-minutes = { $n ->
    [one] { $n } Minute
   *[other] { $n } Minuten
}
frame-hours = { $n ->
    [one] { $n } Stunde
   *[other] { $n } Stunden
}
frame-not-assessed = Nicht eingeschätzt
frame-just-now = gerade eben
frame-in = in { $span }
frame-ago = vor { $span }
# After "in" and "ago".
frame-days-off = { $n ->
    [one] { $n } Tag
   *[other] { $n } Tagen
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

frame-time-works = Schreiben Sie eine Zeit, etwa 03:00, gestern 22:15, Mo 09:00, vor 10 Minuten, in 2 Stunden, 21.11.2026 03:12 (mit UTC dahinter, wenn es so gemeint ist) oder 2026-11-21T03:12:00Z.
frame-yes = Ja
frame-no = Nein
frame-unknown = Niemand hat es gesagt
frame-optional = (optional)
frame-people = Projekte
frame-manage = Verwalten
frame-accessibility = Barrierefreiheit
