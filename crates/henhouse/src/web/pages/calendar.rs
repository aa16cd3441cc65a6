//! `/me/calendar`: the link to one's shifts for one's own calendar, made, made anew or ended; and what the link leads
//! to. The link opens nothing else, and only a hash of it is kept, so it is shown once.

use askama::Template;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::frame::{self, Frame};
use super::me::person;
use crate::auth::secret;
use crate::desk::OwnDuty;
use crate::report::calendar::{self, OnCall, Shift};
use crate::web::registry::Permission::{Link, Myself};
use crate::web::registry::{Answer, Route};
use crate::web::{Call, Problem};

/// So long is a link's secret at most; a real one is shorter.
const LONGEST: usize = 64;

#[derive(Template)]
#[template(path = "calendar.html")]
struct CalendarPage {
    frame: Frame,
    /// There is a link.
    there: bool,
    /// The link that was just made. It is shown this once.
    made: Option<String>,
}

/// The page, and what the link leads to.
#[rustfmt::skip]
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::page(Method::GET, "/me/calendar", "calendar_page", Myself, "The link to one's shifts for one's own calendar.", show),
        Route::page(Method::POST, "/me/calendar", "calendar_form", Myself, "Makes another link, which is shown this once, or ends it.", change)
            .answers(super::SEE_OTHER),
        Route::page(Method::GET, "/calendar/{token}", "calendar_feed", Link, "One's shifts as a calendar reads them (iCalendar).", feed)
            .as_type("text/calendar; charset=utf-8"),
        Route::page(Method::GET, "/calendar/{token}/{slug}/{schedule}", "schedule_feed", Link, "Who is on call in a schedule as a calendar reads it (iCalendar), by the same link.", schedule_feed)
            .as_type("text/calendar; charset=utf-8"),
    ]
}

async fn show(call: Call) -> Answer {
    page(&call, None).await
}

async fn change(mut call: Call) -> Answer {
    let fields = call.form().await?;
    let (desk, person) = (&call.app.desk, person(&call)?);
    match fields.get("act") {
        Some("make") => {
            let link = desk.ids().token();
            let kept = Some(secret::hash(&link));
            desk.change_calendar_link(person, kept).await?;
            let base = desk.site().base_url.trim_end_matches('/');
            page(&call, Some(format!("{base}/calendar/{link}.ics"))).await
        }
        Some("end") => {
            desk.change_calendar_link(person, None).await?;
            Ok(frame::lead_to("/me/calendar"))
        }
        _ => Err(Problem::field("act", "Use make or end.")),
    }
}

async fn page(call: &Call, made: Option<String>) -> Answer {
    let desk = &call.app.desk;
    let title = call.words().say("calendar-title");
    let frame = Frame::new(call, title).at("/me").worded("calendar");
    let page = CalendarPage {
        frame: frame.with_lines(desk).await,
        there: desk.has_calendar_link(person(call)?).await?,
        made,
    };
    frame::page(200, &page)
}

/// The shifts of whoever has the link. What is no link is told as any address that does not exist.
async fn feed(call: Call) -> Answer {
    let (desk, link) = (&call.app.desk, link(&call)?);
    let shifts = desk.shifts_by_link(secret::hash(&link)).await?;
    let duties = desk.duties_by_link(secret::hash(&link)).await?;
    let site = desk.site();
    let base = site.base_url.trim_end_matches('/');
    let numbers: Vec<String> = shifts.iter().map(|one| one.number.to_string()).collect();
    let told = shifts.iter().zip(&numbers).map(|(one, number)| Shift {
        uid: format!("{}-{}@henhouse", one.journal, one.shift),
        number,
        planned_at: one.planned_at,
        from: one.from,
        until: one.until,
        ic: one.ic,
        cancelled: one.cancelled,
        url: format!("{base}/cases/{number}/people"),
    });
    let told: Vec<Shift> = told.collect();
    let own = duties
        .iter()
        .map(|one| on_call(base, one, one.title.clone()));
    let own: Vec<OnCall> = own.collect();
    let told = calendar::feed(&told, &own, site.drill, desk.now());
    Ok(as_calendar(told))
}

/// Who is on call in a schedule, for whoever has the link and is on the project's contact sheet.
async fn schedule_feed(call: Call) -> Answer {
    let (desk, link) = (&call.app.desk, link(&call)?);
    let schedule = call.param("schedule");
    let schedule = schedule.strip_suffix(".ics").unwrap_or(schedule).to_owned();
    let project = call.param("slug").to_owned();
    let spans = desk.schedule_by_link(secret::hash(&link), project, schedule);
    let spans = spans.await?;
    let site = desk.site();
    let base = site.base_url.trim_end_matches('/');
    let said = |one: &OwnDuty| format!("{} ({})", one.people.join(", "), one.title);
    let told = spans.iter().map(|one| on_call(base, one, said(one)));
    let told: Vec<OnCall> = told.collect();
    let told = calendar::feed(&[], &told, site.drill, desk.now());
    Ok(as_calendar(told))
}

fn link(call: &Call) -> Result<String, Problem> {
    let link = call.param("token");
    let link = link.strip_suffix(".ics").unwrap_or(link);
    if link.is_empty() || link.len() > LONGEST {
        return Err(Problem::not_found("calendar"));
    }
    Ok(link.to_owned())
}

fn on_call(base: &str, one: &OwnDuty, said: String) -> OnCall {
    let schedule = one.schedule.as_deref().unwrap_or_default();
    let end = if schedule.is_empty() { "" } else { "/" };
    OnCall {
        uid: format!(
            "{}-{schedule}-{}@henhouse",
            one.project,
            one.from.as_second()
        ),
        said,
        from: one.from,
        until: one.until,
        url: format!("{base}/projects/{}/on-call{end}{schedule}", one.project),
    }
}

fn as_calendar(told: String) -> Response {
    let kind = HeaderValue::from_static("text/calendar; charset=utf-8");
    (StatusCode::OK, [(header::CONTENT_TYPE, kind)], told).into_response()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::web::stage::{Stage, bytes};

    #[tokio::test]
    async fn ones_shifts_are_read_by_a_link_that_is_private_and_ends_when_its_person_says_so() {
        let stage = Stage::new().await;
        let (ann, bob) = (
            stage.token("ann", "member").await,
            stage.token("bob", "member").await,
        );
        let secret = json!({ "text": "zebra in the barn", "project": "farm", "restricted": true });
        stage.report_as(secret).await;
        stage
            .command("HH-1", &ann, json!({ "command": "acknowledge" }))
            .await;
        let plan = "as=ic&shift=bob%202026-03-02T06:00:00Z%202026-03-02T09:00:00Z\
            &shift=ann%202026-03-02T09:00:00Z%202026-03-02T12:00:00Z\
            &shift=bob%202026-03-02T18:00:00Z%202026-03-02T21:00:00Z";
        let asking = bytes("/cases/HH-1/people", plan.as_bytes());
        let said = stage
            .send(asking.with("authorization", &format!("Bearer {ann}")))
            .await;
        assert_eq!(said.status, 303, "{}", said.text());
        let cancel = json!({ "command": "cancel_shift", "shift": 3 });
        stage.command("HH-1", &ann, cancel).await;
        let act = async |who: &str, act: &str| {
            let asking = bytes("/me/calendar", format!("act={act}").as_bytes());
            stage
                .send(asking.with("authorization", &format!("Bearer {who}")))
                .await
        };
        let page = stage.get("/me/calendar", Some(&bob)).await.text();
        assert!(
            page.contains("value=\"make\"") && !page.contains("value=\"end\""),
            "{page}"
        );
        let link = |html: String| {
            let rest = html
                .split_once("8400/calendar/")
                .map(|(_, rest)| rest.to_owned());
            let token = rest.and_then(|rest| rest.split('<').next().map(str::to_owned));
            format!("/calendar/{}", token.unwrap_or_default())
        };
        let first = link(act(&bob, "make").await.text());
        let told = stage.get(&first, None).await;
        assert_eq!(
            (told.status, told.header("content-type")),
            (200, "text/calendar; charset=utf-8")
        );
        let told = told.text();
        assert_eq!(
            told.matches("BEGIN:VEVENT").count(),
            2,
            "Bob's alone: {told}"
        );
        assert!(
            told.contains("DTSTART:20260302T060000Z") && told.contains("HH-1: Incident Commander"),
            "{told}"
        );
        assert!(told.contains("STATUS:CANCELLED"), "{told}");
        assert!(
            !told.contains("zebra") && !told.contains("ann"),
            "numbers and hours: {told}"
        );
        let page = stage.get("/me/calendar", Some(&bob)).await.text();
        assert!(
            page.contains("value=\"end\"") && !page.contains("/calendar/"),
            "shown once: {page}"
        );
        let second = link(act(&bob, "make").await.text());
        assert_eq!(stage.get(&first, None).await.status, 404, "the one before");
        assert_eq!(stage.get(&second, None).await.status, 200);
        assert_eq!(act(&bob, "end").await.status, 303);
        let nothing = stage.get("/calendar/nothing.ics", None).await;
        let ended = stage.get(&second, None).await;
        assert_eq!(
            (ended.status, ended.text()),
            (
                404,
                nothing.text().replace("/calendar/nothing.ics", &second)
            )
        );
        assert_eq!(act(&bob, "").await.status, 422);
    }
}
