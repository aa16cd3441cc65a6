# In einen Dienst wird mit Absicht eingegriffen.
disrupt-ask = In einen Dienst eingreifen
disrupt-text = Was soll ausgeschaltet, abgetrennt oder gebremst werden?
disrupt-text-first = Sagen Sie in wenigen Worten, was ausgeschaltet werden soll.
disrupt-number = Schreiben Sie eine Zahl von Minuten, etwa 30.
disrupt-free = Sie brauchen keine Erlaubnis. Handeln Sie, und geben Sie danach Bescheid.
disrupt-free-unknown = Noch hat es niemand eingeschätzt, also brauchen Sie keine Erlaubnis. Handeln Sie, und geben Sie danach Bescheid.
disrupt-consult = Erst muss sich das Team einig sein, dann werden die Entscheider gefragt. Ist eine Stunde lang niemand zu erreichen, dürfen Sie handeln.
disrupt-agree = Nichts geschieht, bis die Entscheider zustimmen, so lange es auch dauert.
disrupt-now = Jetzt handeln
disrupt-details = Wie lange, was es kostet, welche Maschinen
disrupt-minutes = Für wie viele Minuten?
disrupt-acting = Was kostet das Handeln?
disrupt-waiting = Was kostet das Warten?
disrupt-scope = Alles oder ein Teil?
disrupt-partial = Ein Teil, oder es läuft schlechter
disrupt-complete = Alles steht still
disrupt-steps = Welche Schritte verursachen es?
disrupt-assets = Welche Maschinen oder Systeme?
disrupt-unnoticed = Niemand außerhalb des Teams merkt es
disrupt-ask-now = Darum bitten
disrupt-high = Wenn es High ist, wird niemand gefragt.
disrupt-raise = Auf High setzen
disrupt-unlocks = Ohne Antwort dürfen Sie handeln ab
disrupt-now-allowed = Sie dürfen jetzt handeln
disrupt-first = Zuerst
disrupt-held = { $asset } steht unter Sperre { $hold }: zuerst aufheben lassen, oder sagen, warum nicht.
disrupt-open = { $n ->
    [one] { $n } Beweis fehlt bei { $asset }: zuerst sichern, oder sagen, warum nicht.
   *[other] { $n } Beweise fehlen bei { $asset }: zuerst sichern, oder sagen, warum nicht.
}
disrupt-held-open = { $n ->
    [one] { $asset } steht unter Sperre { $hold }, und { $n } Beweis fehlt dort: zuerst sichern, oder sagen, warum nicht.
   *[other] { $asset } steht unter Sperre { $hold }, und { $n } Beweise fehlen dort: zuerst sichern, oder sagen, warum nicht.
}
disrupt-evidence = Zu den Beweisen
disrupt-start = Jetzt beginnen
disrupt-stopped = Die Entscheidung war Nein: Warten hilft nicht.
disrupt-goes-on = Der Eingriff läuft.
disrupt-over = Es ist vorbei: Der Dienst läuft wieder.
disrupt-withdrawn = Es wird nicht mehr gewünscht.
disrupt-you-decide = Sie entscheiden: Darf es geschehen?
disrupt-you-settle = Die Meinungen gehen auseinander. Sie entscheiden; wenn Sie nichts sagen, geschieht es.
disrupt-you-agree = Sind Sie einverstanden?
disrupt-reason = Warum? (nötig für ein Nein)
disrupt-reason-first = Sagen Sie in wenigen Worten, warum.
disrupt-yes = Ja, machen
disrupt-no = Nein
disrupt-later = Jetzt nicht: später fragen
disrupt-go = Machen
disrupt-stop = Nicht machen
disrupt-agree-button = Einverstanden
disrupt-disagree-button = Nicht einverstanden
disrupt-deciders = Wer entscheidet
disrupt-team = Das Team
disrupt-says-yes = ja
disrupt-says-no = nein
disrupt-says-later = noch nicht entschieden
disrupt-involved = bittet selbst darum oder hat das Kommando: zählt als Ja
disrupt-silent = noch keine Antwort
disrupt-agrees = einverstanden
disrupt-disagrees = nicht einverstanden
disrupt-written = angeschrieben { $at }
disrupt-called = angerufen { $at }
disrupt-wrote = Angeschrieben
disrupt-did-call = Angerufen, keine Antwort
disrupt-said-yes = Hat Ja gesagt
disrupt-said-no = Hat Nein gesagt
disrupt-tell = Allen Bescheid geben
disrupt-told = Es wurde Bescheid gegeben.
disrupt-inside-alone = Es geht an das Team und die Kontaktliste. Dieses Projekt hat noch keine Informierten oder Kunden: Andere erfahren nichts davon, sagen Sie es ihnen selbst.
disrupt-notice = Was werden die Leute merken, und bis wann?
disrupt-notice-first = Sagen Sie, was die Leute merken werden.
disrupt-notice-until = Wir erwarten, dass es bis { $at } vorbei ist.
disrupt-send = Jetzt Bescheid geben
disrupt-end = Der Dienst läuft wieder
disrupt-withdraw = Es wird nicht mehr gewünscht
disrupt-choose-first = Drücken Sie einen der Knöpfe.
