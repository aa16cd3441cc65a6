//! The house on the forgetful disk: founded once, copied for each run, served by the real program.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use henhouse::clock::Clock;
use henhouse::desk::{Desk, Site};
use henhouse::ids::Ids;
use henhouse::store::{JournalKind, SqliteOptions, Store, StoreError};
use henhouse::vault::RootKey;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use super::disk::{Disk, Loss};
use super::farm;
use super::mount::Mount;
use super::served::{self, Served};

/// A founded house, as an image of its disk, and an admin's token for it.
pub struct House {
    pub mount: Arc<Mount>,
    image: Disk,
    pub token: String,
}

/// The program's doors, as people see them.
#[derive(Clone)]
pub struct Doors {
    pub http: reqwest::Client,
    pub url: String,
    pub token: String,
}

impl Doors {
    /// What lies there.
    pub async fn get(&self, path: &str) -> Vec<u8> {
        let request = self.http.get(format!("{}{path}", self.url));
        let answer = request.bearer_auth(&self.token).send().await.unwrap();
        let status = answer.status();
        let bytes = answer.bytes().await.unwrap().to_vec();
        let said = || String::from_utf8_lossy(&bytes).into_owned();
        assert!(status.is_success(), "{path}: {status} {}", said());
        bytes
    }

    /// Whether it can do its work, as it says itself.
    pub async fn readiness(&self) -> String {
        let asked = self.http.get(format!("{}/readyz", self.url)).send();
        match asked.await {
            Ok(said) => said.text().await.unwrap_or_default(),
            // A connection of before, which the server has ended.
            Err(error) => format!("no answer: {error}"),
        }
    }

    pub async fn post(&self, path: &str) -> Value {
        let request = self.http.post(format!("{}{path}", self.url));
        let request = request
            .bearer_auth(&self.token)
            .json(&serde_json::json!({}));
        request.send().await.unwrap().json().await.unwrap()
    }
}

/// The program while it runs, and whoever kills it when the power goes.
pub struct Running {
    pub served: Served,
    killer: Option<JoinHandle<()>>,
    over: Arc<AtomicBool>,
}

impl Running {
    /// Whether it listens.
    pub fn listens(&self) -> bool {
        !self.served.url.is_empty()
    }

    /// Whether it has ended by itself.
    pub fn ended(&mut self) -> bool {
        self.served.process.try_wait().unwrap().is_some()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.served.process.kill();
        self.over.store(true, Ordering::SeqCst);
        if let Some(killer) = self.killer.take() {
            killer.join().unwrap();
        }
        let _ = self.served.process.wait();
    }
}

impl House {
    /// An empty disk.
    pub fn bare(seed: u64) -> Self {
        Self {
            mount: Arc::new(Mount::new(seed).unwrap()),
            image: Disk::new(),
            token: String::new(),
        }
    }

    /// Founds a farm on a disk of its own.
    pub async fn found(seed: u64) -> Self {
        let mut house = Self::bare(seed);
        let data = house.mount.data();
        let ids = Ids::system().unwrap();
        let store = Store::sqlite(&data, SqliteOptions { readers: 0 }).unwrap();
        let root = RootKey::open(&data.join("root.key"), true, &ids).unwrap();
        let site = Site {
            base_url: "http://localhost:8400".into(),
            drill: false,
            prefix: "HH".into(),
        };
        let desk = Desk::new(store, root, Clock::real(), ids, site);
        farm::found(
            &desk,
            "HH",
            "UTC",
            jiff::Timestamp::constant(1_772_409_600, 0),
        )
        .await;
        drop(desk);
        house.token = served::token(&data, Some("ann"));
        house.mount.back(Loss::NONE);
        house.image = house.mount.disk();
        house
    }

    /// As it was when it was founded.
    pub fn anew(&self) {
        self.mount.load(&self.image);
    }

    /// Starts the program.
    pub fn start(&self) -> Running {
        let over = Arc::new(AtomicBool::new(false));
        let mut killer = None;
        let served = Served::start_seen(&self.mount.data(), &[], &[], |process| {
            let pid = Pid::from_child(process);
            let (mount, over) = (Arc::clone(&self.mount), Arc::clone(&over));
            killer = Some(std::thread::spawn(move || {
                if mount.wait_until_gone(|| over.load(Ordering::SeqCst)) {
                    // It is reaped only after this thread has ended, so nobody else has its number.
                    let _ = kill_process(pid, Signal::KILL);
                    mount.dead();
                }
            }));
        });
        Running {
            served,
            killer,
            over,
        }
    }

    /// Its doors.
    pub fn doors(&self, running: &Running) -> Doors {
        let http = reqwest::Client::builder()
            .timeout(std::time::Duration::from_secs(30))
            .build();
        Doors {
            http: http.unwrap(),
            url: running.served.url.clone(),
            token: self.token.clone(),
        }
    }

    /// The program's own check of everything, and the database's; answers how many cases there are. Nobody serves it.
    pub fn examine(&self) -> usize {
        let data = self.mount.data();
        let run = served::on_the_spot(&data, &["verify"]);
        let said = String::from_utf8_lossy(&run.stdout);
        assert!(run.status.success(), "{said} {run:?}");
        let database = rusqlite::Connection::open(data.join("henhouse.db")).unwrap();
        let sound: String = database
            .query_row("PRAGMA integrity_check", [], |row| row.get(0))
            .unwrap();
        assert_eq!(sound, "ok");
        drop(database);
        let store = Store::sqlite(&data, SqliteOptions { readers: 0 }).unwrap();
        let cases = store.read_inline(|view| view.journals(JournalKind::Case));
        cases.map_err(|e: StoreError| e.to_string()).unwrap().len()
    }
}
