//! `GET /api/v1/cases/{number}/journal`.

use axum::http::{HeaderValue, header};
use procedure::Body;
use procedure::chapters::intake::{MergedFrom, MergedInto};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::cases::limit;
use super::shield;
use crate::desk::CaseView;
use crate::report::timeline::Log;
use crate::web::registry::Answer;
use crate::web::{Call, json};

/// The kind that is told of an entry in the restricted annex, to those who do not take part.
pub const ANNEXED: &str = "restricted";

/// A part of a journal.
#[derive(Serialize, JsonSchema)]
pub struct JournalPage {
    /// The entries, oldest first.
    pub entries: Vec<EntryAnswer>,
    /// The number of the case's newest entry.
    pub seq: u64,
    /// The time zone of the case's project, by its name.
    pub zone: String,
    /// When this was (RFC 3339).
    pub as_of: String,
    /// The `after` of the next page; null on the last one.
    pub next: Option<u64>,
}

/// An entry.
#[derive(Serialize, JsonSchema)]
pub struct EntryAnswer {
    /// Its number, from 1 without gaps.
    pub seq: u64,
    /// When it was recorded (RFC 3339).
    pub recorded_at: String,
    /// When it happened, if somebody claimed another time.
    pub happened_at: Option<procedure::When>,
    /// Who, and how that is known.
    pub actor: Value,
    /// Its kind; `restricted` for an entry of the annex that is not for you.
    pub kind: String,
    /// What it says; a text that was erased is null.
    pub body: Value,
    /// The same in a sentence.
    pub sentence: Option<String>,
    /// People who read what happened can do without it.
    pub goes_without_saying: bool,
}

/// Reads entries.
pub(super) async fn read(call: Call) -> Answer {
    let view = call.case().await?;
    let fields = call.query(&["after", "limit"])?;
    let after: u64 = fields
        .parsed("after", "Use the number of an entry.")?
        .unwrap_or(0);
    let limit = limit(&fields, 200, 1_000)?;
    let log = Log::new(
        &view.case,
        &view.basis,
        &view.directory,
        call.app.desk.now(),
    );
    let entries = call.app.desk.entries(&view, after, limit).await?;
    let last = entries.last().map_or(after, |entry| entry.seq);
    let next = (last < view.case.seq && !entries.is_empty()).then_some(last);
    let mut told = Vec::new();
    for one in entries {
        told.push(tell(&call, &view, &log, &one).await);
    }
    let mut response = json::ok(&JournalPage {
        entries: told,
        seq: view.case.seq,
        zone: view.basis.project.calendar.zone().to_owned(),
        as_of: call.app.desk.now().to_string(),
        next,
    })?;
    if let Some(next) = next {
        let base = &call.app.desk.site().base_url;
        let query = fields.with("after", &next.to_string());
        let link = format!("<{base}{}?{query}>; rel=\"next\"", call.uri.path());
        if let Ok(link) = HeaderValue::from_str(&link) {
            response.headers_mut().insert(header::LINK, link);
        }
    }
    Ok(response)
}

/// An entry as whoever asks may read it. Another case is named only to whoever sees it too.
pub(in crate::web) async fn tell(
    call: &Call,
    view: &CaseView,
    log: &Log<'_>,
    one: &procedure::Entry,
) -> EntryAnswer {
    let unseen = match &one.body {
        Body::MergedInto(MergedInto { other, .. }) | Body::MergedFrom(MergedFrom { other, .. }) => {
            !call.app.desk.sees(&view.onlooker, other).await
        }
        _ => false,
    };
    let mut told = entry(view, log, one);
    if unseen && let Some(other) = told.body.get_mut("other") {
        *other = Value::Null;
    }
    told
}

fn entry(view: &CaseView, log: &Log, entry: &procedure::Entry) -> EntryAnswer {
    if !view.may_read(entry.seq) {
        return EntryAnswer {
            seq: entry.seq,
            recorded_at: entry.recorded_at.to_string(),
            happened_at: None,
            actor: Value::Null,
            kind: ANNEXED.to_owned(),
            body: Value::Null,
            sentence: None,
            goes_without_saying: false,
        };
    }
    let mut tagged = serde_json::to_value(&entry.body).unwrap_or_default();
    let hidden = !view.is_on_team() && shield::reports(&mut tagged);
    let mut actor = serde_json::to_value(&entry.actor).unwrap_or_default();
    if hidden {
        actor = Value::Null;
    }
    EntryAnswer {
        goes_without_saying: Log::goes_without_saying(entry),
        sentence: (!hidden).then(|| log.sentence(entry)),
        seq: entry.seq,
        recorded_at: entry.recorded_at.to_string(),
        happened_at: entry.happened_at,
        actor,
        kind: entry.body.kind().to_owned(),
        body: tagged.get_mut("body").map(Value::take).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::web::stage::Stage;

    #[tokio::test]
    async fn how_to_reach_a_reporter_is_for_the_team_alone() {
        let stage = Stage::new().await;
        let report = json!({
            "text": "fire", "project": "farm", "name": "Dave Doe", "hide_name": true,
            "contact": "dave@example.org", "phone": "555-7777",
        });
        stage.report_as(report.clone()).await;
        let dee = stage.token("dee", "member").await;
        stage.post("/api/v1/reports", Some(&dee), report).await;
        let ann = stage.token("ann", "member").await;
        let others = [
            stage.token("oz", "member").await,
            stage.token("boss", "admin").await,
            stage.service("probe", "member").await,
        ];
        let at = ["HH-1", "HH-2"].map(|number| format!("/api/v1/cases/{number}"));
        for word in ["dave", "5557777", "7777"] {
            let found = stage
                .get(&format!("/api/v1/search?q={word}"), Some(&others[0]))
                .await;
            assert_eq!(
                found.json()["hits"].as_array().map(Vec::len),
                Some(0),
                "{word}"
            );
        }
        for case in at {
            for path in [case.clone(), format!("{case}/journal")] {
                let team = stage.get(&path, Some(&ann)).await.text();
                assert!(
                    team.contains("dave@example.org") && team.contains("Dave"),
                    "{team}"
                );
                for token in &others {
                    let said = stage.get(&path, Some(token)).await;
                    let text = said.text();
                    assert_eq!(said.status, 200);
                    for secret in ["dave@", "555-7777", "Dave"] {
                        assert!(!text.contains(secret), "{path}: {text}");
                    }
                    let reports = &said.json()["reports"][0];
                    assert!(
                        reports["by"].is_null() && !text.contains("reporter\":\"dee"),
                        "{text}"
                    );
                }
            }
        }
    }

    #[tokio::test]
    async fn a_merge_names_no_case_that_the_reader_does_not_see() {
        let stage = Stage::new().await;
        let ann = stage.token("ann", "member").await;
        let oz = stage.token("oz", "member").await;
        for number in ["HH-1", "HH-2"] {
            stage.report().await;
            let take = json!({ "command": "acknowledge" });
            stage.command(number, &ann, take).await;
        }
        let onlooker = crate::desk::Onlooker {
            actor: procedure::Actor::person(&"ann".into(), procedure::How::Session),
            admin: false,
        };
        let number = "HH-2".parse().unwrap_or_else(|_| panic!("a number"));
        let into = stage.app.desk.case(&onlooker, &number).await;
        let into = into.map(|case| case.row.journal.to_string());
        let into = into.unwrap_or_default();
        let merge = json!({ "command": "merge_case", "other": into, "reason": "the same" });
        stage.command("HH-1", &ann, merge).await;
        let named = async |token: &str| {
            let at = "/api/v1/cases/HH-1/journal";
            let said = stage.get(at, Some(token)).await;
            assert!(said.text().contains("merged_into"), "{}", said.text());
            said.text().contains(&into)
        };
        assert!(named(&oz).await && named(&ann).await);
        let restrict = json!({ "command": "restrict", "reason": "an employee" });
        stage.command("HH-2", &ann, restrict).await;
        assert!(named(&ann).await);
        assert!(!named(&oz).await);
    }

    #[tokio::test]
    async fn entries_come_in_pages_with_their_words() {
        let stage = Stage::new().await;
        stage.report().await;
        let ann = stage.token("ann", "member").await;
        let first = stage
            .get("/api/v1/cases/HH-1/journal?limit=1", Some(&ann))
            .await
            .json();
        assert_eq!(first["entries"][0]["kind"], "reported");
        assert_eq!(
            first["entries"][0]["body"]["report"]["text"],
            "The chickens are escaping"
        );
        let sentence = first["entries"][0]["sentence"].as_str().unwrap_or_default();
        assert!(sentence.contains("chickens"), "{sentence}");
        assert_eq!(first["next"], 1);
        let rest = stage
            .get("/api/v1/cases/HH-1/journal?after=1", Some(&ann))
            .await
            .json();
        assert_eq!(
            (rest["entries"][0]["seq"].as_u64(), rest["next"].as_u64()),
            (Some(2), None)
        );
        let bad = stage
            .get("/api/v1/cases/HH-1/journal?after=x", Some(&ann))
            .await;
        assert_eq!(bad.status, 422);
    }
}
