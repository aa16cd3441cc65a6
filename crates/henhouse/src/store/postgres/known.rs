//! What the writer knows without asking: rows that it has read or written under the writers' lock. Nobody
//! else can have changed them since, as long as nobody else had the lock; who finds that somebody had,
//! forgets everything. It also answers for writes that are still held back, so it is never forgotten in
//! the middle of a job.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jiff::Timestamp;

use crate::store::model::{
    CaseNumber, CaseRow, Hash, Head, JournalId, JournalKind, JournalRow, NoticeId, PersonId,
    ProjectRow, whole_micros,
};

/// More rows are not kept from one batch to the next.
const KEPT: usize = 20_000;

/// Rows by what they are asked for. A `None` says that there is no such row.
#[derive(Default)]
pub(super) struct Known {
    pub(super) journals: BTreeMap<JournalId, Option<JournalRow>>,
    /// Beyond this id there was no journal when it was asked for; those that were created since are in `journals`.
    pub(super) last_journal: Option<Option<JournalId>>,
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
    /// Of each prefix the highest number when it was asked for; those that were given since are in `numbers`.
    pub(super) last_numbers: BTreeMap<String, u64>,
    /// When the newest cases of a project that came in thus were opened, the newest last.
    pub(super) arrivals: BTreeMap<(JournalId, String), Arrivals>,
    pub(super) members: BTreeMap<JournalId, BTreeSet<PersonId>>,
    pub(super) counters: BTreeMap<String, u64>,
    pub(super) notices: BTreeSet<NoticeId>,
    pub(super) answers: BTreeSet<(String, String)>,
}

/// The newest arrivals of a sort.
pub(super) struct Arrivals {
    /// At most so many are told.
    pub(super) limit: usize,
    /// Those until then are not told.
    pub(super) from: Timestamp,
    /// When they came, the newest last.
    pub(super) times: VecDeque<Timestamp>,
}

impl Arrivals {
    /// How many came after that, at most `limit`; nothing if more was asked than is told.
    pub(super) fn since(&self, since: Timestamp, limit: usize) -> Option<usize> {
        let newer = || self.times.iter().filter(|time| **time > since).count();
        (since >= self.from && limit <= self.limit).then(|| newer().min(limit))
    }

    /// One more.
    fn add(&mut self, time: Timestamp) {
        let place = self.times.partition_point(|known| *known <= time);
        self.times.insert(place, time);
        if self.times.len() > self.limit {
            self.times.pop_front();
        }
    }
}

impl Known {
    /// A case is written: what is known of arrivals follows a new one, and is asked for anew where an old one may have
    /// become another.
    pub(super) fn arrived(&mut self, before: Option<&CaseRow>, row: &CaseRow) {
        let same = |before: &CaseRow| {
            (before.project, &before.arrival, before.opened_at)
                == (row.project, &row.arrival, whole_micros(row.opened_at))
        };
        match before {
            None => {
                let of = (row.project, row.arrival.clone());
                if let Some(arrivals) = self.arrivals.get_mut(&of) {
                    arrivals.add(whole_micros(row.opened_at));
                }
            }
            Some(before) if same(before) => {}
            Some(_) => self.arrivals.clear(),
        }
    }

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
