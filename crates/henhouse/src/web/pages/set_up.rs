//! `/set-up/{token}`: the first admin, by the one-use link that the server printed.

use askama::Template;

use super::frame::{self, Frame};
use super::sign_in;
use crate::auth::{Entered, NewAccount, Role};
use crate::desk::DeskError;
use crate::web::call::BODY_LIMIT;
use crate::web::fields::Fields;
use crate::web::registry::Answer;
use crate::web::{Call, Problem, form};

#[derive(Template)]
#[template(path = "set_up.html")]
struct SetUpPage {
    frame: Frame,
    name: String,
    login: String,
}

/// Shows the form.
pub(super) async fn show(call: Call) -> Answer {
    if !call.app.gate.is_set_up_link(call.param("token")).await? {
        return Err(used());
    }
    let frame = frame_of(&call).await;
    let (name, login) = (String::new(), String::new());
    frame::page(200, &SetUpPage { frame, name, login })
}

async fn frame_of(call: &Call) -> Frame {
    let frame = Frame::new(call, call.words().say("sign-in-set-up")).worded("sign-in");
    frame.with_lines(&call.app.desk).await
}

/// Makes the first admin and signs them in.
pub(super) async fn make(mut call: Call) -> Answer {
    if form::from_our_page(&call.headers, &call.app.desk.site().base_url) == Some(false) {
        return Err(form::other_site());
    }
    let fields = Fields::parse(&call.bytes(BODY_LIMIT).await?)?.without_nul()?;
    let (name, login) = (
        frame::typed(&fields, "name"),
        frame::typed(&fields, "login"),
    );
    if !call.app.gate.is_set_up_link(call.param("token")).await? {
        return Err(used());
    }
    let new = NewAccount {
        person: None,
        login: login.clone(),
        name: name.clone(),
        email: None,
        role: Role::Admin,
        password: Some(fields.get("password").unwrap_or_default().to_owned()),
    };
    let wrong = new.wrong_fields();
    if !wrong.is_empty() {
        let frame = frame_of(&call).await;
        let wrong = wrong.into_iter();
        let frame = wrong.fold(frame, |frame, (field, words)| frame.wrong(field, words));
        return frame::page(422, &SetUpPage { frame, name, login });
    }
    let device = sign_in::device(&call);
    match call
        .app
        .gate
        .set_up(call.param("token"), new, (&call.from(), &device))
        .await
    {
        Ok(session) => {
            // A drill is there to practise; whatever else is new has first steps.
            let first = if call.app.desk.site().drill {
                "/now"
            } else {
                "/admin"
            };
            sign_in::enter(&call, Entered::In(session), first).await
        }
        Err(DeskError::BadInput { field, sentence }) => {
            let frame = frame_of(&call).await.wrong(at(&field), sentence);
            frame::page(422, &SetUpPage { frame, name, login })
        }
        Err(DeskError::NotFound(_)) => Err(used()),
        Err(error) => Err(error.into()),
    }
}

fn at(field: &str) -> &'static str {
    let mut known = ["name", "login", "password"].into_iter();
    known.find(|name| field.ends_with(name)).unwrap_or_default()
}

fn used() -> Problem {
    Problem::new(
        "not-found",
        "This set-up link was used already, or a newer one was made. If there is an admin, sign in; \
         else the server prints a new link when it starts.",
    )
}

#[cfg(test)]
mod tests {
    use crate::web::stage::{Stage, bytes};

    #[tokio::test]
    async fn the_link_makes_one_admin_and_keeps_what_was_typed() {
        let stage = Stage::new().await;
        let link = stage
            .app
            .gate
            .set_up_link()
            .await
            .ok()
            .flatten()
            .unwrap_or_default();
        let at = format!("/set-up/{link}");
        assert_eq!(stage.get(&at, None).await.status, 200);
        let short = stage
            .send(bytes(&at, b"name=Jo+Doe&login=jo&password=short"))
            .await;
        assert_eq!(short.status, 422, "{}", short.text());
        assert!(
            short.text().contains("value=\"Jo Doe\""),
            "{}",
            short.text()
        );
        assert!(
            short.text().contains("href=\"#password\""),
            "{}",
            short.text()
        );
        let all = stage
            .send(bytes(&at, b"name=+&login=jo+doe&password=short"))
            .await;
        for field in ["name", "login", "password"] {
            let (above, beside) = (format!("href=\"#{field}\""), format!("{field}-error"));
            let told = all.text().contains(&above) && all.text().contains(&beside);
            assert!(told, "{field} is told with the others: {}", all.text());
        }
        assert!(
            all.text().contains("value=\"jo doe\"") && !all.text().contains("value=\"short\""),
            "{}",
            all.text()
        );
        let body = b"name=Jo+Doe&login=jo&password=four+words+make+it";
        let said = stage.send(bytes(&at, body)).await;
        assert_eq!(
            (said.status, said.header("location")),
            (303, "/admin"),
            "{}",
            said.text()
        );
        assert!(said.header("set-cookie").starts_with("henhouse="));
        assert_eq!(stage.get(&at, None).await.status, 404);
        assert_eq!(stage.send(bytes(&at, body)).await.status, 404);
    }
}
