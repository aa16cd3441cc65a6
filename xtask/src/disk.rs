//! The tests on a disk that forgets and fails need a file system of their own, and so a machine that lets them mount one.

use std::fs;
use std::io;

use crate::rules;

/// The tests. Everywhere else they count as skipped.
const TESTS: &str =
    "cargo nextest run --locked -p henhouse --test faults --no-fail-fast --run-ignored only";
const TESTS_WITHOUT_NEXTEST: &str =
    "cargo test --locked -p henhouse --test faults --no-fail-fast -- --ignored";
/// Where the kernel says what a process may do, and the bit for mounting (`CAP_SYS_ADMIN`).
const STATUS: &str = "/proc/self/status";
const MAY_MOUNT: u32 = 21;
/// The door to FUSE.
const FUSE: &str = "/dev/fuse";

/// The line that runs the tests.
pub fn tests() -> &'static str {
    if rules::has_nextest() {
        TESTS
    } else {
        TESTS_WITHOUT_NEXTEST
    }
}

/// Why they cannot run here; nothing if they can.
pub fn why_not() -> Option<String> {
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
