//! Whether whoever is on call by the other pager would be on call here: the engine is asked about the plan, before anything
//! is changed.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use procedure::calendar::Zone;
use procedure::id::{PersonId, ScheduleId, TeamId};
use procedure::on_call::{Policy, Reading, Schedule, Schedules};
use procedure::project::ORDER_OF_ROUTES;
use serde_json::{Value, json};

use super::apply::stays;
use super::plan::{Expected, Plan};
use super::routes;

/// So many differences of a schedule are told one by one.
const TOLD: usize = 3;

/// Who is on call there and here, and from when until when.
type Difference = (Timestamp, Timestamp, BTreeSet<String>, BTreeSet<String>);

/// A line for each while in which other people would be on call here.
pub(super) fn differences(plan: &Plan, known: &Value) -> Vec<String> {
    let all = schedules(plan, known);
    let mut lines = Vec::new();
    for expected in &plan.expected {
        let title = plan.schedules.get(&expected.schedule);
        let title = title.map_or(expected.schedule.as_str(), |(title, _)| title.as_str());
        let id = ScheduleId(expected.schedule.clone());
        let holidays = BTreeSet::new();
        let found = match all.reading(&id, &holidays) {
            Some(reading) => compare(&reading, expected),
            None => continue,
        };
        for (from, until, there, here) in found.iter().take(TOLD) {
            let (there, here) = (names(there), names(here));
            lines.push(format!(
                "On call differs in {title} from {from} until {until}: {there} there, {here} here."
            ));
        }
        if found.len() > TOLD {
            let more = found.len() - TOLD;
            lines.push(format!("On call differs in {title} {more} more times."));
        }
    }
    lines
}

/// A line for each schedule, team, policy and alert route that is here under the same name and says something else: whether it
/// is replaced, because it stands as it came, or left, because it was made or changed here.
pub(super) fn replaced(plan: &Plan, known: &Value) -> Vec<String> {
    let there = &known["project"]["schedules"];
    let mut lines = Vec::new();
    let line = |stays: bool, kind: &str, title: &str| match stays {
        false => format!("Here already, and replaced when it is applied: {kind}{title}."),
        true => format!(
            "Made or changed here, and left when it is applied: {kind}{title}. To have it replaced: apply --replace \"{title}\"."
        ),
    };
    let mut say = |(kind, all): (&str, &str), id: &str, title: &str| {
        lines.push(line(stays(known, all, id), &format!("{kind} "), title));
    };
    for (id, (title, wanted)) in &plan.schedules {
        let (was, wanted) = (turns_of(&there["all"][id]), turns_of(wanted));
        if was.is_some() && was != wanted {
            say(("schedule", "schedules"), id, title);
        }
    }
    for (id, (title, people)) in &plan.teams {
        let was = &there["teams"][id];
        if !was.is_null() && *was != json!(people) {
            say(("team", "teams"), id, title);
        }
    }
    for (id, (title, policy)) in &plan.policies {
        let of = |policy: &Value| serde_json::from_value::<Policy>(policy.clone()).ok();
        let was = of(&there["policies"][id]);
        if was.is_some() && was != of(policy) {
            say(("policy", "policies"), id, title);
        }
    }
    let routes = routes::differing(plan, known).into_iter();
    lines.extend(routes.map(|(title, as_it_came)| {
        let kind = if title == ORDER_OF_ROUTES {
            ""
        } else {
            "alert route "
        };
        line(!as_it_came, kind, &title)
    }));
    lines
}

/// A schedule without whoever stands in: that is kept apart.
pub(super) fn turns_of(schedule: &Value) -> Option<Schedule> {
    let mut schedule: Schedule = serde_json::from_value(schedule.clone()).ok()?;
    schedule.covers.clear();
    Some(schedule)
}

/// The plan's schedules as the engine reads them. What it cannot read is not there.
pub(in crate::cli) fn schedules(plan: &Plan, known: &Value) -> Schedules {
    let mut all = Schedules::default();
    let teams = &known["project"]["schedules"]["teams"];
    let teams: BTreeMap<TeamId, Vec<PersonId>> =
        serde_json::from_value(teams.clone()).unwrap_or_default();
    all.teams = teams;
    for (id, (_, people)) in &plan.teams {
        let people = people.iter().cloned().map(PersonId).collect();
        all.teams.insert(TeamId(id.clone()), people);
    }
    for (id, (_, schedule)) in &plan.schedules {
        let Ok(schedule) = serde_json::from_value::<Schedule>(schedule.clone()) else {
            continue;
        };
        let own = schedule
            .rotations
            .values()
            .filter_map(|one| one.zone.as_ref());
        let zones: BTreeSet<&String> = own.chain([&schedule.zone]).collect();
        let rules: Vec<(String, Zone)> = zones
            .into_iter()
            .filter_map(|name| Some((name.clone(), crate::founding::zone(name).ok()?.1)))
            .collect();
        all.zones.extend(rules);
        all.all.insert(ScheduleId(id.clone()), schedule);
    }
    all
}

/// Every while in which the people differ, those beside each other with the same people put together.
fn compare(reading: &Reading, expected: &Expected) -> Vec<Difference> {
    let (from, until) = (expected.from, expected.until);
    let ours = reading.spans(from, until);
    let theirs = expected
        .shifts
        .iter()
        .flat_map(|(begin, end, _)| [*begin, *end]);
    let edges = ours
        .iter()
        .map(|span| span.from)
        .chain(theirs)
        .chain([from, until]);
    let edges: BTreeSet<Timestamp> = edges.filter(|at| from <= *at && *at <= until).collect();
    let edges: Vec<Timestamp> = edges.into_iter().collect();
    let mut found: Vec<Difference> = Vec::new();
    for (at, end) in edges.iter().zip(edges.iter().skip(1)) {
        let there = expected
            .shifts
            .iter()
            .filter(|(from, until, _)| from <= at && at < until);
        let there = there.map(|(_, _, who)| who.clone().unwrap_or_else(|| UNKNOWN.to_owned()));
        let there: BTreeSet<String> = there.collect();
        let here = reading.on_call_at(*at).people.into_iter();
        let here: BTreeSet<String> = here.map(|one| one.person.to_string()).collect();
        if there == here {
            continue;
        }
        match found.last_mut() {
            Some(last) if last.1 == *at && last.2 == there && last.3 == here => last.1 = *end,
            _ => found.push((*at, *end, there, here)),
        }
    }
    found
}

/// Whoever is on call there and not known here.
const UNKNOWN: &str = "somebody who is not known here";

fn names(people: &BTreeSet<String>) -> String {
    match people.is_empty() {
        true => "nobody".to_owned(),
        false => people.iter().cloned().collect::<Vec<_>>().join(", "),
    }
}
