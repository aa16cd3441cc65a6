# Where a report stands, for whoever made it.
receipt-title = Your report { $number }
receipt-thanks = Thank you. We have your report.
receipt-received = Received { $at }. Say this number when you call.
receipt-together = It is handled together with another report, under this number:
receipt-updates = This page updates itself.
receipt-as-of = As of { $at }.
receipt-now = What to do now
receipt-as-usual = You may go on as usual.
receipt-keep = Do not delete or switch off anything.
receipt-clean = Do not change passwords or clean up on your own; we will say when.
receipt-write-down = Write down what you saw and when, and add it below.
receipt-right = You are not in trouble. You did right to report.
receipt-say-more = Say more
receipt-add = Add details or a photo, or disagree
receipt-back = Back to the page that updates itself
receipt-what-else = What else did you see, or what do you disagree with?
receipt-it-is = It is
receipt-adds = something to add
receipt-disagrees = something I disagree with
receipt-send = Send
receipt-added = Thank you. Your details were added.
receipt-disagreed = Thank you. The team was told that you disagree.
receipt-empty = Write what you want to say; a sentence is enough.
receipt-sent-before = This form was sent before, with other words, and those arrived. To send these too, press the button again.
receipt-not-sent = Not sent yet: { $why } What you typed is still here.

# What became of a file.
receipt-file-kept = Your file arrived and is kept.
receipt-file-broken = Your words arrived. The file did not arrive whole: please send it again below.
receipt-file-name = Your words arrived. A file did not, and nothing behind it did: its name holds a character that no form can carry. Please give it a plain name, and send what is missing again below.
receipt-file-many = Your words and the first ten files arrived. Please send the others below.
receipt-file-large = Your words arrived. The file did not: it is larger than 32 MB. Please keep it; whoever calls you says where to send it.
receipt-file-room = Your words arrived. There was no room for the file. Please keep it, and say so when you are called.

# How far it is.
receipt-away = It is kept safe. The database is away just now; as soon as it is back your report gets its own number, here on this page.
receipt-false-alarm = It was looked at and was a false alarm. Thank you all the same.
receipt-dealt-with = It is dealt with. What happened is being written down.
receipt-closed = It is dealt with and closed. Thank you.
receipt-has-it = { $ic } has it. Somebody took it at { $at }.
receipt-taken = Somebody has had it since { $at }.
receipt-looked-at = Somebody looks at it.
receipt-questions = They will come to you if they have questions.

# Who is being called. $n is the place in the row, $of how many stand in it.
receipt-nobody = There is nobody who could be called to it. Please telephone somebody whom you trust.
receipt-all-called = Everybody on the contact sheet was called, and nobody has answered yet.
receipt-on-call = We are calling whoever is on call.
receipt-only-one = We are calling the one person on the contact sheet now.
receipt-calling = We are calling the { $nth } of { $of } people now.
receipt-again-them = At { $by } we call them again.
receipt-again-first = At { $by } we begin again with the first.
receipt-then-sheet = If nobody answers by { $by }, we call the contact sheet, one after the other.
receipt-then-them = If they do not answer by { $by }, we call them again.
receipt-then-first = If nobody answers by { $by }, we begin again with the first.
receipt-then-next = If nobody answers by { $by }, we call the { $nth }.
receipt-round = Nobody answered before: it is the { $nth } time. If you can, telephone.
receipt-telephone = If you can, telephone.
