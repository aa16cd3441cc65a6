//! Situation reports and their cadence.

mod cadence;
mod clock;
mod judge;
mod owes;
mod panel;
mod payload;
mod publish;
mod recipients;
mod state;

use alloc::vec::Vec;

use crate::agenda::Permit;
use crate::at::At;
use crate::command::Command;
use crate::decide::{Decision, Refusal};
use crate::entry::{Body, Entry};
use crate::notice::Notice;
use crate::pulse::Due;

pub use clock::{Next, choice, rule_of};
pub use recipients::{audience, outsiders};
pub use panel::{Line, Panel, Part, Shift};
pub use payload::{
    AddStakeholder, Audience, CadenceChanged, ChangeCadence, Moved, PublishSitrep, RemoveStakeholder,
    SitrepPublished, StakeholderAdded, StakeholderRemoved,
};
pub use state::{Choice, Sitrep, State};

pub(crate) use judge::judge;
pub(crate) use owes::owes;

/// The sitrep that is owed next: the final one, or the next of the cadence.
#[must_use]
pub fn due(at: At) -> Option<Next> {
    owes::closing(at).or_else(|| clock::next(at))
}

pub(crate) fn decide(d: &mut Decision, command: &Command) -> Option<Result<(), Refusal>> {
    let decided = match command {
        Command::PublishSitrep(sitrep) => publish::publish(d, sitrep),
        Command::ChangeCadence(change) => cadence::change(d, change),
        Command::AddStakeholder(add) => recipients::add(d, add),
        Command::RemoveStakeholder(remove) => recipients::remove(d, remove),
        _ => return None,
    };
    Some(decided)
}

pub(crate) fn dues(_: At, _: &mut Vec<Due>) {}

/// Once contained the gentler cadence is offered (M19).
pub(crate) fn permits(at: At, out: &mut Vec<Permit>) {
    if let Some(like) = cadence::offered(at) {
        out.push(Permit {
            command: "change_cadence",
            on: None,
            rule: rule_of(at.case.part.assess.severity),
            allowed: Some(alloc::format!(
                "It is contained: sitreps may come as seldom as at {}.",
                like.word()
            )),
            refused: None,
        });
    }
}

/// A sitrep goes to its recipients.
pub(crate) fn tell(_: At, entry: &Entry, out: &mut Vec<Notice>) {
    if let Body::SitrepPublished(sitrep) = &entry.body {
        out.extend(sitrep.recipients.iter().map(|to| {
            let mut notice = Notice::entry(to.clone());
            notice.marking = sitrep.marking;
            notice
        }));
    }
}
