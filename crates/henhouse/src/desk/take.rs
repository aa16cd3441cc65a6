//! Taking a command: decided, written, indexed and told in one transaction.

use std::sync::Arc;

use jiff::Timestamp;
use procedure::chapters::calling::NoteUndelivered;
use procedure::playbook::Channel;
use procedure::project::Directory;
use procedure::{
    Actor, Basis, Command, Draft, Entry, Order, Permission, Recipient, decide, may_see, notices,
    pulse,
};
use serde::{Deserialize, Serialize};

use super::cases::{self, Folded};
use super::error::{DeskError, Result};
use super::{Desk, Inner, index, journal, notify, react};
use crate::store::{CaseRow, Hash, IdempotencyRow, JournalId, Tx};
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

/// A key under which a command is carried out once, however often it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneUse {
    /// Whose key; keys of two actors never meet.
    pub actor: String,
    /// The key.
    pub key: String,
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
        let work = move |tx: &mut dyn Tx| {
            let asked = (&case.0, &order.command, &order.happened_at, &order.waive);
            let command = inner.asked("command", &asked)?;
            if let Some(kept) = kept_answer(tx, once.as_ref(), command)? {
                return Ok(kept);
            }
            let answer = on_case(&inner, tx, case, |bench| take(bench, &actor, &order))?;
            keep_answer(tx, once, command, &answer, inner.clock.wall())?;
            Ok(answer)
        };
        self.write(work).await
    }

    /// Writes in a task of its own, so that a closed browser cannot cancel it half-way.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut dyn Tx) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let store = self.inner.store.clone();
        let written = tokio::spawn(async move { store.write(work).await });
        written.await.map_err(DeskError::bug)?
    }
}

/// Decides and appends.
fn take(bench: &mut Bench, actor: &Actor, order: &Order) -> Result<()> {
    let case = &bench.folded.case;
    if !may_see(case, &bench.basis, actor) && !is_open_to(case, bench, actor, order) {
        return Err(DeskError::NotFound("case"));
    }
    let drafts = decide(case, &bench.basis, bench.now, actor, order)?;
    bench.append(drafts)
}

/// A reporter with a receipt sees no case and may still add to it.
fn is_open_to(case: &procedure::Case, bench: &Bench, actor: &Actor, order: &Order) -> bool {
    let reporter = matches!(actor.who, procedure::Who::Reporter);
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
    };
    match work(&mut bench) {
        Ok(()) => {
            bench.finish()?;
            let Bench {
                folded, told, tx, ..
            } = bench;
            let seq = folded.case.seq;
            inner.publish_after_commit(tx, id, folded);
            Ok(Answer { seq, entries: told })
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

    fn finish(&mut self) -> Result<()> {
        self.settle()?;
        index::case(self)
    }
}

/// The answer that was given to this key before.
pub(super) fn kept_answer<T: for<'de> Deserialize<'de>>(
    tx: &dyn Tx,
    once: Option<&OneUse>,
    command: Hash,
) -> Result<Option<T>> {
    let Some(once) = once else { return Ok(None) };
    let Some(kept) = tx.idempotency(&once.actor, &once.key)? else {
        return Ok(None);
    };
    if kept.command != command {
        return Err(DeskError::KeyReused);
    }
    serde_json::from_slice(&kept.answer)
        .map(Some)
        .map_err(DeskError::bug)
}

/// Keeps the answer in the transaction of its command.
pub(super) fn keep_answer(
    tx: &mut dyn Tx,
    once: Option<OneUse>,
    command: Hash,
    answer: &impl Serialize,
    at: Timestamp,
) -> Result<()> {
    let Some(OneUse { actor, key }) = once else {
        return Ok(());
    };
    let answer = serde_json::to_vec(answer).map_err(DeskError::bug)?;
    Ok(tx.put_idempotency(&IdempotencyRow {
        actor,
        key,
        command,
        answer,
        at,
    })?)
}
