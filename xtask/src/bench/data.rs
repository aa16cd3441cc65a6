//! A data directory for the server under test, and its database where that is not a file in it.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::Result;

use super::scratch::Scratch;
use crate::postgres::Cluster;
use crate::shell;

/// A data directory, removed when dropped.
pub struct Data {
    scratch: Scratch,
    database: Option<Database>,
    /// How much the server on it says: `error`, or `off`.
    pub log: &'static str,
}

/// A database in a cluster, removed when dropped.
struct Database {
    cluster: Arc<Cluster>,
    name: String,
}

impl Data {
    /// An empty one. Mail leaves for this port, if there is one.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn new(name: &str, mail_port: Option<u16>) -> Result<Data> {
        Self::on(None, name, mail_port)
    }

    /// The same, with an empty database in this cluster, if there is one.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn on(cluster: Option<&Arc<Cluster>>, name: &str, mail_port: Option<u16>) -> Result<Data> {
        let database = cluster.map(|cluster| Database::new(cluster, "template1"));
        Self::with(database.transpose()?, name, mail_port)
    }

    /// One that says the same as this one, which nobody serves.
    ///
    /// # Errors
    /// The disk is full.
    pub fn copy(&self, name: &str, mail_port: Option<u16>) -> Result<Data> {
        let database = self.database.as_ref();
        let database = database.map(|kept| Database::new(&kept.cluster, &kept.name));
        let scratch = Scratch::new(name)?;
        let from = self.path().join(".");
        let (from, to) = (from.to_string_lossy(), scratch.path().to_string_lossy());
        shell::run(&["cp", "-a", &from, &to])?;
        let copy = Data {
            scratch,
            database: database.transpose()?,
            log: self.log,
        };
        copy.settle(mail_port)?;
        Ok(copy)
    }

    /// Another node's, of the same installation in the same database.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn of_another_node(&self, name: &str) -> Result<Data> {
        let scratch = Scratch::new(name)?;
        for file in ["root.key", "henhouse.toml"] {
            fs::copy(self.path().join(file), scratch.path().join(file))?;
        }
        let exhibits = "exhibits";
        std::os::unix::fs::symlink(self.path().join(exhibits), scratch.path().join(exhibits))?;
        Ok(Data {
            scratch,
            database: None,
            log: self.log,
        })
    }

    fn with(database: Option<Database>, name: &str, mail_port: Option<u16>) -> Result<Data> {
        let data = Data {
            scratch: Scratch::new(name)?,
            database,
            log: "error",
        };
        data.settle(mail_port)?;
        Ok(data)
    }

    /// Writes its settings.
    fn settle(&self, mail_port: Option<u16>) -> Result<()> {
        let database = self
            .address()
            .map(|address| format!("database = '{address}'\n"));
        let mail = mail_port.map(|port| {
            format!(
                "[mail]\nhost = '127.0.0.1'\nport = {port}\nsecurity = 'none'\nhello = 'bench'\n\
                 from = 'Henhouse <hen@farm.example>'\n"
            )
        });
        let settings = [database, mail].into_iter().flatten().collect::<String>();
        Ok(fs::write(self.path().join("henhouse.toml"), settings)?)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.scratch.path()
    }

    /// The address of its database, if that is no file in it.
    pub fn address(&self) -> Option<String> {
        let kept = self.database.as_ref()?;
        Some(kept.cluster.address_of(&kept.name))
    }

    /// Where its rows are: the database's address, or the directory.
    pub fn place(&self) -> String {
        let path = || self.path().to_string_lossy().into_owned();
        self.address().unwrap_or_else(path)
    }

    /// How long a file of it is, in bytes; 0 if it is not there.
    pub fn bytes(&self, name: &str) -> u64 {
        fs::metadata(self.path().join(name)).map_or(0, |file| file.len())
    }

    /// How much its rows take on disk, in bytes, once nobody serves it and what was left behind is cleared away.
    ///
    /// # Errors
    /// The database does not say.
    pub fn size(&self) -> Result<u64> {
        let Some(Database { cluster, name }) = &self.database else {
            return Ok(self.bytes("henhouse.db"));
        };
        cluster.sql(name, "VACUUM")?;
        cluster.sql(name, "CHECKPOINT")?;
        let size = cluster.sql(name, "SELECT pg_database_size(current_database())")?;
        Ok(size.trim().parse()?)
    }

    /// How long its write-ahead log is, in bytes; of a cluster, all of it.
    pub fn log_bytes(&self) -> u64 {
        let Some(Database { cluster, name }) = &self.database else {
            return self.bytes("henhouse.db-wal");
        };
        let said = cluster.sql(name, "SELECT sum(size) FROM pg_ls_waldir()");
        said.ok()
            .and_then(|sum| sum.trim().parse().ok())
            .unwrap_or(0)
    }
}

impl Database {
    fn new(cluster: &Arc<Cluster>, like: &str) -> Result<Database> {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let name = format!("bench_{}", MADE.fetch_add(1, Ordering::Relaxed));
        let create = format!("CREATE DATABASE {name} TEMPLATE {like} STRATEGY file_copy");
        cluster.sql("postgres", &create)?;
        let cluster = Arc::clone(cluster);
        Ok(Database { cluster, name })
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // What stays behind goes with the cluster.
        let drop_it = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        drop(self.cluster.sql("postgres", &drop_it));
    }
}
