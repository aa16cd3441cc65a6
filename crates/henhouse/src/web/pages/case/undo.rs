//! Undo. A journal is only ever added to, so an act is undone by its opposite: an entry of its own, which everybody
//! sees beside the first (R35). It is offered where an act is said to be done, for acts that have an opposite; the rest
//! is corrected on the page of its entry. Whether the opposite may be done is asked of the engine like anything else.

use jiff::SignedDuration;
use procedure::playbook::Severity;
use procedure::{Body, Entry};
use serde_json::{Value, json};

use super::act::refused;
use crate::desk::{CaseView, Told};
use crate::web::api::order;
use crate::web::fields::Fields;
use crate::web::pages::frame;
use crate::web::registry::Answer;
use crate::web::words::key;
use crate::web::{Call, Problem};

/// So long one's own act can be undone by one tap; it is corrected like any other after that.
const WITHIN: SignedDuration = SignedDuration::from_mins(10);
/// With so many entries after it, it is no longer offered.
pub(super) const RECENT: u64 = 20;
/// Acts that have an opposite, and the entry that each leaves: those that [`opposite`] knows.
const ACTS: [(&str, &str); 12] = [
    ("add_note", "note_added"),
    ("set_severity", "severity_set"),
    ("add_lead", "lead_added"),
    ("add_step", "step_added"),
    ("assign_role", "role_assigned"),
    ("release_role", "role_released"),
    ("add_member", "member_added"),
    ("place_hold", "hold_placed"),
    ("raise_suspicion", "suspicion_raised"),
    ("plan_shift", "shift_planned"),
    ("offer_handover", "handover_offered"),
    ("add_timeline_line", "timeline_line_added"),
];

/// The entry of an act that can be undone, among all that it left; `before` is the case as it was.
pub(in crate::web::pages) fn entry_of(
    command: &str,
    before: &CaseView,
    entries: &[Told],
) -> Option<u64> {
    let (_, kind) = ACTS.iter().find(|(act, _)| *act == command)?;
    // There is no way back to what nobody had said.
    let first = before.case.part.assess.severity == Severity::Unknown;
    if command == "set_severity" && first {
        return None;
    }
    let entry = entries.iter().find(|entry| entry.kind == *kind)?;
    Some(entry.seq)
}

/// The command that undoes an entry, in the words of the API.
fn opposite(entry: &Entry, why: &str) -> Option<Value> {
    Some(match &entry.body {
        Body::NoteAdded(note) => {
            json!({ "command": "correct_note", "note": entry.seq, "text": why, "restricted": note.restricted })
        }
        Body::SeveritySet(set) if set.from != set.severity => {
            json!({ "command": "set_severity", "severity": set.from, "reason": why })
        }
        Body::LeadAdded(it) => json!({ "command": "drop_lead", "lead": it.lead, "reason": why }),
        Body::StepAdded(it) => json!({ "command": "drop_step", "step": it.step, "reason": why }),
        Body::RoleAssigned(it) => {
            json!({ "command": "release_role", "person": it.person, "role": it.role })
        }
        Body::RoleReleased(it) => {
            json!({ "command": "assign_role", "person": it.person, "role": it.role })
        }
        Body::MemberAdded(it) => json!({ "command": "remove_member", "person": it.person }),
        Body::HoldPlaced(it) => {
            json!({ "command": "release_hold", "hold": it.hold, "reason": why })
        }
        Body::SuspicionRaised(_) => json!({ "command": "clear_suspicion", "reason": why }),
        Body::ShiftPlanned(it) => json!({ "command": "cancel_shift", "shift": it.shift }),
        Body::HandoverOffered(it) => json!({ "command": "withdraw_handover", "role": it.role }),
        Body::TimelineLineAdded(it) => {
            json!({ "command": "remove_timeline_line", "line": it.line })
        }
        _ => return None,
    })
}

/// Undoes an act of the reader's own, a moment ago.
pub(super) async fn undo(call: &Call, view: &CaseView, seq: &str, fields: &Fields) -> Answer {
    let given = carry_out(call, view, seq, fields).await;
    match given {
        Ok(()) => {
            let there = format!("/cases/{}?said=undone#timeline", view.row.number);
            Ok(frame::lead_to(&there))
        }
        Err(problem) => refused(call, problem, String::new()).await,
    }
}

async fn carry_out(
    call: &Call,
    view: &CaseView,
    seq: &str,
    fields: &Fields,
) -> Result<(), Problem> {
    let w = call.words();
    let no = |key| Problem::new("conflict", w.say(key));
    let seq: u64 = seq.parse().unwrap_or_default();
    let (desk, actor) = (&call.app.desk, &view.onlooker.actor);
    let found = match seq.checked_sub(1) {
        Some(after) if view.may_read(seq) => desk.entries(view, after, 1).await?,
        _ => Vec::new(),
    };
    let entry = found.first().filter(|entry| entry.seq == seq);
    let own = entry.filter(|entry| {
        actor
            .as_person()
            .is_some_and(|me| entry.actor.as_person() == Some(me))
    });
    let own = own.ok_or_else(|| no(key("case-undo-not-yours")))?;
    if desk.now().duration_since(own.recorded_at) > WITHIN {
        return Err(no(key("case-undo-late")));
    }
    let why = w.say("case-undo-why");
    let Some(Value::Object(opposite)) = opposite(own, &why) else {
        return Err(no(key("case-undo-none")));
    };
    let once = frame::once(fields).map(|key| call.one_use(key));
    desk.submit(view.row.journal, actor.clone(), order(opposite)?, once)
        .await?;
    Ok(())
}

#[cfg(test)]
#[path = "undo_tests.rs"]
mod tests;
