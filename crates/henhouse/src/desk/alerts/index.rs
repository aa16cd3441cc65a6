//! What the index keeps of alerts, and how a rebuild makes it again.

use std::collections::BTreeMap;

use jiff::Timestamp;
use procedure::Text;
use procedure::chapters::intake::{Alert, Alerts};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::desk::error::Result;
use crate::store::{AlertRow, Hash, JournalId, Tx};

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
    for mut row in rows(journal, alerts) {
        let (times, last_at) = counted.get(&row.id).copied().unwrap_or_default();
        row.times = row.times.max(times);
        row.last_at = row.last_at.max(last_at);
        tx.put_alert(&row)?;
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

/// Whether these rows are what a case's entries say: how often and when last something was sent stands in them alone, and
/// is no less than the entries know. One whose key was erased may stand there still.
pub(in crate::desk) fn says(journal: JournalId, alerts: &Alerts, listed: &[AlertRow]) -> bool {
    let mut listed: BTreeMap<Uuid, &AlertRow> = listed.iter().map(|row| (row.id, row)).collect();
    let told = rows(journal, alerts).into_iter().all(|made| {
        listed.remove(&made.id).is_some_and(|row| {
            let counted = row.times >= made.times && row.last_at >= made.last_at;
            let (times, last_at) = (row.times, row.last_at);
            counted
                && *row
                    == AlertRow {
                        times,
                        last_at,
                        ..made
                    }
        })
    });
    let erased = |id: &Uuid| {
        let alert = alerts.get(&id.to_string());
        alert.is_some_and(|alert| alert.alias.as_ref().and_then(Text::plain).is_none())
    };
    told && listed.keys().all(erased)
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
