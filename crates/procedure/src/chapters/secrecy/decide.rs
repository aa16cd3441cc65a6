//! Closing a case around its members is a matter of authority: no severity opens it.

use alloc::format;

use super::payload::{
    AddMember, EntryRestricted, MarkingSet, MemberAdded, MemberRemoved, RemoveMember, Restrict,
    RestrictEntry, Restricted, SetMarking, Unrestrict, Unrestricted,
};
use crate::basis::Marking;
use crate::command::Command;
use crate::decide::{Decision, Refusal};
use crate::id::PersonId;
use crate::rule::Rule;
use crate::switch::on;

pub(crate) fn decide(d: &mut Decision, command: &Command) -> Option<Result<(), Refusal>> {
    let decided = match command {
        Command::Restrict(restrict) => self::restrict(d, restrict),
        Command::Unrestrict(unrestrict) => self::unrestrict(d, unrestrict),
        Command::SetMarking(set) => set_marking(d, set),
        Command::AddMember(added) => add_member(d, added),
        Command::RemoveMember(removed) => remove_member(d, removed),
        Command::RestrictEntry(flagged) => restrict_entry(d, flagged),
        _ => return None,
    };
    Some(decided)
}

/// The IC; while nobody commands, anybody in the response may close it, nobody open it.
fn restrict(d: &mut Decision, restrict: &Restrict) -> Result<(), Refusal> {
    if d.case().ic().is_some() {
        d.only_ic(Rule::R21)?;
    }
    let secrecy = &d.case().part.secrecy;
    if secrecy.restricted && restrict.about_person == secrecy.subject {
        return Err(Refusal::conflict("It is restricted already.", "Add or remove members."));
    }
    not_about_the_ic(d, restrict.about_person.as_ref())?;
    let Restrict { reason, about_person } = restrict.clone();
    d.record(Restricted { reason, about_person });
    Ok(())
}

/// Whom it is about is shown nothing from that moment, and whoever commands sees what they
/// command; there is never no IC. So command moves first: by a take-over, or handed over by
/// whoever has it (M23, X35).
pub(crate) fn not_about_the_ic(d: &Decision, subject: Option<&PersonId>) -> Result<(), Refusal> {
    let Some(ic) = d.case().ic().filter(|ic| subject == Some(ic)) else {
        return Ok(());
    };
    let (yes_when, settle_with) = match d.by_ic() {
        true => ("Hand command over first: whoever has it then restricts it.", "offer_handover"),
        false => ("Take command first, in its two steps, then restrict it.", "take_over"),
    };
    let sentence = format!("{ic} commands the case, so it cannot be about {ic}.");
    Err(Refusal::rule(Rule::X35, sentence, yes_when).settled_by(settle_with, None))
}

fn unrestrict(d: &mut Decision, unrestrict: &Unrestrict) -> Result<(), Refusal> {
    d.only_ic(Rule::R21)?;
    if !d.case().part.secrecy.restricted {
        return Err(Refusal::conflict("It is not restricted.", "There is nothing to do."));
    }
    let reason = unrestrict.reason.clone();
    d.record(Unrestricted { reason });
    Ok(())
}

fn set_marking(d: &mut Decision, set: &SetMarking) -> Result<(), Refusal> {
    d.only_ic(Rule::R21)?;
    let secrecy = &d.case().part.secrecy;
    let was = d.case().marking();
    if secrecy.restricted && set.marking < Marking::Red {
        return Err(Refusal::rule(
            Rule::R21,
            "A restricted case is marked red.",
            "Open it to the project first, with a reason.",
        ));
    }
    if set.marking < was && set.reason.is_none() {
        return Err(Refusal::rule(
            Rule::R21,
            "Letting its words travel further needs a reason.",
            "Say why they may.",
        ));
    }
    let SetMarking { marking, reason } = set.clone();
    d.record(MarkingSet { marking, was, reason });
    Ok(())
}

fn add_member(d: &mut Decision, added: &AddMember) -> Result<(), Refusal> {
    d.only_ic(Rule::R21)?;
    let secrecy = &d.case().part.secrecy;
    if secrecy.subject.as_ref() == Some(&added.person) {
        return Err(Refusal::rule(
            Rule::R101,
            format!("The case is about {}.", added.person),
            "Somebody else has to see it in their place.",
        ));
    }
    if secrecy.members.contains(&added.person) {
        return Err(Refusal::conflict("They see it already.", "There is nothing to do."));
    }
    let person = added.person.clone();
    d.record(MemberAdded { person });
    Ok(())
}

fn remove_member(d: &mut Decision, removed: &RemoveMember) -> Result<(), Refusal> {
    d.only_ic(Rule::R21)?;
    if d.case().ic() == Some(&removed.person) {
        return Err(Refusal::rule(
            Rule::R21,
            "The Incident Commander sees the case that they command.",
            "Hand over first.",
        ));
    }
    if !d.case().part.secrecy.members.contains(&removed.person) {
        return Err(Refusal::conflict("They are not a member.", "There is nothing to do."));
    }
    let RemoveMember { person, reason } = removed.clone();
    d.record(MemberRemoved { person, reason });
    Ok(())
}

/// Anybody in the response may keep a thing in; letting it out again is a new note.
fn restrict_entry(d: &mut Decision, flagged: &RestrictEntry) -> Result<(), Refusal> {
    let entry = flagged.entry;
    if entry == 0 || entry > d.case().seq {
        return Err(Refusal::invalid(
            format!("This case has no entry {entry}."),
            "Take the number from the record.",
        ));
    }
    if d.case().part.secrecy.is_annexed(entry) {
        return Err(Refusal::conflict("It is restricted already.", "There is nothing to do."));
    }
    if on(Rule::R21) {
        d.record(EntryRestricted { entry });
    }
    Ok(())
}
