# Was viele Fälle zusammen sagen. Zeitspannen sind Worte des Verfahrens.
figures-title = Kennzahlen
figures-asked = Sind wir schneller als im letzten Quartal?
figures-answer = { $what }: { $verdict }. Im { $quarter } dauert es im mittleren Fall { $now } ({ $n ->
    [one] 1 Fall
   *[other] { $n } Fälle
}), im { $before } dauerte es { $then } ({ $m ->
    [one] 1 Fall
   *[other] { $m } Fälle
}).
figures-faster = schneller
figures-slower = langsamer
figures-alike = etwa gleich schnell
figures-cannot-say = { $what }: Das kann noch niemand sagen. In mindestens einem der beiden Quartale zeigt es kein Fall.
figures-few = Wenige Fälle: Einer mehr könnte das umkehren.
figures-project = Projekt
figures-all = Alle, die Sie sehen dürfen
figures-show = Zeigen
figures-earlier = Quartal davor
figures-later = Quartal danach
figures-csv = Als Tabelle herunterladen (CSV)
figures-what-counts = Ein Fall zählt in dem Quartal, in dem er eröffnet wurde; Übungen und Fälle, die in anderen aufgingen, zählen nicht. Unbekannt zählt nie als null.
figures-quarters-in = Quartale in
figures-unread = { $n ->
    [one] Ein Fall ist noch nicht gezählt: Eine ältere Version hat ihn zuletzt geschrieben. „henhouse rebuild“ zählt ihn, und sein nächster Eintrag auch.
   *[other] { $n } Fälle sind noch nicht gezählt: Eine ältere Version hat sie zuletzt geschrieben. „henhouse rebuild“ zählt sie, und der nächste Eintrag eines jeden auch.
}
figures-more = Es gibt mehr Fälle, als hier auf einmal gezählt werden: Wählen Sie ein Projekt.
figures-both = Beide Quartale
figures-cases = Fälle
figures-on-time = Lageberichte rechtzeitig
figures-on-time-of = { $kept } von { $all } ({ $part } %)
figures-none = keine
figures-over = Über drei Stunden Schicht hinaus
figures-escalations = Eskalationen
figures-discovery = Vom Beginn bis zur Entdeckung
figures-containment = Von der Entdeckung bis zur Eindämmung
figures-acknowledgement = Von der Meldung, bis jemand übernahm
figures-ic = Von der Meldung bis zu einem Incident Commander
figures-first-sitrep = Von der Meldung bis zum ersten Lagebericht
figures-chart = Jeder Punkt ist ein Fall; die Linie ist der Median, die gestrichelte das 90. Perzentil. Die Tabelle sagt dasselbe.
figures-quarter = Quartal
figures-quarter-of = { $n }. Quartal { $year }
figures-tick-seconds = { $n } s
figures-tick-minutes = { $n } min
figures-tick-hours = { $n } h
figures-tick-days = { $n ->
    [one] { $n } Tag
   *[other] { $n } Tage
}
figures-tick-years = { $n ->
    [one] { $n } Jahr
   *[other] { $n } Jahre
}
figures-known = Bekannt
figures-unknown = unbekannt
figures-seconds = { $n ->
    [one] { $n } Sekunde
   *[other] { $n } Sekunden
}
figures-unknown-head = Unbekannt
figures-median = Median
figures-ninetieth = 90. Perzentil
figures-discovered = Wie es entdeckt wurde
figures-actions = Was der Angreifer tat
figures-value = Antwort
figures-unsaid = unbekannt: Niemand hat es gesagt
figures-nothing = In diesem Quartal zählt kein Fall.
figures-every = Alle Fälle
figures-case-by-case = Fall für Fall
figures-newest = Die neuesten 200; in der Tabelle zum Herunterladen stehen alle.
figures-case = Fall
figures-opened = Eröffnet
