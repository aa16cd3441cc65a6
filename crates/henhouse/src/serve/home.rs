//! Where an installation keeps what it keeps: its data directory, and perhaps a database elsewhere.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::claim;
use crate::clock::Clock;
use crate::ids::Ids;
use crate::store::{PostgresOptions, SqliteOptions, Store};
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
        let Some(address) = &self.database else {
            return Ok(Store::sqlite(&self.data, SqliteOptions::default())?);
        };
        let options = PostgresOptions {
            address: address.clone(),
            node: ids.uuid_v7(Clock::real().now()),
            readers: READERS,
            held: Some(self.data.clone()),
        };
        Ok(Store::postgres(&options)?)
    }
}

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
