//! One batch of writes: many jobs, one commit. The same for every backend.
//!
//! Each job runs in a savepoint of its own; what it refuses is undone for it alone. Answers are given
//! only after the commit, so nobody is ever told of something that may still be lost; and if the
//! commit fails, every job of the batch gets that error, a refusal included, because a refusal may
//! rest on an earlier job of the same batch.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::error::{Result, StoreError};
use super::fault::{Fault, FaultPoint, slow_disk};
use super::seam::Tx;
use crate::killpoint;

/// At most so many jobs share a commit.
pub(crate) const JOBS_PER_BATCH: usize = 128;

/// A batch takes no further job once it has written so many bytes, so that the write-ahead log stays
/// small.
pub(crate) const BYTES_PER_BATCH: usize = 8 << 20;

/// One caller's write: run once, then answered once.
pub(crate) trait Job: Send {
    /// Runs the work; says whether its writes are to be kept.
    fn run(&mut self, tx: &mut dyn Tx) -> bool;
    /// Tells the caller, now that the fate of the batch is known.
    fn answer(self: Box<Self>, fate: Result<()>);
}

struct Write<W, R, T, E> {
    work: Option<W>,
    reply: R,
    done: Option<Result<T, E>>,
}

impl<W, R, T, E> Job for Write<W, R, T, E>
where
    W: FnOnce(&mut dyn Tx) -> Result<T, E> + Send,
    R: FnOnce(Result<T, E>) + Send,
    T: Send,
    E: From<StoreError> + Send,
{
    fn run(&mut self, tx: &mut dyn Tx) -> bool {
        let Some(work) = self.work.take() else {
            return false;
        };
        self.done = catch_unwind(AssertUnwindSafe(|| work(tx))).ok();
        matches!(self.done, Some(Ok(_)))
    }

    fn answer(self: Box<Self>, fate: Result<()>) {
        let Self { reply, done, .. } = *self;
        reply(match fate {
            Ok(()) => done.unwrap_or_else(|| Err(StoreError::Panicked.into())),
            Err(error) => Err(error.into()),
        });
    }
}

/// A job that does `work` and answers through `reply`.
pub(crate) fn job<'a, T, E>(
    work: impl FnOnce(&mut dyn Tx) -> Result<T, E> + Send + 'a,
    reply: impl FnOnce(Result<T, E>) + Send + 'a,
) -> Box<dyn Job + 'a>
where
    T: Send + 'a,
    E: From<StoreError> + Send + 'a,
{
    Box::new(Write {
        work: Some(work),
        reply,
        done: None,
    })
}

/// What the jobs of a batch asked for beyond their rows.
#[derive(Default)]
pub(crate) struct Wishes {
    /// The batch's number.
    pub(crate) batch: u64,
    /// What is to be done after the commit, for kept jobs only.
    pub(crate) acts: Vec<Box<dyn FnOnce() + Send>>,
    /// Whether the log is to be emptied after the commit.
    pub(crate) scrub: bool,
    /// About how many bytes were written.
    pub(crate) bytes: usize,
}

/// What a backend does for a batch.
pub(crate) trait Ground {
    /// The transaction as the jobs see it.
    fn tx(&mut self) -> &mut dyn Tx;
    /// The wishes of the running batch.
    fn wishes(&mut self) -> &mut Wishes;
    /// The error that spoilt the running job, even if the job went on.
    fn spoilt(&mut self) -> Option<StoreError>;
    fn begin(&mut self) -> Result<()>;
    fn savepoint(&mut self) -> Result<()>;
    fn keep_savepoint(&mut self) -> Result<()>;
    /// Fails if the whole transaction is gone.
    fn undo_savepoint(&mut self) -> Result<()>;
    fn commit(&mut self) -> Result<()>;
    /// Undoes everything since `begin`, if there is anything left to undo.
    fn abandon(&mut self);
}

/// How a batch went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BatchEnd {
    pub(crate) jobs: u64,
    pub(crate) committed: bool,
    pub(crate) scrub: bool,
}

/// Runs `first` and what `next` gives, up to the limits, in one transaction with the given number. The
/// caller gives the answers, after whatever a commit still owes.
pub(crate) fn run<'a>(
    ground: &mut dyn Ground,
    fault: &Fault,
    number: u64,
    first: Box<dyn Job + 'a>,
    mut next: impl FnMut() -> Option<Box<dyn Job + 'a>>,
) -> (BatchEnd, Answers<'a>) {
    *ground.wishes() = Wishes {
        batch: number,
        ..Wishes::default()
    };
    let mut ran: Vec<(Box<dyn Job + 'a>, Result<()>)> = Vec::new();
    let mut whole = ground.begin();
    let mut waiting = Some(first);
    while let Some(mut job) = waiting.take() {
        let own = match whole {
            Ok(()) => run_one(ground, job.as_mut(), &mut whole),
            Err(_) => Ok(()),
        };
        ran.push((job, own));
        if whole.is_ok() && ran.len() < JOBS_PER_BATCH && ground.wishes().bytes < BYTES_PER_BATCH {
            waiting = next();
        }
    }
    let whole = whole.and_then(|()| commit(ground, fault));
    if whole.is_err() {
        ground.abandon();
    }
    let wishes = std::mem::take(ground.wishes());
    let end = BatchEnd {
        jobs: ran.len() as u64,
        committed: whole.is_ok(),
        scrub: whole.is_ok() && wishes.scrub,
    };
    let told = whole.and_then(|()| {
        killpoint::pass(killpoint::Point::AfterCommit);
        wishes.acts.into_iter().for_each(|act| act());
        fault.ask(FaultPoint::AfterCommit)
    });
    (end, Answers { ran, told })
}

/// The answers of a batch, ready to be given.
#[must_use]
pub(crate) struct Answers<'a> {
    ran: Vec<(Box<dyn Job + 'a>, Result<()>)>,
    told: Result<()>,
}

impl Answers<'_> {
    /// Gives every caller their answer.
    pub(crate) fn give(self) {
        for (job, own) in self.ran {
            job.answer(self.told.clone().and(own));
        }
    }
}

fn commit(ground: &mut dyn Ground, fault: &Fault) -> Result<()> {
    killpoint::pass(killpoint::Point::BeforeCommit);
    fault.ask(FaultPoint::BeforeCommit)?;
    slow_disk();
    ground.commit()
}

/// Runs one job in its savepoint. `whole` becomes an error if the transaction did not outlive it.
fn run_one(ground: &mut dyn Ground, job: &mut dyn Job, whole: &mut Result<()>) -> Result<()> {
    *whole = ground.savepoint();
    if whole.is_err() {
        return Ok(());
    }
    let acts = ground.wishes().acts.len();
    let keep = job.run(ground.tx());
    let spoilt = ground.spoilt();
    if keep && spoilt.is_none() {
        *whole = ground.keep_savepoint();
        return Ok(());
    }
    ground.wishes().acts.truncate(acts);
    *whole = ground
        .undo_savepoint()
        .map_err(|gone| spoilt.clone().unwrap_or(gone));
    spoilt.map_or(Ok(()), Err)
}
