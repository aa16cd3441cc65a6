//! Undo. A journal is only ever added to, so an act is undone by its opposite: an entry of its own, which everybody
//! sees beside the first (R35). It is offered where an act is said to be done, for acts that have an opposite; the rest
//! is corrected on the page of its entry. Whether the opposite may be done is asked of the engine like anything else.

use jiff::SignedDuration;
use procedure::at::At;
use procedure::chapters::commander::Held;
use procedure::chapters::evidence::spans;
use procedure::playbook::Severity;
use procedure::{Body, Command, Entry, Order, fold};
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

/// The entry of an act that its author can undo now, among all that it left.
pub(in crate::web::pages) async fn entry_of(
    call: &Call,
    command: &str,
    entries: &[Told],
) -> Option<u64> {
    let (_, kind) = ACTS.iter().find(|(act, _)| *act == command)?;
    let seq = entries.iter().find(|entry| entry.kind == *kind)?.seq;
    let view = call.case().await.ok()?;
    let opposite = way_back(call, &view, seq).await.ok()?;
    call.app.desk.would(&view, &opposite).then_some(seq)
}

/// Nobody has gone on from an entry: what it said is what stands, and its opposite takes nothing of others with it.
fn stands(entry: &Entry, at: At) -> bool {
    let (seq, part) = (entry.seq, &at.case.part);
    match &entry.body {
        Body::NoteAdded(_) => {
            let note = part.record.notes.get(&seq);
            note.is_some_and(|note| note.corrections.is_empty())
        }
        Body::SeveritySet(_) => {
            let last = part.assess.severities.last();
            last.is_some_and(|change| change.mark.seq == seq)
        }
        Body::RoleAssigned(_) => part.commander.posts.iter().any(|held| held.seq == seq),
        Body::RoleReleased(it) => {
            let mut since = part.commander.posts.iter().filter(|held| held.seq > seq);
            !since.any(|held| held.role == it.role)
        }
        Body::HandoverOffered(_) => {
            let mut offers = part.commander.handovers.iter();
            offers.any(|offer| offer.seq == seq && offer.is_pending())
        }
        // What clears one suspicion clears all.
        Body::SuspicionRaised(_) => {
            let spans = spans(at);
            let mut up = spans.iter().filter(|span| span.until.is_none());
            up.all(|span| span.seq == seq)
        }
        _ => true,
    }
}

/// The command that undoes an entry, in the words of the API. `gone` is the role that somebody had before it and
/// nobody has by it.
fn opposite(entry: &Entry, gone: Option<&Held>, why: &str) -> Option<Value> {
    let again = |held: &Held| {
        let scope = held.scope.as_ref().and_then(|scope| scope.plain());
        json!({ "command": "assign_role", "person": held.person, "role": held.role, "scope": scope })
    };
    Some(match &entry.body {
        Body::NoteAdded(note) => {
            json!({ "command": "correct_note", "note": entry.seq, "text": why, "restricted": note.restricted })
        }
        // There is no way back to what nobody had said.
        Body::SeveritySet(set) if set.from != set.severity && set.from != Severity::Unknown => {
            json!({ "command": "set_severity", "severity": set.from, "reason": why })
        }
        Body::LeadAdded(it) => json!({ "command": "drop_lead", "lead": it.lead, "reason": why }),
        Body::StepAdded(it) => json!({ "command": "drop_step", "step": it.step, "reason": why }),
        Body::RoleAssigned(it) => match gone {
            Some(held) => again(held),
            None => json!({ "command": "release_role", "person": it.person, "role": it.role }),
        },
        Body::RoleReleased(_) => again(gone?),
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
    let seq: u64 = seq.parse().unwrap_or_default();
    let order = way_back(call, view, seq).await?;
    // A note may be corrected as often as one likes: however often this is sent at once, it is done once.
    let once = match order.command {
        Command::CorrectNote(_) => Some(format!("undo {} {seq}", view.row.number)),
        _ => frame::once(fields),
    };
    let once = once.map(|key| call.one_use(key));
    let actor = view.onlooker.actor.clone();
    let undone = call.app.desk.submit(view.row.journal, actor, order, once);
    undone.await?;
    Ok(())
}

/// What undoes an entry, or why nothing does.
async fn way_back(call: &Call, view: &CaseView, seq: u64) -> Result<Order, Problem> {
    let w = call.words();
    let no = |key| Problem::new("conflict", w.say(key));
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
    let now = desk.now();
    if now.duration_since(own.recorded_at) > WITHIN {
        return Err(no(key("case-undo-late")));
    }
    let gone = gone(call, view, own).await?;
    let why = w.say("case-undo-why");
    let Some(Value::Object(opposite)) = opposite(own, gone.as_ref(), &why) else {
        return Err(no(key("case-undo-none")));
    };
    if !stands(own, At::new(&view.case, &view.basis, now)) {
        return Err(no(key("case-undo-since")));
    }
    order(opposite)
}

/// The role that an entry took from somebody; it does not say all of it itself.
async fn gone(call: &Call, view: &CaseView, entry: &Entry) -> Result<Option<Held>, Problem> {
    if !matches!(&entry.body, Body::RoleAssigned(_) | Body::RoleReleased(_)) {
        return Ok(None);
    }
    let until = u32::try_from(entry.seq - 1).unwrap_or(u32::MAX);
    let earlier = call.app.desk.entries(view, 0, until).await?;
    let mut case = fold(earlier.iter().map(|entry| &**entry));
    let before = case.part.commander.posts.clone();
    case.apply(entry);
    let posts = &case.part.commander.posts;
    Ok(before.into_iter().find(|held| !posts.contains(held)))
}

#[cfg(test)]
#[path = "undo_tests.rs"]
mod tests;
