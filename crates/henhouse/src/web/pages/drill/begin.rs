//! `/drill`: the canned drills, each begun by one button; in a drill installation its clock and its open cases.

use askama::Template;

use super::{Canned, Dial, conductor, move_clock};
use crate::desk::{CaseFilter, OpenReport};
use crate::report::drills;
use crate::web::pages::admin;
use crate::web::pages::frame::{self, Frame};
use crate::web::pages::input::{Input, Look};
use crate::web::pages::project::Tabs;
use crate::web::registry::Answer;
use crate::web::{Call, Problem};

/// So many open cases are listed.
const OPEN: u32 = 20;

#[derive(Template)]
#[template(path = "drill.html")]
struct DrillPage {
    frame: Frame,
    tabs: Tabs,
    /// The whole installation is a drill.
    apart: bool,
    /// Drills write to people outside the team too.
    outside: bool,
    dial: Option<Dial>,
    canned: Vec<Canned>,
    /// To whom it is reported, where there are several projects.
    projects: Option<Input>,
    /// Drills that are under way: the number, and what it is called.
    open: Vec<(String, String)>,
}

/// Shows it.
pub(super) async fn show(call: Call) -> Answer {
    let frame = frame_of(&call).await;
    page(&call, 200, frame).await
}

/// Begins a drill, or moves the clock.
pub(super) async fn act(mut call: Call) -> Answer {
    let fields = call.form().await?.without_nul()?;
    if let Some(button) = fields.get("clock") {
        if call.app.desk.site().drill && move_clock(&call, button).await? {
            return Ok(frame::lead_to("/drill#clock"));
        }
        return Err(no_such());
    }
    let wanted = fields.get("begin").unwrap_or_default();
    let drill = drills::all().into_iter().find(|drill| drill.id == wanted);
    let drill = drill.ok_or_else(no_such)?;
    let project = fields.get("project").filter(|slug| !slug.is_empty());
    let open = OpenReport {
        mailed: None,
        actor: conductor(&call)?,
        project: project.map(str::to_owned),
        report: drill.report(),
        happened_at: None,
        once: frame::once(&fields).map(|key| call.one_use(key)),
    };
    let opened = call.app.desk.open_report(open).await?;
    Ok(frame::lead_to(&format!("/cases/{}/drill", opened.number)))
}

fn no_such() -> Problem {
    Problem::field("/begin", "There is no such button here.")
}

async fn frame_of(call: &Call) -> Frame {
    let frame = Frame::new(call, call.words().say("drill-title"));
    let frame = frame.counting_once(call).at("/admin").worded("drill");
    frame.with_lines(&call.app.desk).await
}

async fn page(call: &Call, status: u16, frame: Frame) -> Answer {
    let (w, desk) = (call.words(), &call.app.desk);
    let apart = desk.site().drill;
    let first = desk.find_project(None).await?;
    let state = desk.project_as_it_is(first.journal).await?;
    let zone = state
        .project()
        .map(|project| project.calendar.rules().clone());
    let times = w.times(zone.unwrap_or(jiff::tz::TimeZone::UTC), desk.now());
    let mut projects = desk.projects().await?;
    projects.retain(|row| !row.archived);
    let choice = projects.iter().map(|row| {
        let chosen = row.slug == first.slug;
        (row.slug.clone(), row.name.clone(), chosen)
    });
    let choice = Input::choice(
        "project",
        Look::Select,
        w.say("drill-project"),
        choice.collect(),
    );
    let page = DrillPage {
        tabs: admin::tabs(w, "/drill"),
        dial: Dial::of(call, &times).await?,
        canned: drills::all().into_iter().map(Canned::from).collect(),
        projects: (projects.len() > 1).then_some(choice),
        open: under_way(call).await?,
        outside: desk.do_drills_write_outside(),
        apart,
        frame,
    };
    frame::page(status, &page)
}

/// In a drill installation every open case is one; among real cases the way leads over the case.
async fn under_way(call: &Call) -> Result<Vec<(String, String)>, Problem> {
    if !call.app.desk.site().drill {
        return Ok(Vec::new());
    }
    let filter = CaseFilter {
        open: Some(true),
        ..CaseFilter::default()
    };
    let onlooker = call.onlooker()?;
    let found = call.app.desk.list(&onlooker, filter, None, OPEN).await?;
    let mut open = Vec::new();
    for row in found.rows {
        let Ok(view) = call.app.desk.case(&onlooker, &row.number).await else {
            continue;
        };
        let title = crate::report::title(&view.case).unwrap_or_default();
        open.push((row.number.to_string(), title));
    }
    Ok(open)
}
