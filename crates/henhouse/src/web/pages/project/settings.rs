//! `/projects/{slug}/settings`: what there is to set about a project, each part a form of its own that says what it means.
//! What comes in lists (stakeholders, assets, …) stands on pages of its own, see [`super::parts`].

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use jiff::civil::{Date, Time};
use procedure::calendar::{Calendar, Day, Hours};
use procedure::{PersonId, Text};

use super::draft::{Draft, mark};
use super::parts::Part;
use super::{Opened, Tabs};
use crate::desk::wrong_mail;
use crate::founding;
use crate::report::{Names, spoken};
use crate::web::fields::Fields;
use crate::web::pages::frame::{self, Frame};
use crate::web::pages::input::{Input, Look, yes_no};
use crate::web::registry::Answer;
use crate::web::words::{Words, key};
use crate::web::{Call, Problem};

#[derive(Template)]
#[template(path = "settings.html")]
struct SettingsPage {
    frame: Frame,
    tabs: Tabs,
    may_change: bool,
    done: bool,
    was: String,
    sections: Vec<Section>,
    /// What comes in lists: where, what it is called, how many there are.
    lists: Vec<(String, String, usize)>,
    facts: Vec<String>,
}

/// One form.
struct Section {
    id: &'static str,
    title: String,
    lead: String,
    fields: Vec<Input>,
}

/// The forms, in the order in which they stand.
const SECTIONS: [(&str, &str, &str); 5] = [
    ("about", key("project-about"), key("project-about-lead")),
    ("hours", key("project-hours"), key("project-hours-lead")),
    ("holds", key("project-holds"), key("project-holds-lead")),
    ("chain", key("project-chain"), key("project-chain-lead")),
    ("wakes", key("project-wakes"), key("project-wakes-lead")),
];

/// The days, each with the name of its field and of its text.
const DAYS: [(Day, &str, &str); 7] = [
    (Day::Monday, "monday", key("project-monday")),
    (Day::Tuesday, "tuesday", key("project-tuesday")),
    (Day::Wednesday, "wednesday", key("project-wednesday")),
    (Day::Thursday, "thursday", key("project-thursday")),
    (Day::Friday, "friday", key("project-friday")),
    (Day::Saturday, "saturday", key("project-saturday")),
    (Day::Sunday, "sunday", key("project-sunday")),
];

/// Shows it.
pub(super) async fn show(call: Call) -> Answer {
    let opened = Opened::of(&call).await?;
    let frame = opened.frame(&call, "project-settings", "project");
    page(&call, &opened, 200, frame, None)
}

/// Changes what one of the forms says.
pub(super) async fn change(mut call: Call) -> Answer {
    let fields = call.form().await?.without_nul()?;
    let opened = Opened::of(&call).await?;
    let (w, act) = (call.words(), fields.get("act").unwrap_or_default());
    let (id, ..) = SECTIONS
        .into_iter()
        .find(|(id, ..)| *id == act)
        .ok_or_else(|| Problem::field("/act", "There is no such form on this page."))?;
    let mut frame = opened.frame(&call, "project-settings", "project");
    let mut draft = Draft::of(&opened);
    let wrong = put(w, id, &fields, &mut draft);
    for (field, words) in wrong {
        frame = frame.wrong(field, words);
    }
    if fields.get("was").is_some_and(|was| was != seen(&opened)) {
        frame = frame.wrong("", w.say("project-moved-on"));
        return page(&call, &opened, 409, frame, Some((id, &fields)));
    }
    if frame.errors.is_empty() {
        match draft.keep(&call, &opened).await {
            Ok(_) => {
                let to = format!("/projects/{}/settings?done={id}#{id}", opened.slug());
                return Ok(frame::lead_to(&to));
            }
            Err(problem) if matches!(problem.status, 409 | 422) => {
                frame = frame.wrong("", problem.detail);
            }
            Err(problem) => return Err(problem),
        }
    }
    page(&call, &opened, 422, frame, Some((id, &fields)))
}

/// The mark of what these forms show.
fn seen(opened: &Opened) -> String {
    let facts = &opened.facts;
    let about = (
        &opened.state.name,
        facts.known_reporters_only,
        &facts.client_procedure,
    );
    let rest = (
        &facts.calendar,
        facts.profile,
        &facts.second_chain,
        &opened.state.directory.pager,
    );
    mark(&(about, rest))
}

/// Writes what a form says into the project; answers what is wrong with it.
fn put(w: Words, id: &str, fields: &Fields, draft: &mut Draft) -> Vec<(&'static str, String)> {
    let mut wrong = Vec::new();
    let typed = |name| frame::typed(fields, name);
    match id {
        "about" => {
            draft.name = frame::text(&typed("name"));
            if draft.name.is_none() {
                wrong.push(("name", w.say("project-name-missing").into_owned()));
            }
            draft.project.known_reporters_only = fields.get("reports") == Some("known");
            draft.project.client_procedure = Some(typed("client")).filter(|name| !name.is_empty());
        }
        "hours" => match calendar(w, fields) {
            Ok(calendar) => draft.project.calendar = calendar,
            Err(found) => wrong = found,
        },
        "holds" => {
            let said = |name| match fields.get(name) {
                Some("yes") => Some(true),
                Some("no") => Some(false),
                _ => None,
            };
            draft.project.profile.sensitive_pii = said("sensitive_pii");
            draft.project.profile.high_value_assets = said("high_value_assets");
        }
        "chain" => {
            let people = fields.all("second_chain").into_iter().map(PersonId);
            draft.project.second_chain = people.collect();
        }
        _ => {
            draft.directory.pager = frame::text(&typed("pager"));
            let said = draft.directory.pager.as_ref().and_then(Text::plain);
            wrong.extend(said.and_then(wrong_mail).map(|words| ("pager", words)));
        }
    }
    wrong
}

/// The calendar that a form says, or what is wrong with it.
fn calendar(w: Words, fields: &Fields) -> Result<Calendar, Vec<(&'static str, String)>> {
    let mut wrong = Vec::new();
    let zone = founding::calendar(fields.get("zone").unwrap_or("UTC"));
    if zone.is_err() {
        wrong.push(("zone", w.say("project-zone-wrong").into_owned()));
    }
    let mut open: BTreeMap<Day, Vec<Hours>> = BTreeMap::new();
    for (day, name, _) in DAYS {
        match hours(fields.get(name).unwrap_or_default()) {
            Some(hours) => drop(open.insert(day, hours)),
            None => wrong.push((name, w.say("project-hours-wrong").into_owned())),
        }
    }
    open.retain(|_, hours| !hours.is_empty());
    let dates = frame::typed(fields, "holidays");
    let dates = dates
        .split([',', '\n', ' '])
        .map(str::trim)
        .filter(|date| !date.is_empty());
    let mut holidays: BTreeSet<Date> = BTreeSet::new();
    for said in dates {
        match spoken::day(said) {
            Some(date) => drop(holidays.insert(date)),
            None => wrong.push((
                "holidays",
                w.with("project-holiday-wrong", "said", said).into(),
            )),
        }
    }
    let (Ok(zone), true) = (zone, wrong.is_empty()) else {
        return Err(wrong);
    };
    let json = serde_json::to_value(&zone).unwrap_or_default();
    let said = serde_json::json!({
        "zone": json["zone"], "zone_rules": json["zone_rules"], "business_hours": open, "holidays": holidays,
    });
    serde_json::from_value(said).map_err(|error| vec![("monday", error.to_string())])
}

/// `09:00-12:30, 13:30-17:00`; nothing for a day on which it is closed.
fn hours(said: &str) -> Option<Vec<Hours>> {
    let parts = said
        .split([',', ';'])
        .map(str::trim)
        .filter(|part| !part.is_empty());
    let time = |said: &str| {
        let said = said.trim();
        let said = if said.contains(':') {
            said.to_owned()
        } else {
            format!("{said}:00")
        };
        match said.as_str() {
            "24:00" => Some(Time::midnight()),
            said => Time::strptime("%H:%M", said).ok(),
        }
    };
    let part = |said: &str| {
        let (from, to) = said.split_once(['-', '–'])?;
        Some(Hours {
            from: time(from)?,
            to: time(to)?,
        })
    };
    parts.map(part).collect()
}

fn said(hours: &[Hours]) -> String {
    let part = |hours: &Hours| {
        let to = hours.to.strftime("%H:%M").to_string();
        let to = if hours.to == Time::midnight() {
            "24:00".to_owned()
        } else {
            to
        };
        format!("{}-{to}", hours.from.strftime("%H:%M"))
    };
    hours.iter().map(part).collect::<Vec<_>>().join(", ")
}

/// What the forms show: what stands, or for the one that was sent what was typed.
fn fields(w: Words, opened: &Opened, id: &str, sent: Option<&Fields>) -> Vec<Input> {
    let (facts, directory) = (&opened.facts, &opened.state.directory);
    let or = |name: &str, stands: &str| match sent {
        Some(sent) => sent.get(name).unwrap_or_default().to_owned(),
        None => stands.to_owned(),
    };
    match id {
        "about" => {
            let known = match sent {
                Some(sent) => sent.get("reports") == Some("known"),
                None => facts.known_reporters_only,
            };
            let option = |value: &str, id: &str, on| (value.to_owned(), w.say(id).into_owned(), on);
            let reports = vec![
                option("anybody", key("project-reports-anybody"), !known),
                option("known", key("project-reports-known"), known),
            ];
            let client = or(
                "client",
                facts.client_procedure.as_deref().unwrap_or_default(),
            );
            vec![
                Input::line("name", w.say("project-name"), &or("name", opened.name())).needed(),
                Input::choice("reports", Look::Radios, w.say("project-reports"), reports),
                Input::line("client", w.say("project-client"), &client)
                    .hint(w.say("project-client-hint")),
            ]
        }
        "hours" => hours_fields(w, &facts.calendar, &or),
        "holds" => {
            let stands = |name: &str, stands: Option<bool>| match sent.map(|sent| sent.get(name)) {
                Some(Some("yes")) => Some(true),
                Some(Some("no")) => Some(false),
                Some(_) => None,
                None => stands,
            };
            let pii = stands("sensitive_pii", facts.profile.sensitive_pii);
            let assets = stands("high_value_assets", facts.profile.high_value_assets);
            vec![
                yes_no(w, "sensitive_pii", w.say("project-pii"), pii),
                yes_no(w, "high_value_assets", w.say("project-high-value"), assets),
            ]
        }
        "chain" => {
            let names = Names::new(directory);
            let sent = sent.map(|sent| sent.all("second_chain"));
            let on = |person: &PersonId| match &sent {
                Some(sent) => sent.contains(&person.0),
                None => facts.second_chain.contains(person),
            };
            let people = facts.roster.iter().map(|member| {
                let person = &member.person;
                (person.0.clone(), names.person(person), on(person))
            });
            vec![Input::choice(
                "second_chain",
                Look::Checks,
                w.say("project-chain-who"),
                people.collect(),
            )]
        }
        _ => {
            let pager = directory
                .pager
                .as_ref()
                .and_then(Text::plain)
                .unwrap_or_default();
            vec![
                Input::line("pager", w.say("project-pager"), &or("pager", pager))
                    .of_kind("email", "off"),
            ]
        }
    }
}

fn hours_fields(w: Words, calendar: &Calendar, or: &dyn Fn(&str, &str) -> String) -> Vec<Input> {
    let zone = Input::line("zone", w.say("project-zone"), &or("zone", calendar.zone()))
        .hint(w.say("project-zone-hint"))
        .needed();
    let day = |(day, name, label): (Day, &'static str, &str)| {
        let stands = calendar
            .business_hours()
            .get(&day)
            .map_or_else(String::new, |hours| said(hours));
        Input::line(name, w.say(label), &or(name, &stands))
    };
    let holidays: Vec<String> = calendar
        .holidays()
        .iter()
        .map(|day| w.language().typed_day(*day))
        .collect();
    let holidays = or("holidays", &holidays.join("\n"));
    let holidays = Input::long("holidays", 4, w.say("project-holidays"), &holidays);
    let days = DAYS.into_iter().map(day);
    std::iter::once(zone)
        .chain(days)
        .chain([holidays.hint(w.say("project-holidays-hint"))])
        .collect()
}

fn page(
    call: &Call,
    opened: &Opened,
    status: u16,
    frame: Frame,
    sent: Option<(&str, &Fields)>,
) -> Answer {
    let w = call.words();
    let section = |(id, title, lead): (&'static str, &str, &str)| {
        let sent = sent
            .filter(|(form, _)| *form == id)
            .map(|(_, fields)| fields);
        let fields = fields(w, opened, id, sent).into_iter();
        Section {
            id,
            title: w.say(title).into_owned(),
            lead: w.say(lead).into_owned(),
            fields: fields.map(|field| field.told(&frame)).collect(),
        }
    };
    let list = |part: Part| {
        let path = format!("/projects/{}/lists/{}", opened.slug(), part.word());
        (
            path,
            w.say(part.title()).into_owned(),
            part.rows(w, opened).len(),
        )
    };
    let facts = [
        w.with("project-fixed", "slug", opened.slug())
            .and("prefix", opened.state.prefix.as_str())
            .into(),
        w.with("project-revision", "n", opened.state.revision)
            .into(),
    ];
    let page = SettingsPage {
        tabs: opened.tabs(w, "/settings"),
        may_change: opened.may_change,
        done: call.page_query().get("done").is_some(),
        was: seen(opened),
        sections: SECTIONS.into_iter().map(section).collect(),
        lists: Part::ALL.into_iter().map(list).collect(),
        facts: facts.into(),
        frame,
    };
    frame::page(status, &page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_written_as_people_write_them() {
        let read = |text: &str| hours(text).map(|hours| said(&hours));
        for (text, read_as) in [
            ("09:00-17:00", "09:00-17:00"),
            ("9-12:30; 13:30 – 24:00", "09:00-12:30, 13:30-24:00"),
            ("", ""),
        ] {
            assert_eq!(read(text).as_deref(), Some(read_as), "{text}");
        }
        for text in ["nine to five", "9", "25:00-26:00", "9-"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
