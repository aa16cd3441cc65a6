//! What this machine can do at most, with as little between us and it as possible.
//! Each function measures once and returns a rate.

use std::fs::File;
use std::io::{Read, Write};

use anyhow::Result;
use sha2::{Digest, Sha256};

use super::scratch::Scratch;
use crate::stopwatch::Stopwatch;

/// Appends of 4 KiB, each followed by fdatasync, per second: no store that keeps its word
/// with one write per answer can be faster.
///
/// # Errors
/// If the disk refuses.
pub fn synced_writes() -> Result<f64> {
    const WRITES: u32 = 300;
    let scratch = Scratch::new("fdatasync")?;
    let mut file = File::create(scratch.path().join("log"))?;
    let page = [7_u8; 4096];
    let watch = Stopwatch::start();
    for _ in 0..WRITES {
        file.write_all(&page)?;
        file.sync_data()?;
    }
    Ok(f64::from(WRITES) / watch.read().as_secs_f64())
}

/// SHA-256 over a file read in 64 KiB pieces, in MB/s: no exhibit can be taken in faster.
///
/// # Errors
/// If the disk refuses.
pub fn hashed_file() -> Result<f64> {
    const MEGABYTES: u32 = 64;
    let scratch = Scratch::new("sha256")?;
    let path = scratch.path().join("exhibit");
    let mut file = File::create(&path)?;
    let megabyte = vec![7_u8; 1_000_000];
    for _ in 0..MEGABYTES {
        file.write_all(&megabyte)?;
    }
    let watch = Stopwatch::start();
    let mut file = File::open(&path)?;
    let mut hash = Sha256::new();
    let mut piece = vec![0_u8; 64 * 1024];
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
