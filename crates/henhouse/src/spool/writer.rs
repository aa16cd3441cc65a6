//! The one thread that appends: whatever waits shares one flush to disk.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Write as _};
use std::sync::mpsc::Receiver;

use tokio::sync::oneshot;

use super::Kept;
use super::frame::{self, Record};
use crate::ids::Ids;
use crate::vault::SpoolKey;

/// The file grows no further: the disk is the database's too on many machines.
const LARGEST_BYTES: u64 = 256 << 20;

/// What the thread is asked to do.
pub(super) enum Order {
    Keep(Vec<u8>, oneshot::Sender<io::Result<u64>>),
    Settle(u64, oneshot::Sender<io::Result<()>>),
}

pub(super) struct Writer {
    file: File,
    /// Its length as far as it is on disk.
    length: u64,
    key: SpoolKey,
    ids: Ids,
    last: u64,
    waiting: BTreeSet<u64>,
}

type Answer = Box<dyn FnOnce(&io::Result<()>) + Send>;

impl Writer {
    pub(super) fn new(
        file: File,
        length: u64,
        key: SpoolKey,
        ids: Ids,
        last: u64,
        waiting: &[Kept],
    ) -> Self {
        Self {
            file,
            length,
            key,
            ids,
            last,
            waiting: waiting.iter().map(|kept| kept.n).collect(),
        }
    }

    /// Runs until nobody can ask any more.
    pub(super) fn run(mut self, orders: &Receiver<Order>) {
        while let Ok(first) = orders.recv() {
            let mut batch = vec![first];
            batch.extend(orders.try_iter());
            self.write(batch);
        }
    }

    fn write(&mut self, batch: Vec<Order>) {
        let mut bytes = Vec::new();
        let mut answers: Vec<Answer> = Vec::new();
        let before = self.waiting.clone();
        for order in batch {
            let record = match order {
                Order::Keep(content, reply) => {
                    self.last += 1;
                    let n = self.last;
                    self.waiting.insert(n);
                    answers.push(Box::new(move |done| drop(reply.send(said(done, n)))));
                    Record::Kept(Kept { n, content })
                }
                Order::Settle(n, reply) => {
                    self.waiting.remove(&n);
                    answers.push(Box::new(move |done| drop(reply.send(said(done, ())))));
                    Record::Settled(n)
                }
            };
            bytes.extend(frame::of(&self.key, &self.ids, &record));
        }
        let done = self.append(&bytes);
        if done.is_err() {
            self.waiting = before;
        }
        answers.into_iter().for_each(|answer| answer(&done));
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.waiting.is_empty() {
            // Everything is settled: the file begins anew.
            self.file.set_len(0)?;
            self.file.sync_data()?;
            self.length = 0;
            return Ok(());
        }
        if self.length + bytes.len() as u64 > LARGEST_BYTES {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let written = self.file.write_all(bytes);
        let written = written.and_then(|()| self.file.sync_data());
        match written {
            Ok(()) => self.length += bytes.len() as u64,
            // Nobody is told that it is kept, so it must not come back either.
            Err(_) => self.file.set_len(self.length)?,
        }
        written
    }
}

fn said<T>(done: &io::Result<()>, answer: T) -> io::Result<T> {
    match done {
        Ok(()) => Ok(answer),
        Err(cause) => Err(io::Error::new(cause.kind(), cause.to_string())),
    }
}
