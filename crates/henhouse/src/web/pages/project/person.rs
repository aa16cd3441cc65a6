//! `/projects/{slug}/person` and `/people/{person}`: one line of the contact sheet, as a form.

use std::collections::BTreeSet;

use askama::Template;
use procedure::basis::{Member, Role};
use procedure::project::Contact;
use procedure::{PersonId, Text};

use super::Opened;
use super::draft::{Draft, Everybody, mark};
use super::sheet::{ROLES, role_key};
use crate::desk::wrong_contact;
use crate::report::routes;
use crate::web::fields::{Fields, escaped};
use crate::web::pages::frame::{self, Frame};
use crate::web::pages::input::{Input, Look};
use crate::web::registry::Answer;
use crate::web::words::key;
use crate::web::{Call, Problem};

#[derive(Template)]
#[template(path = "sheet_person.html")]
struct PersonPage {
    frame: Frame,
    slug: String,
    heading: String,
    fields: Vec<Input>,
    /// Whose line; empty for somebody new.
    id: String,
    was: String,
}

/// One line of the sheet as it is typed.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Line {
    pub name: String,
    pub mail: String,
    pub phone: String,
    /// By what they are paged, as it is typed.
    pub routes: String,
    pub roles: BTreeSet<Role>,
    pub skills: BTreeSet<String>,
}

impl Line {
    /// As it stands on the sheet.
    pub(super) fn of(opened: &Opened, member: &Member) -> Self {
        let contact = opened.state.directory.people.get(&member.person);
        let plain = |text: Option<&Text>| text.and_then(Text::plain).unwrap_or_default().to_owned();
        Self {
            name: plain(contact.map(|contact| &contact.name)),
            mail: plain(contact.and_then(|contact| contact.mail.as_ref())),
            phone: plain(contact.and_then(|contact| contact.phone.as_ref())),
            routes: routes::in_words(contact.map_or(&[], |contact| &contact.routes)),
            roles: member.roles.clone(),
            skills: member.skills.clone(),
        }
    }

    /// As a form sent it.
    fn sent(fields: &Fields) -> Self {
        let roles = fields.all("roles");
        let skills = frame::typed(fields, "skills");
        let skills = skills
            .split(',')
            .map(str::trim)
            .filter(|skill| !skill.is_empty());
        Self {
            name: frame::typed(fields, "name"),
            mail: frame::typed(fields, "mail"),
            phone: frame::typed(fields, "phone"),
            routes: frame::typed(fields, "routes"),
            roles: ROLES
                .into_iter()
                .filter(|role| roles.iter().any(|word| word == word_of(*role)))
                .collect(),
            skills: skills.map(str::to_owned).collect(),
        }
    }

    /// How the person is reached.
    pub(super) fn contact(&self) -> Contact {
        Contact {
            name: Text::from(self.name.as_str()),
            mail: frame::text(&self.mail),
            phone: frame::text(&self.phone),
            routes: routes::from_words(&self.routes).unwrap_or_default(),
        }
    }

    /// What is wrong with how they would be reached: the field, and what would do.
    pub(super) fn wrong(&self) -> Vec<(&'static str, String)> {
        let mut wrong = wrong_contact(&self.contact());
        let unread = routes::from_words(&self.routes).err();
        wrong.extend(unread.map(|words| ("routes", words)));
        wrong
    }
}

/// The form for somebody new.
pub(super) async fn begin(call: Call) -> Answer {
    let opened = Opened::of(&call).await?;
    let line = Line {
        roles: [Role::Responder].into(),
        ..Line::default()
    };
    let frame = opened.frame(&call, "people-add", "people");
    page(&call, &opened, 200, frame, (&line, None, String::new()))
}

/// Puts somebody new on the sheet, as the last.
pub(super) async fn add(mut call: Call) -> Answer {
    let fields = call.form().await?.without_nul()?;
    let opened = Opened::of(&call).await?;
    let line = Line::sent(&fields);
    let mut draft = Draft::of(&opened);
    let everybody = Everybody::of(&call).await?;
    let taken = |id: &PersonId| draft.directory.people.contains_key(id);
    let person = everybody.id(&line.name, &line.mail, taken);
    put(&mut draft, person.clone(), &line);
    keep(&call, &opened, draft, (&line, None, person, String::new())).await
}

/// The form for one line.
pub(super) async fn show(call: Call) -> Answer {
    let opened = Opened::of(&call).await?;
    let member = member(&call, &opened)?;
    let line = Line::of(&opened, member);
    let was = seen(&opened, &member.person);
    let frame = opened.frame(&call, "people-change", "people");
    page(
        &call,
        &opened,
        200,
        frame,
        (&line, Some(&member.person), was),
    )
}

/// Changes one line.
pub(super) async fn change(mut call: Call) -> Answer {
    let fields = call.form().await?.without_nul()?;
    let opened = Opened::of(&call).await?;
    let person = member(&call, &opened)?.person.clone();
    let (line, now) = (Line::sent(&fields), seen(&opened, &person));
    if fields.get("was").is_some_and(|was| was != now) {
        let theirs = opened
            .facts
            .member(&person)
            .map(|member| Line::of(&opened, member));
        let theirs = theirs.unwrap_or_default();
        let w = call.words();
        let words = w
            .with("people-moved-on", "name", theirs.name)
            .and("mail", theirs.mail)
            .and("phone", theirs.phone);
        let frame = opened
            .frame(&call, "people-change", "people")
            .wrong("", words);
        return page(&call, &opened, 409, frame, (&line, Some(&person), now));
    }
    let mut draft = Draft::of(&opened);
    put(&mut draft, person.clone(), &line);
    keep(&call, &opened, draft, (&line, Some(()), person, now)).await
}

fn member<'a>(call: &Call, opened: &'a Opened) -> Result<&'a Member, Problem> {
    let person = PersonId::from(call.param("person"));
    let member = opened
        .facts
        .roster
        .iter()
        .find(|member| member.person == person);
    member.ok_or_else(|| Problem::not_found("person"))
}

/// The mark of a line as it stands.
fn seen(opened: &Opened, person: &PersonId) -> String {
    let contact = opened.state.directory.people.get(person);
    mark(&(opened.facts.member(person), contact))
}

/// Writes a line into the sheet: somebody new as the last.
pub(super) fn put(draft: &mut Draft, person: PersonId, line: &Line) {
    draft
        .directory
        .people
        .insert(person.clone(), line.contact());
    let roster = &mut draft.project.roster;
    let known = roster.iter_mut().find(|member| member.person == person);
    match known {
        Some(member) => {
            member.roles.clone_from(&line.roles);
            member.skills.clone_from(&line.skills);
        }
        None => roster.push(Member {
            person,
            roles: line.roles.clone(),
            skills: line.skills.clone(),
            has_phone: false,
            has_mail: false,
        }),
    }
}

/// Keeps the sheet and leads back to it; else the form again, everything typed kept.
async fn keep(
    call: &Call,
    opened: &Opened,
    draft: Draft,
    (line, known, person, was): (&Line, Option<()>, PersonId, String),
) -> Answer {
    let title = if known.is_some() {
        "people-change"
    } else {
        "people-add"
    };
    let mut frame = opened.frame(call, title, "people");
    if line.name.is_empty() {
        frame = frame.wrong("name", call.words().say("people-name-missing"));
    }
    for (part, words) in line.wrong() {
        frame = frame.wrong(part, words);
    }
    if line.roles.is_empty() {
        frame = frame.wrong("roles", call.words().say("people-roles-missing"));
    }
    if frame.errors.is_empty() {
        match draft.keep(call, opened).await {
            Ok(_) => {
                let (slug, who) = (opened.slug(), escaped(&person.0));
                let to = format!("/projects/{slug}?done=kept&who={who}#p-{who}");
                return Ok(frame::lead_to(&to));
            }
            Err(problem) if matches!(problem.status, 409 | 422) => {
                frame = frame.wrong("", problem.detail);
            }
            Err(problem) => return Err(problem),
        }
    }
    let known = known.map(|()| &person);
    page(call, opened, 422, frame, (line, known, was))
}

fn page(
    call: &Call,
    opened: &Opened,
    status: u16,
    frame: Frame,
    (line, person, was): (&Line, Option<&PersonId>, String),
) -> Answer {
    let w = call.words();
    let roles = ROLES.into_iter().map(|role| {
        let words = format!("{}: {}", w.say(role_key(role)), w.say(what(role)));
        (word_of(role).to_owned(), words, line.roles.contains(&role))
    });
    let skills = line.skills.iter().cloned().collect::<Vec<_>>().join(", ");
    let known = opened
        .state
        .in_force()
        .map(|edition| edition.playbook.roles.skills.join(", "));
    let skill_hint = w.with("people-skills-hint", "skills", known.unwrap_or_default());
    let fields = [
        Input::line("name", w.say("people-name"), &line.name).needed(),
        Input::line("mail", w.say("people-mail"), &line.mail)
            .hint(w.say("people-mail-hint"))
            .of_kind("email", "off"),
        Input::line("phone", w.say("people-phone"), &line.phone)
            .hint(w.say("people-phone-hint"))
            .of_kind("tel", "off"),
        Input::line("routes", w.say("people-routes"), &line.routes)
            .hint(w.say("people-routes-hint")),
        Input::choice(
            "roles",
            Look::Checks,
            w.say("people-roles"),
            roles.collect(),
        ),
        Input::line("skills", w.say("people-skills"), &skills).hint(skill_hint),
    ];
    let heading = match person {
        Some(_) => line.name.clone(),
        None => w.say("people-add").into_owned(),
    };
    let page = PersonPage {
        slug: opened.slug().to_owned(),
        heading,
        fields: fields.into_iter().map(|field| field.told(&frame)).collect(),
        id: person.map_or_else(String::new, |person| person.0.clone()),
        was,
        frame,
    };
    frame::page(status, &page)
}

/// The word of a role in forms and tables, as the API has it.
pub(super) const fn word_of(role: Role) -> &'static str {
    match role {
        Role::Responder => "responder",
        Role::Decider => "decider",
        Role::ProjectManager => "project_manager",
        Role::ProductOwner => "product_owner",
        Role::Security => "security",
        Role::Communications => "communications",
        Role::Reviewer => "reviewer",
        Role::Observer => "observer",
    }
}

/// The name of the text that says what the role means.
const fn what(role: Role) -> &'static str {
    match role {
        Role::Responder => key("people-what-responder"),
        Role::Decider => key("people-what-decider"),
        Role::ProjectManager => key("people-what-manager"),
        Role::ProductOwner => key("people-what-owner"),
        Role::Security => key("people-what-security"),
        Role::Communications => key("people-what-communications"),
        Role::Reviewer => key("people-what-reviewer"),
        Role::Observer => key("people-what-observer"),
    }
}
