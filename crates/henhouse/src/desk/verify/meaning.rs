//! What a case's entries say, held against its evidence and its rows in the index.

use std::collections::{BTreeMap, BTreeSet};

use procedure::Case;

use super::super::cases::Folded;
use super::super::error::Result;
use super::super::exhibits::bytes_of;
use super::super::react::BYTES;
use super::super::{Inner, index, journal, rebuild};
use super::{Checked, Verified, sentence};
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
    let mut folded = Folded::empty(row.id);
    if let Err(error) = folded.catch_up(view, &inner.root, row.id) {
        let what = format!("journal {}: {}", row.id, sentence(error)?);
        checked.find(Verified::Tampered, what);
        return Ok(None);
    }
    check_exhibits(inner, view, row, &folded.case, exhibits, checked)?;
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
    let same = view.case(row.id)?.as_ref() == Some(&made);
    let members = view.members(row.id)? == index::members(case);
    Ok((made.number, same && members))
}

fn differs(row: &JournalRow, what: &str, checked: &mut Checked) {
    let what = format!(
        "journal {}: the index differs from the entries ({what}); run `henhouse rebuild`",
        row.id
    );
    checked.find(Verified::Tampered, what);
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
            let what = format!("journal {id}: the bytes of {} were erased", exhibit.id);
            checked.find(Verified::ValidWithRedactions, what);
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
    view: &dyn View,
    numbers: &BTreeSet<CaseNumber>,
    checked: &mut Checked,
) -> Result<()> {
    let mut last: BTreeMap<String, u64> = BTreeMap::new();
    for number in numbers {
        let last = last.entry(number.prefix.clone()).or_default();
        *last = (*last).max(number.n);
    }
    for (name, n) in view.counters()? {
        if let Some(prefix) = name.strip_prefix("case ") {
            let last = last.entry(prefix.to_owned()).or_default();
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
    Ok(())
}
