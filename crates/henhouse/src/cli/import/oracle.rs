//! For tests: wall clocks by jiff alone, without the engine, and who is on call by a plan.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

use std::collections::BTreeSet;

use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::check::schedules;
use super::plan::Plan;

/// Zones with changes of an hour, of half an hour, of none, and around Ramadan.
pub(in crate::cli) const ZONES: [&str; 6] = [
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "UTC",
    "America/St_Johns",
    "Africa/Casablanca",
];

/// A time that comes twice is its first, one that is skipped is the jump.
pub(in crate::cli) fn instant(zone: &TimeZone, wall: DateTime) -> Timestamp {
    let ambiguous = zone.to_ambiguous_timestamp(wall);
    match ambiguous.offset() {
        AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => {
            ambiguous.earlier().unwrap()
        }
        AmbiguousOffset::Gap { .. } => {
            let before = ambiguous.earlier().unwrap() - SignedDuration::from_hours(4);
            zone.following(before).next().unwrap().timestamp()
        }
    }
}

/// Instants to look at after this one: some anywhere, and some around each change of the clock.
pub(in crate::cli) fn instants(zone: &TimeZone, after: Timestamp, some: &[i64]) -> Vec<Timestamp> {
    let minutes = |n: i64| SignedDuration::from_mins(n);
    let anywhere = some
        .iter()
        .map(|n| after + minutes(n.rem_euclid(400 * 24 * 60)));
    let changes = zone
        .following(after)
        .take(3)
        .map(|change| change.timestamp());
    let around = changes.flat_map(|change| {
        some.iter()
            .map(move |n| change + minutes(n.rem_euclid(2000) - 700))
    });
    let year = after + SignedDuration::from_hours(3 * 366 * 24);
    anywhere
        .chain(around)
        .filter(|at| *at >= after && *at < year)
        .collect()
}

/// Who is on call in the plan's only schedule.
pub(in crate::cli) fn here(plan: &Plan, at: &[Timestamp]) -> Vec<BTreeSet<String>> {
    let all = schedules(plan, &json!({}));
    let id = all
        .all
        .keys()
        .next()
        .unwrap_or_else(|| panic!("{:?}", plan.schedules));
    let holidays = BTreeSet::new();
    let reading = all.reading(id, &holidays).unwrap();
    let people = |at: &Timestamp| {
        let people = reading.on_call_at(*at).people.into_iter();
        people.map(|one| one.person.to_string()).collect()
    };
    at.iter().map(people).collect()
}
