//! `/projects`: the projects that one may see, and of each its contact sheet, how it is set up, and its playbook. Whoever
//! stands on the sheet reads; admins change. Everything is done by forms, through the same command as the API's.

mod alert_list;
mod alert_routes;
mod alert_rules;
mod card;
mod columns;
mod csv;
mod draft;
mod list;
mod on_call;
mod parts;
mod paste;
mod person;
mod playbook;
mod poster;
mod settings;
mod shadow;
mod sheet;
mod sources;

pub(super) use draft::Draft;

use std::sync::Arc;

use axum::http::Method;
use jiff::Timestamp;
use procedure::Text;
use procedure::basis::Project;
use procedure::project::{AlertSource, ProjectState, Shadow};

use super::frame::Frame;
use crate::desk::JournalId;
use crate::report::Times;
use crate::report::people::public_lines;
use crate::web::api::projects;
use crate::web::registry::Permission::{Admin, Myself, SignedIn};
use crate::web::registry::Route;
use crate::web::words::{Words, key};
use crate::web::{Call, Problem};

const GET: Method = Method::GET;
const POST: Method = Method::POST;
const SEE_OTHER: u16 = 303;

/// The pages of projects.
#[rustfmt::skip]
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::page(GET, "/projects", "projects_page", SignedIn, "The projects that one may see.", list::show),
        Route::page(GET, "/projects/{slug}", "sheet_page", SignedIn, "The contact sheet of a project: who is called, in which order, how, and what is missing.", sheet::show),
        Route::page(POST, "/projects/{slug}", "sheet_form", Admin, "Moves somebody up or down the contact sheet, or takes them off it.", sheet::change)
            .answers(SEE_OTHER),
        Route::page(POST, "/projects/{slug}/test", "sheet_test_form", Myself, "Sends a message to oneself.", sheet::test)
            .answers(SEE_OTHER),
        Route::page(GET, "/projects/{slug}/person", "sheet_new_page", Admin, "The form to put somebody on the contact sheet.", person::begin),
        Route::page(POST, "/projects/{slug}/person", "sheet_new_form", Admin, "Puts somebody on the contact sheet.", person::add)
            .answers(SEE_OTHER),
        Route::page(GET, "/projects/{slug}/people/{person}", "sheet_person_page", Admin, "The form to change somebody's line on the contact sheet.", person::show),
        Route::page(POST, "/projects/{slug}/people/{person}", "sheet_person_form", Admin, "Changes somebody's line on the contact sheet.", person::change)
            .answers(SEE_OTHER),
        Route::page(GET, "/projects/{slug}/paste", "sheet_paste_page", Admin, "The form to paste a contact sheet as a table.", paste::show),
        Route::page(POST, "/projects/{slug}/paste", "sheet_paste_form", Admin, "Checks the table line by line, or takes its people in.", paste::check),
        Route::page(GET, "/projects/{slug}/settings", "settings_page", SignedIn, "How a project is set up, and what each part of it means.", settings::show),
        Route::page(POST, "/projects/{slug}/settings", "settings_form", Admin, "Changes one part of how a project is set up.", settings::change)
            .answers(SEE_OTHER),
        Route::page(GET, "/projects/{slug}/on-call", "on_call_page", SignedIn, "Who is on call now in every schedule, gaps, and swaps that wait.", on_call::show),
        Route::page(POST, "/projects/{slug}/on-call", "on_call_form", SignedIn, "Takes a schedule over, answers a swap, or makes a schedule.", on_call::change)
            .answers(SEE_OTHER),
        Route::page(GET, "/projects/{slug}/on-call/{schedule}", "schedule_page", SignedIn, "One schedule: who is on call and why, two weeks of it, who stands in.", on_call::show_one),
        Route::page(POST, "/projects/{slug}/on-call/{schedule}", "schedule_form", SignedIn, "Takes a schedule over, lets somebody stand in, offers a swap, or sets a rotation.", on_call::change_one)
            .answers(SEE_OTHER),
        Route::page(GET, "/projects/{slug}/sources", "sources_page", Admin, "The programs that may send alerts to a project.", sources::show),
        Route::page(POST, "/projects/{slug}/sources", "sources_form", Admin, "Adds an alert source and shows its key once, or withdraws one.", sources::change),
        Route::page(GET, "/projects/{slug}/shadow", "shadow_page", SignedIn, "The sources that call nobody for a while, whom Henhouse would have called, and whom the other pager called.", shadow::show),
        Route::page(POST, "/projects/{slug}/shadow", "shadow_form", Admin, "Lets a source call nobody until a day, or call people again.", shadow::change)
            .answers(SEE_OTHER),
        Route::page(GET, "/projects/{slug}/alert-rules", "alert_rules_page", Admin, "What becomes of a project's alerts, what was held back, and what would become of one.", alert_rules::show),
        Route::page(POST, "/projects/{slug}/alert-rules", "alert_rules_form", Admin, "Adds an alert rule, takes one off, moves one up, or tries an alert.", alert_rules::change),
        Route::page(GET, "/projects/{slug}/alert-routes", "alert_routes_page", Admin, "Whom the events of a project's alerts call first.", alert_routes::show),
        Route::page(POST, "/projects/{slug}/alert-routes", "alert_routes_form", Admin, "Adds an alert route, takes one off, or moves one up.", alert_routes::change)
            .answers(SEE_OTHER),
        Route::page(GET, "/projects/{slug}/lists/{part}", "list_part_page", SignedIn, "What a project has several of: stakeholders, numbers, assets and the like.", parts::show),
        Route::page(POST, "/projects/{slug}/lists/{part}", "list_part_form", Admin, "Adds to such a list, changes one of it, or takes one off.", parts::change)
            .answers(SEE_OTHER),
        Route::page(GET, "/projects/{slug}/playbook", "playbook_page", SignedIn, "The procedure that new cases follow, every edition of it, and what the check finds.", playbook::show),
        Route::page(GET, "/projects/{slug}/playbook/compare", "playbook_compare_page", SignedIn, "The difference between two editions, value by value.", playbook::compare),
        Route::page(GET, "/projects/{slug}/playbook/propose", "playbook_propose_page", SignedIn, "The form to propose another edition.", playbook::propose::show),
        Route::page(POST, "/projects/{slug}/playbook/propose", "playbook_propose_form", SignedIn, "Proposes another edition.", playbook::propose::send)
            .answers(SEE_OTHER),
        Route::page(GET, "/projects/{slug}/playbook/editions/{edition}", "playbook_edition_page", SignedIn, "One edition as a document, and its review.", playbook::edition::show),
        Route::page(POST, "/projects/{slug}/playbook/editions/{edition}", "playbook_review_form", SignedIn, "Accepts an edition, or turns it down.", playbook::edition::review)
            .answers(SEE_OTHER),
        Route::page(GET, "/projects/{slug}/card", "card_page", SignedIn, "A card for the wallet: whom to call, in which order, and what not to do.", card::show),
        Route::page(GET, "/projects/{slug}/poster", "poster_page", SignedIn, "A poster with the address of the form for reports, also as a picture that telephones read.", poster::show),
    ]
}

/// A project that is looked at.
pub(super) struct Opened {
    pub id: JournalId,
    pub state: Arc<ProjectState>,
    pub facts: Project,
    /// Whoever looks may change it.
    pub may_change: bool,
    /// When it is looked at.
    now: Timestamp,
}

impl Opened {
    /// The project in the path, for whoever may see it.
    pub(super) async fn of(call: &Call) -> Result<Self, Problem> {
        let (id, state) = projects::project(call).await?;
        let facts = state.project();
        let known = call.known()?;
        Ok(Self {
            id,
            facts: facts.ok_or_else(|| Problem::not_found("project"))?,
            may_change: known.is_admin() && known.may_write(),
            now: call.app.desk.now(),
            state,
        })
    }

    pub(super) fn slug(&self) -> &str {
        &self.state.slug
    }

    /// What people call it.
    pub(super) fn name(&self) -> &str {
        let name = self.state.name.as_ref().and_then(Text::plain);
        name.unwrap_or(&self.state.slug)
    }

    /// What stands around its pages, titled by this text.
    pub(super) fn frame(&self, call: &Call, title: &str, area: &str) -> Frame {
        let title = format!("{}: {}", call.words().say(title), self.name());
        let mut frame = Frame::new(call, title).at("/projects").worded(area);
        if let Some(edition) = self.state.in_force() {
            frame.lines = public_lines(&self.state.directory, &edition.playbook);
        }
        frame
    }

    /// Which sources call nobody, and until when.
    fn bands(&self, words: Words) -> Vec<String> {
        let times = words.times(self.facts.calendar.rules().clone(), self.now);
        bands(&self.state, words, &times)
    }

    /// Times in the project's zone, in the reader's language.
    pub(super) fn times(&self, call: &Call) -> Times {
        let zone = self.facts.calendar.rules().clone();
        call.words().times(zone, call.app.desk.now())
    }

    /// The pages of the project, for those who may see each.
    pub(super) fn tabs(&self, words: Words, here: &'static str) -> Tabs {
        let used = self.state.sources.values().any(|one| one.shadow.is_some());
        let opens = |(end, _): &(&str, _)| match *end {
            "/sources" | "/alert-rules" | "/alert-routes" => self.may_change,
            "/shadow" => self.may_change || used,
            _ => true,
        };
        let tab = |(end, label): (&'static str, &str)| {
            let path = format!("/projects/{}{end}", self.slug());
            (path, words.say(label).into_owned(), end == here)
        };
        let of_alerts = [
            ("/sources", key("project-sources")),
            ("/alert-rules", key("project-alert-rules")),
            ("/alert-routes", key("project-alert-routes")),
            ("/shadow", key("project-shadow")),
        ];
        let of_alerts: Vec<_> = of_alerts.into_iter().filter(opens).collect();
        let are_here = of_alerts.iter().any(|(end, _)| *end == here);
        let mut all = vec![
            ("", key("frame-people")),
            ("/settings", key("project-settings")),
            ("/on-call", key("oncall-title")),
            ("/playbook", key("playbook-title")),
        ];
        if let Some((first, _)) = of_alerts.first() {
            all.insert(3, (*first, key("project-alerts")));
        }
        let mut all: Vec<_> = all.into_iter().map(tab).collect();
        if are_here && let Some((_, _, alerts)) = all.get_mut(3) {
            *alerts = true;
        }
        let of_alerts = of_alerts.into_iter().filter(|_| are_here);
        Tabs {
            all,
            below: of_alerts.map(tab).collect(),
            bands: self.bands(words),
        }
    }
}

fn bands(state: &ProjectState, words: Words, times: &Times) -> Vec<String> {
    let band = |(source, shadow): (&AlertSource, &Shadow)| {
        let until = times.at(shadow.until);
        words
            .with("project-shadow-band", "source", source.name.as_str())
            .and("until", until)
            .to_string()
    };
    state.in_shadow(times.now()).map(band).collect()
}

/// Which sources of the projects that one may see call nobody, and until when: the project's short name, and the words.
pub(super) async fn in_shadow(call: &Call) -> Result<Vec<(String, String)>, Problem> {
    let desk = &call.app.desk;
    let mut all = Vec::new();
    for row in desk.projects().await? {
        let state = desk.project_as_it_is(row.journal).await?;
        if let Some(facts) = state.project()
            && projects::may_see(call, &state)?
        {
            let zone = facts.calendar.rules().clone();
            let times = call.words().times(zone, desk.now());
            let bands = bands(&state, call.words(), &times).into_iter();
            all.extend(bands.map(|band| (state.slug.clone(), band)));
        }
    }
    Ok(all)
}

/// Links between the pages of one thing: where to, the words, whether one is there. Drawn by `tabs.html`.
#[derive(Clone, Debug, Default)]
pub(super) struct Tabs {
    /// The pages.
    pub all: Vec<(String, String, bool)>,
    /// The pages that belong to the one that is open.
    pub below: Vec<(String, String, bool)>,
    /// What everybody has to see first.
    pub bands: Vec<String>,
}

#[cfg(test)]
mod tests;
