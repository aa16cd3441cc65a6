//! The engine alone, without a store.

use std::collections::BTreeMap;

use anyhow::Result;

use crate::bench::table::{Goal, Row};
use crate::bench::{Bench, ground};

pub fn measure(bench: &mut Bench) -> Result<()> {
    for notes in bench.pick(&["1000", "10000"][..], &["1000"][..]) {
        let figures = figures(&["engine", notes])?;
        let of = |name: &str| figures.get(name).copied().unwrap_or(f64::NAN);
        let entries = of("entries");
        let rows = [
            Row::new(
                format!("fold, {entries} entries"),
                of("fold_entries_a_second"),
                "/s",
            )
            .goal(Goal::AtLeast(2_000_000.0)),
            Row::new(format!("agenda, {entries} entries"), of("agenda_us"), "us")
                .goal(Goal::AtMost(200.0)),
            Row::new(format!("  pulse, {entries} entries"), of("pulse_us"), "us"),
            Row::new(
                format!("  decide a note, {entries} entries"),
                of("decide_us"),
                "us",
            ),
        ];
        rows.iter().for_each(|row| bench.table.row(row));
    }
    Ok(())
}

/// Figures that the bench's other half printed, by name.
pub fn figures(words: &[&str]) -> Result<BTreeMap<String, f64>> {
    let lines = ground::run(words)?;
    let figure = |line: &String| {
        let (name, value) = line.split_once(' ')?;
        Some((name.to_owned(), value.parse().ok()?))
    };
    Ok(lines.iter().filter_map(figure).collect())
}
