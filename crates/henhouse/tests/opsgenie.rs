//! Leaving Opsgenie: a double that answers in the shapes of opsgenie-oas, with pages, and with 429 now and then, is read
//! into a file; the plan says of each object what becomes of it; carrying it out twice changes nothing the second time.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

mod served;

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use served::{Served, token};
use tempfile::TempDir;

const KEY: &str = "read-only-key";

/// Opsgenie, as far as it is read.
struct Double {
    url: String,
    asked: Arc<Mutex<Vec<String>>>,
    refused: Arc<AtomicUsize>,
}

impl Double {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (asked, refused) = (
            Arc::<Mutex<Vec<String>>>::default(),
            Arc::new(AtomicUsize::new(0)),
        );
        let (seen, said_no) = (Arc::clone(&asked), Arc::clone(&refused));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                answer(stream.unwrap(), &seen, &said_no);
            }
        });
        Self {
            url,
            asked,
            refused,
        }
    }
}

fn answer(mut stream: TcpStream, seen: &Mutex<Vec<String>>, refused: &AtomicUsize) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 || line == "\r\n" {
            break;
        }
        head.push(line.trim().to_owned());
    }
    let Some(first) = head.first() else { return };
    let (method, path) = first.split_once(' ').unwrap();
    let path = path.split(' ').next().unwrap().to_owned();
    let known = head
        .iter()
        .any(|line| line.eq_ignore_ascii_case(&format!("authorization: GenieKey {KEY}")));
    let mut all = seen.lock().unwrap();
    all.push(format!("{method} {path}"));
    let (status, more, body) = if !known || method != "GET" {
        (
            401,
            "",
            json!({ "message": "Key format is not valid!", "took": 0.0, "requestId": "r" }),
        )
    } else if all.len().is_multiple_of(5) {
        refused.fetch_add(1, Ordering::Relaxed);
        (
            429,
            "Retry-After: 0\r\nX-RateLimit-State: THROTTLED\r\n",
            json!({ "message": "You are making too many requests!" }),
        )
    } else {
        match told(&path) {
            Some(body) => (200, "X-RateLimit-State: OK\r\n", body),
            None => (
                403,
                "",
                json!({ "message": "The API Key has no access right." }),
            ),
        }
    };
    let body = body.to_string();
    let length = body.len();
    let said = format!(
        "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n{more}\r\n{body}"
    );
    let _ = stream.write_all(said.as_bytes());
}

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
              "notify": { "type": "none" } }])),
        "/v2/schedules?expand=rotation" => of(json!([
            { "id": "s1", "name": "Farm hands", "timezone": "Europe/Berlin", "enabled": true, "rotations": [
                { "id": "ro1", "name": "Days", "startDate": "2026-11-02T08:00:00Z", "type": "hourly", "length": 3,
                  "participants": [person("u1", "ann"), person("u2", "bob"), { "type": "none" }],
                  "timeRestriction": { "type": "time-of-day", "restriction": { "startHour": 6, "startMin": 0, "endHour": 22, "endMin": 30 } } },
                { "id": "ro2", "name": "Weekend", "startDate": "2026-11-06T17:00:00Z", "endDate": "2027-11-06T17:00:00Z", "type": "weekly",
                  "participants": [{ "type": "team", "id": "t1", "name": "Night Watch" }, { "type": "escalation", "id": "e1", "name": "Farm" }],
                  "timeRestriction": { "type": "weekday-and-time-of-day", "restrictions": [
                    { "startDay": "friday", "startHour": 18, "startMin": 0, "endDay": "monday", "endHour": 9, "endMin": 0 }] } }] },
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
        "/v2/integrations" => {
            of(json!([{ "id": "i1", "name": "Prometheus", "type": "Prometheus", "enabled": true }]))
        }
        "/v1/maintenance" | "/v2/forwarding-rules" => of(json!([])),
        _ if path.contains("/contacts")
            || path.contains("/overrides")
            || path.contains("rules") =>
        {
            of(json!([]))
        }
        _ => None,
    }
}

struct House {
    served: Served,
    folder: TempDir,
}

impl House {
    fn start() -> Self {
        henhouse::tls::install_provider();
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        std::fs::create_dir(&data).unwrap();
        let served = Served::start(&data, &[], &[]);
        Self { served, folder }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("opsgenie.json")
    }

    fn run(&self, words: &[&str]) -> Output {
        let token = token(&self.folder.path().join("data"), None);
        let mut command = Command::new(env!("CARGO_BIN_EXE_henhouse"));
        let command = command.args(["--url", &self.served.url, "--token", &token]);
        command.args(words).output().unwrap()
    }

    fn works(&self, words: &[&str]) -> String {
        let said = self.run(words);
        let told = String::from_utf8_lossy(&said.stderr);
        assert!(said.status.success(), "{words:?}: {told}");
        String::from_utf8_lossy(&said.stdout).into_owned()
    }
}

#[test]
fn a_snapshot_is_read_planned_and_applied_again_and_again() {
    let (house, double) = (House::start(), Double::start());
    let file = house.file().display().to_string();
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
    assert!(!house.file().exists(), "half a snapshot is none");
    house.works(&[
        "opsgenie",
        "snapshot",
        &file,
        "--key",
        KEY,
        "--api",
        &double.url,
    ]);
    assert!(
        double.refused.load(Ordering::Relaxed) > 2,
        "it was asked to wait"
    );
    let asked = double.asked.lock().unwrap().clone();
    assert!(
        asked.iter().all(|one| one.starts_with("GET ")),
        "it is only read: {asked:?}"
    );
    let whole: Value =
        serde_json::from_str(&std::fs::read_to_string(house.file()).unwrap()).unwrap();
    assert_eq!(
        whole["objects"]["users"].as_array().unwrap().len(),
        4,
        "both pages"
    );
    assert_eq!(
        whole["not_read"].as_array().unwrap().len(),
        2,
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
        "refused  schedule Barn: its time zone \"Mars/Olympus\" is not known here",
        "ok       escalation Farm",
        "partly   routing rule Default Routing Rule of Night Watch: choose it: henhouse on-call use farm",
        "refused  routing rule Foxes of Night Watch: what an alert says",
        "refused  heartbeat coop",
        "refused  integration Prometheus",
    ] {
        assert!(
            plan.lines().any(|told| told.starts_with(line)),
            "{line}: {plan}"
        );
    }
    let first = house.works(&["opsgenie", "apply", &file]);
    assert_eq!(
        first.lines().count(),
        6,
        "three people, a team, a schedule, an escalation: {first}"
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
    assert_eq!(
        house.works(&["opsgenie", "apply", &file]),
        "team Night Watch\n"
    );

    let text = std::fs::read_to_string(house.file())
        .unwrap()
        .replace("Ann Farmer", "Eve Farmer");
    std::fs::write(house.file(), text).unwrap();
    let said = house.run(&["opsgenie", "plan", &file]);
    let told = String::from_utf8_lossy(&said.stderr);
    assert!(
        !said.status.success() && told.contains("was changed since it was made"),
        "{told}"
    );
}
