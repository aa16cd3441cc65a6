//! A PostgreSQL of a test's own, which it may stop, kill and start again.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A cluster in a folder of its own, reached by a socket there. It ends with the test.
pub struct Cluster {
    folder: PathBuf,
    programs: PathBuf,
    settings: String,
}

impl Cluster {
    /// Makes one with further settings, such as `-c ssl=on`, and starts it.
    pub fn start(name: &str, settings: &str) -> Self {
        let cluster = Self::make(name, settings);
        cluster.up();
        cluster
    }

    /// Makes one that does not run yet.
    pub fn make(name: &str, settings: &str) -> Self {
        // A socket's path must be short.
        let folder = std::env::temp_dir().join(format!("hen-{name}-{}", std::process::id()));
        let _left_by_a_killed_test = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder");
        let programs = programs();
        let cluster = Self {
            settings: settings.to_owned(),
            folder,
            programs,
        };
        if is_root() {
            let owned = Command::new("chown")
                .arg("postgres")
                .arg(&cluster.folder)
                .status();
            assert!(owned.expect("chown").success());
        }
        let data = cluster.data();
        cluster.run(
            "initdb",
            &[
                "-D",
                &data,
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ],
        );
        cluster
    }

    /// The same with these settings besides, from its next start on.
    pub fn with(mut self, settings: &str) -> Self {
        self.settings = settings.to_owned();
        self
    }

    /// Where its rows are.
    pub fn data(&self) -> String {
        self.folder.join("data").display().to_string()
    }

    /// The folder that it may read.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where it is, as the program takes it.
    pub fn address(&self) -> String {
        let folder = self.folder.display().to_string().replace('/', "%2F");
        format!("postgres://postgres@{folder}/postgres")
    }

    /// Starts it and waits until it answers.
    pub fn up(&self) {
        let folder = self.folder.display();
        let settings = format!(
            "-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off {}",
            self.settings
        );
        let (data, log) = (self.data(), format!("{folder}/log"));
        self.run(
            "pg_ctl",
            &[
                "-D", &data, "-w", "-s", "-l", &log, "-o", &settings, "start",
            ],
        );
    }

    /// Ends it as a crash does: nothing is finished, nobody is told.
    pub fn crash(&self) {
        let data = self.data();
        self.run(
            "pg_ctl",
            &["-D", &data, "-w", "-s", "-m", "immediate", "stop"],
        );
    }

    /// Carries lines out as whoever runs it, with its programs and itself as what they speak of; answers what they say.
    pub fn shell(&self, lines: &str) -> String {
        let path = std::env::var("PATH").unwrap_or_default();
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]);
            command.arg("sh");
            command
        } else {
            Command::new("sh")
        };
        let run = command
            .args(["-e", "-c", lines])
            .current_dir(&self.folder)
            .env("PATH", format!("{}:{path}", self.programs.display()))
            .env("PGHOST", &self.folder)
            .env("PGUSER", "postgres")
            .env("PGDATABASE", "postgres")
            .stdin(Stdio::null())
            .output()
            .expect("there is a shell");
        let said = String::from_utf8_lossy(&run.stdout).into_owned();
        let trouble = String::from_utf8_lossy(&run.stderr);
        assert!(run.status.success(), "{lines}\n{said}{trouble}");
        said
    }

    /// Gives a file to whoever runs it.
    pub fn own(&self, path: &Path) {
        if is_root() {
            let owned = Command::new("chown").arg("postgres").arg(path).status();
            assert!(owned.expect("chown").success());
        }
    }

    fn run(&self, program: &str, words: &[&str]) {
        let program = self.programs.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]);
            command.arg(program);
            command
        } else {
            Command::new(program)
        };
        command
            .args(words)
            .current_dir(&self.folder)
            .stdout(Stdio::null());
        let status = command.status().expect("PostgreSQL is installed");
        let log = || fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        assert!(status.success(), "{words:?}: {}", log());
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let data = self.data();
        if Path::new(&data).join("postmaster.pid").exists() && !std::thread::panicking() {
            self.crash();
        } else {
            let _ = Command::new("setpriv")
                .args(["--reuid=postgres", "--regid=postgres", "--clear-groups"])
                .arg(self.programs.join("pg_ctl"))
                .args(["-D", &data, "-s", "-m", "immediate", "stop"])
                .stderr(Stdio::null())
                .status();
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|id| id.stdout.trim_ascii() == b"0")
}

/// The newest of Debian's, else what is on the path.
fn programs() -> PathBuf {
    let debian = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let versions = debian.filter_map(|folder| folder.file_name().to_str()?.parse::<u32>().ok());
    versions.max().map_or_else(
        || {
            let said = Command::new("pg_config")
                .arg("--bindir")
                .output()
                .expect("PostgreSQL is installed");
            PathBuf::from(String::from_utf8_lossy(&said.stdout).trim())
        },
        |newest| PathBuf::from(format!("/usr/lib/postgresql/{newest}/bin")),
    )
}
