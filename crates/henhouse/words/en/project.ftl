# How a project is set up: its settings as forms, and its lists.
project-settings = Settings
project-done = Kept. Open cases go on with it.
project-keep = Keep it
project-moved-on = Somebody changed this meanwhile. What you typed is still here, beside what stands now: send it again to write over theirs.
project-needed = Fill this in.
project-lists = Lists
project-else = What cannot be changed
project-fixed = In addresses it is { $slug }, and its cases are numbered { $prefix }-1 and so on.
project-revision = This is version { $n } of these settings. Every version is kept.

project-about = Name and reports
project-about-lead = What people call the project, and from whom it takes reports.
project-name = Name
project-name-missing = Give it a name.
project-reports = From whom does it take reports?
project-reports-anybody = From anybody who has the address. This is how reports are not lost.
project-reports-known = Only from people who are signed in, and from programs with a token
project-client = The client's own procedure
project-client-hint = Where a client's procedure takes precedence: the name of its playbook. Editions of that name are then in force.
project-hours = Hours
project-hours-lead = When the project is open. Closed hours hold back reminders and what is due by the day; never a first call, never anything at High.
project-zone = Time zone
project-zone-hint = Such as Europe/Berlin, America/New_York or UTC
project-zone-wrong = There is no such time zone. Write one such as Europe/Berlin or UTC.
project-monday = Monday
project-tuesday = Tuesday
project-wednesday = Wednesday
project-thursday = Thursday
project-friday = Friday
project-saturday = Saturday
project-sunday = Sunday
project-hours-wrong = Write hours such as 09:00-17:00, or 09:00-12:30, 13:30-17:00, or nothing for a closed day.
project-holidays = Days on which it is closed
project-holidays-hint = One a line, such as 2026-12-25
project-holiday-wrong = { $said } is no day. Write it such as 2026-12-25.
project-holds = What it holds
project-holds-lead = Breaks ties when a severity is suggested. What somebody answers in a case goes before it.
project-pii = Sensitive personal data
project-high-value = Assets of high value
project-chain = Restricted cases
project-chain-lead = A case about an employee, or one that is reported as restricted, exists for its members only. These people are called to it instead of everybody; never the one it is about.
project-chain-who = Who is called to restricted cases? With nobody ticked, the contact sheet without the one it is about.
project-wakes = Pager address
project-wakes-lead = A mail address of another pager that wakes whoever is on call. It is written to with every first call.
project-pager = Address

project-empty = Nothing yet.
project-add = Add one
project-off = Take it off
project-called = What is it called?
project-mail = Mail
project-no-mail = no mail address, so nothing reaches them
project-phone = Telephone
project-phone-hint = With + and the country code, such as +1 555 0100
project-time-hint = Such as 2026-11-22 09:00, in the time of { $zone }
project-time-wrong = Write a time such as 2026-11-22 09:00.
project-backwards = It ends before it begins.
project-address-wrong = Write the whole address, beginning with https://
project-from = From
project-until = Until
project-who = Who?

project-stakeholders = Stakeholders and customers
project-stakeholders-lead = Who hears of incidents without responding. Customers stand here too: only what the Incident Commander or the Communications Officer sends goes to them.
project-whose = Whose side are they on?
project-outside = Outside: a customer or an authority
project-inside = Inside the organisation
project-standing = Hears of every incident without being added
project-standing-short = hears of every incident
project-ceiling = The strictest marking that they may receive
project-ceiling-hint = What is marked more strictly never leaves to them.
project-tlp-clear = TLP:CLEAR, for anyone
project-tlp-green = TLP:GREEN, for the community
project-tlp-amber = TLP:AMBER, for the organisation and its clients
project-tlp-strict = TLP:AMBER+STRICT, for the organisation
project-tlp-red = TLP:RED, for those present
project-numbers = Telephone numbers for everybody
project-numbers-lead = Shown in the same place on every page, also to whoever is not signed in, and on the card. Never a person's own number: whoever reports something sees it.
project-line = What is the line?
project-line-hint = Such as: on duty. No person's name.
project-number = Number
project-duty = On call, entered by hand
project-duty-lead = Who is on call from when until when. They are called first; the whole sheet is called when they do not answer.
project-assets = Assets
project-assets-lead = What the project runs and keeps. A step says what it touches, and the evidence list of its class asks for what must be captured before.
project-asset-hint = Such as: web-2, the customer database, the mail gateway
project-class = What sort of thing is it?
project-class-hint = The playbook has a list of evidence for each.
project-environment = Where does it run?
project-production = Production: it serves people
project-staging = Staging: it looks like production and serves nobody
project-test = Test, or anything else
project-volatile = Stopping it loses data for good
project-volatile-short = stopping it loses data for good
project-dependencies = Services of others
project-dependencies-lead = What fails here when it fails there. Whoever assesses a case is shown the list with its status pages.
project-status-page = Where does it say how it is?
project-effect = What fails here when it fails?
project-fallback = What to use meanwhile?
project-fallback-hint = Such as: calls instead of chat
project-maintenance = Planned work
project-maintenance-lead = When trouble is expected. Staff see it before they report; a report is never turned away for it.
project-what = What is done?
project-on-what = On what?
project-on-what-hint = Nothing ticked means everything.
project-places = Where the team talks
project-places-lead = The channel, the call, the ticket: shown in the case and in calls.
project-place-hint = Such as: chat, call, ticket
project-place = Where is it?

project-alerts = Alerts
project-sources = Alert sources
project-sources-lead = Programs that send alerts to this project. The first alert opens an event and calls people, as a report does; what is sent again is counted. Only people close an event.
project-source-made = This is the key of the new source. It is not shown again.
project-source-address = The address to send to
project-source-since = Since { $since }.
project-source-gathers = { $n ->
    [0] Each alert opens an event of its own.
    [one] Alerts of one minute are gathered into one event.
   *[other] Alerts of { $n } minutes are gathered into one event.
}
project-source-live = { $n ->
    [0] Nothing fires.
    [one] One alert fires.
   *[other] { $n } alerts fire.
}
project-source-withdraw = Withdraw
project-source-new = Add an alert source
project-source-name = Short name (small letters, digits, hyphens)
project-source-sender = What sends?
project-source-minutes = Gather its alerts into one event for so many minutes (0: each opens its own)
project-source-minutes-wrong = Write a number of minutes, such as 60.
project-source-do = Add it
project-sender-alertmanager = Prometheus Alertmanager
project-sender-opsgenie = Opsgenie, or what sends as if to it
project-sender-pagerduty = PagerDuty, or what sends as if to it
project-sender-slack = What writes to a Slack channel (webhook)
project-sender-grafana = Grafana
project-sender-eventbridge = Amazon EventBridge (CloudWatch, GuardDuty, Security Hub)
project-sender-webhook = Any other program that can send by the web (webhook)
project-sender-sns = Amazon SNS (CloudWatch alarms, topics), by HTTPS
project-sender-sqs = Amazon SQS: a queue that this server asks
project-source-made-keyless = The new source needs no key. This is how it is set up:
project-source-topics = Only for Amazon SNS: which topics may send? (their ARN, one a line)
project-topic-waits = { $topic }: not confirmed yet.
project-topic-runs = { $topic }: confirmed { $since }.
project-topic-ended = { $topic }: ended in Amazon SNS { $since }. Nothing comes from it any more.

project-alert-rules = Alert rules
project-rules-lead = What becomes of alerts. The first rule that fits decides; where none fits, an alert joins the event that its source opened last, or opens one. What is sent again is always counted.
project-rules-none = There are no rules yet.
project-rule-joins = joins the event of its kind, or opens one
project-rule-opens = opens an event of its own
project-rule-counts = is kept and counted, and calls nobody
project-rule-equals = is
project-rule-contains = contains
project-rule-starts = begins with
project-rule-ends = ends with
project-rule-blanks = is, spaces aside,
project-rule-lists = lists, between commas,
project-rule-above = is higher than
project-rule-below = is lower than
project-rule-empty = is empty or not there
project-rule-there = is there
project-rule-matches = fits the pattern (all of it; a regular expression)
project-rule-one-matches = has, between commas, something that fits the pattern
project-rule-not = not:
project-rule-each = Each alert
project-rule-of = Of { $sources }
project-rule-together = Only alerts with the same words in { $fields } join one event.
project-rule-waits-said = It waits until planned maintenance is over.
project-rule-held = { $n ->
    [one] It held back one alert.
   *[other] It held back { $n } alerts.
}
project-rule-up = Ask earlier
project-rule-remove = Remove
project-held = Held back
project-held-lead = Alerts that opened nothing, by a rule or during planned maintenance. Nothing is thrown away: what still goes on when the maintenance is over opens an event by itself.
project-held-none = Nothing was held back.
project-held-waits = It waits for the end of planned maintenance.
project-held-words = What it says
project-try = What would become of an alert?
project-try-lead = Paste what its sender would send. Nothing is kept of it, and nobody is called.
project-try-no-source = Add an alert source first.
project-try-source = Sent by
project-try-body = What it would send, word for word
project-try-do = Try it
project-try-fields = What a rule can look at in it:
project-try-opens = It would open an event and call people.
project-try-shadow = It would open an event in shadow: nobody is called until { $until }.
project-try-calls = Whom it would call within the hour, while nobody answers:
project-try-call = { $n ->
    [0] At once: { $who } ({ $because })
   *[other] After { $n } min: { $who } ({ $because })
}
project-try-joins = It would join { $case }.
project-try-held = It would be kept and counted, and call nobody.
project-try-waits = It would be held back until planned maintenance is over.
project-try-repeats = { $n ->
    [one] It goes on already and was sent once: it would be counted.
   *[other] It goes on already and was sent { $n } times: it would be counted.
}
project-try-rule = By the rule { $rule }.
project-try-no-rule = No rule fits it.
project-rule-new = Add a rule
project-rule-new-lead = It is asked last; move it up where that matters. A rule that looks at several things at once, is for certain machines, or says which alerts belong together is made by whoever runs the server, on its command line.
project-rule-name = Short name (small letters, digits, hyphens)
project-rule-source = For alerts of
project-rule-any-source = every source
project-rule-field = What is looked at?
project-rule-field-hint = title: its headline. words: all that it says. gravity: how grave its sender calls it (info, warning, error, critical). alias: by what its sender knows it again. Or a label of its sender's, such as severity. Empty: every alert.
project-rule-is = How must it be?
project-rule-value = Which word, or which number?
project-rule-not-label = The other way round: where it is not so
project-rule-then = What becomes of the alert?
project-rule-minutes = For how many minutes do others join its event? (empty: as the source says)
project-rule-waits = Hold it back during planned maintenance
project-rule-do = Add the rule

project-shadow = Shadow
project-shadow-band = Shadow: alerts of { $source } call nobody here until { $until }. Another pager has to.
project-shadow-lead = While another pager still calls people, let its senders send here too. A source in shadow calls nobody: here stands whom Henhouse would have called, and when. For what people report, people are called as always.
project-shadow-while = Since { $since }, until { $until }:
project-shadow-end = End: call people from now on
project-shadow-after = After the end nobody is called for what was sent before it. What a sender sends again from then on opens an event and calls, also where it has gone on for a while.
project-shadow-would = Whom Henhouse would have called
project-shadow-bring = Nothing of the other pager is here yet. Bring what Opsgenie or PagerDuty did:
project-shadow-sum = { $n ->
    [0] There is no alert yet for which both called somebody.
    [one] { $same ->
        [0] Another person first, in the one alert for which both called somebody.
       *[other] The same person first, in the one alert for which both called somebody.
    }
   *[other] The same person first in { $same } of { $n } alerts for which both called somebody.
}
project-shadow-we = We: { $who } { $at }, { $route } ({ $because })
project-shadow-we-nobody = We: nobody.
project-shadow-they = They: { $who } { $at }
project-shadow-listed = They: { $who } { $at }, listed and not called
project-shadow-taken = They: taken { $at }
project-shadow-stopped = Over or taken where it came from at { $at }: from then on nobody would have been called.
project-shadow-pager = the project's pager
project-shadow-at-once = with the alert
project-shadow-policy = policy, step { $step }, round { $round }
project-shadow-sheet = contact sheet, place { $place }, round { $round }
project-shadow-owed = something was owed
project-shadow-unreachable = No address is on file: it would have reached nobody.
project-shadow-after-taken = Only if nobody had it by then: with the other pager somebody had.
project-shadow-same = The same person first, within a minute.
project-shadow-later = The same person first, { $length } later here.
project-shadow-earlier = The same person first, { $length } earlier here.
project-shadow-other-person = Another person first.
project-shadow-nobody-here = They called first somebody whose address is on no line of the contact sheet.
project-shadow-only-here = They called nobody for it.
project-shadow-only-there = Nobody would have been called here.
project-shadow-nobody = Nobody was called, there or here.
project-shadow-not-here = Their alerts that did not come here
project-shadow-new = Let a source call nobody
project-shadow-new-lead = This is grave: Henhouse wakes nobody for these alerts. Everybody on the contact sheet and every admin is told by mail, and it ends by itself on the day that you give.
project-shadow-source = Which source?
project-shadow-days = For how many days?
project-shadow-days-wrong = Write a number of days from 1 to { $n }.
project-shadow-why = Why? Which pager calls people meanwhile?
project-shadow-do = Call nobody for its alerts
project-shadow-none = No program sends alerts to this project yet. Make a source first:
project-alert-routes = Alert routes
project-routes-lead = Whom the event of an alert calls first. The first route that fits decides; where none fits, people are called as they are to any report. The contact sheet comes behind every route. Alerts that call different people do not join one event.
project-routes-none = There are no routes yet: every event calls people as usual.
project-route-usual = calls people as usual
project-route-nobody = calls nobody: the alert is kept and counted
project-route-policy = calls by the policy { $name }
project-route-schedule = calls whoever is on call in { $name }
project-route-or = or
project-route-hours = Only { $when }, in the time of { $zone }.
project-route-hours-wrong = Write both times, such as 22:00 and 06:00, or leave both out.
project-route-held = { $n ->
    [one] One alert was only kept.
   *[other] { $n } alerts were only kept.
}
project-route-try = Try what would become of an alert
project-route-new = Add a route
project-route-new-lead = It is asked last; move it up where that matters. A route that looks at several things at once, or has other hours on other days, is made by whoever runs the server, on its command line.
project-route-calls = Whom it calls
project-route-from = Only from (such as 22:00, in the project's time zone; empty: at every hour)
project-route-until = until (such as 06:00)
project-route-do = Add the route
project-route-mon = Mon
project-route-tue = Tue
project-route-wed = Wed
project-route-thu = Thu
project-route-fri = Fri
project-route-sat = Sat
project-route-sun = Sun
project-try-route = By the route { $route }.
