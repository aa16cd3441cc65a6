# The conformance report of a case. What the rules say, and how the case stands to them, is the engine's.
kept-title = Conformance report { $number }
kept-head = Conformance report
kept-restricted = Restricted
kept-as-of = as of
kept-clean = Nothing was late or missing.
kept-back = Back to the case
kept-parts = Parts of this report
kept-no-entry = No entry shows it.
kept-entry = Entry { $n }
kept-more = { $n ->
    [one] and { $n } more entry
   *[other] and { $n } more entries
}
kept-journal = journal entry
kept-zone = Times in
kept-summary = { $all } rules: { $kept } kept, { $late } late, { $missing } not kept, { $waived } waived, { $open } open, { $apart } not applicable.
kept-part-broken = Not kept
kept-part-waived = Waived
kept-part-open = Open
kept-part-done = Kept
kept-part-apart = Not applicable
