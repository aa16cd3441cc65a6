//! The activity log of a story.

use serde_json::json;

use super::farm::farm;
use super::golden::check;
use crate::report::timeline;

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
    let (names, times) = (farm.names(), farm.times());
    let lines = farm
        .entries
        .iter()
        .map(|entry| timeline::line(names, &times, entry));
    let log: Vec<String> = lines.collect();
    check("timeline.txt", &(log.join("\n") + "\n"));
}
