//! Time reaching the cases: what fell due is written down, each case in a transaction of its own.

use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;

use jiff::Timestamp;

use super::error::{DeskError, Result};
use super::{Desk, take};
use crate::store::{JournalId, Tx};

/// At most so many cases are looked at in one round.
const ROUND: u32 = 256;

impl Desk {
    /// Lets everything happen that is due now, in order of time across cases; answers how many
    /// cases were touched. Safe to run twice: what was done is in the journal.
    ///
    /// # Errors
    /// The store's. A damaged case is logged and stepped over: it must not silence the others.
    pub async fn pulse(&self) -> Result<usize> {
        let mut touched = 0;
        let mut damaged: Vec<JournalId> = Vec::new();
        loop {
            let now = self.now();
            let due = self
                .inner
                .store
                .read(move |view| view.due_cases(now, ROUND))
                .await?;
            let fresh: Vec<_> = due
                .into_iter()
                .map(|row| row.journal)
                .filter(|id| !damaged.contains(id))
                .collect();
            if fresh.is_empty() {
                return Ok(touched);
            }
            // Together, so that one commit serves many.
            let pulses = fresh.iter().map(|id| Box::pin(self.pulse_case(*id)));
            for (id, done) in fresh.iter().zip(in_order(pulses.collect()).await) {
                match done {
                    Ok(()) => touched += 1,
                    Err(DeskError::Store(error)) => return Err(error.into()),
                    Err(error) => {
                        tracing::error!(journal = %id, %error, "time cannot reach this case");
                        damaged.push(*id);
                    }
                }
            }
        }
    }

    async fn pulse_case(&self, id: JournalId) -> Result<()> {
        let inner = Arc::clone(&self.inner);
        let settle =
            move |tx: &mut dyn Tx| take::on_case(&inner, tx, id, |bench| bench.settle()).map(drop);
        self.inner.store.write(settle).await
    }

    /// When the next case is owed something.
    ///
    /// # Errors
    /// The store's.
    pub async fn next_wake(&self) -> Result<Option<Timestamp>> {
        Ok(self.inner.store.read(|view| view.earliest_wake()).await?)
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
