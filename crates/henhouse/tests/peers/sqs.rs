//! The queue of `sqs_peer.py`, driven from a test.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use super::python::python;

/// Whose keys it knows.
pub const KEY: &str = "HENTESTKEYID";
/// What nobody may ever read in anything we say.
pub const SECRET: &str = "ThisIsTheSecretOfTheQueue";
/// Where it says that it stands.
pub const REGION: &str = "eu-central-1";

/// A running queue; it ends when dropped.
pub struct SqsPeer {
    /// Its address.
    pub queue: String,
    process: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl SqsPeer {
    /// Starts it and waits until it listens.
    pub fn start() -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/sqs_peer.py");
        let mut process = Command::new(python())
            .arg(script)
            .args([KEY, SECRET, REGION])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the Python just found starts");
        let orders = process.stdin.take().expect("stdin was piped");
        let answers = BufReader::new(process.stdout.take().expect("stdout was piped"));
        let mut peer = Self {
            queue: String::new(),
            process,
            orders,
            answers,
        };
        let queue = peer.answer()["queue"].as_str().map(str::to_owned);
        peer.queue = queue.expect("it says where its queue is");
        peer
    }

    /// Amazon's own client sends this to the queue.
    pub fn send(&mut self, body: &str) {
        self.order(&json!({ "do": "send", "body": body }));
    }

    /// It publishes this to the topic that sends to the queue.
    pub fn publish(&mut self, subject: &str, body: &str) {
        self.order(&json!({ "do": "publish", "body": body, "subject": subject }));
    }

    /// What is asked so is answered with this status so many times, for ever if 0.
    pub fn spoil(&mut self, action: &str, status: u16, times: u32) {
        self.order(&json!({ "do": "status", "action": action, "status": status, "times": times }));
    }

    /// Takes back what was not asked for.
    pub fn forget(&mut self) {
        self.order(&json!({ "do": "forget" }));
    }

    /// What was received and not deleted can be received again at once.
    pub fn show_again(&mut self) {
        self.order(&json!({ "do": "show" }));
    }

    /// How many messages it has, those that somebody is at too.
    pub fn left(&mut self) -> u64 {
        let told = self.order(&json!({ "do": "left" }));
        told["there"].as_u64().unwrap_or(0) + told["hidden"].as_u64().unwrap_or(0)
    }

    /// How often this was asked of it.
    pub fn asked(&mut self, action: &str) -> u64 {
        let told = self.order(&json!({ "do": "left" }));
        told["asked"][action].as_u64().unwrap_or(0)
    }

    fn order(&mut self, order: &Value) -> Value {
        writeln!(self.orders, "{order}").expect("the queue reads its orders");
        self.answer()
    }

    fn answer(&mut self) -> Value {
        let mut line = String::new();
        let read = self.answers.read_line(&mut line);
        read.expect("the queue answers");
        serde_json::from_str(&line).expect("it answers with JSON; see its own output above")
    }
}

impl Drop for SqsPeer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
