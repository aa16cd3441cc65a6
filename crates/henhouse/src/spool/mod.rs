//! What a node keeps on its own disk while the database is away: one file, appended to and flushed before anybody is
//! answered, read again after the next start.
//!
//! It knows bytes, not what they say, and decides nothing. What waits is encrypted. A file that ends in the middle of a
//! record was being written when the machine stopped: nobody was told that this record is kept, so it is cut off. What
//! cannot be read in the middle is put aside, and what stands behind it is found all the same.
//!
//! However long the file is, it is ready for new records at once: opening it walks from length to length and opens the
//! newest records only. Everything in it is opened by [`Spool::look_back`], which may go on beside.

mod frame;
mod mending;
mod writer;

use std::collections::BTreeSet;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

use self::frame::Record;
use self::writer::{Order, Writer};
use crate::ids::Ids;
use crate::vault::SpoolKey;

pub use self::frame::Span;
pub use self::writer::LARGEST_BYTES;

const LOG: &str = "log";
const NODE: &str = "node";

/// A node's spool. Clones share it.
#[derive(Clone)]
pub struct Spool {
    orders: Orders,
    node: u16,
    /// For reading what was kept.
    file: Arc<File>,
    key: Arc<SpoolKey>,
    folder: PathBuf,
    /// What was there when it was opened, in bytes.
    older: u64,
}

/// Who carries out what is asked.
#[derive(Clone)]
enum Orders {
    Thread(Sender<Order>),
    Here(Arc<Mutex<Writer>>),
}

/// On which thread a spool writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writes {
    /// On one of its own, so that what waits shares a flush.
    Apart,
    /// On its caller's, for a simulation.
    Here,
}

/// Where something was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Its place: later ones have greater ones.
    pub n: u64,
    /// Where it stands in the file, for as long as it is not settled.
    pub span: Span,
}

/// One of the records that were there when the spool was opened.
pub enum Earlier {
    /// Something was kept.
    Kept(Placed, Vec<u8>),
    /// What was kept at that place has been settled.
    Settled(u64),
}

/// What opening a spool found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Records that wait to be looked at, in bytes.
    pub older_bytes: u64,
    /// Bytes at the end of a record that was never finished, which are cut off.
    pub torn_bytes: u64,
    /// Bytes that were whole once and cannot be read, which are put aside in a file of their own.
    pub damaged_bytes: u64,
}

impl Spool {
    /// Opens the spool in this folder, making it if it is not there.
    ///
    /// # Errors
    /// The file system's.
    pub fn open(
        folder: &Path,
        key: SpoolKey,
        ids: Ids,
        writes: Writes,
    ) -> io::Result<(Self, Found)> {
        match DirBuilder::new().mode(0o700).create(folder) {
            Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => {}
            made => made?,
        }
        let node = node(folder, &ids)?;
        let mended = mending::mend(folder, &key, &ids)?;
        let file = private(folder, LOG)?;
        file.sync_all()?;
        sync(folder)?;
        folder.parent().map_or(Ok(()), sync)?;
        let (key, reader) = (Arc::new(key), Arc::new(private(folder, LOG)?));
        let writer = Writer::new(file, mended.length, Arc::clone(&key), ids, mended.last);
        let spool = Self {
            orders: Orders::to(writer, writes)?,
            node,
            file: reader,
            key,
            folder: folder.to_owned(),
            older: mended.length,
        };
        let found = Found {
            older_bytes: mended.length,
            torn_bytes: mended.torn_bytes,
            damaged_bytes: mended.damaged_bytes,
        };
        Ok((spool, found))
    }

    /// Tells this node's spool from others': it stands in the numbers of its receipts.
    #[must_use]
    pub fn node(&self) -> u16 {
        self.node
    }

    /// Shows every record that was there when the spool was opened, in order and one at a time; answers how many bytes
    /// among them could not be read and were put aside. Until this was done once the file is never emptied.
    ///
    /// # Errors
    /// The file system's.
    pub fn look_back(&self, mut each: impl FnMut(Earlier)) -> io::Result<u64> {
        let mut waiting = BTreeSet::new();
        let gaps = frame::scan(
            &self.file,
            &self.key,
            0..self.older,
            |record, span| match record {
                Record::Kept(n, content) => {
                    waiting.insert(n);
                    each(Earlier::Kept(Placed { n, span }, content));
                }
                Record::Settled(n) => {
                    waiting.remove(&n);
                    each(Earlier::Settled(n));
                }
            },
        )?;
        let mut damaged = 0;
        for gap in &gaps {
            damaged += mending::put_aside_once(&self.folder, &self.file, gap)?;
        }
        self.orders.give(Order::Known(waiting))?;
        Ok(damaged)
    }

    /// Keeps this; it is on disk when this answers its place.
    ///
    /// # Errors
    /// The file system's: nothing was kept.
    pub async fn keep(&self, content: Vec<u8>) -> io::Result<Placed> {
        let (reply, answer) = oneshot::channel();
        self.orders.give(Order::Keep(content, reply))?;
        answer.await.map_err(|_| gone())?
    }

    /// What was kept there and is not settled.
    ///
    /// # Errors
    /// The file system's; `InvalidData` for what is not as it was written.
    pub fn read(&self, span: Span) -> io::Result<Vec<u8>> {
        match frame::at(&self.file, &self.key, span)? {
            Some(Record::Kept(_, content)) => Ok(content),
            _ => Err(io::ErrorKind::InvalidData.into()),
        }
    }

    /// What stands at these places need not be kept any more.
    ///
    /// # Errors
    /// The file system's: some of it will be found again at the next start.
    pub async fn settle(&self, places: &[u64]) -> io::Result<()> {
        let mut answers = Vec::with_capacity(places.len());
        for n in places {
            let (reply, answer) = oneshot::channel();
            self.orders.give(Order::Settle(*n, reply))?;
            answers.push(answer);
        }
        for answer in answers {
            answer.await.map_err(|_| gone())??;
        }
        Ok(())
    }
}

impl Orders {
    fn to(writer: Writer, writes: Writes) -> io::Result<Self> {
        if writes == Writes::Here {
            return Ok(Self::Here(Arc::new(Mutex::new(writer))));
        }
        let (orders, taken) = channel();
        let thread = std::thread::Builder::new().name("spool".to_owned());
        thread.spawn(move || writer.run(&taken))?;
        Ok(Self::Thread(orders))
    }

    fn give(&self, order: Order) -> io::Result<()> {
        match self {
            Self::Thread(orders) => orders.send(order).map_err(|_| gone()),
            Self::Here(writer) => {
                let mut writer = writer.lock().unwrap_or_else(PoisonError::into_inner);
                writer.write(vec![order]);
                Ok(())
            }
        }
    }
}

fn gone() -> io::Error {
    io::Error::other("the spool's thread has ended")
}

fn private(folder: &Path, name: &str) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .append(true)
        .create(true)
        .mode(0o600)
        .open(folder.join(name))
}

/// Kept since the spool was first opened; of little weight, so one that cannot be read is made anew.
fn node(folder: &Path, ids: &Ids) -> io::Result<u16> {
    let mut file = private(folder, NODE)?;
    let mut text = String::new();
    let read = file.read_to_string(&mut text);
    if let (Ok(_), Ok(node)) = (read, u16::from_str_radix(text.trim(), 16)) {
        return Ok(node);
    }
    let node = ids.salt();
    let node = u16::from_be_bytes([node[0], node[1]]);
    file.set_len(0)?;
    writeln!(file, "{node:04x}")?;
    file.sync_all()?;
    Ok(node)
}

fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests;
