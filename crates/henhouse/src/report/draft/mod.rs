//! Texts that are begun for people, by rule and from the record: a sitrep, a briefing. People are said by their roles,
//! what the annex holds is left out, and nothing is made up. Whoever sends them reads them first.

mod briefing;
mod sitrep;
mod watch;

use procedure::at::At;
use procedure::{Case, PersonId, Text};

use super::subject::cut;

pub use briefing::briefing;
pub use sitrep::{Sitrep, sitrep};

/// The most of one text that a line says, in characters.
const LINE_LIMIT: usize = 120;

/// A person by what they are in the response.
fn role(case: &Case, person: Option<&PersonId>) -> &'static str {
    let commander = &case.part.commander;
    match person {
        None => "nobody yet",
        some if some == commander.ic() => "the IC",
        some if some == commander.deputy() => "the deputy",
        some if some == commander.communications() => "the Communications Officer",
        Some(_) => "a responder",
    }
}

/// A text in a line, where the entry that it stands in may be told.
fn line(at: At, seq: u64, text: &Text) -> Option<String> {
    let plain = text
        .plain()
        .filter(|_| !at.case.part.secrecy.is_annexed(seq))?;
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    Some(cut(plain.trim_end_matches('.'), LINE_LIMIT))
}
