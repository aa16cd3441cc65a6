# Sheets that are handed over on paper. What the record says is the engine's.
print-briefing = Briefing
print-log = Activity log
print-sitrep = Sitrep
print-restricted = Restricted
print-how = Made for paper: print this page from your browser, or keep it as a PDF.
print-others = Other sitreps
print-sitrep-n = Sitrep { $n }
print-of = Log of
print-all = everybody
print-show = Show
print-ic = Incident Commander
print-by = Printed by
print-period = From, until
print-whose = Log of one person
print-team = Team
print-silent = Not listed
print-silent-told = { $n ->
    [one] { $n } entry: it only notes which edition of the project's settings counts
   *[other] { $n } entries: they only note which edition of the project's settings counts
}
print-sitrep-number = Sitrep
print-at = Sent
print-severity = Severity
print-responders = Responders
print-next = Next sitrep by
print-news = News
print-no-change = No change.
print-time = Time
print-entry = Entry
print-activity = What happened
print-printed = printed
print-zone = Times in
print-journal = Journal entry
