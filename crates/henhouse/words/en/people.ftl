# The contact sheet of a project: who is called, in which order, how; its lines as forms and as a table; the card.
people-projects = Projects
people-projects-none = No project is open to you. Ask whoever looks after yours to put you on its contact sheet.
people-numbers = Cases are numbered { $number }, and so on
people-count = { $n ->
    [0] Nobody is on its contact sheet.
    [one] { $n } person is on its contact sheet.
   *[other] { $n } people are on its contact sheet.
}
people-sheet = Contact sheet
people-card = Card for the wallet

people-called = Called to a report, in this order
people-others = Also on the sheet
people-holes = What is missing
people-you = you
people-can = Can: { $skills }
people-no-mail = No mail address
people-no-phone = No telephone number
people-tested-never = Never tried: nobody knows whether a message arrives.
people-tested-taken = No test yet; a message to them was taken { $at }.
people-tested-answered = They answered a call { $at }; no test message was sent.
people-tested = Tried { $at }, and it was taken.
people-tested-waits = Tried { $at }, it has not left yet.
people-tested-refused = Tried { $at }, and it did not arrive.
people-route-taken = By { $route }: taken.
people-route-waits = By { $route }: not yet.
people-route-refused = By { $route }: it did not arrive.
people-route-last = { $route } (last taken { $at })
people-route-never = { $route } (nothing taken yet)
people-route-broken = { $route } takes nothing since { $at }. Pages go on by the next route.
people-route-unconfirmed = Nobody has answered from this number yet: send a test, and answer it with 4.
people-paged-by = Pages go by { $routes }.
people-test = Send me a test
people-up = Up
people-down = Down
people-change = Change
people-add = Add somebody
people-not-on-it = You are not on this sheet: nobody calls you to a report of this project. A line is yours if it has your name, or { $id } in the column "person" of a pasted table.
people-report-link = Whoever wants to report something opens this address. Nobody need sign in:

people-nobody = Nobody is called. A report would reach nobody.
people-behind-one = Nobody after { $who }, who is called again until they answer.
people-behind = After { $last } it begins again with { $first }, until somebody answers.
people-hole-phone = { $who } has no telephone number: if mail is away, nobody can call.
people-hole-mail = { $who } has no mail address and is called only by hand.
people-hole-both = { $who } can be reached neither by mail nor by telephone.
people-hole-decider = Nobody decides: before a service is disrupted, somebody must be asked.
people-hole-stand-in = No decider is named: project manager and product owner stand in.
people-hole-decider-phone = { $who } decides about disruptions and has no telephone number.
people-hole-about = A report about { $who } reaches nobody: put somebody else on the sheet.
people-hole-number = Whoever cannot send a report is shown no number to call instead.

people-done-moved = { $who } is moved. Open cases go on with the new order.
people-done-off = { $who } is off the sheet and is called no more. Old cases still say who it was.
people-done-kept = { $who } is kept. Open cases go on with it.
people-done-pasted = Everybody in the table is on the sheet now.
people-done-gone = That person is off the sheet already.
people-done-test = The message is on its way. If it does not come within a minute, look at the address.
people-done-no-test = No message could leave: mail is not set up here, or no sheet has an address of yours.

people-name = Name
people-name-missing = Say what they are called.
people-mail = Mail
people-mail-hint = This is how people are woken. One address, such as jane@example.org
people-phone = Telephone
people-phone-hint = With + and the country code, such as +1 555 0100
people-routes = Pages go by
people-routes-hint = In this order, with commas between; the next one is tried when one fails twice. Mail is the last where it is not named. Such as: ntfy jane-pager-x7, webhook ops, mail
people-roles = What are they to the project?
people-roles-missing = Tick at least one.
people-skills = What can they do?
people-skills-hint = With commas between. The playbook knows: { $skills }
people-keep = Keep it
people-moved-on = Somebody changed this line meanwhile. It now says { $name }, { $mail }, { $phone }. What you typed is still here: send it again to write over theirs.
people-off = Take them off the sheet
people-off-told = Nobody calls them any more, and what they were given in open cases waits for somebody else. Their account stays.
people-off-do = Take them off

people-role-responder = Responder
people-role-decider = Decider
people-role-manager = Project manager
people-role-owner = Product owner
people-role-security = Security team
people-role-communications = Communications Officer
people-role-reviewer = Reviewer
people-role-observer = Observer
people-what-responder = is called to reports and may take command
people-what-decider = is asked before a service is disrupted
people-what-manager = hears of every incident; stands in for a decider
people-what-owner = approves what customers are told
people-what-security = is of the organisation's security team
people-what-communications = may speak to the outside
people-what-reviewer = may look over other people's work
people-what-observer = may read cases that are not restricted

people-paste = Paste a table
people-paste-table = Your table
people-paste-hint = From a spreadsheet or a file, one person a line. A first line may name the columns: name, mail, phone, roles, routes.
people-paste-mode = What is it?
people-paste-add = These people come to those who are there; who is there already is changed
people-paste-replace = This is the whole sheet, in calling order; whoever is not in it comes off
people-paste-check = Check it
people-paste-again = Check it again
people-paste-empty = Nothing is in the box. Paste one person a line.
people-paste-long = The table has { $n } lines, and a contact sheet takes { $most } people. Nothing was changed, and all of it is still in the box.
people-paste-wrong = { $n ->
    [one] { $n } line cannot be taken yet
   *[other] { $n } lines cannot be taken yet
}
people-paste-right = { $n ->
    [one] { $n } line is right
   *[other] { $n } lines are right
}
people-paste-line = Line { $n }
people-paste-kept = Nothing is lost: all of it stands in the box below. Mend it there and check again.
people-paste-new = new
people-paste-changed = changes
people-paste-known = new here; the same as { $id }, who is known already
people-paste-same = as it is
people-paste-off = These would come off the sheet: { $names }
people-paste-take = { $n ->
    [one] Take this one in
   *[other] Take these { $n } in
}
people-paste-done = { $n ->
    [one] { $n } person is on the sheet now.
   *[other] { $n } people are on the sheet now.
} In the box: { $left ->
    [one] one line that is still wrong.
   *[other] { $left } lines that are still wrong.
}
people-paste-example = Show me an example
people-line-quote = A quotation mark in it is not closed.
people-line-letters = A letter in it could not be read. Save the file as UTF-8, or type the letter again.
people-line-long = A cell is longer than { $n } letters.
people-line-name = It has no name.
people-line-formula = It begins like a formula of a spreadsheet. Write the words alone.
people-line-twice = The same person stands in line { $line } already.
people-line-role = { $word } is no role here. Use: { $known }.

people-poster = Poster to put up
people-poster-told = One page, for where people work. It holds no names and no numbers of people. Whoever points a telephone at the picture comes to the form for reports.
people-poster-point = Point your telephone's camera at this:
people-poster-picture = A picture that telephones read: { $address }
people-poster-or = or open
people-card-told = Two on a page, to cut out. They hold telephone numbers of people: keep yours, and give it to nobody else.
people-card-if = Something happened? You are not in trouble.
people-card-no-line = No duty number is set.
people-card-report = Report:
people-card-more = { $n ->
    [one] and { $n } more on the sheet
   *[other] and { $n } more on the sheet
}
people-card-not = Do not delete anything. Do not switch anything off. Do not answer the suspicious mail. Do not wait until you are sure.
people-card-as-of = As of { $at }. Print it again when people change.
