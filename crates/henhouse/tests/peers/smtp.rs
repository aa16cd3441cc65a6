//! The mail server of `smtp_peer.py`, driven from a test.

use std::ffi::OsString;
use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::certificate::Certificate;
use super::driven::Driven;

/// How the server is set up.
#[derive(Clone, Copy, Default)]
pub struct Setup {
    /// `none`, `starttls` or `tls`; empty is `none`.
    pub security: &'static str,
    /// Login that the server asks for.
    pub login: Option<(&'static str, &'static str)>,
}

/// A running mail server; it ends when dropped.
pub struct SmtpPeer {
    /// Where it listens, on 127.0.0.1 (also called localhost).
    pub port: u16,
    /// Its certificate, if it speaks TLS.
    pub certificate: Certificate,
    folder: TempDir,
    driven: Driven,
}

/// A message that the server accepted.
#[derive(Debug)]
pub struct Received {
    /// The bytes as received.
    pub mail: String,
    /// Envelope and session: from, to, tls, user, hello, at (seconds since 1970).
    pub facts: Value,
}

impl Received {
    /// The unfolded value of a header; fails the test if it is not there exactly once.
    pub fn header(&self, name: &str) -> String {
        let head = self
            .mail
            .split("\r\n\r\n")
            .next()
            .expect("a mail has a head")
            .replace("\r\n ", " ");
        let prefix = format!("{}: ", name.to_lowercase());
        let found: Vec<_> = head
            .split("\r\n")
            .filter(|line| line.to_lowercase().starts_with(&prefix))
            .collect();
        assert_eq!(found.len(), 1, "{name} in {head}");
        found[0][prefix.len()..].to_owned()
    }
}

impl SmtpPeer {
    /// A server without TLS or login.
    pub fn plain() -> Self {
        Self::start(Setup::default())
    }

    /// Starts the server and waits until it listens.
    pub fn start(setup: Setup) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let file = |name: &str| folder.path().join(name);
        let mut certificate = Certificate {
            authority: file("-"),
            certificate: file("-"),
            key: file("-"),
        };
        let mut arguments: Vec<OsString> = vec!["--store".into(), folder.path().into()];
        if !matches!(setup.security, "" | "none") {
            certificate = Certificate::make(folder.path());
            arguments.extend(["--security", setup.security].map(OsString::from));
            arguments.extend([
                "--certificate".into(),
                certificate.certificate.clone().into(),
            ]);
            arguments.extend(["--key".into(), certificate.key.clone().into()]);
        }
        if let Some((user, password)) = setup.login {
            arguments.extend(["--user", user, "--password", password].map(OsString::from));
        }
        let (driven, said) = Driven::start("smtp_peer.py", arguments);
        let port = said["port"].as_u64();
        let port = port.expect("the first line gives the port");
        Self {
            port: u16::try_from(port).expect("a port has 16 bits"),
            certificate,
            folder,
            driven,
        }
    }

    /// Gives one order (see the head of `smtp_peer.py`) and waits until it is in force.
    pub fn order(&mut self, order: Value) {
        self.driven.order(&order);
    }

    /// Answers `reply` at `stage` once.
    pub fn answer_once(&mut self, stage: &str, reply: &str) {
        self.order(json!({"do": "answer", "stage": stage, "reply": reply}));
    }

    /// How many messages were accepted so far.
    pub fn count(&self) -> usize {
        let numbered = (1..).map(|number| self.folder.path().join(format!("{number:04}.eml")));
        numbered.take_while(|path| path.exists()).count()
    }

    /// What was accepted so far, in order.
    pub fn received(&self) -> Vec<Received> {
        let numbered = (1..).map(|number| self.folder.path().join(format!("{number:04}.eml")));
        numbered
            .take_while(|path| path.exists())
            .map(|path| {
                let mail = fs::read_to_string(&path).expect("our mails are ASCII");
                let facts = fs::read(path.with_extension("json")).expect("written before the mail");
                Received {
                    mail,
                    facts: serde_json::from_slice(&facts).expect("the peer writes JSON"),
                }
            })
            .collect()
    }
}
