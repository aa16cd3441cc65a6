//! What is still to be set up, for those who manage an installation: what is lacking, each with the
//! line that settles it. First what keeps anybody from being called. Its sentences are said where it
//! is shown, in the reader's language.

use jiff::Timestamp;
use procedure::basis::{Member, Project, Role};
use procedure::project::{Contact, ProjectState, Warning};
use procedure::{PersonId, Text};
use serde::Serialize;

use super::Names;

/// The page where accounts are made.
const ACCOUNTS: &str = "/admin/accounts";

/// Whether mail leaves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum MailReach {
    /// Nobody looked yet.
    #[default]
    Untried,
    /// No mail server is set.
    NotSet,
    /// The mail server answers.
    Reached,
    /// It does not, and what it said.
    Failing(String),
}

impl MailReach {
    /// Whether a report calls somebody, as far as anybody knows.
    #[must_use]
    pub fn calls_somebody(&self) -> bool {
        matches!(self, Self::Untried | Self::Reached)
    }
}

/// How a channel is, by what left through it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChannelReach {
    /// Its route.
    pub route: String,
    /// Whether messages leave by it.
    pub reach: MailReach,
    /// When it last did its work.
    pub last_success: Option<Timestamp>,
    /// When it last did not.
    pub last_failure: Option<Timestamp>,
    /// Since when it does nothing else; it is broken once it failed twice.
    pub failing_since: Option<Timestamp>,
    /// It failed twice and more.
    pub broken: bool,
}

/// How an installation stands.
pub struct Standing<'a> {
    /// Its projects, the first one first.
    pub projects: &'a [&'a ProjectState],
    /// The ids of the people who can sign in: their account is open and has a password.
    pub accounts: &'a [&'a str],
    /// Those who were asked to choose a password and have not yet.
    pub asked: &'a [&'a str],
    /// So many of those who can sign in are admins.
    pub admins: usize,
    /// The link that the server printed at its start still makes the first admin.
    pub set_up_works: bool,
    /// Whether mail leaves.
    pub mail: MailReach,
    /// Where its pages are.
    pub base_url: &'a str,
    /// Where its data lie, if that is known.
    pub data: Option<&'a str>,
    /// A drill: nobody is called by mail who need not be.
    pub drill: bool,
}

/// What is lacking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lack {
    /// Nobody is on a project's contact sheet.
    NobodyOnSheet(String),
    /// Nobody there is a responder.
    NoResponder(String),
    /// No responder there has an address.
    NoResponderMail(String),
    /// Somebody has no address.
    NoMail(String),
    /// A project has one responder.
    OneResponder(String),
    /// Nobody decides for a project.
    NobodyDecides(String),
    /// Somebody decides and has no telephone number.
    DeciderWithoutPhone(String),
    /// No responder of a project can sign in; one of them was asked to choose a password.
    NobodySignsIn(String, Option<String>),
    /// A project has the clock and the holidays that it began with.
    Clock(String),
    /// Nobody has reviewed a project's playbook.
    PlaybookUnread(String),
    /// An edition of a project's playbook waits.
    EditionWaits(u32, String),
    /// A project shows no number to call.
    NoNumber(String),
    /// No mail server is set in this file.
    MailNotSet(String),
    /// The mail server of this file takes nothing, and what it said.
    MailFailing(String, String),
    /// Links lead to this address, which is the machine itself.
    LinksHere(String),
    /// There is no admin, and the first one's link works.
    NoAdminYet,
    /// There is no admin.
    NoAdmin,
    /// There is one admin.
    OneAdmin,
}

/// Something to be set up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct ToDo {
    /// Until it is done, nobody can be called.
    pub blocks_calls: bool,
    /// What is missing, in one or two sentences: said by whoever shows it.
    pub what: String,
    /// The same, not in words.
    #[serde(skip)]
    pub lack: Lack,
    /// The line of a command line that settles it.
    pub command: Option<String>,
    /// The name of the project that it is about, if it is about one.
    #[serde(skip)]
    pub project: Option<String>,
    /// The page that settles it, for whoever reads this on a page.
    #[serde(skip)]
    pub page: Option<String>,
}

/// Everything that is still to be set up, what keeps people from being called first.
#[must_use]
pub fn list(standing: &Standing) -> Vec<ToDo> {
    let mut items = Vec::new();
    let peopled = |project: &&ProjectState| project.project().is_some_and(|p| !p.roster.is_empty());
    let any = standing.projects.iter().any(peopled);
    for (place, project) in standing.projects.iter().enumerate() {
        // The project that every installation begins with may stay empty beside another one.
        if place > 0 || !any || peopled(project) {
            let before = items.len();
            of_project(standing, project, &mut items);
            for item in &mut items[before..] {
                item.project = Some(called(project).to_owned());
            }
        }
    }
    mail(standing, &mut items);
    admins(standing, &mut items);
    items.sort_by_key(|item| !item.blocks_calls);
    items
}

impl ToDo {
    fn blocking(lack: Lack, command: impl Into<String>) -> Self {
        Self {
            blocks_calls: true,
            ..Self::later(lack, command)
        }
    }

    fn later(lack: Lack, command: impl Into<String>) -> Self {
        let command: String = command.into();
        Self {
            blocks_calls: false,
            what: String::new(),
            lack,
            command: (!command.is_empty()).then_some(command),
            project: None,
            page: None,
        }
    }

    /// Is settled on this page too.
    fn on(mut self, page: impl Into<String>) -> Self {
        self.page = Some(page.into());
        self
    }
}

/// ` --project pond`, where it is not the one that is meant anyway.
fn which(project: &ProjectState) -> String {
    match project.slug.as_str() {
        crate::founding::FIRST_PROJECT => String::new(),
        slug => format!(" --project {slug}"),
    }
}

/// What a project is called.
fn called(project: &ProjectState) -> &str {
    let name = project.name.as_ref().and_then(Text::plain);
    name.unwrap_or(&project.slug)
}

/// One project on the list.
struct Of<'a> {
    state: &'a ProjectState,
    facts: Project,
    name: &'a str,
    which: String,
}

fn of_project(standing: &Standing, state: &ProjectState, items: &mut Vec<ToDo>) {
    let Some(facts) = state.project() else {
        return;
    };
    let of = Of {
        name: called(state),
        which: which(state),
        state,
        facts,
    };
    if of.facts.roster.is_empty() {
        let lack = Lack::NobodyOnSheet(of.named());
        items.push(ToDo::blocking(lack, of.somebody_new("jane")).on(of.page("person")));
        return;
    }
    of.called(items);
    let warnings = state.warnings();
    items.extend(warnings.iter().filter_map(|warning| of.unwise(warning)));
    if !standing.drill {
        items.extend(of.signing_in(standing));
    }
    of.papers(items);
}

impl Of<'_> {
    fn named(&self) -> String {
        self.name.to_owned()
    }

    fn responders(&self) -> Vec<&Member> {
        self.facts.with_role(Role::Responder).collect()
    }

    /// A page of the project.
    fn page(&self, end: &str) -> String {
        format!("/projects/{}/{end}", self.state.slug)
    }

    /// The page of somebody's line on the contact sheet.
    fn line_of(&self, person: &PersonId) -> String {
        self.page(&format!("people/{person}"))
    }

    fn somebody_new(&self, id: &str) -> String {
        let which = &self.which;
        format!(
            "henhouse roster add {id} --name \"Their Name\" --mail {id}@example.org --phone \
             \"+1 555 0100\"{which}"
        )
    }

    /// Who can be called, and who only by hand.
    fn called(&self, items: &mut Vec<ToDo>) {
        let which = &self.which;
        let people = &self.state.directory.people;
        let no_mail = |member: &&&Member| {
            !people
                .get(&member.person)
                .is_some_and(Contact::takes_messages)
        };
        let responders = self.responders();
        let lost: Vec<&&Member> = responders.iter().filter(no_mail).collect();
        if responders.is_empty() {
            let first = &self.facts.roster[0];
            let line = changed(first, &["responder"], "", which);
            let lack = Lack::NoResponder(self.named());
            items.push(ToDo::blocking(lack, line).on(self.line_of(&first.person)));
        } else if lost.len() == responders.len() {
            let first = responders[0];
            let line = changed(first, &[], " --mail ADDRESS", which);
            let lack = Lack::NoResponderMail(self.named());
            items.push(ToDo::blocking(lack, line).on(self.line_of(&first.person)));
        } else {
            let names = Names::new(&self.state.directory);
            items.extend(lost.into_iter().map(|member| {
                let lack = Lack::NoMail(names.person(&member.person));
                let line = changed(member, &[], " --mail ADDRESS", which);
                ToDo::later(lack, line).on(self.line_of(&member.person))
            }));
        }
    }

    /// What the project itself warns of, where a line settles it.
    fn unwise(&self, warning: &Warning) -> Option<ToDo> {
        let which = &self.which;
        match warning {
            Warning::OneResponder => {
                let taken = |id: &&str| self.facts.member(&PersonId::from(*id)).is_none();
                let id = ["dave", "jane"].into_iter().find(taken).unwrap_or("sam");
                let lack = Lack::OneResponder(self.named());
                let item = ToDo::later(lack, self.somebody_new(id));
                Some(item.on(self.page("person")))
            }
            Warning::NobodyDecides => {
                let last = self.facts.roster.last()?;
                let lack = Lack::NobodyDecides(self.named());
                let item = ToDo::later(lack, changed(last, &["decider"], "", which));
                Some(item.on(format!("/projects/{}", self.state.slug)))
            }
            Warning::DeciderWithoutPhone(person) => {
                let who = Names::new(&self.state.directory).person(person);
                let line = changed(self.facts.member(person)?, &[], " --phone NUMBER", which);
                let lack = Lack::DeciderWithoutPhone(who);
                Some(ToDo::later(lack, line).on(self.line_of(person)))
            }
            _ => None,
        }
    }

    fn signing_in(&self, standing: &Standing) -> Option<ToDo> {
        let responders = self.responders();
        let known = |member: &&Member| standing.accounts.contains(&&*member.person.0);
        let first = responders.first()?;
        let asked = |member: &&&Member| standing.asked.contains(&&*member.person.0);
        let waits = responders.iter().find(asked);
        (!responders.iter().any(known)).then(|| {
            let who = |member: &Member| Names::new(&self.state.directory).person(&member.person);
            let lack = Lack::NobodySignsIn(self.named(), waits.map(|member| who(member)));
            let who = &waits.unwrap_or(first).person;
            let line = format!("henhouse admin account {who}{}", data(standing));
            let page = match waits {
                Some(waits) => format!("{ACCOUNTS}/{}", waits.person),
                None => ACCOUNTS.to_owned(),
            };
            ToDo::later(lack, line).on(page)
        })
    }

    /// The hours that nobody chose, the playbook's review, and the number for those who cannot send.
    fn papers(&self, items: &mut Vec<ToDo>) {
        let which = &self.which;
        let calendar = &self.facts.calendar;
        if calendar.zone() == "UTC" && calendar.holidays().is_empty() {
            let lack = Lack::Clock(self.named());
            items.push(ToDo::later(lack, "").on(self.page("settings")));
        }
        for edition in self.state.unreviewed() {
            let number = edition.playbook.edition;
            let lack = match edition.founding {
                true => Lack::PlaybookUnread(self.named()),
                false => Lack::EditionWaits(number, self.named()),
            };
            let line = format!("henhouse playbook review {number}{which}");
            let page = self.page(&format!("playbook/editions/{number}"));
            items.push(ToDo::later(lack, line).on(page));
        }
        if self.state.directory.public_numbers.is_empty() {
            let line = format!("henhouse project phone \"+1 555 0100\" --label \"on duty\"{which}");
            let lack = Lack::NoNumber(self.named());
            items.push(ToDo::later(lack, line).on(self.page("lists/numbers")));
        }
    }
}

/// The line that changes somebody's line on the contact sheet; what it does not say stays.
fn changed(member: &Member, more_roles: &[&str], more: &str, which: &str) -> String {
    let mut line = format!("henhouse roster add {}", member.person);
    if !more_roles.is_empty() {
        let word = |role: &Role| serde_json::to_value(role).ok()?.as_str().map(str::to_owned);
        let roles = member.roles.iter().filter_map(word);
        for role in roles.chain(more_roles.iter().map(|role| (*role).to_owned())) {
            line.push_str(&format!(" --role {role}"));
        }
    }
    line.push_str(more);
    line.push_str(which);
    line
}

fn mail(standing: &Standing, items: &mut Vec<ToDo>) {
    if standing.drill {
        return;
    }
    let folder = standing.data.map(|data| format!("{data}/"));
    let file = format!("{}henhouse.toml", folder.unwrap_or_default());
    match &standing.mail {
        MailReach::NotSet => items.push(ToDo::blocking(Lack::MailNotSet(file), "")),
        MailReach::Failing(said) => {
            let lack = Lack::MailFailing(said.clone(), file);
            items.push(ToDo::blocking(lack, ""));
        }
        MailReach::Untried | MailReach::Reached => {}
    }
    let here = ["//127.", "//localhost", "//[::1]", "//0.0.0.0", "//[::]"];
    if standing.mail != MailReach::NotSet
        && here.iter().any(|here| standing.base_url.contains(here))
    {
        let lack = Lack::LinksHere(standing.base_url.to_owned());
        items.push(ToDo::later(lack, ""));
    }
}

fn admins(standing: &Standing, items: &mut Vec<ToDo>) {
    if standing.drill {
        return;
    }
    let line = |who: &str| {
        format!(
            "henhouse admin account {who} --role admin{}",
            data(standing)
        )
    };
    let people = standing
        .projects
        .iter()
        .filter_map(|project| project.project());
    let people: Vec<PersonId> = people
        .flat_map(|project| project.roster.into_iter().map(|member| member.person))
        .collect();
    let without = people
        .iter()
        .find(|person| !standing.accounts.contains(&&*person.0));
    let who = without.map_or("dave", |person| &person.0);
    let lack = match standing.admins {
        0 if standing.set_up_works => Lack::NoAdminYet,
        0 => Lack::NoAdmin,
        1 => Lack::OneAdmin,
        _ => return,
    };
    items.push(ToDo::later(lack, line(who)).on(ACCOUNTS));
}

fn data(standing: &Standing) -> String {
    standing
        .data
        .map_or_else(String::new, |data| format!(" --data {data}"))
}
