//! Server-sent events: a page subscribes to its record and looks anew when told.
//!
//! A stream carries numbers and kinds, never words. It ends when the server stops, when its
//! reader goes away, and when its reader may see no more. Whoever reads too slowly is told to
//! look anew.

use std::convert::Infallible;
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, mpsc, watch};
use tokio_stream::wrappers::ReceiverStream;

use super::AppState;
use super::api::ANNEXED;
use crate::auth::Known;
use crate::desk::{CaseView, Change, Desk};

/// Something is sent at least so often, so that proxies and browsers know the line is alive.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Entries are read in portions of so many.
const PORTION: u32 = 500;

type Sender = mpsc::Sender<Result<Event, Infallible>>;

/// A stream ended: nobody reads, or nobody may.
struct Ended;

/// Tells of each entry of a case after `after`.
pub fn follow_case(app: AppState, known: Known, view: CaseView, after: u64) -> Response {
    let onlooker = known.onlooker();
    let changes = app.desk.changes();
    stream(app.stopping.clone(), move |sender, stopping| async move {
        let mut line = Line {
            changes,
            stopping,
            sender,
        };
        let mut told = after;
        let id = view.row.journal;
        loop {
            if !app.gate.is_still(&known).await {
                return;
            }
            let Ok(view) = app.desk.case(&onlooker, &view.row.number).await else {
                return;
            };
            let Ok(seq) = tell_entries(&app.desk, &view, told, &line.sender).await else {
                return;
            };
            told = seq;
            match line
                .next(|change| change.journal == id && change.seq > told)
                .await
            {
                Some(Next::Change(_)) => {}
                Some(Next::Lost) => {
                    let event = Event::default().event("look_anew").data("{}");
                    if line.sender.send(Ok(event)).await.is_err() {
                        return;
                    }
                }
                None => return,
            }
        }
    })
}

async fn tell_entries(desk: &Desk, view: &CaseView, after: u64, to: &Sender) -> Result<u64, Ended> {
    let mut told = after;
    while told < view.case.seq {
        let entries = desk.entries(view, told, PORTION).await.map_err(|_| Ended)?;
        if entries.is_empty() {
            break;
        }
        for entry in entries {
            told = entry.seq;
            let data = json!({
                "number": view.row.number.to_string(), "seq": entry.seq,
                "kind": if view.may_read(entry.seq) { entry.body.kind() } else { ANNEXED }, "recorded_at": entry.recorded_at,
            });
            let event = Event::default()
                .id(entry.seq.to_string())
                .event("entry")
                .data(data.to_string());
            to.send(Ok(event)).await.map_err(|_| Ended)?;
        }
    }
    Ok(told)
}

/// Tells when a case that this onlooker may see has changed. Whoever resumes is told to look anew
/// first, because there is no one count over all cases.
pub fn follow_mine(app: AppState, known: Known, resumed: bool) -> Response {
    let onlooker = known.onlooker();
    let changes = app.desk.changes();
    stream(app.stopping.clone(), move |sender, stopping| async move {
        let mut line = Line {
            changes,
            stopping,
            sender,
        };
        let mut n = 0_u64;
        let mut next = resumed.then_some(Next::Lost);
        loop {
            if next.is_none() {
                next = line.next(|_| true).await;
            }
            if !app.gate.is_still(&known).await {
                return;
            }
            let event = match next.take() {
                None => return,
                Some(Next::Lost) => Event::default().event("look_anew").data("{}"),
                Some(Next::Change(change)) => {
                    let Ok(seen) = app.desk.case_of(&onlooker, change.journal).await else {
                        continue;
                    };
                    let data = json!({ "number": seen.to_string(), "seq": change.seq });
                    Event::default().event("changed").data(data.to_string())
                }
            };
            n += 1;
            if line.sender.send(Ok(event.id(n.to_string()))).await.is_err() {
                return;
            }
        }
    })
}

enum Next {
    Change(Change),
    Lost,
}

/// What a stream listens to.
struct Line {
    changes: broadcast::Receiver<Change>,
    stopping: watch::Receiver<bool>,
    sender: Sender,
}

impl Line {
    /// The next change that is wanted; nothing once the stream is to end.
    async fn next(&mut self, wanted: impl Fn(&Change) -> bool) -> Option<Next> {
        loop {
            let change = tokio::select! {
                biased;
                _ = self.stopping.wait_for(|stops| *stops) => return None,
                () = self.sender.closed() => return None,
                change = self.changes.recv() => change,
            };
            match change {
                Ok(change) if wanted(&change) => return Some(Next::Change(change)),
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => return Some(Next::Lost),
                Err(RecvError::Closed) => return None,
            }
        }
    }
}

fn stream<F>(
    stopping: watch::Receiver<bool>,
    work: impl FnOnce(Sender, watch::Receiver<bool>) -> F,
) -> Response
where
    F: Future<Output = ()> + Send + 'static,
{
    let (sender, receiver) = mpsc::channel(64);
    tokio::spawn(work(sender, stopping));
    // An event, not a comment: a page sees no comments, and must know that somebody is still there.
    let beat = Event::default().event("beat").data("{}");
    let mut response = Sse::new(ReceiverStream::new(receiver))
        .keep_alive(KeepAlive::new().interval(HEARTBEAT).event(beat))
        .into_response();
    let headers = response.headers_mut();
    headers.insert(
        "x-accel-buffering",
        axum::http::HeaderValue::from_static("no"),
    );
    response
}
