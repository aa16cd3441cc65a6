//! The import table of ARCHITECTURE.md, as data: which folder must never name what.

use super::Finding;
use super::paths::{Named, named};
use super::source::Source;

struct Row {
    /// A folder ends with `/`.
    place: &'static str,
    never: &'static [&'static str],
    why: &'static str,
}

const SRC: &str = "crates/henhouse/src/";

/// The table. A place of the program is given from its `src` folder.
const TABLE: [Row; 15] = [
    Row {
        place: "crates/procedure/src/",
        never: &[
            "std",
            "tokio",
            "axum",
            "reqwest",
            "lettre",
            "rusqlite",
            "getrandom",
            "rand",
            "tracing",
            "log",
            "hashbrown",
            "casefile",
            "uuid",
        ],
        why: "the engine is pure: core, alloc, serde and time arithmetic",
    },
    Row {
        place: "crates/casefile/src/",
        never: &[
            "std::net",
            "std::time",
            "tokio",
            "axum",
            "reqwest",
            "lettre",
            "rusqlite",
            "procedure",
        ],
        why: "an outsider checks a casefile with no network, no database and no clock",
    },
    Row {
        place: "desk/",
        never: &[
            "axum",
            "askama",
            "reqwest",
            "lettre",
            "crate::store::sqlite",
            "crate::store::postgres",
            "crate::delivery",
            "crate::web",
            "crate::cli",
            "webauthn_rs",
        ],
        why: "the desk turns commands into entries; it knows no web, no SQL and no channel",
    },
    Row {
        place: "store/",
        never: &[
            "axum",
            "reqwest",
            "lettre",
            "crate::desk",
            "crate::delivery",
            "crate::web",
            "crate::report",
            "crate::auth",
            "crate::waker",
            "procedure::decide",
        ],
        why: "the store keeps; it decides and sends nothing",
    },
    Row {
        place: "waker.rs",
        never: &[
            "axum",
            "reqwest",
            "lettre",
            "crate::store::sqlite",
            "crate::store::postgres",
            "crate::delivery",
            "crate::web",
            "procedure::decide",
            "procedure::pulse",
            "procedure::agenda",
        ],
        why: "the waker only asks the desk, in time",
    },
    Row {
        place: "delivery/",
        never: &[
            "axum",
            "crate::store::sqlite",
            "crate::store::postgres",
            "crate::web",
            "procedure::decide",
            "procedure::pulse",
            "procedure::agenda",
        ],
        why: "delivery carries frozen notices; it decides nothing",
    },
    Row {
        place: "inbound/",
        never: &["askama", "crate::store", "crate::delivery"],
        why: "what comes in becomes one command at the desk",
    },
    Row {
        place: "web/",
        never: &[
            "reqwest",
            "lettre",
            "webauthn_rs",
            "crate::store",
            "crate::delivery",
        ],
        why: "a handler parses, asks the desk and renders",
    },
    Row {
        place: "auth/",
        never: &[
            "reqwest",
            "lettre",
            "crate::store::sqlite",
            "crate::store::postgres",
            "crate::delivery",
            "crate::web",
        ],
        why: "who somebody is does not depend on how the page looks",
    },
    Row {
        place: "vault/",
        never: &["axum", "lettre", "procedure", "crate::web", "crate::desk"],
        why: "the vault knows bytes and keys, no rules and no pages",
    },
    Row {
        place: "backup/",
        never: &[
            "axum",
            "lettre",
            "crate::store::sqlite",
            "crate::store::postgres",
            "crate::desk",
            "crate::delivery",
            "crate::web",
            "procedure",
        ],
        why: "a backup carries rows and bytes; what they mean is not its business",
    },
    Row {
        place: "spool/",
        never: &[
            "axum",
            "procedure",
            "crate::store",
            "crate::desk",
            "crate::delivery",
            "crate::web",
        ],
        why: "the spool keeps bytes; what they say is the desk's",
    },
    Row {
        place: "report/",
        never: &[
            "axum",
            "reqwest",
            "lettre",
            "tokio",
            "std::net",
            "std::fs",
            "crate::store",
            "crate::desk",
            "crate::delivery",
            "crate::web",
        ],
        why: "wording depends on values only",
    },
    Row {
        place: "cli/",
        never: &[
            "crate::store::sqlite",
            "crate::store::postgres",
            "procedure::decide",
            "procedure::pulse",
        ],
        why: "the command line uses the same faces as everybody",
    },
    Row {
        place: "main.rs",
        never: &[
            "crate::store::sqlite",
            "crate::store::postgres",
            "procedure::decide",
            "procedure::pulse",
        ],
        why: "the command line uses the same faces as everybody",
    },
];

/// SQL libraries, each with the only folder of the program that may name it.
const SQL: [(&str, &str); 3] = [
    ("rusqlite", "store/sqlite/"),
    ("tokio_postgres", "store/postgres/"),
    ("deadpool_postgres", "store/postgres/"),
];

/// Names that stand in a place where the table forbids them.
pub fn check(file: &Source) -> Vec<Finding> {
    let rows: Vec<&Row> = TABLE
        .iter()
        .filter(|row| stands_in(&file.path, row.place))
        .collect();
    named(file)
        .iter()
        .filter_map(|path| forbidden(file, &rows, path))
        .collect()
}

fn stands_in(path: &str, place: &str) -> bool {
    let place = if place.starts_with("crates/") {
        place.to_owned()
    } else {
        format!("{SRC}{place}")
    };
    if place.ends_with('/') {
        path.starts_with(&place) || path == format!("{}.rs", place.trim_end_matches('/'))
    } else {
        path == place
    }
}

fn forbidden(file: &Source, rows: &[&Row], path: &Named) -> Option<Finding> {
    let say = |words: String| Finding {
        path: file.path.clone(),
        line: path.line,
        words,
        listed_only: false,
    };
    for row in rows {
        if let Some(never) = row.never.iter().find(|never| path.is_below(never)) {
            return Some(say(format!(
                "`{}` must not name `{never}`: {}",
                row.place, row.why
            )));
        }
    }
    let in_program = file.path.starts_with(SRC);
    let (library, folder) = SQL.iter().find(|(library, _)| path.is_below(library))?;
    (in_program && !stands_in(&file.path, folder)).then(|| {
        say(format!(
            "`{library}` stands only below {folder}: one seam, no SQL across it"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::found;

    #[test]
    fn every_row_of_the_table_is_seen_to_refuse() {
        for row in &TABLE {
            let place = if row.place.starts_with("crates/") {
                row.place.to_owned()
            } else {
                format!("{SRC}{}", row.place)
            };
            let path = if place.ends_with('/') {
                format!("{place}x.rs")
            } else {
                place
            };
            for never in row.never {
                let found = found(check, &path, &format!("//! x\nuse {never}::Thing;\n"));
                assert_eq!(found.len(), 1, "{path} may name {never}");
            }
        }
    }

    #[test]
    fn sql_stands_only_in_its_folder() {
        let text = "use rusqlite::Connection;\n";
        assert!(found(check, "crates/henhouse/src/store/sqlite/writer.rs", text).is_empty());
        assert_eq!(found(check, "crates/henhouse/src/demo.rs", text).len(), 1);
        assert_eq!(
            found(check, "crates/henhouse/src/store/mod.rs", text).len(),
            1
        );
    }

    #[test]
    fn a_path_in_the_middle_of_code_counts_too() {
        let found = found(
            check,
            "crates/henhouse/src/web/api/cases.rs",
            "fn a() {\n    crate::store::open();\n}\n",
        );
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("2: "), "{found:?}");
    }

    #[test]
    fn what_the_table_allows_passes() {
        let text =
            "use crate::{desk::Desk, report, auth};\nuse procedure::Command;\nuse axum::Router;\n";
        assert!(found(check, "crates/henhouse/src/web/pages/now.rs", text).is_empty());
        assert!(found(check, "crates/henhouse/src/web.rs", text).is_empty());
    }
}
