//! What npm brings for checks alone, into `target/`. Nothing of it is kept in the repository, and a build needs neither it
//! nor Node.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::shell;

/// A package, in one version.
pub struct Package {
    /// Its name.
    pub name: &'static str,
    /// Which one; another one is fetched anew.
    pub version: &'static str,
    /// The file that is wanted of it.
    pub file: &'static str,
}

impl Package {
    /// Where it lies, below the top folder.
    fn folder(&self) -> String {
        format!("target/ci/{}-{}", self.name, self.version)
    }

    /// The file, if it is there.
    pub fn file(&self) -> Option<PathBuf> {
        let folder = shell::root().ok()?.join(self.folder());
        let file = folder.join("package").join(self.file);
        file.is_file().then_some(file)
    }

    /// Why nothing can be checked with it here; nothing if something can.
    pub fn why_not(&self) -> Option<String> {
        let (name, version) = (self.name, self.version);
        let there = self.file().is_some();
        (!there).then(|| format!("{name}@{version} is not here, and npm could not fetch it"))
    }

    /// Fetches it, once.
    ///
    /// # Errors
    /// There is no npm, or it reaches nothing.
    pub fn fetch(&self) -> Result<()> {
        if self.file().is_some() {
            return Ok(());
        }
        let (name, version, folder) = (self.name, self.version, self.folder());
        fs::create_dir_all(shell::root()?.join(&folder))?;
        let package = format!("{name}@{version}");
        let pack = [
            "npm",
            "pack",
            &package,
            "--silent",
            "--pack-destination",
            &folder,
        ];
        shell::run(&pack).context("npm reaches no registry (Debian: apt-get install npm)")?;
        let packed = format!("{folder}/{name}-{version}.tgz");
        shell::run(&["tar", "-xzf", &packed, "-C", &folder])
    }
}
