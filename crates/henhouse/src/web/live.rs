//! Server-sent events: a page subscribes to its record and looks anew when told.
//!
//! A stream carries numbers and kinds, never words. It ends when the server stops, when its reader goes away, and
//! when its reader may see no more.
//!
//! However many follow a case, a change costs one look at it. Who follows a case sits in its room; the room looks
//! once, words each entry once, and asks for every seat whether whoever sits there is still let in and still sees
//! (`docs/decisions/many-follow-one-look.md`).

mod case;
mod mine;
mod room;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::ReceiverStream;

use super::AppState;
use crate::auth::Known;
use crate::desk::{CaseView, Change, JournalId};
use room::{LOOK_ANEW, Room, Seat};

/// Everybody who follows something. Clones share it.
#[derive(Clone, Default)]
pub struct Live(Arc<Mutex<Rooms>>);

#[derive(Default)]
struct Rooms {
    cases: BTreeMap<JournalId, Arc<Room>>,
    mine: Option<Arc<Room>>,
    /// Somebody hears what changes, and passes it on.
    listening: bool,
}

/// Tells of each entry of a case after `after`.
pub fn follow_case(app: &AppState, known: Known, view: &CaseView, after: u64) -> Response {
    let (seat, stream) = Seat::take(known, after);
    app.live.sit(app, Some(view.row.journal), seat);
    stream_of(stream)
}

/// Tells when a case that this onlooker may see has changed. Whoever resumes is told to look anew
/// first, because there is no one count over all cases.
pub fn follow_mine(app: &AppState, known: Known, resumed: bool) -> Response {
    let (mut seat, stream) = Seat::take(known, 0);
    if resumed {
        seat.say(&LOOK_ANEW);
    }
    app.live.sit(app, None, seat);
    stream_of(stream)
}

fn stream_of(line: mpsc::Receiver<Bytes>) -> Response {
    let body = Body::from_stream(ReceiverStream::new(line).map(Ok::<_, Infallible>));
    let headers = [
        (header::CONTENT_TYPE.as_str(), "text/event-stream"),
        (header::CACHE_CONTROL.as_str(), "no-cache"),
        ("x-accel-buffering", "no"),
    ];
    (headers, body).into_response()
}

impl Live {
    fn lock(&self) -> MutexGuard<'_, Rooms> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes somebody into the room of a case, or into the one of all that they may see; opens it if nobody is there.
    fn sit(&self, app: &AppState, journal: Option<JournalId>, seat: Seat) {
        let mut rooms = self.lock();
        if !rooms.listening {
            rooms.listening = true;
            // Heard from before the first look on, so that nothing falls between the two.
            tokio::spawn(self.clone().listen(app.clone(), app.desk.changes()));
        }
        let known = match journal {
            Some(journal) => rooms.cases.get(&journal),
            None => rooms.mine.as_ref(),
        };
        let room = known.cloned().unwrap_or_else(|| {
            let room = Arc::<Room>::default();
            match journal {
                Some(journal) => drop(rooms.cases.insert(journal, Arc::clone(&room))),
                None => rooms.mine = Some(Arc::clone(&room)),
            }
            tokio::spawn(keep(app.clone(), journal, Arc::clone(&room)));
            room
        });
        // Still locked: a room is closed under the same lock.
        room.sit(seat);
    }

    /// Passes on what changes, until the server stops.
    async fn listen(self, app: AppState, mut changes: broadcast::Receiver<Change>) {
        let mut stopping = app.stopping;
        loop {
            let change = tokio::select! {
                biased;
                _ = stopping.wait_for(|stops| *stops) => return,
                change = changes.recv() => change,
            };
            let rooms = self.lock();
            match change {
                Ok(change) => {
                    rooms
                        .cases
                        .get(&change.journal)
                        .inspect(|room| room.nudge());
                    rooms.mine.iter().for_each(|room| room.hear(change));
                }
                Err(RecvError::Lagged(_)) => {
                    rooms.cases.values().for_each(|room| room.nudge());
                    rooms.mine.iter().for_each(|room| room.lose());
                }
                Err(RecvError::Closed) => return,
            }
        }
    }

    /// Closes a room, if nobody sits in it any more or nobody is to: what is left in it ends.
    fn close(&self, journal: Option<JournalId>, room: &Arc<Room>, even_with_people: bool) -> bool {
        let mut rooms = self.lock();
        if !room.close(even_with_people) {
            return false;
        }
        let is_it = |there: &Arc<Room>| Arc::ptr_eq(there, room);
        match journal {
            Some(journal) if rooms.cases.get(&journal).is_some_and(is_it) => {
                rooms.cases.remove(&journal);
            }
            None if rooms.mine.as_ref().is_some_and(is_it) => rooms.mine = None,
            _ => {}
        }
        true
    }
}

/// A room is closed with its keeper, whatever that ends of.
struct Kept {
    live: Live,
    journal: Option<JournalId>,
    room: Arc<Room>,
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.live.close(self.journal, &self.room, true);
    }
}

/// Keeps a room for as long as somebody sits in it and the server does not stop.
async fn keep(app: AppState, journal: Option<JournalId>, room: Arc<Room>) {
    let (live, mut stopping) = (app.live.clone(), app.stopping.clone());
    let kept = Kept {
        live: live.clone(),
        journal,
        room: Arc::clone(&room),
    };
    let tell = async {
        match journal {
            Some(journal) => case::tell(&app, journal, &room).await,
            None => mine::tell(&app, &room).await,
        }
    };
    // Beside the telling: a page is to know that somebody is there also while the store keeps us waiting.
    let beat = async {
        loop {
            tokio::time::sleep(room.pause()).await;
            room.beat();
            if live.close(journal, &room, false) {
                return;
            }
        }
    };
    tokio::select! {
        biased;
        _ = stopping.wait_for(|stops| *stops) => {}
        () = tell => {}
        () = beat => {}
    }
    drop(kept);
}
