//! The conformance report at a terminal: what was not kept first, with its time; the rest is
//! numbers, unless somebody asks for all of it.

use serde_json::Value;

use super::super::report::words;

/// The parts of the report: their heads, and the outcomes that belong there.
const PARTS: [(&str, &[&str]); 5] = [
    ("Not kept", &["missing", "late"]),
    ("Waived", &["waived"]),
    ("Open", &["open"]),
    ("Kept", &["done"]),
    ("Not applicable", &["not_applicable"]),
];
/// So many parts are told line by line, the others in a number.
const TOLD: usize = 2;

/// The report; with `all` every rule has its line.
pub(super) fn report(answer: &Value, all: bool) -> String {
    let rules = answer["rules"].as_array().cloned().unwrap_or_default();
    let mut lines = Vec::new();
    let mut counts = Vec::new();
    for (place, (head, outcomes)) in PARTS.iter().enumerate() {
        let of_part =
            |row: &&Value| outcomes.contains(&row["outcome"].as_str().unwrap_or_default());
        let part: Vec<&Value> = rules.iter().filter(of_part).collect();
        if place >= TOLD && !all {
            if !part.is_empty() {
                counts.push(format!("{head}: {}.", part.len()));
            }
            continue;
        }
        if part.is_empty() {
            if place == 0 {
                lines.push("Nothing was late or missing.".to_owned());
            }
            continue;
        }
        lines.push(format!("{head}, {}:", part.len()));
        lines.extend(part.into_iter().map(line));
    }
    if !counts.is_empty() {
        lines.push(format!("{} Every rule: --all.", counts.join(" ")));
    }
    lines.join("\n")
}

/// The rule's name, what became of it and when, and what it says.
fn line(row: &Value) -> String {
    let entries = row["entries"].as_array().cloned().unwrap_or_default();
    let entries: Vec<String> = entries.iter().map(words).collect();
    let shown = match entries.as_slice() {
        [] => String::new(),
        [one] => format!(" (entry {one})"),
        some => format!(" (entries {})", some.join(", ")),
    };
    format!(
        "  {:5} {}: {}{shown}\n        {}",
        words(&row["rule"]),
        words(&row["name"]).replace('_', " "),
        words(&row["said"]),
        words(&row["sentence"])
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_not_kept_comes_first_and_what_was_kept_is_a_number() {
        let rule = |rule: &str, outcome: &str, said: &str| {
            json!({ "rule": rule, "name": "somebody_answers", "sentence": "Somebody answers.",
                "outcome": outcome, "said": said, "entries": [3] })
        };
        let answer = json!({ "rules": [
            rule("R1", "done", "Done at 03:00 UTC by Ann."),
            rule("R2", "late", "Late by 5 minutes: done at 03:15 UTC."),
            rule("R3", "not_applicable", "Not applicable: no reason."),
            rule("R4", "waived", "Waived at 03:20 UTC by Ann, because: no time"),
            rule("R5", "done", "Done."),
        ] });
        let said = report(&answer, false);
        let lines: Vec<&str> = said.lines().collect();
        assert_eq!(lines[0], "Not kept, 1:");
        assert_eq!(
            lines[1],
            "  R2    somebody answers: Late by 5 minutes: done at 03:15 UTC. (entry 3)"
        );
        assert!(
            said.contains("Waived, 1:") && !said.contains("R1 "),
            "{said}"
        );
        assert!(
            said.ends_with("Kept: 2. Not applicable: 1. Every rule: --all."),
            "{said}"
        );
        let all = report(&answer, true);
        assert!(
            all.contains("R1 ") && all.contains("R3 ") && !all.contains("--all"),
            "{all}"
        );
        let kept = report(&json!({ "rules": [rule("R1", "done", "Done.")] }), false);
        assert!(kept.starts_with("Nothing was late or missing."), "{kept}");
    }
}
