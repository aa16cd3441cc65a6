//! From the start to the first answer, and memory at rest.

use std::thread;
use std::time::Duration;

use anyhow::Result;

use super::report;
use crate::bench::load::Until;
use crate::bench::server::Server;
use crate::bench::table::{Goal, Row};
use crate::bench::{Bench, ground};

/// Until an idle server has settled.
const SETTLED: Duration = Duration::from_secs(1);

pub fn measure(bench: &mut Bench) -> Result<()> {
    let data = bench.data("starting", None)?;
    let first = Server::start(&data)?;
    let made = millis(first.first_answer);
    bench
        .table
        .row(&Row::new("first start, with founding", made, "ms"));
    first.stop()?;
    let again = Server::start(&data)?;
    let row = Row::new(
        "start to first answer, empty",
        millis(again.first_answer),
        "ms",
    );
    bench.table.row(&row.goal(Goal::AtMost(50.0)));
    thread::sleep(SETTLED);
    let row = Row::new("idle memory, empty", again.memory_mib()?, "MiB");
    bench.table.row(&row.goal(Goal::AtMost(30.0)));
    again.stop()?;
    let cases = bench.pick(100_000, 10_000).to_string();
    ground::run(&["index", &data.place(), &cases, "0"])?;
    let many = Server::start(&data)?;
    let row = Row::new(
        format!("start to first answer, {cases} cases"),
        millis(many.first_answer),
        "ms",
    );
    bench.table.row(&row.goal(Goal::AtMost(50.0)));
    thread::sleep(SETTLED);
    let row = Row::new(
        format!("idle memory, {cases} cases"),
        many.memory_mib()?,
        "MiB",
    );
    bench.table.row(&row.goal(Goal::AtMost(30.0)));
    many.load(16, Until::Count(bench.pick(20_000, 2_000)), report)?;
    many.kill()?;
    let log = data.log_bytes() as f64 / f64::from(1 << 20);
    bench
        .table
        .row(&Row::new("  log left behind by kill -9", log, "MiB"));
    let after = Server::start(&data)?;
    let row = Row::new(
        format!("start after kill -9, {cases} cases"),
        millis(after.first_answer),
        "ms",
    );
    bench.table.row(&row.goal(Goal::AtMost(50.0)));
    Ok(())
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
