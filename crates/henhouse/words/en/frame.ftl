# What stands around every page.
frame-skip = Skip to the content
frame-drill = DRILL - this is an exercise
frame-conduct = Conduct it
frame-practise = Practise
frame-drill-title = DRILL
frame-error = Error
frame-problem = There is a problem
frame-main = Main
frame-now = Now
frame-cases = Cases
frame-figures = Figures
frame-report = Report
frame-sign-in = Sign in
frame-sign-out = Sign out
frame-unsure = Unsure? Report. You are not in trouble.
frame-urgent = Urgent? Call:
frame-view = Appearance
frame-system = As my device
frame-light = Light
frame-dark = Dark
frame-language = Language

# What script adds: keys, and a page that follows its record.
frame-keys = Keys
frame-keys-on = Single keys work on this device
frame-key-row = The next row, the one before
frame-key-send = Send what is typed
frame-palette = Go to or do
frame-do-it = Do it
frame-find = Find in all cases
frame-key-tick = Of a row: tick it
frame-key-owner = Of a row: give it to somebody
frame-key-row-menu = Of a row: what else there is
frame-key-copy = Copy the link of this page
frame-key-away = Out of a field; what is typed stays
frame-copied = The link is copied.
frame-close = Close
frame-live = Live, last heard
frame-stale = Not up to date since
frame-stale-then = Trying again. What you type stays here.
frame-news = New:
frame-changed = Changed meanwhile: show it
frame-unsent = Not sent yet.
frame-unsent-kept = Kept on this device, trying again.
frame-unsent-gone = Sent. Nothing waits on this device any more.
frame-unsent-no = The server does not take it:
frame-unsent-drop = Throw away
frame-unsent-file = (without its file: add that when the connection is back)
frame-unsent-here = Not sent: there is no connection. What you typed is still here. Send it again when the connection is back.
frame-unsent-leave = Something is not sent yet. Signing out throws it away. Sign out?
frame-toast = Can be undone
frame-leaves = Goes out in
frame-leaves-now = Send now
frame-noted = Noted.
frame-undo = Undo

# Lengths of time, in the two largest units.
frame-soon = less than a minute
frame-minutes = { $n ->
    [one] { $n } minute
   *[other] { $n } minutes
}
frame-hours = { $n ->
    [one] { $n } hour
   *[other] { $n } hours
}
frame-not-assessed = Not assessed
frame-just-now = just now
frame-in = in { $span }
frame-ago = { $span } ago
# After "in" and "ago".
frame-days-off = { $n ->
    [one] { $n } day
   *[other] { $n } days
}
frame-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
}

# The first page, for somebody who is not signed in.
frame-welcome-title = Report something, or sign in
frame-welcome = Something happened?
frame-calm = You are not in trouble. Unsure? Report.
frame-keep = Do not delete or switch off anything.
frame-report-something = Report something

# Said by forms everywhere.
frame-time-works = Write a time such as 03:00, yesterday 22:15, mon 09:00, 10m ago, in 2h, 2026-11-21 03:12 (with UTC behind it if it is meant so), or 2026-11-21T03:12:00Z.
frame-yes = Yes
frame-no = No
frame-unknown = Nobody has said
frame-optional = (optional)
frame-people = People
frame-manage = Manage
frame-accessibility = Accessibility
