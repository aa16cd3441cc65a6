//! The activity log in sentences, one for each kind of entry. Pages, command line, mails and
//! exports say the same.

mod assess;
mod calling;
pub(super) mod closing;
pub(super) mod command;
mod contingency;
mod disruption;
mod endurance;
mod evidence;
pub(super) mod handover;
mod intake;
mod record;
pub(super) mod retrospective;
mod secrecy;
mod sitreps;
mod work;

use jiff::Timestamp;
use jiff::civil::Date;
use procedure::playbook::Playbook;
use procedure::project::Directory;
use procedure::{Basis, Body, Case, Entry, Text};

use super::{Names, Times, text};

/// Tells the entries of one case in sentences.
#[derive(Clone, Debug)]
pub struct Log<'a> {
    case: &'a Case,
    playbook: &'a Playbook,
    names: Names<'a>,
    times: Times,
}

/// An entry as a page tells it, below the day on which it was written down.
#[derive(Clone, Debug)]
pub struct Told {
    /// Its number.
    pub seq: u64,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// On which day that was.
    pub date: Date,
    /// At which hour, in words.
    pub at: String,
    /// What it says.
    pub words: String,
    /// People who read what happened can do without it.
    pub goes_without_saying: bool,
    /// It says that the project changed.
    pub of_project: bool,
}

/// One entry on its way into a sentence.
struct Teller<'a> {
    case: &'a Case,
    playbook: &'a Playbook,
    names: Names<'a>,
    times: &'a Times,
    /// Whoever acted, at the beginning of a sentence.
    who: String,
}

type Says = fn(&Teller, &Body) -> Option<String>;

/// The chapters that have words.
const CHAPTERS: &[Says] = &[
    intake::says,
    calling::says,
    command::says,
    handover::says,
    endurance::says,
    assess::says,
    sitreps::says,
    evidence::says,
    work::says,
    disruption::says,
    contingency::says,
    closing::says,
    retrospective::says,
    secrecy::says,
    record::says,
];

impl<'a> Log<'a> {
    /// The log of this case, as seen at `now` in the project's zone.
    #[must_use]
    pub fn new(case: &'a Case, basis: &'a Basis, directory: &'a Directory, now: Timestamp) -> Self {
        Self {
            case,
            playbook: &basis.playbook,
            names: Names::new(directory),
            times: Times::new(basis.project.calendar.rules().clone(), now),
        }
    }

    /// Whether people who read what happened can do without it: the project changed in something
    /// that the case does not look at.
    #[must_use]
    pub fn goes_without_saying(entry: &Entry) -> bool {
        matches!(&entry.body, Body::BasisChanged(changed) if changed.matters.is_empty())
    }

    /// What the entry says, in a sentence or two.
    #[must_use]
    pub fn sentence(&self, entry: &Entry) -> String {
        self.known(entry).unwrap_or_else(|| {
            let kind = entry.body.kind().replace('_', " ");
            format!("{}: {kind}.", self.names.who(&entry.actor.who))
        })
    }

    /// One line of the log: when it was written down, and what. A claimed time is said with
    /// how sure it is.
    #[must_use]
    pub fn line(&self, entry: &Entry) -> String {
        let recorded = self.times.stamp(entry.recorded_at);
        format!("{recorded}  {}", self.with_claim(entry))
    }

    /// The sentence, and the time that was claimed where that is another one.
    #[must_use]
    pub fn with_claim(&self, entry: &Entry) -> String {
        let said = self.sentence(entry);
        match &entry.happened_at {
            Some(when) => format!("{said} (Time given: {}.)", self.times.claimed(when)),
            None => said,
        }
    }

    /// The entry as a page tells it.
    #[must_use]
    pub fn told(&self, entry: &Entry) -> Told {
        let recorded_at = entry.recorded_at;
        Told {
            seq: entry.seq,
            recorded_at,
            date: self.times.date(recorded_at),
            at: self.times.hour(recorded_at),
            words: self.with_claim(entry),
            goes_without_saying: Self::goes_without_saying(entry),
            of_project: matches!(entry.body, Body::BasisChanged(_)),
        }
    }

    /// The sentence, if this kind has words.
    pub(super) fn known(&self, entry: &Entry) -> Option<String> {
        let teller = Teller {
            case: self.case,
            playbook: self.playbook,
            names: self.names,
            times: &self.times,
            who: self.names.who(&entry.actor.who),
        };
        CHAPTERS.iter().find_map(|says| says(&teller, &entry.body))
    }
}

impl Teller<'_> {
    /// `step S-1 ("Fix the fence")`.
    fn step(&self, id: &str) -> String {
        let step = self.case.part.work.step(id);
        named("step", id, step.map(|step| &step.text))
    }

    /// `lead L-1 ("A fox was seen")`.
    fn lead(&self, id: &str) -> String {
        let lead = self.case.part.work.lead(id);
        named("lead", id, lead.map(|lead| &lead.text))
    }

    /// `disruption D-1 ("Close the road")`.
    fn disruption(&self, id: &str) -> String {
        let found = self.case.part.disruption.find(id);
        named("disruption", id, found.map(|found| &found.text))
    }
}

/// The longest name of a thing within a sentence, in characters.
const NAME_LIMIT: usize = 80;

fn named(what: &str, id: &str, words: Option<&Text>) -> String {
    match words.and_then(Text::plain) {
        Some(words) => format!(
            "{what} {id} (\"{}\")",
            super::subject::cut(words, NAME_LIMIT)
        ),
        None => format!("{what} {id}"),
    }
}

/// `: "…"` after a sentence, with the words in quotes; a full stop where there is no text.
fn quoted(words: Option<&Text>) -> String {
    match words {
        Some(words) => format!(": \"{}\"", one_line(words)),
        None => ".".to_owned(),
    }
}

/// `, because: "…"`; a full stop where no reason was given.
fn because(reason: Option<&Text>) -> String {
    match reason {
        Some(reason) => format!(", because: \"{}\"", one_line(reason)),
        None => ".".to_owned(),
    }
}

/// A text in one line: the log is a list.
fn one_line(words: &Text) -> String {
    let words = text(words);
    let mut line = String::with_capacity(words.len());
    for word in words.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}
