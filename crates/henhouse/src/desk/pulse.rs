//! Time reaching the cases: what fell due is written down, each case in a transaction of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::error::{DeskError, Result};
use super::{Desk, Inner, alerts, take};
use crate::store::{JournalId, Result as StoreResult, Tx, View};

/// At most so many cases are looked at in one round.
const ROUND: u32 = 256;
/// A case that time could not reach is left alone for so long, then for twice as long.
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// And never for longer than this.
const LONGEST_WAIT: Duration = Duration::from_mins(5);
/// Later than any wake, and still in whole microseconds.
const FOR_EVER: Timestamp = Timestamp::constant(253_402_207_199, 0);

impl Desk {
    /// Lets everything happen that is due now, in order of time across cases; answers how many
    /// cases were touched. Safe to run twice: what was done is in the journal.
    ///
    /// # Errors
    /// The store's. A damaged case is logged, stepped over and left alone for a while: it must not
    /// silence the others.
    pub async fn pulse(&self) -> Result<usize> {
        let begun = self.inner.clock.steady();
        let mut touched = 0;
        let mut passed_over = BTreeSet::new();
        loop {
            let now = self.now();
            passed_over.extend(self.inner.ailing.waiting(self.inner.clock.steady()));
            let skip = passed_over.clone();
            let due = self.inner.store.read(move |view| due(view, now, &skip));
            let fresh = due.await?;
            if fresh.is_empty() {
                // Each of them, whatever becomes of the others.
                let mail = self.open_unseen_mail().await;
                let held = self.let_held_alerts().await;
                let beats = self.miss_beats().await;
                let opened = mail? + held? + beats?;
                touched += opened;
                if opened == 0 {
                    self.inner.ailing.tried_since(begun);
                    return Ok(touched);
                }
                continue;
            }
            // Together, so that one commit serves many.
            let pulses = fresh.iter().map(|id| Box::pin(self.pulse_case(*id)));
            for (id, done) in fresh.iter().zip(in_order(pulses.collect()).await) {
                match done {
                    Ok(()) => {
                        self.inner.ailing.recovered(*id);
                        self.inner.damage.mended(*id);
                        touched += 1;
                    }
                    Err(DeskError::Store(error)) if !error.is_of_one_case() => {
                        return Err(error.into());
                    }
                    Err(error) => {
                        if let DeskError::Damaged(sentence) = &error {
                            self.inner.damage.found(*id, sentence);
                        }
                        let steady = self.inner.clock.steady();
                        let wait = self.inner.ailing.failed(*id, steady);
                        let again = wait.as_secs();
                        tracing::error!(journal = %id, %error, again, "time cannot reach this case");
                        passed_over.insert(*id);
                    }
                }
            }
        }
    }

    /// Lets happen what is due in one case, and arms its next wake.
    pub(super) async fn pulse_case(&self, id: JournalId) -> Result<()> {
        let inner = Arc::clone(&self.inner);
        let settle =
            move |tx: &mut dyn Tx| take::on_case(&inner, tx, id, |bench| bench.settle()).map(drop);
        self.inner.store.write_urgent(settle).await
    }

    /// When the next case is owed something, those left aside that time cannot reach for now.
    ///
    /// # Errors
    /// The store's.
    pub async fn next_wake(&self) -> Result<Option<Timestamp>> {
        let inner = Arc::clone(&self.inner);
        let wake = move |view: &dyn View| Ok(inner.earliest_wake(view)?);
        self.inner.store.read(wake).await
    }

    /// How long until a case that time could not reach is tried again.
    #[must_use]
    pub fn next_retry(&self) -> Option<Duration> {
        self.inner.ailing.next_retry(self.inner.clock.steady())
    }
}

impl Inner {
    /// The earliest wake of the cases that time can reach, and of the mail that waits to be looked at.
    pub(super) fn earliest_wake(&self, view: &dyn View) -> StoreResult<Option<Timestamp>> {
        let waiting = self.ailing.waiting(self.clock.steady());
        let of_mail = self.queue_wake(view, &waiting);
        let of_cases = if waiting.is_empty() {
            view.earliest_wake()?
        } else {
            let rows = view.due_cases(FOR_EVER, beyond(&waiting, 1))?;
            let next = rows.into_iter().find(|row| !waiting.contains(&row.journal));
            next.and_then(|row| row.next_wake)
        };
        let of_alerts = alerts::earliest_wake(self, view);
        Ok(of_cases.into_iter().chain(of_mail).chain(of_alerts).min())
    }
}

/// A round of the cases that are due, however many stand before them that time cannot reach.
fn due(view: &dyn View, now: Timestamp, skip: &BTreeSet<JournalId>) -> Result<Vec<JournalId>> {
    let rows = view.due_cases(now, beyond(skip, ROUND))?;
    let fresh = rows.into_iter().map(|row| row.journal);
    let fresh = fresh.filter(|id| !skip.contains(id));
    Ok(fresh.take(ROUND as usize).collect())
}

fn beyond(skip: &BTreeSet<JournalId>, wanted: u32) -> u32 {
    u32::try_from(skip.len())
        .unwrap_or(u32::MAX)
        .saturating_add(wanted)
}

/// The cases that time could not reach, and alerts and projects in their place, and when each is tried again. By steady time: a drill's
/// clock that stands still must not keep a repaired case waiting.
#[derive(Default)]
pub(super) struct Ailing {
    cases: Mutex<BTreeMap<JournalId, Retry>>,
}

struct Retry {
    failures: u32,
    at: Instant,
}

impl Ailing {
    /// Those to be left alone for now.
    pub(super) fn waiting(&self, now: Instant) -> BTreeSet<JournalId> {
        let cases = self.lock();
        let waiting = cases.iter().filter(|(_, retry)| retry.at > now);
        waiting.map(|(id, _)| *id).collect()
    }

    /// Notes a failure; answers how long the case is left alone.
    pub(super) fn failed(&self, id: JournalId, now: Instant) -> Duration {
        let mut cases = self.lock();
        let retry = cases.entry(id).or_insert(Retry {
            failures: 0,
            at: now,
        });
        let doubled = FIRST_WAIT.saturating_mul(1 << retry.failures.min(16));
        let wait = doubled.min(LONGEST_WAIT);
        retry.failures += 1;
        retry.at = now + wait;
        wait
    }

    pub(super) fn recovered(&self, id: JournalId) {
        self.lock().remove(&id);
    }

    /// All that was to be tried by then was tried: what did not fail again is owed nothing any more.
    fn tried_since(&self, begun: Instant) {
        self.lock().retain(|_, retry| retry.at > begun);
    }

    fn next_retry(&self, now: Instant) -> Option<Duration> {
        let earliest = self.lock().values().map(|retry| retry.at).min()?;
        Some(earliest.saturating_duration_since(now))
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<JournalId, Retry>> {
        self.cases.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits for all of them. They are begun in their order, and so the store gets their jobs in it.
async fn in_order<F: Future>(mut all: Vec<Pin<Box<F>>>) -> Vec<F::Output> {
    let mut done: Vec<Option<F::Output>> = all.iter().map(|_| None).collect();
    std::future::poll_fn(move |context| {
        for (one, done) in all.iter_mut().zip(&mut done) {
            if done.is_none()
                && let Poll::Ready(output) = one.as_mut().poll(context)
            {
                *done = Some(output);
            }
        }
        if done.iter().any(Option::is_none) {
            return Poll::Pending;
        }
        Poll::Ready(done.drain(..).flatten().collect())
    })
    .await
}
