//! The handbook's playbook as a document. After a meant change, look at the new one with
//! `UPDATE_GOLDEN=1 cargo test -p procedure --test playbook_show` and `git diff`.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use procedure::playbook::Playbook;
use procedure::playbook::show::show;

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/handbook.md");
const HANDBOOK: &str = include_str!("../../../playbooks/handbook.toml");

fn handbook() -> Playbook {
    toml::from_str(HANDBOOK).unwrap()
}

#[test]
fn the_handbook_reads_as_agreed() {
    let shown = show(&handbook());
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(GOLDEN, &shown).unwrap();
    }
    let agreed = std::fs::read_to_string(GOLDEN).unwrap_or_default();
    assert!(
        shown == agreed,
        "differs from {GOLDEN}; see the top of this test"
    );
}

/// Each number of the playbook, changed to one that stands nowhere else, must appear.
#[test]
fn every_number_is_in_the_document() {
    let number = |line: &&str| line.contains(" = ") && line.ends_with(|c: char| c.is_ascii_digit());
    let mut lines = HANDBOOK.lines().filter(number).collect::<Vec<_>>();
    lines.dedup();
    assert!(lines.len() > 50, "{}", lines.len());
    for line in lines {
        let (name, _) = line.split_once(" = ").unwrap();
        let (odd, words) = if name.ends_with("_percent") {
            (37, "37 %")
        } else {
            (47, "47")
        };
        let changed = HANDBOOK.replacen(line, &format!("{name} = {odd}"), 1);
        let playbook: Playbook = toml::from_str(&changed).unwrap();
        assert!(show(&playbook).contains(words), "{name} is not shown");
    }
}

#[test]
fn every_sentence_is_in_the_document() {
    let playbook = handbook();
    let shown = show(&playbook);
    for line in HANDBOOK.lines() {
        for quoted in line.split('"').skip(1).step_by(2) {
            let sentence = quoted.contains(' ');
            assert!(!sentence || shown.contains(quoted), "not shown: {quoted}");
        }
    }
}

#[test]
fn a_table_cell_cannot_break_its_table() {
    let text = HANDBOOK.replace("A colleague reported it", "A colleague | a friend");
    let shown = show(&toml::from_str(&text).unwrap());
    assert!(shown.contains("A colleague \\| a friend"));
}
