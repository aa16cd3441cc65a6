//! Alerts, sent by the programs that people have: Debian's Alertmanager, as its own settings make it, and Opsgenie's own
//! client for Python.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

mod peers;
mod served;

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use reqwest::blocking::Client;
use serde_json::{Value, json};
use served::{Served, token};
use tempfile::TempDir;

/// So often something is looked for, and so long apart.
const LOOKS: u32 = 600;
const APART: Duration = Duration::from_millis(100);

/// What Opsgenie's client does; it prints what it was told.
const OPSGENIE: &str = "
import opsgenie_sdk as o, sys
conf = o.Configuration()
conf.host, conf.api_key['Authorization'] = sys.argv[1:3]
api = o.AlertApi(api_client=o.ApiClient(configuration=conf))
body = o.CreateAlertPayload(message='The coop is open', alias='coop/door', description='Since three.', tags=['north'],
    details={'hens': '12'}, priority='P1')
first = api.create_alert(create_alert_payload=body)
api.create_alert(create_alert_payload=body)
done = first.retrieve_result().data
print(done.is_success, done.status, done.alias)
def show():
    one = api.get_alert(identifier='coop/door', identifier_type='alias').data
    assert one.id == done.alert_id == first.id
    print(one.message, one.status, one.acknowledged, one.count)
show()
print(api.count_alerts().data.count)
by = {'identifier': 'coop/door', 'identifier_type': 'alias'}
api.acknowledge_alert(acknowledge_alert_payload=o.AcknowledgeAlertPayload(user='jane'), **by)
api.add_note(add_note_to_alert_payload=o.AddNoteToAlertPayload(note='A fox.'), **by)
show()
api.close_alert(close_alert_payload=o.CloseAlertPayload(note='Shut.'), identifier=first.id)
show()
try:
    conf.api_key['Authorization'] = 'wrong'
    api.count_alerts()
except o.exceptions.AuthenticationException as refused:
    print(refused.status)
";
const SAID: &str = "True Created alert coop/door
The coop is open open False 2
1
The coop is open open True 2
The coop is open closed True 2
401
";

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

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn get(&self, path: &str) -> Value {
        let asked = Client::new()
            .get(format!("{}{path}", self.served.url))
            .bearer_auth(token(&self.data(), None));
        asked.send().unwrap().json().unwrap()
    }

    /// A source's key.
    fn source(&self, sender: &str) -> String {
        let body = json!({ "name": sender, "sender": sender });
        let asked = Client::new()
            .post(format!("{}/api/v1/projects/main/sources", self.served.url))
            .bearer_auth(token(&self.data(), None))
            .json(&body);
        let said: Value = asked.send().unwrap().json().unwrap();
        said["key"].as_str().unwrap().to_owned()
    }

    /// What alerts did to a case, once they did so much.
    fn steps(&self, number: &str, many: usize) -> Vec<String> {
        let mut journal = Value::Null;
        for _ in 0..LOOKS {
            journal = self.get(&format!("/api/v1/cases/{number}/journal?limit=1000"));
            let entries = journal["entries"].as_array().into_iter().flatten();
            let noted = entries.filter(|entry| entry["kind"] == "alert_noted");
            let step = |entry: &Value| entry["body"]["step"].as_str().unwrap().to_owned();
            let steps: Vec<String> = noted.map(step).collect();
            if steps.len() >= many {
                return steps;
            }
            std::thread::sleep(APART);
        }
        panic!("{journal}: {}", self.served.log());
    }
}

/// Debian's Alertmanager, which is ended when nobody holds it any more.
struct Alertmanager {
    process: Child,
    url: String,
    _folder: TempDir,
}

impl Alertmanager {
    /// # Panics
    /// The program is missing: apt-get install prometheus-alertmanager.
    fn start(receiver: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings = format!(
            "route:\n  receiver: henhouse\n  group_by: [alertname]\n  group_wait: 0s\n  group_interval: 1s\n  \
             repeat_interval: 1h\nreceivers:\n{receiver}"
        );
        let file = folder.path().join("alertmanager.yml");
        std::fs::write(&file, settings).unwrap();
        // The listener is gone behind this line, and the port free.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr();
        let port = port.unwrap().port();
        let mut command = Command::new("prometheus-alertmanager");
        command
            .arg(format!("--config.file={}", file.display()))
            .arg(format!("--storage.path={}", folder.path().display()))
            .arg(format!("--web.listen-address=127.0.0.1:{port}"))
            .arg("--cluster.listen-address=")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let process = command.spawn().unwrap_or_else(|why| {
            panic!("{command:?}: {why}; apt-get install prometheus-alertmanager")
        });
        let one = Self {
            process,
            url: format!("http://127.0.0.1:{port}"),
            _folder: folder,
        };
        let ready = || Client::new().get(format!("{}/-/ready", one.url)).send();
        let answers = (0..LOOKS).any(|_| {
            std::thread::sleep(APART);
            ready().is_ok()
        });
        assert!(answers, "Alertmanager does not answer");
        one
    }

    /// Tells it of an alert, or that one is over.
    fn tell(&self, name: &str, over: bool) {
        let mut alert = json!({
            "labels": { "alertname": name, "coop": "north" },
            "annotations": { "summary": format!("{name} of the north coop") },
        });
        if over {
            alert["startsAt"] = json!("2026-01-01T00:00:00Z");
            alert["endsAt"] = json!("2026-01-01T00:00:01Z");
        }
        let asked = Client::new().post(format!("{}/api/v2/alerts", self.url));
        let said = asked.json(&json!([alert])).send().unwrap();
        assert!(said.status().is_success(), "{said:?}");
    }
}

impl Drop for Alertmanager {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn debians_alertmanager_opens_an_event_by_its_webhook_and_says_when_it_is_over() {
    let house = House::start();
    let key = house.source("alertmanager");
    let sender = Alertmanager::start(&format!(
        "- name: henhouse\n  webhook_configs:\n    - url: {}/in/alertmanager\n      send_resolved: true\n      \
         http_config:\n        authorization:\n          credentials: {key}\n",
        house.served.url
    ));
    sender.tell("DoorOpen", false);
    assert_eq!(house.steps("HH-1", 1), ["opened"]);
    let case = house.get("/api/v1/cases/HH-1");
    assert_eq!(case["title"], "DoorOpen of the north coop");
    sender.tell("FenceDown", false);
    assert_eq!(house.steps("HH-1", 2), ["opened", "joined"]);
    sender.tell("DoorOpen", true);
    assert_eq!(house.steps("HH-1", 3), ["opened", "joined", "over"]);
    assert_eq!(house.get("/api/v1/cases/HH-1")["status"], "investigating");
    let exhibit = house.get("/api/v1/cases/HH-1/exhibits/E-1");
    assert_eq!(exhibit["receiver"], "henhouse", "{exhibit}");
}

#[test]
fn opsgenies_own_client_creates_counts_notes_and_closes() {
    let house = House::start();
    let key = house.source("opsgenie");
    let said = Command::new(peers::python::python())
        .args(["-c", OPSGENIE, &house.served.url, &key])
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&said.stderr);
    assert_eq!(String::from_utf8_lossy(&said.stdout), SAID, "{told}");
    let steps = house.steps("HH-1", 4);
    assert_eq!(steps, ["opened", "acknowledged", "noted", "over"]);
    assert_eq!(house.get("/api/v1/cases/HH-1")["status"], "investigating");
}

#[test]
fn debians_alertmanager_opens_an_event_by_its_route_to_opsgenie_and_closes_the_alert_alone() {
    let house = House::start();
    let key = house.source("opsgenie");
    let sender = Alertmanager::start(&format!(
        "- name: henhouse\n  opsgenie_configs:\n    - api_url: {}/\n      api_key: {key}\n",
        house.served.url
    ));
    sender.tell("DoorOpen", false);
    assert_eq!(house.steps("HH-1", 1), ["opened"]);
    sender.tell("DoorOpen", true);
    assert_eq!(house.steps("HH-1", 2), ["opened", "over"]);
    assert_eq!(house.get("/api/v1/cases/HH-1")["status"], "investigating");
}
