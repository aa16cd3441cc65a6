//! What becomes of each object of a snapshot of Grafana OnCall: what it is here, and why it is less or nothing.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::super::import::plan::{
    Expected, Fate, People, Plan, contact, instant, list, name_all, text,
};
use super::chains;
use super::shifts::Reader;

/// Covers that came from Grafana OnCall begin with this.
pub(super) const OURS: &str = "go-";

/// Ids of Grafana OnCall and what they are here.
#[derive(Default)]
pub(super) struct Ids {
    pub users: BTreeMap<String, String>,
    pub teams: BTreeMap<String, String>,
    pub schedules: BTreeMap<String, String>,
    pub chains: BTreeMap<String, String>,
    /// Schedules that some chain calls before it waits.
    first: BTreeSet<String>,
}

/// Plans a snapshot for a project as it stands.
pub(super) fn plan(whole: &Value, known: &Value, now: Timestamp) -> Plan {
    let (objects, titles) = (&whole["objects"], &known["directory"]);
    let (mut plan, mut ids) = (Plan::default(), Ids::default());
    users(objects, known, &mut plan, &mut ids);
    ids.teams = name_all(objects, "teams", &titles["teams"]);
    ids.schedules = name_all(objects, "schedules", &titles["schedules"]);
    ids.chains = name_all(objects, "escalation_chains", &titles["policies"]);
    ids.first = first(objects);
    for one in list(objects, "teams") {
        team(one, objects, &mut plan, &mut ids);
    }
    let taken_at = instant(whole, "taken_at").unwrap_or(now);
    for one in list(objects, "schedules") {
        schedule(one, objects, (taken_at, now), &mut plan, &mut ids);
        expect(objects, one, &mut plan, &ids);
    }
    for one in list(objects, "escalation_chains") {
        chains::chain(one, objects, &mut plan, &ids);
    }
    rest(objects, &mut plan, &ids);
    plan
}

fn users(objects: &Value, known: &Value, plan: &mut Plan, ids: &mut Ids) {
    let mut people = People::of(known);
    for user in list(objects, "users") {
        let (there, mail) = (text(user, "id"), text(user, "email"));
        let name = ["name", "username"]
            .into_iter()
            .map(|name| text(user, name));
        let name = name
            .into_iter()
            .find(|name| !name.is_empty())
            .unwrap_or(mail);
        let object = format!("user {name} <{mail}>");
        if matches!(text(user, "role"), "observer" | "viewer") {
            let why = "may only look in Grafana: whoever is to be called, put on the contact sheet";
            plan.fates.push(Fate::refused(object, why));
            continue;
        }
        let id = people.id(name, mail);
        ids.users.insert(there.to_owned(), id.clone());
        let mut why =
            vec!["its number is not told by the API: put it on the contact sheet".to_owned()];
        if list(objects, "personal_notification_rules").any(|one| text(one, "user_id") == there) {
            why.push(
                "its notification rules: say in the routes of the person by what it is paged"
                    .to_owned(),
            );
        }
        plan.people.insert(id, contact(name, mail));
        plan.fates.push(Fate::new(object, true, why));
    }
}

/// Who is in a team is told by its users.
fn team(one: &Value, objects: &Value, plan: &mut Plan, ids: &mut Ids) {
    let (there, name) = (text(one, "id"), text(one, "name"));
    let object = format!("team {name}");
    let in_it = |user: &&Value| list(user, "teams").any(|team| team == there);
    let members: Vec<&Value> = list(objects, "users").filter(in_it).collect();
    let called = members
        .iter()
        .filter_map(|user| ids.users.get(text(user, "id")));
    let people: Vec<String> = called.cloned().collect();
    if people.is_empty() {
        ids.teams.remove(there);
        let why = "nobody who is called is in it, and a team here has somebody";
        plan.fates.push(Fate::refused(object, why));
        return;
    }
    let mut fate = Fate::new(object, true, Vec::new());
    if people.len() < members.len() {
        let others = members.len() - people.len();
        fate.why
            .push(format!("{others} who are not called are left out"));
    }
    let id = ids.teams.get(there).cloned().unwrap_or_default();
    plan.teams.insert(id, (name.to_owned(), people));
    plan.fates.push(fate);
}

fn schedule(
    one: &Value,
    objects: &Value,
    (taken_at, now): (Timestamp, Timestamp),
    plan: &mut Plan,
    ids: &mut Ids,
) {
    let (name, there, kind) = (text(one, "name"), text(one, "id"), text(one, "type"));
    let object = format!("schedule {name}");
    let own = match text(one, "time_zone") {
        "" => "UTC",
        zone => zone,
    };
    let wrong = match kind {
        "web" | "calendar" => crate::founding::zone(own)
            .err()
            .map(|_| format!("its time zone {own:?} is not known here")),
        "ical" => {
            Some("its shifts are those of a calendar elsewhere: enter them by hand".to_owned())
        }
        other => Some(format!("its type {other:?} is not known here")),
    };
    if let Some(why) = wrong {
        ids.schedules.remove(there);
        plan.fates.push(Fate::refused(object, why));
        return;
    }
    let reader = Reader {
        own,
        // Shifts that were made by the pages are told in UTC, those by the API in the schedule's zone.
        other: if kind == "web" { "UTC" } else { own },
        ids,
        taken_at,
        now,
    };
    let made = reader.all(list(objects, "on_call_shifts").filter(|shift| is_of(shift, one)));
    let mut why = made.why;
    why.dedup();
    if !one["ical_url_overrides"].is_null() && one["ical_url_overrides"] != "" {
        why.push("overrides of a calendar elsewhere are left out".to_owned());
    }
    let called = ids.first.contains(there);
    let whole = made.rotations.values().any(always);
    let mut fate = Fate::new(object, true, why);
    if made.over > 0 {
        fate.said
            .push(format!("{} of its shifts are over and left out", made.over));
    }
    if !called {
        fate.said
            .push("no chain calls it first: nobody is paged by it but by a policy".to_owned());
    }
    let id = ids.schedules.get(there).cloned().unwrap_or_default();
    let schedule = json!({ "zone": own, "called": called, "never_empty": called && whole,
        "rotations": made.rotations, "covers": made.covers });
    plan.schedules.insert(id, (name.to_owned(), schedule));
    plan.fates.push(fate);
}

/// Shifts say in which schedule they are, or schedules say which are in them.
fn is_of(shift: &Value, schedule: &Value) -> bool {
    let id = text(shift, "id");
    text(shift, "schedule") == text(schedule, "id") || list(schedule, "shifts").any(|one| one == id)
}

/// Whether somebody always has a turn of a rotation.
fn always(rotation: &Value) -> bool {
    let nobody = list(rotation, "seats").any(|seat| seat == "nobody");
    rotation["hours"].is_null() && rotation["end"].is_null() && !nobody
}

/// The schedules that a chain calls before it waits, where some route leads to the chain.
fn first(objects: &Value) -> BTreeSet<String> {
    let mut first = BTreeSet::new();
    let routes = list(objects, "routes")
        .chain(list(objects, "integrations").map(|one| &one["default_route"]));
    let used: BTreeSet<&str> = routes
        .map(|route| text(route, "escalation_chain_id"))
        .collect();
    for chain in list(objects, "escalation_chains").map(|one| text(one, "id")) {
        let mut steps: Vec<&Value> = list(objects, "escalation_policies")
            .filter(|step| text(step, "escalation_chain_id") == chain)
            .collect();
        steps.sort_by_key(|step| step["position"].as_i64().unwrap_or(0));
        let before = steps
            .into_iter()
            .take_while(|step| text(step, "type") != "wait");
        let named = before.map(|step| text(step, "notify_on_call_from_schedule").to_owned());
        if used.contains(chain) {
            first.extend(named.filter(|id| !id.is_empty()));
        }
    }
    first
}

/// Who is to be on call, as Grafana OnCall says.
fn expect(objects: &Value, one: &Value, plan: &mut Plan, ids: &Ids) {
    let (Some(schedule), Some(shifts)) = (
        ids.schedules.get(text(one, "id")),
        one["final_shifts"].as_array(),
    ) else {
        return;
    };
    let asked = &objects["asked"];
    let (Some(from), Some(until)) = (instant(asked, "since"), instant(asked, "until")) else {
        return;
    };
    let shift = |one: &Value| {
        let person = ids.users.get(text(one, "user_pk")).cloned();
        Some((
            instant(one, "shift_start")?,
            instant(one, "shift_end")?,
            person,
        ))
    };
    plan.expected.push(Expected {
        schedule: schedule.clone(),
        from,
        until,
        shifts: shifts.iter().filter_map(shift).collect(),
    });
}

/// What is read and has no place here, each with the reason.
fn rest(objects: &Value, plan: &mut Plan, ids: &Ids) {
    let in_one = |shift: &Value| {
        let mut schedules = list(objects, "schedules");
        schedules.any(|one| is_of(shift, one))
    };
    for one in list(objects, "on_call_shifts").filter(|one| !in_one(one)) {
        let object = format!("shift {}", text(one, "name"));
        plan.fates
            .push(Fate::refused(object, "it is in no schedule"));
    }
    for one in list(objects, "integrations") {
        let object = format!("integration {}", text(one, "name"));
        let mut why =
            "add an alert source and give its key to the sender: henhouse project add-source"
                .to_owned();
        if let Some(id) = ids
            .chains
            .get(text(&one["default_route"], "escalation_chain_id"))
        {
            why.push_str(&format!(
                "; its chain is chosen by: henhouse on-call use {id}"
            ));
        }
        plan.fates.push(Fate::refused(object, why));
    }
    for one in list(objects, "routes").filter(|one| one["is_the_last_route"] != true) {
        let object = format!("route {}", text(one, "routing_regex"));
        let why = "what an alert says is looked at by the alert rules of the project";
        plan.fates.push(Fate::refused(object, why));
    }
    for (kind, name, why) in [
        ("webhooks", "webhook", "see the webhooks of the project"),
        (
            "shift_swaps",
            "shift swap",
            "offer it again here: henhouse on-call offer",
        ),
    ] {
        for one in list(objects, kind) {
            let named = ["name", "description", "id"]
                .into_iter()
                .map(|name| text(one, name));
            let named = named.into_iter().find(|name| !name.is_empty());
            let object = format!("{name} {}", named.unwrap_or_default());
            plan.fates.push(Fate::refused(object, why));
        }
    }
}
