//! Web Push, from the program itself to a push service with devices behind it, which open what comes and look at who sent it
//! with libraries that are not ours.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

mod peers;
mod served;

use std::process::Command;
use std::time::Duration;

use peers::smtp::SmtpPeer;
use peers::web::WebPeer;
use reqwest::blocking::{Client, Response};
use serde_json::{Value, json};
use served::{HENHOUSE, Served, mail_settings, on_the_spot, token};
use tempfile::TempDir;

struct House {
    served: Served,
    web: WebPeer,
    mail: SmtpPeer,
    folder: TempDir,
    /// Follows no redirect.
    http: Client,
}

impl House {
    /// With Ann on the sheet, who has an account.
    fn start(routes: Option<&str>) -> Self {
        henhouse::tls::install_provider();
        let folder = tempfile::tempdir().unwrap();
        let (web, mail) = (WebPeer::start(), SmtpPeer::plain());
        let data = folder.path().join("data");
        let host = web.url.trim_start_matches("http://").to_owned();
        let push = format!("[push]\ncontact = 'mailto:ops@farm.example'\nhosts = ['{host}']\n");
        mail_settings(&data, mail.port, &push);
        let served = Served::start(&data, &[], &[]);
        let http = Client::builder().redirect(reqwest::redirect::Policy::none());
        let house = Self {
            served,
            web,
            mail,
            folder,
            http: http.build().unwrap(),
        };
        let mut words = vec![
            "roster",
            "add",
            "ann",
            "--name",
            "Ann",
            "--mail",
            "ann@farm.example",
        ];
        words.extend(routes.into_iter().flat_map(|routes| ["--routes", routes]));
        let said = Command::new(HENHOUSE)
            .args(words)
            .env("HENHOUSE_URL", &house.served.url)
            .env("HENHOUSE_TOKEN", token(&house.data(), None))
            .output()
            .unwrap();
        assert!(said.status.success(), "{said:?}");
        let made = on_the_spot(&house.data(), &["admin", "account", "ann", "--show"]);
        assert!(made.status.success(), "{made:?}");
        house
    }

    fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    /// What the browser of this device says of itself.
    fn browser(&self, name: &str) -> Value {
        let at = format!("{}/device/{name}", self.web.url);
        self.http.get(at).send().unwrap().json().unwrap()
    }

    fn form(&self, fields: &[(&str, &str)]) -> Response {
        let at = format!("{}/me/notifications", self.served.url);
        let ann = token(&self.data(), Some("ann"));
        let form = reqwest::Url::parse_with_params("http://x/", fields).unwrap();
        let kind = "application/x-www-form-urlencoded";
        let asked = self
            .http
            .post(at)
            .bearer_auth(ann)
            .header("content-type", kind);
        let said = asked.body(form.query().unwrap().to_owned()).send();
        said.unwrap()
    }

    fn turn_on(&self, name: &str) {
        let browser = self.browser(name);
        let word = |field: &str| browser[field].as_str().unwrap().to_owned();
        let fields = ["endpoint", "p256dh", "auth"].map(|field| (field, word(field)));
        let mut fields: Vec<(&str, &str)> =
            fields.iter().map(|(name, word)| (*name, &**word)).collect();
        fields.push(("name", name));
        let said = self.form(&fields);
        assert_eq!(said.status(), 303, "{}", said.text().unwrap());
    }

    fn page(&self) -> String {
        let at = format!("{}/me/notifications", self.served.url);
        let ann = token(&self.data(), Some("ann"));
        let said = self.http.get(at).bearer_auth(ann).send().unwrap();
        assert_eq!(said.status(), 200);
        said.text().unwrap()
    }

    fn report(&self) {
        let asked = self
            .http
            .post(format!("{}/api/v1/reports", self.served.url));
        let body = json!({ "text": "Root login on web-2" });
        assert_eq!(asked.json(&body).send().unwrap().status(), 201);
    }

    /// What left because of the first case: by what, where it stands, how often it was tried.
    fn pages(&self) -> Vec<Value> {
        let at = format!("{}/api/v1/cases/HH-1/deliveries", self.served.url);
        let asked = self.http.get(at).bearer_auth(token(&self.data(), None));
        let said: Value = asked.send().unwrap().json().unwrap();
        let all = said["deliveries"].as_array().unwrap().clone();
        all.into_iter().filter(|one| one["page"] == true).collect()
    }

    /// How many mails have this in their subject.
    fn mails(&self, words: &str) -> usize {
        let all = self.mail.received().into_iter();
        all.filter(|mail| mail.header("subject").contains(words))
            .count()
    }

    fn stands(&self, route: &str, state: &str) -> bool {
        let is = |page: &Value| page["route"] == route && page["state"] == state;
        self.pages().iter().any(is)
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

    /// What the push service got, without what else was asked there.
    fn pushed(&self, count: usize) -> Vec<Value> {
        let all = || -> Vec<Value> {
            let seen = self.web.seen().into_iter();
            seen.filter(|one| one["path"].as_str().unwrap().starts_with("/wp/"))
                .collect()
        };
        self.until("it was pushed", |_| all().len() >= count);
        all()
    }
}

#[test]
fn a_page_is_opened_by_the_device_alone_and_ends_the_other_routes_once_it_was_shown() {
    let mut house = House::start(None);
    house.turn_on("phone");
    house.until("she is told of her device", |house| {
        house.mails("turned on") == 1
    });
    house.report();
    let seen = house.pushed(1).remove(0);
    assert_eq!(
        (&seen["path"], &seen["verified"]),
        (&json!("/wp/phone"), &json!(true)),
        "{seen}"
    );
    let (head, said) = (&seen["headers"], &seen["opened"]);
    assert_eq!(
        (&head["ttl"], &head["urgency"]),
        (&json!("3600"), &json!("high"))
    );
    assert!(seen["bytes"].as_u64().unwrap() <= 4_096);
    let title = said["title"].as_str().unwrap();
    assert!(
        title.starts_with("HH-1 not assessed: needs you by ") && title.len() <= 45,
        "{title}"
    );
    assert!(!seen.to_string().contains("Root"), "neutral: {seen}");
    let link = said["data"].as_str().unwrap().to_owned();
    assert_eq!(
        house.http.get(&link).send().unwrap().status(),
        200,
        "a look takes nothing"
    );
    // A push service that took it has shown it to nobody.
    house.until("it waits", |house| {
        house
            .pages()
            .iter()
            .any(|page| page["route"] == "push" && page["attempts"] == 1)
    });
    assert!(
        house.stands("mail", "queued") && !house.stands("push", "done"),
        "{:#?}",
        house.pages()
    );
    let shown = said["shown"].as_str().unwrap();
    assert!(shown.starts_with("/push/shown/"));
    for (at, status) in [(shown, 204), (shown, 204), ("/push/shown/nothing", 404)] {
        let said = house
            .http
            .post(format!("{}{at}", house.served.url))
            .send()
            .unwrap();
        assert_eq!(said.status(), status, "{at}");
    }
    assert!(
        house.stands("push", "done") && house.stands("mail", "dropped"),
        "{:#?}",
        house.pages()
    );
    let case = format!("{}/api/v1/cases/HH-1", house.served.url);
    let case: Value = house
        .http
        .get(case)
        .bearer_auth(token(&house.data(), None))
        .send()
        .unwrap()
        .json()
        .unwrap();
    assert!(case["ic"].is_null(), "shown is not taken: {case}");
    assert!(house.page().contains("Last took something"));
    // The same key after a start: a subscription outlives it.
    let key = |seen: &Value| {
        seen["headers"]["authorization"]
            .as_str()
            .unwrap()
            .split_once(",k=")
            .unwrap()
            .1
            .to_owned()
    };
    house.served.stop();
    house.served = Served::start(&house.data(), &[], &[]);
    house.report();
    let again = house.pushed(2).remove(1);
    assert_eq!(
        (key(&again), &again["verified"]),
        (key(&seen), &json!(true))
    );
    assert_eq!(house.mails("HH-"), 0, "no other route");
    let told = format!("{:?}{}", house.pages(), house.served.log());
    assert!(!told.contains("/wp/"), "{told}");
}

#[test]
fn a_device_that_is_gone_is_taken_away_and_its_person_hears_of_it_where_they_can() {
    let house = House::start(None);
    house.turn_on("phone");
    house.until("she is told of her device", |house| {
        house.mails("turned on") == 1
    });
    house.web.answer(&["410"]);
    house.report();
    house.until(
        "the mail leaves at once, beside the one that says why",
        |house| house.mails("HH-1") == 1 && house.mails("is gone") == 1,
    );
    assert!(house.stands("push", "failed"), "{:#?}", house.pages());
    let page = house.page();
    assert!(!page.contains("<strong>phone</strong>"), "{page}");
    house.report();
    house.until("the next page goes by mail alone", |house| {
        house.mails("HH-2") == 1
    });
    assert_eq!(house.pushed(1).len(), 1);
}

#[test]
fn what_a_push_service_does_not_take_goes_by_mail_at_once() {
    for (answers, tries) in [(&["413"][..], 1), (&["429", "503"], 2)] {
        let house = House::start(Some("push, mail"));
        house.turn_on("phone");
        house.until("she is told of her device", |house| {
            house.mails("turned on") == 1
        });
        house.web.answer(answers);
        house.report();
        house.until("the mail left", |house| house.stands("mail", "done"));
        assert_eq!(house.pushed(tries).len(), tries, "{answers:?}");
        assert!(
            house.page().contains("<strong>phone</strong>"),
            "it is still on"
        );
    }
}

#[test]
fn all_devices_ring_at_once_and_one_that_is_off_rings_no_more() {
    let house = House::start(Some("push, mail"));
    for name in ["phone", "laptop", "tablet"] {
        house.turn_on(name);
    }
    let page = house.page();
    let off = page.split("name=\"off\" value=\"").nth(2).unwrap();
    let id = off.split('"').next().unwrap();
    assert_eq!(house.form(&[("off", id)]).status(), 303);
    assert_eq!(house.form(&[("off", id)]).status(), 404);
    assert!(!house.page().contains("<strong>laptop</strong>"));
    house.report();
    let mut rang: Vec<String> = house
        .pushed(2)
        .iter()
        .map(|one| one["path"].to_string())
        .collect();
    rang.sort();
    assert_eq!(rang, ["\"/wp/phone\"", "\"/wp/tablet\""]);
    assert_eq!(house.form(&[("act", "message")]).status(), 303);
    assert_eq!(house.pushed(4).len(), 4, "a test goes to each");
}

#[test]
fn a_browser_leads_to_no_other_place() {
    let house = House::start(None);
    let browser = house.browser("phone");
    let (key, auth) = (
        browser["p256dh"].as_str().unwrap(),
        browser["auth"].as_str().unwrap(),
    );
    let own = house.served.url.clone();
    for endpoint in [
        "",
        "https://127.0.0.1/x",
        "http://169.254.169.254/latest/meta-data/",
        "https://evil.example/x",
        "https://fcm.googleapis.com.evil.example/x",
        "http://fcm.googleapis.com/x",
        "file:///etc/passwd",
        &own,
    ] {
        let fields = [
            ("endpoint", endpoint),
            ("p256dh", key),
            ("auth", auth),
            ("name", "x"),
        ];
        let said = house.form(&fields);
        assert_eq!(said.status(), 422, "{endpoint}");
    }
    for (key, auth) in [("", auth), (key, ""), ("AAAA", auth), (key, "AAAA")] {
        let endpoint = browser["endpoint"].as_str().unwrap();
        let fields = [
            ("endpoint", endpoint),
            ("p256dh", key),
            ("auth", auth),
            ("name", "x"),
        ];
        assert_eq!(house.form(&fields).status(), 422, "{key} {auth}");
    }
    house.report();
    house.until("the mail left", |house| house.stands("mail", "done"));
    assert_eq!(house.pushed(0).len(), 0);
}
