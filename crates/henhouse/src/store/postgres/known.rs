//! What the writer knows without asking: rows that it has read or written under the writers' lock. Nobody
//! else can have changed them since, as long as nobody else had the lock; who finds that somebody had,
//! forgets everything. It also answers for writes that are still held back, so it is never forgotten in
//! the middle of a job.

use std::collections::{BTreeMap, BTreeSet};

use crate::store::model::{
    CaseNumber, CaseRow, Hash, Head, JournalId, JournalKind, JournalRow, NoticeId, PersonId,
    ProjectRow,
};

/// More rows are not kept from one batch to the next.
const KEPT: usize = 20_000;

/// Rows by what they are asked for. A `None` says that there is no such row.
#[derive(Default)]
pub(super) struct Known {
    pub(super) journals: BTreeMap<JournalId, Option<JournalRow>>,
    /// Every journal of a kind; not of the cases, which are many.
    pub(super) kinds: BTreeMap<JournalKind, Vec<JournalRow>>,
    pub(super) projects: BTreeMap<JournalId, Option<ProjectRow>>,
    /// Every project.
    pub(super) all_projects: Option<Vec<ProjectRow>>,
    pub(super) heads: BTreeMap<JournalId, Head>,
    pub(super) keys: BTreeMap<JournalId, Option<Vec<u8>>>,
    pub(super) bases: BTreeSet<Hash>,
    pub(super) cases: BTreeMap<JournalId, Option<CaseRow>>,
    pub(super) numbers: BTreeMap<CaseNumber, Option<JournalId>>,
    pub(super) members: BTreeMap<JournalId, BTreeSet<PersonId>>,
    pub(super) counters: BTreeMap<String, u64>,
    pub(super) notices: BTreeSet<NoticeId>,
    pub(super) answers: BTreeSet<(String, String)>,
}

impl Known {
    /// Forgets everything.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    /// Between two batches: forgets if it has become too much.
    pub(super) fn trim(&mut self) {
        let kept = self.journals.len()
            + self.heads.len()
            + self.cases.len()
            + self.numbers.len()
            + self.notices.len()
            + self.answers.len();
        if kept > KEPT {
            self.forget();
        }
    }
}
