//! Notes in a long case: as a report, whatever the length.

use anyhow::Result;

use super::{note, report};
use crate::bench::Bench;
use crate::bench::load::Until;
use crate::bench::server::Server;
use crate::bench::table::{Goal, Row};

pub fn measure(bench: &mut Bench) -> Result<()> {
    let data = bench.data("notes", None)?;
    let server = Server::start(&data)?;
    let admin = server.token("admin", None)?;
    server.staff(&admin, &["jane"])?;
    let jane = server.token("member", Some("jane"))?;
    let number = server.call(&report(0))?["number"].clone();
    let number = number.as_str().unwrap_or_default();
    let few = Until::Count(bench.pick(2_000, 300));
    let notes = |n| note(number, &jane, n);
    server.load(16, Until::Count(200), report)?;
    let (reports, cost) = server.load(16, few, report)?;
    let rate = reports.rate();
    bench.table.row(&Row {
        p50_ms: Some(reports.p50()),
        p99_ms: Some(reports.p99()),
        cpu_ms: Some(cost),
        ..Row::new("reports kept, 16 clients, for comparison", rate, "/s")
    });
    let mut length = 0;
    for wanted in bench.pick(&[1_000, 10_000, 100_000][..], &[1_000, 3_000][..]) {
        server.load(16, Until::Count(wanted - length), notes)?;
        let (load, cost) = server.load(16, few, notes)?;
        length = wanted + load.answers;
        bench.table.row(&Row {
            p50_ms: Some(load.p50()),
            p99_ms: Some(load.p99()),
            cpu_ms: Some(cost),
            ..Row::new(
                format!("note in a case of {wanted} entries, 16 clients"),
                load.rate(),
                "/s",
            )
            .goal(Goal::AtLeast(rate * 0.8))
            .limit(rate)
        });
    }
    Ok(())
}
