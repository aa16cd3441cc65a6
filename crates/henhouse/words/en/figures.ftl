# What the figures of many cases say. Lengths of time are the engine's words.
figures-title = Figures
figures-asked = Are we faster than last quarter?
figures-answer = { $what }: { $verdict }. In the middle it takes { $now } in { $quarter } ({ $n ->
    [one] 1 case
   *[other] { $n } cases
}), in { $before } it took { $then } ({ $m ->
    [one] 1 case
   *[other] { $m } cases
}).
figures-faster = faster
figures-slower = slower
figures-alike = about as fast
figures-cannot-say = { $what }: nobody can say yet. In one of the two quarters no case shows it.
figures-few = Few cases: one more could turn this round.
figures-project = Project
figures-all = All that you may see
figures-show = Show
figures-earlier = Quarter before
figures-later = Quarter after
figures-csv = Download for a spreadsheet (CSV)
figures-what-counts = Cases count in the quarter in which they were opened; exercises and cases that became part of others do not. Unknown is never counted as nought.
figures-quarters-in = Quarters in
figures-unread = { $n ->
    [one] One case is not counted yet: an older version wrote it last. "henhouse rebuild" counts it, and so does its next entry.
   *[other] { $n } cases are not counted yet: an older version wrote them last. "henhouse rebuild" counts them, and so does the next entry of each.
}
figures-more = There are more cases than are counted here at once: choose a project.
figures-both = Both quarters
figures-cases = Cases
figures-on-time = Sitreps on time
figures-on-time-of = { $kept } of { $all } ({ $part } %)
figures-none = none
figures-over = Beyond three-hour shifts
figures-escalations = Escalations
figures-discovery = From start to discovery
figures-containment = From discovery to containment
figures-acknowledgement = From report to acknowledgement
figures-ic = From report to an Incident Commander
figures-first-sitrep = From report to the first sitrep
figures-chart = Each dot is a case; the line is the median, the dashed one the 90th percentile. The table says the same.
figures-quarter = Quarter
figures-quarter-of = { $year }-Q{ $n }
figures-tick-seconds = { $n } s
figures-tick-minutes = { $n } min
figures-tick-hours = { $n } h
figures-tick-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
}
figures-tick-years = { $n ->
    [one] { $n } year
   *[other] { $n } years
}
figures-known = Known
figures-unknown = unknown
figures-seconds = { $n ->
    [one] { $n } second
   *[other] { $n } seconds
}
figures-unknown-head = Unknown
figures-median = Median
figures-ninetieth = 90th percentile
figures-discovered = How it was discovered
figures-actions = What the actor did
figures-value = Answer
figures-unsaid = unknown: nobody has said
figures-nothing = No case counts in this quarter.
figures-every = Every case
figures-case-by-case = Case by case
figures-newest = The newest 200; the spreadsheet has them all.
figures-case = Case
figures-opened = Opened
