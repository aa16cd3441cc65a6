//! Reports that come by mail: which mail is one at once (R114), and the mail itself as evidence (R115).
//!
//! The subject is read here before there is any command, as the template is; nothing that a mail says of itself is
//! believed. What stands for the mail in the journal is said by the desk.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::payload::Route;
use super::phish::is_past;
use super::state::Received;
use crate::agenda::{Obligation, Owner};
use crate::at::{At, after, minutes};
use crate::chapters::evidence::Exhibit;
use crate::chapters::evidence::exhibit::What;
use crate::conformance::{Judged, Outcome};
use crate::id::PersonId;
use crate::playbook::EvidenceKind;
use crate::rule::Rule;
use crate::switch::on;

/// What stands in the subject of a report, in whatever letters.
const MARK: &str = "security incident";
/// Other words than the English ones are looked for in so many characters of a subject.
const SUBJECT_LOOKED_AT: usize = 2_000;
/// What is opened by itself is opened within so many minutes of its time.
const AT_ONCE: u32 = 1;

/// The mail that a report came by, as the journal names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailed {
    /// SHA-256 of the mail as it came, in hex, taken before anything read it (R115).
    pub sha256: String,
    /// It waited to be looked at, because its subject did not say that it is a report (R114).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waited: Option<Waited>,
}

/// How a mail waited in the review queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waited {
    /// Since when.
    pub since: Timestamp,
    /// When it was to be a report by itself; nothing for mail of people unknown (M24).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opens_at: Option<Timestamp>,
    /// Colleagues were warned of it while it waited (R110).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warned: Option<Warned>,
}

/// Who warned colleagues of a mail before there was a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warned {
    /// Who.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// Where a subject says that the mail is a report: in the words that everybody has, or in the project's own, in whatever
/// letters and behind whatever `Fwd` or `Re` (R114).
#[must_use]
pub fn says_report(subject: &str, own: Option<&str>) -> Option<Range<usize>> {
    if !on(Rule::R114) {
        return None;
    }
    let english = place_of_mark(subject).map(|place| place..place + MARK.len());
    english.or_else(|| place_of(own?, subject))
}

/// Where the words stand that everybody has. ASCII letters alone are compared in either case, so places in both are the same.
#[must_use]
pub fn place_of_mark(subject: &str) -> Option<usize> {
    subject.to_ascii_lowercase().find(MARK)
}

/// Where these words stand, in whatever letters of whatever language.
#[must_use]
pub fn place_of(words: &str, subject: &str) -> Option<Range<usize>> {
    let words: Vec<char> = one_line(words).chars().flat_map(char::to_lowercase).collect();
    let letters = subject.char_indices().take(SUBJECT_LOOKED_AT).flat_map(|(at, c)| {
        let end = at + c.len_utf8();
        c.to_lowercase().map(move |small| (at..end, small))
    });
    let letters: Vec<(Range<usize>, char)> = letters.collect();
    let same = |place: &&[(Range<usize>, char)]| place.iter().map(|(_, c)| c).eq(&words);
    let found = letters.windows(words.len().max(1)).find(same)?;
    Some(found.first()?.0.start..found.last()?.0.end)
}

/// Any white space and signs that control something become one space.
#[must_use]
pub fn one_line(words: &str) -> String {
    let parts = words.split(|c: char| c.is_whitespace() || c.is_control());
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [one] => (*one).to_owned(),
        _ => parts.join(" "),
    }
}

/// A report, and what stands for the mail that it came by.
fn mails<'a>(at: At<'a>) -> impl Iterator<Item = (&'a Received, &'a Mailed)> {
    let reports = at.case.part.intake.reports.iter();
    reports.filter_map(|received| Some((received, received.mailed.as_ref()?)))
}

/// The very bytes that came.
fn kept<'a>(at: At<'a>, mailed: &Mailed) -> Option<&'a Exhibit> {
    let is_it = |what: &What| matches!(what, What::Upload { sha256, .. } if *sha256 == mailed.sha256);
    at.case.part.evidence.exhibits.iter().find(|exhibit| is_it(&exhibit.what))
}

/// Another copy, where the bytes that came are lost.
fn copy<'a>(at: At<'a>, received: &Received) -> Option<&'a Exhibit> {
    let mut exhibits = at.case.part.evidence.exhibits.iter();
    exhibits.find(|exhibit| exhibit.kind == EvidenceKind::Mail && exhibit.seq > received.seq)
}

/// The IC gets a copy of a mail whose bytes did not come through (R115).
pub(super) fn owes(at: At, taken: Timestamp, out: &mut Vec<Obligation>) {
    if !at.case.is_active() || !on(Rule::R115) {
        return;
    }
    let missing = |(received, mailed): &(&Received, &Mailed)| {
        kept(at, mailed).is_none() && copy(at, received).is_none()
    };
    for (received, _) in mails(at).filter(missing) {
        let key = alloc::format!("mail:{}", received.seq);
        let what = "The mail of a report is not kept: ask for it once more, and add it as evidence.";
        let owed = Obligation::owed(Rule::R115, key, Owner::Ic, taken.max(received.at), what);
        out.push(owed.settled_by("add_exhibit"));
    }
}

/// Of several, what went worst.
fn worst(all: impl Iterator<Item = Judged>) -> Option<Judged> {
    let grave = |judged: &Judged| match judged.outcome {
        Outcome::Missing { .. } => 3,
        Outcome::Late { .. } => 2,
        Outcome::Open { .. } => 1,
        _ => 0,
    };
    let graver = |worst: Judged, next: Judged| match grave(&next) > grave(&worst) {
        true => next,
        false => worst,
    };
    all.reduce(graver)
}

/// What is said where no mail stands in the journal.
fn without_mail(at: At) -> Judged {
    let mut reports = at.case.part.intake.reports.iter();
    let by_mail = reports.any(|received| received.report.route == Route::Mail);
    Judged::not_applicable(match by_mail {
        true => "The record does not say how the mail came in.",
        false => "No report of it came by mail.",
    })
}

/// A report at once, as its subject says; what waited was looked at, or opened by itself in time (R114, M24).
pub(super) fn judge_the_subject(at: At) -> Judged {
    let judged = |(received, mailed): (&Received, &Mailed)| {
        let done = (received.at, &received.by, received.seq);
        let due = mailed.waited.as_ref().and_then(|waited| waited.opens_at);
        let due = due.map_or(received.at, |due| after(due, minutes(AT_ONCE)));
        Judged::against(due, Some(done), at.now)
    };
    worst(mails(at).map(judged)).unwrap_or_else(|| without_mail(at))
}

/// The bytes that were hashed before anything read them lie with the evidence (R115).
pub(super) fn judge_what_is_kept(at: At) -> Judged {
    let judged = |(received, mailed): (&Received, &Mailed)| {
        let judged = match (kept(at, mailed), copy(at, received)) {
            (Some(kept), _) => Judged::done(kept.at, &kept.by, kept.seq),
            (None, Some(copy)) => {
                let done = (copy.at, &copy.by, copy.seq);
                Judged::against(received.at, Some(done), at.now)
            }
            (None, None) if is_past(at) => Judged::missing("The mail of a report was not kept."),
            (None, None) => Judged::open(None),
        };
        judged.shown_by(received.seq)
    };
    worst(mails(at).map(judged)).unwrap_or_else(|| without_mail(at))
}
