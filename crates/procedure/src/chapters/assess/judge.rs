//! How the rules of assessment are judged.

use crate::at::{At, after, minutes};
use crate::case::Status;
use crate::chapters::evidence::suspicion::Cause;
use crate::conformance::{Judged, Outcome};
use crate::playbook::{Answer, Response, Severity};
use crate::rule::Rule;

use super::payload::Question;
use super::state::{SeverityChange, State};
use super::suggest;
use super::severity;
use crate::mark::Mark;

const FALSE_ALARM: &str = "It was a false alarm.";

pub(crate) fn judge(rule: Rule, at: At) -> Option<Judged> {
    let judged = match rule {
        Rule::R8 => really_happened(at),
        Rule::R9 | Rule::R33 => a_severity_was_chosen(at),
        Rule::R10 => asked_before_blaming_ourselves(at),
        Rule::R12 => plan_was_decided(at),
        Rule::R30 | Rule::R31 => status_was_settled(rule, at),
        Rule::R37 => impact_was_assessed(at),
        Rule::R38 => false_alarm_closed_it(at),
        Rule::R39 => suggested_then_chosen(at),
        Rule::R40 => changed_with_reason(at),
        Rule::R41 => confirmed_in_one_act(at),
        Rule::R89 => profile_leaned_to_low(at),
        Rule::R90 | Rule::R95 => chosen_by_criteria(rule, at),
        Rule::R91 | Rule::R96 | Rule::R101 => chosen_by_example(rule, at),
        Rule::R92 => around_the_clock(at),
        Rule::R97 => business_hours(at),
        Rule::R100 => low_when_all_is_no(at),
        Rule::R121 => harm_names_its_owner(at),
        Rule::R122 => suspicious_signs_were_flagged(at),
        Rule::R123 => outside_production(at),
        Rule::X2 => triaged_in_time(at),
        Rule::X12 => system_failure_was_considered(at),
        Rule::X13 => privacy_was_considered(at),
        _ => return None,
    };
    Some(judged)
}

fn assess(at: At<'_>) -> &State {
    &at.case.part.assess
}

/// Open while there is time; missing once the response is over.
fn still_open(at: At, because: &'static str) -> Judged {
    match at.case.status() {
        Status::FalseAlarm => Judged::not_applicable(FALSE_ALARM),
        Status::Investigating | Status::Confirmed => Judged::open(None),
        Status::ReadyForQa | Status::Closed => Judged::missing(because),
    }
}

fn really_happened(at: At) -> Judged {
    match assess(at).verdicts.last() {
        Some(verdict) => verdict.supporting.iter().fold(verdict.mark.done(), |judged, seq| judged.shown_by(*seq)),
        None => still_open(at, "Nobody said whether it really happened."),
    }
}

fn a_severity_was_chosen(at: At) -> Judged {
    match assess(at).severities.first() {
        Some(first) => first.mark.done(),
        None => still_open(at, "It stayed unknown to the end."),
    }
}

fn asked(at: At, question: Question) -> Judged {
    match assess(at).answer(question) {
        Some(answered) => answered.mark.done(),
        None => still_open(at, "The question was never answered."),
    }
}

/// Answered, and with what shows it; that nobody knows needs no proof (X12).
fn system_failure_was_considered(at: At) -> Judged {
    match assess(at).answer(Question::SystemFailure) {
        Some(answered) if !answered.is_shown() => {
            still_open(at, "It was answered, and nobody said what shows it.").shown_by(answered.mark.seq)
        }
        _ => asked(at, Question::SystemFailure),
    }
}

/// Whoever blames our own system first asks about the dependencies later than the rule wants.
fn asked_before_blaming_ourselves(at: At) -> Judged {
    let answers = |question| assess(at).answers.get(&question).into_iter().flatten();
    let blamed = answers(Question::SystemFailure).find(|answered| answered.answer == Answer::Yes);
    let first = answers(Question::Dependency).next();
    match blamed {
        Some(blamed) => {
            let done = first.map(|answered| &answered.mark).map(|m| (m.at, &m.by, m.seq));
            Judged::against(blamed.mark.at, done, at.now).shown_by(blamed.mark.seq)
        }
        None => asked(at, Question::Dependency),
    }
}

/// Whoever activates the plan has decided about it (X24).
fn plan_was_decided(at: At) -> Judged {
    match (assess(at).plan.last(), &at.case.part.contingency.track) {
        (Some(decision), _) => decision.mark.done(),
        (None, Some(track)) => Judged::done(track.since, &track.by, track.seq),
        (None, None) => still_open(at, "Nobody decided about the contingency plan."),
    }
}

/// The status left "investigating" by an act of assessment; the word followed it (R30, R31).
fn status_was_settled(rule: Rule, at: At) -> Judged {
    let real = assess(at).confirmed();
    match (real, assess(at).verdicts.last()) {
        (Some(real), _) => real.mark.done(),
        (None, Some(_)) if rule == Rule::R31 => {
            Judged::not_applicable("It was a false alarm: an event to the end.")
        }
        (None, Some(verdict)) => verdict.mark.done(),
        (None, None) => still_open(at, "It was never assessed."),
    }
}

fn impact_was_assessed(at: At) -> Judged {
    let whole = assess(at).impacts.iter().find(|assessed| assessed.impact.is_whole());
    match whole {
        Some(assessed) => assessed.mark.done(),
        None => still_open(at, "Nobody said what was harmed."),
    }
}

fn false_alarm_closed_it(at: At) -> Judged {
    match assess(at).verdicts.last() {
        Some(verdict) if !verdict.real => verdict.mark.done(),
        _ => Judged::not_applicable("It is not a false alarm."),
    }
}

/// Chosen after something suggested one; where it had to be quick, the criteria are answered
/// within the minutes of the triage. That all of them are unknown is an answer too (M8).
fn suggested_then_chosen(at: At) -> Judged {
    let choices = &assess(at).severities;
    let suggested = choices.iter().find(|choice| choice.suggested != Severity::Unknown);
    match (suggested, choices.first(), assess(at).guided()) {
        (None, None, _) => still_open(at, "No severity was chosen."),
        (None, Some(_), None) => {
            still_open(at, "A severity was chosen, and nobody answered the criteria that suggest one.")
        }
        (None, Some(first), Some(guided)) => {
            let limit = at.under(first.mark.seq).playbook().assessment.triage.prompt_minutes;
            let due = after(first.mark.at, minutes(limit));
            let last = if guided.seq > first.mark.seq { guided } else { &first.mark };
            Judged::against(due, Some((last.at, &last.by, last.seq)), at.now)
        }
        (Some(choice), ..) => choice.mark.done(),
    }
}

fn changed_with_reason(at: At) -> Judged {
    let unexplained = severity::unexplained(at);
    let changed = assess(at).severities.iter().rfind(|change| change.from != Severity::Unknown);
    let flagged = severity::flagged(at);
    let listed = |judged: Judged| {
        let seqs = flagged.iter().map(|change| change.mark.seq);
        let shown = judged.entries.clone();
        seqs.filter(|seq| !shown.contains(seq)).fold(judged, Judged::shown_by)
    };
    match (unexplained.first(), changed) {
        (Some(flagged), _) => {
            let because = "Lowered soon after a disruption, and nobody said why.";
            still_open(at, because).shown_by(flagged.mark.seq)
        }
        (None, Some(change)) => listed(change.mark.done()),
        (None, None) => Judged::not_applicable("The severity did not change."),
    }
}

fn confirmed_in_one_act(at: At) -> Judged {
    match assess(at).confirmed() {
        Some(real) => real.mark.done(),
        None => still_open(at, "It was never confirmed."),
    }
}

/// Was the severity that these facts ask for chosen, or a graver one?
fn chosen(at: At, asks: Severity, because: &Mark) -> Judged {
    let last: Option<&SeverityChange> = assess(at).severities.last();
    match last {
        Some(choice) if choice.to >= asks => choice.mark.done(),
        Some(choice) => Judged::missing("A less grave severity was chosen than these facts suggest.")
            .shown_by(choice.mark.seq),
        None => still_open(at, "No severity was chosen."),
    }
    .shown_by(because.seq)
}

fn chosen_by_criteria(rule: Rule, at: At) -> Judged {
    let of_rule = at.playbook().assessment.criteria.iter().filter(|c| c.rule == rule.id());
    let yes = of_rule.filter_map(|criterion| {
        let (answer, mark) = assess(at).criteria.get(&criterion.id)?;
        (*answer == Answer::Yes).then_some((criterion.yes_suggests, mark))
    });
    match yes.max_by_key(|(severity, _)| *severity) {
        Some((severity, mark)) => chosen(at, severity, mark),
        None => Judged::not_applicable("None of its criteria is answered yes."),
    }
}

fn chosen_by_example(rule: Rule, at: At) -> Judged {
    let of_rule = at.playbook().assessment.picks.iter().filter(|pick| pick.rule == rule.id());
    let picked = of_rule.filter_map(|p| assess(at).picks.get(&p.id).map(|mark| (p.suggests, mark)));
    match picked.max_by_key(|(severity, _)| *severity) {
        Some((severity, mark)) => chosen(at, severity, mark),
        None => Judged::not_applicable("None of its examples was picked."),
    }
}

fn low_when_all_is_no(at: At) -> Judged {
    let criteria = &at.playbook().assessment.criteria;
    let said = |id| assess(at).criteria.get(id);
    let no = |id| said(id).is_some_and(|(answer, _)| *answer == Answer::No);
    let last = criteria.iter().filter_map(|c| said(&c.id)).map(|(_, mark)| mark).max_by_key(|m| m.seq);
    match last {
        Some(mark) if criteria.iter().all(|criterion| no(&criterion.id)) => chosen(at, Severity::Low, mark),
        _ => Judged::not_applicable("Not every criterion is answered no."),
    }
}

fn profile_leaned_to_low(at: At) -> Judged {
    let profile = &at.project().profile;
    if profile.sensitive_pii != Some(false) || profile.high_value_assets != Some(false) {
        return Judged::not_applicable("Nobody has said that the project holds nothing sensitive.");
    }
    let expected = at.playbook().assessment.expected_without_sensitive_data;
    match assess(at).severities.last() {
        Some(choice) if choice.suggested == expected || choice.suggested == Severity::Unknown => {
            choice.mark.done()
        }
        Some(_) => Judged::not_applicable("The facts spoke for a graver severity than the profile."),
        None => still_open(at, "No severity was chosen."),
    }
}

fn first_at(at: At<'_>, severity: Severity) -> Option<&SeverityChange> {
    assess(at).severities.iter().find(|change| change.to == severity)
}

fn around_the_clock(at: At) -> Judged {
    let Some(high) = first_at(at, Severity::High) else {
        return Judged::not_applicable("It was never High.");
    };
    let mut plans = at.case.part.endurance.plans.iter();
    let resting = plans.find(|plan| plan.severity == Severity::High && plan.mode == Response::BusinessHours);
    if let Some(plan) = resting {
        let (at, by, reason) = (plan.at, plan.by.clone(), plan.reason.clone());
        return Judged::from(Outcome::Waived { at, by, automatic: false, reason }).shown_by(plan.seq);
    }
    let ends = at.case.part.milestones.is_calm() || assess(at).severity != Severity::High;
    if ends { high.mark.done() } else { still_open(at, "It ended without being contained.").shown_by(high.mark.seq) }
}

fn business_hours(at: At) -> Judged {
    match first_at(at, Severity::Medium) {
        Some(medium) => medium.mark.done(),
        None => Judged::not_applicable("It was never Medium."),
    }
}

fn harm_names_its_owner(at: At) -> Judged {
    match assess(at).impacts.last() {
        None => still_open(at, "Nobody said what was harmed."),
        Some(last) if !last.impact.harms_something() => {
            Judged::not_applicable("Nothing is harmed.").shown_by(last.mark.seq)
        }
        Some(last) if last.impact.whose.is_empty() => {
            still_open(at, "Nobody said whose it is.").shown_by(last.mark.seq)
        }
        Some(last) => last.mark.done(),
    }
}

fn privacy_was_considered(at: At) -> Judged {
    match assess(at).impacts.iter().find(|assessed| assessed.impact.privacy.is_some()) {
        Some(assessed) => assessed.mark.done(),
        None => still_open(at, "Nobody said whether privacy was harmed."),
    }
}

fn suspicious_signs_were_flagged(at: At) -> Judged {
    let mut raised = at.case.part.evidence.suspicions.iter();
    match raised.find(|suspicion| suspicion.cause == Cause::Sign) {
        Some(flag) => Judged::done(flag.since, &flag.raised_by, flag.seq),
        None => Judged::not_applicable("No sign of that sort was picked."),
    }
}

fn outside_production(at: At) -> Judged {
    if !suggest::serves_nobody(at) {
        return Judged::not_applicable("Production may be affected, or nobody named what is.");
    }
    match assess(at).severities.last() {
        Some(choice) => choice.mark.done(),
        None if at.case.status() == Status::FalseAlarm => really_happened(at),
        None => still_open(at, "No severity was chosen."),
    }
}

fn triaged_in_time(at: At) -> Judged {
    let Some(taken) = at.case.part.commander.intervals.first() else {
        return Judged::open(None);
    };
    let limit = at.under(taken.seq).playbook().assessment.triage.prompt_minutes;
    let due = after(taken.from, minutes(limit));
    let answers = assess(at).answers.get(&Question::Happened).and_then(|answers| answers.first());
    let verdict = assess(at).verdicts.first().map(|verdict| &verdict.mark);
    let marks = verdict.into_iter().chain(answers.map(|answered| &answered.mark));
    let first = marks.min_by_key(|mark| mark.seq);
    Judged::against(due, first.map(|mark| (mark.at, &mark.by, mark.seq)), at.now)
}
