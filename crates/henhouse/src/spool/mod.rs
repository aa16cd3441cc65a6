//! What a node keeps on its own disk while the database is away: one file, appended to and flushed before anybody is
//! answered, read again at the next start.
//!
//! It knows bytes, not what they say, and decides nothing. What waits is encrypted. A file that ends in the middle of a
//! record was being written when the machine stopped: nobody was told that this record is kept, so it is cut off. What
//! cannot be read in the middle is put aside, and what stands behind it is found all the same.

mod frame;
mod writer;

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

use self::frame::{Record, Scan};
use self::writer::{Order, Writer};
use crate::ids::Ids;
use crate::vault::SpoolKey;

const LOG: &str = "log";
const NODE: &str = "node";

/// A node's spool. Clones share it.
#[derive(Clone)]
pub struct Spool {
    orders: Orders,
    node: u16,
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

/// Something that was kept and not settled yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its place: later ones have greater ones.
    pub n: u64,
    /// What was kept.
    pub content: Vec<u8>,
}

/// What a spool held when it was opened.
pub struct Found {
    /// What waits, in order.
    pub waiting: Vec<Kept>,
    /// Bytes at the end of a record that was never finished, which are cut off.
    pub torn_bytes: usize,
    /// Bytes that were whole once and cannot be read, which are put aside in a file of their own.
    pub damaged_bytes: usize,
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
        let mut bytes = Vec::new();
        private(folder, LOG)?.read_to_end(&mut bytes)?;
        let scan = frame::scan(&key, &bytes);
        let (torn_bytes, damaged_bytes) = (scan.torn_bytes, scan.damaged.len());
        if torn_bytes + damaged_bytes > 0 {
            put_aside(folder, &scan, &ids)?;
            rewrite(folder, &scan.whole)?;
        }
        let file = private(folder, LOG)?;
        file.sync_all()?;
        sync(folder)?;
        folder.parent().map_or(Ok(()), sync)?;
        let waiting = waiting(&scan.records);
        let last = scan.records.iter().map(Record::n).max().unwrap_or(0);
        let writer = Writer::new(file, scan.whole.len() as u64, key, ids, last, &waiting);
        let orders = Orders::to(writer, writes)?;
        let found = Found {
            waiting,
            torn_bytes,
            damaged_bytes,
        };
        Ok((Self { orders, node }, found))
    }

    /// Tells this node's spool from others': it stands in the numbers of its receipts.
    #[must_use]
    pub fn node(&self) -> u16 {
        self.node
    }

    /// Keeps this; it is on disk when this answers its place.
    ///
    /// # Errors
    /// The file system's: nothing was kept.
    pub async fn keep(&self, content: Vec<u8>) -> io::Result<u64> {
        let (reply, answer) = oneshot::channel();
        self.orders.give(Order::Keep(content, reply))?;
        answer.await.map_err(|_| gone())?
    }

    /// What stands at this place need not be kept any more.
    ///
    /// # Errors
    /// The file system's: it will be found again at the next start.
    pub async fn settle(&self, n: u64) -> io::Result<()> {
        let (reply, answer) = oneshot::channel();
        self.orders.give(Order::Settle(n, reply))?;
        answer.await.map_err(|_| gone())?
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

fn put_aside(folder: &Path, scan: &Scan, ids: &Ids) -> io::Result<()> {
    if scan.damaged.is_empty() {
        return Ok(());
    }
    let mut aside = private(folder, &format!("damaged-{}", ids.human_code()))?;
    aside.write_all(&scan.damaged)?;
    aside.sync_all()
}

/// The same file with nothing in it but what can be read.
fn rewrite(folder: &Path, whole: &[u8]) -> io::Result<()> {
    let new = folder.join("log.new");
    let _ = std::fs::remove_file(&new);
    let mut file = private(folder, "log.new")?;
    file.write_all(whole)?;
    file.sync_all()?;
    std::fs::rename(new, folder.join(LOG))
}

fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

fn waiting(records: &[Record]) -> Vec<Kept> {
    let settled: std::collections::BTreeSet<u64> = records
        .iter()
        .filter_map(|record| match record {
            Record::Settled(n) => Some(*n),
            Record::Kept(_) => None,
        })
        .collect();
    let kept = records.iter().filter_map(|record| match record {
        Record::Kept(kept) if !settled.contains(&kept.n) => Some(kept.clone()),
        _ => None,
    });
    kept.collect()
}

#[cfg(test)]
mod tests;
