//! What becomes of each object of a snapshot: what it is here, and why it is less or nothing.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::super::import::plan::{Fate, People, Plan, free, list, name_all, slug, text};
use super::{mail, routing};

/// Covers that came from Opsgenie begin with this.
pub(super) const OURS: &str = "og-";

/// Ids of Opsgenie and what they are here.
#[derive(Default)]
pub(super) struct Ids {
    /// The paths that the API did not give, without their queries.
    not_read: BTreeSet<String>,
    now: Timestamp,
    users: BTreeMap<String, String>,
    teams: BTreeMap<String, String>,
    pub schedules: BTreeMap<String, String>,
    pub escalations: BTreeMap<String, String>,
    /// Schedules that some routing rule calls first; nothing where the rules were not all read.
    first: Option<BTreeSet<String>>,
    /// Users who take turns in a schedule.
    seats: BTreeMap<String, Vec<String>>,
}

/// Plans a snapshot for a project as it stands.
pub(super) fn plan(whole: &Value, known: &Value, now: Timestamp) -> Plan {
    let objects = &whole["objects"];
    let (mut plan, mut ids) = (Plan::default(), Ids::default());
    let not_read = list(whole, "not_read").filter_map(|one| text(one, "path").split('?').next());
    ids.not_read = not_read.map(str::to_owned).collect();
    ids.now = now;
    users(objects, known, &mut plan, &mut ids);
    ids.teams = name_all(objects, "teams", &known["directory"]["teams"]);
    ids.schedules = name_all(objects, "schedules", &known["directory"]["schedules"]);
    ids.escalations = name_all(objects, "escalations", &known["directory"]["policies"]);
    for team in list(objects, "teams") {
        let members =
            list(team, "members").filter_map(|one| ids.users.get(text(&one["user"], "id")));
        let people: Vec<String> = members.cloned().collect();
        let mut why = Vec::new();
        if people.is_empty() {
            why.push("nobody is in it, and a team here has somebody".to_owned());
        }
        let taken = !people.is_empty();
        if taken {
            let id = ids.teams.get(text(team, "id")).cloned().unwrap_or_default();
            plan.teams
                .insert(id, (text(team, "name").to_owned(), people));
        } else {
            ids.teams.remove(text(team, "id"));
        }
        let object = format!("team {}", text(team, "name"));
        plan.fates.push(Fate::new(object, taken, why));
    }
    ids.first = first(objects, &ids);
    for one in list(objects, "schedules") {
        schedule(one, &mut plan, &mut ids);
    }
    for one in list(objects, "escalations") {
        escalation(one, &mut plan, &ids);
    }
    rest(objects, &mut plan, &ids);
    plan
}

impl Ids {
    /// Whether what belongs to an object could not be read.
    pub(super) fn lacks(&self, kind: &str, object: &Value, what: &str) -> bool {
        let beside = format!("/v2/{kind}/{}/{what}", text(object, "id"));
        self.not_read.contains(&beside)
    }
}

/// The schedules that a routing rule calls first, by itself or by its escalation.
fn first(objects: &Value, ids: &Ids) -> Option<BTreeSet<String>> {
    let mut all = BTreeSet::new();
    for team in list(objects, "teams") {
        if ids.lacks("teams", team, "routing-rules") {
            return None;
        }
        for rule in list(team, "routing_rules") {
            let notify = &rule["notify"];
            match text(notify, "type") {
                "schedule" => drop(all.insert(text(notify, "id").to_owned())),
                "escalation" => all.extend(begins_with(objects, text(notify, "id"))),
                _ => {}
            }
        }
    }
    Some(all)
}

/// The schedules in the earliest step of an escalation.
fn begins_with(objects: &Value, escalation: &str) -> Vec<String> {
    let mut all = list(objects, "escalations");
    let rules = all.find(|one| text(one, "id") == escalation);
    let rules: Vec<&Value> = rules.map_or_else(Vec::new, |one| list(one, "rules").collect());
    let earliest = rules.iter().map(|rule| minutes(&rule["delay"])).min();
    let first = rules
        .into_iter()
        .filter(|rule| Some(minutes(&rule["delay"])) == earliest);
    let to = first.map(|rule| &rule["recipient"]);
    let schedules = to.filter(|to| text(to, "type") == "schedule");
    schedules.map(|to| text(to, "id").to_owned()).collect()
}

fn users(objects: &Value, known: &Value, plan: &mut Plan, ids: &mut Ids) {
    let mut people = People::of(known);
    for user in list(objects, "users") {
        let mail = text(user, "username");
        let name = match text(user, "fullName") {
            "" => mail,
            name => name,
        };
        let object = format!("user {name} <{mail}>");
        if user["blocked"] == true {
            let why = vec!["is blocked in Opsgenie".to_owned()];
            plan.fates.push(Fate::new(object, false, why));
            continue;
        }
        let id = people.id(name, mail);
        ids.users.insert(text(user, "id").to_owned(), id.clone());
        let mut why = Vec::new();
        let mut contact = json!({ "name": name, "mail": mail });
        for one in list(user, "contacts") {
            let to = text(one, "to");
            match text(one, "method") {
                "voice" | "sms" if contact["phone"].is_null() => {
                    contact["phone"] = json!(phone(to));
                }
                "email" if !to.eq_ignore_ascii_case(mail) => {
                    why.push(format!("its other mail address {to} is left out"));
                }
                "mobile" => why.push("its app is Opsgenie's: give it a route of ntfy".to_owned()),
                _ => {}
            }
        }
        why.sort();
        why.dedup();
        if ids.lacks("users", user, "contacts") {
            why.push("its contacts were not read".to_owned());
        }
        if list(user, "notification_rules").next().is_some() {
            why.push(
                "its notification rules: say in the routes of the person by what it is paged"
                    .to_owned(),
            );
        }
        plan.people.insert(id, contact);
        plan.fates.push(Fate::new(object, true, why));
    }
}

fn schedule(one: &Value, plan: &mut Plan, ids: &mut Ids) {
    let (name, zone_name) = (text(one, "name"), text(one, "timezone"));
    let object = format!("schedule {name}");
    let Ok(zone) = TimeZone::get(zone_name) else {
        let why = vec![format!("its time zone {zone_name:?} is not known here")];
        ids.schedules.remove(text(one, "id"));
        plan.fates.push(Fate::new(object, false, why));
        return;
    };
    let (mut why, mut rotations, mut names) = (Vec::new(), Map::new(), BTreeMap::new());
    let mut restricted = false;
    for rotation in list(one, "rotations") {
        let called = match text(rotation, "name") {
            "" => "rotation",
            name => name,
        };
        let id = free(called, &rotations.keys().cloned().collect());
        restricted |= rotation["timeRestriction"].is_object();
        match turns(rotation, &zone, ids, &mut why) {
            Ok(made) => {
                names.insert(text(rotation, "id").to_owned(), id.clone());
                rotations.insert(id, made);
            }
            Err(wrong) => why.push(format!("its rotation {called}: {wrong}")),
        }
    }
    let seats = rotations
        .values()
        .flat_map(|rotation| list(rotation, "seats"));
    let people = seats
        .filter_map(|seat| seat["person"].as_str())
        .map(str::to_owned);
    let people: BTreeSet<String> = people.collect();
    ids.seats
        .insert(text(one, "id").to_owned(), people.into_iter().collect());
    let mut covers = Vec::new();
    let ahead = |over: &&Value| {
        let until = text(over, "endDate").parse::<Timestamp>();
        until.map_or(true, |until| until > ids.now)
    };
    for over in list(one, "overrides").filter(ahead) {
        match cover(over, &names, ids) {
            Ok(made) => covers.push(made),
            Err(wrong) => why.push(format!("its override {}: {wrong}", text(over, "alias"))),
        }
    }
    let on = one["enabled"] != false;
    if !on {
        why.push("it is switched off in Opsgenie: nobody is paged by it here".to_owned());
    }
    if restricted {
        why.push("hours outside its restrictions are no alarm here".to_owned());
    }
    let routed = |first: &BTreeSet<String>| first.contains(text(one, "id"));
    let called = on && ids.first.as_ref().is_none_or(routed);
    let mut made = json!({ "zone": zone_name, "called": called, "never_empty": called && !restricted,
        "rotations": rotations });
    // Without covers those that are there stay.
    if ids.lacks("schedules", one, "overrides") {
        why.push("its overrides were not read: those that are here already stay".to_owned());
    } else {
        made["covers"] = json!(covers);
    }
    let id = ids
        .schedules
        .get(text(one, "id"))
        .cloned()
        .unwrap_or_default();
    plan.schedules.insert(id, (name.to_owned(), made));
    // That there is no alarm is said and loses nothing.
    let lost = why.iter().any(|one| !one.starts_with("hours outside"));
    let why = if lost { why } else { Vec::new() };
    let mut fate = Fate::new(object, true, why);
    if on && !called {
        let said = "no routing rule calls it first: nobody is paged by it but by a policy";
        fate.said.push(said.to_owned());
    }
    plan.fates.push(fate);
}

fn turns(one: &Value, zone: &TimeZone, ids: &Ids, why: &mut Vec<String>) -> Result<Value, String> {
    let unit = match text(one, "type") {
        "hourly" => "hour",
        "daily" => "day",
        "weekly" => "week",
        other => return Err(format!("its type {other:?} is not known here")),
    };
    let local = |name: &str| -> Option<String> {
        let at: Timestamp = text(one, name).parse().ok()?;
        Some(zone.to_datetime(at).to_string())
    };
    let start = local("startDate").ok_or("it has no beginning")?;
    let seats: Vec<Value> = list(one, "participants")
        .map(|who| seat(who, ids, why))
        .collect();
    if seats.is_empty() {
        return Err("nobody takes turns in it".to_owned());
    }
    let length = one["length"].as_u64().unwrap_or(1).max(1);
    let mut made = json!({ "unit": unit, "length": length, "start": start, "seats": seats });
    if let Some(end) = local("endDate") {
        made["end"] = json!(end);
    }
    let hours = hours(&one["timeRestriction"])?;
    if !hours.is_empty() {
        made["hours"] = json!(hours);
    }
    Ok(made)
}

fn seat(who: &Value, ids: &Ids, why: &mut Vec<String>) -> Value {
    let id = text(who, "id");
    let mut lost = |what: String| {
        why.push(what);
        json!("nobody")
    };
    match text(who, "type") {
        "user" => match ids.users.get(id) {
            Some(person) => json!({ "person": person }),
            None => lost(format!("a turn of {} is nobody's", text(who, "username"))),
        },
        "team" => match ids.teams.get(id) {
            Some(team) => json!({ "team": team }),
            None => lost(format!(
                "a turn of the team {} is nobody's",
                text(who, "name")
            )),
        },
        "none" => json!("nobody"),
        other => lost(format!(
            "a turn of the {other} {} is nobody's: only people and teams take turns here",
            text(who, "name")
        )),
    }
}

fn cover(over: &Value, names: &BTreeMap<String, String>, ids: &Ids) -> Result<Value, String> {
    let mut why = Vec::new();
    let seat = seat(&over["user"], ids, &mut why);
    if !why.is_empty() {
        return Err(why.join("; "));
    }
    let at = |name: &str| {
        text(over, name)
            .parse::<Timestamp>()
            .map_err(|_| "it has no time")
    };
    let (from, until) = (at("startDate")?, at("endDate")?);
    let id = format!("{OURS}{}", slug(text(over, "alias"), "override"));
    let mut made = json!({ "id": id, "seat": seat, "from": from, "until": until });
    let rotations = list(over, "rotations").filter_map(|one| names.get(text(one, "id")));
    let rotations: BTreeSet<&String> = rotations.collect();
    if rotations.is_empty() && list(over, "rotations").next().is_some() {
        return Err("it is of rotations that are not here".to_owned());
    }
    if !rotations.is_empty() {
        made["rotations"] = json!(rotations);
    }
    Ok(made)
}

pub(super) fn hours(restriction: &Value) -> Result<Vec<Value>, String> {
    let time = |one: &Value, hour: &str, min: &str| {
        let of = |name: &str| one[name].as_u64().unwrap_or(0);
        format!("{:02}:{:02}:00", of(hour) % 24, of(min))
    };
    match text(restriction, "type") {
        "" => Ok(Vec::new()),
        "time-of-day" => {
            let one = &restriction["restriction"];
            let (from, to) = (
                time(one, "startHour", "startMin"),
                time(one, "endHour", "endMin"),
            );
            Ok(vec![json!({ "each": "day", "from": from, "to": to })])
        }
        "weekday-and-time-of-day" => {
            let week = |one: &Value| {
                let (from, to) = (
                    time(one, "startHour", "startMin"),
                    time(one, "endHour", "endMin"),
                );
                json!({ "each": "week", "from_day": one["startDay"], "from": from,
                    "to_day": one["endDay"], "to": to })
            };
            Ok(list(restriction, "restrictions").map(week).collect())
        }
        other => Err(format!("its restriction {other:?} is not known here")),
    }
}

fn escalation(one: &Value, plan: &mut Plan, ids: &Ids) {
    let name = text(one, "name");
    let object = format!("escalation {name}");
    let (mut why, mut steps) = (Vec::new(), Vec::new());
    for rule in list(one, "rules") {
        if text(rule, "condition") == "if-not-closed" {
            why.push("a rule until it is closed ends here when somebody has it: whoever has it is reminded instead".to_owned());
        }
        let minutes = minutes(&rule["delay"]);
        let to = targets(rule, ids, &mut why);
        if !to.is_empty() {
            steps.push((minutes, json!({ "after_minutes": minutes, "to": to })));
        }
    }
    steps.sort_by_key(|(minutes, _)| *minutes);
    if steps.is_empty() {
        why.push("it calls nobody who is known here".to_owned());
        plan.fates.push(Fate::new(object, false, why));
        return;
    }
    let steps: Vec<Value> = steps.into_iter().map(|(_, step)| step).collect();
    let mut policy = json!({ "steps": steps });
    let repeat = &one["repeat"];
    if let Some(times) = repeat["count"].as_u64().filter(|times| *times > 0) {
        let wait = repeat["waitInterval"].as_u64().unwrap_or(1).max(1);
        policy["again"] = json!({ "after_minutes": wait, "times": times.min(50) });
    }
    if repeat["closeAlertAfterAll"] == true {
        why.push("nothing is closed here but by people".to_owned());
    }
    why.dedup();
    let id = ids
        .escalations
        .get(text(one, "id"))
        .cloned()
        .unwrap_or_default();
    plan.policies.insert(id, (name.to_owned(), policy));
    plan.fates.push(Fate::new(object, true, why));
}

fn targets(rule: &Value, ids: &Ids, why: &mut Vec<String>) -> Vec<Value> {
    let (to, how) = (&rule["recipient"], text(rule, "notifyType"));
    let id = text(to, "id");
    let made = match (text(to, "type"), how) {
        ("user", _) => ids
            .users
            .get(id)
            .map(|person| vec![json!({ "person": person })]),
        ("team", _) => {
            if how == "admins" {
                why.push("admins of a team are the whole team here".to_owned());
            }
            ids.teams.get(id).map(|team| vec![json!({ "team": team })])
        }
        ("schedule", "all" | "users" | "admins") => ids.seats.get(id).map(|people| {
            why.push(
                "everybody of a schedule are the people who take turns in it today".to_owned(),
            );
            people
                .iter()
                .map(|person| json!({ "person": person }))
                .collect()
        }),
        ("schedule", _) => ids.schedules.get(id).map(|schedule| {
            let how = match how {
                "next" | "previous" => how,
                _ => "schedule",
            };
            vec![json!({ how: schedule })]
        }),
        ("all", _) => Some(vec![json!("everyone")]),
        ("none", _) => Some(Vec::new()),
        _ => None,
    };
    made.unwrap_or_else(|| {
        why.push(format!(
            "a rule to {} {} is left out",
            text(to, "type"),
            named(to)
        ));
        Vec::new()
    })
}

/// What is read and has no place here, each with the reason.
fn rest(objects: &Value, plan: &mut Plan, ids: &Ids) {
    routing::plan(objects, plan, ids);
    for (kind, name, why) in [
        (
            "integrations",
            "integration",
            "add an alert source and give its key to the sender: henhouse project add-source",
        ),
        (
            "alert_policies",
            "alert policy",
            "write an alert rule of the project",
        ),
        (
            "notification_policies",
            "notification policy",
            "the playbook says what is held back, and a first call never is",
        ),
        ("heartbeats", "heartbeat", "heartbeats are not taken over"),
        (
            "maintenance",
            "maintenance window",
            "put it among the maintenance windows of the project",
        ),
        (
            "forwarding_rules",
            "forwarding rule",
            "stand in: henhouse on-call take",
        ),
    ] {
        for one in list(objects, kind) {
            if kind == "integrations" && mail::is_mail(one) {
                let was_read = one["actions"].is_array() && !ids.lacks(kind, one, "actions");
                plan.fates.push(mail::fate(one, was_read));
                continue;
            }
            let object = format!("{name} {}", named(one));
            plan.fates.push(Fate::refused(object, why));
        }
    }
}

fn minutes(delay: &Value) -> u64 {
    let amount = delay["timeAmount"].as_u64().unwrap_or(0);
    match text(delay, "timeUnit") {
        "days" => amount * 24 * 60,
        "hours" => amount * 60,
        "seconds" => amount.div_ceil(60),
        "miliseconds" | "micros" | "nanos" => 0,
        _ => amount,
    }
}

/// `1-5550100` as Opsgenie writes it becomes `+1 5550100`.
fn phone(to: &str) -> String {
    match to.split_once('-') {
        Some((country, number)) if !to.starts_with('+') => format!("+{country} {number}"),
        _ => to.to_owned(),
    }
}

pub(super) fn named(one: &Value) -> &str {
    let names = ["name", "description", "username", "alias", "id"];
    names
        .into_iter()
        .map(|name| text(one, name))
        .find(|name| !name.is_empty())
        .unwrap_or_default()
}
