//! `GET /api/v1/cases/{number}/deliveries`: whether what left arrived. Never an address.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::web::registry::Answer;
use crate::web::{Call, json};

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
    /// Where it stands: queued, leased, done, dropped or failed.
    pub state: String,
    /// Attempts so far.
    pub attempts: u32,
    /// Each attempt: when, how it ended, what the peer said.
    pub log: Vec<AttemptAnswer>,
}

/// One attempt.
#[derive(Serialize, JsonSchema)]
pub struct AttemptAnswer {
    /// The how-manieth.
    pub n: u32,
    /// When it ended (RFC 3339).
    pub at: String,
    /// sent, failed or uncertain.
    pub outcome: String,
    /// The peer's receipt, or what it said.
    pub receipt: Option<String>,
}

/// Lists deliveries.
pub(super) async fn list(call: Call) -> Answer {
    let view = call.case().await?;
    let sent = call.app.desk.deliveries_with_attempts(&view).await?;
    let delivery =
        |(row, attempts): &(crate::desk::OutboxRow, Vec<crate::desk::Attempt>)| DeliveryAnswer {
            notice: row.notice.to_string(),
            seq: row.seq,
            person: row.person.clone(),
            route: row.route.clone(),
            page: row.lane == crate::desk::Lane::Urgent,
            bundle: row.bundle.map(|bundle| bundle.simple().to_string()),
            state: row.state.word().to_owned(),
            attempts: row.attempts,
            log: attempts.iter().map(attempt).collect(),
        };
    let deliveries = sent.iter().map(delivery).collect();
    json::ok(&Deliveries {
        deliveries,
        names: view.names(),
        zone: view.basis.project.calendar.zone().to_owned(),
        as_of: call.app.desk.now().to_string(),
    })
}

fn attempt(attempt: &crate::desk::Attempt) -> AttemptAnswer {
    AttemptAnswer {
        n: attempt.n,
        at: attempt.at.to_string(),
        outcome: attempt.outcome.word().to_owned(),
        receipt: attempt.receipt.clone(),
    }
}

#[cfg(test)]
mod tests {
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
}
