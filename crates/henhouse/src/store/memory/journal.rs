//! Journals, sealed values, keys and bases in memory.

use super::{Memory, at_most};
use crate::store::error::{Result, StoreError};
use crate::store::model::{
    BasisRow, EntryRow, Hash, Head, JournalId, JournalKind, JournalRow, Record, SealedRow,
    whole_micros,
};
use crate::store::seam::{JournalTx, JournalView};

impl JournalView for Memory {
    fn journal(&self, journal: JournalId) -> Result<Option<JournalRow>> {
        Ok(self.journals.get(&journal).cloned())
    }

    fn journals(&self, kind: JournalKind) -> Result<Vec<JournalRow>> {
        Ok(self
            .journals
            .values()
            .filter(|row| row.kind == kind)
            .cloned()
            .collect())
    }

    fn head(&self, journal: JournalId) -> Result<Head> {
        let newest = self
            .entries
            .range((journal, 0)..=(journal, u64::MAX))
            .next_back();
        Ok(newest.map_or(Head::EMPTY, |(_, entry)| Head {
            seq: entry.seq,
            hash: entry.hash,
        }))
    }

    fn entries(&self, journal: JournalId, after_seq: u64, limit: u32) -> Result<Vec<EntryRow>> {
        let after = (journal, after_seq.saturating_add(1))..=(journal, u64::MAX);
        Ok(at_most(
            limit,
            self.entries.range(after).map(|(_, entry)| entry.clone()),
        ))
    }

    fn sealed(&self, journal: JournalId, commitment: Hash) -> Result<Option<Vec<u8>>> {
        Ok(self
            .sealed
            .get(&(journal, commitment))
            .map(|row| row.cipher.clone()))
    }

    fn sealed_between(
        &self,
        journal: JournalId,
        after_seq: u64,
        last_seq: u64,
    ) -> Result<Vec<SealedRow>> {
        let mut rows: Vec<SealedRow> = self
            .sealed
            .range((journal, [0; 32])..=(journal, [u8::MAX; 32]))
            .map(|(_, row)| row.clone())
            .filter(|row| row.seq > after_seq && row.seq <= last_seq)
            .collect();
        rows.sort_by_key(|row| (row.seq, row.commitment));
        Ok(rows)
    }

    fn journal_key(&self, journal: JournalId) -> Result<Option<Vec<u8>>> {
        Ok(self.keys.get(&journal).cloned())
    }

    fn journal_keys(&self) -> Result<Vec<(JournalId, Vec<u8>)>> {
        Ok(self
            .keys
            .iter()
            .map(|(journal, key)| (*journal, key.clone()))
            .collect())
    }

    fn has_basis(&self, hash: Hash) -> Result<bool> {
        Ok(self.bases.get(&hash).is_some())
    }

    fn bases(&self) -> Result<Vec<Hash>> {
        Ok(self.bases.iter().map(|(hash, _)| *hash).collect())
    }

    fn basis(&self, hash: Hash) -> Result<Option<Vec<u8>>> {
        Ok(self.bases.get(&hash).cloned())
    }
}

impl JournalTx for Memory {
    fn create_journal(&mut self, row: &JournalRow) -> Result<()> {
        if self.journals.get(&row.id).is_some() {
            return Err(StoreError::Conflict(format!(
                "the journal {} exists",
                row.id
            )));
        }
        let row = JournalRow {
            created_at: whole_micros(row.created_at),
            ..row.clone()
        };
        self.journals.put(row.id, row);
        Ok(())
    }

    fn append(&mut self, record: &Record) -> Result<()> {
        self.must_exist(record.journal)?;
        let head = self.head(record.journal)?;
        if record.seq != head.seq + 1 {
            return Err(StoreError::head_moved(head.seq, record.seq));
        }
        self.wishes.bytes += record.bytes.len();
        self.entries
            .put((record.journal, record.seq), record.entry());
        for (commitment, cipher) in &record.sealed {
            let key = (record.journal, *commitment);
            if self.sealed.get(&key).is_none() {
                let row = SealedRow {
                    seq: record.seq,
                    commitment: *commitment,
                    cipher: cipher.clone(),
                };
                self.sealed.put(key, row);
            }
        }
        Ok(())
    }

    fn erase_sealed(&mut self, journal: JournalId, commitment: Hash) -> Result<bool> {
        Ok(self.sealed.remove(&(journal, commitment)))
    }

    fn put_journal_key(&mut self, journal: JournalId, wrapped: &[u8]) -> Result<()> {
        self.must_exist(journal)?;
        self.keys.put(journal, wrapped.to_vec());
        Ok(())
    }

    fn put_basis(&mut self, basis: &BasisRow) -> Result<()> {
        match self.bases.get(&basis.hash) {
            Some(kept) if *kept != basis.bytes => Err(StoreError::basis_differs()),
            Some(_) => Ok(()),
            None => {
                self.bases.put(basis.hash, basis.bytes.clone());
                Ok(())
            }
        }
    }
}
