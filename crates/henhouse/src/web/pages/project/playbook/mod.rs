//! `/projects/{slug}/playbook`: the procedure that new cases follow, every edition of it, what the check finds, and the
//! review of those that wait for one.

mod compare;
mod document;
pub(in crate::web::pages::project) mod edition;
mod labels;
mod leaves;
pub(in crate::web::pages::project) mod propose;

pub(in crate::web::pages::project) use compare::show as compare;

use askama::Template;
use procedure::basis::Review;
use procedure::playbook::check as rules;
use procedure::project::Edition;
use procedure::{Text, Who};

use super::{Opened, Tabs};
use crate::report::{Names, Times};
use crate::web::Call;
use crate::web::pages::frame::{self, Frame};
use crate::web::registry::Answer;
use crate::web::words::{Words, key};

#[derive(Template)]
#[template(path = "playbook.html")]
struct PlaybookPage {
    frame: Frame,
    at: String,
    tabs: Tabs,
    done: Option<&'static str>,
    /// The edition that new cases follow.
    in_force: String,
    due: Option<String>,
    editions: Vec<Row>,
    findings: Vec<(bool, String, String)>,
    may_propose: bool,
}

/// One edition in the list.
struct Row {
    number: u32,
    /// The one before it, to compare with.
    before: Option<u32>,
    title: String,
    proposed: String,
    stands: String,
    note: String,
    waits: bool,
}

/// Shows it.
pub(super) async fn show(call: Call) -> Answer {
    let opened = Opened::of(&call).await?;
    let w = call.words();
    let done = match call.page_query().get("done") {
        Some("proposed") => Some(key("playbook-done-proposed")),
        Some("accepted") => Some(key("playbook-done-accepted")),
        Some("turned-down") => Some(key("playbook-done-turned-down")),
        _ => None,
    };
    let in_force = opened.state.in_force();
    let mut before = None;
    let mut editions = Vec::new();
    let times = opened.times(&call);
    for edition in opened.state.editions.values() {
        let number = edition.playbook.edition;
        editions.push(row((w, &times), &opened, edition, before));
        before = Some(number);
    }
    editions.reverse();
    let page = PlaybookPage {
        at: format!("/projects/{}/playbook", opened.slug()),
        tabs: opened.tabs(w, "/playbook"),
        done,
        in_force: in_force.map_or_else(String::new, |edition| {
            let (title, n) = (edition.playbook.title.as_str(), edition.playbook.edition);
            w.with("playbook-in-force", "name", title)
                .and("n", n)
                .into()
        }),
        due: opened.state.review_due_at().map(|at| times.dated(at)),
        findings: in_force
            .map(|edition| findings(&call, &opened, edition))
            .unwrap_or_default(),
        may_propose: call.known()?.may_write(),
        frame: opened.frame(&call, "playbook-title", "playbook"),
        editions,
    };
    frame::page(200, &page)
}

fn row(
    (w, times): (Words, &Times),
    opened: &Opened,
    edition: &Edition,
    before: Option<u32>,
) -> Row {
    let names = Names::new(&opened.state.directory);
    let note = |note: &Option<Text>| {
        note.as_ref()
            .and_then(Text::plain)
            .unwrap_or_default()
            .to_owned()
    };
    let author = who(w, names, &edition.author);
    let at = times.dated(edition.proposed_at);
    let proposed = w
        .with("playbook-proposed", "who", author)
        .and("at", at)
        .into();
    Row {
        number: edition.playbook.edition,
        title: w
            .with("playbook-edition", "n", edition.playbook.edition)
            .into(),
        stands: stands((w, times), names, edition),
        note: note(&edition.note),
        waits: edition.verdict.is_none(),
        before,
        proposed,
    }
}

fn who(w: Words, names: Names, who: &Who) -> String {
    match who {
        Who::System => w.say("playbook-founding").into_owned(),
        who => names.who(who),
    }
}

/// What became of an edition.
pub(super) fn stands((w, times): (Words, &Times), names: Names, edition: &Edition) -> String {
    let Some(verdict) = &edition.verdict else {
        let waits = match edition.founding {
            true => w.say("playbook-unread"),
            false => w.say("playbook-waits"),
        };
        return waits.into_owned();
    };
    let by = names.who(&verdict.by);
    let at = times.dated(verdict.at);
    let said = match (verdict.accepted, verdict.one_person) {
        (true, false) => w.with("playbook-accepted", "who", by).and("at", at),
        (true, true) => w.with("playbook-accepted-own", "who", by).and("at", at),
        (false, _) => w.with("playbook-turned-down", "who", by).and("at", at),
    };
    let note = verdict.note.as_ref().and_then(Text::plain);
    match note {
        Some(note) => format!("{said} {note}"),
        None => said.into(),
    }
}

/// What the check finds of an edition together with the project: whether it is an error, the sentence, the fix.
pub(super) fn findings(
    call: &Call,
    opened: &Opened,
    edition: &Edition,
) -> Vec<(bool, String, String)> {
    let review = match opened.facts.review_of(edition.playbook.edition) {
        Review::Nobody => rules::Review::Missing,
        Review::OnePerson => rules::Review::ByAuthor,
        Review::ByAnother => rules::Review::ByAnother,
    };
    let facts = rules::ProjectFacts::of(&opened.facts, review, call.app.desk.now());
    let found = rules::check(&edition.playbook, &facts).into_iter();
    let said = |finding: rules::Finding| {
        (
            finding.weight == rules::Weight::Error,
            finding.sentence,
            finding.fix,
        )
    };
    found.map(said).collect()
}
