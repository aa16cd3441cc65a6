//! The activity log of a story.

use serde_json::json;

use super::farm::farm;
use super::golden::check;

#[test]
fn the_log_tells_the_story() {
    let mut farm = farm();
    farm.reported()
        .later(6)
        .does("spot", "acknowledge", json!({}));
    farm.does("dave", "join", json!({})).later(9);
    farm.does(
        "spot",
        "record_milestone",
        json!({
            "milestone": "started", "when": { "at": "2026-11-20T05:00:00Z", "certainty": "day" },
            "reason": "The tunnel was not there the day before.",
        }),
    );
    farm.does("spot", "set_severity", json!({ "severity": "medium" }));
    let said = farm.log();
    let log: Vec<String> = farm.entries.iter().map(|entry| said.line(entry)).collect();
    check("timeline.txt", &(log.join("\n") + "\n"));
}
