//! `/admin/accounts/{person}/sign-in`: what somebody signs in with beside their password, and taking off what they lost:
//! one passkey, the app, or everything. What each means stands beside its button; it is recorded, and told to its person.

use askama::Template;

use super::account::{account, at};
use super::frame_of;
use crate::auth::factors::{Factors, Recovery};
use crate::desk::{Account, BREAK_GLASS, DeskError, FactorNews, passkey_id};
use crate::web::fields::Fields;
use crate::web::pages::frame::{self, Frame};
use crate::web::registry::Answer;
use crate::web::words::key;
use crate::web::{Call, Problem};

#[derive(Template)]
#[template(path = "admin_factors.html")]
struct FactorsPage {
    frame: Frame,
    name: String,
    /// The page of the account.
    account: String,
    done: Option<&'static str>,
    /// It is one's own: that is done in one's profile, with the password.
    own: bool,
    /// Since when a code of an app is asked for.
    app_since: Option<String>,
    codes_left: usize,
    passkeys: Vec<Row>,
}

struct Row {
    id: String,
    name: String,
    since: String,
    used: Option<String>,
}

/// Shows it.
pub(super) async fn show(call: Call) -> Answer {
    let frame = frame_of(&call, "admin-sign-in").await;
    page(&call, 200, frame).await
}

/// Takes off what was lost.
pub(super) async fn change(mut call: Call) -> Answer {
    let fields = call.form().await?.without_nul()?;
    let account = with_factors(&call).await?;
    let own = call.known()?.person.as_deref() == Some(&*account.person);
    if own {
        let words = call.words().say("admin-own-profile");
        let frame = frame_of(&call, "admin-sign-in").await.wrong("", words);
        return page(&call, 422, frame).await;
    }
    let done = carry_out(&call, &account, &fields).await?;
    Ok(frame::lead_to(&format!(
        "{}/sign-in?done={done}",
        at(&account)
    )))
}

async fn carry_out(
    call: &Call,
    account: &Account,
    fields: &Fields,
) -> Result<&'static str, Problem> {
    let (actor, desk) = (call.known()?.actor(), &call.app.desk);
    let person = account.person.clone();
    if let Some(id) = fields.get("passkey") {
        desk.end_passkey(actor, person, None, id.to_owned()).await?;
        return Ok("passkey");
    }
    match fields.get("act") {
        Some("app") => {
            let off = desk.change_factors(actor, person, None, |factors, _| {
                factors.app.take().ok_or(DeskError::NotFound("app"))?;
                factors.recovery = Recovery::default();
                Ok(FactorNews::AppOff)
            });
            off.await?;
            Ok("app")
        }
        Some("all") => {
            let reset = desk.change_factors(actor, person, None, |factors, _| {
                *factors = Factors::default();
                Ok(FactorNews::Reset)
            });
            reset.await?;
            Ok("all")
        }
        _ => Err(Problem::field("/act", "There is no such button here.")),
    }
}

/// The account in the path, if it is one that can have any: the break-glass account opens with its halves alone.
async fn with_factors(call: &Call) -> Result<Account, Problem> {
    let account = account(call).await?;
    match account.person == BREAK_GLASS {
        true => Err(Problem::not_found("account")),
        false => Ok(account),
    }
}

async fn page(call: &Call, status: u16, frame: Frame) -> Answer {
    let desk = &call.app.desk;
    let account = with_factors(call).await?;
    let factors = desk.factors(account.person.clone()).await?;
    let times = frame::times(call).await;
    let passkeys = desk.passkeys(account.person.clone()).await?.into_iter();
    let passkeys = passkeys.map(|(hash, kept)| Row {
        id: passkey_id(&hash),
        name: kept.name,
        since: times.dated(kept.since),
        used: kept.used.map(|at| times.dated(at)),
    });
    let done = match call.page_query().get("done") {
        Some("passkey") => Some(key("admin-done-passkey")),
        Some("app") => Some(key("admin-done-app")),
        Some("all") => Some(key("admin-done-factors")),
        _ => None,
    };
    let page = FactorsPage {
        own: call.known()?.person.as_deref() == Some(&*account.person),
        account: at(&account),
        app_since: factors.app.as_ref().map(|app| times.dated(app.since)),
        codes_left: factors.recovery.left(),
        passkeys: passkeys.collect(),
        name: account.name,
        done,
        frame,
    };
    frame::page(status, &page)
}
