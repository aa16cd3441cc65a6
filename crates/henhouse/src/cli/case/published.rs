//! The incident report at a terminal: its newest published edition, section by section.

use serde_json::Value;

use super::super::report::words;
use crate::report::retrospective::EMPTY;

/// The report; that there is none yet, where there is none.
pub(super) fn report(answer: &Value) -> String {
    let number = words(&answer["number"]);
    let newest = &answer["newest"];
    if newest.is_null() {
        return format!("No edition of the report of {number} is published yet.");
    }
    let drill = if answer["drill"] == true {
        "DRILL  "
    } else {
        ""
    };
    let mut lines = vec![
        format!(
            "{drill}Incident report: {number}  {}",
            words(&answer["title"])
        ),
        format!("{}. {}", words(&newest["said"]), words(&answer["marking"])),
        "It shows the case as it stood then.".to_owned(),
    ];
    for part in list(&newest["sections"]) {
        lines.extend([String::new(), format!("{}:", words(&part["label"]))]);
        let written = part["words"].as_str();
        let said = list(&part["lines"]);
        if written.is_none() && said.is_empty() {
            lines.push(format!("  {EMPTY}"));
        }
        let written = written.into_iter().flat_map(str::lines);
        lines.extend(written.map(|line| format!("  {line}")));
        lines.extend(said.iter().map(|line| format!("  - {}", words(line))));
    }
    let earlier = list(&answer["earlier"]);
    if !earlier.is_empty() {
        lines.extend([String::new(), "Earlier editions:".to_owned()]);
        lines.extend(earlier.iter().map(|one| format!("  {}", words(one))));
    }
    lines.join("\n")
}

fn list(of: &Value) -> &[Value] {
    of.as_array().map_or(&[], Vec::as_slice)
}
