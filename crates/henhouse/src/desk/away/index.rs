//! What waits in the spool, without its words: what it is, where it stands, and by what it is asked for. However much
//! waits, memory holds some hundred bytes for each.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use jiff::Timestamp;
use uuid::Uuid;

use super::super::ack::Press;
use super::shares::Shares;
use super::{Item, KeptPress};
use crate::desk::OneUse;
use crate::spool::{Placed, Span};

/// What waits.
#[derive(Default)]
pub(super) struct Index {
    items: BTreeMap<u64, Known>,
    reports: BTreeMap<Uuid, u64>,
    /// Of reports that came under a key.
    keys: BTreeMap<String, u64>,
    /// Of taps, by the link.
    presses: BTreeMap<Uuid, u64>,
    /// Of attempts, by the case.
    tries: BTreeMap<Uuid, BTreeSet<u64>>,
    /// Of a notice, how many attempts are kept.
    tried: BTreeMap<Uuid, u32>,
    shares: Shares,
    /// Reports and taps.
    count: usize,
}

/// One thing that waits.
struct Known {
    span: Span,
    /// Since when; nothing for what waits only along with something else.
    at: Option<Timestamp>,
    from: Option<IpAddr>,
    what: What,
}

enum What {
    Report { case: Uuid, key: Option<String> },
    Press { link: Option<Uuid>, press: Press },
    Tried { case: Uuid, notice: Uuid },
}

/// What was pressed with a link, and when.
pub(super) type Pressed = (Press, Timestamp);

impl Index {
    /// Adds what was kept; `link` says which link a tap used, if it is one of ours.
    pub(super) fn add(
        &mut self,
        placed: Placed,
        item: &Item,
        link: impl FnOnce(&KeptPress) -> Option<Uuid>,
    ) {
        let n = placed.n;
        let (what, from) = match item {
            Item::Report(report) => {
                let key = report.open.once.as_ref().map(key);
                self.reports.insert(report.case, n);
                if let Some(key) = &key {
                    self.keys.entry(key.clone()).or_insert(n);
                }
                let case = report.case;
                (What::Report { case, key }, report.from)
            }
            Item::Press(kept) => {
                let link = link(kept);
                if let Some(link) = link {
                    self.presses.insert(link, n);
                }
                let press = kept.press;
                (What::Press { link, press }, None)
            }
            Item::Tried(tried) => {
                self.tries.entry(tried.case).or_default().insert(n);
                let count = self.tried.entry(tried.notice).or_default();
                *count = (*count).max(tried.n);
                let (case, notice) = (tried.case, tried.notice);
                (What::Tried { case, notice }, None)
            }
        };
        let known = Known {
            span: placed.span,
            at: item.at(),
            from,
            what,
        };
        self.shares.take(from, known.span.bytes());
        self.count += usize::from(known.at.is_some());
        self.items.insert(n, known);
    }

    /// Takes out what was settled; says since when it had waited, if it is a report or a tap.
    pub(super) fn remove(&mut self, n: u64) -> Option<Timestamp> {
        let known = self.items.remove(&n)?;
        self.shares.give_back(known.from, known.span.bytes());
        self.count -= usize::from(known.at.is_some());
        match known.what {
            What::Report { case, key } => {
                self.reports.remove(&case);
                if let Some(key) = key.filter(|key| self.keys.get(key) == Some(&n)) {
                    self.keys.remove(&key);
                }
            }
            What::Press { link, .. } => {
                if let Some(link) = link.filter(|link| self.presses.get(link) == Some(&n)) {
                    self.presses.remove(&link);
                }
            }
            What::Tried { case, notice } => {
                self.tried.remove(&notice);
                if let Some(tries) = self.tries.get_mut(&case) {
                    tries.remove(&n);
                    if tries.is_empty() {
                        self.tries.remove(&case);
                    }
                }
            }
        }
        known.at
    }

    /// Takes in what another one holds, all of which is older.
    pub(super) fn join(&mut self, mut older: Self) {
        std::mem::swap(self, &mut older);
        let newer = older;
        self.shares.join(newer.shares);
        self.count += newer.count;
        self.items.extend(newer.items);
        self.reports.extend(newer.reports);
        for (key, n) in newer.keys {
            self.keys.entry(key).or_insert(n);
        }
        self.presses.extend(newer.presses);
        for (case, tries) in newer.tries {
            self.tries.entry(case).or_default().extend(tries);
        }
        for (notice, n) in newer.tried {
            let count = self.tried.entry(notice).or_default();
            *count = (*count).max(n);
        }
    }

    /// So many, from behind that place on, in order.
    pub(super) fn after(&self, n: u64, limit: usize) -> Vec<u64> {
        let later = self.items.range(n + 1..).map(|(n, _)| *n);
        later.take(limit).collect()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    pub(super) fn span(&self, n: u64) -> Option<Span> {
        self.items.get(&n).map(|known| known.span)
    }

    /// The place of a case's report.
    pub(super) fn report(&self, case: Uuid) -> Option<u64> {
        self.reports.get(&case).copied()
    }

    /// The place of the report that came under this key.
    pub(super) fn under_key(&self, once: &OneUse) -> Option<u64> {
        self.keys.get(&key(once)).copied()
    }

    /// What was pressed with this link last.
    pub(super) fn pressed(&self, link: Uuid) -> Option<Pressed> {
        let known = self.items.get(self.presses.get(&link)?)?;
        match known.what {
            What::Press { press, .. } => Some((press, known.at?)),
            _ => None,
        }
    }

    /// The places of the attempts that were made for a case.
    pub(super) fn tries_of(&self, case: Uuid) -> Vec<u64> {
        let tries = self.tries.get(&case);
        tries.map_or_else(Vec::new, |tries| tries.iter().copied().collect())
    }

    /// How many attempts of a notice are kept.
    pub(super) fn tried(&self, notice: Uuid) -> u32 {
        self.tried.get(&notice).copied().unwrap_or(0)
    }

    pub(super) fn shares(&self) -> &Shares {
        &self.shares
    }

    #[cfg(test)]
    pub(super) fn shares_mut(&mut self) -> &mut Shares {
        &mut self.shares
    }

    /// Reports and taps that wait.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// Reports that wait.
    pub(super) fn reports(&self) -> usize {
        self.reports.len()
    }

    /// Since when the oldest of them waits.
    pub(super) fn oldest(&self) -> Option<Timestamp> {
        self.items.values().find_map(|known| known.at)
    }
}

fn key(once: &OneUse) -> String {
    format!("{}\0{}", once.actor, once.key)
}
