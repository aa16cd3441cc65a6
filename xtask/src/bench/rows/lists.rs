//! Lists and search over very many cases, access rules applied: whoever looks belongs to one of two
//! projects and to none of the restricted cases.

use std::time::Duration;

use anyhow::Result;

use crate::bench::client::Request;
use crate::bench::load::Until;
use crate::bench::server::Server;
use crate::bench::table::{Goal, Row};
use crate::bench::{Bench, ground};

/// What is asked, and the goal for half of the answers, in milliseconds.
const ASKED: [(&str, &str, f64); 7] = [
    ("list", "/api/v1/cases", 1.0),
    ("list, open ones", "/api/v1/cases?open=true", 1.0),
    (
        "list, open and high",
        "/api/v1/cases?open=true&severity=high",
        1.0,
    ),
    (
        "list, by the beginning of a title",
        "/api/v1/cases?q=fra",
        1.0,
    ),
    ("search, a rare word", "/api/v1/search?q=fratuwe", 5.0),
    ("search, a frequent beginning", "/api/v1/search?q=ba", 5.0),
    ("search, two words", "/api/v1/search?q=ba%20de", 5.0),
];

pub fn measure(bench: &mut Bench) -> Result<()> {
    let sizes = bench.pick(
        &[(10_000, 100_000), (100_000, 1_000_000)][..],
        &[(1_000, 10_000), (10_000, 100_000)][..],
    );
    let mut before = Vec::new();
    for (cases, entries) in sizes {
        let took = with(bench, *cases, *entries)?;
        for ((what, ..), (now, then)) in ASKED.iter().zip(took.iter().zip(&before)) {
            let row = Row::new(
                format!("  growth: {what}, p50 at ten times"),
                now / then,
                "x",
            );
            bench.table.row(&row.goal(Goal::AtMost(1.5)));
        }
        before = took;
    }
    Ok(())
}

/// Measures one size; gives the medians.
fn with(bench: &mut Bench, cases: u64, entries: u64) -> Result<Vec<f64>> {
    let data = bench.prepared(&format!("lists-{cases}"), None, |data| {
        let server = Server::start(data)?;
        let admin = server.token("admin", None)?;
        server.staff(&admin, &["ann"])?;
        server.another_project(&admin)?;
        server.stop()?;
        let (cases, entries) = (cases.to_string(), entries.to_string());
        ground::run(&["index", &data.place(), &cases, &entries]).map(drop)
    })?;
    let server = Server::start(&data)?;
    let ann = server.token("member", Some("ann"))?;
    let time = Until::Time(Duration::from_millis(bench.pick(1500, 500)));
    let mut took = Vec::new();
    for (what, path, goal) in ASKED {
        let request = Request::get(path, &ann);
        server.load(1, Until::Count(5), |_| request.clone())?;
        let (load, cost) = server.load(1, time, |_| request.clone())?;
        let size = if what.starts_with("search") {
            entries
        } else {
            cases
        };
        bench.table.row(&Row {
            p50_ms: Some(load.p50()),
            p99_ms: Some(load.p99()),
            cpu_ms: Some(cost),
            ..Row::new(format!("{what}, over {size}"), load.p50(), "ms").goal(Goal::AtMost(goal))
        });
        took.push(load.p50());
    }
    figures(bench, &server, &ann, cases)?;
    Ok(took)
}

/// The page that counts a quarter: every case that was filled in lies in one, and each of them is counted.
fn figures(bench: &mut Bench, server: &Server, ann: &str, cases: u64) -> Result<()> {
    let request = Request::get("/figures?quarter=2026-Q1", ann);
    let (load, cost) = server.load(1, Until::Count(bench.pick(10, 3)), |_| request.clone())?;
    let row = Row::new(
        format!("figures of a quarter with {cases} cases"),
        load.p50(),
        "ms",
    );
    bench.table.row(&Row {
        p50_ms: Some(load.p50()),
        p99_ms: Some(load.p99()),
        cpu_ms: Some(cost),
        ..row
    });
    let memory = Row::new(
        "  memory of the server afterwards",
        server.memory_mib()?,
        "MiB",
    );
    bench.table.row(&memory);
    Ok(())
}
