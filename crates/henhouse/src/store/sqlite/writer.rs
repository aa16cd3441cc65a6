//! The one writer: takes what waits, writes it in one transaction, answers after the commit.

use std::path::Path;
use std::sync::{Arc, PoisonError};
use std::thread::JoinHandle;

use super::Core;
use super::log::Log;
use super::open::connect;
use super::session::{Age, Session};
use crate::store::batch::{self, Job};
use crate::store::dir_lock::disk;
use crate::store::error::Result;
use crate::store::judge::Judge;
use crate::store::lanes::Waiting;

/// The writing connection and its log.
pub(super) struct Writer {
    pub(super) session: Session,
    pub(super) log: Log,
}

impl Writer {
    pub(super) fn open(file: &Path, age: &Age, judge: &Judge) -> Result<Self> {
        let session = Session::new(connect(file)?, age.clone(), judge.clone());
        Ok(Self {
            session,
            log: Log::of(file, age),
        })
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
        let Writer { session, log } = &mut *writer;
        let number = self.figures.next_batch();
        let (end, answers) = batch::run(session, &self.fault, number, first, next);
        self.figures.count(end);
        if end.scrub {
            // Who asked for something to be destroyed is answered when it is.
            log.after_batch(&session.conn, true);
            answers.give();
        } else {
            answers.give();
            log.after_batch(&session.conn, false);
        }
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
    thread.spawn(work).map_err(|error| disk(&error))
}
