//! `/cases/{number}/conformance`: how the case stands to every rule, what was not kept first; each rule
//! unfolds to what it says and to the entries that show it. Made to be read on a phone and to be printed;
//! its words are those of the command line.

use std::borrow::Cow;

use askama::Template;
use procedure::{Entry, Finding, Outcome};

use super::frame::{self, Frame};
use crate::desk::CaseView;
use crate::report::conformance::{counts, outcome, parts};
use crate::report::timeline::Log;
use crate::report::{self, Names, Times, marking};
use crate::web::Call;
use crate::web::registry::Answer;
use crate::web::words::{Words, key};

/// The heads of the parts of the report, in their order.
const HEADS: [&str; 5] = [
    key("kept-part-broken"),
    key("kept-part-waived"),
    key("kept-part-open"),
    key("kept-part-done"),
    key("kept-part-apart"),
];
/// At most so many entries are told for one rule.
const NAMED: usize = 6;
/// So much of an entry is told, in characters; the rest stands in the timeline.
const TOLD: usize = 160;

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
    /// Names the page's head for print.
    colour: &'static str,
    /// Hash of the newest entry.
    head: String,
    link: String,
}

/// The rules that stand alike.
struct Part {
    head: Cow<'static, str>,
    /// Where the page has it.
    place: String,
    rows: Vec<Row>,
}

/// A rule, and how the case stands to it.
struct Row {
    rule: String,
    sentence: &'static str,
    said: String,
    broken: bool,
    entries: Vec<Shown>,
    /// So many more entries show it.
    more: usize,
}

/// An entry that shows how the case stands to a rule.
struct Shown {
    seq: u64,
    at: String,
    words: String,
}

/// Shows the report.
pub(super) async fn show(call: Call) -> Answer {
    let view = call.case().await?;
    let CaseView { case, basis, .. } = &view;
    let now = call.app.desk.now();
    let names = Names::new(&view.directory);
    let times = call
        .words()
        .times(basis.project.calendar.rules().clone(), now);
    let findings = procedure::conformance(case, basis, now);
    let all = u32::try_from(case.seq).unwrap_or(u32::MAX);
    let entries = call.app.desk.entries(&view, 0, all).await?;
    let log = Log::new(case, basis, &view.directory, now);
    let show = |seq: u64| {
        let place = usize::try_from(seq.saturating_sub(1)).unwrap_or(usize::MAX);
        shown(&view, &log, &times, entries.get(place)?)
    };
    let w = call.words();
    let parts = parts(&findings).into_iter().zip(HEADS);
    let parts = parts.filter(|((_, part), _)| !part.is_empty());
    let parts: Vec<Part> = parts
        .map(|((place, part), head)| Part {
            head: w.say(head),
            place: place.to_lowercase().replace(' ', "-"),
            rows: part
                .into_iter()
                .map(|found| row(names, &times, found, show))
                .collect(),
        })
        .collect();
    let number = view.row.number.to_string();
    let title = call.words().with("kept-title", "number", &number);
    let mut frame = Frame::new(&call, title).worded("kept");
    frame.lines = report::people::public_lines(&view.directory, &basis.playbook);
    frame.mark_exercise(case);
    let base = call.app.desk.site().base_url.trim_end_matches('/');
    let page = ConformancePage {
        frame,
        title: report::title(case).unwrap_or_default(),
        marking: marking::word(case.marking()),
        restricted: case.part.secrecy.restricted,
        summary: summary(w, &findings),
        clean: !parts
            .iter()
            .any(|part| part.rows.iter().any(|row| row.broken)),
        parts,
        as_of: times.dated(now),
        zone: basis.project.calendar.zone().to_owned(),
        seq: case.seq,
        colour: super::print::colour(case.marking()),
        head: view.head(),
        link: format!("{base}/cases/{number}/conformance"),
        number,
    };
    frame::page(200, &page)
}

/// How many rules stand how.
fn summary(w: Words, findings: &[Finding]) -> String {
    let [kept, late, missing, waived, open, apart] = counts(findings);
    w.with("kept-summary", "all", findings.len())
        .and("kept", kept)
        .and("late", late)
        .and("missing", missing)
        .and("waived", waived)
        .and("open", open)
        .and("apart", apart)
        .into()
}

/// An entry in its sentence, as whoever looks may read it.
fn shown(view: &CaseView, log: &Log, times: &Times, entry: &Entry) -> Option<Shown> {
    let words = match view.may_read(entry.seq) {
        true => cut(&log.with_claim(entry)),
        false => "(for those who take part)".to_owned(),
    };
    let (seq, at) = (entry.seq, times.stamp(entry.recorded_at));
    Some(Shown { seq, at, words })
}

fn cut(words: &str) -> String {
    if words.chars().count() <= TOLD {
        return words.to_owned();
    }
    let kept: String = words.chars().take(TOLD).collect();
    format!("{} …", kept.trim_end())
}

fn row(names: Names, times: &Times, finding: &Finding, show: impl Fn(u64) -> Option<Shown>) -> Row {
    Row {
        rule: finding.rule.to_string(),
        sentence: finding.sentence,
        said: outcome(names, &times.in_english(), &finding.outcome),
        broken: matches!(
            finding.outcome,
            Outcome::Missing { .. } | Outcome::Late { .. }
        ),
        entries: finding
            .entries
            .iter()
            .take(NAMED)
            .filter_map(|seq| show(*seq))
            .collect(),
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

    #[tokio::test]
    async fn a_rule_unfolds_to_its_entries_and_each_leads_to_its_line_in_the_timeline() {
        let stage = Stage::new().await;
        stage.report().await;
        let ann = stage.token("ann", "member").await;
        let take = json!({ "command": "acknowledge" });
        stage.command("HH-1", &ann, take).await;
        let html = stage.get(AT, Some(&ann)).await.text();
        let rule = html.split("<li id=\"R6\">").nth(1).unwrap_or_default();
        let rule = rule.split("</details>").next().unwrap_or_default();
        assert!(
            rule.contains("<summary>") && rule.contains("is Incident Commander"),
            "{rule}"
        );
        assert!(
            rule.contains("R6</strong> The first team member to answer"),
            "in a sentence: {rule}"
        );
        let there = rule.split("href=\"").nth(1).unwrap_or_default();
        let there = there.split('"').next().unwrap_or_default();
        assert!(there.starts_with("/cases/HH-1/entries/"), "{rule}");
        let entry = stage.get(there, Some(&ann)).await;
        assert_eq!(entry.status, 200);
        assert!(
            entry.text().contains("is Incident Commander"),
            "{}",
            entry.text()
        );
        // What was not kept lies open; the rest is folded.
        let open = html.matches("<details open>").count();
        let broken = html.matches("class=\"overdue\"").count();
        assert!(open > 0 && open == broken, "{open} of {broken}");
    }
}
