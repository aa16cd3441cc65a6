//! What this machine can do at most, with as little between us and it as possible.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Write};
use std::time::Duration;

use anyhow::Result;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::client::Request;
use super::ground::Bare;
use super::load::{Load, Until, load, percentile};
use super::scratch::Scratch;
use crate::stopwatch::Stopwatch;

/// How long the bare handler is asked.
const BARE_TIME: Duration = Duration::from_secs(1);

/// Limits, each measured once, when first asked for.
#[derive(Default)]
pub struct Limits {
    synced: OnceCell<Synced>,
    bare: OnceCell<Bare>,
    posts: BTreeMap<usize, Load>,
    pages: BTreeMap<usize, Load>,
}

/// Appends, each with fdatasync.
#[derive(Clone, Copy)]
pub struct Synced {
    /// How many a second.
    pub rate: f64,
    /// How long half of them took at most, in milliseconds.
    pub p50_ms: f64,
    /// How long 99 of 100 took at most, in milliseconds.
    pub p99_ms: f64,
}

impl Limits {
    /// Appends of 4 KiB, each followed by fdatasync: no store that keeps its word with one write
    /// per answer can be faster.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn synced(&self) -> Result<Synced> {
        if let Some(known) = self.synced.get() {
            return Ok(*known);
        }
        let measured = synced_writes()?;
        Ok(*self.synced.get_or_init(|| measured))
    }

    /// A handler that reads a report and answers as ours does, but keeps nothing.
    ///
    /// # Errors
    /// It cannot be built or started.
    pub fn bare_post(&mut self, clients: usize) -> Result<&Load> {
        if !self.posts.contains_key(&clients) {
            let body = json!({ "text": "The chickens are escaping through the north fence." });
            let request = Request::post("/reports", "", &body);
            let load = load(self.bare()?, clients, Until::Time(BARE_TIME), |_| {
                request.clone()
            })?;
            self.posts.insert(clients, load);
        }
        Ok(&self.posts[&clients])
    }

    /// A handler that answers 20 KiB which it has in memory.
    ///
    /// # Errors
    /// It cannot be built or started.
    pub fn bare_page(&mut self, clients: usize) -> Result<&Load> {
        if !self.pages.contains_key(&clients) {
            let request = Request::get("/page", "");
            let load = load(self.bare()?, clients, Until::Time(BARE_TIME), |_| {
                request.clone()
            })?;
            self.pages.insert(clients, load);
        }
        Ok(&self.pages[&clients])
    }

    fn bare(&self) -> Result<u16> {
        if let Some(bare) = self.bare.get() {
            return Ok(bare.port);
        }
        let started = Bare::start()?;
        Ok(self.bare.get_or_init(|| started).port)
    }
}

fn synced_writes() -> Result<Synced> {
    const WRITES: u32 = 1000;
    let scratch = Scratch::new("fdatasync")?;
    let mut file = File::create(scratch.path().join("log"))?;
    let page = [7_u8; 4096];
    let watch = Stopwatch::start();
    let mut millis = Vec::new();
    for _ in 0..WRITES {
        let own = Stopwatch::start();
        file.write_all(&page)?;
        file.sync_data()?;
        millis.push(own.read().as_secs_f64() * 1000.0);
    }
    let rate = f64::from(WRITES) / watch.read().as_secs_f64();
    millis.sort_by(f64::total_cmp);
    Ok(Synced {
        rate,
        p50_ms: percentile(&millis, 50),
        p99_ms: percentile(&millis, 99),
    })
}

/// SHA-256 over a file read in 64 KiB pieces, in MB/s: no exhibit can be taken in faster.
///
/// # Errors
/// If the disk refuses.
pub fn hashed_file() -> Result<f64> {
    const MEGABYTES: u32 = 64;
    let scratch = Scratch::new("sha256")?;
    let path = scratch.path().join("exhibit");
    let block = vec![7_u8; 1_000_000];
    let mut file = File::create(&path)?;
    for _ in 0..MEGABYTES {
        file.write_all(&block)?;
    }
    drop(file);
    let watch = Stopwatch::start();
    let mut file = File::open(&path)?;
    let (mut hash, mut piece) = (Sha256::new(), vec![0; 64 * 1024]);
    loop {
        let read = file.read(&mut piece)?;
        if read == 0 {
            break;
        }
        hash.update(&piece[..read]);
    }
    std::hint::black_box(hash.finalize());
    Ok(f64::from(MEGABYTES) / watch.read().as_secs_f64())
}
