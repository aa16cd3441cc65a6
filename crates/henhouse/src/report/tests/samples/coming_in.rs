//! What is reported, by people and by programs.

use serde_json::json;

use super::{Samples, report};

pub(super) fn beginning() -> Samples {
    vec![
        (
            "reporter",
            "reported",
            json!({ "report": report("The chickens are escaping") }),
        ),
        ("system", "numbered", json!({ "number": "HH-142" })),
        (
            "reporter",
            "report_added",
            json!({ "report": report("Hens on the road") }),
        ),
        (
            "reporter",
            "details_added",
            json!({ "text": "Two of them are in my garden now." }),
        ),
        (
            "reporter",
            "disagreed",
            json!({ "text": "It was no dog, I saw a fox." }),
        ),
        (
            "spot",
            "kind_set",
            json!({ "kind": "security", "was": "unknown" }),
        ),
        (
            "spot",
            "title_set",
            json!({ "title": "The chickens are escaping" }),
        ),
        ("spot", "tags_set", json!({ "tags": ["fox", "fence"] })),
        (
            "spot",
            "merged_into",
            json!({ "other": "c2", "reason": "The same hole." }),
        ),
        (
            "spot",
            "merged_from",
            json!({ "other": "c3", "reports": [
            { "seq": 1, "at": "2026-11-21T03:00:00Z", "report": report("Hens") } ] }),
        ),
        (
            "spot",
            "milestone_recorded",
            json!({ "milestone": "contained",
            "when": { "at": "2026-11-21T05:00:00Z" }, "reason": "The hole is shut." }),
        ),
    ]
}

/// What programs sent.
pub(super) fn alerts() -> Samples {
    vec![
        (
            "probe",
            "alert_noted",
            json!({
                "source": "0123456789abcdef", "alert": "A-1", "step": "opened", "times": 1, "alias": "coop/door",
                "title": "The coop is open", "words": "door: north",
            }),
        ),
        (
            "probe",
            "alert_noted",
            json!({
                "source": "0123456789abcdef", "alert": "A-1", "step": "grew", "times": 4, "gravity": "critical",
                "title": "The coop is open", "words": "door: south", "members": ["5f3a"],
            }),
        ),
        (
            "probe",
            "alert_noted",
            json!({
                "source": "0123456789abcdef", "alert": "A-1", "step": "unacknowledged", "times": 5,
            }),
        ),
        (
            "probe",
            "alert_noted",
            json!({
                "source": "0123456789abcdef", "alert": "A-1", "step": "over", "times": 7, "words": "resolved",
            }),
        ),
        (
            "jane",
            "colleagues_warned",
            json!({ "people": ["dave", "spot"], "route": "mail",
            "text": "A mail about free hens, from www.fox.example" }),
        ),
    ]
}
