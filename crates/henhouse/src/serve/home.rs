//! Where an installation keeps what it keeps: its data directory, and perhaps a database elsewhere.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::claim;
use crate::clock::Clock;
use crate::ids::Ids;
use crate::store::{PostgresOptions, SqliteOptions, Store, StoreError};
use crate::vault::durable::make_folders;

/// The database file; without it the directory is new.
pub const DATABASE: &str = "henhouse.db";
/// The file of the root key.
pub const ROOT_KEY: &str = "root.key";
/// Where an installation keeps what it keeps.
#[derive(Clone)]
pub struct Home {
    /// The data directory: keys, exhibits, the owner's socket, and the database unless that is elsewhere.
    pub data: PathBuf,
    /// The address of a PostgreSQL database. It may hold a password.
    pub database: Option<String>,
}

impl std::fmt::Debug for Home {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Home")
            .field("data", &self.data)
            .finish_non_exhaustive()
    }
}

impl From<&Path> for Home {
    fn from(data: &Path) -> Self {
        Self {
            data: data.to_owned(),
            database: None,
        }
    }
}

impl Home {
    /// Whether there is an installation, as far as that can be seen from outside.
    #[must_use]
    pub fn is_there(&self) -> bool {
        self.database.is_some() || self.data.join(DATABASE).exists()
    }

    /// The store, which holds the directory's lock as long as it is open.
    pub(crate) fn open(&self, ids: &Ids) -> Result<Store> {
        match self.options(ids) {
            Some(options) => Ok(Store::postgres(&options)?),
            None => Ok(Store::sqlite(&self.data, SqliteOptions::default())?),
        }
    }

    /// The store over a database that nobody has looked at yet; nothing where the rows are in the directory itself.
    pub(crate) fn open_unseen(&self, ids: &Ids) -> Result<Option<Store>> {
        let options = self.options(ids);
        Ok(options.as_ref().map(Store::postgres_unseen).transpose()?)
    }

    /// What may be said besides where the store cannot be opened.
    pub(super) fn explained(&self, error: anyhow::Error) -> anyhow::Error {
        let away = matches!(error.downcast_ref(), Some(StoreError::Away(_)));
        if !away {
            return error;
        }
        error.context(format!(
            "the database does not answer, and {} holds no copy of its projects, with which a node serves without it: a \
             node makes one at its first start beside its database. Start the database, see that `database` in the \
             settings names it, and start again",
            self.data.display()
        ))
    }

    /// Where this node keeps what it is told while the database is away.
    pub(crate) fn spool(&self) -> PathBuf {
        self.data.join(SPOOL)
    }

    fn options(&self, ids: &Ids) -> Option<PostgresOptions> {
        Some(PostgresOptions {
            address: self.database.clone()?,
            node: ids.uuid_v7(Clock::real().now()),
            readers: READERS,
            held: Some(self.data.clone()),
        })
    }
}

/// The folder of the spool in the data directory.
const SPOOL: &str = "spool";
/// Connections that read from a PostgreSQL database.
const READERS: usize = 8;

/// Whether a data directory belongs to a drill.
///
/// # Errors
/// It is no installation, or in use.
pub async fn is_drill(home: &Home) -> Result<bool> {
    if !home.is_there() {
        bail!("there is no installation in {}", home.data.display());
    }
    let store = home.open(&Ids::system()?)?;
    let kind: Option<Vec<u8>> = store.read(|view| view.setting(claim::KIND)).await?;
    Ok(kind.as_deref() == Some(b"drill"))
}

/// A data directory belongs to its owner alone, and is still there after a power cut.
pub(super) fn make_private(data: &Path) -> Result<()> {
    make_folders(data)
        .with_context(|| format!("the data directory {} cannot be made", data.display()))
}
