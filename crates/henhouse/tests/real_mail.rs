//! Mail in by the mail servers that people have: Debian's Dovecot holds a mailbox that is read, Debian's Postfix hands mails
//! over, swaks sends them.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test may fail loudly"
)]

#[path = "real_mail/dovecot.rs"]
mod dovecot;
mod peers;
#[path = "real_mail/postfix.rs"]
mod postfix;
mod served;

use std::path::PathBuf;
use std::time::Duration;

use dovecot::{Dovecot, PASSWORD, USER};
use peers::postgres::Schema;
use postfix::Postfix;
use reqwest::blocking::Client;
use serde_json::Value;
use served::{Served, token};
use tempfile::TempDir;

/// Nothing here takes longer than so many looks, where the machine does much else besides.
const LOOKS: usize = 1_200;
const APART: Duration = Duration::from_millis(50);

/// Waits for that.
fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let seen = (0..LOOKS).any(|_| {
        std::thread::sleep(APART);
        is_so()
    });
    assert!(seen, "never: {what}");
}

struct House {
    served: Served,
    folder: TempDir,
}

impl House {
    fn start(settings: &str, variables: &[(&str, &str)]) -> Self {
        Self::beside(None, settings, variables)
    }

    /// Another node of the installation of this one.
    fn beside(first: Option<&Self>, settings: &str, variables: &[(&str, &str)]) -> Self {
        henhouse::tls::install_provider();
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        std::fs::create_dir(&data).unwrap();
        if let Some(first) = first {
            std::fs::copy(first.data().join("root.key"), data.join("root.key")).unwrap();
        }
        let password = folder.path().join("password");
        std::fs::write(&password, format!("{PASSWORD}\n")).unwrap();
        let settings = settings.replace("$PASSWORD", &password.display().to_string());
        std::fs::write(data.join("henhouse.toml"), settings).unwrap();
        let served = Served::start(&data, &[], variables);
        Self { served, folder }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn go_on(&mut self) {
        self.served = Served::start(&self.data(), &[], &[]);
    }

    fn text(&self, path: &str) -> String {
        let asked = Client::new().get(format!("{}{path}", self.served.url));
        let asked = asked.bearer_auth(token(&self.data(), None));
        asked.send().unwrap().text().unwrap()
    }

    fn numbers(&self) -> Vec<String> {
        let said: Value = serde_json::from_str(&self.text("/api/v1/cases")).unwrap();
        let cases = said["cases"].as_array().unwrap().iter();
        let mut numbers: Vec<String> = cases
            .map(|case| case["number"].as_str().unwrap().to_owned())
            .collect();
        numbers.sort();
        numbers
    }

    fn until_cases(&self, n: usize) {
        until(&format!("{n} cases"), || {
            let numbers = self.numbers();
            assert!(numbers.len() <= n, "twice: {numbers:?}");
            numbers.len() == n
        });
    }

    /// How often something was looked through, in words of the metrics.
    fn figure(&self, name: &str) -> i64 {
        let said = self.text("/metrics");
        let line = said
            .lines()
            .find(|line| line.starts_with(&format!("henhouse_{name}{{")));
        let value = line.and_then(|line| line.rsplit(' ').next()?.parse().ok());
        value.unwrap_or(-1)
    }

    fn until_read(&self) {
        until("the mailbox is read", || {
            self.figure("mailbox_last_read_timestamp_seconds") > 0
                && self.figure("mailbox_failing_seconds") == 0
        });
    }
}

fn mailbox(server: &Dovecot, more: &str) -> String {
    let [_, tls] = server.ports;
    let authority = server.authority.display();
    format!(
        "[mail_in.imap.security]\nhost = 'localhost'\nport = {tls}\nuser = '{USER}'\npassword_file = '$PASSWORD'\n\
         extra_ca_file = '{authority}'\nproject = 'main'\n{more}"
    )
}

fn mail(n: usize, subject: &str, text: &str) -> Vec<u8> {
    format!(
        "Return-Path: <ann@farm.example>\r\nFrom: Ann Smith <ann@farm.example>\r\nTo: security@farm.example\r\n\
         Message-ID: <{n}@farm.example>\r\nSubject: {subject}\r\n\r\n{text}\r\n"
    )
    .into_bytes()
}

#[test]
#[ignore = "not run, because it needs Dovecot; cargo xtask ci installs it where it may"]
fn a_mail_that_comes_while_the_server_idles_is_a_case_and_evidence_and_marked_afterwards() {
    let server = Dovecot::start("");
    server.deliver(&mail(
        1,
        "Security Incident: the coop",
        "It was there before.",
    ));
    let house = House::start(&mailbox(&server, ""), &[]);
    house.until_cases(1);
    house.until_read();
    until("it is marked", || server.marks() == (1, 0));
    let fox = mail(2, "Fwd: SECURITY incident: a fox", "It has a red tail.");
    server.deliver(&fox);
    house.until_cases(2);
    until("it is marked", || server.marks() == (2, 0));
    assert_eq!(
        house.text("/api/v1/cases/HH-2/exhibits/E-1").as_bytes(),
        fox
    );
    let lunch = mail(3, "Lunch", "At noon?");
    server.deliver(&lunch);
    until("it waits for somebody to look at it", || {
        server.marks() == (3, 0)
    });
    assert_eq!(house.numbers(), ["HH-1", "HH-2"]);
    assert_eq!(house.figure("mailbox_taken_total"), 3);
    let log = server.log();
    assert_eq!(
        log.matches("Login: user=<hen>").count(),
        1,
        "one line: {log}"
    );
}

#[test]
#[ignore = "not run, because it needs Dovecot; cargo xtask ci installs it where it may"]
fn a_server_that_goes_and_comes_back_loses_nothing_and_brings_nothing_twice() {
    let mut server = Dovecot::start("");
    let starttls = format!("port = {}", server.ports[0]);
    let settings = mailbox(&server, "security = 'starttls'\n");
    let settings = settings.replace(&format!("port = {}", server.ports[1]), &starttls);
    let mut house = House::start(&settings, &[]);
    house.until_read();
    server.deliver(&mail(1, "Security Incident", "A fox."));
    house.until_cases(1);
    server.stop();
    server.deliver(&mail(2, "Security Incident", "Another fox."));
    until("it is noticed", || {
        house.served.log().contains("cannot be read; trying again")
    });
    server.go_on();
    house.until_cases(2);
    until("both are marked", || server.marks() == (2, 0));
    // Another life of the folder, in which nothing is marked.
    house.served.stop();
    server.stop();
    server.forget();
    assert_eq!(server.marks(), (0, 2));
    server.go_on();
    server.deliver(&mail(3, "Security Incident", "A third."));
    house.go_on();
    house.until_cases(3);
    until("all are marked", || server.marks() == (3, 0));
    assert_eq!(house.numbers().len(), 3);
}

#[test]
#[ignore = "not run, because it needs Dovecot; cargo xtask ci installs it where it may"]
fn what_cannot_be_taken_stays_and_is_said_and_blocks_nothing_behind_it() {
    let server = Dovecot::start("");
    let mut huge = mail(1, "Security Incident", "Too much.");
    huge.extend("x".repeat(75).repeat(460_000).as_bytes());
    server.deliver(&huge);
    server.deliver(b"\x00\xff\r\r\n\n:\n");
    server.deliver(&mail(2, "Security Incident", "A fox."));
    let house = House::start(&mailbox(&server, "done_folder = 'Done'\n"), &[]);
    house.until_cases(1);
    until("what is kept is moved", || server.done() == 2);
    until("the other stays unread", || server.marks() == (0, 1));
    until("it is said", || house.figure("mailbox_left") == 1);
    let said = house.text("/readyz");
    assert!(
        said.contains("1 mails are left in the mailbox security"),
        "{said}"
    );
    assert!(
        house.served.log().contains("larger than 32 MiB"),
        "{}",
        house.served.log()
    );
    server.deliver(&mail(3, "Security Incident", "Another."));
    house.until_cases(2);
}

#[test]
#[ignore = "not run, because it needs Dovecot; cargo xtask ci installs it where it may"]
fn whoever_dies_between_keeping_and_marking_counts_it_once() {
    let server = Dovecot::start("");
    let mut house = House::start(
        &mailbox(&server, ""),
        &[("HENHOUSE_KILL_AT", "before_mark")],
    );
    house.until_read();
    server.deliver(&mail(1, "Security Incident", "A fox."));
    until("it dies", || {
        house.served.process.try_wait().unwrap().is_some()
    });
    assert_eq!(server.marks(), (0, 1), "it was not marked");
    house.go_on();
    until("it is marked", || server.marks() == (1, 0));
    assert_eq!(house.numbers(), ["HH-1"]);
    let journal = house.text("/api/v1/cases/HH-1/journal");
    assert_eq!(journal.matches("\"exhibit_added\"").count(), 1, "{journal}");
}

#[test]
#[ignore = "not run, because it needs Dovecot; cargo xtask ci installs it where it may"]
fn a_server_without_idle_is_asked_and_a_wrong_password_or_name_is_said() {
    let without = "imap_capability = IMAP4rev1 LITERAL+ MOVE UIDPLUS\n";
    let server = Dovecot::start(without);
    let house = House::start(&mailbox(&server, ""), &[]);
    house.until_read();
    server.deliver(&mail(1, "Security Incident", "A fox."));
    house.until_cases(1);
    drop(house);
    let house = House::start(&mailbox(&server, "").replace("'hen'", "'fox'"), &[]);
    until("it is said", || {
        house.text("/readyz").contains("it refuses the password")
    });
    let log = house.served.log();
    assert!(!log.contains("cluck"), "{log}");
    drop(house);
    // The certificate is for localhost and 127.0.0.1, and from nobody whom the machine trusts.
    let strange = mailbox(&server, "").replace("extra_ca_file", "#");
    let house = House::start(&strange, &[]);
    until("it is said", || {
        house
            .text("/readyz")
            .contains("the mailbox security is not read")
    });
    assert!(
        !server.log().contains("Login: user=<fox>"),
        "{}",
        server.log()
    );
}

#[test]
#[ignore = "not run, because it needs Dovecot; cargo xtask ci installs it where it may"]
fn what_cannot_be_kept_just_now_waits_in_its_mailbox() {
    let server = Dovecot::start("");
    let house = House::start(&mailbox(&server, ""), &[]);
    house.until_read();
    let (exhibits, aside) = (house.data().join("exhibits"), house.data().join("aside"));
    std::fs::rename(&exhibits, &aside).unwrap();
    std::fs::write(&exhibits, "in the way").unwrap();
    server.deliver(&mail(1, "Security Incident", "A fox."));
    house.until_cases(1);
    std::thread::sleep(Duration::from_secs(1));
    assert_eq!(server.marks(), (0, 1), "the mail is not kept yet");
    std::fs::remove_file(&exhibits).unwrap();
    std::fs::rename(&aside, &exhibits).unwrap();
    until("it is marked", || server.marks() == (1, 0));
    assert_eq!(house.numbers(), ["HH-1"]);
    assert!(
        house
            .text("/api/v1/cases/HH-1/exhibits/E-1")
            .contains("A fox.")
    );
}

#[test]
#[ignore = "not run, because it needs a PostgreSQL and Dovecot; cargo xtask ci starts the one and installs the other"]
fn postgres_of_two_nodes_one_reads_a_mailbox_and_where_it_dies_the_other_goes_on() {
    let schema = Schema::new();
    let server = Dovecot::start("");
    let settings = format!(
        "database = '{}'\n{}",
        schema.address(),
        mailbox(&server, "")
    );
    let first = House::start(&settings, &[]);
    let second = House::beside(Some(&first), &settings, &[]);
    let mut nodes = [first, second];
    let read = |n: usize, by: &House| {
        server.deliver(&mail(n, "Security Incident", &format!("Fox {n}.")));
        by.until_cases(n);
        until("it is marked", || server.marks() == (n, 0));
    };
    (1..=3).for_each(|n| read(n, &nodes[0]));
    let taken = |node: &House| node.figure("mailbox_taken_total").max(0);
    assert_eq!(taken(&nodes[0]) + taken(&nodes[1]), 3, "each was read once");
    // It dies without a word, with a mail in its mailbox that it was just told of.
    let reader = usize::from(taken(&nodes[1]) > 0);
    assert_eq!(taken(&nodes[reader]), 3, "one of them reads");
    nodes[reader].served.process.kill().unwrap();
    nodes[reader].served.process.wait().unwrap();
    (4..=6).for_each(|n| read(n, &nodes[1 - reader]));
    // Whoever comes back leaves the mailbox to who reads it.
    nodes[reader].go_on();
    (7..=9).for_each(|n| read(n, &nodes[reader]));
    assert_eq!(taken(&nodes[reader]), 0);
    assert_eq!(taken(&nodes[1 - reader]), 6);
}

#[test]
#[ignore = "not run, because it needs Postfix and root; cargo xtask ci installs it where it may"]
fn postfix_keeps_what_is_not_taken_yet_and_brings_it_again_and_it_is_one_case() {
    let settings = "[mail_in]\nlisten = '127.0.0.1:0'\nname = 'hen.farm.example'\nfront = 'mx.farm.example'\n\
                    [mail_in.addresses]\n'security@farm.example' = 'main'\n";
    let house = House::start(settings, &[]);
    let server = Postfix::start(&house.served.takes_mail_at());
    let (exhibits, aside) = (house.data().join("exhibits"), house.data().join("aside"));
    std::fs::rename(&exhibits, &aside).unwrap();
    std::fs::write(&exhibits, "in the way").unwrap();
    let file = house.folder.path().join("mail.eml");
    std::fs::write(
        &file,
        mail(1, "Security Incident: the coop", "There is a fox."),
    )
    .unwrap();
    let said = server.swaks(&file.display().to_string());
    assert!(
        said.status.success(),
        "{}",
        String::from_utf8_lossy(&said.stdout)
    );
    until("Postfix was told to send it again, twice", || {
        server.log().matches("said: 451 4.3.0").count() >= 2
    });
    assert!(server.queue().contains("security@farm.example"));
    std::fs::remove_file(&exhibits).unwrap();
    std::fs::rename(&aside, &exhibits).unwrap();
    until("it is taken", || {
        server
            .log()
            .contains("status=sent (250 2.0.0 Kept as HH-1)")
    });
    until("nothing waits", || server.queue().is_empty());
    assert_eq!(house.numbers(), ["HH-1"]);
    let kept = house.text("/api/v1/cases/HH-1/exhibits/E-1");
    assert!(kept.contains("by mx.farm.example (Postfix)"), "{kept}");
    // What is no report for good goes back to who sent it, and is not sent again.
    let nothing = house.folder.path().join("nothing.eml");
    std::fs::write(&nothing, mail(2, "Lunch", "At noon?")).unwrap();
    assert!(
        server
            .swaks(&nothing.display().to_string())
            .status
            .success()
    );
    until("it waits for review", || {
        server.log().contains("Kept for review as M-")
    });
}
