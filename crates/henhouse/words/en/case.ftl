# The pages of a case. What the engine says on them stays as the engine says it.
case-tab-now = Now
case-tab-timeline = Timeline
case-tab-leads = Leads
case-tab-steps = Steps
case-tab-evidence = Evidence
case-tab-people = People
case-tab-files = Files
case-parts = Pages of this case

# The head.
case-restricted = Restricted
case-ic-nobody = nobody yet
case-ic-on = on for { $worked } (limit: { $limit })
case-sitrep = Sitrep
case-sitrep-due = Sitrep due
case-sitrep-overdue = Sitrep overdue:
case-overdue = overdue
case-responders = { $n ->
    [one] { $n } person on it
   *[other] { $n } people on it
}
case-shadow = Shadow: this shows whom Henhouse would have called. Nobody was, and nobody acts here. If somebody is needed, report it.
case-crowded = { $n } people answer to one IC. Beyond eight nobody can follow them all.
case-crowded-do = Give somebody a part of their own
case-opened = opened { $at }
case-as-of = as of { $at }
case-did = Done: { $what }.
case-undo = Undo
case-undo-why = Taken back at once: it was a slip.
case-undo-not-yours = Only what you have done yourself a moment ago can be undone here. Correct it on the page of its entry.
case-undo-late = It was too long ago to be undone. Correct it on the page of its entry.
case-undo-none = This cannot be undone. Correct it on the page of its entry.
case-undo-since = Something has followed on that meanwhile. Look how it stands now.

# What is asked of the reader.
case-said-here = Noted: you are on it.
case-said-undone = Undone. Both stand in the timeline.
case-said-come = Noted: you come. Whoever asked you is told.
case-said-cannot-come = Noted: you cannot come. Whoever asked you is told.
case-kept = { $id } is kept: { $label }, { $bytes }.
case-kept-others = Another file that came with it was not taken: add them one at a time.
case-still = Are you still on it?
case-still-how = Any note does; so does one tap.
case-still-do = Say that you are still there
case-called-in = { $by } asks you to come and help.
case-called-in-no = No is a fine answer: then somebody else is asked.
case-come = Come and help
case-cannot-come = Say that you cannot come
case-take = Take it
case-long = Long remediation?
case-long-rule = At High, and while a breach goes on, work goes on around the clock; else in business hours. Anything else needs a reason: you are asked for it.
case-long-breach = Is a breach still going on?
case-long-next = Who commands next?
case-long-nobody = Not yet known
case-long-business = Business hours
case-long-clock = 24/7 with shifts
case-long-who = To decide: { $who }.
case-yes = Yes
case-no = No
case-by = by
case-was-due = Overdue:
case-severity = Severity
case-hand-over = Hand over
case-everything = Everything you can do

# Now.
case-reported = What was reported
case-phish-clicked = They clicked a link.
case-phish-opened = They opened a file.
case-phish-entered = They typed something in.
case-reach = Reach whoever reported it: { $reach }
case-more = All of it
case-owed = What is owed
case-owed-none = Nothing.
case-owed-more = And { $n } more.
case-owed-not-you = Nothing is asked of you now.
case-owed-later = What else is owed, and by others: { $n }
case-checklist = Now: { $phase } checklist, { $done } of { $all }
case-checklist-none = No checklist for this phase.
case-ticked = Done:
case-unticked = Open:
case-report = The incident report, edition { $edition }
case-conformance = Was every rule kept? The conformance report
case-drill = Conduct this drill
case-drill-score = The score sheet of this drill
case-look-back = Look back: the retrospective
case-print-briefing = Print a briefing
case-print-log = Print the log
case-print-sitrep = Print the sitrep
case-thumb = What you can do here
case-thumb-note = Note
case-thumb-more = More
case-note = Add a note
case-note-hint = A line that begins with ! is a lead, with - a step, with + evidence, with # a decision; @ and a name asks that person in. A lead or step that ends with @ and a name is theirs.
case-note-do = Add note
case-note-first = Write the note first.
case-note-nobody = There is nobody called { $name } here, so nobody was asked and nothing was written down. Write the name as it stands under People, or leave the @ out.

# The timeline.
case-timeline = Timeline, newest first
case-timeline-all = The whole timeline: { $n } entries
case-shown = Entries { $first } to { $last } of { $all }.
case-silent = { $n ->
    [one] { $n } entry of these is not listed: it only notes which edition of the project's settings counts from then on.
   *[other] { $n } entries of these are not listed: they only note which edition of the project's settings counts from then on.
}
case-found = Found { $all }, here { $first } to { $last }.
case-found-none = Nothing found. Fewer words find more.
case-unread = Not looked through: { $n } for those who take part.
case-annexed = (for those who take part)
case-pages = Parts of the timeline
case-filter = Find in this timeline
case-filter-by = Written by
case-filter-anybody = Anybody
case-filter-nobody = Henhouse itself
case-filter-words = With the words
case-filter-do = Show
case-sorts = Only
case-sort-all = Everything
case-sort-decisions = Decisions
case-sort-sitreps = Sitreps
case-sort-evidence = Evidence
case-sort-roles = Roles and calls
case-sort-work = Leads and steps
case-sort-notes = Notes and facts
case-corrected = Corrected in entry { $seq }.
case-corrects = Corrects entry { $seq }.

# One entry.
case-entry = Entry { $seq } of { $last }
case-entry-recorded = Written down
case-entry-happened = Happened
case-entry-who = By
case-entry-corrected = Corrected in
case-entry-corrects = Corrects
case-entry-other = Entry { $seq }
case-entry-correct = Correct this note
case-entry-note = Correct it by a note
case-entry-about = About entry { $seq } ("{ $said }"):
case-entry-both = This entry is never changed or removed: it stays, and the correction is shown with it.
case-entry-restrict = For those who take part only
case-entry-line = Tell it in the report's timeline
case-entry-lesson = Write down a lesson from it
case-entry-erase = Ask for a text to be erased
case-entry-fields = As kept in the journal, field by field (for auditors)
case-entry-json = For programs (JSON)
case-entry-before = The one before
case-entry-after = The one after
case-entries = Other entries
case-how-open = by the open form
case-how-receipt = by the link of a receipt
case-how-link = by a link in a message
case-how-session = signed in
case-how-token = by a token
case-how-socket = on the server itself
case-how-clock = by the clock
case-how-drill = in a drill

# Leads and steps.
case-leads-none = No leads yet. What would tell us how it came to be?
case-leads-over = None is open.
case-leads-all = All leads, also those that are over: { $n }
case-lead-add = Add a lead
case-steps-none = No steps yet. What has to be done, and by whom?
case-steps-over = None is open.
case-steps-all = All steps and disruptions, also those that are over: { $n }
case-step-add = Add a step
case-disruption-add = Ask for a disruption
case-unowned = Nobody has these
case-work-now = Now
case-work-later = Later
case-disruptions = Disruptions
case-work-over = Over
case-added = Added
case-source = Source
case-marking = May travel
case-finding = Came of it
case-dropped = Given up, because
case-asset = Of
case-done = Done
case-verified = Verified
case-its-entry = Its entry
case-left-out = { $n } more are not shown here; all stand in the

# Evidence.
case-evidence-none = Nothing captured. Snapshot before you change anything.
case-evidence-all = All evidence: { $n }
case-download = Download

case-answered-by = { $who }, { $at }
case-wanted = Not yet captured
case-wanted-none = Everything that is wanted is captured or answered.
case-wanted-calm = Nothing suspicious stands. When something does, what to capture before anything is changed stands here.
case-wanted-done = Captured or answered
case-suspect = Raise a suspicion
case-capture = Captured, or not possible
case-exhibits = Exhibits
case-exhibit-by = Taken by
case-exhibit-of = Of
case-exhibit-kind = Kind
case-exhibit-size = Bytes
case-exhibit-hash = SHA-256
case-exhibit-place = Kept in
case-exhibit-erased = The bytes were erased by two people. The hash, the label and who erased it stay.
case-custody = Custody: { $n } { $n ->
    [one] entry
   *[other] entries
}
case-custody-told = Nothing is ever changed or taken away. To check a copy: sha256sum on it must say the same hash.
case-exhibits-older = { $n } older ones are not shown here; all stand in the
case-holds = Leave alone
case-hold-add = Place a hold
case-reference-add = Note what is kept elsewhere
case-file-add = Add a file
case-file-label = What does it show?
case-file-label-hint = Empty: the name of the file.
case-file-kind = What sort of evidence?
case-file-asset = Of which machine or system?
case-file-asset-hint = A capture that names none does not count as evidence of one.
case-file-asset-none = None of them
case-file-file = The file
case-file-hint = Up to 4 GB. It is encrypted, named by its hash, and never changed.
case-file-again = What you typed is still here. The file has to be chosen again.
case-file-do = Add the file
case-file-same = The same as of the file on this device.
case-file-differs = This is NOT the hash of the file on this device. Keep that file, and add it again.
case-file-failed = Not sent: the file is still on this device, and chosen here. Send it again.
case-key-lead = Write down a lead
case-key-step = Write down a step
case-key-decision = Write down a decision
case-key-phase = The checklist of this phase
case-key-role = Name somebody for a role
case-kind-said = A file or a mail
case-kind-screen = A picture of a screen
case-kind-log = Logs
case-kind-configuration = Settings or permissions as they are
case-kind-dump = A dump of a database
case-kind-disk = A snapshot of a disk
case-kind-memory = Memory or running state
case-kind-mail = A mail
case-kind-file = A file
case-kind-reference = Kept elsewhere
case-kind-other = Something else

# People and shifts.
case-people-now = Who is on it
case-people-none = Nobody has it yet.
case-people-since = since { $at }
case-people-works = works for { $worked } of { $limit }
case-people-rests = not on shift
case-people-ic = Incident Commander
case-people-ask = Ask somebody in
case-people-call = Call { $who } in
case-people-role = Name for a role
case-people-leave = I leave
case-people-join = I join
case-people-you = You have worked { $worked } without a rest; { $limit } is enough. Hand over, or let yourself be relieved.
case-people-sheet = Contact sheet, not in it yet
case-people-sheet-none = Whoever takes part already is not among these. A report that nobody answers goes through the whole contact sheet, from the top again, until somebody answers.
case-post-communications = Communications Officer
case-post-responder = responder
case-post-deputy = deputy
case-post-assistant = assistant
case-post-scribe = scribe
case-shifts = Shifts, the next 24 hours
case-shifts-told = About three hours each; times of { $zone }.
case-shifts-not = Work goes on in business hours, so nobody needs shifts. Decide on 24/7 first where that is wrong.
case-shifts-plan = Decide how it goes on
case-shifts-who = Who
case-shifts-when = When
case-shifts-none = No shift is planned.
case-shift = { $from } to { $until }
case-shift-ic = { $from } to { $until } as IC
case-shift-short = { $minutes ->
    [1] { $span } of rest is missing before it.
    [60] { $span } of rest is missing before it.
   *[other] { $span } of rest are missing before it.
}
case-shift-over = It is { $span } longer than allowed.
case-shift-cancel = Cancel
case-shift-add = Plan one shift
case-gap = No shift is planned from { $from } to { $until }.
case-gap-open = No shift is planned from { $from } on.
case-gap-none = A shift is planned for the whole time.
case-fill = Fill the next 24 hours from the contact sheet
case-fill-who = Who takes turns?
case-fill-as = As what?
case-fill-responder = As responders
case-fill-ic = As IC
case-fill-show = Show the shifts
case-fill-check = Are these shifts right?
case-fill-told = Each person gets a mail for each shift. Nothing is planned before you say so.
case-fill-few = { $n } of { $all } are too long or leave too little rest: a day takes { $need } people in turns, and only { $chosen } { $chosen ->
    [one] is
   *[other] are
} chosen. Choose more below, or ask somebody to come first.
case-fill-strained = { $n } of { $all } are too long or leave too little rest, because of what is planned already. Choose others below, or cancel what is in the way.
case-fill-do = { $n ->
    [one] Plan this shift
   *[other] Plan these { $n } shifts
}
case-fill-others = Choose who takes turns
case-fill-hard = too much
case-fill-despite = { $n ->
    [one] Plan this shift all the same
   *[other] Plan these { $n } shifts all the same
}
case-fill-none = There is no gap to fill, or nobody was chosen.
case-fill-choose = Choose somebody first.
case-filled = Planned: { $n } { $n ->
    [one] shift
   *[other] shifts
}.
case-fill-stopped = Planned: { $n }. Then it stopped: { $why }

# Files.
case-files-papers = Papers
case-files-talk = Documents and calls for sensitive talk
case-files-talk-none = None yet. What belongs neither into the chat nor into the ticket goes into a document or a call of its own.
case-files-document = Document { $n }
case-files-call = Call { $n }
case-files-call-over = over
case-files-call-open = going on
case-files-document-add = Open a document
case-files-call-add = Open a call
case-files-sitreps = Sitreps
case-files-sitrep = Sitrep { $n }, { $at }
case-files-sitreps-none = None yet.
case-files-log = The whole log, for programs (JSON)
case-files-opened = opened { $at } by { $who }
case-files-link = Where it is: in its entry
case-alike = The same mail elsewhere

# What a case is called, and its phases.
case-noun-event = event
case-noun-incident = incident
case-phase-initiate = Initiate
case-phase-assess = Assess
case-phase-remediate = Remediate
case-phase-retrospective = Retrospective
case-phase-done = Done

# What comes of files and taps.
case-exhibit-gone = erased
case-exhibit-elsewhere = kept elsewhere
case-file-large = The file is larger than 4 GB and was not kept. Leave it where it is, and note here where that is.
case-file-room = There is no room for the file: nothing was kept. Keep it, and tell whoever runs this server.
case-file-first = Choose a file first.
case-file-name = The name of the file holds a character that no form can carry, and nothing was kept. Give it a plain name and send it again.
case-file-broken = The file did not arrive whole, and nothing was kept. Send it again.
case-faster = Somebody was faster: see how things stand now.

# How leads, steps and disruptions stand.
case-stands-nobody = nobody yet
case-stands-due = due { $at }
case-stands-open = open
case-stands-followed = being followed
case-stands-done = done
case-stands-dropped = dropped
case-stands-planned = not begun
case-stands-begun = begun
case-stands-unverified = done, not verified
case-stands-verified = verified
case-stands-withdrawn = withdrawn
case-stands-over = over
case-stands-goes-on = going on
case-stands-asked = asked for, not begun
