//! `/cases/{number}/people`: who is on it and for how long, who could still be asked, and the shifts of the next
//! 24 hours with the hours in which nobody is there. A whole day is filled from the contact sheet: choose, look, do.

use askama::Template;
use jiff::{SignedDuration, Timestamp};
use procedure::at::At;
use procedure::chapters::commander::Post;
use procedure::chapters::endurance::{
    PlanShift, ShiftAs, Strain, Working, hours, people_for_a_rota, rota, strains, working,
};
use procedure::playbook::Response;
use procedure::{Command, Order, Permission, PersonId, may};

use super::head::{self, Head};
use super::shifts::{self, AHEAD, Plan};
use super::work::ToldAs;
use crate::desk::CaseView;
use crate::report::Names;
use crate::report::by_hand::ByHand;
use crate::web::fields::Fields;
use crate::web::pages::acts::Verb;
use crate::web::pages::frame::{self, Frame};
use crate::web::registry::Answer;
use crate::web::words::{Words, key};
use crate::web::{Call, Problem};

/// So many people can be chosen for a rota.
const CHOSEN: usize = 24;
/// At most so many shifts are planned at once.
const AT_ONCE: usize = 48;

#[derive(Template)]
#[template(path = "case_people.html")]
struct PeoplePage {
    frame: Frame,
    head: Head,
    back: &'static str,
    /// What has just been planned.
    said: Option<String>,
    /// The reader has worked long enough: for how long, and how long that should be.
    enough: Option<(String, String)>,
    now: Vec<Somebody>,
    sheet: Vec<Somebody>,
    acts: bool,
    /// The reader is in the response.
    inside: bool,
    /// The reader commands: whoever does hands over and does not leave.
    commands: bool,
    around_the_clock: bool,
    zone: String,
    plan: Plan,
    /// Who can be chosen for a rota: their ids, their names, whether they are.
    choose: Vec<(String, String, bool)>,
    as_ic: bool,
    /// The shifts that are proposed.
    proposed: Option<Vec<Proposed>>,
    /// Some of what is proposed is too long or leaves too little rest, and what to do.
    strained: Option<String>,
    /// The reader may plan shifts.
    plans: bool,
}

/// A shift that is proposed.
struct Proposed {
    /// As the form carries it.
    carried: String,
    name: String,
    words: String,
    /// It is too long or leaves too little rest.
    hard: bool,
}

/// Somebody of the response or of the contact sheet.
struct Somebody {
    name: String,
    /// The names of the texts for their roles.
    posts: Vec<&'static str>,
    since: Option<String>,
    /// How long they have worked, how long they should, and whether it is enough.
    works: Option<(String, String, bool)>,
    verbs: Vec<Verb>,
}

/// Shows the people.
pub(in crate::web::pages) async fn show(call: Call) -> Answer {
    let view = call.case().await?;
    let query = call.page_query();
    let asked = query.get("fill").is_some();
    let frame = head::frame(&call, &view);
    let frame = match asked && query.get("who").is_none() {
        true => frame.wrong("who", call.words().say("case-fill-choose")),
        false => frame,
    };
    page(&call, 200, frame, &view, &query)
}

/// Plans the shifts that were shown.
pub(in crate::web::pages) async fn plan(mut call: Call) -> Answer {
    let fields = call.form().await?;
    let view = call.case().await?;
    let duty = duty(&fields);
    let carried = fields.all("shift");
    let wanted = carried.iter().take(AT_ONCE);
    let wanted: Option<Vec<PlanShift>> = wanted.map(|one| shifts::read(one, duty)).collect();
    let wanted = wanted.filter(|wanted| !wanted.is_empty());
    let Some(wanted) = wanted else {
        let words = call.words().say("case-fill-choose");
        let frame = head::frame(&call, &view).wrong("who", words);
        return page(&call, 422, frame, &view, &fields);
    };
    let actor = call.onlooker()?.actor;
    if let Permission::No(no) = may(&view.case, &view.basis, &actor, "plan_shift") {
        return Err(no.into());
    }
    let once = frame::once(&fields);
    let mut done: usize = 0;
    for (n, shift) in wanted.into_iter().enumerate() {
        let once = once.as_ref().map(|key| call.one_use(format!("{key}.{n}")));
        let order = Order::from(Command::from(shift));
        let given = call
            .app
            .desk
            .submit(view.row.journal, actor.clone(), order, once);
        if let Err(error) = given.await {
            let why = Problem::from(error);
            let (w, detail) = (call.words(), &why.detail);
            let words = w.with("case-fill-stopped", "n", done).and("why", detail);
            let words = words.to_string();
            let view = call.case().await?;
            let frame = head::frame(&call, &view).wrong("", words);
            return page(&call, why.status, frame, &view, &Fields::default());
        }
        done += 1;
    }
    let number = &view.row.number;
    Ok(frame::lead_to(&format!(
        "/cases/{number}/people?planned={done}#shifts"
    )))
}

fn duty(fields: &Fields) -> ShiftAs {
    match fields.get("as") {
        Some("ic") => ShiftAs::Ic,
        _ => ShiftAs::Responder,
    }
}

fn page(call: &Call, status: u16, frame: Frame, view: &CaseView, said: &Fields) -> Answer {
    let now = call.app.desk.now();
    let at = At::new(&view.case, &view.basis, now);
    let (times, names, w) = (
        head::times(call, view),
        Names::new(&view.directory),
        call.words(),
    );
    let told_as = (names, &times);
    let known = call.known()?;
    let acts = known.may_write() && known.person.is_some();
    let can = |command| {
        let may = may(&view.case, &view.basis, &view.onlooker.actor, command);
        acts && !matches!(may, Permission::No(_))
    };
    let me = view.onlooker.actor.as_person();
    let working = working(at);
    let chosen = said.all("who");
    let filled = said.get("fill").is_some() && !chosen.is_empty();
    let proposed = filled.then(|| proposed(at, &chosen, duty(said)));
    let hard = proposed.as_deref().map(|shifts| hard(at, shifts));
    let hard = hard.unwrap_or_default();
    let tell = |(shift, hard): (&PlanShift, &bool)| Proposed {
        carried: shifts::carried(shift),
        name: names.person(&shift.person),
        words: shifts::span((shift.from, shift.until), shift.duty, told_as, w),
        hard: *hard,
    };
    let planned: Option<usize> = said.get("planned").and_then(|n| n.parse().ok());
    let page = PeoplePage {
        head: Head::of(call, view, at, &times, "/people"),
        back: "people",
        said: planned.map(|n| w.with("case-filled", "n", n).to_string()),
        enough: enough(&working, me, now, w),
        now: in_it(view, &working, (told_as, w), acts),
        sheet: not_in_it(view, names, acts && can("call_in"), w),
        inside: me.is_some_and(|me| view.case.part.commander.responders.contains_key(me)),
        commands: me.is_some() && me == view.case.ic(),
        around_the_clock: hours(at) == Response::AroundTheClock && view.case.is_active(),
        zone: times.zone_name(),
        plan: Plan::of(at, told_as, w),
        choose: choose(view, names, &chosen),
        as_ic: duty(said) == ShiftAs::Ic,
        strained: strained(at, &chosen, &hard, w),
        proposed: proposed.map(|shifts| shifts.iter().zip(&hard).map(tell).collect()),
        plans: can("plan_shift"),
        acts,
        frame,
    };
    frame::page(status, &page)
}

/// The prompt at three hours.
fn enough(
    working: &[Working],
    me: Option<&PersonId>,
    now: Timestamp,
    w: Words,
) -> Option<(String, String)> {
    let mut mine = working.iter().filter(|one| Some(&one.person) == me);
    let mine = mine.find(|one| one.until <= now)?;
    let limit = mine.until.duration_since(mine.since);
    Some((w.span(now.duration_since(mine.since)), w.span(limit)))
}

/// Whoever is in the response: the IC first, then by when they came.
fn in_it(
    view: &CaseView,
    working: &[Working],
    ((names, times), w): (ToldAs, Words),
    acts: bool,
) -> Vec<Somebody> {
    let commander = &view.case.part.commander;
    let mut all: Vec<_> = commander.responders.iter().collect();
    let ic = commander.ic();
    all.sort_by_key(|(person, responder)| (Some(*person) != ic, responder.since));
    let somebody =
        |(person, responder): (&PersonId, &procedure::chapters::commander::Responder)| {
            let posts = commander.posts.iter().filter(|held| &held.person == person);
            let mut posts: Vec<_> = posts.map(|held| post(held.role)).collect();
            if Some(person) == ic {
                posts.insert(0, key("case-people-ic"));
            }
            let works = working.iter().find(|one| &one.person == person);
            let over = works.is_some_and(|one| one.until <= times.now());
            let home = ByHand::about("send_home", &[("person", &person.0)]);
            let home = Verb::here(view, &home).filter(|_| acts && over && Some(person) != ic);
            Somebody {
                name: names.person(person),
                posts,
                since: Some(times.at(responder.since)),
                works: works.map(|one| {
                    let worked = w.span(times.now().duration_since(one.since));
                    (worked, w.span(one.until.duration_since(one.since)), over)
                }),
                verbs: home.into_iter().collect(),
            }
        };
    all.into_iter().map(somebody).collect()
}

/// Whoever stands on the contact sheet and is not in it, in the order in which they are called.
fn not_in_it(view: &CaseView, names: Names, may_call: bool, w: Words) -> Vec<Somebody> {
    let number = view.row.number.to_string();
    let people = super::acts::who_there_is(view, names).into_iter();
    let responders = &view.case.part.commander.responders;
    let others = people.filter(|(id, _)| !responders.contains_key(&PersonId::from(id.as_str())));
    let somebody = |(id, name): (String, String)| {
        let call = ByHand::about("call_in", &[("person", &id)]);
        let mut verb = Verb::of(&number, &call).filter(|_| may_call);
        if let Some(verb) = &mut verb {
            verb.called = Some(w.with("case-people-call", "who", name.as_str()).to_string());
        }
        Somebody {
            name,
            posts: Vec::new(),
            since: None,
            works: None,
            verbs: verb.into_iter().collect(),
        }
    };
    others.map(somebody).collect()
}

fn post(post: Post) -> &'static str {
    match post {
        Post::IncidentCommander => key("case-people-ic"),
        Post::Communications => key("case-post-communications"),
        Post::Responder => key("case-post-responder"),
        Post::Deputy => key("case-post-deputy"),
        Post::Assistant => key("case-post-assistant"),
        Post::Scribe => key("case-post-scribe"),
    }
}

fn choose(view: &CaseView, names: Names, chosen: &[String]) -> Vec<(String, String, bool)> {
    let people = super::acts::who_there_is(view, names).into_iter();
    let choice = |(id, name): (String, String)| {
        let is = chosen.contains(&id);
        (id, name, is)
    };
    people.take(CHOSEN).map(choice).collect()
}

/// The shifts that would fill the next 24 hours.
fn proposed(at: At, chosen: &[String], duty: ShiftAs) -> Vec<PlanShift> {
    let people: Vec<PersonId> = chosen.iter().map(|id| id.as_str().into()).collect();
    let from = next_minute(at.now);
    let until = from.checked_add(AHEAD).unwrap_or(from);
    let mut shifts = rota(at, &people, (from, until), duty);
    shifts.truncate(AT_ONCE);
    shifts
}

/// Which of them are too long or leave too little rest.
fn hard(at: At, shifts: &[PlanShift]) -> Vec<bool> {
    let strains = strains(at, shifts).into_iter();
    let hard = |strain: Strain| strain.over_minutes > 0 || strain.rest_short_minutes > 0;
    strains.map(hard).collect()
}

/// Some of them are: how many, and what to do.
fn strained(at: At, chosen: &[String], hard: &[bool], w: Words) -> Option<String> {
    let (n, all) = (hard.iter().filter(|hard| **hard).count(), hard.len());
    let need = people_for_a_rota(at);
    let said = match n {
        0 => return None,
        _ if chosen.len() < need => w
            .with("case-fill-few", "n", n)
            .and("all", all)
            .and("need", need)
            .and("chosen", chosen.len()),
        _ => w.with("case-fill-strained", "n", n).and("all", all),
    };
    Some(said.to_string())
}

/// A shift begins with a minute.
fn next_minute(now: Timestamp) -> Timestamp {
    let beyond = now.as_second().rem_euclid(60);
    let whole = Timestamp::from_second(now.as_second()).unwrap_or(now);
    let wait = if whole == now && beyond == 0 {
        0
    } else {
        60 - beyond
    };
    whole
        .checked_add(SignedDuration::from_secs(wait))
        .unwrap_or(now)
}
