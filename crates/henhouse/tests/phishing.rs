//! Stories of suspicious mail, with real mail servers on both sides: mails come in by SMTP, and whoever sent them reads the answer
//! in their own mailbox and opens the links in it.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

mod peers;
mod served;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::time::Duration;

use peers::smtp::SmtpPeer;
use reqwest::blocking::{Client, Response};
use reqwest::redirect::Policy;
use serde_json::{Value, json};
use served::{Served, mail_settings, token};
use tempfile::TempDir;

/// What went round: a sender, another address to answer, a link and a file.
const BAIT: &str = "From: \"Payroll\" <pay@evil.example>\r\nReply-To: collect@evil.example\r\nSubject: Your wages\r\n\
    Message-ID: <wages-1@evil.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=in\r\n\r\n\
    --in\r\nContent-Type: text/html\r\n\r\n<p>See <a href=\"http://login.evil.example/wages?u=1\">your wages</a></p>\r\n\
    --in\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=wages.pdf\r\n\r\nNot a file at all\r\n--in--\r\n";

struct House {
    served: Served,
    folder: TempDir,
    mail: SmtpPeer,
    comes_in: String,
}

impl House {
    /// A house with two responders, whose mail leaves and comes in.
    fn start() -> Self {
        henhouse::tls::install_provider();
        let (folder, mail) = (tempfile::tempdir().unwrap(), SmtpPeer::plain());
        let data = folder.path().join("data");
        let comes_in = "[mail_in]\nlisten = '127.0.0.1:0'\nname = 'hen.farm.example'\nsuspicious = ['phishing@farm.example']\n\
                        [mail_in.addresses]\n'security@farm.example' = 'main'\n'phishing@farm.example' = 'main'\n";
        mail_settings(&data, mail.port, comes_in);
        let served = Served::start(&data, &[], &[]);
        let comes_in = served.takes_mail_at();
        let house = Self {
            served,
            folder,
            mail,
            comes_in,
        };
        house.people();
        house
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn people(&self) {
        let mut whole = self.get("/api/v1/projects/main", None);
        let member = |who: &str| json!({ "person": who, "roles": ["responder"] });
        whole["project"]["roster"] = json!([member("ann"), member("bob")]);
        let contact = |who: &str| json!({ "name": who, "mail": format!("{who}@farm.example") });
        whole["directory"]["people"] = json!({ "ann": contact("ann"), "bob": contact("bob") });
        let body = json!({ "project": whole["project"], "directory": whole["directory"] });
        let revision = format!("\"{}\"", body["project"]["revision"]);
        let asked = Client::new().put(format!("{}/api/v1/projects/main", self.served.url));
        let asked = asked.bearer_auth(token(&self.data(), None));
        let said = asked
            .header("If-Match", revision)
            .json(&body)
            .send()
            .unwrap();
        assert!(said.status().is_success(), "{}", said.text().unwrap());
    }

    fn ask(&self, path: &str, who: Option<&str>) -> Response {
        let address = format!("{}{path}", self.served.url);
        let asked = Client::new().get(address);
        asked.bearer_auth(token(&self.data(), who)).send().unwrap()
    }

    fn get(&self, path: &str, who: Option<&str>) -> Value {
        self.ask(path, who).json().unwrap()
    }

    /// How a case stands to a rule.
    fn judged(&self, case: &str, rule: &str) -> String {
        let report = self.get(&format!("/api/v1/cases/{case}/conformance"), Some("ann"));
        let found = report["rules"].as_array().unwrap();
        let found = found.iter().find(|finding| finding["rule"] == rule);
        let found = found.unwrap_or_else(|| panic!("{rule}: {report}"));
        found["outcome"].as_str().unwrap().to_owned()
    }

    fn cases(&self) -> usize {
        self.get("/api/v1/cases", Some("ann"))["cases"]
            .as_array()
            .unwrap()
            .len()
    }

    /// Brings a mail; answers what was said of it.
    fn brings(&self, from: &str, to: &str, mail: &str) -> String {
        let mut line = TcpStream::connect(&self.comes_in).unwrap();
        let said = format!(
            "HELO farm.example\r\nMAIL FROM:<{from}>\r\nRCPT TO:<{to}>\r\nDATA\r\n{mail}\r\n.\r\nQUIT\r\n"
        );
        line.write_all(said.as_bytes()).unwrap();
        let mut answers = String::new();
        line.read_to_string(&mut answers).unwrap();
        answers
    }

    /// The mails that reached this address, once there are so many.
    fn mailbox(&self, address: &str, at_least: usize) -> Vec<String> {
        for _ in 0..400 {
            let all = self.mail.received().into_iter();
            let theirs = all.filter(|mail| mail.facts["to"] == json!([address]));
            let theirs: Vec<String> = theirs.map(|mail| unfolded(&mail.mail)).collect();
            if theirs.len() >= at_least {
                return theirs;
            }
            std::thread::sleep(Duration::from_millis(25));
        }
        panic!("{address} got no {at_least} mails: {}", self.served.log());
    }

    /// Presses Send on the page of a link, with these ticked.
    fn press(&self, link: &str, ticked: &str) -> Response {
        let place = link.split('?').next().unwrap().to_owned();
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        let form = "application/x-www-form-urlencoded";
        let sent = client.post(place).header("Content-Type", form);
        sent.body(ticked.to_owned()).send().unwrap()
    }
}

/// Quoted-printable is undone as far as links need it.
fn unfolded(mail: &str) -> String {
    mail.replace("=\r\n", "").replace("=3D", "=")
}

/// The link of a mail that says this.
fn link(mail: &str, did: &str) -> String {
    let end = format!("?did={did}");
    let words = mail.split_whitespace();
    let mut links = words.filter(|word| word.contains("/answer/") && word.ends_with(&end));
    links.next().unwrap_or_else(|| panic!("{mail}")).to_owned()
}

/// As a phone passes a mail on: within the words of another.
fn inline(from: &str) -> String {
    format!(
        "From: {from}\r\nTo: security@farm.example\r\nSubject: Fwd: Your wages\r\n\r\nIs this real?\r\n\r\nSent from my phone\r\n\r\n\
         Begin forwarded message:\r\n\r\n> From: Payroll <pay@evil.example>\r\n> Subject: Your wages\r\n> \r\n\
         > See http://login.evil.example/wages?u=7\r\n"
    )
}

/// As a mail program on a desk passes a mail on: as an attachment.
fn attached(from: &str) -> String {
    format!(
        "From: {from}\r\nTo: security@farm.example\r\nSubject: Fwd: Your wages\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=out\r\n\r\n--out\r\nContent-Type: text/plain\r\n\r\nLook at this.\r\n\
         --out\r\nContent-Type: message/rfc822\r\n\r\n{BAIT}\r\n--out--\r\n"
    )
}

#[test]
fn a_phished_employee_forwards_the_mail_from_a_phone() {
    let house = House::start();
    let said = house.brings(
        "zoe@farm.example",
        "security@farm.example",
        &inline("Zoe <zoe@farm.example>"),
    );
    assert!(said.contains("Kept for review as M-"), "{said}");
    let asked = house.mailbox("zoe@farm.example", 1);
    let clicked = link(&asked[0], "clicked");
    // What looks at links before people do changes nothing, however often it looks.
    for did in ["clicked", "entered", "none", "spam"] {
        let seen = Client::new().get(link(&asked[0], did)).send().unwrap();
        assert_eq!(seen.status(), 200);
        let page = seen.text().unwrap();
        assert_eq!(page.matches(" checked").count(), 1, "{page}");
    }
    assert_eq!(house.cases(), 0, "nobody has pressed anything");
    assert!(
        house
            .mail
            .received()
            .iter()
            .all(|mail| mail.facts["to"] != json!(["ann@farm.example"]))
    );
    // She says first that she did nothing, and then that she did.
    let said = house.press(&clicked, "none=yes");
    assert_eq!(said.status(), 303);
    let answered = said.headers()["location"].to_str().unwrap().to_owned();
    assert!(answered.starts_with("/answer/"), "{answered}");
    let look = |at: &str| Client::new().get(at).send().unwrap().text().unwrap();
    let page = look(&format!("{}{answered}", house.served.url));
    assert!(
        page.contains("You may also delete this one mail") && page.contains("We keep the mail"),
        "{page}"
    );
    // The link that says "I clicked" leads to the button that says so, not to the advice.
    let page = look(&clicked);
    assert!(
        page.contains("Press the button below")
            && !page.contains("You may also delete this one mail"),
        "{page}"
    );
    assert_eq!(house.cases(), 0);
    let said = house.press(&clicked, "clicked=yes&entered=yes&none=yes");
    let receipt = said.headers()["location"].to_str().unwrap().to_owned();
    assert!(receipt.starts_with("/receipt/"), "{receipt}");
    let paged = house.mailbox("ann@farm.example", 1);
    assert!(
        paged[0].contains("They clicked a link and typed something in."),
        "{}",
        paged[0]
    );
    // Once more changes nothing.
    let again = house.press(&clicked, "clicked=yes&entered=yes");
    assert_eq!(again.headers()["location"].to_str().unwrap(), receipt);
    assert_eq!(house.cases(), 1);
    let case = house.get("/api/v1/cases/HH-1", Some("ann"));
    let phish = &case["reports"][0]["report"]["phish"];
    assert_eq!(
        (&phish["clicked"], &phish["entered"]),
        (&json!(true), &json!(true)),
        "{case}"
    );
    let journal = house
        .get("/api/v1/cases/HH-1/journal", Some("ann"))
        .to_string();
    assert!(
        journal.contains("verify_device"),
        "a step stands there by itself: {journal}"
    );
    let kept = house.ask("/api/v1/cases/HH-1/exhibits/E-1", Some("ann"));
    let kept = kept.bytes().unwrap();
    assert!(
        kept.starts_with(inline("Zoe <zoe@farm.example>").as_bytes()),
        "as it came"
    );
}

#[test]
fn what_was_in_the_spam_folder_is_counted_and_nobody_is_called() {
    let house = House::start();
    house.brings(
        "zoe@farm.example",
        "security@farm.example",
        &attached("zoe@farm.example"),
    );
    let asked = house.mailbox("zoe@farm.example", 1);
    let said = house.press(&link(&asked[0], "spam"), "spam=yes");
    assert_eq!(said.status(), 303);
    let queue = house.get("/api/v1/review", Some("ann"));
    assert_eq!(
        (&queue["all"], &queue["in_spam"]),
        (&json!(0), &json!(1)),
        "{queue}"
    );
    assert_eq!(house.cases(), 0);
    // A press without a tick says nothing, and another link does nothing.
    let empty = house.press(&link(&asked[0], "spam"), "");
    assert_eq!(empty.status(), 422);
    let forged = house.press(&format!("{}/answer/AAAA", house.served.url), "clicked=yes");
    assert_eq!(forged.status(), 404);
    assert_eq!(house.cases(), 0);
}

#[test]
fn a_mail_to_the_address_for_suspicious_mail_is_asked_about_and_a_program_is_not() {
    let house = House::start();
    let plain =
        |more: &str| format!("From: zoe@farm.example\r\n{more}Subject: Odd\r\n\r\nIs this real?");
    house.brings(
        "zoe@farm.example",
        "phishing@farm.example",
        &plain("Auto-Submitted: auto-replied\r\n"),
    );
    house.brings(
        "zoe@farm.example",
        "security@farm.example",
        &plain("X-Other: yes\r\n"),
    );
    house.brings("zoe@farm.example", "phishing@farm.example", &plain(""));
    let asked = house.mailbox("zoe@farm.example", 1);
    assert_eq!(asked.len(), 1);
    let item = asked[0].split("under M-").nth(1).unwrap();
    let item = item.split('.').next().unwrap().trim();
    let mail = house.get(&format!("/api/v1/review/M-{item}"), Some("ann"));
    assert_eq!(
        (&mail["suspicious"], &mail["title"]),
        (&json!(true), &json!("Odd")),
        "{mail}"
    );
}

#[test]
fn the_program_and_the_form_ask_the_same_and_keep_the_mail_first() {
    let house = House::start();
    let place = format!("{}/suspicious", house.served.url);
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    let send = |fields: &[(&'static str, &'static str)], file: bool| {
        let mut form = reqwest::blocking::multipart::Form::new();
        for (name, value) in fields {
            form = form.text(*name, *value);
        }
        form = form.text("words_end", "yes");
        if file {
            let part =
                reqwest::blocking::multipart::Part::bytes(BAIT.as_bytes()).file_name("odd.eml");
            form = form.part("file", part);
        }
        client.post(&place).multipart(form).send().unwrap()
    };
    assert_eq!(send(&[], false).status(), 422, "nothing was ticked");
    // The mail is asked for before anybody says that it may be deleted.
    let first = send(&[("none", "yes")], false);
    assert_eq!(first.status(), 200);
    let page = first.text().unwrap();
    assert!(
        page.contains("before you delete it") && !page.contains("may also delete"),
        "{page}"
    );
    let kept = send(&[("none", "yes")], true);
    let answers = kept.headers()["location"].to_str().unwrap().to_owned();
    let page = Client::new()
        .get(format!("{}{answers}", house.served.url))
        .send()
        .unwrap();
    assert!(page.text().unwrap().contains("may also delete"));
    let queue = house.get("/api/v1/review", Some("ann"));
    let number = queue["mails"][0]["mail"].as_str().unwrap();
    let raw = house.ask(&format!("/api/v1/review/{number}/mail"), Some("ann"));
    assert_eq!(raw.bytes().unwrap(), BAIT.as_bytes());
    let spam = send(&[("spam", "yes")], false);
    assert_eq!(spam.status(), 303);
    assert_eq!(house.get("/api/v1/review", Some("ann"))["in_spam"], 1);
    assert_eq!(house.cases(), 0);
    // By the command line, with the mail as a file.
    let file = house.folder.path().join("odd.eml");
    std::fs::write(&file, BAIT).unwrap();
    let said = std::process::Command::new(served::HENHOUSE)
        .args(["suspicious", "--opened", "--mail"])
        .arg(&file)
        .env("HENHOUSE_URL", &house.served.url)
        .env_remove("HENHOUSE_TOKEN")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    assert!(
        said.contains("HH-1 received. You are not in trouble."),
        "{said}"
    );
    let raw = house.ask("/api/v1/cases/HH-1/exhibits/E-1", Some("ann"));
    assert_eq!(raw.bytes().unwrap(), BAIT.as_bytes());
}

impl House {
    fn post(&self, path: &str, who: &str, body: &Value) -> Value {
        let asked = Client::new().post(format!("{}{path}", self.served.url));
        let asked = asked.bearer_auth(token(&self.data(), Some(who))).json(body);
        asked.send().unwrap().json().unwrap()
    }

    /// The pages and other mails that somebody got, by subject.
    fn subjects(&self, address: &str) -> Vec<String> {
        let all = self.mail.received().into_iter();
        let theirs = all.filter(|mail| mail.facts["to"] == json!([address]));
        theirs.map(|mail| mail.header("Subject")).collect()
    }
}

#[test]
fn forty_colleagues_report_the_same_campaign() {
    let house = House::start();
    let colleague = |n: usize| format!("c{n}@farm.example");
    for n in 1..=40 {
        let mail = match n % 2 {
            0 => attached(&colleague(n)),
            _ => inline(&colleague(n)),
        };
        let said = house.brings(&colleague(n), "security@farm.example", &mail);
        assert!(said.contains("Kept for review as M-"), "{n}: {said}");
    }
    // Something else waits too, and a case of another sort is there.
    house.brings(
        "zoe@zoo.example",
        "security@farm.example",
        "From: zoe@zoo.example\r\nSubject: Lunch\r\n\r\nAt noon? https://zoo.example/menu",
    );
    let clicked: Vec<String> = (1..=8)
        .map(|n| {
            let asked = house.mailbox(&colleague(n), 1);
            let link = link(&asked[0], "clicked");
            let said = house.press(&link, "clicked=yes");
            said.headers()["location"].to_str().unwrap().to_owned()
        })
        .collect();
    let quiet = house.mailbox(&colleague(9), 1);
    house.press(&link(&quiet[0], "none"), "none=yes");
    assert!(
        clicked
            .iter()
            .all(|receipt| receipt.starts_with("/receipt/"))
    );
    assert_eq!(house.cases(), 8);
    // Nobody is woken forty times, and not eight times either.
    let pages = |who: &str| {
        let all = house.subjects(&format!("{who}@farm.example"));
        all.into_iter()
            .filter(|subject| subject.starts_with("HH-"))
            .count()
    };
    house.mailbox("ann@farm.example", 1);
    assert!(
        pages("ann") <= 4,
        "{:?}",
        house.subjects("ann@farm.example")
    );
    house.post(
        "/api/v1/cases/HH-1/commands",
        "ann",
        &json!({ "command": "acknowledge" }),
    );
    let alike = house.get("/api/v1/cases/HH-1/alike", Some("ann"));
    let kinds: Vec<&str> = alike["indicators"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one["kind"].as_str())
        .collect();
    assert!(
        kinds.contains(&"sender") && kinds.contains(&"link"),
        "{alike}"
    );
    assert!(
        !alike.to_string().contains("http") && !alike.to_string().contains("c1@farm"),
        "{alike}"
    );
    let numbers = |field: &str| -> Vec<Value> {
        let all = alike[field].as_array().unwrap().iter();
        all.filter(|one| one["telling"] == true)
            .map(|one| one["number"].clone())
            .collect()
    };
    let (cases, mails) = (numbers("cases"), numbers("mails"));
    assert_eq!((cases.len(), mails.len()), (7, 32), "{alike}");
    let page = house.ask("/cases/HH-1/alike", Some("ann"));
    let page = page.text().unwrap();
    assert!(
        page.contains("login[.]evil[.]example") && !page.contains("login.evil.example"),
        "{page}"
    );
    // One act.
    let with: Vec<Value> = cases.into_iter().chain(mails).collect();
    let said = house.post("/api/v1/cases/HH-1/gather", "ann", &json!({ "with": with }));
    assert_eq!(
        (&said["done"], &said["not"]),
        (&json!(39), &json!([])),
        "{said}"
    );
    let case = house.get("/api/v1/cases/HH-1", Some("ann"));
    let reports = case["reports"].as_array().unwrap();
    assert_eq!(reports.len(), 40, "every report and reporter remains");
    let contacts: std::collections::BTreeSet<String> = reports
        .iter()
        .map(|one| one["report"]["contact"].to_string())
        .collect();
    assert_eq!(contacts.len(), 40, "{contacts:?}");
    let journal = house
        .get("/api/v1/cases/HH-1/journal", Some("ann"))
        .to_string();
    assert_eq!(
        journal.matches("\"step_added\"").count(),
        8,
        "whoever clicked is helped, and nobody twice"
    );
    assert_eq!(
        house.get("/api/v1/review", Some("ann"))["all"],
        1,
        "lunch still waits"
    );
    // A receipt of a case that became part of it leads there, and its original is where it was.
    let page = Client::new()
        .get(format!("{}{}", house.served.url, clicked[3]))
        .send()
        .unwrap();
    assert!(page.text().unwrap().contains("HH-1"));
    assert_eq!(
        house
            .ask("/api/v1/cases/HH-4/exhibits/E-1", Some("ann"))
            .status(),
        200
    );
    // A colleague hears kindly that somebody has it, and hears it once.
    let heard = house.mailbox(&colleague(12), 2);
    let has_it = heard
        .iter()
        .filter(|mail| mail.contains("has your report HH-1"));
    assert_eq!(
        (heard.len(), has_it.count()),
        (2, 1),
        "the questions, and one word: {heard:?}"
    );
    // And says only now that she clicked: that is one more report of the case, and not another event.
    let late = link(&heard[0], "clicked");
    let said = house.press(&late, "clicked=yes");
    assert!(
        said.headers()["location"]
            .to_str()
            .unwrap()
            .starts_with("/receipt/")
    );
    let again = house.press(&late, "clicked=yes");
    assert!(
        again.headers()["location"]
            .to_str()
            .unwrap()
            .starts_with("/answer/")
    );
    let case = house.get("/api/v1/cases/HH-1", Some("ann"));
    assert_eq!(case["reports"].as_array().unwrap().len(), 41);
    // Colleagues are warned in one act, seen before, with nothing live in it but our own address.
    let mut warning = json!({ "of": "HH-1", "text": "It says https://login.evil.example/wages" });
    let shown = house.post("/api/v1/warnings", "ann", &warning);
    assert_eq!(
        (&shown["people"], &shown["sent"]),
        (&json!(["ann", "bob"]), &Value::Null),
        "{shown}"
    );
    warning["send"] = true.into();
    let sent = house.post("/api/v1/warnings", "ann", &warning);
    assert_eq!(sent["sent"], 2, "{sent}");
    for _ in 0..200 {
        if house
            .subjects("bob@farm.example")
            .iter()
            .any(|subject| subject.starts_with("Careful"))
        {
            break;
        }
        std::thread::sleep(Duration::from_millis(25));
    }
    let all = house.mailbox("bob@farm.example", 1);
    let got = all
        .iter()
        .find(|mail| mail.contains("Subject: Careful"))
        .unwrap();
    assert!(
        got.contains("hxxps://login[.]evil[.]example/wages") && !got.contains("https://login"),
        "{got}"
    );
    let journal = house
        .get("/api/v1/cases/HH-1/journal", Some("ann"))
        .to_string();
    assert!(journal.contains("ann warned 2 colleagues"), "{journal}");
    assert!(
        journal.contains("hxxps://login[.]evil[.]example/wages"),
        "{journal}"
    );
    assert_eq!(house.judged("HH-1", "R110"), "done");
    assert_eq!(house.judged("HH-1", "R115"), "done");
}

#[test]
fn what_came_by_mail_is_judged_by_what_stands_in_the_journal() {
    let house = House::start();
    let report = "From: carol@farm.example\r\nTo: security@farm.example\r\nSubject: Fwd: RE: SECURITY Incident: no lights\r\n\r\n\
                  Nothing runs.\r\n";
    let said = house.brings("carol@farm.example", "security@farm.example", report);
    assert!(said.contains("HH-1"), "{said}");
    for rule in ["R114", "R115"] {
        assert_eq!(house.judged("HH-1", rule), "done", "{rule}");
    }
    assert_eq!(house.judged("HH-1", "R110"), "not_applicable");
    // The hash that stands in the first entry is that of the very bytes, headers and all.
    let journal = house.get("/api/v1/cases/HH-1/journal", Some("ann"));
    let kept = house.ask("/api/v1/cases/HH-1/exhibits/E-1", Some("ann"));
    let kept = kept.bytes().unwrap();
    assert!(kept.starts_with(b"From: carol@farm.example\r\n"));
    let hash = casefile::ExhibitHash::of(&kept).to_string();
    let first = &journal["entries"][0]["body"]["mailed"]["sha256"];
    assert_eq!(first, &json!(hash), "{journal}");
    // Of another it is warned while it waits, and whoever opens it has it in the case.
    let from = "dora@farm.example";
    let said = house.brings(from, "security@farm.example", &attached(from));
    let item = said.split("M-").nth(1).unwrap();
    let item: String = item.chars().take_while(char::is_ascii_digit).collect();
    let warn =
        json!({ "of": format!("M-{item}"), "text": "http://login.evil.example", "send": true });
    assert_eq!(house.post("/api/v1/warnings", "bob", &warn)["sent"], 2);
    let asked = house.mailbox(from, 1);
    house.press(&link(&asked[0], "clicked"), "clicked=yes");
    for rule in ["R110", "R114", "R115"] {
        assert_eq!(house.judged("HH-2", rule), "done", "{rule}");
    }
}

#[test]
fn what_somebody_may_not_see_is_not_found_by_its_mail() {
    let house = House::start();
    for n in [1, 2] {
        let from = format!("c{n}@farm.example");
        house.brings(&from, "security@farm.example", &attached(&from));
        let asked = house.mailbox(&from, 1);
        house.press(&link(&asked[0], "opened"), "opened=yes");
    }
    let cases = |who: &str| -> Vec<Value> {
        let alike = house.get("/api/v1/cases/HH-1/alike", Some(who));
        alike["cases"].as_array().unwrap().clone()
    };
    assert_eq!(cases("bob").len(), 1);
    house.post(
        "/api/v1/cases/HH-2/commands",
        "ann",
        &json!({ "command": "acknowledge" }),
    );
    let restrict = json!({ "command": "restrict", "reason": "It is about somebody" });
    house.post("/api/v1/cases/HH-2/commands", "ann", &restrict);
    assert_eq!(cases("bob"), Vec::<Value>::new());
    assert_eq!(cases("ann").len(), 1, "she is a member");
    assert_eq!(
        house.ask("/api/v1/cases/HH-2/alike", Some("bob")).status(),
        404
    );
    let warn = json!({ "of": "HH-2", "text": "Careful" });
    assert!(house.post("/api/v1/warnings", "ann", &warn)["status"] == 403);
    let gather = json!({ "with": ["HH-2"] });
    let said = house.post("/api/v1/cases/HH-1/gather", "bob", &gather);
    assert_eq!(
        (&said["done"], said["not"].as_array().unwrap().len()),
        (&json!(0), 1),
        "{said}"
    );
}
