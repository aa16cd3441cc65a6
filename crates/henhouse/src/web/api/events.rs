//! `…/events`: live streams. What is told is only that something changed; access is asked anew
//! before each word.

use crate::web::registry::Answer;
use crate::web::{Call, Problem, live};

/// Follows a case.
pub(super) async fn of_case(call: Call) -> Answer {
    let view = call.case().await?;
    let known = call.known()?.clone();
    let after = match call.headers.get("last-event-id") {
        None => {
            let query = call.query(&["after"])?;
            let after = query.parsed("after", "Send the number of an entry.")?;
            after.unwrap_or(view.case.seq)
        }
        Some(id) => {
            let id = id.to_str().ok().and_then(|id| id.parse().ok());
            id.ok_or_else(|| Problem::field("Last-Event-ID", "Send the number of an entry."))?
        }
    };
    Ok(live::follow_case(&call.app, known, &view, after))
}

/// Follows every case that one may see.
pub(super) async fn of_mine(call: Call) -> Answer {
    let known = call.known()?.clone();
    let resumed = call.headers.contains_key("last-event-id");
    Ok(live::follow_mine(&call.app, known, resumed))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::web::stage::Stage;

    #[tokio::test]
    async fn a_stream_tells_each_entry_and_resumes_without_gap() {
        let stage = Stage::new().await;
        stage.report().await;
        let ann = stage.token("ann", "member").await;
        let request = stage.request("GET", "/api/v1/cases/HH-1/events", Some(&ann), None);
        let mut live = stage
            .stream(request.clone().with("last-event-id", "1"))
            .await;
        let first = live.next_event().await;
        assert!(first.contains("id: 2") || first.contains("id:2"), "{first}");
        stage
            .post(
                "/api/v1/cases/HH-1/commands",
                Some(&ann),
                json!({ "command": "acknowledge" }),
            )
            .await;
        let mut seen = first;
        while !seen.contains("acknowledged") {
            seen = live.next_event().await;
        }
        let path = "/api/v1/cases/HH-1/events?after=1";
        let mut live = stage
            .stream(stage.request("GET", path, Some(&ann), None))
            .await;
        let first = live.next_event().await;
        assert!(first.contains("id: 2") || first.contains("id:2"), "{first}");
        let bad = stage.send(request.with("last-event-id", "x")).await;
        assert_eq!(bad.status, 422);
    }

    /// The numbers of the entries told in a piece of a stream.
    fn seqs(said: &str) -> Vec<u64> {
        let ids = said.lines().filter_map(|line| line.strip_prefix("id: "));
        ids.filter_map(|id| id.parse().ok()).collect()
    }

    async fn note(stage: &Stage, token: &str, restricted: bool) {
        let note = json!({ "command": "add_note", "text": "The fence is whole.", "restricted": restricted });
        let path = "/api/v1/cases/HH-1/commands";
        let said = stage.post(path, Some(token), note).await;
        assert_eq!(said.status, 200, "{}", said.text());
    }

    #[tokio::test]
    async fn whoever_comes_back_or_reads_slowly_misses_no_entry() {
        let stage = Stage::new().await;
        stage.report().await;
        let ann = stage.token("ann", "member").await;
        let path = "/api/v1/cases/HH-1/events?after=0";
        let mut slow = stage
            .stream(stage.request("GET", path, Some(&ann), None))
            .await;
        // More than a line holds, and more than one portion.
        for _ in 0..80 {
            note(&stage, &ann, false).await;
        }
        let mut late = stage
            .stream(stage.request("GET", path, Some(&ann), None))
            .await;
        for live in [&mut slow, &mut late] {
            let mut told = Vec::new();
            while told.len() < 80 {
                told.extend(seqs(&live.next_event().await));
            }
            let all: Vec<u64> = (1..=told.len() as u64).collect();
            assert_eq!(told, all);
        }
    }

    #[tokio::test]
    async fn on_one_case_each_is_told_what_they_may_know() {
        let stage = Stage::new().await;
        stage.report().await;
        let (ann, dee) = (
            stage.token("ann", "member").await,
            stage.token("dee", "member").await,
        );
        let path = "/api/v1/cases/HH-1/events";
        let request = |token: &str| stage.request("GET", path, Some(token), None);
        let mut anns = stage.stream(request(&ann)).await;
        let mut dees = stage.stream(request(&dee)).await;
        note(&stage, &ann, true).await;
        let annexed = [anns.next_event().await, dees.next_event().await];
        assert!(annexed[0].contains("note_added"), "{annexed:?}");
        assert!(
            !annexed[1].contains("note_added") && annexed[1].contains("restricted"),
            "{annexed:?}"
        );
        assert_eq!(seqs(&annexed[0]), seqs(&annexed[1]));
        let restrict = json!({ "command": "restrict", "reason": "It is about one of us." });
        let said = stage
            .post("/api/v1/cases/HH-1/commands", Some(&ann), restrict)
            .await;
        assert_eq!(said.status, 200, "{}", said.text());
        assert!(anns.next_event().await.contains("\"restricted\""));
        assert_eq!(
            dees.rest().await,
            "",
            "the case is not theirs to see any more"
        );
    }

    #[tokio::test]
    async fn streams_end_when_the_server_stops() {
        let stage = Stage::new().await;
        stage.report().await;
        let ann = stage.token("ann", "member").await;
        let mut live = stage
            .stream(stage.request("GET", "/api/v1/now/events", Some(&ann), None))
            .await;
        stage.stop();
        assert_eq!(live.rest().await, "");
    }

    #[tokio::test]
    async fn mine_tells_of_my_cases_and_of_no_others() {
        let stage = Stage::new().await;
        let (ann, eve) = (
            stage.token("ann", "member").await,
            stage.token("eve", "member").await,
        );
        let request = |token: &str| stage.request("GET", "/api/v1/now/events", Some(token), None);
        let mut anns = stage.stream(request(&ann)).await;
        let mut eves = stage.stream(request(&eve)).await;
        stage.report().await;
        assert!(anns.next_event().await.contains("HH-1"));
        stage.stop();
        assert_eq!(eves.rest().await, "");
    }

    #[tokio::test]
    async fn a_stream_ends_with_the_right_to_see() {
        let stage = Stage::new().await;
        stage.report().await;
        let bob = stage.token("bob", "member").await;
        let request = stage.request("GET", "/api/v1/cases/HH-1/events", Some(&bob), None);
        let mut live = stage.stream(request).await;
        stage.roster(&["ann"]).await;
        assert!(!live.rest().await.contains("basis_changed"));
    }

    #[tokio::test]
    async fn a_stream_ends_with_its_token() {
        let stage = Stage::new().await;
        let ann = stage.token("ann", "member").await;
        let events = stage.request("GET", "/api/v1/now/events", Some(&ann), None);
        let mut live = stage.stream(events).await;
        let id = stage.get("/api/v1/tokens", Some(&ann)).await.json()["tokens"][0]["id"].clone();
        let path = format!("/api/v1/tokens/{}", id.as_str().unwrap_or_default());
        stage
            .send(stage.request("DELETE", &path, Some(&ann), None))
            .await;
        stage.report().await;
        assert_eq!(live.rest().await, "");
    }
}
