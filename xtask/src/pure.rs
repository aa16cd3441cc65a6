//! `cargo xtask pure`: the engine builds alone, without the standard library, and
//! depends only on crates that cannot do I/O.

use std::fs;

use anyhow::{Result, bail, ensure};

use crate::shell;

/// What the engine may link: arithmetic on time, serialisation, nothing else.
const LINKED: [&str; 7] = [
    "jiff",
    "jiff-core",
    "portable-atomic",
    "portable-atomic-util",
    "procedure",
    "serde",
    "serde_core",
];

/// What may run at compile time only, to derive code.
const DERIVING: [&str; 6] = [
    "jiff-static",
    "proc-macro2",
    "quote",
    "serde_derive",
    "syn",
    "unicode-ident",
];

/// Builds the engine alone and checks its dependencies.
///
/// # Errors
/// Names the first thing that is wrong, with the way to mend it.
pub fn main() -> Result<()> {
    let lib = fs::read_to_string(shell::root()?.join("crates/procedure/src/lib.rs"))?;
    ensure!(
        is_no_std(&lib),
        "crates/procedure/src/lib.rs must say `#![no_std]`"
    );
    shell::run(&[
        "cargo",
        "check",
        "--locked",
        "-p",
        "procedure",
        "--no-default-features",
    ])?;
    let tree = shell::read(&[
        "cargo",
        "tree",
        "--locked",
        "-p",
        "procedure",
        "--no-default-features",
        "-e",
        "normal",
        "--prefix",
        "none",
        "--target",
        "all",
    ])?;
    let strangers = strangers(&tree);
    if !strangers.is_empty() {
        bail!(
            "crates/procedure may depend on {} only; it also pulls in {}",
            LINKED.join(", "),
            strangers.join(", ")
        );
    }
    println!("pure: the engine builds alone; nothing in its tree does I/O");
    Ok(())
}

fn is_no_std(lib: &str) -> bool {
    lib.lines().any(|line| line.trim() == "#![no_std]")
        && !lib
            .lines()
            .any(|line| line.trim_start().starts_with("extern crate std"))
}

fn strangers(tree: &str) -> Vec<String> {
    let mut found: Vec<String> = tree
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| !LINKED.contains(name) && !DERIVING.contains(name))
        .map(str::to_owned)
        .collect();
    found.sort();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_outside_the_list_is_named_once() {
        let tree = "procedure v0.1.0 (here)\nserde v1.0.1\nlibc v0.2.1\nlibc v0.2.1 (*)\n";
        assert_eq!(strangers(tree), ["libc"]);
    }

    #[test]
    fn time_and_serialisation_are_allowed() {
        let tree = "procedure v0.1.0\njiff v0.2.1\nserde_derive v1.0.1 (proc-macro)\n";
        assert!(strangers(tree).is_empty());
    }

    #[test]
    fn the_standard_library_may_not_come_back_by_name() {
        assert!(is_no_std("#![no_std]\n//! words\n"));
        assert!(!is_no_std("//! words\n"));
        assert!(!is_no_std("#![no_std]\nextern crate std;\n"));
    }
}
