//! `/admin/accounts`: every account; who on a contact sheet has none is asked in by one button.

use std::collections::BTreeMap;

use askama::Template;

use super::{frame_of, tabs};
use crate::auth::{NewAccount, Role};
use crate::web::fields::escaped;
use crate::web::pages::frame::{self, Frame};
use crate::web::pages::input::{Input, Look};
use crate::web::pages::project::Tabs;
use crate::web::registry::Answer;
use crate::web::words::{Words, key};
use crate::web::{Call, Problem};

#[derive(Template)]
#[template(path = "admin_accounts.html")]
struct AccountsPage {
    frame: Frame,
    tabs: Tabs,
    done: Option<String>,
    accounts: Vec<Row>,
    /// Who is on a contact sheet and has no account: the id, and the name.
    without: Vec<(String, String)>,
    fields: Vec<Input>,
}

struct Row {
    link: String,
    name: String,
    login: String,
    role: String,
    stands: String,
    ended: bool,
}

/// Lists them.
pub(super) async fn show(call: Call) -> Answer {
    let frame = frame_of(&call, "admin-accounts").await;
    page(&call, 200, frame, Default::default()).await
}

/// Makes one, and asks its person to choose a password.
pub(super) async fn make(mut call: Call) -> Answer {
    let fields = call.form().await?.without_nul()?;
    let typed = |name| frame::typed(&fields, name);
    let person = typed("person");
    let (login, name) = match person.is_empty() {
        true => (typed("login"), typed("name")),
        false => (
            person.clone(),
            on_a_sheet(&call)
                .await?
                .remove(&person)
                .unwrap_or(person.clone()),
        ),
    };
    let role = Role::of_word(fields.get("role").unwrap_or("member"));
    let new = NewAccount {
        person: None,
        login: login.clone(),
        name: name.clone(),
        email: Some(typed("email")).filter(|email| !email.is_empty()),
        role,
        password: None,
    };
    let mut frame = frame_of(&call, "admin-accounts").await;
    for (field, words) in new.wrong_fields() {
        frame = frame.wrong(field, words);
    }
    let wrong = new.email.as_deref().and_then(crate::desk::wrong_mail);
    if let Some(words) = wrong {
        frame = frame.wrong("email", words);
    }
    if !frame.errors.is_empty() {
        return page(&call, 422, frame, (login, name)).await;
    }
    let actor = call.known()?.actor();
    let made = call.app.gate.create_account(actor.clone(), new, None).await;
    let account = match made.map_err(Problem::from) {
        Ok(account) => account,
        Err(problem) if matches!(problem.status, 403 | 409 | 422) => {
            return page(
                &call,
                422,
                frame.wrong("login", problem.detail),
                (login, name),
            )
            .await;
        }
        Err(problem) => return Err(problem),
    };
    // Where no mail reaches them, the account is there, and the owner of the data directory hands a link over.
    let asked = call
        .app
        .desk
        .ask_for_password(actor, account.person.clone(), false)
        .await;
    let mailed = asked.is_ok_and(|asking| asking.link.is_none());
    let done = if mailed { "asked" } else { "made" };
    Ok(frame::lead_to(&format!(
        "/admin/accounts?done={done}&who={}",
        escaped(&account.login)
    )))
}

/// Everybody on a contact sheet, by id.
async fn on_a_sheet(call: &Call) -> Result<BTreeMap<String, String>, Problem> {
    let mut people = BTreeMap::new();
    for row in call.app.desk.projects().await? {
        let state = call.app.desk.project_as_it_is(row.journal).await?;
        let Some(project) = state.project() else {
            continue;
        };
        for member in project.roster {
            let name = state.directory.people.get(&member.person);
            let name = name.and_then(|contact| contact.name.plain().map(str::to_owned));
            let id = member.person.0;
            people.entry(id.clone()).or_insert(name.unwrap_or(id));
        }
    }
    Ok(people)
}

/// What an account may do, in words.
pub(super) fn role(w: Words, role: Role) -> String {
    let id = match role {
        Role::Admin => key("admin-role-admin"),
        Role::Member => key("admin-role-member"),
        Role::Observer => key("admin-role-observer"),
    };
    w.say(id).into_owned()
}

/// The roles to choose from.
pub(super) fn roles(w: Words, chosen: Role) -> Input {
    let all = [Role::Member, Role::Observer, Role::Admin];
    let all = all.map(|one| (one.word().to_owned(), role(w, one), one == chosen));
    Input::choice("role", Look::Radios, w.say("admin-role"), all.into())
}

async fn page(call: &Call, status: u16, frame: Frame, (login, name): (String, String)) -> Answer {
    let (w, desk) = (call.words(), &call.app.desk);
    let mut without = on_a_sheet(call).await?;
    let mut accounts = Vec::new();
    for account in desk.accounts().await? {
        without.remove(&account.person);
        let waits = desk.confirmation_of(account.person.clone()).await?;
        let sessions = desk.sessions(account.person.clone()).await?.len();
        let stands = match (account.disabled, waits, account.password.is_some()) {
            (true, ..) => w.say("admin-locked").into_owned(),
            (_, Some(_), _) => w.say("admin-waits").into_owned(),
            (_, None, false) => w.say("admin-no-password").into_owned(),
            _ => w.with("admin-sessions-n", "n", sessions).into(),
        };
        accounts.push(Row {
            link: escaped(&account.person).replace('/', "%2F"),
            role: role(w, Role::of_word(&account.role)),
            ended: account.disabled,
            name: account.name,
            login: account.login,
            stands,
        });
    }
    let query = call.page_query();
    let who = query.get("who").unwrap_or_default();
    let done = match query.get("done") {
        Some("asked") => Some(w.with("admin-done-asked", "who", who).into()),
        Some("made") => Some(w.with("admin-done-made", "who", who).into()),
        _ => None,
    };
    let fields = [
        Input::line("name", w.say("admin-name"), &name).needed(),
        Input::line("login", w.say("admin-login"), &login)
            .hint(w.say("admin-login-hint"))
            .needed(),
        Input::line("email", w.say("admin-email"), "")
            .hint(w.say("admin-email-hint"))
            .of_kind("email", "off"),
        roles(w, Role::Member),
    ];
    let page = AccountsPage {
        tabs: tabs(w, "/admin/accounts"),
        done,
        accounts,
        without: without.into_iter().collect(),
        fields: fields.into_iter().map(|field| field.told(&frame)).collect(),
        frame,
    };
    frame::page(status, &page)
}
