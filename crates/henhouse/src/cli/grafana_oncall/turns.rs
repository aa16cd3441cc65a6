//! A shift of Grafana OnCall as rotations: it comes again and again and lasts for a while, each time for the next people. Here
//! turns follow one another without a hole, so where it lasts less long than until it comes again, the rest is a turn of
//! nobody, or lies outside the hours.

use jiff::civil::{DateTime, Weekday};
use jiff::{SignedDuration, ToSpan as _};
use serde_json::{Value, json};

use super::super::import::plan::weekday;

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;
const WEEK: i64 = 7 * DAY;
/// Hours, days or weeks after which it comes again, at most: those of a year in hours.
const SELDOM: i64 = 366 * 24;
/// A rotation has at most so many seats.
const SEATS: usize = 1000;

/// How a shift comes again.
pub(super) struct Pattern<'a> {
    pub frequency: &'a str,
    pub interval: i64,
    pub by_day: Vec<Weekday>,
    pub week_start: Weekday,
    /// By the clock on the wall, as is all below.
    pub start: DateTime,
    pub seconds: i64,
    /// It is not there before this.
    pub in_force: DateTime,
    /// It is not there from here on.
    pub end: Option<DateTime>,
    /// So many groups of people take turns.
    pub groups: usize,
}

/// A rotation of groups by their number; nothing where nobody has the turn.
#[derive(Clone, Debug)]
pub(super) struct Turns {
    pub unit: &'static str,
    pub length: i64,
    pub start: DateTime,
    pub end: Option<DateTime>,
    pub seats: Vec<Option<usize>>,
    pub hours: Vec<Value>,
}

impl Pattern<'_> {
    /// The rotations, which are on call together.
    ///
    /// # Errors
    /// Why it cannot be said here.
    pub(super) fn turns(&self, taken_at: DateTime) -> Result<Vec<Turns>, String> {
        if self.interval < 1 || self.groups == 0 || self.seconds < 1 {
            return Err("it has no length, or nobody takes turns in it".to_owned());
        }
        if self.interval > SELDOM {
            return Err("it comes too seldom for a turn here".to_owned());
        }
        let made = match (self.frequency, self.by_day.is_empty()) {
            ("hourly", true) => self.hourly()?,
            ("daily", true) => self.daily(self.interval)?,
            ("weekly", true) => self.weekly()?,
            ("daily", false) => self.days_of_the_week()?,
            ("weekly", false) => self.weeks_by_day()?,
            ("hourly", false) => return Err("its hours are only of some days".to_owned()),
            (other, _) => {
                return Err(format!(
                    "it comes {other}, and turns here are hours, days and weeks"
                ));
            }
        };
        if made.iter().any(|one| one.seats.len() > SEATS) {
            return Err(format!("it would be more than {SEATS} turns here"));
        }
        let since = |one: Turns| one.since(self.begins(), taken_at, self.end);
        Ok(made.into_iter().flat_map(since).collect())
    }

    /// When it first comes: on a day on which it may, and not before it is in force.
    fn begins(&self) -> DateTime {
        self.first().max(self.in_force)
    }

    /// The first time it comes: where the day of its beginning is none of its days, it is the first of them, counted from
    /// the beginning of the week, that comes then.
    fn first(&self) -> DateTime {
        let weekday = self.start.weekday();
        if self.by_day.is_empty() || self.by_day.contains(&weekday) {
            return self.start;
        }
        let since = |day: &&Weekday| self.week_start.until(**day);
        let day = self
            .by_day
            .iter()
            .min_by_key(since)
            .copied()
            .unwrap_or(weekday);
        self.start
            .saturating_add(i64::from(weekday.until(day)).days())
    }

    fn plain(&self, unit: &'static str, length: i64, seats: Vec<Option<usize>>) -> Turns {
        Turns {
            unit,
            length,
            start: self.start,
            end: None,
            seats,
            hours: Vec::new(),
        }
    }

    /// Of each group in turn, so many seats for it after so many for nobody, and so many for nobody behind it.
    fn seats(&self, before: i64, held: i64, behind: i64) -> Vec<Option<usize>> {
        let of = |group: usize| {
            let nobody = |n: i64| std::iter::repeat_n(None, usize::try_from(n).unwrap_or(0));
            let it = std::iter::repeat_n(Some(group), usize::try_from(held).unwrap_or(0));
            nobody(before).chain(it).chain(nobody(behind))
        };
        (0..self.groups).flat_map(of).take(SEATS + 1).collect()
    }

    /// It lasts no longer than until it comes again; alone, it is then always there.
    fn within(&self, period: i64) -> Result<i64, String> {
        match self.seconds <= period {
            true => Ok(self.seconds),
            false if self.groups == 1 => Ok(period),
            false => Err("it lasts longer than until it comes again".to_owned()),
        }
    }

    fn hourly(&self) -> Result<Vec<Turns>, String> {
        let seconds = self.within(self.interval * HOUR)?;
        if seconds % HOUR != 0 {
            return Err("it lasts no whole hours, and turns here do".to_owned());
        }
        let held = seconds / HOUR;
        let step = common(held, self.interval);
        let seats = self.seats(0, held / step, (self.interval - held) / step);
        Ok(vec![self.plain("hour", step, seats)])
    }

    fn daily(&self, days: i64) -> Result<Vec<Turns>, String> {
        let seconds = self.within(days.saturating_mul(DAY))?;
        let (whole, rest) = (seconds / DAY, seconds % DAY);
        let mut made = Vec::new();
        if whole == days {
            made.push(self.plain("day", days, self.seats(0, 1, 0)));
        } else if whole > 0 {
            made.push(self.plain("day", 1, self.seats(0, whole, days - whole)));
        }
        if rest > 0 {
            let mut part = self.plain("day", 1, self.seats(whole, 1, days - whole - 1));
            part.hours = vec![self.each_day(rest)];
            made.push(part);
        }
        Ok(made)
    }

    fn weekly(&self) -> Result<Vec<Turns>, String> {
        let weeks = self.interval;
        let seconds = self.within(weeks.saturating_mul(WEEK))?;
        if seconds == weeks * WEEK {
            return Ok(vec![self.plain("week", weeks, self.seats(0, 1, 0))]);
        }
        if seconds >= WEEK {
            return self.daily(weeks * 7);
        }
        let mut made = self.plain("week", 1, self.seats(0, 1, weeks - 1));
        made.hours = vec![self.each_week(self.start.weekday())];
        Ok(vec![made])
    }

    /// The groups change with the week; in a week it comes on each of its days.
    fn weeks_by_day(&self) -> Result<Vec<Turns>, String> {
        let last = self
            .by_day
            .iter()
            .map(|day| i64::from(self.week_start.until(*day)))
            .max();
        if last.unwrap_or(0) * DAY + self.seconds > WEEK {
            return Err("it lasts into the next week, which has other people".to_owned());
        }
        let back = i64::from(self.week_start.until(self.first().weekday()));
        let mut made = self.plain("week", 1, self.seats(0, 1, self.interval - 1));
        made.start = self.first().saturating_sub(back.days());
        made.hours = self.by_day.iter().map(|day| self.each_week(*day)).collect();
        Ok(vec![made])
    }

    /// The groups change with each day on which it comes, or after so many of them.
    fn days_of_the_week(&self) -> Result<Vec<Turns>, String> {
        if self.seconds > DAY {
            return Err("it lasts longer than until it comes again".to_owned());
        }
        let interval = usize::try_from(self.interval).map_err(|_| "it is too long")?;
        let cycle = interval.saturating_mul(self.groups);
        let (mut seats, mut count, mut day) = (Vec::new(), 0_usize, self.first().weekday());
        let first = day;
        loop {
            if self.by_day.contains(&day) {
                seats.push(Some((count / interval) % self.groups));
                count += 1;
            } else {
                seats.push(None);
            }
            day = day.next();
            if seats.len() > SEATS || (day == first && count % cycle == 0) {
                break;
            }
        }
        let mut made = self.plain("day", 1, seats);
        made.start = self.first();
        if self.seconds < DAY {
            made.hours = vec![self.each_day(self.seconds)];
        }
        Ok(vec![made])
    }

    fn each_day(&self, seconds: i64) -> Value {
        let from = self.start.time();
        let to = from.wrapping_add(SignedDuration::from_secs(seconds));
        json!({ "each": "day", "from": from, "to": to })
    }

    fn each_week(&self, day: Weekday) -> Value {
        let from = self.start.time();
        let midnight = i64::from(from.hour()) * HOUR
            + i64::from(from.minute()) * 60
            + i64::from(from.second());
        let days = (midnight + self.seconds) / DAY;
        let to = from.wrapping_add(SignedDuration::from_secs(self.seconds));
        json!({ "each": "week", "from_day": weekday(day), "from": from, "to_day": weekday(day.wrapping_add(days)), "to": to })
    }
}

impl Turns {
    /// From this time on. Where that is over, whoever was on call before does not matter any more; else a turn that is cut
    /// by it is a rotation of its own.
    fn since(self, from: DateTime, taken_at: DateTime, end: Option<DateTime>) -> Vec<Self> {
        let one = Self { end, ..self };
        if from <= taken_at || from <= one.start {
            return vec![one];
        }
        let unit = match one.unit {
            "hour" => HOUR,
            "day" => DAY,
            _ => WEEK,
        };
        let turn = unit * one.length;
        let passed = from.duration_since(one.start).as_secs();
        let number = passed.div_euclid(turn);
        let places = i64::try_from(one.seats.len()).unwrap_or(1);
        let turned = |number: i64| {
            let mut seats = one.seats.clone();
            seats.rotate_left(usize::try_from(number.rem_euclid(places)).unwrap_or(0));
            seats
        };
        let at = |number: i64| {
            one.start
                .saturating_add(SignedDuration::from_secs(turn * number))
        };
        let whole = |number: i64| Self {
            start: at(number),
            seats: turned(number),
            ..one.clone()
        };
        if passed.rem_euclid(turn) == 0 {
            return vec![whole(number)];
        }
        let next = at(number + 1);
        let head = Self {
            start: from,
            end: Some(end.map_or(next, |end| end.min(next))),
            seats: turned(number).into_iter().take(1).collect(),
            ..one.clone()
        };
        let rest = end.is_none_or(|end| end > next).then(|| whole(number + 1));
        std::iter::once(head).chain(rest).collect()
    }
}

/// The greatest number that divides both.
fn common(a: i64, b: i64) -> i64 {
    if b == 0 { a.max(1) } else { common(b, a % b) }
}
