//! The checklist of each phase, as it is shown, printed and asked for (R2).

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use jiff::Timestamp;
use serde::Serialize;

use crate::actor::Who;
use crate::agenda::{Obligation, Owner, Permit};
use crate::at::At;
use crate::case::{Phase, Stand, Status};
use crate::playbook::{ChecklistItem, RoleName};
use crate::rule::Rule;
use crate::switch::on;

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
        items: items.iter().filter(|item| applies(at, item)).map(|item| line(at, item)).collect(),
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

/// A line for one sort of end is for nobody once it is another: what was confirmed is no false
/// alarm. What was ticked stays.
fn applies(at: At, item: &ChecklistItem) -> bool {
    let status = at.case.status();
    let fits = |only| only == status || status == Status::Investigating;
    item.only.is_none_or(fits) || at.case.part.record.ticks.contains_key(&item.id)
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

/// How many of the four phases are asked for: those that were reached. A false alarm and a case
/// that became part of another cut the phase short that they ended; nobody asks for its lines.
fn reached(at: At) -> usize {
    let places = at.case.history.iter().filter_map(|turn| match turn.what {
        Stand::Phase(phase) => current(phase),
        _ => None,
    });
    let count = places.max().map_or(0, |place| place + 1);
    let cut_short = at.case.phase() == Phase::Done && at.case.status() != Status::Closed;
    count - usize::from(cut_short && count > 0)
}

/// The lines of the phases asked for that nobody has ticked.
pub(super) fn unticked<'a>(at: At<'a>) -> impl Iterator<Item = &'a ChecklistItem> {
    let ticks = &at.case.part.record.ticks;
    let items = phases(at).into_iter().take(reached(at)).flat_map(|(_, items)| items);
    items.filter(move |item| !ticks.contains_key(&item.id) && applies(at, item))
}

/// What was left behind in an earlier phase, or is left when the response is over, the IC ticks or
/// has ticked; the lines of the phase that goes on are there for everybody.
pub(super) fn owed(at: At) -> Option<Obligation> {
    let phase = at.case.phase();
    let present = current(phase).filter(|_| phase != Phase::Retrospective);
    let mine = present.map_or(&[][..], |place| phases(at)[place].1);
    let mut left = unticked(at).filter(|item| !mine.contains(item)).peekable();
    let first = left.peek().filter(|_| !at.case.is_over() && on(Rule::R2))?.id.clone();
    let since = at.case.history.iter().rfind(|turn| turn.what == Stand::Phase(phase))?.at;
    let of = if present.is_some() { " in the earlier phases" } else { "" };
    let what = format!("Tick what was done of the checklist{of}; open: {}.", left.count());
    let key = format!("checklist:{first}");
    let owed = Obligation::owed(Rule::R2, key, Owner::Ic, since, what);
    Some(owed.settled_by("tick_item"))
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
    let open = items.iter().filter(|item| !ticks.contains_key(&item.id) && applies(at, item));
    out.extend(open.map(|item| Permit {
        command: "tick_item",
        on: Some(item.id.clone()),
        rule: Rule::R2,
        allowed: Some(item.text.clone()),
        refused: None,
    }));
}
