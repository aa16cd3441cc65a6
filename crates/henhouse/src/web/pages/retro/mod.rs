//! `/cases/{number}/retrospective`: looking back. The log on the left, on the right the timeline that the
//! report prints; the causes as an outline and drawn; lessons, follow-ups, numbers; and what still stands
//! before the report. The draft is there without typing: the record fills it.

mod parts;
mod press;

use askama::Template;
use procedure::at::At;
use procedure::chapters::retrospective::takes_short_form;
use procedure::{Permission, may};

use self::parts::{Cause, FollowUp, Gathered, Lacks, Line, Logged, Method, Page};
pub(super) use self::press::press;
use super::acts;
use super::frame::{self, Frame};
use crate::desk::CaseView;
use crate::report::causes::{self, Drawing};
use crate::report::retrospective::numbers;
use crate::report::{self, Names, Sheet, forms, marking};
use crate::web::Call;
use crate::web::registry::Answer;
use crate::web::words::Words;

/// A follow-up is due in so many days, if nobody says otherwise.
const FOLLOW_UP_DAYS: i64 = 14;

#[derive(Template)]
#[template(path = "retrospective.html")]
struct RetrospectivePage {
    frame: Frame,
    number: String,
    title: String,
    marking: &'static str,
    restricted: bool,
    /// What came of the act before.
    said: Option<String>,
    /// The response is over, so that a report can be published.
    over: bool,
    leader: String,
    edition: Option<u32>,
    /// What the report still asks for, and what the case asks for before it closes.
    lacks: Vec<Lacks>,
    /// A line of cause is enough.
    short: bool,
    publishes: bool,
    /// The reader may add to it.
    adds: bool,
    /// May write what the report says in words.
    writes: bool,
    log: Page<Logged>,
    lines: Vec<Line>,
    drawing: Option<Drawing>,
    causes: Vec<Cause>,
    kinds: [(&'static str, &'static str); 5],
    methods: Vec<Method>,
    outcomes: Vec<Gathered>,
    lessons: Vec<String>,
    follow_ups: Vec<FollowUp>,
    people: Vec<(String, String)>,
    due: String,
    numbers: Vec<String>,
    sections: Vec<(String, String, Option<String>)>,
    zone: String,
}

/// Shows it.
pub(super) async fn show(call: Call) -> Answer {
    let view = call.case().await?;
    let frame = around(&call, &view);
    answer(&call, 200, frame, &view).await
}

fn around(call: &Call, view: &CaseView) -> Frame {
    let title = call
        .words()
        .with("retro-title", "number", view.row.number.to_string());
    let mut frame = Frame::new(call, title).counting_once(call).worded("retro");
    frame.wide = true;
    frame.lines = report::people::public_lines(&view.directory, &view.basis.playbook);
    frame.mark_exercise(&view.case);
    frame
}

async fn answer(call: &Call, status: u16, frame: Frame, view: &CaseView) -> Answer {
    let (case, basis) = (&view.case, &view.basis);
    let now = call.app.desk.now();
    let at = At::new(case, basis, now);
    let names = Names::new(&view.directory);
    let times = frame.w.times(basis.project.calendar.rules().clone(), now);
    let number = view.row.number.to_string();
    let known = call.known()?;
    let can = |command| {
        let may = may(case, basis, &view.onlooker.actor, command);
        known.may_write() && !matches!(may, Permission::No(_))
    };
    let all = u32::try_from(case.seq).unwrap_or(u32::MAX);
    let entries = call.app.desk.entries(view, 0, all).await?;
    let after = call.page_query().parsed("after", "").ok().flatten();
    let (link, head) = (String::new(), view.head());
    let sheet = Sheet {
        number: &number,
        drill: call.app.desk.site().drill,
        case,
        basis,
        directory: &view.directory,
        now,
        link: &link,
        head: &head,
    };
    let words = frame.w;
    let adds = can("add_timeline_line");
    let state = &case.part.retrospective;
    let page = RetrospectivePage {
        title: report::title(case).unwrap_or_default(),
        marking: marking::word(case.marking()),
        restricted: case.part.secrecy.restricted,
        said: said(call, words),
        over: !case.is_active(),
        leader: names.owner(&procedure::chapters::retrospective::leader(at)),
        edition: state.reports.last().map(|report| report.edition),
        lacks: parts::lacks(at, view),
        short: takes_short_form(at),
        publishes: can("publish_report"),
        adds,
        writes: can("write_report_section"),
        log: parts::log(&sheet, view, &entries, (after.unwrap_or(0), words)),
        lines: parts::lines(&sheet, view, &entries, words),
        drawing: causes::draw(&parts::readable(view)),
        causes: parts::outline(view),
        kinds: parts::KINDS,
        methods: parts::methods(view),
        outcomes: parts::outcomes(view),
        lessons: parts::lessons(view),
        follow_ups: parts::follow_ups(view, (names, &times, words), can),
        people: acts::who_there_is(view, names),
        due: times.typed(now + jiff::SignedDuration::from_hours(24 * FOLLOW_UP_DAYS)),
        numbers: numbers(&sheet),
        sections: parts::sections(view),
        zone: basis.project.calendar.zone().to_owned(),
        number,
        frame,
    };
    frame::page(status, &page)
}

/// What the act before has led to, if anything is to be said of it.
fn said(call: &Call, words: Words) -> Option<String> {
    let query = call.page_query();
    let form = forms::find(query.get("did")?)?;
    let done = acts::title_in(words, form.command);
    Some(words.with("retro-done", "what", done).into())
}

/// To which part of this page an act leads back.
pub(super) fn place(command: &str) -> &'static str {
    match command {
        "add_cause" | "choose_method" => "#causes",
        "add_outcome" => "#outcomes",
        "add_lesson" => "#lessons",
        "add_follow_up" | "done_follow_up" => "#follow-ups",
        "write_report_section" => "#words",
        "set_discovery_method" | "set_threat_actions" | "record_milestone" => "#numbers",
        _ => "",
    }
}

#[cfg(test)]
mod tests;
