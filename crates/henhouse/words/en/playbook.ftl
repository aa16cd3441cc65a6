# The playbook of a project: its editions, the difference between two, and their review.
playbook-title = Playbook
playbook-in-force = New cases follow { $name }, edition { $n }.
playbook-due = It is to be read again by { $at }.
playbook-editions = Editions
playbook-edition = Edition { $n }
playbook-proposed = Proposed by { $who }, { $at }.
playbook-founding = Henhouse, when the project was founded
playbook-unread = In force, and nobody has reviewed it yet
playbook-waits = Waits for a review
playbook-accepted = Accepted by { $who }, { $at }.
playbook-accepted-own = Accepted by its own author { $who }, because nobody else answered, { $at }.
playbook-turned-down = Turned down by { $who }, { $at }.
playbook-read = Read it
playbook-review = Review it
playbook-differs = What differs
playbook-differs-from = What differs from edition { $n }
playbook-check = What the check finds
playbook-check-none = Nothing. The team can work by it.
playbook-error = Error:
playbook-warning = Worth a look:
playbook-done-proposed = The edition is proposed. Somebody else reviews it before cases follow it.
playbook-done-accepted = The edition is accepted. New cases follow it; open cases go on by theirs.
playbook-done-turned-down = The edition is turned down. Its author reads why.

playbook-note = Why?
playbook-note-hint = Needed to turn it down. Whoever proposed it reads it.
playbook-own = You proposed this edition, so somebody else should review it. If nobody answers within { $n } minutes, you may accept it yourself with a reason, and every report says so.
playbook-accept = Accept it
playbook-turn-down = Turn it down

playbook-compare = Compare
playbook-between = From edition { $from } to edition { $to }
playbook-from = From
playbook-to = To
playbook-same = They say the same.
playbook-differences = { $n ->
    [one] { $n } value differs.
   *[other] { $n } values differ.
}
playbook-none = was not there
playbook-gone = is not there any more

playbook-propose = Propose a change
playbook-propose-n = Propose edition { $n }
playbook-propose-lead = Change what should be different and leave the rest. Nothing comes into force before somebody else has reviewed it.
playbook-reason = What changes, and why?
playbook-reason-hint = One sentence. It stands with the edition for good.
playbook-reason-missing = Say what changes, and why: whoever reviews it reads this first.
playbook-values = Numbers and switches
playbook-now = Now: { $value }
playbook-toml = Wording and lists
playbook-toml-hint = As on the command line, one change a line, such as: roles.skills = ["network", "forensics"]. A list replaces the whole list.
playbook-nothing = Nothing is changed yet.
playbook-propose-do = Propose it
