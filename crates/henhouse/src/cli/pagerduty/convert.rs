//! What becomes of each object of a snapshot of PagerDuty: what it is here, and why it is less or nothing.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::super::import::plan::{Expected, Fate, Plan, instant, list, name_all, slug, text};
use super::layers::Reader;
use super::{escalations, people, zones};

/// Covers that came from PagerDuty begin with this.
pub(super) const OURS: &str = "pd-";

/// Ids of PagerDuty and what they are here.
#[derive(Default)]
pub(super) struct Ids {
    pub users: BTreeMap<String, String>,
    pub schedules: BTreeMap<String, String>,
    pub policies: BTreeMap<String, String>,
    /// Schedules whose overrides were not all read.
    partly_read: BTreeSet<String>,
    /// Users whose contact methods were only named.
    pub not_told: BTreeSet<String>,
    /// Schedules that are called first.
    first: BTreeSet<String>,
}

/// Plans a snapshot for a project as it stands.
pub(super) fn plan(whole: &Value, known: &Value, now: Timestamp) -> Plan {
    let objects = &whole["objects"];
    let (mut plan, mut ids) = (Plan::default(), Ids::default());
    let beside = |kind: &str, what: &str| -> BTreeSet<String> {
        let of = |one: &Value| {
            let rest = text(one, "path").strip_prefix(kind)?;
            Some(rest.split_once(what)?.0.to_owned())
        };
        list(whole, "not_read").filter_map(of).collect()
    };
    ids.not_told = beside("/users/", "/contact_methods");
    ids.partly_read = beside("/schedules/", "/overrides");
    people::users(objects, known, &mut plan, &mut ids);
    people::teams(objects, known, &mut plan, &ids);
    ids.schedules = name_all(objects, "schedules", &known["directory"]["schedules"]);
    ids.policies = name_all(
        objects,
        "escalation_policies",
        &known["directory"]["policies"],
    );
    ids.first = escalations::first(objects).map(str::to_owned).collect();
    let taken_at = instant(whole, "taken_at").unwrap_or(now);
    for one in list(objects, "schedules") {
        schedule(one, taken_at, now, &mut plan, &mut ids);
        expect(objects, one, &mut plan, &ids);
    }
    for one in list(objects, "shift_based_schedules") {
        let object = format!("shift-based schedule {}", text(one, "summary"));
        let why =
            "its shifts follow rules of a calendar, which rotations here are not: enter it by hand";
        plan.fates.push(Fate::refused(object, why));
    }
    for one in list(objects, "escalation_policies") {
        escalations::escalation(one, &mut plan, &ids);
    }
    rest(objects, &mut plan);
    plan
}

fn schedule(one: &Value, taken_at: Timestamp, now: Timestamp, plan: &mut Plan, ids: &mut Ids) {
    let (name, there) = (text(one, "name"), text(one, "id"));
    let object = format!("schedule {name}");
    let zone_name = zones::iana(text(one, "time_zone"));
    let Ok(zone) = TimeZone::get(zone_name) else {
        ids.schedules.remove(there);
        let why = format!("its time zone {zone_name:?} is not known here");
        plan.fates.push(Fate::refused(object, why));
        return;
    };
    let mut why = Vec::new();
    let reader = Reader {
        zone: &zone,
        ids,
        taken_at,
    };
    let (rotations, over) = reader.all(one, &mut why);
    let covers = covers(one, now, ids, &mut why);
    let called = ids.first.contains(there);
    let always = rotations
        .values()
        .any(|one| one["hours"].is_null() && one["end"].is_null());
    let mut made = json!({ "zone": zone_name, "called": called, "never_empty": called && always,
        "rotations": rotations });
    if ids.partly_read.contains(there) {
        why.push("its overrides were not all read: those that are here already stay".to_owned());
    } else {
        made["covers"] = json!(covers);
    }
    why.dedup();
    let mut fate = Fate::new(object, true, why);
    if over > 0 {
        fate.said
            .push(format!("{over} of its layers are over and left out"));
    }
    if !called {
        let said = "no service calls it first: nobody is paged by it but by a policy";
        fate.said.push(said.to_owned());
    }
    let id = ids.schedules.get(there).cloned().unwrap_or_default();
    plan.schedules.insert(id, (name.to_owned(), made));
    plan.fates.push(fate);
}

/// Overrides that are not over. The later begun is said later, and the last word holds.
fn covers(one: &Value, now: Timestamp, ids: &Ids, why: &mut Vec<String>) -> Vec<Value> {
    let mut covers = Vec::new();
    for over in list(one, "overrides") {
        let user = &over["user"];
        let (Some(from), Some(until)) = (instant(over, "start"), instant(over, "end")) else {
            why.push("an override has no time".to_owned());
            continue;
        };
        if until <= now || from >= until {
            continue;
        }
        let Some(person) = ids.users.get(text(user, "id")) else {
            why.push(format!(
                "an override of {} from {from} is left out",
                text(user, "summary")
            ));
            continue;
        };
        let id = format!("{OURS}{}", slug(text(over, "id"), "override"));
        let cover = json!({ "id": id, "seat": { "person": person }, "from": from, "until": until });
        covers.push((from, cover));
    }
    covers.sort_by_key(|(from, _)| *from);
    covers.into_iter().map(|(_, cover)| cover).collect()
}

/// Who is to be on call, as PagerDuty says: its final schedule, and who is on call now.
fn expect(objects: &Value, one: &Value, plan: &mut Plan, ids: &Ids) {
    let there = text(one, "id");
    let Some(schedule) = ids.schedules.get(there) else {
        return;
    };
    let shift = |one: &Value, open: Timestamp| {
        let end = instant(one, "end").unwrap_or(Timestamp::MAX);
        let person = ids.users.get(text(&one["user"], "id")).cloned();
        (instant(one, "start").unwrap_or(open), end, person)
    };
    let asked = &objects["asked"];
    let (Some(from), Some(until)) = (instant(asked, "since"), instant(asked, "until")) else {
        return;
    };
    let of_this = |shifts: Vec<_>, until| Expected {
        schedule: schedule.clone(),
        from,
        until,
        shifts,
    };
    let rendered = &one["final_schedule"]["rendered_schedule_entries"];
    if let Some(entries) = rendered.as_array() {
        let shifts = entries.iter().map(|one| shift(one, from)).collect();
        plan.expected.push(of_this(shifts, until));
    }
    let here = |one: &&Value| text(&one["schedule"], "id") == there;
    let now: Vec<&Value> = list(objects, "oncalls").filter(here).collect();
    if !now.is_empty() && rendered.is_null() {
        let shifts: Vec<_> = now.into_iter().map(|one| shift(one, from)).collect();
        let end = shifts.iter().map(|(_, end, _)| *end).min().unwrap_or(from);
        plan.expected.push(of_this(shifts, end.min(until)));
    }
}

/// What is read and has no place here, each with the reason.
fn rest(objects: &Value, plan: &mut Plan) {
    for (kind, name, why) in [
        (
            "services",
            "service",
            "add an alert source and give its key to the sender, which may go on speaking PagerDuty's Events API: henhouse project add-source",
        ),
        (
            "maintenance_windows",
            "maintenance window",
            "put it among the maintenance windows of the project",
        ),
        (
            "orchestrations",
            "event orchestration",
            "write alert rules of the project",
        ),
        ("rulesets", "ruleset", "write alert rules of the project"),
        (
            "business_services",
            "business service",
            "say on the status page what people outside see",
        ),
        (
            "incident_workflows",
            "incident workflow",
            "the playbook says what is done, and when",
        ),
        (
            "extensions",
            "extension",
            "see the webhooks and channels of the project",
        ),
        (
            "webhook_subscriptions",
            "webhook",
            "see the webhooks and channels of the project",
        ),
    ] {
        for one in list(objects, kind) {
            let named = ["name", "summary", "description", "id"];
            let named = named.into_iter().map(|name| text(one, name));
            let named = named.into_iter().find(|name| !name.is_empty());
            let object = format!("{name} {}", named.unwrap_or_default());
            plan.fates.push(Fate::refused(object, why));
        }
    }
}
