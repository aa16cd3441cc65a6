//! How the rules about long work are judged.

use alloc::format;
use alloc::vec::Vec;

use jiff::Timestamp;

use super::{
    Plan, Shift, has_others, hours, is_hot, limits, plan, shifts, stretch, whole_minutes,
};
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
    let end = end(at);
    let overtime = limits::overtime(at, end);
    if overtime > 0 {
        return Judged::missing(format!(
            "People who worked on beyond their time: {overtime}."
        ));
    }
    let around = |plan: &&Plan| plan.mode == Response::AroundTheClock;
    let Some(plan) = endurance.all_plans().find(around) else {
        return Judged::not_applicable("No work around the clock was planned.");
    };
    let worked = |shift: &&Shift| !shift.cancelled && (is_hot(at) || shift.from < end);
    let shifts = || endurance.shifts.iter().filter(worked);
    if let Some(judged) = shifts().find_map(|shift| too_long(at, shift, end)) {
        return judged;
    }
    if let Some(judged) = nobody_on_shift(at, end).filter(|_| shifts().next().is_some()) {
        return judged;
    }
    match shifts().next_back() {
        None if !has_others(at) => {
            Judged::not_applicable("There was nobody to take turns with.").shown_by(plan.seq)
        }
        Some(last) => Judged::done(plan.at, &plan.by, last.seq),
        None if is_hot(at) => Judged::open(None),
        None if end < shifts::first_due(at, plan) => {
            Judged::not_applicable("It was contained before a shift was due.").shown_by(plan.seq)
        }
        None => Judged::missing("Work was around the clock, and no shift was planned."),
    }
}

/// The stretch of work that this shift is part of, if it is too long.
fn too_long(at: At, shift: &Shift, end: Timestamp) -> Option<Judged> {
    let at = at.under(shift.seq);
    let until = if is_hot(at) { Timestamp::MAX } else { end };
    let stretches = stretch::stretches(at, &shift.person, until);
    let mine = stretches.iter().find(|one| one.from <= shift.from && shift.from < one.until)?;
    let over = Some(mine.over_minutes(at)).filter(|over| *over > 0)?;
    let because = format!("{} works {over} minutes too long without a rest.", shift.person);
    Some(Judged::missing(because).shown_by(shift.seq))
}

/// Around the clock somebody is always on shift, from when the first is due until the case
/// comes to rest; about as long as a hand-over overlaps nobody minds.
fn nobody_on_shift(at: At, end: Timestamp) -> Option<Judged> {
    let plans: Vec<&Plan> = at.case.part.endurance.all_plans().collect();
    let unnoticed = minutes(at.playbook().command.handover.overlap_max_minutes);
    plans.iter().enumerate().find_map(|(n, plan)| {
        let until = plans.get(n + 1).map_or(end, |next| next.at.min(end));
        let due = shifts::first_due(at, plan);
        let mut running = match plan.mode {
            Response::AroundTheClock => running(at, due, until),
            Response::BusinessHours => Vec::new(),
        }
        .into_iter()
        .take(1);
        let (from, until) = running.find_map(|(from, until)| {
            shifts::gaps(at, from, until).into_iter().find(|(from, until)| until.duration_since(*from) > unnoticed)
        })?;
        let long = whole_minutes(from, until);
        let from = crate::moment::said(from);
        let because = format!("From {from} on nobody was on shift for {long} minutes.");
        Some(Judged::missing(because).shown_by(plan.seq))
    })
}

/// The parts of one interval of command in which the response ran without a rest between.
fn stretches(at: At, interval: &Interval) -> Vec<(Timestamp, Timestamp)> {
    let until = interval.until.unwrap_or(at.now).min(end(at));
    running(at, interval.from, until)
}

/// The parts of a span in which the response ran, each from its beginning or a reopening to
/// its end (X37).
fn running(at: At, from: Timestamp, until: Timestamp) -> Vec<(Timestamp, Timestamp)> {
    if from >= until {
        return Vec::new();
    }
    let part = &at.case.part;
    let reopened = part.closeout.reopened.iter().map(|reopening| reopening.mark.at);
    let within = reopened.filter(|when| *when > from && *when < until);
    let starts = core::iter::once(from).chain(within);
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
            let judged = Judged::against(plan::plan_due(at, opened), done, end(at));
            match judged.outcome {
                Outcome::Open { .. } if !is_hot(at) => {
                    Judged::not_applicable("It was over before the plan was due.")
                }
                _ => judged.shown_by(opened.seq),
            }
        }
        (None, Some(_)) if endurance.opened.is_some() || !endurance.plans.is_empty() => {
            Judged::not_applicable("It was being planned already.")
        }
        (None, Some(_)) => Judged::not_applicable("The forecast stayed within the limit."),
        (None, None) => Judged::not_applicable("Nobody made a forecast."),
    }
}
