//! The server under test: the release binary in a process of its own, on a data directory
//! of its own, and what the kernel says it used.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::client::{Client, Request};
pub use super::data::Data;
use super::load::{Load, Until, load};
use crate::shell;
use crate::stopwatch::Stopwatch;

/// The kernel counts CPU time in ticks of so many milliseconds.
const TICK_MS: f64 = 10.0;

/// Builds the server as users run it, but that its flushes can be made slower, and the bench's other half beside it.
///
/// # Errors
/// It does not build.
pub fn build(profile: &str) -> Result<()> {
    let line = format!(
        "cargo build --quiet --locked --profile {profile} -p henhouse --features faults --bin henhouse --bench ground"
    );
    let words: Vec<&str> = line.split(' ').collect();
    shell::run(&words)
}

fn binary() -> Result<PathBuf> {
    Ok(beside_ours()?.join("henhouse"))
}

/// Where everything of this profile was built: this program too.
///
/// # Errors
/// The kernel does not say where it is.
pub fn beside_ours() -> Result<PathBuf> {
    let ours = std::env::current_exe()?;
    Ok(ours
        .parent()
        .context("a program lies in a folder")?
        .to_owned())
}

/// A running server. Killed when dropped.
pub struct Server {
    process: Child,
    /// Where it listens.
    pub port: u16,
    /// From its start to its first answer.
    pub first_answer: Duration,
    data: PathBuf,
}

impl Server {
    /// Starts it on a data directory and waits for its first answer.
    ///
    /// # Errors
    /// It does not start.
    pub fn start(data: &Data) -> Result<Server> {
        Server::start_on(data, Duration::ZERO)
    }

    /// The same on a disk that takes so much longer to flush.
    ///
    /// # Errors
    /// It does not start.
    pub fn start_on(data: &Data, slower: Duration) -> Result<Server> {
        Server::start_with(data, slower, Command::new(binary()?))
    }

    /// The same with this core of the machine for its own work and no other.
    ///
    /// # Errors
    /// It does not start.
    pub fn start_pinned(data: &Data, core: usize) -> Result<Server> {
        let mut command = Command::new("taskset");
        command
            .args(["--cpu-list", &core.to_string()])
            .arg(binary()?);
        Server::start_with(data, Duration::ZERO, command)
    }

    fn start_with(data: &Data, slower: Duration, mut command: Command) -> Result<Server> {
        let watch = Stopwatch::start();
        let mut process = command
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data.path())
            .env("HENHOUSE_LOG", data.log)
            .env("HENHOUSE_SLOW_DISK_MICROS", slower.as_micros().to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("the server cannot be started")?;
        let out = process.stdout.take().context("stdout was asked for")?;
        let mut lines = BufReader::new(out).lines();
        let port = lines.by_ref().map_while(Result::ok).find_map(|line| {
            let (_, port) = line
                .strip_prefix("Henhouse listens on ")?
                .rsplit_once(':')?;
            port.trim().parse().ok()
        });
        let port = port.context("the server does not listen")?;
        let answer = Client::connect(port)?.call(&Request::get("/readyz", ""))?;
        ensure!(answer.status == 200, "the server is not ready");
        let first_answer = watch.read();
        thread::spawn(move || lines.for_each(drop));
        Ok(Server {
            process,
            port,
            first_answer,
            data: data.path().to_owned(),
        })
    }

    /// Starts it and stops it so soon afterwards, whatever it does by then.
    ///
    /// # Errors
    /// It cannot be started, or the kernel refuses.
    pub fn dies_at_its_start(data: &Data, after: Duration) -> Result<()> {
        let mut process = Command::new(binary()?)
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data.path())
            .env("HENHOUSE_LOG", "off")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .context("the server cannot be started")?;
        thread::sleep(after);
        process.kill()?;
        process.wait()?;
        Ok(())
    }

    /// Stops it in the middle of whatever it does, as a power cut would.
    ///
    /// # Errors
    /// The kernel refuses.
    pub fn kill(mut self) -> Result<()> {
        self.process.kill()?;
        self.process.wait()?;
        Ok(())
    }

    /// Stops it as an operator does.
    ///
    /// # Errors
    /// It ends with a failure.
    pub fn stop(mut self) -> Result<()> {
        let id = self.process.id().to_string();
        shell::run(&["kill", &id])?;
        ensure!(
            self.process.wait()?.success(),
            "the server ended with a failure"
        );
        Ok(())
    }

    /// Holds everything in a data directory that nobody serves against its seals.
    ///
    /// # Errors
    /// It is damaged; with what is.
    pub fn verify(data: &Data) -> Result<()> {
        let mut command = Command::new(binary()?);
        let command = command.arg("verify").arg("--data").arg(data.path());
        let output = command.stdin(Stdio::null()).output()?;
        let said = String::from_utf8_lossy(&output.stdout);
        let wrong = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "not whole: {said}{wrong}");
        Ok(())
    }

    /// A token of this role; for a person, if one is named.
    ///
    /// # Errors
    /// The server refuses.
    pub fn token(&self, role: &str, person: Option<&str>) -> Result<String> {
        let mut command = Command::new(binary()?);
        command
            .args(["admin", "token", "--name", "bench", "--role", role])
            .arg("--data")
            .arg(&self.data);
        if let Some(person) = person {
            command.args(["--person", person]);
        }
        let output = command.stdin(Stdio::null()).output()?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "no token: {said}");
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    }

    /// One call; its answer must be a success.
    ///
    /// # Errors
    /// Any other answer.
    pub fn call(&self, request: &Request) -> Result<Value> {
        let answer = Client::connect(self.port)?.call(request)?;
        let asked = || format!("{} {}", request.method, request.path);
        answer.json().with_context(asked)
    }

    /// Puts these people on the contact sheet, the first one on call.
    ///
    /// # Errors
    /// The server refuses.
    pub fn staff(&self, admin: &str, people: &[&str]) -> Result<()> {
        let mut whole = self.call(&Request::get("/api/v1/projects/main", admin))?;
        let revision = whole["project"]["revision"].clone();
        let members = people.iter().map(|person| {
            json!({ "person": person, "roles": ["responder", "decider"],
                    "has_mail": true, "has_phone": true })
        });
        whole["project"]["roster"] = members.collect();
        whole["project"]["on_call"] = json!([{
            "person": people.first(), "from": "2020-01-01T00:00:00Z", "until": "2100-01-01T00:00:00Z"
        }]);
        for person in people {
            whole["directory"]["people"][*person] = json!({
                "name": person, "mail": format!("{person}@farm.example"), "phone": "+1 555 0100"
            });
        }
        let body = json!({ "project": whole["project"], "directory": whole["directory"] });
        let put = Request {
            method: "PUT",
            headers: format!("If-Match: \"{revision}\"\r\n"),
            ..Request::post("/api/v1/projects/main", admin, &body)
        };
        self.call(&put).map(drop)
    }

    /// A second project beside the first, `other`, with nobody on its contact sheet.
    ///
    /// # Errors
    /// The server refuses.
    pub fn another_project(&self, admin: &str) -> Result<()> {
        let other = json!({ "name": "Other", "slug": "other", "prefix": "OT" });
        self.call(&Request::post("/api/v1/projects", admin, &other))
            .map(drop)
    }

    /// Changes numbers of the playbook: proposed by the admin, reviewed by somebody else.
    ///
    /// # Errors
    /// The server refuses.
    pub fn change_playbook(&self, admin: &str, change: impl FnOnce(&mut Value)) -> Result<()> {
        let path = "/api/v1/projects/main/playbook";
        let mut playbook = self.call(&Request::get(path, admin))?["playbook"].take();
        change(&mut playbook);
        playbook["edition"] = json!(2);
        self.call(&Request::post(
            path,
            admin,
            &json!({ "playbook": playbook }),
        ))?;
        let reviewer = self.token("admin", Some("reviewer"))?;
        let review = json!({ "edition": 2, "accepted": true });
        let path = format!("{path}/review");
        self.call(&Request::post(path, &reviewer, &review))
            .map(drop)
    }

    /// A load, and what one request cost the server, in milliseconds of CPU time.
    ///
    /// # Errors
    /// As [`load`].
    pub fn load(
        &self,
        clients: usize,
        until: Until,
        request: impl Fn(u64) -> Request + Sync,
    ) -> Result<(Load, f64)> {
        let before = self.cpu_ms()?;
        let load = load(self.port, clients, until, request)?;
        let cost = (self.cpu_ms()? - before) / load.answers as f64;
        Ok((load, cost))
    }

    /// CPU time used so far, in milliseconds, in steps of 10.
    ///
    /// # Errors
    /// The kernel does not say.
    pub fn cpu_ms(&self) -> Result<f64> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.process.id()))?;
        // The name of the program stands in brackets and may hold anything.
        let (_, rest) = stat.rsplit_once(')').context("the kernel says nothing")?;
        let ticks = rest.split_whitespace().skip(11).take(2);
        Ok(ticks.filter_map(|n| n.parse::<f64>().ok()).sum::<f64>() * TICK_MS)
    }

    /// CPU time used so far by the threads that still live, in milliseconds, to the nanosecond.
    ///
    /// # Errors
    /// The kernel does not say.
    pub fn cpu_ms_exactly(&self) -> Result<f64> {
        let mut nanos = 0.0;
        for task in fs::read_dir(format!("/proc/{}/task", self.process.id()))? {
            let said = fs::read_to_string(task?.path().join("schedstat"))?;
            let ran = said.split_whitespace().next();
            nanos += ran.and_then(|n| n.parse::<f64>().ok()).unwrap_or(0.0);
        }
        Ok(nanos / 1e6)
    }

    /// How often its threads were woken so far, as far as they still live.
    ///
    /// # Errors
    /// The kernel does not say.
    pub fn wakings(&self) -> Result<f64> {
        let mut times = 0.0;
        for task in fs::read_dir(format!("/proc/{}/task", self.process.id()))? {
            let said = fs::read_to_string(task?.path().join("status"))?;
            let line = said
                .lines()
                .find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
            times += line
                .and_then(|n| n.trim().parse::<f64>().ok())
                .unwrap_or(0.0);
        }
        Ok(times)
    }

    /// Memory in use, in MiB.
    ///
    /// # Errors
    /// The kernel does not say.
    pub fn memory_mib(&self) -> Result<f64> {
        memory_mib(self.process.id())
    }
}

/// Memory that a process has in use, in MiB.
///
/// # Errors
/// The kernel does not say.
pub fn memory_mib(process: u32) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    Ok(kib.context("the kernel says nothing")? / 1024.0)
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
