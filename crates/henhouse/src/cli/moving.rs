//! `henhouse migrate-store`: from the file in the data directory to a PostgreSQL database, and back.

use std::path::Path;

use clap::Args;

use super::failure::{Failure, Outcome};
use super::out;
use crate::backup::{self, MOVED};
use crate::clock::Clock;
use crate::ids::Ids;
use crate::serve::{DATABASE, Home, ROOT_KEY};
use crate::store::Store;
use crate::vault::RootKey;

/// Move an installation between the file in its data directory and a PostgreSQL database. Keys and
/// exhibits stay in the data directory. Nothing may be served meanwhile.
#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("way").required(true)))]
pub struct MigrateStore {
    /// The data directory.
    #[arg(long, env = "HENHOUSE_DATA", default_value_os_t = super::local::default_data())]
    data: std::path::PathBuf,
    /// Into this empty database: postgres://user@host/database. Give `-` to have the address read from
    /// stdin, so that a password stands in no list of processes.
    #[arg(long, group = "way", value_name = "ADDRESS")]
    to: Option<String>,
    /// Out of this database, into the file in the data directory; `-` reads the address from stdin.
    #[arg(long, group = "way", value_name = "ADDRESS")]
    from: Option<String>,
}

impl MigrateStore {
    pub(super) async fn run(self) -> Outcome {
        let Self { data, to, from } = self;
        let into_database = to.is_some();
        let address = address(to.or(from).unwrap_or_default())?;
        let work = move || match into_database {
            true => into_the_database(&data, address),
            false => out_of_the_database(&data, address),
        };
        tokio::task::spawn_blocking(work)
            .await
            .map_err(Failure::failed)?
    }
}

fn address(given: String) -> Outcome<String> {
    let mut line = given;
    if line == "-" {
        line.clear();
        std::io::stdin()
            .read_line(&mut line)
            .map_err(Failure::failed)?;
    }
    let line = line.trim();
    if !["postgres://", "postgresql://"]
        .iter()
        .any(|begin| line.starts_with(begin))
    {
        return Err(Failure::Usage(
            "The address of a PostgreSQL database begins with postgres://, as in postgres://user@host/database."
                .to_owned(),
        ));
    }
    Ok(line.to_owned())
}

/// The root key, which stays where it is and opens what is moved.
fn root(data: &Path) -> Outcome<RootKey> {
    RootKey::read(&data.join(ROOT_KEY)).map_err(Failure::failed)
}

fn home(data: &Path, database: Option<String>) -> Home {
    let data = data.to_owned();
    Home { data, database }
}

fn open(home: &Home) -> Outcome<Store> {
    let ids = Ids::system().map_err(Failure::failed)?;
    Ok(home.open(&ids)?)
}

fn into_the_database(data: &Path, address: String) -> Outcome {
    let file = home(data, None);
    if !file.is_there() {
        return Err(Failure::Failed(format!(
            "there is no database file in {}: nothing to move",
            data.display()
        )));
    }
    // The file first: it holds the directory's lock.
    let (source, root) = (open(&file)?, root(data)?);
    backup::may_leave(&source, &root).map_err(Failure::failed)?;
    let target = database(address)?;
    let place = target.shared().unwrap_or_default();
    let moved = backup::transfer(&source, &target, &root, &place).map_err(Failure::failed)?;
    told(&moved);
    eprintln!(
        "Now write `database = \"postgres://…\"` into {}, and serve. The old file stays where it is, marked \
         as left: it is not served any more. Remove it when you no longer want it.",
        data.join(crate::config::FILE).display()
    );
    Ok(())
}

fn out_of_the_database(data: &Path, address: String) -> Outcome {
    let (root, source) = (root(data)?, database(address)?);
    backup::may_leave(&source, &root).map_err(Failure::failed)?;
    let file = home(data, None);
    if file.is_there() {
        let left = open(&file)?;
        let mark = left.read_inline(|view| view.setting(MOVED));
        drop(left);
        if mark.map_err(Failure::failed)?.is_some() {
            let aside = backup::set_aside(data, DATABASE, Clock::real().now());
            let aside = aside.map_err(Failure::failed)?;
            eprintln!("The file that was left earlier is {} now.", aside.display());
        }
    }
    let target = open(&file)?;
    let absolute = std::path::absolute(data).unwrap_or_else(|_| data.to_owned());
    let place = format!("the data directory {}", absolute.display());
    let moved = backup::transfer(&source, &target, &root, &place).map_err(Failure::failed)?;
    told(&moved);
    eprintln!(
        "Now remove the line `database = …` from the settings, and serve. What is in the database stays \
         there, marked as left: no node serves it any more."
    );
    Ok(())
}

/// A database without the lock of a data directory, which the other store holds.
fn database(address: String) -> Outcome<Store> {
    let ids = Ids::system().map_err(Failure::failed)?;
    let options = crate::store::PostgresOptions {
        address,
        node: ids.uuid_v7(Clock::real().now()),
        readers: 0,
        held: None,
    };
    Store::postgres(&options).map_err(Failure::failed)
}

fn told(moved: &backup::Moved) {
    let counts = moved.sum.counts;
    out(format_args!(
        "Moved: {} journals, {} entries, {} sealed texts, {} deliveries, {} accounts; every chain holds, and \
         what was read again is the same (SHA-256 {}).",
        counts.journals,
        counts.entries,
        counts.texts,
        counts.deliveries,
        counts.accounts,
        casefile::Hash::from(moved.sum.sha256)
    ));
}
