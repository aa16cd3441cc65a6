# What stands around every page.
frame-skip = Skip to the content
frame-drill = DRILL - this is an exercise
frame-drill-title = DRILL
frame-error = Error
frame-problem = There is a problem
frame-main = Main
frame-now = Now
frame-cases = Cases
frame-report = Report
frame-sign-in = Sign in
frame-sign-out = Sign out
frame-unsure = Unsure? Report. You are not in trouble.
frame-view = Appearance
frame-system = As my device
frame-light = Light
frame-dark = Dark
frame-language = Language

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
