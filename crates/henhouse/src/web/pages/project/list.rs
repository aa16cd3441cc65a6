//! `/projects`: the projects that one may see. Whoever sees one alone is led to it.

use askama::Template;

use crate::web::Call;
use crate::web::api::projects::may_see;
use crate::web::pages::frame::{self, Frame};
use crate::web::registry::Answer;

#[derive(Template)]
#[template(path = "projects.html")]
struct ProjectsPage {
    frame: Frame,
    projects: Vec<Row>,
}

struct Row {
    slug: String,
    name: String,
    numbers: String,
    people: usize,
}

/// Lists them.
pub(super) async fn show(call: Call) -> Answer {
    let desk = &call.app.desk;
    let mut projects = Vec::new();
    for row in desk.projects().await? {
        let state = desk.project_as_it_is(row.journal).await?;
        if may_see(&call, &state)? {
            projects.push(Row {
                numbers: format!("{}-1", row.prefix),
                slug: row.slug,
                name: row.name,
                people: state.project().map_or(0, |project| project.roster.len()),
            });
        }
    }
    if let [only] = projects.as_slice() {
        return Ok(frame::lead_to(&format!("/projects/{}", only.slug)));
    }
    let frame = Frame::new(&call, call.words().say("people-projects"));
    let page = ProjectsPage {
        frame: frame
            .at("/projects")
            .worded("people")
            .with_lines(desk)
            .await,
        projects,
    };
    frame::page(200, &page)
}
