//! `/admin/accounts/{person}`: one account. What it may do, whether it is open, how its person signs in, and where they are
//! signed in, each ended by a button.

use askama::Template;

use super::accounts::{role, roles};
use super::frame_of;
use crate::auth::Role;
use crate::desk::{Account, AccountChange, BREAK_GLASS, SessionRow, session_id};
use crate::report::device;
use crate::web::fields::{Fields, escaped};
use crate::web::pages::frame::{self, Frame};
use crate::web::pages::input::Input;
use crate::web::registry::Answer;
use crate::web::words::key;
use crate::web::{Call, Problem};

#[derive(Template)]
#[template(path = "admin_account.html")]
struct AccountPage {
    frame: Frame,
    name: String,
    login: String,
    email: Option<String>,
    role: String,
    roles: Input,
    disabled: bool,
    /// It is one's own: nobody locks themselves out.
    own: bool,
    /// It opens with its halves alone.
    glass: bool,
    has_password: bool,
    has_app: bool,
    /// So many passkeys sign them in.
    passkeys: usize,
    since: String,
    done: Option<&'static str>,
    /// What their person opens to choose a password, for whoever hands it over: in a drill without mail.
    link: Option<String>,
    here: String,
    sessions: Vec<(String, String, String)>,
}

/// Shows it.
pub(super) async fn show(call: Call) -> Answer {
    let frame = frame_of(&call, key("admin-account")).await;
    page(&call, 200, frame, None).await
}

/// What came of a button.
enum Done {
    /// It is done; the word in the address says what.
    Said(&'static str),
    /// They are handed this link.
    Handed(String),
}

/// Changes it, or ends sessions.
pub(super) async fn change(mut call: Call) -> Answer {
    let fields = call.form().await?.without_nul()?;
    let account = account(&call).await?;
    let own = call.known()?.person.as_deref() == Some(&*account.person);
    let act = fields.get("act").unwrap_or_default().to_owned();
    if own && matches!(act.as_str(), "role" | "lock") {
        let words = call.words().say("admin-not-oneself");
        let frame = frame_of(&call, key("admin-account"))
            .await
            .wrong("role", words);
        return page(&call, 422, frame, None).await;
    }
    let done = carry_out(&call, &account, &act, &fields).await;
    match done {
        Ok(Done::Said(done)) => Ok(frame::lead_to(&format!("{}?done={done}", at(&account)))),
        Ok(Done::Handed(link)) => {
            let frame = frame_of(&call, key("admin-account")).await;
            page(&call, 200, frame, Some(link)).await
        }
        Err(problem) if matches!(problem.status, 403 | 409 | 422) => {
            let frame = frame_of(&call, key("admin-account")).await;
            page(&call, 422, frame.wrong("", problem.detail), None).await
        }
        Err(problem) => Err(problem),
    }
}

async fn carry_out(
    call: &Call,
    account: &Account,
    act: &str,
    fields: &Fields,
) -> Result<Done, Problem> {
    let (desk, person) = (&call.app.desk, account.person.clone());
    let actor = call.known()?.actor();
    let mut change = AccountChange::default();
    match act {
        "role" => {
            let role = Role::of_word(fields.get("role").unwrap_or_default());
            change.role = Some(role.word().to_owned());
            desk.change_account(actor, person, change).await?;
            Ok(Done::Said("role"))
        }
        "lock" | "open" => {
            change.disabled = Some(act == "lock");
            desk.change_account(actor, person, change).await?;
            Ok(Done::Said(if act == "lock" { "lock" } else { "open" }))
        }
        "ask" => {
            let asking = desk.ask_for_password(actor, person, false).await?;
            Ok(asking.link.map_or(Done::Said("ask"), Done::Handed))
        }
        "end-all" => {
            desk.end_sessions(actor, person, None).await?;
            Ok(Done::Said("ended"))
        }
        _ => {
            let id = fields.get("end").unwrap_or_default().to_owned();
            desk.end_session_of(actor, person, id).await?;
            Ok(Done::Said("ended"))
        }
    }
}

/// Where the page of an account is.
pub(super) fn at(account: &Account) -> String {
    let person = escaped(&account.person).replace('/', "%2F");
    format!("/admin/accounts/{person}")
}

/// The account in the path.
pub(super) async fn account(call: &Call) -> Result<Account, Problem> {
    let account = call
        .app
        .desk
        .account(call.param("person").to_owned())
        .await?;
    account.ok_or_else(|| Problem::not_found("account"))
}

async fn page(call: &Call, status: u16, frame: Frame, link: Option<String>) -> Answer {
    let (w, desk) = (call.words(), &call.app.desk);
    let account = account(call).await?;
    let done = match call.page_query().get("done") {
        Some("role") => Some(key("admin-done-role")),
        Some("lock") => Some(key("admin-done-lock")),
        Some("open") => Some(key("admin-done-open")),
        Some("ask") => Some(key("admin-done-ask")),
        Some("ended") => Some(key("admin-done-ended")),
        _ => None,
    };
    let (times, language) = (frame::times(call).await, w.language());
    let session = |row: SessionRow| {
        let from = match row.address.is_empty() {
            true => String::new(),
            false => format!("{}. ", row.address),
        };
        let seen = format!(
            "{from}{} – {}",
            times.dated(row.created_at),
            times.dated(row.seen_at)
        );
        (
            session_id(&row.hash),
            device::words(&row.device, language),
            seen,
        )
    };
    let sessions = desk.sessions(account.person.clone()).await?;
    let of = Role::of_word(&account.role);
    let glass = account.person == BREAK_GLASS;
    let page = AccountPage {
        own: call.known()?.person.as_deref() == Some(&*account.person),
        has_password: account.password.is_some(),
        has_app: !glass && desk.factors(account.person.clone()).await?.app.is_some(),
        passkeys: desk.passkeys(account.person.clone()).await?.len(),
        here: at(&account),
        link,
        role: role(w, of),
        roles: roles(w, of).told(&frame),
        disabled: account.disabled,
        since: times.dated(account.created_at),
        sessions: sessions.into_iter().map(session).collect(),
        name: account.name,
        login: account.login,
        email: account.email,
        glass,
        done,
        frame,
    };
    frame::page(status, &page)
}
