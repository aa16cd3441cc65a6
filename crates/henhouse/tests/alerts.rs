//! Alerts, sent by the programs that people have: Debian's Alertmanager, as its own settings make it, and Opsgenie's own
//! client for Python.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test may fail loudly and tell its figures"
)]

mod peers;
mod served;

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use peers::certificate::Certificate;
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
/// What else its client does with alerts and with heartbeats; each line is what it was told.
const MORE: &str = "
import opsgenie_sdk as o, sys
conf = o.Configuration()
conf.host, conf.api_key['Authorization'] = sys.argv[1:3]
client = o.ApiClient(configuration=conf)
api, beats = o.AlertApi(api_client=client), o.HeartbeatApi(client)
for alias in ('coop/door', 'coop/gate'):
    api.create_alert(create_alert_payload=o.CreateAlertPayload(message=f'{alias} is open', alias=alias, tags=['north'], priority='P3'))
by = {'identifier': 'coop/door', 'identifier_type': 'alias'}
api.add_tags(add_tags_to_alert_payload=o.AddTagsToAlertPayload(tags=['roof']), **by)
api.remove_tags(tags=['north'], **by)
api.add_details(add_details_to_alert_payload=o.AddDetailsToAlertPayload(details={'hens': '12'}), **by)
api.update_alert_message(update_alert_message_payload=o.UpdateAlertMessagePayload(message='Wide open'), **by)
api.update_alert_description(update_alert_description_payload=o.UpdateAlertDescriptionPayload(description='Since three'), **by)
api.update_alert_priority(update_alert_priority_payload=o.UpdateAlertPriorityPayload(priority='P1'), **by)
api.acknowledge_alert(acknowledge_alert_payload=o.AcknowledgeAlertPayload(), **by)
api.un_acknowledge_alert(un_acknowledge_alert_payload=o.UnAcknowledgeAlertPayload(), **by)
api.add_note(add_note_to_alert_payload=o.AddNoteToAlertPayload(note='A fox.'), **by)
one = api.get_alert(**by).data
print(one.message, one.description, one.priority, one.tags, one.details, one.acknowledged)
print([a.alias for a in api.list_alerts(query='status:open', limit=10).data])
print(api.count_alerts(query='tag:roof').data.count)
print(len(api.list_logs(**by).data) >= 9, [n.note.strip() for n in api.list_notes(**by).data][-1])
beats.create_heartbeat(create_heartbeat_payload=o.CreateHeartbeatPayload(name='backup', interval=10, interval_unit='minutes', enabled=True))
print(beats.ping('backup').result)
beat = beats.get_heartbeat('backup').data
print(beat.name, beat.interval, beat.interval_unit, beat.enabled, beat.expired)
print(len(beats.list_heart_beats().data.heartbeats))
beats.disable_heartbeat('backup')
beats.delete_heartbeat('backup')
";
const MORE_SAID: &str = "Wide open Since three P1 ['roof'] {'hens': '12'} False
['coop/gate', 'coop/door']
1
True note: A fox.
PONG - Heartbeat received
backup 10 minutes True False
1
";
const SAID: &str = "True Created alert coop/door
The coop is open open False 2
1
The coop is open open True 2
The coop is open closed True 2
401
";

/// What PagerDuty's client does, through an entrance with TLS, because it speaks to no other.
const PAGERDUTY: &str = "
import socket, ssl, sys, threading
host, port, key, certificate, private = sys.argv[1:]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, private)
door = socket.create_server(('127.0.0.1', 0))
def carry(a, b):
    try:
        while (some := a.recv(65536)): b.sendall(some)
    except OSError: pass
    finally:
        for end in (a, b):
            try: end.shutdown(socket.SHUT_RDWR)
            except OSError: pass
def serve():
    while True:
        inside = context.wrap_socket(door.accept()[0], server_side=True)
        out = socket.create_connection((host, int(port)))
        for pair in ((inside, out), (out, inside)): threading.Thread(target=carry, args=pair, daemon=True).start()
threading.Thread(target=serve, daemon=True).start()
import pagerduty
at = f'https://localhost:{door.getsockname()[1]}'
client = pagerduty.EventsApiV2Client(key, base_url=at)
print(client.trigger('The coop is open', 'door-1', dedup_key='coop/door', severity='critical', custom_details={'hens': 12}))
print(client.trigger('The coop is open', 'door-1', dedup_key='coop/door'))
client.send_change_event(payload={'summary': 'A new door', 'source': 'ci', 'timestamp': '2026-01-01T00:00:00Z'})
print(client.acknowledge('coop/door'), client.resolve('coop/door'))
print(len(client.trigger('Without a name', 'door-2')))
try: pagerduty.EventsApiV2Client('wrong', base_url=at).trigger('x', 'y')
except pagerduty.Error as refused: print('refused')
";

/// What Standard Webhooks' own library signs.
const STANDARD_WEBHOOKS: &str = "
import datetime, json, sys, urllib.error, urllib.request, standardwebhooks
at, secret = sys.argv[1:]
def send(id, what, signs=standardwebhooks.Webhook(secret), change=''):
    body = json.dumps(what)
    now = datetime.datetime.now(tz=datetime.timezone.utc)
    signed = {'webhook-id': id, 'webhook-timestamp': str(int(now.timestamp())), 'webhook-signature': signs.sign(id, now, body)}
    asked = urllib.request.Request(at, (body + change).encode(), {**signed, 'content-type': 'application/json'})
    try:
        with urllib.request.urlopen(asked) as said: print(said.status, json.load(said)['times'])
    except urllib.error.HTTPError as refused: print(refused.code)
door = {'type': 'door.opened', 'data': {'id': 'north', 'title': 'The coop is open', 'severity': 'critical'}}
send('msg_1', door)
send('msg_1', door)
send('msg_2', door)
send('msg_3', {**door, 'type': 'door.closed'})
send('msg_4', door, change=' ')
send('msg_5', door, signs=standardwebhooks.Webhook('whsec_' + 'AAAA' * 8))
";

/// The same by its library for JavaScript.
const STANDARD_WEBHOOKS_BY_NODE: &str = "
const [library, at, secret] = process.argv.slice(1);
const { Webhook } = require(library);
async function send(id, what, signs = new Webhook(secret), change = '') {
    const body = JSON.stringify(what), now = new Date();
    const signed = { 'webhook-id': id, 'webhook-timestamp': String(Math.floor(now / 1000)), 'webhook-signature': signs.sign(id, now, body) };
    const said = await fetch(at, { method: 'POST', body: body + change, headers: { ...signed, 'content-type': 'application/json' } });
    console.log(said.ok ? `${said.status} ${(await said.json()).times}` : said.status);
}
const door = { type: 'door.opened', data: { id: 'north', title: 'The coop is open: \u{e9}', severity: 'critical' } };
(async () => {
    await send('msg_1', door);
    await send('msg_1', door);
    await send('msg_2', door);
    await send('msg_3', { ...door, type: 'door.closed' });
    await send('msg_4', door, undefined, ' ');
    await send('msg_5', door, new Webhook('whsec_' + 'AAAA'.repeat(8)));
})();
";

struct House {
    served: Served,
    folder: TempDir,
}

impl House {
    fn start() -> Self {
        Self::with("")
    }

    fn with(settings: &str) -> Self {
        henhouse::tls::install_provider();
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        std::fs::create_dir(&data).unwrap();
        std::fs::write(data.join("henhouse.toml"), settings).unwrap();
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
        self.added(sender)["key"].as_str().unwrap().to_owned()
    }

    /// A source, as it is told when it is made.
    fn added(&self, sender: &str) -> Value {
        let body = json!({ "name": sender, "sender": sender });
        let asked = Client::new()
            .post(format!("{}/api/v1/projects/main/sources", self.served.url))
            .bearer_auth(token(&self.data(), None))
            .json(&body);
        asked.send().unwrap().json().unwrap()
    }

    /// How many mails wait for somebody to look at them.
    fn waiting_mails(&self) -> usize {
        let ann = token(&self.data(), Some("ann"));
        let asked = Client::new().get(format!("{}/api/v1/review", self.served.url));
        let said: Value = asked.bearer_auth(ann).send().unwrap().json().unwrap();
        said["all"].as_u64().map_or(0, |all| all as usize)
    }

    /// Ann stands on the contact sheet.
    fn take_in_ann(&self) {
        let mut whole = self.get("/api/v1/projects/main");
        whole["project"]["roster"] = json!([{ "person": "ann", "roles": ["responder"] }]);
        whole["directory"]["people"] =
            json!({ "ann": { "name": "Ann", "mail": "ann@farm.example" } });
        let body = json!({ "project": whole["project"], "directory": whole["directory"] });
        let asked = Client::new().put(format!("{}/api/v1/projects/main", self.served.url));
        let asked = asked
            .bearer_auth(token(&self.data(), None))
            .header("If-Match", format!("\"{}\"", body["project"]["revision"]));
        let said = asked.json(&body).send().unwrap();
        assert!(said.status().is_success(), "{}", said.text().unwrap());
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
fn opsgenies_own_client_lists_changes_and_asks_and_sends_heartbeats() {
    let house = House::start();
    let key = house.source("opsgenie");
    let said = Command::new(peers::python::python())
        .args(["-c", MORE, &house.served.url, &key])
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&said.stderr);
    assert_eq!(String::from_utf8_lossy(&said.stdout), MORE_SAID, "{told}");
    assert_eq!(
        house.get("/api/v1/cases")["cases"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
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

#[test]
fn pagerdutys_own_client_triggers_acknowledges_and_resolves_and_tells_of_a_change() {
    let house = House::start();
    let key = house.source("pagerduty");
    let certificate = Certificate::make(house.folder.path());
    let (host, port) = house.served.url["http://".len()..].split_once(':').unwrap();
    let said = Command::new(peers::python::python())
        .args(["-c", PAGERDUTY, host, port, &key])
        .args([&certificate.certificate, &certificate.key])
        .env("SSL_CERT_FILE", &certificate.authority)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&said.stderr);
    let words = String::from_utf8_lossy(&said.stdout);
    assert_eq!(
        words, "coop/door\ncoop/door\ncoop/door coop/door\n32\nrefused\n",
        "{told}"
    );
    let steps = house.steps("HH-1", 5);
    assert_eq!(steps, ["opened", "noted", "acknowledged", "over", "joined"]);
}

#[test]
fn standard_webhooks_own_library_signs_what_is_taken_once() {
    let mut python = Command::new(peers::python::python());
    signs_what_is_taken_once(python.args(["-c", STANDARD_WEBHOOKS]));
}

#[test]
#[ignore = "needs npm's standardwebhooks: HENHOUSE_TEST_STANDARDWEBHOOKS names its file, and `cargo xtask ci` fetches it"]
fn standard_webhooks_library_for_javascript_signs_what_is_taken_once() {
    let library = std::env::var_os("HENHOUSE_TEST_STANDARDWEBHOOKS")
        .expect("HENHOUSE_TEST_STANDARDWEBHOOKS names dist/index.js");
    let mut node = Command::new("node");
    signs_what_is_taken_once(node.args(["-e", STANDARD_WEBHOOKS_BY_NODE]).arg(library));
}

/// A library is told where to send, and with which secret.
fn signs_what_is_taken_once(sender: &mut Command) {
    let house = House::start();
    let added = house.added("webhook");
    let id = added["source"]["id"].as_str().unwrap();
    let said = sender
        .arg(format!("{}/in/webhook/{id}", house.served.url))
        .arg(added["signing_secret"].as_str().unwrap())
        .output()
        .unwrap();
    let (words, told) = (
        said.stdout,
        String::from_utf8_lossy(&said.stderr).into_owned(),
    );
    let words = String::from_utf8_lossy(&words);
    assert_eq!(words, "202 1\n202 1\n202 2\n202 2\n401\n401\n", "{told}");
    assert_eq!(house.steps("HH-1", 2), ["opened", "over"]);
}

/// One alert, by every way that Alertmanager has to a thing like this.
#[test]
fn debians_alertmanager_sends_one_alert_by_five_routes_at_once_and_it_is_one_event() {
    let house = House::with(
        "[mail_in]\nlisten = '127.0.0.1:0'\nname = 'hen.farm.example'\n[mail_in.addresses]\n'security@farm.example' = 'main'\n",
    );
    house.take_in_ann();
    let (url, mail) = (&house.served.url, house.served.takes_mail_at());
    let key = house.source("alertmanager");
    let sender = Alertmanager::start(&format!(
        "- name: henhouse\n  webhook_configs:\n    - url: {url}/in/alertmanager\n      send_resolved: true\n      \
         http_config:\n        authorization:\n          credentials: {key}\n  \
         opsgenie_configs:\n    - api_url: {url}/\n      api_key: {key}\n  \
         pagerduty_configs:\n    - url: {url}/v2/enqueue\n      routing_key: {key}\n      send_resolved: true\n  \
         slack_configs:\n    - api_url: {url}/in/slack/{key}\n      channel: '#x'\n      send_resolved: true\n  \
         email_configs:\n    - to: security@farm.example\n      from: alertmanager@farm.example\n      \
         smarthost: {mail}\n      hello: am.farm.example\n      require_tls: false\n      send_resolved: false\n"
    ));
    sender.tell("DoorOpen", false);
    let mut alerts = Value::Null;
    let mut waits = 0;
    for _ in 0..LOOKS {
        let all = house.get("/api/v1/projects/main/sources");
        alerts = all["sources"][0]["live_alerts"].clone();
        waits = house.waiting_mails();
        if alerts == 2 && waits == 1 {
            break;
        }
        std::thread::sleep(APART);
    }
    let log = house.served.log();
    assert_eq!(
        (alerts, waits),
        (json!(2), 1),
        "three routes name it alike, Slack's has no key of its own: {log}"
    );
    assert_eq!(
        house.get("/api/v1/cases")["cases"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let steps = house.steps("HH-1", 2);
    assert_eq!(
        steps.iter().filter(|step| *step == "opened").count(),
        1,
        "{steps:?}"
    );
    assert_eq!(
        steps.iter().filter(|step| *step == "joined").count(),
        1,
        "{steps:?}"
    );
    sender.tell("DoorOpen", true);
    for _ in 0..LOOKS {
        if house.get("/api/v1/projects/main/sources")["sources"][0]["live_alerts"] == 0 {
            break;
        }
        std::thread::sleep(APART);
    }
    let over = house.steps("HH-1", 4);
    assert_eq!(
        over.iter().filter(|step| *step == "over").count(),
        2,
        "each is over once: {over:?}"
    );
}

/// So many alerts come in the flood below, in CI; `HENHOUSE_ALERTS=10000` for the long one.
const FLOOD: u64 = 600;
/// So many programs send at once.
const SENDERS: u64 = 16;

/// A flood of alerts, and in the middle of it somebody reports something. Whoever is on call hears of it at once: the report
/// stands before the alerts that still come. What is asserted is an order, not a duration.
#[test]
fn in_a_flood_of_alerts_a_report_is_paged_before_most_of_them_are_kept() {
    let mails = peers::smtp::SmtpPeer::plain();
    let house = House::with(&format!(
        "[mail]\nhost = '127.0.0.1'\nport = {}\nsecurity = 'none'\nfrom = 'Henhouse <hen@farm.example>'\n",
        mails.port
    ));
    house.take_in_ann();
    let key = house.source("alertmanager");
    let many = std::env::var("HENHOUSE_ALERTS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(FLOOD);
    let kept = std::sync::atomic::AtomicU64::new(0);
    let before = std::sync::atomic::AtomicU64::new(0);
    let order = std::sync::atomic::Ordering::SeqCst;
    let send = |n: u64| {
        let body = json!({ "version": "4", "groupKey": format!("door {n}"), "status": "firing",
            "commonLabels": { "alertname": format!("Door {n}") },
            "alerts": [{ "status": "firing", "labels": {}, "annotations": {}, "fingerprint": format!("{n}") }] });
        loop {
            let asked = Client::new().post(format!("{}/in/alertmanager", house.served.url));
            match asked
                .bearer_auth(&key)
                .json(&body)
                .send()
                .unwrap()
                .status()
                .as_u16()
            {
                202 => break kept.fetch_add(1, order),
                503 => std::thread::sleep(APART),
                other => panic!("{other}"),
            }
        }
    };
    send(0);
    std::thread::scope(|scope| {
        for sender in 0..SENDERS {
            let send = &send;
            scope.spawn(move || {
                (1..many).filter(|n| n % SENDERS == sender).for_each(|n| {
                    send(n);
                })
            });
        }
        scope.spawn(|| {
            while kept.load(order) < many / 10 {
                std::thread::sleep(Duration::from_millis(1));
            }
            let report = json!({ "text": "There is smoke over the barn" });
            let asked = Client::new().post(format!("{}/api/v1/reports", house.served.url));
            assert!(asked.json(&report).send().unwrap().status().is_success());
            for _ in 0..LOOKS * 20 {
                if mails
                    .received()
                    .iter()
                    .any(|mail| mail.mail.contains("smoke over the barn"))
                {
                    break;
                }
                std::thread::sleep(Duration::from_millis(5));
            }
            before.store(kept.load(order), order);
        });
    });
    let (before, kept) = (before.load(order), kept.load(order));
    assert_eq!(kept, many, "none is lost");
    // Whoever looks does so every few milliseconds, and while they do alerts go on.
    let meanwhile = before - many / 10;
    eprintln!("{meanwhile} of {many} alerts were kept between the report and its page");
    assert!(
        meanwhile < FLOOD * 8 / 10,
        "the report was paged after {meanwhile} alerts more"
    );
    let cases = house.get("/api/v1/cases");
    assert_eq!(cases["cases"].as_array().unwrap().len(), 2, "{cases}");
}
