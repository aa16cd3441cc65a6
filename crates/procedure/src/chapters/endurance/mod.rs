//! When it takes long: hours, forecasts, shifts, rotation.
//!
//! Shifts warn and are recorded; they never refuse (M18). Who is on shift at an instant
//! is derived from the shifts planned, never stored.

mod judge;
mod limits;
mod plan;
mod rota;
mod shifts;
mod stretch;

use alloc::vec::Vec;

use jiff::Timestamp;

use crate::agenda::{Obligation, Permit};
use crate::at::At;
use crate::command::Command;
use crate::decide::{Decision, Refusal};
use crate::entry::{Body, Entry};
use crate::id::PersonId;
use crate::notice::{Notice, Recipient};
use crate::playbook::{Response, Severity};
use crate::pulse::Due;

pub(crate) use judge::judge;
pub use plan::{
    Forecast, ForecastRecorded, LongPlanned, Mode, Opened, Plan, PlanLongRemediation, PlanOpened,
    RecordForecast, suggested,
};
pub use limits::{Working, working};
pub use rota::{people_for_a_rota, rota};
pub use shifts::{
    CancelShift, PlanShift, SendHome, SentHome, Shift, ShiftAs, ShiftCancelled, ShiftPlanned, Strain,
    gaps, strains,
};
pub(crate) use shifts::{awake, on_shift};

/// This chapter's part of the case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// How long people thought that it would take, in order.
    pub forecasts: Vec<Forecast>,
    /// The plan for a long remediation was opened (R67).
    pub opened: Option<Opened>,
    /// Every plan made, the last one in force (R68).
    pub plans: Vec<Plan>,
    /// What was planned before the case was reopened: it binds nobody any more (X37).
    pub earlier: Vec<Planned>,
    /// Every shift planned, the cancelled ones included; numbered from 1.
    pub shifts: Vec<Shift>,
}

/// What was planned between two reopenings.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned {
    /// It was opened.
    pub opened: Option<Opened>,
    /// Every plan made.
    pub plans: Vec<Plan>,
}

impl State {
    /// Folds one entry in.
    pub fn apply(&mut self, entry: &Entry) {
        let (seq, at) = (entry.seq, entry.recorded_at);
        match &entry.body {
            Body::ForecastRecorded(forecast) => self.forecasts.push(Forecast {
                seq,
                at,
                minutes: forecast.minutes,
            }),
            Body::PlanOpened(opened) => {
                let forecast = opened.forecast;
                self.opened = Some(Opened { seq, at, forecast });
            }
            Body::LongPlanned(planned) => self.plans.push(Plan {
                seq,
                at,
                by: entry.actor.who.clone(),
                mode: planned.mode,
                severity: planned.severity,
                breach_ongoing: planned.breach_ongoing,
                reason: planned.reason.clone(),
                next_ic: planned.next_ic.clone(),
            }),
            Body::Reopened(_) if !self.plans.is_empty() => {
                let (opened, plans) = (self.opened.take(), core::mem::take(&mut self.plans));
                self.earlier.push(Planned { opened, plans });
            }
            Body::ShiftPlanned(planned) => self.shifts.push(Shift {
                seq,
                planned_at: at,
                person: planned.person.clone(),
                from: planned.from,
                until: planned.until,
                duty: planned.duty,
                over_minutes: planned.over_minutes,
                rest_short_minutes: planned.rest_short_minutes,
                cancelled: false,
            }),
            Body::ShiftCancelled(cancelled) => {
                if let Some(shift) = self.shift(cancelled.shift) {
                    shift.end_at(at);
                }
            }
            _ => {}
        }
    }

    fn shift(&mut self, number: u32) -> Option<&mut Shift> {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        self.shifts.get_mut(index)
    }

    /// Every plan ever made.
    pub fn all_plans(&self) -> impl Iterator<Item = &Plan> {
        self.earlier.iter().flat_map(|life| &life.plans).chain(&self.plans)
    }

    /// The plan in force.
    #[must_use]
    pub fn plan(&self) -> Option<&Plan> {
        self.plans.last()
    }
}

/// Which time counts for this case now: as the plan says, else as the severity does; once
/// contained, as the severity says for that (R68, R92, M6).
#[must_use]
pub fn hours(at: At) -> Response {
    let severity = at.case.part.assess.severity;
    let policy = at.playbook().severities.policy(severity);
    if at.case.part.milestones.is_calm() {
        return policy.response_after_contained;
    }
    let plan = at.case.part.endurance.plan();
    plan.map_or(policy.response, |plan| plan.mode)
}

/// The response is running and nothing is contained or resolved yet.
fn is_hot(at: At) -> bool {
    at.case.is_active() && !at.case.part.milestones.is_calm()
}

/// People work around the clock now.
fn around_the_clock(at: At) -> bool {
    is_hot(at) && hours(at) == Response::AroundTheClock
}

/// Somebody else could take a turn: a team of one has nobody to rotate with (M16).
fn has_others(at: At) -> bool {
    crate::chapters::calling::team(at).len() > 1 || at.case.part.commander.responders.len() > 1
}

/// Who commands next, as planned: the plan's next IC, else the next shift as IC.
#[must_use]
pub fn successor(at: At) -> Option<PersonId> {
    let endurance = &at.case.part.endurance;
    let not_ic = |person: &&PersonId| Some(*person) != at.case.ic();
    let coming = endurance
        .shifts
        .iter()
        .filter(|shift| !shift.cancelled && shift.duty == ShiftAs::Ic && shift.until > at.now);
    let next = coming
        .filter(|shift| not_ic(&&shift.person))
        .min_by_key(|shift| shift.from)
        .map(|shift| &shift.person);
    let planned = endurance.plan().and_then(|plan| plan.next_ic.as_ref());
    next.or_else(|| planned.filter(not_ic)).cloned()
}

pub(crate) fn decide(d: &mut Decision, command: &Command) -> Option<Result<(), Refusal>> {
    Some(match command {
        Command::RecordForecast(forecast) => plan::forecast(d, forecast),
        Command::PlanLongRemediation(long) => plan::plan(d, long),
        Command::PlanShift(shift) => shifts::plan(d, shift),
        Command::CancelShift(cancel) => shifts::cancel(d, cancel),
        Command::SendHome(send) => shifts::send_home(d, send),
        _ => return None,
    })
}

pub(crate) fn owes(at: At, out: &mut Vec<Obligation>) {
    plan::owes(at, out);
    shifts::owes(at, out);
    limits::owes(at, out);
}

pub(crate) fn dues(at: At, out: &mut Vec<Due>) {
    plan::dues(at, out);
}

pub(crate) fn permits(_: At, _: &mut Vec<Permit>) {}

/// The IC hears that a plan is due, the team what was planned, each person their shifts.
pub(crate) fn tell(at: At, entry: &Entry, out: &mut Vec<Notice>) {
    let to: Vec<PersonId> = match &entry.body {
        Body::PlanOpened(_) => at.case.ic().cloned().into_iter().collect(),
        Body::LongPlanned(_) => at.case.part.commander.responders.keys().cloned().collect(),
        Body::ShiftPlanned(shift) => alloc::vec![shift.person.clone()],
        Body::ShiftCancelled(cancelled) => alloc::vec![cancelled.person.clone()],
        Body::SentHome(sent) => alloc::vec![sent.person.clone()],
        _ => return,
    };
    let others = to
        .into_iter()
        .filter(|p| Some(p) != entry.actor.as_person());
    out.extend(others.map(|person| Notice::entry(Recipient::Person(person))));
}

/// A length in whole minutes, rounded up; nought if it is negative.
fn whole_minutes(from: Timestamp, until: Timestamp) -> u32 {
    let seconds = until.duration_since(from).as_secs().max(0);
    u32::try_from((seconds + 59) / 60).unwrap_or(u32::MAX)
}

/// Severity as the plan weighed it, for entries that predate the field.
fn unknown() -> Severity {
    Severity::Unknown
}
