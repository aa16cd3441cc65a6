//! Things that may stand in one place only: clock and chance, SQL, the words that people
//! get, sealed text, and order without chance in the engine.

use super::Finding;
use super::source::{Source, words_at};

const ENGINE: &str = "crates/procedure/src/";
const PROGRAM: &str = "crates/henhouse/src/";

/// Readers of time; only `clock.rs` may call them.
const CLOCK: [&str; 7] = [
    "Instant::now",
    "OffsetDateTime::now",
    "SystemTime::now",
    "Timestamp::now",
    "UNIX_EPOCH.elapsed",
    "Utc::now",
    "Zoned::now",
];

/// Sources of chance; only `ids.rs` may name them.
const CHANCE: [&str; 9] = [
    "OsRng",
    "RandomState",
    "SysRng",
    "Uuid::new_v4",
    "Uuid::new_v7",
    "Uuid::now_v7",
    "getrandom",
    "rand",
    "thread_rng",
];

/// A string that holds all the words of one of these is SQL.
const SQL: [&[&str]; 9] = [
    &["SELECT ", " FROM "],
    &["INSERT ", "INTO "],
    &["UPDATE ", " SET "],
    &["DELETE FROM "],
    &["CREATE ", "TABLE "],
    &["ALTER TABLE "],
    &["DROP TABLE "],
    &["PRAGMA "],
    &["BEGIN IMMEDIATE"],
];

/// Things that stand outside their place.
pub fn check(file: &Source) -> Vec<Finding> {
    let mut all = Vec::new();
    if file.path.starts_with("crates/") {
        clock_and_chance(file, &mut all);
    }
    if file.path.starts_with(ENGINE) {
        engine(file, &mut all);
    }
    if file.path.starts_with(PROGRAM) {
        sql(file, &mut all);
        wording(file, &mut all);
    }
    all
}

fn say(all: &mut Vec<Finding>, file: &Source, line: usize, words: String) {
    all.push(Finding {
        path: file.path.clone(),
        line,
        words,
        listed_only: false,
    });
}

fn clock_and_chance(file: &Source, all: &mut Vec<Finding>) {
    let own = file.path.strip_prefix(PROGRAM).unwrap_or_default();
    for (line, code) in file.lines() {
        let clock = CLOCK
            .iter()
            .filter(|_| own != "clock.rs" && !own.starts_with("clock/"));
        let chance = CHANCE
            .iter()
            .filter(|_| own != "ids.rs" && !own.starts_with("ids/"));
        for name in clock.filter(|name| words_at(code, name).next().is_some()) {
            say(
                all,
                file,
                line,
                format!("`{name}`: only clock.rs reads time; take `now` as an argument"),
            );
        }
        for name in chance.filter(|name| words_at(code, name).next().is_some()) {
            say(
                all,
                file,
                line,
                format!("`{name}`: only ids.rs reads chance; take the id or salt as an argument"),
            );
        }
    }
}

fn engine(file: &Source, all: &mut Vec<Finding>) {
    for (line, code) in file.lines() {
        for name in ["HashMap", "HashSet"]
            .into_iter()
            .filter(|name| words_at(code, name).next().is_some())
        {
            say(
                all,
                file,
                line,
                format!("`{name}` has no order; the engine uses BTreeMap and BTreeSet"),
            );
        }
        let reads = code.contains(".plain()") || words_at(code, "Text::Plain").next().is_some();
        if reads && file.path != format!("{ENGINE}text.rs") {
            let words =
                "the engine never reads sealed text: erasing it later would change a replay";
            say(all, file, line, words.to_owned());
        }
    }
}

fn sql(file: &Source, all: &mut Vec<Finding>) {
    let own = file.path.strip_prefix(PROGRAM).unwrap_or_default();
    if own.starts_with("store/sqlite/") || own.starts_with("store/postgres/") {
        return;
    }
    for (line, words) in file.words() {
        if SQL
            .iter()
            .any(|marks| marks.iter().all(|mark| words.contains(mark)))
        {
            say(
                all,
                file,
                line,
                "SQL stands only below store/sqlite/ and store/postgres/".to_owned(),
            );
        }
    }
}

/// Best effort: what looks like a letter to a person, in folders that only carry letters.
fn wording(file: &Source, all: &mut Vec<Finding>) {
    let own = file.path.strip_prefix(PROGRAM).unwrap_or_default();
    let carries = ["delivery/", "delivery.rs", "desk/", "store/", "waker.rs"];
    if !carries.iter().any(|place| own.starts_with(place)) {
        return;
    }
    let words = "the words that people get stand in report/";
    for (line, text) in file.words() {
        let greets = ["Dear ", "Hello ", "Hi ", "Subject: "]
            .iter()
            .any(|mark| text.starts_with(mark));
        if greets || text.contains("\\n\\n") && text.len() > 40 {
            say(all, file, line, words.to_owned());
        }
    }
    for (line, code) in file.lines() {
        if code.contains(".subject(\"") {
            say(all, file, line, words.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::found;

    fn refused(path: &str, line: &str) -> bool {
        !found(check, path, &format!("fn a() {{\n    {line}\n}}\n")).is_empty()
    }

    #[test]
    fn every_reader_of_time_and_chance_is_refused_outside_its_file() {
        for name in CLOCK {
            assert!(
                refused(
                    "crates/henhouse/src/desk/mod.rs",
                    &format!("let now = {name}();")
                ),
                "{name}"
            );
            assert!(
                !refused(
                    "crates/henhouse/src/clock.rs",
                    &format!("let now = {name}();")
                ),
                "{name}"
            );
        }
        for name in CHANCE {
            assert!(
                refused(
                    "crates/henhouse/src/vault/key.rs",
                    &format!("{name}::fill(&mut bytes);")
                ),
                "{name}"
            );
            assert!(
                !refused(
                    "crates/henhouse/src/ids.rs",
                    &format!("{name}::fill(&mut bytes);")
                ),
                "{name}"
            );
        }
        assert!(!refused(
            "xtask/src/bench/mod.rs",
            "let start = Instant::now();"
        ));
    }

    #[test]
    fn the_engine_has_no_map_without_order_and_reads_no_sealed_text() {
        for line in [
            "let a = HashMap::new();",
            "HashSet::new();",
            "let w = title.plain();",
            "if let Text::Plain(w) = t {}",
        ] {
            assert!(
                refused("crates/procedure/src/chapters/intake.rs", line),
                "{line}"
            );
        }
        assert!(!refused(
            "crates/procedure/src/text.rs",
            "match self { Text::Plain(w) => w }"
        ));
        assert!(!refused(
            "crates/henhouse/src/report/mail.rs",
            "let w = title.plain();"
        ));
    }

    #[test]
    fn every_kind_of_sql_is_refused_outside_its_folder() {
        for marks in SQL {
            let line = format!("run(\"{}\");", marks.join("x"));
            assert!(refused("crates/henhouse/src/desk/mod.rs", &line), "{line}");
            assert!(
                !refused("crates/henhouse/src/store/sqlite/read.rs", &line),
                "{line}"
            );
        }
        assert!(!refused(
            "crates/henhouse/src/desk/mod.rs",
            "say(\"select the severity from the list\");"
        ));
    }

    #[test]
    fn a_letter_is_refused_where_letters_are_only_carried() {
        for line in [
            "f(\"Dear colleague\");",
            "m.subject(\"A page\")",
            "f(\"Something happened here today.\\n\\nPlease look at it.\");",
        ] {
            assert!(
                refused("crates/henhouse/src/delivery/mail.rs", line),
                "{line}"
            );
            assert!(
                !refused("crates/henhouse/src/report/mail.rs", line),
                "{line}"
            );
        }
    }

    #[test]
    fn a_comment_and_a_test_may_say_anything() {
        assert!(!refused(
            "crates/procedure/src/lib.rs",
            "// HashMap has no order"
        ));
        let text = "#[cfg(test)]\nmod tests {\n    use std::collections::HashMap;\n}\n";
        assert!(found(check, "crates/procedure/src/lib.rs", text).is_empty());
    }
}
