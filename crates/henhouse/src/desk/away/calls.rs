//! Calling people to a report that waits: the desk over what this node knows makes the case in memory, under its id, and
//! all that follows from it. Every attempt is kept, so that what left does not leave again.

use std::collections::BTreeMap;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use uuid::Uuid;

use super::super::error::Result;
use super::super::open::{Start, begin};
use super::super::{Desk, projects};
use super::{Away, Item, KeptReport, KeptTry, receipt_number};
use crate::store::{
    Attempt, AttemptOutcome, JournalId, Lane, Lease, Message, NoticeId, OutboxRow, OutboxState,
    StoreError, Try, View,
};

/// At most so many cases are made in memory at a time; for what waits beyond that people are called as these are handed
/// over, or by the database.
const MOST_IN_MEMORY: usize = 2_000;
/// So many of the things that wait are gone through at a time.
const PORTION: usize = 64;

/// Of the attempts that failed so many are kept of each notice while the database is away: a mail server that is away as
/// well must not fill the spool. The others go along with their case.
const FAILURES_KEPT: u32 = 5;

/// What nobody else sends for now: every delivery that is due, while cases are being handed over.
#[derive(Default)]
pub(super) struct Held(BTreeMap<NoticeId, Lease>);

impl Desk {
    /// Calls people for what was found at the start, and for what came while there was no room: as long as the database
    /// is away.
    pub(super) async fn call_what_waits(&self, away: &Away) -> Result<()> {
        while *away.looked_back.borrow() {
            let from = away.called_to.load(Ordering::Relaxed);
            let portion = away.index().after(from, PORTION);
            if portion.is_empty() {
                away.caught_up.send_replace(true);
                break;
            }
            for n in portion {
                match away.item(n)? {
                    Some(Item::Report(kept)) => {
                        if !away.call(&kept, away.tries_for(kept.case)?) {
                            away.caught_up.send_replace(true);
                            return Ok(());
                        }
                    }
                    Some(Item::Press(kept)) => {
                        if let Ok(link) = self.act_link_at(&kept.token, kept.at)
                            && away.in_memory().contains(&link.claims.journal)
                        {
                            let _nobody_asks = away.knows.press_now(&link, kept.press).await;
                        }
                    }
                    Some(Item::Tried(_)) | None => {}
                }
                away.called_to.store(n, Ordering::Relaxed);
            }
            tokio::task::yield_now().await;
        }
        Ok(())
    }

    /// Waits until nothing that this process found has still to be called for: time must not act on a report before what
    /// was answered to it has.
    pub async fn has_caught_up(&self) {
        if let Some(away) = self.inner.away.get() {
            let mut caught_up = away.caught_up.subscribe();
            // An error means that the desk is gone.
            let _ = caught_up.wait_for(|caught_up| *caught_up).await;
        }
    }
}

impl Away {
    /// Makes the case in memory, with the attempts that were made for it before; not, if there is no room. That this does
    /// not succeed keeps nobody from reporting.
    pub(super) fn call(&self, kept: &KeptReport, sent: Vec<(OutboxRow, Try)>) -> bool {
        let case = JournalId(kept.case);
        {
            let mut in_memory = self.in_memory();
            if in_memory.contains(&kept.case) {
                return true;
            }
            if in_memory.len() >= MOST_IN_MEMORY {
                return false;
            }
            in_memory.insert(kept.case);
        }
        let inner = &self.knows.inner;
        let start = Start {
            number: Some(receipt_number(case)),
            sent,
            ..Start::at(case, kept.at)
        };
        let made = inner.store.write_inline(|tx| {
            let project = projects::find(tx, kept.open.project.as_deref())?;
            begin(inner, tx, &project, &kept.open, start)
        });
        if let Err(error) = made {
            tracing::error!(%error, "nobody can be called from here to a report that waits");
            self.in_memory().remove(&kept.case);
        }
        true
    }

    /// Keeps the attempts that were made since it was last asked.
    pub(super) async fn note_tried(&self) -> Result<()> {
        let cases: Vec<Uuid> = self.in_memory().iter().copied().collect();
        for case in cases {
            self.note_tried_for(case, false).await?;
        }
        Ok(())
    }

    /// The same for one case; with `all` also what is kept in memory alone until then.
    pub(super) async fn note_tried_for(&self, case: Uuid, all: bool) -> Result<()> {
        for tried in self.tried_since(case, all)? {
            self.keep(Item::Tried(tried)).await?;
        }
        Ok(())
    }

    fn tried_since(&self, case: Uuid, all: bool) -> Result<Vec<KeptTry>> {
        if self.index().report(case).is_none() {
            return Ok(Vec::new());
        }
        self.knows.inner.store.read_inline(|view: &dyn View| {
            let mut new = Vec::new();
            for row in view.deliveries_of(JournalId(case))? {
                let known = self.index().tried(row.notice.0);
                if row.attempts <= known && row.attempts <= FAILURES_KEPT {
                    continue;
                }
                let in_memory = |attempt: &Attempt| {
                    attempt.n > FAILURES_KEPT && attempt.outcome != AttemptOutcome::Sent
                };
                let wanted = |attempt: &Attempt| match in_memory(attempt) {
                    true => all,
                    false => attempt.n > known,
                };
                let later = view.attempts(row.notice)?.into_iter();
                let later = later.filter(|attempt| wanted(attempt) && was_made(attempt));
                new.extend(later.map(|attempt| of_attempt(&row, attempt)));
            }
            Ok(new)
        })
    }

    /// The attempts that were made for a report, as the store is to keep them.
    pub(super) fn tries_for(&self, case: Uuid) -> Result<Vec<(OutboxRow, Try)>> {
        let tries = self.index().tries_of(case);
        let mut rows = BTreeMap::new();
        for n in tries {
            if let Some(Item::Tried(tried)) = self.item(n)? {
                // Kept twice, where the case could not be handed over at once, it is one.
                rows.insert((tried.notice, tried.n), to_row(&tried));
            }
        }
        Ok(rows.into_values().collect())
    }

    /// Takes everything that is due out of everybody's hands for a while, so that nothing leaves from here and from the
    /// database.
    pub(super) fn hold(&self) -> Result<()> {
        let now = self.knows.inner.clock.wall();
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::take(&mut held.0);
        let kept = self.knows.inner.store.write_inline(|tx| {
            let mut kept = BTreeMap::new();
            for (notice, lease) in before {
                // One that ran out is somebody else's, or is taken anew.
                if tx.renew(notice, lease.fence, Lease::LIMIT_SECONDS).is_ok() {
                    kept.insert(notice, lease);
                }
            }
            let due = tx.lease_deliveries(Lane::Ordinary, now, u32::MAX, Lease::LIMIT_SECONDS)?;
            kept.extend(due.into_iter().map(|lease| (lease.row.notice, lease)));
            Ok::<_, StoreError>(kept)
        });
        held.0 = kept?;
        Ok(())
    }

    /// Whether something for this report is on its way just now.
    pub(super) fn is_sending(&self, case: Uuid) -> Result<bool> {
        let journal = JournalId(case);
        let rows = self
            .knows
            .inner
            .store
            .read_inline(|view| view.deliveries_of(journal));
        let rows: Vec<OutboxRow> = rows?;
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let ours = |row: &OutboxRow| held.0.contains_key(&row.notice);
        Ok(rows
            .iter()
            .any(|row| row.state == OutboxState::Leased && !ours(row)))
    }

    /// From now on the case is the database's: nothing leaves from here any more, time does not act on it here, and
    /// memory has room for another one.
    pub(super) fn leave(&self, case: Uuid) {
        if self.in_memory().remove(&case) {
            self.knows.inner.store.let_go(JournalId(case));
        }
    }
}

/// Not one that was only held back while its case was being handed over.
fn was_made(attempt: &Attempt) -> bool {
    attempt.outcome != AttemptOutcome::Uncertain || attempt.receipt.is_some()
}

fn of_attempt(row: &OutboxRow, attempt: Attempt) -> KeptTry {
    KeptTry {
        case: row.journal.0,
        notice: row.notice.0,
        seq: row.seq,
        person: row.person.clone(),
        recipient: row.recipient.clone(),
        route: row.route.clone(),
        page: row.lane == Lane::Urgent,
        at: attempt.at,
        receipt: attempt.receipt,
        n: attempt.n,
        outcome: attempt.outcome.into(),
    }
}

fn to_row(tried: &KeptTry) -> (OutboxRow, Try) {
    let lane = if tried.page {
        Lane::Urgent
    } else {
        Lane::Ordinary
    };
    let cause = (JournalId(tried.case), tried.seq);
    let notice = NoticeId(tried.notice);
    let mut row = OutboxRow::queued(notice, cause, &tried.route, lane, Message::Erased, tried.at);
    row.person.clone_from(&tried.person);
    row.recipient.clone_from(&tried.recipient);
    let attempt = Try {
        at: tried.at,
        outcome: tried.outcome.into(),
        receipt: tried.receipt.clone(),
    };
    (row, attempt)
}
