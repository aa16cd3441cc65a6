//! All wording: what people read in mails, documents and pages, from the case and its notices.
//! Pure: no store, no network, no clock. What is said here is frozen when its cause is written.
//!
//! Plain, short, kind: somebody reads it at three in the morning. Each mail says what is asked
//! of its reader, by when, and how to settle it, in that order, with one link.

pub mod access;
pub mod actions;
mod assessed;
mod body;
pub mod briefing;
pub mod bundle;
pub mod by_hand;
pub mod calendar;
pub mod causes;
pub mod checklist;
mod closing;
pub mod conformance;
pub mod defang;
pub mod device;
mod disruption;
pub mod draft;
pub mod drills;
pub mod figures;
pub mod forms;
mod general;
mod handover;
mod hold;
pub mod invitation;
mod language;
pub mod letter;
pub mod lint;
pub mod mail;
pub mod mailbox;
pub mod marking;
pub mod message;
pub mod ncco;
pub mod nearest;
mod outside;
mod page;
pub mod people;
pub mod phone;
mod prompt;
pub mod push;
pub mod qr;
pub mod questions;
pub mod queue;
pub mod report_form;
mod reporter;
pub mod retrospective;
pub mod review;
pub mod routes;
pub mod shadow;
mod sheet;
pub mod sitrep;
pub mod spoken;
mod standdown;
pub mod status;
mod subject;
mod thanks;
pub mod time;
pub mod timeline;
pub mod to_do;
pub mod translated;
pub mod trial;
pub mod trouble;
mod turns;
pub mod typed;
pub mod voicemail;
pub mod warning;

/// Scenarios of the procedure, played for the tests of what is printed and drawn.
#[cfg(test)]
#[path = "../../../procedure/tests/stage/mod.rs"]
pub(crate) mod stage;
#[cfg(test)]
mod tests;

use procedure::playbook::Severity;
use procedure::project::Directory;
use procedure::{Basis, Case, Entry, Recipient, Text};

pub use language::Language;
pub use people::Names;
pub use sheet::Sheet;
pub use subject::{GLANCE_LIMIT, SUBJECT_LIMIT};
pub use time::Times;

/// The severity as sentences say it, everywhere the same. A subject alone shouts it.
pub(crate) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Unknown => "not assessed",
        other => other.word(),
    }
}

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
    /// Hash of the journal's entry that this is about, in hex: each mailbox is a witness of it.
    pub head: &'a str,
}

impl<'a> Scene<'a> {
    /// What ids mean.
    #[must_use]
    pub fn names(&self) -> Names<'a> {
        Names::new(self.directory)
    }

    /// Whoever reads this, at a command line.
    fn hand<'b>(&'b self, to: &'b Recipient) -> by_hand::Hand<'b> {
        by_hand::Hand {
            number: self.number,
            case: self.case,
            basis: self.basis,
            now: self.entry.recorded_at,
            person: match to {
                Recipient::Person(person) => Some(person),
                _ => None,
            },
        }
    }

    /// The log of the case, as seen when the entry was written.
    #[must_use]
    pub fn log(&self) -> timeline::Log<'a> {
        timeline::Log::new(
            self.case,
            self.basis,
            self.directory,
            self.entry.recorded_at,
        )
    }

    /// Times as seen when the entry was written, in the project's zone.
    #[must_use]
    pub fn times(&self) -> Times {
        let zone = self.basis.project.calendar.rules().clone();
        Times::new(zone, self.entry.recorded_at)
    }
}

/// Addresses of pages, complete.
#[derive(Clone, Debug, Default)]
pub struct Links {
    /// The case, for those who sign in.
    pub case: String,
    /// The reporter's receipt.
    pub receipt: Option<String>,
    /// The questions about a suspicious mail, which anybody may answer.
    pub suspicious: String,
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
    let intake = &case.part.intake;
    let report = &intake.reports.first()?.report;
    let words = intake.title.as_ref().unwrap_or(&report.text).plain()?;
    let line = words.lines().find(|line| !line.trim().is_empty())?;
    Some(subject::cut(line, TITLE_LIMIT))
}

/// The words of a text, or that they are not there: sealed for this reader, or erased.
fn text(text: &Text) -> &str {
    text.plain().map_or("(text withheld)", str::trim)
}
