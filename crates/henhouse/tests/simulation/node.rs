//! The node: what survives a crash, and what does not.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use henhouse::clock::Clock;
use henhouse::delivery::channel::{Capabilities, Channel, Sender};
use henhouse::delivery::outbox::{Limits, Outbox};
use henhouse::delivery::scripted::Scripted;
use henhouse::desk::{Desk, Site};
use henhouse::ids::Ids;
use henhouse::post::Post;
use henhouse::store::{SqliteOptions, Store};
use henhouse::vault::RootKey;
use jiff::Timestamp;
use procedure::basis::Marking;

/// Where the journals are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// In memory; the store itself outlives the crash.
    Memory,
    /// The same, and two programs work on it: one dies, the other goes on.
    Shared,
    /// In a file, opened anew after a crash, every job on this thread.
    Sqlite,
}

/// What runs, and dies in a crash.
pub struct Running {
    /// The store, as this process has it open.
    pub store: Store,
    /// The desk.
    pub desk: Desk,
    /// The outbox.
    pub outbox: Arc<Outbox<Post>>,
}

/// The machine.
pub struct Node {
    backend: Backend,
    folder: tempfile::TempDir,
    memory: Store,
    /// Its time, which goes on whatever runs.
    pub clock: Clock,
    /// The mail server.
    pub peer: Scripted,
    starts: u64,
    seed: u64,
}

/// When each simulation begins.
pub fn start() -> Timestamp {
    "2026-03-02T03:00:00Z".parse().unwrap()
}

impl Backend {
    /// How many programs work on it.
    pub fn programs(self) -> usize {
        if self == Self::Shared { 2 } else { 1 }
    }
}

impl Node {
    /// A new machine.
    pub fn new(backend: Backend, seed: u64) -> Self {
        Self {
            backend,
            folder: tempfile::tempdir().unwrap(),
            memory: Store::memory(),
            clock: Clock::simulated(start()),
            peer: Scripted::default(),
            starts: 0,
            seed,
        }
    }

    /// Starts the program on what is there.
    pub async fn start(&mut self) -> Running {
        self.starts += 1;
        let first = self.starts == 1;
        let store = match self.backend {
            Backend::Memory | Backend::Shared => self.memory.clone(),
            Backend::Sqlite => {
                Store::sqlite(self.folder.path(), SqliteOptions { readers: 0 }).unwrap()
            }
        };
        store.fault().clear();
        let desk = self.desk(&store, first);
        let outbox = self.outbox(&store, &desk);
        if self.backend.programs() == 1 {
            outbox.take_over().await.unwrap();
        }
        Running {
            store,
            desk,
            outbox,
        }
    }

    /// A desk that has looked at nothing yet, beside the one that runs.
    pub fn looking_anew(&self, store: &Store) -> Desk {
        self.desk(store, false)
    }

    fn desk(&self, store: &Store, first: bool) -> Desk {
        let ids = Ids::seeded(self.seed * 1_000 + self.starts);
        let root = RootKey::open(&self.folder.path().join("root.key"), first, &ids).unwrap();
        let site = Site {
            base_url: "http://localhost:8400".into(),
            drill: false,
            prefix: "HH".into(),
        };
        Desk::new(store.clone(), root, self.clock.clone(), ids, site)
    }

    /// A lease is not renewed while a peer thinks: simulated time passes faster than that.
    fn outbox(&self, store: &Store, desk: &Desk) -> Arc<Outbox<Post>> {
        let sender = Sender::Scripted(self.peer.clone());
        let channel = Channel::new(sender, Capabilities::MAIL, Marking::Amber);
        let channels = BTreeMap::from([("mail".to_owned(), channel)]);
        let limits = Limits {
            renew_every: Duration::from_secs(3_600),
            ..Limits::default()
        };
        let post = Post::new(desk.clone());
        Outbox::new(store.clone(), self.clock.clone(), post, channels, limits)
    }
}
