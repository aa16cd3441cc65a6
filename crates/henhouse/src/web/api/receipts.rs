//! `/api/v1/receipts/{token}`: for the reporter, by the receipt they hold.

use schemars::JsonSchema;
use serde::Serialize;

use super::commands::{CommandAnswer, EntryTold, order};
use crate::desk::ReceiptView;
use crate::web::registry::Answer;
use crate::web::{Call, json};

pub(super) const EXAMPLE: &str =
    r#"{"command": "add_details", "text": "The gate was open at 8 already."}"#;

/// Where a report stands.
#[derive(Serialize, JsonSchema)]
pub struct ReceiptAnswer {
    /// The number that people say.
    pub number: String,
    /// The number of the case that it became part of; null where there is none to be told.
    pub handled_as: Option<String>,
    /// It waits on a node's disk for the database, under a number of its own, and is no case yet.
    pub waits: bool,
    /// What the case is called.
    pub noun: &'static str,
    /// When the report was received (RFC 3339).
    pub reported_at: String,
    /// Where the case stands.
    pub status: procedure::Status,
    /// Where the walk through the contact sheet stands; null once somebody has it.
    pub walk: Option<WalkAnswer>,
    /// Since when somebody has it.
    pub taken_at: Option<String>,
    /// Who has it; only for staff who are signed in and may see the case.
    pub ic: Option<String>,
    /// Numbers that anybody may call.
    pub public_numbers: Vec<PublicNumber>,
    /// A drill.
    pub drill: bool,
}

/// Where the walk stands.
#[derive(Serialize, JsonSchema)]
pub struct WalkAnswer {
    /// Which round of the sheet, from 1.
    pub round: u32,
    /// How many were called in this round.
    pub called: u32,
    /// How many are on the sheet.
    pub of: u32,
    /// When the next step is due.
    pub next_step_at: Option<String>,
}

/// A number that anybody may call.
#[derive(Serialize, JsonSchema)]
pub struct PublicNumber {
    /// What the line is.
    pub label: String,
    /// The number as it is dialled.
    pub number: String,
}

/// Shows where the report stands.
pub(super) async fn show(call: Call) -> Answer {
    let onlooker = call.onlooker().ok();
    let receipt = call.app.desk.receipt(call.param("token"), onlooker).await?;
    json::ok(&answer(receipt, call.app.desk.site().drill))
}

/// Adds details, or disagrees.
pub(super) async fn say(mut call: Call) -> Answer {
    let order = order(call.object().await?)?;
    let once = call.once()?;
    let said = call
        .app
        .desk
        .say_by_receipt(call.param("token"), order, once)
        .await?;
    let entries = said.entries.into_iter().map(EntryTold::from).collect();
    json::ok(&CommandAnswer {
        seq: said.seq,
        entries,
    })
}

fn answer(receipt: ReceiptView, drill: bool) -> ReceiptAnswer {
    let text = |at: jiff::Timestamp| at.to_string();
    let public = receipt.public_numbers.into_iter();
    ReceiptAnswer {
        number: receipt.number,
        handled_as: receipt.handled_as,
        waits: receipt.waits,
        noun: receipt.noun,
        reported_at: text(receipt.reported_at),
        status: receipt.status,
        walk: receipt.walk.map(|walk| WalkAnswer {
            round: walk.round,
            called: walk.called,
            of: walk.of,
            next_step_at: walk.next_step_at.map(text),
        }),
        taken_at: receipt.taken_at.map(text),
        ic: receipt.ic,
        public_numbers: public
            .map(|(label, number)| PublicNumber { label, number })
            .collect(),
        drill,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::web::stage::Stage;

    #[tokio::test]
    async fn a_receipt_tells_how_far_the_walk_is_and_names_nobody() {
        let stage = Stage::new().await;
        let at = stage.receipt().await;
        let said = stage.get(&at, None).await;
        let body = said.json();
        assert_eq!(body["walk"]["called"], 1, "{body}");
        assert_eq!(body["walk"]["of"], 2);
        assert_eq!(body["walk"]["next_step_at"], "2026-03-02T03:05:00Z");
        let ann = stage.token("ann", "member").await;
        stage
            .command("HH-1", &ann, json!({ "command": "acknowledge" }))
            .await;
        let open = stage.get(&at, None).await;
        assert_eq!(open.json()["taken_at"], "2026-03-02T03:00:00Z");
        assert!(!open.text().contains("ann"), "{}", open.text());
        assert_eq!(stage.get(&at, Some(&ann)).await.json()["ic"], "The ann");
        let eve = stage.token("eve", "member").await;
        assert_eq!(
            stage.get(&at, Some(&eve)).await.json()["ic"],
            serde_json::Value::Null
        );
    }

    #[tokio::test]
    async fn a_receipt_lets_one_add_and_do_nothing_else() {
        let stage = Stage::new().await;
        let at = stage.receipt().await;
        let more = json!({ "command": "add_details", "text": "and a goat" });
        let said = stage.post(&at, None, more).await;
        assert_eq!(said.status, 200, "{}", said.text());
        for command in ["acknowledge", "join", "report"] {
            let said = stage
                .post(&at, None, json!({ "command": command, "text": "x" }))
                .await;
            assert!(
                matches!(said.status, 403 | 422),
                "{command}: {}",
                said.text()
            );
        }
    }

    #[tokio::test]
    async fn a_guess_is_no_receipt() {
        let stage = Stage::new().await;
        let at = stage.receipt().await;
        let mut guess = at.clone();
        guess.pop();
        for path in [guess, format!("{at}A"), "/api/v1/receipts/x".to_owned()] {
            assert_eq!(stage.get(&path, None).await.status, 404);
        }
    }
}
