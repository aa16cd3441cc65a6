//! The timeline by day, each entry in a line; and what is found in it.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use procedure::{Entry, PersonId};

use super::filter::Filter;
use crate::desk::CaseView;
use crate::report::timeline::{Log, Told};
use crate::report::{Names, Times};
use crate::web::words::Words;
use crate::web::{Call, Problem};

/// So many entries on one page of the timeline.
pub(super) const ENTRIES: u64 = 100;
/// So much of an entry stands in its line, in characters; all of it on its own page.
const LINE_LIMIT: usize = 360;
/// Entries are looked through in portions of so many.
const PORTION: u32 = 1_000;

/// What happened on one day, the newest first.
pub(super) struct Day {
    pub name: String,
    pub told: Vec<Said>,
}

/// One entry.
pub(super) struct Said {
    pub seq: u64,
    pub at: String,
    pub words: String,
    /// There is more of it, on its own page.
    pub more: bool,
    /// The entries that correct it.
    pub corrected: Vec<u64>,
    /// The entry that it corrects.
    pub corrects: Option<u64>,
    /// The entries for which it stands, itself among them, oldest first; none where it stands for itself alone.
    pub folded: Vec<u64>,
}

impl Said {
    /// What stands behind one of the numbers for which it stands.
    pub(super) fn between(&self, seq: &u64) -> &'static str {
        match self.folded.as_slice() {
            [.., last] if last == seq => "",
            [first, last] if first + 1 == *last => "–",
            _ => ", ",
        }
    }
}

/// Entries by day, the newest first; at most so many.
pub(super) fn days(
    told: &[Told],
    view: &CaseView,
    times: &Times,
    words: Words,
    most: usize,
) -> Vec<Day> {
    let (corrected, corrects) = corrections(view);
    let said = told.iter().rev().filter(|told| !told.goes_without_saying);
    // Several turns of one screw in the project are one change to whoever reads: the newest stands for all.
    let folds = |newer: &Told, older: &Told| {
        let both = older.of_project && newer.of_project && older.date == newer.date;
        both && older.words == newer.words
    };
    let mut lines: Vec<(&Told, Vec<u64>)> = Vec::new();
    for told in said {
        match lines.last_mut() {
            Some((newer, folded)) if folds(newer, told) => folded.push(told.seq),
            _ => lines.push((told, vec![told.seq])),
        }
    }
    let mut days: Vec<(Date, Day)> = Vec::new();
    for (told, mut folded) in lines.into_iter().take(most) {
        folded.reverse();
        if folded.len() == 1 {
            folded.clear();
        }
        if days.last().is_none_or(|(date, _)| *date != told.date) {
            let name = times.day(told.recorded_at);
            days.push((
                told.date,
                Day {
                    name,
                    told: Vec::new(),
                },
            ));
        }
        let readable = view.may_read(told.seq);
        let whole = if readable {
            told.words.as_str()
        } else {
            &*words.say("case-annexed")
        };
        let (line, more) = cut(whole);
        let one = Said {
            seq: told.seq,
            at: told.at.clone(),
            words: line,
            more,
            corrected: corrected.get(&told.seq).cloned().unwrap_or_default(),
            corrects: corrects.get(&told.seq).copied(),
            folded,
        };
        if let Some((_, day)) = days.last_mut() {
            day.told.push(one);
        }
    }
    days.into_iter().map(|(_, day)| day).collect()
}

/// A line of the list, and whether it is not all.
fn cut(words: &str) -> (String, bool) {
    let mut kept: String = words.chars().take(LINE_LIMIT).collect();
    let more = kept.len() < words.len();
    if more {
        kept.truncate(kept.trim_end().len());
        kept.push('…');
    }
    (kept, more)
}

type Corrections = (BTreeMap<u64, Vec<u64>>, BTreeMap<u64, u64>);

/// The corrections of each note, and what each of them corrects, as far as the reader may know (R35).
fn corrections(view: &CaseView) -> Corrections {
    let (mut corrected, mut corrects) = (BTreeMap::new(), BTreeMap::new());
    for (note, kept) in &view.case.part.record.notes {
        let by: Vec<u64> = kept.corrections.clone();
        let by: Vec<u64> = by.into_iter().filter(|seq| view.may_read(*seq)).collect();
        if !by.is_empty() && view.may_read(*note) {
            corrects.extend(by.iter().map(|seq| (*seq, *note)));
            corrected.insert(*note, by);
        }
    }
    (corrected, corrects)
}

/// Who can be asked for: those who wrote something that the reader is told of. Who reported is for the team (R116).
pub(super) fn writers(view: &CaseView) -> Vec<(String, String)> {
    let part = &view.case.part;
    let known = |person: &&PersonId| {
        view.is_on_team()
            || part.commander.ever.contains(*person)
            || view.basis.project.member(person).is_some()
    };
    let wrote = part.record.wrote.iter().filter(known);
    let names = Names::new(&view.directory);
    wrote.map(|id| (id.to_string(), names.person(id))).collect()
}

/// The entries that were found.
pub(super) struct Found {
    /// Those of this page, oldest first.
    pub told: Vec<Told>,
    /// The numbers of all of them, oldest first.
    pub all: Vec<u64>,
    /// So many could not be looked through: they are for those who take part.
    pub unread: u64,
}

/// Looks a case through for what is asked, and tells the newest of it before `before`.
pub(super) async fn find(
    call: &Call,
    view: &CaseView,
    filter: &Filter,
    before: u64,
) -> Result<Found, Problem> {
    let desk = &call.app.desk;
    let log = Log::new(&view.case, &view.basis, &view.directory, desk.now());
    let (mut found, mut after) = (
        Found {
            told: Vec::new(),
            all: Vec::new(),
            unread: 0,
        },
        0,
    );
    while after < view.case.seq {
        let entries: Vec<Arc<Entry>> = desk.entries(view, after, PORTION).await?;
        let Some(last) = entries.last() else { break };
        after = last.seq;
        for entry in entries {
            if !view.may_read(entry.seq) {
                found.unread += 1;
                continue;
            }
            if !filter.takes(&entry) || Log::goes_without_saying(&entry) {
                continue;
            }
            if !filter.words.is_empty() && !filter.reads(&log.with_claim(&entry)) {
                continue;
            }
            found.all.push(entry.seq);
            if entry.seq < before {
                found.told.push(log.told(&entry));
                if found.told.len() as u64 > 2 * ENTRIES {
                    found.told.drain(..ENTRIES as usize);
                }
            }
        }
    }
    let surplus = found.told.len().saturating_sub(ENTRIES as usize);
    found.told.drain(..surplus);
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_cut_between_characters_and_says_so() {
        assert_eq!(cut("short"), ("short".to_owned(), false));
        let long = "ü".repeat(LINE_LIMIT + 1);
        let (line, more) = cut(&long);
        assert!(more && line.chars().count() == LINE_LIMIT + 1 && line.ends_with('…'));
    }
}
