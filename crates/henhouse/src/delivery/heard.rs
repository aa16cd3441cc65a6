//! What a peer says of a page after it has taken it: it arrived, nobody answered, it got lost. Such a word may come before
//! our own answer is written, twice, or for what is long over; each is noted once and acted on once.

use jiff::Timestamp;

use super::origin::{Fate, Happened, Origin};
use super::outbox::{HANDED, Outbox, STRUGGLING_AFTER};
use super::outcome::Fault;
use super::routes;
use super::schedule::next_try;
use crate::report::phone::VOICE;
use crate::report::routes::is_told_later;
use crate::store::{
    Attempt, AttemptOutcome, CaseFilter, NoticeId, OutboxRow, OutboxState, StoreError, Try, View,
    Viewer, last_taken,
};

/// A telephone that nobody answers is not called more often for one page; the next round of the sheet calls again.
const MOST_CALLS: u32 = 5;

/// So many open cases are looked through at once for what left together.
const PORTION: u32 = 200;

/// What is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// The peer has it: our answer from it may have been lost.
    Handed,
    /// It is in a human's hand.
    Arrived,
    /// Nobody answered; it is tried again.
    Missed,
    /// It did not arrive and never will by this route.
    Lost,
}

impl<O: Origin> Outbox<O> {
    /// Notes what the peer says of a delivery, and of all that left in one message with it, and does what follows: the next
    /// route at once, or none any more. Says whether it was news.
    ///
    /// # Errors
    /// The store's.
    pub async fn heard(
        &self,
        notice: NoticeId,
        said: Heard,
        receipt: &str,
    ) -> Result<bool, StoreError> {
        let now = self.clock.wall();
        let look = move |view: &dyn View| together(view, notice, said);
        let mut news = false;
        for one in self.store.read(look).await? {
            news |= self.heard_of(one, said, receipt, now).await?;
        }
        Ok(news)
    }

    async fn heard_of(
        &self,
        notice: NoticeId,
        said: Heard,
        receipt: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let look = move |view: &dyn View| {
            let Some(row) = view.delivery(notice)? else {
                return Ok::<_, StoreError>(None);
            };
            let goes_on = routes::goes_on(view, notice)?;
            let arrived = routes::arrived_otherwise(view, &row)?;
            Ok(Some((row, view.attempts(notice)?, goes_on, arrived)))
        };
        let Some((row, attempts, goes_on, arrived)) = self.store.read(look).await? else {
            return Ok(false);
        };
        let Some((outcome, again)) = follows(&row, &attempts, said, now) else {
            return Ok(false);
        };
        let fate = fate(&attempts, said, receipt).filter(|_| !arrived);
        if let Some(fate) = fate.filter(|_| row.hears(outcome)) {
            // Before it is closed: after a crash it is told again.
            self.origin
                .happened(&Happened::to(&row, fate, goes_on))
                .await;
        }
        let attempt = Try {
            at: now,
            outcome,
            receipt: Some(receipt.to_owned()),
        };
        let person = row.person.clone();
        let write = move |tx: &mut dyn crate::store::Tx| {
            if !tx.conclude(notice, &attempt, again)? {
                return Ok(false);
            }
            match said {
                Heard::Handed => {}
                Heard::Arrived => {
                    if let Some(person) = &person {
                        let name = last_taken(person, &row.route);
                        tx.put_setting(&name, &now.as_microsecond().to_be_bytes())?;
                    }
                    routes::call_off(tx, notice)?;
                }
                Heard::Missed | Heard::Lost => drop(tx.hasten(notice.by_next_route(), now)?),
            }
            Ok(true)
        };
        self.store.write_urgent(write).await
    }
}

/// This delivery and those that left in one message with it: of the same bundle, to the same person, tried at
/// the same moment the last time.
fn together(view: &dyn View, notice: NoticeId, said: Heard) -> Result<Vec<NoticeId>, StoreError> {
    let mut all = vec![notice];
    let Some(row) = view.delivery(notice)? else {
        return Ok(all);
    };
    // A call arrives by an answer alone, and that is about one page.
    let alone = said == Heard::Arrived && row.route == VOICE;
    if alone || row.bundle.is_none() || !is_told_later(&row.route) {
        return Ok(all);
    }
    let tried = |notice| {
        let attempts = view.attempts(notice)?;
        Ok::<_, StoreError>(attempts.last().map(|last| last.at))
    };
    let at = tried(notice)?;
    let filter = CaseFilter {
        open: Some(true),
        ..CaseFilter::default()
    };
    let mut cursor = None;
    loop {
        let page = view.list_cases(&filter, &Viewer::System, cursor.as_ref(), PORTION)?;
        for case in &page.rows {
            for one in view.deliveries_of(case.journal)? {
                let same = one.notice != notice
                    && (one.bundle, &one.route) == (row.bundle, &row.route)
                    && (&one.person, &one.recipient) == (&row.person, &row.recipient);
                // Before our own answer is written none was tried: only what is being sent then.
                let left = at.is_some() || one.state == OutboxState::Leased;
                if same && left && tried(one.notice)? == at {
                    all.push(one.notice);
                }
            }
        }
        cursor = page.next;
        if cursor.is_none() {
            return Ok(all);
        }
    }
}

/// What is noted, and when it is looked at again; nothing where it is known.
fn follows(
    row: &OutboxRow,
    attempts: &[Attempt],
    said: Heard,
    now: Timestamp,
) -> Option<(AttemptOutcome, Option<Timestamp>)> {
    let last = attempts.last().map(|last| last.outcome);
    match said {
        Heard::Handed if last.is_some_and(|last| last != AttemptOutcome::Uncertain) => None,
        Heard::Handed => Some((AttemptOutcome::Sent, Some(now.checked_add(HANDED).ok()?))),
        Heard::Arrived => Some((AttemptOutcome::Sent, None)),
        // What was answered by a key is no missed call, however it ended.
        Heard::Missed if row.state == OutboxState::Done => None,
        // The same call ends once; while one is being made, it is that one.
        Heard::Missed | Heard::Lost
            if last == Some(AttemptOutcome::Failed) && row.state != OutboxState::Leased =>
        {
            None
        }
        Heard::Missed => {
            let first = attempts.first().map_or(now, |first| first.at);
            let calls = failures(attempts) + 1;
            let again = (calls < MOST_CALLS)
                .then(|| next_try(row.lane, calls, Fault::Recipient, first, now))
                .flatten();
            Some((AttemptOutcome::Failed, again))
        }
        Heard::Lost => Some((AttemptOutcome::Failed, None)),
    }
}

/// What those who wrote it hear.
fn fate(attempts: &[Attempt], said: Heard, receipt: &str) -> Option<Fate> {
    match said {
        Heard::Handed | Heard::Arrived => None,
        Heard::Missed => (failures(attempts) + 1 == STRUGGLING_AFTER).then_some(Fate::Struggling),
        Heard::Lost => Some(Fate::Unreachable(receipt.to_owned())),
    }
}

fn failures(attempts: &[Attempt]) -> u32 {
    let failed = attempts
        .iter()
        .filter(|one| one.outcome != AttemptOutcome::Sent);
    u32::try_from(failed.count()).unwrap_or(u32::MAX)
}
