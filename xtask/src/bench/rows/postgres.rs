//! PostgreSQL beside SQLite, in turns on the same disk; and what a second node adds.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::{Result, ensure};

use super::reading::long_case;
use super::report;
use crate::bench::client::Request;
use crate::bench::load::{Load, Until, load};
use crate::bench::server::{Data, Server};
use crate::bench::table::{Goal, Row};
use crate::bench::{Bench, COMMITTED, cluster};
use crate::postgres::Cluster;
use crate::shell;

/// So much longer each commit takes on the slow disk.
const SLOWER: Duration = Duration::from_millis(1);
/// Clients of each node that is read from.
const READERS: usize = 16;

pub fn measure(bench: &mut Bench) -> Result<()> {
    let cluster = match &bench.cluster {
        Some(cluster) => Arc::clone(cluster),
        None => Arc::new(cluster()?),
    };
    let (rate, took) = cluster.commits(COMMITTED)?;
    bench.table.row(&Row {
        p50_ms: Some(took),
        ..Row::new(
            "limit: PostgreSQL, 4 KiB inserted and committed",
            rate,
            "/s",
        )
    });
    for slower in [Duration::ZERO, SLOWER] {
        writing(bench, &cluster, rate, slower)?;
    }
    nodes(bench, &cluster)
}

/// Reports on both, in turns.
fn writing(bench: &mut Bench, cluster: &Arc<Cluster>, rate: f64, slower: Duration) -> Result<()> {
    let ours = Data::new("beside-sqlite", None)?;
    let theirs = Data::on(Some(cluster), "beside-postgres", None)?;
    let sqlite = Server::start_on(&ours, slower)?;
    let postgres = Server::start_on(&theirs, slower)?;
    let time = Until::Time(Duration::from_secs(bench.pick(4, 1)));
    for server in [&sqlite, &postgres] {
        server.load(16, Until::Count(500), report)?;
    }
    let on = if slower.is_zero() {
        ""
    } else {
        ", commits 1 ms slower"
    };
    let alone = 1.0 / (slower.as_secs_f64() + 1.0 / rate);
    for clients in [1, 16, 64] {
        let (least, _) = sqlite.load(clients, time, report)?;
        let (load, cost) = postgres.load(clients, time, report)?;
        let what = format!("reports on PostgreSQL, {clients} clients{on}");
        bench.table.row(&row(what, &load, cost).limit(alone));
        let what = format!("  of the rate on SQLite, {:.0}/s", least.rate());
        let row = Row::new(what, load.rate() / least.rate(), "x");
        bench.table.row(&row.goal(Goal::AtLeast(0.3)));
    }
    Ok(())
}

/// A case read from one node, and from two at once, each with as many clients. Each node has a core of its own and no
/// other; the clients and the database share the rest.
fn nodes(bench: &mut Bench, cluster: &Arc<Cluster>) -> Result<()> {
    let cores = thread::available_parallelism()?.get();
    ensure!(cores >= 4, "two nodes need four cores: {cores} are here");
    let data = Data::on(Some(cluster), "node-a", None)?;
    let first = Server::start_pinned(&data, 0)?;
    let other = data.of_another_node("node-b")?;
    let second = Server::start_pinned(&other, 1)?;
    let admin = first.token("admin", None)?;
    first.staff(&admin, &["jane", "ann"])?;
    let jane = first.token("member", Some("jane"))?;
    let number = long_case(&first, &jane)?;
    let rest = format!("2-{}", cores - 1);
    let ours = std::process::id().to_string();
    let theirs = cluster.process()?;
    for process in [&ours, &theirs] {
        stay_on(&rest, process)?;
    }
    let measured = reads(bench, &[&first, &second], &number, &jane);
    stay_on(&format!("0-{}", cores - 1), &ours)?;
    measured
}

fn reads(bench: &mut Bench, nodes: &[&Server; 2], number: &str, jane: &str) -> Result<()> {
    let time = Until::Time(Duration::from_secs(bench.pick(4, 1)));
    for (what, path) in [
        ("case by the API", format!("/api/v1/cases/{number}")),
        ("case page", format!("/cases/{number}")),
    ] {
        let request = Request::get(path, jane);
        for node in nodes {
            node.load(READERS, Until::Count(200), |_| request.clone())?;
        }
        let (one, cost) = nodes[0].load(READERS, time, |_| request.clone())?;
        let figure = format!("{what} from one node on PostgreSQL");
        bench.table.row(&row(figure, &one, cost));
        let both = thread::scope(|scope| -> Result<f64> {
            let read = |node: &Server| load(node.port, READERS, time, |_| request.clone());
            let readers = nodes.map(|node| scope.spawn(move || read(node).map(|l| l.rate())));
            let rates = readers.into_iter().map(|reader| match reader.join() {
                Ok(rate) => rate,
                Err(_) => anyhow::bail!("a reader stopped with a bug"),
            });
            rates.sum()
        })?;
        let row = Row::new(
            format!("  from two nodes: {both:.0}/s"),
            both / one.rate(),
            "x",
        );
        bench.table.row(&row.goal(Goal::AtLeast(1.6)));
    }
    Ok(())
}

fn stay_on(cores: &str, process: &str) -> Result<()> {
    shell::read(&[
        "taskset",
        "--all-tasks",
        "--cpu-list",
        "--pid",
        cores,
        process,
    ])
    .map(drop)
}

fn row(figure: String, load: &Load, cost: f64) -> Row {
    Row {
        p50_ms: Some(load.p50()),
        p99_ms: Some(load.p99()),
        cpu_ms: Some(cost),
        ..Row::new(figure, load.rate(), "/s")
    }
}
