# Die Liste der Fälle.
list-title = Fälle
list-words = Wörter suchen
list-state = Offen oder geschlossen
list-state-any = Beides
list-state-open = Offen
list-state-closed = Geschlossen
list-severity = Schweregrad
list-severity-any = Jeder
list-severity-unknown = Nicht eingeschätzt
list-phase = Phase
list-phase-any = Jede
list-project = Projekt
list-project-any = Alle
list-mine = Nur meine
list-do = Zeigen
list-all = Alle Fälle
list-older = Ältere Fälle
list-none = Noch kein Fall. Eine Meldung eröffnet einen.
list-none-such = Kein Fall passt dazu.
list-none-found = Nichts gefunden. Alle Wörter müssen im Fall stehen; weniger Wörter finden mehr.
list-full = Diese Wörter stehen in mehr Fällen, als hier Platz haben: Suchen Sie mit einem Wort mehr.
list-not-searched = { $n ->
    [one] Nicht durchsucht: { $n } vertraulicher Fall von Ihnen. Öffnen Sie ihn, um ihn zu lesen.
   *[other] Nicht durchsucht: { $n } vertrauliche Fälle von Ihnen. Öffnen Sie sie, um sie zu lesen.
}
list-restricted = Vertraulich
list-untitled = (vertraulich)
list-has-it = { $who } hat es; Phase: { $phase }
list-nobody = niemand hat es
list-false-alarm = Fehlalarm
list-closed = geschlossen
