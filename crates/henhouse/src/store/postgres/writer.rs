//! The writing connection: takes what waits, writes it in one transaction, answers after the commit.
//!
//! Every batch of every node begins with the same advisory lock and ends with its transaction; so batches
//! follow one another as they do on SQLite, and what a batch has read nobody can change before it commits.
//! In the same transaction each leaves its number behind. So a commit whose answer was lost can be looked
//! up afterwards, and a writer sees whether others have written since its own last batch.

use std::sync::{Arc, PoisonError};
use std::thread::JoinHandle;

use uuid::Uuid;

use super::Core;
use super::address::Address;
use super::session::{Job as Running, Session};
use super::statements;
use super::values::{Count, Micros, bound, values};
use crate::store::batch::{self, Ground, Job, Wishes};
use crate::store::error::{Result, StoreError};
use crate::store::judge::Judge;
use crate::store::lanes::Waiting;
use crate::store::seam::Tx;

statements! {
    BEGIN_WRITE = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
    LOCK = "SELECT pg_advisory_xact_lock(1212501576, hashtext(current_schema()))";
    LAST_TURN = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint,
            last.node, last.batch, last.turn
        FROM (VALUES (1)) one LEFT JOIN (
            SELECT node, batch, turn FROM writer ORDER BY turn DESC LIMIT 1) last ON true";
    LAST_BATCH = "SELECT batch FROM writer WHERE node = $1";
    MARK = "INSERT INTO writer (node, batch, turn) VALUES ($1, $2, $3)
        ON CONFLICT (node) DO UPDATE SET batch = excluded.batch, turn = excluded.turn";
    TELL = "INSERT INTO news (turn, node, journal, seq)
        SELECT $1, $2, t.journal::uuid, t.seq::bigint
        FROM unnest($3::text[], $4::text[]) AS t (journal, seq)";
    HINT = "SELECT pg_notify('henhouse_' || current_schema(), '')";
    FORGET_NEWS = "DELETE FROM news WHERE turn < $1";
    FORGET_WRITERS = "DELETE FROM writer WHERE turn < $1";
    // A time limit in the middle of a commit would end the wait for the standby, not the commit.
    TAKE_YOUR_TIME = "SET LOCAL statement_timeout = 0";
    COMMIT = "COMMIT";
    ROLLBACK_WRITE = "ROLLBACK";
}

/// So often a lost commit is looked for; the pauses between grow to a second.
const LOOKS: usize = 8;
/// Writers that have written nothing for so many turns are forgotten.
const REMEMBERED_TURNS: u64 = 100_000;
/// So many turns may pass before a node that could not look no longer hears what happened in them.
const NEWS_TURNS: u64 = 4_096;

/// The writing session.
pub(super) struct Writer {
    session: Session,
    node: Uuid,
    /// The batch and the turn that this writer committed last.
    last: Option<(u64, u64)>,
    /// The turn of the running batch.
    turn: u64,
}

impl Writer {
    pub(super) fn new(address: &Arc<Address>, judge: &Judge, node: Uuid) -> Result<Self> {
        Ok(Self {
            session: Session::writer(address, judge)?,
            node,
            last: None,
            turn: 0,
        })
    }

    /// Begins a transaction, waits for the lock, and notes when it has it; gives the node, batch and turn that were last.
    fn lock(&mut self) -> Result<Option<(Uuid, u64, u64)>> {
        let mut line = self.session.line.borrow_mut();
        line.connect()?;
        line.send(BEGIN_WRITE, Vec::new())?;
        // Carried out in this order: what is asked last is asked under the lock, and both cost one journey.
        line.send(LOCK, Vec::new())?;
        let rows = line.ask(LAST_TURN, Vec::new())?;
        let corrupt = |error: tokio_postgres::Error| StoreError::Corrupt(error.to_string());
        let Some(row) = rows.first() else {
            return Ok(None);
        };
        let began = row.try_get::<_, Micros>(0).map_err(corrupt)?;
        self.session.began.set(Some(began.0));
        let count = |column| {
            let count = row.try_get::<_, Option<Count>>(column).map_err(corrupt)?;
            Ok::<_, StoreError>(count.map(|count| count.0))
        };
        let node = row.try_get::<_, Option<Uuid>>(1).map_err(corrupt)?;
        let last = node.zip(count(2)?).zip(count(3)?);
        Ok(last.map(|((node, batch), turn)| (node, batch, turn)))
    }

    /// Whether the batch that was being committed is there, asked on a new connection.
    fn look(&mut self, batch: u64) -> Result<bool> {
        self.lock()?;
        let mut line = self.session.line.borrow_mut();
        let rows = line.ask(LAST_BATCH, values![self.node])?;
        let found = rows.first().and_then(|row| row.try_get::<_, Count>(0).ok());
        line.run(ROLLBACK_WRITE, Vec::new())?;
        Ok(found.is_some_and(|found| found.0 == batch))
    }

    /// What became of a commit whose answer was lost.
    fn resolve(&mut self, lost: &StoreError) -> Result<()> {
        let batch = self.session.wishes.batch;
        for _ in 0..LOOKS {
            match self.look(batch) {
                Ok(true) => return Ok(()),
                Ok(false) => return Err(lost.clone()),
                Err(error) => {
                    tracing::warn!(%error, "nobody can say yet whether the last batch was committed");
                    self.session.line.borrow_mut().hang_up();
                }
            }
        }
        Err(StoreError::Unknown)
    }

    /// Leaves word for the other nodes.
    fn tell(&self) -> Result<()> {
        let appended = std::mem::take(&mut *self.session.appended.borrow_mut());
        if appended.is_empty() {
            return Ok(());
        }
        let (journals, seqs): (Vec<String>, Vec<String>) = appended
            .iter()
            .map(|(journal, seq)| (journal.to_string(), seq.to_string()))
            .unzip();
        let turn = bound(self.turn);
        self.session
            .send(TELL, values![turn, self.node, journals, seqs])?;
        self.session.send(HINT, Vec::new())
    }

    fn committed(&mut self) {
        self.last = Some((self.session.wishes.batch, self.turn));
    }
}

impl Ground for Writer {
    fn tx(&mut self) -> &mut dyn Tx {
        &mut self.session
    }

    fn wishes(&mut self) -> &mut Wishes {
        &mut self.session.wishes
    }

    fn spoilt(&mut self) -> Option<StoreError> {
        self.session.job.borrow_mut().spoilt.take()
    }

    fn begin(&mut self) -> Result<()> {
        *self.session.job.borrow_mut() = Running::default();
        self.session.appended.borrow_mut().clear();
        let was_connected = self.session.line.borrow().is_connected();
        let mut last = self.lock();
        if was_connected && matches!(last, Err(StoreError::Away(_))) {
            // It may have died while nobody used it.
            self.session.line.borrow_mut().hang_up();
            last = self.lock();
        }
        let last = last?;
        let turn = last.map_or(0, |(_, _, turn)| turn);
        let own = last
            .filter(|(node, _, _)| *node == self.node)
            .map(|(_, batch, turn)| (batch, turn));
        if own.is_none() || own != self.last {
            self.session.known.borrow_mut().forget();
        } else {
            self.session.known.borrow_mut().trim();
        }
        self.turn = turn + 1;
        let batch = self.session.wishes.batch;
        self.session
            .send(MARK, values![self.node, bound(batch), bound(self.turn)])?;
        if self.turn.is_multiple_of(NEWS_TURNS) {
            let old = self.turn.saturating_sub(NEWS_TURNS);
            self.session.send(FORGET_NEWS, values![bound(old)])?;
        }
        if self.turn.is_multiple_of(REMEMBERED_TURNS) {
            let old = self.turn - REMEMBERED_TURNS;
            self.session.send(FORGET_WRITERS, values![bound(old)])?;
        }
        Ok(())
    }

    fn savepoint(&mut self) -> Result<()> {
        let failed = self.session.job.borrow_mut().failed.take();
        *self.session.job.borrow_mut() = Running::default();
        failed.map_or(Ok(()), Err)
    }

    fn keep_savepoint(&mut self) -> Result<()> {
        self.session.keep()
    }

    fn undo_savepoint(&mut self) -> Result<()> {
        self.session.undo()
    }

    fn commit(&mut self) -> Result<()> {
        self.tell()?;
        self.session.send(TAKE_YOUR_TIME, Vec::new())?;
        // A commit of a spoilt transaction undoes it and says so in no error of its own; the error of the
        // statement that spoilt it comes first here.
        let done = self.session.line.borrow_mut().run(COMMIT, Vec::new());
        let fate = match done {
            Ok(_) => Ok(()),
            Err(StoreError::Away(words)) => self.resolve(&StoreError::Away(words)),
            Err(error) => Err(error),
        };
        if fate.is_ok() {
            self.committed();
        }
        fate
    }

    fn abandon(&mut self) {
        *self.session.job.borrow_mut() = Running::default();
        self.session.known.borrow_mut().forget();
        let mut line = self.session.line.borrow_mut();
        let _already_told = line.is_connected().then(|| line.settle());
        if line.is_connected() && line.run(ROLLBACK_WRITE, Vec::new()).is_err() {
            line.hang_up();
        }
    }
}

impl Core {
    /// Writes one batch on this thread and gives its answers.
    pub(super) fn write<'a>(
        &self,
        first: Box<dyn Job + 'a>,
        next: impl FnMut() -> Option<Box<dyn Job + 'a>>,
    ) {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let number = self.figures.next_batch();
        let (end, answers) = batch::run(&mut *writer, &self.fault, number, first, next);
        self.figures.count(end);
        answers.give();
    }
}

/// Starts the writer's thread. It ends when the lanes are closed and everything handed in is written.
pub(super) fn spawn(core: Arc<Core>, mut waiting: Waiting) -> Result<JoinHandle<()>> {
    let work = move || {
        while let Some(first) = waiting.first() {
            core.write(first, || waiting.next());
        }
    };
    let thread = std::thread::Builder::new().name("store-writer".to_owned());
    thread
        .spawn(work)
        .map_err(|error| StoreError::Io(error.to_string()))
}
