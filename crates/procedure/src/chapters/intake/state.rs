//! The reports of a case, folded.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use jiff::Timestamp;

use super::alert::{self, Alerts, Joining};
use super::burst::Arrival;
use super::mail::Mailed;
use super::payload::{Kind, Report};
use crate::mark::Mark;
use crate::actor::Who;
use crate::entry::{Body, Entry};
use crate::id::{CaseId, PersonId, WindowId};
use crate::text::Text;

/// A report that belongs to the case.
#[derive(Clone, Debug, PartialEq)]
pub struct Received {
    /// The entry of this case that holds it.
    pub seq: u64,
    /// When it was received, here or in the case that was merged into this one.
    pub at: Timestamp,
    /// The report.
    pub report: Report,
    /// Who reported.
    pub by: Who,
    /// The mail that it came by.
    pub mailed: Option<Mailed>,
}

/// This chapter's part of the case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// Every report, the first one first (R29).
    pub reports: Vec<Received>,
    /// What sort of thing it is.
    pub kind: Kind,
    /// Everything that was ever said about that, with who said it (R1).
    pub kinds: Vec<(Mark, Kind)>,
    /// Its short name, if it got one.
    pub title: Option<Text>,
    /// What it is sorted under.
    pub tags: BTreeSet<String>,
    /// Planned maintenance going on when it was reported.
    pub maintenance: BTreeSet<WindowId>,
    /// It came in a burst: while nobody has it, its pages are shared (M24).
    pub bundled: bool,
    /// It is an exercise (R124).
    pub drill: bool,
    /// Whom it would call is worked out, and nobody is called.
    pub shadow: bool,
    /// Who thinks that the team is wrong about it (R106).
    pub disagreed: Vec<Mark>,
    /// Cases that became part of this one.
    pub merged_from: Vec<(Mark, CaseId)>,
    /// This case ended as part of another.
    pub merged_into: Option<(Mark, CaseId)>,
    /// The alerts that opened or joined it, by id.
    pub alerts: Alerts,
    /// Who was told how much of what joined it.
    pub joining: Joining,
    /// It ended by itself: a false alarm, or closed.
    pub ended: Option<Mark>,
    /// Nobody said with the end what came of it (R124).
    pub ended_without_words: bool,
    /// Each time that colleagues were warned of a suspicious mail (R110).
    pub warned: Vec<Mark>,
}

impl State {
    /// Folds one entry in.
    pub fn apply(&mut self, entry: &Entry) {
        match &entry.body {
            Body::Reported(reported) => {
                self.maintenance.clone_from(&reported.maintenance);
                self.drill = reported.report.drill;
                self.shadow = reported.shadow;
                self.bundled = reported.bundled;
                self.title.clone_from(&reported.report.title);
                self.says_kind(entry, reported.report.kind);
                self.receive(entry, &reported.report, reported.reporter.as_ref(), None);
                self.mailed(entry, reported.mailed.as_ref());
            }
            Body::ReportAdded(added) => {
                self.receive(entry, &added.report, added.reporter.as_ref(), None);
                self.mailed(entry, added.mailed.as_ref());
            }
            Body::ColleaguesWarned(_) => self.warned.push(Mark::of(entry)),
            Body::MergedFrom(merged) => {
                for report in &merged.reports {
                    let (reporter, at) = (report.reporter.as_ref(), Some(report.at));
                    self.receive(entry, &report.report, reporter, at);
                }
                self.merged_from.push((Mark::of(entry), merged.other.clone()));
            }
            Body::MergedInto(merged) => {
                self.merged_into = Some((Mark::of(entry), merged.other.clone()));
            }
            Body::KindSet(set) => self.says_kind(entry, set.kind),
            Body::TitleSet(set) => self.title = Some(set.title.clone()),
            Body::TagsSet(set) => self.tags.clone_from(&set.tags),
            Body::FalseAlarmCalled(alarm) => self.ends(entry, alarm.reason.is_some()),
            Body::Closed(closed) => self.ends(entry, closed.outcome.is_some()),
            Body::Reopened(_) => self.ended = None,
            Body::AlertNoted(noted) => {
                alert::apply(&mut self.alerts, entry, noted);
                self.joining.apply(entry, noted);
            }
            Body::Disagreed(_) => self.disagreed.push(Mark::of(entry)),
            _ => {}
        }
    }

    fn ends(&mut self, entry: &Entry, in_words: bool) {
        self.ended = Some(Mark::of(entry));
        self.ended_without_words = !in_words;
    }

    fn says_kind(&mut self, entry: &Entry, kind: Kind) {
        self.kind = kind;
        self.kinds.push((Mark::of(entry), kind));
    }

    /// The reporter is who it came from, not who wrote it down. Whoever did something with a
    /// phishing mail has said what sort of thing it is (R1).
    fn receive(
        &mut self,
        entry: &Entry,
        report: &Report,
        reporter: Option<&PersonId>,
        at: Option<Timestamp>,
    ) {
        let by = match (reporter, &entry.actor.who) {
            (Some(person), _) => Who::Person(person.clone()),
            (None, service @ Who::Service(_)) => service.clone(),
            (None, _) => Who::Reporter,
        };
        if self.kind == Kind::Unknown && report.phish.acted_upon() {
            self.says_kind(entry, Kind::Security);
        }
        let report = report.clone();
        let (seq, at) = (entry.seq, at.unwrap_or(entry.recorded_at));
        self.reports.push(Received { seq, at, report, by, mailed: None });
    }

    /// The last report came by this mail; who was warned of it while it waited was warned (R110).
    fn mailed(&mut self, entry: &Entry, mailed: Option<&Mailed>) {
        let waited = mailed.and_then(|mailed| mailed.waited.as_ref());
        if let Some(warned) = waited.and_then(|waited| waited.warned.as_ref()) {
            let by = Who::Person(warned.by.clone());
            self.warned.push(Mark { seq: entry.seq, at: warned.at, by });
        }
        if let Some(last) = self.reports.last_mut() {
            last.mailed = mailed.cloned();
        }
    }

    /// When the case was reported: the ten minutes of R26 start here.
    #[must_use]
    pub fn reported_at(&self) -> Option<Timestamp> {
        self.reports.first().map(|report| report.at)
    }

    /// How the case came in.
    #[must_use]
    pub fn arrival(&self) -> Arrival {
        let first = self.reports.first();
        first.map_or(Arrival::Known, |first| Arrival::of(&first.by, &first.report))
    }

    /// Whether this person reported it.
    #[must_use]
    pub fn is_reporter(&self, person: &PersonId) -> bool {
        let them = |report: &Received| matches!(&report.by, Who::Person(by) if by == person);
        self.reports.iter().any(them)
    }
}
