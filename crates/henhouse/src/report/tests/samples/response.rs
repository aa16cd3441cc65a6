//! Who comes, what is assessed, kept, done and disrupted.

use serde_json::json;

use super::Samples;

pub(super) fn command() -> Samples {
    vec![
        (
            "system",
            "called",
            json!({ "person": "jane", "round": 1, "position": 1, "of": 3,
            "due_at": "2026-11-21T03:12:00Z" }),
        ),
        (
            "system",
            "round_ended",
            json!({ "round": 1, "due_at": "2026-11-21T03:27:00Z" }),
        ),
        ("jane", "passed_on", json!({})),
        (
            "jane",
            "reporter_told",
            json!({ "report": 1, "route": "telephone" }),
        ),
        ("jane", "acknowledged", json!({})),
        (
            "system",
            "went_silent",
            json!({ "ic": "jane", "since": "2026-11-21T03:14:00Z",
            "due_at": "2026-11-21T03:24:00Z" }),
        ),
        ("dave", "joined", json!({})),
        ("spot", "joined", json!({})),
        ("spot", "left", json!({})),
    ]
}

pub(super) fn assessment() -> Samples {
    vec![
        (
            "spot",
            "confirmed",
            json!({ "severity": "low", "reason": "Eleven hens were counted.",
            "joined": ["dave"], "responders": ["jane", "dave"] }),
        ),
        (
            "jane",
            "severity_set",
            json!({ "severity": "medium", "from": "low", "suggested": "high",
            "reason": "More hens than thought." }),
        ),
        (
            "jane",
            "lowering_explained",
            json!({ "entry": 21, "reason": "The count was wrong." }),
        ),
        (
            "jane",
            "question_answered",
            json!({ "question": "system_failure", "answer": "no",
            "note": "The fence is new." }),
        ),
        (
            "jane",
            "criteria_answered",
            json!({ "answers": { "many_customers_down": "no" } }),
        ),
        (
            "jane",
            "impact_assessed",
            json!({ "impact": { "availability": "actual",
            "integrity": "potential", "assets": ["run"], "people": 3 } }),
        ),
        (
            "jane",
            "contingency_decided",
            json!({ "activate": false, "reason": "The coop stands." }),
        ),
        (
            "jane",
            "sitrep_published",
            json!({ "number": 1, "initial": true, "summary": "Hens are out.",
            "status": "confirmed", "severity": "low", "ic": "jane", "responders": ["dave"],
            "marking": "amber", "recipients": [{ "person": "dave" }],
            "withheld": [{ "stakeholder": "dairy" }] }),
        ),
        ("jane", "cadence_changed", json!({ "minutes": 30 })),
        (
            "jane",
            "stakeholder_added",
            json!({ "who": { "stakeholder": "dairy" }, "reason": "Their road." }),
        ),
        (
            "jane",
            "stakeholder_removed",
            json!({ "who": { "stakeholder": "dairy" }, "misaddressed": true }),
        ),
        (
            "jane",
            "false_alarm",
            json!({ "reason": "A birthday party." }),
        ),
    ]
}

pub(super) fn evidence() -> Samples {
    vec![
        (
            "dave",
            "suspicion_raised",
            json!({ "reason": "Tooth marks.", "assets": ["run"], "cause": "person" }),
        ),
        (
            "jane",
            "suspicion_cleared",
            json!({ "reason": "It was the plough." }),
        ),
        (
            "dave",
            "exhibit_added",
            json!({ "exhibit": "E-1", "kind": "screen_capture", "asset": "run",
            "what": { "upload": { "sha256": "9f2c4a7e0b1d5e6f", "size": 20480, "media": "image/jpeg" } },
            "label": "The hole from above" }),
        ),
        (
            "dave",
            "evidence_item_recorded",
            json!({ "asset": "run", "class": "host", "item": "disk_snapshot",
            "kind": "disk_snapshot", "state": "impossible", "reason": "A run has no disk." }),
        ),
        (
            "jane",
            "capture_assigned",
            json!({ "class": "host", "owner": "dave" }),
        ),
        (
            "jane",
            "hold_placed",
            json!({ "hold": "H-1", "assets": ["run"], "people": ["mabel"],
            "text": "Please leave the hole as it is." }),
        ),
        ("mabel", "hold_acknowledged", json!({ "hold": "H-1" })),
        (
            "jane",
            "hold_released",
            json!({ "hold": "H-1", "reason": "Photographed." }),
        ),
    ]
}

pub(super) fn work() -> Samples {
    vec![
        (
            "dave",
            "lead_added",
            json!({ "lead": "L-1", "text": "A fox was seen", "source": "the dairy" }),
        ),
        (
            "jane",
            "lead_assigned",
            json!({ "lead": "L-1", "owner": "spot" }),
        ),
        ("spot", "lead_started", json!({ "lead": "L-1" })),
        (
            "spot",
            "lead_finished",
            json!({ "lead": "L-1", "finding": "It lives under the barn." }),
        ),
        (
            "jane",
            "lead_dropped",
            json!({ "lead": "L-1", "reason": "It moved out." }),
        ),
        (
            "jane",
            "step_added",
            json!({ "step": "S-1", "text": "Fix the fence", "class": "immediate",
            "kind": "change", "asset": "run" }),
        ),
        (
            "jane",
            "step_assigned",
            json!({ "step": "S-1", "owner": "dave", "due": "2026-11-21T08:00:00Z" }),
        ),
        (
            "dave",
            "step_started",
            json!({ "step": "S-1", "severity": "low" }),
        ),
        (
            "dave",
            "step_finished",
            json!({ "step": "S-1", "result": "New wire.", "severity": "low" }),
        ),
        (
            "jane",
            "step_verified",
            json!({ "step": "S-1", "works": false, "reason": "It still gapes." }),
        ),
        (
            "jane",
            "step_reclassified",
            json!({ "step": "S-1", "class": "deferred", "reason": "The gate holds." }),
        ),
        (
            "jane",
            "destruction_decided",
            json!({ "step": "S-1", "reason": "The old fence is rotten.",
            "loss_acknowledged": true }),
        ),
        (
            "jane",
            "step_dropped",
            json!({ "step": "S-1", "reason": "A wall instead." }),
        ),
    ]
}

pub(super) fn disruption() -> Samples {
    vec![
        (
            "dave",
            "disruption_requested",
            json!({ "disruption": "D-1", "severity": "medium",
            "text": "Close the farm road", "scope": "complete", "expected_minutes": 90,
            "risk_of_acting": "The dairy waits for its milk.", "risk_of_waiting": "More hens are lost.",
            "project_impact": true }),
        ),
        (
            "jane",
            "decider_contacted",
            json!({ "disruption": "D-1", "decider": "mabel", "route": "phone",
            "outcome": "agreed" }),
        ),
        (
            "mabel",
            "disruption_answered",
            json!({ "disruption": "D-1", "answer": "yes" }),
        ),
        (
            "spot",
            "team_voted",
            json!({ "disruption": "D-1", "agree": true }),
        ),
        (
            "jane",
            "disruption_settled",
            json!({ "disruption": "D-1", "go": true, "reason": "Most agree." }),
        ),
        (
            "dave",
            "disruption_started",
            json!({ "disruption": "D-1", "severity": "medium", "allowed_by": "R62" }),
        ),
        (
            "jane",
            "disruption_notice_sent",
            json!({ "disruption": "D-1", "outside": true,
            "text": "The farm road is closed until 06:00." }),
        ),
        (
            "dave",
            "disruption_ended",
            json!({ "disruption": "D-1", "result": "All hens are off the road." }),
        ),
        (
            "dave",
            "disruption_withdrawn",
            json!({ "disruption": "D-1", "reason": "They came home." }),
        ),
    ]
}
