//! What falls due comes in time, through to the mail server, however much else is armed. It takes
//! more than a minute of waiting for each size, so a short run leaves it out.

use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::idle::at_rest;
use super::report;
use crate::bench::client::Request;
use crate::bench::load::{Until, percentile};
use crate::bench::server::{Data, Server};
use crate::bench::sink::{Sink, Taken};
use crate::bench::table::{Goal, Row};
use crate::bench::{Bench, ground};

/// So many reports wait for an answer.
const REPORTS: u64 = 200;
/// So long after each other they come.
const BETWEEN: Duration = Duration::from_millis(25);
/// When the next people are called.
const ACK_LIMIT: Duration = Duration::from_mins(1);
/// The report's time is taken after its answer: what is due may come so much before.
const SLACK: Duration = Duration::from_secs(5);

/// So many clients report what is armed.
const REPORTERS: usize = 64;

/// How much is armed beside it, for later.
#[derive(Clone, Copy)]
enum Armed {
    /// Cases that were reported: nobody is on the sheet of their project, so they wait for a week.
    Cases(u64),
    /// Rows of the index that wait for the year 2100.
    Rows(u64),
}

/// What is armed, and how late what is due may be beside it, in milliseconds.
const ARMED: [(Armed, f64); 2] = [
    (Armed::Cases(10_000), 50.0),
    (Armed::Rows(1_000_000), 250.0),
];

pub fn measure(bench: &mut Bench) -> Result<()> {
    if bench.short {
        return Ok(());
    }
    for (armed, goal) in ARMED {
        beside(bench, armed, goal)?;
    }
    Ok(())
}

/// An installation in which so much waits, in a project of its own: what changes in the other one does not reach it.
fn fill(data: &Data, armed: Armed) -> Result<()> {
    let server = Server::start(data)?;
    let admin = server.token("admin", None)?;
    server.another_project(&admin)?;
    if let Armed::Cases(cases) = armed {
        server.load(REPORTERS, Until::Count(cases), |n| {
            let text = format!("A hen is missing from coop {n}.");
            Request::post(
                "/api/v1/reports",
                "",
                &json!({ "text": text, "project": "other" }),
            )
        })?;
    }
    server.staff(&admin, &["jane", "ann"])?;
    server.change_playbook(&admin, |playbook: &mut Value| {
        playbook["intake"]["burst_after_reports"] = json!(1_000_000);
        playbook["alarm"]["ack_limit_minutes"] = json!(1);
    })?;
    server.stop()?;
    if let Armed::Rows(rows) = armed {
        ground::run(&["index", &data.place(), &rows.to_string(), "0", "other"])?;
    }
    Ok(())
}

/// Reports that nobody answers: a minute after each the next people are called, while the others
/// wait for their time too.
fn beside(bench: &mut Bench, armed: Armed, goal: f64) -> Result<()> {
    let sink = Sink::open()?;
    let (name, words) = match armed {
        Armed::Cases(cases) => ("lateness-cases", format!("{cases} cases")),
        Armed::Rows(rows) => ("lateness-rows", format!("{rows} rows")),
    };
    let data = bench.prepared(name, Some(sink.port), |data| fill(data, armed))?;
    let server = Server::start(&data)?;
    thread::sleep(Duration::from_secs(1));
    at_rest(bench, &server, &format!("{words} armed"))?;
    let mut reported = Vec::new();
    for n in 0..REPORTS {
        let answer = server.call(&report(n))?;
        let number = answer["number"].as_str().unwrap_or_default().to_owned();
        reported.push((format!("{number} "), sink.now()));
        thread::sleep(BETWEEN);
    }
    thread::sleep(ACK_LIMIT + Duration::from_secs(2));
    let mails = sink.since(0);
    let mut late = Vec::new();
    for (number, at) in reported {
        let due = at + ACK_LIMIT;
        let of_it = |mail: &&Taken| format!("{} ", mail.subject).contains(&number);
        let called = mails
            .iter()
            .filter(of_it)
            .find(|mail| mail.at > due - SLACK);
        let called = called.context("nobody was called after the limit")?;
        late.push(called.at.saturating_sub(due).as_secs_f64() * 1000.0);
    }
    late.sort_by(f64::total_cmp);
    let p99 = percentile(&late, 99);
    bench.table.row(&Row {
        p50_ms: Some(percentile(&late, 50)),
        p99_ms: Some(p99),
        ..Row::new(
            format!("due to the page handed over, p99, {words} armed"),
            p99,
            "ms",
        )
        .goal(Goal::AtMost(goal))
    });
    Ok(())
}
