//! The queue of `sqs_peer.py`, driven from a test.

use serde_json::json;

use super::driven::Driven;

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
    driven: Driven,
}

impl SqsPeer {
    /// Starts it and waits until it listens.
    pub fn start() -> Self {
        let (driven, said) = Driven::start("sqs_peer.py", [KEY, SECRET, REGION]);
        let queue = said["queue"].as_str().map(str::to_owned);
        let queue = queue.expect("it says where its queue is");
        Self { queue, driven }
    }

    /// Amazon's own client sends this to the queue.
    pub fn send(&mut self, body: &str) {
        self.driven.order(&json!({ "do": "send", "body": body }));
    }

    /// It publishes this to the topic that sends to the queue.
    pub fn publish(&mut self, subject: &str, body: &str) {
        self.driven
            .order(&json!({ "do": "publish", "body": body, "subject": subject }));
    }

    /// What is asked so is answered with this status so many times, for ever if 0.
    pub fn spoil(&mut self, action: &str, status: u16, times: u32) {
        self.driven
            .order(&json!({ "do": "status", "action": action, "status": status, "times": times }));
    }

    /// Takes back what was not asked for.
    pub fn forget(&mut self) {
        self.driven.order(&json!({ "do": "forget" }));
    }

    /// What was received and not deleted can be received again at once.
    pub fn show_again(&mut self) {
        self.driven.order(&json!({ "do": "show" }));
    }

    /// How many messages it has, those that somebody is at too.
    pub fn left(&mut self) -> u64 {
        let told = self.driven.order(&json!({ "do": "left" }));
        told["there"].as_u64().unwrap_or(0) + told["hidden"].as_u64().unwrap_or(0)
    }

    /// How often this was asked of it.
    pub fn asked(&mut self, action: &str) -> u64 {
        let told = self.driven.order(&json!({ "do": "left" }));
        told["asked"][action].as_u64().unwrap_or(0)
    }
}
