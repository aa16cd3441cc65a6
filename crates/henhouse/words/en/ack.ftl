# What the link in a page leads to: one choice, for somebody just woken.
ack-please = Please take it, or pass it on
ack-yours = You have it
ack-passed-on = Passed on
ack-taken = Somebody has it
ack-over = It is over
ack-noted = Noted, not yet confirmed
ack-title = { $what }: { $number }
ack-reported = reported { $at }
ack-restricted = A restricted case. Sign in to read it.
ack-next = Next: { $what }
ack-meaning = Taking it means that you coordinate. You need not repair anything yourself, and you can hand over later.
ack-open = Open the case (sign in)
ack-take = Take it
ack-pass-on = Pass it on
ack-join = Join as responder
ack-press = Go back and press one of the buttons.

# Who has it.
ack-said-passed-on = You passed it on. The next person is being called.
ack-said-yours = You have it: you are Incident Commander.
ack-said-yours-since = You have it: you are Incident Commander since { $at }.
ack-said-taken = { $who } has had it since { $at }.
ack-said-joined = You are in the response too.
ack-said-over = It is over. Nothing is asked of you.

# Who else was asked, and how long there is.
ack-first = You are the first to be asked. Nobody has it yet.
ack-asked = { $n } were asked so far, you among them. Nobody has it yet.
ack-unknown = Not assessed yet: treat it like High.
ack-left = { $left } left: please answer by { $at }.
ack-overdue = An answer is overdue since { $at }.
ack-next-call = At { $at } the next person is called too.
ack-next-now = The next person is being called now.

# While the database is away.
ack-away = The database is away just now, so nothing about it can be shown. What you press is noted and counts as soon as the database is back.
ack-noted-at = Noted at { $at }: "{ $what }". It is not yet confirmed.
ack-begin = Please begin. If somebody else was before you, you are told as soon as the database is back.
ack-counts = It counts as soon as the database is back.

# A link that does not work.
ack-dead = This link does not work
ack-dead-why = It is not complete, or what it led to is not open to you any more. Nothing was done.
ack-noted-before = You pressed something before
ack-expired = This link has expired
ack-dead-sign-in = If nobody has told you that somebody has it, sign in and take it there.
ack-dead-newest = Open the newest message about it: each has a link of its own. See that all of the link came along.
ack-dead-telephone = No account, or no network? Telephone the person before you or after you on the contact sheet.
