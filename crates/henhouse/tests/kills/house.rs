//! The house that is killed: its data directory, its mail server, the program on it, and what can be done to it while
//! nothing runs.

use std::path::PathBuf;
use std::process::Command;
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
use super::served::{self, Served, mail_settings};

/// Everything that outlives a death.
pub struct House {
    pub mode: Mode,
    pub mail: SmtpPeer,
    folder: TempDir,
    ids: Ids,
}

/// The program, while it serves.
pub struct Running {
    served: Served,
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
            if self.served.process.try_wait().unwrap().is_some() {
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
        mail_settings(&house.data(), house.mail.port, "");
        let (desk, _) = house.desk(Clock::real(), true);
        let spring = jiff::Timestamp::constant(1_772_409_600, 0);
        farm::found(&desk, house.prefix(), "UTC", spring).await;
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
        let drill = ["--drill", "--clock", "2026-03-02T03:00:00Z"];
        let arguments: &[&str] = if self.mode == Mode::Drill {
            &drill
        } else {
            &[]
        };
        let order = order.map(|order| ("HENHOUSE_KILL_AT", order));
        let served = Served::try_start(&self.data(), arguments, order.as_slice());
        let id = served.process.id().to_string();
        let killer = kill.map(|after| {
            std::thread::spawn(move || {
                std::thread::sleep(after);
                let killed = Command::new("kill").args(["-9", &id]).status();
                assert!(killed.is_ok());
            })
        });
        let url = served.url.clone();
        Running {
            served,
            killer,
            url,
        }
    }

    /// An admin's token, of a program or of somebody.
    pub fn token(&self, person: Option<&str>) -> String {
        served::token(&self.data(), person)
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
