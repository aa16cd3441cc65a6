# Was von der lesenden Person gewünscht wird, und die offenen Fälle.
now-title = Was von mir gebraucht wird
now-nobody-called = Noch einzurichten, damit jede Meldung jemanden ruft
now-nothing = Von Ihnen wird jetzt nichts gebraucht.
now-restricted = Vertraulich
now-open = Zum Fall
now-overdue = Überfällig:
now-by = Bis
now-late = überfällig
now-take = Übernehmen
now-still-here = Ich bin noch da
now-folded = { $n } ohne Uhrzeit
now-cases = Offene Fälle
now-no-case = Kein Fall ist offen.
now-more = Es gibt mehr offene Fälle, als hier Platz haben.
now-to-do = Noch einzurichten: { $n }
now-as-of = Stand: { $at }.
now-review = E‑Mails zum Ansehen
now-review-do = Ansehen
now-review-all = { $n ->
    [one] Eine E‑Mail wartet, die nicht sagt, dass sie eine Meldung ist.
   *[other] { $n } E‑Mails warten, die nicht sagen, dass sie Meldungen sind.
}
now-review-staff = Von Adressen der Kontaktliste: { $n }.
now-review-opens = Ohne Antwort wird daraus eine Meldung: { $at }.
