//! The nodes: what survives a crash, and what does not.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use henhouse::clock::Clock;
use henhouse::delivery::channel::{Capabilities, Channel, Sender};
use henhouse::delivery::outbox::{Limits, Outbox};
use henhouse::delivery::scripted::Scripted;
use henhouse::desk::{Desk, Site};
use henhouse::ids::Ids;
use henhouse::post::Post;
use henhouse::store::{MemoryStore, SqliteOptions, Store};
use henhouse::timekeeper;
use henhouse::vault::RootKey;
use jiff::{SignedDuration, Timestamp};
use procedure::basis::Marking;

use super::chance::Chance;
use super::faults::Faults;
use super::sabotage::Sabotage;
use super::times::Times;

/// Where the journals are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// In memory; the store itself outlives the crash.
    Memory,
    /// The same, and several nodes work on it, each with its own clock, its own disk and its own way to the store.
    Shared,
    /// In a file, opened anew after a crash, every job on this thread.
    Sqlite,
}

/// What runs, and dies in a crash.
pub struct Running {
    /// The clock, as this process reads it.
    pub clock: Clock,
    /// The store, as this process has it open.
    pub store: Store,
    /// The desk.
    pub desk: Desk,
    /// The outbox.
    pub outbox: Arc<Outbox<Post>>,
    /// Who calls people while the store is away.
    pub beside: Option<Beside>,
}

/// A node without its store.
pub struct Beside {
    /// The desk over what the node knows.
    pub desk: Desk,
    /// Its outbox.
    pub outbox: Arc<Outbox<Post>>,
}

/// The machines.
pub struct Nodes {
    backend: Backend,
    folder: tempfile::TempDir,
    memory: MemoryStore,
    /// Their time, which goes on whatever runs.
    pub times: Times,
    /// Of each, its way to the store.
    pub faults: Vec<Faults>,
    /// The mail server.
    pub peer: Scripted,
    starts: u64,
    seed: u64,
    /// What is broken on purpose.
    pub broken: Option<Sabotage>,
}

impl Backend {
    /// How many nodes work on it.
    pub fn programs(self, seed: u64) -> usize {
        match self {
            Self::Memory | Self::Sqlite => 1,
            Self::Shared => 2 + (seed % 2) as usize,
        }
    }
}

/// How far the clocks of the machines are ahead of true time. One that is alone has no other time.
fn ahead(backend: Backend, seed: u64) -> Vec<SignedDuration> {
    let mut chance = Chance::of(!seed);
    let spans = [0, 0, 60, -60, 900, -900, 3_600, -3_600, 86_400, -86_400];
    let ahead = |_| match backend {
        Backend::Shared => SignedDuration::from_secs(*chance.pick(&spans)),
        Backend::Memory | Backend::Sqlite => SignedDuration::ZERO,
    };
    (0..backend.programs(seed)).map(ahead).collect()
}

impl Nodes {
    /// New machines, at that time.
    pub fn new(backend: Backend, seed: u64, now: Timestamp) -> Self {
        let count = backend.programs(seed);
        // What is flushed there goes nowhere, and so costs nothing.
        let fast = PathBuf::from("/dev/shm");
        let folder = match fast.is_dir() {
            true => tempfile::tempdir_in(fast),
            false => tempfile::tempdir(),
        };
        Self {
            backend,
            folder: folder.unwrap(),
            memory: MemoryStore::default(),
            times: Times::new(now, &ahead(backend, seed)),
            faults: vec![(); count].iter().map(|()| Faults::default()).collect(),
            peer: Scripted::default(),
            starts: 0,
            seed,
            broken: None,
        }
    }

    /// Whether a program can start on this node without the store.
    pub fn has_copy(&self, node: usize) -> bool {
        self.is_shared() && self.spool(node).join("known").exists()
    }

    /// Starts a program on what is there; without the store, if that is not.
    pub async fn start(&mut self, node: usize, is_there: bool) -> Running {
        self.starts += 1;
        let clock = self.times.start(node);
        let store = match self.backend {
            Backend::Memory => Store::Memory(self.memory.beside()).judged_by(&clock),
            Backend::Shared => {
                Store::Memory(self.memory.beside()).judged_by(&self.times.database())
            }
            Backend::Sqlite => {
                let store = Store::sqlite(self.folder.path(), SqliteOptions { readers: 0 });
                store.unwrap().judged_by(&clock)
            }
        };
        let follows = self.is_shared() && self.broken != Some(Sabotage::OwnClocks);
        if follows && is_there {
            timekeeper::step(&store, &clock).await.unwrap();
        }
        self.faults[node].stand_in(store.fault(), &self.times);
        let desk = self.desk(&store, clock.clone());
        let outbox = self.outbox(&store, &desk, &clock);
        let mut beside = None;
        if self.backend == Backend::Shared {
            if self.broken == Some(Sabotage::TakesOver) && is_there {
                outbox.take_over().await.unwrap();
            }
            desk.spool_here(&self.spool(node)).await.unwrap();
            let alone = desk.without_database().unwrap();
            let (store, clock) = alone.store_and_clock();
            let outbox = self.outbox(&store, &alone, &clock);
            beside = Some(Beside {
                desk: alone,
                outbox,
            });
        } else {
            outbox.take_over().await.unwrap();
        }
        Running {
            clock,
            store,
            desk,
            outbox,
            beside,
        }
    }

    /// A desk that has looked at nothing yet, beside those that run, with a clock that shows this; nothing stands
    /// between it and the store.
    pub fn looking_anew(&self, beside: &Running) -> Desk {
        let store = match &beside.store {
            Store::Memory(_) => Store::Memory(self.memory.beside()),
            other => other.clone(),
        };
        self.desk(&store, Clock::simulated(beside.clock.wall()))
    }

    /// Whether several nodes work on one store.
    pub fn is_shared(&self) -> bool {
        self.backend == Backend::Shared
    }

    fn spool(&self, node: usize) -> PathBuf {
        let data = self.folder.path().join(format!("node{node}"));
        std::fs::create_dir_all(&data).unwrap();
        data.join("spool")
    }

    /// What was on the disk of a node is gone.
    pub fn wipe(&self, node: usize) {
        std::fs::remove_dir_all(self.spool(node)).unwrap();
    }

    /// The machine stopped in the middle of a record that nobody was told of.
    pub fn tear(&self, node: usize, bytes: &[u8]) -> bool {
        let log = self.spool(node).join("log");
        let Ok(mut log) = std::fs::OpenOptions::new().append(true).open(log) else {
            return false;
        };
        log.write_all(bytes).is_ok()
    }

    fn desk(&self, store: &Store, clock: Clock) -> Desk {
        let ids = Ids::seeded(self.seed * 1_000 + self.starts);
        let path = self.folder.path().join("root.key");
        let root = RootKey::open(&path, !path.exists(), &ids).unwrap();
        let site = Site {
            base_url: "http://localhost:8400".into(),
            drill: false,
            prefix: "HH".into(),
        };
        Desk::new(store.clone(), root, clock, ids, site)
    }

    fn outbox(&self, store: &Store, desk: &Desk, clock: &Clock) -> Arc<Outbox<Post>> {
        let sender = Sender::Scripted(self.peer.clone());
        let channel = Channel::new(sender, Capabilities::MAIL, Marking::Amber);
        let channels = BTreeMap::from([("mail".to_owned(), channel)]);
        let post = Post::new(desk.clone());
        Outbox::new(
            store.clone(),
            clock.clone(),
            post,
            channels,
            Limits::default(),
        )
    }
}
