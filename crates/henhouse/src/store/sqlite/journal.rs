//! Journals, sealed values, keys and bases in SQLite.

use rusqlite::Row;

use super::session::Session;
use super::statements;
use super::values::{Count, Micros, bound};
use crate::store::error::{Result, StoreError};
use crate::store::model::{
    BasisRow, EntryRow, Hash, Head, JournalId, JournalKind, JournalRow, Record, SealedRow,
};
use crate::store::seam::{BatchTx, JournalTx, JournalView};

statements! {
    JOURNAL = "SELECT id, kind, parent, created_at FROM journal WHERE id = ?1";
    CASES = "SELECT id, kind, parent, created_at FROM journal WHERE kind = 'case' ORDER BY id";
    FEW = "SELECT id, kind, parent, created_at FROM journal
        WHERE kind = ?1 AND kind <> 'case' ORDER BY id";
    CREATE = "INSERT INTO journal (id, kind, parent, created_at) VALUES (?1, ?2, ?3, ?4)";
    HEAD = "SELECT seq, hash FROM entry WHERE journal = ?1 ORDER BY seq DESC LIMIT 1";
    ENTRIES = "SELECT seq, recorded_at, kind, hash, bytes FROM entry
        WHERE journal = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3";
    APPEND = "INSERT INTO entry (journal, seq, recorded_at, kind, hash, bytes)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    SEAL = "INSERT INTO sealed (journal, seq, commitment, cipher) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (journal, commitment) DO NOTHING";
    SEALED = "SELECT cipher FROM sealed WHERE journal = ?1 AND commitment = ?2";
    SEALED_BETWEEN = "SELECT seq, commitment, cipher FROM sealed
        WHERE journal = ?1 AND seq > ?2 AND seq <= ?3 ORDER BY seq, commitment";
    ERASE = "DELETE FROM sealed WHERE journal = ?1 AND commitment = ?2";
    KEY = "SELECT wrapped FROM journal_key WHERE journal = ?1";
    KEYS = "SELECT journal, wrapped FROM journal_key ORDER BY journal";
    PUT_KEY = "INSERT INTO journal_key (journal, wrapped) VALUES (?1, ?2)
        ON CONFLICT (journal) DO UPDATE SET wrapped = excluded.wrapped";
    HAS_BASIS = "SELECT 1 FROM basis WHERE hash = ?1";
    BASES = "SELECT hash FROM basis ORDER BY hash";
    BASIS = "SELECT bytes FROM basis WHERE hash = ?1";
    PUT_BASIS = "INSERT INTO basis (hash, bytes) VALUES (?1, ?2)";
}

fn journal_row(row: &Row<'_>) -> rusqlite::Result<JournalRow> {
    Ok(JournalRow {
        id: row.get(0)?,
        kind: row.get(1)?,
        parent: row.get(2)?,
        created_at: row.get::<_, Micros>(3)?.0,
    })
}

impl JournalView for Session {
    fn journal(&self, journal: JournalId) -> Result<Option<JournalRow>> {
        self.one(JOURNAL, [journal], journal_row)
    }

    fn journals(&self, kind: JournalKind) -> Result<Vec<JournalRow>> {
        match kind {
            JournalKind::Case => self.many(CASES, [], journal_row),
            JournalKind::Project | JournalKind::Installation => self.many(FEW, [kind], journal_row),
        }
    }

    fn head(&self, journal: JournalId) -> Result<Head> {
        let head = self.one(HEAD, [journal], |row| {
            Ok(Head {
                seq: row.get::<_, Count>(0)?.0,
                hash: row.get(1)?,
            })
        })?;
        Ok(head.unwrap_or(Head::EMPTY))
    }

    fn entries(&self, journal: JournalId, after_seq: u64, limit: u32) -> Result<Vec<EntryRow>> {
        self.many(ENTRIES, (journal, bound(after_seq), limit), |row| {
            Ok(EntryRow {
                journal,
                seq: row.get::<_, Count>(0)?.0,
                recorded_at: row.get::<_, Micros>(1)?.0,
                kind: row.get(2)?,
                hash: row.get(3)?,
                bytes: row.get(4)?,
            })
        })
    }

    fn sealed(&self, journal: JournalId, commitment: Hash) -> Result<Option<Vec<u8>>> {
        self.one(SEALED, (journal, commitment), |row| row.get(0))
    }

    fn sealed_between(
        &self,
        journal: JournalId,
        after_seq: u64,
        last_seq: u64,
    ) -> Result<Vec<SealedRow>> {
        let values = (journal, bound(after_seq), bound(last_seq));
        self.many(SEALED_BETWEEN, values, |row| {
            Ok(SealedRow {
                seq: row.get::<_, Count>(0)?.0,
                commitment: row.get(1)?,
                cipher: row.get(2)?,
            })
        })
    }

    fn journal_key(&self, journal: JournalId) -> Result<Option<Vec<u8>>> {
        self.one(KEY, [journal], |row| row.get(0))
    }

    fn journal_keys(&self) -> Result<Vec<(JournalId, Vec<u8>)>> {
        self.many(KEYS, [], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    fn has_basis(&self, hash: Hash) -> Result<bool> {
        Ok(self.one(HAS_BASIS, [hash], |_| Ok(()))?.is_some())
    }

    fn bases(&self) -> Result<Vec<Hash>> {
        self.many(BASES, [], |row| row.get(0))
    }

    fn basis(&self, hash: Hash) -> Result<Option<Vec<u8>>> {
        self.one(BASIS, [hash], |row| row.get(0))
    }
}

impl JournalTx for Session {
    fn create_journal(&mut self, row: &JournalRow) -> Result<()> {
        let created_at = Micros(row.created_at);
        self.run(CREATE, (row.id, row.kind, row.parent, created_at))
            .map(drop)
    }

    fn append(&mut self, record: &Record) -> Result<()> {
        let head = self.head(record.journal)?;
        if record.seq != head.seq + 1 {
            self.must_exist(record.journal)?;
            return Err(StoreError::head_moved(head.seq, record.seq));
        }
        let seq = bound(record.seq);
        self.run(
            APPEND,
            (
                record.journal,
                seq,
                Micros(record.recorded_at),
                &record.kind,
                record.hash,
                &record.bytes,
            ),
        )?;
        let mut written = record.bytes.len();
        for (commitment, cipher) in &record.sealed {
            self.run(SEAL, (record.journal, seq, commitment, cipher))?;
            written += cipher.len();
        }
        self.writes(written);
        Ok(())
    }

    fn erase_sealed(&mut self, journal: JournalId, commitment: Hash) -> Result<bool> {
        self.scrub_log();
        Ok(self.run(ERASE, (journal, commitment))? > 0)
    }

    fn put_journal_key(&mut self, journal: JournalId, wrapped: &[u8]) -> Result<()> {
        self.run(PUT_KEY, (journal, wrapped)).map(drop)
    }

    fn put_basis(&mut self, basis: &BasisRow) -> Result<()> {
        match self.basis(basis.hash)? {
            Some(kept) if kept != basis.bytes => Err(StoreError::basis_differs()),
            Some(_) => Ok(()),
            None => {
                self.writes(basis.bytes.len());
                self.run(PUT_BASIS, (basis.hash, &basis.bytes)).map(drop)
            }
        }
    }
}
