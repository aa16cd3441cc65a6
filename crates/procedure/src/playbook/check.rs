//! Whether a playbook can be worked by: what the rules do not allow, and what a team would
//! trip over at three in the morning. Each finding says what to do about it.
//!
//! Looks at data only; a playbook with errors is not taken into use.

mod findings;
mod lists;
mod numbers;
mod project;
mod severities;
mod translations;
mod words;

use super::Playbook;
use crate::at::after;
use crate::basis::{Member, Project, Role};
use crate::calendar::Calendar;
use crate::id::PersonId;
use alloc::string::String;
use alloc::vec::Vec;
use findings::Findings;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// Not to be used like this.
    Error,
    /// May be meant; worth a second look.
    Warning,
}

/// One thing that `playbook check` has to say.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Finding {
    /// Error or warning.
    pub weight: Weight,
    /// Where in the playbook or the project, e.g. `alarm.ack_limit_minutes`.
    pub place: String,
    /// What is wrong, with the rule behind it.
    pub sentence: String,
    /// What to do about it.
    pub fix: String,
}

/// What a check needs to know of a project, without its people's names.
#[derive(Clone, Debug)]
pub struct ProjectFacts<'a> {
    /// How many deciders are named (M5).
    pub deciders: usize,
    /// How many of those who would be asked have no telephone number (M3).
    pub deciders_without_number: usize,
    /// A project manager is on the roster (M5).
    pub has_project_manager: bool,
    /// A product owner is on the roster (M5, R17).
    pub has_product_owner: bool,
    /// How many people the contact sheet calls, in its order (R26).
    pub people_to_call: usize,
    /// How many of them have neither a number nor an address.
    pub people_without_contact: usize,
    /// Somebody is planned to be on call (R25, M17).
    pub somebody_on_call: bool,
    /// The first instant of the coming week at which nobody is, although somebody is later
    /// or was before (X33).
    pub nobody_on_call_from: Option<Timestamp>,
    /// Business hours, holidays and zone.
    pub calendar: &'a Calendar,
    /// The classes of the project's assets (M21).
    pub asset_classes: Vec<String>,
    /// Who has looked at this edition of the playbook (X30).
    pub review: Review,
}

impl<'a> ProjectFacts<'a> {
    /// What a check at `now` needs to know of a project, with who reviewed the edition.
    #[must_use]
    pub fn of(project: &'a Project, review: Review, now: Timestamp) -> Self {
        let deciders = project.deciders();
        let silent = |person: &&&PersonId| {
            project
                .member(person)
                .is_none_or(|member| !member.has_phone)
        };
        let to_call: Vec<_> = project.with_role(Role::Responder).collect();
        let lost = |member: &&&Member| !member.has_phone && !member.has_mail;
        let has = |role| project.with_role(role).next().is_some();
        Self {
            deciders: project.with_role(Role::Decider).count(),
            deciders_without_number: deciders.iter().filter(silent).count(),
            has_project_manager: has(Role::ProjectManager),
            has_product_owner: has(Role::ProductOwner),
            people_to_call: to_call.len(),
            people_without_contact: to_call.iter().filter(lost).count(),
            somebody_on_call: planned(project, now),
            nobody_on_call_from: gap(project, now),
            calendar: &project.calendar,
            asset_classes: project
                .assets
                .iter()
                .map(|asset| asset.class.clone())
                .collect(),
            review,
        }
    }
}

/// The first instant within a week at which nobody is on call, if somebody is at all.
fn gap(project: &Project, now: Timestamp) -> Option<Timestamp> {
    if !planned(project, now) {
        return None;
    }
    let week = after(now, SignedDuration::from_hours(24 * 7));
    let gaps = project.on_call_gaps(now, week);
    gaps.first().map(|(from, _)| *from)
}

/// Whether anybody is to be on call, now or later.
fn planned(project: &Project, now: Timestamp) -> bool {
    let duty = project.on_call.iter().any(|duty| duty.until > now);
    duty || project.schedules.all.values().any(|one| one.called)
}

/// Who has looked at an edition of the playbook (X30).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Review {
    /// Nobody yet.
    Missing,
    /// Only its author.
    ByAuthor,
    /// Somebody else.
    ByAnother,
}

/// Checks a playbook together with the project that uses it; errors come first.
#[must_use]
pub fn check(playbook: &Playbook, project: &ProjectFacts<'_>) -> Vec<Finding> {
    let mut findings = Findings::default();
    of_playbook(playbook, &mut findings);
    project::check(playbook, project, &mut findings);
    findings.sorted()
}

/// Checks a playbook by itself, e.g. before any project uses it; errors come first.
#[must_use]
pub fn check_playbook(playbook: &Playbook) -> Vec<Finding> {
    let mut findings = Findings::default();
    of_playbook(playbook, &mut findings);
    findings.sorted()
}

fn of_playbook(playbook: &Playbook, findings: &mut Findings) {
    numbers::check(playbook, findings);
    severities::check(playbook, findings);
    lists::check(playbook, findings);
    words::check(playbook, findings);
    translations::check(playbook, findings);
}
