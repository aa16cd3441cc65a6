# The list of cases.
list-title = Cases
list-words = Find words
list-state = Open or closed
list-state-any = Both
list-state-open = Open
list-state-closed = Closed
list-severity = Severity
list-severity-any = Any
list-severity-unknown = Not assessed
list-phase = Phase
list-phase-any = Any
list-project = Project
list-project-any = All
list-mine = Only mine
list-do = Show
list-all = All cases
list-older = Older cases
list-none = No case yet. A report opens one.
list-none-such = No case is like that.
list-none-found = Nothing found. All words must stand in the case; fewer words find more.
list-full = More cases than fit here have these words: add a word.
list-not-searched = { $n ->
    [one] Not searched: { $n } restricted case of yours. Open it to read it.
   *[other] Not searched: { $n } restricted cases of yours. Open them to read them.
}
list-restricted = Restricted
list-untitled = (restricted)
list-has-it = { $who } has it; phase: { $phase }
list-nobody = nobody has it
list-false-alarm = false alarm
list-closed = closed
