//! What rules say with the words of a mail: `{{subject}}` in a text stands for that of the mail.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use procedure::chapters::intake::mail::one_line;

use super::super::letter::Letter;

/// What a mail has.
pub(super) const FIELDS: [&str; 6] = [
    "from",
    "from_name",
    "to",
    "subject",
    "plain_subject",
    "body",
];
/// Of a field so much is looked at, in bytes.
const LOOKED_AT: usize = 16 * 1024;
/// A text that is made is no longer than this, in bytes.
const LONGEST_MADE: usize = 64 * 1024;
/// What mail programs put before the subject of an answer, or of a mail that they pass on.
const BEFORE: [&str; 10] = [
    "re", "fwd", "fw", "aw", "wg", "antw", "sv", "vs", "tr", "rv",
];

/// The fields of a mail, and what was found in it.
pub(super) type Fields = BTreeMap<String, String>;

/// Reads them.
pub(super) fn fields(letter: &Letter, address: &str) -> Fields {
    let mut to = vec![address.to_owned()];
    to.extend(letter.to.iter().map(|one| one.to_lowercase()));
    to.sort();
    to.dedup();
    let or_empty = |said: &Option<String>| said.clone().unwrap_or_default();
    let all = [
        ("from", or_empty(&letter.sender)),
        ("from_name", or_empty(&letter.name)),
        ("to", to.join(", ")),
        ("subject", letter.subject.clone()),
        ("plain_subject", plain_subject(&letter.subject).to_owned()),
        ("body", cut(&letter.text, LOOKED_AT).to_owned()),
    ];
    let clean = |said: String| cut(&said, LOOKED_AT).replace('\0', " ");
    let all = all.into_iter();
    all.map(|(name, said)| (name.to_owned(), clean(said)))
        .collect()
}

/// No more than so many bytes.
pub(super) fn cut(said: &str, limit: usize) -> &str {
    said.get(..said.floor_char_boundary(limit)).unwrap_or(said)
}

/// A subject without what says that it is an answer or was passed on: `Re: AW[2]: Fwd: Disk full` is `Disk full`.
pub(super) fn plain_subject(subject: &str) -> &str {
    let mut rest = subject.trim();
    while let Some(shorter) = without_one(rest) {
        rest = shorter;
    }
    rest
}

fn without_one(subject: &str) -> Option<&str> {
    let (before, rest) = subject.split_once(':')?;
    let before = before.trim_end();
    let word = before.trim_end_matches(|c: char| c.is_ascii_digit() || "[]()".contains(c));
    let known = BEFORE.iter().any(|one| word.eq_ignore_ascii_case(one));
    known.then(|| rest.trim_start())
}

/// A text with places in it.
#[derive(Debug)]
pub(super) struct Template(Vec<Piece>);

#[derive(Debug)]
enum Piece {
    Said(String),
    Field(String),
}

impl Template {
    /// Reads it. `found` are the names of what its rule finds.
    ///
    /// # Errors
    /// A place that nothing could stand in.
    pub(super) fn read(text: &str, found: &[&str]) -> Result<Self> {
        let (mut pieces, mut rest) = (Vec::new(), text);
        while let Some((said, behind)) = rest.split_once("{{") {
            let (name, more) = behind
                .split_once("}}")
                .context("a text in it begins a place with {{ and does not end it with }}")?;
            let name = name.trim();
            ensure!(
                FIELDS.contains(&name) || found.contains(&name),
                "nothing stands in the place {{{{{name}}}}}: there are {}, and what the rule finds",
                FIELDS.join(", ")
            );
            pieces.push(Piece::Said(said.to_owned()));
            pieces.push(Piece::Field(name.to_owned()));
            rest = more;
        }
        pieces.push(Piece::Said(rest.to_owned()));
        Ok(Self(pieces))
    }

    /// The text, with the words of a mail in its places.
    pub(super) fn said(&self, fields: &Fields) -> String {
        let mut whole = String::new();
        for piece in &self.0 {
            let said = match piece {
                Piece::Said(said) => said.as_str(),
                Piece::Field(name) => fields.get(name).map_or("", String::as_str),
            };
            whole.push_str(cut(said, LONGEST_MADE.saturating_sub(whole.len())));
        }
        whole.trim().to_owned()
    }

    /// The same on one line.
    pub(super) fn line(&self, fields: &Fields) -> String {
        one_line(&self.said(fields))
    }
}
