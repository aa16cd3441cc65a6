//! Sitreps and who gets them, folded.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use jiff::Timestamp;

use super::payload::SitrepPublished;
use crate::mark::Mark;
use crate::entry::{Body, Entry};
use crate::notice::Recipient;
use crate::playbook::Severity;

/// A sitrep as it went out.
#[derive(Clone, Debug, PartialEq)]
pub struct Sitrep {
    /// The entry.
    pub mark: Mark,
    /// What it said.
    pub said: SitrepPublished,
}

impl Sitrep {
    /// It moves the clock of the cadence: a person wrote it, and it is not a correction.
    #[must_use]
    pub fn counts(&self) -> bool {
        let by_person = matches!(self.mark.by, crate::actor::Who::Person(_));
        by_person && self.said.correction_of.is_none()
    }
}

/// How often sitreps are due in this case, by choice.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// The entry.
    pub mark: Mark,
    /// Every so many minutes.
    pub minutes: Option<u32>,
    /// As if the case had this severity.
    pub like: Option<Severity>,
}

/// This chapter's part of the case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// Every sitrep, in order; number `n` is at `n - 1`.
    pub sitreps: Vec<Sitrep>,
    /// Choices of cadence, in order.
    pub cadences: Vec<Choice>,
    /// Who was added on the way, and by which entry (R77).
    pub added: BTreeMap<Recipient, Mark>,
    /// Who was taken off, misaddressed ones included (M23).
    pub removed: BTreeSet<Recipient>,
    /// Every act of a person that says something new, by seq and time (R34).
    pub updates: Vec<(u64, Timestamp)>,
}

impl State {
    /// Folds one entry in.
    pub fn apply(&mut self, entry: &Entry) {
        let mark = || Mark::of(entry);
        if is_update(entry) {
            self.updates.push((entry.seq, entry.recorded_at));
        }
        match &entry.body {
            Body::SitrepPublished(said) => {
                self.sitreps.push(Sitrep { mark: mark(), said: said.clone() });
            }
            Body::CadenceChanged(changed) => {
                let (minutes, like) = (changed.minutes, changed.like);
                self.cadences.push(Choice { mark: mark(), minutes, like });
            }
            Body::StakeholderAdded(added) => {
                self.removed.remove(&added.who);
                self.added.insert(added.who.clone(), mark());
            }
            Body::StakeholderRemoved(removed) => {
                self.added.remove(&removed.who);
                self.removed.insert(removed.who.clone());
            }
            _ => {}
        }
    }

    /// The initial sitrep, once it is published (R11, R42).
    #[must_use]
    pub fn initial(&self) -> Option<&Sitrep> {
        self.sitreps.iter().find(|sitrep| sitrep.said.initial)
    }

    /// Whether the initial sitrep was published (R11).
    #[must_use]
    pub fn has_initial(&self) -> bool {
        self.initial().is_some()
    }

    /// The last sitrep that moved the clock.
    #[must_use]
    pub fn last(&self) -> Option<&Sitrep> {
        self.sitreps.iter().rfind(|sitrep| sitrep.counts())
    }

    /// Everyone who ever got a sitrep (R74).
    pub fn reached(&self) -> BTreeSet<&Recipient> {
        self.sitreps.iter().flat_map(|sitrep| &sitrep.said.recipients).collect()
    }

    /// The first sitrep that counts after the entry of that seq, with its own seq (X4).
    #[must_use]
    pub fn first_after(&self, seq: u64) -> Option<(u64, Timestamp)> {
        let later = |sitrep: &&Sitrep| sitrep.counts() && sitrep.mark.seq > seq;
        self.sitreps.iter().find(later).map(|sitrep| (sitrep.mark.seq, sitrep.mark.at))
    }

    /// How many sitreps in a row said that nothing has changed.
    #[must_use]
    pub fn unchanged_in_a_row(&self) -> usize {
        let counted = self.sitreps.iter().rev().filter(|sitrep| sitrep.counts());
        counted.take_while(|sitrep| sitrep.said.no_change).count()
    }
}

/// A person said or did something that keeps the record current (R34, M19): not that they
/// came, went, or passed a call on.
fn is_update(entry: &Entry) -> bool {
    let coming_and_going = matches!(
        entry.body,
        Body::Joined(_)
            | Body::Left(_)
            | Body::PassedOn(_)
            | Body::StillHere(_)
            | Body::TakeOverAsked(_)
            | Body::CallInAnswered(_)
            | Body::Waived(_)
    );
    entry.actor.as_person().is_some() && !coming_and_going
}
