# The assessment: five questions, a page each, and the page that says all answers again.
assess-begin = Assess
assess-step = Question { $n } of { $of }
assess-all = All questions
assess-done = answered
assess-here = you are here
assess-open = open
assess-recorded = Answered so far: { $answer }
assess-unknown = Not known yet
assess-says-yes = Yes
assess-says-no = No

assess-real = Did it really happen?
assess-real-short = Is it real?
assess-real-hint = You may look further: "not known yet" is an answer, and the record says that you are on it.
assess-real-note = How do you know? (a sentence; may stay empty for now)
assess-real-yes = Yes, it happened
assess-real-no = No, it was a false alarm

# The one wording of what can be harmed and how far, wherever it is asked or told.
-harm-confidentiality = Secrets: somebody reads what is not theirs (confidentiality)
-harm-integrity = Soundness: something is changed, lost or wrong (integrity)
-harm-availability = Running: a service is down or slow (availability)
-harm-privacy = Privacy: data about people
-harm-none = not harmed
-harm-potential = might be harmed
-harm-actual = is harmed

assess-harm = What is harmed, or might be?
assess-harm-short = What is harmed?
assess-harm-hint = Tick what it touches, then say how sure you are. Unsure means that it might be.
assess-harm-tick = It touches
assess-confidentiality = { -harm-confidentiality }
assess-integrity = { -harm-integrity }
assess-availability = { -harm-availability }
assess-privacy = { -harm-privacy }
assess-whose = Whose loss is it?
assess-ours = Our own
assess-harm-potential = What is ticked might be harmed
assess-harm-actual = What is ticked is harmed
assess-harm-nothing = Nothing is harmed
assess-harm-each = Say it one by one
assess-harm-keep = Keep these
assess-harm-said = This is what was said so far. Change what is otherwise; the rest stays.
assess-harm-none = Nothing is harmed
assess-tick-first = Tick what it touches first, or say that nothing is harmed.
assess-none = { -harm-none }
assess-potential = { -harm-potential }
assess-actual = { -harm-actual }

assess-data = Is sensitive data about people involved?
assess-data-short = Sensitive data?
assess-data-hint = Such as health, identity papers, accounts: what hurts people if strangers have it. If nobody knows, say so: it counts.
assess-data-yes = Yes, sensitive data is involved
assess-data-no = No sensitive data is involved

assess-dependency = Is a service of somebody else the trigger?
assess-dependency-short = Somebody else's service?
assess-dependency-hint = A hosting, mail or payment service that is down, or was broken into. Look at its status page first.
assess-dependency-note = Which one, if it is none of these? What shows it?
assess-dependency-yes = Yes, a service of somebody else
assess-dependency-no = No, it is ours
assess-which = Which one?

assess-contingency = Is the contingency plan activated too?
assess-contingency-short = Contingency plan?
assess-contingency-hint = It is for services that are down for long. The Incident Commander decides, and says why.
assess-contingency-note = Why, or why not?
assess-contingency-no = No, not activated
assess-contingency-yes = Yes, activate it too
assess-contingency-active = The contingency plan is active
assess-contingency-since = Active since { $when }, by { $who }.
assess-contingency-ends = There is nothing to decide here: it ends when the recovery is tested and declared complete.
assess-why-first = Say in a few words why, or why not.
assess-runs = No service is down.
assess-runs-so-far = No service is down so far.
assess-later = Leave it for later: check the answers

assess-high = Is it High?
assess-high-hint = One of these is so? One tap says it. Then only what is harmed is asked; the other questions can wait.

assess-check = Check the answers
assess-not-answered = Not answered
assess-answer = Answer
assess-change = Change
assess-go-on = Go on with the open questions
assess-severity = How severe is it?
assess-suggested = Suggested:
assess-no-suggestion = Nothing so far speaks for a severity. Answer the criteria, or choose; unsure means the higher one.
assess-stands = It stands at
assess-criteria = All criteria and examples
assess-unsure = Unsure means the higher one. It can be changed at any time.
assess-reason = How do you know that it happened?
assess-reason-lower = Why? Needed only to lower it.
assess-confirm = It is an incident: { $severity }
assess-set = Set it to { $severity }
assess-keep = Keep { $severity }
assess-by-criteria = Yes, by the criteria
assess-over = This case is over: reopen it first if it is not.
assess-harm-first = Before it is an incident, somebody says what is harmed, or might be.
assess-harm-say = Say what is harmed
assess-not-real = The answer is that it did not happen.
assess-false-alarm = Close it as a false alarm
assess-choose-first = Choose an answer.
assess-choose-severity = Choose a severity.
