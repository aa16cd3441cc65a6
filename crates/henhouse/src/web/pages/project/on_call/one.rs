//! `/projects/{slug}/on-call/{schedule}`: one schedule. Who is on call and why, two weeks of it, who stands in.

use askama::Template;
use jiff::Timestamp;
use procedure::id::{CoverId, RotationId, ScheduleId};
use procedure::on_call::{Absent, Because, Schedule, Seat, Span, Unit, Why};
use procedure::project::{OfferSwap, ProjectCommand, StandIn, Time};
use procedure::{PersonId, Text};

use super::super::Opened;
use super::rotation::Typed;
use super::{SwapRow, Wrong, gap_said, me, swaps, take, who};
use crate::report::spoken::{self, Lies};
use crate::report::{Names, Times};
use crate::web::api::on_call as api;
use crate::web::fields::{Fields, escaped};
use crate::web::pages::frame::{self, Frame};
use crate::web::pages::input::{Input, Look};
use crate::web::registry::Answer;
use crate::web::words::{Words, key};
use crate::web::{Call, Problem};

#[derive(Template)]
#[template(path = "on_call_one.html")]
struct OnePage {
    frame: Frame,
    slug: String,
    at: String,
    title: String,
    zone: String,
    done: bool,
    now: Vec<String>,
    is_gap: bool,
    take: Option<(String, String)>,
    gaps: Vec<String>,
    swaps: Vec<SwapRow>,
    spans: Vec<SpanRow>,
    covers: Vec<CoverRow>,
    /// Whoever looks is on the contact sheet.
    may_act: bool,
    stand_in: Vec<Input>,
    swap: Vec<Input>,
    may_change: bool,
    /// Name, name as addresses have it, and what it says.
    rotations: Vec<(String, String, String)>,
    rotation: Vec<Input>,
    /// Which rotation is changed; empty for a new one.
    changed: String,
}

struct SpanRow {
    when: String,
    who: String,
    why: String,
    gap: bool,
}

struct CoverRow {
    id: String,
    said: String,
    may_end: bool,
}

struct Looked<'a> {
    opened: &'a Opened,
    id: ScheduleId,
    schedule: &'a Schedule,
    times: Times,
}

impl<'a> Looked<'a> {
    fn of(call: &Call, opened: &'a Opened) -> Result<Self, Problem> {
        let id = ScheduleId::from(call.param("schedule"));
        let reading = opened.facts.reading(&id);
        let missing = || Problem::not_found("schedule");
        let reading = reading.ok_or_else(missing)?;
        let zone = reading.own_zone().ok_or_else(missing)?.rules().clone();
        let times = call.words().times(zone, call.app.desk.now());
        let schedule = reading.schedule;
        Ok(Self {
            opened,
            id,
            schedule,
            times,
        })
    }
}

/// Shows it.
pub(in crate::web::pages) async fn show(call: Call) -> Answer {
    let opened = Opened::of(&call).await?;
    let looked = Looked::of(&call, &opened)?;
    let frame = opened.frame(&call, "oncall-title", "oncall");
    let wanted = RotationId::from(call.page_query().get("rotation").unwrap_or_default());
    let known = looked.schedule.rotations.get(&wanted);
    let typed = match known {
        Some(rotation) => {
            let language = frame.w.language();
            Typed::filled(&wanted, rotation, &opened.state.directory, language)
        }
        None => Typed::fresh(&opened),
    };
    page(&call, &looked, 200, frame, (&Fields::default(), &typed))
}

/// Takes it, lets somebody stand in, offers a swap, or sets a rotation.
pub(in crate::web::pages) async fn change(mut call: Call) -> Answer {
    let fields = call.form().await?.without_nul()?;
    let opened = Opened::of(&call).await?;
    let looked = Looked::of(&call, &opened)?;
    let back = format!("/projects/{}/on-call", opened.slug());
    let here = format!("{back}/{}?done=1", looked.id);
    let mut wrong = Wrong::new();
    let typed = Typed::of(&fields);
    let asked = ask(&call, &looked, (&fields, &typed), &mut wrong).await;
    let gone = fields.get("act") == Some("remove");
    match asked {
        Ok(()) if wrong.is_empty() => {
            return Ok(frame::lead_to(if gone { &back } else { &here }));
        }
        Ok(()) => {}
        Err(problem) if matches!(problem.status, 409 | 422) => wrong.push(("", problem.detail)),
        Err(problem) => return Err(problem),
    }
    let mut frame = opened.frame(&call, "oncall-title", "oncall");
    for (field, words) in wrong {
        frame = frame.wrong(field, words);
    }
    page(&call, &looked, 422, frame, (&fields, &typed))
}

async fn ask(
    call: &Call,
    looked: &Looked<'_>,
    (fields, typed): (&Fields, &Typed),
    wrong: &mut Wrong,
) -> Result<(), Problem> {
    let (opened, schedule) = (looked.opened, looked.id.clone());
    if let Some(until) = fields.get("until_then") {
        return take(call, opened, &schedule.0, until).await;
    }
    if let Some(cover) = fields.get("end") {
        let project = (opened.id, &*opened.state);
        return api::end(call, project, schedule, CoverId::from(cover))
            .await
            .map(drop);
    }
    match fields.get("act") {
        Some("cover") => {
            let Some(time) = time(call.words(), looked, fields, ("from", "until"), wrong) else {
                return Ok(());
            };
            let who = frame::typed(fields, "who");
            let ask = StandIn {
                schedule,
                seat: Seat::Person(PersonId(who)),
                from: time.from,
                until: time.until,
                rotations: Vec::new(),
                instead_of: None,
            };
            api::stand_in(call, opened.id, ask).await.map(drop)
        }
        Some("swap") => {
            let w = call.words();
            let gives = time(w, looked, fields, ("gives_from", "gives_until"), wrong);
            let takes = match frame::typed(fields, "takes_from").is_empty() {
                true => None,
                false => time(w, looked, fields, ("takes_from", "takes_until"), wrong),
            };
            let (Some(gives), true) = (gives, wrong.is_empty()) else {
                return Ok(());
            };
            let to = PersonId(frame::typed(fields, "to"));
            let offer = ProjectCommand::OfferSwap(OfferSwap {
                schedule,
                to,
                gives,
                takes,
            });
            api::change(call, opened.id, offer).await.map(drop)
        }
        Some("rotation" | "off" | "remove") if !opened.may_change => {
            Err(Problem::not_allowed("Admins set schedules."))
        }
        Some("rotation") => {
            let (name, rotation) = typed.read(call.words(), opened, wrong);
            let (Some(mut rotation), true) = (rotation, wrong.is_empty()) else {
                return Ok(());
            };
            if let Some(known) = looked.schedule.rotations.get(&name) {
                rotation.zone.clone_from(&known.zone);
                rotation.end = known.end;
            }
            let mut schedule = looked.schedule.clone();
            schedule.rotations.insert(name, rotation);
            keep(call, looked, schedule).await
        }
        Some("off") => {
            let mut schedule = looked.schedule.clone();
            let name = RotationId::from(fields.get("rotation").unwrap_or_default());
            schedule.rotations.remove(&name);
            keep(call, looked, schedule).await
        }
        Some("remove") => {
            let gone = ProjectCommand::RemoveSchedule { id: schedule };
            api::change(call, opened.id, gone).await.map(drop)
        }
        _ => Err(Problem::field("/act", "There is no such button here.")),
    }
}

async fn keep(call: &Call, looked: &Looked<'_>, schedule: Schedule) -> Result<(), Problem> {
    let title = api::title(&looked.opened.state, &looked.id);
    let command = api::setting(looked.id.clone(), &title, schedule, true, None)?;
    api::change(call, looked.opened.id, command).await.map(drop)
}

/// A while as it was typed in the schedule's zone.
fn time(
    w: Words,
    looked: &Looked<'_>,
    fields: &Fields,
    (from, until): (&'static str, &'static str),
    wrong: &mut Wrong,
) -> Option<Time> {
    let zone = looked.opened.facts.reading(&looked.id)?.own_zone()?.rules();
    let mut read = |name: &'static str| {
        let typed = frame::typed(fields, name);
        let read = spoken::time(&typed, looked.times.now(), zone, Lies::Ahead);
        if read.is_none() {
            wrong.push((name, w.say("project-time-wrong").into_owned()));
        }
        read
    };
    let (begins, ends) = (read(from), read(until));
    Some(Time {
        from: begins?,
        until: ends?,
    })
}

fn page(
    call: &Call,
    looked: &Looked<'_>,
    status: u16,
    frame: Frame,
    (fields, typed): (&Fields, &Typed),
) -> Answer {
    let (w, opened, times) = (call.words(), looked.opened, &looked.times);
    let now = times.now();
    let missing = || Problem::not_found("schedule");
    let reading = opened.facts.reading(&looked.id).ok_or_else(missing)?;
    let ends = now.checked_add(api::TOLD).unwrap_or(Timestamp::MAX);
    let spans = reading.spans(now, ends);
    let names = Names::new(&opened.state.directory);
    let me = me(call, opened);
    let first = spans.first().ok_or_else(missing)?;
    let held = |me: &&PersonId| first.on_call.people.iter().any(|one| one.person == *me);
    let until = first.until;
    let take = me
        .as_ref()
        .filter(|me| !held(me))
        .map(|_| (until.to_string(), times.at(until)));
    let title = api::title(&opened.state, &looked.id);
    let told = |fields: Vec<Input>| fields.into_iter().map(|one| one.told(&frame)).collect();
    let gaps = reading.gaps(now, ends);
    let rotations = looked.schedule.rotations.iter();
    let page = OnePage {
        slug: opened.slug().to_owned(),
        at: format!("/projects/{}/on-call/{}", opened.slug(), looked.id),
        title,
        zone: looked.schedule.zone.clone(),
        done: call.page_query().get("done").is_some(),
        now: explained(w, names, times, first),
        is_gap: first.is_gap(),
        take,
        gaps: gaps.iter().map(|gap| gap_said(w, times, *gap)).collect(),
        swaps: swaps(w, opened, me.as_ref(), Some(&looked.id), now),
        spans: spans
            .iter()
            .map(|span| span_row(w, names, times, span))
            .collect(),
        covers: covers(w, looked, me.as_ref()),
        may_act: me.is_some(),
        stand_in: told(stand_in_fields(w, looked, me.as_ref(), fields)),
        swap: told(swap_fields(w, looked, me.as_ref(), fields)),
        may_change: opened.may_change,
        rotations: rotations
            .map(|(id, one)| (id.0.clone(), escaped(&id.0), turns(w, names, one)))
            .collect(),
        rotation: told(typed.fields(w, false)),
        changed: typed.name.clone(),
        frame,
    };
    frame::page(status, &page)
}

fn span_row(w: Words, names: Names<'_>, times: &Times, span: &Span<'_>) -> SpanRow {
    let (from, until) = times.from_to(span.from, span.until);
    let mut why: Vec<String> = span
        .on_call
        .people
        .iter()
        .map(|one| because(w, &one.because))
        .collect();
    if span.is_gap() {
        why = span
            .on_call
            .absent
            .iter()
            .map(|one| absent(w, one))
            .collect();
    }
    why.dedup();
    SpanRow {
        when: format!("{from} – {until}"),
        who: who(w, names, span),
        why: why.join("; "),
        gap: span.is_gap(),
    }
}

/// Why each is on call now, or why nobody is.
fn explained(w: Words, names: Names<'_>, times: &Times, span: &Span<'_>) -> Vec<String> {
    if span.is_gap() {
        return span
            .on_call
            .absent
            .iter()
            .map(|one| absent(w, one))
            .collect();
    }
    let people = span.on_call.people.iter();
    let said = people.map(|one| {
        w.with("oncall-is", "who", names.person(one.person))
            .and("until", times.at(span.until))
            .and("why", because(w, &one.because))
            .to_string()
    });
    said.collect()
}

fn because(w: Words, because: &Because<'_>) -> String {
    let rotation = because.rotation.map(|rotation| rotation.0.as_str());
    match (because.why, rotation) {
        (Why::Turn(_), Some(rotation)) => {
            w.with("oncall-by-turn", "rotation", rotation).to_string()
        }
        (Why::Cover(_), Some(rotation)) => {
            w.with("oncall-by-cover", "rotation", rotation).to_string()
        }
        _ => w.say("oncall-by-cover-whole").into_owned(),
    }
}

fn absent(w: Words, (rotation, why): &(Option<&RotationId>, Absent)) -> String {
    let name = rotation.map_or_else(|| w.say("oncall-whole").into_owned(), |one| one.0.clone());
    match why {
        Absent::NotRunning => w
            .with("oncall-absent-not-running", "rotation", name)
            .to_string(),
        Absent::OutsideItsHours => w.with("oncall-absent-hours", "rotation", name).to_string(),
        Absent::Holiday => w
            .with("oncall-absent-holiday", "rotation", name)
            .to_string(),
        Absent::NoHoliday => w
            .with("oncall-absent-no-holiday", "rotation", name)
            .to_string(),
        Absent::EmptyTurn => w.with("oncall-absent-empty", "rotation", name).to_string(),
        Absent::CoveredByNobody => w
            .with("oncall-absent-covered", "rotation", name)
            .to_string(),
    }
}

fn covers(w: Words, looked: &Looked<'_>, me: Option<&PersonId>) -> Vec<CoverRow> {
    let names = Names::new(&looked.opened.state.directory);
    let ahead = looked
        .schedule
        .covers
        .iter()
        .filter(|one| one.until > looked.times.now());
    let row = |cover: &procedure::on_call::Cover| {
        let (from, until) = looked.times.from_to(cover.from, cover.until);
        let who = match &cover.seat {
            Seat::Person(person) => names.person(person),
            Seat::Team(team) => team.0.clone(),
            Seat::Nobody => w.say("oncall-nobody").into_owned(),
        };
        let other = cover.instead_of.as_ref().map(|other| names.person(other));
        let said = match other {
            Some(other) => w
                .with("oncall-cover-for", "who", who)
                .and("for", other)
                .and("from", from)
                .and("until", until)
                .to_string(),
            None => w
                .with("oncall-cover", "who", who)
                .and("from", from)
                .and("until", until)
                .to_string(),
        };
        let mine = me.is_some_and(|me| cover.seat == Seat::Person(me.clone()));
        CoverRow {
            id: cover.id.0.clone(),
            said,
            may_end: mine || looked.opened.may_change,
        }
    };
    ahead.map(row).collect()
}

fn turns(w: Words, names: Names<'_>, rotation: &procedure::on_call::Rotation) -> String {
    let seats = rotation.seats.iter().map(|seat| match seat {
        Seat::Person(person) => names.person(person),
        Seat::Team(team) => team.0.clone(),
        Seat::Nobody => w.say("oncall-nobody").into_owned(),
    });
    let who = seats.collect::<Vec<_>>().join(", ");
    let n = i64::from(rotation.length);
    let start = w.language().typed(rotation.start);
    match rotation.unit {
        Unit::Hour => w
            .with("oncall-turns-hours", "n", n)
            .and("start", start)
            .and("who", who)
            .to_string(),
        Unit::Day => w
            .with("oncall-turns-days", "n", n)
            .and("start", start)
            .and("who", who)
            .to_string(),
        Unit::Week => w
            .with("oncall-turns-weeks", "n", n)
            .and("start", start)
            .and("who", who)
            .to_string(),
    }
}

fn stand_in_fields(
    w: Words,
    looked: &Looked<'_>,
    me: Option<&PersonId>,
    with: &Fields,
) -> Vec<Input> {
    let value = |name| with.get(name).unwrap_or_default();
    let hint = w
        .with("project-time-hint", "zone", looked.schedule.zone.as_str())
        .to_string();
    let roster = looked
        .opened
        .facts
        .roster
        .iter()
        .map(|member| &member.person);
    let mine = |person: &&PersonId| looked.opened.may_change || Some(*person) == me;
    vec![
        chosen(w, looked, "who", roster.filter(mine), value("who")),
        Input::line("from", w.say("project-from"), value("from"))
            .hint(hint)
            .needed(),
        Input::line("until", w.say("project-until"), value("until")).needed(),
    ]
}

fn swap_fields(w: Words, looked: &Looked<'_>, me: Option<&PersonId>, with: &Fields) -> Vec<Input> {
    let value = |name| with.get(name).unwrap_or_default();
    let hint = w
        .with("project-time-hint", "zone", looked.schedule.zone.as_str())
        .to_string();
    let roster = looked
        .opened
        .facts
        .roster
        .iter()
        .map(|member| &member.person);
    let others = roster.filter(|person| Some(*person) != me);
    let line = |name, id: &str| Input::line(name, w.say(id), value(name));
    vec![
        chosen(w, looked, "to", others, value("to")),
        line("gives_from", key("oncall-gives-from"))
            .hint(hint)
            .needed(),
        line("gives_until", key("oncall-gives-until")).needed(),
        line("takes_from", key("oncall-takes-from")).hint(w.say("oncall-takes-hint")),
        line("takes_until", key("oncall-takes-until")),
    ]
}

fn chosen<'p>(
    w: Words,
    looked: &Looked<'_>,
    name: &'static str,
    people: impl Iterator<Item = &'p PersonId>,
    chosen: &str,
) -> Input {
    let directory = &looked.opened.state.directory;
    let of = |id: &PersonId| {
        let contact = directory.people.get(id);
        let name = contact.and_then(|contact| Text::plain(&contact.name));
        (
            id.0.clone(),
            name.unwrap_or(&id.0).to_owned(),
            id.0 == chosen,
        )
    };
    Input::choice(
        name,
        Look::Select,
        w.say("project-who"),
        people.map(of).collect(),
    )
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use jiff::tz::TimeZone;
    use procedure::on_call::{OnCall, Standing};
    use procedure::project::Directory;

    use super::*;

    #[test]
    fn somebody_is_on_call_until_the_span_ends_and_not_until_the_turn_does() {
        let time = |at: &str| at.parse::<Timestamp>().unwrap();
        let (from, until) = (time("2026-11-23T16:00:00Z"), time("2026-11-23T22:00:00Z"));
        let (person, rotation) = (PersonId::from("ann"), RotationId::from("day"));
        let because = Because {
            rotation: Some(&rotation),
            why: Why::Turn(0),
            from,
            until: time("2026-11-24T09:00:00Z"),
        };
        let people = vec![Standing {
            person: &person,
            because,
        }];
        let span = Span {
            from,
            until,
            on_call: OnCall {
                people,
                absent: Vec::new(),
            },
        };
        let (w, directory) = (Words::default(), Directory::default());
        let times = w.times(TimeZone::UTC, from);
        let said = explained(w, Names::new(&directory), &times, &span);
        let [line] = said.as_slice() else {
            panic!("{said:?}")
        };
        assert!(line.contains("22:00") && !line.contains("09:00"), "{line}");
    }
}
