//! The machine by itself: its disk and its arithmetic.

use anyhow::Result;

use crate::bench::Bench;
use crate::bench::limits;
use crate::bench::table::Row;

pub fn measure(bench: &mut Bench) -> Result<()> {
    let synced = bench.limits.synced()?;
    bench.table.row(&Row {
        p50_ms: Some(synced.p50_ms),
        p99_ms: Some(synced.p99_ms),
        ..Row::new("limit: 4 KiB appended with fdatasync", synced.rate, "/s")
    });
    let rate = limits::hashed_file()?;
    let row = Row::new("limit: SHA-256 of a file", rate, "MB/s");
    bench.table.row(&row);
    for clients in [1, 16, 64] {
        let load = bench.limits.bare_post(clients)?;
        let row = Row {
            p50_ms: Some(load.p50()),
            p99_ms: Some(load.p99()),
            ..Row::new(
                format!("limit: bare handler, {clients} clients"),
                load.rate(),
                "/s",
            )
        };
        bench.table.row(&row);
    }
    Ok(())
}
