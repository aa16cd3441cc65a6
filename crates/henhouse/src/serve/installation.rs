//! An installation that is open: its store, keys, clock and desk, without the faces.

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use anyhow::{Result, bail};
use jiff::Timestamp;
use procedure::{Actor, How, Who};

use super::home::make_private;
use super::join::Admission;
use super::{Home, ROOT_KEY};
use crate::clock::Clock;
use crate::desk::{Desk, Site};
use crate::ids::Ids;
use crate::phones::Phones;
use crate::store::Store;
use crate::vault::{Exhibits, RootKey};
use crate::{backup, claim, desk, founding, timekeeper};

/// An installation with everything but its faces.
pub struct Installation {
    /// The desk.
    pub desk: Desk,
    /// Where exhibits lie.
    pub exhibits: Exhibits,
    /// The data directory.
    pub data: PathBuf,
    /// Where everything is kept.
    pub(crate) home: Home,
    /// Who makes its backups.
    pub keeper: Arc<backup::Keeper>,
    /// The proxies whose word counts for where a request came from.
    pub proxies: Arc<[IpAddr]>,
    /// Who takes what telephones say, once that is set up.
    pub phones: Arc<OnceLock<Phones>>,
}

impl Installation {
    /// Opens a data directory, making it if it is not there.
    ///
    /// # Errors
    /// In use by another process, keys that do not fit, a drill's directory opened as real or
    /// the other way round.
    pub async fn open(
        home: impl Into<Home>,
        base_url: &str,
        drill: bool,
        begin: Option<Timestamp>,
    ) -> Result<Self> {
        let (home, ids) = (home.into(), Ids::system()?);
        let data = home.data.as_path();
        make_private(data)?;
        let store = home.open(&ids).map_err(|error| home.explained(error))?;
        if let Some(why) = store.read(backup::not_to_be_served).await? {
            bail!(why);
        }
        // Asked of what is kept, and not of its file: an earlier start may have ended right after it made that.
        let first_start = store.read(claim::is_new).await?;
        let root = claim::root_key(&store, data, first_start, &ids).await?;
        claim::kind(&store, drill).await?;
        let clock = clock(&store, drill, begin).await?;
        timekeeper::begin(&store, &clock).await;
        Self::over(&home, store, root, base_url, drill, (clock, ids))
    }

    /// The same for serving it, if this node has a copy of the projects: with nothing asked of the database yet. What is
    /// answered beside has still to be looked at. Nothing if the database is needed first.
    ///
    /// # Errors
    /// In use by another process; a root key that is missing or of no use.
    pub async fn open_unseen(
        home: &Home,
        base_url: &str,
        drill: bool,
    ) -> Result<Option<(Self, Admission)>> {
        let spool = home.spool();
        // A drill's time is in its database.
        if drill || home.database.is_none() || !spool.exists() {
            return Ok(None);
        }
        let ids = Ids::system()?;
        let root = RootKey::read(&home.data.join(ROOT_KEY))?;
        if !desk::has_copy(&spool, &root) {
            return Ok(None);
        }
        let Some(store) = home.open_unseen(&ids)? else {
            return Ok(None);
        };
        let admission = Admission {
            store: store.clone(),
            root: root.clone(),
            drill,
        };
        let clock = Clock::real();
        let installation = Self::over(home, store, root, base_url, drill, (clock, ids))?;
        installation.desk.spool_before_joining(&spool).await?;
        Ok(Some((installation, admission)))
    }

    fn over(
        home: &Home,
        store: Store,
        root: RootKey,
        base_url: &str,
        drill: bool,
        (clock, ids): (Clock, Ids),
    ) -> Result<Self> {
        let data = home.data.as_path();
        let store = store.judged_by(&clock);
        let prefix = if drill { "DR" } else { "HH" }.to_owned();
        let site = Site {
            base_url: base_url.to_owned(),
            drill,
            prefix,
        };
        let exhibits = Exhibits::open(&data.join("exhibits"))?;
        let keeper = backup::Keeper::new(
            store.clone(),
            root.clone(),
            exhibits.clone(),
            (Ids::system()?, clock.clone()),
            data.join(crate::config::FILE),
        );
        let desk = Desk::new(store, root, clock, ids, site);
        desk.keeps_exhibits_in(exhibits.clone());
        Ok(Self {
            desk,
            exhibits,
            data: data.to_owned(),
            home: home.clone(),
            keeper: Arc::new(keeper),
            proxies: Arc::default(),
            phones: Arc::default(),
        })
    }

    /// Founds the first project if there is none.
    ///
    /// # Errors
    /// The zone is unknown, or the store cannot write.
    pub async fn found(&self, zone: &str) -> Result<()> {
        if self.desk.projects().await?.is_empty() {
            let actor = Actor {
                who: Who::System,
                how: How::LocalSocket,
            };
            let prefix = &self.desk.site().prefix;
            let first = ("Main", founding::FIRST_PROJECT, &**prefix);
            let founded = founding::found(&self.desk, actor, first, zone, None).await;
            // Another node, started at the same moment, may have been first.
            if founded.is_err() && self.desk.projects().await?.is_empty() {
                founded?;
            }
        }
        Ok(())
    }
}

/// Real time, or a drill's time as it stood when the drill was left; a new one begins at `begin`.
async fn clock(store: &Store, drill: bool, begin: Option<Timestamp>) -> Result<Clock> {
    let real = Clock::real();
    if !drill {
        return Ok(real);
    }
    let begin = begin.unwrap_or_else(|| real.now());
    let at = store.write(move |tx| desk::begin_clock(tx, begin)).await?;
    Ok(Clock::drill(at))
}
