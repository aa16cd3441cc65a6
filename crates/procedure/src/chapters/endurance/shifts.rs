//! Shifts of about three hours, and who is asleep (R69, M18). They warn and are recorded;
//! they never refuse.

use alloc::format;
use alloc::vec::Vec;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Plan, around_the_clock, has_others, hours, stretch, whole_minutes};
use crate::agenda::{Obligation, Owner};
use crate::at::{At, after, minutes};
use crate::decide::{Decision, Refusal};
use crate::id::PersonId;
use crate::playbook::Response;
use crate::rule::Rule;
use crate::switch::on;

/// Plan a shift.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PlanShift {
    /// Who works.
    pub person: PersonId,
    /// From this instant on.
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub from: Timestamp,
    /// Up to, not including.
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub until: Timestamp,
    /// As IC or as responder.
    #[serde(default, rename = "as")]
    pub duty: ShiftAs,
}

/// As what somebody works a shift.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ShiftAs {
    /// Commands. Command itself moves by hand-over, not by the clock.
    Ic,
    /// Responds.
    #[default]
    Responder,
}

/// Cancel a planned shift.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CancelShift {
    /// Which; shifts are numbered from 1.
    pub shift: u32,
}

/// Send somebody home to rest. They leave the response and may come back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SendHome {
    /// Who.
    pub person: PersonId,
}

/// Entry: a shift was planned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShiftPlanned {
    /// Its number, from 1.
    pub shift: u32,
    /// Who works.
    pub person: PersonId,
    /// From this instant on.
    pub from: Timestamp,
    /// Up to, not including.
    pub until: Timestamp,
    /// As what.
    pub duty: ShiftAs,
    /// A warning: minutes beyond the playbook's length, the overlap not counted.
    #[serde(default)]
    pub over_minutes: u32,
    /// A warning: minutes of rest that are missing before or after it.
    #[serde(default)]
    pub rest_short_minutes: u32,
}

/// Entry: a shift was cancelled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShiftCancelled {
    /// Its number.
    pub shift: u32,
    /// Whose it was.
    pub person: PersonId,
}

/// Entry: somebody was sent home.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SentHome {
    /// Who.
    pub person: PersonId,
}

/// A planned shift.
#[derive(Clone, Debug, PartialEq)]
pub struct Shift {
    /// The entry.
    pub seq: u64,
    /// When it was planned.
    pub planned_at: Timestamp,
    /// Who works.
    pub person: PersonId,
    /// From this instant on.
    pub from: Timestamp,
    /// Up to, not including.
    pub until: Timestamp,
    /// As what.
    pub duty: ShiftAs,
    /// Minutes beyond the playbook's length.
    pub over_minutes: u32,
    /// Minutes of rest that are missing.
    pub rest_short_minutes: u32,
    /// It was cancelled.
    pub cancelled: bool,
}

impl Shift {
    /// Whether it is going on at this instant.
    #[must_use]
    pub fn covers(&self, at: Timestamp) -> bool {
        !self.cancelled && self.from <= at && at < self.until
    }

    /// Whether it was planned ahead and has begun by then: what was worked stays worked.
    fn is_worked_by(&self, at: Timestamp) -> bool {
        self.from < at && self.planned_at <= self.from
    }

    /// Cancels it; one that has begun ends then.
    pub(super) fn end_at(&mut self, at: Timestamp) {
        if !self.is_worked_by(at) {
            self.cancelled = true;
        } else if at < self.until {
            let cut = whole_minutes(at, self.until);
            self.over_minutes = self.over_minutes.saturating_sub(cut);
            self.until = at;
        }
    }
}

pub(super) fn plan(d: &mut Decision, plan: &PlanShift) -> Result<(), Refusal> {
    if !d.case().part.commander.coordinates(d.person()?) {
        d.only_ic(Rule::R69)?;
    }
    let PlanShift {
        person,
        from,
        until,
        duty,
    } = plan;
    if from >= until {
        return Err(Refusal::invalid(
            "The shift ends before it begins.",
            "Give the times in order.",
        ));
    }
    let subject = d.case().part.secrecy.subject.as_ref() == Some(person);
    let known = d.at.project().member(person).is_some()
        || d.case().part.commander.responders.contains_key(person);
    if !known || subject {
        return Err(Refusal::invalid(
            format!("{person} is not on the contact sheet."),
            "Name somebody on it.",
        ));
    }
    let shifts = &d.case().part.endurance.shifts;
    let strain = Strain::of(d.at, plan);
    d.record(ShiftPlanned {
        shift: u32::try_from(shifts.len())
            .unwrap_or(u32::MAX)
            .saturating_add(1),
        person: person.clone(),
        from: *from,
        until: *until,
        duty: *duty,
        over_minutes: strain.over_minutes,
        rest_short_minutes: strain.rest_short_minutes,
    });
    Ok(())
}

/// What a shift is warned of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Strain {
    /// Minutes beyond the playbook's length.
    pub over_minutes: u32,
    /// Minutes of rest that are missing.
    pub rest_short_minutes: u32,
}

impl Strain {
    fn of(at: At, plan: &PlanShift) -> Self {
        Self {
            over_minutes: stretch::over_with(at, &plan.person, (plan.from, plan.until)),
            rest_short_minutes: rest_short(at, plan),
        }
    }
}

/// What each of these shifts would be warned of if they were planned in this order (R69, M18).
#[must_use]
pub fn strains(at: At, plans: &[PlanShift]) -> Vec<Strain> {
    let mut case = at.case.clone();
    let strain = |plan: &PlanShift| {
        let strain = Strain::of(At::new(&case, at.basis, at.now), plan);
        case.part.endurance.shifts.push(Shift {
            seq: case.seq,
            planned_at: at.now,
            person: plan.person.clone(),
            from: plan.from,
            until: plan.until,
            duty: plan.duty,
            over_minutes: strain.over_minutes,
            rest_short_minutes: strain.rest_short_minutes,
            cancelled: false,
        });
        strain
    };
    plans.iter().map(strain).collect()
}

/// Minutes of rest that are missing between this shift and the person's others (M18).
fn rest_short(at: At, plan: &PlanShift) -> u32 {
    let wanted = at.playbook().long_haul.rest_minutes;
    let theirs = at.case.part.endurance.shifts.iter();
    let theirs = theirs.filter(|shift| !shift.cancelled && shift.person == plan.person);
    let rests = theirs.map(|shift| {
        let between = if shift.from < plan.from {
            whole_minutes(shift.until, plan.from)
        } else {
            whole_minutes(plan.until, shift.from)
        };
        wanted.saturating_sub(between)
    });
    rests.max().unwrap_or(0)
}

pub(super) fn cancel(d: &mut Decision, cancel: &CancelShift) -> Result<(), Refusal> {
    let by = d.person()?;
    let shifts = (1_u32..).zip(&d.case().part.endurance.shifts);
    let mut open = shifts.filter(|(number, shift)| *number == cancel.shift && !shift.cancelled);
    let Some((shift, found)) = open.next() else {
        return Err(Refusal::invalid(
            "There is no such shift.",
            "Look at the plan for its number.",
        ));
    };
    if by != &found.person && !d.case().part.commander.coordinates(by) {
        d.only_ic(Rule::R69)?;
    }
    if found.is_worked_by(d.at.now) && found.until <= d.at.now {
        return Err(Refusal::conflict(
            "That shift is over.",
            "It was worked, and stays in the report.",
        ));
    }
    let person = found.person.clone();
    d.record(ShiftCancelled { shift, person });
    Ok(())
}

pub(super) fn send_home(d: &mut Decision, send: &SendHome) -> Result<(), Refusal> {
    if !d.case().part.commander.coordinates(d.person()?) {
        d.only_ic(Rule::R69)?;
    }
    if d.case().ic() == Some(&send.person) {
        return Err(Refusal::rule(
            Rule::R28,
            "The Incident Commander cannot be sent home: somebody commands at each moment.",
            "Hand over first.",
        ));
    }
    if !d
        .case()
        .part
        .commander
        .responders
        .contains_key(&send.person)
    {
        return Err(Refusal::invalid(
            format!("{} is not in the response.", send.person),
            "Let them rest.",
        ));
    }
    d.record(SentHome {
        person: send.person.clone(),
    });
    Ok(())
}

/// Who is on shift at this instant.
pub(crate) fn on_shift(at: At) -> Vec<PersonId> {
    if hours(at) != Response::AroundTheClock || !at.case.is_active() {
        return Vec::new();
    }
    let shifts = at.case.part.endurance.shifts.iter();
    let covering = shifts.filter(|shift| shift.covers(at.now));
    covering.map(|shift| shift.person.clone()).collect()
}

/// Those of them who are on shift; all of them if none is, or if there are no shifts.
pub(crate) fn awake(at: At, people: Vec<PersonId>) -> Vec<PersonId> {
    let on_shift = on_shift(at);
    let up: Vec<PersonId> = people
        .iter()
        .filter(|p| on_shift.contains(p))
        .cloned()
        .collect();
    if up.is_empty() || !on(Rule::R69) {
        people
    } else {
        up
    }
}

/// Around the clock somebody is always on shift: the next gap is the IC's to fill.
pub(super) fn owes(at: At, out: &mut Vec<Obligation>) {
    let planned = at.case.part.endurance.plan();
    let Some(plan) = planned.filter(|_| around_the_clock(at) && has_others(at)) else {
        return;
    };
    let from = gap_from(at, plan.at);
    let grace = first_due(at, plan);
    let ahead = minutes(at.playbook().long_haul.ic_reminder_before_minutes);
    let due = from.max(grace);
    let begins = from.strftime("%a %H:%M UTC");
    let what = format!("From {begins} on no shift is planned: plan the next one.");
    out.push(
        Obligation::owed(
            Rule::R69,
            format!("shift_gap:{from}"),
            Owner::Ic,
            plan.at,
            what,
        )
        .by(due)
        .remind(after(due, -ahead).max(plan.at))
        .settled_by("plan_shift"),
    );
}

/// By when the first shift is to be planned.
pub(super) fn first_due(at: At, plan: &Plan) -> Timestamp {
    after(plan.at, minutes(at.playbook().long_haul.plan_due_minutes))
}

/// The spans in which somebody is on shift, in order.
pub(super) fn spans(at: At) -> Vec<(Timestamp, Timestamp)> {
    let shifts = at.case.part.endurance.shifts.iter();
    let mut spans: Vec<(Timestamp, Timestamp)> = shifts
        .filter(|shift| !shift.cancelled)
        .map(|shift| (shift.from, shift.until))
        .collect();
    spans.sort_unstable();
    spans
}

/// The beginning of the first time without a shift that has not yet passed. It depends
/// on the shifts and not on now, so that the obligation keeps its name.
fn gap_from(at: At, since: Timestamp) -> Timestamp {
    let mut covered_until = since;
    for (from, until) in spans(at) {
        if from > covered_until && from > at.now {
            return covered_until;
        }
        covered_until = covered_until.max(until);
    }
    covered_until
}

/// The parts of a span in which nobody is on shift, in order (R69).
#[must_use]
pub fn gaps(at: At, from: Timestamp, until: Timestamp) -> Vec<(Timestamp, Timestamp)> {
    let mut out = Vec::new();
    let mut covered = from;
    for (begins, ends) in spans(at) {
        if begins > covered && covered < until {
            out.push((covered, begins.min(until)));
        }
        covered = covered.max(ends);
    }
    if covered < until {
        out.push((covered, until));
    }
    out
}
