//! `/cases/{number}/conformance`: how the case stands to every rule, what was not kept first. Made to be
//! read on a phone and to be printed; its words are those of the command line.

use askama::Template;
use procedure::{Finding, Outcome};

use super::frame::{self, Frame};
use crate::desk::CaseView;
use crate::report::conformance::{name, outcome, parts, summary};
use crate::report::{self, Names, Times, marking};
use crate::web::Call;
use crate::web::registry::Answer;

/// At most so many entries are named for one rule.
const NAMED: usize = 6;

#[derive(Template)]
#[template(path = "conformance.html")]
struct ConformancePage {
    frame: Frame,
    number: String,
    title: String,
    marking: &'static str,
    restricted: bool,
    summary: String,
    /// Nothing was late or missing.
    clean: bool,
    parts: Vec<Part>,
    as_of: String,
    zone: String,
    seq: u64,
    link: String,
}

/// The rules that stand alike.
struct Part {
    head: &'static str,
    /// Where the page has it.
    place: String,
    rows: Vec<Row>,
}

/// A rule, and how the case stands to it.
struct Row {
    rule: String,
    name: String,
    sentence: &'static str,
    said: String,
    broken: bool,
    entries: Vec<u64>,
    /// So many more entries show it.
    more: usize,
}

/// Shows the report.
pub(super) async fn show(call: Call) -> Answer {
    let view = call.case().await?;
    let CaseView { case, basis, .. } = &view;
    let now = call.app.desk.now();
    let names = Names::new(&view.directory);
    let times = Times::new(basis.project.calendar.rules().clone(), now);
    let findings = procedure::conformance(case, basis, now);
    let parts = parts(&findings).into_iter();
    let parts = parts.filter(|(_, part)| !part.is_empty());
    let parts: Vec<Part> = parts
        .map(|(head, part)| Part {
            head,
            place: head.to_lowercase().replace(' ', "-"),
            rows: part
                .into_iter()
                .map(|found| row(names, &times, found))
                .collect(),
        })
        .collect();
    let number = view.row.number.to_string();
    let mut frame = Frame::new(&call, format!("Conformance report {number}"));
    frame.lines = report::people::public_lines(&view.directory, &basis.playbook);
    let base = call.app.desk.site().base_url.trim_end_matches('/');
    let page = ConformancePage {
        frame,
        title: report::title(case).unwrap_or_default(),
        marking: marking::word(case.marking()),
        restricted: case.part.secrecy.restricted,
        summary: summary(&findings),
        clean: !parts
            .iter()
            .any(|part| part.rows.iter().any(|row| row.broken)),
        parts,
        as_of: times.dated(now),
        zone: basis.project.calendar.zone().to_owned(),
        seq: case.seq,
        link: format!("{base}/cases/{number}/conformance"),
        number,
    };
    frame::page(200, &page)
}

fn row(names: Names, times: &Times, finding: &Finding) -> Row {
    Row {
        rule: finding.rule.to_string(),
        name: name(finding),
        sentence: finding.sentence,
        said: outcome(names, times, &finding.outcome),
        broken: matches!(
            finding.outcome,
            Outcome::Missing { .. } | Outcome::Late { .. }
        ),
        entries: finding.entries.iter().take(NAMED).copied().collect(),
        more: finding.entries.len().saturating_sub(NAMED),
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use serde_json::json;

    use crate::web::stage::Stage;

    const AT: &str = "/cases/HH-1/conformance";

    #[tokio::test]
    async fn every_rule_has_its_line_and_what_was_not_kept_comes_first() {
        let stage = Stage::new().await;
        stage.report().await;
        let ann = stage.token("ann", "member").await;
        let early = stage.get(AT, Some(&ann)).await.text();
        assert!(
            early.contains(", 0 late, 1 not kept,"),
            "nobody has reviewed the playbook: {early}"
        );
        let later = stage.app.desk.now() + SignedDuration::from_secs(3600);
        let moved = stage.app.desk.advance(later, || async {}).await;
        assert!(moved.is_ok(), "{moved:?}");
        let take = json!({ "command": "acknowledge" });
        stage.command("HH-1", &ann, take).await;
        let html = stage.get(AT, Some(&ann)).await.text();
        assert!(!html.contains(", 0 late,"), "{html}");
        let said = stage
            .get("/api/v1/cases/HH-1/conformance", Some(&ann))
            .await;
        let rules = said.json()["rules"].as_array().cloned().unwrap_or_default();
        assert_eq!(rules.len(), procedure::Rule::ALL.len());
        let place = |rule: &serde_json::Value| {
            let id = rule["rule"].as_str().unwrap_or_default();
            html.find(&format!("<li id=\"{id}\">"))
        };
        let (mut broken, mut others) = (Vec::new(), Vec::new());
        for rule in &rules {
            let said = rule["said"].as_str().unwrap_or_default();
            let said = said.replace('"', "&#34;").replace('\'', "&#39;");
            assert!(html.contains(&said), "{said} as the API has it: {html}");
            match rule["outcome"].as_str() {
                Some("late" | "missing") => broken.push(place(rule)),
                _ => others.push(place(rule)),
            }
        }
        assert!(!broken.is_empty() && !broken.contains(&None) && !others.contains(&None));
        assert!(broken.iter().max() < others.iter().min(), "{html}");
        let case = stage.get("/cases/HH-1", Some(&ann)).await.text();
        assert!(case.contains(&format!("href=\"{AT}\"")), "{case}");
    }
}
