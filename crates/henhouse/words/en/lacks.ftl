# What is still to be set up, for those who manage an installation.
lacks-anybody = Nobody is on the contact sheet of { $project }: a report would call nobody.
lacks-responder = Nobody on the contact sheet of { $project } is a responder: a report would call nobody.
lacks-responder-mail = No responder of { $project } has a mail address: nobody can be called.
lacks-mail = { $who } has no mail address and is called only by hand.
lacks-second-responder = { $project } has one responder only: if they do not answer, nobody else is called.
lacks-decider = Nobody decides for { $project }: before a service is disrupted somebody must be asked.
lacks-decider-phone = { $who } decides about disruptions and has no telephone number.
lacks-sign-in = No responder of { $project } can sign in yet: they could take a case and not see it.
lacks-sign-in-asked = { $who } was asked to choose a password and has not yet; they can be asked again.
lacks-hours = The clock of { $project } is UTC and it has no holidays, as every project begins: say where the team works, and when.
lacks-first-review = Nobody has reviewed the playbook of { $project }: somebody reads it and accepts it in their own name.
lacks-review = Edition { $n } of the playbook of { $project } waits for a review by somebody who did not write it.
lacks-number = Whoever cannot send a report to { $project } is shown no number to call instead.
lacks-mail-server = No mail server is set, and mail is how people are called. Put [mail] with host, security and from into { $file } and start the server again.
lacks-mail-answer = The mail server does not take anything: { $said }. Look at [mail] in { $file }; it is tried again every minute.
lacks-address = Links in mails lead to { $url }, which is this machine alone. Set base_url in henhouse.toml, or start with --base-url https://hen.example.org.
lacks-admin-yet = Nobody can sign in as an admin. Follow the link that the server printed.
lacks-admin = Nobody can sign in as an admin.
lacks-second-admin = There is one admin only: if they are away, nobody can change the contact sheet.

# That nobody can be called: to whoever reported, and to the team.
lacks-calls-no-mail = Your report is kept, and the team sees it when they look here. But nobody is called: no mail server is set up yet.
lacks-calls-no-answer = Your report is kept, and the team sees it when they look here. But the mail server takes nothing just now, so perhaps nobody has been called yet; it is tried again every minute.
lacks-calls-telephone = Please telephone somebody of the team now, or go to them.
lacks-calls-numbers = Please telephone now: { $numbers }.
lacks-calls-team-no-mail = Nobody is called: no mail server is set. Reports wait here until somebody looks, so look often, telephone each other, and ask an admin to set [mail].
lacks-calls-team-no-answer = The mail server takes nothing just now: calls and sitreps wait, and are tried again every minute. Telephone each other, and tell an admin.
