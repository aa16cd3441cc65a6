//! The outbox in SQLite.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use rusqlite::{Row, params};
use uuid::Uuid;

use super::session::Session;
use super::statements;
use super::values::{Count, Micros, bound};
use crate::store::error::{Result, StoreError};
use crate::store::model::{
    Attempt, AttemptOutcome, Earliest, JournalId, Lane, Lease, Message, NoticeId, OutboxRow,
    OutboxState, Try, whole_micros,
};
use crate::store::seam::{BatchTx, OutboxTx, OutboxView};

/// The columns of [`outbox_row`].
macro_rules! outbox_columns {
    () => {
        "notice, journal, seq, person, route, lane, form, message, state, attempts, next_try, \
         lease_until, fence, recipient, bundle"
    };
}

statements! {
    DELIVERY = concat!("SELECT ", outbox_columns!(), " FROM outbox WHERE notice = ?1");
    DELIVERIES_OF = concat!("SELECT ", outbox_columns!(), " FROM outbox
        WHERE journal = ?1 ORDER BY seq, notice");
    ATTEMPTS = "SELECT n, at, outcome, receipt FROM attempt WHERE notice = ?1 ORDER BY n";
    ATTEMPTS_OF = "SELECT attempt.notice, n, at, outcome, receipt
        FROM attempt JOIN outbox USING (notice) WHERE journal = ?1 ORDER BY attempt.notice, n";
    EARLIEST = "SELECT min(time) FROM (
        SELECT min(next_try) AS time FROM outbox WHERE state = 'queued' AND lane = 0
        UNION ALL SELECT min(next_try) FROM outbox WHERE state = 'queued' AND lane = 1 AND ?1 >= 1)";
    LEASES = "SELECT min(lease_until), max(lease_until) FROM outbox
        WHERE state = 'leased' AND lane <= ?1";
    COUNTS = "SELECT state, count(*) FROM outbox GROUP BY state";
    ADD = concat!("INSERT INTO outbox (", outbox_columns!(), ")
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
        ON CONFLICT (notice) DO NOTHING");
    DUE = concat!("SELECT ", outbox_columns!(), " FROM outbox
        WHERE state = 'queued' AND lane = ?1 AND next_try <= ?2 ORDER BY next_try, notice LIMIT ?3");
    LOST = concat!("SELECT ", outbox_columns!(), " FROM outbox
        WHERE state = 'leased' AND (lease_until <= ?2 OR lease_until > ?4) AND lane <= ?1
        ORDER BY lane, next_try, notice LIMIT ?3");
    BUNDLED = concat!("SELECT ", outbox_columns!(), " FROM outbox WHERE bundle = ?1
        AND ((state = 'queued' AND next_try <= ?2)
            OR (state = 'leased' AND (lease_until <= ?3 OR lease_until > ?4)))");
    LEASE = "UPDATE outbox SET state = 'leased', lease_until = ?2, fence = ?3, attempts = ?4
        WHERE notice = ?1";
    RENEW = "UPDATE outbox SET lease_until = ?3
        WHERE notice = ?1 AND fence = ?2 AND state = 'leased'";
    END_LEASES = "UPDATE outbox SET lease_until = ?1 WHERE state = 'leased' AND lease_until > ?1";
    CLOSE = "UPDATE outbox SET state = ?3, attempts = ?4, next_try = ?5, lease_until = NULL
        WHERE notice = ?1 AND fence = ?2 AND state = 'leased'";
    ADD_ATTEMPT = "INSERT INTO attempt (notice, n, at, outcome, receipt)
        VALUES (?1, ?2, ?3, ?4, ?5)";
    CLOSE_AT_ONCE = "UPDATE outbox SET state = ?2, attempts = 1 WHERE notice = ?1";
    HASTEN = "UPDATE outbox SET next_try = ?2
        WHERE notice = ?1 AND state = 'queued' AND attempts = 0 AND next_try > ?2";
    CONCLUDE = "UPDATE outbox SET state = ?2, attempts = ?3, next_try = ?4, lease_until = NULL,
        fence = fence + 1 WHERE notice = ?1";
    PUT_OFF = "UPDATE outbox SET next_try = ?2
        WHERE notice = ?1 AND state = 'queued' AND attempts = 0 AND next_try < ?2";
    WITHDRAW = "UPDATE outbox SET state = 'dropped' WHERE notice = ?1 AND state = 'queued'";
    REWORD = "UPDATE outbox SET form = ?2, message = ?3
        WHERE notice = ?1 AND form <> 'erased' AND state IN ('queued', 'leased')";
    ERASE_MESSAGE = "UPDATE outbox SET form = 'erased', message = x''
        WHERE notice = ?1 AND form <> 'erased'";
}

fn outbox_row(row: &Row<'_>) -> rusqlite::Result<OutboxRow> {
    let message = row.get(7)?;
    Ok(OutboxRow {
        notice: row.get(0)?,
        journal: row.get(1)?,
        seq: row.get::<_, Count>(2)?.0,
        person: row.get(3)?,
        route: row.get(4)?,
        lane: row.get(5)?,
        message: match row.get_ref(6)?.as_str()? {
            "plain" => Message::Plain(message),
            "cipher" => Message::Cipher(message),
            _ => Message::Erased,
        },
        state: row.get(8)?,
        attempts: row.get(9)?,
        next_try: row.get::<_, Micros>(10)?.0,
        lease_until: row.get::<_, Option<Micros>>(11)?.map(|time| time.0),
        fence: row.get::<_, Count>(12)?.0,
        recipient: row.get(13)?,
        bundle: row.get::<_, Option<[u8; 16]>>(14)?.map(Uuid::from_bytes),
    })
}

/// The form of a frozen text, and its bytes.
fn form(message: &Message) -> (&'static str, &[u8]) {
    match message {
        Message::Plain(bytes) => ("plain", bytes),
        Message::Cipher(bytes) => ("cipher", bytes),
        Message::Erased => ("erased", &[]),
    }
}

impl OutboxView for Session {
    fn delivery(&self, notice: NoticeId) -> Result<Option<OutboxRow>> {
        self.one(DELIVERY, [notice], outbox_row)
    }

    fn deliveries_of(&self, journal: JournalId) -> Result<Vec<OutboxRow>> {
        self.many(DELIVERIES_OF, [journal], outbox_row)
    }

    fn attempts(&self, notice: NoticeId) -> Result<Vec<Attempt>> {
        self.many(ATTEMPTS, [notice], |row| {
            Ok(Attempt {
                notice,
                n: row.get(0)?,
                at: row.get::<_, Micros>(1)?.0,
                outcome: row.get(2)?,
                receipt: row.get(3)?,
            })
        })
    }

    fn attempts_of(&self, journal: JournalId) -> Result<Vec<Attempt>> {
        self.many(ATTEMPTS_OF, [journal], |row| {
            Ok(Attempt {
                notice: row.get(0)?,
                n: row.get(1)?,
                at: row.get::<_, Micros>(2)?.0,
                outcome: row.get(3)?,
                receipt: row.get(4)?,
            })
        })
    }

    fn earliest_delivery(&self, lowest: Lane, now: Timestamp) -> Result<Option<Timestamp>> {
        let time = |row: &Row<'_>, column| {
            let time = row.get::<_, Option<Micros>>(column)?;
            rusqlite::Result::Ok(time.map(|time| time.0))
        };
        let queued = self.one(EARLIEST, [lowest], |row| time(row, 0))?.flatten();
        let leased = self.one(LEASES, [lowest], |row| Ok(time(row, 0)?.zip(time(row, 1)?)))?;
        let earliest = Earliest {
            queued,
            leased: leased.flatten(),
        };
        Ok(earliest.seen_by(whole_micros(now), self.judge.now()))
    }

    fn time(&self) -> Result<Timestamp> {
        Ok(self.judge.now())
    }

    fn outbox_counts(&self) -> Result<BTreeMap<OutboxState, u64>> {
        let counts = self.many(COUNTS, [], |row| {
            Ok((row.get(0)?, row.get::<_, Count>(1)?.0))
        })?;
        Ok(counts.into_iter().collect())
    }
}

impl Session {
    /// The delivery, if it is leased under this fence.
    fn leased(&self, notice: NoticeId, fence: u64) -> Result<OutboxRow> {
        match self.delivery(notice)? {
            Some(row) if row.state == OutboxState::Leased && row.fence == fence => Ok(row),
            _ => Err(StoreError::StaleFence),
        }
    }

    fn note(&self, notice: NoticeId, n: u32, attempt: &Try) -> Result<()> {
        let Try {
            at,
            outcome,
            receipt,
        } = attempt;
        self.run(ADD_ATTEMPT, (notice, n, Micros(*at), outcome, receipt))
            .map(drop)
    }

    /// Ends a lease under its fence, with an attempt or without.
    fn end_lease(
        &self,
        notice: NoticeId,
        fence: u64,
        state: OutboxState,
        attempt: Option<&Try>,
        next_try: Option<Timestamp>,
    ) -> Result<()> {
        let row = self.leased(notice, fence)?;
        let mut attempts = row.attempts;
        if let Some(attempt) = attempt {
            attempts += 1;
            self.note(notice, attempts, attempt)?;
        }
        let next_try = Micros(next_try.unwrap_or(row.next_try));
        let ended = self.run(CLOSE, (notice, bound(fence), state, attempts, next_try))?;
        if ended == 0 {
            Err(StoreError::StaleFence)
        } else {
            Ok(())
        }
    }

    /// What is due of the lanes down to `lowest`, the urgent lane first, then the earliest.
    fn due(&self, lowest: Lane, now: Timestamp, limit: u32) -> Result<Vec<OutboxRow>> {
        let (own, longest) = self.judged();
        let mut due = self.many(LOST, (lowest, own, limit, longest), outbox_row)?;
        for lane in [Lane::Urgent, Lane::Ordinary]
            .into_iter()
            .filter(|lane| *lane <= lowest)
        {
            due.extend(self.many(DUE, (lane, Micros(now), limit), outbox_row)?);
        }
        due.sort_by_key(|row| (row.lane, row.next_try, row.notice));
        due.truncate(limit as usize);
        self.complete(due, now)
    }
}

impl Session {
    /// With the rest of every bundle that has a row among these.
    fn complete(&self, mut due: Vec<OutboxRow>, now: Timestamp) -> Result<Vec<OutboxRow>> {
        let bundles: BTreeSet<Uuid> = due.iter().filter_map(|row| row.bundle).collect();
        if bundles.is_empty() {
            return Ok(due);
        }
        due.retain(|row| row.bundle.is_none());
        let (own, longest) = self.judged();
        for bundle in bundles {
            let asked = (bundle.into_bytes(), Micros(now), &own, &longest);
            due.extend(self.many(BUNDLED, asked, outbox_row)?);
        }
        due.sort_by_key(|row| (row.lane, row.next_try, row.notice));
        Ok(due)
    }
}

impl Session {
    /// The store's time, and when the longest lease would end that is given now: see [`Lease::is_over`].
    fn judged(&self) -> (Micros, Micros) {
        let own = self.judge.now();
        (Micros(own), Micros(Lease::end(own, Lease::LIMIT_SECONDS)))
    }

    /// Adds a delivery as it stands; `false` and nothing if there is one under that notice.
    fn add(&mut self, row: &OutboxRow) -> Result<bool> {
        self.must_exist(row.journal)?;
        let (form, message) = form(&row.message);
        self.writes(message.len());
        let added = self.run(
            ADD,
            params![
                row.notice,
                row.journal,
                Count(row.seq),
                row.person,
                row.route,
                row.lane,
                form,
                message,
                row.state,
                row.attempts,
                Micros(row.next_try),
                row.lease_until.map(Micros),
                Count(row.fence),
                row.recipient,
                row.bundle.map(Uuid::into_bytes),
            ],
        )?;
        Ok(added > 0)
    }
}

impl OutboxTx for Session {
    fn enqueue(&mut self, row: &OutboxRow) -> Result<bool> {
        if row.state != OutboxState::Queued {
            return Err(StoreError::not_queued());
        }
        self.add(row)
    }

    fn enqueue_closed(&mut self, row: &OutboxRow, attempt: &Try) -> Result<bool> {
        let added = self.enqueue(row)?;
        if added {
            self.note(row.notice, 1, attempt)?;
            self.run(
                CLOSE_AT_ONCE,
                params![row.notice, attempt.outcome.final_state().word()],
            )?;
        }
        Ok(added)
    }

    fn keep_delivery(&mut self, row: &OutboxRow, attempts: &[Attempt]) -> Result<()> {
        if !self.add(row)? {
            return Err(StoreError::notice_known());
        }
        for Attempt {
            n,
            at,
            outcome,
            receipt,
            ..
        } in attempts
        {
            self.run(ADD_ATTEMPT, (row.notice, n, Micros(*at), outcome, receipt))?;
        }
        Ok(())
    }

    fn lease_deliveries(
        &mut self,
        lowest: Lane,
        now: Timestamp,
        limit: u32,
        seconds: u32,
    ) -> Result<Vec<Lease>> {
        let until = Lease::end(self.judge.now(), seconds);
        let mut leases = Vec::new();
        for mut row in self.due(lowest, now, limit)? {
            let lost = row.lease_until;
            if let Some(at) = lost {
                row.attempts += 1;
                let unknown = Try {
                    at,
                    outcome: AttemptOutcome::Uncertain,
                    receipt: None,
                };
                self.note(row.notice, row.attempts, &unknown)?;
            }
            row.state = OutboxState::Leased;
            row.fence += 1;
            row.lease_until = Some(until);
            self.run(
                LEASE,
                (row.notice, Micros(until), Count(row.fence), row.attempts),
            )?;
            leases.push(Lease {
                fence: row.fence,
                row,
                uncertain: lost.is_some(),
            });
        }
        Ok(leases)
    }

    fn renew(&mut self, notice: NoticeId, fence: u64, seconds: u32) -> Result<()> {
        let until = Micros(Lease::end(self.judge.now(), seconds));
        match self.run(RENEW, (notice, bound(fence), until))? {
            0 => Err(StoreError::StaleFence),
            _ => Ok(()),
        }
    }

    fn end_leases(&mut self) -> Result<()> {
        self.run(END_LEASES, [Micros(self.judge.now())]).map(drop)
    }

    fn finish(&mut self, notice: NoticeId, fence: u64, attempt: &Try) -> Result<()> {
        self.end_lease(
            notice,
            fence,
            attempt.outcome.final_state(),
            Some(attempt),
            None,
        )
    }

    fn reschedule(
        &mut self,
        notice: NoticeId,
        fence: u64,
        attempt: &Try,
        next_try: Timestamp,
    ) -> Result<()> {
        self.end_lease(
            notice,
            fence,
            OutboxState::Queued,
            Some(attempt),
            Some(next_try),
        )
    }

    fn drop_delivery(&mut self, notice: NoticeId, fence: u64) -> Result<()> {
        self.end_lease(notice, fence, OutboxState::Dropped, None, None)
    }

    fn hasten(&mut self, notice: NoticeId, at: Timestamp) -> Result<bool> {
        Ok(self.run(HASTEN, (notice, Micros(at)))? > 0)
    }

    fn put_off(&mut self, notice: NoticeId, at: Timestamp) -> Result<bool> {
        Ok(self.run(PUT_OFF, (notice, Micros(at)))? > 0)
    }

    fn hand_back(&mut self, notice: NoticeId, fence: u64, at: Timestamp) -> Result<()> {
        self.end_lease(notice, fence, OutboxState::Queued, None, Some(at))
    }

    fn conclude(
        &mut self,
        notice: NoticeId,
        attempt: &Try,
        again: Option<Timestamp>,
    ) -> Result<bool> {
        let Some(row) = self
            .delivery(notice)?
            .filter(|row| row.hears(attempt.outcome))
        else {
            return Ok(false);
        };
        let n = row.attempts + 1;
        self.note(notice, n, attempt)?;
        let state = attempt.outcome.state_until(again);
        let next_try = Micros(again.unwrap_or(row.next_try));
        self.run(CONCLUDE, (notice, state, n, next_try))?;
        Ok(true)
    }

    fn withdraw(&mut self, notice: NoticeId) -> Result<bool> {
        Ok(self.run(WITHDRAW, [notice])? > 0)
    }

    fn reword(&mut self, notice: NoticeId, message: &Message) -> Result<bool> {
        self.scrub_log();
        let (form, bytes) = form(message);
        Ok(self.run(REWORD, (notice, form, bytes))? > 0)
    }

    fn erase_message(&mut self, notice: NoticeId) -> Result<bool> {
        self.scrub_log();
        Ok(self.run(ERASE_MESSAGE, [notice])? > 0)
    }
}
