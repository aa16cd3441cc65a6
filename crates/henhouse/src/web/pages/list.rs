//! `/cases`: every case that one may see, the newest change first; narrowed by what is asked, and found by words.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use askama::Template;
use procedure::PersonId;
use procedure::playbook::Severity;
use procedure::project::ProjectState;

use super::frame::{self, Frame, Mark};
use crate::desk::{
    CaseFilter, CaseRow, Cursor, Desk, JournalId, Onlooker, OpenCase, ProjectRow, Title,
};
use crate::report::Names;
use crate::web::api::projects::seen;
use crate::web::fields::Fields;
use crate::web::registry::Answer;
use crate::web::words::{Words, key};
use crate::web::{Call, Problem};

/// So many cases on one page.
const CASES: u32 = 50;
/// So many of those that words are found in are looked through for the rest of what is asked.
const SEARCHED: u32 = 200;
/// So many of the reader's own cases are looked at for that.
const OWN: usize = 2_000;

/// What can be asked for of a case's life: the word, and the name of its text.
const STATES: [(&str, &str); 3] = [
    ("", key("list-state-any")),
    ("open", key("list-state-open")),
    ("closed", key("list-state-closed")),
];
/// Of its phase.
const PHASES: [(&str, &str); 6] = [
    ("", key("list-phase-any")),
    ("initiate", key("case-phase-initiate")),
    ("assess", key("case-phase-assess")),
    ("remediate", key("case-phase-remediate")),
    ("retrospective", key("case-phase-retrospective")),
    ("done", key("case-phase-done")),
];
/// Of its severity.
const SEVERITIES: [(&str, &str); 5] = [
    ("", key("list-severity-any")),
    ("high", "High"),
    ("medium", "Medium"),
    ("low", "Low"),
    ("unknown", key("list-severity-unknown")),
];

#[derive(Template)]
#[template(path = "cases.html")]
struct CasesPage {
    frame: Frame,
    asked: Asked,
    chosen: Vec<Choice>,
    cases: Vec<Row>,
    /// So many of the reader's own restricted cases were not searched.
    not_searched: u64,
    /// Words were found in as many cases as are looked through: there may be more.
    full: bool,
    /// The address of the next page.
    next: Option<String>,
}

/// Something that can be chosen.
struct Choice {
    /// The name of the field, and the name of its text.
    name: &'static str,
    label: &'static str,
    /// Each value, its words, whether it is chosen.
    options: Vec<(String, String, bool)>,
}

/// What is asked of the list.
#[derive(Default)]
struct Asked {
    words: String,
    state: String,
    phase: String,
    severity: String,
    project: Option<ProjectRow>,
    mine: bool,
}

impl Asked {
    /// As the address says it; what means nothing asks for nothing.
    fn of(query: &Fields, projects: &[ProjectRow]) -> Self {
        let known = |name: &str, words: &[(&str, &str)]| {
            let asked = query.get(name).unwrap_or_default();
            let known = words.iter().any(|(word, _)| *word == asked);
            if known {
                asked.to_owned()
            } else {
                String::new()
            }
        };
        let project = query.get("project");
        let project = projects
            .iter()
            .find(|row| Some(row.slug.as_str()) == project);
        Self {
            words: frame::typed(query, "q"),
            state: known("state", &STATES),
            phase: known("phase", &PHASES),
            severity: known("severity", &SEVERITIES),
            project: project.cloned(),
            mine: query.get("mine").is_some(),
        }
    }

    /// Whether anything narrows the list.
    fn is_set(&self) -> bool {
        let words = [&self.words, &self.state, &self.phase, &self.severity];
        self.mine || self.project.is_some() || words.iter().any(|word| !word.is_empty())
    }

    fn filter(&self, me: Option<&PersonId>) -> CaseFilter {
        let one = |word: &String| match word.as_str() {
            "" => Vec::new(),
            word => vec![word.to_owned()],
        };
        CaseFilter {
            phase: one(&self.phase),
            severity: one(&self.severity),
            project: self.project.as_ref().map(|row| row.journal),
            open: match self.state.as_str() {
                "open" => Some(true),
                "closed" => Some(false),
                _ => None,
            },
            member: me.filter(|_| self.mine).map(ToString::to_string),
            ..CaseFilter::default()
        }
    }

    /// Whether a case that was found by its words is what else is asked for.
    fn takes(&self, row: &CaseRow) -> bool {
        let severity = row.severity.as_deref().unwrap_or("unknown");
        let state = if row.open { "open" } else { "closed" };
        let is = |asked: &String, word: &str| asked.is_empty() || asked == word;
        let project = self.project.as_ref().map(|project| project.journal);
        is(&self.state, state)
            && is(&self.phase, &row.phase)
            && is(&self.severity, severity)
            && project.is_none_or(|project| project == row.project)
    }

    fn choices(&self, projects: &[ProjectRow], w: Words) -> Vec<Choice> {
        let choice = |name, label, words: &[(&str, &'static str)], asked: &String| {
            let option = |(word, label): &(&str, &'static str)| {
                let said = w.say(label).into_owned();
                ((*word).to_owned(), said, *word == asked.as_str())
            };
            let options = words.iter().map(option).collect();
            Choice {
                name,
                label,
                options,
            }
        };
        let mut all = vec![
            choice("state", key("list-state"), &STATES, &self.state),
            choice(
                "severity",
                key("list-severity"),
                &SEVERITIES,
                &self.severity,
            ),
            choice("phase", key("list-phase"), &PHASES, &self.phase),
        ];
        if projects.len() > 1 {
            let is = |row: &ProjectRow| {
                self.project
                    .as_ref()
                    .is_some_and(|chosen| chosen.journal == row.journal)
            };
            let any = (
                String::new(),
                w.say("list-project-any").into_owned(),
                self.project.is_none(),
            );
            let rows = projects
                .iter()
                .map(|row| (row.slug.clone(), row.name.clone(), is(row)));
            let options = std::iter::once(any).chain(rows).collect();
            all.push(Choice {
                name: "project",
                label: key("list-project"),
                options,
            });
        }
        all
    }
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
    pub(super) fn open(open: OpenCase, w: Words) -> Self {
        let title = open.title.unwrap_or_default();
        Self::of(&open.row, title, open.ic, w)
    }

    fn of(row: &CaseRow, title: String, ic: Option<String>, w: Words) -> Self {
        let stands = match (row.open, ic) {
            (false, _) => over(&row.status, w),
            (true, Some(ic)) => w
                .with("list-has-it", "who", ic)
                .and("phase", phase(&row.phase, w))
                .to_string(),
            (true, None) => w.say("list-nobody").into_owned(),
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

/// How a case ended.
fn over(status: &str, w: Words) -> String {
    match status {
        "false_alarm" => w.say("list-false-alarm").into_owned(),
        "closed" => w.say("list-closed").into_owned(),
        other => other.replace('_', " "),
    }
}

/// The phase by its name.
fn phase(word: &str, w: Words) -> String {
    let mut known = PHASES.into_iter().skip(1);
    let found = known.find(|(known, _)| *known == word);
    found.map_or_else(|| word.to_owned(), |(_, name)| w.say(name).into_owned())
}

/// Shows the cases that are asked for.
pub(super) async fn show(call: Call) -> Answer {
    let query = call.page_query();
    let projects = seen(&call).await?;
    let asked = Asked::of(&query, &projects);
    let cursor: Option<Cursor> = query.parsed("cursor", "").ok().flatten();
    let (desk, onlooker, w) = (&call.app.desk, call.onlooker()?, call.words());
    let filter = asked.filter(onlooker.actor.as_person());
    let (rows, not_searched, full, next) = if asked.words.is_empty() {
        let page = desk.list(&onlooker, filter, cursor, CASES).await?;
        let next = page
            .next
            .map(|cursor| query.with("cursor", &cursor.to_string()));
        (page.rows, 0, false, next)
    } else {
        let found = desk
            .search(&onlooker, asked.words.clone(), SEARCHED)
            .await?;
        let mine = mine(desk, &onlooker, &asked, filter).await?;
        let rows: Vec<CaseRow> = found.hits.into_iter().map(|hit| hit.case).collect();
        let full = rows.len() >= SEARCHED as usize;
        let rows = each_once(rows.into_iter()).into_iter();
        let rows = rows.filter(|row| {
            asked.takes(row) && mine.as_ref().is_none_or(|mine| mine.contains(&row.journal))
        });
        (rows.collect(), found.not_searched, full, None)
    };
    let states = states(desk, &rows).await?;
    let cases = rows.iter().map(|row| {
        let state = states.get(&row.project);
        let name = |ic: &str| match state {
            Some(state) => Names::new(&state.directory).person(&PersonId::from(ic)),
            None => ic.to_owned(),
        };
        let title = match &row.title {
            Title::Plain(title) => title.clone(),
            Title::Cipher(_) | Title::None if row.restricted => w.say("list-untitled").into_owned(),
            Title::Cipher(_) | Title::None => String::new(),
        };
        Row::of(row, title, row.ic.as_deref().map(name), w)
    });
    let frame = Frame::new(&call, w.say("list-title"))
        .at("/cases")
        .worded("list");
    let mut frame = frame.with_lines(desk).await;
    frame.wide = true;
    let page = CasesPage {
        cases: cases.collect(),
        chosen: asked.choices(&projects, w),
        frame,
        asked,
        not_searched,
        full,
        next,
    };
    frame::page(200, &page)
}

/// The reader's own cases, where only those are asked for among those that words are found in.
async fn mine(
    desk: &Desk,
    onlooker: &Onlooker,
    asked: &Asked,
    filter: CaseFilter,
) -> Result<Option<BTreeSet<JournalId>>, Problem> {
    if !asked.mine {
        return Ok(None);
    }
    let (mut mine, mut cursor) = (BTreeSet::new(), None);
    loop {
        let page = desk
            .list(onlooker, filter.clone(), cursor, SEARCHED)
            .await?;
        mine.extend(page.rows.iter().map(|row| row.journal));
        cursor = page.next;
        if cursor.is_none() || mine.len() >= OWN {
            return Ok(Some(mine));
        }
    }
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

async fn states(
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
        assert!(html.contains("The ann has it; phase: Assess"), "{html}");
        let asking = stage.request("GET", "/now", Some(&ann), None);
        let board = stage
            .send(asking.with("accept-language", "de"))
            .await
            .text();
        assert!(
            board.contains("The ann hat es; Phase: Einschätzung"),
            "{board}"
        );
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

    #[tokio::test]
    async fn cases_are_narrowed_by_state_severity_phase_project_and_to_ones_own() {
        let stage = Stage::new().await;
        for _ in 0..3 {
            stage.report().await;
        }
        let (ann, bob, boss) = (
            stage.token("ann", "member").await,
            stage.token("bob", "member").await,
            stage.token("boss", "admin").await,
        );
        for number in ["HH-1", "HH-2"] {
            let take = json!({ "command": "acknowledge" });
            stage.command(number, &bob, take).await;
        }
        let high = json!({ "command": "set_severity", "severity": "high" });
        stage.command("HH-1", &bob, high).await;
        let over = json!({ "command": "false_alarm", "reason": "the cat" });
        stage.command("HH-2", &bob, over).await;
        let mill = json!({ "text": "The wheel stands", "project": "mill" });
        stage.report_as(mill).await;
        let listed = async |who: &str, query: &str| {
            let html = stage
                .get(&format!("/cases?{query}"), Some(who))
                .await
                .text();
            let rows = html.split("href=\"/cases/").skip(1);
            let rows = rows.filter_map(|row| row.split('"').next().map(str::to_owned));
            let mut rows: Vec<String> = rows.filter(|row| row.contains('-')).collect();
            rows.sort();
            rows.join(" ")
        };
        for (who, query, numbers) in [
            (&ann, "", "HH-1 HH-2 HH-3"),
            (&ann, "state=open&severity=high", "HH-1"),
            (&ann, "state=closed", "HH-2"),
            (&ann, "severity=unknown&state=open", "HH-3"),
            (&ann, "phase=nonsense&state=moon", "HH-1 HH-2 HH-3"),
            (&ann, "q=chickens&severity=high", "HH-1"),
            (&ann, "q=chickens&state=closed", "HH-2"),
            (&bob, "mine=yes", "HH-1 HH-2"),
            (&bob, "mine=yes&q=chickens&state=open", "HH-1"),
            (&boss, "project=mill", "ML-1"),
            (&boss, "project=farm&state=closed", "HH-2"),
            (&ann, "project=mill", "HH-1 HH-2 HH-3"),
        ] {
            assert_eq!(listed(who, query).await, numbers, "{query}");
        }
        let html = stage
            .get("/cases?state=closed&severity=high", Some(&ann))
            .await
            .text();
        assert!(html.contains("No case is like that."), "{html}");
        let one = stage.get("/cases", Some(&ann)).await.text();
        assert!(
            !one.contains("name=\"project\"") && !one.contains("Mill"),
            "{one}"
        );
    }
}
