//! Escalation policies of one's own: who is called after how long, as long as nobody has it.
//!
//! The handbook's contact sheet comes behind every policy: whoever reports is always answered (M17).

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::vec::Vec;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Reading, Schedules};
use crate::at::{after, minutes};
use crate::basis::{Project, Role};
use crate::decide::Refusal;
use crate::id::{PersonId, PolicyId, ScheduleId, TeamId};

/// Whoever is next, or was before, is looked for so far.
const NEAR: SignedDuration = SignedDuration::from_hours(14 * 24);
/// A policy has at most so many steps, and is gone through so many times.
const MOST: usize = 50;
/// Its first step waits for at most so long, and the contact sheet behind it, whatever it says, for at most a day (M17).
const FIRST_MINUTES: u32 = 60;
const LONGEST_MINUTES: u32 = 24 * 60;

/// An escalation policy. Its name is sealed, in the directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Its steps, in order.
    pub steps: Vec<Step>,
    /// It is gone through again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again: Option<Repeat>,
}

/// A step of a policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// So many minutes after the report.
    pub after_minutes: u32,
    /// Who is called.
    pub to: Vec<Target>,
}

/// A policy that is gone through again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Repeat {
    /// So many minutes after its last step.
    pub after_minutes: u32,
    /// So many times more.
    pub times: u32,
}

/// Who is called by a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// A person.
    Person(PersonId),
    /// Everybody of a team.
    Team(TeamId),
    /// Whoever is on call in a schedule then.
    Schedule(ScheduleId),
    /// Whoever comes next in it.
    Next(ScheduleId),
    /// Whoever was on call in it before.
    Previous(ScheduleId),
    /// Everybody with a role on the contact sheet.
    Role(Role),
    /// Every responder of the contact sheet.
    Everyone,
}

impl Policy {
    /// How many steps there are with those of each time more.
    pub(crate) fn count(&self) -> u32 {
        let steps = u32::try_from(self.steps.len()).unwrap_or(u32::MAX);
        let times = self.again.map_or(0, |again| again.times);
        steps.saturating_mul(times.saturating_add(1))
    }

    /// A step by its number from 0, through every time: the step, which time it is from 0, and when it is due after a
    /// report at this instant.
    pub(crate) fn step(
        &self,
        number: u32,
        reported_at: Timestamp,
    ) -> Option<(&Step, u32, Timestamp)> {
        let steps = u32::try_from(self.steps.len()).ok().filter(|n| *n > 0)?;
        let (time, place) = (number / steps, number % steps);
        let step = self.steps.get(usize::try_from(place).ok()?)?;
        let mut wait = self.begins(time).saturating_add(step.after_minutes);
        if number == 0 {
            wait = wait.min(FIRST_MINUTES);
        }
        // One that was set before there was a bound ends at it.
        (number < self.count() && wait <= LONGEST_MINUTES)
            .then(|| (step, time, after(reported_at, minutes(wait))))
    }

    /// So many minutes after the report it is gone through the so many-th time, from 0.
    fn begins(&self, time: u32) -> u32 {
        let whole = self.again.map_or(0, |again| {
            let last = self.steps.last().map_or(0, |step| step.after_minutes);
            last.saturating_add(again.after_minutes)
        });
        whole.saturating_mul(time)
    }

    /// So many minutes after the report its last step is due.
    fn last_minutes(&self) -> u32 {
        let last = self.steps.last().map_or(0, |step| step.after_minutes);
        let times = self.again.map_or(0, |again| again.times);
        self.begins(times).saturating_add(last)
    }
}

impl Step {
    /// Who is called by it at an instant, each once, in order.
    #[must_use]
    pub fn people(&self, project: &Project, at: Timestamp) -> Vec<PersonId> {
        let mut people: Vec<PersonId> = Vec::new();
        for target in &self.to {
            for person in target.people(project, at) {
                if !people.contains(&person) {
                    people.push(person);
                }
            }
        }
        people
    }
}

impl Target {
    pub(crate) fn people(&self, project: &Project, at: Timestamp) -> Vec<PersonId> {
        let reading = |id: &ScheduleId| project.reading(id);
        let role = |role| {
            let members = project.with_role(role).map(|member| member.person.clone());
            members.collect()
        };
        match self {
            Self::Person(person) => alloc::vec![person.clone()],
            Self::Team(team) => project
                .schedules
                .teams
                .get(team)
                .cloned()
                .unwrap_or_default(),
            Self::Schedule(id) => reading(id).map(|one| now(&one, at)).unwrap_or_default(),
            Self::Next(id) => {
                let end = after(at, NEAR);
                let other = reading(id).and_then(|one| {
                    let held = now(&one, at);
                    let spans = one.spans(at, end).into_iter();
                    spans
                        .map(|span| now(&one, span.from))
                        .find(|people| other(people, &held))
                });
                other.unwrap_or_default()
            }
            Self::Previous(id) => {
                let begin = at.checked_sub(NEAR).unwrap_or(Timestamp::MIN);
                let other = reading(id).and_then(|one| {
                    let held = now(&one, at);
                    let spans = one.spans(begin, at).into_iter().rev();
                    let mut before = spans.map(|span| now(&one, span.from));
                    before.find(|people| other(people, &held))
                });
                other.unwrap_or_default()
            }
            Self::Role(named) => role(*named),
            Self::Everyone => role(Role::Responder),
        }
    }
}

fn now(reading: &Reading<'_>, at: Timestamp) -> Vec<PersonId> {
    let people = reading.on_call_at(at).people.into_iter();
    people.map(|one| one.person.clone()).collect()
}

/// Somebody, and not the same as now.
fn other(people: &[PersonId], held: &[PersonId]) -> bool {
    !people.is_empty() && people != held
}

/// Refuses a policy that names what is not there, or cannot work.
///
/// # Errors
/// What is wrong, and what would do.
pub fn sound_policy(
    policy: &Policy,
    among: &Schedules,
    known: impl Fn(&PersonId) -> bool,
) -> Result<(), Refusal> {
    let again = policy
        .again
        .map_or((0, 1), |again| (again.times, again.after_minutes));
    let late = |step: &Step| step.after_minutes > FIRST_MINUTES;
    if policy.steps.is_empty()
        || policy.steps.len() > MOST
        || policy.steps.first().is_some_and(late)
        || !policy.steps.is_sorted_by_key(|step| step.after_minutes)
    {
        return Err(Refusal::invalid(
            format!(
                "A policy has from one to {MOST} steps, each no earlier than the one before, and the first within {FIRST_MINUTES} minutes."
            ),
            "Put the steps into the order of their minutes, and let the first come soon after the report.",
        ));
    }
    if usize::try_from(again.0).map_or(true, |times| times > MOST) || again.1 == 0 {
        return Err(Refusal::invalid(
            format!("A policy is gone through again at most {MOST} times, after a minute or more."),
            "Say after how many minutes, and how many times.",
        ));
    }
    if policy.last_minutes() > LONGEST_MINUTES {
        return Err(Refusal::invalid(
            "A policy takes more than 24 hours, and the contact sheet is called behind it.",
            "Give it fewer or earlier steps, or let it be gone through again less often.",
        ));
    }
    for target in policy.steps.iter().flat_map(|step| &step.to) {
        let named = match target {
            Target::Person(person) => known(person).then_some(()).ok_or(&person.0),
            Target::Team(team) => among.teams.get(team).map(drop).ok_or(&team.0),
            Target::Schedule(id) | Target::Next(id) | Target::Previous(id) => {
                among.all.get(id).map(drop).ok_or(&id.0)
            }
            Target::Role(_) | Target::Everyone => Ok(()),
        };
        if let Err(stranger) = named {
            return Err(Refusal::invalid(
                format!("A policy names {stranger}, which this project does not have."),
                "Name somebody on the contact sheet, a team or a schedule that there is.",
            ));
        }
    }
    Ok(())
}

/// Leaves out of every policy whoever `stays` does not know.
pub(super) fn keep_only(
    policies: &mut BTreeMap<PolicyId, Policy>,
    stays: impl Fn(&PersonId) -> bool,
) {
    for step in policies.values_mut().flat_map(|policy| &mut policy.steps) {
        step.to
            .retain(|target| !matches!(target, Target::Person(person) if !stays(person)));
    }
}
