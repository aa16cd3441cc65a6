# What is asked of whoever reads, and the open cases.
now-title = What is asked of me
now-nobody-called = Still to set up, so that every report calls somebody
now-nothing = Nothing is asked of you.
now-restricted = Restricted
now-open = Open
now-overdue = Overdue:
now-by = By
now-late = overdue
now-take = Take it
now-still-here = Say that you are still there
now-folded = { $n } without a time
now-cases = Open cases
now-no-case = No case is open.
now-more = There are more open cases than fit here.
now-to-do = Still to set up: { $n }
now-as-of = As of { $at }.
now-review = Mail to look at
now-review-do = Look at it
now-review-all = { $n ->
    [one] One mail waits that does not say that it is a report.
   *[other] { $n } mails wait that do not say that they are reports.
}
now-review-staff = From addresses on the contact sheet: { $n }.
now-review-opens = Becomes a report by itself: { $at }.
