//! Opening the spool: what is needed at once at once, what was left there by the last process beside.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::sync::watch;

use super::super::Desk;
use super::super::error::{DeskError, Result};
use super::{Away, Index, Item, Joining, copy, is_away, joining};
use crate::spool::{Earlier, Found, Spool, Writes};
use crate::store::{Store, StoreError};
use crate::vault::{RootKey, SpoolKey};

impl Desk {
    /// Keeps reports and taps in this folder from now on while the database is away. Once for a desk.
    ///
    /// # Errors
    /// The folder cannot be used; the store's.
    pub async fn spool_into(&self, folder: &Path) -> Result<()> {
        self.spool(folder, Writes::Apart, Joining::Joined).await
    }

    /// As [`Self::spool_into`] on a database that nobody has looked at yet; what this node knows of the projects it knows
    /// by its copy there. See [`has_copy`].
    ///
    /// # Errors
    /// As [`Self::spool_into`].
    pub async fn spool_before_joining(&self, folder: &Path) -> Result<()> {
        self.spool(folder, Writes::Apart, Joining::Asked).await
    }

    /// As [`Self::spool_into`], everything on the caller's thread: for the simulation. Also where the store is away, if
    /// there is a copy of the projects in that folder.
    ///
    /// # Errors
    /// As [`Self::spool_into`].
    pub async fn spool_here(&self, folder: &Path) -> Result<()> {
        self.spool(folder, Writes::Here, Joining::Joined).await
    }

    async fn spool(&self, folder: &Path, writes: Writes, joining: Joining) -> Result<()> {
        let inner = &self.inner;
        let key = SpoolKey::derive(&inner.root);
        let opened = Spool::open(folder, key, inner.ids.clone(), writes);
        let (spool, found) = opened.map_err(|error| {
            let folder = folder.display();
            StoreError::Io(format!("the spool {folder} cannot be used: {error}"))
        })?;
        told(&found);
        let knows = self.knowing();
        let copied = copy::read(folder, &inner.root).and_then(|(at, copies)| {
            let taken = knows.take_copies(&copies);
            taken
                .inspect_err(|error| tracing::error!(%error, "this node's copy of the projects is of no use"))
                .ok()?;
            Some(at)
        });
        let asked = joining == Joining::Asked;
        if asked && copied.is_none() {
            return Err(DeskError::bug(
                "a node without a copy cannot wait for its database",
            ));
        }
        let away = Away {
            spool,
            since: std::sync::Mutex::default(),
            index: std::sync::Mutex::default(),
            looked_back: watch::Sender::new(false),
            knows,
            known_at: copied.into(),
            learning: tokio::sync::Mutex::default(),
            written_at: copied.into(),
            folder: folder.to_owned(),
            joining: joining::standing(joining),
            in_memory: std::sync::Mutex::default(),
            called_to: 0.into(),
            carried_to: 0.into(),
            caught_up: watch::Sender::new(false),
            held: std::sync::Mutex::default(),
            nudge: Arc::default(),
            kept: 0.into(),
            settled: 0.into(),
        };
        inner
            .away
            .set(away)
            .map_err(|_| DeskError::bug("two spools for one desk"))?;
        self.look_back(found, writes);
        if asked {
            return Ok(());
        }
        match self.learn().await {
            Err(error) if copied.is_some() && is_away(&error) => {
                if let Some(away) = inner.away.get() {
                    away.goes(self.now(), &error.to_string());
                }
                Ok(())
            }
            learnt => learnt,
        }
    }

    /// A desk like this one over nothing.
    fn knowing(&self) -> Self {
        let inner = &self.inner;
        let knows = Self::new(
            Store::memory().judged_by(&inner.clock),
            inner.root.clone(),
            inner.clock.clone(),
            inner.ids.clone(),
            inner.site.clone(),
        );
        if inner.outside.load(Ordering::Relaxed) {
            knows.drills_write_outside();
        }
        knows
    }

    /// Looks at what the last process left: beside, unless there is nothing to wait for.
    fn look_back(&self, found: Found, writes: Writes) {
        let desk = self.clone();
        let look = move || {
            if let Some(away) = desk.inner.away.get() {
                away.look_back();
            }
        };
        if found.older_bytes == 0 || writes == Writes::Here {
            look();
        } else {
            tokio::task::spawn_blocking(look);
        }
    }
}

/// Whether a node may start on this folder without its database: there is a copy of the projects that this key opens.
#[must_use]
pub fn has_copy(folder: &Path, root: &RootKey) -> bool {
    copy::read(folder, root).is_some()
}

impl Away {
    fn look_back(&self) {
        let mut older = Index::default();
        let mut unread = 0_usize;
        let looked = self.spool.look_back(|earlier| match earlier {
            Earlier::Kept(placed, content) => {
                let read = serde_json::from_slice::<Item>(&content);
                let read = read.inspect_err(|error| {
                    tracing::error!(%error, n = placed.n, "something in the spool cannot be read by this version; it stays there");
                });
                match read {
                    Ok(item) => older.add(placed, &item, |press| self.link_of(press)),
                    Err(_) => unread += 1,
                }
            }
            Earlier::Settled(n) => drop(older.remove(n)),
        });
        match looked {
            Err(error) => {
                tracing::error!(%error, "what waits in the spool cannot be read; look at its disk, and start again");
                return;
            }
            Ok(0) => {}
            Ok(damaged) => tracing::error!(
                damaged,
                "a part of the spool cannot be read and was put aside; look at its disk"
            ),
        }
        let waiting = older.count();
        if waiting > 0 {
            tracing::warn!(
                waiting,
                "what was kept while the database was away is carried out as soon as it is there"
            );
        }
        self.index().join(older);
        self.looked_back.send_replace(true);
        self.nudge.notify_one();
    }
}

fn told(found: &Found) {
    let (torn, damaged) = (found.torn_bytes, found.damaged_bytes);
    if torn > 0 {
        tracing::warn!(
            torn,
            "the spool ended in the middle of a record, which nobody was told is kept"
        );
    }
    if damaged > 0 {
        tracing::error!(
            damaged,
            "a part of the spool cannot be read and was put aside; look at its disk"
        );
    }
}
