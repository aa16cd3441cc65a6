//! `/projects/{slug}/lists/{part}`: what a project has several of. Each list says what it is for, shows what stands in it,
//! and one form adds to it or changes one of it.

mod people;
mod things;

use askama::Template;

use super::Opened;
use super::draft::{Draft, mark};
use crate::web::fields::{Fields, escaped};
use crate::web::pages::frame::{self, Frame};
use crate::web::pages::input::Input;
use crate::web::registry::Answer;
use crate::web::words::{Language, Words, key};
use crate::web::{Call, Problem};

/// What a project has several of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Who hears of incidents: clients, managers, offices.
    Stakeholders,
    /// Telephone numbers that anybody is shown.
    Numbers,
    /// Who is on call from when until when.
    Duty,
    /// Machines, services, data.
    Assets,
    /// Services of others.
    Dependencies,
    /// Planned work.
    Maintenance,
    /// Where the team talks, where the ticket is.
    Places,
}

/// One line of a list.
pub(super) struct Row {
    /// By which it is changed.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What else there is to say.
    pub said: String,
}

/// What is wrong: the field and the words.
pub(super) type Wrong = Vec<(&'static str, String)>;

#[derive(Template)]
#[template(path = "list_part.html")]
struct PartPage {
    frame: Frame,
    slug: String,
    at: String,
    title: String,
    lead: String,
    rows: Vec<(Row, String)>,
    fields: Vec<Input>,
    /// Which is changed; nothing for a new one.
    id: String,
    was: String,
    may_change: bool,
    done: bool,
}

impl Part {
    pub(super) const ALL: [Self; 7] = [
        Self::Stakeholders,
        Self::Numbers,
        Self::Duty,
        Self::Assets,
        Self::Dependencies,
        Self::Maintenance,
        Self::Places,
    ];

    /// As addresses have it.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Stakeholders => "stakeholders",
            Self::Numbers => "numbers",
            Self::Duty => "duty",
            Self::Assets => "assets",
            Self::Dependencies => "dependencies",
            Self::Maintenance => "maintenance",
            Self::Places => "places",
        }
    }

    /// The name of the text that it is called by.
    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::Stakeholders => key("project-stakeholders"),
            Self::Numbers => key("project-numbers"),
            Self::Duty => key("project-duty"),
            Self::Assets => key("project-assets"),
            Self::Dependencies => key("project-dependencies"),
            Self::Maintenance => key("project-maintenance"),
            Self::Places => key("project-places"),
        }
    }

    const fn lead(self) -> &'static str {
        match self {
            Self::Stakeholders => key("project-stakeholders-lead"),
            Self::Numbers => key("project-numbers-lead"),
            Self::Duty => key("project-duty-lead"),
            Self::Assets => key("project-assets-lead"),
            Self::Dependencies => key("project-dependencies-lead"),
            Self::Maintenance => key("project-maintenance-lead"),
            Self::Places => key("project-places-lead"),
        }
    }

    /// What stands in it.
    pub(super) fn rows(self, w: Words, opened: &Opened) -> Vec<Row> {
        match self {
            Self::Stakeholders => people::stakeholders(w, opened),
            Self::Numbers => people::numbers(opened),
            Self::Duty => people::duty(w, opened),
            Self::Assets => things::assets(w, opened),
            Self::Dependencies => things::dependencies(opened),
            Self::Maintenance => things::maintenance(w, opened),
            Self::Places => things::places(opened),
        }
    }

    /// One of them as its form would send it.
    fn filled(self, opened: &Opened, id: &str, language: Language) -> Option<Fields> {
        match self {
            Self::Stakeholders => people::filled_stakeholder(opened, id),
            Self::Numbers => people::filled_number(opened, id),
            Self::Duty => people::filled_duty(opened, id, language),
            Self::Assets => things::filled_asset(opened, id),
            Self::Dependencies => things::filled_dependency(opened, id),
            Self::Maintenance => things::filled_window(opened, id, language),
            Self::Places => things::filled_place(opened, id),
        }
    }

    fn fields(self, w: Words, opened: &Opened, with: &Fields) -> Vec<Input> {
        match self {
            Self::Stakeholders => people::stakeholder_fields(w, with),
            Self::Numbers => people::number_fields(w, with),
            Self::Duty => people::duty_fields(w, opened, with),
            Self::Assets => things::asset_fields(w, opened, with),
            Self::Dependencies => things::dependency_fields(w, with),
            Self::Maintenance => things::window_fields(w, opened, with),
            Self::Places => things::place_fields(w, with),
        }
    }

    /// Writes what a form says into the project, as a new one or in the place of `id`.
    fn put(self, asked: &Asked, draft: &mut Draft, id: Option<&str>) -> Wrong {
        match self {
            Self::Stakeholders => people::put_stakeholder(asked, draft, id),
            Self::Numbers => people::put_number(asked, draft, id),
            Self::Duty => people::put_duty(asked, draft, id),
            Self::Assets => things::put_asset(asked, draft, id),
            Self::Dependencies => things::put_dependency(asked, draft, id),
            Self::Maintenance => things::put_window(asked, draft, id),
            Self::Places => things::put_place(asked, draft, id),
        }
    }

    /// Takes one off. What old cases name stays in the directory.
    fn remove(self, draft: &mut Draft, id: &str) {
        let project = &mut draft.project;
        match self {
            Self::Stakeholders => project.stakeholders.retain(|one| one.id.0 != id),
            Self::Numbers => people::remove_number(draft, id),
            Self::Duty => people::remove_duty(draft, id),
            Self::Assets => things::remove_asset(draft, id),
            Self::Dependencies => project.dependencies.retain(|one| one.0 != id),
            Self::Maintenance => project.maintenance.retain(|one| one.id.0 != id),
            Self::Places => project.places.retain(|one| one != id),
        }
    }
}

/// What a form was asked with.
pub(super) struct Asked<'a> {
    pub w: Words,
    pub opened: &'a Opened,
    pub sent: &'a Fields,
    pub now: jiff::Timestamp,
}

impl Asked<'_> {
    pub(super) fn typed(&self, name: &str) -> String {
        frame::typed(self.sent, name)
    }

    pub(super) fn ticked(&self, name: &str) -> bool {
        self.sent.get(name).is_some()
    }

    /// What must be there, and what is said where it is not.
    pub(super) fn needed(&self, name: &'static str, wrong: &mut Wrong) -> String {
        let typed = self.typed(name);
        if typed.is_empty() {
            wrong.push((name, self.w.say("project-needed").into_owned()));
        }
        typed
    }
}

/// Shows a list, and the form for one of it.
pub(super) async fn show(call: Call) -> Answer {
    let opened = Opened::of(&call).await?;
    let part = part(&call)?;
    let frame = opened.frame(&call, part.title(), "project");
    let id = call.page_query().get("id").unwrap_or_default().to_owned();
    let filled = part.filled(&opened, &id, call.words().language());
    let id = if filled.is_some() { id } else { String::new() };
    page(
        &call,
        &opened,
        200,
        frame,
        (part, &id, filled.unwrap_or_default()),
    )
}

/// Adds to a list, changes one of it, or takes one off.
pub(super) async fn change(mut call: Call) -> Answer {
    let fields = call.form().await?.without_nul()?;
    let opened = Opened::of(&call).await?;
    let (part, w) = (part(&call)?, call.words());
    let id = fields.get("id").unwrap_or_default().to_owned();
    let mut frame = opened.frame(&call, part.title(), "project");
    if fields
        .get("was")
        .is_some_and(|was| was != seen(part, &opened, &id))
    {
        frame = frame.wrong("", w.say("project-moved-on"));
        return page(&call, &opened, 409, frame, (part, &id, fields));
    }
    let mut draft = Draft::of(&opened);
    if fields.get("act") == Some("off") {
        part.remove(&mut draft, &id);
    } else {
        let now = call.app.desk.now();
        let asked = Asked {
            w,
            opened: &opened,
            sent: &fields,
            now,
        };
        let known = Some(id.as_str()).filter(|id| !id.is_empty());
        for (field, words) in part.put(&asked, &mut draft, known) {
            frame = frame.wrong(field, words);
        }
    }
    if frame.errors.is_empty() {
        match draft.keep(&call, &opened).await {
            Ok(_) => {
                let to = format!("/projects/{}/lists/{}?done=1", opened.slug(), part.word());
                return Ok(frame::lead_to(&to));
            }
            Err(problem) if matches!(problem.status, 409 | 422) => {
                frame = frame.wrong("", problem.detail);
            }
            Err(problem) => return Err(problem),
        }
    }
    page(&call, &opened, 422, frame, (part, &id, fields))
}

fn part(call: &Call) -> Result<Part, Problem> {
    let mut all = Part::ALL.into_iter();
    let part = all.find(|part| part.word() == call.param("part"));
    part.ok_or_else(|| Problem::not_found("list"))
}

/// The mark of one of a list, as it was shown.
fn seen(part: Part, opened: &Opened, id: &str) -> String {
    let filled = part.filled(opened, id, Language::default());
    mark(&filled.map(|fields| fields.with("", "")))
}

fn page(
    call: &Call,
    opened: &Opened,
    status: u16,
    frame: Frame,
    (part, id, with): (Part, &str, Fields),
) -> Answer {
    let w = call.words();
    let linked = |row: Row| {
        let link = escaped(&row.id).replace('/', "%2F");
        (row, link)
    };
    let fields = part.fields(w, opened, &with).into_iter();
    let page = PartPage {
        slug: opened.slug().to_owned(),
        at: format!("/projects/{}/lists/{}", opened.slug(), part.word()),
        title: w.say(part.title()).into_owned(),
        lead: w.say(part.lead()).into_owned(),
        rows: part.rows(w, opened).into_iter().map(linked).collect(),
        fields: fields.map(|field| field.told(&frame)).collect(),
        was: seen(part, opened, id),
        id: id.to_owned(),
        may_change: opened.may_change,
        done: call.page_query().get("done").is_some(),
        frame,
    };
    frame::page(status, &page)
}
