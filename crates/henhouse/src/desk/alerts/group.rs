//! What joins a group of its sender's that fires already: told of by its own words, once. What is known of a group stands
//! in the case, which the writer has at hand.

use std::collections::BTreeSet;

use procedure::chapters::intake::{AlertNoted, AlertStep, Gravity};
use procedure::{Case, Text};

use super::take::{LONGEST_TITLE, LONGEST_WORDS, text};
use super::{Alert, Member};
use crate::desk::Inner;
use crate::desk::cases::Folded;
use crate::desk::error::Result;
use crate::store::{AlertRow, JournalId, Tx};

/// So many of a group are told of by name. Who sends more of them in one group is only counted, and told so.
const MOST: usize = 1_000;
/// Said where there are more.
const NO_MORE: &str = "This group is so large that what else joins it is only counted.";

/// The keys of those in a group, as an entry keeps them.
pub(super) fn keys<'a>(members: impl Iterator<Item = &'a Member>) -> Vec<Text> {
    let keys: BTreeSet<&str> = members.map(|member| member.key.as_str()).collect();
    keys.into_iter().take(MOST).map(Text::from).collect()
}

/// What this sending says that was not said before: who joined the group, and that it is graver now.
pub(super) fn more(
    inner: &Inner,
    tx: &mut dyn Tx,
    (row, runs): (&AlertRow, JournalId),
    alert: &Alert,
) -> Result<Vec<AlertNoted>> {
    let mut known = BTreeSet::new();
    let mut gravest: Option<Gravity> = None;
    let both = [
        Some(row.journal),
        Some(runs).filter(|runs| *runs != row.journal),
    ];
    for journal in both.into_iter().flatten() {
        look(inner, tx, journal, |case| {
            if let Some(told) = case.part.intake.alerts.get(&row.id.to_string()) {
                gravest = gravest.max(told.gravity);
                known.extend(
                    told.members
                        .iter()
                        .filter_map(Text::plain)
                        .map(str::to_owned),
                );
            }
        })?;
    }
    let graver = alert.gravity > gravest;
    let room = MOST.saturating_sub(known.len());
    let mut new = Vec::new();
    for member in &alert.members {
        if room > 0 && known.insert(member.key.clone()) {
            new.push(member);
        }
    }
    let full = new.len() > room;
    new.truncate(room);
    let mut told: Vec<AlertNoted> = portions(&new)
        .into_iter()
        .map(|(members, words)| grew(row, alert, members, &words))
        .collect();
    if told.is_empty() && graver {
        told.push(grew(row, alert, &[], &alert.words));
    }
    if full {
        told.push(grew(row, alert, &[], NO_MORE));
    }
    Ok(told)
}

fn grew(row: &AlertRow, alert: &Alert, members: &[&Member], words: &str) -> AlertNoted {
    AlertNoted {
        source: row.source.clone(),
        alert: row.id.to_string(),
        step: AlertStep::Grew,
        times: row.times,
        alias: None,
        title: text(&alert.title, LONGEST_TITLE),
        words: text(words, LONGEST_WORDS),
        gravity: alert.gravity,
        members: keys(members.iter().copied()),
        rule: None,
        group: None,
        routed: None,
        facts: None,
    }
}

/// As many together as an entry has room for in words.
fn portions<'a>(new: &'a [&'a Member]) -> Vec<(&'a [&'a Member], String)> {
    let mut all = Vec::new();
    let (mut from, mut words) = (0, String::new());
    for (n, member) in new.iter().enumerate() {
        if n > from && words.len() + member.words.len() > LONGEST_WORDS {
            all.push((&new[from..n], std::mem::take(&mut words)));
            from = n;
        }
        words.push_str(&member.words);
        words.push_str("\n\n");
    }
    if from < new.len() {
        all.push((&new[from..], words));
    }
    all
}

/// Looks at a case as the writer has it.
pub(super) fn look(
    inner: &Inner,
    tx: &mut dyn Tx,
    id: JournalId,
    see: impl FnOnce(&Case),
) -> Result<()> {
    let batch = tx.batch();
    let (mut folded, changed): (Folded, bool) = inner.writing.take(batch, id);
    folded.catch_up(tx, &inner.root, id)?;
    see(&folded.case);
    inner.writing.put_back(batch, id, folded, changed);
    Ok(())
}
