//! Settings of an installation: one optional TOML file, and options that win over it.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::backup::Plan;
use crate::delivery::beat::BeatSettings;
use crate::delivery::mail::MailSettings;

/// The file looked for in the data directory when none is named.
pub const FILE: &str = "henhouse.toml";

/// What the settings file may say. Everything has a default.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where people reach the pages, such as `https://hen.example.org`; needed as soon as the
    /// address that people use is not the one that is listened on.
    pub base_url: Option<String>,
    /// Time zone of the first project's calendar; `UTC` when left out.
    pub zone: Option<String>,
    /// The database, if it is not the file in the data directory:
    /// `postgres://user:password@host:port/database`. Keys and exhibits stay in the data directory.
    pub database: Option<String>,
    /// Where backups go, and how often. Without it nobody makes them by themselves.
    pub backup: Option<Plan>,
    /// How mail leaves. Without it nobody is written to, and start-up says so.
    pub mail: Option<MailSettings>,
    /// Who is told outside, again and again, that this process is well. Without it nobody outside notices when it is not.
    pub watcher: Option<BeatSettings>,
}

/// A settings file that cannot be used, in a sentence for the person who wrote it.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// It cannot be read.
    #[error("the settings file {} cannot be read: {cause}", .path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// It says something that Henhouse does not know; line and column are in the cause.
    #[error("the settings file {} has a mistake: {cause}", .path.display())]
    Mistaken {
        /// Which file.
        path: PathBuf,
        /// Where and what.
        cause: Box<toml::de::Error>,
    },
}

/// Reads the named file, or the one in the data directory if it is there.
///
/// # Errors
/// [`ConfigError`], also when a named file is not there.
pub fn read(named: Option<&Path>, data: &Path) -> Result<Config, ConfigError> {
    let path = named.map_or_else(|| data.join(FILE), Path::to_owned);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(cause) if named.is_none() && cause.kind() == std::io::ErrorKind::NotFound => {
            return Ok(Config::default());
        }
        Err(cause) => return Err(ConfigError::Unreadable { path, cause }),
    };
    toml::from_str(&text).map_err(|cause| ConfigError::Mistaken {
        path,
        cause: Box::new(cause),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_names_its_line() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.toml");
        std::fs::write(&path, "base_url = 'http://x'\nmial = 3\n").expect("written");
        let said = read(Some(&path), folder.path())
            .expect_err("a mistake")
            .to_string();
        assert!(said.contains("line 2"), "{said}");
        assert!(said.contains("mial"), "{said}");
    }

    #[test]
    fn no_file_is_fine_unless_it_was_named() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(read(None, folder.path()).is_ok());
        assert!(read(Some(&folder.path().join("no.toml")), folder.path()).is_err());
    }
}
