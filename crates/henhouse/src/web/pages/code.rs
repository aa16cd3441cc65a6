//! `/sign-in/code`: the second page of a sign-in. The server keeps what waits; the cookie names it and nothing else.

use askama::Template;
use axum::http::{HeaderValue, header};

use super::frame::{self, Frame};
use super::sign_in;
use crate::auth::second::Asks;
use crate::web::call::BODY_LIMIT;
use crate::web::fields::Fields;
use crate::web::registry::Answer;
use crate::web::{Call, Problem, form};

#[derive(Template)]
#[template(path = "code.html")]
struct CodePage {
    frame: Frame,
    next: String,
    /// The break-glass account: who and why, in place of a code.
    breaks_glass: bool,
    who: String,
    why: String,
}

/// Shows the form; where nothing waits, leads to the first page.
pub(super) async fn show(call: Call) -> Answer {
    let next = sign_in::next(call.page_query().get("next"));
    let Some(asks) = asks(&call).await? else {
        return Ok(frame::lead_to("/sign-in"));
    };
    let frame = frame_of(&call);
    let frame = frame.with_lines(&call.app.desk).await;
    let breaks_glass = asks == Asks::WhoAndWhy;
    let (who, why) = (String::new(), String::new());
    let page = CodePage {
        frame,
        next,
        breaks_glass,
        who,
        why,
    };
    frame::page(200, &page)
}

/// Takes the code, begins the session and leads on.
pub(super) async fn enter(mut call: Call) -> Answer {
    if form::from_our_page(&call.headers, &call.app.desk.site().base_url) == Some(false) {
        return Err(form::other_site());
    }
    let fields = Fields::parse(&call.bytes(BODY_LIMIT).await?)?.without_nul()?;
    let next = sign_in::next(fields.get("next"));
    let half = half(&call).to_owned();
    let (who, why) = (frame::typed(&fields, "who"), frame::typed(&fields, "why"));
    let breaks_glass = asks(&call).await? == Some(Asks::WhoAndWhy);
    let (gate, from, device) = (&call.app.gate, call.from(), sign_in::device(&call));
    let entered = match breaks_glass {
        true => gate.break_glass(&half, (&who, &why), &from, &device).await,
        false => {
            let code = frame::typed(&fields, "code");
            gate.enter_code(&half, &code, &from, &device).await
        }
    };
    match entered.map_err(Problem::from) {
        Ok(session) => {
            call.leave_former_session().await?;
            let mut response = sign_in::with_session(&call, &session, &next);
            let over = form::try_cookie("", call.app.is_https());
            if let Ok(over) = HeaderValue::from_str(&over) {
                response.headers_mut().append(header::SET_COOKIE, over);
            }
            Ok(response)
        }
        Err(problem) if problem.status < 500 => {
            let frame = frame_of(&call).with_lines(&call.app.desk).await;
            let field = match problem.field.as_deref() {
                Some("who") => "who",
                Some("why") => "why",
                _ if breaks_glass => "",
                _ => "code",
            };
            let page = CodePage {
                frame: frame.wrong(field, problem.detail),
                next,
                breaks_glass,
                who,
                why,
            };
            frame::page(problem.status, &page)
        }
        Err(problem) => Err(problem),
    }
}

async fn asks(call: &Call) -> Result<Option<Asks>, Problem> {
    Ok(call.app.gate.asks(half(call)).await?)
}

fn half(call: &Call) -> &str {
    form::try_of(&call.headers, call.app.is_https()).unwrap_or_default()
}

fn frame_of(call: &Call) -> Frame {
    let title = call.words().say("sign-in-code-title");
    Frame::new(call, title).at("/sign-in").worded("sign-in")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use crate::auth::Known;
    use crate::auth::factors::{App, app_secret, code_at};
    use crate::desk::FactorNews;
    use crate::web::stage::{PASSWORD, Said, Stage, bytes};

    async fn send(stage: &Stage, path: &str, body: &str, cookie: &str) -> Said {
        let asking = bytes(path, body.replace(' ', "+").as_bytes());
        let asking = asking.with("sec-fetch-site", "same-origin");
        stage.send(asking.with("cookie", cookie)).await
    }

    fn cookie(said: &Said) -> String {
        let cookie = said.header("set-cookie").split(';').next();
        cookie.unwrap_or_default().to_owned()
    }

    #[tokio::test]
    async fn a_sign_in_with_an_app_has_two_pages() {
        let stage = Stage::new().await;
        stage.account("ann", "member").await;
        let secret = app_secret(&[7; 32]);
        let desk = &stage.app.desk;
        let second = u64::try_from(desk.clock().wall().as_second()).unwrap();
        let first = code_at(&secret, second - 30);
        let kept = secret.clone();
        let put_on = desk.change_factors(
            Known::owner().actor(),
            "ann".into(),
            None,
            move |factors, now| {
                factors.app = App::confirmed(&kept, &first, now);
                assert!(factors.app.is_some());
                Ok(FactorNews::AppOn)
            },
        );
        put_on.await.unwrap();
        let body = format!("login=ann&next=/cases/HH-1&password={PASSWORD}");
        let led = send(&stage, "/sign-in", &body, "").await;
        assert_eq!(
            (led.status, led.header("location")),
            (303, "/sign-in/code?next=/cases/HH-1")
        );
        let half = cookie(&led);
        assert!(half.starts_with("henhouse_try="), "{half}");
        let ask = stage.request("GET", led.header("location"), None, None);
        let page = stage.send(ask.clone().with("cookie", &half)).await;
        assert!(page.text().contains("one-time-code"), "{}", page.text());
        assert_eq!(
            stage.send(ask).await.header("location"),
            "/sign-in",
            "nothing waits"
        );
        let at = "/sign-in/code";
        let wrong = send(&stage, at, "code=000000&next=/cases/HH-1", &half).await;
        assert_eq!(wrong.status, 401);
        assert!(wrong.text().contains("href=\"#code\""), "{}", wrong.text());
        let code = format!("code={}&next=/cases/HH-1", code_at(&secret, second));
        let elsewhere = bytes(at, code.as_bytes()).with("cookie", &half);
        let elsewhere = stage
            .send(elsewhere.with("sec-fetch-site", "cross-site"))
            .await;
        assert_eq!(elsewhere.status, 403);
        let said = send(&stage, at, &code, &half).await;
        assert_eq!(
            (said.status, said.header("location")),
            (303, "/cases/HH-1"),
            "{}",
            said.text()
        );
        assert!(cookie(&said).starts_with("henhouse="), "{}", cookie(&said));
    }

    #[tokio::test]
    async fn the_break_glass_account_asks_who_and_why() {
        let stage = Stage::new().await;
        let owner = Known::owner().actor();
        let halves = stage.app.gate.make_break_glass(owner).await.unwrap();
        let body = format!("login=break-glass&password={} {}", halves[0], halves[1]);
        let led = send(&stage, "/sign-in", &body, "").await;
        let half = cookie(&led);
        let at = "/sign-in/code";
        let none = send(&stage, at, "who=Jo and Mo&why=", &half).await;
        assert_eq!(none.status, 422);
        assert!(
            none.text().contains("value=\"Jo and Mo\""),
            "{}",
            none.text()
        );
        let said = send(&stage, at, "who=Jo and Mo&why=mail is away", &half).await;
        assert_eq!(
            (said.status, said.header("location")),
            (303, "/now"),
            "{}",
            said.text()
        );
    }
}
