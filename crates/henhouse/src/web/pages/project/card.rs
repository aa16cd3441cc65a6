//! `/projects/{slug}/card`: what fits into a wallet. The duty telephone, who is called in which order, where to report, and
//! what not to do; black on white, twice on a page to cut out. It holds telephone numbers of people: whoever prints it
//! keeps it to themselves, and it says so.

use askama::Template;
use procedure::Text;
use procedure::basis::Role;

use super::{Opened, Tabs};
use crate::report::Names;
use crate::report::people::public_lines;
use crate::web::Call;
use crate::web::pages::frame::{self, Frame};
use crate::web::registry::Answer;

/// So many people fit onto a card.
const PEOPLE: usize = 6;

#[derive(Template)]
#[template(path = "card.html")]
struct CardPage {
    frame: Frame,
    name: String,
    tabs: Tabs,
    /// What anybody may call: the words, and the number.
    lines: Vec<(String, String)>,
    /// Who is called, in order: the name, and the number if there is one.
    people: Vec<(String, Option<String>)>,
    more: usize,
    report: String,
    as_of: String,
}

/// Shows it.
pub(super) async fn show(call: Call) -> Answer {
    let opened = Opened::of(&call).await?;
    let directory = &opened.state.directory;
    let names = Names::new(directory);
    let called: Vec<_> = opened.facts.with_role(Role::Responder).collect();
    let people = called.iter().take(PEOPLE).map(|member| {
        let contact = directory.people.get(&member.person);
        let phone = contact.and_then(|contact| contact.phone.as_ref());
        let phone = phone.and_then(Text::plain).map(str::to_owned);
        (names.person(&member.person), phone)
    });
    let lines = opened
        .state
        .in_force()
        .map(|edition| public_lines(directory, &edition.playbook));
    let today = call.app.desk.clock().wall();
    let today = today.to_zoned(opened.facts.calendar.rules().clone()).date();
    let page = CardPage {
        name: opened.name().to_owned(),
        tabs: opened.tabs(call.words(), "/card"),
        lines: lines.unwrap_or_default(),
        people: people.collect(),
        more: called.len().saturating_sub(PEOPLE),
        report: format!("{}/report/{}", call.app.desk.site().base_url, opened.slug()),
        as_of: call.words().language().typed_day(today),
        frame: opened.frame(&call, "people-card", "people"),
    };
    frame::page(200, &page)
}
