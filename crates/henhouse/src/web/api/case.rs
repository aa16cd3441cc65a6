//! `GET /api/v1/cases/{number}`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use procedure::PersonId;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::parts::{self, Parts};
use super::shield;
use crate::desk::CaseView;
use crate::report::title;
use crate::web::registry::Answer;
use crate::web::{Call, json};

/// A case as it stands now.
#[derive(Serialize, JsonSchema)]
pub struct CaseAnswer {
    /// The number that people say.
    pub number: String,
    /// The short name of its project.
    pub project: String,
    /// What it is called: event until confirmed, then incident.
    pub noun: &'static str,
    /// Its title, or the beginning of its report.
    pub title: Option<String>,
    /// Its status.
    pub status: procedure::Status,
    /// Its phase.
    pub phase: procedure::Phase,
    /// Its severity; unknown is not low.
    pub severity: String,
    /// What sort of thing it is.
    pub kind: String,
    /// It exists only for its members.
    pub restricted: bool,
    /// How far its words may travel.
    pub marking: procedure::basis::Marking,
    /// It is not over.
    pub open: bool,
    /// A drill.
    pub drill: bool,
    /// When it was opened (RFC 3339).
    pub opened_at: String,
    /// When its newest entry was recorded.
    pub updated_at: String,
    /// The number of its newest entry.
    pub seq: u64,
    /// When time acts next, if nobody does anything.
    pub next_wake: Option<String>,
    /// The Incident Commander of record.
    pub ic: Option<String>,
    /// Since when.
    pub ic_since: Option<String>,
    /// Since when the IC has not been heard of.
    pub silent_since: Option<String>,
    /// Everybody in the response, the IC included.
    pub responders: Vec<Person>,
    /// Who sees it while it is restricted.
    pub members: Vec<String>,
    /// What the people of the project are called, by their ids.
    pub names: BTreeMap<String, Option<String>>,
    /// The reports, the first one first.
    pub reports: Vec<Reporting>,
    /// Who could be reached by no way, and since when.
    pub unreached: Vec<Unreached>,
    /// The playbook that it is judged by.
    pub playbook: Edition,
    /// The time zone of its project, by its name.
    pub zone: String,
    /// When this was (RFC 3339).
    pub as_of: String,
    /// What else stands in it.
    #[serde(flatten)]
    pub parts: Parts,
}

/// A person in a case.
#[derive(Serialize, JsonSchema)]
pub struct Person {
    /// Who.
    pub person: String,
    /// What they are called.
    pub name: Option<String>,
    /// Since when.
    pub since: Option<String>,
}

/// A report in a case.
#[derive(Serialize, JsonSchema)]
pub struct Reporting {
    /// The entry.
    pub seq: u64,
    /// When it was received.
    pub at: String,
    /// The person who reported, if they were signed in.
    pub by: Option<String>,
    /// The report as it came; a text that was erased is null, and so is all of it in the annex.
    pub report: Option<Value>,
}

/// Somebody who cannot be reached.
#[derive(Serialize, JsonSchema)]
pub struct Unreached {
    /// Who.
    pub to: procedure::Recipient,
    /// Since when.
    pub since: String,
    /// The entry that says so.
    pub seq: u64,
}

/// An edition of a playbook.
#[derive(Serialize, JsonSchema)]
pub struct Edition {
    /// Its name.
    pub name: String,
    /// Which edition.
    pub edition: u32,
}

/// Shows a case.
pub(super) async fn show(call: Call) -> Answer {
    let view = call.case().await?;
    let (now, drill) = (call.app.desk.now(), call.app.desk.site().drill);
    json::ok(&answer(&view, now, drill))
}

fn answer(view: &CaseView, now: Timestamp, drill: bool) -> CaseAnswer {
    let CaseView {
        row, case, basis, ..
    } = view;
    let commander = &case.part.commander;
    let since = |at: &Timestamp| Some(at.to_string());
    let responders = commander.responders.iter();
    CaseAnswer {
        number: row.number.to_string(),
        project: view.project.slug.clone(),
        noun: super::line::noun(&row.status),
        title: title(case),
        status: case.status(),
        phase: case.phase(),
        severity: row.severity.clone().unwrap_or_default(),
        kind: row.kind.clone(),
        restricted: case.part.secrecy.restricted,
        marking: case.marking(),
        open: !case.is_over(),
        drill,
        opened_at: case.opened_at.to_string(),
        updated_at: case.changed_at.to_string(),
        seq: case.seq,
        next_wake: view.agenda(now).next_wake.map(|at| at.to_string()),
        ic: case.ic().map(ToString::to_string),
        ic_since: commander
            .intervals
            .last()
            .and_then(|interval| since(&interval.from)),
        silent_since: commander.silent_since.as_ref().and_then(since),
        responders: responders
            .map(|(who, r)| person(view, who, since(&r.since)))
            .collect(),
        members: case
            .part
            .secrecy
            .members
            .iter()
            .map(ToString::to_string)
            .collect(),
        names: view.names(),
        reports: case
            .part
            .intake
            .reports
            .iter()
            .map(|report| reporting(view, report))
            .collect(),
        unreached: unreached(case),
        parts: parts::of(view),
        zone: basis.project.calendar.zone().to_owned(),
        as_of: now.to_string(),
        playbook: Edition {
            name: basis.playbook.name.clone(),
            edition: basis.playbook.edition,
        },
    }
}

fn unreached(case: &procedure::Case) -> Vec<Unreached> {
    let all = case.part.calling.unreached.iter();
    all.map(|(to, (seq, since))| Unreached {
        to: to.clone(),
        since: since.to_string(),
        seq: *seq,
    })
    .collect()
}

fn person(view: &CaseView, person: &PersonId, since: Option<String>) -> Person {
    Person {
        person: person.to_string(),
        name: view.name_of(person),
        since,
    }
}

fn reporting(view: &CaseView, received: &procedure::chapters::intake::Received) -> Reporting {
    let mut by = match &received.by {
        procedure::Who::Person(person) => Some(person.to_string()),
        _ => None,
    };
    let readable = view.may_read(received.seq);
    let report = readable.then(|| serde_json::to_value(&received.report).unwrap_or_default());
    let report = report.map(|mut report| {
        if !view.is_on_team() && shield::reports(&mut report) {
            by = None;
        }
        report
    });
    Reporting {
        seq: received.seq,
        at: received.at.to_string(),
        by,
        report,
    }
}

#[cfg(test)]
mod tests {
    use crate::web::stage::Stage;

    #[tokio::test]
    async fn a_case_is_shown_with_its_words() {
        let stage = Stage::new().await;
        stage.report().await;
        let ann = stage.token("ann", "member").await;
        let body = stage.get("/api/v1/cases/HH-1", Some(&ann)).await.json();
        assert_eq!(body["number"], "HH-1");
        assert_eq!(body["project"], "farm");
        assert_eq!(
            (body["noun"].as_str(), body["phase"].as_str()),
            (Some("event"), Some("initiate"))
        );
        assert_eq!(
            body["reports"][0]["report"]["text"],
            "The chickens are escaping"
        );
        assert_eq!(body["ic"], serde_json::Value::Null);
    }

    #[tokio::test]
    async fn what_is_no_number_is_not_there() {
        let stage = Stage::new().await;
        let ann = stage.token("ann", "member").await;
        for number in ["HH-2", "HH", "-1", "HH-x", "%ff-1"] {
            let said = stage
                .get(&format!("/api/v1/cases/{number}"), Some(&ann))
                .await;
            assert_eq!(said.status, 404, "{number}");
        }
    }
}
