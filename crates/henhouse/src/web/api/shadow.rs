//! `/api/v1/projects/{slug}/shadow`: sources that call nobody for a while, whom Henhouse would have called, and whom the other
//! pager called.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use axum::response::IntoResponse;
use jiff::Timestamp;
use procedure::Text;
use procedure::project::{ProjectState, SourceShadowed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::projects::project;
use crate::desk::JournalId;
use crate::desk::shadow::{Because, Compared, InShadow, TheirCall, Theirs, Verdict, compare};
use crate::web::registry::Answer;
use crate::web::{Call, Problem, json};

pub(super) const EXAMPLE: &str = r#"{"until": "2026-12-20T09:00:00Z", "why": "Opsgenie calls people until the week before Christmas."}"#;
pub(super) const THEIRS: &str = r#"{"calls": [{"alias": "coop-door", "mail": "ann@farm.example",
    "at": "2026-11-23T03:02:10Z", "acknowledged_at": "2026-11-23T03:05:00Z"}]}"#;

/// A shadow for a source.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShadowRequest {
    /// Until when, at most 90 days ahead (RFC 3339). It ends by itself then.
    until: String,
    /// Why: which pager calls people meanwhile.
    why: String,
}

/// What the other pager says that it did, in the place of what was said before.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TheirsRequest {
    /// Each call, at most 5,000; the body holds 1 MiB.
    calls: Vec<TheirsCall>,
}

/// Somebody whom the other pager called.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TheirsCall {
    /// The key of the alert: an alias, or a dedup key.
    alias: String,
    /// Whom, by mail address.
    mail: String,
    /// When (RFC 3339).
    at: String,
    /// It stands in their list, and was not called.
    #[serde(default)]
    quiet: bool,
    /// When somebody took note of it there (RFC 3339).
    #[serde(default)]
    acknowledged_at: Option<String>,
}

/// What stands in shadow in a project.
#[derive(Serialize, JsonSchema)]
pub struct ShadowAnswer {
    /// The sources that call nobody now.
    pub sources: Vec<ShadowedSource>,
    /// The last events, newest first, at most 200.
    pub events: Vec<ShadowEvent>,
    /// Events for which both called somebody.
    pub compared: usize,
    /// Of those: the same person first.
    pub same: usize,
    /// When what the other pager did was brought (RFC 3339).
    pub theirs_at: Option<String>,
    /// Keys of the other pager's alerts that no event here has.
    pub only_there: Vec<String>,
    /// What the people of the project are called, by their ids.
    pub names: BTreeMap<String, Option<String>>,
}

/// A source that calls nobody now.
#[derive(Serialize, JsonSchema)]
pub struct ShadowedSource {
    /// Its public id.
    pub id: String,
    /// Its short name.
    pub name: String,
    /// Since when (RFC 3339).
    pub since: String,
    /// Until when (RFC 3339).
    pub until: String,
    /// Why.
    pub why: String,
}

/// An event in shadow.
#[derive(Serialize, JsonSchema)]
pub struct ShadowEvent {
    /// Its number.
    pub number: String,
    /// What its first alert is called.
    pub title: String,
    /// When it was opened (RFC 3339).
    pub opened_at: String,
    /// Since when nobody would be called any more: it is over where it came from, or somebody took note of it there.
    pub stopped_at: Option<String>,
    /// Whom Henhouse would have called.
    pub calls: Vec<ShadowCall>,
    /// Whom the other pager called, each once.
    pub theirs: Vec<ShadowTheirs>,
    /// When somebody took note of it at the other pager (RFC 3339).
    pub acknowledged_at: Option<String>,
    /// same, other_person, nobody_here, only_here, only_there or nobody; nothing where nothing of theirs was brought.
    pub verdict: Option<String>,
    /// Where it is the same: so many seconds later here; below 0 earlier.
    pub later_seconds: Option<i64>,
}

/// Somebody whom Henhouse would have called.
#[derive(Serialize, JsonSchema)]
pub struct ShadowCall {
    /// When (RFC 3339).
    pub at: String,
    /// Whom; nobody where it is the pager of the project.
    pub person: Option<String>,
    /// By which route first.
    pub route: String,
    /// at_once, policy, sheet or owed.
    pub because: String,
    /// The step of the policy, or the place on the sheet, from 1.
    pub step: Option<u32>,
    /// In which round.
    pub round: Option<u32>,
    /// They have no address on file: nothing would have reached them.
    pub unreachable: bool,
    /// Somebody had taken note of it at the other pager by then.
    pub after_taken: bool,
}

/// Somebody whom the other pager called.
#[derive(Serialize, JsonSchema)]
pub struct ShadowTheirs {
    /// Who that is here; nobody where no line of the sheet has the address.
    pub person: Option<String>,
    /// When (RFC 3339).
    pub at: String,
    /// Listed, and not called.
    pub quiet: bool,
}

/// Shows it.
pub(super) async fn show(call: Call) -> Answer {
    let (id, state) = project(&call).await?;
    let seen = see(&call, id, &state).await?;
    let (compared, same) = seen.sum();
    let now = call.app.desk.now();
    let source = |(source, shadow): (
        &procedure::project::AlertSource,
        &procedure::project::Shadow,
    )| ShadowedSource {
        id: source.id.clone(),
        name: source.name.clone(),
        since: shadow.since.to_string(),
        until: shadow.until.to_string(),
        why: shadow.why.plain().unwrap_or_default().to_owned(),
    };
    let people = state.directory.people.iter();
    json::ok(&ShadowAnswer {
        sources: state.in_shadow(now).map(source).collect(),
        compared,
        same,
        theirs_at: seen.theirs_at.map(|at| at.to_string()),
        events: seen.events.iter().map(event).collect(),
        only_there: seen.only_there,
        names: people
            .map(|(id, one)| (id.to_string(), one.name.plain().map(str::to_owned)))
            .collect(),
    })
}

/// Lets a source call nobody for a while.
pub(super) async fn begin(mut call: Call) -> Answer {
    let (project, _) = project(&call).await?;
    let asked: ShadowRequest = json::read(call.object().await?.into())?;
    let until = read_time("/until", &asked.until)?;
    let (actor, id) = (call.known()?.actor(), call.param("id").to_owned());
    let shadowed = SourceShadowed {
        id,
        until,
        why: Text::from(asked.why.as_str()),
    };
    let desk = &call.app.desk;
    desk.shadow_source(project, actor, shadowed).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Lets a source in shadow call people from now on.
pub(super) async fn end(call: Call) -> Answer {
    let (project, _) = project(&call).await?;
    let (actor, id) = (call.known()?.actor(), call.param("id").to_owned());
    call.app.desk.end_shadow(project, actor, id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Keeps what the other pager says that it did.
pub(super) async fn theirs(mut call: Call) -> Answer {
    let (project, _) = project(&call).await?;
    let brought: TheirsRequest = json::read(call.object().await?.into())?;
    let mut calls = Vec::new();
    for (n, one) in brought.calls.into_iter().enumerate() {
        let field = format!("/calls/{n}");
        let taken = one.acknowledged_at.as_deref();
        calls.push(TheirCall {
            at: read_time(&format!("{field}/at"), &one.at)?,
            acknowledged_at: taken
                .map(|at| read_time(&format!("{field}/acknowledged_at"), at))
                .transpose()?,
            alias: one.alias,
            mail: one.mail,
            quiet: one.quiet,
        });
    }
    call.app.desk.keep_theirs(project, calls).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn read_time(field: &str, said: &str) -> Result<Timestamp, Problem> {
    let wrong = |_| Problem::field(field, "Write a time such as 2026-12-20T09:00:00Z.");
    said.parse().map_err(wrong)
}

/// What stands in shadow, both sides beside each other.
pub(in crate::web) struct Seen {
    pub events: Vec<(InShadow, Compared)>,
    pub only_there: Vec<String>,
    pub theirs_at: Option<Timestamp>,
}

impl Seen {
    /// For how many both called somebody, and of those the same person first.
    pub(in crate::web) fn sum(&self) -> (usize, usize) {
        let both = self.events.iter().filter(|(_, compared)| {
            matches!(
                compared.verdict,
                Some(Verdict::Same(_) | Verdict::OtherPerson | Verdict::NobodyHere)
            )
        });
        let same = |compared: &Compared| matches!(compared.verdict, Some(Verdict::Same(_)));
        let all = self.events.iter();
        (both.count(), all.filter(|(_, one)| same(one)).count())
    }
}

/// Looks at both sides.
///
/// # Errors
/// The store's.
pub(in crate::web) async fn see(
    call: &Call,
    project: JournalId,
    state: &ProjectState,
) -> Result<Seen, Problem> {
    let desk = &call.app.desk;
    let events = desk.in_shadow(&call.onlooker()?, project).await?;
    let theirs = desk.theirs(project).await?;
    let people = state.directory.people.iter().filter_map(|(id, contact)| {
        let mail = contact.mail.as_ref()?.plain()?.to_lowercase();
        Some((mail, id.to_string()))
    });
    let (compared, only_there) = compare(&events, &theirs.calls, &people.collect());
    Ok(Seen {
        events: events.into_iter().zip(compared).collect(),
        only_there: only_there.into_iter().collect(),
        theirs_at: theirs.at,
    })
}

/// The word for it, with its step or place, and its round.
pub(super) fn because(because: Because) -> (&'static str, Option<u32>, Option<u32>) {
    match because {
        Because::AtOnce => ("at_once", None, None),
        Because::Policy(step, round) => ("policy", Some(step), Some(round)),
        Because::Sheet(place, round) => ("sheet", Some(place), Some(round)),
        Because::Owed => ("owed", None, None),
    }
}

fn event((event, compared): &(InShadow, Compared)) -> ShadowEvent {
    let taken = compared.acknowledged_at;
    let call = |call: &crate::desk::shadow::WouldCall| {
        let (because, step, round) = because(call.because);
        ShadowCall {
            at: call.at.to_string(),
            person: call.person.clone(),
            route: call.route.clone(),
            because: because.to_owned(),
            step,
            round,
            unreachable: call.unreachable,
            after_taken: taken.is_some_and(|taken| taken <= call.at),
        }
    };
    let theirs = |one: &Theirs| ShadowTheirs {
        person: one.person.clone(),
        at: one.at.to_string(),
        quiet: one.quiet,
    };
    let (verdict, later_seconds) = match compared.verdict {
        None => (None, None),
        Some(Verdict::Same(later)) => (Some("same"), Some(later)),
        Some(Verdict::OtherPerson) => (Some("other_person"), None),
        Some(Verdict::NobodyHere) => (Some("nobody_here"), None),
        Some(Verdict::OnlyHere) => (Some("only_here"), None),
        Some(Verdict::OnlyThere) => (Some("only_there"), None),
        Some(Verdict::Nobody) => (Some("nobody"), None),
    };
    ShadowEvent {
        number: event.number.to_string(),
        title: event.title.clone(),
        opened_at: event.opened_at.to_string(),
        stopped_at: event.stopped_at.map(|at| at.to_string()),
        calls: event.calls.iter().map(call).collect(),
        theirs: compared.theirs.iter().map(theirs).collect(),
        acknowledged_at: taken.map(|at| at.to_string()),
        verdict: verdict.map(str::to_owned),
        later_seconds,
    }
}
