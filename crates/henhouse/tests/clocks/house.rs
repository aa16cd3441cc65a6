//! The house whose clock is moved and whose nodes are frozen.

use std::path::PathBuf;

use henhouse::clock::Clock;
use henhouse::desk::{Desk, Site};
use henhouse::ids::Ids;
use henhouse::store::{PostgresOptions, SqliteOptions, Store};
use henhouse::vault::RootKey;
use tempfile::TempDir;

use super::farm;
use super::peers::smtp::SmtpPeer;
use super::served::{Served, mail_settings};

/// What its nodes share.
pub struct House {
    pub mail: SmtpPeer,
    folder: TempDir,
    ids: Ids,
    database: Option<String>,
}

impl House {
    /// Founds a farm at that time, in a file or in this database.
    pub async fn found(clock: Clock, database: Option<String>) -> Self {
        Self::found_beside(SmtpPeer::plain(), clock, database).await
    }

    /// The same beside this mail server.
    pub async fn found_beside(mail: SmtpPeer, clock: Clock, database: Option<String>) -> Self {
        henhouse::tls::install_provider();
        let house = Self {
            mail,
            folder: tempfile::tempdir().unwrap(),
            ids: Ids::system().unwrap(),
            database,
        };
        let named = house.database.as_ref();
        let named = named.map_or_else(String::new, |database| format!("database = '{database}'\n"));
        mail_settings(&house.data(), house.mail.port, &named);
        let (desk, _) = house.desk(clock, true);
        farm::found(
            &desk,
            "HH",
            "UTC",
            jiff::Timestamp::constant(1_772_409_600, 0),
        )
        .await;
        house
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The data directory of a second node: the same keys and settings.
    pub fn second(&self) -> PathBuf {
        let second = self.folder.path().join("second");
        std::fs::create_dir(&second).unwrap();
        for file in ["root.key", "henhouse.toml"] {
            std::fs::copy(self.data().join(file), second.join(file)).unwrap();
        }
        second
    }

    /// A file beside the data directory.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The desk with a clock of its own; on a file only while nothing serves it.
    pub fn desk(&self, clock: Clock, first: bool) -> (Desk, Store) {
        let store = match &self.database {
            None => Store::sqlite(&self.data(), SqliteOptions { readers: 0 }),
            Some(address) => Store::postgres(&PostgresOptions {
                address: address.clone(),
                node: self.ids.uuid_v7(clock.now()),
                readers: 0,
                held: None,
            }),
        };
        let root = RootKey::open(&self.data().join("root.key"), first, &self.ids).unwrap();
        let store = store.unwrap();
        let desk = Desk::new(
            store.clone(),
            root,
            clock,
            self.ids.clone(),
            site("HH", false),
        );
        (desk, store)
    }

    /// Starts a node.
    pub fn start(&self, data: &std::path::Path, variables: &[(&str, &str)]) -> Served {
        Served::start(data, &[], variables)
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
