//! Lists about people: who hears of incidents, numbers that anybody is shown, who is on call.

use procedure::basis::{Duty, Marking, Stakeholder};
use procedure::project::{Contact, PublicNumber};
use procedure::{PersonId, Text};

use super::super::Opened;
use super::super::draft::{Draft, new_id};
use super::{Asked, Row, Wrong};
use crate::desk::{wrong_contact, wrong_phone};
use crate::report::spoken::{self, Lies};
use crate::report::{Names, Times};
use crate::web::fields::Fields;
use crate::web::pages::input::{Input, Look};
use crate::web::words::{Language, Words, key};

/// How far a text may travel, each with its word and the name of its text.
const MARKINGS: [(Marking, &str, &str); 5] = [
    (Marking::Clear, "clear", key("project-tlp-clear")),
    (Marking::Green, "green", key("project-tlp-green")),
    (Marking::Amber, "amber", key("project-tlp-amber")),
    (
        Marking::AmberStrict,
        "amber_strict",
        key("project-tlp-strict"),
    ),
    (Marking::Red, "red", key("project-tlp-red")),
];

fn of(pairs: &[(&str, String)]) -> Fields {
    let mut fields = Fields::default();
    for (name, value) in pairs {
        fields.push((*name).to_owned(), value.clone());
    }
    fields
}

fn plain(text: Option<&Text>) -> String {
    text.and_then(Text::plain).unwrap_or_default().to_owned()
}

fn marking(marking: Marking) -> (&'static str, &'static str) {
    let mut all = MARKINGS.into_iter();
    let found = all.find(|(one, ..)| *one == marking);
    found.map_or(("amber", key("project-tlp-amber")), |(_, word, label)| {
        (word, label)
    })
}

pub(super) fn stakeholders(w: Words, opened: &Opened) -> Vec<Row> {
    let names = Names::new(&opened.state.directory);
    let row = |known: &Stakeholder| {
        let contact = opened.state.directory.stakeholders.get(&known.id);
        let whose = if known.outside {
            w.say("project-outside")
        } else {
            w.say("project-inside")
        };
        let mut said = vec![
            whose.into_owned(),
            w.say(marking(known.ceiling).1).into_owned(),
        ];
        if known.standing {
            said.push(w.say("project-standing-short").into_owned());
        }
        match contact
            .and_then(|contact| contact.mail.as_ref())
            .and_then(Text::plain)
        {
            Some(mail) => said.push(mail.to_owned()),
            None => said.push(w.say("project-no-mail").into_owned()),
        }
        Row {
            title: names.stakeholder(&known.id),
            id: known.id.0.clone(),
            said: said.join(". "),
        }
    };
    opened.facts.stakeholders.iter().map(row).collect()
}

pub(super) fn filled_stakeholder(opened: &Opened, id: &str) -> Option<Fields> {
    let known = opened
        .facts
        .stakeholders
        .iter()
        .find(|known| known.id.0 == id)?;
    let contact = opened.state.directory.stakeholders.get(&known.id);
    let tick = |on: bool| if on { "true".to_owned() } else { String::new() };
    Some(of(&[
        ("name", plain(contact.map(|contact| &contact.name))),
        (
            "mail",
            plain(contact.and_then(|contact| contact.mail.as_ref())),
        ),
        (
            "phone",
            plain(contact.and_then(|contact| contact.phone.as_ref())),
        ),
        (
            "whose",
            if known.outside { "outside" } else { "inside" }.to_owned(),
        ),
        ("standing", tick(known.standing)),
        ("ceiling", marking(known.ceiling).0.to_owned()),
    ]))
}

pub(super) fn stakeholder_fields(w: Words, with: &Fields) -> Vec<Input> {
    let value = |name| with.get(name).unwrap_or_default();
    let inside = value("whose") == "inside";
    let option = |value: &str, id: &str, on| (value.to_owned(), w.say(id).into_owned(), on);
    let whose = vec![
        option("outside", "project-outside", !inside),
        option("inside", "project-inside", inside),
    ];
    let ceiling = match value("ceiling") {
        "" => "amber",
        word => word,
    };
    let markings = MARKINGS.map(|(_, word, label)| option(word, label, word == ceiling));
    vec![
        Input::line("name", w.say("project-called"), value("name")).needed(),
        Input::line("mail", w.say("project-mail"), value("mail")).of_kind("email", "off"),
        Input::line("phone", w.say("project-phone"), value("phone"))
            .hint(w.say("project-phone-hint"))
            .of_kind("tel", "off"),
        Input::choice("whose", Look::Radios, w.say("project-whose"), whose),
        Input::choice(
            "ceiling",
            Look::Select,
            w.say("project-ceiling"),
            markings.into(),
        )
        .hint(w.say("project-ceiling-hint"))
        .needed(),
        Input::tick(
            "standing",
            w.say("project-standing"),
            !value("standing").is_empty(),
        ),
    ]
}

pub(super) fn put_stakeholder(asked: &Asked, draft: &mut Draft, id: Option<&str>) -> Wrong {
    let mut wrong = Wrong::new();
    let name = asked.needed("name", &mut wrong);
    let text = |name: &str| Some(asked.typed(name)).filter(|said| !said.is_empty());
    let contact = Contact {
        name: Text::from(name.as_str()),
        mail: text("mail").map(|said| Text::from(said.as_str())),
        phone: text("phone").map(|said| Text::from(said.as_str())),
        routes: Vec::new(),
    };
    wrong.extend(wrong_contact(&contact));
    let taken = |id: &PersonId| {
        draft
            .directory
            .stakeholders
            .contains_key(&id.0.as_str().into())
    };
    let id = id.map_or_else(|| new_id(&name, taken).0, str::to_owned);
    let ceiling = MARKINGS
        .into_iter()
        .find(|(_, word, _)| *word == asked.typed("ceiling"));
    let known = Stakeholder {
        id: id.as_str().into(),
        outside: asked.typed("whose") != "inside",
        standing: asked.ticked("standing"),
        ceiling: ceiling.map_or(Marking::Amber, |(marking, ..)| marking),
    };
    draft
        .directory
        .stakeholders
        .insert(known.id.clone(), contact);
    let all = &mut draft.project.stakeholders;
    match all.iter_mut().find(|one| one.id == known.id) {
        Some(one) => *one = known,
        None => all.push(known),
    }
    wrong
}

pub(super) fn numbers(opened: &Opened) -> Vec<Row> {
    let row = |(n, line): (usize, &PublicNumber)| Row {
        id: n.to_string(),
        title: plain(Some(&line.label)),
        said: plain(Some(&line.number)),
    };
    let numbers = opened.state.directory.public_numbers.iter();
    numbers.enumerate().map(row).collect()
}

fn nth(id: &str) -> Option<usize> {
    id.parse().ok()
}

pub(super) fn filled_number(opened: &Opened, id: &str) -> Option<Fields> {
    let line = opened.state.directory.public_numbers.get(nth(id)?)?;
    Some(of(&[
        ("label", plain(Some(&line.label))),
        ("number", plain(Some(&line.number))),
    ]))
}

pub(super) fn number_fields(w: Words, with: &Fields) -> Vec<Input> {
    let value = |name| with.get(name).unwrap_or_default();
    vec![
        Input::line("label", w.say("project-line"), value("label"))
            .hint(w.say("project-line-hint"))
            .needed(),
        Input::line("number", w.say("project-number"), value("number"))
            .hint(w.say("project-phone-hint"))
            .of_kind("tel", "off")
            .needed(),
    ]
}

pub(super) fn put_number(asked: &Asked, draft: &mut Draft, id: Option<&str>) -> Wrong {
    let mut wrong = Wrong::new();
    let label = asked.needed("label", &mut wrong);
    let number = asked.needed("number", &mut wrong);
    if !number.is_empty() {
        wrong.extend(wrong_phone(&number).map(|words| ("number", words)));
    }
    let line = PublicNumber {
        label: Text::from(label.as_str()),
        number: Text::from(number.as_str()),
    };
    let all = &mut draft.directory.public_numbers;
    match id.and_then(nth).and_then(|n| all.get_mut(n)) {
        Some(one) => *one = line,
        None => all.push(line),
    }
    wrong
}

pub(super) fn remove_number(draft: &mut Draft, id: &str) {
    let all = &mut draft.directory.public_numbers;
    if let Some(n) = nth(id).filter(|n| *n < all.len()) {
        all.remove(n);
    }
}

fn times(opened: &Opened) -> Times {
    let zone = opened.facts.calendar.rules().clone();
    Times::new(zone, jiff::Timestamp::UNIX_EPOCH)
}

pub(super) fn duty(w: Words, opened: &Opened) -> Vec<Row> {
    let names = Names::new(&opened.state.directory);
    let times = times(opened).in_words_of(w.language());
    let row = |(n, duty): (usize, &Duty)| Row {
        id: n.to_string(),
        title: names.person(&duty.person),
        said: format!("{} – {}", times.dated(duty.from), times.dated(duty.until)),
    };
    opened.facts.on_call.iter().enumerate().map(row).collect()
}

pub(super) fn filled_duty(opened: &Opened, id: &str, language: Language) -> Option<Fields> {
    let duty = opened.facts.on_call.get(nth(id)?)?;
    let times = times(opened).in_words_of(language);
    Some(of(&[
        ("person", duty.person.0.clone()),
        ("from", times.typed(duty.from)),
        ("until", times.typed(duty.until)),
    ]))
}

pub(super) fn duty_fields(w: Words, opened: &Opened, with: &Fields) -> Vec<Input> {
    let value = |name| with.get(name).unwrap_or_default();
    let names = Names::new(&opened.state.directory);
    let people = opened.facts.roster.iter().map(|member| {
        let id = &member.person;
        (id.0.clone(), names.person(id), id.0 == value("person"))
    });
    let hint = w.with("project-time-hint", "zone", opened.facts.calendar.zone());
    vec![
        Input::choice(
            "person",
            Look::Select,
            w.say("project-who"),
            people.collect(),
        )
        .needed(),
        Input::line("from", w.say("project-from"), value("from"))
            .hint(hint)
            .needed(),
        Input::line("until", w.say("project-until"), value("until")).needed(),
    ]
}

pub(super) fn put_duty(asked: &Asked, draft: &mut Draft, id: Option<&str>) -> Wrong {
    let mut wrong = Wrong::new();
    let person = PersonId(asked.needed("person", &mut wrong));
    let (from, until) = (
        time(asked, "from", &mut wrong),
        time(asked, "until", &mut wrong),
    );
    let (Some(from), Some(until)) = (from, until) else {
        return wrong;
    };
    if from >= until {
        wrong.push(("until", asked.w.say("project-backwards").into_owned()));
    }
    let duty = Duty {
        person,
        from,
        until,
    };
    let all = &mut draft.project.on_call;
    match id.and_then(nth).and_then(|n| all.get_mut(n)) {
        Some(one) => *one = duty,
        None => all.push(duty),
    }
    wrong
}

pub(super) fn remove_duty(draft: &mut Draft, id: &str) {
    let all = &mut draft.project.on_call;
    if let Some(n) = nth(id).filter(|n| *n < all.len()) {
        all.remove(n);
    }
}

/// A time that was typed in the project's zone.
pub(super) fn time(
    asked: &Asked,
    name: &'static str,
    wrong: &mut Wrong,
) -> Option<jiff::Timestamp> {
    let typed = asked.needed(name, wrong);
    if typed.is_empty() {
        return None;
    }
    let zone = asked.opened.facts.calendar.rules();
    let read = spoken::time(&typed, asked.now, zone, Lies::Ahead);
    if read.is_none() {
        wrong.push((name, asked.w.say("project-time-wrong").into_owned()));
    }
    read
}
