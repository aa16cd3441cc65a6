//! How the rules of command are judged.

use alloc::format;

use super::{Alone, Began, Handover, Post, Stage, moved, solo};
use crate::actor::Who;
use crate::at::At;
use crate::conformance::{Judged, Outcome};
use crate::notice::Recipient;
use crate::rule::Rule;

pub(crate) fn judge(rule: Rule, at: At) -> Option<Judged> {
    let judged = match rule {
        Rule::R6 => first_to_answer_commands(at),
        Rule::R16 => commander_coordinates(at),
        Rule::R28 => changes_hands_without_gap(at),
        Rule::X3 => nobody_alone_for_long(at),
        Rule::X4 => handover_is_a_ceremony(at),
        Rule::X5 => one_voice_outside(at),
        Rule::X6 => hands_off(at),
        Rule::X23 => one_commander_for_both_plans(at),
        Rule::X35 => taken_in_two_steps(at),
        _ => return None,
    };
    Some(judged)
}

fn first_to_answer_commands(at: At) -> Judged {
    match at.case.part.commander.intervals.first() {
        Some(first) => Judged::done(first.from, &Who::Person(first.ic.clone()), first.seq),
        None if ended(at) => Judged::missing("It was closed and nobody ever took it."),
        None => Judged::open(None),
    }
}

/// Over by itself, and not as part of another case, which has an IC of its own (R29).
fn ended(at: At) -> bool {
    at.case.is_over() && !at.case.is_merged()
}

/// Each instant from the first answer on has one IC: the end of one is the start of the next.
fn changes_hands_without_gap(at: At) -> Judged {
    let intervals = &at.case.part.commander.intervals;
    let Some(last) = intervals.last() else {
        return match ended(at) {
            true => Judged::missing("Nobody ever commanded."),
            false => Judged::open(None),
        };
    };
    if intervals
        .windows(2)
        .any(|pair| pair[0].until != Some(pair[1].from))
    {
        return Judged::missing("Between two ICs there was a gap or an overlap.");
    }
    let judged = Judged::done(last.from, &Who::Person(last.ic.clone()), last.seq);
    let before = intervals.iter().rev().skip(1);
    before.fold(judged, |judged, interval| judged.shown_by(interval.seq))
}

fn commander_coordinates(at: At) -> Judged {
    let commander = &at.case.part.commander;
    let Some(first) = commander.intervals.first() else {
        return Judged::open(None);
    };
    let warned = commander.ic_warned.iter();
    let warned = warned.filter(|(_, _, warned)| !warned.alone);
    let Some((seq, _, _)) = warned.clone().next() else {
        if !commander.ic_warned.is_empty() {
            return Judged::not_applicable("One person: the IC was alone and did the work.");
        }
        return Judged::done(first.from, &Who::Person(first.ic.clone()), first.seq);
    };
    let count = warned.count();
    Judged::missing(format!("Technical steps given to the IC: {count}.")).shown_by(*seq)
}

fn hands_off(at: At) -> Judged {
    if !at.playbook().roles.strict_ic {
        return Judged::not_applicable("The playbook lets the IC take a step, with a warning.");
    }
    commander_coordinates(at)
}

/// The worst span of being alone decides.
fn nobody_alone_for_long(at: At) -> Judged {
    let spans = &at.case.part.commander.alone;
    let Some(last) = spans.last() else {
        return Judged::open(None);
    };
    let judged = |span: &Alone| {
        let due = solo::decision_due(at, span);
        let joined = span.joined.map(|(seq, when)| (seq, when, Who::System));
        let first = [span.decided.clone(), joined]
            .into_iter()
            .flatten()
            .min_by_key(|d| d.0);
        let done = first.as_ref().map(|(seq, when, who)| (*when, who, *seq));
        let end = at
            .case
            .part
            .milestones
            .calm_since()
            .unwrap_or(at.now)
            .min(at.until_rest());
        Judged::against(due, done, end)
    };
    if super::others(at).is_empty() && at.case.part.commander.ever.len() == 1 {
        return Judged::not_applicable("One person: there is nobody else on the team.");
    }
    let late = |judged: &Judged| matches!(judged.outcome, Outcome::Late { .. });
    let worst = spans.iter().map(judged).find(late);
    let judged = worst.unwrap_or_else(|| judged(last));
    match judged.outcome {
        Outcome::Open { .. } if !at.case.is_active() => {
            Judged::not_applicable("It was over before anybody was alone for long.")
        }
        _ => judged,
    }
}

/// Every hand-over counts, and the sitrep after every passing of command; the worst decides.
fn handover_is_a_ceremony(at: At) -> Judged {
    let handovers = &at.case.part.commander.handovers;
    let named = moved::passings(at).into_iter().map(|passing| {
        let sitrep = at.case.part.sitreps.first_after(passing.seq);
        let by = Who::Person(passing.to.clone());
        let done = sitrep.map(|(seq, when)| (when, &by, seq));
        let due = moved::due(at, &passing);
        let rest = at.case.part.closeout.rest().filter(|rest| rest.seq > passing.seq && rest.at <= due);
        let judged = match (rest, done) {
            (Some(_), Some((when, by, seq))) => Judged::done(when, by, seq),
            (Some(_), None) => Judged::not_applicable("It was over before a sitrep was due."),
            (None, done) => Judged::against(due, done, at.now),
        };
        judged.shown_by(passing.seq)
    });
    let mut judged = handovers.iter().filter_map(ceremony_of).chain(named);
    let Some(first) = judged.next() else {
        return Judged::not_applicable("No role was handed over.");
    };
    judged.fold(first, |worst, next| {
        if weight(&next) >= weight(&worst) {
            next
        } else {
            worst
        }
    })
}

fn weight(judged: &Judged) -> u8 {
    match judged.outcome {
        Outcome::Missing { .. } => 4,
        Outcome::Late { .. } => 3,
        Outcome::Open { .. } => 2,
        Outcome::Done { .. } | Outcome::Waived { .. } => 1,
        Outcome::NotApplicable { .. } => 0,
    }
}

fn ceremony_of(handover: &Handover) -> Option<Judged> {
    match (handover.failed, handover.accepted) {
        (Some(Stage::Lapsed), _) => {
            let because = format!("{} did not answer an offered hand-over.", handover.to);
            Some(Judged::missing(because).shown_by(handover.seq))
        }
        (Some(_), _) => None,
        (None, None) => Some(Judged::open(None)),
        (None, Some((seq, when))) => {
            Some(Judged::done(when, &Who::Person(handover.to.clone()), seq))
        }
    }
}

/// Command taken: in two steps, with the entries that show both.
fn taken_in_two_steps(at: At) -> Judged {
    let commander = &at.case.part.commander;
    let mut taken = commander.intervals.iter().rev();
    if let Some(last) = taken.find(|interval| interval.how == Began::TookOver) {
        return Judged::done(last.from, &Who::Person(last.ic.clone()), last.seq);
    }
    if commander.offered_rounds > 0 && at.case.is_active() {
        return Judged::missing("The IC does not react; the team may take command.");
    }
    Judged::not_applicable("Nobody had to take command.")
}

/// What reached an outsider was sent by the IC of that time or a Communications Officer.
fn one_voice_outside(at: At) -> Judged {
    let stakeholders = &at.project().stakeholders;
    let outside = |to: &Recipient| match to {
        Recipient::Stakeholder(id) => stakeholders.iter().any(|s| &s.id == id && s.outside),
        _ => false,
    };
    let sitreps = at.case.part.sitreps.sitreps.iter();
    let mut sent = sitreps.filter(|sitrep| sitrep.said.recipients.iter().any(outside));
    let commander = &at.case.part.commander;
    let voice = |who: &Who, seq: u64| {
        let Who::Person(person) = who else {
            return true;
        };
        let before = commander.intervals.iter().rfind(|i| i.seq < seq);
        let spoke = |held: &super::Held| held.seq < seq && &held.person == person;
        before.is_some_and(|interval| &interval.ic == person)
            || commander.named.iter().any(|held| held.role == Post::Communications && spoke(held))
    };
    if let Some(stray) = sent.clone().find(|sitrep| !voice(&sitrep.mark.by, sitrep.mark.seq)) {
        return Judged::missing("Somebody else wrote to the outside.").shown_by(stray.mark.seq);
    }
    match sent.next_back() {
        Some(last) => last.mark.done(),
        None => match at.case.part.outside.drafts.iter().find_map(|draft| draft.sent) {
            Some(seq) => Judged::by_design(at).shown_by(seq),
            None => Judged::not_applicable("Nothing was sent to the outside."),
        },
    }
}

/// The recovery has no commander of its own, so whoever commands leads both: from the
/// activation on, or late by the minutes for which nobody commanded.
fn one_commander_for_both_plans(at: At) -> Judged {
    let Some(track) = &at.case.part.contingency.track else {
        let decided = !at.case.part.assess.plan.is_empty();
        return if decided || !at.case.is_active() {
            Judged::not_applicable("The contingency plan was not activated.")
        } else {
            Judged::open(None)
        };
    };
    let leads = |i: &&super::Interval| i.until.is_none_or(|until| until > track.since);
    let first = at.case.part.commander.intervals.iter().find(leads);
    let who = first.map(|first| Who::Person(first.ic.clone()));
    let done = first.zip(who.as_ref()).map(|(i, who)| (i.from.max(track.since), who, i.seq));
    Judged::against(track.since, done, at.now).shown_by(track.seq)
}
