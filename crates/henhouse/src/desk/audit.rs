//! The auditor: whether time reaches the cases and pages leave. It looks at the rows themselves and trusts neither the
//! waker nor the outbox, which it is there to catch (P2, P12).

use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use procedure::outlook;

use super::error::Result;
use super::{Desk, Inner};
use crate::report::trouble;
use crate::store::{CaseFilter, CaseRow, Cursor, JournalId, Lane, Tx, View, Viewer};

/// Open cases of which one look asks whether what they owe has a wake.
const PORTION: u32 = 64;
/// What a case is owed is late by no more than this, even right after a failover (P2).
const WAKE_LIMIT: SignedDuration = SignedDuration::from_secs(30);
/// A page whose time has come has been tried after this (P6).
const PAGE_LIMIT: SignedDuration = SignedDuration::from_secs(60);
/// Any other mail waits for no longer, even behind a flood.
const MAIL_LIMIT: SignedDuration = SignedDuration::from_mins(15);

/// What stands still although its time has come. Zero is the rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lag {
    /// For how long some case has waited for its time to reach it.
    pub wake: SignedDuration,
    /// For how long some page has waited for an attempt.
    pub page: SignedDuration,
    /// For how long anything has.
    pub mail: SignedDuration,
    /// Cases that owe something for which no wake was armed, in the portion that was looked at.
    pub unarmed: usize,
}

impl Lag {
    /// What is wrong, a line for each; empty while all is well.
    #[must_use]
    pub fn troubles(&self) -> Vec<String> {
        let mut said = Vec::new();
        if self.wake > WAKE_LIMIT {
            said.push(trouble::of_time(self.wake));
        }
        if self.page > PAGE_LIMIT {
            said.push(trouble::of_pages(self.page));
        }
        if self.mail > MAIL_LIMIT {
            said.push(trouble::of_mail(self.mail));
        }
        said.extend(trouble::of_unarmed(self.unarmed));
        said
    }
}

/// What the last look found, and where the next goes on.
#[derive(Default)]
pub(super) struct Auditor {
    seen: Mutex<Seen>,
}

#[derive(Clone, Default)]
struct Seen {
    lag: Lag,
    next: Option<Cursor>,
    silent: Vec<&'static str>,
    beat: Option<Timestamp>,
}

/// Where the time of the last look is kept: that it could be written shows that the store commits.
const BEAT_SETTING: &str = "watcher.beat";

impl Desk {
    /// Looks whether something stands still, and whether the next portion of the open cases has its wakes; arms what has
    /// none, and tells it all the same.
    ///
    /// # Errors
    /// The store's.
    pub async fn audit(&self) -> Result<Lag> {
        let (inner, from) = (Arc::clone(&self.inner), self.inner.auditor.get().next);
        let look = move |view: &dyn View| look(&inner, view, from.as_ref());
        let (mut lag, unarmed, next) = self.inner.store.read(look).await?;
        lag.unarmed = unarmed.len();
        for case in unarmed {
            tracing::error!(journal = %case, "what this case owes had no wake; it is armed again");
            self.pulse_case(case).await?;
        }
        self.inner
            .auditor
            .note(|seen| (seen.lag, seen.next) = (lag, next));
        Ok(lag)
    }

    /// Commits the time of this look.
    ///
    /// # Errors
    /// The store's.
    pub async fn keep_beat(&self) -> Result<()> {
        let now = self.inner.clock.wall().as_microsecond().to_be_bytes();
        let keep = move |tx: &mut dyn Tx| tx.put_setting(BEAT_SETTING, &now);
        Ok(self.inner.store.write_urgent(keep).await?)
    }

    /// The parts of this process that hang; none, if all answer.
    pub fn are_silent(&self, parts: Vec<&'static str>) {
        self.inner.auditor.note(|seen| seen.silent = parts);
    }

    /// An outside monitor has taken the heartbeat.
    pub fn beat_was_heard(&self) {
        let now = self.inner.clock.wall();
        self.inner.auditor.note(|seen| seen.beat = Some(now));
    }

    /// How many seconds ago an outside monitor took the heartbeat, if it ever did since the start.
    #[must_use]
    pub fn beat_age(&self) -> Option<i64> {
        let heard = self.inner.auditor.get().beat?;
        Some(behind(Some(heard), self.inner.clock.wall()).as_secs())
    }

    /// What keeps this process from calling people, a line for each.
    #[must_use]
    pub fn silence(&self) -> Vec<String> {
        let silent = self.inner.auditor.get().silent;
        silent.into_iter().map(trouble::of_silence).collect()
    }

    /// What the last look found.
    #[must_use]
    pub fn lag(&self) -> Lag {
        self.inner.auditor.get().lag
    }
}

impl Auditor {
    fn get(&self) -> Seen {
        let seen = self.seen.lock();
        seen.unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, note: impl FnOnce(&mut Seen)) {
        note(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

type Look = (Lag, Vec<JournalId>, Option<Cursor>);

fn look(inner: &Inner, view: &dyn View, from: Option<&Cursor>) -> Result<Look> {
    let (now, wall) = (inner.clock.now(), inner.clock.wall());
    let lag = Lag {
        wake: behind(inner.earliest_wake(view)?, now),
        page: behind(view.earliest_delivery(Lane::Urgent, wall)?, wall),
        mail: behind(view.earliest_delivery(Lane::Ordinary, wall)?, wall),
        unarmed: 0,
    };
    let open = CaseFilter {
        open: Some(true),
        ..CaseFilter::default()
    };
    let page = view.list_cases(&open, &Viewer::System, from, PORTION)?;
    let unarmed = page.rows.iter().filter(|row| is_unarmed(inner, view, row));
    let unarmed = unarmed.map(|row| row.journal).collect();
    Ok((lag, unarmed, page.next))
}

/// Whether what the case owes would come too late, or never. Of a damaged case nobody can say; it is known elsewhere.
fn is_unarmed(inner: &Inner, view: &dyn View, row: &CaseRow) -> bool {
    let Ok(read) = inner.reading.load(view, &inner.root, row.journal) else {
        return false;
    };
    let case = read.case();
    let Ok(basis) = inner.basis_of(view, case) else {
        return false;
    };
    let owed = outlook(case, &basis, case.changed_at).next_wake;
    owed.is_some_and(|owed| row.next_wake.is_none_or(|armed| armed > owed))
}

fn behind(due: Option<Timestamp>, now: Timestamp) -> SignedDuration {
    let behind = due.map(|due| now.duration_since(due));
    behind.unwrap_or_default().max(SignedDuration::ZERO)
}
