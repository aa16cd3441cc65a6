//! Calling people to a report that waits: the desk over what this node knows makes the case in memory, under its id, and
//! all that follows from it. What left is kept, so that it does not leave again.

use uuid::Uuid;

use super::super::error::Result;
use super::super::open::{Start, begin};
use super::super::projects;
use super::{Away, Item, KeptReport, KeptSent, receipt_number};
use crate::store::{
    AttemptOutcome, JournalId, Lane, Lease, Message, NoticeId, OutboxRow, OutboxState, StoreError,
    Try, View,
};

/// What nobody else sends for now: every delivery that is due.
pub(super) struct Held(Vec<Lease>);

impl Away {
    /// Makes the case in memory. That this does not succeed keeps nobody from reporting.
    pub(super) fn call(&self, kept: &KeptReport) {
        let case = JournalId(kept.case);
        let inner = &self.knows.inner;
        let start = Start {
            number: Some(receipt_number(case)),
            ..Start::at(case, kept.at)
        };
        let made = inner.store.write_inline(|tx| {
            let project = projects::find(tx, kept.open.project.as_deref())?;
            begin(inner, tx, &project, &kept.open, start)
        });
        if let Err(error) = made {
            tracing::error!(%error, "nobody can be called from here to a report that waits");
        }
    }

    /// Keeps what has left since it was last asked.
    pub(super) async fn note_sent(&self) -> Result<()> {
        for sent in self.sent_since()? {
            self.keep(Item::Sent(sent)).await?;
        }
        Ok(())
    }

    fn sent_since(&self) -> Result<Vec<KeptSent>> {
        let (cases, noted): (Vec<Uuid>, Vec<Uuid>) = {
            let waiting = self.waiting();
            let cases = waiting.values().filter_map(Item::report);
            let noted = waiting.values().filter_map(Item::sent);
            (
                cases.map(|report| report.case).collect(),
                noted.map(|sent| sent.notice).collect(),
            )
        };
        self.knows.inner.store.read_inline(|view: &dyn View| {
            let mut new = Vec::new();
            for case in cases {
                for row in view.deliveries_of(JournalId(case))? {
                    if row.state != OutboxState::Done || noted.contains(&row.notice.0) {
                        continue;
                    }
                    let last = view.attempts(row.notice)?.pop();
                    new.extend(last.map(|last| of_row(&row, last.at, last.receipt)));
                }
            }
            Ok(new)
        })
    }

    /// What was sent for a report, as the store is to keep it.
    pub(super) fn sent_for(&self, case: Uuid) -> Vec<(OutboxRow, Try)> {
        let waiting = self.waiting();
        let sent = waiting.values().filter_map(Item::sent);
        sent.filter(|sent| sent.case == case).map(to_row).collect()
    }

    /// Takes everything that is due out of everybody's hands for a while, so that nothing leaves from here and from the
    /// database.
    pub(super) fn hold(&self) -> Result<Held> {
        let now = self.knows.inner.clock.wall();
        let held = self.knows.inner.store.write_inline(|tx| {
            tx.lease_deliveries(Lane::Ordinary, now, u32::MAX, Lease::LIMIT_SECONDS)
        });
        Ok(Held(held?))
    }

    /// Whether something for this report is on its way just now.
    pub(super) fn is_sending(&self, case: Uuid, held: &Held) -> Result<bool> {
        let journal = JournalId(case);
        let rows = self
            .knows
            .inner
            .store
            .read_inline(|view| view.deliveries_of(journal));
        let rows: Vec<OutboxRow> = rows?;
        let ours = |row: &OutboxRow| held.0.iter().any(|lease| lease.row.notice == row.notice);
        Ok(rows
            .iter()
            .any(|row| row.state == OutboxState::Leased && !ours(row)))
    }

    /// From now on the case is the database's: nothing leaves from here any more, and time does not act on it here.
    pub(super) fn leave(&self, case: Uuid, held: &Held) -> Result<()> {
        let journal = JournalId(case);
        self.knows.inner.store.write_inline(|tx| {
            for row in tx.deliveries_of(journal)? {
                let lease = held.0.iter().find(|lease| lease.row.notice == row.notice);
                match lease {
                    Some(lease) if row.state == OutboxState::Leased => {
                        tx.drop_delivery(row.notice, lease.fence)?;
                    }
                    _ => {
                        tx.withdraw(row.notice)?;
                    }
                }
            }
            if let Some(mut row) = tx.case(journal)? {
                row.next_wake = None;
                tx.put_index(&row)?;
            }
            Ok::<_, StoreError>(())
        })?;
        Ok(())
    }
}

fn of_row(row: &OutboxRow, at: jiff::Timestamp, receipt: Option<String>) -> KeptSent {
    KeptSent {
        case: row.journal.0,
        notice: row.notice.0,
        seq: row.seq,
        person: row.person.clone(),
        recipient: row.recipient.clone(),
        route: row.route.clone(),
        page: row.lane == Lane::Urgent,
        at,
        receipt,
    }
}

fn to_row(sent: &KeptSent) -> (OutboxRow, Try) {
    let lane = if sent.page {
        Lane::Urgent
    } else {
        Lane::Ordinary
    };
    let cause = (JournalId(sent.case), sent.seq);
    let notice = NoticeId(sent.notice);
    let mut row = OutboxRow::queued(notice, cause, &sent.route, lane, Message::Erased, sent.at);
    row.person.clone_from(&sent.person);
    row.recipient.clone_from(&sent.recipient);
    let attempt = Try {
        at: sent.at,
        outcome: AttemptOutcome::Sent,
        receipt: sent.receipt.clone(),
    };
    (row, attempt)
}
