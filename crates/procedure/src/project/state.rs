//! A project's journal folded, and the basis that its cases are given.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use jiff::{SignedDuration, Timestamp};

use super::{
    AlertRoutesSet, AlertRule, AlertSource, Directory, Heartbeat, HeldAlerts, Imported,
    ProjectBody, ProjectEntry, Swap,
};
use crate::actor::Who;
use crate::at::after;
use crate::basis::{Basis, Project, Review, ReviewedEdition};
use crate::playbook::{Overridden, Playbook};
use crate::text::Text;

/// A project, as its journal tells it so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProjectState {
    /// Number of entries folded.
    pub seq: u64,
    /// What people call it.
    pub name: Option<Text>,
    /// Its name in addresses.
    pub slug: String,
    /// What its case numbers begin with.
    pub prefix: String,
    /// Grows with everything that changes what a rule may look at.
    pub revision: u64,
    /// Names, numbers and addresses.
    pub directory: Directory,
    /// Every edition ever proposed.
    pub editions: BTreeMap<u32, Edition>,
    /// Every alert source there was, by its public id.
    pub sources: BTreeMap<String, AlertSource>,
    /// What becomes of alerts, in the order in which it is asked.
    pub alert_rules: Vec<AlertRule>,
    /// Whom the events of alerts call first, in the order in which it is asked.
    pub alert_routes: AlertRoutesSet,
    /// Alerts that were held back.
    pub held: HeldAlerts,
    /// What is listened for, by source and name.
    pub heartbeats: BTreeMap<String, Heartbeat>,
    /// What came from another pager.
    pub imported: Imported,
    /// Swaps that wait for an answer, by the number of their offer.
    pub swaps: BTreeMap<u64, Swap>,
    pub(super) project: Option<Project>,
}

/// One edition of the playbook.
#[derive(Clone, Debug, PartialEq)]
pub struct Edition {
    /// The playbook.
    pub playbook: Playbook,
    /// Who proposed it.
    pub author: Who,
    /// When.
    pub proposed_at: Timestamp,
    /// What changes, and why.
    pub note: Option<Text>,
    /// What it says otherwise than its base, if it was made by changing one (X29).
    pub overridden: Option<Overridden>,
    /// It was the project's first, which nobody can have reviewed.
    pub founding: bool,
    /// What the review said.
    pub verdict: Option<Verdict>,
}

/// What a review said.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// Who reviewed.
    pub by: Who,
    /// When.
    pub at: Timestamp,
    /// Whether it came into force.
    pub accepted: bool,
    /// By its own author, because nobody else was there (M16).
    pub one_person: bool,
    /// Why.
    pub note: Option<Text>,
}

/// Folds a project's whole journal.
#[must_use]
pub fn fold_project<'a>(entries: impl IntoIterator<Item = &'a ProjectEntry>) -> ProjectState {
    let mut state = ProjectState::default();
    for entry in entries {
        state.apply(entry);
    }
    state
}

impl ProjectState {
    /// Folds one more entry in.
    pub fn apply(&mut self, entry: &ProjectEntry) {
        self.seq = entry.seq;
        let who = || entry.actor.who.clone();
        match &entry.body {
            ProjectBody::ProjectCreated(created) => {
                self.name = Some(created.name.clone());
                self.slug.clone_from(&created.slug);
                self.prefix.clone_from(&created.prefix);
            }
            ProjectBody::ProjectRevised(revised) => {
                self.revision = revised.project.revision;
                self.project = Some(revised.project.clone());
                let policies = core::mem::take(&mut self.directory.policies);
                let (schedules, teams) = (
                    core::mem::take(&mut self.directory.schedules),
                    core::mem::take(&mut self.directory.teams),
                );
                self.directory = revised.directory.clone();
                self.directory.schedules.extend(schedules);
                self.directory.teams.extend(teams);
                self.directory.policies.extend(policies);
                self.name = revised.name.clone().or(self.name.take());
            }
            ProjectBody::PlaybookProposed(proposed) => {
                let edition = Edition {
                    playbook: proposed.playbook.clone(),
                    author: who(),
                    proposed_at: entry.recorded_at,
                    note: proposed.note.clone(),
                    overridden: proposed.overridden.clone(),
                    founding: self.editions.is_empty(),
                    verdict: None,
                };
                self.editions.insert(edition.playbook.edition, edition);
            }
            ProjectBody::PlaybookReviewed(reviewed) => {
                if let Some(edition) = self.editions.get_mut(&reviewed.edition) {
                    self.revision += u64::from(reviewed.accepted);
                    edition.verdict = Some(Verdict {
                        by: who(),
                        at: entry.recorded_at,
                        accepted: reviewed.accepted,
                        one_person: reviewed.one_person,
                        note: reviewed.note.clone(),
                    });
                }
            }
            ProjectBody::SourceAdded(added) => self.add_source(added, entry.recorded_at),
            ProjectBody::SourceWithdrawn(gone) => {
                self.withdraw_source(&gone.id, entry.recorded_at);
            }
            ProjectBody::SourceShadowed(shadowed) => {
                self.shadow_source(shadowed, entry.recorded_at)
            }
            ProjectBody::ShadowEnded(ended) => self.end_shadow(&ended.id),
            ProjectBody::TopicHeard(heard) => self.hear_topic(heard, entry.recorded_at),
            ProjectBody::AlertRulesSet(set) => self.alert_rules.clone_from(&set.rules),
            ProjectBody::AlertRoutesSet(set) => {
                self.imported.apply(&entry.body);
                self.alert_routes.clone_from(set);
            }
            ProjectBody::HeartbeatSet(beat) => self.set_heartbeat(beat),
            ProjectBody::AlertHeld(held) => self.hold_alert(held, entry.recorded_at),
            body @ (ProjectBody::ScheduleSet(_)
            | ProjectBody::ScheduleRemoved(_)
            | ProjectBody::TeamSet(_)
            | ProjectBody::PolicySet(_)
            | ProjectBody::PolicyRemoved(_)
            | ProjectBody::PolicyUsed(_)
            | ProjectBody::StoodIn(_)
            | ProjectBody::CoverEnded(_)
            | ProjectBody::SwapOffered(_)
            | ProjectBody::SwapAnswered(_)) => self.schedule(entry.seq, entry.recorded_at, body),
        }
    }

    /// Whether it was founded.
    #[must_use]
    pub fn exists(&self) -> bool {
        self.seq > 0
    }

    /// What the rules look at, with the editions that a case may be moved to. `None`
    /// until the first revision.
    #[must_use]
    pub fn project(&self) -> Option<Project> {
        let mut project = self.project.clone()?;
        project.revision = self.revision;
        project.editions = self.usable().filter_map(Edition::listed).collect();
        Some(project)
    }

    /// The edition that a new case is opened under: the newest one in force, of the
    /// client's own procedure where the project has one (X29).
    #[must_use]
    pub fn in_force(&self) -> Option<&Edition> {
        let client = self
            .project
            .as_ref()
            .and_then(|p| p.client_procedure.as_ref());
        let of_client = self
            .usable()
            .filter(|e| Some(&e.playbook.name) == client)
            .last();
        of_client.or_else(|| self.usable().last())
    }

    /// The basis of a new case. `None` until there are a playbook and a first revision.
    #[must_use]
    pub fn basis(&self) -> Option<Basis> {
        let playbook = self.in_force()?.playbook.clone();
        let project = self.project()?;
        Some(Basis::new(playbook, project))
    }

    /// The basis of a case that pinned this edition.
    #[must_use]
    pub fn basis_of(&self, edition: u32) -> Option<Basis> {
        let playbook = self.editions.get(&edition)?.playbook.clone();
        let project = self.project()?;
        Some(Basis::new(playbook, project))
    }

    /// Editions that wait for their review, oldest first.
    pub fn proposed(&self) -> impl Iterator<Item = &Edition> {
        self.unreviewed().filter(|edition| !edition.founding)
    }

    /// Editions that nobody has reviewed: the proposed ones, and the one that the project was
    /// founded with, which is in force all the same.
    pub fn unreviewed(&self) -> impl Iterator<Item = &Edition> {
        self.editions
            .values()
            .filter(|edition| edition.verdict.is_none())
    }

    /// When the playbook in force is to be read again (X30).
    #[must_use]
    pub fn review_due_at(&self) -> Option<Timestamp> {
        let edition = self.in_force()?;
        let since = edition
            .verdict
            .as_ref()
            .map_or(edition.proposed_at, |v| v.at);
        let days = i64::from(edition.playbook.upkeep.review_interval_days);
        Some(after(since, SignedDuration::from_hours(days * 24)))
    }

    fn usable(&self) -> impl Iterator<Item = &Edition> {
        self.editions
            .values()
            .filter(|edition| edition.listed().is_some())
    }
}

impl Edition {
    /// How the engine sees it, once a case may follow it.
    fn listed(&self) -> Option<ReviewedEdition> {
        let review = match &self.verdict {
            Some(verdict) if verdict.accepted && verdict.one_person => Review::OnePerson,
            Some(verdict) if verdict.accepted => Review::ByAnother,
            None if self.founding => Review::Nobody,
            Some(_) | None => return None,
        };
        Some(ReviewedEdition {
            name: self.playbook.name.clone(),
            edition: self.playbook.edition,
            review,
        })
    }
}

impl ProjectState {
    /// What stands in the way of nothing, and should be known: see [`super::warnings`].
    #[must_use]
    pub fn warnings(&self) -> Vec<super::Warning> {
        self.project
            .as_ref()
            .map(|project| super::warnings(project, &self.directory))
            .unwrap_or_default()
    }
}
