//! What the index keeps of alerts, and how a rebuild makes it again.

use std::collections::BTreeMap;

use jiff::Timestamp;
use procedure::Text;
use procedure::chapters::intake::Alerts;
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
    for (id, alert) in alerts {
        let alias = alert.alias.as_ref().and_then(Text::plain);
        let (Ok(id), Some(alias)) = (id.parse::<Uuid>(), alias) else {
            continue;
        };
        let (times, last_at) = counted.get(&id).copied().unwrap_or_default();
        tx.put_alert(&AlertRow {
            id,
            key: key(&alert.source, alias),
            source: alert.source.clone(),
            journal,
            opened: alert.opened,
            live: !alert.over,
            times: times.max(alert.times),
            last_at: last_at.max(alert.last_at),
        })?;
    }
    Ok(())
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
