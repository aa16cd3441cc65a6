//! What a file is called, how it starts, and what must not be left in it.

use super::Finding;
use super::source::{Source, words_at};

/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 9] = [
    "common", "helper", "helpers", "manager", "misc", "shared", "stuff", "util", "utils",
];

/// Marks of unfinished work. Cut in two, so that this file does not find itself.
const UNFINISHED: [&str; 3] = [
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X"),
];

/// Folders of the machine on which something was written.
const MACHINES: [&str; 2] = [concat!("/wo", "rk/"), concat!("/ro", "ot/")];

/// Names and first lines of a Rust file.
pub fn check_source(file: &Source) -> Vec<Finding> {
    let say = |line, words: String| Finding {
        path: file.path.clone(),
        line,
        words,
        listed_only: false,
    };
    let mut all = Vec::new();
    let parts: Vec<&str> = file.path.trim_end_matches(".rs").split('/').collect();
    for name in parts.iter().filter(|name| EMPTY_NAMES.contains(name)) {
        all.push(say(
            1,
            format!("`{name}` says nothing; name what is inside, or put it beside its user"),
        ));
    }
    for (index, line) in file.code.lines().enumerate() {
        for name in EMPTY_NAMES.iter().filter(|name| opens_module(line, name)) {
            all.push(say(
                index + 1,
                format!("a module named `{name}` says nothing"),
            ));
        }
    }
    let first = file
        .text
        .lines()
        .find(|line| !line.trim().is_empty() && !line.starts_with("#!["));
    if !first.is_some_and(|line| line.starts_with("//! ")) {
        all.push(say(
            1,
            "a file starts with `//!`: its purpose, what it must not do, and why".to_owned(),
        ));
    }
    all
}

fn opens_module(line: &str, name: &str) -> bool {
    let line = line.trim();
    line.ends_with('{')
        && words_at(line, "mod").any(|at| words_at(&line[at + 3..], name).next().is_some())
}

/// What must stand in no text file at all.
pub fn check_text(path: &str, text: &str) -> Vec<Finding> {
    let mut all = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let mut say = |words: String| {
            all.push(Finding {
                path: path.to_owned(),
                line: index + 1,
                words,
                listed_only: false,
            });
        };
        for mark in UNFINISHED
            .iter()
            .filter(|mark| words_at(line, mark).next().is_some())
        {
            say(format!(
                "{mark}: do it, or write it down where work is planned"
            ));
        }
        for folder in MACHINES.iter().filter(|folder| names_folder(line, folder)) {
            say(format!("{folder} is a folder of somebody's machine"));
        }
    }
    all
}

fn names_folder(line: &str, folder: &str) -> bool {
    let begins = |before: &str| {
        before.is_empty() || before.ends_with([' ', '"', '\'', '`', '(', '=', ':', '<', '>', ','])
    };
    line.match_indices(folder)
        .any(|(at, _)| begins(&line[..at]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::found;

    #[test]
    fn every_name_that_says_nothing_is_refused_as_file_folder_and_module() {
        for name in EMPTY_NAMES {
            for path in [
                format!("crates/a/src/{name}.rs"),
                format!("crates/a/src/{name}/b.rs"),
            ] {
                assert_eq!(
                    found(check_source, &path, "//! Words.\n").len(),
                    1,
                    "{path}"
                );
            }
            let text = format!("//! Words.\npub(crate) mod {name} {{\n}}\n");
            assert_eq!(
                found(check_source, "crates/a/src/lib.rs", &text).len(),
                1,
                "{name}"
            );
        }
        assert!(
            found(
                check_source,
                "crates/a/src/roster.rs",
                "//! Words.\nmod desk {\n}\n"
            )
            .is_empty()
        );
    }

    #[test]
    fn a_file_starts_with_its_purpose() {
        assert_eq!(
            found(check_source, "a.rs", "use core::fmt;\n//! Late.\n").len(),
            1
        );
        assert_eq!(found(check_source, "a.rs", "").len(), 1);
        assert!(found(check_source, "a.rs", "#![no_std]\n\n//! Words.\n").is_empty());
    }

    #[test]
    fn unfinished_work_and_machine_folders_are_refused_in_every_text() {
        for mark in UNFINISHED {
            assert_eq!(
                check_text("docs/a.md", &format!("one\n{mark}: later\n")).len(),
                1,
                "{mark}"
            );
        }
        for folder in MACHINES {
            assert_eq!(
                check_text("a.toml", &format!("path = \"{folder}x\"\n")).len(),
                1,
                "{folder}"
            );
            assert!(
                check_text("a.md", &format!("the net{folder} address\n")).is_empty(),
                "{folder}"
            );
        }
    }
}
