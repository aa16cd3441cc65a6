//! Alerts that programs send: kept apart by their sender's key, so that the first opens an event or joins one, and the
//! rest are only counted. People's reports never wait behind them: only a few stand before the writer at a time, and
//! whoever comes then is asked to send again.

mod beats;
mod compare;
mod foreseen;
mod group;
mod index;
pub(super) mod patterns;
mod rules;
mod shadow;
mod source;
mod take;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use procedure::chapters::intake::{AlertStep, Gravity};
use procedure::project::{AlertHeld, AlertSource};
use procedure::{Body, Text};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

use super::error::{DeskError, Result};
use super::{Desk, Inner, StoreError, cases};
use crate::store::{AlertRow, JournalId, View};
use crate::vault::Exhibits;

pub use beats::Beat;
pub use compare::{Compared, Theirs, Verdict, compare};
pub use foreseen::Foreseen;
pub(super) use index::{Counted, counted, held, index, says, says_held};
pub(super) use rules::earliest_wake;
pub use rules::{Would, gravity_word};
pub use shadow::{Because, InShadow, TheirCall, WouldCall};
pub use source::NewSource;
use take::{Opening, Turned};

/// So many alerts stand before the writer: no more than one batch of it, so that a report waits for one at most.
const AT_ONCE: usize = 32;
/// So long one waits for its turn before its sender is asked to send it again.
const PATIENCE: Duration = Duration::from_secs(2);
/// So much of bodies is in memory at once; read, one becomes up to ten times as large for a moment.
const IN_MEMORY_KIB: u32 = 16 * 1024;
/// Somebody else may open or end the case meanwhile; so often it is looked at again.
const TRIES: u32 = 4;

/// Whoever shows the key of a source.
#[derive(Clone, Debug)]
pub struct Sending {
    /// The project that it belongs to.
    pub project: JournalId,
    /// The source.
    pub source: AlertSource,
}

/// What is sent of an alert.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sent {
    /// It is the case.
    #[default]
    Fires,
    /// It is over.
    Over,
    /// Somebody took note of it there.
    Acknowledged,
    /// Nobody takes note of it there any more.
    Unacknowledged,
    /// More about it.
    Noted,
    /// Something was changed, such as a new version installed. It wakes nobody.
    Changed,
}

/// An alert as it came.
#[derive(Clone, Debug, Default)]
pub struct Alert {
    /// What is said of it.
    pub sent: Sent,
    /// The key by which its sender means the same one again.
    pub alias: String,
    /// What it is called.
    pub title: String,
    /// What it says, for people.
    pub words: String,
    /// How grave its sender calls it.
    pub gravity: Option<Gravity>,
    /// Where it is a group of its sender's: those in it that fire.
    pub members: Vec<Member>,
    /// Its sender's labels, tags and details, for the project's rules.
    pub fields: BTreeMap<String, String>,
    /// What its sender keeps of it besides; a later one adds to those before.
    pub facts: Map<String, Value>,
    /// It was held back so, and nothing holds it back any more.
    pub let_go: Option<Box<AlertHeld>>,
    /// The id that its sender gave to this message: sent again, it counts once.
    pub message: Option<String>,
    /// The body as it came; kept as evidence of what it opened.
    pub raw: Vec<u8>,
    /// That body is a mail.
    pub is_mail: bool,
}

/// One of a group of alerts.
#[derive(Clone, Debug)]
pub struct Member {
    /// The key by which its sender means the same one again.
    pub key: String,
    /// What it says, for people.
    pub words: String,
}

/// What became of an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    /// Its id. Nothing where what was said is of no alert that is known.
    pub id: Option<Uuid>,
    /// How often it was sent.
    pub times: u64,
    /// It opened a case just now.
    pub opened: bool,
}

/// An alert that is known.
#[derive(Clone, Debug)]
pub struct KnownAlert {
    /// Its id.
    pub id: Uuid,
    /// The key by which its sender means it.
    pub alias: String,
    /// What it is called.
    pub title: String,
    /// How often it was sent.
    pub times: u64,
    /// When it was sent first.
    pub at: Timestamp,
    /// When it was sent last.
    pub last_at: Timestamp,
    /// Somebody took note of it where it came from.
    pub acknowledged: bool,
    /// Its sender says that it is over.
    pub over: bool,
    /// What its sender keeps of it besides.
    pub facts: Map<String, Value>,
}

/// Something that was said of an alert.
#[derive(Clone, Debug)]
pub struct SaidOfAlert {
    /// When it was written down.
    pub at: Timestamp,
    /// What it did.
    pub step: AlertStep,
    /// In words.
    pub words: String,
}

/// By what an alert is looked for.
#[derive(Clone, Debug)]
pub enum By {
    /// Its id.
    Id(Uuid),
    /// Its sender's key.
    Alias(String),
}

/// Alerts stand in line here, apart from everybody else.
pub(super) struct Turns {
    writer: Arc<Semaphore>,
    memory: Arc<Semaphore>,
    strangers: Arc<Semaphore>,
}

impl Default for Turns {
    fn default() -> Self {
        Self {
            writer: Arc::new(Semaphore::new(AT_ONCE)),
            memory: Arc::new(Semaphore::new(IN_MEMORY_KIB as usize)),
            strangers: Arc::new(Semaphore::new(IN_MEMORY_KIB as usize)),
        }
    }
}

impl Turns {
    async fn next(&self) -> Result<OwnedSemaphorePermit> {
        wait(Arc::clone(&self.writer).acquire_owned()).await
    }

    async fn room(&self, bytes: usize, known: bool) -> Result<OwnedSemaphorePermit> {
        let kib = u32::try_from(bytes.div_ceil(1024)).unwrap_or(u32::MAX);
        let kib = kib.clamp(1, IN_MEMORY_KIB);
        let room = if known { &self.memory } else { &self.strangers };
        wait(Arc::clone(room).acquire_many_owned(kib)).await
    }
}

/// Whoever comes while there is no place for long is asked to send again.
async fn wait(
    turn: impl Future<Output = std::result::Result<OwnedSemaphorePermit, AcquireError>>,
) -> Result<OwnedSemaphorePermit> {
    let turn = tokio::time::timeout(PATIENCE, turn).await;
    let crowd = || StoreError::Busy("more alerts come than can be kept at once".to_owned());
    Ok(turn.map_err(|_| crowd())?.map_err(|_| StoreError::Closed)?)
}

/// Room for the body of an alert, until it is dropped.
pub struct Room {
    _kib: OwnedSemaphorePermit,
}

impl Desk {
    /// Room for a body of so many bytes, to be asked for before it is read: what is not read yet costs nothing.
    ///
    /// # Errors
    /// Busy where too much of others is here already.
    pub async fn room_for_alert(&self, bytes: usize) -> Result<Room> {
        let _kib = self.inner.alerts.room(bytes, true).await?;
        Ok(Room { _kib })
    }

    /// The same for a body of which nobody knows yet who sends it: strangers take no room from those who have a key.
    ///
    /// # Errors
    /// Busy where too much of others is here already.
    pub async fn room_for_stranger(&self, bytes: usize) -> Result<Room> {
        let _kib = self.inner.alerts.room(bytes, false).await?;
        Ok(Room { _kib })
    }

    /// Takes an alert; when this answers, it is on disk.
    ///
    /// # Errors
    /// Busy where too many come at once; the store's. It is to be sent again then.
    pub async fn take_alert(
        &self,
        exhibits: &Exhibits,
        from: &Sending,
        alert: Alert,
    ) -> Result<Received> {
        let turn = Arc::new(self.inner.alerts.next().await?);
        let mut alert = alert;
        alert.alias = take::kept_alias(&alert.alias);
        let alert = Arc::new(alert);
        let mut opening: Option<Opening> = None;
        for _ in 0..TRIES {
            let (inner, from, sent) = (Arc::clone(&self.inner), from.clone(), Arc::clone(&alert));
            let (prepared, turn) = (opening.clone(), Arc::clone(&turn));
            // The turn goes with the work: a sender that hangs up does not give it back before that is done.
            let turned = self
                .write(move |tx| {
                    let _turn = turn;
                    take::take(&inner, tx, &from, &sent, prepared)
                })
                .await;
            match turned {
                Ok(Turned::Done(received)) => {
                    if let Some(unused) = opening.filter(|_| !received.opened) {
                        unused.throw_away(exhibits).await;
                    }
                    return Ok(received);
                }
                Ok(Turned::Opens) => {
                    let raw = alert.raw.clone();
                    opening = Some(Opening::prepare(&self.inner, exhibits, raw).await?);
                }
                Err(error) => {
                    // After any other error it may have been written all the same, and these bytes are its evidence.
                    let never = matches!(error, DeskError::Refused(_) | DeskError::NotFound(_));
                    if let Some(unused) = opening.filter(|_| never) {
                        unused.throw_away(exhibits).await;
                    }
                    return Err(error);
                }
            }
        }
        Err(StoreError::Busy("the case of this alert changes all the time".to_owned()).into())
    }

    /// An alert that this source sent.
    ///
    /// # Errors
    /// The store's.
    pub async fn known_alert(&self, from: &Sending, by: By) -> Result<Option<KnownAlert>> {
        let (inner, source) = (Arc::clone(&self.inner), from.source.id.clone());
        let project = from.project;
        let look = move |view: &dyn View| {
            let row = match &by {
                By::Id(id) => view.alert(*id)?,
                By::Alias(alias) => {
                    let alias = take::kept_alias(alias);
                    view.alert_by_key(&source, index::key(&source, &alias))?
                }
            };
            let Some(row) = row.filter(|row| row.source == source) else {
                return Ok(None);
            };
            known(&inner, view, project, &row)
        };
        self.inner.store.read(look).await
    }

    /// The last alerts of a source, newest first; at most so many are looked at.
    ///
    /// # Errors
    /// The store's.
    pub async fn last_alerts(&self, from: &Sending, most: u32) -> Result<Vec<KnownAlert>> {
        let (inner, from) = (Arc::clone(&self.inner), from.clone());
        let look = move |view: &dyn View| {
            let rows = view.alerts_of_source(&from.source.id, most)?;
            let known = rows
                .iter()
                .map(|row| known(&inner, view, from.project, row));
            known.filter_map(Result::transpose).collect()
        };
        self.inner.store.read(look).await
    }

    /// Everything that was said of an alert, in order.
    ///
    /// # Errors
    /// The store's.
    pub async fn said_of_alert(&self, from: &Sending, id: Uuid) -> Result<Vec<SaidOfAlert>> {
        let (inner, from) = (Arc::clone(&self.inner), from.clone());
        let look = move |view: &dyn View| {
            let row = view.alert(id)?.filter(|row| row.source == from.source.id);
            let Some(row) = row.filter(|row| row.journal != from.project) else {
                return Ok(Vec::new());
            };
            let entries = cases::entries(view, &inner.root, row.journal, 0, u32::MAX)?;
            let said = entries.iter().filter_map(|entry| match &entry.body {
                Body::AlertNoted(noted) if noted.alert == id.to_string() => Some(SaidOfAlert {
                    at: entry.recorded_at,
                    step: noted.step,
                    words: noted
                        .words
                        .as_ref()
                        .and_then(Text::plain)
                        .unwrap_or_default()
                        .to_owned(),
                }),
                _ => None,
            });
            Ok(said.collect())
        };
        self.inner.store.read(look).await
    }

    /// How many alerts of a source are not over.
    ///
    /// # Errors
    /// The store's.
    pub async fn live_alerts(&self, source: String) -> Result<u64> {
        let count = self.inner.store.read(move |view| view.live_alerts(&source));
        Ok(count.await?)
    }
}

/// An alert, as its case or what is held back says it.
fn known(
    inner: &Inner,
    view: &dyn View,
    project: JournalId,
    row: &AlertRow,
) -> Result<Option<KnownAlert>> {
    if row.journal == project {
        let state = inner.project_as_it_is(view, project)?.state;
        let (alias, title) = rules::known(&state, &row.id.to_string());
        return Ok(Some(KnownAlert {
            id: row.id,
            alias,
            title,
            times: row.times,
            at: row.last_at,
            last_at: row.last_at,
            acknowledged: false,
            over: !row.live,
            facts: Map::new(),
        }));
    }
    let readable = inner.reading.load(view, &inner.root, row.journal)?;
    let alerts = &readable.case().part.intake.alerts;
    let Some(alert) = alerts.get(&row.id.to_string()) else {
        return Ok(None);
    };
    let plain = |text: &Option<Text>| {
        let words = text.as_ref().and_then(Text::plain);
        words.unwrap_or_default().to_owned()
    };
    Ok(Some(KnownAlert {
        id: row.id,
        alias: plain(&alert.alias),
        title: plain(&alert.title),
        times: row.times,
        at: alert.at,
        last_at: row.last_at,
        acknowledged: alert.acknowledged,
        over: alert.over,
        facts: facts(&alert.facts),
    }))
}

/// What was said of it besides, the later over the earlier.
fn facts(all: &[Text]) -> Map<String, Value> {
    let mut facts = Map::new();
    for text in all.iter().filter_map(Text::plain) {
        if let Ok(Value::Object(more)) = serde_json::from_str(text) {
            facts.extend(more);
        }
    }
    facts
}
