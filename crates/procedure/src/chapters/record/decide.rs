//! Writing things down: always possible for those in the response.

use alloc::format;

use super::payload::{
    AddNote, CallClosed, CallOpened, CloseCall, CorrectNote, DocumentOpened, ItemTicked,
    ItemUnticked, NoteAdded, NoteCorrected, OpenCall, OpenDocument, TickItem, UntickItem,
};
use super::{deviation, fact, redaction, versions};
use crate::actor::Who;
use crate::command::Command;
use crate::decide::{Decision, Refusal};
use crate::rule::Rule;
use crate::switch::on;

pub(crate) fn decide(d: &mut Decision, command: &Command) -> Option<Result<(), Refusal>> {
    let decided = match command {
        Command::RecordFact(command) => fact::record(d, command),
        Command::ExplainDeviation(command) => deviation::explain(d, command),
        Command::AddNote(note) => add_note(d, note),
        Command::CorrectNote(note) => correct_note(d, note),
        Command::TickItem(tick) => tick_item(d, tick),
        Command::UntickItem(tick) => untick_item(d, tick),
        Command::OpenCall(call) => open_call(d, call),
        Command::CloseCall(call) => close_call(d, call),
        Command::OpenDocument(document) => open_document(d, document),
        Command::ProposeRedaction(proposed) => redaction::propose(d, proposed),
        Command::SecondRedaction(second) => redaction::second(d, second),
        Command::ChangeBasis(change) => versions::change_basis(d, change),
        Command::AdoptPlaybook(adopt) => versions::adopt(d, adopt),
        _ => return None,
    };
    Some(decided)
}

fn add_note(d: &mut Decision, note: &AddNote) -> Result<(), Refusal> {
    let AddNote { text, restricted } = note.clone();
    let restricted = restricted && on(Rule::R21);
    d.record(NoteAdded { text, restricted });
    Ok(())
}

/// Nothing is edited and nothing deleted: a correction stands beside what it corrects.
fn correct_note(d: &mut Decision, corrected: &CorrectNote) -> Result<(), Refusal> {
    let Some(note) = d.case().part.record.notes.get(&corrected.note) else {
        return Err(Refusal::invalid(
            format!("Entry {} is no note.", corrected.note),
            "Name the entry of the note itself, not of a correction.",
        ));
    };
    let own = note.mark.by == d.actor.who;
    if !own && !d.by_ic() && on(Rule::R35) {
        return Err(Refusal::rule(
            Rule::R35,
            "A note is corrected by its author or the Incident Commander.",
            "Leave a note of your own that says what you know.",
        ));
    }
    let restricted = corrected.restricted || note.restricted;
    let (note, text) = (corrected.note, corrected.text.clone());
    d.record(NoteCorrected { note, text, restricted });
    Ok(())
}

/// Only a person ticks: what a program or the state of the case suggests is no tick.
fn tick_item(d: &mut Decision, tick: &TickItem) -> Result<(), Refusal> {
    if on(Rule::R2) {
        d.person()?;
    }
    known_item(d, &tick.item)?;
    if d.case().part.record.ticks.contains_key(&tick.item) {
        return Err(Refusal::conflict("It is ticked already.", "There is nothing to do."));
    }
    let TickItem { item, proof } = tick.clone();
    d.record(ItemTicked { item, proof });
    Ok(())
}

fn untick_item(d: &mut Decision, tick: &UntickItem) -> Result<(), Refusal> {
    d.person()?;
    known_item(d, &tick.item)?;
    if !d.case().part.record.ticks.contains_key(&tick.item) {
        return Err(Refusal::conflict("It is not ticked.", "There is nothing to do."));
    }
    let UntickItem { item, reason } = tick.clone();
    d.record(ItemUnticked { item, reason });
    Ok(())
}

fn known_item(d: &Decision, item: &str) -> Result<(), Refusal> {
    if d.at.playbook().checklists.item(item).is_some() {
        return Ok(());
    }
    Err(Refusal::invalid(
        format!("The checklist has no line {item}."),
        "Take the line's id from the checklist of this case.",
    ))
}

fn open_call(d: &mut Decision, open: &OpenCall) -> Result<(), Refusal> {
    let OpenCall { link, mut participants, recording } = open.clone();
    if let Who::Person(person) = &d.actor.who {
        participants.insert(person.clone());
    }
    let call = number_of(d.case().part.record.calls.len());
    if on(Rule::R36) {
        d.record(CallOpened { call, link, participants, recording });
    }
    Ok(())
}

fn close_call(d: &mut Decision, close: &CloseCall) -> Result<(), Refusal> {
    let Some(call) = d.case().part.record.call(close.call) else {
        return Err(unknown("call", close.call));
    };
    let adds = close.recorded || close.summary.is_some() || !close.participants.is_empty();
    if call.closed.is_some() && !adds {
        return Err(Refusal::conflict(
            "That call is over already.",
            "Give a recording or a summary, if it has neither.",
        ));
    }
    let CloseCall { call, recorded, summary, participants } = close.clone();
    d.record(CallClosed { call, recorded, summary, participants });
    Ok(())
}

fn open_document(d: &mut Decision, open: &OpenDocument) -> Result<(), Refusal> {
    let OpenDocument { link, mut participants } = open.clone();
    if let Who::Person(person) = &d.actor.who {
        participants.insert(person.clone());
    }
    let document = number_of(d.case().part.record.documents.len());
    d.record(DocumentOpened { document, link, participants });
    Ok(())
}

/// The number of the next one, counting from 1.
pub(super) fn number_of(so_far: usize) -> u32 {
    u32::try_from(so_far).unwrap_or(u32::MAX).saturating_add(1)
}

/// Why a number is refused.
pub(super) fn unknown(what: &str, n: u32) -> Refusal {
    Refusal::invalid(
        format!("This case has no {what} {n}."),
        "Take the number from the record.",
    )
}
