# Blätter, die auf Papier übergeben werden. Was die Aufzeichnungen sagen, sagt das Verfahren selbst.
print-briefing = Einweisung
print-log = Protokoll
print-sitrep = Lagebericht
print-restricted = Vertraulich
print-how = Für Papier gemacht: Drucken Sie diese Seite mit dem Browser, oder speichern Sie sie als PDF.
print-others = Andere Lageberichte
print-sitrep-n = Lagebericht { $n }
print-of = Protokoll von
print-all = allen
print-show = Zeigen
print-ic = Incident Commander
print-by = Gedruckt von
print-period = Von, bis
print-whose = Protokoll einer Person
print-team = Team
print-silent = Nicht aufgeführt
print-silent-told = { $n ->
    [one] { $n } Eintrag: Er hält nur fest, welche Fassung der Projekteinstellungen gilt
   *[other] { $n } Einträge: Sie halten nur fest, welche Fassung der Projekteinstellungen gilt
}
print-sitrep-number = Lagebericht
print-at = Gesendet
print-severity = Schweregrad
print-responders = Helfer
print-next = Nächster Lagebericht bis
print-news = Neues
print-no-change = Nichts Neues.
print-time = Zeit
print-entry = Eintrag
print-activity = Was geschah
print-printed = gedruckt
print-zone = Zeiten in
print-journal = Journaleintrag
