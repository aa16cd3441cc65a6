//! What outsiders read: `/status/{token}` by a link that the team gives away, `/public/{slug}` of a project
//! that shows it to everybody; each as a page and as a feed. And `/cases/{number}/status`, where the team
//! sees what they read and changes it.

mod feed;
mod publish;

use std::sync::Arc;

use askama::Template;

pub(super) use self::feed::{KIND, by_link as feed_by_link, of_project as feed_of_project};
pub(super) use self::publish::{send, show as compose};
use super::frame::{self, Frame};
use crate::desk::{Seen, Sight};
use crate::report::Times;
use crate::report::status::State;
use crate::web::Call;
use crate::web::registry::Answer;
use crate::web::words::{Words, key};

#[derive(Template)]
#[template(path = "status.html")]
struct StatusPage {
    frame: Frame,
    project: String,
    cases: Vec<Shown>,
    feed: String,
    as_of: String,
    zone: String,
    /// The database is away: this is what was read last.
    kept: bool,
}

/// A case as outsiders read it.
struct Shown {
    number: String,
    state: &'static str,
    colour: &'static str,
    since: String,
    next: Option<String>,
    late: bool,
    updates: Vec<(String, String)>,
}

/// What the holder of a link reads.
pub(super) async fn by_link(call: Call) -> Answer {
    let token = call.param("token").to_owned();
    let found = call.app.desk.status_by_link(&token).await?;
    page(&call, found, &format!("/status/{token}/feed")).await
}

/// What everybody reads.
pub(super) async fn of_project(call: Call) -> Answer {
    let slug = call.param("slug").to_owned();
    let found = call.app.desk.status_of_project(&slug).await?;
    page(&call, found, &format!("/public/{slug}/feed")).await
}

async fn page(call: &Call, (sight, kept): (Arc<Sight>, bool), feed: &str) -> Answer {
    let title = call.words().with("status-title", "project", &sight.project);
    let frame = Frame::new(call, title).worded("status");
    let mut frame = frame.with_lines(&call.app.desk).await;
    frame.refresh = Some(60);
    let times = call.words().times(sight.zone.clone(), call.app.desk.now());
    let page = StatusPage {
        cases: sight
            .cases
            .iter()
            .map(|seen| shown(call.words(), seen, &times))
            .collect(),
        project: sight.project.clone(),
        feed: feed.to_owned(),
        as_of: call.words().both(&times, sight.as_of),
        zone: times.zone_name(),
        kept,
        frame,
    };
    frame::page(200, &page)
}

fn shown(w: Words, seen: &Seen, times: &Times) -> Shown {
    let status = &seen.status;
    let update =
        |update: &crate::report::status::Update| (times.dated(update.at), update.text.clone());
    Shown {
        number: seen.number.clone(),
        state: word(status.state),
        colour: match status.state {
            State::LookingInto | State::WorkingOn => "medium",
            State::Contained | State::Fixed | State::Over | State::NoIncident => "good",
        },
        since: times.dated(status.since),
        next: status.next.map(|next| w.both(times, next)),
        late: status.next.is_some_and(|next| next < times.now()),
        updates: status.updates.iter().map(update).collect(),
    }
}

/// The name of the text that says a state.
fn word(state: State) -> &'static str {
    match state {
        State::LookingInto => key("status-looking"),
        State::WorkingOn => key("status-working"),
        State::Contained => key("status-contained"),
        State::Fixed => key("status-fixed"),
        State::Over => key("status-over"),
        State::NoIncident => key("status-none"),
    }
}

/// The state in words.
fn said(words: Words, state: State) -> String {
    words.say(word(state)).into_owned()
}

#[cfg(test)]
mod tests;
