//! `/projects/{slug}/shadow`: which sources call nobody until when, whom Henhouse would have called for their alerts, and
//! beside it whom the other pager called. Everybody of the project reads it; admins begin and end a shadow.

use askama::Template;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use procedure::project::{AlertSource, LONGEST_SHADOW_DAYS, Shadow, SourceShadowed};
use procedure::{PersonId, Text};

use super::{Opened, Tabs};
use crate::desk::shadow::{Because, Compared, InShadow, Verdict, WouldCall};
use crate::report::Names;
use crate::web::api::shadow::{self, Seen};
use crate::web::pages::frame::{self, Frame};
use crate::web::registry::Answer;
use crate::web::words::{Words, key};
use crate::web::{Call, Problem};

/// So many days are written into the form.
const DAYS: &str = "28";
const DAY: SignedDuration = SignedDuration::from_hours(24);

#[derive(Template)]
#[template(path = "shadow.html")]
struct ShadowPage {
    frame: Frame,
    slug: String,
    tabs: Tabs,
    may_change: bool,
    shadowed: Vec<Row>,
    /// Id and name of those that call people.
    calling: Vec<(String, String)>,
    events: Vec<Event>,
    /// How often both called the same person first; nothing where nothing of theirs is here.
    sum: Option<String>,
    only_there: Vec<String>,
    days: String,
    why: String,
}

struct Row {
    id: String,
    name: String,
    since: String,
    until: String,
    why: String,
}

struct Event {
    number: String,
    title: String,
    opened: String,
    ours: Vec<String>,
    theirs: Vec<String>,
    verdict: Option<String>,
    stopped: Option<String>,
}

/// Shows it.
pub(super) async fn show(call: Call) -> Answer {
    let opened = Opened::of(&call).await?;
    let frame = opened.frame(&call, "project-shadow", "project");
    page(&call, &opened, 200, frame, (DAYS.to_owned(), String::new())).await
}

/// Begins a shadow, or ends one.
pub(super) async fn change(mut call: Call) -> Answer {
    let fields = call.form().await?.without_nul()?;
    let opened = Opened::of(&call).await?;
    let (desk, actor) = (&call.app.desk, call.known()?.actor());
    let back = format!("/projects/{}/shadow", opened.slug());
    if let Some(id) = fields.get("end") {
        desk.end_shadow(opened.id, actor, id.to_owned()).await?;
        return Ok(frame::lead_to(&back));
    }
    let (days, why) = (frame::typed(&fields, "days"), frame::typed(&fields, "why"));
    let days_given = days
        .parse()
        .ok()
        .filter(|n| (1..=LONGEST_SHADOW_DAYS).contains(n));
    let mut frame = opened.frame(&call, "project-shadow", "project");
    let w = call.words();
    if days_given.is_none() {
        let most = i64::from(LONGEST_SHADOW_DAYS);
        let words = w.with("project-shadow-days-wrong", "n", most).to_string();
        frame = frame.wrong("days", words);
    }
    if why.is_empty() {
        frame = frame.wrong("why", w.say("project-needed").into_owned());
    }
    let (Some(n), false) = (days_given, why.is_empty()) else {
        return page(&call, &opened, 422, frame, (days, why)).await;
    };
    let begun = SourceShadowed {
        id: fields.get("source").unwrap_or_default().to_owned(),
        until: ends(desk.now(), n),
        why: Text::from(why.as_str()),
    };
    match desk
        .shadow_source(opened.id, actor, begun)
        .await
        .map_err(Problem::from)
    {
        Ok(()) => Ok(frame::lead_to(&back)),
        Err(problem) if problem.status < 500 => {
            page(
                &call,
                &opened,
                422,
                frame.wrong("source", problem.detail),
                (days, why),
            )
            .await
        }
        Err(problem) => Err(problem),
    }
}

fn ends(now: Timestamp, days: u32) -> Timestamp {
    let days = i32::try_from(days).unwrap_or(i32::MAX);
    now.saturating_add(DAY.saturating_mul(days)).unwrap_or(now)
}

async fn page(
    call: &Call,
    opened: &Opened,
    status: u16,
    frame: Frame,
    (days, why): (String, String),
) -> Answer {
    let (w, now, state) = (call.words(), call.app.desk.now(), &opened.state);
    let zone = opened.facts.calendar.rules().clone();
    let times = w.times(zone.clone(), now);
    let seen = shadow::see(call, opened.id, state).await?;
    let row = |(source, shadow): (&AlertSource, &Shadow)| Row {
        id: source.id.clone(),
        name: source.name.clone(),
        since: times.at(shadow.since),
        until: times.at(shadow.until),
        why: shadow.why.plain().unwrap_or_default().to_owned(),
    };
    let named = Named {
        w,
        zone,
        names: Names::new(&state.directory),
    };
    let calling = state
        .live_sources()
        .filter(|one| one.in_shadow(now).is_none());
    let page = ShadowPage {
        slug: opened.slug().to_owned(),
        tabs: opened.tabs(w, "/shadow"),
        may_change: opened.may_change,
        shadowed: state.in_shadow(now).map(row).collect(),
        calling: calling
            .map(|one| (one.id.clone(), one.name.clone()))
            .collect(),
        sum: sum(w, &seen),
        events: seen
            .events
            .iter()
            .map(|(event, compared)| named.event(event, compared, times.at(event.opened_at)))
            .collect(),
        only_there: seen.only_there,
        days,
        why,
        frame,
    };
    frame::page(status, &page)
}

fn sum(w: Words, seen: &Seen) -> Option<String> {
    let (both, same) = seen.sum();
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    seen.theirs_at?;
    let said = w
        .with("project-shadow-sum", "same", count(same))
        .and("n", count(both));
    Some(said.to_string())
}

/// Says who and when.
struct Named<'a> {
    w: Words,
    zone: TimeZone,
    names: Names<'a>,
}

impl Named<'_> {
    fn event(&self, event: &InShadow, compared: &Compared, opened: String) -> Event {
        let taken = compared.acknowledged_at;
        let ours = event.calls.iter().map(|call| self.ours(call, taken));
        let theirs = compared.theirs.iter().map(|one| {
            let person = one.person.as_deref().map(|id| self.person(id));
            let who = person.unwrap_or_else(|| one.mail.clone());
            let (w, at) = (self.w, self.clock(one.at));
            match one.quiet {
                true => w
                    .with("project-shadow-listed", "who", who)
                    .and("at", at)
                    .to_string(),
                false => w
                    .with("project-shadow-they", "who", who)
                    .and("at", at)
                    .to_string(),
            }
        });
        let mut theirs: Vec<String> = theirs.collect();
        theirs.extend(taken.map(|at| {
            let at = self.clock(at);
            self.w.with("project-shadow-taken", "at", at).to_string()
        }));
        Event {
            number: event.number.to_string(),
            title: event.title.clone(),
            opened,
            ours: ours.collect(),
            theirs,
            verdict: compared.verdict.map(|verdict| self.verdict(verdict)),
            stopped: event.stopped_at.map(|at| {
                let at = self.clock(at);
                self.w.with("project-shadow-stopped", "at", at).to_string()
            }),
        }
    }

    fn ours(&self, call: &WouldCall, taken: Option<Timestamp>) -> String {
        let w = self.w;
        let who = match &call.person {
            Some(person) => self.person(person),
            None => w.say("project-shadow-pager").into_owned(),
        };
        let because = match call.because {
            Because::AtOnce => w.say("project-shadow-at-once").into_owned(),
            Because::Policy(step, round) => w
                .with("project-shadow-policy", "step", i64::from(step))
                .and("round", i64::from(round))
                .to_string(),
            Because::Sheet(place, round) => w
                .with("project-shadow-sheet", "place", i64::from(place))
                .and("round", i64::from(round))
                .to_string(),
            Because::Owed => w.say("project-shadow-owed").into_owned(),
        };
        let mut said = w
            .with("project-shadow-we", "who", who)
            .and("at", self.clock(call.at))
            .and("route", call.route.as_str())
            .and("because", because)
            .to_string();
        for (holds, id) in [
            (call.unreachable, key("project-shadow-unreachable")),
            (
                taken.is_some_and(|taken| taken <= call.at),
                key("project-shadow-after-taken"),
            ),
        ] {
            if holds {
                said.push(' ');
                said.push_str(&w.say(id));
            }
        }
        said
    }

    fn verdict(&self, verdict: Verdict) -> String {
        let w = self.w;
        let length = |seconds: i64| w.span(SignedDuration::from_secs(seconds.saturating_abs()));
        let id = match verdict {
            Verdict::Same(-59..=59) => key("project-shadow-same"),
            Verdict::Same(later @ 60..) => {
                let length = length(later);
                return w.with("project-shadow-later", "length", length).to_string();
            }
            Verdict::Same(earlier) => {
                let length = length(earlier);
                return w
                    .with("project-shadow-earlier", "length", length)
                    .to_string();
            }
            Verdict::OtherPerson => key("project-shadow-other-person"),
            Verdict::NobodyHere => key("project-shadow-nobody-here"),
            Verdict::OnlyHere => key("project-shadow-only-here"),
            Verdict::OnlyThere => key("project-shadow-only-there"),
            Verdict::Nobody => key("project-shadow-nobody"),
        };
        w.say(id).into_owned()
    }

    fn person(&self, id: &str) -> String {
        self.names.person(&PersonId::from(id))
    }

    fn clock(&self, at: Timestamp) -> String {
        let local = at.to_zoned(self.zone.clone());
        local.strftime("%H:%M:%S").to_string()
    }
}
