//! How the rules of the record are judged.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use jiff::Timestamp;

use super::state::Call;
use crate::mark::Mark;
use crate::actor::Who;
use crate::at::At;
use crate::basis::Review;
use crate::conformance::Judged;
use crate::id::PersonId;
use crate::rule::Rule;
use crate::switch::on;

pub(crate) fn judge(rule: Rule, at: At) -> Option<Judged> {
    let judged = match rule {
        Rule::R2 => checklist_was_ticked(at),
        Rule::R32 => the_form_is_filled(at),
        Rule::R35 => everybody_left_notes(at),
        Rule::R36 => sensitive_talk_is_listed(at),
        Rule::R45 => the_place_stayed(at),
        Rule::R48 => an_outsider_can_follow(at),
        Rule::X1 => whoever_joined_found_something(at),
        Rule::X9 => theory_is_not_fact(at),
        Rule::X11 => calls_left_a_record(at),
        Rule::X29 => the_clients_procedure_went_first(at),
        Rule::X30 => the_playbook_was_reviewed(at),
        Rule::X39 => redactions_had_two_people(at),
        _ => return None,
    };
    Some(judged)
}

fn done(mark: &Mark) -> Judged {
    Judged::done(mark.at, &mark.by, mark.seq)
}

/// Every line that has been reached is ticked.
fn checklist_was_ticked(at: At) -> Judged {
    let unticked = super::checklist::unticked(at).count();
    match at.case.part.record.ticks.values().max_by_key(|mark| mark.seq) {
        Some(last) if unticked == 0 => done(last),
        _ if at.case.is_over() => {
            Judged::missing(format!("{unticked} lines of the checklist were not ticked."))
        }
        _ => Judged::open(None),
    }
}

/// Description, status, severity and reporter are always there; the IC comes with the answer.
fn the_form_is_filled(at: At) -> Judged {
    match at.case.part.commander.intervals.first() {
        Some(first) => Judged::done(first.from, &Who::Person(first.ic.clone()), first.seq),
        None if at.case.is_over() && !at.case.is_merged() => {
            Judged::missing("It never had an Incident Commander.")
        }
        None => Judged::open(None),
    }
}

/// Everybody who responded said something about it.
fn everybody_left_notes(at: At) -> Judged {
    let silent = silent(at);
    match &at.case.part.record.update {
        Some(last) if silent.is_empty() => done(last),
        _ if at.case.is_over() => {
            let names: Vec<String> = silent.iter().map(|(p, _)| format!("{p}")).collect();
            Judged::missing(format!("No note by {}.", names.join(", ")))
        }
        _ => Judged::open(None),
    }
}

/// Who joined and wrote nothing, and since when; once for whoever left and came back.
pub(super) fn silent<'a>(at: At<'a>) -> Vec<(&'a PersonId, Timestamp)> {
    let record = &at.case.part.record;
    let came = record.joined.iter().filter_map(|a| Some((person(&a.mark.by)?, a.mark.at)));
    let mut known = BTreeSet::new();
    came.filter(|(person, _)| !record.wrote.contains(*person) && known.insert(*person)).collect()
}

fn person(who: &Who) -> Option<&PersonId> {
    match who {
        Who::Person(person) => Some(person),
        _ => None,
    }
}

/// Each call and document is listed with who opened it and who took part.
fn sensitive_talk_is_listed(at: At) -> Judged {
    let record = &at.case.part.record;
    let alone = |call: &&Call| call.participants.len() < 2;
    let opened = record.calls.iter().map(|c| &c.opened);
    let first = opened.chain(record.documents.iter().map(|d| &d.opened)).min_by_key(|m| m.seq);
    let Some(first) = first else {
        return Judged::not_applicable("No call or document was opened.");
    };
    match record.calls.iter().find(alone) {
        None => done(first),
        Some(call) if call.closed.is_none() => Judged::open(None).shown_by(call.opened.seq),
        Some(call) => Judged::missing("Nobody wrote down who took part in a call.")
            .shown_by(call.opened.seq),
    }
}

/// The place that the case was given when it was opened is still one of the project's.
fn the_place_stayed(at: At) -> Judged {
    let places = &at.case.part.record.places;
    if places.is_empty() {
        return Judged::not_applicable("The project named no place to talk.");
    }
    match places.iter().find(|place| !at.project().places.contains(place)) {
        Some(gone) => Judged::missing(format!("{gone} is no longer a place of the project.")),
        None => Judged::by_design(at),
    }
}

/// Every entry is there. A text that two people took out is part of the procedure, its proof
/// remains and the entry that says so is shown (X39); what one person alone took out nobody
/// else vouches for.
fn an_outsider_can_follow(at: At) -> Judged {
    let record = &at.case.part.record;
    if record.gap {
        return Judged::missing("An entry is missing from the record.");
    }
    let answers = record.redactions.iter().filter_map(|r| r.answer.as_ref());
    let erased = answers.filter(|answer| !answer.declined);
    match erased.clone().find(|answer| answer.one_person) {
        Some(alone) if on(Rule::R48) => alone.mark.by_one_person(),
        _ => erased.fold(Judged::by_design(at), |judged, answer| judged.shown_by(answer.mark.seq)),
    }
}

/// Whoever joined found something written down already.
fn whoever_joined_found_something(at: At) -> Judged {
    let joined = at.case.part.record.joined.get(1..).unwrap_or_default();
    match joined.iter().find(|arrival| !arrival.something_written) {
        Some(early) => Judged::missing("Nothing was written down yet when somebody joined.")
            .shown_by(early.mark.seq),
        None => match joined.last() {
            Some(last) => done(&last.mark),
            None => Judged::not_applicable("Nobody joined."),
        },
    }
}

/// Each call has a recording or a written summary.
fn calls_left_a_record(at: At) -> Judged {
    let record = &at.case.part.record;
    let lost: Vec<u32> = record.calls_without_record().map(|(n, _)| n).collect();
    match (record.calls.last(), lost.first()) {
        (None, _) => Judged::not_applicable("There was no call."),
        (Some(last), None) => done(last.closed.as_ref().unwrap_or(&last.opened)),
        (Some(_), Some(n)) if at.case.is_over() => {
            Judged::missing(format!("Call {n} has neither recording nor summary."))
        }
        (Some(_), Some(_)) => Judged::open(None),
    }
}

fn theory_is_not_fact(at: At) -> Judged {
    match at.case.part.record.facts.first() {
        Some(fact) => Judged::done(fact.at, &fact.by, fact.seq),
        None => Judged::not_applicable("No fact was written down."),
    }
}

/// From the first moment to the last: what was followed before it was put right counts too.
fn the_clients_procedure_went_first(at: At) -> Judged {
    let record = &at.case.part.record;
    let Some(client) = &record.client_procedure else {
        return Judged::not_applicable("The client has no procedure of their own.");
    };
    let other = record.followed.iter().find(|(_, pinned)| pinned.name != *client);
    match (other, record.followed.last()) {
        (Some((mark, pinned)), _) => Judged::missing(format!(
            "The client's procedure is {client}; the case followed {}.",
            pinned.name
        ))
        .shown_by(mark.seq),
        (None, Some((mark, _))) => Judged::done(mark.at, &Who::System, mark.seq),
        (None, None) => Judged::open(None),
    }
}

/// Each edition that the case ever followed was reviewed by somebody other than its author.
fn the_playbook_was_reviewed(at: At) -> Judged {
    let followed = &at.case.part.record.followed;
    let by = |review: Review| followed.iter().find(|(_, pinned)| pinned.review == review);
    if let Some((mark, pinned)) = by(Review::Nobody) {
        let because = format!("Nobody has reviewed edition {}.", pinned.edition);
        return Judged::missing(because).shown_by(mark.seq);
    }
    if let Some((mark, _)) = by(Review::OnePerson) {
        return mark.by_one_person();
    }
    match followed.last() {
        Some((mark, _)) => Judged::done(mark.at, &mark.by, mark.seq),
        None => Judged::open(None),
    }
}

/// Two people erased what was erased; one alone shows as passed over (M16).
fn redactions_had_two_people(at: At) -> Judged {
    let redactions = &at.case.part.record.redactions;
    let answers: Vec<_> = redactions.iter().filter_map(|r| r.answer.as_ref()).collect();
    let alone = answers.iter().find(|answer| answer.one_person);
    match (alone, answers.last()) {
        (Some(alone), _) => alone.mark.by_one_person(),
        (None, _) if answers.len() < redactions.len() => Judged::open(None),
        (None, Some(last)) => done(&last.mark),
        (None, None) => Judged::not_applicable("Nothing was asked to be redacted."),
    }
}
