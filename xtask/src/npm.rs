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
    /// What it needs beside it, each with its version.
    pub needs: &'static [(&'static str, &'static str)],
}

impl Package {
    /// Where it lies, below the top folder.
    fn folder(&self) -> String {
        format!("target/ci/{}-{}", self.name, self.version)
    }

    /// The file, if it is there with all that it needs.
    pub fn file(&self) -> Option<PathBuf> {
        let root = shell::root().ok()?;
        let there = |(name, _): &(&str, &str)| {
            let own = root.join(self.place_of(name)).join("package.json");
            own.is_file()
        };
        let file = root.join(self.folder()).join("package").join(self.file);
        (file.is_file() && self.needs.iter().all(there)).then_some(file)
    }

    /// Where it looks for what it needs.
    fn place_of(&self, name: &str) -> String {
        format!("{}/package/node_modules/{name}", self.folder())
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
        let folder = self.folder();
        self.unpack(self.name, self.version, &format!("{folder}/package"))?;
        for (name, version) in self.needs {
            self.unpack(name, version, &self.place_of(name))?;
        }
        Ok(())
    }

    /// Puts what is in a package into a folder.
    fn unpack(&self, name: &str, version: &str, into: &str) -> Result<()> {
        let folder = self.folder();
        fs::create_dir_all(shell::root()?.join(into))?;
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
        // `@scope/name` is packed as `scope-name`.
        let packed = name.trim_start_matches('@').replace('/', "-");
        let packed = format!("{folder}/{packed}-{version}.tgz");
        shell::run(&["tar", "-xzf", &packed, "--strip-components=1", "-C", into])
    }
}
