//! How the rule of sensitive data is judged.

use crate::at::At;
use crate::conformance::{Judged, Outcome};
use crate::rule::Rule;

pub(crate) fn judge(rule: Rule, at: At) -> Option<Judged> {
    match rule {
        Rule::R21 => Some(sensitive_data_stayed_in(at)),
        _ => None,
    }
}

/// Kept if everything sensitive was restricted from its first second; late by the time
/// for which the slowest lay open.
fn sensitive_data_stayed_in(at: At) -> Judged {
    let annex = &at.case.part.secrecy.annex;
    let slowest = annex.iter().max_by_key(|(_, flagged)| {
        (flagged.at.duration_since(flagged.written_at), core::cmp::Reverse(flagged.by_entry))
    });
    let Some((seq, flagged)) = slowest else {
        return Judged::not_applicable("Nothing was marked as sensitive.");
    };
    let open = flagged.at.duration_since(flagged.written_at).as_secs().max(0);
    if open == 0 {
        return Judged::done(flagged.at, &flagged.by, flagged.by_entry);
    }
    let minutes = u64::try_from((open + 59) / 60).unwrap_or(0);
    let late = Outcome::Late { at: Some(flagged.at), minutes };
    Judged::from(late).shown_by(*seq).shown_by(flagged.by_entry)
}
