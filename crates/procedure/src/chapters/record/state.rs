//! The record of a case, folded.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use jiff::Timestamp;

use super::deviation::{self, Deviation};
use super::fact::{Fact, FactKind};
use crate::mark::Mark;
use crate::chapters::intake::Pinned;
use crate::entry::{Body, Entry};
use crate::id::PersonId;
use crate::rule::Rule;

/// This chapter's part of the case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// Hash of the basis in force, hex.
    pub basis: Option<String>,
    /// The number that people say.
    pub number: Option<String>,
    /// What happened, in the order it was written down (M15).
    pub facts: Vec<Fact>,
    /// What went ahead against a rule (M15).
    pub deviations: Vec<Deviation>,
    /// The playbook that the case follows, with the entry that says so.
    pub pinned: Option<(Mark, Pinned)>,
    /// Every playbook that it followed, in order, the one in force last (X29, X30).
    pub followed: Vec<(Mark, Pinned)>,
    /// Where the case moved to another edition, in order (X30).
    pub adopted: Vec<Mark>,
    /// The client's own procedure when the case was opened (X29).
    pub client_procedure: Option<String>,
    /// Where the team talks and where the ticket is (R45).
    pub places: Vec<String>,
    /// Notes by the seq of their entry.
    pub notes: BTreeMap<u64, Note>,
    /// Ticks by the line of the checklist; a line without a tick is absent (R2).
    pub ticks: BTreeMap<String, Mark>,
    /// Calls in order.
    pub calls: Vec<Call>,
    /// Documents in order.
    pub documents: Vec<Document>,
    /// Redactions in order.
    pub redactions: Vec<Redaction>,
    /// When somebody said something new about the matter last, after the report (R35, X1).
    pub update: Option<Mark>,
    /// Who said something (R35).
    pub wrote: BTreeSet<PersonId>,
    /// Who joined when nothing had been written down yet (X1).
    pub joined: Vec<Arrival>,
    /// An entry is missing from what was folded (R48).
    pub gap: bool,
    last: u64,
}

/// A note.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// Who wrote it, and when.
    pub mark: Mark,
    /// When it happened, as its author says.
    pub happened_at: Timestamp,
    /// It belongs to the restricted annex.
    pub restricted: bool,
    /// Its corrections, by seq. The last one counts, all are shown (R35).
    pub corrections: Vec<u64>,
}

/// A call for sensitive talk (R36).
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// Who opened it, and when.
    pub opened: Mark,
    /// Who takes part.
    pub participants: BTreeSet<PersonId>,
    /// It is being recorded.
    pub recording: bool,
    /// It is over.
    pub closed: Option<Mark>,
    /// There is a recording.
    pub recorded: bool,
    /// There is a written summary, in that entry.
    pub summary: Option<u64>,
}

impl Call {
    /// Whether what was said can be found again (X11).
    #[must_use]
    pub fn is_on_record(&self) -> bool {
        self.recorded || self.summary.is_some()
    }
}

/// A document for sensitive talk (R36).
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// Who opened it, and when.
    pub opened: Mark,
    /// Who may write in it.
    pub participants: BTreeSet<PersonId>,
}

/// A redaction (X39).
#[derive(Clone, Debug, PartialEq)]
pub struct Redaction {
    /// Who asked for it, and when.
    pub proposed: Mark,
    /// The entry whose text it is.
    pub entry: u64,
    /// Its field.
    pub field: String,
    /// What the second person said.
    pub answer: Option<RedactionAnswer>,
}

/// What the second person said to a redaction.
#[derive(Clone, Debug, PartialEq)]
pub struct RedactionAnswer {
    /// Who, and when.
    pub mark: Mark,
    /// It stays as it is.
    pub declined: bool,
    /// It was the same person, because nobody else answered (M16).
    pub one_person: bool,
}

/// Somebody came into the response.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrival {
    /// Who, and when.
    pub mark: Mark,
    /// The IC had written something down by then.
    pub something_written: bool,
}

/// Entries by people that say nothing new about the matter itself.
const BOOKKEEPING: &[&str] = &[
    "acknowledged",
    "joined",
    "left",
    "passed_on",
    "waived",
    "item_ticked",
    "item_unticked",
    "tags_set",
    "member_added",
    "member_removed",
    "marking_set",
    "entry_restricted",
    "call_opened",
    "document_opened",
    "redaction_proposed",
    "redacted",
    "redaction_declined",
    "playbook_adopted",
    "handover_offered",
    "handover_accepted",
    "disagreed",
];

/// Whether somebody says something about the matter (R35, X1).
#[must_use]
pub fn is_substantive(entry: &Entry) -> bool {
    entry.actor.as_person().is_some() && !BOOKKEEPING.contains(&entry.body.kind())
}

impl State {
    fn pin(&mut self, entry: &Entry, pinned: Pinned) {
        self.pinned = Some((Mark::of(entry), pinned.clone()));
        self.followed.push((Mark::of(entry), pinned));
    }

    /// Folds one entry in.
    pub fn apply(&mut self, entry: &Entry) {
        self.gap |= entry.seq != self.last + 1;
        self.last = entry.seq;
        if let Body::Acknowledged(_) | Body::Joined(_) = &entry.body {
            let (mark, something_written) = (Mark::of(entry), self.update.is_some());
            self.joined.push(Arrival { mark, something_written });
        }
        if is_substantive(entry) {
            self.write(entry);
        }
        deviation::apply(&mut self.deviations, entry);
        self.keep(entry);
    }

    /// Somebody said something: mostly one of those who did before, whose name need not be kept anew.
    fn write(&mut self, entry: &Entry) {
        match &mut self.update {
            Some(last) => last.renew(entry),
            update if entry.seq > 1 => *update = Some(Mark::of(entry)),
            _ => {}
        }
        if let Some(person) = entry.actor.as_person().filter(|person| !self.wrote.contains(*person)) {
            self.wrote.insert(person.clone());
        }
    }

    fn keep(&mut self, entry: &Entry) {
        match &entry.body {
            Body::BasisChanged(changed) => self.basis = Some(changed.basis.clone()),
            Body::Numbered(numbered) => self.number = Some(numbered.number.clone()),
            Body::FactRecorded(recorded) => self.facts.push(Fact::new(entry, recorded)),
            Body::Reported(reported) => {
                self.places.clone_from(&reported.places);
                self.client_procedure.clone_from(&reported.client_procedure);
                self.pin(entry, reported.playbook.clone());
            }
            Body::PlaybookAdopted(adopted) => {
                let (name, edition) = (adopted.name.clone(), adopted.edition);
                let pinned = Pinned { name, edition, review: adopted.review };
                self.pin(entry, pinned);
                self.adopted.push(Mark::of(entry));
            }
            Body::NoteAdded(note) => {
                let kept = Note {
                    mark: Mark::of(entry),
                    happened_at: entry.time(),
                    restricted: note.restricted,
                    corrections: Vec::new(),
                };
                self.notes.insert(entry.seq, kept);
            }
            Body::NoteCorrected(corrected) => {
                if let Some(note) = self.notes.get_mut(&corrected.note) {
                    note.corrections.push(entry.seq);
                }
            }
            Body::ItemTicked(ticked) => {
                self.ticks.insert(ticked.item.clone(), Mark::of(entry));
            }
            Body::ItemUnticked(unticked) => {
                self.ticks.remove(&unticked.item);
            }
            _ => self.keep_talk(entry),
        }
    }

    fn keep_talk(&mut self, entry: &Entry) {
        let mark = || Mark::of(entry);
        match &entry.body {
            Body::CallOpened(opened) => self.calls.push(Call {
                opened: mark(),
                participants: opened.participants.clone(),
                recording: opened.recording,
                closed: None,
                recorded: false,
                summary: None,
            }),
            Body::CallClosed(closed) => {
                if let Some(call) = nth_mut(&mut self.calls, closed.call) {
                    call.closed.get_or_insert_with(mark);
                    call.recorded |= closed.recorded;
                    call.participants.extend(closed.participants.iter().cloned());
                    call.summary = call.summary.or(closed.summary.as_ref().map(|_| entry.seq));
                }
            }
            Body::DocumentOpened(opened) => self.documents.push(Document {
                opened: mark(),
                participants: opened.participants.clone(),
            }),
            Body::RedactionProposed(proposed) => self.redactions.push(Redaction {
                proposed: mark(),
                entry: proposed.entry,
                field: proposed.field.clone(),
                answer: None,
            }),
            Body::Redacted(redacted) => {
                let answer = RedactionAnswer {
                    mark: mark(),
                    declined: false,
                    one_person: redacted.one_person,
                };
                self.answer(redacted.redaction, answer);
            }
            Body::RedactionDeclined(declined) => {
                let answer = RedactionAnswer { mark: mark(), declined: true, one_person: false };
                self.answer(declined.redaction, answer);
            }
            _ => {}
        }
    }

    fn answer(&mut self, redaction: u32, answer: RedactionAnswer) {
        if let Some(redaction) = nth_mut(&mut self.redactions, redaction) {
            redaction.answer = Some(answer);
        }
    }

    /// The first deviation from a rule.
    #[must_use]
    pub fn deviation(&self, rule: Rule) -> Option<&Deviation> {
        self.deviations.iter().find(|deviation| deviation.rule == rule)
    }

    /// What happened as far as anybody knows: theories are not among it (X9).
    pub fn happenings(&self) -> impl Iterator<Item = &Fact> {
        self.facts.iter().filter(|fact| fact.kind != FactKind::Hypothesis)
    }

    /// The call of that number, from 1.
    #[must_use]
    pub fn call(&self, n: u32) -> Option<&Call> {
        nth(&self.calls, n)
    }

    /// The redaction of that number, from 1.
    #[must_use]
    pub fn redaction(&self, n: u32) -> Option<&Redaction> {
        nth(&self.redactions, n)
    }

    /// Calls of which nothing can be found again, with their numbers (X11).
    pub fn calls_without_record(&self) -> impl Iterator<Item = (u32, &Call)> {
        (1..).zip(&self.calls).filter(|(_, call)| !call.is_on_record())
    }

    /// Whether this text of this entry was erased.
    #[must_use]
    pub fn is_redacted(&self, entry: u64, field: &str) -> bool {
        let erased = |r: &Redaction| r.answer.as_ref().is_some_and(|answer| !answer.declined);
        let this = |r: &&Redaction| r.entry == entry && r.field == field;
        self.redactions.iter().filter(this).any(erased)
    }
}

fn nth<T>(list: &[T], n: u32) -> Option<&T> {
    list.get(usize::try_from(n.checked_sub(1)?).ok()?)
}

fn nth_mut<T>(list: &mut [T], n: u32) -> Option<&mut T> {
    list.get_mut(usize::try_from(n.checked_sub(1)?).ok()?)
}
