//! A rotation as a form: who takes turns, how long one is, when the first begins, in which hours.

use jiff::civil::Time;
use procedure::calendar::Day;
use procedure::id::{RotationId, TeamId};
use procedure::on_call::{Holidays, Rotation, Seat, Unit, Window};
use procedure::project::Directory;
use procedure::{PersonId, Text};

use super::super::Opened;
use super::Wrong;
use crate::report::{Language, spoken};
use crate::web::fields::Fields;
use crate::web::pages::frame;
use crate::web::pages::input::{Input, Look};
use crate::web::words::{Words, key};

const UNITS: [(&str, Unit, &str); 3] = [
    ("day", Unit::Day, key("oncall-unit-day")),
    ("week", Unit::Week, key("oncall-unit-week")),
    ("hour", Unit::Hour, key("oncall-unit-hour")),
];
const HOLIDAYS: [(&str, Holidays, &str); 3] = [
    ("as_any_day", Holidays::AsAnyDay, key("oncall-holidays-any")),
    ("off", Holidays::Off, key("oncall-holidays-off")),
    ("only", Holidays::Only, key("oncall-holidays-only")),
];
const DAYS: [(&str, Day); 7] = [
    ("mon", Day::Monday),
    ("tue", Day::Tuesday),
    ("wed", Day::Wednesday),
    ("thu", Day::Thursday),
    ("fri", Day::Friday),
    ("sat", Day::Saturday),
    ("sun", Day::Sunday),
];

/// What was typed.
#[derive(Default)]
pub(super) struct Typed {
    pub title: String,
    pub zone: String,
    pub name: String,
    people: String,
    unit: String,
    length: String,
    start: String,
    hours: String,
    layer: String,
    holidays: String,
}

impl Typed {
    /// For a new schedule: weeks from nine to nine, in the project's zone, of everybody who is called.
    pub(super) fn fresh(opened: &Opened) -> Self {
        Self {
            zone: opened.facts.calendar.zone().to_owned(),
            unit: "week".into(),
            length: "1".into(),
            ..Self::default()
        }
    }

    pub(super) fn of(fields: &Fields) -> Self {
        let typed = |name| frame::typed(fields, name);
        Self {
            title: typed("title"),
            zone: typed("zone"),
            name: typed("name"),
            people: typed("people"),
            unit: typed("unit"),
            length: typed("length"),
            start: typed("start"),
            hours: typed("hours"),
            layer: typed("layer"),
            holidays: typed("holidays"),
        }
    }

    /// One that there is.
    pub(super) fn filled(
        id: &RotationId,
        rotation: &Rotation,
        directory: &Directory,
        language: Language,
    ) -> Self {
        let seats = rotation.seats.iter().map(|seat| said(seat, directory));
        let word = |all: [&str; 3], n: usize| all[n].to_owned();
        Self {
            name: id.0.clone(),
            people: seats.collect::<Vec<_>>().join("\n"),
            unit: match rotation.unit {
                Unit::Day => "day".into(),
                Unit::Week => "week".into(),
                Unit::Hour => "hour".into(),
            },
            length: rotation.length.to_string(),
            start: language.typed(rotation.start),
            hours: rotation
                .hours
                .iter()
                .map(window_said)
                .collect::<Vec<_>>()
                .join("\n"),
            layer: rotation.layer.to_string(),
            holidays: word(HOLIDAYS.map(|(word, ..)| word), rotation.holidays as usize),
            ..Self::default()
        }
    }

    pub(super) fn fields(&self, w: Words, whole: bool) -> Vec<Input> {
        let choice = |all: [(&str, &str); 3], chosen: &str| -> Vec<(String, String, bool)> {
            let one = |(word, id): (&str, &str)| {
                (word.to_owned(), w.say(id).into_owned(), word == chosen)
            };
            all.into_iter().map(one).collect()
        };
        let mut fields = Vec::new();
        if whole {
            fields.push(Input::line("title", w.say("oncall-name"), &self.title).needed());
            let zone = Input::line("zone", w.say("project-zone"), &self.zone).needed();
            fields.push(zone.hint(w.say("project-zone-hint")));
        } else {
            let name = Input::line("name", w.say("oncall-rotation-name"), &self.name);
            fields.push(name.hint(w.say("oncall-rotation-name-hint")));
        }
        let people = Input::long("people", 4, w.say("oncall-people"), &self.people).needed();
        fields.push(people.hint(w.say("oncall-people-hint")));
        fields.push(Input::line("length", w.say("oncall-length"), &self.length).needed());
        let units = choice(UNITS.map(|(word, _, id)| (word, id)), &self.unit);
        fields.push(Input::choice(
            "unit",
            Look::Select,
            w.say("oncall-unit"),
            units,
        ));
        let start = Input::line("start", w.say("oncall-start"), &self.start).needed();
        fields.push(start.hint(w.say("oncall-start-hint")));
        let hours = Input::long("hours", 2, w.say("oncall-hours"), &self.hours);
        fields.push(hours.hint(w.say("oncall-hours-hint")));
        if !whole {
            let layer = Input::line("layer", w.say("oncall-layer"), &self.layer);
            fields.push(layer.hint(w.say("oncall-layer-hint")));
        }
        let holidays = choice(HOLIDAYS.map(|(word, _, id)| (word, id)), &self.holidays);
        fields.push(Input::choice(
            "holidays",
            Look::Select,
            w.say("project-holidays"),
            holidays,
        ));
        fields
    }

    /// The rotation, or what is wrong.
    pub(super) fn read(
        &self,
        w: Words,
        opened: &Opened,
        wrong: &mut Wrong,
    ) -> (RotationId, Option<Rotation>) {
        let name = if self.name.is_empty() {
            "main"
        } else {
            &self.name
        };
        let mut say = |field, id: &str| wrong.push((field, w.say(id).into_owned()));
        let length = self.length.parse().ok().filter(|n: &u32| *n > 0);
        if length.is_none() {
            say("length", key("oncall-length-wrong"));
        }
        let start = spoken::day_and_hour(&self.start);
        if start.is_none() {
            say("start", key("oncall-start-wrong"));
        }
        let layer = if self.layer.is_empty() {
            Some(0)
        } else {
            self.layer.parse().ok()
        };
        if layer.is_none() {
            say("layer", key("oncall-length-wrong"));
        }
        let mut hours = Vec::new();
        for line in lines(&self.hours) {
            match window(line) {
                Some(window) => hours.push(window),
                None => say("hours", key("oncall-hours-wrong")),
            }
        }
        let mut seats = Vec::new();
        for line in lines(&self.people) {
            match seat(line, opened) {
                Some(seat) => seats.push(seat),
                None => {
                    let words = w.with("oncall-people-wrong", "who", line).to_string();
                    wrong.push(("people", words));
                }
            }
        }
        if seats.is_empty() && wrong.iter().all(|(field, _)| *field != "people") {
            wrong.push(("people", w.say("project-needed").into_owned()));
        }
        let unit = UNITS.iter().find(|(word, ..)| *word == self.unit);
        let holidays = HOLIDAYS.iter().find(|(word, ..)| *word == self.holidays);
        let read = || {
            Some(Rotation {
                layer: layer?,
                zone: None,
                unit: unit.map_or(Unit::Week, |(_, unit, _)| *unit),
                length: length?,
                start: start?,
                end: None,
                seats,
                hours,
                holidays: holidays.map_or(Holidays::AsAnyDay, |(_, one, _)| *one),
            })
        };
        (RotationId::from(name), read())
    }
}

fn lines(typed: &str) -> impl Iterator<Item = &str> {
    typed.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// A seat as it is written: a person's name, `team: …`, or `-`.
fn said(seat: &Seat, directory: &Directory) -> String {
    match seat {
        Seat::Person(person) => crate::report::Names::new(directory).person(person),
        Seat::Team(team) => format!("team: {team}"),
        Seat::Nobody => "-".into(),
    }
}

/// Who is meant: by id, or by a name that only one has.
fn seat(line: &str, opened: &Opened) -> Option<Seat> {
    if line == "-" {
        return Some(Seat::Nobody);
    }
    if let Some(team) = line.strip_prefix("team:") {
        let team = TeamId::from(team.trim());
        let known = opened.facts.schedules.teams.contains_key(&team);
        return known.then_some(Seat::Team(team));
    }
    let id = PersonId::from(line);
    if opened.facts.member(&id).is_some() {
        return Some(Seat::Person(id));
    }
    let named = |id: &PersonId| {
        let contact = opened.state.directory.people.get(id);
        let name = contact.and_then(|contact| Text::plain(&contact.name));
        name.is_some_and(|name| name.eq_ignore_ascii_case(line))
    };
    let mut meant = opened
        .facts
        .roster
        .iter()
        .filter(|member| named(&member.person));
    let first = meant.next()?;
    meant
        .next()
        .is_none()
        .then(|| Seat::Person(first.person.clone()))
}

/// `09:00-17:00` every day, or `mon 09:00 - fri 17:00` every week.
fn window(line: &str) -> Option<Window> {
    let (from, to) = line.split_once(['-', '–'])?;
    let end = |side: &str| -> Option<(Option<Day>, Time)> {
        let words: Vec<&str> = side.split_whitespace().collect();
        match words.as_slice() {
            [time] => Some((None, time.parse().ok()?)),
            [day, time] => Some((Some(of_word(day)?), time.parse().ok()?)),
            _ => None,
        }
    };
    match (end(from)?, end(to)?) {
        ((None, from), (None, to)) => Some(Window::Day { from, to }),
        ((Some(from_day), from), (Some(to_day), to)) => Some(Window::Week {
            from_day,
            from,
            to_day,
            to,
        }),
        _ => None,
    }
}

fn of_word(word: &str) -> Option<Day> {
    let word = word.to_lowercase();
    let german = ["mo", "di", "mi", "do", "fr", "sa", "so"];
    let place = german.iter().position(|short| *short == word);
    let place = place.or_else(|| DAYS.iter().position(|(short, _)| word.starts_with(short)));
    DAYS.get(place?).map(|(_, day)| *day)
}

fn window_said(window: &Window) -> String {
    let word = |day: Day| DAYS[day as usize].0;
    let minute = |time: &Time| time.strftime("%H:%M").to_string();
    match window {
        Window::Day { from, to } => format!("{}-{}", minute(from), minute(to)),
        Window::Week {
            from_day,
            from,
            to_day,
            to,
        } => {
            format!(
                "{} {} - {} {}",
                word(*from_day),
                minute(from),
                word(*to_day),
                minute(to)
            )
        }
    }
}
