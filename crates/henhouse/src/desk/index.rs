//! The index over cases: rebuildable, never the truth.

use std::collections::BTreeSet;

use casefile::ExhibitHash;
use casefile::chain::Chain;
use procedure::chapters::assess::{Impact, Whose};
use procedure::chapters::evidence::exhibit::What;
use procedure::metrics::Figures;
use procedure::{Basis, Body, Case, Entry, metrics, outlook};

use serde_json::{Map, Value};

use super::cases::Folded;
use super::error::Result;
use super::journal;
use super::react::BYTES;
use super::take::Bench;
use crate::store::{CaseRow, CaseTag, ExhibitRow, JournalId, SHADOW, SearchDocument, Title, Tx};

/// What is ours, in a list by client.
const OURS: &str = "ours";

/// Writes the case's row as it stands after the last entry.
pub(super) fn case(bench: &mut Bench) -> Result<()> {
    write(bench.tx, &mut bench.row, &bench.folded.case, &bench.basis)
}

/// Writes a case's row and its members.
pub(super) fn write(tx: &mut dyn Tx, row: &mut CaseRow, case: &Case, basis: &Basis) -> Result<()> {
    describe(row, case, basis);
    tx.put_index(row)?;
    Ok(tx.set_members(row.journal, &members(case))?)
}

/// Says in a row how its case stands. The next wake does not depend on the time of writing: a
/// rebuilt row is the same.
pub(super) fn describe(row: &mut CaseRow, case: &Case, basis: &Basis) {
    let outlook = outlook(case, basis, case.changed_at);
    let restricted = case.part.secrecy.restricted;
    row.title = title(case);
    row.status = word(&case.status());
    row.phase = word(&case.phase());
    row.severity = Some(word(&case.part.assess.severity));
    row.restricted = restricted;
    row.kind = word(&case.part.intake.kind);
    row.tags = tags(case);
    row.arrival = case.part.intake.arrival().word().to_owned();
    row.opened_at = case.opened_at;
    row.updated_at = case.changed_at;
    row.next_wake = outlook.next_wake;
    row.seq = case.seq;
    row.ic = case.ic().map(ToString::to_string);
    // What is over may still ask something of somebody, and then stands on their board (invariant 4).
    row.open = !case.is_over() || outlook.owes;
    if case.part.intake.shadow {
        // It stands on nobody's board and in no list but its own.
        (row.status, row.open) = (SHADOW.to_owned(), false);
    }
    row.figures = Some(figures(case));
}

/// What of a case counts among others; empty where it does not count.
fn figures(case: &Case) -> String {
    let figures = Figures::of(&metrics(case), case.seq);
    figures.map_or_else(String::new, |figures| {
        serde_json::to_string(&figures).unwrap_or_default()
    })
}

/// Who belongs to a case.
pub(super) fn members(case: &Case) -> BTreeSet<String> {
    let members = case.part.secrecy.members.iter();
    members.map(ToString::to_string).collect()
}

/// Indexes the words of an entry, unless the case or the entry is restricted (R21).
pub(super) fn search(tx: &mut dyn Tx, folded: &Folded, seq: u64, words: &[String]) -> Result<()> {
    match document(folded, seq, words) {
        Some(document) => Ok(tx.search_index_put(&document)?),
        None => Ok(()),
    }
}

/// What search finds of a case, by entry.
pub(super) fn documents(folded: &Folded, words: &[(u64, Vec<String>)]) -> Vec<SearchDocument> {
    let found = words.iter();
    found
        .filter_map(|(seq, words)| document(folded, *seq, words))
        .collect()
}

fn document(folded: &Folded, seq: u64, words: &[String]) -> Option<SearchDocument> {
    let secrecy = &folded.case.part.secrecy;
    if words.is_empty()
        || folded.case.part.intake.shadow
        || secrecy.restricted
        || secrecy.is_annexed(seq)
    {
        return None;
    }
    Some(SearchDocument {
        journal: JournalId(folded.chain.journal()),
        seq,
        text: words.join("\n"),
    })
}

/// Indexes the words of one entry, or of all, as they stand now: after some were erased, or may not
/// be found any more, or may be found again. A rebuilt index is the same.
pub(super) fn texts_again(bench: &mut Bench, only: Option<u64>) -> Result<()> {
    let journal = bench.row.journal;
    bench.tx.search_index_erase(journal, only)?;
    let mut found = Vec::new();
    let mut chain = Chain::new(journal.0);
    journal::read(bench.tx, &bench.key, &mut chain, |envelope| {
        if only.is_none_or(|seq| seq == envelope.seq) {
            found.push((envelope.seq, words(&envelope.body)));
        }
        Ok(())
    })?;
    for (seq, words) in found {
        search(bench.tx, &bench.folded, seq, &words)?;
    }
    Ok(())
}

/// The words of an opened entry that a search may find.
pub(super) fn words(body: &Value) -> Vec<String> {
    let mut words = Vec::new();
    collect(body, &mut words);
    words
}

/// How to reach a reporter is for the team, and so is the name of one who asked for that (R105,
/// R116). A search that found them would tell everybody else.
fn is_for_the_team(report: &Map<String, Value>, field: &str) -> bool {
    match report.get("hide_name").and_then(Value::as_bool) {
        Some(hides) => ["contact", "phone"].contains(&field) || (hides && field == "name"),
        None => false,
    }
}

fn collect(value: &Value, words: &mut Vec<String>) {
    match value {
        Value::Object(map) if map.len() == 1 && map.contains_key("$text") => {
            words.extend(map["$text"].as_str().map(str::to_owned));
        }
        Value::Object(map) => {
            let found = map.iter().filter(|(key, _)| !is_for_the_team(map, key));
            found.for_each(|(_, value)| collect(value, words));
        }
        Value::Array(list) => list.iter().for_each(|value| collect(value, words)),
        _ => {}
    }
}

/// Lists an exhibit whose bytes we keep, so that they can be found and checked.
pub(super) fn exhibit(tx: &mut dyn Tx, folded: &Folded, entry: &Entry) -> Result<()> {
    let Body::ExhibitAdded(added) = &entry.body else {
        return Ok(());
    };
    let (sha256, size) = match &added.what {
        What::Upload { sha256, size, .. } => (sha256.parse::<ExhibitHash>().ok(), *size),
        What::Reference { .. } => (None, 0),
    };
    Ok(tx.put_exhibit(&ExhibitRow {
        journal: JournalId(folded.chain.journal()),
        id: added.exhibit.clone(),
        seq: entry.seq,
        sha256: sha256.map(|hash| *hash.as_bytes()),
        size,
        kind: word(&added.kind),
        erased: folded.case.part.record.is_redacted(entry.seq, BYTES),
        at: entry.recorded_at,
    })?)
}

/// What is harmed and whose it is (R121, X13).
fn tags(case: &Case) -> Vec<CaseTag> {
    let impact = case.part.assess.impact();
    let tags = impact.map(Impact::tags).unwrap_or_default();
    let client = |whose: &Whose| match whose {
        Whose::Ours => OURS.to_owned(),
        Whose::Client(client) => client.to_string(),
    };
    let mut tags: Vec<CaseTag> = tags
        .iter()
        .map(|tag| CaseTag(word(&tag.property), tag.whose.as_ref().map(client)))
        .collect();
    tags.sort();
    tags
}

/// A restricted case has no title in the index; whoever may see it is shown the case's own.
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
