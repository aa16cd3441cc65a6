//! What stands above every page of a case: what it is, how bad, who commands and for how long, when the next
//! sitrep is due, who is in it; and the way to its other pages.

use std::borrow::Cow;

use procedure::Case;
use procedure::at::At;
use procedure::chapters::sitreps;

use super::parts;
use super::thumb::Thumb;
use crate::desk::CaseView;
use crate::report::{self, Names, Times, forms, marking};
use crate::web::Call;
use crate::web::pages::acts;
use crate::web::pages::frame::{Due, Frame, Mark};
use crate::web::words::{Words, key};

/// From so many people on who answer to one IC, somebody needs a part of their own.
const TOO_MANY: usize = 8;

/// The head of a case.
pub(super) struct Head {
    pub number: String,
    pub title: String,
    pub noun: Cow<'static, str>,
    pub phase: Cow<'static, str>,
    pub severity: Mark,
    pub marking: &'static str,
    pub restricted: bool,
    /// It shows only whom Henhouse would have called.
    pub shadow: bool,
    pub ic: Option<Commander>,
    pub sitrep: Option<Due>,
    pub sitrep_overdue: bool,
    pub responders: usize,
    /// So many answer to one person that it is too many.
    pub crowded: bool,
    pub opened: Due,
    pub as_of: String,
    /// The act that has just been done.
    pub did: Option<String>,
    /// Its entry, if it can be undone.
    pub undo: Option<u64>,
    pub tabs: Vec<Tab>,
    /// What stands at the thumb on a phone.
    pub thumb: Option<Thumb>,
}

/// Who commands.
pub(super) struct Commander {
    pub name: String,
    /// For how long.
    pub worked: String,
    /// For how long one should at most.
    pub limit: String,
    /// It is longer than that.
    pub over: bool,
}

/// A page of the case.
pub(super) struct Tab {
    pub href: String,
    /// The name of its text.
    pub label: &'static str,
    /// The key that leads there.
    pub key: &'static str,
    /// So many things are open on it.
    pub count: Option<usize>,
    pub here: bool,
}

/// The pages of a case: the end of the address, and what it is called.
const TABS: [(&str, &str); 7] = [
    ("", key("case-tab-now")),
    ("/timeline", key("case-tab-timeline")),
    ("/leads", key("case-tab-leads")),
    ("/steps", key("case-tab-steps")),
    ("/evidence", key("case-tab-evidence")),
    ("/people", key("case-tab-people")),
    ("/files", key("case-tab-files")),
];
/// The keys that lead to them, in their order.
const KEYS: [&str; 7] = ["0", "1", "2", "3", "4", "5", "6"];

impl Head {
    /// The head as whoever looks may see it; `here` is the end of the page's address.
    pub(super) fn of(call: &Call, view: &CaseView, at: At, times: &Times, here: &str) -> Self {
        let (case, words) = (&view.case, call.words());
        let query = call.page_query();
        let did = query.get("did").and_then(forms::find);
        let undo = query.get("undo").and_then(|seq| seq.parse().ok());
        let names = Names::new(&view.directory);
        let sitrep = sitreps::due(at);
        let responders = case.part.commander.responders.len();
        Self {
            number: view.row.number.to_string(),
            title: report::title(case).unwrap_or_default(),
            noun: words.say(noun(case)),
            phase: words.say(parts::phase(case.phase())),
            severity: Mark::of(at.severity()),
            marking: marking::word(case.marking()),
            restricted: case.part.secrecy.restricted,
            shadow: case.part.intake.shadow,
            ic: commander(at, names, words),
            sitrep_overdue: sitrep.as_ref().is_some_and(|next| next.due <= at.now),
            sitrep: sitrep.map(|next| Due::of(times, next.due)),
            responders,
            crowded: case.is_active() && responders > TOO_MANY,
            opened: Due::of(times, case.opened_at),
            as_of: times.at(at.now),
            did: did.map(|form| acts::title_in(words, form.command).into_owned()),
            undo: undo.filter(|seq| case.seq.saturating_sub(*seq) < super::undo::RECENT),
            tabs: tabs(view, here),
            thumb: Thumb::of(call, view, at),
        }
    }
}

/// The name of the text of what a case is called: an event, until it is confirmed.
fn noun(case: &Case) -> &'static str {
    match case.noun() {
        "event" => key("case-noun-event"),
        _ => key("case-noun-incident"),
    }
}

fn commander(at: At, names: Names, words: Words) -> Option<Commander> {
    let began = at.case.part.commander.intervals.last()?;
    let ic = at.case.ic()?;
    let from = at.case.part.closeout.resumed(began.from);
    let limit = i64::from(at.playbook().long_haul.ic_minutes);
    let (worked, limit) = (
        at.now.duration_since(from),
        jiff::SignedDuration::from_mins(limit),
    );
    Some(Commander {
        name: names.person(ic),
        worked: words.span(worked),
        limit: words.span(limit),
        over: worked >= limit && at.case.is_active(),
    })
}

fn tabs(view: &CaseView, here: &str) -> Vec<Tab> {
    let part = &view.case.part;
    let leads = part.work.leads.iter();
    let leads = leads.filter(|lead| lead.is_open() && view.may_read(lead.seq));
    let steps = part.work.steps.iter();
    let steps = steps.filter(|step| !step.is_settled() && view.may_read(step.seq));
    let disruptions = part.disruption.disruptions.iter();
    let disruptions = disruptions.filter(|one| one.is_waiting() || one.goes_on());
    let disruptions = disruptions.filter(|one| view.may_read(one.seq));
    let exhibits = part.evidence.exhibits.iter();
    let exhibits = exhibits.filter(|one| view.may_read(one.seq));
    let counts = [
        None,
        None,
        Some(leads.count()),
        Some(steps.count() + disruptions.count()),
        Some(exhibits.count()),
        Some(part.commander.responders.len()),
        None,
    ];
    let number = &view.row.number;
    let tabs = TABS.into_iter().zip(KEYS).zip(counts);
    let tab = |(((end, label), key), count)| Tab {
        href: format!("/cases/{number}{end}"),
        label,
        key,
        count,
        here: end == here,
    };
    tabs.map(tab).collect()
}

/// What stands around a page of a case.
pub(super) fn frame(call: &Call, view: &CaseView) -> Frame {
    let title = report::title(&view.case).unwrap_or_default();
    let mut frame = Frame::new(call, format!("{} {title}", view.row.number))
        .counting_once(call)
        .worded("case");
    let (number, seq) = (&view.row.number, view.case.seq);
    frame.follows = Some(format!("/api/v1/cases/{number}/events?after={seq}"));
    frame.wide = true;
    frame.lines = report::people::public_lines(&view.directory, &view.basis.playbook);
    frame.mark_exercise(&view.case);
    frame
}

/// Times as this case's project says them.
pub(super) fn times(call: &Call, view: &CaseView) -> Times {
    let zone = view.basis.project.calendar.rules().clone();
    call.words().times(zone, call.app.desk.now())
}
