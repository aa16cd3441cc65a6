# The link to one's shifts for one's own calendar.
calendar-title = Shifts in your calendar
calendar-link = Calendar
calendar-told = Whoever has the link reads when you are on shift with the numbers of those cases, and when you are on call. With the names of a project and a schedule behind it, such as /main/farm-hands.ics, it tells who is on call there. Nothing else. Give it to your own calendar only.
calendar-none = You have no link.
calendar-there = You have a link. It is not shown again: only a hash of it is kept.
calendar-made = Your link. Copy it now into your calendar ("subscribe to an address"); it is shown this once.
calendar-make = Make a link
calendar-anew = Make another; the one before ends
calendar-another = Make another link
calendar-another-told = The calendars that go by the link you have are no longer filled: each of them needs the new one.
calendar-end = End it
