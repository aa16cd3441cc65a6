//! The checklist of each phase, as it is shown, printed and asked for (R2).

use alloc::string::String;
use alloc::vec::Vec;

use jiff::Timestamp;
use serde::Serialize;

use crate::actor::Who;
use crate::agenda::Permit;
use crate::at::At;
use crate::case::{Phase, Stand};
use crate::playbook::{ChecklistItem, RoleName};
use crate::rule::Rule;

/// The checklist of one phase.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChecklistPhase {
    /// Its title.
    pub title: &'static str,
    /// It is the phase that the case is in.
    pub current: bool,
    /// Its lines.
    pub items: Vec<ChecklistLine>,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChecklistLine {
    /// Its id.
    pub id: String,
    /// What to do.
    pub text: String,
    /// Whose line it is.
    pub role: RoleName,
    /// The rules behind it.
    pub rules: Vec<String>,
    /// Who ticked it, and when.
    pub tick: Option<Tick>,
}

/// Who ticked a line, and when.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tick {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: Who,
    /// The entry.
    pub seq: u64,
}

/// The whole checklist with its ticks, from the playbook that the case follows.
#[must_use]
pub fn checklist(at: At) -> Vec<ChecklistPhase> {
    let current = current(at.case.phase());
    let shown = (0..).zip(phases(at)).map(|(place, (title, items))| ChecklistPhase {
        title,
        current: Some(place) == current,
        items: items.iter().map(|item| line(at, item)).collect(),
    });
    shown.collect()
}

/// The lists of the four phases, each of the edition that was in force when its phase was left
/// for good; what is added to a phase later is not asked for any more (X30).
pub(super) fn phases(at: At<'_>) -> [(&'static str, &[ChecklistItem]); 4] {
    let left = |place: usize| {
        let turns = at.case.history.iter().rev();
        let beyond = turns.take_while(|turn| match turn.what {
            Stand::Phase(phase) => current(phase).is_none_or(|now| now > place),
            _ => true,
        });
        let phases = beyond.filter(|turn| matches!(turn.what, Stand::Phase(_)));
        phases.last().map(|turn| turn.seq)
    };
    let of = |place: usize| {
        let edition = left(place).map_or(at, |seq| at.under(seq));
        edition.playbook().checklists.phases()[place]
    };
    [of(0), of(1), of(2), of(3)]
}

fn line(at: At, item: &ChecklistItem) -> ChecklistLine {
    let mark = at.case.part.record.ticks.get(&item.id);
    ChecklistLine {
        id: item.id.clone(),
        text: item.text.clone(),
        role: item.role,
        rules: item.rules.clone(),
        tick: mark.map(|mark| Tick { at: mark.at, by: mark.by.clone(), seq: mark.seq }),
    }
}

/// How many of the four phases have been reached.
pub(super) fn reached(phase: Phase) -> usize {
    current(phase).map_or(4, |place| place + 1)
}

fn current(phase: Phase) -> Option<usize> {
    match phase {
        Phase::Initiate => Some(0),
        Phase::Assess => Some(1),
        Phase::Remediate => Some(2),
        Phase::Retrospective => Some(3),
        Phase::Done => None,
    }
}

/// The lines of the present phase that can be ticked now.
pub(super) fn permits(at: At, out: &mut Vec<Permit>) {
    let phases = at.playbook().checklists.phases();
    let Some((_, items)) = current(at.case.phase()).and_then(|place| phases.get(place).copied())
    else {
        return;
    };
    let ticks = &at.case.part.record.ticks;
    let open = items.iter().filter(|item| !ticks.contains_key(&item.id));
    out.extend(open.map(|item| Permit {
        command: "tick_item",
        on: Some(item.id.clone()),
        rule: Rule::R2,
        allowed: Some(item.text.clone()),
        refused: None,
    }));
}
