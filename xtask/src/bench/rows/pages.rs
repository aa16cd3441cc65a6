//! From a report to the mail that calls somebody.

use std::time::Duration;

use anyhow::Result;
use serde_json::{Value, json};

use super::report;
use crate::bench::Bench;
use crate::bench::load::{Until, percentile};
use crate::bench::server::{Data, Server};
use crate::bench::sink::{Sink, hand_over};
use crate::bench::table::{Goal, Row};
use crate::stopwatch::Stopwatch;

/// Longest wait for a mail.
const PATIENCE: Duration = Duration::from_secs(20);

pub fn measure(bench: &mut Bench) -> Result<()> {
    let limit = limit(bench)?;
    single(bench, limit)?;
    burst(bench, 100, 500.0)?;
    if !bench.short {
        burst(bench, 1_000, 4_000.0)?;
    }
    Ok(())
}

/// Twice durable and once handed over, by nothing but the disk and the shortest conversation.
fn limit(bench: &Bench) -> Result<f64> {
    let sink = Sink::open()?;
    let mut millis = Vec::new();
    for _ in 0..100 {
        let watch = Stopwatch::start();
        hand_over(sink.port)?;
        millis.push(watch.read().as_secs_f64() * 1000.0);
    }
    millis.sort_by(f64::total_cmp);
    Ok(percentile(&millis, 50) + 2.0 * bench.limits.synced()?.p50_ms)
}

fn installation(bench: &Bench, name: &str, sink: &Sink) -> Result<(Data, Server)> {
    let data = bench.data(name, Some(sink.port))?;
    let server = Server::start(&data)?;
    let admin = server.token("admin", None)?;
    server.staff(&admin, &["jane", "ann", "bob"])?;
    Ok((data, server))
}

/// One report after the other, each waiting for its page.
fn single(bench: &mut Bench, limit: f64) -> Result<()> {
    let sink = Sink::open()?;
    let (_data, server) = installation(bench, "pages", &sink)?;
    let admin = server.token("admin", None)?;
    // Each report of this row calls for itself.
    server.change_playbook(&admin, |playbook: &mut Value| {
        playbook["intake"]["burst_after_reports"] = json!(1_000_000);
    })?;
    let mut millis = Vec::new();
    let before = server.cpu_ms()?;
    let reports = bench.pick(300, 50);
    for n in 0..reports {
        let (from, begun) = (sink.count(), sink.now());
        let answer = server.call(&report(n))?;
        let number = answer["number"].as_str().unwrap_or_default();
        let page = sink.wait(from, PATIENCE, |mail| mail.subject.contains(number))?;
        millis.push((page.at - begun).as_secs_f64() * 1000.0);
    }
    let cost = (server.cpu_ms()? - before) / reports as f64;
    millis.sort_by(f64::total_cmp);
    let (p50, p99) = (percentile(&millis, 50), percentile(&millis, 99));
    bench.table.row(&Row {
        p50_ms: Some(p50),
        p99_ms: Some(p99),
        cpu_ms: Some(cost),
        ..Row::new("report to the page handed over, p50", p50, "ms")
            .goal(Goal::AtMost(3.0))
            .limit(limit)
    });
    let row = Row::new("report to the page handed over, p99", p99, "ms");
    bench.table.row(&row.goal(Goal::AtMost(20.0)));
    Ok(())
}

/// Many reports at once.
fn burst(bench: &mut Bench, reports: u64, last_goal: f64) -> Result<()> {
    let sink = Sink::open()?;
    let (_data, server) = installation(bench, "burst", &sink)?;
    let begun = sink.now();
    server.load(64, Until::Count(reports), report)?;
    sink.wait(0, PATIENCE, |_| true)?;
    let mut seen = 0;
    while sink.count() > seen {
        seen = sink.count();
        std::thread::sleep(Duration::from_millis(700));
    }
    let mails = sink.since(0);
    let first = mails.iter().map(|mail| mail.at).min().unwrap_or_default();
    let last = mails.iter().map(|mail| mail.at).max().unwrap_or_default();
    let ms = |at: Duration| (at.saturating_sub(begun)).as_secs_f64() * 1000.0;
    let row = Row::new(
        format!("burst of {reports} reports: first page"),
        ms(first),
        "ms",
    );
    bench.table.row(&row.goal(Goal::AtMost(20.0)));
    let row = Row::new(
        format!("burst of {reports} reports: last of {} mails", mails.len()),
        ms(last),
        "ms",
    );
    bench.table.row(&row.goal(Goal::AtMost(last_goal)));
    Ok(())
}
