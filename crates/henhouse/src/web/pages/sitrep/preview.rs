//! The page before anything leaves: the sitrep as each audience reads it, side by side, what is better said otherwise,
//! and who gets it. The engine is asked what it would record; nothing is recorded.

use std::collections::BTreeSet;

use askama::Template;
use procedure::at::At;
use procedure::chapters::sitreps::{self, Audience, SitrepPublished};
use procedure::{Body, Command, Entry, Notice, Order, Recipient, decide};

use super::{Typed, around};
use crate::desk::CaseView;
use crate::report::lint::{self, Finding, Kind};
use crate::report::{self, Links, Names, Scene, mail};
use crate::web::Call;
use crate::web::pages::deed::No;
use crate::web::pages::frame::{self, Frame};
use crate::web::registry::Answer;
use crate::web::words::Words;

#[derive(Template)]
#[template(path = "sitrep_preview.html")]
struct PreviewPage {
    frame: Frame,
    number: String,
    case_title: String,
    findings: Vec<(String, &'static str)>,
    columns: Vec<Column>,
    withheld: Vec<(String, String)>,
    pairs: Vec<(&'static str, String)>,
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
pub(super) fn page(
    call: &Call,
    view: &CaseView,
    typed: &Typed,
    command: Command,
) -> Result<Answer, No> {
    let now = call.app.desk.now();
    let at = At::new(&view.case, &view.basis, now);
    let order = Order::from(command);
    let actor = &view.onlooker.actor;
    let named = |refusal| No::Refused(Box::new(Names::new(&view.directory).refusal(refusal)));
    let drafts = decide(&view.case, &view.basis, now, actor, &order).map_err(named)?;
    let published = drafts.into_iter().find_map(|draft| match draft.body {
        Body::SitrepPublished(said) => Some((draft.actor, said)),
        _ => None,
    });
    let Some((actor, said)) = published else {
        return Err(No::Other(crate::web::Problem::not_found("sitrep")));
    };
    let entry = Entry {
        seq: view.case.seq + 1,
        recorded_at: now,
        happened_at: None,
        actor,
        body: Body::SitrepPublished(said.clone()),
    };
    let mut frame = around(call, view, &call.words().say("sitrep-check"));
    frame.wide = true;
    let w = frame.w;
    let has_next = said.is_final || said.next.is_some() || sitreps::due(at).is_some();
    let parts = [
        ("summary", typed.summary.as_str()),
        ("known", &typed.known),
        ("doing", &typed.doing),
        ("need", &typed.need),
    ];
    let found = lint::sitrep(&lint::Sitrep { parts, has_next }, &view.directory);
    let page = PreviewPage {
        number: view.row.number.to_string(),
        case_title: report::title(&view.case).unwrap_or_default(),
        findings: found
            .iter()
            .map(|found| (words(w, found), found.part))
            .collect(),
        columns: columns(call, view, &entry, &said, w),
        withheld: withheld(at, view, &said, w),
        pairs: typed.pairs(),
        frame,
    };
    Ok(frame::page(200, &page))
}

fn columns(
    call: &Call,
    view: &CaseView,
    entry: &Entry,
    said: &SitrepPublished,
    w: Words,
) -> Vec<Column> {
    let mut after = (*view.case).clone();
    after.apply(entry);
    let at = At::new(&after, &view.basis, entry.recorded_at);
    let site = call.app.desk.site();
    let number = view.row.number.to_string();
    let base = site.base_url.trim_end_matches('/');
    let links = Links {
        case: format!("{base}/cases/{number}"),
        ..Links::default()
    };
    let scene = Scene {
        number: &number,
        drill: site.drill || after.part.intake.drill,
        case: &after,
        basis: &view.basis,
        directory: &view.directory,
        entry,
        links: &links,
        head: "",
    };
    let names = Names::new(&view.directory);
    let column = |(audience, place): (Audience, &'static str)| {
        let of_it = |to: &&Recipient| sitreps::audience(at, to) == audience;
        let to: Vec<&Recipient> = said.recipients.iter().filter(of_it).collect();
        let title = match audience {
            Audience::Team => w.say("sitrep-team"),
            Audience::Inside => w.say("sitrep-inside"),
            Audience::Outside => w.say("sitrep-outside"),
        };
        let words = to
            .first()
            .map(|to| mail::words(&scene, &Notice::entry((*to).clone())));
        let text = words
            .as_ref()
            .map(|words| words.text.clone())
            .unwrap_or_default();
        let people: BTreeSet<String> = to.iter().map(|to| names.recipient(to)).collect();
        Column {
            place,
            title: title.into_owned(),
            to: people.into_iter().collect::<Vec<_>>().join(", "),
            subject: words.map(|words| words.subject).unwrap_or_default(),
            names: match audience {
                Audience::Outside => lint::names(&text, &view.directory).join(", "),
                _ => String::new(),
            },
            text,
        }
    };
    super::AUDIENCES.into_iter().map(column).collect()
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
