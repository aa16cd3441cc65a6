//! The rule that lets two versions run side by side, held by a test: a release takes the schema of each backend one step
//! further at most, and that step only adds what the version before does without.
//!
//! Whoever makes a release writes it into [`LAST`]; the test fails as long as the newest release in `CHANGELOG.md` is not
//! there.

use super::postgres::STEPS as POSTGRES;
use super::sqlite::STEPS as SQLITE;

/// The newest release, and how many steps SQLite's and PostgreSQL's schemas had in it. There was none yet.
const LAST: Option<(&str, usize, usize)> = None;

/// Why these steps may not follow a release that had the first `released` of them.
fn trouble(steps: &[&str], released: usize) -> Option<String> {
    let new = steps.get(released..).unwrap_or_default();
    if steps.len() < released {
        return Some("a step that was released is gone".to_owned());
    }
    if new.len() > 1 {
        return Some(format!("{} steps in one release: make them one", new.len()));
    }
    new.iter().find_map(|step| takes_away(step))
}

/// The first statement that the version before might not get on with.
fn takes_away(step: &str) -> Option<String> {
    let lines = step
        .lines()
        .map(|line| line.split("--").next().unwrap_or_default());
    let step = lines.collect::<Vec<_>>().join(" ").to_uppercase();
    let statements = step.split(';').map(|statement| {
        let words: Vec<&str> = statement.split_whitespace().collect();
        words.join(" ")
    });
    let mut statements = statements.filter(|statement| !statement.is_empty());
    statements
        .find(|statement| !only_adds(statement))
        .map(|statement| format!("the version before may not get on with `{statement}`"))
}

/// Whether nothing is there afterwards that the version before would have to know of. An index only makes faster or slower,
/// unless it is unique.
fn only_adds(statement: &str) -> bool {
    let begins = |with: &[&str]| with.iter().any(|with| statement.starts_with(with));
    if begins(&["ALTER TABLE"]) {
        let adds = statement.contains(" ADD COLUMN ") && !statement.contains(" REFERENCES ");
        return adds && (statement.contains(" DEFAULT ") || !statement.contains(" NOT NULL"));
    }
    begins(&["CREATE TABLE ", "CREATE INDEX ", "DROP INDEX "])
}

#[test]
fn a_release_takes_the_schema_one_step_further_at_most_and_only_adds() {
    let changes = include_str!("../../../../CHANGELOG.md");
    let mut titles = changes.lines().filter_map(|line| line.strip_prefix("## "));
    let newest = titles.find(|title| *title != "Not released yet");
    let newest = newest.and_then(|title| title.split_whitespace().next());
    assert_eq!(newest, LAST.map(|(version, ..)| version), "see `LAST`");
    let Some((_, sqlite, postgres)) = LAST else {
        return;
    };
    assert_eq!(trouble(SQLITE, sqlite), None);
    assert_eq!(trouble(POSTGRES, postgres), None);
}

#[test]
fn what_only_adds_may_follow_and_anything_else_may_not() {
    let add = "-- a note; with a mark\nALTER TABLE a ADD COLUMN b TEXT NOT NULL DEFAULT '';";
    for step in [
        add,
        "CREATE TABLE t (n INTEGER NOT NULL);\nCREATE INDEX t_by_n ON t (n);",
        "DROP INDEX x;\nCREATE INDEX x ON a (b, c);",
        "ALTER TABLE a ADD COLUMN b bytea",
    ] {
        assert_eq!(trouble(&["old", step], 1), None);
    }
    for step in [
        "DROP TABLE a;",
        "ALTER TABLE a DROP COLUMN b;",
        "ALTER TABLE a RENAME TO b;",
        "alter table a rename column b to c;",
        "ALTER TABLE a ADD COLUMN b TEXT NOT NULL;",
        "CREATE UNIQUE INDEX x ON a (b);",
        "CREATE TRIGGER x BEFORE INSERT ON a BEGIN SELECT 1; END;",
        "DELETE FROM a;",
        "UPDATE a SET b = 1;",
    ] {
        assert!(trouble(&["old", step], 1).is_some(), "{step}");
    }
    assert!(trouble(&["old", add, add], 1).is_some(), "two at once");
    assert!(trouble(&["old"], 2).is_some());
    assert_eq!(trouble(&["old", add], 2), None, "nothing new");
}

/// What is there today would have been allowed but for its number, so the list of what only adds is no fiction.
#[test]
fn the_steps_of_today_only_add() {
    for steps in [SQLITE, POSTGRES] {
        let newest = steps.last().copied().unwrap_or_default();
        assert_eq!(takes_away(newest), None);
    }
}
