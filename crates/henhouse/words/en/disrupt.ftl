# A service is disturbed on purpose.
disrupt-ask = Disrupt a service
disrupt-text = What is to be switched off, cut off or slowed down?
disrupt-text-first = Say in a few words what is to be switched off.
disrupt-number = Write a number of minutes, such as 30.
disrupt-free = Nobody's permission is needed. Act, then tell people.
disrupt-free-unknown = Nobody has assessed it yet, so nobody's permission is needed. Act, then tell people.
disrupt-consult = The team agrees, then those who decide are asked. If nobody can be reached for an hour, you may act.
disrupt-agree = Nothing is done until those who decide agree, however long that takes.
disrupt-now = Act now
disrupt-details = How long, what it costs, which machines
disrupt-minutes = For how many minutes?
disrupt-acting = What does acting cost?
disrupt-waiting = What does waiting cost?
disrupt-scope = All of it, or a part?
disrupt-partial = A part, or it runs worse
disrupt-complete = All of it goes down
disrupt-steps = Which steps cause it?
disrupt-assets = Which machines or systems?
disrupt-unnoticed = Nobody outside the team notices it
disrupt-ask-now = Ask for it
disrupt-high = If this is High, nobody is asked.
disrupt-raise = Raise it to High
disrupt-unlocks = You may act without an answer from
disrupt-now-allowed = you may act now
disrupt-first = First
disrupt-held = { $asset } is under hold { $hold }: have it released first, or say why not.
disrupt-open = { $n ->
    [one] { $n } capture is missing on { $asset }: capture first, or say why not.
   *[other] { $n } captures are missing on { $asset }: capture first, or say why not.
}
disrupt-held-open = { $n ->
    [one] { $asset } is under hold { $hold }, and { $n } capture is missing there: capture first, or say why not.
   *[other] { $asset } is under hold { $hold }, and { $n } captures are missing there: capture first, or say why not.
}
disrupt-evidence = To the evidence
disrupt-start = Begin it now
disrupt-stopped = It was stopped: waiting does not help.
disrupt-goes-on = It is going on.
disrupt-over = It is over: the service runs again.
disrupt-withdrawn = It is not wanted any more.
disrupt-you-decide = You decide: may it go ahead?
disrupt-you-settle = They are not of one mind. You decide, and saying nothing is going ahead.
disrupt-you-agree = Do you agree?
disrupt-reason = Why? (needed for a no)
disrupt-reason-first = Say why in a few words.
disrupt-yes = Yes, go ahead
disrupt-no = No
disrupt-later = Not now: ask me again
disrupt-go = Go ahead
disrupt-stop = Do not
disrupt-agree-button = I agree
disrupt-disagree-button = I do not agree
disrupt-deciders = Who decides
disrupt-team = The team
disrupt-says-yes = yes
disrupt-says-no = no
disrupt-says-later = not decided yet
disrupt-involved = asks for it, or has command: counts as yes
disrupt-silent = no answer yet
disrupt-agrees = agrees
disrupt-disagrees = does not agree
disrupt-written = written to { $at }
disrupt-called = telephoned { $at }
disrupt-wrote = I wrote to them
disrupt-did-call = I called, no answer
disrupt-said-yes = They said yes
disrupt-said-no = They said no
disrupt-tell = Tell people
disrupt-told = People were told.
disrupt-inside-alone = It goes to the team and the contact sheet. This project has no stakeholders yet: clients and others hear nothing, so tell them yourself.
disrupt-notice = What will they see, and until when?
disrupt-notice-first = Say what people will see.
disrupt-notice-until = We expect it to be over by { $at }.
disrupt-send = Tell them now
disrupt-end = The service runs again
disrupt-withdraw = It is not wanted any more
disrupt-choose-first = Press one of the buttons.
