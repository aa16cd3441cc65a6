//! The numbers of receipts that were given without the database lead to the cases that their own ids name.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::super::away;
use super::super::error::Result;
use super::{Checked, Verified};
use crate::store::{JournalId, View};

/// Checks every setting that leads from a receipt to a case. One that is gone shows nowhere: no entry tells of it.
pub(super) fn check(view: &dyn View, checked: &mut Checked) -> Result<()> {
    let mut numbers = BTreeMap::new();
    let mut stands_for: BTreeMap<Uuid, Uuid> = BTreeMap::new();
    for (name, value) in view.settings()? {
        let case = Uuid::from_slice(&value).ok();
        if let Some(number) = name.strip_prefix(away::NUMBER) {
            numbers.insert(number.to_owned(), case);
        } else if let Some(told) = name.strip_prefix(away::STANDS_FOR)
            && let (Ok(told), Some(case)) = (told.parse(), case)
        {
            stands_for.insert(told, case);
        }
    }
    let mut led: Vec<Uuid> = numbers.values().flatten().copied().collect();
    led.extend(stands_for.keys());
    let of_cases = led.into_iter().map(|case| {
        let number = away::receipt_number(JournalId(case)).to_string();
        (number, stands_for.get(&case).copied().unwrap_or(case))
    });
    let of_cases: BTreeMap<String, Uuid> = of_cases.collect();
    for (number, case) in numbers {
        let there = case.map(|case| view.case(JournalId(case))).transpose()?;
        if there.flatten().is_none() || of_cases.get(&number).copied() != case {
            let what =
                format!("receipt {number}: it leads to another case than the one it was given for");
            checked.find(Verified::Tampered, what);
        }
    }
    Ok(())
}
