//! A drill server of its own for each story, with a mail server of its own.

use std::cell::{Cell, RefCell};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::peers::postgres::Schema;
use crate::peers::smtp::{Received, SmtpPeer};
use crate::served::{Served, mail_settings, on_the_spot, token};

/// What keeps a drill's rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// The file in the data directory.
    Sqlite,
    /// A database.
    Postgres,
    /// A database with two nodes over it; each call goes to one of them by chance.
    TwoNodes,
}

/// One process that serves, or that was killed.
struct Node {
    served: Served,
    data: PathBuf,
    up: bool,
}

impl Node {
    fn start(data: &Path, clock: &str) -> Self {
        Self {
            served: Served::start(data, &["--drill", "--clock", clock], &[]),
            data: data.to_owned(),
            up: true,
        }
    }
}

/// A running drill.
pub struct Server {
    nodes: Vec<Node>,
    /// By which node the next call goes.
    chance: Cell<u64>,
    /// An admin's token.
    pub token: String,
    folder: TempDir,
    _schema: Option<Schema>,
    mail: SmtpPeer,
    mark: Cell<usize>,
    reader: RefCell<Option<String>>,
    runtime: tokio::runtime::Runtime,
    http: reqwest::Client,
}

impl Server {
    /// Starts a drill whose clock stands at `clock`, on this ground.
    pub fn start(clock: &str, ground: Ground) -> Self {
        henhouse::tls::install_provider();
        let mail = SmtpPeer::plain();
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let schema = (ground != Ground::Sqlite).then(Schema::new);
        let database = schema
            .as_ref()
            .map(|schema| format!("database = '{}'\n", schema.address()));
        mail_settings(&data, mail.port, &database.unwrap_or_default());
        let mut nodes = vec![Node::start(&data, clock)];
        if ground == Ground::TwoNodes {
            let other = second_directory(&data, &folder.path().join("other"));
            nodes.push(Node::start(&other, clock));
        }
        let token = token(&data, None);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let (http, mark) = (reqwest::Client::new(), Cell::new(0));
        let reader = RefCell::new(None);
        Self {
            nodes,
            chance: Cell::new(1),
            token,
            folder,
            _schema: schema,
            mail,
            mark,
            reader,
            runtime,
            http,
        }
    }

    /// Where the next call goes: to one of the nodes by chance, the same in every run.
    pub fn url(&self) -> &str {
        let up: Vec<&Node> = self.nodes.iter().filter(|node| node.up).collect();
        &up[self.choice(up.len())].served.url
    }

    fn choice(&self, among: usize) -> usize {
        let chance = self.chance.get().wrapping_mul(6_364_136_223_846_793_005) + 1;
        self.chance.set(chance);
        usize::try_from((chance >> 33) % among as u64).unwrap()
    }

    /// Kills one of several nodes when nothing is on its way; the others go on without it.
    pub fn lose_a_node(&mut self) {
        if self.nodes.len() < 2 || self.nodes.iter().any(|node| !node.up) {
            return;
        }
        while self.get("/api/v1/drill/clock")["outbox_idle"] != true {
            std::thread::sleep(Duration::from_millis(20));
        }
        // What was leased last is sent and its outcome written.
        std::thread::sleep(Duration::from_millis(300));
        let n = self.choice(self.nodes.len());
        let node = &mut self.nodes[n];
        node.served.process.kill().unwrap();
        node.served.process.wait().unwrap();
        node.up = false;
    }

    /// Starts it again.
    pub fn find_it_again(&mut self) {
        for node in self.nodes.iter_mut().filter(|node| !node.up) {
            // The clock goes on where the drill's stands.
            *node = Node::start(&node.data.clone(), "2026-03-02T03:00:00Z");
        }
    }

    /// One call as the admin.
    pub fn call(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        self.call_with(method, path, body, None)
    }

    /// Somebody who did not write the playbook reviews it, before the first case.
    pub fn review_playbook(&self, edition: u32) {
        let mine = token(&self.data(), Some("reviewer"));
        let path = format!("{}/api/v1/projects/main/playbook/review", self.url());
        let review = json!({ "edition": edition, "accepted": true });
        let send = self.http.post(path).bearer_auth(mine).json(&review).send();
        let status = self.runtime.block_on(send).unwrap().status();
        assert_eq!(status, 200, "the playbook is reviewed");
    }

    /// The next edition of the playbook, which differs in one place; proposed and reviewed.
    pub fn change_playbook(&self, path: &str, value: Value) -> Result<(), String> {
        let address = "/api/v1/projects/main/playbook";
        let in_force = self.get(address);
        let mut playbook = in_force["playbook"].clone();
        let edition = in_force["edition"].as_u64().unwrap_or_default() + 1;
        let place = format!("/{}", path.replace('.', "/"));
        *playbook
            .pointer_mut(&place)
            .ok_or("the playbook has no such place")? = value;
        playbook["edition"] = edition.into();
        let proposal = json!({ "playbook": playbook, "note": path });
        let (status, answer) = self.call("POST", address, Some(&proposal));
        if status != 201 {
            return Err(format!("{status} {answer}"));
        }
        self.review_playbook(u32::try_from(edition).map_err(|e| e.to_string())?);
        Ok(())
    }

    /// A report by somebody without an account, through the page.
    pub fn report_by_page(&self, form: &[(String, String)]) -> Result<String, String> {
        let body = form
            .iter()
            .map(|(name, value)| format!("{name}={}", escaped(value)));
        let body = body.collect::<Vec<_>>().join("&");
        let send = self
            .http
            .post(format!("{}/report", self.url()))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(body)
            .send();
        let page = self.runtime.block_on(send).map_err(|e| e.to_string())?;
        let receipt = page.url().path().strip_prefix("/receipt/");
        let receipt = receipt.ok_or_else(|| format!("no receipt: {}", page.url()))?;
        let followed = self.get(&format!("/api/v1/receipts/{receipt}"));
        Ok(followed["number"].as_str().unwrap_or_default().to_owned())
    }

    /// One call as nobody.
    pub fn call_unknown(&self, path: &str, body: &Value) -> (u16, Value) {
        let request = self.http.post(format!("{}{path}", self.url())).json(body);
        self.answer(request)
    }

    /// Cases are read as this person from now on, who sees them also when they are restricted.
    pub fn reads_as(&self, person: &str) {
        if self.reader.borrow().is_none() {
            let reader = token(&self.data(), Some(person));
            *self.reader.borrow_mut() = Some(reader);
        }
    }

    /// The number of the last entry of that kind.
    pub fn last_entry(&self, number: &str, kind: &str) -> Option<u64> {
        let journal = self.read(&format!("/api/v1/cases/{number}/journal?limit=1000"));
        let entries = journal["entries"].as_array()?;
        let last = entries.iter().rfind(|entry| entry["kind"] == kind)?;
        last["seq"].as_u64()
    }

    /// A page of a case, as whoever has it reads it.
    fn read(&self, path: &str) -> Value {
        let reader = self.reader.borrow().clone();
        let reader = reader.unwrap_or_else(|| self.token.clone());
        let request = self
            .http
            .get(format!("{}{path}", self.url()))
            .bearer_auth(reader);
        let (status, answer) = self.answer(request);
        assert_eq!(status, 200, "GET {path}: {answer}");
        answer
    }

    fn call_with(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
        if_match: Option<String>,
    ) -> (u16, Value) {
        let method = method.parse().unwrap();
        let mut request = self
            .http
            .request(method, format!("{}{path}", self.url()))
            .bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.json(body);
        }
        if let Some(revision) = if_match {
            request = request.header("If-Match", revision);
        }
        self.answer(request)
    }

    fn answer(&self, request: reqwest::RequestBuilder) -> (u16, Value) {
        self.runtime.block_on(async {
            let response = request.send().await.unwrap();
            let status = response.status().as_u16();
            let bytes = response.bytes().await.unwrap();
            (
                status,
                serde_json::from_slice(&bytes).unwrap_or(Value::Null),
            )
        })
    }

    fn get(&self, path: &str) -> Value {
        let (status, answer) = self.call("GET", path, None);
        assert_eq!(status, 200, "GET {path}: {answer}");
        answer
    }

    /// Case time.
    pub fn now(&self) -> String {
        self.get("/api/v1/drill/clock")["now"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// A time such as `-5m`, or a whole one.
    pub fn when(&self, when: &str) -> String {
        match when.strip_prefix('-') {
            Some(ago) => {
                let now: jiff::Timestamp = self.now().parse().unwrap();
                (now - ago.parse::<jiff::SignedDuration>().unwrap()).to_string()
            }
            None => when.to_owned(),
        }
    }

    /// Moves the clock.
    pub fn advance(&self, duration: &str) -> Result<(), String> {
        self.mark();
        // Each node of a drill has a clock of its own: the first one is moved, the others follow it.
        let mut body = json!({ "advance": duration.trim() });
        for node in self.nodes.iter().filter(|node| node.up) {
            let request = self
                .http
                .post(format!("{}/api/v1/drill/clock", node.served.url));
            let request = request.bearer_auth(&self.token).json(&body);
            let (status, answer) = self.answer(request);
            if status != 200 {
                return Err(answer.to_string());
            }
            body = json!({ "to": answer["now"] });
        }
        Ok(())
    }

    /// Moves the clock to a time.
    pub fn advance_to(&self, to: &str) -> Result<(), String> {
        let now: jiff::Timestamp = self.now().parse().unwrap();
        let to: jiff::Timestamp = to.trim().parse().map_err(|e| format!("{to}: {e}"))?;
        self.advance(&to.duration_since(now).to_string())
    }

    /// The case as the admin sees it.
    pub fn case(&self, number: &str) -> Value {
        self.read(&format!("/api/v1/cases/{number}"))
    }

    /// The conformance report.
    pub fn conformance(&self, number: &str) -> Value {
        self.read(&format!("/api/v1/cases/{number}/conformance"))
    }

    /// The project and its directory.
    pub fn project(&self) -> (Value, Value) {
        let whole = self.get("/api/v1/projects/main");
        (whole["project"].clone(), whole["directory"].clone())
    }

    /// Replaces the project.
    pub fn put_project(&self, project: Value, directory: Value) -> Result<(Value, Value), String> {
        let revision = format!("\"{}\"", project["revision"]);
        let body = json!({ "project": project, "directory": directory });
        let path = "/api/v1/projects/main";
        let (status, answer) = self.call_with("PUT", path, Some(&body), Some(revision));
        if status == 200 {
            Ok(self.project())
        } else {
            Err(format!("{status} {answer}"))
        }
    }

    /// From here on mail counts as new.
    pub fn mark(&self) {
        self.mark.set(self.mail.received().len());
    }

    /// A mail to this person came since the line before; waits a little for it.
    pub fn expect_mail(&self, person: &str) -> Result<(), String> {
        let to = format!("{person}@");
        let came = |mail: &Received| mail.facts["to"].to_string().contains(&to);
        for _ in 0..500 {
            if self.mail.received().iter().skip(self.mark.get()).any(came) {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Err(format!("no mail to {person}"))
    }

    /// Every mail is marked as automatic and as a drill's, and none came twice.
    pub fn check_mail(&self) {
        let mut seen = std::collections::BTreeSet::new();
        for mail in self.mail.received() {
            assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
            assert!(
                mail.header("Subject").contains("DRILL"),
                "{}",
                mail.header("Subject")
            );
            assert!(
                seen.insert(mail.header("Message-ID")),
                "a mail came twice: {}",
                mail.mail
            );
        }
        assert!(!seen.is_empty(), "a story without a mail");
    }

    /// Stops it as an operator does, and has the data directory checked and its index rebuilt.
    pub fn stop_and_verify(mut self) {
        self.find_it_again();
        self.nodes.iter_mut().for_each(|node| node.served.stop());
        for command in ["verify", "rebuild"] {
            let run = on_the_spot(&self.data(), &[command]);
            assert!(
                run.status.success(),
                "{command}: {}",
                String::from_utf8_lossy(&run.stderr)
            );
        }
    }

    /// The data directory.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// What it logged.
    pub fn log(&self) -> String {
        let logs: Vec<String> = self.nodes.iter().map(|node| node.served.log()).collect();
        logs.join("\n")
    }
}

/// The data directory of another node: the same key and settings, and one folder of exhibits for both.
fn second_directory(first: &Path, other: &Path) -> PathBuf {
    std::fs::create_dir(other).unwrap();
    for file in ["henhouse.toml", "root.key"] {
        std::fs::copy(first.join(file), other.join(file)).unwrap();
    }
    std::os::unix::fs::symlink(first.join("exhibits"), other.join("exhibits")).unwrap();
    other.to_owned()
}

/// A value as a form sends it.
fn escaped(value: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric();
    let one = |byte: u8| match byte {
        byte if plain(byte) => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    value.bytes().map(one).collect()
}
