//! Journals, sealed values, keys and bases in PostgreSQL.

use std::collections::BTreeSet;

use super::session::{Got, Session};
use super::statements;
use super::values::{Count, Hashed, Micros, bound, values};
use crate::store::error::{Result, StoreError};
use crate::store::model::{
    BasisRow, EntryRow, Hash, Head, JournalId, JournalKind, JournalRow, Record, SealedRow,
    whole_micros,
};
use crate::store::seam::{BatchTx, JournalTx, JournalView};

statements! {
    JOURNAL = "SELECT id, kind, parent, created_at FROM journal WHERE id = $1";
    LAST_JOURNAL = "SELECT id FROM journal ORDER BY id DESC LIMIT 1";
    JOURNALS = "SELECT id, kind, parent, created_at FROM journal WHERE kind = $1 ORDER BY id";
    CREATE = "INSERT INTO journal (id, kind, parent, created_at) VALUES ($1, $2, $3, $4)";
    HEAD = "SELECT seq, hash FROM entry WHERE journal = $1 ORDER BY seq DESC LIMIT 1";
    ENTRIES = "SELECT seq, recorded_at, kind, hash, bytes FROM entry
        WHERE journal = $1 AND seq > $2 ORDER BY seq LIMIT $3";
    APPEND = "INSERT INTO entry (journal, seq, recorded_at, kind, hash, bytes)
        VALUES ($1, $2, $3, $4, $5, $6)";
    SEAL = "INSERT INTO sealed (journal, seq, commitment, cipher) VALUES ($1, $2, $3, $4)
        ON CONFLICT (journal, commitment) DO NOTHING";
    SEALED = "SELECT cipher FROM sealed WHERE journal = $1 AND commitment = $2";
    SEALED_BETWEEN = "SELECT seq, commitment, cipher FROM sealed
        WHERE journal = $1 AND seq > $2 AND seq <= $3 ORDER BY seq, commitment";
    ERASE = "DELETE FROM sealed WHERE journal = $1 AND commitment = $2";
    KEY = "SELECT wrapped FROM journal_key WHERE journal = $1";
    KEYS = "SELECT journal, wrapped FROM journal_key ORDER BY journal";
    PUT_KEY = "INSERT INTO journal_key (journal, wrapped) VALUES ($1, $2)
        ON CONFLICT (journal) DO UPDATE SET wrapped = excluded.wrapped";
    HAS_BASIS = "SELECT 1 FROM basis WHERE hash = $1";
    BASES = "SELECT hash FROM basis ORDER BY hash";
    BASIS = "SELECT bytes FROM basis WHERE hash = $1";
    PUT_BASIS = "INSERT INTO basis (hash, bytes) VALUES ($1, $2)";
}

fn journal_row(row: &Got) -> Result<JournalRow> {
    Ok(JournalRow {
        id: row.get(0)?,
        kind: row.get(1)?,
        parent: row.get(2)?,
        created_at: row.get::<Micros>(3)?.0,
    })
}

impl JournalView for Session {
    fn journal(&self, journal: JournalId) -> Result<Option<JournalRow>> {
        if let Some(known) = self.known.borrow().journals.get(&journal) {
            return Ok(known.clone());
        }
        if self.remembers && self.last_journal()?.is_none_or(|last| journal > last) {
            return Ok(None);
        }
        let row = self.peek_one(JOURNAL, values![journal], journal_row)?;
        self.learn(|known| _ = known.journals.insert(journal, row.clone()));
        Ok(row)
    }

    fn journals(&self, kind: JournalKind) -> Result<Vec<JournalRow>> {
        if let Some(known) = self.known.borrow().kinds.get(&kind) {
            return Ok(known.clone());
        }
        let rows = self.many(JOURNALS, values![kind], journal_row)?;
        if kind != JournalKind::Case {
            self.learn(|known| _ = known.kinds.insert(kind, rows.clone()));
        }
        Ok(rows)
    }

    fn head(&self, journal: JournalId) -> Result<Head> {
        if let Some(known) = self.known.borrow().heads.get(&journal) {
            return Ok(*known);
        }
        let head = self.peek_one(HEAD, values![journal], |row| {
            Ok(Head {
                seq: row.get::<Count>(0)?.0,
                hash: row.get::<Hashed>(1)?.0,
            })
        })?;
        let head = head.unwrap_or(Head::EMPTY);
        self.learn(|known| _ = known.heads.insert(journal, head));
        Ok(head)
    }

    fn entries(&self, journal: JournalId, after_seq: u64, limit: u32) -> Result<Vec<EntryRow>> {
        let asked = values![journal, bound(after_seq), limit];
        self.many(ENTRIES, asked, |row| {
            Ok(EntryRow {
                journal,
                seq: row.get::<Count>(0)?.0,
                recorded_at: row.get::<Micros>(1)?.0,
                kind: row.get(2)?,
                hash: row.get::<Hashed>(3)?.0,
                bytes: row.get(4)?,
            })
        })
    }

    fn sealed(&self, journal: JournalId, commitment: Hash) -> Result<Option<Vec<u8>>> {
        self.one(SEALED, values![journal, commitment], |row| row.get(0))
    }

    fn sealed_between(
        &self,
        journal: JournalId,
        after_seq: u64,
        last_seq: u64,
    ) -> Result<Vec<SealedRow>> {
        let asked = values![journal, bound(after_seq), bound(last_seq)];
        self.many(SEALED_BETWEEN, asked, |row| {
            Ok(SealedRow {
                seq: row.get::<Count>(0)?.0,
                commitment: row.get::<Hashed>(1)?.0,
                cipher: row.get(2)?,
            })
        })
    }

    fn journal_key(&self, journal: JournalId) -> Result<Option<Vec<u8>>> {
        if let Some(known) = self.known.borrow().keys.get(&journal) {
            return Ok(known.clone());
        }
        let key = self.peek_one(KEY, values![journal], |row| row.get::<Vec<u8>>(0))?;
        self.learn(|known| _ = known.keys.insert(journal, key.clone()));
        Ok(key)
    }

    fn journal_keys(&self) -> Result<Vec<(JournalId, Vec<u8>)>> {
        self.many(KEYS, values![], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    fn has_basis(&self, hash: Hash) -> Result<bool> {
        if self.known.borrow().bases.contains(&hash) {
            return Ok(true);
        }
        let kept = self.peek_one(HAS_BASIS, values![hash], |_| Ok(()))?;
        if kept.is_some() {
            self.learn(|known| _ = known.bases.insert(hash));
        }
        Ok(kept.is_some())
    }

    fn bases(&self) -> Result<Vec<Hash>> {
        self.many(BASES, values![], |row| Ok(row.get::<Hashed>(0)?.0))
    }

    fn basis(&self, hash: Hash) -> Result<Option<Vec<u8>>> {
        self.one(BASIS, values![hash], |row| row.get(0))
    }
}

impl Session {
    /// The last journal by its id, but for those that are known: ids begin with their time, so a new one is behind it.
    fn last_journal(&self) -> Result<Option<JournalId>> {
        if let Some(last) = self.known.borrow().last_journal {
            return Ok(last);
        }
        let last = self.peek_one(LAST_JOURNAL, values![], |row| row.get(0))?;
        self.learn(|known| known.last_journal = Some(last));
        Ok(last)
    }

    /// Fails for a journal that nobody created.
    pub(super) fn must_exist(&self, journal: JournalId) -> Result<()> {
        self.journal(journal)?
            .map(drop)
            .ok_or_else(StoreError::unknown_journal)
    }
}

impl JournalTx for Session {
    fn create_journal(&mut self, row: &JournalRow) -> Result<()> {
        if self.journal(row.id)?.is_some() {
            return Err(StoreError::Conflict("this journal exists".to_owned()));
        }
        self.put(
            CREATE,
            values![row.id, row.kind, row.parent, row.created_at],
        )?;
        let kept = JournalRow {
            created_at: whole_micros(row.created_at),
            ..row.clone()
        };
        let mut known = self.known.borrow_mut();
        known.kinds.remove(&row.kind);
        known.projects.insert(row.id, None);
        // What was never created has nothing beside it either.
        known.journals.insert(row.id, Some(kept));
        known.heads.insert(row.id, Head::EMPTY);
        known.keys.insert(row.id, None);
        known.cases.insert(row.id, None);
        known.members.insert(row.id, BTreeSet::new());
        Ok(())
    }

    fn append(&mut self, record: &Record) -> Result<()> {
        let head = self.head(record.journal)?;
        if head.seq == 0 {
            self.must_exist(record.journal)?;
        }
        if record.seq != head.seq + 1 {
            return Err(StoreError::head_moved(head.seq, record.seq));
        }
        let seq = bound(record.seq);
        let mut written = record.bytes.len();
        self.put(
            APPEND,
            values![
                record.journal,
                seq,
                record.recorded_at,
                &record.kind,
                record.hash,
                &record.bytes
            ],
        )?;
        for (commitment, cipher) in &record.sealed {
            self.put(SEAL, values![record.journal, seq, *commitment, cipher])?;
            written += cipher.len();
        }
        let head = Head {
            seq: record.seq,
            hash: record.hash,
        };
        self.known.borrow_mut().heads.insert(record.journal, head);
        let mut job = self.job.borrow_mut();
        job.appended.insert(record.journal, record.seq);
        drop(job);
        self.writes(written);
        Ok(())
    }

    fn erase_sealed(&mut self, journal: JournalId, commitment: Hash) -> Result<bool> {
        self.scrub_log();
        Ok(self.run(ERASE, values![journal, commitment])? > 0)
    }

    fn put_journal_key(&mut self, journal: JournalId, wrapped: &[u8]) -> Result<()> {
        self.must_exist(journal)?;
        self.put(PUT_KEY, values![journal, wrapped])?;
        let mut known = self.known.borrow_mut();
        known.keys.insert(journal, Some(wrapped.to_vec()));
        Ok(())
    }

    fn put_basis(&mut self, basis: &BasisRow) -> Result<()> {
        match self.basis(basis.hash)? {
            Some(kept) if kept != basis.bytes => Err(StoreError::basis_differs()),
            Some(_) => Ok(()),
            None => {
                self.writes(basis.bytes.len());
                self.put(PUT_BASIS, values![basis.hash, &basis.bytes])?;
                self.known.borrow_mut().bases.insert(basis.hash);
                Ok(())
            }
        }
    }
}
