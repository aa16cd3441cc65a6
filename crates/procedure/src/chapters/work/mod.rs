//! Leads and remediation steps: who follows what, by when, and what came of it.
//!
//! Steps may start in any phase (M2). The gates before a start are of other chapters:
//! evidence, the IC's decision to destroy, consent to a disruption.

mod judge;
pub mod lead;
mod lists;
mod owes;
mod pace;
pub mod payload;
mod permits;
mod start;
pub mod step;
mod verify;

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use crate::at::At;
use crate::command::Command;
use crate::decide::{Decision, Refusal};
use crate::entry::{Body, Entry};
use crate::id::PersonId;
use crate::mark::Mark;
use crate::notice::{Notice, Recipient};
use crate::playbook::StepClass;
use crate::pulse::Due;

pub use lead::{Lead, LeadState};
pub use lists::{Views, deferred, leftover_leads, open_immediate, views};
pub use pace::due;
pub use step::{Step, StepState};

pub(crate) use judge::judge;
pub(crate) use owes::owes;
pub(crate) use pace::{judged_since, paced, paced_by};
pub(crate) use permits::permits;
pub(crate) use step::{add_from_template, finish_as_fact};
pub(crate) use verify::attempts;

/// This chapter's part of the case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// Lines of enquiry, in order.
    pub leads: Vec<Lead>,
    /// Remediation steps, in order.
    pub steps: Vec<Step>,
}

impl State {
    /// Folds one entry in.
    pub fn apply(&mut self, entry: &Entry) {
        match &entry.body {
            Body::LeadAdded(added) => self.leads.push(Lead::new(entry, added)),
            Body::StepAdded(added) => self.steps.push(Step::new(entry, added)),
            Body::QaSentBack(back) => {
                for step in &mut self.steps {
                    if back.steps.is_empty() || back.steps.contains(&step.id) {
                        step.reopen(entry);
                    } else {
                        step.resume(entry);
                    }
                }
            }
            Body::Reopened(_) => self.steps.iter_mut().for_each(|step| step.resume(entry)),
            Body::SpunDown(_) | Body::FalseAlarmCalled(_) | Body::Closed(_) => {
                self.steps.iter_mut().for_each(|step| step.rest(entry));
            }
            body => {
                if let Some(lead) = lead::named(body).and_then(|id| self.lead_mut(id)) {
                    lead.apply(entry);
                }
                if let Some(step) = step::named(body).and_then(|id| self.step_mut(id)) {
                    step.apply(entry);
                }
            }
        }
    }

    /// The lead of that number, such as `L-1`.
    #[must_use]
    pub fn lead(&self, id: &str) -> Option<&Lead> {
        self.leads.iter().find(|lead| lead.id == id)
    }

    /// The step of that number, such as `S-1`.
    #[must_use]
    pub fn step(&self, id: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.id == id)
    }

    /// Steps that were immediate and are deferred now, with the entry that put them off (X40).
    #[must_use]
    pub fn deferrals(&self) -> Vec<(&Step, &Mark)> {
        let deferred = self.steps.iter().filter(|step| !step.is_immediate());
        let put_off = deferred.filter_map(|step| {
            let immediate = |(_, class): &&(Mark, StepClass)| *class == StepClass::Immediate;
            step.classes.iter().find(immediate)?;
            step.classes.last().map(|(mark, _)| (step, mark))
        });
        put_off.collect()
    }

    fn lead_mut(&mut self, id: &str) -> Option<&mut Lead> {
        self.leads.iter_mut().find(|lead| lead.id == id)
    }

    fn step_mut(&mut self, id: &str) -> Option<&mut Step> {
        self.steps.iter_mut().find(|step| step.id == id)
    }
}

pub(crate) fn decide(d: &mut Decision, command: &Command) -> Option<Result<(), Refusal>> {
    let decided = match command {
        Command::AddLead(command) => lead::add(d, command),
        Command::AssignLead(command) => lead::assign(d, command),
        Command::StartLead(command) => lead::start(d, command),
        Command::FinishLead(command) => lead::finish(d, command),
        Command::DropLead(command) => lead::drop(d, command),
        Command::AddStep(command) => step::add(d, command),
        Command::AssignStep(command) => step::assign(d, command),
        Command::StartStep(command) => start::start(d, command),
        Command::FinishStep(command) => step::finish(d, command),
        Command::VerifyStep(command) => verify::verify(d, command),
        Command::ReclassifyStep(command) => step::reclassify(d, command),
        Command::DropStep(command) => step::drop(d, command),
        Command::DecideDestruction(command) => start::decide_destruction(d, command),
        _ => return None,
    };
    Some(decided)
}

pub(crate) fn dues(_: At, _: &mut Vec<Due>) {}

/// Whoever is given work hears it; whoever can verify hears that something is done (M16).
pub(crate) fn tell(at: At, entry: &Entry, out: &mut Vec<Notice>) {
    let work = &at.case.part.work;
    let own = |person: &PersonId| entry.actor.as_person() == Some(person);
    match &entry.body {
        Body::LeadAssigned(assigned) if !own(&assigned.owner) => {
            let mut notice = Notice::entry(Recipient::Person(assigned.owner.clone()));
            notice.marking = work.lead(&assigned.lead).map_or(notice.marking, |l| l.marking);
            out.push(notice);
        }
        Body::StepAssigned(assigned) => {
            let owner = assigned.owner.iter().filter(|owner| !own(owner));
            out.extend(owner.map(|owner| Notice::entry(Recipient::Person(owner.clone()))));
        }
        Body::StepFinished(finished) => {
            if let Some(step) = work.step(&finished.step) {
                let others = verify::others(at, step).into_iter();
                out.extend(others.map(|person| Notice::entry(Recipient::Person(person))));
            }
        }
        Body::StepVerified(verified) if !verified.works => {
            let Some(step) = work.step(&verified.step) else { return };
            let people: BTreeSet<&PersonId> = step.owner.iter().chain(&verified.rings).collect();
            out.extend(people.into_iter().filter(|person| !own(person)).map(|person| Notice {
                page: verified.rings.contains(person),
                ..Notice::entry(Recipient::Person(person.clone()))
            }));
        }
        _ => {}
    }
}
