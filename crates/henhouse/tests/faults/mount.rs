//! The forgetful disk as a folder of this machine, by FUSE; and the places at which it fails.
//!
//! Every call that reaches the disk is counted. At the planned one the power goes, or the call fails. The kernel asks one
//! call after the other, so a plan says exactly where; what two threads of a program ask for at once it orders anew each
//! time.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use fuser::{BackgroundSession, MountOption, Session};
use rustix::io::Errno;
use tempfile::TempDir;

use super::chance::Chance;
use super::disk::{Disk, Loss, Number};
use super::ops::Ops;

/// A call that reaches the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Call {
    Open,
    Read,
    List,
    Write,
    Length,
    Sync,
    SyncFolder,
    Create,
    MakeFolder,
    Link,
    Rename,
    Remove,
}

impl Call {
    /// Whether it may need room.
    fn takes_room(self) -> bool {
        use Call::{Create, Length, Link, MakeFolder, Rename, Sync, SyncFolder, Write};
        let takes = [
            Write, Length, Sync, SyncFolder, Create, MakeFolder, Link, Rename,
        ];
        takes.contains(&self)
    }
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The power goes.
    Cut,
    /// The call fails.
    Broken,
    /// There is no room: only calls that need some are counted, and fail.
    Full,
}

/// Where.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub trouble: Trouble,
    /// The first call that it befalls.
    pub at: u64,
    /// How many calls from there on.
    pub calls: u64,
}

/// The call that trouble befell first.
#[derive(Clone, Debug)]
pub struct Hit {
    pub call: Call,
    pub file: OsString,
}

pub(super) struct State {
    pub disk: Disk,
    pub chance: Chance,
    plan: Option<Plan>,
    counted: u64,
    hit: Option<Hit>,
    power: Power,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Power {
    On,
    /// The program stands still at its call and knows nothing yet.
    Gone,
    /// The program is dead; whatever the kernel still asks for it fails.
    Off,
}

/// What the mount and its tests share.
#[derive(Clone)]
pub(super) struct Shared(Arc<(Mutex<State>, Condvar)>);

impl Shared {
    pub fn lock(&self) -> MutexGuard<'_, State> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn turned<'a>(&self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        self.0.1.wait(state).unwrap_or_else(PoisonError::into_inner)
    }

    /// What reaches no disk, because the system knows it.
    pub fn look(&self) -> Result<MutexGuard<'_, State>, Errno> {
        let state = self.lock();
        match state.power {
            Power::On => Ok(state),
            _ => Err(Errno::IO),
        }
    }

    /// A call reaches the disk: it counts, and fails if it is its turn.
    pub fn reach(&self, call: Call, number: Number) -> Result<MutexGuard<'_, State>, Errno> {
        let mut state = self.lock();
        if state.power != Power::On {
            return Err(Errno::IO);
        }
        let Some(trouble) = state.turn(call, number) else {
            return Ok(state);
        };
        match trouble {
            Trouble::Broken => Err(Errno::IO),
            Trouble::Full => Err(Errno::NOSPC),
            Trouble::Cut => {
                state.power = Power::Gone;
                self.0.1.notify_all();
                while state.power == Power::Gone {
                    state = self.turned(state);
                }
                Err(Errno::IO)
            }
        }
    }
}

impl State {
    /// One name less for a file.
    pub fn loses_a_name(&mut self, number: Option<Number>) {
        let node = number.and_then(|number| self.disk.node_mut(number));
        if let Some(node) = node {
            node.links = node.links.saturating_sub(1);
        }
    }

    /// Counts the call, and says what befalls it.
    fn turn(&mut self, call: Call, number: Number) -> Option<Trouble> {
        let plan = self.plan?;
        if plan.trouble == Trouble::Full && !call.takes_room() {
            return None;
        }
        self.counted += 1;
        let befalls = self.counted >= plan.at && self.counted - plan.at < plan.calls;
        if befalls && self.hit.is_none() {
            let file = self.disk.node(number).map(|node| node.name.clone());
            self.hit = Some(Hit {
                call,
                file: file.unwrap_or_default(),
            });
        }
        befalls.then_some(plan.trouble)
    }
}

/// The disk, mounted. It is unmounted when nobody holds it any more.
pub struct Mount {
    shared: Shared,
    session: Option<BackgroundSession>,
    folder: TempDir,
}

impl Mount {
    /// Mounts an empty disk.
    ///
    /// # Errors
    /// No right to mount, or no FUSE.
    pub fn new(seed: u64) -> io::Result<Self> {
        let folder = tempfile::tempdir()?;
        let state = State {
            disk: Disk::new(),
            chance: Chance::of(seed),
            plan: None,
            counted: 0,
            hit: None,
            power: Power::On,
        };
        let shared = Shared(Arc::new((Mutex::new(state), Condvar::new())));
        let options = [
            MountOption::FSName("forgetful".to_owned()),
            MountOption::NoAtime,
        ];
        let session = Session::new(Ops(shared.clone()), folder.path(), &options)?.spawn()?;
        Ok(Self {
            shared,
            session: Some(session),
            folder,
        })
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The data directory on it.
    pub fn data(&self) -> PathBuf {
        self.path().join("data")
    }

    /// What lies on it.
    pub fn disk(&self) -> Disk {
        self.shared.lock().disk.clone()
    }

    /// Puts this in place of what lies on it. Nothing on it may be open.
    pub fn load(&self, disk: &Disk) {
        let mut state = self.shared.lock();
        state.disk = disk.renumbered_after(&state.disk);
    }

    /// Calls are counted from now on, until trouble befalls one.
    pub fn plan(&self, plan: Plan) {
        let mut state = self.shared.lock();
        (state.plan, state.counted, state.hit) = (Some(plan), 0, None);
    }

    /// Nothing goes wrong any more, unless the power has gone. Says whether it works.
    pub fn heal(&self) -> bool {
        let mut state = self.shared.lock();
        state.plan = None;
        state.power == Power::On
    }

    /// What trouble befell.
    pub fn hit(&self) -> Option<Hit> {
        self.shared.lock().hit.clone()
    }

    /// Waits until the power goes, or until `enough`.
    pub fn wait_until_gone(&self, mut enough: impl FnMut() -> bool) -> bool {
        loop {
            let state = self.shared.lock();
            if state.power == Power::Gone {
                return true;
            }
            let wait = std::time::Duration::from_millis(20);
            drop(self.shared.0.1.wait_timeout(state, wait));
            if enough() {
                return self.shared.lock().power == Power::Gone;
            }
        }
    }

    /// Who stood still at a call is dead: the call may end.
    pub fn dead(&self) {
        self.shared.lock().power = Power::Off;
        self.shared.0.1.notify_all();
    }

    /// The power is back, and this is what is left. Nothing on it may be open.
    pub fn back(&self, loss: Loss) {
        let mut state = self.shared.lock();
        let State { disk, chance, .. } = &mut *state;
        disk.cut(loss, chance);
        state.plan = None;
        state.power = Power::On;
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        self.dead();
        drop(self.session.take());
    }
}
