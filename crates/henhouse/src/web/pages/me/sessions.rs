//! `/me/sessions`: where one is signed in, and ending it.

use askama::Template;

use super::{frame_of, person};
use crate::auth::Proof;
use crate::desk::session_id;
use crate::report::device;
use crate::web::Call;
use crate::web::pages::frame::{self, Frame};
use crate::web::registry::Answer;
use crate::web::words::key;

#[derive(Template)]
#[template(path = "me_sessions.html")]
struct SessionsPage {
    frame: Frame,
    sessions: Vec<Row>,
}

struct Row {
    id: String,
    device: String,
    /// From where, beside where the reader is now.
    from: String,
    /// How its person showed who they are, by the name of its text.
    by: &'static str,
    seen: String,
    began: String,
    this: bool,
}

/// Lists them.
pub(in crate::web::pages) async fn show(call: Call) -> Answer {
    let this = this(&call);
    let rows = call.app.desk.sessions(person(&call)?).await?;
    let (w, here) = (call.words(), call.from());
    let (times, language) = (frame::times(&call).await, w.language());
    let now = call.app.desk.clock().wall();
    let from = |address: &str| match address {
        "" | "unknown" => String::new(),
        near if near == here => w.with("me-session-from-here", "address", near).into(),
        far => w.with("me-session-from-elsewhere", "address", far).into(),
    };
    let row = |row: crate::desk::SessionRow| Row {
        id: session_id(&row.hash),
        device: device::words(&row.device, language),
        this: this == Some(row.hash),
        from: from(&row.address),
        by: by(&row.method),
        seen: format!(
            "{}, {}",
            w.relative(row.seen_at.duration_since(now)),
            times.dated(row.seen_at)
        ),
        began: times.dated(row.created_at),
    };
    let frame = frame_of(&call, "me-sessions");
    let mut sessions: Vec<Row> = rows.into_iter().map(row).collect();
    sessions.sort_by_key(|row| !row.this);
    let page = SessionsPage {
        frame: frame.with_lines(&call.app.desk).await,
        sessions,
    };
    frame::page(200, &page)
}

/// Ends one, or every other one.
pub(in crate::web::pages) async fn end(mut call: Call) -> Answer {
    let fields = call.form().await?.without_nul()?;
    let (desk, actor) = (&call.app.desk, call.known()?.actor());
    match fields.get("end").filter(|id| *id != "others") {
        Some(id) => {
            let ended = desk.end_session_of(actor, person(&call)?, id.to_owned());
            ended.await?;
        }
        None => {
            desk.end_sessions(actor, person(&call)?, this(&call))
                .await?;
        }
    }
    Ok(frame::lead_to("/me/sessions"))
}

fn by(method: &str) -> &'static str {
    match method {
        "passkey" => key("me-session-by-passkey"),
        "password, app" => key("me-session-by-app"),
        "password, recovery code" => key("me-session-by-recovery"),
        "break-glass" => key("me-session-by-halves"),
        _ => key("me-session-by-password"),
    }
}

fn this(call: &Call) -> Option<[u8; 32]> {
    match &call.known.as_ref()?.proof {
        Proof::Session { hash, .. } => Some(*hash),
        Proof::Token { .. } | Proof::LocalSocket => None,
    }
}
