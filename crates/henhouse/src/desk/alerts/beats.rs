//! Heartbeats: an alert source says that it is there; when it did not for too long, that is an alert. Its alert is over with
//! the next one.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use procedure::Text;
use procedure::chapters::intake::Gravity;
use procedure::project::{Heartbeat, ProjectCommand, heartbeat_key};
use uuid::Uuid;

use super::take::kept_alias;
use super::{Alert, Sending, Sent, index, rules};
use crate::desk::error::Result;
use crate::desk::{Desk, Inner};
use crate::store::{JournalId, Tx, View};

/// A heartbeat as it stands.
#[derive(Clone, Debug)]
pub struct Beat {
    /// As it was set.
    pub set: Heartbeat,
    /// When it came last; it is listened for from its first coming on.
    pub last: Option<Timestamp>,
    /// It did not come for too long.
    pub expired: bool,
}

impl Desk {
    /// The heartbeats of a source.
    ///
    /// # Errors
    /// The store's.
    pub async fn beats(&self, from: &Sending) -> Result<Vec<Beat>> {
        let (inner, from) = (Arc::clone(&self.inner), from.clone());
        let look = move |view: &dyn View| {
            let state = inner.project_as_it_is(view, from.project)?.state;
            let now = inner.clock.now();
            let all = state
                .heartbeats
                .values()
                .filter(|beat| beat.source == from.source.id);
            let beat = |set: &Heartbeat| {
                let last = last(view, set)?;
                let expired = set.enabled && last.is_some_and(|last| due(set, last) <= now);
                Ok(Beat {
                    set: set.clone(),
                    last,
                    expired,
                })
            };
            all.map(beat).collect()
        };
        self.inner.store.read(look).await
    }

    /// Sets a heartbeat of a source.
    ///
    /// # Errors
    /// Refused where it cannot be.
    pub async fn set_beat(&self, from: &Sending, beat: Heartbeat) -> Result<()> {
        let actor = super::take::actor(from);
        let key = heartbeat_key(&beat.source, &beat.name);
        let state = self.project_as_it_is(from.project).await?;
        let listened = state.heartbeats.get(&key).is_some_and(|beat| beat.enabled);
        if beat.enabled && !beat.gone && !listened {
            // Listened for anew: when it came before that says nothing.
            let name = setting(&beat);
            let forget = move |tx: &mut dyn Tx| {
                if tx.setting(&name)?.is_some() {
                    tx.put_setting(&name, &[])?;
                }
                Ok(())
            };
            self.write(forget).await?;
        }
        let command = ProjectCommand::SetHeartbeat(beat);
        self.change_project(from.project, actor, command, None)
            .await?;
        self.inner.waker_bell.due(Some(Timestamp::MIN));
        Ok(())
    }

    /// A heartbeat came. Answers whether it is listened for.
    ///
    /// # Errors
    /// The store's.
    pub async fn beat(&self, from: &Sending, name: &str) -> Result<bool> {
        let key = heartbeat_key(&from.source.id, name);
        let state = self.project_as_it_is(from.project).await?;
        let Some(beat) = state.heartbeats.get(&key).cloned() else {
            return Ok(false);
        };
        let alert = alert(&beat, Sent::Over);
        let (inner, source) = (Arc::clone(&self.inner), from.source.id.clone());
        let alias = alert.alias.clone();
        let missed = self.write(move |tx: &mut dyn Tx| {
            let now = inner.clock.now();
            let first = last(tx, &beat)?.is_none();
            tx.put_setting(&setting(&beat), &now.as_microsecond().to_be_bytes())?;
            let missed = tx.alert_by_key(&source, index::key(&source, &alias))?;
            let inner = Arc::clone(&inner);
            tx.after_commit(Box::new(move || {
                if first {
                    inner.waker_bell.due(Some(due(&beat, now)));
                }
            }));
            Ok(missed.is_some_and(|row| row.live))
        });
        if missed.await?
            && let Some(exhibits) = self.inner.exhibits.get().cloned()
        {
            self.take_alert(&exhibits, from, alert).await?;
        }
        Ok(true)
    }

    /// Those that did not come for too long are alerts. Answers how many.
    pub(in crate::desk) async fn miss_beats(&self) -> Result<usize> {
        let Some(exhibits) = self.inner.exhibits.get().cloned() else {
            return Ok(0);
        };
        let (inner, now) = (Arc::clone(&self.inner), self.now());
        let look = move |view: &dyn View| {
            let mut all = waiting(&inner, view)?;
            all.retain(|(_, _, at)| *at <= now);
            Ok::<_, crate::desk::DeskError>(all)
        };
        let all = self.inner.store.read(look).await?;
        let mut told = 0;
        for (from, beat, _) in &all {
            let fires = alert(beat, Sent::Fires);
            let taken = self.take_alert(&exhibits, from, fires).await;
            told += usize::from(self.was_told(as_ailing(beat), taken));
        }
        Ok(told)
    }
}

/// When the next one is missed.
pub(super) fn earliest_wake(inner: &Inner, view: &dyn View) -> Option<Timestamp> {
    let all = waiting(inner, view).ok()?;
    all.into_iter().map(|(_, _, at)| at).min()
}

/// As what it is left aside.
fn as_ailing(beat: &Heartbeat) -> JournalId {
    let key = index::key(&beat.source, &alias(&beat.name));
    let (id, _) = key.split_first_chunk().unwrap_or((&[0; 16], &[]));
    JournalId(Uuid::from_bytes(*id))
}

/// Those that are listened for and not missed yet, nor left aside, each with when it will be.
fn waiting(inner: &Inner, view: &dyn View) -> Result<Vec<(Sending, Heartbeat, Timestamp)>> {
    let mut all = Vec::new();
    let aside = inner.ailing.waiting(inner.clock.steady());
    for (project, state) in rules::projects(inner, view)? {
        for beat in state.heartbeats.values().filter(|beat| beat.enabled) {
            let source = state.live_sources().find(|source| source.id == beat.source);
            let (Some(source), Some(last)) = (source.cloned(), last(view, beat)?) else {
                continue;
            };
            let key = index::key(&source.id, &alias(&beat.name));
            let missed = view.alert_by_key(&source.id, key)?;
            if missed.is_none_or(|row| !row.live) && !aside.contains(&as_ailing(beat)) {
                all.push((Sending { project, source }, beat.clone(), due(beat, last)));
            }
        }
    }
    Ok(all)
}

fn due(beat: &Heartbeat, last: Timestamp) -> Timestamp {
    let interval = SignedDuration::from_mins(i64::from(beat.interval_minutes));
    last.checked_add(interval).unwrap_or(Timestamp::MAX)
}

fn last(view: &dyn View, beat: &Heartbeat) -> Result<Option<Timestamp>> {
    let bytes = view.setting(&setting(beat))?;
    let micros = bytes.and_then(|bytes| Some(i64::from_be_bytes(bytes.try_into().ok()?)));
    Ok(micros.and_then(|micros| Timestamp::from_microsecond(micros).ok()))
}

fn setting(beat: &Heartbeat) -> String {
    format!("beat {} {}", beat.source, beat.name)
}

fn alias(name: &str) -> String {
    kept_alias(&format!("heartbeat {name}"))
}

fn alert(beat: &Heartbeat, sent: Sent) -> Alert {
    let title = beat.title.as_ref().and_then(Text::plain);
    let title = title.map_or_else(
        || format!("The heartbeat {} is missing", beat.name),
        str::to_owned,
    );
    let words = format!(
        "The heartbeat {} did not come for {} minutes. What sends it may be down, or cut off.",
        beat.name, beat.interval_minutes
    );
    Alert {
        sent,
        alias: alias(&beat.name),
        title,
        raw: words.clone().into_bytes(),
        words: if sent == Sent::Over {
            "It came again.".to_owned()
        } else {
            words
        },
        gravity: Some(beat.gravity.unwrap_or(Gravity::Error)),
        fields: BTreeMap::from([("heartbeat".to_owned(), beat.name.clone())]),
        ..Alert::default()
    }
}
