//! A pager that is read: it answers with pages and with 429 now and then, and only to its key. And a house beside it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::served::{Served, token};

/// What is answered to a path with its query; nothing: it is out of reach of the key.
type Told = fn(&str) -> Option<Value>;

/// A pager, as far as it is read.
pub struct Double {
    pub url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

/// A request: its line, its other lines, and the status of its answer.
#[derive(Clone)]
struct Asked {
    line: String,
    head: Vec<String>,
    status: u16,
}

impl Double {
    /// `known` is the line of the head that its key stands in.
    pub fn start(known: String, told: Told) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::<Mutex<Vec<Asked>>>::default();
        let seen = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                answer(stream.unwrap(), &seen, &known, told);
            }
        });
        Self { url, asked }
    }

    /// Every request so far.
    pub fn asked(&self) -> Vec<String> {
        let all = self.asked.lock().unwrap();
        all.iter().map(|one| one.line.clone()).collect()
    }

    /// How often it was asked too often.
    pub fn refused(&self) -> usize {
        let all = self.asked.lock().unwrap();
        all.iter().filter(|one| one.status == 429).count()
    }

    /// Whether every request had this line in its head.
    pub fn always_heard(&self, line: &str) -> bool {
        let all = self.asked.lock().unwrap();
        all.iter().all(|one| has(&one.head, line))
    }
}

fn has(head: &[String], line: &str) -> bool {
    head.iter().any(|one| one.eq_ignore_ascii_case(line))
}

fn answer(mut stream: TcpStream, seen: &Mutex<Vec<Asked>>, known: &str, told: Told) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 || line == "\r\n" {
            break;
        }
        head.push(line.trim().to_owned());
    }
    let Some(first) = head.first() else { return };
    let (method, path) = first.split_once(' ').unwrap();
    let path = path.split(' ').next().unwrap().to_owned();
    let line = format!("{method} {path}");
    let mut all = seen.lock().unwrap();
    let (status, more, body) = if !has(&head, known) || method != "GET" {
        (401, "", json!({ "message": "Key format is not valid!" }))
    } else if all.len() % 5 == 4 {
        let more = "Retry-After: 0\r\nX-RateLimit-State: THROTTLED\r\n";
        (
            429,
            more,
            json!({ "message": "You are making too many requests!" }),
        )
    } else {
        match told(&path) {
            Some(body) => (200, "", body),
            None => (
                403,
                "",
                json!({ "message": "The API Key has no access right." }),
            ),
        }
    };
    all.push(Asked { line, head, status });
    let body = body.to_string();
    let length = body.len();
    let said = format!(
        "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n{more}\r\n{body}"
    );
    let _ = stream.write_all(said.as_bytes());
}

pub struct House {
    served: Served,
    folder: TempDir,
}

impl House {
    pub fn start() -> Self {
        henhouse::tls::install_provider();
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        std::fs::create_dir(&data).unwrap();
        let served = Served::start(&data, &[], &[]);
        Self { served, folder }
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn url(&self) -> &str {
        &self.served.url
    }

    pub fn run(&self, words: &[&str]) -> Output {
        self.run_as(None, words)
    }

    /// By a person's own token, or by a program's.
    pub fn run_as(&self, person: Option<&str>, words: &[&str]) -> Output {
        let token = token(&self.folder.path().join("data"), person);
        let mut command = Command::new(env!("CARGO_BIN_EXE_henhouse"));
        let command = command.args(["--url", &self.served.url, "--token", &token]);
        command.args(words).output().unwrap()
    }

    pub fn works(&self, words: &[&str]) -> String {
        self.works_as(None, words)
    }

    pub fn works_as(&self, person: Option<&str>, words: &[&str]) -> String {
        let said = self.run_as(person, words);
        let told = String::from_utf8_lossy(&said.stderr);
        assert!(said.status.success(), "{words:?}: {told}");
        String::from_utf8_lossy(&said.stdout).into_owned()
    }
}
