//! `/password/{token}`: one's own password, by the link that was mailed when somebody else asked for it.

use askama::Template;

use super::frame::{self, Frame};
use super::sign_in;
use crate::desk::DeskError;
use crate::web::call::BODY_LIMIT;
use crate::web::fields::Fields;
use crate::web::registry::Answer;
use crate::web::{Call, Problem, form};

#[derive(Template)]
#[template(path = "password.html")]
struct PasswordPage {
    frame: Frame,
    login: String,
}

/// Shows the form; nothing happens.
pub(super) async fn show(call: Call) -> Answer {
    let login = login(&call).await?;
    let frame = frame_of(&call).await;
    frame::page(200, &PasswordPage { frame, login })
}

async fn frame_of(call: &Call) -> Frame {
    let frame = Frame::new(call, call.words().say("sign-in-choose")).worded("sign-in");
    frame.with_lines(&call.app.desk).await
}

/// Takes the password and signs its person in.
pub(super) async fn choose(mut call: Call) -> Answer {
    if form::from_our_page(&call.headers, &call.app.desk.site().base_url) == Some(false) {
        return Err(form::other_site());
    }
    let fields = Fields::parse(&call.bytes(BODY_LIMIT).await?)?;
    let password = fields.get("password").unwrap_or_default();
    let device = sign_in::device(&call);
    let at = (&*call.from(), &*device);
    let accepted = call.app.gate.accept(call.param("token"), password, at);
    match accepted.await {
        Ok(entered) => sign_in::enter(&call, entered, "/now").await,
        Err(DeskError::BadInput { sentence, .. }) => {
            let login = login(&call).await?;
            let frame = frame_of(&call).await.wrong("password", sentence);
            frame::page(422, &PasswordPage { frame, login })
        }
        Err(DeskError::NotFound(_)) => Err(used()),
        Err(error) => Err(error.into()),
    }
}

async fn login(call: &Call) -> Result<String, Problem> {
    let invited = call.app.desk.invited(call.param("token")).await;
    let account = invited.map_err(|error| match error {
        DeskError::NotFound(_) => used(),
        error => error.into(),
    })?;
    Ok(account.login)
}

fn used() -> Problem {
    Problem::new(
        "not-found",
        "This link was used already, is older than a week, or a newer one was sent. Sign in, or ask an admin for \
         another.",
    )
}
