//! How the rules about long work are judged.

use alloc::format;
use alloc::vec::Vec;

use jiff::Timestamp;

use super::{Plan, Shift, hours, is_hot, limits, plan, shifts};
use crate::actor::Who;
use crate::at::{At, after, minutes};
use crate::chapters::commander::Interval;
use crate::conformance::{Judged, Outcome};
use crate::playbook::Response;
use crate::rule::Rule;

pub(crate) fn judge(rule: Rule, at: At) -> Option<Judged> {
    let judged = match rule {
        Rule::R67 => long_remediation_is_planned(at),
        Rule::R68 => hours_are_decided(at),
        Rule::R69 => shifts_are_short(at),
        Rule::R70 => commander_rotates(at),
        Rule::X25 => forecast_plans_ahead(at),
        _ => return None,
    };
    Some(judged)
}

/// The end of the time that counts: contained, resolved, over, or now.
fn end(at: At) -> Timestamp {
    let calm = at.case.part.milestones.calm_since();
    calm.map_or(at.until_rest(), |calm| calm.min(at.until_rest()))
}

fn planned(plan: &Plan) -> (Timestamp, &Who, u64) {
    (plan.at, &plan.by, plan.seq)
}

/// What was late in an earlier life of the case stays late.
fn long_remediation_is_planned(at: At) -> Judged {
    let lives = at.case.part.endurance.earlier.iter();
    let mut late = lives.filter_map(|life| {
        let (opened, done) = (life.opened.as_ref()?, life.plans.first().map(planned));
        let judged = Judged::against(plan::plan_due(at, opened), done, at.now);
        matches!(judged.outcome, Outcome::Late { .. }).then(|| judged.shown_by(opened.seq))
    });
    let late = late.next_back();
    let judged = planned_in_this_life(at);
    match &judged.outcome {
        Outcome::Late { .. } => judged,
        Outcome::NotApplicable { .. } => late.or_else(|| planned_before(at)).unwrap_or(judged),
        _ => late.unwrap_or(judged),
    }
}

fn planned_before(at: At) -> Option<Judged> {
    let mut lives = at.case.part.endurance.earlier.iter();
    let plan = lives.next_back()?.plans.last()?;
    Some(Judged::done(plan.at, &plan.by, plan.seq))
}

fn planned_in_this_life(at: At) -> Judged {
    let endurance = &at.case.part.endurance;
    let Some(opened) = &endurance.opened else {
        return match endurance.plans.first() {
            Some(plan) => Judged::done(plan.at, &plan.by, plan.seq),
            None if is_hot(at) => Judged::open(plan::opens_at(at)),
            None => Judged::not_applicable("It did not take long enough."),
        };
    };
    let done = endurance.plans.first().map(planned);
    let judged = Judged::against(plan::plan_due(at, opened), done, end(at));
    match judged.outcome {
        Outcome::Open { .. } if !is_hot(at) => {
            Judged::not_applicable("It was over before the plan was due.")
        }
        _ => judged.shown_by(opened.seq),
    }
}

fn hours_are_decided(at: At) -> Judged {
    let endurance = &at.case.part.endurance;
    match (endurance.plan(), &endurance.opened) {
        (Some(plan), _) => Judged::done(plan.at, &plan.by, plan.seq),
        (None, None) => planned_before(at)
            .unwrap_or_else(|| Judged::not_applicable("No long remediation was planned.")),
        (None, Some(opened)) if is_hot(at) => Judged::open(Some(plan::plan_due(at, opened))),
        (None, Some(opened)) => {
            Judged::missing("Nobody decided on the hours of a long remediation.")
                .shown_by(opened.seq)
        }
    }
}

/// Shifts count up to the time when it was contained: nobody works around the clock after it
/// (M6, R92). A shift that was to last longer was cut short by that.
fn shifts_are_short(at: At) -> Judged {
    let endurance = &at.case.part.endurance;
    let around = |plan: &&Plan| plan.mode == Response::AroundTheClock;
    let Some(plan) = endurance.all_plans().find(around) else {
        return Judged::not_applicable("No work around the clock was planned.");
    };
    let end = end(at);
    let worked = |shift: &&Shift| !shift.cancelled && (is_hot(at) || shift.from < end);
    let shifts = || endurance.shifts.iter().filter(worked);
    let too_long = |shift: &Shift| match is_hot(at) {
        true => shift.over_minutes,
        false => shift.over_minutes.min(shifts::over(at, shift.from, shift.until.min(end))),
    };
    if let Some(long) = shifts().find(|shift| too_long(shift) > 0) {
        let because = format!(
            "A shift of {} is {} minutes too long.",
            long.person,
            too_long(long)
        );
        return Judged::missing(because).shown_by(long.seq);
    }
    let overtime = limits::overtime(at, end);
    if overtime > 0 {
        return Judged::missing(format!(
            "People who worked on beyond their time: {overtime}."
        ));
    }
    match shifts().next_back() {
        Some(last) => Judged::done(plan.at, &plan.by, last.seq),
        None if is_hot(at) => Judged::open(None),
        None if end < shifts::first_due(at, plan) => {
            Judged::not_applicable("It was contained before a shift was due.").shown_by(plan.seq)
        }
        None => Judged::missing("Work was around the clock, and no shift was planned."),
    }
}

/// Without a rest between: the stretches of one interval of command in which the response
/// ran, each from its beginning or a reopening to its end (X37).
fn stretches(at: At, interval: &Interval) -> Vec<(Timestamp, Timestamp)> {
    let part = &at.case.part;
    let until = interval.until.unwrap_or(at.now).min(end(at));
    let reopened = part.closeout.reopened.iter().map(|reopening| reopening.mark.at);
    let within = reopened.filter(|when| *when > interval.from && *when < until);
    let starts = core::iter::once(interval.from).chain(within);
    let rests = || part.assess.statuses.iter().filter(|change| !change.status.is_active());
    let stretch = |from: Timestamp| {
        let rest = rests().map(|change| change.mark.at).find(|when| *when > from);
        (from, rest.map_or(until, |rest| rest.min(until)))
    };
    starts.map(stretch).collect()
}

/// The longest that anybody commanded around the clock decides.
fn commander_rotates(at: At) -> Judged {
    let intervals = &at.case.part.commander.intervals;
    let limit = |seq: u64| minutes(at.under(seq).playbook().long_haul.ic_minutes);
    let reached = |seq: u64| {
        let count = at.case.prompts.get(&limits::ic_key(seq));
        count.is_some_and(|count| count.next > 1)
    };
    let over = intervals.iter().filter(|interval| reached(interval.seq));
    let over = over.flat_map(|interval| stretches(at, interval).into_iter().map(move |s| (interval, s)));
    let longest = over.max_by_key(|(_, (from, until))| until.duration_since(*from));
    if let Some((interval, (from, until))) = longest {
        let who = Who::Person(interval.ic.clone());
        let ended = interval.until.is_some() || until < at.now.min(end(at));
        let done = ended.then_some((until, &who, interval.seq));
        return Judged::against(after(from, limit(interval.seq)), done, until).shown_by(interval.seq);
    }
    let around = hours(at) == Response::AroundTheClock || at.case.part.endurance.all_plans().next().is_some();
    match (intervals.last(), intervals.len()) {
        (Some(last), 2..) if around => {
            Judged::done(last.from, &Who::Person(last.ic.clone()), last.seq)
        }
        (Some(last), _) if around && is_hot(at) => Judged::open(Some(after(last.from, limit(last.seq)))),
        _ => Judged::not_applicable("Nobody commanded around the clock for so long."),
    }
}

fn forecast_plans_ahead(at: At) -> Judged {
    let endurance = &at.case.part.endurance;
    let opened = endurance.opened.as_ref().filter(|opened| opened.forecast);
    match (opened, endurance.forecasts.last()) {
        (Some(opened), _) => {
            let done = endurance.plans.first().map(planned);
            Judged::against(plan::plan_due(at, opened), done, end(at)).shown_by(opened.seq)
        }
        (None, Some(_)) => Judged::not_applicable("The forecast stayed within the limit."),
        (None, None) => Judged::not_applicable("Nobody made a forecast."),
    }
}
