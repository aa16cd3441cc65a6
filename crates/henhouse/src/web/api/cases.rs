//! `GET /api/v1/cases`.

use axum::http::{HeaderValue, header};
use procedure::playbook::{Property, Severity};
use procedure::{Phase, Status};
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::line::{Line, Lines};
use crate::desk::{CaseFilter, CaseOrder, Cursor};
use crate::web::fields::Fields;
use crate::web::registry::Answer;
use crate::web::{Call, Problem, json};

/// One page of cases.
#[derive(Serialize, JsonSchema)]
pub struct CaseList {
    /// The cases, newest first.
    pub cases: Vec<Line>,
    /// Where the next page begins; null on the last page.
    pub next: Option<String>,
}

/// Lists cases.
pub(super) async fn list(call: Call) -> Answer {
    let names: Vec<_> = super::LIST.iter().map(|param| param.name).collect();
    let fields = call.query(&names)?;
    let lines = Lines::new(&call.app.desk).await?;
    let filter = filter(&call, &fields).await?;
    let cursor: Option<Cursor> = fields.parsed("cursor", "Use `next` of the page before.")?;
    if cursor.is_some_and(|cursor| cursor.order != filter.order) {
        return Err(Problem::field(
            "cursor",
            "This place is of a list in another order.",
        ));
    }
    let limit = limit(&fields, 50, 200)?;
    let page = call
        .app
        .desk
        .list(&call.onlooker()?, filter, cursor, limit)
        .await?;
    let cases = page.rows.iter().map(|row| lines.line(row)).collect();
    let next = page.next.map(|cursor| cursor.to_string());
    let mut response = json::ok(&CaseList {
        cases,
        next: next.clone(),
    })?;
    if let Some(link) = next.and_then(|next| next_link(&call, &fields, &next)) {
        response.headers_mut().insert(header::LINK, link);
    }
    Ok(response)
}

async fn filter(call: &Call, fields: &Fields) -> Result<CaseFilter, Problem> {
    let project = match fields.get("project") {
        Some(slug) => Some(
            call.app
                .desk
                .find_project(Some(slug.to_owned()))
                .await?
                .journal,
        ),
        None => None,
    };
    let order = match fields.get("order") {
        None | Some("updated") => CaseOrder::Updated,
        Some("number") => CaseOrder::Number,
        Some(_) => return Err(Problem::field("order", "Use updated or number.")),
    };
    let phase = words::<Phase>(fields, "phase")?;
    let open = fields.parsed("open", "Use true or false.")?;
    // In every phase but the last a case is open: those that are over need not be looked through.
    let over = phase.is_empty() || phase.iter().any(|phase| phase == "done");
    Ok(CaseFilter {
        status: words::<Status>(fields, "status")?,
        phase,
        severity: words::<Severity>(fields, "severity")?,
        property: words::<Property>(fields, "property")?,
        client: fields.get("client").map(str::to_owned),
        project,
        open: open.or((!over).then_some(true)),
        text: fields.get("q").map(str::to_owned),
        order,
        ..CaseFilter::default()
    })
}

/// Words that the engine's type knows.
fn words<T: DeserializeOwned>(fields: &Fields, name: &str) -> Result<Vec<String>, Problem> {
    let words = fields.all(name);
    for word in &words {
        let known = serde_json::from_value::<T>(Value::String(word.clone()));
        known.map_err(|error| Problem::field(name, format!("{error}.")))?;
    }
    Ok(words)
}

/// How many at most.
pub(super) fn limit(fields: &Fields, usual: u32, most: u32) -> Result<u32, Problem> {
    let fix = format!("Use a number from 1 to {most}.");
    let limit = fields.parsed("limit", &fix)?.unwrap_or(usual);
    if limit == 0 || limit > most {
        return Err(Problem::field("limit", fix));
    }
    Ok(limit)
}

fn next_link(call: &Call, fields: &Fields, next: &str) -> Option<HeaderValue> {
    let base = &call.app.desk.site().base_url;
    let query = fields.with("cursor", next);
    HeaderValue::from_str(&format!(
        "<{base}{}?{query}>; rel=\"next\"",
        call.uri.path()
    ))
    .ok()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use serde_json::json;

    use crate::web::stage::Stage;

    #[tokio::test]
    async fn pages_follow_each_other_without_gap() {
        let stage = Stage::new().await;
        for _ in 0..5 {
            stage.report().await;
        }
        let ann = stage.token("ann", "member").await;
        let first = stage
            .get("/api/v1/cases?limit=2&order=number&open=true", Some(&ann))
            .await;
        let link = first.header("link").to_owned();
        let path = link
            .split_once("8400")
            .unwrap()
            .1
            .split_once('>')
            .unwrap()
            .0;
        assert!(
            path.contains("open=true") && link.ends_with("rel=\"next\""),
            "{link}"
        );
        let second = stage.get(path, Some(&ann)).await.json();
        let numbers = |page: &serde_json::Value| {
            let cases = page["cases"].as_array().unwrap().clone();
            cases
                .iter()
                .map(|case| case["number"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(numbers(&first.json()), ["HH-5", "HH-4"]);
        assert_eq!(numbers(&second), ["HH-3", "HH-2"]);
    }

    #[tokio::test]
    async fn cases_are_found_by_whose_they_are_and_what_they_harm() {
        let stage = Stage::new().await;
        stage.client("farm", "acme").await;
        let ann = stage.token("ann", "member").await;
        let harm = [
            json!({ "confidentiality": "actual", "privacy": "potential", "whose": [{ "client": "acme" }] }),
            json!({ "availability": "actual", "whose": ["ours", { "client": "acme" }] }),
            json!({ "integrity": "potential", "confidentiality": "none" }),
        ];
        for (mut impact, n) in harm.into_iter().zip(1..) {
            impact["command"] = "assess_impact".into();
            let number = stage.report().await;
            assert_eq!(number, format!("HH-{n}"));
            for command in [json!({ "command": "acknowledge" }), impact] {
                stage.command(&number, &ann, command).await;
            }
        }
        let listed = async |query: &str| -> Vec<String> {
            let at = format!("/api/v1/cases?order=number&{query}");
            let page = stage.get(&at, Some(&ann)).await.json();
            let cases = page["cases"].as_array().unwrap().clone();
            cases
                .iter()
                .map(|case| case["number"].as_str().unwrap().to_owned())
                .collect()
        };
        assert_eq!(listed("client=acme").await, ["HH-2", "HH-1"]);
        assert_eq!(listed("client=ours").await, ["HH-2"]);
        assert_eq!(listed("property=privacy,integrity").await, ["HH-3", "HH-1"]);
        assert_eq!(listed("client=ours&property=privacy").await, [""; 0]);
        assert_eq!(
            listed("property=confidentiality").await,
            ["HH-1"],
            "none is no harm"
        );
        let live = stage.app.desk.index_lines().await;
        stage.app.desk.rebuild().await.unwrap();
        assert_eq!(stage.app.desk.index_lines().await, live);
    }

    #[tokio::test]
    async fn a_restricted_case_is_named_in_lists_to_its_members_alone() {
        let stage = Stage::new().await;
        let body = json!({ "text": "About somebody", "title": "The Smith affair", "project": "farm", "restricted": true });
        stage.report_as(body).await;
        let ann = stage.token("ann", "member").await;
        let bob = stage.token("bob", "member").await;
        stage
            .command("HH-1", &ann, json!({ "command": "acknowledge" }))
            .await;
        let at = "/api/v1/cases";
        let title = async |token: &str| {
            stage.get(at, Some(token)).await.json()["cases"][0]["title"].clone()
        };
        assert_eq!(title(&ann).await, "The Smith affair");
        let now = stage.get("/api/v1/now", Some(&ann)).await.text();
        assert!(now.contains("The Smith affair"), "{now}");
        let oz = stage.token("oz", "member").await;
        for token in [&bob, &oz, &stage.token("boss", "admin").await] {
            let said = stage.get(at, Some(token)).await.text();
            assert!(!said.contains("Smith"), "{said}");
        }
    }

    #[tokio::test]
    async fn a_filter_that_means_nothing_is_named() {
        let stage = Stage::new().await;
        let ann = stage.token("ann", "member").await;
        for (query, field) in [
            ("status=opne", "status"),
            ("phase=x", "phase"),
            ("severity=hihg", "severity"),
            ("property=beauty", "property"),
            ("open=perhaps", "open"),
            ("limit=0", "limit"),
            ("limit=x", "limit"),
            ("cursor=x", "cursor"),
            ("order=size", "order"),
            ("stauts=closed", "stauts"),
            ("q=%ff", "q"),
        ] {
            let said = stage
                .get(&format!("/api/v1/cases?{query}"), Some(&ann))
                .await;
            assert_eq!(
                (said.status, said.json()["field"].as_str()),
                (422, Some(field))
            );
        }
    }
}
