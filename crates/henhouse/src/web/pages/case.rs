//! `/cases/{number}`: where a case stands, what is owed, what happened last, what is being worked on; and its
//! other pages. Enough to read it, to take it, to tick the checklist and to write down what one sees.

mod act;
mod entry;
mod evidence;
mod exhibit;
mod files;
mod filter;
mod head;
mod log;
mod long;
mod parts;
mod people;
mod shifts;
mod thumb;
mod timeline;
pub(super) mod undo;
pub(super) mod work;

#[cfg(test)]
mod tests;

use askama::Template;
use axum::http::Method;
use procedure::at::At;

pub(super) use self::act::act;
pub(super) use self::evidence::has_mail;
use self::exhibit::Typed;
use self::head::Head;
use self::log::Day;
use self::long::Long;
use self::parts::{Line, Owed, Reported, Shown};
use self::work::Row;
use super::acts;
use super::frame::{self, Frame};
use crate::desk::{CaseView, NEWEST};
use crate::report::Names;
use crate::web::Call;
use crate::web::registry::Permission::SignedIn;
use crate::web::registry::{Answer, Route};

/// What a tap can make it, the highest first.
const SEVERITIES: [(&str, &str); 3] = [("high", "High"), ("medium", "Medium"), ("low", "Low")];
/// So many entries stand beside the rest, the newest; all of them in the timeline.
const ENTRIES: usize = 25;
/// So much of what is owed is seen at once, and so much of it folded away; so many leads, steps and exhibits.
const OWED: usize = 6;
const FOLDED: usize = 15;
const ROWS: usize = 8;

#[derive(Template)]
#[template(path = "case.html")]
struct CasePage {
    frame: Frame,
    head: Head,
    take: bool,
    /// Somebody has it, or it is over: before that, one thing is asked.
    taken: bool,
    /// Whether they are still on it is asked of the reader.
    still: bool,
    /// Who waits for the reader to say whether they come.
    called_in: Option<String>,
    /// It takes long, and how it goes on is to be decided.
    long: Option<Long>,
    /// What came of the act before.
    said: Option<String>,
    /// What was reported, the first report first.
    reported: Vec<Reported>,
    checklist: Vec<Line>,
    ticked: usize,
    tick: bool,
    /// What comes first of what is owed, and what is folded away below it.
    owed: Vec<Owed>,
    later: Vec<Owed>,
    /// So much more is owed.
    more_owed: usize,
    /// The reader may act at all.
    acts: bool,
    /// What a case can be: the word as it is sent, and as it is read.
    severities: [(&'static str, &'static str); 3],
    /// Leads that are open, unowned ones first; and how many of all there are.
    leads: Vec<Row>,
    all_leads: usize,
    steps: Vec<Row>,
    all_steps: usize,
    /// The newest exhibits, and how many there are.
    exhibits: Vec<Shown>,
    all_exhibits: usize,
    /// A mail is among them, by which others can be known again.
    mails: bool,
    /// The newest published edition of the report.
    edition: Option<u32>,
    /// So many entries there are.
    entries: u64,
    log: Vec<Day>,
    write: bool,
    /// The sorts of evidence that a file can be.
    kinds: [(&'static str, &'static str); 8],
    /// The machines and systems that it can be of: their ids, and what they are called.
    assets: Vec<(String, String)>,
    /// The reader may add a file.
    add: bool,
    text: String,
    file: Typed,
}

/// What was typed and could not be kept: a note, and what was said of a file.
type Unsent = (String, Typed);

/// The pages of a case.
#[rustfmt::skip]
pub(super) fn routes() -> Vec<Route> {
    let get = Method::GET;
    vec![
        Route::page(get.clone(), "/cases/{number}", "case_page", SignedIn, "A case: where it stands, what is owed, what happened last.", show),
        Route::page(Method::POST, "/cases/{number}", "case_form", SignedIn, "Adds a note, ticks the checklist, or takes command.", act)
            .answers(super::SEE_OTHER),
        Route::page(get.clone(), "/cases/{number}/timeline", "case_timeline_page", SignedIn, "Everything that happened, by sort, by person and by words.", timeline::show),
        Route::page(get.clone(), "/cases/{number}/entries/{seq}", "case_entry_page", SignedIn, "One entry as it was written, and the way to correct it.", entry::show),
        Route::page(get.clone(), "/cases/{number}/leads", "case_leads_page", SignedIn, "The leads of a case, unowned ones first.", work::leads_page),
        Route::page(get.clone(), "/cases/{number}/steps", "case_steps_page", SignedIn, "The steps and disruptions of a case: now, later, over.", work::steps_page),
        Route::page(get.clone(), "/cases/{number}/evidence", "case_evidence_page", SignedIn, "What is to be captured, and each exhibit with its hash and its custody.", evidence::show),
        Route::page(get.clone(), "/cases/{number}/people", "case_people_page", SignedIn, "Who is on a case, for how long, and the shifts with their gaps.", people::show),
        Route::page(Method::POST, "/cases/{number}/people", "case_people_form", SignedIn, "Plans the shifts that were shown.", people::plan)
            .answers(super::SEE_OTHER),
        Route::page(get, "/cases/{number}/files", "case_files_page", SignedIn, "The papers, sitreps, documents and calls of a case.", files::show),
    ]
}

/// What falls to the reader and what is overdue is seen at once, the rest is folded away; and how much is left out.
fn owed((mine, others): (Vec<Owed>, Vec<Owed>)) -> (Vec<Owed>, Vec<Owed>, usize) {
    let (late, others): (Vec<_>, Vec<_>) = others.into_iter().partition(|row| row.overdue);
    let mut first: Vec<Owed> = mine.into_iter().chain(late).collect();
    let mut later = first.split_off(first.len().min(OWED));
    later.extend(others);
    let more = later.len().saturating_sub(FOLDED);
    later.truncate(FOLDED);
    (first, later, more)
}

/// Shows a case.
pub(super) async fn show(call: Call) -> Answer {
    // Links that were made when everything stood on one page.
    if let Some(before) = call.page_query().parsed::<u64>("before", "").ok().flatten() {
        let there = format!("/cases/{}/timeline?before={before}", call.number()?);
        return Ok(frame::lead_to(&there));
    }
    let view = call.case().await?;
    let frame = frame(&call, &view);
    answer(&call, 200, frame, &view, Unsent::default()).await
}

/// What the act before has led to, if anything is to be said of it.
fn said(call: &Call, exhibits: &[Shown]) -> Option<String> {
    let (query, w) = (call.page_query(), call.words());
    let words = match query.get("said") {
        Some("here") => Some(w.say("case-said-here")),
        Some("come") => Some(w.say("case-said-come")),
        Some("cannot_come") => Some(w.say("case-said-cannot-come")),
        Some("undone") => Some(w.say("case-said-undone")),
        _ => None,
    };
    if let Some(words) = words {
        return Some(words.into_owned());
    }
    let kept = query.get("kept")?;
    let exhibit = exhibits.iter().find(|exhibit| exhibit.id == kept)?;
    let (label, bytes) = (&exhibit.label, &exhibit.bytes);
    let said = w
        .with("case-kept", "id", kept)
        .and("label", label)
        .and("bytes", bytes);
    Some(match query.get("others") {
        Some(_) => format!("{said} {}", w.say("case-kept-others")),
        None => said.to_string(),
    })
}

fn frame(call: &Call, view: &CaseView) -> Frame {
    head::frame(call, view)
}

async fn answer(
    call: &Call,
    status: u16,
    frame: Frame,
    view: &CaseView,
    (text, file): Unsent,
) -> Answer {
    let CaseView { case, basis, .. } = view;
    let now = call.app.desk.now();
    let at = At::new(case, basis, now);
    let names = Names::new(&view.directory);
    let times = head::times(call, view);
    // Those that are kept in sentences for all who look.
    let after = case.seq.saturating_sub(NEWEST as u64);
    let newest = u32::try_from(NEWEST).unwrap_or(u32::MAX);
    let timeline = call.app.desk.timeline(view, after, newest, now);
    let timeline = timeline.await?;
    let known = call.known()?;
    let can = |command| thumb::can(known, view, command);
    let acts = known.may_write() && known.person.is_some();
    let checklist = parts::lines(at, names, &times, call.words());
    let leads = work::leads(view, acts, (names, &times));
    let mut steps = work::steps(view, acts, (names, &times));
    steps.extend(work::disruptions(view, at, acts, call.words()));
    let mut exhibits = parts::exhibits(view, names, &times, call.words());
    let said = said(call, &exhibits);
    let (all_leads, all_steps, all_exhibits) = (leads.len(), steps.len(), exhibits.len());
    exhibits.reverse();
    exhibits.truncate(ROWS);
    let open = |rows: Vec<Row>| {
        let open = rows.into_iter().filter(|row| row.open);
        let mut shown: Vec<Row> = open.take(ROWS).collect();
        work::give_verbs(view, at, &mut shown);
        shown
    };
    let (mut owed, mut later, more_owed) = owed(parts::owed(at, view, acts, (names, &times)));
    parts::give_verbs(view, at, owed.iter_mut().chain(&mut later));
    let page = CasePage {
        head: Head::of(call, view, at, &times, ""),
        take: thumb::takes(known, view),
        taken: case.ic().is_some() || case.is_over(),
        still: parts::is_asked_for_a_sign(view) && can("still_here"),
        called_in: parts::called_in_by(view)
            .filter(|_| can("answer_call_in"))
            .map(|by| names.person(by)),
        long: Long::of(view, at, (names, &times), acts),
        said,
        reported: parts::reported(view),
        ticked: checklist.iter().filter(|line| line.by.is_some()).count(),
        tick: known.person.is_some() && can("tick_item"),
        checklist,
        owed,
        later,
        more_owed,
        acts,
        severities: SEVERITIES,
        leads: open(leads),
        all_leads,
        steps: open(steps),
        all_steps,
        exhibits,
        all_exhibits,
        mails: evidence::has_mail(view),
        edition: case
            .part
            .retrospective
            .reports
            .last()
            .map(|one| one.edition),
        kinds: exhibit::KINDS,
        assets: exhibit::assets(view),
        add: can("add_exhibit"),
        entries: case.seq,
        log: log::days(&timeline, view, &times, call.words(), ENTRIES),
        write: can("add_note"),
        frame,
        text,
        file,
    };
    frame::page(status, &page)
}
