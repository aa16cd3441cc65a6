//! `/api/v1/drill/clock`: exists only in a drill.

use std::time::Duration;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::desk::{Desk, DeskError};
use crate::report::spoken::{self, LENGTHS};
use crate::web::registry::Answer;
use crate::web::{Call, Problem, json};

pub(super) const EXAMPLE: &str = r#"{"advance": "PT10M"}"#;
/// The outbox is waited for at most so long at every stop of the clock.
const TURN: Duration = Duration::from_secs(20);
/// The outbox is looked at so often.
const LOOK: Duration = Duration::from_millis(10);

/// How the clock is to be moved: one of the three.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClockRequest {
    /// By how much: 10m, 2h, 3d, or as in ISO 8601.
    #[serde(default)]
    advance: Option<String>,
    /// To when (RFC 3339).
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    to: Option<Timestamp>,
    /// Not moved, but going by itself from now on: so many times as fast as a real clock, at most 60; 0 stands still.
    #[serde(default)]
    speed: Option<u32>,
}

/// Where the clock stands.
#[derive(Serialize, JsonSchema)]
pub struct ClockAnswer {
    /// Case time (RFC 3339).
    pub now: String,
    /// When time acts next, if nobody does anything.
    pub next_wake: Option<String>,
    /// So many times as fast as a real one it goes by itself; 0 stands still.
    pub speed: u32,
    /// Nothing waits to be sent.
    pub outbox_idle: bool,
}

/// Shows the clock.
pub(super) async fn show(call: Call) -> Answer {
    json::ok(&answer(&call.app.desk).await?)
}

/// Moves the clock forward, stopping at every wake on the way; answers when every case is settled and
/// the outbox had its turn.
pub(super) async fn advance(mut call: Call) -> Answer {
    let request: ClockRequest = json::read(call.object().await?.into())?;
    let desk = call.app.desk.clone();
    let field = |detail: &str| Problem::field("/advance", detail);
    let step = match &request.advance {
        Some(said) => {
            let wrong = || field(&format!("{said:?} is no length of time. {LENGTHS}"));
            Some(spoken::length(said).ok_or_else(wrong)?)
        }
        None => None,
    };
    if let (Some(speed), None, None) = (request.speed, step, request.to) {
        desk.set_clock_speed(speed).await?;
        return json::ok(&answer(&desk).await?);
    }
    let to = match (step, request.to) {
        (Some(step), None) if request.speed.is_none() => {
            let to = desk.now().checked_add(step);
            to.map_err(|_| field("The clock cannot be moved beyond the year 9999."))?
        }
        (None, Some(to)) if to >= desk.now() && request.speed.is_none() => to,
        _ => {
            return Err(field(
                "Give `advance`, such as 10m, `to`, a time, never back, or `speed`, such as 1: one of the three.",
            ));
        }
    };
    move_to(&desk, to).await?;
    json::ok(&answer(&desk).await?)
}

/// Moves the clock on to `to`, the outbox having its turn at each stop. In a task of its own: a drill whose caller went
/// away does not stop half-way.
///
/// # Errors
/// On real time, backwards, or when the store cannot write.
pub(in crate::web) async fn move_to(desk: &Desk, to: Timestamp) -> Result<(), DeskError> {
    let moving = desk.clone();
    let moved = tokio::spawn(async move {
        let settled = || outbox_has_its_turn(moving.clone());
        moving.advance(to, settled).await
    });
    let moved = moved.await;
    moved
        .map_err(|error| DeskError::Bug(error.to_string()))?
        .map(drop)
}

async fn answer(desk: &Desk) -> Result<ClockAnswer, Problem> {
    Ok(ClockAnswer {
        now: desk.now().to_string(),
        next_wake: desk.next_wake().await?.map(|at| at.to_string()),
        speed: desk.clock_speed(),
        outbox_idle: desk.outbox_is_idle().await?,
    })
}

async fn outbox_has_its_turn(desk: Desk) {
    let turn = async {
        while !desk.outbox_is_idle().await.unwrap_or(true) {
            tokio::time::sleep(LOOK).await;
        }
    };
    let _ = tokio::time::timeout(TURN, turn).await;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::web::stage::Stage;

    const AT: &str = "/api/v1/drill/clock";

    #[tokio::test]
    async fn the_clock_of_a_drill_moves_for_admins_and_is_nowhere_else() {
        let drill = Stage::drill().await;
        let (boss, ann) = (
            drill.token("boss", "admin").await,
            drill.token("ann", "member").await,
        );
        let said = drill
            .post(AT, Some(&boss), json!({ "advance": "PT10M" }))
            .await;
        assert_eq!(
            (said.status, said.json()["now"].as_str()),
            (200, Some("2026-03-02T03:10:00Z"))
        );
        let said = drill
            .post(AT, Some(&boss), json!({ "advance": "5m" }))
            .await;
        assert_eq!(
            said.json()["now"],
            "2026-03-02T03:15:00Z",
            "{}",
            said.text()
        );
        assert_eq!(
            drill.get(AT, Some(&boss)).await.json()["now"],
            "2026-03-02T03:15:00Z"
        );
        assert_eq!(
            drill
                .post(AT, Some(&ann), json!({ "advance": "PT1M" }))
                .await
                .status,
            403
        );
        for body in [
            json!({}),
            json!({ "advance": "-PT1M" }),
            json!({ "advance": "soon" }),
            json!({ "to": "2020-01-01T00:00:00Z" }),
        ] {
            assert_eq!(drill.post(AT, Some(&boss), body).await.status, 422);
        }
        let real = Stage::new().await;
        let boss = real.token("boss", "admin").await;
        assert_eq!(
            real.post(AT, Some(&boss), json!({ "advance": "PT1M" }))
                .await
                .status,
            404
        );
    }
}
