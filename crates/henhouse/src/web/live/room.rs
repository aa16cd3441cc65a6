//! A room: who follows one thing, each in a seat with a line of their own.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::Bytes;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinSet;

use crate::auth::{Gate, Known};
use crate::desk::{Change, JournalId, Onlooker};

/// Something is sent at least so often, so that proxies and browsers know the line is alive.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// So many seats are served without letting others work, and have their beat at the same moment.
const AT_A_TIME: usize = 256;
/// So much may wait on a line; whoever reads more slowly is passed over until there is room.
const LINE: usize = 32;
/// So many are asked about at once.
const ASKED_AT_ONCE: usize = 16;

/// An event, not a comment: a page sees no comments, and must know that somebody is still there.
static BEAT: Bytes = Bytes::from_static(b"event: beat\ndata: {}\n\n");
/// Something was not told: whoever reads this looks at all of it.
pub(super) static LOOK_ANEW: Bytes = Bytes::from_static(b"id: 0\nevent: look_anew\ndata: {}\n\n");

/// Who follows one thing.
#[derive(Default)]
pub(super) struct Room {
    seats: Mutex<Seats>,
    /// Rings when there may be something to tell.
    pub(super) bell: Notify,
    news: Mutex<News>,
}

#[derive(Default)]
struct Seats {
    all: Vec<Seat>,
    closed: bool,
    /// Those before it have had their beat in this turn.
    beaten: usize,
    /// Everybody is being given their turn: nobody changes places.
    serving: bool,
}

/// What changed and was not told yet, where more than one journal is followed.
#[derive(Default)]
pub(super) struct News {
    /// Journals, and how far they go now.
    pub(super) changed: BTreeMap<JournalId, u64>,
    /// More changed than could be heard.
    pub(super) lost: bool,
}

/// One who follows.
pub(super) struct Seat {
    pub(super) known: Arc<Known>,
    pub(super) onlooker: Onlooker,
    /// The newest entry that they were told of, where one journal is followed.
    pub(super) told: u64,
    line: mpsc::Sender<Bytes>,
    /// Their line was full when there was something to say: they are to look anew.
    missed: bool,
}

/// What became of one who had their turn.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Turn {
    /// They know all there is.
    Done,
    /// There is more for them, and they take it.
    More,
    /// There is more for them, and they do not take it yet.
    Full,
    /// They are gone, or may see no more.
    Ends,
}

impl Seat {
    /// A seat for somebody who was let in, and the end of its line.
    pub(super) fn take(known: Known, told: u64) -> (Self, mpsc::Receiver<Bytes>) {
        let (line, stream) = mpsc::channel(LINE);
        let seat = Self {
            onlooker: known.onlooker(),
            known: Arc::new(known),
            told,
            line,
            missed: false,
        };
        (seat, stream)
    }

    /// Puts something on the line, if it has room.
    pub(super) fn put(&self, said: &Bytes) -> Turn {
        match self.line.try_send(said.clone()) {
            Ok(()) => Turn::Done,
            Err(TrySendError::Full(_)) => Turn::Full,
            Err(TrySendError::Closed(_)) => Turn::Ends,
        }
    }

    /// Says what cannot be said later: whoever has no room for it is told to look anew when they have.
    pub(super) fn say(&mut self, said: &Bytes) -> Turn {
        let turn = self.put(if self.missed { &LOOK_ANEW } else { said });
        self.missed = turn == Turn::Full;
        match turn {
            Turn::Full => Turn::Done,
            turn => turn,
        }
    }
}

impl Room {
    fn seats(&self) -> MutexGuard<'_, Seats> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody sits down, and is told what they do not know yet. In a closed room their stream ends.
    pub(super) fn sit(&self, seat: Seat) {
        let mut seats = self.seats();
        if !seats.closed {
            seats.all.push(seat);
            self.nudge();
        }
    }

    /// Says that there may be something to tell.
    pub(super) fn nudge(&self) {
        self.bell.notify_one();
    }

    /// Hears of a change.
    pub(super) fn hear(&self, change: Change) {
        self.news().changed.insert(change.journal, change.seq);
        self.nudge();
    }

    /// Hears that there were more changes than could be heard.
    pub(super) fn lose(&self) {
        self.news().lost = true;
        self.nudge();
    }

    /// What changed since this was asked last.
    pub(super) fn take_news(&self) -> News {
        std::mem::take(&mut *self.news())
    }

    fn news(&self) -> MutexGuard<'_, News> {
        self.news.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Closes it if nobody is there, or even with people: their streams end. False if it stays open.
    pub(super) fn close(&self, even_with_people: bool) -> bool {
        let mut seats = self.seats();
        seats.closed |= even_with_people || seats.all.is_empty();
        if seats.closed {
            seats.all.clear();
        }
        seats.closed
    }

    /// Ends every stream; the room stays open.
    pub(super) fn clear(&self) {
        self.seats().all.clear();
    }

    /// Those who fit.
    pub(super) fn those<T: Ord>(&self, fits: impl Fn(&Seat) -> Option<T>) -> BTreeSet<T> {
        self.seats().all.iter().filter_map(fits).collect()
    }

    /// Gives everybody their turn, a few at a time, and says what became of them.
    pub(super) async fn serve(&self, mut turn: impl FnMut(&mut Seat) -> Turn) -> BTreeSet<Turn> {
        let (mut at, mut came) = (0, BTreeSet::new());
        self.seats().serving = true;
        loop {
            {
                let mut seats = self.seats();
                let until = at + AT_A_TIME;
                while at < until.min(seats.all.len()) {
                    let became = turn(&mut seats.all[at]);
                    came.insert(became);
                    match became {
                        Turn::Ends => drop(seats.all.swap_remove(at)),
                        Turn::Done | Turn::More | Turn::Full => at += 1,
                    }
                }
                if at >= seats.all.len() {
                    seats.serving = false;
                    return came;
                }
            }
            tokio::task::yield_now().await;
        }
    }

    /// How long until the next of them have their beat: all in turn within [`HEARTBEAT`].
    pub(super) fn pause(&self) -> Duration {
        let turns = self.seats().all.len().div_ceil(AT_A_TIME).max(1);
        HEARTBEAT / u32::try_from(turns).unwrap_or(u32::MAX)
    }

    /// Lets the next few know that somebody is there, and forgets those of them who are not.
    pub(super) fn beat(&self) {
        let mut seats = self.seats();
        let mut at = seats.beaten;
        let until = at + AT_A_TIME;
        while at < until.min(seats.all.len()) {
            match seats.all[at].say_beat() {
                Turn::Ends if !seats.serving => drop(seats.all.swap_remove(at)),
                _ => at += 1,
            }
        }
        seats.beaten = if at < seats.all.len() { at } else { 0 };
    }
}

impl Seat {
    fn say_beat(&mut self) -> Turn {
        if self.missed {
            return self.say(&LOOK_ANEW);
        }
        self.put(&BEAT)
    }
}

/// Which of those who came in a while ago might still come in, each as the same. Everybody is asked about anew, once,
/// however many streams they have.
pub(super) async fn still(gate: &Gate, asked: &BTreeSet<Arc<Known>>) -> BTreeSet<Arc<Known>> {
    let all: Vec<Arc<Known>> = asked.iter().cloned().collect();
    let mut asking = JoinSet::new();
    for part in all.chunks(all.len().div_ceil(ASKED_AT_ONCE).max(1)) {
        let (gate, mut part) = (gate.clone(), part.to_vec());
        asking.spawn(async move {
            let mut still = Vec::with_capacity(part.len());
            for known in part.drain(..) {
                if gate.is_still(&known).await {
                    still.push(known);
                }
            }
            still
        });
    }
    let mut still = BTreeSet::new();
    while let Some(part) = asking.join_next().await {
        still.extend(part.unwrap_or_default());
    }
    still
}
