//! What came from another pager. It is brought again as often as one likes, and never takes the place of what was made or
//! changed here since, unless somebody says so.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::check::{bad_name, short_name};
use super::imported_routes::{CameRoutes, were_moved};
use super::routes::AlertRoute;
use super::{ProjectBody, ProjectState};
use crate::decide::Refusal;
use crate::id::{PersonId, PolicyId, ScheduleId, TeamId};
use crate::on_call::{Policy, Schedule};

/// It comes from another pager.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Import {
    /// From which, in small letters, such as `opsgenie`.
    pub pager: String,
    /// It takes the place also of what was made or changed here since. It is asked for, and not recorded.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub replace: bool,
}

/// What came, as it came last: by that it is known what was changed here since. Titles are people's words and decide nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Imported {
    teams: BTreeMap<TeamId, Vec<PersonId>>,
    schedules: BTreeMap<ScheduleId, Schedule>,
    policies: BTreeMap<PolicyId, Policy>,
    routes: Option<CameRoutes>,
}

/// What stands as it came.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AsImported {
    /// Teams, by short name.
    pub teams: Vec<TeamId>,
    /// Schedules. Whoever stands in changes nothing about it.
    pub schedules: Vec<ScheduleId>,
    /// Escalation policies.
    pub policies: Vec<PolicyId>,
    /// Alert routes, by name.
    pub routes: Vec<String>,
    /// Somebody changed the order of the alert routes that came.
    pub routes_moved: bool,
}

impl Imported {
    /// The alert routes that came from a pager, in its order.
    pub(super) fn routes(&self, pager: &str) -> &[AlertRoute] {
        let came = self.routes.as_ref().filter(|came| came.pager == pager);
        came.map_or(&[], |came| &came.routes)
    }

    pub(super) fn apply(&mut self, body: &ProjectBody) {
        match body {
            ProjectBody::ScheduleSet(set) if set.import.is_some() => {
                let kept = bare(&set.schedule);
                self.schedules.insert(set.id.clone(), kept);
            }
            ProjectBody::ScheduleRemoved(gone) => {
                self.schedules.remove(&gone.id);
            }
            ProjectBody::TeamSet(set) if set.people.is_empty() => {
                self.teams.remove(&set.id);
            }
            ProjectBody::TeamSet(set) if set.import.is_some() => {
                self.teams.insert(set.id.clone(), set.people.clone());
            }
            ProjectBody::PolicySet(set) if set.import.is_some() => {
                self.policies.insert(set.id.clone(), set.policy.clone());
            }
            ProjectBody::PolicyRemoved(gone) => {
                self.policies.remove(&gone.id);
            }
            ProjectBody::AlertRoutesSet(set) if set.came.is_some() => {
                self.routes.clone_from(&set.came);
            }
            _ => {}
        }
    }
}

/// A schedule without whoever stands in: that is people's, and kept apart.
fn bare(schedule: &Schedule) -> Schedule {
    let mut bare = schedule.clone();
    bare.covers.clear();
    bare
}

impl ProjectState {
    /// What stands as it came from another pager.
    #[must_use]
    pub fn as_imported(&self) -> AsImported {
        let came = &self.imported;
        let Some(project) = &self.project else {
            return AsImported::default();
        };
        let there = &project.schedules;
        let teams = came.teams.iter();
        let teams = teams.filter(|(id, people)| there.teams.get(*id) == Some(*people));
        let schedules = came
            .schedules
            .iter()
            .filter(|(id, schedule)| there.all.get(*id).map(bare).as_ref() == Some(*schedule));
        let policies = came.policies.iter();
        let policies = policies.filter(|(id, policy)| there.policies.get(*id) == Some(*policy));
        let routes = &self.alert_routes.routes;
        let those = came.routes.as_ref().map_or(&[][..], |came| &came.routes);
        let as_they_came = routes.iter().filter(|route| those.contains(route));
        AsImported {
            routes: as_they_came.map(|route| route.name.clone()).collect(),
            routes_moved: were_moved(routes, those, those),
            teams: teams.map(|(id, _)| id.clone()).collect(),
            schedules: schedules.map(|(id, _)| id.clone()).collect(),
            policies: policies.map(|(id, _)| id.clone()).collect(),
        }
    }
}

/// Refuses to let what came take the place of what was made or changed here.
///
/// `there`: it is here, and says something else. `as_it_came`: nobody changed it since it came.
pub(super) fn spares(
    import: Option<&mut Import>,
    (there, as_it_came): (bool, bool),
    what: &str,
) -> Result<(), Refusal> {
    let Some(import) = import else {
        return Ok(());
    };
    pager_name(&import.pager)?;
    let replace = core::mem::take(&mut import.replace);
    if there && !as_it_came && !replace {
        let pager = &import.pager;
        return Err(Refusal::conflict(
            format!("The {what} was made here, or changed here since it came from {pager}."),
            "Leave it as it is, or say that it is to be replaced.",
        ));
    }
    Ok(())
}

pub(super) fn pager_name(pager: &str) -> Result<(), Refusal> {
    let in_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if short_name(pager, 40, in_name) {
        return Ok(());
    }
    let allowed = "Use small letters, digits and hyphens, at most 40.";
    Err(bad_name("The name of a pager", pager, allowed))
}

pub(super) fn differs(was: Option<&Schedule>, new: &Schedule) -> bool {
    was.is_some_and(|was| bare(was) != bare(new))
}
