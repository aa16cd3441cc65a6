//! `/projects/{slug}/on-call`: who is on call now in every schedule, the gaps of the next two weeks, and swaps that wait.
//! Taking it is one tap. Of one schedule: the two weeks, who stands in, and, for admins, its rotations.

mod one;
mod rotation;

use askama::Template;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use procedure::id::{PolicyId, ScheduleId};
use procedure::on_call::{Policy, Seat, Span, Target};
use procedure::project::{ProjectCommand, ProjectState, StandIn, SwapAnswered};
use procedure::{PersonId, Text};

pub(super) use one::{change as change_one, show as show_one};

use super::draft::new_id;
use super::{Opened, Tabs};
use crate::report::{Names, Times};
use crate::web::api::on_call as api;
use crate::web::pages::frame::{self, Frame};
use crate::web::pages::input::Input;
use crate::web::registry::Answer;
use crate::web::words::Words;
use crate::web::{Call, Problem};

#[derive(Template)]
#[template(path = "on_call.html")]
struct OnCallPage {
    frame: Frame,
    slug: String,
    tabs: Tabs,
    done: bool,
    /// Who is paged with a report now.
    paged: String,
    nobody: bool,
    gaps: Vec<String>,
    swaps: Vec<SwapRow>,
    schedules: Vec<ScheduleRow>,
    policies: Vec<PolicyRow>,
    /// The handbook's way is used.
    handbook: bool,
    may_change: bool,
    fields: Vec<Input>,
}

struct PolicyRow {
    id: String,
    title: String,
    steps: Vec<String>,
    used: bool,
}

pub(super) struct SwapRow {
    number: u64,
    said: String,
    /// It was offered to whoever looks; else by them.
    to_me: bool,
}

struct ScheduleRow {
    id: String,
    title: String,
    now: String,
    gap: bool,
    next: Option<String>,
    gaps: i64,
    /// Until when whoever looks may take it with one tap, as sent and as said.
    take: Option<(String, String)>,
}

/// Shows it.
pub(in crate::web::pages) async fn show(call: Call) -> Answer {
    let opened = Opened::of(&call).await?;
    let frame = opened.frame(&call, "oncall-title", "oncall");
    page(&call, &opened, 200, frame, &rotation::Typed::fresh(&opened))
}

/// Takes it, answers a swap, or makes a schedule.
pub(in crate::web::pages) async fn change(mut call: Call) -> Answer {
    let fields = call.form().await?.without_nul()?;
    let opened = Opened::of(&call).await?;
    let back = format!("/projects/{}/on-call", opened.slug());
    let done = format!("{back}?done=1");
    if let Some(schedule) = fields.get("take") {
        take(
            &call,
            &opened,
            schedule,
            fields.get("until").unwrap_or_default(),
        )
        .await?;
        return Ok(frame::lead_to(&done));
    }
    for (name, accepted) in [("accept", true), ("decline", false)] {
        if let Some(number) = fields.get(name) {
            let swap = number
                .parse()
                .map_err(|_| Problem::field("/swap", "Press a button."))?;
            let answer = ProjectCommand::AnswerSwap(SwapAnswered { swap, accepted });
            api::change(&call, opened.id, answer).await?;
            return Ok(frame::lead_to(&done));
        }
    }
    if !opened.may_change {
        return Err(Problem::not_allowed("Admins set schedules."));
    }
    if let Some(policy) = fields.get("policy") {
        let id = Some(PolicyId::from(policy)).filter(|id| !id.0.is_empty());
        api::change(&call, opened.id, ProjectCommand::UsePolicy { id }).await?;
        return Ok(frame::lead_to(&done));
    }
    let typed = rotation::Typed::of(&fields);
    let mut frame = opened.frame(&call, "oncall-title", "oncall");
    match made(&call, &opened, &typed).await? {
        Ok(id) => return Ok(frame::lead_to(&format!("{back}/{id}?done=1"))),
        Err(wrong) => {
            for (field, words) in wrong {
                frame = frame.wrong(field, words);
            }
        }
    }
    page(&call, &opened, 422, frame, &typed)
}

type Wrong = Vec<(&'static str, String)>;

async fn made(
    call: &Call,
    opened: &Opened,
    typed: &rotation::Typed,
) -> Result<Result<String, Wrong>, Problem> {
    let w = call.words();
    let mut wrong = Wrong::new();
    let (name, rotation) = typed.read(w, opened, &mut wrong);
    if typed.title.is_empty() {
        wrong.push(("title", w.say("project-needed").into_owned()));
    }
    let (Some(rotation), true) = (rotation, wrong.is_empty()) else {
        return Ok(Err(wrong));
    };
    let taken = |id: &PersonId| {
        let id = ScheduleId(id.0.clone());
        opened.facts.schedules.all.contains_key(&id)
    };
    let id = ScheduleId(new_id(&typed.title, taken).0);
    let schedule = procedure::on_call::Schedule {
        zone: typed.zone.clone(),
        called: true,
        never_empty: true,
        rotations: [(name, rotation)].into(),
        covers: Vec::new(),
    };
    let command = match api::setting(id.clone(), &typed.title, schedule, true, None) {
        Ok(command) => command,
        Err(problem) => return Ok(Err(vec![("zone", problem.detail)])),
    };
    match api::change(call, opened.id, command).await {
        Ok(_) => Ok(Ok(id.0)),
        Err(problem) if problem.status < 500 => Ok(Err(vec![("", problem.detail)])),
        Err(problem) => Err(problem),
    }
}

/// Takes a schedule over from now on.
async fn take(call: &Call, opened: &Opened, schedule: &str, until: &str) -> Result<(), Problem> {
    let until = until
        .parse()
        .map_err(|_| Problem::field("/until", "Press a button."))?;
    let ask = StandIn {
        schedule: ScheduleId::from(schedule),
        seat: Seat::Person(super::super::me::person(call)?.as_str().into()),
        from: call.app.desk.now(),
        until,
        rotations: Vec::new(),
        instead_of: None,
    };
    api::stand_in(call, opened.id, ask).await.map(drop)
}

/// Whoever looks, where they are on the contact sheet.
fn me(call: &Call, opened: &Opened) -> Option<PersonId> {
    let me = PersonId(super::super::me::person(call).ok()?);
    let may_write = call.known().is_ok_and(|known| known.may_write());
    opened.facts.member(&me).filter(|_| may_write)?;
    Some(me)
}

fn page(
    call: &Call,
    opened: &Opened,
    status: u16,
    frame: Frame,
    typed: &rotation::Typed,
) -> Answer {
    let (w, now) = (call.words(), call.app.desk.now());
    let names = Names::new(&opened.state.directory);
    let times = w.times(zone(opened), now);
    let me = me(call, opened);
    let ends = now.checked_add(api::TOLD).unwrap_or(Timestamp::MAX);
    let paged = opened.facts.on_call_at(now);
    let gaps = opened.facts.on_call_gaps(now, ends);
    let ids = opened.facts.schedules.all.keys();
    let rows = ids.filter_map(|id| row(w, opened, (id, me.as_ref()), now));
    let page = OnCallPage {
        slug: opened.slug().to_owned(),
        tabs: opened.tabs(w, "/on-call"),
        done: call.page_query().get("done").is_some(),
        nobody: paged.is_empty(),
        paged: names.people(paged),
        gaps: gaps.iter().map(|gap| gap_said(w, &times, *gap)).collect(),
        swaps: swaps(w, opened, me.as_ref(), None, now),
        schedules: rows.collect(),
        policies: policies(w, opened),
        handbook: opened.facts.schedules.policy.is_none(),
        may_change: opened.may_change,
        fields: typed
            .fields(w, true)
            .into_iter()
            .map(|field| field.told(&frame))
            .collect(),
        frame,
    };
    frame::page(status, &page)
}

/// The zone of the schedules, where they have one in common; else the project's.
fn zone(opened: &Opened) -> TimeZone {
    let all = &opened.facts.schedules.all;
    let own = |id: &ScheduleId| {
        let reading = opened.facts.reading(id)?;
        Some(reading.own_zone()?.rules().clone())
    };
    let mut zones: Vec<TimeZone> = all.keys().filter_map(own).collect();
    zones.dedup();
    match zones.as_slice() {
        [only] => only.clone(),
        _ => opened.facts.calendar.rules().clone(),
    }
}

fn row(
    w: Words,
    opened: &Opened,
    (id, me): (&ScheduleId, Option<&PersonId>),
    now: Timestamp,
) -> Option<ScheduleRow> {
    let reading = opened.facts.reading(id)?;
    let zone = reading.own_zone()?.rules().clone();
    let (times, names) = (w.times(zone, now), Names::new(&opened.state.directory));
    let spans = reading.spans(now, now.checked_add(api::TOLD).ok()?);
    let first = spans.first()?;
    let changes = spans.get(1);
    let held = |me: &&PersonId| first.on_call.people.iter().any(|one| one.person == *me);
    let until = first.until;
    let take = me
        .filter(|me| !held(me))
        .map(|_| (until.to_string(), times.at(until)));
    Some(ScheduleRow {
        id: id.0.clone(),
        title: api::title(&opened.state, id),
        now: who(w, names, first),
        gap: first.is_gap(),
        next: changes.map(|span| {
            w.with("oncall-then", "at", times.at(span.from))
                .and("who", who(w, names, span))
                .to_string()
        }),
        gaps: i64::try_from(spans.iter().filter(|span| span.is_gap()).count()).unwrap_or(i64::MAX),
        take,
    })
}

/// Who is on call in a span, in words.
fn who(w: Words, names: Names<'_>, span: &Span<'_>) -> String {
    if span.is_gap() {
        return w.say("oncall-nobody").into_owned();
    }
    names.people(span.on_call.people.iter().map(|one| one.person))
}

/// A gap in words: `Nobody from Mon 23 Nov, 17:00 to Tue 09:00 (16 hours).`
fn gap_said(w: Words, times: &Times, (from, until): (Timestamp, Timestamp)) -> String {
    let (begins, ends) = times.from_to(from, until);
    let long = w.span(until.duration_since(from));
    w.with("oncall-gap", "from", begins)
        .and("until", ends)
        .and("long", long)
        .to_string()
}

/// Every policy, its steps in words.
fn policies(w: Words, opened: &Opened) -> Vec<PolicyRow> {
    let schedules = &opened.facts.schedules;
    let row = |(id, policy): (&PolicyId, &Policy)| {
        let steps = policy.steps.iter().map(|step| {
            let who: Vec<String> = step.to.iter().map(|one| target(w, opened, one)).collect();
            let n = i64::from(step.after_minutes);
            w.with("oncall-step", "n", n)
                .and("who", who.join(", "))
                .to_string()
        });
        let mut steps: Vec<String> = steps.collect();
        if let Some(again) = policy.again.filter(|again| again.times > 0) {
            let (n, times) = (i64::from(again.after_minutes), i64::from(again.times));
            steps.push(
                w.with("oncall-again", "n", n)
                    .and("times", times)
                    .to_string(),
            );
        }
        let title = opened
            .state
            .directory
            .policies
            .get(id)
            .and_then(Text::plain);
        PolicyRow {
            id: id.0.clone(),
            title: title.unwrap_or(&id.0).to_owned(),
            steps,
            used: schedules.policy.as_ref() == Some(id),
        }
    };
    schedules.policies.iter().map(row).collect()
}

fn target(w: Words, opened: &Opened, target: &Target) -> String {
    let title = |id: &ScheduleId| api::title(&opened.state, id);
    match target {
        Target::Person(person) => Names::new(&opened.state.directory).person(person),
        Target::Team(team) => team.0.clone(),
        Target::Schedule(id) => w
            .with("oncall-to-schedule", "schedule", title(id))
            .to_string(),
        Target::Next(id) => w.with("oncall-to-next", "schedule", title(id)).to_string(),
        Target::Previous(id) => w
            .with("oncall-to-previous", "schedule", title(id))
            .to_string(),
        Target::Role(role) => {
            let word = serde_json::to_value(role).unwrap_or_default();
            let word = word.as_str().unwrap_or_default().replace('_', " ");
            w.with("oncall-to-role", "role", word).to_string()
        }
        Target::Everyone => w.say("oncall-to-everyone").into_owned(),
    }
}

/// The swaps that whoever looks has a say in.
fn swaps(
    w: Words,
    opened: &Opened,
    me: Option<&PersonId>,
    only: Option<&ScheduleId>,
    now: Timestamp,
) -> Vec<SwapRow> {
    let state: &ProjectState = &opened.state;
    let names = Names::new(&state.directory);
    let times = w.times(zone(opened), now);
    let said = |time: procedure::project::Time| {
        let (from, until) = times.from_to(time.from, time.until);
        format!("{from} – {until}")
    };
    let row = |(number, swap): (&u64, &procedure::project::Swap)| {
        let offer = &swap.offer;
        let to_me = me == Some(&offer.to);
        if (!to_me && me != Some(&offer.by)) || only.is_some_and(|only| *only != offer.schedule) {
            return None;
        }
        let (by, to) = (names.person(&offer.by), names.person(&offer.to));
        let (schedule, gives) = (api::title(state, &offer.schedule), said(offer.gives));
        let said = match offer.takes.map(said) {
            Some(takes) => w
                .with("oncall-swap-for", "by", by)
                .and("to", to)
                .and("schedule", schedule)
                .and("gives", gives)
                .and("takes", takes)
                .to_string(),
            None => w
                .with("oncall-swap-gift", "by", by)
                .and("to", to)
                .and("schedule", schedule)
                .and("gives", gives)
                .to_string(),
        };
        Some(SwapRow {
            number: *number,
            said,
            to_me,
        })
    };
    state.swaps.iter().filter_map(row).collect()
}
