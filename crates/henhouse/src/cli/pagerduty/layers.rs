//! Layers of a schedule of PagerDuty as rotations: a later layer hides an earlier one while somebody is on call in it, as a
//! higher one does here. Its turns are counted from its virtual beginning, and it is in force from its own.

use std::collections::BTreeSet;

use jiff::civil::{DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};
use serde_json::{Map, Value, json};

use super::super::import::plan::{free, instant, list, short, text, weekday};
use super::convert::Ids;

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;
const WEEK: i64 = 7 * DAY;

/// What layers are read with.
pub(super) struct Reader<'a> {
    pub zone: &'a TimeZone,
    pub ids: &'a Ids,
    /// When the snapshot was taken: what was over then is left out.
    pub taken_at: Timestamp,
}

impl Reader<'_> {
    /// The rotations of all layers, what is lost, and how many were over.
    pub(super) fn all(
        &self,
        schedule: &Value,
        why: &mut Vec<String>,
    ) -> (Map<String, Value>, usize) {
        let (mut rotations, mut over) = (Map::new(), 0);
        // The API gives the highest first.
        let layers: Vec<&Value> = list(schedule, "schedule_layers").collect();
        for (height, layer) in layers.into_iter().rev().enumerate() {
            if instant(layer, "end").is_some_and(|end| end <= self.taken_at) {
                over += 1;
                continue;
            }
            let name = match short(text(layer, "name")) {
                "" => "layer",
                name => name,
            };
            match self.layer(layer, height, why) {
                Ok(made) => {
                    for one in made {
                        let taken: BTreeSet<String> = rotations.keys().cloned().collect();
                        rotations.insert(free(name, &taken), one);
                    }
                }
                Err(wrong) => why.push(format!("its layer {name}: {wrong}")),
            }
        }
        (rotations, over)
    }

    /// One rotation, or two where it begins later in the middle of a turn.
    fn layer(
        &self,
        layer: &Value,
        height: usize,
        why: &mut Vec<String>,
    ) -> Result<Vec<Value>, String> {
        let seats: Vec<Value> = list(layer, "users")
            .map(|one| self.seat(&one["user"], why))
            .collect();
        if seats.is_empty() {
            return Err("nobody takes turns in it".to_owned());
        }
        let seconds = layer["rotation_turn_length_seconds"].as_i64().unwrap_or(0);
        let (unit, length, seconds) = match seats.len() {
            // Whoever is alone in it has every turn.
            1 => ("week", 1, WEEK),
            _ => turn(seconds)?,
        };
        let begins = instant(layer, "start").ok_or("it has no beginning")?;
        if instant(layer, "end").is_some_and(|end| end <= begins) {
            return Err("it ends before it begins".to_owned());
        }
        let counted = instant(layer, "rotation_virtual_start").unwrap_or(begins);
        let (begins_local, counted) = (
            self.zone.to_datetime(begins),
            self.zone.to_datetime(counted),
        );
        let passed = begins_local.duration_since(counted).as_secs();
        let number = passed.div_euclid(seconds);
        let at = |number: i64| -> Result<DateTime, String> {
            let by = seconds.checked_mul(number).map(SignedDuration::from_secs);
            let at = by.and_then(|by| counted.checked_add(by).ok());
            at.ok_or_else(|| "its turns are out of all time".to_owned())
        };
        let places = i64::try_from(seats.len()).unwrap_or(1);
        let place = |number: i64| usize::try_from(number.rem_euclid(places)).unwrap_or(0);
        let from = |number: i64| {
            let mut turned = seats.clone();
            turned.rotate_left(place(number));
            turned
        };
        let mut made = json!({ "unit": unit, "length": length, "layer": height });
        let hours = hours(layer)?;
        if !hours.is_empty() {
            made["hours"] = json!(hours);
        }
        let end = instant(layer, "end").map(|end| self.zone.to_datetime(end));
        let part = |start: DateTime, end: Option<DateTime>, seats: Vec<Value>| {
            let mut made = made.clone();
            made["start"] = json!(start.to_string());
            made["seats"] = json!(seats);
            if let Some(end) = end {
                made["end"] = json!(end.to_string());
            }
            made
        };
        // Where it has begun, whoever was on call before does not matter any more.
        if begins <= self.taken_at || passed.rem_euclid(seconds) == 0 {
            return Ok(vec![part(at(number)?, end, from(number))]);
        }
        let next = at(number + 1)?;
        let first = vec![seats.get(place(number)).cloned().unwrap_or_default()];
        let head = part(
            begins_local,
            Some(end.map_or(next, |end| end.min(next))),
            first,
        );
        let rest = end
            .is_none_or(|end| end > next)
            .then(|| part(next, end, from(number + 1)));
        Ok(std::iter::once(head).chain(rest).collect())
    }

    fn seat(&self, user: &Value, why: &mut Vec<String>) -> Value {
        let id = text(user, "id");
        match self.ids.users.get(id) {
            Some(person) => json!({ "person": person }),
            None => {
                let name = match text(user, "summary") {
                    "" => id,
                    name => name,
                };
                why.push(format!(
                    "a turn of {name} is nobody's: they are not called here"
                ));
                json!("nobody")
            }
        }
    }
}

/// A length of turns in our units.
fn turn(seconds: i64) -> Result<(&'static str, i64, i64), String> {
    match seconds {
        seconds if seconds <= 0 => Err("its turns have no length".to_owned()),
        seconds if seconds % WEEK == 0 => Ok(("week", seconds / WEEK, seconds)),
        seconds if seconds % DAY == 0 => Ok(("day", seconds / DAY, seconds)),
        seconds if seconds % HOUR == 0 => Ok(("hour", seconds / HOUR, seconds)),
        seconds => Err(format!(
            "its turns are {} minutes long, and turns here are whole hours",
            seconds / 60
        )),
    }
}

/// The hours in which a layer is in force.
fn hours(layer: &Value) -> Result<Vec<Value>, String> {
    let mut windows = Vec::new();
    for one in list(layer, "restrictions") {
        let from: Time = text(one, "start_time_of_day")
            .parse()
            .map_err(|_| "a restriction of it has no time of day")?;
        let seconds = one["duration_seconds"]
            .as_i64()
            .filter(|seconds| *seconds > 0);
        let seconds = seconds.ok_or("a restriction of it has no length")?;
        let to = from.wrapping_add(SignedDuration::from_secs(seconds));
        match text(one, "type") {
            "daily_restriction" if seconds >= DAY => return Ok(Vec::new()),
            "daily_restriction" => windows.push(json!({ "each": "day", "from": from, "to": to })),
            "weekly_restriction" if seconds >= WEEK => return Ok(Vec::new()),
            "weekly_restriction" => {
                let day = one["start_day_of_week"].as_i64().unwrap_or(0);
                let day = i8::try_from(day)
                    .ok()
                    .and_then(|day| Weekday::from_monday_one_offset(day).ok());
                let day = day.ok_or("a restriction of it has no day")?;
                let date = jiff::civil::date(2001, 1, 1)
                    .nth_weekday(1, day)
                    .map_err(|_| "no day")?;
                let end = date
                    .to_datetime(from)
                    .checked_add(Span::new().seconds(seconds));
                let end = end.map_err(|_| "a restriction of it is too long")?;
                windows.push(
                    json!({ "each": "week", "from_day": weekday(day), "from": from,
                    "to_day": weekday(end.weekday()), "to": to }),
                );
            }
            other => return Err(format!("its restriction {other:?} is not known here")),
        }
    }
    Ok(windows)
}
