//! The parts of the report that people gather: leader, timeline, words, lessons,
//! follow-ups, discovery, threat actions.

use alloc::collections::BTreeSet;
use alloc::format;

use super::{leads, only_leaders};
use super::payload::{
    AddFollowUp, AddLesson, AddTimelineLine, AppointLeader, DiscoveryMethodSet, DoneFollowUp,
    FollowUpAdded, FollowUpDone, LeaderAppointed, LessonAdded, RemoveTimelineLine, SectionWritten,
    SetDiscoveryMethod, SetThreatActions, ThreatActionsSet, TimelineLineAdded, TimelineLineRemoved,
    WriteReportSection,
};
use crate::access::{self, may_see};
use crate::actor::{Actor, How};
use crate::decide::{Decision, Gate, Refusal};
use crate::id::PersonId;
use crate::playbook::Choice;
use crate::rule::Rule;

/// The IC may lead, or name another (R79).
pub(super) fn appoint(d: &mut Decision, command: &AppointLeader) -> Result<(), Refusal> {
    only_leaders(d)?;
    seen_by(d, &command.person)?;
    d.record(LeaderAppointed { person: command.person.clone() });
    Ok(())
}

/// Whoever gets a part must be of the project and see the case.
fn seen_by(d: &Decision, person: &PersonId) -> Result<(), Refusal> {
    let actor = Actor::person(person, How::Session);
    let member = d.at.project().member(person).is_some();
    if member && may_see(d.case(), d.at.basis, &actor) {
        return Ok(());
    }
    Err(Refusal::invalid(
        format!("{person} cannot see this case."),
        "Name somebody of the project who can.",
    ))
}

fn in_journal(d: &Decision, entries: &BTreeSet<u64>) -> bool {
    entries.iter().all(|seq| (1..=d.case().seq).contains(seq))
}

/// Each line resolves to entries (R80).
pub(super) fn add_line(d: &mut Decision, command: &AddTimelineLine) -> Result<(), Refusal> {
    d.person()?;
    let kept = !command.entries.is_empty() && in_journal(d, &command.entries);
    d.gate(Gate::Firm, kept, || {
        Refusal::rule(
            Rule::R80,
            "A line of the timeline stands on entries of this case.",
            "Name the entries that show it; record the fact first if there is none.",
        )
    })?;
    let line = format!("T-{}", d.case().part.retrospective.timeline.len() + 1);
    let (entries, text) = (command.entries.clone(), command.text.clone());
    d.record(TimelineLineAdded { line, entries, text });
    Ok(())
}

pub(super) fn remove_line(d: &mut Decision, command: &RemoveTimelineLine) -> Result<(), Refusal> {
    d.person()?;
    if !d.case().part.retrospective.shown().any(|line| line.id == command.line) {
        return Err(Refusal::invalid(
            format!("There is no line {}.", command.line),
            "Name a line of the timeline.",
        ));
    }
    d.record(TimelineLineRemoved { line: command.line.clone() });
    Ok(())
}

pub(super) fn write(d: &mut Decision, command: &WriteReportSection) -> Result<(), Refusal> {
    only_leaders(d)?;
    let sections = &d.at.playbook().retrospective.report_sections;
    one_of(sections, &command.section, None)?;
    let (section, text) = (command.section.clone(), command.text.clone());
    d.record(SectionWritten { section, text });
    Ok(())
}

fn one_of(list: &[Choice], value: &str, rule: Option<Rule>) -> Result<(), Refusal> {
    if list.iter().any(|choice| choice.value == value) {
        return Ok(());
    }
    let sentence = format!("{value} is not on the playbook's list.");
    let known = list.iter().map(|choice| choice.value.as_str());
    Err(Refusal { rule, ..Refusal::not_among(sentence, known) })
}

pub(super) fn add_lesson(d: &mut Decision, command: &AddLesson) -> Result<(), Refusal> {
    d.person()?;
    if !in_journal(d, &command.entries) {
        return Err(Refusal::invalid(
            "It names an entry that this case does not have.",
            "Name entries of the timeline, or leave them out.",
        ));
    }
    let (text, entries) = (command.text.clone(), command.entries.clone());
    d.record(LessonAdded { text, entries });
    Ok(())
}

pub(super) fn add_follow_up(d: &mut Decision, command: &AddFollowUp) -> Result<(), Refusal> {
    d.person()?;
    seen_by(d, &command.owner)?;
    let follow_up = format!("F-{}", d.case().part.retrospective.follow_ups.len() + 1);
    d.record(FollowUpAdded {
        follow_up,
        text: command.text.clone(),
        owner: command.owner.clone(),
        due: command.due,
    });
    Ok(())
}

pub(super) fn done_follow_up(d: &mut Decision, command: &DoneFollowUp) -> Result<(), Refusal> {
    d.person()?;
    let mut all = d.case().part.retrospective.follow_ups.iter();
    let found = all.find(|follow_up| follow_up.id == command.follow_up);
    match found {
        None => Err(Refusal::invalid(
            format!("There is no follow-up {}.", command.follow_up),
            "Name one of the list.",
        )),
        Some(found) if found.done.is_some() => {
            Err(Refusal::conflict("It is done already.", "There is nothing to do."))
        }
        Some(found) => {
            // The appointed leader and the ICs see to every one of them.
            if !leads(d.case(), d.person()?) {
                access::only_theirs(d, Some(&found.owner))?;
            }
            let (follow_up, note) = (command.follow_up.clone(), command.note.clone());
            d.record(FollowUpDone { follow_up, note });
            Ok(())
        }
    }
}

pub(super) fn discovery(d: &mut Decision, command: &SetDiscoveryMethod) -> Result<(), Refusal> {
    d.person()?;
    let list = &d.at.playbook().retrospective.discovery_methods;
    if command.value != "unknown" {
        one_of(list, &command.value, Some(Rule::R84))?;
    }
    let (value, note) = (command.value.clone(), command.note.clone());
    d.record(DiscoveryMethodSet { value, note });
    Ok(())
}

pub(super) fn threats(d: &mut Decision, command: &SetThreatActions) -> Result<(), Refusal> {
    d.person()?;
    let mut values = command.values.clone();
    let none = values.remove("none") || command.none;
    let anything = !values.is_empty() || !command.attack.is_empty();
    d.gate(Gate::Firm, none != anything, || {
        Refusal::rule(
            Rule::R87,
            "It is either some actions or none.",
            "Name what the actor did, or say that nobody did anything.",
        )
    })?;
    let list = &d.at.playbook().retrospective.threat_actions;
    for value in &values {
        one_of(list, value, Some(Rule::R87))?;
    }
    if let Some(odd) = command.attack.iter().find(|id| !is_technique(id)) {
        return Err(Refusal::invalid(
            format!("{odd} is not the id of an ATT&CK technique."),
            "Write it like T1566 or T1566.001.",
        ));
    }
    d.record(ThreatActionsSet { values, attack: command.attack.clone() });
    Ok(())
}

/// `T` and four digits, perhaps a point and three more.
fn is_technique(id: &str) -> bool {
    let digits = |text: &str, n: usize| text.len() == n && text.bytes().all(|b| b.is_ascii_digit());
    let Some(rest) = id.strip_prefix('T') else { return false };
    match rest.split_once('.') {
        Some((technique, sub)) => digits(technique, 4) && digits(sub, 3),
        None => digits(rest, 4),
    }
}
