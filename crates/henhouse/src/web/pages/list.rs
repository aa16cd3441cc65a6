//! `/cases`: every case that one may see, the newest change first, and finding one by its words.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use askama::Template;
use procedure::PersonId;
use procedure::playbook::Severity;
use procedure::project::ProjectState;

use super::frame::{self, Frame, Mark};
use crate::desk::{CaseFilter, CaseRow, Cursor, Desk, JournalId, OpenCase, Title};
use crate::report::Names;
use crate::web::registry::Answer;
use crate::web::{Call, Problem};

/// So many cases on one page.
const CASES: u32 = 50;

#[derive(Template)]
#[template(path = "cases.html")]
struct CasesPage {
    frame: Frame,
    words: String,
    cases: Vec<Row>,
    /// So many of the reader's own restricted cases were not searched.
    not_searched: u64,
    next: Option<String>,
}

/// A case in a list.
pub(super) struct Row {
    pub number: String,
    pub title: String,
    pub severity: Mark,
    /// It exists for its members only.
    pub restricted: bool,
    pub stands: String,
}

impl Row {
    /// An open case that whoever looks may see.
    pub(super) fn open(open: OpenCase) -> Self {
        let title = open.title.unwrap_or_default();
        Self::of(&open.row, title, open.ic)
    }

    fn of(row: &CaseRow, title: String, ic: Option<String>) -> Self {
        let stands = match (row.open, ic) {
            (false, _) => row.status.replace('_', " "),
            (true, Some(ic)) => format!("{ic} has it, {}", row.phase),
            (true, None) => "nobody has it".to_owned(),
        };
        Self {
            number: row.number.to_string(),
            title,
            severity: Mark::of(severity(row.severity.as_deref())),
            restricted: row.restricted,
            stands,
        }
    }
}

/// Shows the cases, or those in which these words stand.
pub(super) async fn show(call: Call) -> Answer {
    let query = call.page_query();
    let words = query.get("q").unwrap_or_default().to_owned();
    let cursor: Option<Cursor> = query.parsed("cursor", "").ok().flatten();
    let (desk, onlooker) = (&call.app.desk, call.onlooker()?);
    let (rows, not_searched, next) = if words.trim().is_empty() {
        let page = desk.list(&onlooker, CaseFilter::default(), cursor, CASES);
        let page = page.await?;
        (page.rows, 0, page.next.map(|cursor| cursor.to_string()))
    } else {
        let found = desk.search(&onlooker, words.clone(), CASES).await?;
        let rows = found.hits.into_iter().map(|hit| hit.case);
        (each_once(rows), found.not_searched, None)
    };
    let projects = projects(desk, &rows).await?;
    let cases = rows.iter().map(|row| {
        let state = projects.get(&row.project);
        let name = |ic: &str| match state {
            Some(state) => Names::new(&state.directory).person(&PersonId::from(ic)),
            None => ic.to_owned(),
        };
        let title = match &row.title {
            Title::Plain(title) => title.clone(),
            Title::Cipher(_) | Title::None if row.restricted => "(restricted)".to_owned(),
            Title::Cipher(_) | Title::None => String::new(),
        };
        Row::of(row, title, row.ic.as_deref().map(name))
    });
    let frame = Frame::new(&call, "Cases").at("/cases");
    let mut frame = frame.with_lines(desk).await;
    frame.wide = true;
    let page = CasesPage {
        cases: cases.collect(),
        frame,
        words,
        not_searched,
        next,
    };
    frame::page(200, &page)
}

/// Words may stand in several entries of a case.
fn each_once(rows: impl Iterator<Item = CaseRow>) -> Vec<CaseRow> {
    let mut once: Vec<CaseRow> = Vec::new();
    for row in rows {
        if !once.iter().any(|seen| seen.journal == row.journal) {
            once.push(row);
        }
    }
    once
}

async fn projects(
    desk: &Desk,
    rows: &[CaseRow],
) -> Result<BTreeMap<JournalId, Arc<ProjectState>>, Problem> {
    let mut states = BTreeMap::new();
    for row in rows {
        if let Entry::Vacant(place) = states.entry(row.project) {
            place.insert(desk.project_as_it_is(row.project).await?);
        }
    }
    Ok(states)
}

fn severity(word: Option<&str>) -> Severity {
    let mut chosen = Severity::CHOSEN.into_iter();
    let same = |severity: &Severity| {
        word.is_some_and(|word| format!("{severity:?}").eq_ignore_ascii_case(word))
    };
    chosen.find(same).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::web::stage::Stage;

    #[tokio::test]
    async fn cases_are_listed_and_found_by_whoever_may_see_them() {
        let stage = Stage::new().await;
        stage.report().await;
        let secret = json!({ "text": "zebra", "project": "farm", "restricted": true });
        stage.report_as(secret).await;
        let ann = stage.token("ann", "member").await;
        let take = json!({ "command": "acknowledge" });
        stage.command("HH-1", &ann, take).await;
        let html = stage.get("/cases?utm_source=x", Some(&ann)).await.text();
        assert!(html.contains("The ann has it"), "{html}");
        assert!(
            html.contains("zebra"),
            "she was called, so it is hers: {html}"
        );
        assert_eq!(html.matches(">Restricted<").count(), 1, "{html}");
        let dee = stage.token("dee", "member").await;
        let html = stage.get("/cases", Some(&dee)).await.text();
        assert!(!html.contains("HH-2") && html.contains("HH-1"), "{html}");
        let found = stage.get("/cases?q=chickens", Some(&ann)).await.text();
        assert!(found.contains("HH-1") && !found.contains("HH-2"), "{found}");
        let none = stage.get("/cases?q=cow", Some(&ann)).await.text();
        assert!(none.contains("Nothing found"), "{none}");
        let eve = stage.token("eve", "member").await;
        let html = stage.get("/cases", Some(&eve)).await.text();
        assert!(
            !html.contains("HH-1") && html.contains("No case yet"),
            "{html}"
        );
        assert_eq!(stage.get("/cases", None).await.status, 303);
    }
}
