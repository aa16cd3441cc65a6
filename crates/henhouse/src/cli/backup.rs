//! `henhouse backup` and `henhouse restore`.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::client::Client;
use super::failure::{Failure, Outcome};
use super::local::{Data, on_the_spot};
use super::out;
use crate::backup::{self, Checked, Depth, Place};
use crate::clock::Clock;
use crate::ids::Ids;
use crate::serve::{Home, ROOT_KEY};
use crate::vault::RootKey;

/// Make a backup, also while the installation is served: rows, settings and exhibits, encrypted. The root
/// key is not in it: keep a copy of it elsewhere.
#[derive(Debug, Args)]
pub struct Backup {
    #[command(flatten)]
    data: Data,
    /// The folder in which backups lie, or s3://bucket/prefix; the place in the settings, if none is named.
    #[arg(long, value_name = "PLACE")]
    to: Option<String>,
}

impl Backup {
    pub(super) async fn run(self, json: bool) -> Outcome {
        let config = crate::config::read(None, self.data.folder()).map_err(Failure::failed)?;
        let (planned, s3) = config.backup.map(|plan| (plan.to, plan.s3)).unzip();
        let to = self.to.or(planned).map(|to| from_here(&to));
        let body = json!({ "to": to, "s3": s3.unwrap_or_default() });
        let make = async |client: &Client| client.post("/api/v1/admin/backup", &body).await;
        let made = on_the_spot(&self.data, make).await?;
        if json {
            out(format_args!("{made:#}"));
        } else {
            out(format_args!(
                "Backup {} in {}: {} entries, {} exhibits ({} of them new), {} bytes of rows, read again and whole.",
                word(&made["name"]),
                word(&made["place"]),
                made["entries"],
                made["exhibits"],
                made["copied"],
                made["bytes"]
            ));
        }
        let findings = made["findings"].as_array().cloned().unwrap_or_default();
        if findings.is_empty() {
            return Ok(());
        }
        findings.iter().for_each(|finding| out(word(finding)));
        Err(Failure::Failed(
            "The backup is made, and holds what is there. The installation itself is damaged, as said above: \
             run `henhouse verify`."
                .to_owned(),
        ))
    }
}

/// A folder as it is named from everywhere; a bucket is.
fn from_here(to: &str) -> String {
    let folder = (!to.starts_with("s3://")).then(|| std::path::absolute(to).ok());
    let folder = folder
        .flatten()
        .and_then(|folder| folder.into_os_string().into_string().ok());
    folder.unwrap_or_else(|| to.to_owned())
}

fn word(value: &Value) -> String {
    super::report::words(value)
}

/// Put a backup back into an empty data directory, or check one. Both need the root key: the one in the data directory,
/// or a copy named with --key.
#[derive(Debug, Args)]
pub struct Restore {
    /// The folder in which backups lie, or s3://bucket/prefix. How the bucket is reached stands in [backup.s3] of the
    /// data directory's settings, if there are any, or in AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID and
    /// AWS_SECRET_ACCESS_KEY.
    #[arg(long, value_name = "PLACE")]
    from: String,
    /// Which backup; the newest one that is whole, if none is named.
    #[arg(long, value_name = "NAME")]
    backup: Option<String>,
    /// Only read it, to its last byte: say how old it is, what is in it and whether it is whole.
    #[arg(long)]
    check: bool,
    /// With --check: fail with exit code 8 if it is older.
    #[arg(long, value_name = "HOURS", requires = "check")]
    max_age_hours: Option<u32>,
    /// The copy of the root key; the one in the data directory, if none is named.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// The data directory.
    #[arg(long, env = "HENHOUSE_DATA", default_value_os_t = super::local::default_data())]
    data: PathBuf,
    /// Put the rows into this empty PostgreSQL database, not into a file in the data directory.
    #[arg(long, env = "HENHOUSE_DATABASE", hide_env_values = true)]
    database: Option<String>,
}

impl Restore {
    pub(super) async fn run(self, json: bool) -> Outcome {
        let work = move || match self.check {
            true => self.check(json),
            false => self.restore(json),
        };
        tokio::task::spawn_blocking(work)
            .await
            .map_err(Failure::failed)?
    }

    fn root(&self) -> Outcome<RootKey> {
        let own = self.data.join(ROOT_KEY);
        let read = RootKey::read(self.key.as_deref().unwrap_or(&own));
        read.map_err(|error| {
            let hint = match &self.key {
                Some(_) => "",
                None => " A copy of the root key that is kept elsewhere is named with --key FILE.",
            };
            Failure::failed(format!("{error}{hint}"))
        })
    }

    fn place(&self) -> Outcome<Place> {
        let config = crate::config::read(None, &self.data).map_err(Failure::failed)?;
        let s3 = config.backup.map(|plan| plan.s3).unwrap_or_default();
        Place::of(&self.from, &s3).map_err(Failure::failed)
    }

    fn check(&self, json: bool) -> Outcome {
        let (place, root) = (self.place()?, self.root()?);
        unfinished(&place)?;
        let name = backup::choose(&place, self.backup.as_deref()).map_err(Failure::failed)?;
        let checked = backup::check(&place, &name, &root, Depth::Everything);
        let checked = checked.map_err(Failure::failed)?;
        let age = checked.age_seconds(Clock::real().wall());
        if json {
            out(format_args!("{:#}", as_json(&name, &checked, age)));
        } else {
            say(&name, &checked, age);
        }
        let manifest = &checked.manifest;
        if !checked.problems.is_empty() {
            return Err(Failure::Failed(
                "This backup is damaged. Take an older one (--backup NAME), and make a new one now."
                    .to_owned(),
            ));
        }
        if !manifest.findings.is_empty() || !manifest.missing.is_empty() {
            return Err(Failure::Failed(
                "This backup is what was written, but the installation was damaged already when it was made."
                    .to_owned(),
            ));
        }
        match self.max_age_hours {
            Some(hours) if age > i64::from(hours) * 3_600 => Err(Failure::TooOld(format!(
                "This backup is whole, and older than {hours} hours."
            ))),
            _ => Ok(()),
        }
    }

    fn restore(&self, json: bool) -> Outcome {
        let (place, root) = (self.place()?, self.root()?);
        let ids = Ids::system().map_err(Failure::failed)?;
        unfinished(&place)?;
        let name = backup::choose(&place, self.backup.as_deref()).map_err(Failure::failed)?;
        let home = Home {
            data: self.data.clone(),
            database: self.database.clone(),
        };
        let store = home.open(&ids)?;
        // Before the key: a directory with a key and no rows would be served as a new installation.
        backup::reserve(&store).map_err(Failure::failed)?;
        let key = self.data.join(ROOT_KEY);
        match RootKey::read(&key) {
            Ok(there) if !there.is(&root) => {
                return Err(Failure::Failed(format!(
                    "{} is another installation's root key: restore into an empty data directory",
                    key.display()
                )));
            }
            Ok(_) => {}
            Err(_) => root.keep_at(&key, &ids).map_err(Failure::failed)?,
        }
        let restored = backup::restore((&place, &name), &root, &self.data, &store);
        let restored = restored.map_err(Failure::failed)?;
        let (manifest, counts) = (&restored.manifest, restored.manifest.rows.counts);
        let hash = casefile::Hash::from(manifest.rows.sha256).to_string();
        if json {
            let answer = json!({
                "backup": name, "made_at": manifest.made_at, "journals": counts.journals,
                "entries": counts.entries, "exhibits": restored.exhibits, "sha256": hash,
            });
            out(format_args!("{answer:#}"));
        } else {
            out(format_args!(
                "Restored {name}, which shows {}: {} journals, {} entries, {} exhibits. What was written was \
                 read again and is the same (SHA-256 {hash}).",
                manifest.made_at, counts.journals, counts.entries, restored.exhibits
            ));
        }
        if let Some(settings) = &restored.settings {
            eprintln!(
                "The settings of then are in {}: look at them, rename the file to {} and serve. Until then \
                 no mail leaves.",
                settings.display(),
                crate::config::FILE
            );
        }
        Ok(())
    }
}

/// Says which backups did not come to their end.
fn unfinished(place: &Place) -> Outcome {
    let all = place.backups().map_err(Failure::failed)?;
    for found in all.iter().filter(|found| !found.whole) {
        eprintln!(
            "{} did not come to its end, and is passed over.",
            found.name
        );
    }
    Ok(())
}

fn say(name: &str, checked: &Checked, age: i64) {
    let (manifest, counts) = (&checked.manifest, checked.manifest.rows.counts);
    out(format_args!(
        "Backup {name} shows {} and is {} old; made by Henhouse {} from {}.",
        manifest.made_at,
        length(age),
        manifest.program,
        manifest.backend
    ));
    out(format_args!(
        "{} journals, {} cases, {} entries, {} sealed texts, {} deliveries, {} accounts; {} of {} exhibits read to \
         their end.",
        counts.journals,
        counts.cases,
        counts.entries,
        counts.texts,
        counts.deliveries,
        counts.accounts,
        checked.exhibits,
        manifest.exhibits.len()
    ));
    for problem in checked.problems.iter().chain(&manifest.findings) {
        out(problem);
    }
    for piece in &manifest.missing {
        out(format_args!(
            "exhibit {} of journal {} was missing or damaged when the backup was made",
            piece.hash(),
            piece.journal
        ));
    }
    if checked.problems.is_empty() {
        out(format_args!(
            "It is whole: every byte opens, and the rows have the hash that was written (SHA-256 {}).",
            casefile::Hash::from(manifest.rows.sha256)
        ));
    }
}

fn as_json(name: &str, checked: &Checked, age: i64) -> Value {
    let manifest = &checked.manifest;
    json!({
        "backup": name, "made_at": manifest.made_at, "age_seconds": age,
        "whole": checked.problems.is_empty(), "problems": checked.problems,
        "findings": manifest.findings, "missing": manifest.missing,
        "rows": manifest.rows, "exhibits": checked.exhibits,
    })
}

/// An age in words.
fn length(seconds: i64) -> String {
    match seconds {
        ..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", seconds / 60),
        7_200..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}
