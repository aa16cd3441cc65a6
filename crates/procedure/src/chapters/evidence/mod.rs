//! Suspicion, exhibits, evidence lists and holds: state is captured before it is changed.
//!
//! An isolation keeps the machine running and wants no evidence first (M9).

pub mod exhibit;
pub mod hold;
mod judge;
mod kept;
pub mod suspicion;
mod tasks;

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use jiff::Timestamp;

use crate::agenda::{Obligation, Permit};
use crate::at::At;
use crate::command::Command;
use crate::decide::{Decision, Refusal};
use crate::entry::{Body, Entry};
use crate::id::PersonId;
use crate::notice::{Notice, Recipient};
use crate::pulse::Due;

pub use exhibit::{Answered, Exhibit};
pub use hold::Hold;
pub use kept::{is_wanted, kept_before};
pub use suspicion::{Span, Suspicion, is_suspicious, spans};
pub use tasks::{AssignCapture, CaptureAssigned, WantedItem, next_item, wanted};

pub(crate) use judge::judge;
pub(crate) use suspicion::raise_by_signs;
pub(crate) use tasks::class_of;

/// This chapter's part of the case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// Each time the flag went up, in order.
    pub suspicions: Vec<Suspicion>,
    /// Each time it went down: when, by which entry.
    pub cleared: Vec<(Timestamp, u64)>,
    /// What was captured, in order.
    pub exhibits: Vec<Exhibit>,
    /// Items of the evidence lists that were answered, in order (M21).
    pub answered: Vec<Answered>,
    /// Who captures what, by class of asset.
    pub capturers: BTreeMap<String, PersonId>,
    /// Orders to leave things alone, in order.
    pub holds: Vec<Hold>,
}

impl State {
    /// Folds one entry in.
    pub fn apply(&mut self, entry: &Entry) {
        match &entry.body {
            Body::SuspicionRaised(raised) => self.suspicions.push(Suspicion::new(entry, raised)),
            Body::SuspicionCleared(_) => {
                self.cleared.push((entry.recorded_at, entry.seq));
                let up = self.suspicions.iter_mut().filter(|s| s.cleared.is_none());
                up.for_each(|suspicion| suspicion.clear(entry));
            }
            Body::ExhibitAdded(added) => self.exhibits.push(Exhibit::new(entry, added)),
            Body::EvidenceItemRecorded(item) => self.answered.push(Answered::new(entry, item)),
            Body::CaptureAssigned(assigned) => {
                self.capturers.insert(assigned.class.clone(), assigned.owner.clone());
            }
            Body::HoldPlaced(placed) => self.holds.push(Hold::new(entry, placed)),
            body => {
                if let Some(id) = hold::named(body) {
                    let hold = self.holds.iter_mut().find(|hold| hold.id == id);
                    hold.into_iter().for_each(|hold| hold.apply(entry));
                }
            }
        }
    }

    /// The exhibit of that number, such as `E-1`.
    #[must_use]
    pub fn exhibit(&self, id: &str) -> Option<&Exhibit> {
        self.exhibits.iter().find(|exhibit| exhibit.id == id)
    }

    /// Holds in force (X42, X43).
    pub fn holds_in_force(&self) -> impl Iterator<Item = &Hold> {
        self.holds.iter().filter(|hold| hold.released.is_none())
    }
}

pub(crate) fn decide(d: &mut Decision, command: &Command) -> Option<Result<(), Refusal>> {
    let decided = match command {
        Command::RaiseSuspicion(command) => suspicion::raise(d, command),
        Command::ClearSuspicion(command) => suspicion::clear(d, command),
        Command::AddExhibit(command) => exhibit::add(d, command),
        Command::RecordEvidenceItem(command) => exhibit::answer(d, command),
        Command::AssignCapture(command) => tasks::assign(d, command),
        Command::PlaceHold(command) => hold::place(d, command),
        Command::AcknowledgeHold(command) => hold::acknowledge(d, command),
        Command::ReleaseHold(command) => hold::release(d, command),
        _ => return None,
    };
    Some(decided)
}

pub(crate) fn owes(at: At, out: &mut Vec<Obligation>) {
    tasks::owes(at, out);
    hold::owes(at, out);
}

pub(crate) fn dues(_: At, _: &mut Vec<Due>) {}

pub(crate) fn permits(_: At, _: &mut Vec<Permit>) {}

/// The response hears of a suspicion, whoever captures of the task, named people of a hold.
pub(crate) fn tell(at: At, entry: &Entry, out: &mut Vec<Notice>) {
    let holds = &at.case.part.evidence.holds;
    let held = |id: &str| {
        let hold = holds.iter().find(|hold| hold.id == id);
        hold.map(|hold| hold.people.iter().cloned().collect()).unwrap_or_default()
    };
    let to: Vec<PersonId> = match &entry.body {
        Body::SuspicionRaised(_) => {
            at.case.part.commander.responders.keys().cloned().collect()
        }
        Body::CaptureAssigned(assigned) => alloc::vec![assigned.owner.clone()],
        Body::HoldPlaced(placed) => held(&placed.hold),
        Body::HoldReleased(released) => held(&released.hold),
        _ => return,
    };
    let others = to.into_iter().filter(|person| entry.actor.as_person() != Some(person));
    out.extend(others.map(|person| Notice::entry(Recipient::Person(person))));
}
