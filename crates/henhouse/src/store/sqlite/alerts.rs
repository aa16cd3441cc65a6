//! The index over alerts in SQLite.

use rusqlite::Row;
use uuid::Uuid;

use super::session::Session;
use super::statements;
use super::values::{Count, Micros};
use crate::store::error::Result;
use crate::store::model::{AlertRow, Hash, JournalId};
use crate::store::seam::{AlertTx, AlertView};

statements! {
    ALERT = "SELECT id, source, key, journal, opened, live, times, last_at FROM alert_index
        WHERE id = ?1";
    BY_KEY = "SELECT id, source, key, journal, opened, live, times, last_at FROM alert_index
        WHERE source = ?1 AND key = ?2 ORDER BY id DESC LIMIT 1";
    OF_SOURCE = "SELECT id, source, key, journal, opened, live, times, last_at FROM alert_index
        WHERE source = ?1 ORDER BY id DESC LIMIT ?2";
    LIVE = "SELECT count(*) FROM alert_index WHERE source = ?1 AND live";
    OF_CASE = "SELECT id, source, key, journal, opened, live, times, last_at FROM alert_index
        WHERE journal = ?1 ORDER BY id";
    ALERTS = "SELECT id, source, key, journal, opened, live, times, last_at FROM alert_index
        ORDER BY id";
    PUT = "INSERT INTO alert_index (id, source, key, journal, opened, live, times, last_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        ON CONFLICT (id) DO UPDATE SET source = excluded.source, key = excluded.key,
            journal = excluded.journal, opened = excluded.opened, live = excluded.live,
            times = excluded.times, last_at = excluded.last_at";
}

fn alert_row(row: &Row<'_>) -> rusqlite::Result<AlertRow> {
    Ok(AlertRow {
        id: Uuid::from_bytes(row.get(0)?),
        source: row.get(1)?,
        key: row.get(2)?,
        journal: row.get(3)?,
        opened: row.get(4)?,
        live: row.get(5)?,
        times: row.get::<_, Count>(6)?.0,
        last_at: row.get::<_, Micros>(7)?.0,
    })
}

impl AlertView for Session {
    fn alert(&self, id: Uuid) -> Result<Option<AlertRow>> {
        self.one(ALERT, [id.as_bytes()], alert_row)
    }

    fn alert_by_key(&self, source: &str, key: Hash) -> Result<Option<AlertRow>> {
        self.one(BY_KEY, (source, key), alert_row)
    }

    fn alerts_of_source(&self, source: &str, limit: u32) -> Result<Vec<AlertRow>> {
        self.many(OF_SOURCE, (source, limit), alert_row)
    }

    fn live_alerts(&self, source: &str) -> Result<u64> {
        let count = self.one(LIVE, [source], |row| row.get::<_, Count>(0))?;
        Ok(count.map_or(0, |count| count.0))
    }

    fn alerts_of(&self, journal: JournalId) -> Result<Vec<AlertRow>> {
        self.many(OF_CASE, [journal], alert_row)
    }

    fn alerts(&self) -> Result<Vec<AlertRow>> {
        self.many(ALERTS, [], alert_row)
    }
}

impl AlertTx for Session {
    fn put_alert(&mut self, row: &AlertRow) -> Result<()> {
        self.run(
            PUT,
            (
                row.id.as_bytes(),
                &row.source,
                row.key,
                row.journal,
                row.opened,
                row.live,
                Count(row.times),
                Micros(row.last_at),
            ),
        )
        .map(drop)
    }
}
