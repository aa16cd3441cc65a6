//! `/api/v1/projects`: the contact sheet, calendar and directory of a project, replaced as a whole.

use std::sync::Arc;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use procedure::basis::Project;
use procedure::project::{AsImported, Directory, ProjectCommand, ProjectState};
use procedure::{Text, Who};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::desk::{JournalId, ProjectRow};
use crate::founding;
use crate::web::problem::WrongField;
use crate::web::registry::Answer;
use crate::web::{Call, Problem, json};

pub(super) const NEW_EXAMPLE: &str = r#"{"slug": "farm", "name": "The farm", "prefix": "FA"}"#;
pub(super) const EXAMPLE: &str = r#"{"project": {"revision": 3}, "directory": {"people": {}}}"#;

/// A project to be founded.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProject {
    /// Its name in addresses: small letters, digits and hyphens.
    slug: String,
    /// What people call it.
    name: String,
    /// What its case numbers begin with: capital letters and digits.
    prefix: String,
    /// The time zone of its calendar, such as Europe/Berlin; UTC if left out.
    #[serde(default)]
    zone: Option<String>,
}

/// A project to be replaced. What is left out of `project` takes its default; see docs.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "read by the schema generator alone")]
pub struct ProjectRequest {
    /// What the rules look at: roster, on_call, calendar, assets, dependencies, stakeholders,
    /// maintenance, profile, places.
    project: serde_json::Map<String, Value>,
    /// Names, numbers and addresses of people, stakeholders, dependencies and assets.
    directory: serde_json::Map<String, Value>,
    /// Another name.
    name: Option<String>,
}

/// Every project that you may see.
#[derive(Serialize, JsonSchema)]
pub struct Projects {
    /// By short name.
    pub projects: Vec<ProjectLine>,
}

/// A project in a list.
#[derive(Serialize, JsonSchema)]
pub struct ProjectLine {
    /// Its short name.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// What its case numbers begin with.
    pub prefix: String,
}

/// A project.
#[derive(Serialize, JsonSchema)]
pub struct ProjectAnswer {
    /// Its short name.
    pub slug: String,
    /// Its name.
    pub name: Option<String>,
    /// What its case numbers begin with.
    pub prefix: String,
    /// Grows with each change; the ETag too.
    pub revision: u64,
    /// What the rules look at.
    pub project: Value,
    /// Names, numbers and addresses.
    pub directory: Value,
    /// The edition of the playbook that new cases follow.
    pub edition: Option<u32>,
    /// What is unwise about it.
    pub warnings: Value,
    /// Teams, schedules and policies that stand as they came from another pager.
    pub as_imported: AsImported,
}

impl From<ProjectRow> for ProjectLine {
    fn from(row: ProjectRow) -> Self {
        Self {
            slug: row.slug,
            name: row.name,
            prefix: row.prefix,
        }
    }
}

/// Lists projects.
pub(super) async fn list(call: Call) -> Answer {
    let projects = seen(&call).await?.into_iter();
    let projects = projects.map(ProjectLine::from).collect();
    json::ok(&Projects { projects })
}

/// The projects that whoever asks may see, by short name.
///
/// # Errors
/// The store's.
pub(in crate::web) async fn seen(call: &Call) -> Result<Vec<ProjectRow>, Problem> {
    let mut seen = Vec::new();
    for row in call.app.desk.projects().await? {
        if may_see(call, &*call.app.desk.project_as_it_is(row.journal).await?)? {
            seen.push(row);
        }
    }
    Ok(seen)
}

/// Shows a project.
pub(super) async fn show(call: Call) -> Answer {
    let (_, state) = project(&call).await?;
    let known = call.known()?;
    let mut directory = serde_json::to_value(&state.directory).unwrap_or_default();
    if !known.is_admin() {
        hide_topics(&mut directory, &known.actor().who);
    }
    answer_with(StatusCode::OK, &state, directory)
}

/// A topic of ntfy is as good as a password to whoever reads along: only its person and admins see it.
fn hide_topics(directory: &mut Value, reader: &Who) {
    let people = directory["people"].as_object_mut();
    for (person, contact) in people.into_iter().flatten() {
        let own = matches!(reader, Who::Person(reader) if reader.0 == *person);
        let routes = contact["routes"].as_array_mut().filter(|_| !own);
        for route in routes.into_iter().flatten().filter(|r| r["by"] == "ntfy") {
            route.as_object_mut().map(|route| route.remove("to"));
        }
    }
}

/// Founds a project with nobody in it.
pub(super) async fn found(mut call: Call) -> Answer {
    let new: NewProject = json::read(call.object().await?.into())?;
    let zone = new.zone.as_deref().unwrap_or("UTC");
    let actor = call.known()?.actor();
    let desk = &call.app.desk;
    let named = (&*new.name, &*new.slug, &*new.prefix);
    let id = founding::found(desk, actor, named, zone, call.once()?).await?;
    answer(StatusCode::CREATED, &*desk.project(id).await?)
}

/// Replaces a project, if nobody was faster.
pub(super) async fn replace(mut call: Call) -> Answer {
    let (id, state) = project(&call).await?;
    let edited = if_match(&call)?;
    if edited != state.revision {
        return Err(stale(state.revision));
    }
    let mut object = call.object().await?;
    let mut parts = object
        .remove("project")
        .ok_or_else(|| Problem::field("/project", "Send the whole project."))?;
    parts["revision"] = edited.into();
    let project = json::read_at::<Project>("/project", parts);
    let directory: Result<Directory, _> = match object.remove("directory") {
        Some(value) => json::read_at("/directory", value),
        None => Ok(state.directory.clone()),
    };
    let name: Result<Option<Text>, _> = match object.remove("name") {
        Some(value) => json::name_at("/name", value),
        None => Ok(None),
    };
    let stranger = |field: &String| WrongField {
        field: format!("/{field}"),
        detail: "Unknown here; send project, directory, name.".to_owned(),
    };
    let strangers: Vec<_> = object.keys().map(stranger).collect();
    let known = if strangers.is_empty() {
        Ok(())
    } else {
        Err(Problem::fields(strangers))
    };
    let ((project, directory), (name, ())) = Problem::both(
        Problem::both(project, directory),
        Problem::both(name, known),
    )?;
    let project = Box::new(project);
    let command = ProjectCommand::Revise {
        project,
        directory: Box::new(directory),
        name,
    };
    let actor = call.known()?.actor();
    let change = call.app.desk.change_project(id, actor, command, None);
    let state = change.await?;
    answer(StatusCode::OK, &state)
}

/// The project in the path, for whoever may see it.
pub(in crate::web) async fn project(
    call: &Call,
) -> Result<(JournalId, Arc<ProjectState>), Problem> {
    let slug = call.param("slug").to_owned();
    let row = call.app.desk.find_project(Some(slug)).await?;
    let state = call.app.desk.project(row.journal).await?;
    if !may_see(call, &state)? {
        return Err(Problem::not_found("project"));
    }
    Ok((row.journal, state))
}

/// Admins, programs, and whoever is on the contact sheet.
pub(in crate::web) fn may_see(call: &Call, state: &ProjectState) -> Result<bool, Problem> {
    let known = call.known()?;
    Ok(match &known.actor().who {
        _ if known.is_admin() => true,
        Who::Person(person) => state
            .project()
            .is_some_and(|project| project.member(person).is_some()),
        Who::Service(_) | Who::System => true,
        Who::Reporter => false,
    })
}

/// The revision that was edited.
fn if_match(call: &Call) -> Result<u64, Problem> {
    let Some(tag) = call.headers.get(header::IF_MATCH) else {
        return Err(Problem::new(
            "precondition-needed",
            "Send If-Match with the ETag of the project that you edited.",
        ));
    };
    let tag = tag
        .to_str()
        .unwrap_or_default()
        .trim()
        .trim_start_matches("W/")
        .trim_matches('"');
    tag.parse()
        .map_err(|_| Problem::field("If-Match", "Send the ETag as it came, such as \"3\"."))
}

fn stale(revision: u64) -> Problem {
    Problem::new(
        "stale",
        format!(
            "The project stands at revision {revision} now. Load it again and repeat your change."
        ),
    )
}

fn answer(status: StatusCode, state: &ProjectState) -> Answer {
    let directory = serde_json::to_value(&state.directory).unwrap_or_default();
    answer_with(status, state, directory)
}

fn answer_with(status: StatusCode, state: &ProjectState, directory: Value) -> Answer {
    let value = |value: serde_json::Result<Value>| value.unwrap_or_default();
    let body = ProjectAnswer {
        slug: state.slug.clone(),
        name: state
            .name
            .as_ref()
            .and_then(|name| name.plain())
            .map(str::to_owned),
        prefix: state.prefix.clone(),
        revision: state.revision,
        project: value(serde_json::to_value(state.project())),
        directory,
        edition: state.in_force().map(|edition| edition.playbook.edition),
        warnings: value(serde_json::to_value(state.warnings())),
        as_imported: state.as_imported(),
    };
    with_tag(json::answer(status, &body)?, state.revision)
}

fn with_tag(mut response: Response, revision: u64) -> Answer {
    let tag = HeaderValue::from_str(&format!("\"{revision}\""))
        .map_err(|_| Problem::new("fault", "The revision is no tag."))?;
    response.headers_mut().insert(header::ETAG, tag);
    Ok(response)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use serde_json::json;

    use crate::web::stage::Stage;

    const AT: &str = "/api/v1/projects/farm";

    #[tokio::test]
    async fn a_project_is_replaced_by_whoever_saw_it_last() {
        let stage = Stage::new().await;
        let boss = stage.token("boss", "admin").await;
        let shown = stage.get(AT, Some(&boss)).await;
        let (tag, mut body) = (shown.header("etag").to_owned(), shown.json());
        body["project"]["roster"][0]["roles"] = json!(["responder", "decider"]);
        let new = json!({ "project": body["project"], "directory": body["directory"] });
        let put = || stage.request("PUT", AT, Some(&boss), Some(new.clone()));
        let blind = stage.send(put()).await;
        assert_eq!(
            (blind.status, blind.json()["type"].as_str()),
            (428, Some("/problems/precondition-needed"))
        );
        let said = stage.send(put().with("if-match", &tag)).await;
        assert_eq!(said.status, 200, "{}", said.text());
        assert_ne!(said.header("etag"), tag);
        let late = stage.send(put().with("if-match", &tag)).await;
        assert_eq!(late.status, 412);
    }

    #[tokio::test]
    async fn a_topic_is_seen_by_its_person_and_by_admins_alone() {
        let stage = Stage::new().await;
        let boss = stage.token("boss", "admin").await;
        let shown = stage.get(AT, Some(&boss)).await;
        let (tag, mut body) = (shown.header("etag").to_owned(), shown.json());
        body["directory"]["people"]["ann"]["routes"] = json!([{ "by": "ntfy", "to": "ann-x7k2" }]);
        let new = json!({ "project": body["project"], "directory": body["directory"] });
        let put = stage.request("PUT", AT, Some(&boss), Some(new));
        let said = stage.send(put.with("if-match", &tag)).await;
        assert_eq!(said.status, 200, "{}", said.text());
        let topic = async |token: &str| {
            let shown = stage.get(AT, Some(token)).await.json();
            let route = &shown["directory"]["people"]["ann"]["routes"][0];
            assert_eq!(route["by"], "ntfy", "{shown}");
            route["to"].is_null()
        };
        let (ann, bob) = (
            stage.token("ann", "member").await,
            stage.token("bob", "member").await,
        );
        assert!(!topic(&boss).await && !topic(&ann).await);
        assert!(topic(&bob).await, "somebody else's");
    }

    #[tokio::test]
    async fn a_project_founded_under_a_key_is_founded_once() {
        let stage = Stage::new().await;
        let boss = stage.token("boss", "admin").await;
        let found = async |slug: &str| {
            let body = json!({ "slug": slug, "name": "New", "prefix": "NW" });
            let request = stage.request("POST", "/api/v1/projects", Some(&boss), Some(body));
            stage.send(request.with("idempotency-key", "k1")).await
        };
        let first = found("new").await;
        assert_eq!(first.status, 201, "{}", first.text());
        let again = found("new").await;
        assert_eq!((again.status, again.json()), (201, first.json()));
        let other = found("other").await;
        assert_eq!(
            other.json()["type"],
            "/problems/key-reused",
            "{}",
            other.text()
        );
        let body = json!({ "slug": "new", "name": "New", "prefix": "NW" });
        let taken = stage.post("/api/v1/projects", Some(&boss), body).await;
        assert_eq!(taken.status, 409, "without the key it is another project");
    }

    #[tokio::test]
    async fn a_wrong_field_is_named() {
        let stage = Stage::new().await;
        let boss = stage.token("boss", "admin").await;
        let shown = stage.get(AT, Some(&boss)).await;
        let tag = shown.header("etag").to_owned();
        for (pointer, value, field) in [
            (
                "/project/roster/0/roles",
                json!(["captain"]),
                "/project/roster/0/roles/0",
            ),
            (
                "/directory/people/ann/name",
                json!(""),
                "/directory/people/ann/name",
            ),
        ] {
            let mut body = shown.json();
            *body.pointer_mut(pointer).unwrap() = value;
            let new = json!({ "project": body["project"], "directory": body["directory"] });
            let request = stage
                .request("PUT", AT, Some(&boss), Some(new))
                .with("if-match", &tag);
            let said = stage.send(request).await;
            assert_eq!(
                (said.status, said.json()["field"].as_str()),
                (422, Some(field)),
                "{}",
                said.text()
            );
        }
    }

    #[tokio::test]
    async fn what_reaches_nobody_is_refused_all_at_once() {
        let stage = Stage::new().await;
        let boss = stage.token("boss", "admin").await;
        let shown = stage.get(AT, Some(&boss)).await;
        let mut body = shown.json();
        body["directory"]["people"]["ann"]["mail"] = json!("ann(at)example.org");
        body["directory"]["people"]["bob"]["phone"] = json!("555 0100");
        let new = json!({ "project": body["project"], "directory": body["directory"] });
        let put = stage.request("PUT", AT, Some(&boss), Some(new));
        let said = stage.send(put.with("if-match", shown.header("etag"))).await;
        assert_eq!(said.status, 422, "{}", said.text());
        let wrong = said.json()["errors"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let fields: Vec<_> = wrong
            .iter()
            .filter_map(|wrong| wrong["field"].as_str())
            .collect();
        assert_eq!(
            fields,
            ["/directory/people/ann/mail", "/directory/people/bob/phone",]
        );
        assert!(
            said.text().contains("+1 555 0100"),
            "the fix is said: {}",
            said.text()
        );
    }

    #[tokio::test]
    async fn a_project_is_founded_once_and_strangers_do_not_see_it() {
        let stage = Stage::new().await;
        let (boss, ann) = (
            stage.token("boss", "admin").await,
            stage.token("ann", "member").await,
        );
        let new = json!({ "slug": "pond", "name": "The pond", "prefix": "PO" });
        let said = stage
            .post("/api/v1/projects", Some(&boss), new.clone())
            .await;
        assert_eq!(
            (said.status, said.json()["slug"].as_str()),
            (201, Some("pond")),
            "{}",
            said.text()
        );
        assert_eq!(
            stage
                .post("/api/v1/projects", Some(&boss), new)
                .await
                .status,
            409
        );
        assert_eq!(
            stage.get("/api/v1/projects/pond", Some(&ann)).await.status,
            404
        );
        let list = stage.get("/api/v1/projects", Some(&ann)).await.json();
        assert_eq!(list["projects"].as_array().unwrap().len(), 1);
        let bad = json!({ "slug": "Pond!", "name": "x", "prefix": "PX" });
        assert_eq!(
            stage
                .post("/api/v1/projects", Some(&boss), bad)
                .await
                .status,
            422
        );
        let same = json!({ "slug": "pool", "name": "The pool", "prefix": "PO" });
        let said = stage.post("/api/v1/projects", Some(&boss), same).await;
        assert_eq!(
            said.status,
            409,
            "two projects share no numbers: {}",
            said.text()
        );
        assert!(said.text().contains("The pond") && said.text().contains("PO-1"));
        let zone = json!({ "slug": "sea", "name": "x", "prefix": "SE", "zone": "Moon/Base" });
        assert_eq!(
            stage
                .post("/api/v1/projects", Some(&boss), zone)
                .await
                .status,
            422
        );
    }
}
