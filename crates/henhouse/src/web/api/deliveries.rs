//! `GET /api/v1/cases/{number}/deliveries`: whether what left arrived. Never an address.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::desk::{Attempt, CaseView, NOT_SENT_SHADOW, OutboxRow, WITHHELD};
use crate::web::registry::Answer;
use crate::web::{Call, Problem, json};

/// What left because of a case.
#[derive(Serialize, JsonSchema)]
pub struct Deliveries {
    /// Each delivery, by the entry that caused it.
    pub deliveries: Vec<DeliveryAnswer>,
    /// What the people of the project are called, by their ids.
    pub names: BTreeMap<String, Option<String>>,
    /// The time zone of the case's project, by its name.
    pub zone: String,
    /// When this was (RFC 3339).
    pub as_of: String,
}

/// One delivery.
#[derive(Serialize, JsonSchema)]
pub struct DeliveryAnswer {
    /// Its id; it stays over all attempts.
    pub notice: String,
    /// The entry that caused it.
    pub seq: u64,
    /// For whom, where it is for a person.
    pub person: Option<String>,
    /// By what.
    pub route: String,
    /// It wakes people.
    pub page: bool,
    /// Left in one message with everything that has the same mark.
    pub bundle: Option<String>,
    /// Where it stands: queued, leased, done, dropped, failed, withheld (a drill tells nobody outside the team), or shadow (it
    /// would have left, had its source not stood in shadow).
    pub state: String,
    /// What would have been told, where it is withheld.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub would_say: Option<WouldSay>,
    /// Attempts so far.
    pub attempts: u32,
    /// Each attempt: when, how it ended, what the peer said.
    pub log: Vec<AttemptAnswer>,
}

/// The words that a drill kept back.
#[derive(Serialize, JsonSchema)]
pub struct WouldSay {
    /// For whom: a reporter by number, a stakeholder by id, a person by id. Never an address.
    pub to: String,
    /// The subject of the mail.
    pub subject: String,
    /// Its text.
    pub text: String,
}

/// One attempt.
#[derive(Serialize, JsonSchema)]
pub struct AttemptAnswer {
    /// The how-manieth.
    pub n: u32,
    /// When it ended (RFC 3339); in a drill by the drill's clock, when it was caused.
    pub at: String,
    /// sent, failed, uncertain, withheld or shadow.
    pub outcome: String,
    /// The peer's receipt, or what it said.
    pub receipt: Option<String>,
}

/// Lists deliveries.
pub(super) async fn list(call: Call) -> Answer {
    let view = call.case().await?;
    let sent = call.app.desk.deliveries_with_attempts(&view).await?;
    let mut kept = BTreeMap::new();
    for (row, _) in sent.iter().filter(|(_, attempts)| is_withheld(attempts)) {
        kept.extend(would_say(&call, row).await.map(|said| (row.notice, said)));
    }
    let caused_at = match call.app.desk.site().drill {
        true => causes(&call, &view).await?,
        false => BTreeMap::new(),
    };
    let mut delivery = |(row, attempts): &(OutboxRow, Vec<Attempt>)| DeliveryAnswer {
        would_say: kept.remove(&row.notice),
        notice: row.notice.to_string(),
        seq: row.seq,
        person: row.person.clone(),
        route: row.route.clone(),
        page: row.lane == crate::desk::Lane::Urgent,
        bundle: row.bundle.map(|bundle| bundle.simple().to_string()),
        state: match is_withheld(attempts) {
            true => "withheld".to_owned(),
            false if is_shadow(attempts) => "shadow".to_owned(),
            false => row.state.word().to_owned(),
        },
        attempts: row.attempts,
        log: attempts
            .iter()
            .map(|attempt| tried(attempt, caused_at.get(&row.seq).copied()))
            .collect(),
    };
    let deliveries = sent.iter().map(&mut delivery).collect();
    json::ok(&Deliveries {
        deliveries,
        names: view.names(),
        zone: view.basis.project.calendar.zone().to_owned(),
        as_of: call.app.desk.now().to_string(),
    })
}

fn is_withheld(attempts: &[Attempt]) -> bool {
    let last = attempts.last().and_then(|last| last.receipt.as_deref());
    last == Some(WITHHELD)
}

fn is_shadow(attempts: &[Attempt]) -> bool {
    let last = attempts.last().and_then(|last| last.receipt.as_deref());
    last == Some(NOT_SENT_SHADOW)
}

async fn would_say(call: &Call, row: &OutboxRow) -> Option<WouldSay> {
    let letter = call.app.desk.letter_of(row).await?;
    let to: Value = serde_json::from_str(row.recipient.as_deref()?).ok()?;
    let named = to.as_object().and_then(|to| to.iter().next());
    let named = named.map(|(what, which)| match which.as_str() {
        Some(id) => format!("{what} {id}"),
        None => format!("{what} {which}"),
    });
    Some(WouldSay {
        to: named.unwrap_or_else(|| to.as_str().unwrap_or_default().to_owned()),
        subject: letter.mail.subject,
        text: letter.mail.text,
    })
}

/// A drill's time stands still while something leaves: it left when it was caused.
async fn causes(call: &Call, view: &CaseView) -> Result<BTreeMap<u64, Timestamp>, Problem> {
    let entries = call.app.desk.entries(view, 0, u32::MAX).await?;
    let at = entries.iter().map(|entry| (entry.seq, entry.recorded_at));
    Ok(at.collect())
}

fn tried(attempt: &Attempt, drill: Option<Timestamp>) -> AttemptAnswer {
    AttemptAnswer {
        n: attempt.n,
        at: drill.unwrap_or(attempt.at).to_string(),
        outcome: match attempt.receipt.as_deref() {
            Some(WITHHELD) => "withheld".to_owned(),
            Some(NOT_SENT_SHADOW) => "shadow".to_owned(),
            _ => attempt.outcome.word().to_owned(),
        },
        receipt: attempt.receipt.clone(),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use serde_json::json;

    use crate::web::stage::Stage;

    #[tokio::test]
    async fn a_page_is_listed_without_its_address() {
        let stage = Stage::new().await;
        stage.report().await;
        let ann = stage.token("ann", "member").await;
        let said = stage.get("/api/v1/cases/HH-1/deliveries", Some(&ann)).await;
        let body = said.json();
        assert_eq!(body["deliveries"][0]["person"], "ann");
        assert_eq!(body["deliveries"][0]["page"], true);
        assert!(!said.text().contains('@'), "{}", said.text());
    }

    #[tokio::test]
    async fn what_a_drill_would_tell_outside_is_kept_and_shown_and_the_team_is_written_to() {
        for outside in [false, true] {
            let stage = Stage::drill().await;
            if outside {
                stage.app.desk.drills_write_outside();
            }
            let report = json!({ "text": "fire", "contact": "guest@example.net" });
            stage.post("/api/v1/reports", None, report).await;
            let ann = stage.token("ann", "member").await;
            let said = stage.get("/api/v1/cases/DR-1/deliveries", Some(&ann)).await;
            let body = said.json();
            let all = body["deliveries"].as_array().unwrap();
            let page = all.iter().find(|one| one["person"] == "ann").unwrap();
            assert_eq!(page["state"], "queued", "{page}");
            let receipt = all.iter().find(|one| one["person"].is_null()).unwrap();
            if outside {
                assert_eq!(receipt["state"], "queued", "{receipt}");
                continue;
            }
            assert_eq!(receipt["state"], "withheld", "{receipt}");
            assert_eq!(receipt["log"][0]["outcome"], "withheld");
            let left_at = &receipt["log"][0]["at"];
            assert_eq!(left_at, "2026-03-02T03:00:00Z", "by the drill's clock");
            let would_say = &receipt["would_say"];
            assert_eq!(would_say["to"], "reporter 1");
            let subject = would_say["subject"].as_str().unwrap();
            assert!(subject.starts_with("DRILL"), "{subject}");
            assert!(!said.text().contains("guest@"), "{}", said.text());
        }
    }
}
