//! How the rules of leads and steps are judged.

use alloc::format;
use alloc::vec::Vec;


use super::step::{Deed, Step, StepState};
use super::{LeadState, lists, pace, start};
use crate::actor::Who;
use crate::at::At;
use crate::case::Status;
use crate::conformance::{Judged, Outcome};
use crate::playbook::StepClass;
use crate::rule::Rule;
use crate::text::Text;

pub(crate) fn judge(rule: Rule, at: At) -> Option<Judged> {
    let judged = match rule {
        Rule::R15 => pace_follows_severity(at),
        Rule::R46 => steps_are_free(at),
        Rule::R47 => who_does_what(at),
        Rule::R49 => leads_are_kept(at),
        Rule::R50 => leads_have_owner_and_finding(at),
        Rule::R52 => steps_have_owner_and_time(at),
        Rule::R53 => done_is_not_verified(at),
        Rule::R54 => immediate_steps_first(at),
        Rule::R55 => deferred_are_carried_over(at),
        Rule::R56 => contain_do_not_destroy(at),
        Rule::R120 => the_loss_is_known(at),
        Rule::X41 => leftovers(at),
        _ => return None,
    };
    Some(judged)
}

fn steps<'a>(at: At<'a>) -> impl Iterator<Item = &'a Step> {
    let steps = at.case.part.work.steps.iter();
    steps.filter(|step| step.state != StepState::Dropped)
}

/// Those that belong to the response, given up or not: once it is over, deferred ones are carried
/// over and judged as that (R55, X41).
fn of_the_response<'a>(at: At<'a>) -> impl Iterator<Item = &'a Step> {
    let over = spun_down(at);
    let wanted = move |step: &&Step| step.is_immediate() || !over || step.finished.is_some();
    before_the_end(at).filter(wanted)
}

/// Those that there were when the response came to rest: what is added later spoils nothing.
fn before_the_end<'a>(at: At<'a>) -> impl Iterator<Item = &'a Step> {
    let rest = at.case.part.closeout.rest().map_or(u64::MAX, |rest| rest.seq);
    at.case.part.work.steps.iter().filter(move |step| step.seq < rest)
}

/// How a step ended: done, or given up.
fn ended(step: &Step) -> Option<&Deed> {
    step.finished.as_ref().or(step.dropped.as_ref().map(|(mark, _)| mark))
}

/// The response is over and somebody closed it: what is not done now will not be.
fn spun_down(at: At) -> bool {
    matches!(at.case.status(), Status::ReadyForQa | Status::Closed)
}

fn kept(mark: &Deed) -> Judged {
    Judged::done(mark.at, &mark.by, mark.seq)
}

/// The worst of the steps' times: one that is late makes the rule late.
fn pace_follows_severity(at: At) -> Judged {
    let each = at.case.part.work.steps.iter().filter_map(|step| pace::judged(at, step));
    let worst = each.reduce(|worst, next| match (&worst.outcome, &next.outcome) {
        (Outcome::Open { until }, Outcome::Open { until: sooner }) if until <= sooner => worst,
        _ if pace::late_minutes(&next) >= pace::late_minutes(&worst) => next,
        _ => worst,
    });
    worst.unwrap_or_else(|| Judged::not_applicable("No step had a time."))
}

fn steps_are_free(at: At) -> Judged {
    let mut ours = at.case.part.work.steps.iter();
    match ours.find(|step| step.template.is_none()).or_else(|| at.case.part.work.steps.first()) {
        Some(step) => Judged::done(step.added_at, &step.by, step.seq),
        None => Judged::not_applicable("No step was needed."),
    }
}

/// What happened, how it is fixed, who does what: each act has a name and a time.
fn who_does_what(at: At) -> Judged {
    let views = lists::views(at);
    let action = views.actions.iter().find_map(|step| step.acted());
    if let Some(nameless) = nobody_did(at) {
        return Judged::missing(format!("Nobody is named for {}.", nameless.id))
            .shown_by(nameless.seq);
    }
    // A note says what happened too, whatever it is called.
    let note = at.case.part.record.notes.values().next();
    match (action, views.happenings.first()) {
        (Some(mark), _) => kept(mark),
        (None, Some(fact)) => Judged::done(fact.at, &fact.by, fact.seq),
        (None, None) if spun_down(at) => match note {
            Some(note) => Judged::done(note.happened_at, &note.mark.by, note.mark.seq),
            None => Judged::missing("Nothing of the response was written down."),
        },
        (None, None) if at.case.status() == Status::Confirmed => Judged::open(None),
        (None, None) => Judged::not_applicable("It was not confirmed."),
    }
}

fn nobody_did(at: At<'_>) -> Option<&Step> {
    let unnamed = |step: &&Step| {
        let done = step.finished.as_ref();
        done.is_some_and(|mark| !matches!(mark.by, Who::Person(_))) && step.owner.is_none()
    };
    at.case.part.work.steps.iter().find(unnamed)
}

fn leads_are_kept(at: At) -> Judged {
    match at.case.part.work.leads.first() {
        Some(lead) => Judged::done(lead.added_at, &lead.by, lead.seq),
        None => Judged::not_applicable("There were no leads."),
    }
}

fn leads_have_owner_and_finding(at: At) -> Judged {
    let leads = &at.case.part.work.leads;
    let Some(last) = leads.iter().max_by_key(|lead| lead.last.0) else {
        return Judged::not_applicable("There were no leads.");
    };
    let lacks = |lead: &&super::Lead| {
        let unnamed = lead.state == LeadState::InWork && lead.owner.is_none();
        let nothing = lead.state == LeadState::Done && lead.finding.is_none();
        let orphan = lead.is_open() && lead.owner.is_none() && spun_down(at);
        unnamed || nothing || orphan
    };
    if let Some(lead) = leads.iter().find(lacks) {
        let because = format!("{} has nobody to follow it, or no finding.", lead.id);
        return Judged::missing(because).shown_by(lead.seq);
    }
    if leads.iter().any(super::Lead::is_open) {
        return Judged::open(None);
    }
    let (seq, when, by) = &last.last;
    Judged::done(*when, by, *seq)
}

fn steps_have_owner_and_time(at: At) -> Judged {
    let unnamed = |step: &&Step| step.owner.is_none() && step.dropped.is_none();
    let unnamed = of_the_response(at).find(unnamed);
    if let Some(step) = unnamed {
        if step.finished.is_some() || (spun_down(at) && step.is_immediate()) {
            return Judged::missing(format!("{} has no owner.", step.id)).shown_by(step.seq);
        }
        return Judged::open(None);
    }
    let last = of_the_response(at).last();
    if of_the_response(at).any(Step::is_open) {
        return Judged::open(of_the_response(at).filter(|s| s.is_open()).filter_map(|s| pace::due(at, s)).min());
    }
    match last.and_then(ended) {
        Some(mark) => kept(mark),
        None => Judged::not_applicable("There were no steps."),
    }
}

fn done_is_not_verified(at: At) -> Judged {
    let done: Vec<&Step> = steps(at).filter(|step| step.finished.is_some()).collect();
    if done.is_empty() {
        return Judged::not_applicable("No step was done.");
    }
    let by_doer = |step: &&&Step| {
        let check = step.verified.as_ref();
        check.is_some_and(|check| step.doers().any(|doer| *doer == check.mark.by))
    };
    let alone = done.iter().find(by_doer);
    if let Some(check) = alone.and_then(|step| step.verified.as_ref()) {
        if !check.one_person {
            return Judged::missing("Who did it verified it.").shown_by(check.mark.seq);
        }
        let outcome = Outcome::Waived {
            at: check.mark.at,
            by: check.mark.by.clone(),
            automatic: false,
            reason: check.reason.clone(),
        };
        return Judged::from(outcome).shown_by(check.mark.seq);
    }
    if let Some(step) = done.iter().find(|step| step.verified.is_none()) {
        if spun_down(at) && step.is_immediate() {
            return Judged::missing(format!("{} was never verified.", step.id)).shown_by(step.seq);
        }
        return Judged::open(None);
    }
    let checks = done.iter().filter_map(|step| step.verified.as_ref());
    let last = checks.max_by_key(|check| check.mark.seq);
    last.map_or_else(|| Judged::open(None), |check| kept(&check.mark))
}

/// All verified; one that the IC gave up instead was waived by that.
fn immediate_steps_first(at: At) -> Judged {
    let immediate: Vec<&Step> = before_the_end(at).filter(|step| step.is_immediate()).collect();
    let unsettled: Vec<&Step> = immediate.iter().copied().filter(|s| !s.is_settled()).collect();
    let given_up = immediate.iter().rev().find_map(|step| step.dropped.as_ref());
    match (unsettled.first(), immediate.last()) {
        (_, None) => none_immediate(at),
        (None, Some(_)) if given_up.is_some() => given_up.map_or_else(|| Judged::open(None), waived),
        (Some(step), _) if spun_down(at) => {
            Judged::missing(format!("{} was not verified before the end.", step.id)).shown_by(step.seq)
        }
        (Some(_), _) => Judged::open(None),
        (None, Some(_)) => {
            let checks = immediate.iter().filter_map(|step| step.verified.as_ref());
            let last = checks.max_by_key(|check| check.mark.seq);
            last.map_or_else(|| Judged::open(None), |check| kept(&check.mark))
        }
    }
}

/// None, or none any more: each was put off instead (X40).
fn none_immediate(at: At) -> Judged {
    let put_off = at.case.part.work.deferrals();
    let none = Judged::not_applicable("There were no immediate steps.");
    if put_off.is_empty() {
        return none;
    }
    let ids: Vec<&str> = put_off.iter().map(|(step, _)| step.id.as_str()).collect();
    let because = format!("What was immediate was put off instead: {}.", ids.join(", "));
    let judged = Judged::not_applicable(because);
    put_off.iter().fold(judged, |judged, (_, mark)| judged.shown_by(mark.seq))
}

fn waived((mark, reason): &(Deed, Text)) -> Judged {
    let outcome = Outcome::Waived {
        at: mark.at,
        by: mark.by.clone(),
        automatic: false,
        reason: Some(reason.clone()),
    };
    Judged::from(outcome).shown_by(mark.seq)
}

fn deferred_are_carried_over(at: At) -> Judged {
    let deferred: Vec<&Step> = steps(at).filter(|s| s.class == StepClass::Deferred).collect();
    let bare = |step: &&&Step| step.is_open() && (step.owner.is_none() || step.due.is_none());
    match (deferred.first(), deferred.iter().find(bare)) {
        (None, _) => Judged::not_applicable("Nothing was left for later."),
        (Some(_), Some(step)) if spun_down(at) => {
            Judged::missing(format!("{} has no owner or no date.", step.id)).shown_by(step.seq)
        }
        (Some(_), Some(_)) => Judged::open(None),
        (Some(step), None) => Judged::done(step.added_at, &step.by, step.seq),
    }
}

/// Each destructive act had the IC's decision before it.
fn contain_do_not_destroy(at: At) -> Judged {
    if let Some(deviation) = at.case.part.record.deviation(Rule::R56) {
        return deviation.judged("Something was destroyed without the IC's decision.");
    }
    let destructive = steps(at).filter(|step| step.kind.destroys());
    let acted: Vec<(&Step, &Deed)> =
        destructive.filter_map(|step| step.acted().map(|mark| (step, mark))).collect();
    let Some((first, _)) = acted.first() else {
        return Judged::not_applicable("Nothing was stopped, wiped or deleted.");
    };
    let undecided = acted.iter().find(|(step, mark)| {
        step.destruction.as_ref().is_none_or(|decision| decision.at > mark.at)
    });
    match (undecided, &first.destruction) {
        (Some((step, mark)), _) => {
            let because = format!("{} went ahead without the IC's decision.", step.id);
            Judged::missing(because).shown_by(mark.seq)
        }
        (None, Some(decision)) => kept(decision),
        (None, None) => Judged::open(None),
    }
}

/// What was stopped for good and had something in memory was stopped by somebody who knew (R120).
fn the_loss_is_known(at: At) -> Judged {
    let losing = steps(at).filter(|step| {
        step.kind.destroys() && start::loses(at, step.kind, step.asset.as_ref())
    });
    let acted: Vec<(&Step, &Deed)> =
        losing.filter_map(|step| step.acted().map(|mark| (step, mark))).collect();
    let Some((first, deed)) = acted.first() else {
        return Judged::not_applicable("Nothing was stopped that keeps more than is on its disks.");
    };
    match acted.iter().find(|(step, _)| !step.loss_known) {
        // Before there was a rule of its own for it, that was waived with the decision.
        Some(_) if at.case.waiver(Rule::R56).is_some() => {
            Judged::not_applicable("It was waived together with the IC's decision (R56).")
        }
        Some((step, mark)) => {
            let because = format!("{} went ahead, and nobody said that they know what is lost.", step.id);
            Judged::missing(because).shown_by(mark.seq)
        }
        None => kept(first.destruction.as_ref().unwrap_or(deed)),
    }
}

/// What is left keeps its owner and its date, and reminders go on.
fn leftovers(at: At) -> Judged {
    if at.case.status() == Status::FalseAlarm {
        return Judged::not_applicable("It was a false alarm.");
    }
    if !spun_down(at) {
        return Judged::not_applicable("It is not over yet.");
    }
    let leads = lists::leftover_leads(at);
    let later = lists::deferred(at);
    let orphan = leads.iter().find(|lead| lead.owner.is_none()).map(|lead| (&lead.id, lead.seq));
    let bare = later.iter().find(|step| step.owner.is_none() || step.due.is_none());
    if let Some((id, seq)) = orphan.or(bare.map(|step| (&step.id, step.seq))) {
        return Judged::missing(format!("{id} has no owner or no date.")).shown_by(seq);
    }
    let seq = leads.first().map(|lead| lead.seq).or(later.first().map(|step| step.seq));
    match seq {
        Some(_) => Judged::by_design(at),
        None => Judged::not_applicable("Nothing was left over."),
    }
}
