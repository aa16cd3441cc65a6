//! Very many open obligations: nothing to do costs nothing.

use std::thread;
use std::time::Duration;

use anyhow::Result;

use crate::bench::server::{Data, Server};
use crate::bench::table::{Goal, Row};
use crate::bench::{Bench, ground};

pub fn measure(bench: &mut Bench) -> Result<()> {
    let data = Data::new("idle", None)?;
    Server::start(&data)?.stop()?;
    let cases = bench.pick(100_000, 10_000).to_string();
    ground::run(&["index", &data.path().to_string_lossy(), &cases, "0"])?;
    let server = Server::start(&data)?;
    thread::sleep(Duration::from_secs(1));
    let time = Duration::from_secs(bench.pick(10, 3));
    let before = server.cpu_ms_exactly()?;
    thread::sleep(time);
    let used = server.cpu_ms_exactly()? - before;
    let share = used / 10.0 / time.as_secs_f64();
    let row = Row::new(format!("idle, {cases} open obligations"), share, "% CPU");
    bench.table.row(&row.goal(Goal::AtMost(0.5)));
    Ok(())
}
