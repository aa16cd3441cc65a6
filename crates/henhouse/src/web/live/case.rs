//! The room of a case: each entry is told by its number and kind, in order and without a gap.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use procedure::Entry;
use serde_json::json;

use super::room::{Room, Seat, Turn, still};
use crate::auth::Known;
use crate::desk::{DeskError, JournalId, Look};
use crate::web::AppState;
use crate::web::api::ANNEXED;

/// So many entries are told at a time to whoever comes back after long.
const PORTION: u32 = if cfg!(test) { 30 } else { 500 };
/// People who know different parts of a case are told in so many groups at a time.
const GROUPS: usize = 64;
/// Whoever does not take what is told is tried again after so long, then ever more seldom, ...
const SOON: Duration = Duration::from_millis(20);
/// ... down to so seldom.
const SELDOM: Duration = Duration::from_secs(5);

/// Tells everybody in the room of each entry, for as long as it is polled. The journal is the queue: who is slow misses
/// nothing, and holds up nobody.
pub(super) async fn tell(app: &AppState, journal: JournalId, room: &Room) {
    let mut again: Option<Duration> = None;
    loop {
        match again {
            None => room.bell.notified().await,
            // A change comes before the time is over, or it does not.
            Some(pause) => drop(tokio::time::timeout(pause, room.bell.notified()).await),
        }
        again = match round(app, journal, room).await {
            Ok(came) if came.contains(&Turn::More) => Some(Duration::ZERO),
            Ok(came) if came.contains(&Turn::Full) => {
                Some(again.map_or(SOON, |pause| (pause * 2).clamp(SOON, SELDOM)))
            }
            Ok(_) => None,
            Err(error) => {
                tracing::debug!(%journal, %error, "a case that is followed cannot be looked at: its streams end");
                room.clear();
                None
            }
        };
    }
}

async fn round(
    app: &AppState,
    journal: JournalId,
    room: &Room,
) -> Result<BTreeSet<Turn>, DeskError> {
    let look = app.desk.look_at(journal).await?;
    let behind = |seat: &Seat| seat.told < look.seq;
    let told = room.those(|seat| behind(seat).then_some(seat.told));
    if told.is_empty() {
        return Ok(BTreeSet::new());
    }
    let mut portions = BTreeMap::new();
    for told in told.into_iter().take(GROUPS) {
        portions.insert(told, app.desk.followed(&look, told, PORTION).await?);
    }
    let asked = room.those(|seat| behind(seat).then(|| Arc::clone(&seat.known)));
    let still = still(&app.gate, &asked).await;
    let mut telling = Telling {
        look: &look,
        portions,
        asked,
        still,
        worded: BTreeMap::new(),
    };
    Ok(room.serve(|seat| telling.turn(seat)).await)
}

/// What is told in one round.
struct Telling<'a> {
    look: &'a Look,
    /// Entries by what those who need them know already.
    portions: BTreeMap<u64, Vec<Arc<Entry>>>,
    asked: BTreeSet<Arc<Known>>,
    still: BTreeSet<Arc<Known>>,
    /// Portions as they are sent, without those entries that are withheld.
    worded: BTreeMap<(u64, Vec<u64>), Bytes>,
}

impl Telling<'_> {
    fn turn(&mut self, seat: &mut Seat) -> Turn {
        if seat.told >= self.look.seq {
            return Turn::Done;
        }
        let Some(entries) = self.portions.get(&seat.told) else {
            return Turn::More;
        };
        if !self.asked.contains(&seat.known) {
            // They came while the others were asked about.
            return Turn::More;
        }
        if !self.still.contains(&seat.known) || !self.look.shows_to(&seat.onlooker) {
            return Turn::Ends;
        }
        let Some(last) = entries.last().map(|entry| entry.seq) else {
            return Turn::Done;
        };
        let withheld = |entry: &&Arc<Entry>| !self.look.may_read(&seat.onlooker, entry.seq);
        let withheld = entries.iter().filter(withheld).map(|entry| entry.seq);
        let withheld: Vec<u64> = withheld.collect();
        let worded = self.worded.entry((seat.told, withheld));
        let worded = worded.or_insert_with_key(|(_, withheld)| words(self.look, entries, withheld));
        match seat.put(worded) {
            Turn::Done if last < self.look.seq => {
                seat.told = last;
                Turn::More
            }
            Turn::Done => {
                seat.told = last;
                Turn::Done
            }
            turn => turn,
        }
    }
}

fn words(look: &Look, entries: &[Arc<Entry>], withheld: &[u64]) -> Bytes {
    let mut said = String::new();
    for entry in entries {
        let seq = entry.seq;
        let kind = match withheld.contains(&seq) {
            true => ANNEXED,
            false => entry.body.kind(),
        };
        let data = json!({
            "number": look.number.to_string(), "seq": seq, "kind": kind, "recorded_at": entry.recorded_at,
        });
        // Writing to a string does not fail.
        let _ = write!(said, "id: {seq}\nevent: entry\ndata: {data}\n\n");
    }
    Bytes::from(said)
}
