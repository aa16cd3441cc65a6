//! Mail in, by real clients: swaks brings mails by SMTP as a mail server does, Python's `smtplib` by LMTP as Postfix does.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

#[path = "mail_in/alerts.rs"]
mod alerts;
#[path = "mail_in/bombs.rs"]
mod bombs;
mod served;

use std::path::Path;
use std::process::{Command, Output};

use reqwest::blocking::Client;
use serde_json::Value;
use served::{Served, token};
use tempfile::TempDir;

/// What is carried by the mail below.
const INNER: &str = "From: \"Your bank\" <bank@evil.example>\r\nSubject: Urgent\r\n\r\n.Log in at http://evil.example now.\r\n";
/// Brings a mail, and prints what each recipient's answer was.
const CLIENT: &str = "
import smtplib, sys
kind, server, sender, file, *to = sys.argv[1:]
host, port = server.split(':')
line = (smtplib.LMTP if kind == 'lmtp' else smtplib.SMTP)(host, int(port), local_hostname='mail.farm.example')
line.ehlo_or_helo_if_needed()
print(*line.mail(sender))
said = [line.rcpt(one) for one in to]
for one in said: print(*one)
print(*line.data(open(file, 'rb').read()))
if kind == 'lmtp':
    for _ in [one for one in said if one[0] == 250][1:]: print(*line.getreply())
print(*line.quit())
";

struct House {
    served: Served,
    folder: TempDir,
    mail: String,
}

impl House {
    fn start() -> Self {
        Self::with("")
    }

    /// With more settings.
    fn with(more: &str) -> Self {
        henhouse::tls::install_provider();
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        std::fs::create_dir(&data).unwrap();
        let settings = "[mail_in]\nlisten = '127.0.0.1:0'\nname = 'hen.farm.example'\n\
                        [mail_in.addresses]\n'Security@farm.example' = 'main'\n'help@farm.example' = 'main'\n'lost@farm.example' = 'barn'\n";
        let settings = format!("{settings}{more}");
        std::fs::write(data.join("henhouse.toml"), settings).unwrap();
        let served = Served::start(&data, &[], &[]);
        let mail = served.takes_mail_at();
        Self {
            served,
            folder,
            mail,
        }
    }

    fn file(&self, mail: &str) -> String {
        let file = self.folder.path().join("mail.eml");
        std::fs::write(&file, mail).unwrap();
        file.display().to_string()
    }

    /// What a mail server says of this mail.
    fn swaks(&self, mail: &str, more: &[&str]) -> String {
        let said = run(Command::new("swaks")
            .args([
                "--server",
                &self.mail,
                "--from",
                "ann@farm.example",
                "--suppress-data",
            ])
            .args(["--to", "security@farm.example", "--data"])
            .arg(format!("@{}", self.file(mail)))
            .args(more));
        String::from_utf8(said.stdout).unwrap()
    }

    fn client(&self, kind: &str, mail: &str, to: &[&str]) -> String {
        let file = self.file(mail);
        let said = run(Command::new("python3")
            .args(["-c", CLIENT, kind, &self.mail, "ann@farm.example", &file])
            .args(to));
        String::from_utf8(said.stdout).unwrap()
    }

    fn bytes(&self, path: &str) -> Vec<u8> {
        let address = format!("{}{path}", self.served.url);
        let asked = Client::new()
            .get(address)
            .bearer_auth(token(&self.data(), None));
        asked.send().unwrap().bytes().unwrap().to_vec()
    }

    fn get(&self, path: &str) -> Value {
        serde_json::from_slice(&self.bytes(path)).unwrap()
    }

    /// Ann stands on the contact sheet.
    fn take_in_ann(&self) {
        let mut whole = self.get("/api/v1/projects/main");
        let member = serde_json::json!({ "person": "ann", "roles": ["responder"] });
        whole["project"]["roster"] = serde_json::json!([member]);
        whole["directory"]["people"] =
            serde_json::json!({ "ann": { "name": "Ann", "mail": "ann@farm.example" } });
        let body =
            serde_json::json!({ "project": whole["project"], "directory": whole["directory"] });
        let revision = format!("\"{}\"", body["project"]["revision"]);
        let asked = Client::new().put(format!("{}/api/v1/projects/main", self.served.url));
        let asked = asked
            .bearer_auth(token(&self.data(), None))
            .header("If-Match", revision);
        let said = asked.json(&body).send().unwrap();
        assert!(said.status().is_success(), "{}", said.text().unwrap());
    }

    fn data(&self) -> std::path::PathBuf {
        Path::new(self.folder.path()).join("data")
    }
}

/// # Panics
/// The program is missing: apt-get install swaks.
fn run(command: &mut Command) -> Output {
    let said = command.output();
    said.unwrap_or_else(|why| panic!("{command:?}: {why}; apt-get install swaks python3"))
}

fn mail(subject: &str, headers: &str, text: &str) -> String {
    format!(
        "From: Ann Smith <ann@farm.example>\r\nTo: security@farm.example\r\nSubject: {subject}\r\n{headers}\r\n{text}\r\n"
    )
}

fn forwarded() -> String {
    let parts = "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n";
    let text = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nI clicked it in the caf=C3=A9.";
    let text =
        format!("--b\r\n{text}\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n{INNER}\r\n--b--");
    mail("Fwd: SECURITY Incident - odd mail", parts, &text)
}

#[test]
fn a_forwarded_mail_is_a_report_and_evidence_byte_for_byte_and_counts_once() {
    let mut house = House::start();
    let said = house.client("smtp", &forwarded(), &["security@farm.example"]);
    assert!(said.contains("250 b'2.0.0 Kept as HH-1'"), "{said}");
    let again = house.client(
        "smtp",
        &forwarded(),
        &["SECURITY@farm.example", "help@farm.example"],
    );
    assert!(again.contains("250 b'2.0.0 Kept as HH-1'"), "{again}");
    // What was answered is on disk.
    house.served.process.kill().unwrap();
    house.served.process.wait().unwrap();
    house.served = Served::start(&house.data(), &[], &[]);
    assert_eq!(
        house.bytes("/api/v1/cases/HH-1/exhibits/E-1"),
        forwarded().as_bytes()
    );
    assert_eq!(
        house.bytes("/api/v1/cases/HH-1/exhibits/E-2"),
        INNER.as_bytes()
    );
    let journal = house.get("/api/v1/cases/HH-1/journal").to_string();
    assert!(
        journal.contains("odd mail\\n\\nI clicked it in the café."),
        "{journal}"
    );
    for said in ["\"route\":\"mail\"", "Ann Smith"] {
        assert!(journal.contains(said), "{said}: {journal}");
    }
    assert_eq!(
        house.get("/api/v1/cases")["cases"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(journal.matches("\"exhibit_added\"").count(), 2, "{journal}");
}

#[test]
fn three_ways_to_write_the_subject_are_taken_and_another_waits_to_be_looked_at() {
    let house = House::start();
    for (n, subject) in [
        "Security Incident",
        "Re: security incident: the coop",
        "Fwd: AW: SECURITY INCIDENT!",
    ]
    .iter()
    .enumerate()
    {
        let said = house.swaks(&mail(subject, "", "There is a fox."), &[]);
        assert!(
            said.contains(&format!("250 2.0.0 Kept as HH-{}", n + 1)),
            "{said}"
        );
    }
    house.take_in_ann();
    let lunch = mail("Lunch", "", "At noon?");
    let said = [house.swaks(&lunch, &[]), house.swaks(&lunch, &[])];
    let number = said[0].split("250 2.0.0 Kept for review as ").nth(1);
    let number = number.and_then(|rest| rest.split_whitespace().next());
    let number = number.unwrap_or_else(|| panic!("{}", said[0]));
    assert!(
        said[1].contains(&format!("as {number}")),
        "it counts once: {}",
        said[1]
    );
    let own = token(&house.data(), Some("ann"));
    let get = |path: &str| {
        let address = format!("{}{path}", house.served.url);
        let asked = Client::new().get(address).bearer_auth(&own);
        asked.send().unwrap().bytes().unwrap().to_vec()
    };
    let raw = get(&format!("/api/v1/review/{number}/mail"));
    // swaks ends every mail with one more line.
    assert!(raw.starts_with(lunch.as_bytes()));
    assert_eq!(
        house.get("/api/v1/cases")["cases"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
}

#[test]
fn nobody_is_relayed_for_and_what_is_too_large_is_said_before_it_comes() {
    let house = House::start();
    let fox = mail("Security Incident", "", "There is a fox.");
    let said = house.swaks(&fox, &["--to", "someone@elsewhere.example"]);
    assert!(said.contains("550 5.1.1"), "{said}");
    let huge = format!("{fox}{}", "x".repeat(76).repeat(450_000).as_str());
    let said = house.client("smtp", &huge, &["security@farm.example"]);
    assert!(said.contains("552 b'5.3.4"), "{said}");
    let said = house.swaks(&fox, &["--pipeline"]);
    assert!(
        said.contains("Kept as HH-1"),
        "another mail is taken as ever: {said}"
    );
}

#[test]
fn a_project_that_is_not_there_is_refused_for_good_in_the_words_for_an_address_that_is_nobodys() {
    let house = House::start();
    let fox = mail("Security Incident", "", "There is a fox.");
    let to = [
        "Lost@farm.example",
        "nobody@farm.example",
        "security@farm.example",
    ];
    for _ in 0..2 {
        let said = house.client("lmtp", &fox, &to);
        let refused: Vec<&str> = said
            .lines()
            .filter(|line| line.starts_with("550"))
            .collect();
        assert_eq!(refused.len(), 2, "{said}");
        assert_eq!(refused[0], refused[1], "nothing tells them apart");
        assert!(
            refused[0].contains("5.1.1 ") && refused[0].contains("/report instead"),
            "{said}"
        );
        assert!(said.contains("250 b'2.0.0 Kept as HH-1'"), "{said}");
    }
    let said = "there is no such project: correct the settings";
    assert_eq!(house.served.log().matches(said).count(), 1);
}

#[test]
fn a_mail_server_in_front_hears_of_each_recipient() {
    let house = House::start();
    let fox = mail("Security Incident", "", "There is a fox.");
    let to = [
        "security@farm.example",
        "nobody@farm.example",
        "help@farm.example",
    ];
    let said = house.client("lmtp", &fox, &to);
    assert_eq!(
        said.matches("250 b'2.0.0 Kept as HH-1'").count(),
        2,
        "{said}"
    );
    assert_eq!(said.matches("550 b'5.1.1").count(), 1, "{said}");
}

#[test]
fn what_a_program_sent_is_a_report_and_is_answered_by_nobody() {
    let house = House::start();
    for header in [
        "Auto-Submitted: auto-replied\r\n",
        "Precedence: bulk\r\n",
        "List-Id: <all.farm.example>\r\n",
    ] {
        house.swaks(
            &mail("Security Incident", header, "A machine says so."),
            &[],
        );
    }
    for n in 1..=3 {
        let journal = house
            .get(&format!("/api/v1/cases/HH-{n}/journal"))
            .to_string();
        assert!(
            journal.contains("The mail says that it is from ann@farm.example."),
            "{journal}"
        );
    }
}
