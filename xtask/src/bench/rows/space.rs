//! What a case takes on disk, and how long the write-ahead log gets.

use std::thread;
use std::time::Duration;

use anyhow::Result;
use serde_json::{Value, json};

use super::{note, report};
use crate::bench::Bench;
use crate::bench::load::Until;
use crate::bench::server::Server;
use crate::bench::sink::Sink;
use crate::bench::table::{Goal, Row};

pub fn measure(bench: &mut Bench) -> Result<()> {
    let sink = Sink::open()?;
    let data = bench.data("space", Some(sink.port))?;
    let server = Server::start(&data)?;
    let admin = server.token("admin", None)?;
    server.staff(&admin, &["jane", "ann"])?;
    // Each case calls for itself.
    server.change_playbook(&admin, |playbook: &mut Value| {
        playbook["intake"]["burst_after_reports"] = json!(1_000_000);
    })?;
    let jane = server.token("member", Some("jane"))?;
    // The directory as it is without cases.
    server.stop()?;
    let empty = data.size()?;
    let server = Server::start(&data)?;
    let cases = bench.pick(200_u64, 50);
    server.load(16, Until::Count(cases), report)?;
    let notes = cases * 40;
    let done = std::sync::atomic::AtomicBool::new(false);
    let longest = thread::scope(|scope| -> Result<u64> {
        let watch = scope.spawn(|| {
            let mut longest = 0;
            while !done.load(std::sync::atomic::Ordering::Relaxed) {
                longest = longest.max(data.log_bytes());
                thread::sleep(Duration::from_millis(5));
            }
            longest
        });
        let loaded = server.load(64, Until::Count(notes), |n| {
            note(&format!("HH-{}", n % cases + 1), &jane, n)
        });
        done.store(true, std::sync::atomic::Ordering::Relaxed);
        loaded?;
        Ok(watch.join().unwrap_or_default())
    })?;
    let journal = server.call(&crate::bench::client::Request::get(
        "/api/v1/cases/HH-1",
        &jane,
    ))?;
    let entries = journal["seq"].as_u64().unwrap_or_default();
    server.stop()?;
    let kib = |bytes: u64| bytes as f64 / 1024.0;
    let per_case = kib(data.size()? - empty) / cases as f64;
    let mails = sink.count() as u64 / cases;
    let row = Row::new(
        format!("disk per case of {entries} entries, {mails} mails"),
        per_case,
        "KiB",
    );
    bench.table.row(&row.goal(Goal::AtMost(60.0)));
    let row = Row::new("longest write-ahead log", kib(longest) / 1024.0, "MiB");
    // PostgreSQL keeps its own log within its own setting (`max_wal_size`).
    let row = match bench.cluster {
        None => row.goal(Goal::AtMost(64.0)),
        Some(_) => row,
    };
    bench.table.row(&row);
    Ok(())
}
