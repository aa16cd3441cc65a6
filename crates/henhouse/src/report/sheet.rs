//! A document about a case, on paper or on a screen: what stands at its top and its end.

use jiff::Timestamp;
use procedure::at::At;
use procedure::project::Directory;
use procedure::{Basis, Case};

use super::timeline::Log;
use super::{Names, Times, marking};

/// Everything that a document may draw on.
#[derive(Clone, Copy)]
pub struct Sheet<'a> {
    /// The number that people say, such as `HH-142`.
    pub number: &'a str,
    /// A drill: said first.
    pub drill: bool,
    /// The case, texts readable.
    pub case: &'a Case,
    /// The basis in force.
    pub basis: &'a Basis,
    /// Names of the project's people.
    pub directory: &'a Directory,
    /// When it is printed.
    pub now: Timestamp,
    /// The case's page, written out.
    pub link: &'a str,
    /// Hash of the journal's last entry, in hex.
    pub head: &'a str,
}

impl<'a> Sheet<'a> {
    /// What ids mean.
    #[must_use]
    pub fn names(&self) -> Names<'a> {
        Names::new(self.directory)
    }

    /// Times as seen when it is printed, in the project's zone.
    #[must_use]
    pub fn times(&self) -> Times {
        Times::new(self.basis.project.calendar.rules().clone(), self.now)
    }

    /// The log in sentences.
    #[must_use]
    pub fn log(&self) -> Log<'a> {
        Log::new(self.case, self.basis, self.directory, self.now)
    }

    pub(super) fn at(&self) -> At<'a> {
        At::new(self.case, self.basis, self.now)
    }

    /// The first lines of a document: drill, its name, what it is about, its marking.
    pub(super) fn heading(&self, name: &str) -> String {
        let drill = if self.drill {
            "DRILL. This is an exercise: nothing here is real.\n\n"
        } else {
            ""
        };
        let title = super::title(self.case).unwrap_or_else(|| "(title withheld)".to_owned());
        format!(
            "{drill}# {name}: {} {title}\n\n{}: {}\n",
            self.number,
            marking::word(self.case.marking()),
            marking::meaning(self.case.marking())
        )
    }

    /// The last lines: as of when, from which entry, where to look.
    pub(super) fn footer(&self) -> String {
        let head = match self.head {
            "" => String::new(),
            head => format!(", {head}"),
        };
        format!(
            "\n---\n{}, as of {}. Times in {}.\nJournal entry {}{head}\n{}\n",
            self.number,
            self.times().dated(self.now),
            self.basis.project.calendar.zone(),
            self.case.seq,
            self.link
        )
    }
}

/// `## Title` and its lines as a list; a sentence where there are none.
pub(super) fn section(title: &str, lines: &[String], empty: &str) -> String {
    if lines.is_empty() {
        return format!("\n## {title}\n\n{empty}\n");
    }
    let list: Vec<String> = lines.iter().map(|line| format!("- {line}")).collect();
    format!("\n## {title}\n\n{}\n", list.join("\n"))
}
