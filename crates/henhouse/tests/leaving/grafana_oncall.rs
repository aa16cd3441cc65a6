//! Leaving Grafana OnCall, in the shapes of the examples of its API reference (grafana.com/docs/oncall).

use serde_json::{Value, json};

use super::double::{Double, House};

const KEY: &str = "meowmeowmeow";
/// What opens something to whoever has it.
const SECRET: &str = "mReAoNwDm0eMwKo1mTeTwYo";

/// A page of a list; the link to the next one names another host.
fn page(all: &[Value], path: &str, size: usize) -> Value {
    let number = path
        .split(['?', '&'])
        .find_map(|one| one.strip_prefix("page="));
    let number: usize = number.map_or(1, |number| number.parse().unwrap());
    let some: Vec<&Value> = all.iter().skip((number - 1) * size).take(size).collect();
    let pages = all.len().div_ceil(size).max(1);
    let place = path.split('?').next().unwrap();
    let next = (number < pages).then(|| {
        format!(
            "https://oncall.example.org/oncall{place}?page={}",
            number + 1
        )
    });
    json!({ "count": all.len(), "next": next, "previous": null, "results": some, "current_page_number": number,
        "page_size": size, "total_pages": pages })
}

fn user(id: &str, name: &str, role: &str, teams: Value) -> Value {
    json!({ "id": id, "grafana_id": 4, "email": format!("{name}@farm.example"), "slack": [], "username": name, "role": role,
        "timezone": "UTC", "teams": teams })
}

fn shift(id: &str, more: Value) -> Value {
    let mut one = json!({ "id": id, "name": id, "team_id": null, "time_zone": null, "schedule": "SCAL", "level": 0 });
    one.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    one
}

fn step(position: u64, kind: &str, more: Value) -> Value {
    let mut one = json!({ "id": format!("E{position}"), "escalation_chain_id": "F1", "position": position, "type": kind });
    one.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    one
}

fn told(path: &str) -> Option<Value> {
    let place = path.split('?').next().unwrap().trim_end_matches('/');
    let said = |name: &str| {
        path.split(['?', '&'])
            .find_map(|one| one.strip_prefix(name))
            .unwrap_or_default()
            .to_owned()
    };
    let list: Vec<Value> = match place.strip_prefix("/api/v1/")? {
        "users" => vec![
            user("UA", "ann", "admin", json!(["T1"])),
            user("UB", "bob", "user", json!(["T1"])),
            user("UC", "cat", "user", json!([])),
            user("UO", "stan", "observer", json!(["T1", "T2"])),
        ],
        "teams" => vec![
            json!({ "id": "T1", "grafana_id": 1, "name": "Night Watch", "email": "", "avatar_url": "/avatar/3f" }),
            json!({ "id": "T2", "grafana_id": 2, "name": "Lookers", "email": "", "avatar_url": "/avatar/3f" }),
        ],
        "schedules" => vec![
            json!({ "id": "SCAL", "name": "Farm hands", "type": "calendar", "team_id": null, "time_zone": "Europe/Berlin",
                "on_call_now": ["UA"], "shifts": ["week", "pair"], "ical_url_overrides": SECRET, "slack": null }),
            json!({ "id": "SWEB", "name": "Barn", "type": "web", "team_id": null, "time_zone": "Europe/Berlin", "on_call_now": [],
                "slack": null }),
            json!({ "id": "SICS", "name": "Feed", "type": "ical", "team_id": null, "ical_url_primary": SECRET,
                "ical_url_overrides": null, "on_call_now": [], "slack": null }),
        ],
        "schedules/SWEB/final_shifts" => vec![
            json!({ "user_pk": "UC", "user_email": "cat@farm.example", "user_username": "cat",
            "shift_start": format!("{}T00:00:00Z", said("start_date=")), "shift_end": format!("{}T00:00:00Z", said("end_date=")) }),
        ],
        "schedules/SCAL/final_shifts" => vec![
            json!({ "user_pk": "UO", "user_email": "stan@farm.example", "user_username": "stan",
            "shift_start": format!("{}T00:00:00Z", said("start_date=")), "shift_end": format!("{}T00:00:00Z", said("end_date=")) }),
        ],
        "on_call_shifts" => vec![
            shift(
                "week",
                json!({ "type": "rolling_users", "start": "2026-01-05T09:00:00", "rotation_start": "2026-01-05T09:00:00",
                "duration": 604_800, "frequency": "weekly", "interval": 1, "week_start": "MO", "by_day": null,
                "rolling_users": [["UA"], ["UB", "UC"]], "start_rotation_from_user_index": 1 }),
            ),
            shift(
                "pair",
                json!({ "type": "recurrent_event", "start": "2026-01-05T18:00:00", "rotation_start": "2026-01-05T18:00:00",
                "duration": 7200, "frequency": "weekly", "interval": 1, "week_start": "SU", "by_day": ["MO", "FR"], "level": 2,
                "users": ["UC", "UO"] }),
            ),
            shift(
                "months",
                json!({ "type": "recurrent_event", "start": "2026-01-05T18:00:00", "duration": 7200,
                "frequency": "monthly", "interval": 1, "by_day": null, "users": ["UC"] }),
            ),
            shift(
                "past",
                json!({ "type": "single_event", "start": "2026-01-05T18:00:00", "duration": 7200, "users": ["UC"] }),
            ),
            shift(
                "always",
                json!({ "schedule": "SWEB", "type": "rolling_users", "start": "2026-01-05T09:00:00",
                "rotation_start": "2026-02-05T09:00:00", "duration": 86_400, "frequency": "daily", "interval": 1, "by_day": null,
                "rolling_users": [["UC"]], "start_rotation_from_user_index": 0, "level": 1 }),
            ),
            shift(
                "loose",
                json!({ "schedule": null, "type": "single_event", "start": "2026-01-05T18:00:00", "duration": 7200, "users": ["UC"] }),
            ),
            shift(
                "OVER",
                json!({ "schedule": "SWEB", "type": "override", "start": "2035-01-08T08:00:00", "duration": 14_400,
                "rotation_start": "2035-01-08T08:00:00", "users": ["UB"] }),
            ),
        ],
        "escalation_chains" => vec![
            json!({ "id": "F1", "name": "Farm", "team_id": null }),
            json!({ "id": "F2", "name": "Hooks", "team_id": null }),
        ],
        "escalation_policies" => vec![
            step(1, "wait", json!({ "duration": 300 })),
            step(
                0,
                "notify_on_call_from_schedule",
                json!({ "notify_on_call_from_schedule": "SCAL", "important": false }),
            ),
            step(
                2,
                "notify_persons",
                json!({ "persons_to_notify": ["UA", "UO"], "important": true }),
            ),
            step(
                3,
                "notify_if_time_from_to",
                json!({ "notify_if_time_from": "09:00:00Z", "notify_if_time_to": "18:00:00Z" }),
            ),
            step(4, "wait", json!({ "duration": 900 })),
            step(5, "notify_team_members", json!({ "team_to_notify": "T1" })),
            step(6, "trigger_webhook", json!({ "action_to_trigger": "W1" })),
            step(7, "wait", json!({ "duration": 600 })),
            step(8, "repeat_escalation", json!({})),
            json!({ "id": "E9", "escalation_chain_id": "F2", "position": 0, "type": "trigger_webhook", "action_to_trigger": "W1" }),
        ],
        "personal_notification_rules" => vec![
            json!({ "id": "N1", "user_id": "UB", "position": 0, "important": false, "type": "notify_by_sms" }),
        ],
        "integrations" => vec![
            json!({ "id": "C1", "name": "Grafana", "team_id": null, "type": "grafana", "inbound_email": SECRET,
            "link": format!("https://oncall.example.org/integrations/v1/grafana/{SECRET}/"),
            "default_route": { "id": "R1", "escalation_chain_id": "F1", "slack": {} } }),
        ],
        "routes" => vec![
            json!({ "id": "R2", "integration_id": "C1", "escalation_chain_id": "F1", "routing_regex": "us-(east|west)",
            "position": 0, "is_the_last_route": false, "slack": {} }),
        ],
        "webhooks" => vec![
            json!({ "id": "W1", "name": "Foxes", "url": SECRET, "headers": SECRET, "data": SECRET, "password": SECRET }),
        ],
        "shift_swaps" => return None,
        other if other.starts_with("schedules/") => return None,
        _ => panic!("{path} is no path of the API"),
    };
    Some(page(&list, path, 3))
}

#[test]
fn grafana_oncall_is_read_planned_and_applied_again_and_again() {
    let (house, double) = (
        House::start(),
        Double::start(format!("authorization: {KEY}"), told),
    );
    let (file, key) = (house.file("oncall.json"), house.file("key"));
    let (file, key) = (file.display().to_string(), key.display().to_string());
    let api = format!("{}/api/v1/", double.url);
    let words = [
        "grafana-oncall",
        "snapshot",
        &file,
        "--api",
        &api,
        "--key-file",
        &key,
        "--grafana",
        "https://farm.grafana.net",
    ];
    std::fs::write(&key, "\n").unwrap();
    let said = house.run(&words);
    assert!(
        String::from_utf8_lossy(&said.stderr).contains("There is no key"),
        "{said:?}"
    );
    std::fs::write(&key, KEY).unwrap();
    let said = house.works(&words);
    assert!(
        said.contains("4 users, 2 teams, 3 schedules, 2 escalation chains"),
        "{said}"
    );
    assert!(double.refused() > 2, "it was asked to wait");
    assert!(double.always_heard("x-grafana-url: https://farm.grafana.net"));
    assert!(
        double.asked().iter().all(|one| one.starts_with("GET ")),
        "it is only read"
    );
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(
        !text.contains(KEY) && !text.contains(SECRET),
        "no key is in it, and nothing that opens something"
    );
    let whole: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        whole["objects"]["escalation_policies"]
            .as_array()
            .unwrap()
            .len(),
        10,
        "every page"
    );

    let plan = house.works(&["grafana-oncall", "plan", &file]);
    for line in [
        "partly   user ann <ann@farm.example>: its number is not told by the API",
        "partly   user bob <bob@farm.example>: its number is not told by the API: put it on the contact sheet; its notification rules",
        "refused  user stan <stan@farm.example>: may only look in Grafana",
        "partly   team Night Watch: 1 who are not called are left out",
        "refused  team Lookers: nobody who is called is in it",
        "partly   schedule Farm hands: a turn of somebody who is not called here is nobody's; its shift months: it comes monthly",
        "ok       schedule Barn: no chain calls it first",
        "refused  schedule Feed: its shifts are those of a calendar elsewhere",
        "partly   escalation chain Farm: somebody who is not called here is left out of a step; an important step",
        "refused  escalation chain Hooks: a webhook of it is left out",
        "refused  integration Grafana: add an alert source",
        "refused  route us-(east|west): what an alert says",
        "refused  webhook Foxes",
        "refused  shift loose: it is in no schedule",
        "On call differs in Farm hands from ",
    ] {
        assert!(
            plan.lines().any(|told| told.starts_with(line)),
            "{line}: {plan}"
        );
    }
    assert!(
        plan.contains("somebody who is not known here there"),
        "{plan}"
    );
    assert!(!plan.contains("On call differs in Barn"), "{plan}");

    let first = house.works(&["grafana-oncall", "apply", &file]);
    assert_eq!(
        first.lines().count(),
        7,
        "three people, a team, two schedules, a policy: {first}"
    );
    assert_eq!(
        house.works(&["grafana-oncall", "apply", &file]),
        "Nothing differs.\n"
    );
    let list = |schedule: &str, from: &str, until: &str| {
        house.works(&[
            "on-call", "schedule", schedule, "--from", from, "--until", until,
        ])
    };
    // The rotation begins with the second group, and on Mondays the higher level has the evening.
    let both = list("farm-hands", "2027-01-04T12:00:00Z", "2027-01-04T13:00:00Z");
    assert!(both.contains("bob") && both.contains("cat"), "{both}");
    let evening = list("farm-hands", "2027-01-04T17:30:00Z", "2027-01-04T18:30:00Z");
    assert!(
        evening.contains("cat") && !evening.contains("bob"),
        "{evening}"
    );
    let over = list("barn", "2035-01-08T08:00:00Z", "2035-01-08T12:00:00Z");
    assert!(over.contains("bob (stands in (go-over))"), "{over}");
    let now: Value = serde_json::from_str(&house.works(&["--json", "on-call", "show"])).unwrap();
    let policy = &now["policies"][0]["policy"];
    assert_eq!(
        policy["steps"],
        json!([{ "after_minutes": 0, "to": [{ "schedule": "farm-hands" }] },
        { "after_minutes": 5, "to": [{ "person": "ann" }] }, { "after_minutes": 20, "to": [{ "team": "night-watch" }] }])
    );
    assert_eq!(policy["again"], json!({ "after_minutes": 10, "times": 5 }));
    house.works(&[
        "on-call", "take", "barn", "--person", "ann", "--until", "2h",
    ]);
    assert_eq!(
        house.works(&["grafana-oncall", "apply", &file]),
        "Nothing differs.\n",
        "what was done here stays"
    );
}
