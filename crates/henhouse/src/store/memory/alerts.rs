//! The index over alerts in memory.

use uuid::Uuid;

use super::Memory;
use crate::store::error::Result;
use crate::store::model::{AlertRow, Hash, JournalId, whole_micros};
use crate::store::seam::{AlertTx, AlertView};

impl AlertView for Memory {
    fn alert(&self, id: Uuid) -> Result<Option<AlertRow>> {
        Ok(self.alerts.get(&id).cloned())
    }

    fn alert_by_key(&self, source: &str, key: Hash) -> Result<Option<AlertRow>> {
        let mut newest = self.alerts.values().rev();
        let found = newest.find(|row| row.source == source && row.key == key);
        Ok(found.cloned())
    }

    fn alerts_of_source(&self, source: &str, limit: u32) -> Result<Vec<AlertRow>> {
        let newest = self
            .alerts
            .values()
            .rev()
            .filter(|row| row.source == source);
        Ok(newest.take(limit as usize).cloned().collect())
    }

    fn live_alerts(&self, source: &str) -> Result<u64> {
        let of = self.alerts.values().filter(|row| row.source == source);
        Ok(of.filter(|row| row.live).count() as u64)
    }

    fn alerts_of(&self, journal: JournalId) -> Result<Vec<AlertRow>> {
        let all = self.alerts.values();
        Ok(all.filter(|row| row.journal == journal).cloned().collect())
    }

    fn alerts(&self) -> Result<Vec<AlertRow>> {
        Ok(self.alerts.values().cloned().collect())
    }
}

impl AlertTx for Memory {
    fn put_alert(&mut self, row: &AlertRow) -> Result<()> {
        self.must_exist(row.journal)?;
        let row = AlertRow {
            last_at: whole_micros(row.last_at),
            ..row.clone()
        };
        self.alerts.put(row.id, row);
        Ok(())
    }
}
