//! The gateway of `phone_peer.py`, driven from a test.
#![expect(clippy::panic, reason = "a test may fail loudly")]

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use super::python::python;

/// The account.
pub const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";
/// Its auth token.
pub const TOKEN: &str = "SEKRET0123456789abcdef0123456789";

/// The application of the one that calls as Vonage does.
pub const APPLICATION: &str = "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab";

/// A running gateway; it ends when dropped.
pub struct PhonePeer {
    /// Where it listens.
    pub url: String,
    folder: TempDir,
    process: Child,
}

fn script(name: &str) -> Command {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers");
    let script = folder.join(name);
    let mut command = Command::new(python());
    // What they have in common is compiled beside nothing of ours.
    command.env("PYTHONDONTWRITEBYTECODE", "1").arg(script);
    command
}

impl PhonePeer {
    /// Starts it and waits until it listens.
    pub fn start() -> Self {
        Self::of("phone_peer.py")
    }

    /// One that calls as Vonage does.
    pub fn vonage() -> Self {
        Self::of("vonage_peer.py")
    }

    fn of(name: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let mut process = script(name)
            .arg("--folder")
            .arg(folder.path())
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

    /// A file with the token.
    pub fn token_file(&self) -> PathBuf {
        let file = self.folder.path().join("token");
        fs::write(&file, TOKEN).expect("its folder can be written");
        file
    }

    /// A file that it made.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What becomes of the next messages and calls, in order.
    pub fn answer(&self, answers: &[&str]) {
        fs::write(self.folder.path().join("answers"), answers.join("\n"))
            .expect("its folder can be written");
    }

    /// What it did so far, of this sort: `message`, `call`, `key`, `told`.
    pub fn seen(&self, what: &str) -> Vec<Value> {
        let all = fs::read_to_string(self.folder.path().join("seen")).unwrap_or_default();
        let whole = all
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok());
        whole.filter(|one: &Value| one["what"] == what).collect()
    }

    /// The same, as soon as there are so many.
    pub fn expect(&self, what: &str, count: usize) -> Vec<Value> {
        for _ in 0..2_000 {
            let seen = self.seen(what);
            if seen.len() >= count {
                return seen;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("{count} of {what} were expected: {:#?}", self.seen(what));
    }

    /// Somebody writes from this number; what they are answered, and with which code.
    pub fn writes(&self, house: &str, number: &str, text: &str) -> (u64, String) {
        self.writes_as(&[], house, number, text)
    }

    /// The same message, by its id, delivered once or again.
    pub fn delivers(&self, sid: &str, house: &str, number: &str, text: &str) -> (u64, String) {
        self.writes_as(&["--sid", sid], house, number, text)
    }

    fn writes_as(&self, id: &[&str], house: &str, number: &str, text: &str) -> (u64, String) {
        let said = script("phone_peer.py")
            .args(id)
            .args([
                "--write",
                &format!("{house}/hooks/twilio/sms"),
                number,
                text,
            ])
            .output()
            .expect("Python runs");
        let said: Value = serde_json::from_slice(&said.stdout).expect("it prints what is said");
        let text = said["said"].as_str().unwrap_or_default();
        (said["code"].as_u64().unwrap_or_default(), text.to_owned())
    }

    /// Sends a form as Twilio does, signed by its own library; the code, what is answered, and what its library makes of that.
    pub fn sends(url: &str, fields: &Value) -> Value {
        let said = script("phone_peer.py")
            .args(["--form", url, &fields.to_string()])
            .output()
            .expect("Python runs");
        serde_json::from_slice(&said.stdout).unwrap_or_else(|_| panic!("{said:?}"))
    }

    /// What the vendor's own client understands of it.
    pub fn asked_by_its_client(&self) -> Value {
        let said = script("phone_peer.py")
            .args(["--client", &self.url])
            .output();
        let said = said.expect("Python runs");
        serde_json::from_slice(&said.stdout).unwrap_or_else(|_| panic!("{said:?}"))
    }
}

impl Drop for PhonePeer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
