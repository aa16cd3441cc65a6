//! Who is on call, among very many.

use anyhow::Result;

use super::engine::figures;
use crate::bench::Bench;
use crate::bench::table::{Goal, Row};

pub fn measure(bench: &mut Bench) -> Result<()> {
    for schedules in bench.pick(&["10000"][..], &["1000"][..]) {
        let figures = figures(&["on-call", schedules])?;
        let of = |name: &str| figures.get(name).copied().unwrap_or(f64::NAN);
        let among = format!("{} people, {schedules} schedules", of("people"));
        let rows = [
            Row::new(format!("who is on call, p99, {among}"), of("p99_ms"), "ms")
                .goal(Goal::AtMost(1.0)),
            Row::new("  p50".to_owned(), of("p50_ms"), "ms"),
            Row::new("  in all of them at once".to_owned(), of("all_ms"), "ms"),
            Row::new(
                "a year of a schedule, weeks and nights".to_owned(),
                of("year_week_ms"),
                "ms",
            )
            .goal(Goal::AtMost(50.0)),
            Row::new(
                "  turns of three hours".to_owned(),
                of("year_hours_ms"),
                "ms",
            )
            .goal(Goal::AtMost(50.0)),
        ];
        rows.iter().for_each(|row| bench.table.row(row));
    }
    Ok(())
}
