//! `/me/sign-in`: passkeys, the password, the app for codes and the recovery codes. Each change asks for the password again
//! (passkeys not where somebody has just signed in); nothing here needs a script but the device that makes a passkey.

use askama::Template;

use super::{frame_of, going_on, person};
use crate::auth::passkeys::Kept;
use crate::auth::second::Changed;
use crate::desk::passkey_id;
use crate::report::qr::Qr;
use crate::web::api::factors::{app_link, login};
use crate::web::fields::Fields;
use crate::web::pages::frame::{self, Frame};
use crate::web::registry::Answer;
use crate::web::words::key;
use crate::web::{Call, Problem};

#[derive(Template)]
#[template(path = "me_sign_in.html")]
struct SecurePage {
    frame: Frame,
    login: String,
    /// Since when a code of an app is asked for.
    app_since: Option<String>,
    codes_left: usize,
    passkeys: Vec<Row>,
    /// Browsers take passkeys for this address.
    can: bool,
    /// Whoever this is has just signed in, so that passkeys ask for no password.
    fresh: bool,
    done: Option<&'static str>,
}

struct Row {
    id: String,
    name: String,
    since: String,
    used: Option<String>,
}

#[derive(Template)]
#[template(path = "me_app.html")]
struct AppPage {
    frame: Frame,
    login: String,
    token: String,
    secret: String,
    qr: Option<Qr>,
}

#[derive(Template)]
#[template(path = "me_codes.html")]
struct CodesPage {
    frame: Frame,
    codes: Vec<String>,
}

/// Shows it.
pub(in crate::web::pages) async fn show(call: Call) -> Answer {
    let done = match call.page_query().get("done") {
        Some("password") => Some(key("me-done-password")),
        Some("app-off") => Some(key("me-done-app-off")),
        Some("passkey") => Some(key("me-done-passkey")),
        Some("passkey-off") => Some(key("me-done-passkey-off")),
        _ => None,
    };
    page(&call, 200, frame_of(&call, "me-sign-in"), done).await
}

/// Does what one of the forms asks for.
pub(in crate::web::pages) async fn change(mut call: Call) -> Answer {
    let fields = call.form().await?.without_nul()?;
    let act = fields.get("act").unwrap_or_default().to_owned();
    match carry_out(&call, &act, &fields).await {
        Err(problem) if problem.status == 422 || problem.status == 429 => {
            let field = match problem.field.as_deref() {
                Some("/new_password" | "new_password") => "new_password",
                Some("/code" | "code") => return wrong_code(&call, &fields, problem).await,
                _ => password_field(&act),
            };
            let frame = frame_of(&call, "me-sign-in").wrong(field, problem.detail);
            page(&call, problem.status, frame, None).await
        }
        answer => answer,
    }
}

async fn carry_out(call: &Call, act: &str, fields: &Fields) -> Answer {
    let (gate, known) = (&call.app.gate, call.known()?);
    if act == "confirm" {
        let (token, code) = (fields.get("token"), fields.get("code"));
        let (token, code) = (token.unwrap_or_default(), code.unwrap_or_default());
        return codes(call, gate.confirm_app(known, token, code).await?);
    }
    let password = fields.get("password").unwrap_or_default();
    if act == "passkey-off" {
        gate.prove_again_or_lately(known, password, &call.from())
            .await?;
        let id = fields.get("id").unwrap_or_default();
        let session = gate.end_passkey(known, id).await?;
        let response = frame::lead_to("/me/sign-in?done=passkey-off");
        return Ok(going_on(call, response, &session));
    }
    gate.prove_again(known, password, &call.from()).await?;
    match act {
        "password" => {
            let new = fields.get("new_password").unwrap_or_default();
            let (session, _) = gate.change_own_password(known, new).await?;
            let response = frame::lead_to("/me/sign-in?done=password");
            Ok(going_on(call, response, &session))
        }
        "app" => {
            let new = gate.new_app(known).await?;
            app(
                call,
                200,
                frame_of(call, "me-app-on"),
                new.token,
                new.secret,
            )
            .await
        }
        "app-off" => {
            let changed = gate.remove_app(known).await?;
            let response = frame::lead_to("/me/sign-in?done=app-off");
            Ok(going_on(call, response, &changed.session))
        }
        "codes" => codes(call, gate.new_recovery_codes(known).await?),
        _ => Err(Problem::field(
            "/act",
            "There is no such form on this page.",
        )),
    }
}

/// The page with the picture again, where the code was wrong; where it took too long, the one before.
async fn wrong_code(call: &Call, fields: &Fields, problem: Problem) -> Answer {
    let token = fields.get("token").unwrap_or_default().to_owned();
    let known = call.known()?;
    let secret = call.app.gate.app_being_put_on(known, &token).await?;
    let Some(secret) = secret else {
        let frame = frame_of(call, "me-sign-in").wrong(password_field("app"), problem.detail);
        return page(call, 422, frame, None).await;
    };
    let frame = frame_of(call, "me-app-on").wrong("code", problem.detail);
    app(call, 422, frame, token, secret).await
}

async fn app(call: &Call, status: u16, frame: Frame, token: String, secret: String) -> Answer {
    let login = login(call).await?;
    let page = AppPage {
        frame,
        qr: Qr::of(&app_link(&login, &secret)),
        login,
        token,
        secret: in_fours(&secret),
    };
    frame::page(status, &page)
}

/// The recovery codes, which are shown this once.
fn codes(call: &Call, changed: Changed) -> Answer {
    let mut known = call.known()?.clone();
    if let crate::auth::Proof::Session { form_token, .. } = &mut known.proof {
        *form_token = crate::auth::secret::form_token(&changed.session);
    }
    let title = call.words().say("me-codes");
    let frame = Frame::around(&call.app, Some(&known), call.reader(), title);
    let page = CodesPage {
        frame: frame.at("/me").worded("me"),
        codes: changed.codes,
    };
    let response = frame::page(200, &page)?;
    Ok(going_on(call, response, &changed.session))
}

async fn page(call: &Call, status: u16, frame: Frame, done: Option<&'static str>) -> Answer {
    let desk = &call.app.desk;
    let (gate, person) = (&call.app.gate, person(call)?);
    let factors = desk.factors(person.clone()).await?;
    let times = frame::times(call).await;
    let row = |(hash, kept): ([u8; 32], Kept)| Row {
        id: passkey_id(&hash),
        name: kept.name,
        since: times.dated(kept.since),
        used: kept.used.map(|at| times.dated(at)),
    };
    let page = SecurePage {
        passkeys: desk.passkeys(person).await?.into_iter().map(row).collect(),
        can: gate.party().is_some(),
        fresh: gate.is_fresh(call.known()?).await?,
        frame: frame.with_lines(desk).await,
        login: login(call).await?,
        app_since: factors.app.as_ref().map(|app| times.dated(app.since)),
        codes_left: factors.recovery.left(),
        done,
    };
    frame::page(status, &page)
}

/// The field of the password in one of the forms.
fn password_field(act: &str) -> &'static str {
    match act {
        "app" => "app-password",
        "app-off" => "app-off-password",
        "codes" => "codes-password",
        "passkey-off" => "passkey-off-password",
        _ => "password",
    }
}

/// Letters in groups of four, as they are read aloud and typed.
fn in_fours(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    let groups = letters.chunks(4).map(String::from_iter);
    groups.collect::<Vec<String>>().join(" ")
}
