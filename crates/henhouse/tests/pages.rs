//! The public pages in a real browser: by keyboard alone and with scripts off, on a narrow phone, in
//! light and in dark; and a link in a mail that does nothing until it is tapped.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

#[path = "pages/audit.rs"]
mod audit;
mod browser;
#[path = "pages/budgets.rs"]
mod budgets;
#[path = "pages/conflict.rs"]
mod conflict;
#[path = "pages/every.rs"]
mod every;
#[path = "pages/files.rs"]
mod files;
#[path = "pages/hostile.rs"]
mod hostile;
#[path = "pages/keyboard.rs"]
mod keyboard;
#[path = "pages/live.rs"]
mod live;
#[path = "pages/lost.rs"]
mod lost;
#[path = "pages/notifications.rs"]
mod notifications;
#[path = "pages/passkeys.rs"]
mod passkeys;
mod peers;
mod served;
#[path = "pages/undo.rs"]
mod undo;
#[path = "pages/weight.rs"]
mod weight;

use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use browser::{Browser, ENTER, Setup, TAB};
use peers::smtp::SmtpPeer;
use served::{Served, mail_settings, token};

const MEASURE: &str = include_str!("browser/measure.js");
/// Mail for the farm comes in somewhere.
const MAIL_IN: &str = "[mail_in]\nlisten = '127.0.0.1:0'\nname = 'hen.farm.example'\n\
                       [mail_in.addresses]\n'security@farm.example' = 'main'\n";
const PHONE: (u32, u32) = (360, 740);
/// A smaller one.
const LOW: (u32, u32) = (360, 640);

/// A drill with one responder, and a mailbox.
struct Server {
    url: String,
    token: String,
    mail: SmtpPeer,
    served: Served,
    http: reqwest::Client,
    runtime: tokio::runtime::Runtime,
    folder: TempDir,
}

impl Server {
    fn start() -> Self {
        henhouse::tls::install_provider();
        let (mail, folder) = (SmtpPeer::plain(), tempfile::tempdir().unwrap());
        let data = folder.path().join("data");
        mail_settings(&data, mail.port, MAIL_IN);
        let served = Served::start(&data, &["--drill"], &[]);
        let server = Self {
            url: served.url.clone(),
            token: token(&data, None),
            mail,
            served,
            http: reqwest::Client::new(),
            runtime: tokio::runtime::Runtime::new().unwrap(),
            folder,
        };
        server.take_in_ann();
        server
    }

    /// Ann answers pages here.
    fn take_in_ann(&self) {
        let mut whole = self.call("GET", "/api/v1/projects/main", None);
        let member = json!({ "person": "ann", "roles": ["responder"], "has_mail": true });
        whole["project"]["roster"] = json!([member]);
        let contact = json!({ "name": "Ann", "mail": "ann@farm.example" });
        whole["directory"]["people"] = json!({ "ann": contact });
        let line = json!({ "label": "On duty", "number": "+1 555 0100" });
        whole["directory"]["public_numbers"] = json!([line]);
        let body = json!({ "project": whole["project"], "directory": whole["directory"] });
        self.call("PUT", "/api/v1/projects/main", Some(&body));
    }

    fn call(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let url = format!("{}{path}", self.url);
        let request = self.http.request(method.parse().unwrap(), url);
        let request = request.bearer_auth(&self.token);
        let request = match body {
            Some(body) if method == "PUT" => {
                let revision = format!("\"{}\"", body["project"]["revision"]);
                request.json(body).header("If-Match", revision)
            }
            Some(body) => request.json(body),
            None => request,
        };
        self.runtime.block_on(async {
            let answer = request.send().await.unwrap();
            let (status, text) = (answer.status(), answer.text().await.unwrap());
            assert!(status.is_success(), "{method} {path}: {text}");
            serde_json::from_str(&text).unwrap_or(Value::Null)
        })
    }

    /// The path of the link in the page that Ann got.
    fn ack_link(&self) -> String {
        format!("/ack/{}", self.link("/ack/", "DR-1"))
    }

    /// What stands behind this in the first mail that has it and tells of that.
    fn link(&self, before: &str, of: &str) -> String {
        for _ in 0..500 {
            for mail in self.mail.received() {
                let text = mail.mail.replace("=\r\n", "");
                if !text.contains(of) {
                    continue;
                }
                if let Some((_, rest)) = text.split_once(before) {
                    return rest
                        .chars()
                        .take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c))
                        .collect();
                }
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("no mail with {before} came");
    }
}

/// Presses Tab until that stands in the attribute of what has the focus.
fn tab_to(browser: &Browser, attribute: &str, value: &str) {
    for _ in 0..20 {
        browser.press(TAB);
        if browser.focused(attribute).as_deref() == Some(value) {
            return;
        }
    }
    panic!("the keyboard does not reach {attribute}={value}");
}

/// One test, since a browser takes a second to start.
#[test]
fn reporter_and_responder_get_through_by_keyboard_thumb_and_eye() {
    let server = Server::start();
    let phone = Setup {
        size: PHONE,
        scripts: false,
    };
    let browser = Browser::open(phone);
    browser.go(&format!("{}/report", server.url));
    tab_to(&browser, "id", "text");
    browser.press("The fence is open");
    tab_to(&browser, "class", "big");
    browser.press(ENTER);
    let receipt = wait_for(&browser, "/receipt/", Browser::url);
    wait_for(&browser, "DR-1", Browser::source);

    let ack = format!("{}{}", server.url, server.ack_link());
    browser.go(&ack);
    browser.go(&ack);
    let case = || server.call("GET", "/api/v1/cases/DR-1", None);
    assert!(case()["ic"].is_null(), "looking takes nothing");
    wait_for(&browser, "Nobody has it yet", Browser::source);
    browser.resize(LOW);
    for button in ["button[class=big]", ".choices form:last-child button"] {
        let ends = browser.ask(&format!(
            "scrollTo(0, 0); return document.querySelector('{button}').getBoundingClientRect().bottom"
        ));
        let first_screen = ends.as_f64().is_some_and(|ends| ends <= f64::from(LOW.1));
        assert!(first_screen, "what is asked is on the first screen: {ends}");
    }
    browser.resize(PHONE);
    browser.tap("button[class=big]");
    wait_for(&browser, "You have it", Browser::source);
    assert_eq!(case()["ic"], "ann", "one tap takes it");
    drop(browser);

    let scripts = true;
    let browser = Browser::open(Setup { scripts, ..phone });
    let more = format!("{receipt}?more=1");
    let pages =
        ["/report", "/sign-in", "/", "/no/such/page"].map(|path| format!("{}{path}", server.url));
    for page in pages.iter().chain([&receipt, &more, &ack]) {
        browser.go(page);
        is_easy_on_the_eye(&browser, page);
    }
}

/// It can be read and hit, in light and in dark, with everything unfolded.
fn is_easy_on_the_eye(browser: &Browser, page: &str) {
    for scheme in ["light", "dark"] {
        browser.prefer(scheme);
        browser.ask("for (const e of document.querySelectorAll('details')) e.open = true");
        let found = browser.ask(MEASURE);
        let name = page
            .split(['?', ':'])
            .next()
            .unwrap_or_default()
            .replace('/', "-");
        browser.keep_picture(&format!("phone{name}-{scheme}"));
        assert_eq!(found, json!([]), "{page} in {scheme}");
    }
}

/// A fence with a hole in it, SHA-256 below.
const HOLE: (&[u8], &str) = (
    b"a hole",
    "4216a2ed2deead505f7b910b571d87cfbdc286f036fffcdbbb80dd45e0c4c531",
);

/// What those who are signed in do on pages, with scripts off; then an eye on each.
#[test]
fn a_responder_answers_keeps_evidence_and_reads_the_report_without_a_script() {
    let server = Server::start();
    let at = |path: &str| format!("{}{path}", server.url);
    let phone = Setup {
        size: PHONE,
        scripts: false,
    };
    let browser = Browser::open(phone);
    browser.go(&at(&server.served.set_up_link()));
    for (field, text) in [("#name", " "), ("#login", "ann"), ("#password", "short")] {
        browser.fill(field, text);
    }
    browser.tap("button[class=big]");
    let both = wait_for(&browser, "password-error", Browser::source);
    assert!(both.contains("name-error"), "both at once: {both}");
    assert!(
        !both.contains("short\""),
        "the password is not kept: {both}"
    );
    browser.fill("#name", "Ann");
    browser.fill("#password", "four words make it");
    browser.tap("button[class=big]");
    wait_for(&browser, "/now", Browser::url);

    let report = json!({ "text": "The fence is open", "restricted": true });
    server.call("POST", "/api/v1/reports", Some(&report));
    browser.go(&at("/now"));
    wait_for(&browser, ">Restricted<", Browser::source);
    browser.tap("button[value=take]");
    wait_for(&browser, "/cases/DR-1", Browser::url);
    server.call(
        "POST",
        "/api/v1/drill/clock",
        Some(&json!({ "advance": "PT11M" })),
    );
    browser.go(&at("/now"));
    browser.tap("button[value=still_here]");
    wait_for(&browser, "Noted: you are on it.", Browser::source);

    let hole = server.folder.path().join("hole.txt");
    std::fs::write(&hole, HOLE.0).unwrap();
    let exhibits = "section[aria-labelledby=exhibits]";
    browser.tap(&format!("{exhibits} summary"));
    browser.fill("#file", &hole.display().to_string());
    browser.tap(&format!("{exhibits} form button"));
    let kept = wait_for(&browser, "E-1 is kept", Browser::source);
    assert!(kept.contains("hole.txt") && kept.contains(HOLE.1), "{kept}");
    browser.tap("a[href$='/conformance']");
    let rules = wait_for(&browser, "Conformance report DR-1", Browser::source);
    let places = ["Not kept, ", "Open, ", "Not applicable, "].map(|head| rules.find(head));
    assert!(places.is_sorted() && places[0].is_some(), "{rules}");
    drop(browser);

    let scripts = true;
    let browser = Browser::open(Setup { scripts, ..phone });
    browser.go(&at("/sign-in"));
    browser.fill("#login", "ann");
    browser.fill("#password", "four words make it");
    browser.tap("button[class=big]");
    wait_for(&browser, "/now", Browser::url);
    for path in [
        "/now",
        "/cases",
        "/cases/DR-1?kept=E-1",
        "/cases/DR-1/timeline?only=roles",
        "/cases/DR-1/entries/1",
        "/cases/DR-1/leads",
        "/cases/DR-1/evidence",
        "/cases/DR-1/people?fill=yes&who=ann",
        "/cases/DR-1/files",
        "/cases/DR-1/conformance",
        "/cases/DR-1/drill",
        "/drill",
        "/admin",
        "/admin/accounts",
        "/admin/accounts/ann",
        "/admin/accounts/ann/sign-in",
        "/admin/health",
        "/accessibility",
    ] {
        browser.go(&at(path));
        is_easy_on_the_eye(&browser, path);
    }
}

/// Waits a little until it stands there, and answers where it stands.
fn wait_for(browser: &Browser, words: &str, place: fn(&Browser) -> String) -> String {
    for _ in 0..250 {
        let there = place(browser);
        if there.contains(words) {
            return there;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("{words} is not there: {}", browser.source());
}
