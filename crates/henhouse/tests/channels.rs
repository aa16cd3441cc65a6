//! Pages by the channels beside mail, from the program itself to peers that misbehave: an ntfy server, and the receiver of
//! a webhook, which verifies with the standard's own library.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

mod peers;
mod served;

use std::process::Command;
use std::time::Duration;

use peers::smtp::SmtpPeer;
use peers::web::WebPeer;
use reqwest::blocking::Client;
use serde_json::{Value, json};
use served::{HENHOUSE, Served, mail_settings, token};
use tempfile::TempDir;

struct House {
    served: Served,
    web: WebPeer,
    mail: SmtpPeer,
    folder: TempDir,
}

impl House {
    /// With Ann on the sheet, who is paged by these routes.
    fn start(routes: &str) -> Self {
        henhouse::tls::install_provider();
        let folder = tempfile::tempdir().unwrap();
        let (web, mail) = (WebPeer::start(), SmtpPeer::plain());
        let data = folder.path().join("data");
        let (url, secret) = (&web.url, web.secret_file());
        let secret = secret.display();
        let others = format!(
            "[ntfy]\nserver = '{url}'\n[webhook.ops]\nurl = '{url}/hook'\nsecret_file = '{secret}'\n\
             [gotify.jane]\nserver = '{url}/gotify'\ntoken_file = '{secret}'\n\
             [pagerduty.ops]\nserver = '{url}/pd'\nkey_file = '{secret}'\n\
             [opsgenie.ops]\nserver = '{url}/og'\nkey_file = '{secret}'\n"
        );
        mail_settings(&data, mail.port, &others);
        let served = Served::start(&data, &[], &[]);
        let house = Self {
            served,
            web,
            mail,
            folder,
        };
        let said = Command::new(HENHOUSE)
            .args([
                "roster",
                "add",
                "ann",
                "--name",
                "Ann",
                "--mail",
                "ann@farm.example",
            ])
            .args(["--routes", routes])
            .env("HENHOUSE_URL", &house.served.url)
            .env("HENHOUSE_TOKEN", token(&house.data(), None))
            .output()
            .unwrap();
        assert!(said.status.success(), "{said:?}");
        house
    }

    fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    fn report(&self) {
        let asked = Client::new().post(format!("{}/api/v1/reports", self.served.url));
        let body = json!({ "text": "Root login on web-2" });
        let said = asked.json(&body).send().unwrap();
        assert_eq!(said.status(), 201);
    }

    /// What left because of the first case: by what, where it stands, how often it was tried.
    fn pages(&self) -> Vec<Value> {
        let at = format!("{}/api/v1/cases/HH-1/deliveries", self.served.url);
        let asked = Client::new().get(at).bearer_auth(token(&self.data(), None));
        let said: Value = asked.send().unwrap().json().unwrap();
        let all = said["deliveries"].as_array().unwrap().clone();
        all.into_iter().filter(|one| one["page"] == true).collect()
    }

    /// Waits until that holds.
    fn until(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        for _ in 0..600 {
            if holds(self) {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("{what}: {:#?}\n{}", self.pages(), self.served.log());
    }
}

fn body(seen: &Value) -> Value {
    serde_json::from_str(seen["body"].as_str().unwrap()).unwrap()
}

#[test]
fn a_page_rings_the_phone_and_goes_by_mail_when_that_fails_twice() {
    let house = House::start("ntfy ann-SEKRET, mail");
    house.web.answer(&["500", "close"]);
    house.report();
    let seen = house.web.expect(2);
    let (first, second) = (body(&seen[0]), body(&seen[1]));
    assert_eq!(
        first, second,
        "a retry is the same, so that the phone can tell"
    );
    assert_eq!(
        (&first["topic"], &first["priority"]),
        (&json!("ann-SEKRET"), &json!(5))
    );
    let title = first["title"].as_str().unwrap();
    assert!(
        title.starts_with("HH-1 not assessed: needs you by ") && title.len() <= 45,
        "{title}"
    );
    assert!(!first.to_string().contains("Root"), "neutral: {first}");
    let link = first["click"].as_str().unwrap().to_owned();
    assert_eq!(first["actions"][0]["url"], link.as_str());
    house.until("the mail is tried at once", |house| {
        house
            .pages()
            .iter()
            .any(|page| page["route"] == "mail" && page["state"] == "done")
    });
    assert_eq!(house.mail.count(), 1);
    assert_eq!(house.web.seen().len(), 2);
    // The link that rang opens without signing in, and a look takes nothing.
    assert_eq!(Client::new().get(&link).send().unwrap().status(), 200);
    house.until("what the phone was not told is dropped", |house| {
        house
            .pages()
            .iter()
            .all(|page| page["state"] != "queued" && page["state"] != "leased")
    });
    assert_eq!(house.web.seen().len(), 2, "it rings no more");
    let said = serde_json::to_string(&house.pages()).unwrap();
    assert!(
        !said.contains("SEKRET") && !house.served.log().contains("SEKRET"),
        "{said}"
    );
}

#[test]
fn a_webhook_is_signed_repeated_under_one_id_and_leads_nowhere_else() {
    let house = House::start("webhook ops");
    house.web.answer(&["307"]);
    house.report();
    let seen = house.web.expect(2);
    for one in &seen {
        assert_eq!(
            (&one["path"], &one["verified"]),
            (&json!("/hook"), &json!(true)),
            "{one}"
        );
    }
    let id = |one: &Value| one["headers"]["webhook-id"].as_str().unwrap().to_owned();
    assert_eq!(id(&seen[0]), id(&seen[1]));
    assert_eq!(seen[0]["body"], seen[1]["body"]);
    let said = body(&seen[0]);
    assert_eq!(
        (&said["type"], &said["data"]["notice"]),
        (&json!("henhouse.page"), &json!(id(&seen[0])))
    );
    assert!(
        said["data"]["link"].as_str().unwrap().contains("/ack/"),
        "{said}"
    );
    assert!(!said.to_string().contains("Root"), "neutral: {said}");
    house.until("it is done", |house| house.pages()[0]["state"] != "queued");
    assert_eq!(house.mail.count(), 0, "mail is the last");
}

#[test]
fn a_receiver_that_is_gone_is_asked_no_more_and_the_next_route_is_used_at_once() {
    let house = House::start("webhook ops");
    house.web.answer(&["410"]);
    house.report();
    house.until("the mail left", |house| {
        house
            .pages()
            .iter()
            .any(|page| page["route"] == "mail" && page["state"] == "done")
    });
    house.report();
    house.until("the second mail left", |house| house.mail.count() == 2);
    assert_eq!(house.web.seen().len(), 1);
}

#[test]
fn a_death_in_the_middle_of_a_send_rings_again_under_the_same_id() {
    for (routes, id) in [("ntfy ann-x7", "ntfy"), ("webhook ops", "webhook")] {
        let mut house = House::start(routes);
        house.web.hold();
        house.web.answer(&["hold"]);
        house.report();
        house.web.expect(1);
        house.served.process.kill().unwrap();
        house.served.process.wait().unwrap();
        house.web.release();
        house.served = Served::start(&house.data(), &[], &[]);
        let seen = house.web.expect(2);
        let key = |one: &Value| match id {
            "ntfy" => body(one)["sequence_id"].clone(),
            _ => one["headers"]["webhook-id"].clone(),
        };
        assert_eq!(key(&seen[0]), key(&seen[1]), "{id}");
        assert_eq!(seen[0]["body"], seen[1]["body"], "{id}");
        house.until("it is done", |house| house.pages()[0]["state"] != "leased");
        assert_eq!((house.web.seen().len(), house.mail.count()), (2, 0), "{id}");
    }
}

impl House {
    fn does(&self, command: &Value) {
        let at = format!("{}/api/v1/cases/HH-1/commands", self.served.url);
        let ann = token(&self.data(), Some("ann"));
        let said = Client::new().post(at).bearer_auth(ann).json(command).send();
        let said = said.unwrap();
        assert_eq!(said.status(), 200, "{}", said.text().unwrap());
    }
}

#[test]
fn a_page_goes_on_to_pagerduty_and_the_alert_there_follows_the_case() {
    let house = House::start("pagerduty ops");
    house.web.answer(&["429", "202", "202", "202"]);
    house.report();
    let seen = house.web.expect(2);
    assert_eq!(seen[1]["path"], "/pd/v2/enqueue");
    let page = body(&seen[1]);
    assert_eq!(body(&seen[0]), page, "a retry is the same");
    // What the Events API v2 asks of a trigger.
    assert_eq!(page["event_action"], "trigger");
    assert_eq!(page["routing_key"], peers::web::SECRET);
    let key = page["dedup_key"].as_str().unwrap().to_owned();
    assert!(!key.is_empty() && key.len() <= 255);
    assert_eq!(page["payload"]["severity"], "critical");
    assert_eq!(page["payload"]["source"], "henhouse");
    let summary = page["payload"]["summary"].as_str().unwrap();
    assert!(summary.starts_with("HH-1 "), "{summary}");
    assert!(page["links"][0]["href"].as_str().unwrap().contains("/ack/"));
    assert!(!page.to_string().contains("Root"), "neutral: {page}");
    house.does(&json!({ "command": "acknowledge" }));
    house.does(&json!({ "command": "false_alarm", "reason": "It was the cat." }));
    let seen = house.web.expect(4);
    let followed: Vec<Value> = seen[2..].iter().map(body).collect();
    for (event, action) in followed.iter().zip(["acknowledge", "resolve"]) {
        assert_eq!(
            (&event["event_action"], &event["dedup_key"]),
            (&json!(action), &json!(key)),
            "{followed:#?}"
        );
    }
    assert_eq!(house.mail.count(), 0, "the page arrived");
    assert!(!house.served.log().contains(peers::web::SECRET));
}

#[test]
fn a_page_goes_on_to_opsgenie_and_rings_by_gotify() {
    let house = House::start("opsgenie ops");
    house.web.answer(&["202"]);
    house.report();
    let seen = house.web.expect(1);
    let alert = body(&seen[0]);
    assert_eq!(seen[0]["path"], "/og/v2/alerts");
    let key = format!("GenieKey {}", peers::web::SECRET);
    assert_eq!(seen[0]["headers"]["authorization"], key.as_str());
    assert_eq!(
        (&alert["priority"], &alert["source"]),
        (&json!("P1"), &json!("henhouse"))
    );
    let message = alert["message"].as_str().unwrap();
    assert!(
        message.starts_with("HH-1 ") && message.len() <= 130,
        "{message}"
    );
    house.does(&json!({ "command": "acknowledge" }));
    let alias = alert["alias"].as_str().unwrap();
    let seen = house.web.expect(2);
    let at = format!("/og/v2/alerts/{alias}/acknowledge?identifierType=alias");
    assert_eq!(seen[1]["path"], at.as_str());

    let house = House::start("gotify jane");
    house.report();
    let seen = house.web.expect(1);
    assert_eq!(seen[0]["path"], "/gotify/message");
    assert_eq!(seen[0]["headers"]["x-gotify-key"], peers::web::SECRET);
    let push = body(&seen[0]);
    assert_eq!(push["priority"], 10);
    assert!(
        push["extras"]["client::notification"]["click"]["url"]
            .as_str()
            .unwrap()
            .contains("/ack/")
    );
}
