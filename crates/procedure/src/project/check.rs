//! What a revision of a project must not say, and what it says at its own risk.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Display;

use serde::{Deserialize, Serialize};

use super::{Contact, Directory};
use crate::basis::{Project, Role};
use crate::decide::Refusal;
use crate::id::{AssetId, PersonId};

/// Something unwise that is allowed all the same, kept with the revision.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Warning {
    /// Nobody is left who can be called (R27).
    NoResponder,
    /// A report about this person calls nobody and is seen by nobody (M23).
    ReachesNobody(PersonId),
    /// Only one person can respond: some second opinions will be their own (M16).
    OneResponder,
    /// Nobody can be asked before a disruption: neither deciders nor those who stand in (M5).
    NobodyDecides,
    /// No deciders are named; project manager and product owner stand in (M5).
    DecidersStandIn,
    /// A decider who cannot be telephoned: the hour can never begin (M3, R63).
    DeciderWithoutPhone(PersonId),
    /// Somebody on the contact sheet whom neither mail nor telephone reaches.
    OutOfReach(PersonId),
}

impl Display for Warning {
    fn fmt(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
        match self {
            Self::NoResponder => f.write_str(
                "Nobody on the contact sheet is a responder: a report would call nobody.",
            ),
            Self::ReachesNobody(person) => write!(
                f,
                "A report about {person} reaches nobody: name somebody else to be called to it."
            ),
            Self::OneResponder => f.write_str(
                "There is one responder only: where a second person is asked for, a reason will do.",
            ),
            Self::NobodyDecides => {
                f.write_str("Nobody can be asked before a service is disrupted: name a decider.")
            }
            Self::DecidersStandIn => f.write_str(
                "No deciders are named: project manager and product owner stand in for them.",
            ),
            Self::DeciderWithoutPhone(person) => write!(
                f,
                "{person} decides about disruptions and has no telephone number here."
            ),
            Self::OutOfReach(person) => {
                write!(f, "{person} has neither a mail address nor a telephone number.")
            }
        }
    }
}

/// What is unwise about a project.
#[must_use]
pub fn warnings(project: &Project, directory: &Directory) -> Vec<Warning> {
    let mut found = Vec::new();
    match project.with_role(Role::Responder).count() {
        0 => found.push(Warning::NoResponder),
        1 => found.push(Warning::OneResponder),
        _ => {}
    }
    let people = || project.roster.iter().map(|member| &member.person);
    let alone = people().filter(|p| project.call_order(true, Some(p)).is_empty());
    found.extend(alone.cloned().map(Warning::ReachesNobody));
    let deciders = project.deciders();
    if deciders.is_empty() {
        found.push(Warning::NobodyDecides);
    } else if project.with_role(Role::Decider).next().is_none() {
        found.push(Warning::DecidersStandIn);
    }
    let contact = |person: &PersonId| directory.people.get(person);
    let no_phone = |p: &&PersonId| contact(p).is_none_or(|c| c.phone.is_none());
    let no_mail = |p: &&PersonId| !contact(p).is_some_and(Contact::takes_messages);
    let silent = deciders.into_iter().filter(no_phone);
    found.extend(silent.cloned().map(Warning::DeciderWithoutPhone));
    let lost = people().filter(|p| no_phone(p) && no_mail(p));
    found.extend(lost.cloned().map(Warning::OutOfReach));
    found
}

/// Refuses a revision that names what is not there, or names something twice.
pub(super) fn coherent(project: &Project, directory: &Directory) -> Result<(), Refusal> {
    let people = project.roster.iter().map(|member| &member.person);
    let people = each_once("on the contact sheet", people)?;
    short_ids(&people)?;
    each_known("the contact sheet", &people, |id| {
        directory.people.contains_key(*id)
    })?;
    let chain = each_once("on the second chain", project.second_chain.iter())?;
    short_ids(&chain)?;
    each_known("the second chain", &chain, |id| {
        directory.people.contains_key(*id)
    })?;
    let assets: BTreeSet<&AssetId> =
        each_once("among the assets", project.assets.iter().map(|a| &a.id))?;
    each_known("the assets", &assets, |id| {
        directory.assets.contains_key(*id)
    })?;
    let stakeholders = project.stakeholders.iter().map(|s| &s.id);
    let stakeholders = each_once("among the stakeholders", stakeholders)?;
    each_known("the stakeholders", &stakeholders, |id| {
        directory.stakeholders.contains_key(*id)
    })?;
    let dependencies = each_once("among the dependencies", project.dependencies.iter())?;
    each_known("the dependencies", &dependencies, |id| {
        directory.dependencies.contains_key(*id)
    })?;
    each_once(
        "among the windows",
        project.maintenance.iter().map(|w| &w.id),
    )?;
    let places = each_once("among the places", project.places.iter())?;
    each_known("the places", &places, |name| {
        directory.places.contains_key(*name)
    })?;
    duties(project, &people)?;
    windows(project, &assets)
}

fn duties(project: &Project, people: &BTreeSet<&PersonId>) -> Result<(), Refusal> {
    for duty in &project.on_call {
        if !people.contains(&duty.person) {
            return Err(unknown("The on-call plan", &duty.person));
        }
        if duty.from >= duty.until {
            return Err(Refusal::invalid(
                format!("A duty of {} ends before it begins.", duty.person),
                "Give an end after its beginning.",
            ));
        }
    }
    Ok(())
}

fn windows(project: &Project, assets: &BTreeSet<&AssetId>) -> Result<(), Refusal> {
    for window in &project.maintenance {
        if let Some(asset) = window.assets.iter().find(|asset| !assets.contains(asset)) {
            return Err(unknown("A maintenance window", asset));
        }
        if window.from >= window.until {
            return Err(Refusal::invalid(
                format!(
                    "The maintenance window {} ends before it begins.",
                    window.id
                ),
                "Give an end after its beginning.",
            ));
        }
    }
    Ok(())
}

fn each_once<'a, T: Ord + Display>(
    place: &str,
    ids: impl Iterator<Item = &'a T>,
) -> Result<BTreeSet<&'a T>, Refusal> {
    let mut seen = BTreeSet::new();
    for id in ids {
        if id.to_string().trim().is_empty() || !seen.insert(id) {
            return Err(Refusal::invalid(
                format!(
                    "{id:?} stands twice or without a name {place}.",
                    id = id.to_string()
                ),
                "Give each its own id.",
            ));
        }
    }
    Ok(seen)
}

/// Longest id of a person, in bytes: what the one-use link of a page can carry.
const PERSON_ID_LIMIT_BYTES: usize = 64;

fn short_ids(people: &BTreeSet<&PersonId>) -> Result<(), Refusal> {
    let long = |id: &&&PersonId| id.0.len() > PERSON_ID_LIMIT_BYTES;
    match people.iter().find(long) {
        Some(id) => Err(Refusal::invalid(
            format!("The id {id} is longer than {PERSON_ID_LIMIT_BYTES} bytes."),
            "Give the person a shorter id; the whole name goes into the directory.",
        )),
        None => Ok(()),
    }
}

fn each_known<T: Display>(
    place: &str,
    ids: &BTreeSet<&T>,
    known: impl Fn(&&T) -> bool,
) -> Result<(), Refusal> {
    match ids.iter().find(|id| !known(id)) {
        Some(id) => Err(Refusal::invalid(
            format!("{id} is in {place} and not in the directory."),
            "Say in the directory what it is called.",
        )),
        None => Ok(()),
    }
}

fn unknown(what: &str, id: &impl Display) -> Refusal {
    Refusal::invalid(
        format!("{what} names {id}, which this project does not have."),
        "Add it to the project first, or leave it out.",
    )
}

/// A name in addresses, or the beginning of case numbers.
pub(super) fn short_name(name: &str, limit: usize, allowed: impl Fn(char) -> bool) -> bool {
    !name.is_empty() && name.len() <= limit && name.chars().all(allowed)
}

/// Why a short name is refused.
pub(super) fn bad_name(what: &str, name: &str, allowed: &str) -> Refusal {
    Refusal::invalid(format!("{what} cannot be {name:?}."), String::from(allowed))
}
