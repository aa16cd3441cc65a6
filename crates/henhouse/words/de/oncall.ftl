# Who is on call: every schedule, and one.
oncall-title = Bereitschaft
oncall-all = Alle, die Bereitschaft haben
oncall-schedules = Pläne
oncall-none = Es gibt noch keinen Plan. Ohne einen Plan und ohne einzeln eingetragene Zeiten ruft eine Meldung sofort die Kontaktliste, einen nach dem anderen.
oncall-paged = Eine Meldung ruft jetzt: { $who }.
oncall-nobody = Niemand
oncall-nobody-paged = Jetzt hat niemand Bereitschaft: Eine Meldung ruft sofort die Kontaktliste, eine Person nach der anderen.
oncall-nobody-now = Jetzt hat niemand Bereitschaft.
oncall-then = Ab { $at }: { $who }
oncall-gaps = Lücken in den nächsten zwei Wochen
oncall-gap = Niemand von { $from } bis { $until } ({ $long }).
oncall-gap-count = { $n ->
    [one] Eine Lücke in den nächsten zwei Wochen
   *[other] { $n } Lücken in den nächsten zwei Wochen
}
oncall-more-gaps = { $n ->
    [one] Eine weitere Lücke
   *[other] { $n } weitere Lücken
}
oncall-take = Bis { $until } übernehmen
oncall-is = { $who } bis { $until }: { $why }
oncall-by-turn = im Turnus „{ $rotation }“
oncall-by-cover = springt im Turnus „{ $rotation }“ ein
oncall-by-cover-whole = springt für den ganzen Plan ein
oncall-whole = Der Plan
oncall-absent-not-running = „{ $rotation }“ hat nicht begonnen oder ist vorbei
oncall-absent-hours = außerhalb der Stunden von „{ $rotation }“
oncall-absent-holiday = „{ $rotation }“ ruht an Feiertagen
oncall-absent-no-holiday = „{ $rotation }“ gilt nur an Feiertagen
oncall-absent-empty = diese Schicht von „{ $rotation }“ hat niemand
oncall-absent-covered = für „{ $rotation }“ wurde eingetragen, dass niemand Bereitschaft hat
oncall-weeks = Die nächsten zwei Wochen
oncall-zone = In der Zeit von { $zone }
oncall-covers = Wer einspringt
oncall-cover = { $who }, { $from } – { $until }
oncall-cover-for = { $who } für { $for }, { $from } – { $until }
oncall-end = Beenden
oncall-stand-in = Einspringen
oncall-swap = Tausch anbieten
oncall-swaps = Tauschanfragen, die auf eine Antwort warten
oncall-swap-gift = { $by } bittet { $to }, { $gives } in { $schedule } zu übernehmen.
oncall-swap-for = { $by } bittet { $to }, { $gives } in { $schedule } zu übernehmen, und übernimmt dafür { $takes }.
oncall-accept = Annehmen
oncall-decline = Ablehnen
oncall-take-back = Zurücknehmen
oncall-gives-from = Übernimmt von
oncall-gives-until = Übernimmt bis
oncall-takes-from = Sie übernehmen von
oncall-takes-until = Sie übernehmen bis
oncall-takes-hint = Leer lassen, wenn Sie nichts dafür wollen.
oncall-rotations = Turnusse
oncall-no-rotation = Kein Turnus: Bereitschaft hat nur, wer einspringt.
oncall-turns-hours = { $n ->
    [one] Jede Stunde
   *[other] Alle { $n } Stunden
} ab { $start }, in dieser Reihenfolge: { $who }
oncall-turns-days = { $n ->
    [one] Jeden Tag
   *[other] Alle { $n } Tage
} ab { $start }, in dieser Reihenfolge: { $who }
oncall-turns-weeks = { $n ->
    [one] Jede Woche
   *[other] Alle { $n } Wochen
} ab { $start }, in dieser Reihenfolge: { $who }
oncall-new = Neuer Plan
oncall-new-lead = Menschen wechseln sich ab. Wer Bereitschaft hat, wird bei jeder Meldung gerufen, noch vor der Kontaktliste.
oncall-name = Wie heißt er?
oncall-make = Anlegen
oncall-rotation-new = Noch ein Turnus
oncall-rotation-name = Name des Turnus
oncall-rotation-name-hint = Ein kurzes Wort, etwa Nacht
oncall-people = Wer wechselt sich ab, in welcher Reihenfolge?
oncall-people-hint = Ein Name je Zeile. Eine Zeile nur mit - heißt: In dieser Schicht hat niemand Bereitschaft.
oncall-people-wrong = { $who } steht nicht auf der Kontaktliste, oder mehrere heißen so.
oncall-length = Wie lang ist eine Schicht?
oncall-length-wrong = Schreiben Sie eine ganze Zahl.
oncall-unit = In welcher Einheit?
oncall-unit-day = Tage
oncall-unit-week = Wochen
oncall-unit-hour = Stunden
oncall-start = Wann beginnt die erste Schicht?
oncall-start-hint = Etwa 23.11.2026 09:00. Jede Übergabe ist zu dieser Uhrzeit, im Sommer und im Winter.
oncall-start-wrong = Schreiben Sie Tag und Uhrzeit, etwa 23.11.2026 09:00.
oncall-hours = Nur in diesen Stunden
oncall-hours-hint = Je Zeile eine Angabe: 09:00-17:00 gilt jeden Tag, mo 09:00 - fr 17:00 gilt jede Woche. Leer heißt: zu jeder Stunde.
oncall-hours-wrong = Schreiben Sie Stunden wie 22:00-06:00 oder mo 09:00 - fr 17:00.
oncall-layer = Ebene
oncall-layer-hint = Eine höhere verdeckt eine niedrigere, solange in ihr jemand Bereitschaft hat. Wer auf derselben Ebene steht, hat zusammen Bereitschaft.
oncall-holidays-any = Wie an jedem Tag
oncall-holidays-off = Nicht an ihnen
oncall-holidays-only = Nur an ihnen
oncall-remove = Diesen Plan entfernen
oncall-policies = Wie gerufen wird
oncall-policies-lead = Bis jemand übernimmt. Zuletzt wird immer die Kontaktliste gerufen, eine Person nach der anderen, bis jemand antwortet.
oncall-handbook = Wie im Handbuch: mit der Meldung die Bereitschaft, danach die Kontaktliste
oncall-used = Gilt jetzt
oncall-use = So rufen
oncall-step = { $n ->
    [0] Sofort: { $who }
    [one] Nach { $n } Minute: { $who }
   *[other] Nach { $n } Minuten: { $who }
}
oncall-again = Danach von vorn, { $n } Minuten nach dem letzten Schritt: { $times }-mal
oncall-to-schedule = die Bereitschaft von „{ $schedule }“
oncall-to-next = die nächste Person in „{ $schedule }“
oncall-to-previous = die vorige Person in „{ $schedule }“
oncall-to-role = alle mit der Rolle { $role }
oncall-to-everyone = alle Helfer
