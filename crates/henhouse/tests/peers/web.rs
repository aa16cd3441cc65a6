//! The web server of `channel_peer.py`, which plays the peers of the channels, driven from a test.
#![expect(clippy::panic, reason = "a test may fail loudly")]

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use super::python::python;

/// The secret with which the receiver of the webhook verifies.
pub const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// A running server; it ends when dropped.
pub struct WebPeer {
    /// Where it listens.
    pub url: String,
    folder: TempDir,
    process: Child,
}

impl WebPeer {
    /// Starts it and waits until it listens.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/channel_peer.py");
        let mut process = Command::new(python())
            .arg(script)
            .arg("--folder")
            .arg(folder.path())
            .args(["--secret", SECRET])
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python runs");
        let out = process.stdout.take().expect("its output is ours");
        let mut port = String::new();
        BufReader::new(out)
            .read_line(&mut port)
            .expect("it says its port");
        Self {
            url: format!("http://127.0.0.1:{}", port.trim()),
            folder,
            process,
        }
    }

    /// What it answers next, in order: codes, `hold` or `close`.
    pub fn answer(&self, answers: &[&str]) {
        fs::write(self.file("answers"), answers.join("\n")).expect("its folder can be written");
    }

    /// What is to be held gets no answer until [`WebPeer::release`].
    pub fn hold(&self) {
        fs::write(self.file("held"), "").expect("its folder can be written");
    }

    /// Answers what is held.
    pub fn release(&self) {
        let _ = fs::remove_file(self.file("held"));
    }

    /// A file with the secret.
    pub fn secret_file(&self) -> PathBuf {
        let file = self.file("secret");
        fs::write(&file, SECRET).expect("its folder can be written");
        file
    }

    /// Every request so far.
    pub fn seen(&self) -> Vec<Value> {
        let all = fs::read_to_string(self.file("seen")).unwrap_or_default();
        let whole = all
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok());
        whole.collect()
    }

    /// Every request, as soon as there are so many.
    pub fn expect(&self, count: usize) -> Vec<Value> {
        for _ in 0..1_500 {
            let seen = self.seen();
            if seen.len() >= count {
                return seen;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!(
            "{count} requests were expected, and these came: {:#?}",
            self.seen()
        );
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

impl Drop for WebPeer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
