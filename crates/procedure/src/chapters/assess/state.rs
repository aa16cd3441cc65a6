//! What the team found out, folded.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;


use super::impact::Impact;
use super::payload::Question;
use crate::mark::Mark;
use crate::case::Status;
use crate::entry::{Body, Entry};
use crate::id::DependencyId;
use crate::playbook::{Answer, Severity};

/// A change of status.
#[derive(Clone, Debug, PartialEq)]
pub struct StatusChange {
    /// The entry.
    pub mark: Mark,
    /// From then on.
    pub status: Status,
}

/// A choice of severity.
#[derive(Clone, Debug, PartialEq)]
pub struct SeverityChange {
    /// The entry.
    pub mark: Mark,
    /// In force before.
    pub from: Severity,
    /// From then on.
    pub to: Severity,
    /// What the criteria suggested.
    pub suggested: Severity,
}

impl SeverityChange {
    /// It became graver. The first choice is a raise only if it is High: until then the
    /// case was treated like High anyway.
    #[must_use]
    pub fn raised(&self) -> bool {
        self.to > self.from && (self.from != Severity::Unknown || self.to == Severity::High)
    }

    /// It became less grave.
    #[must_use]
    pub fn lowered(&self) -> bool {
        self.to < self.from
    }
}

/// It was decided whether it really happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The entry.
    pub mark: Mark,
    /// It did.
    pub real: bool,
    /// Entries that show it.
    pub supporting: BTreeSet<u64>,
}

/// An answer to a question of the assessment.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    /// The entry.
    pub mark: Mark,
    /// The answer.
    pub answer: Answer,
    /// Which dependencies.
    pub which: BTreeSet<DependencyId>,
    /// Something was said that shows it.
    pub noted: bool,
}

impl Answered {
    /// It was said what shows it, or that nobody knows (X12).
    #[must_use]
    pub fn is_shown(&self) -> bool {
        self.noted || self.answer == Answer::Unknown
    }
}

/// What is harmed, as somebody said it.
#[derive(Clone, Debug, PartialEq)]
pub struct Assessed {
    /// The entry.
    pub mark: Mark,
    /// What they said.
    pub impact: Impact,
}

/// A decision about the contingency plan.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanDecision {
    /// The entry.
    pub mark: Mark,
    /// It is activated.
    pub activate: bool,
}

/// This chapter's part of the case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// The status (R30).
    pub status: Status,
    /// The severity in force; unknown is not Low (R33).
    pub severity: Severity,
    /// Every status it had, in order.
    pub statuses: Vec<StatusChange>,
    /// Every severity that was chosen, in order (R40).
    pub severities: Vec<SeverityChange>,
    /// Confirmed or false alarm, in order (R8).
    pub verdicts: Vec<Verdict>,
    /// Every answer to each question, in order (R10, X12).
    pub answers: BTreeMap<Question, Vec<Answered>>,
    /// The criteria or the examples were gone through (R39).
    guided: Option<Mark>,
    /// The criteria as last answered.
    pub criteria: BTreeMap<String, (Answer, Mark)>,
    /// Examples that fit.
    pub picks: BTreeMap<String, Mark>,
    /// Picks that raise suspicion, in order.
    pub suspicious_picks: Vec<Mark>,
    /// What is harmed; the last one counts (R37).
    pub impacts: Vec<Assessed>,
    /// Decisions about the contingency plan; the last one counts (R12).
    pub plan: Vec<PlanDecision>,
    /// Lowerings soon after a disruption that were explained, by seq (M8).
    pub explained: BTreeSet<u64>,
}

impl State {
    /// Folds one entry in. Entries of other chapters that change the status are folded here too.
    pub fn apply(&mut self, entry: &Entry) {
        let mark = || Mark::of(entry);
        match &entry.body {
            Body::Reported(_) if self.statuses.is_empty() => self.becomes(entry, Status::Investigating),
            Body::Confirmed(confirmed) => {
                self.verdict(entry, true, &confirmed.supporting);
                self.choose(entry, confirmed.severity, confirmed.suggested);
                if let Some(impact) = confirmed.impact.clone() {
                    self.impacts.push(Assessed { mark: mark(), impact });
                }
                self.becomes(entry, Status::Confirmed);
            }
            Body::FalseAlarmCalled(called) => {
                self.verdict(entry, false, &called.supporting);
                self.becomes(entry, Status::FalseAlarm);
            }
            Body::SpunDown(_) => self.becomes(entry, Status::ReadyForQa),
            Body::QaSentBack(_) => self.becomes(entry, Status::Confirmed),
            Body::Closed(_) => self.becomes(entry, Status::Closed),
            Body::Reopened(reopened) => self.becomes(entry, reopened.to),
            Body::SeveritySet(set) => self.choose(entry, set.severity, set.suggested),
            Body::LoweringExplained(explained) => {
                self.explained.insert(explained.entry);
            }
            Body::QuestionAnswered(answered) => {
                let (answer, which) = (answered.answer, answered.which.clone());
                let answers = self.answers.entry(answered.question).or_default();
                let noted = answered.note.is_some();
                answers.push(Answered { mark: mark(), answer, which, noted });
            }
            Body::CriteriaAnswered(answered) => {
                self.guided.get_or_insert_with(mark);
                for (id, answer) in &answered.answers {
                    self.criteria.insert(id.clone(), (*answer, mark()));
                }
                self.picks.retain(|id, _| !answered.unpicked.contains(id));
                for id in &answered.picks {
                    self.picks.entry(id.clone()).or_insert_with(mark);
                }
                if answered.raises_suspicion {
                    self.suspicious_picks.push(mark());
                }
            }
            Body::ImpactAssessed(assessed) => {
                self.impacts.push(Assessed { mark: mark(), impact: assessed.impact.clone() });
            }
            Body::ContingencyDecided(decided) => {
                self.plan.push(PlanDecision { mark: mark(), activate: decided.activate });
            }
            _ => {}
        }
    }

    /// The status changes with this entry (R30).
    fn becomes(&mut self, entry: &Entry, status: Status) {
        self.status = status;
        self.statuses.push(StatusChange { mark: Mark::of(entry), status });
    }

    fn choose(&mut self, entry: &Entry, to: Severity, suggested: Severity) {
        let (mark, from) = (Mark::of(entry), self.severity);
        self.severities.push(SeverityChange { mark, from, to, suggested });
        self.severity = to;
    }

    fn verdict(&mut self, entry: &Entry, real: bool, supporting: &BTreeSet<u64>) {
        let (mark, supporting) = (Mark::of(entry), supporting.clone());
        self.verdicts.push(Verdict { mark, real, supporting });
    }

    /// Nothing stands before an act of containment: High, or not yet assessed (M7).
    #[must_use]
    pub fn acts_freely(&self) -> bool {
        self.severity.acts_first()
    }

    /// When it was confirmed first, if it ever was.
    #[must_use]
    pub fn confirmed(&self) -> Option<&Verdict> {
        self.verdicts.iter().find(|verdict| verdict.real)
    }

    /// The last answer to a question.
    #[must_use]
    pub fn answer(&self, question: Question) -> Option<&Answered> {
        self.answers.get(&question).and_then(|answers| answers.last())
    }

    /// The times that a question stood answered "unknown", from the first such answer to the
    /// next yes or no: a trigger for keeping evidence (M21).
    #[must_use]
    pub fn open_questions(&self) -> Vec<(&Mark, Option<&Mark>)> {
        let triggers = [Question::Happened, Question::Dependency, Question::SystemFailure];
        let mut out = Vec::new();
        for answers in triggers.iter().filter_map(|question| self.answers.get(question)) {
            let mut since: Option<&Mark> = None;
            for answered in answers {
                if answered.answer == Answer::Unknown {
                    since = since.or(Some(&answered.mark));
                } else if let Some(since) = since.take() {
                    out.push((since, Some(&answered.mark)));
                }
            }
            out.extend(since.map(|since| (since, None)));
        }
        out
    }

    /// When the criteria or the examples were gone through first (R39).
    #[must_use]
    pub fn guided(&self) -> Option<&Mark> {
        self.guided.as_ref()
    }

    /// What counts about the harm: what was said last.
    #[must_use]
    pub fn impact(&self) -> Option<&Impact> {
        self.impacts.last().map(|assessed| &assessed.impact)
    }

    /// When it came to the status that it has now.
    #[must_use]
    pub fn since(&self) -> Option<&Mark> {
        self.statuses.last().map(|change| &change.mark)
    }

    /// The severity in force right after the entry of that seq.
    #[must_use]
    pub fn severity_at(&self, seq: u64) -> Severity {
        let before = self.severities.iter().rev().find(|change| change.mark.seq <= seq);
        before.map_or(Severity::Unknown, |change| change.to)
    }

    /// Whether the response was running right after the entry of that seq.
    #[must_use]
    pub fn was_active_at(&self, seq: u64) -> bool {
        let before = self.statuses.iter().rev().find(|change| change.mark.seq <= seq);
        before.is_some_and(|c| matches!(c.status, Status::Investigating | Status::Confirmed))
    }
}
