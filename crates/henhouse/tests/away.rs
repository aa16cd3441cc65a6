//! The database goes away and comes back: what was reported meanwhile is kept on the node's disk and becomes a case, and
//! each receipt leads to it for ever after.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test may fail loudly"
)]

mod peers;
mod served;
#[path = "away/starts.rs"]
mod starts;

use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use henhouse::clock::Clock;
use peers::cluster::Cluster;
use peers::smtp::SmtpPeer;
use serde_json::{Value, json};
use served::{Served, mail_settings, token};
use tempfile::TempDir;

/// A node over a database that the test may stop.
struct Node {
    served: Served,
    cluster: Cluster,
    admin: String,
    http: reqwest::Client,
    folder: TempDir,
}

struct Said {
    status: u16,
    wait: String,
    text: String,
}

impl Said {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    fn str(&self, field: &str) -> String {
        self.json()[field].as_str().unwrap_or_default().to_owned()
    }
}

impl Node {
    fn start(name: &str, mail: u16) -> Self {
        henhouse::tls::install_provider();
        let cluster = Cluster::start(name, "");
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let database = format!("database = '{}'\n", cluster.address());
        mail_settings(&data, mail, &database);
        let served = Served::start(&data, &[], &[]);
        let admin = token(&data, None);
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        Self {
            served,
            cluster,
            admin,
            http: http.build().unwrap(),
            folder,
        }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn die(&mut self) {
        self.served.process.kill().unwrap();
        self.served.process.wait().unwrap();
    }

    fn live(&mut self) {
        self.served = Served::start(&self.data(), &[], &[]);
    }

    /// From its next start on its rows are there.
    fn moves_to(&self, address: &str) {
        let path = self.data().join("henhouse.toml");
        let settings = std::fs::read_to_string(&path).unwrap();
        let others: String = settings
            .lines()
            .filter(|line| !line.starts_with("database"))
            .map(|line| format!("{line}\n"))
            .collect();
        std::fs::write(path, format!("database = '{address}'\n{others}")).unwrap();
    }

    async fn ask(&self, request: reqwest::RequestBuilder) -> Said {
        let answer = request
            .timeout(Duration::from_secs(30))
            .send()
            .await
            .unwrap();
        let wait = answer.headers().get("retry-after");
        Said {
            status: answer.status().as_u16(),
            wait: wait.map_or("", |wait| wait.to_str().unwrap()).to_owned(),
            text: answer.text().await.unwrap(),
        }
    }

    async fn get(&self, path: &str) -> Said {
        self.ask(self.http.get(format!("{}{path}", self.served.url)))
            .await
    }

    async fn admin_gets(&self, path: &str) -> Said {
        let request = self.http.get(format!("{}{path}", self.served.url));
        self.ask(request.bearer_auth(&self.admin)).await
    }

    async fn report(&self, text: &str, key: Option<&str>) -> Said {
        let url = format!("{}/api/v1/reports", self.served.url);
        let mut request = self.http.post(url).json(&json!({ "text": text }));
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        self.ask(request).await
    }

    /// Ann and Bob are on the contact sheet.
    async fn people(&self) {
        let whole = self.admin_gets("/api/v1/projects/main").await.json();
        let (mut project, mut directory) = (whole["project"].clone(), whole["directory"].clone());
        let member =
            |person: &str| json!({ "person": person, "roles": ["responder"], "has_mail": true });
        project["roster"] = json!([member("ann"), member("bob")]);
        project["public_status"] = json!(true);
        for person in ["ann", "bob"] {
            let mail = format!("{person}@farm.example");
            directory["people"][person] = json!({ "name": person, "mail": mail });
        }
        let revision = format!("\"{}\"", project["revision"]);
        let body = json!({ "project": project, "directory": directory });
        let request = self
            .http
            .put(format!("{}/api/v1/projects/main", self.served.url));
        let request = request
            .bearer_auth(&self.admin)
            .header("if-match", revision);
        let said = self.ask(request.json(&body)).await;
        assert_eq!(said.status, 200, "{}", said.text);
        // The node learns what is new in the projects every two seconds.
        tokio::time::sleep(Duration::from_millis(2_500)).await;
    }

    /// The link in the page to Ann about the case of that number.
    async fn link_to_ann(&self, mail: &SmtpPeer, number: &str) -> String {
        for _ in 0..200 {
            let page = mail.received().into_iter().find(|mail| {
                let to_ann = mail.facts["to"].to_string().contains("ann@");
                to_ann && mail.header("Subject").contains(number)
            });
            if let Some(page) = page {
                let text = page.mail.replace("=\r\n", "");
                let at = text.find("/ack/").unwrap() + "/ack/".len();
                let token = text[at..].split_whitespace().next().unwrap();
                return format!("/api/v1/links/{token}");
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("no page about {number}: {:?}", mail.received());
    }

    async fn press(&self, link: &str, act: &str) -> Said {
        let url = format!("{}{link}", self.served.url);
        self.ask(self.http.post(url).json(&json!({ "act": act })))
            .await
    }

    /// What the receipt of a report says, here and now.
    async fn receipt(&self, report: &Said) -> Said {
        let receipt = report.str("api_receipt");
        let path = &receipt[receipt.find("/api/").unwrap()..];
        self.get(path).await
    }

    /// Waits until what waited has been carried out.
    async fn settled(&self) {
        for _ in 0..300 {
            let said = self.get("/metrics").await.text;
            let is = |line: &str| said.lines().any(|said| said == line);
            if is("henhouse_spool_waiting 0") && is("henhouse_database_away_seconds 0") {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("something still waits: {}", self.get("/readyz").await.text);
    }

    /// Whoever looked while the database was away says so until it has looked again.
    async fn is_ready(&self) {
        for _ in 0..150 {
            if self.get("/readyz").await.text == "ready\n" {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("it is not ready again: {}", self.get("/readyz").await.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "not run, because it needs a PostgreSQL; cargo xtask ci starts one"]
async fn what_is_reported_while_postgres_is_away_becomes_a_case() {
    let node = Node::start("away", 9);
    assert_eq!(node.report("before", None).await.str("number"), "HH-1");
    node.cluster.crash();
    let first = node
        .report("while it is away", Some("0123456789abcdef"))
        .await;
    assert_eq!(first.status, 202, "{}", first.text);
    let number = first.str("number");
    assert!(number.starts_with("R-"), "{number}");
    let again = node
        .report("while it is away", Some("0123456789abcdef"))
        .await;
    assert_eq!((again.status, again.str("number")), (202, number.clone()));
    assert_eq!(again.str("receipt"), first.str("receipt"));
    let other = node.report("other words", Some("0123456789abcdef")).await;
    assert_eq!(other.status, 422, "{}", other.text);
    let second = node.report("and another", None).await;

    assert_eq!(node.get("/report").await.status, 200);
    let url = format!("{}/report", node.served.url);
    let form = node.http.post(url).body("text=by+the+page");
    let kind = "application/x-www-form-urlencoded";
    assert_eq!(
        node.ask(form.header("content-type", kind)).await.status,
        303
    );
    let waits = node.receipt(&first).await.json();
    assert_eq!(
        (&waits["waits"], waits["number"].as_str()),
        (&json!(true), Some(&*number))
    );
    let page = first.str("receipt").replace(&node.served.url, "");
    let page = node.get(&page).await;
    assert!(
        page.status == 200 && page.text.contains(&number),
        "{}",
        page.text
    );
    let refused = node.admin_gets("/api/v1/cases").await;
    assert_eq!(
        (refused.status, &*refused.wait),
        (503, "5"),
        "{}",
        refused.text
    );
    let ready = node.get("/readyz").await;
    assert_eq!(ready.status, 200);
    assert!(
        ready.text.contains("3 reports and taps wait"),
        "{}",
        ready.text
    );

    node.cluster.up();
    node.settled().await;
    for (report, number) in [(&first, "HH-2"), (&second, "HH-3")] {
        let stands = node.receipt(report).await.json();
        assert_eq!(
            stands["number"], number,
            "in the order in which they came: {stands}"
        );
        assert_eq!(
            (&stands["waits"], &stands["reported_at"]),
            (&json!(false), &report.json()["at"])
        );
    }
    let cases = node.admin_gets("/api/v1/cases").await.json();
    assert_eq!(
        cases["cases"].as_array().map(Vec::len),
        Some(4),
        "each once: {cases}"
    );
    let after = node
        .report("while it is away", Some("0123456789abcdef"))
        .await;
    assert_eq!(
        (after.status, after.str("number")),
        (201, "HH-2".to_owned())
    );
    node.is_ready().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "not run, because it needs a PostgreSQL; cargo xtask ci starts one"]
async fn what_waits_survives_kill_9_and_a_torn_end_over_postgres() {
    let mut node = Node::start("torn", 9);
    node.cluster.crash();
    let first = node.report("kept", None).await;
    let second = node.report("kept too", None).await;
    assert_eq!((first.status, second.status), (202, 202), "{}", first.text);
    node.die();
    // As if it had died while it was writing the next one.
    let log = node.data().join("spool/log");
    let mut log = std::fs::OpenOptions::new().append(true).open(log).unwrap();
    log.write_all(b"HSP\x01\x00\x00\x02\x00half of somethi")
        .unwrap();
    node.cluster.up();
    node.live();
    node.settled().await;
    for (report, number) in [(&first, "HH-1"), (&second, "HH-2")] {
        assert_eq!(node.receipt(report).await.str("number"), number);
    }
    let log = node.served.log();
    assert!(log.contains("in the middle of a record"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "not run, because it needs a PostgreSQL; cargo xtask ci starts one"]
async fn people_are_called_and_answer_while_postgres_is_away() {
    let mail = SmtpPeer::plain();
    let node = Node::start("calls", mail.port);
    node.people().await;
    assert_eq!(node.report("before", None).await.str("number"), "HH-1");
    let before = node.link_to_ann(&mail, "HH-1").await;
    let kept = "We cannot reach our records";
    let public = node.get("/public/main").await;
    assert!(
        public.status == 200 && !public.text.contains(kept),
        "{}",
        public.text
    );
    node.cluster.crash();
    let clock = Clock::real();
    let crashed = clock.steady();
    loop {
        let public = node.get("/public/main").await;
        assert_eq!(public.status, 200, "outsiders read on: {}", public.text);
        if public.text.contains(kept) {
            break;
        }
        let took = clock.steady() - crashed;
        assert!(took < Duration::from_secs(30), "{}", public.text);
        tokio::time::sleep(Duration::from_millis(250)).await;
    }

    let noted = node.press(&before, "take").await;
    assert_eq!(
        (noted.status, &*noted.str("stands")),
        (202, "noted"),
        "{}",
        noted.text
    );
    let again = node.press(&before, "take").await;
    assert_eq!((again.status, again.str("at")), (202, noted.str("at")));
    assert_eq!(
        node.press(&before, "pass_on").await.status,
        409,
        "nobody else is called for what is taken"
    );
    let page = node.get(&before.replace("/api/v1/links/", "/ack/")).await;
    assert!(
        page.text.contains("Noted, not yet confirmed"),
        "{}",
        page.text
    );

    let meanwhile = node.report("while it is away", None).await;
    assert_eq!(meanwhile.status, 202, "{}", meanwhile.text);
    let number = meanwhile.str("number");
    let link = node.link_to_ann(&mail, &number).await;
    assert_eq!(
        node.get(&link).await.str("stands"),
        "open",
        "this node knows it"
    );
    assert_eq!(node.press(&link, "take").await.status, 202);

    node.cluster.up();
    node.settled().await;
    for (case, link) in [("HH-1", &before), ("HH-2", &link)] {
        let case = node
            .admin_gets(&format!("/api/v1/cases/{case}"))
            .await
            .json();
        assert_eq!(case["ic"], "ann", "{case}");
        assert_eq!(node.get(link).await.str("stands"), "yours");
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    let ids: Vec<String> = mail
        .received()
        .iter()
        .map(|mail| mail.header("Message-ID"))
        .collect();
    let different: std::collections::BTreeSet<&String> = ids.iter().collect();
    assert_eq!(
        different.len(),
        ids.len(),
        "nothing was sent twice: {ids:?}"
    );
    let subjects: Vec<String> = mail
        .received()
        .iter()
        .map(|mail| mail.header("Subject"))
        .collect();
    let paged = subjects
        .iter()
        .filter(|subject| subject.contains(&number))
        .count();
    assert_eq!(paged, 1, "{subjects:?}");
}
