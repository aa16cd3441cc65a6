//! What the figures of many cases say (R84-R87, R124): quarters, charts laid out to be drawn, and a table
//! for a spreadsheet. Numbers and texts only; a page makes lines and dots of them.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use procedure::metrics::Spread;

/// A quarter of a year in a time zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarter {
    year: i16,
    /// From 1.
    n: i8,
    zone: TimeZone,
}

impl Quarter {
    /// The quarter of an instant.
    #[must_use]
    pub fn of(at: Timestamp, zone: TimeZone) -> Self {
        let local = at.to_zoned(zone.clone());
        Self {
            year: local.year(),
            n: (local.month() - 1) / 3 + 1,
            zone,
        }
    }

    /// Reads `2026-Q4`.
    #[must_use]
    pub fn read(text: &str, zone: TimeZone) -> Option<Self> {
        let (year, n) = text.split_once("-Q")?;
        let (year, n) = (year.parse().ok()?, n.parse().ok()?);
        let sound = (1970..=2200).contains(&year) && (1..=4).contains(&n);
        sound.then_some(Self { year, n, zone })
    }

    /// The one before.
    #[must_use]
    pub fn before(&self) -> Self {
        let (year, n) = match self.n {
            1 => (self.year - 1, 4),
            n => (self.year, n - 1),
        };
        Self {
            year,
            n,
            zone: self.zone.clone(),
        }
    }

    /// `2026-Q4`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}-Q{}", self.year, self.n)
    }

    /// Its year.
    #[must_use]
    pub fn year(&self) -> i16 {
        self.year
    }

    /// Which of its year, from 1.
    #[must_use]
    pub fn of_year(&self) -> i8 {
        self.n
    }

    /// From its first instant on, and before this one.
    #[must_use]
    pub fn span(&self) -> (Timestamp, Timestamp) {
        let first = Date::new(self.year, (self.n - 1) * 3 + 1, 1).unwrap_or(Date::ZERO);
        let last = first.checked_add(3.months()).unwrap_or(Date::MAX);
        let instant = |date: Date| {
            let zoned = date.to_zoned(self.zone.clone());
            zoned.map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp())
        };
        (instant(first), instant(last))
    }
}

/// Pixels of the drawn part of a chart.
const WIDTH: u32 = 600;
/// Pixels to the left of it and to the right.
const MARGIN: u32 = 32;
/// Pixels of a row of dots.
const ROW: u32 = 84;
/// Pixels between two dots that stand on each other.
const STACK: u32 = 7;
/// So many dots stand on each other, and no more: then the column is full.
const STACKED: u32 = 9;
/// So many marks have room on a telephone.
const FEW: usize = 4;
/// The marks of the axis, in seconds.
const TICKS: [i64; 9] = [
    10, 60, 600, 3_600, 21_600, 86_400, 604_800, 2_592_000, 31_536_000,
];

/// A chart of lengths of time: a row of dots for each span, on one axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// The marks of the axis.
    pub ticks: Vec<Tick>,
    /// Where the axis is.
    pub axis: u32,
    /// Where its names are.
    pub names: u32,
    /// The rows.
    pub rows: Vec<Dots>,
}

/// A mark of the axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tick {
    /// Where it is.
    pub x: u32,
    /// What it stands for; a page says it.
    pub seconds: i64,
    /// Without it there are enough, where there is little room.
    pub spare: bool,
}

/// A row of dots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dots {
    /// What it is of.
    pub name: String,
    /// Where its name is.
    pub name_y: u32,
    /// Its ground.
    pub ground: u32,
    /// Its upper edge.
    pub top: u32,
    /// Where the dots are.
    pub dots: Vec<(u32, u32)>,
    /// Where the median is.
    pub median: Option<u32>,
    /// Where the ninetieth of a hundred is.
    pub ninetieth: Option<u32>,
}

/// Lays out a chart of these; nothing where nothing is known.
#[must_use]
pub fn chart(rows: &[(String, &Spread)]) -> Option<Chart> {
    let known = rows.iter().flat_map(|(_, spread)| &spread.known);
    let (least, most) = known.fold((i64::MAX, 0), |(least, most), one| {
        (least.min(*one), most.max(*one))
    });
    if least > most {
        return None;
    }
    let axis = Axis::over(least, most);
    let count = u32::try_from(rows.len()).unwrap_or(0);
    let laid = rows
        .iter()
        .zip(0..)
        .map(|((name, spread), n)| dots(&axis, name, spread, n * ROW));
    Some(Chart {
        width: WIDTH + 2 * MARGIN,
        height: count * ROW + 34,
        ticks: axis.ticks(),
        axis: count * ROW + 4,
        names: count * ROW + 24,
        rows: laid.collect(),
    })
}

/// From one mark to another, by the logarithm: minutes and months stand on one axis.
struct Axis {
    from: f64,
    to: f64,
}

impl Axis {
    fn over(least: i64, most: i64) -> Self {
        let below = TICKS.iter().rev().find(|tick| **tick <= least);
        let above = TICKS.iter().find(|tick| **tick > most);
        let from = below.map_or(10, |tick| *tick);
        let to = above.map_or(most.max(1) * 2, |tick| *tick);
        Self {
            from: log(from),
            to: log(to.max(from + 1)),
        }
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "within a chart"
    )]
    fn x(&self, seconds: i64) -> u32 {
        let part = (log(seconds) - self.from) / (self.to - self.from);
        MARGIN + (part.clamp(0.0, 1.0) * f64::from(WIDTH)) as u32
    }

    fn ticks(&self) -> Vec<Tick> {
        let on_it = TICKS.iter().filter(|tick| {
            let at = log(**tick);
            at >= self.from - 1e-9 && at <= self.to + 1e-9
        });
        let on_it: Vec<&i64> = on_it.collect();
        let many = on_it.len() > FEW;
        let ticks = on_it.into_iter().enumerate().map(|(n, tick)| Tick {
            x: self.x(*tick),
            seconds: *tick,
            spare: many && n % 2 == 1,
        });
        ticks.collect()
    }
}

#[expect(clippy::cast_precision_loss, reason = "within a chart")]
fn log(seconds: i64) -> f64 {
    (seconds.max(1) as f64).ln()
}

fn dots(axis: &Axis, name: &str, spread: &Spread, top: u32) -> Dots {
    let ground = top + ROW - 8;
    let (mut dots, mut columns) = (Vec::new(), std::collections::BTreeMap::new());
    for seconds in &spread.known {
        let x = axis.x(*seconds);
        let height: &mut u32 = columns.entry(x / STACK).or_default();
        if *height < STACKED {
            dots.push((x, ground - 4 - *height * STACK));
        }
        *height += 1;
    }
    Dots {
        name: name.to_owned(),
        name_y: top + 14,
        ground,
        top: top + 18,
        dots,
        median: spread.median().map(|median| axis.x(median)),
        ninetieth: spread.ninetieth().map(|ninetieth| axis.x(ninetieth)),
    }
}

/// Rows for a spreadsheet (RFC 4180). What a program would take for a formula is made a text.
#[must_use]
pub fn csv(rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut out = String::new();
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| self::cell(cell)).collect();
        out.push_str(&cells.join(","));
        out.push_str("\r\n");
    }
    out
}

fn cell(cell: &str) -> String {
    let begins = |c: char| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n');
    let formula = cell.trim_start().starts_with(begins) || cell.starts_with(begins);
    let safe = if formula {
        format!("'{cell}")
    } else {
        cell.to_owned()
    };
    match safe.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", safe.replace('"', "\"\"")),
        false => safe,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use super::*;

    fn at(at: &str) -> Timestamp {
        at.parse().unwrap()
    }

    #[test]
    fn a_quarter_begins_at_midnight_of_its_zone() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let first = Quarter::of(at("2025-12-31T23:30:00Z"), berlin.clone());
        assert_eq!(first.name(), "2026-Q1", "it is January in Berlin");
        assert_eq!(
            first.span(),
            (at("2025-12-31T23:00:00Z"), at("2026-03-31T22:00:00Z"))
        );
        assert_eq!(first.before().name(), "2025-Q4");
        assert_eq!(first.before().span().1, first.span().0);
        assert_eq!(Quarter::read("2026-Q1", berlin.clone()), Some(first));
        for odd in ["2026-Q5", "2026", "x-Q1", "99999-Q1", "2026-Q0", "2026-Q-1"] {
            assert_eq!(Quarter::read(odd, berlin.clone()), None, "{odd}");
        }
    }

    #[test]
    fn a_longer_time_stands_further_right_and_every_dot_is_on_the_chart() {
        let spread = Spread::of([0, 30, 90, 90, 4_000, 90_000, 40_000_000].map(Some));
        let chart = chart(&[("now".to_owned(), &spread)]).unwrap();
        let dots = &chart.rows[0].dots;
        assert_eq!(dots.len(), 7);
        let across: Vec<u32> = dots.iter().map(|(x, _)| *x).collect();
        assert!(across.is_sorted() && across[4] > across[3], "{across:?}");
        assert!(
            dots.iter()
                .all(|(x, y)| *x <= chart.width && *y < chart.axis)
        );
        assert!(
            dots[2].0 == dots[3].0 && dots[2].1 > dots[3].1,
            "one upon the other"
        );
        assert!(
            chart.ticks.is_sorted_by_key(|tick| tick.x) && chart.ticks.len() == 9,
            "{:?}",
            chart.ticks
        );
        let kept = chart.ticks.iter().filter(|tick| !tick.spare);
        assert!(kept.count() <= FEW + 1, "every other one");
        assert_eq!(chart.rows[0].median, Some(dots[3].0));
        assert!(super::chart(&[("none".to_owned(), &Spread::of([None]))]).is_none());
    }

    #[test]
    fn a_spreadsheet_runs_nothing_of_it() {
        let said = csv([vec![
            "=1+1".to_owned(),
            " -2".into(),
            "@x".into(),
            "a,\"b\"".into(),
            "12".into(),
        ]]);
        assert_eq!(said, "'=1+1,' -2,'@x,\"a,\"\"b\"\"\",12\r\n");
        assert_eq!(csv([vec!["\t=x".to_owned()]]), "'\t=x\r\n");
    }
}
