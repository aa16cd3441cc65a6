//! `/cases/{number}/status`: what outsiders read now, and saying something new: the words, then a page to
//! check them beside what stands there, then out. Nothing leaves that the product owner has not approved
//! (R17); whoever is both IC and product owner is done with one press.

use std::borrow::Cow;

use askama::Template;
use jiff::{SignedDuration, Timestamp};
use procedure::at::At;
use procedure::basis::{Marking, Role};
use procedure::chapters::sitreps;
use procedure::{Body, Order, Permission, Recipient, may};
use serde_json::json;

use super::said as state_said;
use crate::desk::{Answer as Given, CaseView};
use crate::report::spoken::{self, Lies};
use crate::report::status::status;
use crate::report::{self, Names, Times};
use crate::web::api::order;
use crate::web::fields::Fields;
use crate::web::pages::frame::{self, Frame};
use crate::web::registry::Answer;
use crate::web::{Call, Problem};

/// The next words are promised in so many hours, where no sitrep has promised them yet and nobody says otherwise.
const NEXT_HOURS: i64 = 4;

#[derive(Template)]
#[template(path = "status_team.html")]
struct TeamPage {
    frame: Frame,
    number: String,
    title: String,
    restricted: bool,
    /// What stands there now: state, words, next.
    now: Option<(String, String, String)>,
    /// Words that wait: their name, the words, approved or not.
    waiting: Vec<Waiting>,
    link: Option<String>,
    public: Option<String>,
    /// The words are to be checked before they leave.
    check: bool,
    text: String,
    next: String,
    next_said: String,
    marking: String,
    markings: [(&'static str, Cow<'static, str>); 3],
    to: Vec<(String, String, bool)>,
    /// The reader may draft, approve, speak to the outside.
    drafts: bool,
    approves: bool,
    speaks: bool,
    zone: String,
}

impl TeamPage {
    fn goes_by_mail(&self) -> bool {
        self.to.iter().any(|(_, _, on)| *on)
    }
}

/// Words that wait.
struct Waiting {
    name: String,
    text: String,
    approved: bool,
}

/// What was typed.
#[derive(Default)]
struct Typed {
    text: String,
    next: String,
    marking: String,
    to: Vec<String>,
    check: bool,
}

/// Shows what outsiders read, with the form.
pub(in crate::web::pages) async fn show(call: Call) -> Answer {
    let view = call.case().await?;
    let last = view.case.part.outside.drafts.last();
    let added = &view.case.part.sitreps.added;
    let times = times(&call, &view);
    let at = At::new(&view.case, &view.basis, call.app.desk.now());
    // What was promised with the last sitrep is not promised otherwise here.
    let promised = sitreps::due(at).map(|next| next.due);
    let next = promised.filter(|due| *due > at.now);
    let next = next.unwrap_or(at.now + SignedDuration::from_hours(NEXT_HOURS));
    let typed = Typed {
        text: last
            .and_then(|last| last.text.plain())
            .unwrap_or_default()
            .to_owned(),
        next: times.typed(next),
        // The case's own, where outsiders may read it at all: nothing here makes words more public than that.
        marking: own_marking(&view).to_owned(),
        // Whoever hears of the case, until somebody chooses others.
        to: last.map_or_else(
            || added.keys().filter_map(stakeholder).collect(),
            |last| last.to.iter().map(ToString::to_string).collect(),
        ),
        check: false,
    };
    let frame = around(&call, &view);
    answer(&call, 200, frame, &view, typed).await
}

/// The marking of the case, as the form names it; none where it is for nobody outside.
fn own_marking(view: &CaseView) -> &'static str {
    match view.case.marking() {
        Marking::Clear => "clear",
        Marking::Green => "green",
        Marking::Amber => "amber",
        _ => "",
    }
}

fn stakeholder(who: &Recipient) -> Option<String> {
    match who {
        Recipient::Stakeholder(id) => Some(id.to_string()),
        _ => None,
    }
}

/// Checks the words, lets them leave, or changes the link.
pub(in crate::web::pages) async fn send(mut call: Call) -> Answer {
    let fields = call.form().await?;
    let view = call.case().await?;
    let here = format!("/cases/{}/status", view.row.number);
    if let Some(link) = fields.get("link") {
        permitted(&call, &view, "draft_customer_notice")?;
        if view.case.part.secrecy.restricted {
            return Err(Problem::not_allowed(
                "Outsiders read nothing of a restricted case.",
            ));
        }
        call.app
            .desk
            .change_status_link(&view, link == "new")
            .await?;
        return Ok(frame::lead_to(&format!("{here}#link")));
    }
    for (field, command) in [
        ("approve", "approve_customer_notice"),
        ("send", "send_customer_notice"),
    ] {
        if let Some(notice) = fields.get(field) {
            let said = json!({ "command": command, "notice": notice });
            let given = give(&call, said, (&fields, 0)).await.map(drop);
            return done(&call, &view, given, Typed::default(), &here).await;
        }
    }
    let typed = Typed {
        text: frame::typed(&fields, "text"),
        next: frame::typed(&fields, "next"),
        marking: frame::typed(&fields, "marking"),
        to: fields.all("to"),
        check: false,
    };
    let is_read = is_read(&call, &view, &typed).await?;
    let (mut frame, next) = read(around(&call, &view), &call, &view, &typed);
    if !is_read {
        frame = frame.wrong("to", call.words().say("status-wrong-to"));
    }
    if !frame.errors.is_empty() {
        return answer(&call, 422, frame, &view, typed).await;
    }
    if fields.get("step") != Some("publish") {
        let typed = Typed {
            check: fields.get("step") != Some("change"),
            ..typed
        };
        return answer(&call, 200, frame, &view, typed).await;
    }
    let given = publish(&call, &view, &typed, next, &fields).await;
    done(&call, &view, given, typed, &here).await
}

/// Whether anybody would read the words: by mail, or on a status page that somebody can open.
async fn is_read(call: &Call, view: &CaseView, typed: &Typed) -> Result<bool, Problem> {
    let opened = view.basis.project.public_status || !typed.to.is_empty();
    Ok(opened || call.app.desk.status_link(view).await?.is_some())
}

/// Finds what is wrong with what was typed, and reads when more is promised.
fn read(
    mut frame: Frame,
    call: &Call,
    view: &CaseView,
    typed: &Typed,
) -> (Frame, Option<Timestamp>) {
    let w = frame.w;
    if typed.text.is_empty() {
        frame = frame.wrong("text", w.say("status-wrong-text"));
    } else if let Some(long) = frame::too_long(&typed.text) {
        frame = frame.wrong("text", long);
    }
    if typed.marking.is_empty() {
        frame = frame.wrong("marking", w.say("status-wrong-marking"));
    }
    let zone = view.basis.project.calendar.rules();
    let next = spoken::time(&typed.next, call.app.desk.now(), zone, Lies::Ahead);
    if !typed.next.is_empty() && next.is_none() {
        frame = frame.wrong("next", w.say("frame-time-works"));
    }
    (frame, next)
}

/// Drafts the words; a product owner approves their own, and whoever speaks for the team lets them go.
async fn publish(
    call: &Call,
    view: &CaseView,
    typed: &Typed,
    next: Option<Timestamp>,
    fields: &Fields,
) -> Result<(), Problem> {
    let mut draft = json!({
        "command": "draft_customer_notice",
        "text": typed.text,
        "to": typed.to,
        "marking": typed.marking,
    });
    if let Some(next) = next {
        draft["next"] = next.to_string().into();
    }
    let drafted = give(call, draft, (fields, 0)).await?;
    if !is_owner(view) {
        return Ok(());
    }
    let notice = name_of(call, &drafted).await?;
    let said = |command: &str| json!({ "command": command, "notice": notice });
    give(call, said("approve_customer_notice"), (fields, 1)).await?;
    if speaks(view) {
        give(call, said("send_customer_notice"), (fields, 2)).await?;
    }
    Ok(())
}

/// The name of what was drafted; the same when the draft is sent again.
async fn name_of(call: &Call, drafted: &Given) -> Result<String, Problem> {
    let view = call.case().await?;
    for told in &drafted.entries {
        let entries = call.app.desk.entries(&view, told.seq - 1, 1).await?;
        if let Some(Body::CustomerNoticeDrafted(draft)) = entries.first().map(|one| &one.body) {
            return Ok(draft.notice.clone());
        }
    }
    Err(Problem::not_found("draft"))
}

/// Gives a command. `nth` tells several commands of one form apart, so that each counts once.
async fn give(
    call: &Call,
    said: serde_json::Value,
    (fields, nth): (&Fields, u8),
) -> Result<Given, Problem> {
    let view = call.case().await?;
    let serde_json::Value::Object(object) = said else {
        return Err(Problem::not_found("act"));
    };
    let order: Order = order(object)?;
    permitted(call, &view, order.command.name())?;
    let actor = call.onlooker()?.actor;
    let once = frame::once(fields).map(|key| call.one_use(format!("{key}.{nth}")));
    let given = call.app.desk.submit(view.row.journal, actor, order, once);
    Ok(given.await?)
}

fn permitted(call: &Call, view: &CaseView, command: &str) -> Result<(), Problem> {
    let actor = call.onlooker()?.actor;
    match may(&view.case, &view.basis, &actor, command) {
        Permission::No(refusal) => Err(refusal.into()),
        Permission::Yes => Ok(()),
    }
}

async fn done(
    call: &Call,
    view: &CaseView,
    given: Result<(), Problem>,
    typed: Typed,
    here: &str,
) -> Answer {
    match given {
        Ok(()) => Ok(frame::lead_to(here)),
        Err(problem) => {
            let view = call.case().await.unwrap_or_else(|_| view.clone());
            let frame = around(call, &view).wrong("", problem.detail);
            answer(call, problem.status, frame, &view, typed).await
        }
    }
}

fn around(call: &Call, view: &CaseView) -> Frame {
    let title = call
        .words()
        .with("status-team-title", "number", view.row.number.to_string());
    let mut frame = Frame::new(call, title)
        .counting_once(call)
        .worded("status")
        .unhurried(view.case.part.assess.severity);
    frame.lines = report::people::public_lines(&view.directory, &view.basis.playbook);
    frame.mark_exercise(&view.case);
    frame
}

fn times(call: &Call, view: &CaseView) -> Times {
    call.words().times(
        view.basis.project.calendar.rules().clone(),
        call.app.desk.now(),
    )
}

fn is_owner(view: &CaseView) -> bool {
    let me = view.onlooker.actor.as_person();
    me.is_some_and(|me| view.basis.project.has_role(me, Role::ProductOwner))
}

/// The IC speaks to the outside; another voice is let through by the engine, not guessed here.
fn speaks(view: &CaseView) -> bool {
    let me = view.onlooker.actor.as_person();
    me.is_some() && view.case.ic() == me
}

async fn answer(
    call: &Call,
    status_code: u16,
    frame: Frame,
    view: &CaseView,
    typed: Typed,
) -> Answer {
    let (case, project) = (&view.case, &view.basis.project);
    let times = times(call, view);
    let names = Names::new(&view.directory);
    let w = frame.w;
    let known = call.known()?;
    let can = |command| {
        let may = may(case, &view.basis, &view.onlooker.actor, command);
        known.may_write() && !matches!(may, Permission::No(_))
    };
    let base = call
        .app
        .desk
        .site()
        .base_url
        .trim_end_matches('/')
        .to_owned();
    let link = call.app.desk.status_link(view).await?;
    let now = status(case, Marking::Amber).map(|now| {
        let text = now.updates.first().map(|update| update.text.clone());
        let next = now.next.map_or_else(
            || w.say("status-no-next").into_owned(),
            |next| w.both(&times, next),
        );
        (state_said(w, now.state), text.unwrap_or_default(), next)
    });
    let waiting = case.part.outside.drafts.iter();
    let waiting = waiting.filter(|draft| draft.sent.is_none() && draft.approved != Some(false));
    let next = spoken::time(
        &typed.next,
        call.app.desk.now(),
        project.calendar.rules(),
        Lies::Ahead,
    );
    let page = TeamPage {
        number: view.row.number.to_string(),
        title: report::title(case).unwrap_or_default(),
        restricted: case.part.secrecy.restricted,
        now,
        waiting: waiting
            .map(|draft| Waiting {
                name: draft.name.clone(),
                text: draft.text.plain().unwrap_or("(text withheld)").to_owned(),
                approved: draft.approved == Some(true),
            })
            .collect(),
        link: link.map(|token| format!("{base}/status/{token}")),
        public: project
            .public_status
            .then(|| format!("{base}/public/{}", view.project.slug)),
        check: typed.check,
        next_said: next.map_or_else(
            || w.say("status-no-next").into_owned(),
            |next| w.both(&times, next),
        ),
        markings: [Marking::Clear, Marking::Green, Marking::Amber].map(|one| match one {
            Marking::Clear => ("clear", w.say("project-tlp-clear")),
            Marking::Green => ("green", w.say("project-tlp-green")),
            _ => ("amber", w.say("project-tlp-amber")),
        }),
        to: project
            .stakeholders
            .iter()
            .map(|known| {
                let id = known.id.to_string();
                let on = typed.to.contains(&id);
                (id, names.stakeholder(&known.id), on)
            })
            .collect(),
        drafts: can("draft_customer_notice"),
        approves: is_owner(view),
        speaks: speaks(view),
        zone: project.calendar.zone().to_owned(),
        text: typed.text,
        next: typed.next,
        marking: typed.marking,
        frame,
    };
    frame::page(status_code, &page)
}
