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
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use super::ACTS;
    use crate::report::forms;
    use crate::web::stage::{Said, Stage, bytes};

    /// Somebody at the page of the case.
    struct Hand<'a> {
        stage: &'a Stage,
        token: String,
    }

    impl Hand<'_> {
        async fn send(&self, path: &str, body: &str) -> Said {
            let bearer = format!("Bearer {}", self.token);
            let asking = bytes(path, body.as_bytes());
            self.stage.send(asking.with("authorization", &bearer)).await
        }

        /// Does something, and answers the entry that can be undone.
        async fn does(&self, path: &str, body: &str) -> Option<String> {
            let said = self.send(path, body).await;
            assert_eq!(said.status, 303, "{}", said.text());
            // A browser keeps the place on the page to itself.
            let there = said.header("location").split('#').next()?;
            let html = self.stage.get(there, Some(&self.token)).await.text();
            let (_, rest) = there.split_once("&undo=")?;
            let seq = rest.to_owned();
            let button =
                format!("name=\"undo\" value=\"{seq}\"><button class=\"second\" data-key=\"u\">");
            assert!(html.contains(&button), "{html}");
            Some(seq)
        }

        async fn undo(&self, seq: &str) -> Said {
            self.send("/cases/HH-1", &format!("undo={seq}")).await
        }

        async fn undone(&self, seq: &str) {
            let said = self.undo(seq).await;
            let there = said.header("location").to_owned();
            assert_eq!(there, "/cases/HH-1?said=undone#timeline", "{}", said.text());
            let html = self.stage.get(&there, Some(&self.token)).await.text();
            assert!(
                html.contains("Undone. Both stand in the timeline."),
                "{html}"
            );
        }
    }

    #[tokio::test]
    async fn what_one_has_just_done_is_undone_by_an_entry_of_its_own() {
        let stage = Stage::new().await;
        stage.report().await;
        let ann = Hand {
            stage: &stage,
            token: stage.token("ann", "member").await,
        };
        let bob = Hand {
            stage: &stage,
            token: stage.token("bob", "member").await,
        };
        let case = async || {
            stage
                .get("/api/v1/cases/HH-1", Some(&ann.token))
                .await
                .json()
        };
        let at = "/cases/HH-1";
        assert_eq!(
            ann.does(at, "act=take").await,
            None,
            "taking it has no opposite"
        );

        let note = ann.does(at, "act=note&text=the+goat").await.unwrap();
        let not_his = bob.undo(&note).await;
        assert_eq!(not_his.status, 409, "{}", not_his.text());
        assert!(
            not_his.text().contains("Only what you have done yourself"),
            "{}",
            not_his.text()
        );
        let before = case().await["seq"].as_u64().unwrap();
        ann.undone(&note).await;
        assert_eq!(case().await["seq"], before + 1, "nothing is taken away");
        let html = stage
            .get(&format!("{at}/timeline"), Some(&ann.token))
            .await
            .text();
        assert!(
            html.contains("the goat") && html.contains("it was a slip"),
            "{html}"
        );

        let lead = ann
            .does(at, "act=note&text=!Paw+prints+@ann")
            .await
            .unwrap();
        ann.undone(&lead).await;
        let twice = ann.undo(&lead).await;
        assert!(twice.status >= 400, "once only: {}", twice.text());
        let set = "/cases/HH-1/acts/set_severity";
        assert_eq!(
            ann.does(set, "severity=medium").await,
            None,
            "nobody had said"
        );
        let high = ann.does(set, "severity=high").await.unwrap();
        ann.undone(&high).await;
        let now = case().await;
        assert_eq!(now["severity"], "medium", "{now}");

        let late = ann.does(at, "act=note&text=the+cow").await.unwrap();
        let step = std::time::Duration::from_secs(660);
        stage.app.desk.clock().advance(step).unwrap();
        let said = ann.undo(&late).await;
        assert!(said.text().contains("too long ago"), "{}", said.text());
        for odd in ["0", "1", "x", "999"] {
            assert_eq!(ann.undo(odd).await.status, 409, "{odd}");
        }
    }

    #[test]
    fn every_act_with_an_opposite_is_an_act() {
        for (act, _) in ACTS {
            assert!(forms::find(act).is_some() || act == "add_note", "{act}");
        }
    }
}
