//! Who may see the case, and how far its words may travel (R21, R101, M23).
//!
//! A restricted case exists only for its members. It is restricted from its first
//! second, not when somebody finds the time. A single entry can be restricted too: it is
//! then the members' own, and leaves by no connector.

mod decide;
mod judge;
mod payload;

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use jiff::Timestamp;

use crate::actor::Who;
use crate::agenda::{Obligation, Permit};
use crate::at::At;
use crate::basis::Marking;
use crate::entry::{Body, Entry};
use crate::id::PersonId;
use crate::notice::{Notice, Recipient};
use crate::pulse::Due;

pub use payload::{
    AddMember, EntryRestricted, MarkingSet, MemberAdded, MemberRemoved, RemoveMember, Restrict,
    RestrictEntry, Restricted, SetMarking, Unrestrict, Unrestricted,
};

pub(crate) use decide::{decide, not_about_the_ic};
pub(crate) use judge::judge;

/// An entry of the restricted annex (R21).
#[derive(Clone, Debug, PartialEq)]
pub struct Flagged {
    /// When the entry itself was written.
    pub written_at: Timestamp,
    /// The entry that restricted it; the same one if it was so from its first second.
    pub by_entry: u64,
    /// When it was restricted.
    pub at: Timestamp,
    /// By whom.
    pub by: Who,
}

/// This chapter's part of the case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// The case exists only for its members.
    pub restricted: bool,
    /// How far its words may travel.
    pub marking: Marking,
    /// Who sees it while it is restricted.
    pub members: BTreeSet<PersonId>,
    /// Whom it is about: neither called nor shown it (M23).
    pub subject: Option<PersonId>,
    /// The restricted annex, by seq (R21).
    pub annex: BTreeMap<u64, Flagged>,
    /// When each entry was written, for those that are restricted later.
    written: Vec<Timestamp>,
}

impl State {
    /// Folds one entry in.
    pub fn apply(&mut self, entry: &Entry) {
        self.written.push(entry.recorded_at);
        self.follow(entry);
        self.people(entry);
        if let Some(subject) = &self.subject {
            self.members.remove(subject);
        }
    }

    fn follow(&mut self, entry: &Entry) {
        match &entry.body {
            Body::Reported(reported) => {
                self.subject.clone_from(&reported.report.about_person);
                self.restricted = reported.restricted;
            }
            Body::ReportAdded(added) => {
                self.restricted |= added.restricted;
                self.concerns(added.report.about_person.as_ref());
            }
            Body::MergedFrom(merged) => self.concerns(merged.subject()),
            Body::CriteriaAnswered(answered) => self.restricted |= answered.restricts,
            Body::Restricted(restricted) => {
                self.restricted = true;
                if restricted.about_person.is_some() {
                    self.subject.clone_from(&restricted.about_person);
                }
            }
            Body::Unrestricted(_) => {
                self.restricted = false;
                self.subject = None;
                self.marking = self.marking.min(Marking::AmberStrict);
            }
            Body::MarkingSet(set) => {
                self.marking = set.marking;
                self.restricted |= set.marking == Marking::Red;
            }
            Body::EntryRestricted(flagged) => self.flag(flagged.entry, entry),
            body if is_sensitive(body, self) => self.flag(entry.seq, entry),
            _ => {}
        }
    }

    /// A later report may say whom it is about.
    fn concerns(&mut self, person: Option<&PersonId>) {
        if let Some(person) = person {
            self.subject.get_or_insert_with(|| person.clone());
        }
    }

    fn flag(&mut self, seq: u64, by: &Entry) {
        let place = usize::try_from(seq).ok().and_then(|seq| seq.checked_sub(1));
        let written_at = place.and_then(|place| self.written.get(place)).copied();
        self.annex.entry(seq).or_insert(Flagged {
            written_at: written_at.unwrap_or(by.recorded_at),
            by_entry: by.seq,
            at: by.recorded_at,
            by: by.actor.who.clone(),
        });
    }

    /// Whoever is drawn into the case sees it.
    fn people(&mut self, entry: &Entry) {
        let actor = entry.actor.as_person();
        match &entry.body {
            Body::Reported(reported) => {
                self.members.extend(reported.reporter.clone());
                self.members.extend(reported.paged.iter().cloned());
            }
            Body::ReportAdded(added) => self.members.extend(added.reporter.clone()),
            Body::MergedFrom(merged) => {
                self.members.extend(merged.reports.iter().filter_map(|r| r.reporter.clone()));
            }
            Body::Called(called) => {
                self.members.insert(called.person.clone());
            }
            Body::CalledIn(called) => {
                self.members.insert(called.person.clone());
            }
            Body::HandoverOffered(offered) => {
                self.members.insert(offered.to.clone());
            }
            Body::ShiftPlanned(planned) => {
                self.members.insert(planned.person.clone());
            }
            Body::MemberAdded(added) => {
                self.members.insert(added.person.clone());
            }
            Body::MemberRemoved(removed) => {
                self.members.remove(&removed.person);
            }
            Body::FalseAlarmCalled(called) => self.members.extend(called.second.clone()),
            Body::Confirmed(confirmed) => self.members.extend(confirmed.joined.iter().cloned()),
            Body::Acknowledged(_) | Body::Joined(_) | Body::TookOver(_) | Body::Restricted(_) => {
                self.members.extend(actor.cloned());
            }
            _ => {}
        }
    }

    /// Whether this entry is in the restricted annex: only members read it, and of it a
    /// connector carries no more than that it exists (R21).
    #[must_use]
    pub fn is_annexed(&self, seq: u64) -> bool {
        self.annex.contains_key(&seq)
    }
}

/// What is restricted from its first second: a note that says so, the link of a call or
/// document for sensitive talk (R36), and the correction of a restricted note.
fn is_sensitive(body: &Body, state: &State) -> bool {
    match body {
        Body::NoteAdded(note) => note.restricted,
        Body::NoteCorrected(corrected) => corrected.restricted || state.is_annexed(corrected.note),
        Body::CallOpened(_) | Body::CallClosed(_) | Body::DocumentOpened(_) => true,
        Body::RedactionProposed(proposed) => state.is_annexed(proposed.entry),
        _ => false,
    }
}

pub(crate) fn owes(_: At, _: &mut Vec<Obligation>) {}

pub(crate) fn dues(_: At, _: &mut Vec<Due>) {}

pub(crate) fn permits(_: At, _: &mut Vec<Permit>) {}

/// Members hear when the case closes around them, and the IC of what is sensitive.
pub(crate) fn tell(at: At, entry: &Entry, out: &mut Vec<Notice>) {
    let secrecy = &at.case.part.secrecy;
    let actor = entry.actor.as_person();
    let not_the_actor = |person: &&PersonId| actor != Some(*person);
    let to = |person: &PersonId| Notice::entry(Recipient::Person(person.clone()));
    match &entry.body {
        Body::Restricted(_) | Body::Unrestricted(_) => {
            out.extend(secrecy.members.iter().filter(not_the_actor).map(to));
        }
        Body::MemberAdded(added) => out.push(to(&added.person)),
        Body::EntryRestricted(_) => out.extend(at.case.ic().filter(not_the_actor).map(to)),
        Body::NoteAdded(note) if note.restricted => {
            out.extend(at.case.ic().filter(not_the_actor).map(to));
        }
        _ => {}
    }
}
