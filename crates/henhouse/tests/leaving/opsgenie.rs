//! Leaving Opsgenie: the plan says of each object what becomes of it; carrying it out twice changes nothing the second time.

use serde_json::{Value, json};

use super::double::{Double, House};

const KEY: &str = "read-only-key";

fn told(path: &str) -> Option<Value> {
    let of = |data: Value| Some(json!({ "data": data, "took": 0.1, "requestId": "r" }));
    let user = |id: &str, name: &str| {
        json!({ "id": id, "username": format!("{}@farm.example", name.to_lowercase()),
        "fullName": format!("{name} Farmer"), "role": { "id": "User", "name": "User" }, "blocked": name == "Old" })
    };
    let person = |id: &str, name: &str| json!({ "type": "user", "id": id, "username": format!("{name}@farm.example") });
    match path {
        "/v2/users?limit=100" => Some(
            json!({ "totalCount": 3, "data": [user("u1", "Ann"), user("u2", "Bob")],
            "paging": { "next": "https://api.opsgenie.com/v2/users?limit=100&offset=100" } }),
        ),
        "/v2/users?limit=100&offset=100" => of(json!([user("u3", "Cat"), user("u9", "Old")])),
        "/v2/users/u1/contacts" => of(json!([
            { "id": "c1", "method": "email", "to": "ann@farm.example", "applyOrder": 0, "status": { "enabled": true } },
            { "id": "c2", "method": "voice", "to": "49-15550100", "applyOrder": 1, "status": { "enabled": true } },
            { "id": "c3", "method": "mobile", "to": "Ann's telephone", "applyOrder": 0, "status": { "enabled": true } }])),
        "/v2/teams" => of(
            json!([{ "id": "t1", "name": "Night Watch", "description": "" }, { "id": "t2", "name": "Empty" }]),
        ),
        "/v2/teams/t1?identifierType=id" => {
            of(json!({ "id": "t1", "name": "Night Watch", "members": [
            { "user": { "id": "u1", "username": "ann@farm.example" }, "role": "admin" },
            { "user": { "id": "u2", "username": "bob@farm.example" }, "role": "user" }] }))
        }
        "/v2/teams/t2?identifierType=id" => of(json!({ "id": "t2", "name": "Empty" })),
        "/v2/teams/t1/routing-rules?teamIdentifierType=id" => of(json!([
            { "id": "r1", "name": "Default Routing Rule", "isDefault": true, "order": 1,
              "criteria": { "type": "match-all" }, "notify": { "type": "escalation", "id": "e1", "name": "Farm" } },
            { "id": "r2", "name": "Foxes", "order": 0, "criteria": { "type": "match-all-conditions", "conditions": [
                { "field": "message", "operation": "contains", "expectedValue": "fox", "not": false }] },
              "timezone": "Europe/Berlin", "timeRestriction": { "type": "weekday-and-time-of-day", "restrictions": [
                { "startDay": "friday", "startHour": 18, "startMin": 30, "endDay": "monday", "endHour": 9, "endMin": 0 }] },
              "notify": { "type": "none" } },
            { "id": "r3", "name": "Big & loud", "order": 2, "timezone": "Europe/Berlin",
              "criteria": { "type": "match-any-condition", "conditions": [
                { "field": "priority", "operation": "greater-than", "expectedValue": "P3" },
                { "field": "tags", "operation": "contains", "expectedValue": "loud", "not": true },
                { "field": "extra-properties", "key": "hens", "operation": "less-than", "expectedValue": "5" },
                { "field": "extra-properties", "operation": "contains-key", "expectedValue": "eggs" },
                { "field": "description", "operation": "equals-ignore-whitespace", "expectedValue": "All gone" },
                { "field": "entity", "operation": "is-empty" }] },
              "timeRestriction": { "type": "time-of-day", "restriction": { "startHour": 22, "startMin": 0, "endHour": 6, "endMin": 0 } },
              "notify": { "type": "schedule", "id": "s1", "name": "Farm hands" } },
            { "id": "r4", "name": "Patterns", "order": 3, "criteria": { "type": "match-all-conditions", "conditions": [
                { "field": "message", "operation": "matches", "expectedValue": ".*(Critical|Down).*" },
                { "field": "tags", "operation": "matches", "expectedValue": "db-\\d+", "not": true }] },
              "notify": { "type": "escalation", "id": "e1" } },
            { "id": "r6", "name": "Ahead", "order": 3, "criteria": { "type": "match-all-conditions", "conditions": [
                { "field": "message", "operation": "matches", "expectedValue": "(?!test).*" }] },
              "notify": { "type": "escalation", "id": "e1" } },
            { "id": "r7", "name": "Greedy", "order": 3, "criteria": { "type": "match-all-conditions", "conditions": [
                { "field": "message", "operation": "matches", "expectedValue": "a*+b" }] },
              "notify": { "type": "escalation", "id": "e1" } },
            { "id": "r5", "name": "Lost", "order": 4, "criteria": { "type": "match-all" },
              "notify": { "type": "schedule", "id": "s2", "name": "Barn" } }])),
        "/v2/schedules?expand=rotation" => of(json!([
            { "id": "s1", "name": "Farm hands", "timezone": "Europe/Berlin", "enabled": true, "rotations": [
                { "id": "ro1", "name": "Days", "startDate": "2026-11-02T08:00:00Z", "type": "hourly", "length": 3,
                  "participants": [person("u1", "ann"), person("u2", "bob"), { "type": "none" }],
                  "timeRestriction": { "type": "time-of-day", "restriction": { "startHour": 6, "startMin": 0, "endHour": 22, "endMin": 30 } } },
                { "id": "ro2", "name": "Weekend", "startDate": "2026-11-06T17:00:00Z", "endDate": "2027-11-06T17:00:00Z", "type": "weekly",
                  "participants": [{ "type": "team", "id": "t1", "name": "Night Watch" }, { "type": "escalation", "id": "e1", "name": "Farm" }],
                  "timeRestriction": { "type": "weekday-and-time-of-day", "restrictions": [
                    { "startDay": "friday", "startHour": 18, "startMin": 0, "endDay": "monday", "endHour": 9, "endMin": 0 }] } }] },
            { "id": "s3", "name": "Spare hands", "timezone": "UTC", "enabled": true, "rotations": [
                { "id": "ro3", "name": "All", "startDate": "2026-11-02T08:00:00Z", "type": "weekly", "length": 1,
                  "participants": [person("u3", "cat")] }] },
            { "id": "s2", "name": "Barn", "timezone": "Mars/Olympus", "enabled": true, "rotations": [] }])),
        "/v2/schedules/s1/overrides?scheduleIdentifierType=id" => of(json!([
            { "alias": "swap-1", "user": person("u3", "cat"), "startDate": "2035-01-08T08:00:00Z",
              "endDate": "2035-01-08T12:00:00Z", "rotations": [{ "id": "ro1", "name": "Days" }] }])),
        "/v2/escalations" => of(json!([
            { "id": "e1", "name": "Farm", "rules": [
                { "condition": "if-not-acked", "notifyType": "default", "delay": { "timeAmount": 0, "timeUnit": "minutes" },
                  "recipient": { "type": "schedule", "id": "s1", "name": "Farm hands" } },
                { "condition": "if-not-acked", "notifyType": "next", "delay": { "timeAmount": 5 },
                  "recipient": { "type": "schedule", "id": "s1", "name": "Farm hands" } },
                { "condition": "if-not-acked", "notifyType": "default", "delay": { "timeAmount": 1, "timeUnit": "hours" },
                  "recipient": { "type": "team", "id": "t1", "name": "Night Watch" } }],
              "repeat": { "waitInterval": 10, "count": 2, "resetRecipientStates": true, "closeAlertAfterAll": false } }])),
        "/v2/heartbeats" => of(
            json!({ "heartbeats": [{ "name": "coop", "interval": 10, "intervalUnit": "minutes", "enabled": true }] }),
        ),
        "/v2/integrations" => of(
            json!([{ "id": "i1", "name": "Prometheus", "type": "Prometheus", "enabled": true },
                { "id": "i2", "name": "Old Nagios", "type": "Email", "enabled": true },
                { "id": "i3", "name": "Shut", "type": "NagiosEmail", "enabled": true }]),
        ),
        "/v2/integrations/i2/actions" => of(mail_actions()),
        "/v1/maintenance" | "/v2/forwarding-rules" => of(json!([])),
        _ if path.starts_with("/v2/alerts?") => of(json!([
            { "id": "a1", "alias": "coop-door", "message": "Door", "acknowledged": true, "status": "open",
              "createdAt": "2026-11-23T03:02:08Z", "report": { "ackTime": 90_000 } },
            { "id": "a2", "alias": "fence", "message": "Fence", "status": "open", "createdAt": "2026-11-23T04:00:00Z" },
            { "id": "a3", "alias": "hidden", "message": "Hidden", "status": "open", "createdAt": "2026-11-23T04:00:00Z" }])),
        "/v2/alerts/a1/recipients?identifierType=id" => of(json!([
            { "user": { "id": "u1", "username": "ann@farm.example" }, "state": "active", "method": "",
              "createdAt": "2026-11-23T03:02:10Z", "updatedAt": "2026-11-23T03:02:10Z" },
            { "user": { "id": "u2", "username": "bob@farm.example" }, "state": "notactive", "method": "",
              "createdAt": "2026-11-23T03:02:10Z", "updatedAt": "2026-11-23T03:02:10Z" }])),
        "/v2/alerts/a2/recipients?identifierType=id" => of(json!([
            { "user": { "id": "u2", "username": "bob@farm.example" }, "state": "action", "method": "Acknowledge",
              "createdAt": "2026-11-23T04:00:02Z", "updatedAt": "2026-11-23T04:05:00Z" }])),
        _ if path.contains("/contacts")
            || path.contains("/overrides")
            || path.contains("rules") =>
        {
            of(json!([]))
        }
        _ => None,
    }
}

/// The actions of an email integration.
fn mail_actions() -> Value {
    let condition = |field: &str, operation: &str, value: &str| json!({ "field": field, "operation": operation, "expectedValue": value, "not": false });
    json!({
        "_parent": { "id": "i2", "name": "Old Nagios", "enabled": true, "type": "Email" },
        "ignore": [{ "type": "ignore", "name": "Tests", "order": 1, "filter": { "conditionMatchType": "match-all-conditions",
            "conditions": [condition("subject", "starts-with", "TEST")] } }],
        "create": [
            { "type": "create", "name": "The rest", "order": 2, "filter": { "conditionMatchType": "match-all" },
              "alias": "{{conversationSubject}}", "message": "{{subject}}", "description": "{{message}}", "tags": [], "user": "x", "note": "" },
            { "type": "create", "name": "Down", "order": 1, "priority": "P1", "tags": ["nagios", "{{from_name}}"],
              "alias": "{{ subject.substringBetween(\"Alert: \", \" is\") }}/{{subject.extract(/on (\\w+)/)}}",
              "message": "{{ subject.substringBetween(\"Alert: \", \" is\") }} is \"down\"", "description": "{{message}}",
              "responders": [{ "type": "team", "id": "t1" }],
              "filter": { "conditionMatchType": "match-any-condition", "conditions": [
                condition("from_address", "ends-with", "@mon.example"), condition("to", "equals", "ops@farm.example"),
                { "field": "subject", "not": true, "operation": "matches", "expectedValue": ".*(OK|UP).*" }] } },
            { "type": "create", "name": "Clever", "order": 3, "alias": "{{subject.toUpperCase()}}", "message": "x",
              "filter": { "conditionMatchType": "match-all" } }],
        "close": [{ "type": "close", "name": "Up", "order": 1, "alias": "{{subject.substringAfter('Alert: ')}}", "note": "{{message}}", "user": "",
            "filter": { "conditionMatchType": "match-all-conditions", "conditions": [condition("subject", "matches", "(?=x)")] } }],
        "acknowledge": [], "addNote": [],
    })
}

/// What of an email integration comes over is shown as lines that the settings take.
fn mail_rules_are_lines_that_the_server_takes(house: &House, file: &str) {
    let lines = house.works(&["opsgenie", "mail-rules", file, "--source", "nagios"]);
    let read: henhouse::config::Config = toml::from_str(&lines).unwrap();
    let all = read.mail_in.unwrap().alerts;
    assert_eq!(all.len(), 2, "{lines}");
    for (address, one) in &all {
        one.at(address).unwrap();
        assert_eq!((&*one.project, &*one.source), ("main", "nagios"));
    }
    for said in [
        "[mail_in.alerts.\"old-nagios@hen.example.org\"]",
        "all = [{ field = \"subject\", is = \"starts\", value = \"TEST\" }]",
        "any = [{ field = \"from\", is = \"ends\", value = \"@mon.example\" }, { field = \"to\", is = \"lists\", value = \"ops@farm.example\" }, { field = \"subject\", is = \"matches\", value = \".*(OK|UP).*\", not = true }]",
        "alias = \"{{found1}}/{{found2}}\"",
        "message = \"{{found1}} is \\\"down\\\"\"",
        "find.found1 = { field = \"subject\", after = \"Alert: \", before = \" is\" }",
        "find.found2 = { field = \"subject\", pattern = \"on (\\\\w+)\" }",
        "alias = \"{{plain_subject}}\"",
    ] {
        assert!(lines.lines().any(|line| line == said), "{said}: {lines}");
    }
    let rules: Vec<&str> = lines
        .lines()
        .filter(|line| line.starts_with("name = "))
        .collect();
    assert_eq!(
        rules,
        ["name = \"Tests\"", "name = \"Down\"", "name = \"The rest\""]
    );
}

/// Every routing rule as a route, in their order, and what was made here stays in its place.
fn routes_are_whole(house: &House) {
    let list = || -> Value {
        serde_json::from_str(&house.works(&["--json", "project", "alert-routes"])).unwrap()
    };
    let test = |field: &str, is: &str, value: &str| match value {
        "" => json!({ "field": field, "is": is }),
        value => json!({ "field": field, "is": is, "value": value }),
    };
    let mut quiet = test("tags", "lists", "loud");
    quiet["not"] = json!(true);
    let mut not_db = test("tags", "one_matches", "db-\\d+");
    not_db["not"] = json!(true);
    let hours = |window: Value| json!({ "zone": "Europe/Berlin", "windows": [window] });
    let whole = json!([
        { "name": "og-foxes", "all": [test("title", "contains", "fox")], "to": "nobody",
          "hours": hours(json!({ "each": "week", "from_day": "friday", "from": "18:30:00", "to_day": "monday", "to": "09:00:00" })) },
        { "name": "og-big-loud", "to": { "schedule": "farm-hands" },
          "any": [test("priority", "above", "P3"), quiet, test("hens", "below", "5"), test("eggs", "there", ""),
            test("description", "equals_but_blanks", "All gone"), test("entity", "empty", "")],
          "hours": hours(json!({ "each": "day", "from": "22:00:00", "to": "06:00:00" })) },
        { "name": "og-patterns", "to": { "policy": "farm" },
          "all": [test("title", "matches", ".*(Critical|Down).*"), not_db] },
        { "name": "og-default-routing-rule", "to": { "policy": "farm" } },
    ]);
    assert_eq!(list()["routes"], whole);
    let mut ours = whole.as_array().unwrap().clone();
    ours.remove(1);
    ours.insert(0, json!({ "name": "mine", "to": "usual" }));
    ours.push(json!({ "name": "late", "to": "usual" }));
    let file = house.file("routes.json");
    std::fs::write(&file, json!({ "routes": ours }).to_string()).unwrap();
    let set = ["project", "alert-routes", "--set", file.to_str().unwrap()];
    house.works(&set);
    let snapshot = house.file("opsgenie.json").display().to_string();
    assert_eq!(
        house.works(&["opsgenie", "apply", &snapshot]),
        "alert routes\n"
    );
    ours.insert(2, whole[1].clone());
    assert_eq!(list()["routes"], json!(ours));

    // Changed and moved by somebody: both stay until they are named.
    let mut changed = ours.clone();
    changed[1]["to"] = json!("usual");
    changed.swap(2, 3);
    std::fs::write(&file, json!({ "routes": changed }).to_string()).unwrap();
    house.works(&set);
    let plan = house.works(&["opsgenie", "plan", &snapshot]);
    for what in ["alert route og-foxes", "order of alert routes"] {
        let line = format!("Made or changed here, and left when it is applied: {what}. ");
        assert!(plan.contains(&line), "{line}: {plan}");
    }
    let said = house.run(&["opsgenie", "apply", &snapshot]);
    let told = String::from_utf8_lossy(&said.stderr).into_owned();
    assert_eq!(said.status.code(), Some(5), "{told}");
    let named = "alert route og-foxes\norder of alert routes";
    assert!(told.contains(named), "{told}");
    assert_eq!(list()["routes"], json!(changed), "what people did stays");
    let all = [
        "--replace",
        "og-foxes",
        "--replace",
        "order of alert routes",
    ];
    let replaced = house.works(&[&["opsgenie", "apply", &snapshot][..], &all].concat());
    assert_eq!(replaced, "alert routes\n");
    assert_eq!(list()["routes"], json!(ours));
}

#[test]
fn a_snapshot_is_read_planned_and_applied_again_and_again() {
    let (house, double) = (
        House::start(),
        Double::start(format!("authorization: GenieKey {KEY}"), told),
    );
    let file = house.file("opsgenie.json").display().to_string();
    let wrong = [
        "opsgenie",
        "snapshot",
        &file,
        "--key",
        "no",
        "--api",
        &double.url,
    ];
    assert!(
        !house.run(&wrong).status.success(),
        "a wrong key reads nothing"
    );
    let none = house.run(&["opsgenie", "snapshot", &file, "--api", &double.url]);
    let told = String::from_utf8_lossy(&none.stderr);
    assert!(told.contains("Put it into OPSGENIE_KEY"), "{told}");
    assert!(
        !house.file("opsgenie.json").exists(),
        "half a snapshot is none"
    );
    house.works(&[
        "opsgenie",
        "snapshot",
        &file,
        "--key",
        KEY,
        "--api",
        &double.url,
    ]);
    assert!(double.refused() > 2, "it was asked to wait");
    let asked = double.asked();
    assert!(
        asked.iter().all(|one| one.starts_with("GET ")),
        "it is only read: {asked:?}"
    );
    let whole: Value =
        serde_json::from_str(&std::fs::read_to_string(house.file("opsgenie.json")).unwrap())
            .unwrap();
    assert_eq!(
        whole["objects"]["users"].as_array().unwrap().len(),
        4,
        "both pages"
    );
    assert_eq!(
        whole["not_read"].as_array().unwrap().len(),
        3,
        "{}",
        whole["not_read"]
    );
    assert!(!whole.to_string().contains(KEY), "the key is not in it");

    let plan = house.works(&["opsgenie", "plan", &file]);
    for line in [
        "partly   user Ann Farmer <ann@farm.example>: its app is Opsgenie's",
        "ok       user Bob Farmer <bob@farm.example>",
        "refused  user Old Farmer <old@farm.example>: is blocked in Opsgenie",
        "ok       team Night Watch",
        "refused  team Empty: nobody is in it",
        "partly   schedule Farm hands: a turn of the escalation Farm is nobody's",
        "ok       schedule Spare hands: no routing rule calls it first",
        "refused  schedule Barn: its time zone \"Mars/Olympus\" is not known here",
        "ok       escalation Farm",
        "ok       routing rule Default Routing Rule of Night Watch",
        "ok       routing rule Foxes of Night Watch",
        "ok       routing rule Big & loud of Night Watch",
        "ok       routing rule Patterns of Night Watch",
        "refused  routing rule Ahead of Night Watch: its pattern \"(?!test).*\" cannot be used: it looks ahead or behind",
        "refused  routing rule Greedy of Night Watch: its pattern \"a*+b\" cannot be used: it takes as much as it can",
        "refused  routing rule Lost of Night Watch: its schedule Barn is not here",
        "refused  heartbeat coop",
        "refused  integration Prometheus",
        "refused  integration Old Nagios: 3 of its 5 rules can be put into [mail_in.alerts]: henhouse opsgenie mail-rules shows them; \
         the responders of its rule Down: say in the alert routes whom it calls; its rule Clever: what stands in \
         {{subject.toUpperCase()}} is not known here; its rule Up: a pattern cannot be used: it looks ahead or behind",
        "refused  integration Shut: its rules were not read",
    ] {
        assert!(
            plan.lines().any(|told| told.starts_with(line)),
            "{line}: {plan}"
        );
    }
    mail_rules_are_lines_that_the_server_takes(&house, &file);
    let first = house.works(&["opsgenie", "apply", &file]);
    assert_eq!(
        first.lines().count(),
        8,
        "three people, a team, two schedules, an escalation, the routes: {first}"
    );
    assert_eq!(
        house.works(&["opsgenie", "apply", &file]),
        "Nothing differs.\n"
    );
    let list = |from: &str, until: &str| {
        house.works(&[
            "on-call",
            "schedule",
            "farm-hands",
            "--from",
            from,
            "--until",
            until,
        ])
    };
    let monday = list("2026-11-02T08:00:00Z", "2026-11-02T14:00:00Z");
    assert!(
        monday.contains("Ann Farmer (rotation Days)")
            && monday.contains("Bob Farmer (rotation Days)"),
        "{monday}"
    );
    let over = list("2035-01-08T08:00:00Z", "2035-01-08T12:00:00Z");
    assert!(
        over.contains("Cat Farmer (stands in (og-swap-1))"),
        "{over}"
    );
    let shown: Value =
        serde_json::from_str(&house.works(&["--json", "on-call", "schedule", "farm-hands"]))
            .unwrap();
    assert_eq!(shown["schedule"]["called"], true);
    let spare = house.works(&["--json", "on-call", "schedule", "spare-hands"]);
    let spare: Value = serde_json::from_str(&spare).unwrap();
    assert_eq!(spare["schedule"]["called"], false, "no report pages Cat");
    let rotation = &shown["schedule"]["rotations"]["Weekend"];
    assert_eq!(rotation["hours"][0]["from_day"], "friday", "{rotation}");
    assert_eq!(
        (&rotation["start"], &rotation["end"]),
        (&json!("2026-11-06T18:00:00"), &json!("2027-11-06T18:00:00"))
    );
    assert_eq!(
        rotation["seats"],
        json!([{ "team": "night-watch" }, "nobody"])
    );
    let now: Value = serde_json::from_str(&house.works(&["--json", "on-call", "show"])).unwrap();
    let policy = &now["policies"][0]["policy"];
    assert_eq!(policy["again"], json!({ "after_minutes": 10, "times": 2 }));
    assert_eq!(
        policy["steps"][2],
        json!({ "after_minutes": 60, "to": [{ "team": "night-watch" }] })
    );
    routes_are_whole(&house);
    house.works(&["on-call", "use", "farm"]);

    house.works(&[
        "on-call",
        "take",
        "farm-hands",
        "--person",
        "bob-farmer",
        "--until",
        "2h",
    ]);
    assert_eq!(
        house.works(&["opsgenie", "apply", &file]),
        "Nothing differs.\n",
        "what was done here stays"
    );
    house.works(&[
        "on-call",
        "team",
        "night-watch",
        "cat-farmer",
        "--title",
        "Night Watch",
    ]);
    let said = house.run(&["opsgenie", "apply", &file]);
    let told = String::from_utf8_lossy(&said.stderr).into_owned();
    assert!(
        said.status.code() == Some(5) && told.contains("team Night Watch"),
        "{told}"
    );
    assert_eq!(
        house.works(&["opsgenie", "apply", &file, "--replace", "Night Watch"]),
        "team Night Watch\n"
    );

    let text = std::fs::read_to_string(house.file("opsgenie.json"))
        .unwrap()
        .replace("Ann Farmer", "Eve Farmer");
    std::fs::write(house.file("opsgenie.json"), text).unwrap();
    let said = house.run(&["opsgenie", "plan", &file]);
    let told = String::from_utf8_lossy(&said.stderr);
    assert!(
        !said.status.success() && told.contains("was changed since it was made"),
        "{told}"
    );
}

#[test]
fn what_opsgenie_did_is_read_and_stands_beside_what_would_have_been_done_here() {
    let (house, double) = (
        House::start(),
        Double::start(format!("authorization: GenieKey {KEY}"), told),
    );
    let made = house.works(&[
        "--json",
        "project",
        "add-source",
        "coops",
        "--sender",
        "opsgenie",
    ]);
    let made: Value = serde_json::from_str(&made).unwrap();
    let key = made["key"].as_str().unwrap();
    let begin = [
        "project",
        "shadow",
        "coops",
        "--days",
        "28",
        "--why",
        "Opsgenie calls.",
    ];
    let said = house.run(&begin);
    let refused = String::from_utf8_lossy(&said.stderr).into_owned();
    assert!(
        !said.status.success() && refused.contains("said by a person"),
        "{refused}"
    );
    let as_boss = |words: &[&str]| house.works_as(Some("boss"), words);
    let begun = as_boss(&begin);
    assert!(
        begun.starts_with("Alerts of coops call nobody until "),
        "{begun}"
    );
    let sent = sent_to_us(house.url(), key);
    assert_eq!(sent, 202);
    let compare = ["opsgenie", "compare", "--key", KEY, "--api", &double.url];
    let told = as_boss(&compare);
    for line in [
        "coops calls nobody until ",
        "HH-SHADOW-1 ",
        "only there: fence",
        "The same person first in ",
    ] {
        assert!(
            told.lines().any(|said| said.starts_with(line)),
            "{line}: {told}"
        );
    }
    let answer: Value =
        serde_json::from_str(&as_boss(&["--json", "project", "would-call"])).unwrap();
    assert!(answer["theirs_at"].is_string(), "{answer}");
    let asked = double.asked();
    assert!(
        asked.iter().all(|one| one.starts_with("GET ")),
        "it is only read: {asked:?}"
    );
    let file = house.file("calls.json");
    std::fs::write(&file, r#"{"calls": [{"alias": "water", "mail": "ann@farm.example", "at": "2026-11-23T03:02:10Z"}]}"#).unwrap();
    let told = as_boss(&[
        "project",
        "would-call",
        "--theirs",
        &file.display().to_string(),
    ]);
    assert!(
        told.contains("only there: water") && !told.contains("fence"),
        "{told}"
    );
    let ended = as_boss(&["project", "end-shadow", "coops"]);
    assert_eq!(ended, "Alerts of coops call people from now on.\n");
}

/// Sends an alert as a client of Opsgenie's does.
fn sent_to_us(url: &str, key: &str) -> u16 {
    let body = json!({ "message": "Door", "alias": "coop-door" });
    let sent = reqwest::blocking::Client::new().post(format!("{url}/v2/alerts"));
    let sent = sent.header("authorization", format!("GenieKey {key}"));
    sent.json(&body).send().unwrap().status().as_u16()
}
