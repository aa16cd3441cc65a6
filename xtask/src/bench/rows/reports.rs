//! Reports: accepted and durable.

use std::time::Duration;

use anyhow::Result;

use super::report;
use crate::bench::Bench;
use crate::bench::load::{Load, Until};
use crate::bench::server::Server;
use crate::bench::sink::Sink;
use crate::bench::table::{Goal, Row};

pub fn measure(bench: &mut Bench) -> Result<()> {
    let data = bench.data("reports", None)?;
    let server = Server::start(&data)?;
    let time = Until::Time(Duration::from_secs(bench.pick(5, 2)));
    server.load(16, Until::Count(500), report)?;
    for (clients, goal) in [(1, 0.0), (16, 5_000.0), (64, 10_000.0)] {
        let (load, cost) = server.load(clients, time, report)?;
        let limit = if clients == 1 {
            bench.single_commits()?
        } else {
            bench.limits.bare_post(clients)?.rate()
        };
        let what = format!("reports kept, {clients} clients");
        row(bench, what, &load, cost, limit, bench.of_writes(goal));
    }
    drop(server);
    slow_disk(bench, time)?;
    paging(bench, time)
}

/// So much longer each flush takes.
const SLOWER: Duration = Duration::from_millis(1);

/// On a slow disk: ten times as many as with a flush for each.
fn slow_disk(bench: &mut Bench, time: Until) -> Result<()> {
    let data = bench.data("slow", None)?;
    let server = Server::start_on(&data, SLOWER)?;
    server.load(16, Until::Count(500), report)?;
    let (load, cost) = server.load(64, time, report)?;
    let flush = SLOWER.as_secs_f64() + 1.0 / bench.single_commits()?;
    let what = "reports kept, 64 clients, flushes 1 ms slower".to_owned();
    row(
        bench,
        what,
        &load,
        cost,
        1.0 / flush,
        bench.of_writes(10.0 / flush),
    );
    Ok(())
}

/// The same while each of them calls people.
fn paging(bench: &mut Bench, time: Until) -> Result<()> {
    let sink = Sink::open()?;
    let data = bench.data("paging", Some(sink.port))?;
    let server = Server::start(&data)?;
    let admin = server.token("admin", None)?;
    server.staff(&admin, &["jane", "ann", "bob"])?;
    let (load, cost) = server.load(16, time, report)?;
    let limit = bench.limits.bare_post(16)?.rate();
    let what = "reports kept, 16 clients, people are called".to_owned();
    row(bench, what, &load, cost, limit, bench.of_writes(5_000.0));
    let mails = Row::new("  mails handed over meanwhile", sink.count() as f64, "");
    bench.table.row(&mails);
    Ok(())
}

fn row(bench: &mut Bench, figure: String, load: &Load, cost: f64, limit: f64, goal: f64) {
    bench.table.row(&Row {
        goal: if goal > 0.0 {
            Goal::AtLeast(goal)
        } else {
            Goal::None
        },
        limit: Some(limit),
        p50_ms: Some(load.p50()),
        p99_ms: Some(load.p99()),
        cpu_ms: Some(cost),
        ..Row::new(figure, load.rate(), "/s")
    });
}
