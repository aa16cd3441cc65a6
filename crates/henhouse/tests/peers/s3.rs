//! The object store of `s3_peer.py`, driven from a test.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use super::python::python;

/// Whose keys the store knows.
pub const KEY: &str = "HENTESTKEYID";
/// What nobody may ever read in anything we say.
pub const SECRET: &str = "ThisIsTheSecretOfTheBucket";
/// Its one bucket.
pub const BUCKET: &str = "hen";
/// Where it says that it stands.
pub const REGION: &str = "eu-central-1";

/// A running object store; it ends when dropped.
pub struct S3Peer {
    /// Where it is.
    pub endpoint: String,
    process: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl S3Peer {
    /// Starts it and waits until it listens.
    pub fn start() -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/s3_peer.py");
        let mut process = Command::new(python())
            .arg(script)
            .args([KEY, SECRET, BUCKET, REGION])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the Python just found starts");
        let orders = process.stdin.take().expect("stdin was piped");
        let answers = BufReader::new(process.stdout.take().expect("stdout was piped"));
        let mut peer = Self {
            endpoint: String::new(),
            process,
            orders,
            answers,
        };
        let port = peer.answer()["port"].as_u64().expect("it says its port");
        peer.endpoint = format!("http://127.0.0.1:{port}");
        peer
    }

    /// Misbehaves in this way (see the head of `s3_peer.py`) so many times, for ever if 0.
    pub fn spoil(&mut self, what: &str, matching: &str, times: u32) {
        let mut order = json!({ "do": what, "match": matching, "times": times });
        if let Some(status) = what.strip_prefix("status ") {
            let status: u16 = status.parse().expect("a number");
            order["do"] = json!("status");
            order["status"] = json!(status);
        }
        self.order(&order);
    }

    /// Takes back what was not asked for.
    pub fn forget(&mut self) {
        self.order(&json!({ "do": "forget" }));
    }

    /// The names in the bucket, and how many uploads were begun and neither ended nor taken back.
    pub fn holds(&mut self) -> (Vec<String>, u64) {
        let told = self.order(&json!({ "do": "objects" }));
        let names = serde_json::from_value(told["objects"].clone()).expect("names");
        (names, told["uploads"].as_u64().expect("a number"))
    }

    fn order(&mut self, order: &Value) -> Value {
        writeln!(self.orders, "{order}").expect("the store reads its orders");
        self.answer()
    }

    fn answer(&mut self) -> Value {
        let mut line = String::new();
        let read = self.answers.read_line(&mut line);
        read.expect("the store answers");
        serde_json::from_str(&line).expect("it answers with JSON; see its own output above")
    }
}

impl Drop for S3Peer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
