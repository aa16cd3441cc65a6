//! Taking a command: decided, written, indexed and told in one transaction.

use std::sync::Arc;

use jiff::Timestamp;
use procedure::chapters::calling::NoteUndelivered;
use procedure::playbook::Channel;
use procedure::project::Directory;
use procedure::{
    Actor, Basis, Command, Draft, Entry, Order, Permission, Recipient, Who, decide, may_see,
    notices, pulse,
};
use serde::{Deserialize, Serialize};

use super::answers::{OneUse, keep_answer, kept_answer};
use super::cases::{self, Folded};
use super::error::{DeskError, Result};
use super::{Change, Desk, Inner, forwarded, index, journal, notify, react};
use crate::store::{CaseRow, JournalId, OutboxRow, Try, Tx};
use crate::vault::JournalKey;

/// What became of a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The case's last entry afterwards.
    pub seq: u64,
    /// The entries that the command left.
    pub entries: Vec<Told>,
}

/// An entry, by place and kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Its place.
    pub seq: u64,
    /// Its kind.
    pub kind: String,
}

/// Everything that a step on one case works with.
pub(super) struct Bench<'a> {
    pub(super) inner: &'a Arc<Inner>,
    pub(super) tx: &'a mut dyn Tx,
    pub(super) key: JournalKey,
    pub(super) row: CaseRow,
    pub(super) basis: Arc<Basis>,
    pub(super) directory: Arc<Directory>,
    pub(super) folded: Folded,
    pub(super) now: Timestamp,
    pub(super) told: Vec<Told>,
    /// Who could be told nothing, for want of an address; the procedure hears of it at the end.
    pub(super) unreached: Vec<Recipient>,
    /// Whether something was put into the outbox.
    pub(super) posted: bool,
    /// What has left already, before the case was written: a notice that is among it does not leave again.
    pub(super) sent: Vec<(OutboxRow, Try)>,
}

impl Desk {
    /// Carries a command out on a case, or refuses and leaves it unchanged.
    ///
    /// # Errors
    /// [`DeskError::Refused`] with the rule; [`DeskError::NotFound`] where the case does not
    /// exist for this actor; the store's errors.
    pub async fn submit(
        &self,
        case: JournalId,
        actor: Actor,
        order: Order,
        once: Option<OneUse>,
    ) -> Result<Answer> {
        let inner = Arc::clone(&self.inner);
        let what = (&case.0, &order.command, &order.happened_at, &order.waive);
        let asked = inner.asked(once, "command", &what)?;
        // Whoever is known acts at once; what strangers add stands in line with the reports.
        let from_outside = matches!(actor.who, Who::Reporter);
        let work = move |tx: &mut dyn Tx| {
            if let Some(kept) = kept_answer(tx, asked.as_ref())? {
                return Ok(kept);
            }
            let answer = on_case(&inner, tx, case, |bench| take(bench, &actor, &order))?;
            keep_answer(tx, asked, &answer, inner.clock.wall())?;
            Ok(answer)
        };
        if from_outside {
            return self.write(work).await;
        }
        let store = self.inner.store.clone();
        uncancelled(async move { store.write_urgent(work).await }).await
    }

    /// Writes so that a closed browser cannot cancel it half-way.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut dyn Tx) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let store = self.inner.store.clone();
        uncancelled(async move { store.write(work).await }).await
    }
}

/// Runs in a task of its own, which goes on when nobody waits for it any more.
async fn uncancelled<T: Send + 'static>(
    work: impl Future<Output = Result<T>> + Send + 'static,
) -> Result<T> {
    tokio::spawn(work).await.map_err(DeskError::bug)?
}

/// Decides and appends.
pub(super) fn take(bench: &mut Bench, actor: &Actor, order: &Order) -> Result<()> {
    let case = &bench.folded.case;
    if !may_see(case, &bench.basis, actor) && !is_open_to(case, bench, actor, order) {
        return Err(DeskError::NotFound("case"));
    }
    let drafts = decide(case, &bench.basis, bench.now, actor, order)?;
    bench.append(drafts)
}

/// A reporter with a receipt sees no case and may still add to it.
fn is_open_to(case: &procedure::Case, bench: &Bench, actor: &Actor, order: &Order) -> bool {
    let reporter = matches!(actor.who, Who::Reporter);
    let may = procedure::may(case, &bench.basis, actor, order.command.name());
    reporter && matches!(may, Permission::Yes)
}

/// Loads a case for writing, lets `work` append to it, and leaves index, outbox and caches right.
pub(super) fn on_case(
    inner: &Arc<Inner>,
    tx: &mut dyn Tx,
    id: JournalId,
    work: impl FnOnce(&mut Bench) -> Result<()>,
) -> Result<Answer> {
    let batch = tx.batch();
    let row = tx.case(id)?.ok_or(DeskError::NotFound("case"))?;
    let (mut folded, changed) = inner.writing.take(batch, id);
    folded.catch_up(tx, &inner.root, id)?;
    let key = journal::key(tx, &inner.root, id)?;
    let basis = inner.basis_of(tx, &folded.case)?;
    let directory = inner.directory_of(tx, row.project)?;
    let now = inner.clock.now();
    let mut bench = Bench {
        inner,
        tx,
        key,
        row,
        basis,
        directory,
        folded,
        now,
        told: Vec::new(),
        unreached: Vec::new(),
        posted: false,
        sent: Vec::new(),
    };
    match work(&mut bench) {
        Ok(()) => {
            bench.finish()?;
            let seq = bench.folded.case.seq;
            let entries = bench.publish();
            Ok(Answer { seq, entries })
        }
        Err(error) if bench.told.is_empty() => {
            let folded = bench.folded;
            inner.writing.put_back(batch, id, folded, changed);
            Err(error)
        }
        Err(error) => Err(error),
    }
}

impl Bench<'_> {
    /// Appends drafts: chains them, folds them, writes what is to be told because of them.
    pub(super) fn append(&mut self, drafts: Vec<Draft>) -> Result<()> {
        for draft in drafts {
            let saying = cases::saying(&draft)?;
            let words = index::words(&saying.body);
            let chain = &mut self.folded.chain;
            let written =
                journal::append(self.tx, &self.key, &self.inner.ids, chain, self.now, saying)?;
            let Draft {
                happened_at,
                actor,
                body,
            } = draft;
            let entry = Entry {
                seq: written.seq,
                recorded_at: written.recorded_at,
                happened_at,
                actor,
                body,
            };
            Arc::make_mut(&mut self.folded.case).apply(&entry);
            self.told.push(Told {
                seq: entry.seq,
                kind: entry.body.kind().to_owned(),
            });
            if self.row.restricted && !self.folded.case.part.secrecy.restricted {
                // The store takes no words of a case that its row calls restricted.
                index::case(self)?;
            }
            index::search(self.tx, &self.folded, entry.seq, &words)?;
            index::exhibit(self.tx, &self.folded, &entry)?;
            let notices = notices(&self.folded.case, &self.basis, &entry);
            notify::enqueue(self, &entry, &notices)?;
            forwarded::follow(self, &entry)?;
            react::react(self, &entry)?;
        }
        Ok(())
    }

    /// Lets everything happen that is due now: after a command, and when the waker comes.
    pub(super) fn settle(&mut self) -> Result<()> {
        loop {
            self.note_unreached()?;
            let drafts = pulse(&self.folded.case, &self.basis, self.now);
            if drafts.is_empty() {
                return Ok(());
            }
            self.append(drafts)?;
        }
    }

    /// Nobody waits for a page that cannot be sent: the walk goes on at once (M17, P6).
    fn note_unreached(&mut self) -> Result<()> {
        while let Some(to) = self.unreached.pop() {
            let note = NoteUndelivered {
                to,
                route: Some(Channel::Mail),
                more_routes: false,
            };
            let (case, order) = (&self.folded.case, Order::from(Command::from(note)));
            match decide(case, &self.basis, self.now, &Actor::system(), &order) {
                Ok(drafts) => self.append(drafts)?,
                Err(refusal) => tracing::debug!(?refusal, "the procedure did not take it"),
            }
        }
        Ok(())
    }

    /// Lets happen what is due now, and leaves the index right.
    pub(super) fn finish(&mut self) -> Result<()> {
        self.settle()?;
        index::case(self)
    }

    /// After the commit the case as it stands is known to readers, waker and outbox. Answers what
    /// was left.
    pub(super) fn publish(self) -> Vec<Told> {
        let batch = self.tx.batch();
        let (id, seq) = (self.row.journal, self.folded.case.seq);
        // A batch that nobody has touched yet is begun by taking from it.
        let _ = self.inner.writing.take(batch, id);
        self.inner.writing.put_back(batch, id, self.folded, true);
        let inner = Arc::clone(self.inner);
        let (posted, next_wake) = (self.posted, self.row.next_wake);
        self.tx.after_commit(Box::new(move || {
            inner.writing.publish(batch, id);
            let _ = inner.changes.send(Change { journal: id, seq });
            if posted {
                inner.outbox_nudge.notify_one();
            }
            inner.waker_bell.due(next_wake);
        }));
        self.told
    }
}
