//! Tests that a plain run skips, because they need what not every machine has. Each program of them is a stage of its own.

use std::fs;
use std::io;
use std::path::Path;

use crate::ci::{axe, webhooks};
use crate::{postgres, rules, shell};

/// A program of such tests.
pub struct Skipped {
    program: &'static str,
    /// Why they cannot run here; nothing if they can.
    pub why_not: fn() -> Option<String>,
}

/// On a disk that forgets and fails.
pub const DISK: Skipped = Skipped {
    program: "faults",
    why_not: no_disk,
};
/// Under a clock that jumps.
pub const CLOCKS: Skipped = Skipped {
    program: "clocks",
    why_not: no_faketime,
};

/// With the mail servers that people have.
pub const REAL_MAIL: Skipped = Skipped {
    program: "real_mail",
    why_not: no_mail_servers,
};

/// Every page, audited.
pub const AUDIT: Skipped = Skipped {
    program: "pages",
    why_not: axe::why_not,
};

/// With the library that others sign webhooks with.
pub const WEBHOOKS: Skipped = Skipped {
    program: "alerts",
    why_not: webhooks::why_not,
};

/// Where the kernel says what a process may do, and the bit for mounting (`CAP_SYS_ADMIN`).
const STATUS: &str = "/proc/self/status";
const MAY_MOUNT: u32 = 21;
/// The door to FUSE.
const FUSE: &str = "/dev/fuse";

/// Where Debian's `libfaketime` lies, below a folder for each kind of machine.
const LIBRARIES: &str = "/usr/lib";
const FAKETIME: &str = "faketime/libfaketimeMT.so.1";

impl Skipped {
    /// The line that runs them, without those that the stage for PostgreSQL runs.
    pub fn line(&self) -> String {
        let what = format!(
            "--locked -p henhouse --test {} --no-fail-fast",
            self.program
        );
        if rules::has_nextest() {
            format!("cargo nextest run {what} --run-ignored only -E !test(/postgres/)")
        } else {
            format!("cargo test {what} -- --ignored --skip postgres")
        }
    }
}

/// Why `cargo xtask chaos clocks` cannot run here.
pub fn no_clocks() -> Option<String> {
    let no_database = (!postgres::is_installed()).then(|| {
        "there is no PostgreSQL 15 or newer here (Debian: apt-get install postgresql)".to_owned()
    });
    no_faketime().or(no_database)
}

fn no_faketime() -> Option<String> {
    let folders = fs::read_dir(Path::new(LIBRARIES)).ok();
    let mut folders = folders.into_iter().flatten().filter_map(Result::ok);
    let found = folders.any(|folder| folder.path().join(FAKETIME).exists());
    (!found)
        .then(|| "there is no libfaketime here (Debian: apt-get install libfaketime)".to_owned())
}

/// The mail servers, by a command that shows that one is there, and the Debian package that brings it.
pub const MAIL_SERVERS: [(&[&str], &str); 2] = [
    (&["dovecot", "--version"], "dovecot-imapd"),
    (&["postconf", "-d", "mail_version"], "postfix"),
];

fn no_mail_servers() -> Option<String> {
    if !shell::read(&["id", "-u"]).is_ok_and(|id| id.trim() == "0") {
        return Some("Postfix and Dovecot need root".to_owned());
    }
    let mut missing = MAIL_SERVERS
        .iter()
        .filter(|(works, _)| !shell::works(works));
    missing
        .next()
        .map(|(_, package)| format!("{package} is missing (Debian: apt-get install {package})"))
}

fn no_disk() -> Option<String> {
    let status = fs::read_to_string(STATUS).unwrap_or_default();
    if !may_mount(&status) {
        return Some("mounting a file system needs root".to_owned());
    }
    let door = fs::File::options().read(true).write(true).open(FUSE);
    door.err().map(|error| match error.kind() {
        io::ErrorKind::NotFound => format!("there is no {FUSE} here"),
        _ => format!("{FUSE} cannot be opened: {error}"),
    })
}

fn may_mount(status: &str) -> bool {
    let line = status.lines().find_map(|line| line.strip_prefix("CapEff:"));
    let rights = line.and_then(|rights| u64::from_str_radix(rights.trim(), 16).ok());
    rights.is_some_and(|rights| rights >> MAY_MOUNT & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_may_not_mount_is_told_apart() {
        assert!(may_mount("Name:\tx\nCapEff:\t000001ffffffffff\n"));
        assert!(!may_mount("CapEff:\t00000000a80425fb\n"));
        assert!(!may_mount(""));
    }
}
