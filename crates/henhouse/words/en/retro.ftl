# The page on which a team looks back at a case. What the log says is the engine's.
retro-title = Retrospective { $number }
retro-head = Retrospective
retro-restricted = Restricted
retro-leader = Led by
retro-edition = Edition { $n } is published
retro-done = Done: { $what }.
retro-lead = What can be learned? Look for causes, not for somebody to blame. The record has filled in what it knows: read the draft, then add what only people know.
retro-draft = Read the draft
retro-published = The published report
retro-kept = Was every rule kept?
retro-parts = Parts of this page

retro-report = The report
retro-nothing-missing = Nothing is missing: it can be published, and the case can close.
retro-missing = This is still missing before it is published, or before the case closes:
retro-still-on = The response is still going on. Causes and lessons can be written down already; the report is published once it is over.
retro-short = The cause in a sentence or two
retro-short-hint = It was low and nobody attacked: this line is enough, the rest is filled in from the record.
retro-publish-short = Publish the short form
retro-publish = Publish the report
retro-publish-again = Publish another edition

retro-log = Log
retro-log-lead = Everything that happened, oldest first. One tap puts an entry on the timeline.
retro-take = Put on the timeline
retro-on-it = On the timeline: { $line }
retro-earlier = Earlier entries
retro-later = Later entries
retro-timeline = Timeline of the report
retro-timeline-lead = Turning points are here already. Each line stands on its entries.
retro-no-lines = No line yet. Put what mattered on it, from the log.
retro-entry = entry { $n }
retro-reword = Other words, or leave it out
retro-words-of = Words of
retro-keep-words = Keep these words
retro-leave = Leave this line out

retro-causes = Causes
retro-chosen = chosen
retro-choose = Go by this method
retro-graph = The causes, drawn
retro-graph-lead = At the top what showed itself; arrows lead from a cause to what it led to. The outline below says the same in words.
retro-outline = Outline
retro-no-causes = No causes yet. What showed itself first? Then ask how that came to be.
retro-also = it also led to
retro-change = Change
retro-behind = What is behind it?
retro-new-cause = Add what showed itself
retro-what-happened = What showed itself?
retro-what-led-to = What led to { $cause }?
retro-kind = What is it?
retro-kind-how = How it came to be
retro-kind-why = Why it came to be
retro-kind-control = Something that should have stopped it
retro-kind-condition = A condition that had to be there
retro-kind-vulnerability = A weakness that was used
retro-add-cause = Add this cause
retro-outcomes = What follows from it
retro-none-yet = Nothing yet.
retro-add = Add

retro-lessons = Lessons
retro-no-lessons = No lessons yet. What would we do otherwise next time?
retro-lesson = What would we do otherwise next time?
retro-lesson-entries = Which entries teach it? Their numbers, such as 3, 12
retro-add-lesson = Add this lesson

retro-follow-ups = Follow-ups
retro-no-follow-ups = No follow-ups yet. What is to be done, by whom, and by when?
retro-is-done = done
retro-by = by
retro-finish = Finish it
retro-follow-up = What is to be done?
retro-owner = By whom?
retro-choose-owner = Choose
retro-due = By when?
retro-due-hint = Such as 2026-12-18 17:00 or in 3 days. Times in
retro-add-follow-up = Add this follow-up

retro-numbers = Numbers of this case
retro-numbers-lead = They follow from the record; what is corrected there changes here.
retro-set-discovery = How it was discovered
retro-set-threats = What the actor did
retro-set-times = When it began, or was contained
retro-sections = In your own words
retro-sections-lead = What stands here is printed beside what the record says.
retro-write = Write

# The incident report, as a page.
retro-paper = Incident report
retro-paper-draft = Draft.
retro-paper-draft-what = The record has filled it in, and nobody has published it. What the team adds in the retrospective stands here too.
retro-paper-then = It shows the case as it stood then.
retro-paper-earlier = Earlier editions
retro-paper-none = No edition is published yet. The team hears of it by mail when there is one.
