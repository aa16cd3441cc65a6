//! `GET /api/v1/cases/{number}/agenda`.

use std::collections::BTreeMap;

use procedure::agenda::Permit;
use procedure::{Obligation, Phase, Status};
use schemars::JsonSchema;
use serde::Serialize;

use crate::report::by_hand::Hand;
use crate::web::registry::Answer;
use crate::web::{Call, json};

/// Everything a case asks for.
#[derive(Serialize, JsonSchema)]
pub struct Agenda {
    /// Where the case stands.
    pub phase: Phase,
    /// Its status.
    pub status: Status,
    /// What is owed, soonest first, undated last.
    pub obligations: Vec<Owed>,
    /// What may be done now, and what may not, with the rule.
    pub permits: Vec<Permit>,
    /// When time acts next, if nobody does anything (RFC 3339).
    pub next_wake: Option<String>,
    /// What the people of the project are called, by their ids.
    pub names: BTreeMap<String, Option<String>>,
    /// The time zone of the case's project, by its name.
    pub zone: String,
    /// When this was (RFC 3339).
    pub as_of: String,
}

/// Something owed.
#[derive(Serialize, JsonSchema)]
pub struct Owed {
    /// What.
    #[serde(flatten)]
    pub obligation: Obligation,
    /// The line of a command line that settles it.
    pub by_hand: Option<String>,
}

/// Shows what the case asks for now.
pub(super) async fn show(call: Call) -> Answer {
    let view = call.case().await?;
    let onlooker = call.onlooker()?;
    let now = call.app.desk.now();
    let agenda = view.agenda(now);
    let number = view.row.number.to_string();
    let hand = Hand {
        number: &number,
        case: &view.case,
        basis: &view.basis,
        now,
        person: onlooker.actor.as_person(),
    };
    let owed = agenda.obligations.iter().map(|obligation| Owed {
        by_hand: hand.settle(obligation),
        obligation: obligation.clone(),
    });
    json::ok(&Agenda {
        phase: agenda.phase,
        status: agenda.status,
        obligations: owed.collect(),
        permits: agenda.permits.clone(),
        next_wake: agenda.next_wake.map(|at| at.to_string()),
        names: view.names(),
        zone: view.basis.project.calendar.zone().to_owned(),
        as_of: now.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use crate::web::stage::Stage;

    #[tokio::test]
    async fn somebody_must_answer() {
        let stage = Stage::new().await;
        stage.report().await;
        let ann = stage.token("ann", "member").await;
        let body = stage
            .get("/api/v1/cases/HH-1/agenda", Some(&ann))
            .await
            .json();
        assert_eq!(body["obligations"][0]["rule"], "R26", "{body}");
        assert_eq!(body["next_wake"], "2026-03-02T03:05:00Z", "{body}");
    }
}
