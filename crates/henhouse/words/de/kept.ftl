# Der Regelbericht eines Falls. Was die Regeln sagen, und wie der Fall zu ihnen steht, sagt das Verfahren selbst.
kept-title = Regelbericht { $number }
kept-head = Regelbericht
kept-restricted = Vertraulich
kept-as-of = Stand:
kept-clean = Nichts kam zu spät, nichts fehlt.
kept-back = Zurück zum Fall
kept-parts = Teile dieses Berichts
kept-no-entry = Kein Eintrag zeigt es.
kept-entry = Eintrag { $n }
kept-more = { $n ->
    [one] und { $n } weiterer Eintrag
   *[other] und { $n } weitere Einträge
}
kept-journal = Journaleintrag
kept-zone = Zeiten in
kept-summary = { $all } Regeln: { $kept } eingehalten, { $late } zu spät, { $missing } nicht eingehalten, { $waived } ausgesetzt, { $open } offen, { $apart } gelten hier nicht.
kept-part-broken = Nicht eingehalten
kept-part-waived = Ausgesetzt
kept-part-open = Offen
kept-part-done = Eingehalten
kept-part-apart = Gilt hier nicht
