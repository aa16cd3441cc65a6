//! The checklist on paper: a box, a line, and who ticked it when (R2). A line is ticked by a
//! person and never by inference.

use procedure::chapters::record::checklist::{self, ChecklistLine};
use procedure::playbook::Playbook;

use super::sheet::Sheet;
use super::{Names, Times};

/// All phases of a case, the present one named.
#[must_use]
pub fn document(sheet: &Sheet) -> String {
    let (names, times) = (sheet.names(), sheet.times());
    let mut out = sheet.heading("Checklist");
    for line in &sheet.basis.playbook.checklists.header {
        out.push_str(&format!("\n{line}"));
    }
    out.push('\n');
    for phase in checklist::checklist(sheet.at()) {
        let here = if phase.current { " (now)" } else { "" };
        let done = phase
            .items
            .iter()
            .filter(|item| item.tick.is_some())
            .count();
        out.push_str(&format!(
            "\n## {}{here}, {done} of {}\n\n",
            phase.title,
            phase.items.len()
        ));
        for item in &phase.items {
            out.push_str(&line(names, &times, &sheet.basis.playbook, item));
        }
    }
    out.push_str(&sheet.footer());
    out
}

fn line(names: Names, times: &Times, playbook: &Playbook, item: &ChecklistLine) -> String {
    let role = playbook.roles.described.get(&item.role);
    let role = role
        .map(|role| format!(" - {}", role.title))
        .unwrap_or_default();
    match &item.tick {
        Some(tick) => {
            let (by, at) = (names.who(&tick.by), times.at(tick.at));
            format!("[x] {}{role}. {by}, {at}\n", item.text)
        }
        None => format!("[ ] {}{role}\n", item.text),
    }
}
