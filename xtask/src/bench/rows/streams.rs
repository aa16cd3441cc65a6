//! Very many live pages, all on one case: what each holds, and when each hears of a change. Beside it a bare handler
//! that sends the same bytes over as many sockets, asking nobody who they are.

use std::collections::BTreeMap;
use std::thread;
use std::time::Duration;

use anyhow::{Result, ensure};

use super::{command, report};
use crate::bench::Bench;
use crate::bench::ground::{Bare, Halfway};
use crate::bench::server::Server;
use crate::bench::table::{Goal, Row};

/// So many people share the streams.
const PEOPLE: usize = 16;
/// What was opened is left alone for so long before it is weighed.
const SETTLES: Duration = Duration::from_secs(1);

/// What came out of one server.
struct Came {
    kib_each: f64,
    /// CPU time of a change, with that of ending the streams, in milliseconds.
    cpu_ms: f64,
    figures: BTreeMap<String, f64>,
}

impl Came {
    fn of(&self, name: &str) -> f64 {
        self.figures.get(name).copied().unwrap_or(f64::NAN)
    }
}

pub fn measure(bench: &mut Bench) -> Result<()> {
    let (streams, changes) = bench.pick((10_000_usize, 20_usize), (1_000, 5));
    let bare = Bare::start()?;
    let uses = || Ok((bare.memory_mib()?, 0.0));
    let limit = follow(
        bare.port,
        (streams, changes),
        ["/stream", "/tell"],
        &[],
        uses,
    )?;
    drop(bare);
    let data = bench.data("streams", None)?;
    let server = Server::start(&data)?;
    let admin = server.token("admin", None)?;
    let people: Vec<String> = (0..PEOPLE).map(|n| format!("person{n}")).collect();
    let people: Vec<&str> = people.iter().map(String::as_str).collect();
    server.staff(&admin, &people)?;
    let tokens = people
        .iter()
        .map(|person| server.token("member", Some(person)));
    let tokens = tokens.collect::<Result<Vec<String>>>()?;
    let number = server.call(&report(0))?["number"].clone();
    let number = number.as_str().unwrap_or_default();
    let acknowledge = serde_json::json!({ "command": "acknowledge" });
    server.call(&command(number, &tokens[0], &acknowledge))?;
    let (path, tell) = (
        format!("/api/v1/cases/{number}/events"),
        format!("/api/v1/cases/{number}/commands"),
    );
    let uses = || Ok((server.memory_mib()?, server.cpu_ms()?));
    let came = follow(
        server.port,
        (streams, changes),
        [&path, &tell],
        &tokens,
        uses,
    )?;
    rows(bench, streams, (&came, &limit));
    server.stop()
}

fn rows(bench: &mut Bench, streams: usize, (came, limit): (&Came, &Came)) {
    let row = Row::new(
        format!("{streams} streams on one case, memory of each"),
        came.kib_each,
        "KiB",
    );
    bench
        .table
        .row(&row.goal(Goal::AtMost(32.0)).limit(limit.kib_each));
    let row = Row::new(
        "  a note heard by each after its answer, p99",
        came.of("p99_ms"),
        "ms",
    );
    bench.table.row(&Row {
        p50_ms: Some(came.of("p50_ms")),
        p99_ms: Some(came.of("p99_ms")),
        cpu_ms: Some(came.cpu_ms),
        ..row.goal(Goal::AtMost(250.0)).limit(limit.of("p99_ms"))
    });
    let row = Row::new("  the last of all", came.of("last_ms"), "ms");
    bench.table.row(&row.limit(limit.of("last_ms")));
}

/// Opens so many streams, weighs them, and lets so many changes happen. `uses`: memory in MiB and CPU time in
/// milliseconds of whoever serves them.
fn follow(
    port: u16,
    (streams, changes): (usize, usize),
    [path, tell]: [&str; 2],
    tokens: &[String],
    uses: impl Fn() -> Result<(f64, f64)>,
) -> Result<Came> {
    let (before, _) = uses()?;
    let numbers = [port.to_string(), streams.to_string(), changes.to_string()];
    let words = ["streams"]
        .into_iter()
        .chain(numbers.iter().map(String::as_str))
        .chain([path, tell]);
    let words: Vec<&str> = words.chain(tokens.iter().map(String::as_str)).collect();
    let opened = Halfway::start(&words)?;
    thread::sleep(SETTLES);
    let (open, used) = uses()?;
    let figures = opened.go_on()?;
    // What the changes took besides counts as well, if it was kept.
    let (most, used_then) = uses()?;
    let most = most.max(open);
    let missing = figures.get("missing").copied().unwrap_or(f64::NAN);
    ensure!(missing == 0.0, "{missing} changes were not heard");
    Ok(Came {
        kib_each: (most - before) * 1024.0 / streams as f64,
        cpu_ms: (used_then - used) / changes as f64,
        figures,
    })
}
