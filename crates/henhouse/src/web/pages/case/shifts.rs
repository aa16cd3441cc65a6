//! Shifts as people see them: a bar for each person over the next 24 hours, the same in words, and the hours in
//! which nobody is there.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use procedure::PersonId;
use procedure::at::At;
use procedure::chapters::endurance::{PlanShift, Shift, ShiftAs, gaps};

use super::work::ToldAs;
use crate::web::words::Words;

/// So far one looks ahead.
pub(super) const AHEAD: SignedDuration = SignedDuration::from_hours(24);
/// The width of the whole bar: five minutes each.
const WIDTH: i64 = 288;
/// Hours between the marks below the bars.
const MARKS: [i64; 5] = [0, 6, 12, 18, 24];

/// The shifts of the next 24 hours.
pub(super) struct Plan {
    /// The hours below the bars.
    pub hours: Vec<String>,
    pub rows: Vec<Row>,
    /// The hours without anybody, in words.
    pub gaps: Vec<String>,
    /// A gap is there at all.
    pub holes: Vec<Bar>,
}

/// One person's shifts.
pub(super) struct Row {
    pub name: String,
    pub bars: Vec<Bar>,
    pub shifts: Vec<Said>,
}

/// A part of a bar.
pub(super) struct Bar {
    pub x: i64,
    pub width: i64,
    /// As IC.
    pub ic: bool,
}

/// One shift in words.
pub(super) struct Said {
    /// Its number, from 1; none while it is only proposed.
    pub number: Option<usize>,
    pub words: String,
    /// What is warned of.
    pub warns: Vec<String>,
    /// It may still be cancelled.
    pub ahead: bool,
}

impl Plan {
    /// What is planned, as whoever looks is told.
    pub(super) fn of(at: At, (names, times): ToldAs, w: Words) -> Self {
        let from = at.now;
        let until = from.checked_add(AHEAD).unwrap_or(from);
        let shifts = (1..).zip(&at.case.part.endurance.shifts);
        let ahead = shifts.filter(|(_, shift)| !shift.cancelled && shift.until > from);
        let mut by_person: BTreeMap<&PersonId, Vec<(usize, &Shift)>> = BTreeMap::new();
        for (number, shift) in ahead {
            by_person
                .entry(&shift.person)
                .or_default()
                .push((number, shift));
        }
        let row = |(person, mut shifts): (&PersonId, Vec<(usize, &Shift)>)| {
            shifts.sort_by_key(|(_, shift)| shift.from);
            let ic = |shift: &Shift| shift.duty == ShiftAs::Ic;
            let bar =
                |(_, shift): &(usize, &Shift)| bar(from, (shift.from, shift.until), ic(shift));
            let said = |(number, shift): &(usize, &Shift)| Said {
                number: Some(*number),
                words: span((shift.from, shift.until), shift.duty, (names, times), w),
                warns: warns((shift.over_minutes, shift.rest_short_minutes), w),
                ahead: shift.until > from,
            };
            Row {
                name: names.person(person),
                bars: shifts.iter().filter_map(bar).collect(),
                shifts: shifts.iter().map(said).collect(),
            }
        };
        let open = gaps(at, from, until);
        let gap = |(begins, ends): &(Timestamp, Timestamp)| {
            let (from, to) = times.from_to(*begins, *ends);
            if *ends < until {
                return w
                    .with("case-gap", "from", from)
                    .and("until", to)
                    .to_string();
            }
            w.with("case-gap-open", "from", from).to_string()
        };
        Self {
            hours: MARKS
                .iter()
                .map(|hour| hour_of(from, *hour, (names, times)))
                .collect(),
            rows: by_person.into_iter().map(row).collect(),
            gaps: open.iter().map(gap).collect(),
            holes: open
                .iter()
                .filter_map(|gap| bar(from, *gap, false))
                .collect(),
        }
    }
}

fn hour_of(from: Timestamp, hours: i64, (_, times): ToldAs) -> String {
    let at = from.checked_add(SignedDuration::from_hours(hours));
    times.wall(at.unwrap_or(from))
}

/// A shift in words.
pub(super) fn span(
    (from, until): (Timestamp, Timestamp),
    duty: ShiftAs,
    (_, times): ToldAs,
    w: Words,
) -> String {
    let (from, until) = times.from_to(from, until);
    match duty {
        ShiftAs::Ic => w
            .with("case-shift-ic", "from", from)
            .and("until", until)
            .to_string(),
        ShiftAs::Responder => w
            .with("case-shift", "from", from)
            .and("until", until)
            .to_string(),
    }
}

/// What is warned of, each a sentence: rest that is missing, and too long a shift.
pub(super) fn warns((over, short): (u32, u32), w: Words) -> Vec<String> {
    let span = |minutes: u32| w.span(SignedDuration::from_mins(minutes.into()));
    let rest = |minutes| {
        w.with("case-shift-short", "minutes", minutes)
            .and("span", span(minutes))
    };
    let short = (short > 0).then(|| rest(short).to_string());
    let over = (over > 0).then(|| w.with("case-shift-over", "span", span(over)).to_string());
    short.into_iter().chain(over).collect()
}

/// The part of the bar that a time fills, if it fills any.
fn bar(zero: Timestamp, (from, until): (Timestamp, Timestamp), ic: bool) -> Option<Bar> {
    let place = |at: Timestamp| (at.duration_since(zero).as_secs() / 300).clamp(0, WIDTH);
    let (x, end) = (place(from), place(until));
    (end > x).then_some(Bar {
        x,
        width: end - x,
        ic,
    })
}

/// A proposed shift as a form carries it: who, from, until.
pub(super) fn carried(shift: &PlanShift) -> String {
    format!("{} {} {}", shift.person, shift.from, shift.until)
}

/// The same read back.
pub(super) fn read(carried: &str, duty: ShiftAs) -> Option<PlanShift> {
    let mut parts = carried.rsplitn(3, ' ');
    let (until, from, person) = (parts.next()?, parts.next()?, parts.next()?);
    Some(PlanShift {
        person: person.into(),
        from: from.parse().ok()?,
        until: until.parse().ok()?,
        duty,
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use super::*;

    #[test]
    fn a_bar_ends_where_the_day_does_and_a_shift_comes_back_as_it_was_carried() {
        let at = |at: &str| at.parse::<Timestamp>().unwrap();
        let zero = at("2026-03-02T03:00:00Z");
        let one = bar(
            zero,
            (at("2026-03-02T06:00:00Z"), at("2026-03-02T09:00:00Z")),
            true,
        );
        assert!(one.is_some_and(|bar| (bar.x, bar.width, bar.ic) == (36, 36, true)));
        let late = bar(
            zero,
            (at("2026-03-03T02:00:00Z"), at("2026-03-03T08:00:00Z")),
            false,
        );
        assert!(late.is_some_and(|bar| bar.x + bar.width == WIDTH));
        let over = (at("2026-03-02T01:00:00Z"), at("2026-03-02T02:00:00Z"));
        assert!(bar(zero, over, false).is_none());
        let shift = PlanShift {
            person: "a b".into(),
            from: at("2026-03-02T06:00:00Z"),
            until: at("2026-03-02T09:00:00Z"),
            duty: ShiftAs::Ic,
        };
        assert_eq!(read(&carried(&shift), ShiftAs::Ic), Some(shift));
        assert_eq!(read("ann yesterday today", ShiftAs::Ic), None);
    }
}
