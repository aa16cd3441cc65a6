//! How the rules of sitreps are judged: by what was due when each one went out.

use jiff::Timestamp;

use super::state::{Sitrep, State};
use super::{clock, owes};
use crate::actor::Who;
use crate::at::{At, after, minutes};
use crate::case::Status;
use crate::conformance::{Judged, Outcome};
use crate::notice::Recipient;
use crate::playbook::Severity;
use crate::rule::Rule;

const FALSE_ALARM: &str = "It was a false alarm.";

pub(crate) fn judge(rule: Rule, at: At) -> Option<Judged> {
    let judged = match rule {
        Rule::R11 => initial_or_false_alarm(at),
        Rule::R34 => record_kept_current(at),
        Rule::R42 => initial_has_its_parts(at),
        Rule::R43 => form_is_kept(at),
        Rule::R74 => final_went_to_all(at),
        Rule::R76 => kept_cadence(at, |sitrep| !sitrep.said.initial, None),
        Rule::R77 => found_stakeholders_are_told(at),
        Rule::R94 => kept_under(at, Severity::High),
        Rule::R99 => kept_under(at, Severity::Medium),
        Rule::R103 => kept_under(at, Severity::Low),
        Rule::X17 => shows_the_team(at),
        _ => return None,
    };
    Some(judged)
}

fn sitreps(at: At<'_>) -> &State {
    &at.case.part.sitreps
}

fn still_open(at: At, because: &'static str) -> Judged {
    match at.case.status() {
        Status::FalseAlarm => Judged::not_applicable(FALSE_ALARM),
        Status::Investigating | Status::Confirmed => Judged::open(super::due(at).map(|next| next.due)),
        Status::ReadyForQa | Status::Closed => Judged::missing(because),
    }
}

fn initial_or_false_alarm(at: At) -> Judged {
    let verdicts = &at.case.part.assess.verdicts;
    if let Some(sitrep) = sitreps(at).initial() {
        let due = sitrep.said.due.unwrap_or(sitrep.mark.at);
        return Judged::against(due, Some(done_by(sitrep)), at.now);
    }
    if let Some(alarm) = verdicts.iter().find(|verdict| !verdict.real) {
        return alarm.mark.done();
    }
    match clock::next(at) {
        Some(next) => Judged::against(next.due, None, at.now),
        None => still_open(at, "It was closed without an initial sitrep."),
    }
}

fn done_by(sitrep: &Sitrep) -> (Timestamp, &Who, u64) {
    (sitrep.mark.at, &sitrep.mark.by, sitrep.mark.seq)
}

fn initial_has_its_parts(at: At) -> Judged {
    match sitreps(at).initial() {
        Some(sitrep) => sitrep.mark.done(),
        None => still_open(at, "There is no initial sitrep."),
    }
}

fn form_is_kept(at: At) -> Judged {
    match sitreps(at).sitreps.last() {
        Some(sitrep) => sitrep.mark.done(),
        None => still_open(at, "No sitrep was ever sent."),
    }
}

fn shows_the_team(at: At) -> Judged {
    match sitreps(at).sitreps.iter().find(|sitrep| !sitrep.said.panel.team.is_empty()) {
        Some(sitrep) => sitrep.mark.done(),
        None => still_open(at, "No sitrep showed who works on what."),
    }
}

/// The sitreps sent under one severity, and the one that is due now (R94, R99, R103).
fn kept_under(at: At, severity: Severity) -> Judged {
    let chosen = at.case.part.assess.severities.iter().any(|change| change.to == severity);
    if !chosen {
        return Judged::not_applicable(alloc::format!("It was never {}.", severity.word()));
    }
    kept_cadence(at, |sitrep| sitrep.said.severity == severity, Some(severity))
}

/// The worst of the sitreps in question wins: one that is late now, then one that was late, be
/// it that it never came before the response was over.
fn kept_cadence(at: At, counts: impl Fn(&Sitrep) -> bool, severity: Option<Severity>) -> Judged {
    let now = clock::next(at).filter(|next| severity.is_none_or(|s| s == next.severity));
    if let Some(next) = now.filter(|next| next.due <= at.now) {
        return Judged::against(next.due, None, at.now);
    }
    let sent = sitreps(at).sitreps.iter().filter(|sitrep| sitrep.counts() && counts(sitrep));
    let judged = sent.filter_map(|sitrep| {
        let due = sitrep.said.due?;
        let late = lateness(sitrep.mark.at, due);
        Some((late, Judged::against(due, Some(done_by(sitrep)), at.now)))
    });
    let missed = clock::missed(at).into_iter();
    let missed = missed.filter(|m| severity.is_none_or(|s| s == m.next.severity));
    let never = missed.map(|m| {
        let judged = Judged::against(m.next.due, None, m.until).shown_by(m.seq);
        (lateness(m.until, m.next.due), judged)
    });
    match judged.chain(never).max_by_key(|(late, _)| *late) {
        Some((_, worst)) => worst,
        None if now.is_some() => Judged::open(now.map(|next| next.due)),
        None => Judged::not_applicable("No sitrep was due by it."),
    }
}

fn lateness(at: Timestamp, due: Timestamp) -> i64 {
    at.duration_since(due).as_secs().max(0)
}

/// No gap between two acts of people longer than the cadence, from the acknowledgement on (R34).
fn record_kept_current(at: At) -> Judged {
    let Some(taken) = at.case.part.commander.intervals.first() else {
        return Judged::open(None);
    };
    let assess = &at.case.part.assess;
    let updates = &sitreps(at).updates;
    let mut worst = Judged::done(taken.from, &Who::Person(taken.ic.clone()), taken.seq);
    let mut worst_minutes = 0;
    for (index, (seq, when)) in updates.iter().enumerate() {
        if *seq < taken.seq || !assess.was_active_at(*seq) {
            continue;
        }
        let Some(due) = owes::due_after_update(at, *seq, *when) else { continue };
        let next = updates.get(index + 1);
        let until = next.map_or(at.now, |(_, next)| *next);
        let late = Judged::against(due, None, until);
        if let Outcome::Late { minutes, .. } = late.outcome
            && minutes > worst_minutes
        {
            worst_minutes = minutes;
            let outcome = Outcome::Late { at: next.map(|(_, next)| *next), minutes };
            worst = Judged::from(outcome).shown_by(*seq);
        }
    }
    worst
}

fn final_went_to_all(at: At) -> Judged {
    let last = owes::farewell(at);
    let ready = at.case.part.assess.statuses.iter().rfind(|c| c.status == Status::ReadyForQa);
    match (last, ready) {
        (Some(sitrep), ready) => {
            let at = ready.map_or(at, |change| at.under(change.mark.seq));
            let limit = minutes(at.playbook().closing.final_sitrep_due_minutes);
            let due = ready.map_or(sitrep.mark.at, |change| after(change.mark.at, limit));
            Judged::against(due, Some(done_by(sitrep)), at.now)
        }
        (None, Some(change)) => {
            let limit = minutes(at.under(change.mark.seq).playbook().closing.final_sitrep_due_minutes);
            Judged::against(after(change.mark.at, limit), None, at.until_closed())
        }
        (None, None) => still_open(at, "There was no final sitrep."),
    }
}

/// Each stakeholder found on the way got a sitrep sent after that (R77).
fn found_stakeholders_are_told(at: At) -> Judged {
    let added = &sitreps(at).added;
    if added.is_empty() {
        return Judged::not_applicable("Nobody was found on the way.");
    }
    let next_for = |who: &Recipient, since: u64| {
        let later = sitreps(at).sitreps.iter().filter(move |sitrep| sitrep.mark.seq > since);
        later.into_iter().find(|s| s.said.recipients.contains(who) || s.said.withheld.contains(who)).cloned()
    };
    let mut last = None;
    for (who, mark) in added {
        match next_for(who, mark.seq) {
            Some(sitrep) if sitrep.said.withheld.contains(who) => {
                return Judged::missing("A sitrep was withheld from somebody who was added.")
                    .shown_by(sitrep.mark.seq);
            }
            Some(sitrep) => last = Some(sitrep.mark),
            None => return still_open(at, "Somebody who was added never got a sitrep.").shown_by(mark.seq),
        }
    }
    last.map_or_else(|| Judged::open(None), |mark| mark.done())
}
