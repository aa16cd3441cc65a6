//! Whom a case's entries have told: each notice that they imply stands in the outbox, with its attempts.

use std::collections::BTreeMap;
use std::sync::Arc;

use procedure::{Basis, Body, Case, Entry, Recipient, notices};

use super::super::error::{DeskError, Result};
use super::super::{Inner, notify};
use super::{Checked, Verified};
use crate::store::{JournalId, NoticeId, OutboxRow, OutboxState, View};

/// What the entries of a case imply, as far as it was read.
pub(super) struct Implied {
    journal: JournalId,
    basis: Option<Arc<Basis>>,
    /// Entries before the first one that names a basis, with the case as it was then.
    early: Vec<(Entry, Arc<Case>)>,
    notices: Vec<Told>,
}

struct Told {
    notice: NoticeId,
    seq: u64,
    to: Recipient,
}

impl Implied {
    pub(super) fn of(journal: JournalId) -> Self {
        Self {
            journal,
            basis: None,
            early: Vec::new(),
            notices: Vec::new(),
        }
    }

    /// Notes what an entry tells; `case` has it already.
    pub(super) fn hear(
        &mut self,
        inner: &Inner,
        view: &dyn View,
        case: &Arc<Case>,
        entry: Entry,
    ) -> Result<()> {
        if matches!(entry.body, Body::BasisChanged(_)) {
            let basis = inner.basis_of(view, case)?;
            for (entry, case) in std::mem::take(&mut self.early) {
                self.tell(&entry, &case, &basis);
            }
            self.basis = Some(basis);
        }
        match self.basis.clone() {
            Some(basis) => self.tell(&entry, case, &basis),
            None => self.early.push((entry, Arc::clone(case))),
        }
        Ok(())
    }

    fn tell(&mut self, entry: &Entry, case: &Case, basis: &Basis) {
        for (n, notice) in (0..).zip(notices(case, basis, entry)) {
            self.notices.push(Told {
                notice: notify::notice_id(self.journal, entry.seq, n),
                seq: entry.seq,
                to: notice.to,
            });
        }
    }
}

/// Holds what the entries imply against the outbox.
pub(super) fn check(
    view: &dyn View,
    journal: JournalId,
    case: &Case,
    implied: Implied,
    checked: &mut Checked,
) -> Result<()> {
    let rows = view.deliveries_of(journal)?.into_iter();
    let rows: BTreeMap<NoticeId, OutboxRow> = rows.map(|row| (row.notice, row)).collect();
    for told in implied.notices {
        let Some(row) = rows.get(&told.notice) else {
            if notify::is_told(case, &told.to) {
                let what = format!(
                    "journal {journal}: entry {} told somebody, and that is not in the outbox",
                    told.seq
                );
                checked.find(Verified::Incomplete, what);
            }
            continue;
        };
        let to = serde_json::to_string(&told.to).map_err(DeskError::bug)?;
        if row.seq != told.seq || row.recipient.as_ref().is_some_and(|said| *said != to) {
            let what = format!(
                "journal {journal}: what entry {} told stands in the outbox as told to somebody else",
                told.seq
            );
            checked.find(Verified::Tampered, what);
        }
    }
    check_attempts(view, journal, &rows, checked)
}

/// Each delivery says how often it was tried; each attempt is kept.
fn check_attempts(
    view: &dyn View,
    journal: JournalId,
    rows: &BTreeMap<NoticeId, OutboxRow>,
    checked: &mut Checked,
) -> Result<()> {
    let mut kept: BTreeMap<NoticeId, u32> = BTreeMap::new();
    for attempt in view.attempts_of(journal)? {
        *kept.entry(attempt.notice).or_default() += 1;
    }
    for row in rows.values() {
        let kept = kept.get(&row.notice).copied().unwrap_or(0);
        let ended = matches!(row.state, OutboxState::Done | OutboxState::Failed);
        if kept != row.attempts || ended && kept == 0 {
            let what = format!(
                "journal {journal}: a delivery for entry {} was tried {} times, and {kept} attempts are kept",
                row.seq, row.attempts
            );
            checked.find(Verified::Incomplete, what);
        }
    }
    Ok(())
}
