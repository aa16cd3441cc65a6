//! Calls go out as pages; when somebody has it, everyone else is told to stand down, and
//! the reporter is told who has it (X36).

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use crate::at::At;
use crate::entry::{Body, Entry};
use crate::id::PersonId;
use crate::notice::{Notice, Recipient, Telling};
use crate::rule::Rule;
use crate::switch::on;

pub(crate) fn tell(at: At, entry: &Entry, out: &mut Vec<Notice>) {
    let commander = &at.case.part.commander;
    match &entry.body {
        Body::Reported(reported) => {
            if reported.pager {
                out.push(Notice::page(Recipient::Pager, 0, 0));
            }
            let page = |person: &PersonId| Notice::page(Recipient::Person(person.clone()), 0, 0);
            out.extend(reported.paged.iter().map(page));
        }
        Body::Called(called) => {
            let to = Recipient::Person(called.person.clone());
            out.push(Notice::page(to, called.position, called.round));
        }
        Body::Acknowledged(ack) => {
            out.extend(stand_down(at, entry, ack.take_over));
            if !ack.reporter {
                reporters(at, Telling::Taken, out);
            }
        }
        Body::RoundEnded(ended) if at.playbook().alarm.tell_reporter_each_round => {
            reporters(at, Telling::RoundEnded { round: ended.round }, out);
        }
        Body::CalledIn(called) if on(Rule::R7) => {
            let mut notice = Notice::entry(Recipient::Person(called.person.clone()));
            notice.page = at.case.part.assess.severity.acts_first();
            out.push(notice);
        }
        Body::CallInAnswered(_) => out.extend(asked_by(at, entry)),
        Body::Undelivered(undelivered) if matches!(undelivered.to, Recipient::Reporter(_) | Recipient::Stakeholder(_)) => {
            let ic = commander.ic().filter(|_| !undelivered.more_routes).cloned();
            out.extend(ic.map(|ic| Notice::entry(Recipient::Person(ic))));
        }
        _ if commander.back_seq == Some(entry.seq) => out.extend(stand_down(at, entry, true)),
        _ => {}
    }
}

/// Every reporter hears it, by the way they left (X36).
fn reporters(at: At, what: Telling, out: &mut Vec<Notice>) {
    let count = u32::try_from(at.case.part.intake.reports.len()).unwrap_or(u32::MAX);
    if on(Rule::X36) {
        out.extend((1..=count).map(|n| Notice::say(Recipient::Reporter(n), what.clone())));
    }
}

/// Whoever asked hears whether they come, and so does the IC.
fn asked_by(at: At, entry: &Entry) -> Vec<Notice> {
    let answers = |i: &&super::Invitation| i.answer.is_some_and(|(seq, _, _)| seq == entry.seq);
    let invitation = at.case.part.calling.invitations.iter().find(answers);
    let asked = invitation.map(|invitation| &invitation.by);
    let people: BTreeSet<&PersonId> = asked.into_iter().chain(at.case.ic()).collect();
    let entry = |person: &PersonId| Notice::entry(Recipient::Person(person.clone()));
    people.into_iter().map(entry).collect()
}

/// Those who were called and are not in the response may rest. After a silent IC that
/// is whoever the resumed walk called; before, everybody who was asked.
fn stand_down(at: At, entry: &Entry, resumed: bool) -> Vec<Notice> {
    let calling = &at.case.part.calling;
    let (first, calls) = if resumed {
        (Default::default(), calling.walk())
    } else {
        (calling.paged.as_slice(), calling.calls.as_slice())
    };
    let called = calls.iter().map(|call| &call.person);
    let all: BTreeSet<&PersonId> = first.iter().chain(called).collect();
    let in_it = |person: &&PersonId| at.case.part.commander.responders.contains_key(*person);
    let others = all.into_iter().filter(|person| !in_it(person));
    let mut told: Vec<Notice> = others
        .filter(|person| entry.actor.as_person() != Some(*person))
        .map(|person| Notice::say(Recipient::Person(person.clone()), Telling::StandDown))
        .collect();
    if calling.pager && !resumed {
        told.push(Notice::say(Recipient::Pager, Telling::StandDown));
    }
    told
}
