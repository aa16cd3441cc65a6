//! The shifts of a schedule of Grafana OnCall: those that come again become rotations, those that come once do too, and
//! overrides are covers. A shift of a higher level hides those below it, as a layer does here.

use std::collections::BTreeSet;

use jiff::civil::{DateTime, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::super::import::plan::{free, list, short, slug, text};
use super::convert::{Ids, OURS};
use super::turns::{Pattern, Turns};

/// What shifts become.
#[derive(Default)]
pub(super) struct Shifts {
    pub rotations: Map<String, Value>,
    pub covers: Vec<Value>,
    pub why: Vec<String>,
    /// So many were over.
    pub over: usize,
}

/// What shifts are read with.
pub(super) struct Reader<'a> {
    /// The schedule's zone, and the one of shifts that name none.
    pub own: &'a str,
    pub other: &'a str,
    pub ids: &'a Ids,
    pub taken_at: Timestamp,
    pub now: Timestamp,
}

impl Reader<'_> {
    pub(super) fn all<'a>(&self, shifts: impl Iterator<Item = &'a Value>) -> Shifts {
        let mut to = Shifts::default();
        let mut overrides = Vec::new();
        for shift in shifts {
            let name = match short(text(shift, "name")) {
                "" => text(shift, "id"),
                name => name,
            };
            if let Err(wrong) = self.shift(shift, name, &mut to, &mut overrides) {
                to.why.push(format!("its shift {name}: {wrong}"));
            }
        }
        overrides.sort_by_key(|(from, ..)| *from);
        let ends = overrides.iter().zip(overrides.iter().skip(1));
        if ends.into_iter().any(|(one, next)| next.0 < one.1) {
            to.why
                .push("of overrides at the same time the later one holds alone".to_owned());
        }
        to.covers = overrides.into_iter().map(|(_, _, cover)| cover).collect();
        to
    }

    fn shift(
        &self,
        shift: &Value,
        name: &str,
        to: &mut Shifts,
        overrides: &mut Vec<(Timestamp, Timestamp, Value)>,
    ) -> Result<(), String> {
        let zone_name = match text(shift, "time_zone") {
            "" => self.other,
            named => named,
        };
        let zone = TimeZone::get(zone_name)
            .map_err(|_| format!("its time zone {zone_name:?} is not known here"))?;
        let start = wall(shift, "start").ok_or("it has no beginning")?;
        let seconds = shift["duration"].as_i64().unwrap_or(0);
        let length = SignedDuration::from_secs(seconds);
        let once = start.checked_add(length).map_err(|_| "it is too long")?;
        let taken_at = zone.to_datetime(self.taken_at);
        let kind = text(shift, "type");
        let until = wall(shift, "until").and_then(|until| {
            // The end of a recurrence is told in UTC, whatever the zone of the shift is.
            let until = until.to_zoned(TimeZone::UTC).ok()?;
            Some(zone.to_datetime(until.timestamp()))
        });
        let ends = match kind {
            // A cover that is over stays here as it is.
            "override" => Some((once, taken_at.max(zone.to_datetime(self.now)))),
            "single_event" => Some((once, taken_at)),
            _ => until.map(|until| (until, taken_at)),
        };
        if ends.is_some_and(|(end, by)| end <= by) {
            to.over += 1;
            return Ok(());
        }
        if kind == "override" {
            let (from, until) = (instant(&zone, start)?, instant(&zone, once)?);
            overrides.push((from, until, self.cover(shift, from, until)?));
            return Ok(());
        }
        let groups = self.groups(shift, kind, &mut to.why);
        let made = match kind {
            "single_event" => vec![Turns {
                unit: "week",
                length: 1,
                start,
                end: Some(once),
                seats: vec![Some(0)],
                hours: Vec::new(),
            }],
            "recurrent_event" | "rolling_users" => {
                again(shift, (start, seconds, until), groups.len())?.turns(taken_at)?
            }
            other => return Err(format!("its type {other:?} is not known here")),
        };
        let level = shift["level"].as_u64().unwrap_or(0);
        let lasts = |turns: &Turns| turns.end.is_none_or(|end| turns.start < end);
        for turns in made.into_iter().filter(lasts) {
            let own = (zone_name != self.own).then_some(zone_name);
            for rotation in side_by_side(&turns, &groups, level, own) {
                let taken: BTreeSet<String> = to.rotations.keys().cloned().collect();
                to.rotations.insert(free(name, &taken), rotation);
            }
        }
        Ok(())
    }

    /// The groups of people in the order of their turns, as seats.
    fn groups(&self, shift: &Value, kind: &str, why: &mut Vec<String>) -> Vec<Vec<Value>> {
        let mut seat = |id: &Value| match self.ids.users.get(id.as_str().unwrap_or_default()) {
            Some(person) => json!({ "person": person }),
            None => {
                why.push("a turn of somebody who is not called here is nobody's".to_owned());
                json!("nobody")
            }
        };
        if kind != "rolling_users" {
            let all: Vec<Value> = list(shift, "users").map(seat).collect();
            return if all.is_empty() {
                Vec::new()
            } else {
                vec![all]
            };
        }
        let groups = list(shift, "rolling_users");
        let mut groups: Vec<Vec<Value>> = groups
            .map(|group| {
                group
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(&mut seat)
                    .collect()
            })
            .collect();
        let first = shift["start_rotation_from_user_index"]
            .as_u64()
            .unwrap_or(0);
        let first = usize::try_from(first).unwrap_or(0);
        if first < groups.len() {
            groups.rotate_left(first);
        }
        groups
    }

    fn cover(&self, shift: &Value, from: Timestamp, until: Timestamp) -> Result<Value, String> {
        let own = list(shift, "users");
        let rolling =
            list(shift, "rolling_users").flat_map(|group| group.as_array().into_iter().flatten());
        let users: BTreeSet<&str> = own.chain(rolling).filter_map(Value::as_str).collect();
        let mut people = users.iter().filter_map(|id| self.ids.users.get(*id));
        let (Some(person), None) = (people.next(), people.next()) else {
            return Err("an override is of one person here, who is called".to_owned());
        };
        let id = format!("{OURS}{}", slug(text(shift, "id"), "override"));
        Ok(json!({ "id": id, "seat": { "person": person }, "from": from, "until": until }))
    }
}

/// How a shift comes again.
fn again<'a>(
    shift: &'a Value,
    (start, seconds, end): (DateTime, i64, Option<DateTime>),
    groups: usize,
) -> Result<Pattern<'a>, String> {
    for field in ["by_month", "by_monthday"] {
        if list(shift, field).next().is_some() {
            return Err("it comes by the days or months of the year".to_owned());
        }
    }
    let days = list(shift, "by_day").map(|day| weekday(day.as_str()?));
    let days: Option<Vec<Weekday>> = days.collect();
    Ok(Pattern {
        frequency: text(shift, "frequency"),
        interval: shift["interval"].as_i64().unwrap_or(1),
        by_day: days.ok_or("a day of it is not known here")?,
        week_start: weekday(text(shift, "week_start")).unwrap_or(Weekday::Sunday),
        start,
        seconds,
        in_force: wall(shift, "rotation_start").unwrap_or(start),
        end,
        groups,
    })
}

/// A rotation for each of those who are on call together.
fn side_by_side(
    turns: &Turns,
    groups: &[Vec<Value>],
    level: u64,
    zone: Option<&str>,
) -> Vec<Value> {
    let most = groups.iter().map(Vec::len).max().unwrap_or(0);
    let one = |place: usize| {
        let seat = |group: &Option<usize>| {
            let held = group.and_then(|group| groups.get(group)?.get(place).cloned());
            held.unwrap_or_else(|| json!("nobody"))
        };
        let seats: Vec<Value> = turns.seats.iter().map(seat).collect();
        let mut made = json!({ "unit": turns.unit, "length": turns.length, "layer": level,
            "start": turns.start.to_string(), "seats": seats });
        if let Some(end) = turns.end {
            made["end"] = json!(end.to_string());
        }
        if !turns.hours.is_empty() {
            made["hours"] = json!(turns.hours);
        }
        if let Some(zone) = zone {
            made["zone"] = json!(zone);
        }
        made
    };
    let all = (0..most).map(one).enumerate();
    let held = |(place, one): &(usize, Value)| {
        *place == 0 || list(one, "seats").any(|seat| seat != "nobody")
    };
    all.filter(held).map(|(_, one)| one).collect()
}

fn wall(of: &Value, name: &str) -> Option<DateTime> {
    text(of, name).trim_end_matches('Z').parse().ok()
}

fn instant(zone: &TimeZone, at: DateTime) -> Result<Timestamp, String> {
    let zoned = zone.to_ambiguous_zoned(at).earlier();
    zoned
        .map(|at| at.timestamp())
        .map_err(|_| "its time is out of all time".to_owned())
}

fn weekday(name: &str) -> Option<Weekday> {
    let names = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
    let place = names.iter().position(|one| *one == name)?;
    Weekday::from_monday_zero_offset(i8::try_from(place).ok()?).ok()
}
