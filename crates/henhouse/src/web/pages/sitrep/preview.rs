//! The page before anything leaves: the sitrep as each audience reads it, side by side, what is better said otherwise,
//! and who gets it. The engine is asked what it would record; nothing is recorded.

use askama::Template;
use procedure::at::At;
use procedure::chapters::sitreps::{self, Audience, SitrepPublished};
use procedure::{Command, Order, Recipient};

use super::{Typed, around};
use crate::desk::CaseView;
use crate::report::lint::{self, Finding, Kind};
use crate::report::{self, Names};
use crate::web::Call;
use crate::web::pages::deed::No;
use crate::web::pages::frame::{self, Frame};
use crate::web::readings::{self, Reading, Readings};
use crate::web::registry::Answer;
use crate::web::words::Words;

#[derive(Template)]
#[template(path = "sitrep_preview.html")]
struct PreviewPage {
    frame: Frame,
    number: String,
    case_title: String,
    nth: u32,
    findings: Vec<(String, &'static str)>,
    columns: Vec<Column>,
    withheld: Vec<(String, String)>,
    /// Where it is sent from here, and what goes with it.
    to: String,
    pairs: Vec<(String, String)>,
}

/// What would be sent from here.
pub(in crate::web::pages) struct Sends {
    /// The order.
    pub order: Order,
    /// Where the form leads.
    pub to: String,
    /// Its fields with what stands in them.
    pub pairs: Vec<(String, String)>,
}

impl Sends {
    /// The composer's own.
    pub(super) fn of(typed: &Typed, view: &CaseView, command: Command) -> Self {
        let pairs = typed.pairs().into_iter();
        Self {
            order: Order::from(command),
            to: format!("/cases/{}/sitrep", view.row.number),
            pairs: pairs
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        }
    }
}

/// What one audience reads.
struct Column {
    place: &'static str,
    title: String,
    to: String,
    subject: String,
    text: String,
    /// Names that this audience would read.
    names: String,
}

/// The page, or why it cannot be sent.
pub(in crate::web::pages) fn page(
    call: &Call,
    view: &CaseView,
    typed: &Typed,
    sends: Sends,
) -> Result<Answer, No> {
    let now = call.app.desk.now();
    let at = At::new(&view.case, &view.basis, now);
    let Sends { order, to, pairs } = sends;
    let site = call.app.desk.site();
    let refused = |refusal| No::Refused(Box::new(refusal));
    let found = readings::of(site, view, &view.onlooker.actor, &order, now).map_err(refused)?;
    let Some(Readings { said, all }) = found else {
        return Err(No::Other(crate::web::Problem::not_found("sitrep")));
    };
    let mut frame = around(call, view, &call.words().say("sitrep-check"));
    frame.wide = true;
    let w = frame.w;
    let has_next = said.is_final || said.next.is_some() || sitreps::due(at).is_some();
    let outside = super::without_status_page(&site.base_url, &typed.outside);
    let parts = [
        ("summary", typed.summary.as_str()),
        ("known", &typed.known),
        ("doing", &typed.doing),
        ("need", &typed.need),
        ("outside", &outside),
    ];
    let found = lint::sitrep(&lint::Sitrep { parts, has_next }, &view.directory);
    let page = PreviewPage {
        number: view.row.number.to_string(),
        case_title: report::title(&view.case).unwrap_or_default(),
        nth: said.number,
        findings: found
            .iter()
            .map(|found| (words(w, found), found.part))
            .collect(),
        columns: all.into_iter().map(|one| column(view, one, w)).collect(),
        withheld: withheld(at, view, &said, w),
        to,
        pairs,
        frame,
    };
    Ok(frame::page(200, &page))
}

fn column(view: &CaseView, reading: Reading, w: Words) -> Column {
    let title = match reading.audience {
        Audience::Team => w.say("sitrep-team"),
        Audience::Inside => w.say("sitrep-inside"),
        Audience::Outside => w.say("sitrep-outside"),
    };
    let outside = reading.audience == Audience::Outside;
    let names = outside.then(|| lint::names(&reading.text, &view.directory));
    Column {
        place: reading.word,
        title: title.into_owned(),
        to: reading.to.join(", "),
        subject: reading.subject,
        names: names.unwrap_or_default().join(", "),
        text: reading.text,
    }
}

/// Who would get it and does not, with the reason.
pub(super) fn withheld(
    at: At,
    view: &CaseView,
    said: &SitrepPublished,
    w: Words,
) -> Vec<(String, String)> {
    let names = Names::new(&view.directory);
    let why = |to: &Recipient| {
        let Recipient::Stakeholder(id) = to else {
            return w.say("sitrep-withheld-marking").into_owned();
        };
        let mut known = at.basis.project.stakeholders.iter();
        let known = known.find(|known| &known.id == id);
        let reads = known.is_some_and(|known| known.ceiling >= said.marking);
        match reads {
            true => w.say("sitrep-withheld-voice").into_owned(),
            false => w.say("sitrep-withheld-marking").into_owned(),
        }
    };
    let held = said.withheld.iter();
    held.map(|to| (names.recipient(to), why(to))).collect()
}

fn words(w: Words, found: &Finding) -> String {
    let what = found.words.as_str();
    match found.kind {
        Kind::Secret => w.with("sitrep-lint-secret", "what", what).into(),
        Kind::Name => w.with("sitrep-lint-name", "what", what).into(),
        Kind::Personal => w.with("sitrep-lint-personal", "what", what).into(),
        Kind::Cause => w.say("sitrep-lint-cause").into_owned(),
        Kind::Relative => w.with("sitrep-lint-relative", "what", what).into(),
        Kind::Jargon => w.with("sitrep-lint-jargon", "what", what).into(),
        Kind::Phrase => w.with("sitrep-lint-phrase", "what", what).into(),
        Kind::Certainty => w.say("sitrep-lint-certainty").into_owned(),
        Kind::Ask => w.say("sitrep-lint-ask").into_owned(),
        Kind::Next => w.say("sitrep-lint-next").into_owned(),
    }
}
