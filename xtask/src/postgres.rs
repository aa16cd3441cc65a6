//! A PostgreSQL of our own: a new cluster, reached by a socket in a folder of its own and by nothing else. For the
//! tests it works without fsync, because nothing in it has to last; for the bench as a user's does. It ends with us.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::{rules, shell};

/// The oldest version that Henhouse works with.
const OLDEST: u32 = 15;
/// Where Debian puts its versions.
const DEBIAN: &str = "/usr/lib/postgresql";
/// How the tests hear of it.
pub const VARIABLE: &str = "HENHOUSE_TEST_POSTGRES";
/// The tests that need it. Everywhere else they count as skipped.
const TESTS: &str = "cargo nextest run --workspace --locked --no-fail-fast --run-ignored only \
    -E test(/postgres/)";
const TESTS_WITHOUT_NEXTEST: &str =
    "cargo test --workspace --locked --no-fail-fast --lib --tests -- --ignored postgres";

/// `cargo xtask postgres`: runs these words, or the tests that need a PostgreSQL, beside a new one.
///
/// # Errors
/// There is no PostgreSQL on this machine, or what was run failed.
pub fn main(words: &[&str]) -> Result<()> {
    let cluster = Cluster::start()?;
    let tests: Vec<&str> = tests().split_whitespace().collect();
    let words = if words.is_empty() { &tests } else { words };
    let status = shell::command(words)?
        .env(VARIABLE, cluster.address())
        .status()?;
    if !status.success() {
        bail!("`{}` failed ({status})", words.join(" "));
    }
    Ok(())
}

/// The line that runs the tests.
pub fn tests() -> &'static str {
    if rules::has_nextest() {
        TESTS
    } else {
        TESTS_WITHOUT_NEXTEST
    }
}

/// Whether a PostgreSQL that is new enough is installed.
pub fn is_installed() -> bool {
    programs().is_some()
}

/// What a cluster without fsync is told: it is there for tests.
const FLEETING: &str = "-c fsync=off -c full_page_writes=off -c max_connections=200";
/// And one that keeps its word: as PostgreSQL comes, with the memory that guides give it on a small machine.
const LASTING: &str = "-c shared_buffers=512MB -c max_wal_size=2GB -c max_connections=200";

/// A running cluster; it ends when this is dropped.
pub struct Cluster {
    /// With its socket: a socket's path must be short, so this is not below target/.
    folder: PathBuf,
    /// With its files.
    data: PathBuf,
    programs: PathBuf,
}

impl Cluster {
    /// Makes a cluster for tests and starts it.
    ///
    /// # Errors
    /// None is installed, or it does not start.
    pub fn start() -> Result<Self> {
        Self::with(None, FLEETING)
    }

    /// Makes one that flushes what it commits to the disk of this folder.
    ///
    /// # Errors
    /// None is installed, or it does not start.
    pub fn lasting(data: PathBuf) -> Result<Self> {
        Self::with(Some(data), LASTING)
    }

    fn with(data: Option<PathBuf>, settings: &str) -> Result<Self> {
        let programs = programs().context(
            "there is no PostgreSQL 15 or newer on this machine (Debian: apt-get install postgresql)",
        )?;
        let folder = std::env::temp_dir().join(format!("henhouse-pg-{}", std::process::id()));
        let data = data.unwrap_or_else(|| folder.join("data"));
        let cluster = Self {
            folder,
            data,
            programs,
        };
        let named = |path: &Path| path.to_str().map(str::to_owned).context("a name in UTF-8");
        let (folder, data) = (named(&cluster.folder)?, named(&cluster.data)?);
        for folder in [&folder, &data] {
            fs::create_dir_all(folder)?;
            if is_root()? {
                shell::run(&["chown", "postgres", folder])?;
            }
        }
        let how = "-U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync";
        let words: Vec<&str> = ["initdb", "-D", &data]
            .into_iter()
            .chain(how.split(' '))
            .collect();
        cluster.run(&words)?;
        let settings =
            format!("-c listen_addresses= -c unix_socket_directories={folder} {settings}");
        let log = format!("{folder}/log");
        let start = [
            "pg_ctl", "-D", &data, "-w", "-s", "-l", &log, "-o", &settings, "start",
        ];
        if let Err(trouble) = cluster.run(&start) {
            bail!(
                "{trouble:#}\n{}",
                fs::read_to_string(&log).unwrap_or_default()
            );
        }
        Ok(cluster)
    }

    /// Where it is, as the program takes it.
    pub fn address(&self) -> String {
        self.address_of("postgres")
    }

    /// Where one of its databases is.
    pub fn address_of(&self, database: &str) -> String {
        let folder = self.folder.display().to_string().replace('/', "%2F");
        format!("postgres://postgres@{folder}/{database}")
    }

    /// Carries out a statement in one of its databases; gives what it answers, without heads.
    ///
    /// # Errors
    /// It is refused.
    pub fn sql(&self, database: &str, sql: &str) -> Result<String> {
        let (psql, folder) = (self.programs.join("psql"), self.folder.to_string_lossy());
        let psql = psql.to_str().context("a path in UTF-8")?;
        shell::read(&[
            psql, "-h", &folder, "-U", "postgres", "-d", database, "-XAtqc", sql,
        ])
    }

    /// The id of its first process, from which every connection's comes.
    ///
    /// # Errors
    /// It does not run.
    pub fn process(&self) -> Result<String> {
        let file = fs::read_to_string(self.data.join("postmaster.pid"))?;
        let first = file.lines().next().map(str::trim);
        first.map(str::to_owned).context("it does not run")
    }

    /// Commits a second, and how long each took on average in milliseconds, where one client does nothing but insert a row
    /// of so many bytes and commit, again and again.
    ///
    /// # Errors
    /// PostgreSQL's own measuring program is not installed or fails.
    pub fn commits(&self, bytes: usize) -> Result<(f64, f64)> {
        let script = self.folder.join("commit.sql");
        let insert = format!("INSERT INTO bare VALUES (repeat('x', {bytes}));\n");
        fs::write(&script, insert)?;
        self.sql("postgres", "CREATE TABLE IF NOT EXISTS bare (words text)")?;
        let (folder, script) = (self.folder.to_string_lossy(), script.to_string_lossy());
        let measure = self.programs.join("pgbench");
        let measure = measure.to_str().context("a path in UTF-8")?;
        let how = ["-U", "postgres", "-n", "-M", "prepared", "-T", "2", "-f"];
        let mut words = vec![measure, "-h", &folder];
        words.extend(how);
        words.extend([&*script, "postgres"]);
        let said = shell::read(&words)?;
        let after = |words: &str| {
            let line = said.lines().find_map(|line| line.strip_prefix(words));
            line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok())
                .with_context(|| format!("pgbench does not say its {words:?}"))
        };
        Ok((after("tps = ")?, after("latency average = ")?))
    }

    /// Makes a database of this name; says where it is.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn database(&self, name: &str) -> Result<String> {
        let folder = self.folder.display().to_string();
        self.run(&["createdb", "-h", &folder, "-U", "postgres", name])?;
        let folder = folder.replace('/', "%2F");
        Ok(format!("postgres://postgres@{folder}/{name}"))
    }

    /// Runs a program of PostgreSQL, which refuses to be run by root.
    fn run(&self, words: &[&str]) -> Result<()> {
        let (program, rest) = words.split_first().context("a program")?;
        let program = self.programs.join(program);
        let program = program.to_str().context("a program's path in UTF-8")?;
        let mut line = if is_root()? {
            vec![
                "setpriv",
                "--reuid=postgres",
                "--regid=postgres",
                "--clear-groups",
            ]
        } else {
            Vec::new()
        };
        line.push(program);
        line.extend(rest);
        let output = shell::command(&line)?
            .current_dir(&self.folder)
            .stdout(std::process::Stdio::null())
            .status()?;
        if !output.success() {
            bail!("`{}` failed ({output})", words.join(" "));
        }
        Ok(())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let data = self.data.to_string_lossy();
        // What does not stop, or stays behind, lies in the folder for temporary files.
        drop(self.run(&["pg_ctl", "-D", &data, "-s", "-m", "immediate", "stop"]));
        drop(fs::remove_dir_all(&self.folder));
        drop(fs::remove_dir_all(&self.data));
    }
}

/// Whether we are root: PostgreSQL refuses to be run so.
///
/// # Errors
/// The system does not say.
pub fn is_root() -> Result<bool> {
    Ok(shell::read(&["id", "-u"])?.trim() == "0")
}

/// The folder of the newest version's programs.
pub fn programs() -> Option<PathBuf> {
    let debian = fs::read_dir(DEBIAN).into_iter().flatten().flatten();
    let versions = debian.filter_map(|folder| folder.file_name().to_str()?.parse::<u32>().ok());
    let newest = versions.filter(|version| *version >= OLDEST).max();
    let debian = newest.map(|version| Path::new(DEBIAN).join(version.to_string()).join("bin"));
    debian
        .or_else(on_the_path)
        .filter(|folder| folder.join("initdb").is_file())
}

fn on_the_path() -> Option<PathBuf> {
    let version = shell::read(&["pg_config", "--version"]).ok()?;
    let number: u32 = version.split([' ', '.']).nth(1)?.trim().parse().ok()?;
    let folder = shell::read(&["pg_config", "--bindir"]).ok()?;
    (number >= OLDEST).then(|| PathBuf::from(folder.trim()))
}
