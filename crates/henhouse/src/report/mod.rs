//! All wording: what people read in mails and pages, from the case and its notices.
//! Pure: no store, no network, no clock. What is said here is frozen when its cause is written.

pub mod letter;
pub mod mail;
pub mod message;

use procedure::project::Directory;
use procedure::{Basis, Case, Entry};

/// Everything a sentence may draw on.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// The number that people say, such as `HH-142`.
    pub number: &'a str,
    /// A drill: said first in everything.
    pub drill: bool,
    /// The case after the entry, texts readable.
    pub case: &'a Case,
    /// The basis in force.
    pub basis: &'a Basis,
    /// Names and addresses of the project's people.
    pub directory: &'a Directory,
    /// What it is about.
    pub entry: &'a Entry,
    /// Where to go.
    pub links: &'a Links,
}

/// Addresses of pages, complete.
#[derive(Clone, Debug, Default)]
pub struct Links {
    /// The case, for those who sign in.
    pub case: String,
    /// The reporter's receipt.
    pub receipt: Option<String>,
    /// The page on which this person takes it or passes it on.
    pub act: Option<String>,
}

/// A message in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// Subject, the same for all mails of a case of one sort, so that they stay one thread.
    pub subject: String,
    /// The text.
    pub text: String,
    /// What may be said where the content may not go.
    pub bare: letter::Bare,
}

/// The longest title in lists, in characters.
const TITLE_LIMIT: usize = 80;

/// What the case is called: its title, else the beginning of the report.
#[must_use]
pub fn title(case: &Case) -> Option<String> {
    let report = &case.part.intake.reports.first()?.report;
    let words = report.title.as_ref().unwrap_or(&report.text).plain()?;
    let line = words.lines().find(|line| !line.trim().is_empty())?.trim();
    if line.chars().count() <= TITLE_LIMIT {
        return Some(line.to_owned());
    }
    let cut: String = line.chars().take(TITLE_LIMIT - 1).collect();
    Some(format!("{}…", cut.trim_end()))
}
