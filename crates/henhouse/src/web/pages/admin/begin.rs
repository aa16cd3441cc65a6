//! `/admin`: from an empty installation to one that calls people, step by step. Each step says whether it is done; what is
//! done is read from the installation itself, so one leaves and comes back when one likes.

use std::sync::Arc;

use askama::Template;
use procedure::Text;
use procedure::project::ProjectState;

use super::{frame_of, mail_of, tabs};
use crate::desk::Desk;
use crate::founding;
use crate::report::to_do::{MailReach, ToDo};
use crate::web::api::to_do;
use crate::web::pages::frame::{self, Frame};
use crate::web::pages::input::{Input, Look};
use crate::web::pages::project::{Draft, Opened, Tabs};
use crate::web::registry::Answer;
use crate::web::words::{Words, key};
use crate::web::{Call, Problem};

#[derive(Template)]
#[template(path = "admin_begin.html")]
struct BeginPage {
    frame: Frame,
    tabs: Tabs,
    done: bool,
    steps: Vec<Step>,
    to_do: Vec<ToDo>,
    organisation: Input,
    name: Input,
    zone: Input,
    found: Vec<Input>,
    mail: String,
    mail_is_set: bool,
    report: String,
}

/// One of the first steps.
struct Step {
    title: String,
    what: String,
    done: bool,
    /// How it stands with it, project by project where they differ.
    stands: String,
    /// Where it is done.
    path: String,
}

/// Shows them.
pub(super) async fn show(call: Call) -> Answer {
    let frame = frame_of(&call, "admin-begin").await;
    page(&call, 200, frame, None).await
}

/// Names the organisation or the first project, or founds another project.
pub(super) async fn change(mut call: Call) -> Answer {
    let fields = call.form().await?.without_nul()?;
    let typed = |name| frame::typed(&fields, name);
    match fields.get("act") {
        Some("organisation") => return name_organisation(&call, typed("organisation")).await,
        Some("name") => return name_project(call, [typed("name"), typed("first_zone")]).await,
        _ => {}
    }
    let mut frame = frame_of(&call, "admin-begin").await;
    let (name, slug, prefix) = (typed("project"), typed("slug"), typed("prefix"));
    let zone = Some(typed("zone")).filter(|zone| !zone.is_empty());
    if name.is_empty() {
        frame = frame.wrong("project", call.words().say("admin-name-missing"));
        return page(&call, 422, frame, Some([&name, &slug, &prefix])).await;
    }
    let zone = zone.as_deref().unwrap_or("UTC");
    let actor = call.known()?.actor();
    let founded = founding::found(&call.app.desk, actor, (&name, &slug, &prefix), zone, None);
    match founded.await.map_err(Problem::from) {
        Ok(_) => Ok(frame::lead_to(&format!("/projects/{slug}"))),
        Err(problem) if matches!(problem.status, 409 | 422) => {
            let at = match problem.field.as_deref() {
                Some("zone") => "zone",
                _ if problem.detail.contains("addresses")
                    || problem.detail.contains("short name") =>
                {
                    "slug"
                }
                _ => "prefix",
            };
            frame = frame.wrong(at, problem.detail);
            page(&call, 422, frame, Some([&name, &slug, &prefix])).await
        }
        Err(problem) => Err(problem),
    }
}

async fn name_organisation(call: &Call, name: String) -> Answer {
    let actor = call.known()?.actor();
    let named = call.app.desk.name_organisation(actor, Some(name)).await;
    match named.map_err(Problem::from) {
        Ok(()) => Ok(frame::lead_to("/admin?done=1")),
        Err(problem) if problem.status == 422 => {
            let frame = frame_of(call, "admin-begin").await;
            page(call, 422, frame.wrong("organisation", problem.detail), None).await
        }
        Err(problem) => Err(problem),
    }
}

/// Names the project that an installation begins with, and says by whose clock it goes.
async fn name_project(mut call: Call, [name, zone]: [String; 2]) -> Answer {
    let Some(name) = frame::text(&name) else {
        let words = call.words().say("admin-name-missing");
        let frame = frame_of(&call, "admin-begin").await.wrong("name", words);
        return page(&call, 422, frame, None).await;
    };
    let first = call.app.desk.find_project(None).await?;
    call.params.insert("slug".to_owned(), first.slug);
    let opened = Opened::of(&call).await?;
    let mut draft = Draft::of(&opened);
    draft.name = Some(name);
    if !zone.is_empty() {
        let Ok(calendar) = founding::in_zone(&draft.project.calendar, &zone) else {
            let words = call.words().say("project-zone-wrong");
            let frame = frame_of(&call, "admin-begin").await;
            return page(&call, 422, frame.wrong("first_zone", words), None).await;
        };
        draft.project.calendar = calendar;
    }
    draft.keep(&call, &opened).await?;
    Ok(frame::lead_to("/admin?done=1"))
}

/// What there is to be done first, and whether it is.
async fn steps(call: &Call, slug: &str, state: &ProjectState) -> Result<Vec<Step>, Problem> {
    let (w, desk) = (call.words(), &call.app.desk);
    let accounts = desk.accounts().await?.into_iter();
    let admins = accounts.filter(|one| one.role == "admin" && !one.disabled);
    let admins = admins.filter(|one| one.password.is_some()).count();
    let projects = peopled(desk).await?;
    let step = |title: &str, what: &str, done: bool, path: String| Step {
        title: w.say(title).into_owned(),
        what: w.say(what).into_owned(),
        done,
        stands: whether(w, done),
        path,
    };
    let of_each = |title: &str, what: &str, is_done: IsDone, end: &str| {
        let (done, lacks): (Vec<&ProjectState>, Vec<_>) = projects
            .iter()
            .map(|one| &**one)
            .partition(|one| is_done(one));
        let slug = lacks.first().map_or(slug, |one| &one.slug);
        let stands = match done.is_empty() || lacks.is_empty() {
            true => whether(w, lacks.is_empty()),
            false => w
                .with("admin-step-some", "lacks", names_of(&lacks))
                .and("done", names_of(&done))
                .to_string(),
        };
        Step {
            stands,
            ..step(
                title,
                what,
                lacks.is_empty(),
                format!("/projects/{slug}/{end}"),
            )
        }
    };
    Ok(vec![
        step(
            key("admin-step-organisation"),
            key("admin-step-organisation-what"),
            desk.organisation().is_some(),
            "#own".to_owned(),
        ),
        step(
            key("admin-step-project"),
            key("admin-step-project-what"),
            name_of(state) != "Main",
            "#project".to_owned(),
        ),
        of_each(
            key("admin-step-people"),
            key("admin-step-people-what"),
            |state| state.project().map_or(0, |project| project.roster.len()) > 1,
            "paste",
        ),
        step(
            key("admin-step-mail"),
            key("admin-step-mail-what"),
            matches!(mail_of(desk).0, MailReach::Reached),
            "#mail".to_owned(),
        ),
        step(
            key("admin-step-accounts"),
            key("admin-step-accounts-what"),
            admins > 1,
            "/admin/accounts".to_owned(),
        ),
        of_each(
            key("admin-step-number"),
            key("admin-step-number-what"),
            |state| !state.directory.public_numbers.is_empty(),
            "lists/numbers",
        ),
        of_each(
            key("admin-step-playbook"),
            key("admin-step-playbook-what"),
            |state| state.unreviewed().next().is_none(),
            "playbook",
        ),
    ])
}

/// Whether a step is done for a project.
type IsDone = fn(&ProjectState) -> bool;

/// The projects that are asked, the first one first. It may stay empty beside another one that has people.
async fn peopled(desk: &Desk) -> Result<Vec<Arc<ProjectState>>, Problem> {
    let mut projects = Vec::new();
    for row in desk.projects().await? {
        if !row.archived {
            projects.push(desk.project_as_it_is(row.journal).await?);
        }
    }
    let first = |state: &ProjectState| state.slug == founding::FIRST_PROJECT;
    projects.sort_by_key(|state| !first(state));
    let has_people = |state: &ProjectState| {
        let project = state.project();
        project.is_some_and(|project| !project.roster.is_empty())
    };
    if projects.iter().any(|state| has_people(state)) {
        projects.retain(|state| !first(state) || has_people(state));
    }
    Ok(projects)
}

fn whether(w: Words, done: bool) -> String {
    let words = match done {
        true => key("admin-step-done"),
        false => key("admin-step-todo"),
    };
    w.say(words).into_owned()
}

fn names_of(projects: &[&ProjectState]) -> String {
    let name = |state: &&ProjectState| match name_of(state) {
        "" => state.slug.clone(),
        name => name.to_owned(),
    };
    let names: Vec<String> = projects.iter().map(name).collect();
    names.join(", ")
}

fn name_of(state: &ProjectState) -> &str {
    let name = state.name.as_ref().and_then(Text::plain);
    name.unwrap_or_default()
}

fn is_set(mail: &MailReach) -> bool {
    matches!(mail, MailReach::Reached | MailReach::Untried)
}

/// What another project is founded with.
fn founding_fields(w: Words, [name, slug, prefix]: [&str; 3]) -> [Input; 4] {
    [
        Input::line("project", w.say("admin-project"), name).needed(),
        Input::line("slug", w.say("admin-slug"), slug)
            .hint(w.say("admin-slug-hint"))
            .needed(),
        Input::line("prefix", w.say("admin-prefix"), prefix)
            .hint(w.say("admin-prefix-hint"))
            .needed(),
        Input::line("zone", w.say("admin-zone"), "").hint(w.say("admin-zone-hint")),
    ]
}

/// The zone of the first project. What the browser's is cannot be known without a script, so it is asked.
fn zone_field(w: Words, state: &ProjectState) -> Input {
    let project = state.project();
    let known = project
        .as_ref()
        .map_or("UTC", |project| project.calendar.zone());
    let mut zones: Vec<&str> = founding::zones().collect();
    if !zones.contains(&known) {
        zones.insert(0, known);
    }
    let zones = zones.into_iter();
    let zones = zones.map(|zone| (zone.to_owned(), zone.replace('_', " "), zone == known));
    let label = w.say("admin-first-zone");
    Input::choice("first_zone", Look::Select, label, zones.collect())
        .hint(w.with("admin-first-zone-hint", "zone", known).to_string())
}

async fn page(call: &Call, status: u16, frame: Frame, typed: Option<[&str; 3]>) -> Answer {
    let (w, desk) = (call.words(), &call.app.desk);
    let row = desk.find_project(None).await?;
    let state = desk.project_as_it_is(row.journal).await?;
    let (mail, _) = mail_of(desk);
    let organisation = desk.organisation();
    let organisation = organisation.as_deref().unwrap_or_default();
    let organisation = Input::line("organisation", w.say("admin-organisation"), organisation)
        .hint(w.say("admin-organisation-hint"))
        .of_kind("text", "organization");
    let first = Input::line("name", w.say("admin-project"), name_of(&state)).needed();
    let found = founding_fields(w, typed.unwrap_or_default());
    let page = BeginPage {
        tabs: tabs(w, "/admin"),
        done: call.page_query().get("done").is_some(),
        organisation: organisation.told(&frame),
        name: first.told(&frame),
        zone: zone_field(w, &state).told(&frame),
        found: found.into_iter().map(|field| field.told(&frame)).collect(),
        mail_is_set: is_set(&mail),
        mail: match &mail {
            MailReach::Failing(said) => w.with("admin-mail-failing", "said", said.as_str()).into(),
            MailReach::NotSet => w.say("admin-mail-none").into_owned(),
            MailReach::Untried => w.say("admin-mail-untried").into_owned(),
            MailReach::Reached => w.say("admin-mail-reached").into_owned(),
        },
        report: format!("{}/report/{}", desk.site().base_url, row.slug),
        steps: steps(call, &row.slug, &state).await?,
        to_do: to_do(call, call.words()).await?,
        frame,
    };
    frame::page(status, &page)
}
