//! `/me/notifications`: the devices on which one is told what one is called for: turned on in the browser that it is, turned
//! off from any. What the browser says of itself comes with a form, which only a script can fill in.

use askama::Template;

use super::{MESSAGES, frame_of, person};
use crate::devices::Device;
use crate::report::device;
use crate::web::pages::frame::{self, Frame};
use crate::web::registry::Answer;
use crate::web::words::key;
use crate::web::{Call, Problem};

/// So often a device is turned on in a quarter of an hour, with the messages to oneself.
const TURNS: u32 = 20;

#[derive(Template)]
#[template(path = "me_push.html")]
struct PushPage {
    frame: Frame,
    devices: Vec<Row>,
    /// What a browser asks push services with; none where nothing is pushed.
    key: Option<String>,
    /// A device may be turned on at this address.
    safe: bool,
    /// Each project in which the routes of the sheet leave the devices out.
    without: Vec<String>,
    /// What this one may be called.
    name: String,
    done: Option<&'static str>,
}

struct Row {
    id: String,
    name: String,
    since: String,
    taken: Option<String>,
}

/// Lists them.
pub(in crate::web::pages) async fn show(call: Call) -> Answer {
    let done = match call.page_query().get("done") {
        Some("on") => Some(key("me-done-push-on")),
        Some("off") => Some(key("me-done-push-off")),
        Some("message") => Some(key("me-done-message")),
        Some("no-message") => Some(key("me-done-no-message")),
        _ => None,
    };
    page(&call, 200, frame_of(&call, "me-push"), None, done).await
}

/// Turns this one on, or one of them off, or sends a message to oneself.
pub(in crate::web::pages) async fn change(mut call: Call) -> Answer {
    let fields = call.form().await?.without_nul()?;
    let (actor, person) = (call.known()?.actor(), person(&call)?);
    let desk = &call.app.desk;
    if let Some(id) = fields.get("off") {
        desk.turn_off(actor, person, id.to_owned()).await?;
        return Ok(frame::lead_to("/me/notifications?done=off"));
    }
    if fields.get("act") == Some("message") {
        call.app.gate.count_message(&person, MESSAGES)?;
        let sent = desk.test_message(actor, person).await?;
        let done = if sent > 0 { "message" } else { "no-message" };
        return Ok(frame::lead_to(&format!("/me/notifications?done={done}")));
    }
    // Each is told by mail.
    call.app.gate.count_message(&person, TURNS)?;
    let name = frame::typed(&fields, "name");
    let said = ["endpoint", "p256dh", "auth"];
    let said = said.map(|field| fields.get(field).unwrap_or_default().to_owned());
    match desk.turn_on(actor, person, name.clone(), said).await {
        Ok(()) => Ok(frame::lead_to("/me/notifications?done=on")),
        Err(error) => {
            let problem = Problem::from(error);
            if problem.status != 422 {
                return Err(problem);
            }
            let frame = frame_of(&call, "me-push").wrong("name", problem.detail);
            page(&call, 422, frame, Some(name), None).await
        }
    }
}

async fn page(
    call: &Call,
    status: u16,
    frame: Frame,
    typed: Option<String>,
    done: Option<&'static str>,
) -> Answer {
    let (desk, person) = (&call.app.desk, person(call)?);
    let agent = call.headers.get(axum::http::header::USER_AGENT);
    let agent = agent.and_then(|agent| agent.to_str().ok());
    let contacts = desk.own_contacts(person.clone()).await?.into_iter();
    let leaves_out =
        |routes: &str| !routes.is_empty() && !routes.split(", ").any(|route| route == "push");
    let (times, language) = (frame::times(call).await, call.words().language());
    let row = |device: Device| Row {
        id: device.id(),
        since: times.dated(device.since),
        taken: device.taken.map(|at| times.dated(at)),
        name: device.name,
    };
    let page = PushPage {
        devices: desk.devices(person).await?.into_iter().map(row).collect(),
        key: desk.push_key(),
        safe: call.app.is_https() || is_here(&desk.site().base_url),
        without: contacts
            .filter(|contact| leaves_out(&contact.routes))
            .map(|contact| contact.project)
            .collect(),
        name: typed.unwrap_or_else(|| device::words(agent.unwrap_or_default(), language)),
        frame: frame.with_lines(desk).await,
        done,
    };
    frame::page(status, &page)
}

/// Browsers let this machine do without https.
fn is_here(base_url: &str) -> bool {
    ["http://127.0.0.1", "http://localhost", "http://[::1]"]
        .iter()
        .any(|here| {
            let rest = base_url.strip_prefix(here);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
        })
}
