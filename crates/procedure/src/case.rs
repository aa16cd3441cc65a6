//! A case: the journal folded.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::mem::discriminant;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::actor::Who;
use crate::agenda::Level;
use crate::basis::Marking;
use crate::chapters;
use crate::entry::{Body, Entry};
use crate::id::PersonId;
use crate::playbook::Severity;
use crate::rule::Rule;
use crate::switch::on;
use crate::text::Text;

/// The five statuses of a case (M2, R30).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Not yet assessed: an event.
    #[default]
    Investigating,
    /// It really happened: an incident.
    Confirmed,
    /// It did not.
    FalseAlarm,
    /// Over; waiting for review and retrospective.
    ReadyForQa,
    /// The retrospective is done.
    Closed,
}

impl Status {
    /// The response is running: neither over nor Ready for QA.
    #[must_use]
    pub const fn is_active(self) -> bool {
        matches!(self, Status::Investigating | Status::Confirmed)
    }
}

/// The phase, derived from facts (M2, R3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Until somebody answers.
    #[default]
    Initiate,
    /// Until confirmed with an initial sitrep, or a false alarm.
    Assess,
    /// Until spun down.
    Remediate,
    /// Until the report is published.
    Retrospective,
    /// Nothing is left to do.
    Done,
}

/// What a turn in the case's history changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stand {
    /// The status.
    Status(Status),
    /// The phase.
    Phase(Phase),
    /// The severity.
    Severity(Severity),
    /// Who commands.
    Ic(PersonId),
}

impl Stand {
    /// Who commands, if that is what it is about.
    fn ic(&self) -> Option<&PersonId> {
        match self {
            Stand::Ic(ic) => Some(ic),
            Stand::Status(_) | Stand::Phase(_) | Stand::Severity(_) => None,
        }
    }
}

/// A turn in the case's history: status, phase, severity or IC became another (R81).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// The entry that brought it.
    pub seq: u64,
    /// When that was recorded.
    pub at: Timestamp,
    /// By whom.
    pub by: Who,
    /// What it is from then on.
    pub what: Stand,
}

/// A gate that was passed without what it asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Waiver {
    /// The entry that says so.
    pub seq: u64,
    /// Which rule.
    pub rule: Rule,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Who,
    /// Because the severity was High or not yet assessed (M7).
    pub automatic: bool,
    /// Why, in the person's words; of an automatic one as it was explained afterwards.
    pub reason: Option<Text>,
}

/// How often somebody was prompted about one obligation, and when last.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PromptCount {
    /// The next occurrence that has not been fired.
    pub next: u32,
    /// When the last one fired.
    pub last_at: Timestamp,
    /// When that one had fallen due.
    pub last_due: Timestamp,
    /// How pressing it was.
    pub level: Level,
}

/// A case, as its journal tells it so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Case {
    /// Number of entries folded.
    pub seq: u64,
    /// When the first entry was recorded.
    pub opened_at: Timestamp,
    /// When the last entry was recorded.
    pub changed_at: Timestamp,
    /// The chapters' parts.
    pub part: chapters::Parts,
    /// How status, phase, severity and command went, in order (R81).
    pub history: Vec<Turn>,
    /// Waivers in order.
    pub waivers: Vec<Waiver>,
    /// Prompts fired, by obligation key.
    pub prompts: BTreeMap<String, PromptCount>,
    /// When each person last heard an audible prompt of this case (M20).
    pub heard_at: BTreeMap<PersonId, Timestamp>,
    /// When each person last did something here.
    pub acted_at: BTreeMap<PersonId, Timestamp>,
}

/// Folds a whole journal into a case.
#[must_use]
pub fn fold<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Case {
    let mut case = Case::default();
    for entry in entries {
        case.apply(entry);
    }
    case
}

impl Case {
    /// Folds one more entry in.
    pub fn apply(&mut self, entry: &Entry) {
        if self.seq == 0 {
            self.opened_at = entry.recorded_at;
        }
        self.seq = entry.seq;
        self.changed_at = entry.recorded_at;
        if let Some(person) = entry.actor.as_person() {
            // Of many entries few are somebody's first: a name is copied for those alone.
            match self.acted_at.get_mut(person) {
                Some(at) => *at = entry.recorded_at,
                None => drop(self.acted_at.insert(person.clone(), entry.recorded_at)),
            }
        }
        match &entry.body {
            Body::Waived(waived) => self.waivers.push(Waiver {
                seq: entry.seq,
                rule: waived.rule,
                at: entry.recorded_at,
                by: entry.actor.who.clone(),
                automatic: waived.automatic,
                reason: waived.reason.clone(),
            }),
            Body::DeviationExplained(explained) => {
                let of_rule = |waiver: &&mut Waiver| {
                    waiver.automatic && waiver.rule.id() == explained.deviation
                };
                let waivers = self.waivers.iter_mut().filter(of_rule);
                for waiver in waivers.filter(|waiver| waiver.reason.is_none()) {
                    waiver.reason = Some(explained.reason.clone());
                }
            }
            Body::Prompted(prompted) => {
                let count = self.prompts.entry(prompted.key.clone()).or_default();
                count.next = prompted.occurrence + 1;
                count.last_at = entry.recorded_at;
                count.last_due = prompted.due_at;
                count.level = prompted.level;
                if prompted.audible {
                    for person in &prompted.to {
                        self.heard_at.insert(person.clone(), entry.recorded_at);
                    }
                }
            }
            Body::StepVerified(verified) => {
                let rung = verified.rings.iter().cloned();
                self.heard_at
                    .extend(rung.map(|person| (person, entry.recorded_at)));
            }
            body => {
                if let Some(person) = chapters::commander::rung(body) {
                    self.heard_at.insert(person.clone(), entry.recorded_at);
                }
            }
        }
        self.part.apply(entry);
        self.turn(entry);
    }

    /// Writes down what became another with this entry.
    fn turn(&mut self, entry: &Entry) {
        // After most entries the same person commands, and nobody's name is copied.
        let ic = self
            .ic()
            .filter(|ic| self.last_turn(Stand::ic) != Some(*ic));
        let ic = ic.cloned().map(Stand::Ic);
        let status = Stand::Status(self.status());
        let severity = Stand::Severity(self.part.assess.severity);
        let phase = Stand::Phase(self.phase());
        for what in ic.into_iter().chain([status, severity, phase]) {
            let sort = discriminant(&what);
            let known = self.last_turn(|known| (discriminant(known) == sort).then_some(known));
            if known != Some(&what) {
                self.history.push(Turn {
                    seq: entry.seq,
                    at: entry.recorded_at,
                    by: entry.actor.who.clone(),
                    what,
                });
            }
        }
    }

    /// What the last turn brought that is of this sort.
    fn last_turn<'a, T>(&'a self, of_sort: impl Fn(&'a Stand) -> Option<&'a T>) -> Option<&'a T> {
        let mut back = self.history.iter().rev();
        back.find_map(|turn| of_sort(&turn.what))
    }

    /// Whether anything has been reported yet.
    #[must_use]
    pub fn exists(&self) -> bool {
        self.seq > 0
    }

    /// The IC of record now (invariant 1).
    #[must_use]
    pub fn ic(&self) -> Option<&PersonId> {
        self.part.commander.ic()
    }

    /// Whether the case is over for the engine: false alarm, closed, or part of another.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.is_merged() || matches!(self.status(), Status::FalseAlarm | Status::Closed)
    }

    /// Whether the case ended as part of another (R29).
    #[must_use]
    pub fn is_merged(&self) -> bool {
        self.part.intake.merged_into.is_some()
    }

    /// Whether the response is running: neither over nor Ready for QA. Afterwards nobody is
    /// paged, and no cadence or shift goes on (R72).
    #[must_use]
    pub fn is_active(&self) -> bool {
        let running = self.status().is_active() || !on(Rule::R72);
        self.exists() && running && !self.is_merged()
    }

    /// The waiver of a rule, if there is one.
    #[must_use]
    pub fn waiver(&self, rule: Rule) -> Option<&Waiver> {
        self.waivers.iter().find(|waiver| waiver.rule == rule)
    }

    /// The status (R30).
    #[must_use]
    pub fn status(&self) -> Status {
        self.part.assess.status
    }

    /// What it is called: an event until confirmed, an incident from then on (R31).
    #[must_use]
    pub fn noun(&self) -> &'static str {
        match self.status() {
            Status::Investigating | Status::FalseAlarm if on(Rule::R31) => "event",
            _ => "incident",
        }
    }

    /// How far the case's words may travel; a restricted case is marked RED (R21).
    #[must_use]
    pub fn marking(&self) -> Marking {
        let secrecy = &self.part.secrecy;
        if secrecy.restricted {
            Marking::Red
        } else {
            secrecy.marking
        }
    }

    /// The phase, from facts alone (M2).
    #[must_use]
    pub fn phase(&self) -> Phase {
        match self.status() {
            _ if self.is_merged() => Phase::Done,
            Status::FalseAlarm | Status::Closed => Phase::Done,
            Status::ReadyForQa => Phase::Retrospective,
            Status::Investigating | Status::Confirmed if self.ic().is_none() => Phase::Initiate,
            Status::Confirmed if self.part.sitreps.has_initial() => Phase::Remediate,
            Status::Investigating | Status::Confirmed => Phase::Assess,
        }
    }
}
