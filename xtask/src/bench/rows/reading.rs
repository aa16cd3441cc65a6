//! Reading a case with 1,000 entries, at 16 clients.

use std::time::Duration;

use anyhow::Result;
use serde_json::json;

use super::engine::figures;
use super::{command, note, report};
use crate::bench::Bench;
use crate::bench::client::{Client, Request};
use crate::bench::load::Until;
use crate::bench::server::Server;
use crate::bench::table::{Goal, Row};

/// How many entries it has, about.
const ENTRIES: u64 = 1_000;

pub fn measure(bench: &mut Bench) -> Result<()> {
    let data = bench.data("reading", None)?;
    let server = Server::start(&data)?;
    let admin = server.token("admin", None)?;
    server.staff(&admin, &["jane", "ann"])?;
    let jane = server.token("member", Some("jane"))?;
    let number = long_case(&server, &jane)?;
    let number = number.as_str();
    for (what, path, goal) in [
        ("case by the API", format!("/api/v1/cases/{number}"), 10.0),
        (
            "agenda by the API",
            format!("/api/v1/cases/{number}/agenda"),
            10.0,
        ),
        (
            "journal by the API, all 1,000",
            format!("/api/v1/cases/{number}/journal?limit=1000"),
            0.0,
        ),
        (
            "journal by the API, 50",
            format!("/api/v1/cases/{number}/journal?after=900&limit=50"),
            10.0,
        ),
        ("case page", format!("/cases/{number}"), 10.0),
        ("now, by the API", "/api/v1/now".to_owned(), 0.0),
        ("Now board", "/now".to_owned(), 5.0),
        ("report page", "/report".to_owned(), 0.0),
    ] {
        one(bench, &server, what, &Request::get(path, &jane), goal)?;
    }
    server.stop()?;
    let (path, address) = (data.path().to_string_lossy(), data.address());
    let looks = ["looks", &path, number];
    let looks: Vec<&str> = looks.into_iter().chain(address.as_deref()).collect();
    let figures = figures(&looks)?;
    let again = figures.get("agenda_again_us").copied();
    let row = Row::new("agenda, looked at again", again.unwrap_or(f64::NAN), "us");
    bench.table.row(&row.goal(Goal::AtMost(5.0)));
    Ok(())
}

/// A case of about a thousand entries, with leads, steps and facts among them; gives its number.
pub fn long_case(server: &Server, jane: &str) -> Result<String> {
    let number = server.call(&report(0))?["number"].clone();
    let number = number.as_str().unwrap_or_default();
    for say in [
        json!({ "command": "acknowledge" }),
        json!({ "command": "confirm", "severity": "high", "reason": "Feathers on the road.",
                "impact": { "confidentiality": "actual", "integrity": "none",
                            "availability": "none", "privacy": "potential", "whose": ["ours"] } }),
    ] {
        server.call(&command(number, jane, &say))?;
    }
    for n in 0..20 {
        let text = format!("Look at gate {n}.");
        for name in ["add_lead", "add_step", "record_fact"] {
            let mut say = json!({ "command": name, "text": text });
            if name == "add_lead" {
                say["source"] = json!("unknown");
            }
            server.call(&command(number, jane, &say))?;
        }
    }
    server.load(16, Until::Count(ENTRIES), |n| note(number, jane, n))?;
    Ok(number.to_owned())
}

fn one(bench: &mut Bench, server: &Server, what: &str, request: &Request, goal: f64) -> Result<()> {
    let time = Until::Time(Duration::from_secs(bench.pick(3, 1)));
    let bytes = Client::connect(server.port)?.call(request)?.body.len();
    server.load(16, Until::Count(32), |_| request.clone())?;
    let (load, cost) = server.load(16, time, |_| request.clone())?;
    let limit = bench.limits.bare_page(16)?.rate();
    let row = Row::new(format!("{what}, 16 clients"), load.rate(), "/s").limit(limit);
    let row = match what {
        "case page" => row.goal(Goal::AtLeast(limit * 0.25)),
        _ => row,
    };
    bench.table.row(&Row {
        p50_ms: Some(load.p50()),
        p99_ms: Some(load.p99()),
        cpu_ms: Some(cost),
        ..row
    });
    if goal > 0.0 {
        bench.table.row(
            &Row::new(format!("  its p99, {} KiB", bytes / 1024), load.p99(), "ms")
                .goal(Goal::AtMost(goal)),
        );
        bench
            .table
            .row(&Row::new("  its cost", cost, "CPU ms").goal(Goal::AtMost(2.0)));
    }
    Ok(())
}
