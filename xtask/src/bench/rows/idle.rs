//! Very many open obligations: nothing to do costs nothing.

use std::thread;
use std::time::Duration;

use anyhow::Result;

use crate::bench::server::Server;
use crate::bench::table::{Goal, Row};
use crate::bench::{Bench, ground};

pub fn measure(bench: &mut Bench) -> Result<()> {
    let cases = bench.pick(100_000, 10_000).to_string();
    let data = bench.prepared("idle", None, |data| {
        Server::start(data)?.stop()?;
        ground::run(&["index", &data.place(), &cases, "0"]).map(drop)
    })?;
    let server = Server::start(&data)?;
    thread::sleep(Duration::from_secs(1));
    at_rest(bench, &server, &format!("{cases} open obligations"))
}

/// What a server that has nothing to do uses, and how often it looks whether that is so.
pub fn at_rest(bench: &mut Bench, server: &Server, armed: &str) -> Result<()> {
    let time = Duration::from_secs(bench.pick(10, 3));
    let (used, woken) = (server.cpu_ms_exactly()?, server.wakings()?);
    thread::sleep(time);
    let share = (server.cpu_ms_exactly()? - used) / 10.0 / time.as_secs_f64();
    let row = Row::new(format!("idle, {armed}"), share, "% CPU");
    bench.table.row(&row.goal(Goal::AtMost(0.5)));
    let woken = (server.wakings()? - woken) / time.as_secs_f64();
    let row = Row::new("  threads woken, all together", woken, "/s");
    bench.table.row(&row);
    Ok(())
}
