//! The index over cases: rebuildable, never the truth.

use procedure::{Case, Entry, agenda};

use super::error::Result;
use super::take::Bench;
use crate::store::{SearchDocument, Title};

/// Writes the case's row as it stands after the last entry.
pub(super) fn case(bench: &mut Bench) -> Result<()> {
    let case = &bench.folded.case;
    let agenda = agenda(case, &bench.basis, bench.now);
    let restricted = case.part.secrecy.restricted;
    let row = &mut bench.row;
    row.title = title(case);
    row.status = word(&case.status());
    row.phase = word(&case.phase());
    row.severity = Some(word(&case.part.assess.severity));
    row.restricted = restricted;
    row.kind = word(&case.part.intake.kind);
    row.opened_at = case.opened_at;
    row.updated_at = case.changed_at;
    row.next_wake = agenda.next_wake;
    row.seq = case.seq;
    row.ic = case.ic().map(ToString::to_string);
    row.open = !case.is_over();
    bench.tx.put_index(&bench.row)?;
    let members = case
        .part
        .secrecy
        .members
        .iter()
        .map(ToString::to_string)
        .collect();
    Ok(bench.tx.set_members(bench.row.journal, &members)?)
}

/// Indexes the words of an entry, unless the case is restricted.
pub(super) fn search(bench: &mut Bench, entry: &Entry, words: Vec<String>) -> Result<()> {
    if words.is_empty() || bench.folded.case.part.secrecy.restricted {
        return Ok(());
    }
    let (journal, seq) = (bench.row.journal, entry.seq);
    let document = SearchDocument {
        journal,
        seq,
        text: words.join("\n"),
    };
    Ok(bench.tx.search_index_put(&document)?)
}

/// A restricted case has no title in the index.
fn title(case: &Case) -> Title {
    if case.part.secrecy.restricted {
        return Title::None;
    }
    crate::report::title(case).map_or(Title::None, Title::Plain)
}

/// The stored word of an enum of the engine.
pub(super) fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
