//! The outbox in memory.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use uuid::Uuid;

use super::{Memory, whole};
use crate::store::error::{Result, StoreError};
use crate::store::model::{
    Attempt, AttemptOutcome, Earliest, JournalId, Lane, Lease, Message, NoticeId, OutboxRow,
    OutboxState, Try, whole_micros,
};
use crate::store::seam::{OutboxTx, OutboxView};

impl Memory {
    fn leased(&self, notice: NoticeId, fence: u64) -> Result<OutboxRow> {
        match self.outbox.get(&notice) {
            Some(row) if row.state == OutboxState::Leased && row.fence == fence => Ok(row.clone()),
            _ => Err(StoreError::StaleFence),
        }
    }

    fn note(&mut self, row: &mut OutboxRow, attempt: &Try) {
        row.attempts += 1;
        row.lease_until = None;
        let attempt = Attempt {
            notice: row.notice,
            n: row.attempts,
            at: whole_micros(attempt.at),
            outcome: attempt.outcome,
            receipt: attempt.receipt.clone(),
        };
        self.attempts.put((attempt.notice, attempt.n), attempt);
    }

    /// Adds a delivery as it stands; `false` and nothing if there is one under that notice.
    fn add(&mut self, row: &OutboxRow) -> Result<bool> {
        self.must_exist(row.journal)?;
        if self.outbox.get(&row.notice).is_some() {
            return Ok(false);
        }
        let row = OutboxRow {
            next_try: whole_micros(row.next_try),
            lease_until: whole(row.lease_until),
            ..row.clone()
        };
        self.told.put((row.journal, row.notice), ());
        self.keep(row);
        Ok(true)
    }

    /// The one place that writes a delivery: what is open is found without going through all.
    fn keep(&mut self, row: OutboxRow) {
        if is_open(row.state) {
            self.open.put(row.notice, ());
        } else {
            self.open.remove(&row.notice);
        }
        self.outbox.put(row.notice, row);
    }

    /// What waits in the queue or is being sent, up to that lane.
    fn open_to(&self, lowest: Lane) -> impl Iterator<Item = &OutboxRow> {
        let open = self.open.iter();
        let rows = open.filter_map(|(notice, ())| self.outbox.get(notice));
        rows.filter(move |row| row.lane <= lowest)
    }
}

impl OutboxView for Memory {
    fn delivery(&self, notice: NoticeId) -> Result<Option<OutboxRow>> {
        Ok(self.outbox.get(&notice).cloned())
    }

    fn deliveries_of(&self, journal: JournalId) -> Result<Vec<OutboxRow>> {
        let first = (journal, NoticeId(Uuid::nil()));
        let told = self.told.range(first..);
        let told = told.take_while(|((of, _), ())| *of == journal);
        let rows = told.filter_map(|((_, notice), ())| self.outbox.get(notice));
        let mut rows: Vec<OutboxRow> = rows.cloned().collect();
        rows.sort_by_key(|row| (row.seq, row.notice));
        Ok(rows)
    }

    fn attempts(&self, notice: NoticeId) -> Result<Vec<Attempt>> {
        let attempts = self.attempts.range((notice, 0)..=(notice, u32::MAX));
        Ok(attempts.map(|(_, attempt)| attempt.clone()).collect())
    }

    fn attempts_of(&self, journal: JournalId) -> Result<Vec<Attempt>> {
        let mut attempts = Vec::new();
        let first = (journal, NoticeId(Uuid::nil()));
        let told = self.told.range(first..);
        for ((_, notice), ()) in told.take_while(|((of, _), ())| *of == journal) {
            attempts.extend(self.attempts(*notice)?);
        }
        Ok(attempts)
    }

    fn earliest_delivery(&self, lowest: Lane, now: Timestamp) -> Result<Option<Timestamp>> {
        let mut earliest = Earliest::default();
        for row in self.open_to(lowest) {
            match (row.state, row.lease_until) {
                (OutboxState::Queued, _) => {
                    let first = earliest.queued.unwrap_or(Timestamp::MAX);
                    earliest.queued = Some(first.min(row.next_try));
                }
                (OutboxState::Leased, Some(until)) => {
                    let (first, last) = earliest.leased.unwrap_or((until, until));
                    earliest.leased = Some((first.min(until), last.max(until)));
                }
                _ => {}
            }
        }
        Ok(earliest.seen_by(whole_micros(now), self.judge.now()))
    }

    fn time(&self) -> Result<Timestamp> {
        Ok(self.judge.now())
    }

    fn outbox_counts(&self) -> Result<BTreeMap<OutboxState, u64>> {
        let mut counts = BTreeMap::new();
        for row in self.outbox.values() {
            *counts.entry(row.state).or_insert(0) += 1;
        }
        Ok(counts)
    }
}

impl OutboxTx for Memory {
    fn enqueue(&mut self, row: &OutboxRow) -> Result<bool> {
        if row.state != OutboxState::Queued {
            return Err(StoreError::not_queued());
        }
        self.add(row)
    }

    fn enqueue_closed(&mut self, row: &OutboxRow, attempt: &Try) -> Result<bool> {
        let added = self.enqueue(row)?;
        if let Some(mut row) = self.outbox.get(&row.notice).cloned().filter(|_| added) {
            self.note(&mut row, attempt);
            row.state = attempt.outcome.final_state();
            self.keep(row);
        }
        Ok(added)
    }

    fn keep_delivery(&mut self, row: &OutboxRow, attempts: &[Attempt]) -> Result<()> {
        if !self.add(row)? {
            return Err(StoreError::notice_known());
        }
        for attempt in attempts {
            let attempt = Attempt {
                notice: row.notice,
                at: whole_micros(attempt.at),
                ..attempt.clone()
            };
            self.attempts.put((row.notice, attempt.n), attempt);
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
        let (now, own) = (whole_micros(now), self.judge.now());
        let mut due: Vec<&OutboxRow> = self
            .open_to(lowest)
            .filter(|row| match row.state {
                OutboxState::Queued => row.next_try <= now,
                OutboxState::Leased => row
                    .lease_until
                    .is_some_and(|until| Lease::is_over(until, own)),
                _ => false,
            })
            .collect();
        due.sort_by_key(|row| (row.lane, row.next_try, row.notice));
        let taken = due.get(..limit as usize).unwrap_or(&due);
        let bundles: BTreeSet<Uuid> = taken.iter().filter_map(|row| row.bundle).collect();
        let notices: BTreeSet<NoticeId> = taken.iter().map(|row| row.notice).collect();
        let together = |row: &&OutboxRow| {
            notices.contains(&row.notice) || row.bundle.is_some_and(|b| bundles.contains(&b))
        };
        let due: Vec<OutboxRow> = due.iter().copied().filter(together).cloned().collect();
        let mut leases = Vec::new();
        for mut row in due {
            let lost = row.lease_until;
            if let Some(at) = lost {
                let unknown = Try {
                    at,
                    outcome: AttemptOutcome::Uncertain,
                    receipt: None,
                };
                self.note(&mut row, &unknown);
            }
            row.state = OutboxState::Leased;
            row.fence += 1;
            row.lease_until = Some(Lease::end(own, seconds));
            self.keep(row.clone());
            leases.push(Lease {
                fence: row.fence,
                row,
                uncertain: lost.is_some(),
            });
        }
        Ok(leases)
    }

    fn renew(&mut self, notice: NoticeId, fence: u64, seconds: u32) -> Result<()> {
        let row = self.leased(notice, fence)?;
        let until = Some(Lease::end(self.judge.now(), seconds));
        self.keep(OutboxRow {
            lease_until: until,
            ..row
        });
        Ok(())
    }

    fn end_leases(&mut self) -> Result<()> {
        let now = self.judge.now();
        let held = |row: &&OutboxRow| row.lease_until.is_some_and(|until| until > now);
        let held: Vec<OutboxRow> = self.open_to(Lane::Ordinary).filter(held).cloned().collect();
        for row in held {
            let ended = OutboxRow {
                lease_until: Some(now),
                ..row
            };
            self.keep(ended);
        }
        Ok(())
    }

    fn finish(&mut self, notice: NoticeId, fence: u64, attempt: &Try) -> Result<()> {
        let mut row = self.leased(notice, fence)?;
        self.note(&mut row, attempt);
        row.state = attempt.outcome.final_state();
        self.keep(row);
        Ok(())
    }

    fn reschedule(
        &mut self,
        notice: NoticeId,
        fence: u64,
        attempt: &Try,
        next_try: Timestamp,
    ) -> Result<()> {
        let mut row = self.leased(notice, fence)?;
        self.note(&mut row, attempt);
        row.state = OutboxState::Queued;
        row.next_try = whole_micros(next_try);
        self.keep(row);
        Ok(())
    }

    fn drop_delivery(&mut self, notice: NoticeId, fence: u64) -> Result<()> {
        let row = self.leased(notice, fence)?;
        let row = OutboxRow {
            state: OutboxState::Dropped,
            lease_until: None,
            ..row
        };
        self.keep(row);
        Ok(())
    }

    fn hasten(&mut self, notice: NoticeId, at: Timestamp) -> Result<bool> {
        let at = whole_micros(at);
        let waits = |row: &&OutboxRow| {
            row.state == OutboxState::Queued && row.attempts == 0 && row.next_try > at
        };
        let Some(row) = self.outbox.get(&notice).filter(waits).cloned() else {
            return Ok(false);
        };
        let row = OutboxRow {
            next_try: at,
            ..row
        };
        self.outbox.put(notice, row);
        Ok(true)
    }

    fn put_off(&mut self, notice: NoticeId, at: Timestamp) -> Result<bool> {
        let at = whole_micros(at);
        let waits = |row: &&OutboxRow| {
            row.state == OutboxState::Queued && row.attempts == 0 && row.next_try < at
        };
        let Some(row) = self.outbox.get(&notice).filter(waits).cloned() else {
            return Ok(false);
        };
        let row = OutboxRow {
            next_try: at,
            ..row
        };
        self.keep(row);
        Ok(true)
    }

    fn hand_back(&mut self, notice: NoticeId, fence: u64, at: Timestamp) -> Result<()> {
        let row = self.leased(notice, fence)?;
        let row = OutboxRow {
            state: OutboxState::Queued,
            lease_until: None,
            next_try: whole_micros(at),
            ..row
        };
        self.keep(row);
        Ok(())
    }

    fn conclude(
        &mut self,
        notice: NoticeId,
        attempt: &Try,
        again: Option<Timestamp>,
    ) -> Result<bool> {
        let hears = |row: &&OutboxRow| row.hears(attempt.outcome);
        let Some(mut row) = self.outbox.get(&notice).filter(hears).cloned() else {
            return Ok(false);
        };
        self.note(&mut row, attempt);
        row.state = attempt.outcome.state_until(again);
        row.next_try = again.map_or(row.next_try, whole_micros);
        row.fence += 1;
        self.keep(row);
        Ok(true)
    }

    fn withdraw(&mut self, notice: NoticeId) -> Result<bool> {
        match self.outbox.get(&notice) {
            Some(row) if row.state == OutboxState::Queued => {
                let row = OutboxRow {
                    state: OutboxState::Dropped,
                    ..row.clone()
                };
                self.keep(row);
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    fn reword(&mut self, notice: NoticeId, message: &Message) -> Result<bool> {
        match self.outbox.get(&notice) {
            Some(row) if is_open(row.state) && row.message != Message::Erased => {
                let row = OutboxRow {
                    message: message.clone(),
                    ..row.clone()
                };
                self.keep(row);
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    fn erase_message(&mut self, notice: NoticeId) -> Result<bool> {
        match self.outbox.get(&notice) {
            Some(row) if row.message != Message::Erased => {
                let row = OutboxRow {
                    message: Message::Erased,
                    ..row.clone()
                };
                self.keep(row);
                Ok(true)
            }
            _ => Ok(false),
        }
    }
}

/// Waits in the queue or is being sent.
fn is_open(state: OutboxState) -> bool {
    matches!(state, OutboxState::Queued | OutboxState::Leased)
}
