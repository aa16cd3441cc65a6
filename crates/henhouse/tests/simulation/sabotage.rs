//! What is broken on purpose, to see that it is found.

use henhouse::store::{JournalKind, StoreError};

use super::promises;
use super::scheduler::{Held, World};

/// A product that is not ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sabotage {
    /// A tap that was noted on a node's disk is gone.
    ForgetsTaps,
    /// A report that waited there is gone.
    ForgetsReports,
    /// Each node goes by the clock of its own machine.
    OwnClocks,
    /// Whoever starts ends the leases of those who live.
    TakesOver,
    /// Time does not reach the cases.
    NeverWakes,
    /// A case loses its wake.
    LosesWakes,
}

impl Sabotage {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::ForgetsTaps,
        Self::ForgetsReports,
        Self::OwnClocks,
        Self::TakesOver,
        Self::NeverWakes,
        Self::LosesWakes,
    ];
}

impl World {
    /// Whether it is broken in this way.
    pub fn is_broken(&self, how: Sabotage) -> bool {
        self.broken == Some(how)
    }

    /// What the node whose turn it is has on its disk alone is gone, if that is one thing.
    pub async fn forgets(&mut self) -> Held {
        if self.up().desk.away_figures().waiting != 1 {
            return Ok(());
        }
        let here = self.here;
        self.note("forgets, on purpose");
        self.programs[here] = None;
        // Aborted tasks are dropped when the runtime next looks at them.
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        self.nodes.wipe(here);
        self.start(here).await
    }

    /// A case that waits for time waits no more.
    pub fn loses_a_wake(&mut self) -> Held {
        let cases = promises::journals(self, JournalKind::Case)?;
        let lost = self.quietly(|running| {
            running.store.write_inline(move |tx| {
                for case in cases {
                    if let Some(mut row) = tx.case(case)?.filter(|row| row.next_wake.is_some()) {
                        row.next_wake = None;
                        return tx.put_index(&row);
                    }
                }
                Ok(())
            })
        });
        lost.map_err(|error: StoreError| error.to_string())
    }
}
