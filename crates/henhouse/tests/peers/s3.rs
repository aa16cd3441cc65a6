//! The object store of `s3_peer.py`, driven from a test.

use serde_json::json;

use super::driven::Driven;

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
    driven: Driven,
}

impl S3Peer {
    /// Starts it and waits until it listens.
    pub fn start() -> Self {
        let (driven, said) = Driven::start("s3_peer.py", [KEY, SECRET, BUCKET, REGION]);
        let port = said["port"].as_u64().expect("it says its port");
        let endpoint = format!("http://127.0.0.1:{port}");
        Self { endpoint, driven }
    }

    /// Misbehaves in this way (see the head of `s3_peer.py`) so many times, for ever if 0.
    pub fn spoil(&mut self, what: &str, matching: &str, times: u32) {
        let mut order = json!({ "do": what, "match": matching, "times": times });
        if let Some(status) = what.strip_prefix("status ") {
            let status: u16 = status.parse().expect("a number");
            order["do"] = json!("status");
            order["status"] = json!(status);
        }
        self.driven.order(&order);
    }

    /// Takes back what was not asked for.
    pub fn forget(&mut self) {
        self.driven.order(&json!({ "do": "forget" }));
    }

    /// The names in the bucket, and how many uploads were begun and neither ended nor taken back.
    pub fn holds(&mut self) -> (Vec<String>, u64) {
        let told = self.driven.order(&json!({ "do": "objects" }));
        let names = serde_json::from_value(told["objects"].clone()).expect("names");
        (names, told["uploads"].as_u64().expect("a number"))
    }
}
