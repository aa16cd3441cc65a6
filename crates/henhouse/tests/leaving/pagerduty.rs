//! Leaving PagerDuty, in the shapes of the examples of its published schema (github.com/PagerDuty/api-schema). PyPI's
//! `pagerduty` reads the same double.

use std::process::Command;

use serde_json::{Value, json};

use super::double::{Double, House};
use crate::peers::python::python;

const KEY: &str = "y_NbAkKc66ryYTWUXYEu";
/// What opens a calendar to whoever has it.
const FEED: &str = "https://farm.pagerduty.com/private/0123456789abcdef/feed";

fn reference(kind: &str, id: &str, name: &str) -> Value {
    json!({ "id": id, "type": format!("{kind}_reference"), "summary": name,
        "self": format!("https://api.pagerduty.com/{kind}s/{id}"), "html_url": format!("https://farm.pagerduty.com/{kind}s/{id}") })
}

fn user(id: &str, name: &str, role: &str) -> Value {
    let mail = format!("{}@farm.example", name.to_lowercase());
    let method = |id: &str, kind: &str, more: Value| {
        let mut one = json!({ "id": id, "type": format!("{kind}_contact_method"), "summary": "Default", "label": "Default",
            "self": format!("https://api.pagerduty.com/users/{id}/contact_methods/{id}"), "html_url": null });
        one.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        one
    };
    let mut methods = vec![method(
        "CM1",
        "email",
        json!({ "address": mail, "send_short_email": false }),
    )];
    if name == "Ann" {
        methods.push(method(
            "CM2",
            "phone",
            json!({ "address": "15550100", "country_code": 49 }),
        ));
        methods.push(method(
            "CM3",
            "sms",
            json!({ "address": "15550100", "country_code": 49 }),
        ));
        methods.push(method(
            "CM4",
            "push_notification",
            json!({ "address": "1234", "device_type": "ios" }),
        ));
    }
    let mut user = reference("user", id, &format!("{name} Farmer"));
    let more = json!({ "type": "user", "name": format!("{name} Farmer"), "email": mail, "time_zone": "Europe/Berlin",
        "color": "green", "role": role, "avatar_url": "https://example.com/a.png", "description": null, "invitation_sent": false,
        "job_title": "Hand", "teams": [], "contact_methods": methods, "notification_rules": [], "http_cal_url": FEED,
        "web_cal_url": FEED });
    user.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    user
}

/// A part of a list with what PagerDuty says of its pages.
fn page(kind: &str, all: &[Value], path: &str, limit: usize) -> Value {
    let offset = path
        .split(['?', '&'])
        .find_map(|one| one.strip_prefix("offset="));
    let offset: usize = offset.map_or(0, |offset| offset.parse().unwrap());
    let some: Vec<&Value> = all.iter().skip(offset).take(limit).collect();
    json!({ kind: some, "limit": limit, "offset": offset, "more": offset + limit < all.len(), "total": null })
}

fn layer(name: &str, users: &[(&str, &str)], seconds: u64, restrictions: Value) -> Value {
    let users: Vec<Value> = users
        .iter()
        .map(|(id, name)| json!({ "user": reference("user", id, name) }))
        .collect();
    json!({ "id": format!("L{name}"), "name": name, "start": "2026-03-03T10:30:00+01:00", "end": null, "users": users,
        "rotation_virtual_start": "2026-01-05T09:00:00+01:00", "rotation_turn_length_seconds": seconds,
        "restrictions": restrictions, "rendered_schedule_entries": [], "rendered_coverage_percentage": null })
}

fn told(path: &str) -> Option<Value> {
    let (place, query) = path.split_once('?').unwrap_or((path, ""));
    let said = |name: &str| {
        query
            .split('&')
            .find_map(|one| one.strip_prefix(name))
            .unwrap_or_default()
            .to_owned()
    };
    let schedule = |id: &str, name: &str, zone: &str, layers: Value| {
        let mut one = reference("schedule", id, name);
        let shift = json!({ "start": said("since="), "end": said("until="), "user": reference("user", "U3", "Cat Farmer") });
        let more = json!({ "type": "schedule", "name": name, "time_zone": zone, "description": "d", "schedule_layers": layers,
            "http_cal_url": FEED, "web_cal_url": FEED, "teams": [], "users": [], "escalation_policies": [],
            "final_schedule": { "name": "Final Schedule", "rendered_schedule_entries": [shift], "rendered_coverage_percentage": 100.0 },
            "overrides_subschedule": { "name": "Overrides", "rendered_schedule_entries": [] } });
        one.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        one
    };
    let schedules = [
        // The highest layer comes first.
        schedule(
            "S1",
            "Farm hands",
            "Europe/Berlin",
            json!([
                layer(
                    "Nights",
                    &[("U3", "Cat Farmer"), ("U2", "Bob Farmer")],
                    86_400,
                    json!([{ "type": "daily_restriction", "start_time_of_day": "22:00:00", "duration_seconds": 28_800 }])
                ),
                layer(
                    "Days",
                    &[
                        ("U1", "Ann Farmer"),
                        ("U2", "Bob Farmer"),
                        ("U8", "Gone Farmer")
                    ],
                    604_800,
                    json!([])
                )
            ]),
        ),
        schedule(
            "S2",
            "Barn",
            "Eastern Time (US & Canada)",
            json!([layer("Alone", &[("U3", "Cat Farmer")], 5400, json!([]))]),
        ),
        schedule("S3", "Moon", "Mars/Olympus", json!([])),
    ];
    let rule = |minutes: u64, targets: Value| {
        json!({ "id": "R", "escalation_delay_in_minutes": minutes, "targets": targets,
        "escalation_rule_assignment_strategy": "assign_to_everyone" })
    };
    let policy = |id: &str, name: &str, rules: Value, loops: u64| {
        let mut one = reference("escalation_policy", id, name);
        let more = json!({ "type": "escalation_policy", "name": name, "escalation_rules": rules, "num_loops": loops,
            "services": [reference("service", "SV1", "Coop doors")], "teams": [], "description": "",
            "on_call_handoff_notifications": "if_has_services" });
        one.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        one
    };
    match place {
        "/users/U2/contact_methods" => {
            let bob = user("U2", "Bob", "limited_user");
            Some(json!({ "contact_methods": bob["contact_methods"] }))
        }
        "/users" => {
            let mut all = [
                user("U1", "Ann", "admin"),
                user("U2", "Bob", "limited_user"),
                user("U3", "Cat", "user"),
                user("U4", "Stan", "read_only_user"),
            ];
            // Of two the contact methods are only named, and one of them tells them when it is asked.
            for place in [1, 2] {
                all[place]["contact_methods"] =
                    json!([reference("email_contact_method", "CM1", "Default")]);
            }
            Some(page("users", &all, path, 3))
        }
        "/teams" => {
            let team = |id, name| {
                let mut one = reference("team", id, name);
                one["name"] = json!(name);
                one["type"] = json!("team");
                one
            };
            Some(page(
                "teams",
                &[team("T1", "Night Watch"), team("T2", "Empty")],
                path,
                1,
            ))
        }
        "/teams/T1/members" => {
            let member =
                |id, name| json!({ "user": reference("user", id, name), "role": "manager" });
            Some(page(
                "members",
                &[
                    member("U1", "Ann"),
                    member("U2", "Bob"),
                    member("U4", "Stan"),
                ],
                path,
                2,
            ))
        }
        "/teams/T2/members" => Some(page("members", &[], path, 100)),
        "/schedules" => Some(page("schedules", &schedules, path, 2)),
        "/schedules/S1/overrides" => Some(
            json!({ "overrides": [{ "id": "Q2", "start": "2035-01-08T09:00:00+01:00",
            "end": "2035-01-08T13:00:00+01:00", "user": reference("user", "U3", "Cat Farmer") },
            { "id": "Q1", "start": "2026-01-08T09:00:00+01:00", "end": "2026-01-08T13:00:00+01:00",
            "user": reference("user", "U1", "Ann Farmer") }] }),
        ),
        "/schedules/S2/overrides" => None,
        "/schedules/S3/overrides" => Some(json!({ "overrides": [] })),
        "/escalation_policies" => Some(page(
            "escalation_policies",
            &[
                policy(
                    "E1",
                    "Farm",
                    json!([
                        rule(5, json!([reference("schedule", "S1", "Farm hands")])),
                        rule(
                            10,
                            json!([
                                reference("user", "U3", "Cat Farmer"),
                                reference("user", "U8", "Gone Farmer")
                            ])
                        ),
                        rule(15, json!([reference("schedule", "S2", "Barn")]))
                    ]),
                    2,
                ),
                policy(
                    "E2",
                    "Nobody",
                    json!([rule(30, json!([reference("user", "U8", "Gone Farmer")]))]),
                    0,
                ),
                policy(
                    "E3",
                    "Patient",
                    json!([
                        rule(700, json!([reference("user", "U1", "Ann Farmer")])),
                        rule(
                            1000,
                            json!([{ "id": "V1", "type": "schedule_v3_reference", "summary": "Shifts" },
                    reference("user", "U2", "Bob Farmer")])
                        ),
                        rule(30, json!([reference("user", "U3", "Cat Farmer")]))
                    ]),
                    9,
                ),
            ],
            path,
            100,
        )),
        "/services" => {
            let mut one = reference("service", "SV1", "Coop doors");
            one["name"] = json!("Coop doors");
            one["integrations"] =
                json!([{ "id": "I1", "integration_key": FEED, "integration_email": FEED }]);
            Some(page("services", &[one], path, 100))
        }
        "/maintenance_windows" => Some(page("maintenance_windows", &[], path, 100)),
        "/oncalls" => Some(page(
            "oncalls",
            &[json!({ "user": reference("user", "U3", "Cat Farmer"),
            "schedule": reference("schedule", "S2", "Barn"), "escalation_policy": reference("escalation_policy", "E1", "Farm"),
            "escalation_level": 3, "start": null, "end": null })],
            path,
            100,
        )),
        "/v3/schedules" => Some(
            json!({ "schedules": [{ "id": "V1", "type": "schedule_v3_reference", "summary": "Shifts" }],
            "limit": 100, "offset": 0, "more": false }),
        ),
        "/v3/schedules/V1" => Some(
            json!({ "schedule": { "id": "V1", "type": "schedule_v3", "name": "Shifts",
            "time_zone": "America/New_York", "http_cal_url": FEED } }),
        ),
        _ if place.starts_with("/incidents") => incidents(place, path),
        _ => {
            let id = place.strip_prefix("/schedules/")?;
            let one = schedules.iter().find(|one| one["id"] == id)?;
            Some(json!({ "schedule": one }))
        }
    }
}

/// Incidents, with the alerts and the log of each, newest first; the log of the last is out of the key's reach.
fn incidents(place: &str, path: &str) -> Option<Value> {
    let incident = |id: &str, key: Value| {
        let mut one = reference("incident", id, "[#1234] Door");
        let more = json!({ "type": "incident", "incident_number": 1234, "title": "Door", "status": "acknowledged",
            "created_at": "2026-11-23T03:02:08Z", "incident_key": key, "assignments": [], "acknowledgements": [],
            "service": reference("service", "SV1", "Coop doors"), "urgency": "high" });
        one.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        one
    };
    let entry = |id: &str, kind: &str, at: &str, more: Value| {
        let mut one = reference("log_entry", id, "Something happened");
        let fixed = json!({ "type": kind, "created_at": at, "channel": { "type": "auto" }, "contexts": [], "teams": [],
            "agent": reference("service", "SV1", "Coop doors"), "incident": reference("incident", "I1", "Door") });
        for more in [fixed, more] {
            one.as_object_mut()
                .unwrap()
                .extend(more.as_object().unwrap().clone());
        }
        one
    };
    let (ann, bob) = (
        reference("user", "U1", "Ann"),
        reference("user", "U2", "Bob"),
    );
    let alert = |id: &str, key: &str| {
        let mut one = reference("alert", id, "Door");
        one["type"] = json!("alert");
        one["alert_key"] = json!(key);
        one
    };
    let list = |kind: &str, all: &[Value]| Some(page(kind, all, path, 2));
    match place {
        "/incidents" => {
            let keys = ["coop-door".into(), Value::Null, "hidden".into()];
            let all: Vec<Value> = ["I1", "I2", "I3"]
                .into_iter()
                .zip(keys)
                .map(|(id, key)| incident(id, key))
                .collect();
            list("incidents", &all)
        }
        "/incidents/I1/alerts" => list("alerts", &[alert("A1", "coop-door")]),
        "/incidents/I2/alerts" => list("alerts", &[alert("A2", "fence"), alert("A3", "gate")]),
        "/incidents/I1/log_entries" => list(
            "log_entries",
            &[
                entry(
                    "Q4",
                    "acknowledge_log_entry",
                    "2026-11-23T03:03:38Z",
                    json!({ "agent": ann }),
                ),
                entry(
                    "Q3",
                    "notify_log_entry",
                    "2026-11-23T03:02:10Z",
                    json!({ "user": ann }),
                ),
                entry(
                    "Q2",
                    "assign_log_entry",
                    "2026-11-23T03:02:08Z",
                    json!({ "assignees": [ann, bob] }),
                ),
                entry(
                    "Q1",
                    "trigger_log_entry",
                    "2026-11-23T03:02:08Z",
                    json!({ "channel": { "type": "api" } }),
                ),
            ],
        ),
        "/incidents/I2/log_entries" => list(
            "log_entries",
            &[entry(
                "Q5",
                "notify_log_entry",
                "2026-11-23T04:00:02Z",
                json!({ "user": bob }),
            )],
        ),
        _ => None,
    }
}

fn double() -> Double {
    Double::start(format!("authorization: Token token={KEY}"), told)
}

/// Reads the double into a file of this house.
fn snapshot(house: &House, double: &Double) -> String {
    let (file, key) = (house.file("pagerduty.json"), house.file("key"));
    let (file, key) = (file.display().to_string(), key.display().to_string());
    std::fs::write(&key, "wrong-key\n").unwrap();
    let words = [
        "pagerduty",
        "snapshot",
        &file,
        "--key-file",
        &key,
        "--api",
        &double.url,
    ];
    let said = house.run(&words);
    let told = String::from_utf8_lossy(&said.stderr).into_owned();
    assert!(!said.status.success() && told.contains("401"), "{told}");
    assert!(
        !told.contains("wrong-key") && !house.file("pagerduty.json").exists(),
        "{told}"
    );
    std::fs::write(&key, format!("{KEY}\n")).unwrap();
    let said = house.works(&words);
    assert!(
        said.contains("4 users, 2 teams, 3 schedules, 3 escalation policies"),
        "{said}"
    );
    file
}

#[test]
fn pagerduty_is_read_planned_and_applied_again_and_again() {
    let (house, double) = (House::start(), double());
    let file = snapshot(&house, &double);
    assert!(double.refused() > 2, "it was asked to wait");
    assert!(double.always_heard("accept: application/vnd.pagerduty+json;version=2"));
    assert!(
        double.asked().iter().all(|one| one.starts_with("GET ")),
        "it is only read"
    );
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(
        !text.contains(KEY) && !text.contains(FEED),
        "neither the key nor a feed is in it"
    );
    let whole: Value = serde_json::from_str(&text).unwrap();
    let bob = &whole["objects"]["users"][1]["contact_methods"][0];
    assert_eq!(bob["address"], "bob@farm.example", "{bob}");
    let overrides = whole["objects"]["schedules"][0]["overrides"]
        .as_array()
        .unwrap()
        .len();
    assert_eq!(overrides, 2, "each override once");
    assert!(
        whole["not_read"]
            .to_string()
            .contains("/event_orchestrations"),
        "{}",
        whole["not_read"]
    );

    let plan = house.works(&["pagerduty", "plan", &file]);
    for line in [
        "partly   user Ann Farmer <ann@farm.example>: its app is PagerDuty's",
        "ok       user Bob Farmer <bob@farm.example>",
        "partly   user Cat Farmer <cat@farm.example>: its contact methods were not read",
        "refused  user Stan Farmer <stan@farm.example>: may only look in PagerDuty",
        "partly   team Night Watch: 1 who are not called are left out",
        "refused  team Empty: nobody who is called is in it",
        "partly   schedule Farm hands: a turn of Gone Farmer is nobody's: they are not called here",
        "partly   schedule Barn: its overrides were not all read: those that are here already stay; no service calls it first",
        "refused  schedule Moon: its time zone \"Mars/Olympus\" is not known here",
        "refused  shift-based schedule Shifts: its shifts follow rules of a calendar",
        "partly   escalation policy Farm: the user Gone Farmer is left out: it is not here; put it in force: henhouse on-call use farm",
        "refused  escalation policy Nobody: the user Gone Farmer is left out",
        "partly   escalation policy Patient: the schedule v3 Shifts is left out: it is not here; its steps after a day are left out",
        "refused  service Coop doors: add an alert source",
        "On call differs in Farm hands from ",
    ] {
        assert!(
            plan.lines().any(|told| told.starts_with(line)),
            "{line}: {plan}"
        );
    }
    assert!(!plan.contains("On call differs in Barn"), "{plan}");
    assert!(plan.contains(": cat-farmer there, "), "{plan}");

    let first = house.works(&["pagerduty", "apply", &file]);
    assert_eq!(
        first.lines().count(),
        8,
        "three people, a team, two schedules, two policies: {first}"
    );
    assert_eq!(
        house.works(&["pagerduty", "apply", &file]),
        "Nothing differs.\n"
    );
    let list = |schedule: &str, from: &str, until: &str| {
        house.works(&[
            "on-call", "schedule", schedule, "--from", from, "--until", until,
        ])
    };
    // 52 weeks after the virtual beginning: of three people it is the second's turn.
    let day = list("farm-hands", "2027-01-04T12:00:00Z", "2027-01-04T13:00:00Z");
    assert!(day.contains("Bob Farmer (rotation Days)"), "{day}");
    let over = list("farm-hands", "2035-01-08T08:00:00Z", "2035-01-08T12:00:00Z");
    assert!(over.contains("Cat Farmer (stands in (pd-q2))"), "{over}");
    let shown: Value =
        serde_json::from_str(&house.works(&["--json", "on-call", "schedule", "farm-hands"]))
            .unwrap();
    let rotations = &shown["schedule"]["rotations"];
    assert_eq!(rotations["Nights"]["layer"], 1, "{rotations}");
    assert_eq!(
        rotations["Nights"]["hours"],
        json!([{ "each": "day", "from": "22:00:00", "to": "06:00:00" }])
    );
    assert_eq!(rotations["Days"]["unit"], "week");
    assert_eq!(shown["schedule"]["called"], true);
    let now: Value = serde_json::from_str(&house.works(&["--json", "on-call", "show"])).unwrap();
    let policies = now["policies"].as_array().unwrap();
    let farm = policies
        .iter()
        .find(|one| one["id"] == "farm")
        .unwrap_or(&policies[0]);
    assert_eq!(
        farm["policy"]["steps"],
        json!([{ "after_minutes": 0, "to": [{ "schedule": "farm-hands" }] },
        { "after_minutes": 5, "to": [{ "person": "cat-farmer" }] }, { "after_minutes": 15, "to": [{ "schedule": "barn" }] }])
    );
    assert_eq!(
        farm["policy"]["again"],
        json!({ "after_minutes": 15, "times": 2 })
    );

    house.works(&[
        "on-call",
        "take",
        "farm-hands",
        "--person",
        "bob-farmer",
        "--until",
        "2h",
    ]);
    house.works(&[
        "on-call",
        "take",
        "barn",
        "--person",
        "bob-farmer",
        "--until",
        "2h",
    ]);
    assert_eq!(
        house.works(&["pagerduty", "apply", &file]),
        "Nothing differs.\n",
        "what was done here stays"
    );
    let there = list("barn", "now", "1h");
    assert!(there.contains("Bob Farmer (stands in"), "{there}");
}

#[test]
fn what_has_another_title_here_is_something_else() {
    let (house, double) = (House::start(), double());
    let file = snapshot(&house, &double);
    let mine = house.file("mine.json");
    std::fs::write(&mine, json!({ "zone": "UTC", "rotations": {} }).to_string()).unwrap();
    house.works(&[
        "on-call",
        "set",
        "farm-hands",
        &mine.display().to_string(),
        "--title",
        "Ours since 2019",
    ]);
    let applied = house.works(&["pagerduty", "apply", &file]);
    assert!(applied.contains("schedule Farm hands"), "{applied}");
    let shown: Value =
        serde_json::from_str(&house.works(&["--json", "on-call", "schedule", "farm-hands"]))
            .unwrap();
    assert_eq!(shown["schedule"]["rotations"], json!({}), "{shown}");
    let shown: Value =
        serde_json::from_str(&house.works(&["--json", "on-call", "schedule", "farm-hands-2"]))
            .unwrap();
    assert_eq!(
        shown["schedule"]["rotations"].as_object().unwrap().len(),
        2,
        "{shown}"
    );
    assert_eq!(
        house.works(&["pagerduty", "apply", &file]),
        "Nothing differs.\n"
    );
    let theirs = house.file("theirs.json");
    let changed = json!({ "zone": "UTC", "rotations": {} }).to_string();
    std::fs::write(&theirs, changed).unwrap();
    let theirs = theirs.display().to_string();
    let title = ["--title", "Farm hands"];
    house.works(&[&["on-call", "set", "farm-hands-2", &theirs][..], &title].concat());
    let plan = house.works(&["pagerduty", "plan", &file]);
    let lines: Vec<&str> = plan
        .lines()
        .filter(|line| line.contains("when it is applied"))
        .collect();
    let line = "Made or changed here, and left when it is applied: schedule Farm hands. To have it replaced: apply --replace \"Farm hands\".";
    assert_eq!(lines, [line], "{plan}");
    let turns = || {
        let shown = house.works(&["--json", "on-call", "schedule", "farm-hands-2"]);
        let shown: Value = serde_json::from_str(&shown).unwrap();
        shown["schedule"]["rotations"].as_object().unwrap().len()
    };
    for _ in 0..2 {
        let said = house.run(&["pagerduty", "apply", &file]);
        let told = String::from_utf8_lossy(&said.stderr).into_owned();
        assert_eq!(said.status.code(), Some(5), "{told}");
        assert!(
            told.contains("schedule Farm hands") && told.contains("--replace"),
            "{told}"
        );
        assert_eq!(turns(), 0, "what people changed here stays");
    }
    let wrong = house.run(&["pagerduty", "apply", &file, "--replace", "Barn owls"]);
    assert_eq!(wrong.status.code(), Some(2));
    let replaced = house.works(&["pagerduty", "apply", &file, "--replace", "Farm hands"]);
    assert_eq!((replaced.as_str(), turns()), ("schedule Farm hands\n", 2));
    let again = house.works(&["pagerduty", "apply", &file]);
    assert_eq!(again, "Nothing differs.\n");
}

#[test]
fn what_pagerduty_did_is_read_and_stands_beside_what_would_have_been_done_here() {
    let (house, double) = (House::start(), double());
    let as_boss = |words: &[&str]| house.works_as(Some("boss"), words);
    let add = [
        "--json",
        "project",
        "add-source",
        "coops",
        "--sender",
        "pagerduty",
    ];
    let made: Value = serde_json::from_str(&house.works(&add)).unwrap();
    let why = "PagerDuty calls.";
    as_boss(&["project", "shadow", "coops", "--days", "28", "--why", why]);
    let event = json!({ "routing_key": made["key"], "event_action": "trigger", "dedup_key": "coop-door",
        "payload": { "summary": "Door", "source": "coop", "severity": "critical" } });
    let sent = reqwest::blocking::Client::new().post(format!("{}/v2/enqueue", house.url()));
    assert_eq!(sent.json(&event).send().unwrap().status().as_u16(), 202);

    let key = house.file("key");
    std::fs::write(&key, format!("{KEY}\n")).unwrap();
    let key = key.display().to_string();
    let compare = [
        "pagerduty",
        "compare",
        "--key-file",
        &key,
        "--api",
        &double.url,
    ];
    let said = house.run_as(Some("boss"), &compare);
    let unread = String::from_utf8_lossy(&said.stderr).into_owned();
    assert!(said.status.success(), "{unread}");
    assert!(unread.contains("/incidents/I3/log_entries"), "{unread}");
    let told = String::from_utf8_lossy(&said.stdout).into_owned();
    for line in [
        "coops calls nobody until ",
        "HH-SHADOW-1 ",
        "only there: fence",
        "only there: gate",
        "The same person first in ",
    ] {
        assert!(
            told.lines().any(|said| said.starts_with(line)),
            "{line}: {told}"
        );
    }
    assert!(!told.contains("coop-door"), "it is here too: {told}");
    let asked = double.asked();
    assert!(
        asked.iter().all(|one| one.starts_with("GET ")),
        "it is only read: {asked:?}"
    );
    let too_many = [&compare[..], &["--days", "181"]].concat();
    assert_eq!(house.run_as(Some("boss"), &too_many).status.code(), Some(2));
}

/// The double is read by PagerDuty's own client as PagerDuty is: page by page.
#[test]
fn pagerdutys_own_client_reads_the_double() {
    const READ: &str = "
import sys, pagerduty
client = pagerduty.RestApiV2Client(sys.argv[2])
# The client insists on HTTPS, and the double speaks HTTP.
client._url, client.sleep_timer = sys.argv[1], 0.01
names = lambda kind: ','.join(one['id'] for one in client.iter_all(kind))
print(names('users'), names('teams'), names('schedules'), names('escalation_policies'))
print(client.rget('schedules/S1')['schedule_layers'][0]['name'])
print(names('incidents'), names('incidents/I2/alerts'), names('incidents/I1/log_entries'))
";
    let double = double();
    let said = Command::new(python())
        .args(["-c", READ, &double.url, KEY])
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&said.stdout).into_owned();
    let wrong = String::from_utf8_lossy(&said.stderr).into_owned();
    assert_eq!(
        told, "U1,U2,U3,U4 T1,T2 S1,S2,S3 E1,E2,E3\nNights\nI1,I2,I3 A2,A3 Q4,Q3,Q2,Q1\n",
        "{wrong}"
    );
}
