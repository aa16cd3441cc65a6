//! The playbook as a document people read: Markdown, made from the data alone, so that it
//! cannot say anything else than what the engine does.

mod amounts;
mod differences;
mod page;
mod people;
mod phases;
mod severities;
mod translations;

use super::{Overridden, Playbook};
use alloc::string::String;
use page::Page;

/// The whole playbook as Markdown.
#[must_use]
pub fn show(playbook: &Playbook) -> String {
    write(playbook, None)
}

/// The same for an edition that a project made of another: what differs stands first, with
/// why, so that nobody takes it for the base's own (X29).
#[must_use]
pub fn show_project(playbook: &Playbook, differs: &Overridden, reason: Option<&str>) -> String {
    write(playbook, Some((differs, reason)))
}

fn write(playbook: &Playbook, differs: Option<(&Overridden, Option<&str>)>) -> String {
    let mut page = Page::new(&playbook.title);
    page.paragraph(&playbook.summary);
    page.paragraph(&alloc::format!(
        "Playbook `{}`, edition {}. {}",
        playbook.name,
        playbook.edition,
        playbook.source
    ));
    page.list(&playbook.checklists.header);
    if let Some((overridden, reason)) = differs {
        differences::write(overridden, reason, &mut page);
    }
    people::write(playbook, &mut page);
    severities::write(playbook, &mut page);
    phases::initiate(playbook, &mut page);
    phases::assess(playbook, &mut page);
    phases::remediate(playbook, &mut page);
    phases::evidence(playbook, &mut page);
    phases::retrospective(playbook, &mut page);
    phases::messages(playbook, &mut page);
    phases::upkeep(playbook, &mut page);
    translations::write(playbook, &mut page);
    page.finish()
}
