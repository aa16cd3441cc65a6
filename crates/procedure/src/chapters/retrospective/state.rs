//! What the retrospective has gathered, folded.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use jiff::Timestamp;

use super::payload::{CauseKind, CauseRecorded, ReportPublished};
use crate::actor::How;
use crate::agenda::Level;
use crate::case::Turn;
use crate::mark::Mark;
use crate::entry::{Body, Entry};
use crate::id::PersonId;
use crate::rule::Rule;
use crate::text::Text;

/// A line of the timeline.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Its number, such as `T-3`.
    pub id: String,
    /// The entries that show it.
    pub entries: BTreeSet<u64>,
    /// The line, if it is not what its first entry says.
    pub text: Option<Text>,
    /// Somebody left it out.
    pub removed: bool,
}

/// A cause in the graph.
#[derive(Clone, Debug, PartialEq)]
pub struct Cause {
    /// Its number, such as `C-1`.
    pub id: String,
    /// The entry that says it.
    pub mark: Mark,
    /// In a sentence.
    pub text: Text,
    /// What it is.
    pub kind: CauseKind,
    /// What it brought about.
    pub parents: BTreeSet<String>,
}

/// Something chosen from a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Chosen {
    /// The entry that says it.
    pub mark: Mark,
    /// The value.
    pub value: String,
    /// In words.
    pub note: Option<Text>,
}

/// What the actor did; no values means that nobody did anything.
#[derive(Clone, Debug, PartialEq)]
pub struct Threats {
    /// The entry that says it.
    pub mark: Mark,
    /// Values of the playbook's list.
    pub values: BTreeSet<String>,
    /// Techniques of MITRE ATT&CK.
    pub attack: BTreeSet<String>,
}

/// Something on an outcome list.
#[derive(Clone, Debug, PartialEq)]
pub struct OutcomeItem {
    /// The entry that says it.
    pub mark: Mark,
    /// Which list.
    pub list: String,
    /// In a sentence.
    pub text: Text,
    /// The causes it follows from.
    pub from: BTreeSet<String>,
}

/// A lesson.
#[derive(Clone, Debug, PartialEq)]
pub struct Lesson {
    /// The entry that says it.
    pub mark: Mark,
    /// What was learned.
    pub text: Text,
    /// Entries that teach it.
    pub entries: BTreeSet<u64>,
}

/// A follow-up.
#[derive(Clone, Debug, PartialEq)]
pub struct FollowUp {
    /// Its number, such as `F-1`.
    pub id: String,
    /// The entry that says it.
    pub mark: Mark,
    /// What is to be done.
    pub text: Text,
    /// By whom.
    pub owner: PersonId,
    /// By when.
    pub due: Timestamp,
    /// It is done.
    pub done: Option<Mark>,
}

/// A published edition of the report.
#[derive(Clone, Debug, PartialEq)]
pub struct Published {
    /// The entry.
    pub mark: Mark,
    /// Which edition, from 1.
    pub edition: u32,
    /// The short form (M14).
    pub short: bool,
    /// The history that it prints (R81).
    pub progress: Vec<Turn>,
    /// The timeline's lines, by number.
    pub timeline: Vec<String>,
    /// Deferred steps went on after it.
    pub carries_over: bool,
    /// Rules that it is thin on.
    pub warnings: Vec<Rule>,
}

/// This chapter's part of the case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// Somebody was appointed to lead.
    pub leader: Option<PersonId>,
    /// Everybody who was, by which entry.
    pub leaders: Vec<(u64, PersonId)>,
    /// The timeline: drawn from the log, then curated (R80).
    pub timeline: Vec<Line>,
    /// Sections written in words, by name.
    pub sections: BTreeMap<String, Text>,
    /// The graph of causes (R82).
    pub causes: Vec<Cause>,
    /// The method of cause analysis (R83).
    pub method: Option<Chosen>,
    /// The outcome lists (R83).
    pub outcomes: Vec<OutcomeItem>,
    /// Lessons (R78).
    pub lessons: Vec<Lesson>,
    /// Follow-ups (R18).
    pub follow_ups: Vec<FollowUp>,
    /// How it was discovered (R84).
    pub discovery: Option<Chosen>,
    /// What the actor did (R87).
    pub threats: Option<Threats>,
    /// There is no retrospective; a reopening asks for one anew (X37).
    pub skipped: Option<Mark>,
    /// Every published edition.
    pub reports: Vec<Published>,
    /// It is an exercise: nothing of it counts in the metrics (R124).
    pub drill: bool,
    /// How often somebody above or beside the owner had to be called.
    pub escalations: u32,
}

/// Kinds of entry that make a line of the timeline by themselves. The rest is added by hand.
const TURNING_POINTS: &[&str] = &[
    "reported",
    "acknowledged",
    "took_over",
    "handover_accepted",
    "confirmed",
    "false_alarm",
    "severity_set",
    "lowering_explained",
    "suspicion_raised",
    "sitrep_published",
    "fact_recorded",
    "milestone_recorded",
    "disruption_started",
    "step_verified",
    "step_reclassified",
    "step_dropped",
    "destruction_decided",
    "deviated",
    "waived",
    "contingency_decided",
    "spun_down",
    "qa_sent_back",
    "qa_accepted",
    "reopened",
];

impl State {
    /// Folds one entry in.
    pub fn apply(&mut self, entry: &Entry) {
        self.count(entry);
        if TURNING_POINTS.contains(&entry.body.kind()) {
            self.line(BTreeSet::from([entry.seq]), None);
        }
        let mark = || Mark::of(entry);
        match &entry.body {
            Body::LeaderAppointed(appointed) => {
                self.leader = Some(appointed.person.clone());
                self.leaders.push((entry.seq, appointed.person.clone()));
            }
            Body::TimelineLineAdded(added) => self.line(added.entries.clone(), added.text.clone()),
            Body::TimelineLineRemoved(removed) => {
                let line = self.timeline.iter_mut().find(|line| line.id == removed.line);
                line.into_iter().for_each(|line| line.removed = true);
            }
            Body::SectionWritten(written) => {
                self.sections.insert(written.section.clone(), written.text.clone());
            }
            Body::CauseRecorded(cause) => self.cause(entry, cause),
            Body::MethodChosen(chosen) => {
                let value = chosen.method.clone();
                self.method = Some(Chosen { mark: mark(), value, note: None });
            }
            Body::OutcomeAdded(added) => self.outcomes.push(OutcomeItem {
                mark: mark(),
                list: added.list.clone(),
                text: added.text.clone(),
                from: added.from.clone(),
            }),
            Body::LessonAdded(added) => self.lessons.push(Lesson {
                mark: mark(),
                text: added.text.clone(),
                entries: added.entries.clone(),
            }),
            Body::FollowUpAdded(added) => self.follow_ups.push(FollowUp {
                id: added.follow_up.clone(),
                mark: mark(),
                text: added.text.clone(),
                owner: added.owner.clone(),
                due: added.due,
                done: None,
            }),
            Body::FollowUpDone(done) => {
                let mut all = self.follow_ups.iter_mut();
                if let Some(follow_up) = all.find(|item| item.id == done.follow_up) {
                    follow_up.done = Some(mark());
                }
            }
            Body::DiscoveryMethodSet(set) => {
                let (value, note) = (set.value.clone(), set.note.clone());
                self.discovery = Some(Chosen { mark: mark(), value, note });
            }
            Body::ThreatActionsSet(set) => {
                let (values, attack) = (set.values.clone(), set.attack.clone());
                self.threats = Some(Threats { mark: mark(), values, attack });
            }
            Body::RetrospectiveSkipped(_) => self.skipped = Some(mark()),
            Body::Reopened(_) => self.skipped = None,
            Body::ReportPublished(published) => self.published(entry, published),
            _ => {}
        }
    }

    /// What the metrics count.
    fn count(&mut self, entry: &Entry) {
        match &entry.body {
            Body::Reported(_) => self.drill |= entry.actor.how == How::Drill,
            Body::Called(_) => self.escalations += 1,
            Body::Prompted(prompted) if prompted.level == Level::Escalated => self.escalations += 1,
            _ => {}
        }
    }

    fn line(&mut self, entries: BTreeSet<u64>, text: Option<Text>) {
        let id = format!("T-{}", self.timeline.len() + 1);
        self.timeline.push(Line { id, entries, text, removed: false });
    }

    /// A cause said again under its number takes the place of what was said before.
    fn cause(&mut self, entry: &Entry, said: &CauseRecorded) {
        let cause = Cause {
            id: said.id.clone(),
            mark: Mark::of(entry),
            text: said.text.clone(),
            kind: said.kind,
            parents: said.parents.clone(),
        };
        match self.causes.iter_mut().find(|earlier| earlier.id == said.id) {
            Some(earlier) => *earlier = cause,
            None => self.causes.push(cause),
        }
    }

    fn published(&mut self, entry: &Entry, published: &ReportPublished) {
        self.reports.push(Published {
            mark: Mark::of(entry),
            edition: published.edition,
            short: published.short,
            progress: published.progress.clone(),
            timeline: published.timeline.clone(),
            carries_over: !published.carried_over.is_empty(),
            warnings: published.warnings.clone(),
        });
    }

    /// The lines of the timeline that nobody left out.
    pub fn shown(&self) -> impl Iterator<Item = &Line> {
        self.timeline.iter().filter(|line| !line.removed)
    }

    /// The cause of that number.
    #[must_use]
    pub fn find_cause(&self, id: &str) -> Option<&Cause> {
        self.causes.iter().find(|cause| cause.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::TURNING_POINTS;
    use crate::entry::Body;

    #[test]
    fn every_turning_point_is_a_kind_of_entry() {
        for kind in TURNING_POINTS {
            assert!(Body::KINDS.contains(kind), "{kind}");
        }
    }
}
