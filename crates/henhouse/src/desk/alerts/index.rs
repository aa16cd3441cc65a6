//! What the index keeps of alerts, and how a rebuild makes it again.

use std::collections::BTreeMap;

use jiff::Timestamp;
use procedure::Text;
use procedure::chapters::intake::{Alert, Alerts};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use casefile::chain::Chain;
use procedure::project::{HeldStep, ProjectBody};

use crate::desk::error::Result;
use crate::desk::projects::project_entry;
use crate::desk::{Inner, journal};
use crate::store::{AlertRow, Hash, JournalId, Tx, View};

/// The kind of entry that says that an alert is held back.
const HELD: &str = "alert_held";

/// How often each alert was sent, and when last: it stands in no journal.
pub(in crate::desk) type Counted = BTreeMap<Uuid, (u64, Timestamp)>;

/// What is counted, before the index is dropped.
pub(in crate::desk) fn counted(tx: &dyn Tx) -> Result<Counted> {
    let rows = tx.alerts()?.into_iter();
    Ok(rows.map(|row| (row.id, (row.times, row.last_at))).collect())
}

/// Writes the rows of a case's alerts. One whose key was erased is not found again by it.
pub(in crate::desk) fn index(
    tx: &mut dyn Tx,
    journal: JournalId,
    alerts: &Alerts,
    counted: &Counted,
) -> Result<()> {
    for row in rows(journal, alerts) {
        put(tx, row, counted)?;
    }
    Ok(())
}

/// The rows that a case's entries make.
fn rows(journal: JournalId, alerts: &Alerts) -> Vec<AlertRow> {
    let row = |(id, alert): (&String, &Alert)| {
        let alias = alert.alias.as_ref().and_then(Text::plain)?;
        Some(AlertRow {
            id: id.parse().ok()?,
            key: key(&alert.source, alias),
            source: alert.source.clone(),
            journal,
            opened: alert.opened,
            live: !alert.over,
            times: alert.times,
            last_at: alert.last_at,
        })
    };
    alerts.iter().filter_map(row).collect()
}

/// The rows of the alerts that a project holds back, as its entries make them.
fn held_rows(inner: &Inner, view: &dyn View, project: JournalId) -> Result<Vec<AlertRow>> {
    let key = journal::key(view, &inner.root, project)?;
    let mut rows: BTreeMap<Uuid, AlertRow> = BTreeMap::new();
    journal::read(view, &key, &mut Chain::new(project.0), |envelope| {
        if envelope.kind != HELD {
            return Ok(());
        }
        let entry = project_entry(envelope)?;
        let ProjectBody::AlertHeld(held) = entry.body else {
            return Ok(());
        };
        let Ok(id) = held.alert.parse::<Uuid>() else {
            return Ok(());
        };
        if held.step != HeldStep::Held {
            if let Some(row) = rows.get_mut(&id) {
                row.live = false;
                row.times = row.times.max(held.times);
                row.last_at = row.last_at.max(entry.recorded_at);
            }
            return Ok(());
        }
        let alias = held
            .alias
            .as_ref()
            .and_then(Text::plain)
            .unwrap_or_default();
        let row = AlertRow {
            id,
            key: self::key(&held.source, alias),
            source: held.source.clone(),
            journal: project,
            opened: false,
            live: true,
            times: held.times,
            last_at: entry.recorded_at,
        };
        rows.insert(id, row);
        Ok(())
    })?;
    Ok(rows.into_values().collect())
}

/// Writes the rows of the alerts that a project holds back.
pub(in crate::desk) fn held(
    inner: &Inner,
    tx: &mut dyn Tx,
    project: JournalId,
    counted: &Counted,
) -> Result<()> {
    for row in held_rows(inner, tx, project)? {
        put(tx, row, counted)?;
    }
    Ok(())
}

/// Whether the rows of a project's alerts are what its entries say.
pub(in crate::desk) fn says_held(
    inner: &Inner,
    view: &dyn View,
    project: JournalId,
) -> Result<bool> {
    let listed = view.alerts_of(project)?;
    Ok(same(held_rows(inner, view, project)?, &listed, |_| false))
}

fn put(tx: &mut dyn Tx, mut row: AlertRow, counted: &Counted) -> Result<()> {
    if let Some((times, last_at)) = counted.get(&row.id).copied() {
        row.times = row.times.max(times);
        row.last_at = last_at;
    }
    Ok(tx.put_alert(&row)?)
}

/// Whether these rows are what a case's entries say: how often and when last something was sent stands in them alone; it was
/// sent no less often than the entries know. One whose key was erased may stand there still.
pub(in crate::desk) fn says(journal: JournalId, alerts: &Alerts, listed: &[AlertRow]) -> bool {
    let erased = |id: &Uuid| {
        let alert = alerts.get(&id.to_string());
        alert.is_some_and(|alert| alert.alias.as_ref().and_then(Text::plain).is_none())
    };
    same(rows(journal, alerts), listed, erased)
}

/// Whether the listed rows are those that were made, but for what is counted in them, and others that may stand there.
fn same(made: Vec<AlertRow>, listed: &[AlertRow], others: impl Fn(&Uuid) -> bool) -> bool {
    let mut listed: BTreeMap<Uuid, &AlertRow> = listed.iter().map(|row| (row.id, row)).collect();
    let told = made.into_iter().all(|made| {
        listed.remove(&made.id).is_some_and(|row| {
            let (times, last_at) = (row.times, row.last_at);
            times >= made.times
                && *row
                    == AlertRow {
                        times,
                        last_at,
                        ..made
                    }
        })
    });
    told && listed.keys().all(others)
}

/// Under what the alerts of a source with this key are found.
pub(super) fn key(source: &str, alias: &str) -> Hash {
    Sha256::new()
        .chain_update(b"henhouse/alert/v1\0")
        .chain_update(source)
        .chain_update(b"\0")
        .chain_update(alias)
        .finalize()
        .into()
}

#[cfg(test)]
impl crate::desk::Desk {
    /// Puts another key in the place of that of the journal in which the first alert that there is stands.
    pub(crate) async fn spoil_journal_of_alert(&self) {
        let inner = std::sync::Arc::clone(&self.inner);
        let spoilt = self.write(move |tx| {
            let case = tx.alerts()?.remove(0).journal;
            inner.writing.take(tx.batch(), case);
            Ok(tx.put_journal_key(case, b"no key")?)
        });
        spoilt.await.ok();
    }

    /// Alters the first row that there is: what it is of, whether it goes on, how often it was sent.
    pub(crate) async fn damage_alerts(&self, how: u32) {
        let altered = self.write(move |tx| {
            let mut row = tx.alerts()?.remove(0);
            match how {
                0 => row.opened = !row.opened,
                1 => row.live = !row.live,
                _ => row.times = 0,
            }
            Ok(tx.put_alert(&row)?)
        });
        altered.await.ok();
    }
}
