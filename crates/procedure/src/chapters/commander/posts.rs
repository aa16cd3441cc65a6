//! Who does what in a response besides commanding it: deputy, Communications Officer,
//! assistants, scribe; and what an IC does not do (R16, X5, X6, X25).

use alloc::format;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{State, over};
use crate::at::At;
use crate::basis::Role;
use crate::decide::{Decision, Gate, Refusal};
use crate::id::PersonId;
use crate::playbook::RoleName;
use crate::rule::Rule;
use crate::switch::on;
use crate::text::Text;

/// A role in the response to one case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Post {
    /// Commands. It moves by hand-over or take-over only.
    #[serde(alias = "ic")]
    IncidentCommander,
    /// Communications Officer: speaks to the outside (X5).
    #[serde(alias = "communications_officer")]
    Communications,
    /// Investigates, contains, repairs.
    Responder,
    /// Stands in for the IC (M19).
    Deputy,
    /// Looks after a named part for the IC (X25).
    #[serde(alias = "assistant_commander")]
    Assistant,
    /// Writes things down.
    Scribe,
}

/// Name somebody for a role.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AssignRole {
    /// Who; somebody in the response.
    pub person: PersonId,
    /// Which role.
    pub role: Post,
    /// An assistant's part, such as the recovery (X25).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Text>,
}

/// Take a role back, or lay your own down.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ReleaseRole {
    /// Who has it.
    pub person: PersonId,
    /// Which role.
    pub role: Post,
}

/// Entry: somebody has a role from now on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoleAssigned {
    /// Who.
    pub person: PersonId,
    /// Which role.
    pub role: Post,
    /// An assistant's part.
    #[serde(default)]
    pub scope: Option<Text>,
}

/// Entry: somebody no longer has a role.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoleReleased {
    /// Who.
    pub person: PersonId,
    /// Which role.
    pub role: Post,
}

/// Entry: a technical step was given to the IC, who should coordinate (R16).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IcWarned {
    /// The IC at that time.
    pub ic: PersonId,
    /// Nobody else was in the response.
    #[serde(default)]
    pub alone: bool,
}

/// A role held, with the entry that gave it.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// The entry.
    pub seq: u64,
    /// Who.
    pub person: PersonId,
    /// Which role.
    pub role: Post,
    /// An assistant's part.
    pub scope: Option<Text>,
    /// Since when.
    pub since: Timestamp,
}

/// What becomes of a technical step that is given to the IC.
#[derive(Clone, Debug, PartialEq)]
pub enum StepOnIc {
    /// It is given, and this warning is recorded beside it (R16).
    Warn(IcWarned),
    /// The playbook is strict: somebody else should do it (X6).
    Refuse(Refusal),
}

/// Warns of a technical step that the IC has done already: what happened is not refused (M15).
pub fn note_step(d: &mut Decision, person: &PersonId) {
    let commander = &d.case().part.commander;
    if commander.ic() == Some(person) && on(Rule::R16) {
        let (ic, alone) = (person.clone(), commander.responders.len() == 1);
        d.record(IcWarned { ic, alone });
    }
}

/// What to do about a technical step for this person; `None` when they are not the IC.
/// An IC who is alone is only warned, whatever the playbook says (M16).
#[must_use]
pub fn step_on_ic(at: At, person: &PersonId) -> Option<StepOnIc> {
    let commander = &at.case.part.commander;
    if commander.ic() != Some(person) {
        return None;
    }
    let alone = commander.responders.len() == 1;
    if at.playbook().roles.strict_ic && !alone && on(Rule::X6) {
        return Some(StepOnIc::Refuse(Refusal::rule(
            Rule::X6,
            "The Incident Commander coordinates and takes no technical step here.",
            "Give it to another responder, or hand over command first.",
        )));
    }
    let ic = person.clone();
    on(Rule::R16).then_some(StepOnIc::Warn(IcWarned { ic, alone }))
}

/// Asks [`step_on_ic`] within a decision: records the warning, or asks the strict gate,
/// which opens by itself at High (M7).
///
/// # Errors
/// The refusal of a strict playbook.
pub fn guard_step(d: &mut Decision, person: &PersonId) -> Result<(), Refusal> {
    match step_on_ic(d.at, person) {
        None => Ok(()),
        Some(StepOnIc::Warn(warning)) => {
            d.record(warning);
            Ok(())
        }
        Some(StepOnIc::Refuse(refusal)) => d.gate(Gate::Act, false, || refusal),
    }
}

/// Whether this person may speak to the outside: the roles that the playbook names,
/// by default IC and Communications Officer (X5).
#[must_use]
pub fn may_speak_outside(at: At, person: &PersonId) -> bool {
    let commander = &at.case.part.commander;
    let has = |role: &RoleName| match role {
        RoleName::IncidentCommander => commander.ic() == Some(person),
        RoleName::CommunicationsOfficer => commander.holds(person, Post::Communications),
        RoleName::Deputy => commander.deputy() == Some(person),
        RoleName::AssistantCommander => commander.holds(person, Post::Assistant),
        RoleName::Responder => commander.responders.contains_key(person),
        RoleName::ProductOwner => at.project().has_role(person, Role::ProductOwner),
        RoleName::ProjectManager => at.project().has_role(person, Role::ProjectManager),
        RoleName::SecurityTeam => at.project().has_role(person, Role::Security),
        _ => false,
    };
    at.playbook().roles.may_send_outside.iter().any(has) || !on(Rule::X5)
}

/// Demands that whoever acts may speak to the outside (X5). Authority: never waived.
///
/// # Errors
/// Refused for everybody else.
pub fn only_voice_outside(d: &Decision) -> Result<(), Refusal> {
    if may_speak_outside(d.at, d.person()?) {
        return Ok(());
    }
    Err(Refusal::forbidden(
        Some(Rule::X5),
        "Only the IC or the Communications Officer speaks to the outside.",
        "Give it to one of them, or ask the IC to name you Communications Officer.",
    ))
}

pub(super) fn assign(d: &mut Decision, assign: &AssignRole) -> Result<(), Refusal> {
    if d.case().is_over() {
        return Err(over());
    }
    // Whose it is to give comes before what is given.
    d.only_ic(match assign.role {
        Post::IncidentCommander => Rule::X23,
        Post::Communications => Rule::X5,
        Post::Assistant => Rule::X25,
        Post::Responder | Post::Deputy | Post::Scribe => Rule::R16,
    })?;
    match assign.role {
        Post::IncidentCommander if on(Rule::X23) => return Err(one_commander()),
        Post::IncidentCommander | Post::Responder => {
            return Err(Refusal::invalid(
                "That role is not given by name.",
                "Call the person in; command moves by hand-over.",
            ));
        }
        _ => {}
    }
    fits(d, assign)?;
    d.record(RoleAssigned {
        person: assign.person.clone(),
        role: assign.role,
        scope: assign.scope.clone(),
    });
    Ok(())
}

fn one_commander() -> Refusal {
    Refusal::rule(
        Rule::X23,
        "There is one Incident Commander, for the incident and for the recovery.",
        "Hand command over, or name an assistant for that part.",
    )
}

fn fits(d: &Decision, assign: &AssignRole) -> Result<(), Refusal> {
    let commander = &d.case().part.commander;
    let AssignRole {
        person,
        role,
        scope,
    } = assign;
    if !commander.responders.contains_key(person) {
        return Err(Refusal::invalid(
            format!("{person} is not in the response."),
            "Call them in first; the role follows when they have come.",
        ));
    }
    if *role == Post::Deputy && commander.ic() == Some(person) {
        return Err(Refusal::invalid(
            "The deputy stands in for the IC, so it is somebody else.",
            "Name another responder.",
        ));
    }
    if *role == Post::Assistant && scope.is_none() {
        return Err(Refusal::rule(
            Rule::X25,
            "An assistant looks after a named part.",
            "Say which part, such as the recovery of the database.",
        ));
    }
    if *role == Post::Communications
        && let Some(holder) = commander.communications()
    {
        return Err(Refusal::conflict(
            format!("{holder} speaks for the team already."),
            "Let them hand over, or release them first.",
        ));
    }
    Ok(())
}

pub(super) fn release(d: &mut Decision, release: &ReleaseRole) -> Result<(), Refusal> {
    let ReleaseRole { person, role } = release;
    if d.person()? != person {
        d.only_ic(Rule::R16)?;
    }
    if !d.case().part.commander.holds(person, *role) {
        return Err(Refusal::invalid(
            format!("{person} does not have that role."),
            "Look who has it now.",
        ));
    }
    d.record(RoleReleased {
        person: person.clone(),
        role: *role,
    });
    Ok(())
}

impl State {
    /// Whether the person was named for that role and has it still.
    #[must_use]
    pub fn holds(&self, person: &PersonId, role: Post) -> bool {
        let held = |held: &Held| held.role == role && &held.person == person;
        self.posts.iter().any(held)
    }

    /// Who was named for that role, the longest-serving first.
    pub fn holders(&self, role: Post) -> impl Iterator<Item = &PersonId> {
        let of_role = move |held: &&Held| held.role == role;
        self.posts.iter().filter(of_role).map(|held| &held.person)
    }

    /// The Communications Officer, if one was named.
    #[must_use]
    pub fn communications(&self) -> Option<&PersonId> {
        self.holders(Post::Communications).next()
    }

    /// Whether the person coordinates: IC, deputy by name, or assistant.
    #[must_use]
    pub fn coordinates(&self, person: &PersonId) -> bool {
        self.ic() == Some(person)
            || self.holds(person, Post::Deputy)
            || self.holds(person, Post::Assistant)
    }

    /// Who stands in for the IC: by name, else the longest-serving other responder (M19).
    #[must_use]
    pub fn deputy(&self) -> Option<&PersonId> {
        let not_ic = |person: &&PersonId| Some(*person) != self.ic();
        let named = self.holders(Post::Deputy).find(not_ic);
        named.or_else(|| {
            let others = self.responders.iter().filter(|(person, _)| not_ic(person));
            let longest = others.min_by_key(|(_, responder)| responder.seq);
            longest.map(|(person, _)| person)
        })
    }

    pub(super) fn give(&mut self, held: Held) {
        let single = matches!(held.role, Post::Deputy | Post::Communications);
        let gone = |old: &Held| old.role == held.role && (single || old.person == held.person);
        self.posts.retain(|old| !gone(old));
        self.posts.push(held);
    }
}
