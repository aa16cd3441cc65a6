//! Planning for a long remediation (R67, R68), and forecasts that bring it forward (X25).

use alloc::format;
use alloc::vec::Vec;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{has_others, hours, is_hot, unknown};
use crate::actor::Who;
use crate::agenda::{Obligation, Owner};
use crate::at::{At, after, minutes};
use crate::chapters::commander::may_command;
use crate::decide::{Decision, Gate, Refusal};
use crate::entry::Body;
use crate::id::PersonId;
use crate::playbook::{Response, Severity};
use crate::pulse::Due;
use crate::rule::Rule;
use crate::switch::on;
use crate::text::Text;

/// Say how much longer it will probably take until it is contained or resolved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RecordForecast {
    /// Minutes from now, in the hours that the team works.
    pub minutes: u32,
}

/// Decide how a long remediation goes on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PlanLongRemediation {
    /// Business hours or around the clock.
    pub mode: Mode,
    /// A breach is still going on.
    pub breach_ongoing: bool,
    /// Why; required where it differs from what is suggested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
    /// Who commands next; required around the clock (R70).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_ic: Option<PersonId>,
}

/// Which hours a plan chooses, as people name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Business hours.
    #[serde(alias = "business_hours")]
    Business,
    /// 24/7.
    AroundTheClock,
}

/// Entry: how much longer it will probably take.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ForecastRecorded {
    /// Minutes from then.
    pub minutes: u32,
}

/// Entry: it takes long, so the IC owes a plan (R67). Once, and once more after a reopening.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanOpened {
    /// Because of a forecast; else because of the time that has passed.
    pub forecast: bool,
    /// When it fell due.
    pub due_at: Timestamp,
}

/// Entry: how the long remediation goes on (R68).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LongPlanned {
    /// Business hours or around the clock.
    pub mode: Response,
    /// What was suggested.
    pub suggested: Response,
    /// The severity that was weighed.
    #[serde(default = "unknown")]
    pub severity: Severity,
    /// Whether a breach went on.
    pub breach_ongoing: bool,
    /// Why.
    #[serde(default)]
    pub reason: Option<Text>,
    /// Who commands next.
    #[serde(default)]
    pub next_ic: Option<PersonId>,
}

/// A forecast.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    /// The entry.
    pub seq: u64,
    /// When it was made.
    pub at: Timestamp,
    /// Minutes from then.
    pub minutes: u32,
}

/// The opening of the plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Opened {
    /// The entry.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// Because of a forecast.
    pub forecast: bool,
}

/// A plan as it was decided.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The entry.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Who,
    /// Business hours or around the clock.
    pub mode: Response,
    /// The severity that was weighed.
    pub severity: Severity,
    /// Whether a breach went on.
    pub breach_ongoing: bool,
    /// Why, where it differs from what was suggested.
    pub reason: Option<Text>,
    /// Who commands next.
    pub next_ic: Option<PersonId>,
}

impl From<Mode> for Response {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Business => Response::BusinessHours,
            Mode::AroundTheClock => Response::AroundTheClock,
        }
    }
}

/// Around the clock at High, and whenever a breach goes on (R68).
#[must_use]
pub fn suggested(severity: Severity, breach_ongoing: bool) -> Response {
    if severity.acts_first() || breach_ongoing {
        Response::AroundTheClock
    } else {
        Response::BusinessHours
    }
}

/// A forecast beyond the limit opens the plan at once (X25).
pub(super) fn forecast(d: &mut Decision, forecast: &RecordForecast) -> Result<(), Refusal> {
    if !d.case().is_active() {
        return Err(Refusal::conflict(
            "The response is over.",
            "Reopen the case if it is not.",
        ));
    }
    let RecordForecast { minutes } = *forecast;
    d.record(ForecastRecorded { minutes });
    let now = d.at.now;
    if on(Rule::X25) && may_open(d.at) && beyond_the_limit(d.at, minutes) {
        d.record(PlanOpened {
            forecast: true,
            due_at: now,
        });
    }
    Ok(())
}

fn beyond_the_limit(at: At, forecast_minutes: u32) -> bool {
    let from = counted_from(at).unwrap_or(at.now);
    let passed = at.project().calendar.elapsed(from, at.now, hours(at));
    let whole = passed.saturating_add(minutes(forecast_minutes));
    whole > minutes(at.when(from).playbook().long_haul.plan_after_minutes)
}

/// The plan opens once, unless one was made before or it is over.
fn may_open(at: At) -> bool {
    let endurance = &at.case.part.endurance;
    is_hot(at) && endurance.opened.is_none() && endurance.plans.is_empty()
}

/// From when the hours count: the acknowledgement, or the last reopening (M6, X37).
fn counted_from(at: At) -> Option<Timestamp> {
    let first = at.case.part.commander.intervals.first()?;
    Some(at.case.part.closeout.resumed(first.from))
}

/// The first instant at which more than the limit has passed since then, in the time that
/// counts (M6).
pub(super) fn opens_at(at: At) -> Option<Timestamp> {
    let from = counted_from(at)?;
    let limit = minutes(at.when(from).playbook().long_haul.plan_after_minutes);
    let beyond = limit.saturating_add(SignedDuration::from_secs(1));
    match hours(at) {
        Response::AroundTheClock => Some(after(from, beyond)),
        Response::BusinessHours => at.project().calendar.add_business(from, beyond),
    }
}

pub(super) fn dues(at: At, out: &mut Vec<Due>) {
    if !may_open(at) || !on(Rule::R67) {
        return;
    }
    if let Some(due_at) = opens_at(at) {
        let body = Body::PlanOpened(PlanOpened {
            forecast: false,
            due_at,
        });
        out.push(Due { at: due_at, body });
    }
}

pub(super) fn plan(d: &mut Decision, long: &PlanLongRemediation) -> Result<(), Refusal> {
    d.only_ic(Rule::R67)?;
    let severity = d.case().part.assess.severity;
    let suggested = suggested(severity, long.breach_ongoing);
    let mode = Response::from(long.mode);
    if mode != suggested && long.reason.is_none() && on(Rule::R68) {
        let word = match suggested {
            Response::AroundTheClock => "around the clock",
            Response::BusinessHours => "business hours",
        };
        return Err(Refusal::rule(
            Rule::R68,
            format!("Severity and breach suggest {word}."),
            "Choose that, or give a reason for the other.",
        ));
    }
    next_ic(d, long, mode)?;
    d.record(LongPlanned {
        mode,
        suggested,
        severity,
        breach_ongoing: long.breach_ongoing,
        reason: long.reason.clone(),
        next_ic: long.next_ic.clone(),
    });
    Ok(())
}

/// Around the clock the IC rotates too, so the plan names who is next (R70). A team of
/// one has nobody to name (M16).
fn next_ic(d: &mut Decision, long: &PlanLongRemediation, mode: Response) -> Result<(), Refusal> {
    if let Some(next) = &long.next_ic
        && (!may_command(d.at, next) || d.case().ic() == Some(next))
    {
        return Err(Refusal::invalid(
            format!("{next} cannot be the next IC."),
            "Name another member of the response team.",
        ));
    }
    let rotates = mode == Response::AroundTheClock && has_others(d.at);
    let named = long.next_ic.is_some() || super::successor(d.at).is_some();
    d.gate(Gate::Closing, !rotates || named, || {
        Refusal::rule(
            Rule::R70,
            "Around the clock the IC rotates too, and the plan does not say who is next.",
            "Name the next IC.",
        )
    })
}

/// The plan that was opened is owed by the IC; one that the facts have overtaken is
/// decided again.
pub(super) fn owes(at: At, out: &mut Vec<Obligation>) {
    if !is_hot(at) {
        return;
    }
    let endurance = &at.case.part.endurance;
    match (endurance.plan(), &endurance.opened) {
        (None, Some(opened)) => {
            let rule = if opened.forecast {
                Rule::X25
            } else {
                Rule::R67
            };
            let what = "It takes long: decide on business hours or around the clock, shifts and the next IC.";
            let due = plan_due(at, opened);
            let late = after(due, minutes(at.under(opened.seq).playbook().long_haul.plan_due_minutes));
            out.push(
                Obligation::owed(rule, "long_plan", Owner::Ic, opened.at, what)
                    .by(due)
                    .escalate(late, Owner::Deputy)
                    .settled_by("plan_long_remediation"),
            );
        }
        (Some(plan), _) if is_overtaken(at, plan) => {
            let key = format!("replan:{}", plan.seq);
            let what = "The severity was raised since the plan: decide again whether to work around the clock.";
            out.push(
                Obligation::owed(Rule::R68, key, Owner::Ic, plan.at, what)
                    .settled_by("plan_long_remediation"),
            );
        }
        _ => {}
    }
}

fn is_overtaken(at: At, plan: &Plan) -> bool {
    let severity = at.case.part.assess.severity;
    severity > plan.severity
        && plan.mode == Response::BusinessHours
        && suggested(severity, plan.breach_ongoing) == Response::AroundTheClock
}

/// When the opened plan is due, in the time that counts. One that was still owed when the
/// case came to rest is due anew after it was reopened (X37).
pub(super) fn plan_due(at: At, opened: &Opened) -> Timestamp {
    let planned = at.case.part.endurance.earlier.iter();
    let before = planned.flat_map(|life| &life.opened).any(|earlier| earlier.seq == opened.seq);
    let from = if before { opened.at } else { at.case.part.closeout.resumed(opened.at) };
    let within = at.under(opened.seq).playbook().long_haul.plan_due_minutes;
    let due = at.project().calendar.deadline(from, within, hours(at));
    due.unwrap_or_else(|| after(from, minutes(within)))
}
