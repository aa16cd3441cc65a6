# Who is on call: every schedule, and one.
oncall-title = On call
oncall-all = Everybody on call
oncall-schedules = Schedules
oncall-none = There is no schedule yet. Without one, and without times written down one by one, a report calls the contact sheet right away, one after the other.
oncall-paged = A report now calls { $who }.
oncall-nobody = Nobody
oncall-nobody-paged = Nobody is on call now: a report calls the contact sheet at once, one after the other.
oncall-nobody-now = Nobody is on call now.
oncall-then = From { $at }: { $who }
oncall-gaps = Gaps in the next two weeks
oncall-gap = Nobody from { $from } until { $until } ({ $long }).
oncall-gap-count = { $n ->
    [one] One gap in the next two weeks
   *[other] { $n } gaps in the next two weeks
}
oncall-more-gaps = { $n ->
    [one] One more gap
   *[other] { $n } more gaps
}
oncall-take = Take it until { $until }
oncall-is = { $who } until { $until }: { $why }
oncall-by-turn = by the rotation “{ $rotation }”
oncall-by-cover = stands in for rotation { $rotation }
oncall-by-cover-whole = stands in for the whole schedule
oncall-whole = The schedule
oncall-absent-not-running = “{ $rotation }” has not begun, or is over
oncall-absent-hours = outside the hours of “{ $rotation }”
oncall-absent-holiday = “{ $rotation }” rests on holidays
oncall-absent-no-holiday = “{ $rotation }” is for holidays only
oncall-absent-empty = this turn of “{ $rotation }” is nobody’s
oncall-absent-covered = for “{ $rotation }” somebody said that nobody is on call
oncall-weeks = The next two weeks
oncall-zone = In the time of { $zone }
oncall-covers = Who stands in
oncall-cover = { $who }, { $from } – { $until }
oncall-cover-for = { $who } for { $for }, { $from } – { $until }
oncall-end = End it
oncall-stand-in = Stand in
oncall-swap = Offer a swap
oncall-swaps = Swaps that wait for an answer
oncall-swap-gift = { $by } asks { $to } to take { $gives } in { $schedule }.
oncall-swap-for = { $by } asks { $to } to take { $gives } in { $schedule }, and takes { $takes } for it.
oncall-accept = Accept
oncall-decline = Decline
oncall-take-back = Take it back
oncall-gives-from = They take from
oncall-gives-until = They take until
oncall-takes-from = You take from
oncall-takes-until = You take until
oncall-takes-hint = Leave it empty if you want nothing for it.
oncall-rotations = Rotations
oncall-no-rotation = No rotation: only whoever stands in is on call.
oncall-turns-hours = { $n ->
    [one] Every hour
   *[other] Every { $n } hours
} from { $start } on, in this order: { $who }
oncall-turns-days = { $n ->
    [one] Every day
   *[other] Every { $n } days
} from { $start } on, in this order: { $who }
oncall-turns-weeks = { $n ->
    [one] Every week
   *[other] Every { $n } weeks
} from { $start } on, in this order: { $who }
oncall-new = New schedule
oncall-new-lead = People take turns. Whoever is on call is called with every report, before the contact sheet is called.
oncall-name = What is it called?
oncall-make = Make it
oncall-rotation-new = Another rotation
oncall-rotation-name = Name of the rotation
oncall-rotation-name-hint = A short word, such as nights
oncall-people = Who takes turns, in this order?
oncall-people-hint = One a line, by name. A line with - is a turn of nobody.
oncall-people-wrong = { $who } is not on the contact sheet, or several are called so.
oncall-length = How long is a turn?
oncall-length-wrong = Write a whole number.
oncall-unit = Counted in
oncall-unit-day = Days
oncall-unit-week = Weeks
oncall-unit-hour = Hours
oncall-start = When does the first turn begin?
oncall-start-hint = Such as 2026-11-23 09:00. Every handover is at this time of day, in summer and in winter.
oncall-start-wrong = Write a day and a time such as 2026-11-23 09:00.
oncall-hours = Only in these hours
oncall-hours-hint = One a line: 09:00-17:00 is every day, mon 09:00 - fri 17:00 is every week. Nothing: at every hour.
oncall-hours-wrong = Write hours such as 22:00-06:00, or mon 09:00 - fri 17:00.
oncall-layer = Layer
oncall-layer-hint = A higher one hides a lower one while somebody is on call in it. Those of one layer are on call together.
oncall-holidays-any = As any day
oncall-holidays-off = Not on them
oncall-holidays-only = On them only
oncall-remove = Remove this schedule
oncall-policies = How people are called
oncall-policies-lead = Until somebody takes it. Behind every way the contact sheet is called, one after the other, until somebody answers.
oncall-handbook = As the handbook says: whoever is on call with the report, then the contact sheet
oncall-used = In use
oncall-use = Call by this
oncall-step = { $n ->
    [0] At once: { $who }
    [one] After { $n } minute: { $who }
   *[other] After { $n } minutes: { $who }
}
oncall-again = Again { $n } minutes after the last step, times: { $times }
oncall-to-schedule = whoever is on call in { $schedule }
oncall-to-next = whoever is next in { $schedule }
oncall-to-previous = whoever was before in { $schedule }
oncall-to-role = everybody who is { $role }
oncall-to-everyone = every responder
