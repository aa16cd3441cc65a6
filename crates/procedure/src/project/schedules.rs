//! Schedules of a project: set by admins, and changed for a while by whoever takes over or swaps.
//!
//! Who may do which is decided where people sign in. A revision of the whole project never touches them.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::check::{bad_name, short_name};
use super::imports::{self, Import};
use super::{ProjectBody, ProjectState, RouteTo};
use crate::actor::{Actor, Who};
use crate::at::after;
use crate::basis::Project;
use crate::calendar::Zone;
use crate::decide::Refusal;
use crate::id::{CoverId, PersonId, PolicyId, RotationId, ScheduleId, TeamId};
use crate::on_call::{Cover, Policy, Schedule, Schedules, Seat, Target, sound, sound_policy};
use crate::text::Text;

/// Whoever stood in longer ago is no longer in the schedule; the journal knows them.
const KEPT: SignedDuration = SignedDuration::from_hours(92 * 24);
/// Nobody stands in for longer at a time.
const LONGEST_COVER: SignedDuration = SignedDuration::from_hours(366 * 24);
/// A project has at most so many schedules, teams, and swaps that wait for an answer.
const MOST: usize = 20_000;

/// Set a schedule, new or in the place of the one of that id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetSchedule {
    /// Its short name: small letters, digits and hyphens.
    pub id: ScheduleId,
    /// What people call it.
    pub title: Text,
    /// The schedule.
    pub schedule: Schedule,
    /// The rules of the zones that it names.
    pub zones: BTreeMap<String, Zone>,
    /// Whoever stands in goes on doing so, and no covers are sent. What is recorded has them.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub keep_covers: bool,
    /// It comes from another pager.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub import: Option<Import>,
}

/// Say who is in a team, or, with nobody in it, that there is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetTeam {
    /// Its short name.
    pub id: TeamId,
    /// What people call it.
    pub title: Text,
    /// Who is in it.
    pub people: Vec<PersonId>,
    /// It comes from another pager.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub import: Option<Import>,
}

/// Set an escalation policy, new or in the place of the one of that id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetPolicy {
    /// Its short name.
    pub id: PolicyId,
    /// What people call it.
    pub title: Text,
    /// The policy.
    pub policy: Policy,
    /// It comes from another pager.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub import: Option<Import>,
}

/// Entry: a policy was removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyRemoved {
    /// Which.
    pub id: PolicyId,
}

/// Entry: it was said by which policy people are called to a report before the contact sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyUsed {
    /// Which; none: the handbook's way alone.
    #[serde(default)]
    pub id: Option<PolicyId>,
}

/// Stand in for a while, or let somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StandIn {
    /// In which schedule.
    pub schedule: ScheduleId,
    /// Who.
    pub seat: Seat,
    /// From this instant on.
    pub from: Timestamp,
    /// Up to, not including.
    pub until: Timestamp,
    /// For these rotations; none: for the whole schedule.
    #[serde(default)]
    pub rotations: Vec<RotationId>,
    /// Only in the place of this person.
    #[serde(default)]
    pub instead_of: Option<PersonId>,
}

/// Offer to swap time on call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfferSwap {
    /// In which schedule.
    pub schedule: ScheduleId,
    /// To whom.
    pub to: PersonId,
    /// The time that they would take.
    pub gives: Time,
    /// The time that is taken from them for it.
    #[serde(default)]
    pub takes: Option<Time>,
}

/// A while.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Time {
    /// From this instant on.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub from: Timestamp,
    /// Up to, not including.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub until: Timestamp,
}

/// Entry: a schedule was removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduleRemoved {
    /// Which.
    pub id: ScheduleId,
}

/// Entry: a swap was offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwapOffered {
    /// In which schedule.
    pub schedule: ScheduleId,
    /// By whom.
    pub by: PersonId,
    /// To whom.
    pub to: PersonId,
    /// The time that they would take.
    pub gives: Time,
    /// The time that is taken from them for it.
    #[serde(default)]
    pub takes: Option<Time>,
}

/// Entry: a swap was answered, or taken back by whoever offered it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwapAnswered {
    /// Which, by the number of its offer.
    pub swap: u64,
    /// Whether it holds.
    pub accepted: bool,
}

/// Entry: somebody stands in from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoodIn {
    /// In which schedule.
    pub schedule: ScheduleId,
    /// Who, when and for what.
    pub cover: Cover,
}

/// Entry: somebody stands in no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoverEnded {
    /// In which schedule.
    pub schedule: ScheduleId,
    /// Which.
    pub cover: CoverId,
}

/// A swap that waits for an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Swap {
    /// What was offered.
    pub offer: SwapOffered,
    /// When.
    pub at: Timestamp,
}

pub(super) fn set(state: &ProjectState, set: &SetSchedule) -> Result<Vec<ProjectBody>, Refusal> {
    let project = set_up(state)?;
    short("A schedule's short name", &set.id.0)?;
    if project.schedules.all.len() >= MOST && !project.schedules.all.contains_key(&set.id) {
        return Err(too_many());
    }
    let mut after = project.schedules.clone();
    after.zones.extend(set.zones.clone());
    let mut set = set.clone();
    let was = project.schedules.all.get(&set.id);
    let there = imports::differs(was, &set.schedule);
    let as_it_came = set.import.is_some() && state.as_imported().schedules.contains(&set.id);
    imports::spares(set.import.as_mut(), (there, as_it_came), "schedule")?;
    if core::mem::take(&mut set.keep_covers) {
        set.schedule.covers = was.map(|was| was.covers.clone()).unwrap_or_default();
        set.schedule.covers.retain_mut(|cover| {
            let whole = cover.rotations.is_empty();
            let there = |id: &RotationId| set.schedule.rotations.contains_key(id);
            cover.rotations.retain(there);
            whole || !cover.rotations.is_empty()
        });
    } else if let Some(was) = was {
        // A cover of rotations that are gone never becomes one of the whole schedule.
        let there = |id: &RotationId| set.schedule.rotations.contains_key(id);
        let gone = |one: &&Cover| !one.rotations.is_empty() && !one.rotations.iter().any(there);
        let gone: Vec<&CoverId> = was.covers.iter().filter(gone).map(|one| &one.id).collect();
        let covers = &mut set.schedule.covers;
        covers.retain(|cover| !cover.rotations.is_empty() || !gone.contains(&&cover.id));
    }
    sound(&set.schedule, &after, |person| {
        project.member(person).is_some()
    })?;
    Ok(alloc::vec![ProjectBody::ScheduleSet(Box::new(set))])
}

pub(super) fn remove(state: &ProjectState, id: &ScheduleId) -> Result<Vec<ProjectBody>, Refusal> {
    known(state, id)?;
    let names = |target: &Target| match target {
        Target::Schedule(named) | Target::Next(named) | Target::Previous(named) => named == id,
        _ => false,
    };
    unrouted(state, &RouteTo::Schedule(id.clone()))?;
    let policies = &set_up(state)?.schedules.policies;
    let named = |policy: &Policy| policy.steps.iter().any(|step| step.to.iter().any(names));
    if let Some((policy, _)) = policies.iter().find(|(_, policy)| named(policy)) {
        return Err(Refusal::conflict(
            format!("The policy {policy} calls whoever is on call in this schedule."),
            "Change the policy first.",
        ));
    }
    Ok(alloc::vec![ProjectBody::ScheduleRemoved(ScheduleRemoved {
        id: id.clone(),
    })])
}

pub(super) fn set_policy(
    state: &ProjectState,
    set: &SetPolicy,
) -> Result<Vec<ProjectBody>, Refusal> {
    let project = set_up(state)?;
    short("A policy's short name", &set.id.0)?;
    let schedules = &project.schedules;
    if schedules.policies.len() >= MOST && !schedules.policies.contains_key(&set.id) {
        return Err(too_many());
    }
    sound_policy(&set.policy, schedules, |person| {
        project.member(person).is_some()
    })?;
    let mut set = set.clone();
    let was = schedules.policies.get(&set.id);
    let there = was.is_some_and(|was| *was != set.policy);
    let as_it_came = set.import.is_some() && state.as_imported().policies.contains(&set.id);
    imports::spares(set.import.as_mut(), (there, as_it_came), "policy")?;
    Ok(alloc::vec![ProjectBody::PolicySet(Box::new(set))])
}

pub(super) fn remove_policy(
    state: &ProjectState,
    id: &PolicyId,
) -> Result<Vec<ProjectBody>, Refusal> {
    known_policy(state, id)?;
    unrouted(state, &RouteTo::Policy(id.clone()))?;
    if set_up(state)?.schedules.policy.as_ref() == Some(id) {
        return Err(Refusal::conflict(
            "People are called by this policy.",
            "Choose another one first, or the handbook's way.",
        ));
    }
    Ok(alloc::vec![ProjectBody::PolicyRemoved(PolicyRemoved {
        id: id.clone(),
    })])
}

/// Refuses to remove what an alert route calls.
fn unrouted(state: &ProjectState, to: &RouteTo) -> Result<(), Refusal> {
    match state.routed_to(to) {
        None => Ok(()),
        Some(route) => Err(Refusal::conflict(
            format!("The alert route {route} calls by it."),
            "Change the route first.",
        )),
    }
}

pub(super) fn use_policy(
    state: &ProjectState,
    id: Option<&PolicyId>,
) -> Result<Vec<ProjectBody>, Refusal> {
    if let Some(id) = id {
        known_policy(state, id)?;
    }
    Ok(alloc::vec![ProjectBody::PolicyUsed(PolicyUsed {
        id: id.cloned(),
    })])
}

fn known_policy(state: &ProjectState, id: &PolicyId) -> Result<(), Refusal> {
    if set_up(state)?.schedules.policies.contains_key(id) {
        return Ok(());
    }
    Err(Refusal::invalid(
        format!("There is no policy {id} in this project."),
        "Name one that there is.",
    ))
}

pub(super) fn set_team(state: &ProjectState, set: &SetTeam) -> Result<Vec<ProjectBody>, Refusal> {
    let project = set_up(state)?;
    short("A team's short name", &set.id.0)?;
    if project.schedules.teams.len() >= MOST && !project.schedules.teams.contains_key(&set.id) {
        return Err(too_many());
    }
    let stranger = |person: &&PersonId| project.member(person).is_none();
    if let Some(person) = set.people.iter().find(stranger) {
        return Err(Refusal::invalid(
            format!("{person} is not on the contact sheet."),
            "Put them on the contact sheet first, or leave them out.",
        ));
    }
    if set.people.is_empty() {
        unnamed(&project.schedules, &set.id)?;
    }
    let mut set = set.clone();
    let was = project.schedules.teams.get(&set.id);
    let there = was.is_some_and(|was| *was != set.people);
    let as_it_came = set.import.is_some() && state.as_imported().teams.contains(&set.id);
    imports::spares(set.import.as_mut(), (there, as_it_came), "team")?;
    Ok(alloc::vec![ProjectBody::TeamSet(Box::new(set))])
}

/// Refuses to remove a team that a schedule or a policy still names.
fn unnamed(schedules: &Schedules, team: &TeamId) -> Result<(), Refusal> {
    let seat = |seat: &Seat| matches!(seat, Seat::Team(named) if named == team);
    let takes_turns = |schedule: &Schedule| {
        let mut seats = schedule.rotations.values().flat_map(|one| &one.seats);
        seats.any(seat) || schedule.covers.iter().any(|cover| seat(&cover.seat))
    };
    let called = |policy: &Policy| {
        let mut targets = policy.steps.iter().flat_map(|step| &step.to);
        targets.any(|target| matches!(target, Target::Team(named) if named == team))
    };
    let schedule = schedules.all.iter().find(|(_, one)| takes_turns(one));
    let policy = schedules.policies.iter().find(|(_, one)| called(one));
    let what = match (schedule, policy) {
        (Some((id, _)), _) => format!("This team is in the schedule {id}."),
        (None, Some((id, _))) => format!("The policy {id} calls this team."),
        (None, None) => return Ok(()),
    };
    Err(Refusal::conflict(what, "Leave the team out there first."))
}

pub(super) fn stand_in(
    state: &ProjectState,
    now: Timestamp,
    ask: &StandIn,
) -> Result<Vec<ProjectBody>, Refusal> {
    let schedule = known(state, &ask.schedule)?;
    ahead(now, (ask.from, ask.until), "What somebody stands in for")?;
    let cover = Cover {
        id: next_id(state, 0),
        seat: ask.seat.clone(),
        from: ask.from,
        until: ask.until,
        rotations: ask.rotations.iter().cloned().collect(),
        instead_of: ask.instead_of.clone(),
    };
    covered(state, &ask.schedule, schedule, cover)
}

/// A while that is not over, and no longer than somebody stands in; so it began less than a year ago.
fn ahead(now: Timestamp, (from, until): (Timestamp, Timestamp), what: &str) -> Result<(), Refusal> {
    let length = until.duration_since(from);
    if until <= now || length <= SignedDuration::ZERO || length > LONGEST_COVER {
        return Err(Refusal::invalid(
            format!("{what} lasts for at most a year, until a time that has not passed."),
            "Give an end that lies ahead and after the beginning.",
        ));
    }
    Ok(())
}

/// Checks a schedule with one more cover in it.
fn covered(
    state: &ProjectState,
    id: &ScheduleId,
    schedule: &Schedule,
    cover: Cover,
) -> Result<Vec<ProjectBody>, Refusal> {
    let project = set_up(state)?;
    let mut after = schedule.clone();
    after.covers.push(cover.clone());
    sound(&after, &project.schedules, |person| {
        project.member(person).is_some()
    })?;
    Ok(alloc::vec![ProjectBody::StoodIn(StoodIn {
        schedule: id.clone(),
        cover,
    })])
}

pub(super) fn end_cover(
    state: &ProjectState,
    id: &ScheduleId,
    cover: &CoverId,
) -> Result<Vec<ProjectBody>, Refusal> {
    if !known(state, id)?.covers.iter().any(|one| one.id == *cover) {
        return Err(Refusal::conflict(
            "Nobody stands in by that number any more.",
            "Look again who is on call.",
        ));
    }
    Ok(alloc::vec![ProjectBody::CoverEnded(CoverEnded {
        schedule: id.clone(),
        cover: cover.clone(),
    })])
}

pub(super) fn offer(
    state: &ProjectState,
    now: Timestamp,
    actor: &Actor,
    offer: &OfferSwap,
) -> Result<Vec<ProjectBody>, Refusal> {
    let project = set_up(state)?;
    known(state, &offer.schedule)?;
    let by = person(actor)?;
    if project.member(&offer.to).is_none() || project.member(by).is_none() || offer.to == *by {
        return Err(Refusal::invalid(
            "A swap is between two people of the contact sheet.",
            "Offer it to somebody else on the contact sheet.",
        ));
    }
    if state.swaps.len() >= MOST {
        return Err(too_many());
    }
    let times = [Some(offer.gives), offer.takes];
    for time in times.into_iter().flatten() {
        ahead(now, (time.from, time.until), "What is swapped")?;
    }
    holds(project, offer, by)?;
    Ok(alloc::vec![ProjectBody::SwapOffered(SwapOffered {
        schedule: offer.schedule.clone(),
        by: by.clone(),
        to: offer.to.clone(),
        gives: offer.gives,
        takes: offer.takes,
    })])
}

/// What is swapped is there: each is on call at some time of what they give.
fn holds(project: &Project, offer: &OfferSwap, by: &PersonId) -> Result<(), Refusal> {
    let reading = project.reading(&offer.schedule);
    let on = |who: &PersonId, time: Time| {
        reading.is_some_and(|reading| !reading.own(who, time.from, time.until).is_empty())
    };
    let not = |who: &PersonId| {
        Refusal::invalid(
            format!("{who} is not on call in that time."),
            "Swap a time in which they are.",
        )
    };
    if !on(by, offer.gives) {
        return Err(not(by));
    }
    match offer.takes {
        Some(time) if !on(&offer.to, time) => Err(not(&offer.to)),
        _ => Ok(()),
    }
}

pub(super) fn answer(
    state: &ProjectState,
    now: Timestamp,
    actor: &Actor,
    answered: &SwapAnswered,
) -> Result<Vec<ProjectBody>, Refusal> {
    let Some(swap) = state.swaps.get(&answered.swap) else {
        return Err(Refusal::conflict(
            "This swap waits for no answer any more.",
            "Look again who is on call.",
        ));
    };
    let by = person(actor)?;
    let offer = &swap.offer;
    if *by != offer.to && (answered.accepted || *by != offer.by) {
        return Err(Refusal::forbidden(
            None,
            "A swap is answered by whom it was offered to, and taken back by who offered it.",
            "Ask them.",
        ));
    }
    let mut bodies = alloc::vec![ProjectBody::SwapAnswered(answered.clone())];
    if !answered.accepted {
        return Ok(bodies);
    }
    let schedule = known(state, &offer.schedule)?;
    let halves = [
        Some((&offer.to, &offer.by, offer.gives)),
        offer.takes.map(|time| (&offer.by, &offer.to, time)),
    ];
    for (n, (takes, gives, time)) in (1..).zip(halves.into_iter().flatten()) {
        if time.until <= now {
            return Err(Refusal::conflict(
                "The time of this swap has passed.",
                "Turn it down.",
            ));
        }
        let cover = Cover {
            id: next_id(state, n),
            seat: Seat::Person(takes.clone()),
            from: time.from,
            until: time.until,
            rotations: Default::default(),
            instead_of: Some(gives.clone()),
        };
        bodies.extend(covered(state, &offer.schedule, schedule, cover)?);
    }
    Ok(bodies)
}

impl ProjectState {
    /// Folds a change of the schedules in.
    pub(super) fn schedule(&mut self, seq: u64, at: Timestamp, body: &ProjectBody) {
        if let ProjectBody::SwapOffered(offer) = body {
            let offer = offer.clone();
            self.swaps.insert(seq, Swap { offer, at });
            return;
        }
        if let ProjectBody::SwapAnswered(answered) = body {
            self.swaps.remove(&answered.swap);
            return;
        }
        self.imported.apply(body);
        let Some(project) = self.project.as_mut() else {
            return;
        };
        let schedules = &mut project.schedules;
        match body {
            ProjectBody::ScheduleSet(set) => {
                schedules.zones.extend(set.zones.clone());
                schedules.all.insert(set.id.clone(), set.schedule.clone());
                self.directory
                    .schedules
                    .insert(set.id.clone(), set.title.clone());
            }
            ProjectBody::ScheduleRemoved(gone) => {
                schedules.all.remove(&gone.id);
                self.swaps.retain(|_, swap| swap.offer.schedule != gone.id);
            }
            ProjectBody::TeamSet(set) if set.people.is_empty() => {
                schedules.teams.remove(&set.id);
            }
            ProjectBody::TeamSet(set) => {
                schedules.teams.insert(set.id.clone(), set.people.clone());
                self.directory
                    .teams
                    .insert(set.id.clone(), set.title.clone());
            }
            ProjectBody::PolicySet(set) => {
                schedules
                    .policies
                    .insert(set.id.clone(), set.policy.clone());
                self.directory
                    .policies
                    .insert(set.id.clone(), set.title.clone());
            }
            ProjectBody::PolicyRemoved(gone) => {
                schedules.policies.remove(&gone.id);
            }
            ProjectBody::PolicyUsed(used) => schedules.policy.clone_from(&used.id),
            ProjectBody::StoodIn(stood) => {
                if let Some(schedule) = schedules.all.get_mut(&stood.schedule) {
                    schedule.covers.push(stood.cover.clone());
                }
            }
            ProjectBody::CoverEnded(ended) => {
                if let Some(schedule) = schedules.all.get_mut(&ended.schedule) {
                    schedule.covers.retain(|cover| cover.id != ended.cover);
                }
            }
            _ => return,
        }
        for schedule in schedules.all.values_mut() {
            schedule
                .covers
                .retain(|cover| after(cover.until, KEPT) > at);
        }
        self.revision += 1;
    }

    /// The schedules as they stand.
    #[must_use]
    pub fn schedules(&self) -> Option<&Schedules> {
        self.facts().map(|project| &project.schedules)
    }

    /// What the rules look at, as it was last set, without its editions.
    #[must_use]
    pub const fn facts(&self) -> Option<&Project> {
        self.project.as_ref()
    }
}

fn set_up(state: &ProjectState) -> Result<&Project, Refusal> {
    state
        .project
        .as_ref()
        .ok_or_else(|| Refusal::invalid("This project is not set up yet.", "Set it up first."))
}

fn known<'a>(state: &'a ProjectState, id: &ScheduleId) -> Result<&'a Schedule, Refusal> {
    set_up(state)?.schedules.all.get(id).ok_or_else(|| {
        Refusal::invalid(
            format!("There is no schedule {id} in this project."),
            "Name one that there is.",
        )
    })
}

/// A cover is named by the entry that made it.
fn next_id(state: &ProjectState, more: u64) -> CoverId {
    CoverId(format!("c{}", state.seq + 1 + more))
}

fn person(actor: &Actor) -> Result<&PersonId, Refusal> {
    match &actor.who {
        Who::Person(person) => Ok(person),
        _ => Err(Refusal::forbidden(
            None,
            "Only a person swaps time on call.",
            "Sign in, or use a personal token.",
        )),
    }
}

fn short(what: &str, id: &str) -> Result<(), Refusal> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if short_name(id, 64, allowed) && !id.starts_with('-') {
        return Ok(());
    }
    let fix = "Use small letters, digits and hyphens, at most 64.";
    Err(bad_name(what, id, fix))
}

fn too_many() -> Refusal {
    Refusal::conflict(
        format!("A project has at most {MOST} of these."),
        "Remove what nobody needs any more.",
    )
}
