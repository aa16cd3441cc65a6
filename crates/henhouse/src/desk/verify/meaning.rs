//! What a case's entries say, held against its evidence and its rows in the index.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use procedure::{Case, Who};

use super::super::cases::{self, Folded};
use super::super::error::Result;
use super::super::exhibits::bytes_of;
use super::super::react::BYTES;
use super::super::{Inner, alerts, index, journal, projects, rebuild};
use super::told::{self, Implied};
use super::{Checked, Verified, sentence, verdict_of};
use crate::store::{CaseNumber, JournalRow, View};
use crate::vault::Exhibits;

/// At most so many missing numbers are named of one counter.
const NAMED: usize = 10;

/// Checks a case whose chain holds; answers its number.
pub(super) fn check_case(
    inner: &Inner,
    view: &dyn View,
    row: &JournalRow,
    exhibits: Option<&Exhibits>,
    checked: &mut Checked,
) -> Result<Option<CaseNumber>> {
    let (folded, words, implied) = match read(inner, view, row) {
        Ok(read) => read,
        Err(error) => {
            let verdict = verdict_of(&error);
            let what = format!("journal {}: {}", row.id, sentence(error)?);
            checked.find(verdict, what);
            return Ok(None);
        }
    };
    say_redactions(&folded.case, checked);
    if view.search_documents(row.id)? != index::documents(&folded, &words) {
        differs(row, "what search finds", checked);
    }
    check_exhibits(inner, view, row, &folded.case, exhibits, checked)?;
    let alerts = &folded.case.part.intake.alerts;
    if !alerts::says(row.id, alerts, &view.alerts_of(row.id)?) {
        differs(row, "its alerts", checked);
    }
    told::check(view, row.id, &folded.case, implied, checked)?;
    match listed(inner, view, row, &folded.case) {
        Ok((number, same)) => {
            if !same {
                differs(row, "the row of the case", checked);
            }
            Ok(Some(number))
        }
        Err(error) => {
            let what = format!("journal {}: {}", row.id, sentence(error)?);
            checked.find(Verified::Tampered, what);
            Ok(None)
        }
    }
}

/// The number of a case, and whether its row and its members are what its entries make of them.
fn listed(
    inner: &Inner,
    view: &dyn View,
    row: &JournalRow,
    case: &Case,
) -> Result<(CaseNumber, bool)> {
    let basis = inner.basis_of(view, case)?;
    let mut made = rebuild::new_row(row, case)?;
    index::describe(&mut made, case, &basis);
    let kept = view.case(row.id)?;
    if kept.as_ref().is_some_and(|kept| kept.figures.is_none()) {
        // Written by a version that kept none; the next entry brings them.
        made.figures = None;
    }
    let same = kept.as_ref() == Some(&made);
    let members = view.members(row.id)? == index::members(case);
    Ok((made.number, same && members))
}

fn differs(row: &JournalRow, what: &str, checked: &mut Checked) {
    let what = format!(
        "journal {}: the index differs from the entries ({what}); run `henhouse rebuild`",
        row.id
    );
    checked.find(Verified::IndexDiffers, what);
}

/// What search may find, by entry.
type Words = Vec<(u64, Vec<String>)>;

/// A case folded, with the words of each entry that search may find, and whom each entry has told.
fn read(inner: &Inner, view: &dyn View, row: &JournalRow) -> Result<(Folded, Words, Implied)> {
    let key = journal::key(view, &inner.root, row.id)?;
    let mut folded = Folded::empty(row.id);
    let mut words = Vec::new();
    let mut implied = Implied::of(row.id);
    journal::read(view, &key, &mut folded.chain, |envelope| {
        words.push((envelope.seq, index::words(&envelope.body)));
        let entry = cases::entry(envelope)?;
        Arc::make_mut(&mut folded.case).apply(&entry);
        implied.hear(inner, view, &folded.case, entry)
    })?;
    Ok((folded, words, implied))
}

/// What was erased, by whom.
fn say_redactions(case: &Case, checked: &mut Checked) {
    let number = case.part.record.number.as_deref().unwrap_or("a case");
    for redaction in &case.part.record.redactions {
        let Some(answer) = redaction.answer.as_ref().filter(|answer| !answer.declined) else {
            continue;
        };
        let what = match redaction.field.as_str() {
            BYTES => format!("the bytes of the exhibit in entry {}", redaction.entry),
            field => format!("the text `{field}` of entry {}", redaction.entry),
        };
        let by = match answer.one_person {
            true => format!("{} alone", who(&answer.mark.by)),
            false => format!(
                "{} and {}",
                who(&redaction.proposed.by),
                who(&answer.mark.by)
            ),
        };
        let said = format!(
            "{number}: {what} was erased by {by}, as entry {} says",
            answer.mark.seq
        );
        checked.find(Verified::ValidWithRedactions, said);
    }
}

fn who(who: &Who) -> String {
    match who {
        Who::Person(person) => person.to_string(),
        Who::Service(name) => name.clone(),
        Who::Reporter => "a reporter".to_owned(),
        Who::System => "Henhouse".to_owned(),
    }
}

/// Checks a project whose chain holds: that it can be read, and its row and its people in the index.
pub(super) fn check_project(
    inner: &Inner,
    view: &dyn View,
    row: &JournalRow,
    checked: &mut Checked,
) -> Result<()> {
    let state = match inner.project(view, row.id) {
        Ok(project) => project.state,
        Err(error) => {
            checked.find(verdict_of(&error), sentence(error)?);
            return Ok(());
        }
    };
    let (made, people) = projects::made_of(row.id, &state);
    if view.project(row.id)?.as_ref() != Some(&made) || view.members(row.id)? != people {
        differs(row, "the row of the project", checked);
    }
    if !alerts::says_held(inner, view, row.id)? {
        differs(row, "the alerts that are held back", checked);
    }
    Ok(())
}

/// The entries say which exhibits there are and what their bytes are; the index only repeats it.
fn check_exhibits(
    inner: &Inner,
    view: &dyn View,
    row: &JournalRow,
    case: &Case,
    exhibits: Option<&Exhibits>,
    checked: &mut Checked,
) -> Result<()> {
    let id = row.id;
    let key = journal::key(view, &inner.root, id)?;
    let listed = view.exhibits(id)?.into_iter();
    let mut listed: BTreeMap<_, _> = listed.map(|row| (row.id.clone(), row)).collect();
    for exhibit in &case.part.evidence.exhibits {
        let erased = case.part.record.is_redacted(exhibit.seq, BYTES);
        let bytes = bytes_of(&exhibit.what);
        let same = listed.remove(&exhibit.id).is_some_and(|listed| {
            let hash = bytes.map(|hash| *hash.as_bytes());
            (listed.seq, listed.sha256, listed.erased) == (exhibit.seq, hash, erased)
        });
        if !same {
            differs(row, &exhibit.id, checked);
        }
        if erased {
            continue;
        }
        let (Some(exhibits), Some(hash)) = (exhibits, bytes) else {
            continue;
        };
        match exhibits.verify(&key, &hash) {
            Ok(_) => checked.exhibits += 1,
            Err(error) => {
                let what = format!("journal {id}: {}: {error}", exhibit.id);
                checked.find(Verified::Tampered, what);
            }
        }
    }
    for unknown in listed.keys() {
        differs(row, unknown, checked);
    }
    Ok(())
}

/// Numbers are given without gaps, so that a case that is gone as a whole leaves one.
pub(super) fn check_numbers(
    counters: BTreeMap<String, u64>,
    numbers: &BTreeSet<CaseNumber>,
    checked: &mut Checked,
) {
    let mut last: BTreeMap<String, u64> = BTreeMap::new();
    for number in numbers {
        let last = last.entry(number.prefix.clone()).or_default();
        *last = (*last).max(number.n);
    }
    for (name, n) in counters {
        if let Some(prefix) = name.strip_prefix("case ") {
            let last = last.entry(prefix.to_owned()).or_default();
            if n < *last {
                let what = format!(
                    "the next case of {prefix} would be numbered after {n}, and {last} is taken"
                );
                checked.find(Verified::IndexDiffers, what);
            }
            *last = (*last).max(n);
        }
    }
    for (prefix, last) in last {
        let all = (1..=last).map(|n| CaseNumber {
            prefix: prefix.clone(),
            n,
        });
        for missing in all.filter(|number| !numbers.contains(number)).take(NAMED) {
            let what = format!("case {missing}: its number was given, and it is not here");
            checked.find(Verified::Incomplete, what);
        }
    }
}
