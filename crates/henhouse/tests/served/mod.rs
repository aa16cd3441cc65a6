//! The program as it is served to people: a process on a data directory, its address, what it logs,
//! and tokens for it.

#![allow(dead_code, reason = "each test program uses its part")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};

/// The program under test.
pub const HENHOUSE: &str = env!("CARGO_BIN_EXE_henhouse");

/// A running server. It is killed when nobody holds it any more.
pub struct Served {
    /// Where it is; empty if it died before it listened.
    pub url: String,
    /// The process.
    pub process: Child,
    log: Arc<Mutex<String>>,
    said: Arc<Mutex<String>>,
}

impl Served {
    /// Serves this directory with further arguments and variables.
    pub fn start(data: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let served = Self::try_start(data, arguments, variables);
        assert!(
            !served.url.is_empty(),
            "it does not listen: {}",
            served.log()
        );
        served
    }

    /// The same for one that may be made to die early.
    pub fn try_start(data: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        Self::start_seen(data, arguments, variables, |_| {})
    }

    /// The same, with its process told to `born` before it has done anything.
    pub fn start_seen(
        data: &Path,
        arguments: &[&str],
        variables: &[(&str, &str)],
        born: impl FnOnce(&Child),
    ) -> Self {
        let anywhere: &[&str] = match arguments.contains(&"--listen") {
            true => &[],
            false => &["--listen", "127.0.0.1:0"],
        };
        let mut process = Command::new(HENHOUSE)
            .args(["serve", "--data"])
            .arg(data)
            .args(anywhere)
            .args(arguments)
            .env("HENHOUSE_LOG", "warn")
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        born(&process);
        let log = Arc::new(Mutex::new(String::new()));
        collect(process.stderr.take().unwrap(), Arc::clone(&log));
        let said = Arc::new(Mutex::new(String::new()));
        let mut out = BufReader::new(process.stdout.take().unwrap());
        let mut lines = out.by_ref().lines();
        let url = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("Henhouse listens on ").map(str::to_owned));
        collect(out, Arc::clone(&said));
        Self {
            url: url.unwrap_or_default(),
            process,
            log,
            said,
        }
    }

    /// The path of the link with which the first admin is made.
    pub fn set_up_link(&self) -> String {
        format!("/set-up/{}", self.said_behind("/set-up/"))
    }

    /// Where it takes mail in.
    pub fn takes_mail_at(&self) -> String {
        self.said_behind("mail comes in at ")
    }

    /// The word behind these, once it has said them.
    fn said_behind(&self, words: &str) -> String {
        for _ in 0..500 {
            if let Some((_, rest)) = self.said.lock().unwrap().split_once(words) {
                return rest
                    .split_whitespace()
                    .next()
                    .unwrap_or_default()
                    .to_owned();
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        panic!("it never said {words:?}: {}", self.log());
    }

    /// What it logged.
    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Stops it as an operator does.
    pub fn stop(&mut self) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").arg(&id).status().unwrap().success());
        assert!(self.process.wait().unwrap().success(), "{}", self.log());
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A token of an admin, of a program or of somebody; also while the directory is being served.
pub fn token(data: &Path, person: Option<&str>) -> String {
    let mut words = vec!["admin", "token", "--name", "test", "--role", "admin"];
    words.extend(person.into_iter().flat_map(|person| ["--person", person]));
    let run = on_the_spot(data, &words);
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{said}");
    String::from_utf8(run.stdout).unwrap().trim().to_owned()
}

/// A command on the data directory itself.
pub fn on_the_spot(data: &Path, words: &[&str]) -> Output {
    let run = Command::new(HENHOUSE)
        .args(words)
        .arg("--data")
        .arg(data)
        .output();
    run.unwrap_or_else(|error| panic!("the program runs: {error}"))
}

/// Settings with which mail goes to this port of this machine, after others.
pub fn mail_settings(data: &Path, port: u16, others: &str) {
    let settings = format!(
        "{others}[mail]\nhost = '127.0.0.1'\nport = {port}\nsecurity = 'none'\nfrom = 'Henhouse <hen@farm.example>'\n\
         [drill]\nmail_outside = true\n"
    );
    std::fs::create_dir_all(data).unwrap();
    std::fs::write(data.join("henhouse.toml"), settings).unwrap();
}

fn collect(from: impl std::io::Read + Send + 'static, into: Arc<Mutex<String>>) {
    std::thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            let mut log = into.lock().unwrap();
            log.push_str(&line);
            log.push('\n');
        }
    });
}
