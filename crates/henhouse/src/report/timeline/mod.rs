//! The activity log in sentences, one for each kind of entry. Pages, command line, mails and
//! exports say the same.

mod assess;
mod calling;
mod command;
mod intake;
mod record;
mod sitreps;

use procedure::{Entry, Text};

use super::{Names, Times};

/// What a sentence of the log draws on.
struct Teller<'a> {
    names: Names<'a>,
    times: &'a Times,
    /// Whoever acted, at the beginning of a sentence.
    who: String,
}

/// What the entry says, in a sentence or two. Times in it are as seen from `times`.
#[must_use]
pub fn sentence(names: Names, times: &Times, entry: &Entry) -> String {
    known(names, times, entry).unwrap_or_else(|| {
        let kind = entry.body.kind().replace('_', " ");
        format!("{}: {kind}.", names.who(&entry.actor.who))
    })
}

/// One line of the log: when it happened, and what. A claimed time is said with its certainty.
#[must_use]
pub fn line(names: Names, times: &Times, entry: &Entry) -> String {
    let recorded = times.stamp(entry.recorded_at);
    let said = sentence(names, times, entry);
    match &entry.happened_at {
        Some(when) => {
            format!("{recorded}  {said} (It happened {}.)", times.claimed(when))
        }
        None => format!("{recorded}  {said}"),
    }
}

/// The sentence, if this kind has words.
pub(super) fn known(names: Names, times: &Times, entry: &Entry) -> Option<String> {
    let who = names.who(&entry.actor.who);
    let teller = Teller { names, times, who };
    let chapters: [fn(&Teller, &procedure::Body) -> Option<String>; 6] = [
        intake::says,
        calling::says,
        command::says,
        assess::says,
        sitreps::says,
        record::says,
    ];
    chapters.iter().find_map(|says| says(&teller, &entry.body))
}

/// `: "…"` after a sentence, with the words in quotes; nothing where there is no text.
fn quoted(text: Option<&Text>) -> String {
    match text {
        Some(text) => format!(": \"{}\"", one_line(text)),
        None => ".".to_owned(),
    }
}

/// ` because "…"`; a full stop follows.
fn because(text: Option<&Text>) -> String {
    match text {
        Some(text) => format!(", because: \"{}\"", one_line(text)),
        None => ".".to_owned(),
    }
}

/// A text in one line. The log is a list; the whole text stands in the case.
fn one_line(words: &Text) -> String {
    super::text(words)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}
