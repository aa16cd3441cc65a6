//! What falls due comes in time, through to the mail server, however much else is armed. It takes
//! more than a minute of waiting for each size, so a short run leaves it out.

use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::report;
use crate::bench::load::percentile;
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

/// How many obligations are armed, for years to come, and how late what is due may be beside them,
/// in milliseconds.
const ARMED: [(u64, f64); 2] = [(10_000, 50.0), (1_000_000, 250.0)];

pub fn measure(bench: &mut Bench) -> Result<()> {
    if bench.short {
        return Ok(());
    }
    for (armed, goal) in ARMED {
        beside(bench, armed, goal)?;
    }
    Ok(())
}

/// Reports that nobody answers: a minute after each the next people are called, while the others
/// wait for their time too.
fn beside(bench: &mut Bench, armed: u64, goal: f64) -> Result<()> {
    let sink = Sink::open()?;
    let data = Data::new("lateness", Some(sink.port))?;
    Server::start(&data)?.stop()?;
    let path = data.path().to_string_lossy().into_owned();
    ground::run(&["index", &path, &armed.to_string(), "0"])?;
    let server = Server::start(&data)?;
    let admin = server.token("admin", None)?;
    server.staff(&admin, &["jane", "ann"])?;
    server.change_playbook(&admin, |playbook: &mut Value| {
        playbook["intake"]["burst_after_reports"] = json!(1_000_000);
        playbook["alarm"]["ack_limit_minutes"] = json!(1);
    })?;
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
            format!("due to the page handed over, p99, {armed} armed"),
            p99,
            "ms",
        )
        .goal(Goal::AtMost(goal))
    });
    Ok(())
}
