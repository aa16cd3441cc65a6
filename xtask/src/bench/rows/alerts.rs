//! Alerts: accepted, told apart from those that came before, and durable.

use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::json;

use crate::bench::Bench;
use crate::bench::client::Request;
use crate::bench::load::{Load, Until};
use crate::bench::server::Server;
use crate::bench::table::{Goal, Row};

/// So many different alerts go on while they are sent again.
const GOING_ON: u64 = 100;

pub fn measure(bench: &mut Bench) -> Result<()> {
    let data = bench.data("alerts", None)?;
    let server = Server::start(&data)?;
    let admin = server.token("admin", None)?;
    let source = json!({ "name": "bench", "sender": "alertmanager", "gather_minutes": 1440 });
    let made = server.call(&Request::post(
        "/api/v1/projects/main/sources",
        &admin,
        &source,
    ))?;
    let key = made["key"]
        .as_str()
        .context("a source has a key")?
        .to_owned();
    let time = Until::Time(Duration::from_secs(bench.pick(5, 2)));
    let repeats = |n: u64| alert(&key, n % GOING_ON);
    server.load(16, Until::Count(2 * GOING_ON), repeats)?;
    for (clients, goal) in [(1, 0.0), (16, 5_000.0)] {
        let (load, cost) = server.load(clients, time, repeats)?;
        let limit = if clients == 1 {
            bench.single_commits()?
        } else {
            bench.limits.bare_post(clients)?.rate()
        };
        let what = format!("alerts that go on, counted, {clients} clients");
        row(bench, what, &load, cost, limit, goal);
    }
    let other = |n: u64| alert(&key, GOING_ON + n);
    let (load, cost) = server.load(16, Until::Count(bench.pick(10_000, 1_000)), other)?;
    let limit = bench.limits.bare_post(16)?.rate();
    row(
        bench,
        "alerts that are new and join, 16 clients".to_owned(),
        &load,
        cost,
        limit,
        0.0,
    );
    Ok(())
}

/// What Alertmanager sends of one alert.
fn alert(key: &str, n: u64) -> Request {
    let labels =
        json!({ "alertname": "DoorOpen", "coop": format!("coop-{n}"), "severity": "warning" });
    let body = json!({
        "version": "4", "groupKey": format!("{{}}:{{coop=\"coop-{n}\"}}"), "status": "firing", "receiver": "henhouse",
        "groupLabels": labels, "commonLabels": labels, "externalURL": "http://alertmanager:9093",
        "commonAnnotations": { "summary": format!("The door of coop {n} is open") },
        "alerts": [{ "status": "firing", "labels": labels, "annotations": { "summary": "open" },
            "startsAt": "2026-11-23T00:00:00Z", "fingerprint": format!("{n:016x}") }],
    });
    Request::post("/in/alertmanager", key, &body)
}

fn row(bench: &mut Bench, figure: String, load: &Load, cost: f64, limit: f64, goal: f64) {
    let goal = bench.of_writes(goal);
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
