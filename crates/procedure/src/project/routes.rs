//! Alert routes: whom the event of an alert calls first. The first route that fits by what is asked of the alert and by its
//! hours decides; where none fits, people are called as they are to any report. That nobody is called has to be said, and
//! then the alert is kept and counted, as by an alert rule. The contact sheet comes behind every route (M17).

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::alert_rules::{AlertFacts, AlertTest, few_patterns, sound_tests};
use super::check::{bad_name, short_name};
use super::imported_routes::{CameRoutes, RoutesImport, merged};
use super::imports::pager_name;
use super::{ProjectBody, ProjectState};
use crate::calendar::Zone;
use crate::decide::Refusal;
use crate::id::{PolicyId, ScheduleId};
use crate::on_call::Window;

/// A project has at most so many routes.
const MOST: usize = 100;
/// A route asks at most so many things, each of all and of any.
const MOST_TESTS: usize = 50;
/// A route has at most so many hours.
const MOST_WINDOWS: usize = 50;

/// Whom a route calls first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RouteTo {
    /// Whoever is called to any report.
    #[default]
    Usual,
    /// Those of an escalation policy, step by step.
    Policy(PolicyId),
    /// Whoever is on call in a schedule.
    Schedule(ScheduleId),
    /// Nobody: the alert is kept and counted, and opens nothing.
    Nobody,
}

/// The hours of a route.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RouteHours {
    /// The zone of the clock on the wall, such as `Europe/Berlin`.
    pub zone: String,
    /// In one of these.
    pub windows: Vec<Window>,
}

/// One route.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AlertRoute {
    /// Its short name: small letters, digits and hyphens.
    pub name: String,
    /// It is for alerts of these sources, by name; of each, if none is named.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub sources: BTreeSet<String>,
    /// All of this has to be so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub all: Vec<AlertTest>,
    /// One of this has to be so, if anything is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub any: Vec<AlertTest>,
    /// Only in these hours; at every hour, if none are named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<RouteHours>,
    /// Whom it calls first.
    pub to: RouteTo,
}

/// Entry: the alert routes, as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertRoutesSet {
    /// In the order in which they are asked.
    pub routes: Vec<AlertRoute>,
    /// The rules of the zones that they name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub zones: BTreeMap<String, Zone>,
    /// Which of them stand as they came from another pager, where they were brought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub came: Option<CameRoutes>,
}

/// Which route decided, and whom it calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Routed {
    /// Its name, as it was then.
    pub route: String,
    /// Whom it calls first.
    pub to: RouteTo,
}

impl AlertRoute {
    /// What it asks of an alert.
    pub fn tests(&self) -> impl Iterator<Item = &AlertTest> {
        self.all.iter().chain(&self.any)
    }

    /// Whether it is for an alert, whatever the hour.
    #[must_use]
    pub fn fits(&self, facts: &AlertFacts) -> bool {
        let of_source = self.sources.is_empty() || self.sources.contains(&facts.source);
        let holds = |test: &AlertTest| test.holds(facts);
        of_source
            && self.all.iter().all(holds)
            && (self.any.is_empty() || self.any.iter().any(holds))
    }
}

impl AlertRoutesSet {
    /// The routes that are for an alert, whatever the hour, in order.
    #[must_use]
    pub fn fitting(&self, facts: &AlertFacts) -> Vec<String> {
        let fitting = self.routes.iter().filter(|route| route.fits(facts));
        fitting.map(|route| route.name.clone()).collect()
    }

    /// The first of these that is in its hours.
    #[must_use]
    pub fn first_of(&self, names: &[String], now: Timestamp) -> Option<Routed> {
        let in_hours = |route: &&AlertRoute| {
            let Some(hours) = &route.hours else {
                return true;
            };
            let zone = self.zones.get(&hours.zone);
            zone.is_some_and(|zone| hours.windows.iter().any(|one| one.holds(zone, now)))
        };
        let mut named = self
            .routes
            .iter()
            .filter(|route| names.contains(&route.name));
        named.find(in_hours).map(|route| Routed {
            route: route.name.clone(),
            to: route.to.clone(),
        })
    }
}

/// Sets the routes as a whole; those of another pager are put among what was made or changed here, which stays.
pub(super) fn set(
    state: &ProjectState,
    routes: &[AlertRoute],
    zones: &BTreeMap<String, Zone>,
    import: Option<&RoutesImport>,
) -> Result<Vec<ProjectBody>, Refusal> {
    let Some(import) = import else {
        return whole(state, routes, zones, None);
    };
    pager_name(&import.pager)?;
    different(routes)?;
    let (there, came) = (&state.alert_routes, state.imported.routes(&import.pager));
    let (all, stand) = merged(&there.routes, came, routes, &import.replace);
    if all == there.routes && stand == came {
        return Ok(Vec::new());
    }
    let mut known = there.zones.clone();
    known.extend(zones.clone());
    let came = CameRoutes {
        pager: import.pager.clone(),
        routes: stand,
    };
    whole(state, &all, &known, Some(came))
}

fn whole(
    state: &ProjectState,
    routes: &[AlertRoute],
    zones: &BTreeMap<String, Zone>,
    came: Option<CameRoutes>,
) -> Result<Vec<ProjectBody>, Refusal> {
    if routes.len() > MOST {
        let what = format!("A project has at most {MOST} alert routes.");
        return Err(Refusal::invalid(what, "Say several things with one route."));
    }
    few_patterns("routes", routes.iter().flat_map(AlertRoute::tests))?;
    for route in routes {
        sound(state, route, zones)?;
    }
    different(routes)?;
    let named = |zone: &&String| {
        let hours = routes.iter().filter_map(|route| route.hours.as_ref());
        hours.into_iter().any(|hours| &hours.zone == *zone)
    };
    let zones = zones.iter().filter(|(zone, _)| named(zone));
    Ok(alloc::vec![ProjectBody::AlertRoutesSet(AlertRoutesSet {
        routes: routes.to_vec(),
        zones: zones
            .map(|(zone, rules)| (zone.clone(), rules.clone()))
            .collect(),
        came,
    })])
}

fn different(routes: &[AlertRoute]) -> Result<(), Refusal> {
    let mut names = BTreeSet::new();
    for route in routes {
        if !names.insert(&route.name) {
            let what = format!("Two alert routes are called {}.", route.name);
            return Err(Refusal::invalid(what, "Give one of them another name."));
        }
    }
    Ok(())
}

fn sound(
    state: &ProjectState,
    route: &AlertRoute,
    zones: &BTreeMap<String, Zone>,
) -> Result<(), Refusal> {
    let in_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !short_name(&route.name, 40, in_name) || route.name.starts_with('-') {
        let allowed = "Use small letters, digits and hyphens, at most 40.";
        return Err(bad_name("The name of an alert route", &route.name, allowed));
    }
    let name = &route.name;
    let no = |what: String, fix: &'static str| Err(Refusal::invalid(what, fix));
    let known = |wanted: &String| state.live_sources().any(|source| &source.name == wanted);
    if let Some(unknown) = route.sources.iter().find(|wanted| !known(wanted)) {
        return no(
            format!("The route {name} names an alert source {unknown}, which is not there."),
            "Name one of the project's sources, or none for all of them.",
        );
    }
    if route.all.len() > MOST_TESTS || route.any.len() > MOST_TESTS {
        return no(
            format!("The route {name} asks more than {MOST_TESTS} things."),
            "Make two routes of it.",
        );
    }
    sound_tests(&format!("route {name}"), route.tests())?;
    let schedules = state.schedules();
    let stranger = match &route.to {
        RouteTo::Policy(id) if schedules.is_none_or(|all| !all.policies.contains_key(id)) => {
            Some(&id.0)
        }
        RouteTo::Schedule(id) if schedules.is_none_or(|all| !all.all.contains_key(id)) => {
            Some(&id.0)
        }
        _ => None,
    };
    if let Some(stranger) = stranger {
        return no(
            format!("The route {name} calls {stranger}, which this project does not have."),
            "Name a policy or a schedule that there is.",
        );
    }
    let Some(hours) = &route.hours else {
        return Ok(());
    };
    if hours.windows.is_empty() || hours.windows.len() > MOST_WINDOWS {
        return no(
            format!("The route {name} has no hours at all, or more than {MOST_WINDOWS}."),
            "Say from when until when, or leave its hours out.",
        );
    }
    if !zones.contains_key(&hours.zone) {
        return no(
            format!(
                "The route {name} names a zone {}, whose rules are not there.",
                hours.zone
            ),
            "Name a time zone such as Europe/Berlin.",
        );
    }
    Ok(())
}

impl ProjectState {
    /// The first route that calls by a policy or a schedule, which so cannot be removed.
    pub(super) fn routed_to(&self, to: &RouteTo) -> Option<&str> {
        let mut routes = self.alert_routes.routes.iter();
        routes
            .find(|route| route.to == *to)
            .map(|route| route.name.as_str())
    }
}
