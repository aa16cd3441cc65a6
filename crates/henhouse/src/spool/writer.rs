//! The one thread that appends: whatever waits shares one flush to disk.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Write as _};
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use tokio::sync::oneshot;

use super::Placed;
use super::frame::{self, Span};
use crate::ids::Ids;
use crate::vault::SpoolKey;

/// The file grows no further: the disk is the database's too on many machines.
pub const LARGEST_BYTES: u64 = 256 << 20;
/// What is longer than so many bytes is kept only while the file is shorter than that share of it, in sixteenths: a
/// flood of long words leaves room for short ones, and one of reports leaves room for taps.
const ROOM: [(usize, u64); 3] = [(16 << 10, 8), (4 << 10, 12), (1 << 10, 15)];

/// What the thread is asked to do.
pub(super) enum Order {
    Keep(Vec<u8>, oneshot::Sender<io::Result<Placed>>),
    Settle(u64, oneshot::Sender<io::Result<()>>),
    /// So much of what was there at the start waits, and nothing else of it.
    Known(BTreeSet<u64>),
}

pub(super) struct Writer {
    file: File,
    /// Its length as far as it is on disk.
    length: u64,
    /// Something of which nobody was told that it is kept may stand behind that.
    ragged: bool,
    key: Arc<SpoolKey>,
    ids: Ids,
    last: u64,
    waiting: BTreeSet<u64>,
    /// What was there at the start may wait too; nobody has looked yet.
    unknown: bool,
}

type Answer = Box<dyn FnOnce(&io::Result<()>) + Send>;

impl Writer {
    pub(super) fn new(file: File, length: u64, key: Arc<SpoolKey>, ids: Ids, last: u64) -> Self {
        Self {
            file,
            length,
            ragged: false,
            key,
            ids,
            last,
            waiting: BTreeSet::new(),
            unknown: length > 0,
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

    /// Carries out what was asked together, with one flush.
    pub(super) fn write(&mut self, batch: Vec<Order>) {
        let batch = self.what_fits(batch);
        if batch.is_empty() {
            return;
        }
        let mut bytes = Vec::new();
        let mut answers: Vec<Answer> = Vec::new();
        let (mut added, mut removed) = (BTreeSet::new(), Vec::new());
        for order in batch {
            match order {
                Order::Keep(content, reply) => {
                    self.last += 1;
                    let n = self.last;
                    self.waiting.insert(n);
                    added.insert(n);
                    let frame = frame::of_kept(&self.key, &self.ids, n, &content);
                    let span = Span {
                        at: self.length + bytes.len() as u64,
                        length: frame.len(),
                    };
                    bytes.extend(frame);
                    let placed = Placed { n, span };
                    answers.push(Box::new(move |done| drop(reply.send(said(done, placed)))));
                }
                Order::Settle(n, reply) => {
                    if self.waiting.remove(&n) {
                        removed.push(n);
                    }
                    bytes.extend(frame::of_settled(&self.key, &self.ids, n));
                    answers.push(Box::new(move |done| drop(reply.send(said(done, ())))));
                }
                Order::Known(_) => {}
            }
        }
        let done = self.append(&bytes);
        if done.is_err() {
            self.waiting.extend(removed);
            self.waiting.retain(|n| !added.contains(n));
        }
        answers.into_iter().for_each(|answer| answer(&done));
    }

    /// Turns away what has no room, and takes to heart what is only told.
    fn what_fits(&mut self, batch: Vec<Order>) -> Vec<Order> {
        let mut length = self.length;
        let mut fitting = Vec::with_capacity(batch.len());
        for order in batch {
            match order {
                Order::Keep(content, reply) if !has_room(length, content.len()) => {
                    drop(reply.send(Err(io::ErrorKind::QuotaExceeded.into())));
                }
                Order::Known(waiting) => self.knows(waiting),
                order => {
                    if let Order::Keep(content, _) = &order {
                        length += content.len() as u64;
                    }
                    fitting.push(order);
                }
            }
        }
        fitting
    }

    fn knows(&mut self, waiting: BTreeSet<u64>) {
        self.waiting.extend(waiting);
        self.unknown = false;
        if self.waiting.is_empty()
            && let Err(error) = self.empty()
        {
            tracing::warn!(%error, "the spool holds nothing any more and cannot be emptied yet");
        }
    }

    /// Everything is settled: the file begins anew.
    fn empty(&mut self) -> io::Result<()> {
        self.file.set_len(0)?;
        self.length = 0;
        self.file.sync_data()
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        // First, or what is kept now would stand behind it and be cut off with it.
        if self.ragged {
            self.cut_off()?;
        }
        if self.waiting.is_empty() && !self.unknown {
            return self.empty();
        }
        let written = self.file.write_all(bytes);
        let written = written.and_then(|()| self.file.sync_data());
        match written {
            Ok(()) => self.length += bytes.len() as u64,
            // Nobody is told that it is kept, so it must not come back either.
            Err(_) => {
                self.ragged = true;
                self.cut_off()?;
            }
        }
        written
    }

    fn cut_off(&mut self) -> io::Result<()> {
        self.file.set_len(self.length)?;
        self.ragged = false;
        Ok(())
    }
}

/// Whether something of so many bytes still has room in a file of that length.
pub(super) fn has_room(length: u64, bytes: usize) -> bool {
    let of = |sixteenths: u64| LARGEST_BYTES / 16 * sixteenths;
    let share = ROOM.iter().find(|(longer, _)| bytes > *longer);
    length + bytes as u64 <= of(share.map_or(16, |(_, sixteenths)| *sixteenths))
}

fn said<T>(done: &io::Result<()>, answer: T) -> io::Result<T> {
    match done {
        Ok(()) => Ok(answer),
        Err(cause) => Err(io::Error::new(cause.kind(), cause.to_string())),
    }
}
