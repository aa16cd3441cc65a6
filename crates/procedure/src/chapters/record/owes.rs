//! What the record itself asks for: that no call is lost, that a redaction is answered,
//! that what went against a rule is explained. Keeping it current is asked for with the
//! sitreps (R34, M19).

use alloc::format;
use alloc::vec::Vec;

use super::{checklist, deviation, judge, redaction};
use crate::access;
use crate::actor::Who;
use crate::agenda::{Obligation, Owner};
use crate::at::At;
use crate::decide::Refusal;
use crate::rule::Rule;
use crate::switch::on;

pub(crate) fn owes(at: At, out: &mut Vec<Obligation>) {
    deviation::owes(at, out);
    redaction::owes(at, out);
    calls(at, out);
    notes(at, out);
    out.extend(checklist::owed(at).filter(|_| at.case.ic().is_some()));
}

/// Whoever joined leaves a line about it (R35).
fn notes(at: At, out: &mut Vec<Obligation>) {
    if at.case.is_over() || !on(Rule::R35) {
        return;
    }
    // Whoever is not let in any more cannot write, and nobody writes for them.
    let silent = judge::silent(at).into_iter();
    let silent = silent.filter(|(person, _)| access::sees(at.case, at.basis, person));
    out.extend(silent.map(|(person, since)| {
        let what = "Write down in a line what you saw or did.";
        let key = format!("note:{person}");
        let owed = Obligation::owed(Rule::R35, key, Owner::Person(person.clone()), since, what);
        owed.settled_by("add_note")
    }));
}

/// Each call needs a recording or a written summary; whoever opened it sees to it (X11).
fn calls(at: At, out: &mut Vec<Obligation>) {
    if !at.playbook().closing.calls_need_record || at.case.is_over() || !on(Rule::X11) {
        return;
    }
    for (n, call) in at.case.part.record.calls_without_record() {
        let owner = match &call.opened.by {
            Who::Person(person) => Owner::Person(person.clone()),
            _ => Owner::Ic,
        };
        let what = format!("Say what was said in call {n}, a recording or a few written lines, and who took part.");
        let since = call.closed.as_ref().map_or(call.opened.at, |closed| closed.at);
        let key = format!("call:{n}");
        let owed = Obligation::owed(Rule::X11, key, owner, since, what);
        out.push(owed.settled_by("close_call"));
    }
}

/// Why a case with calls of which nothing is kept does not close yet (X11).
pub(crate) fn lost_calls(at: At) -> Option<Refusal> {
    let mut lost = at.case.part.record.calls_without_record().map(|(n, _)| n);
    let first = lost.next().filter(|_| at.playbook().closing.calls_need_record)?;
    let lost = Refusal::rule(
        Rule::X11,
        format!("Call {first} has neither a recording nor a written summary."),
        "Write down in a few lines what was said, or name the recording.",
    );
    Some(lost.settled_by("close_call", Some(&format!("call:{first}"))))
}
