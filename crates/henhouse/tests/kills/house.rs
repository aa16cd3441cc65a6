//! The house that is killed: its data directory, its mail server, the program on it, and what can be done to it while
//! nothing runs.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;
use std::time::Duration;

use henhouse::clock::Clock;
use henhouse::desk::{Desk, Site};
use henhouse::ids::Ids;
use henhouse::store::{SqliteOptions, Store};
use henhouse::vault::RootKey;
use tempfile::TempDir;

use super::campaign::Mode;
use super::farm;
use super::peers::smtp::SmtpPeer;

const HENHOUSE: &str = env!("CARGO_BIN_EXE_henhouse");

/// Everything that outlives a death.
pub struct House {
    pub mode: Mode,
    pub mail: SmtpPeer,
    folder: TempDir,
    ids: Ids,
}

/// The program, while it serves.
pub struct Running {
    process: Child,
    killer: Option<JoinHandle<()>>,
    /// Where it listens; empty if it died before.
    pub url: String,
}

impl Running {
    /// Whether it listened before it died.
    pub fn listened(&self) -> bool {
        !self.url.is_empty()
    }

    /// Waits for whoever is to kill it. The process is not reaped before, so that nobody else is killed in its place.
    fn join_killer(&mut self) {
        if let Some(killer) = self.killer.take() {
            killer.join().unwrap();
        }
    }

    /// Whether it is still alive a moment after all doors were shut or all was done.
    pub fn outlives(&mut self) -> bool {
        self.join_killer();
        for _ in 0..200 {
            if self.process.try_wait().unwrap().is_some() {
                return false;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        true
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.join_killer();
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl House {
    /// A new farm.
    pub async fn found(mode: Mode) -> Self {
        let mail = SmtpPeer::plain();
        let folder = tempfile::tempdir().unwrap();
        let house = Self {
            mode,
            mail,
            folder,
            ids: Ids::system().unwrap(),
        };
        std::fs::create_dir(house.data()).unwrap();
        let config = format!(
            "[mail]\nhost = '127.0.0.1'\nport = {}\nsecurity = 'none'\nfrom = 'Hen <hen@farm.example>'\n",
            house.mail.port
        );
        std::fs::write(house.data().join("henhouse.toml"), config).unwrap();
        let (desk, _) = house.desk(Clock::real(), true);
        farm::found(&desk, house.prefix()).await;
        house
    }

    fn prefix(&self) -> &'static str {
        match self.mode {
            Mode::Real => "HH",
            Mode::Drill => "DR",
        }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The desk on the directory, while nothing serves it, with a clock of its own.
    pub fn desk(&self, clock: Clock, first: bool) -> (Desk, Store) {
        let store = Store::sqlite(&self.data(), SqliteOptions { readers: 0 }).unwrap();
        let root = RootKey::open(&self.data().join("root.key"), first, &self.ids).unwrap();
        let site = site(self.prefix(), self.mode == Mode::Drill);
        let desk = Desk::new(store.clone(), root, clock, self.ids.clone(), site);
        (desk, store)
    }

    /// Starts the program, maybe with the order to die at a point, maybe to be killed after a while.
    pub fn start(&self, order: Option<&str>, kill: Option<Duration>) -> Running {
        let mut command = Command::new(HENHOUSE);
        command
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(self.data());
        if self.mode == Mode::Drill {
            command.args(["--drill", "--clock", "2026-03-02T03:00:00Z"]);
        }
        command
            .env("HENHOUSE_LOG", "error")
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        if let Some(order) = order {
            command.env("HENHOUSE_KILL_AT", order);
        }
        let mut process = command.spawn().unwrap();
        let id = process.id().to_string();
        let killer = kill.map(|after| {
            std::thread::spawn(move || {
                std::thread::sleep(after);
                let killed = Command::new("kill").args(["-9", &id]).status();
                assert!(killed.is_ok());
            })
        });
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let url = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("Henhouse listens on ").map(str::to_owned));
        std::thread::spawn(move || lines.for_each(drop));
        Running {
            process,
            killer,
            url: url.unwrap_or_default(),
        }
    }

    /// An admin's token, of a program or of somebody.
    pub fn token(&self, person: Option<&str>) -> String {
        let mut command = Command::new(HENHOUSE);
        command.args(["admin", "token", "--name", "kills", "--role", "admin"]);
        if let Some(person) = person {
            command.args(["--person", person]);
        }
        let run = command.arg("--data").arg(self.data()).output().unwrap();
        let said = String::from_utf8_lossy(&run.stderr);
        assert!(run.status.success(), "{said}");
        String::from_utf8(run.stdout).unwrap().trim().to_owned()
    }
}

/// What stands in links and numbers.
pub fn site(prefix: &str, drill: bool) -> Site {
    Site {
        base_url: "http://localhost:8400".into(),
        drill,
        prefix: prefix.into(),
    }
}
