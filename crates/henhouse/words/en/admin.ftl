# For whoever manages an installation: first steps, accounts and sessions, and whether Henhouse is well.
admin-begin = Set it up
admin-accounts = Accounts
admin-account = Account
admin-health = Is Henhouse well?
admin-done = Kept.
admin-steps = Step by step
admin-step-done = Done
admin-step-todo = Not yet
admin-step-some = Not yet for { $lacks }; done for { $done }
admin-step-look = Look
admin-leave = Leave when you like: what is done stays, and this page knows where you were.
admin-missing = What is still missing
admin-missing-none = Nothing. A report calls people.
admin-blocks = Nobody can be called until this is done.
admin-blocks-project = Nobody can be called for { $project } until this is done.
admin-report-link = The address for reports. Put it where everybody finds it:

admin-step-organisation = Name your organisation
admin-step-organisation-what = It stands at the head of every page and print, and at the foot of every mail.
admin-organisation = What is your organisation called?
admin-organisation-hint = One line. Leave it empty to show none.
admin-step-project = Name the first project and its time zone
admin-step-project-what = What people call what you look after, and by whose clock. Its address for reports stands below.
admin-step-people = Say who is called
admin-step-people-what = At least two people, with mail and telephone. Paste a table from a spreadsheet, or add them one by one.
admin-step-mail = Let mail leave
admin-step-mail-what = Mail is how people are woken.
admin-step-accounts = A second admin
admin-step-accounts-what = If you are away, somebody else must be able to change the contact sheet.
admin-step-number = A number for whoever cannot send
admin-step-number-what = Shown on every page, also to strangers. Never a person's own number.
admin-step-playbook = Read the playbook
admin-step-playbook-what = It is the procedure that every case follows. Somebody besides its author accepts it.
admin-project = What is it called?
admin-first-zone = In which time zone?
admin-first-zone-hint = Times are said by its clock, with UTC beside it, and business hours count by it. If you choose nothing it stays { $zone }.
admin-name-missing = Give it a name.
admin-name-do = Save
admin-found = Found another project
admin-found-lead = A project has its own people, playbook and case numbers. Short name and letters cannot be changed afterwards.
admin-found-do = Create the project
admin-slug = Short name, in addresses
admin-slug-hint = Small letters, digits and hyphens, such as web-shop
admin-prefix = Letters of its case numbers
admin-prefix-hint = Such as WS: its first case is then WS-1
admin-zone = Time zone
admin-zone-hint = Such as Europe/Berlin; UTC if you leave it out

admin-mail = Mail
admin-mail-none = No mail server is set, so nobody can be called.
admin-mail-untried = Whether mail leaves has not been tried yet.
admin-mail-reached = The mail server answers.
admin-mail-answered = The mail server takes mail, the last time { $at }.
admin-mail-failing = The mail server takes nothing: { $said }
admin-channel = Pages by { $channel }
admin-channel-untried = Not tried yet.
admin-channel-reached = It answers.
admin-channel-answered = It answers, the last time { $at }.
admin-channel-failing = It takes nothing: { $said }
admin-channel-since = Failing since { $at }.
admin-channel-success = Last did its work { $at }.
admin-channel-failure = Last failed { $at }.
admin-addresses = Mail that is handed over
admin-addresses-well = { $n ->
    [one] For one address, whose project is there.
   *[other] For { $n } addresses, whose projects are there.
}
admin-addresses-astray = Mail to { $address } is turned away, because it is for the project { $project }, and there is none of that name: correct [mail_in.addresses], and start the server again.
admin-alert-mail = Alerts by mail
admin-alert-mail-well = { $n ->
    [one] Mail to one address becomes alerts; its project and its alert source are there.
   *[other] Mail to { $n } addresses becomes alerts; their projects and alert sources are there.
}
admin-alert-mail-astray = No alert is made of mail to { $address }, because it is for the project { $project }, and there is none of that name: correct [mail_in.alerts], and start the server again.
admin-alert-mail-no-source = No alert is made of mail to { $address }, because the project { $project } has no alert source { $source }; it waits with the mail to look at. Make the source, or correct [mail_in.alerts] and start the server again.
admin-voicemail = Reports by telephone
admin-voicemail-well = { $n ->
    [one] For one number, whose project is there.
   *[other] For { $n } numbers, whose projects are there.
}
admin-voicemail-astray = Calls to { $address } become reports of the first project, because they are for the project { $project }, and there is none of that name: correct [voicemail], and start the server again.
admin-mailbox = Mail from the mailbox { $mailbox }
admin-mailbox-untried = Not read yet.
admin-mailbox-read = Last looked through { $at }.
admin-mailbox-elsewhere = Another server of this installation reads it, last { $at }.
admin-mailbox-failing = Nobody reads it since { $at }. What is sent there waits; look into it by hand meanwhile.
admin-mailbox-why = The last try failed: { $said }.
admin-mailbox-later = { $n ->
    [one] One mail in it cannot be kept just now. It is tried again and again.
   *[other] { $n } mails in it cannot be kept just now. They are tried again and again.
}
admin-mailbox-left = { $n ->
    [one] One mail in it cannot be taken ({ $said }). It is left there: look at it, and then mark it as read.
   *[other] { $n } mails in it cannot be taken (the first: { $said }). They are left there: look at them, and then mark them as read.
}
admin-mailbox-unmarked = What is kept cannot be marked there: { $said }. It counts once all the same.
admin-mailbox-astray = It is for the project { $project }, and there is none of that name. Its mails wait for review with the first project: correct the settings, and start the server again.
admin-queue = Alerts out of the queue { $queue }
admin-queue-asked = It is asked. { $n } messages were taken off it since the start of this server.
admin-queue-failing = No alerts come: { $said }. What lies in the queue stays there.
admin-queue-success = Last asked well { $at }.
admin-mail-how = How mail leaves stands in a file of the server, because its password belongs to whoever runs the machine and to nobody's browser. Put these lines into henhouse.toml, the file beside its data, with your own values, and start the server again:
admin-mail-test = Send me a test
admin-mail-test-told = Goes to every address and by every route that the contact sheets and your account have of you.

admin-accounts-lead = An account lets somebody sign in. Who is called stands on the contact sheets.
admin-role = What may they do?
admin-role-admin = Admin: manages everything, and opens no restricted case
admin-role-member = Member: does what their projects let them do
admin-role-observer = Observer: reads, and changes nothing
admin-locked = locked out
admin-waits = has not chosen a password yet
admin-no-password = has no password: only tokens let them in
admin-sessions-n = { $n ->
    [0] signed in nowhere
    [one] signed in at one place
   *[other] signed in at { $n } places
}
admin-change = Change
admin-without = On a contact sheet, without an account
admin-without-told = They can take a case by the link in a call, and see nothing of it here.
admin-invite = Ask them in
admin-new = Another account
admin-name = Name
admin-login = Name to sign in with
admin-login-hint = For somebody on a contact sheet, the short name that they have there.
admin-email = Mail
admin-email-hint = For somebody who is on no contact sheet. There they are asked to choose a password.
admin-new-do = Make it
admin-done-asked = { $who } is asked by mail to choose a password.
admin-done-made = The account { $who } is made. No mail could ask them to choose a password: whoever has the server hands them a link, henhouse admin account { $who }.

admin-account-since = Since { $since }. Signs in as
admin-account-app = A code of an app is asked for after the password.
admin-account-no-password = Has no password: they were asked to choose one, or tokens alone let them in.
admin-account-no-app = Signs in by the password alone.
admin-account-passkeys = { $n ->
    [one] A passkey signs them in without it.
   *[other] { $n } passkeys sign them in without it.
}
admin-not-oneself = Nobody locks themselves out; ask another admin.
admin-glass-told = This account opens with its two halves and with nothing else.
admin-role-do = Save
admin-lock = Lock them out
admin-lock-told = Every session ends at once, and no token works any more. What they did stays theirs.
admin-unlock = Let them in again
admin-ask = Ask them to choose another password
admin-ask-told = The one before works no more, and every session and token ends.
admin-done-handed = Mail reaches them nowhere, so whoever opens this link chooses their password. Hand it to nobody but them; it works once, for a week, and is shown this once:
admin-sign-in = How they sign in
admin-sign-in-of = How they sign in: { $who }
admin-factors-lead = Everything that is taken off here stands in the installation's record with your name, and its person is told by mail where mail reaches them.
admin-own-profile = Change your own in your profile, with your password.
admin-passkeys = Passkeys
admin-passkeys-none = None.
admin-passkey-told = Take off one that was lost or stolen: it signs nobody in any more, and every session of theirs ends. Their password and their other passkeys go on. Call them first: somebody may ask for it in their name.
admin-passkey-since = Since { $since }.
admin-passkey-used = Last used { $used }.
admin-passkey-unused = Never used.
admin-passkey-off = Take off
admin-app = App for codes
admin-app-since = A code is asked for after the password since { $since }.
admin-codes-left = { $n ->
    [0] No recovery code is left.
    [one] One recovery code is left.
   *[other] { $n } recovery codes are left.
}
admin-app-none = None: no code is asked for.
admin-app-off = They lost the telephone with the app
admin-app-told = The app and its recovery codes are taken off, and every session of theirs ends. From then on the password alone lets them in, so whoever knows it comes in too, until they put an app on again. Call them first: somebody may ask for it in their name. If they have a recovery code left, let them use that instead.
admin-factors = They lost everything
admin-factors-off = Take everything off
admin-factors-told = The app, the recovery codes and all passkeys are taken off, and every session of theirs ends. From then on the password alone lets them in. Call them first.
admin-sessions = Where they are signed in
admin-sessions-none = Nowhere.
admin-end = End
admin-end-all = End all
admin-done-role = Kept.
admin-done-lock = They are locked out.
admin-done-ask = They are asked.
admin-done-open = They can sign in again.
admin-done-factors = The password alone lets them in now. They are told by mail where mail reaches them.
admin-done-app = Their app and its recovery codes are taken off. They are told by mail where mail reaches them.
admin-done-passkey = That passkey signs nobody in any more. They are told by mail where mail reaches them.
admin-done-ended = Ended.

admin-all-well = All is well.
admin-part-well = What is set up works. Still to be set up or tried: { $what }.
admin-not-well = Something needs you: { $what }.
admin-well = Well
admin-open = Not set up
admin-untried = Not tried yet
admin-wrong = Look here
admin-calls = Calling people
admin-time = Time and calls
admin-time-well = Every case was reached in its time, and every call has left.
admin-record = The record
admin-record-well = All of it that was looked at is as it was written.
admin-database = The database
admin-database-well = It answers.
admin-database-away = It is away for { $span }; { $n } reports and taps wait on this server's disk. Nothing is lost.
admin-backup = Backups
admin-backup-none = Nobody makes backups. Whoever runs the server says where they go, in henhouse.toml: "to", below "[backup]".
admin-backup-never = None was made yet.
admin-backup-age = The last one is { $span } old.
admin-backup-failed = The last try failed: { $said }
admin-watcher = Who watches the watcher
admin-watcher-none = Nobody. Something outside has to notice when this server is silent: whoever runs it names a monitor in henhouse.toml: "beat", below "[watcher]".
admin-watcher-late = The monitor outside has heard nothing of this server for { $n } minutes.
admin-watcher-well = The monitor outside heard of this server { $n } seconds ago.
admin-done-test = The message is on its way.
admin-done-no-test = No message could leave: mail is not set up, nothing has an address of yours, or this is a drill and you are on no contact sheet.
admin-done-glass = The break-glass account opens no more, and everybody who must know is told.
admin-glass = Break-glass account
admin-glass-there = There is one. It opens with two halves that two people keep on paper; whoever opens it is named to everybody.
admin-glass-none = There is none. Whoever has the server makes it: henhouse admin break-glass. It is for the day on which mail and every admin are away.
admin-glass-end = Shut it for good
admin-about = About this server
admin-version = Henhouse { $version }
admin-backend = The database is { $backend }.
admin-address = People use it at { $address }
