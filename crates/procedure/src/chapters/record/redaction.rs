//! A text that should not be here is erased by two people, and its proof remains (X39).

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::vec::Vec;

use super::decide::{number_of, unknown};
use super::payload::{
    ProposeRedaction, Redacted, RedactionDeclined, RedactionProposed, SecondRedaction,
};
use super::state::Redaction;
use crate::actor::Who;
use crate::agenda::{Level, Obligation, Owner, Prompt};
use crate::at::{At, after, minutes};
use crate::basis::Role;
use crate::decide::{Decision, Refusal};
use crate::id::PersonId;
use crate::rule::Rule;
use crate::switch::on;

pub(super) fn propose(d: &mut Decision, proposed: &ProposeRedaction) -> Result<(), Refusal> {
    d.person()?;
    let record = &d.case().part.record;
    if proposed.entry == 0 || proposed.entry > d.case().seq {
        return Err(Refusal::invalid(
            format!("This case has no entry {}.", proposed.entry),
            "Take the number from the record.",
        ));
    }
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_.".contains(c);
    if proposed.field.is_empty() || !proposed.field.chars().all(allowed) {
        return Err(Refusal::invalid(
            "A field is named like text or report.contact.",
            "Take the field's name from the entry.",
        ));
    }
    let same = |r: &&Redaction| r.entry == proposed.entry && r.field == proposed.field;
    if record.redactions.iter().filter(same).any(|r| r.answer.is_none()) {
        return Err(Refusal::conflict(
            "That is asked for already.",
            "A second person has to agree.",
        ));
    }
    if record.is_redacted(proposed.entry, &proposed.field) {
        return Err(Refusal::conflict("That text is gone already.", "There is nothing to do."));
    }
    no_hold(d)?;
    let redaction = number_of(record.redactions.len());
    let ProposeRedaction { entry, field, reason } = proposed.clone();
    d.record(RedactionProposed { redaction, entry, field, reason });
    Ok(())
}

pub(super) fn second(d: &mut Decision, second: &SecondRedaction) -> Result<(), Refusal> {
    let person = d.person()?;
    let n = second.redaction;
    let redaction = d.case().part.record.redaction(n).ok_or_else(|| unknown("redaction", n))?;
    if redaction.answer.is_some() {
        return Err(Refusal::conflict("That was answered already.", "Ask for it anew."));
    }
    if second.declined {
        if second.reason.is_none() {
            return Err(Refusal::invalid("Turning it down needs a reason.", "Say why it stays."));
        }
        let reason = second.reason.clone();
        d.record(RedactionDeclined { redaction: n, reason });
        return Ok(());
    }
    no_hold(d)?;
    let asked = match &redaction.proposed.by {
        Who::Person(asked) => asked == person,
        _ => false,
    };
    let ready = alone_from(d.at, redaction) <= d.at.now && second.reason.is_some();
    if asked && !ready && on(Rule::X39) {
        let wait = d.at.playbook().command.one_person_confirm_minutes;
        return Err(Refusal::rule(
            Rule::X39,
            "A second person has to agree to a redaction.",
            format!(
                "Ask somebody else on the team or a reviewer; if nobody answers within {wait} \
                 minutes, agree yourself with a reason."
            ),
        ));
    }
    let (entry, field) = (redaction.entry, redaction.field.clone());
    let reason = second.reason.clone();
    d.record(Redacted { redaction: n, entry, field, one_person: asked, reason });
    Ok(())
}

/// From when on the one who asked may agree alone (M16).
fn alone_from(at: At, redaction: &Redaction) -> jiff::Timestamp {
    let wait = at.playbook().command.one_person_confirm_minutes;
    after(redaction.proposed.at, minutes(wait))
}

/// Nothing is destroyed while a hold is in force (invariant 7).
fn no_hold(d: &Decision) -> Result<(), Refusal> {
    if d.case().part.evidence.holds_in_force().next().is_none() || !on(Rule::X39) {
        return Ok(());
    }
    Err(Refusal::rule(
        Rule::X39,
        "Nothing can be erased while a hold is in force.",
        "Restrict the entry instead; erase it when the hold has been released.",
    ))
}

/// Somebody other than who asked owes an answer; after a while whoever asked can give it.
pub(super) fn owes(at: At, out: &mut Vec<Obligation>) {
    let waiting = (1_u32..).zip(&at.case.part.record.redactions);
    for (n, redaction) in waiting.filter(|(_, r)| r.answer.is_none()) {
        let key = format!("redaction:{n}");
        let since = redaction.proposed.at;
        let what = "Look at a redaction that was asked for, and agree or turn it down.";
        let mut owed = Obligation::owed(Rule::X39, key, Owner::Responders, since, what)
            .settled_by("second_redaction");
        if let Who::Person(asked) = &redaction.proposed.by {
            let to = Owner::Person(asked.clone());
            let (at, level, audible) = (alone_from(at, redaction), Level::Reminder, false);
            owed = owed.prompt(Prompt { at, level, to, audible });
        }
        out.push(owed);
    }
}

/// Everybody who could be the second person hears that one is wanted (M16).
pub(super) fn seconds(at: At) -> BTreeSet<PersonId> {
    let mut seconds: BTreeSet<PersonId> = BTreeSet::new();
    for owner in [Owner::Responders, Owner::Role(Role::Reviewer), Owner::Role(Role::Security)] {
        seconds.extend(at.people(&owner));
    }
    let secrecy = &at.case.part.secrecy;
    seconds.retain(|person| !secrecy.restricted || secrecy.members.contains(person));
    seconds
}
