//! Notes, who may see it, what is said outside, the end and what was learned.

use serde_json::json;

use super::Samples;

pub(super) fn record() -> Samples {
    vec![
        (
            "dave",
            "fact_recorded",
            json!({ "fact": "F-1", "text": "The hole was shut with a board",
            "kind": "action", "concerns": { "assets": ["run"] }, "deed": "change", "by": "dave" }),
        ),
        (
            "spot",
            "fact_recorded",
            json!({ "fact": "F-2", "text": "It may be two foxes",
            "kind": "hypothesis", "concerns": {} }),
        ),
        (
            "system",
            "deviated",
            json!({ "deviation": "V-1", "rule": "R13", "of": "F-1" }),
        ),
        (
            "dave",
            "deviation_explained",
            json!({ "deviation": "V-1", "reason": "The hens were running." }),
        ),
        (
            "dave",
            "note_added",
            json!({ "text": "The hens are calm." }),
        ),
        (
            "dave",
            "note_corrected",
            json!({ "note": 60, "text": "Most hens are calm." }),
        ),
        (
            "jane",
            "item_ticked",
            json!({ "item": "call_in", "proof": "Dave and Spot came." }),
        ),
        (
            "jane",
            "item_unticked",
            json!({ "item": "call_in", "reason": "Spot left." }),
        ),
        (
            "jane",
            "call_opened",
            json!({ "call": 1, "link": "https://call.example/1", "participants": ["dave"],
            "recording": false }),
        ),
        (
            "jane",
            "call_closed",
            json!({ "call": 1, "recorded": false, "summary": "We close the road.",
            "participants": ["dave"] }),
        ),
        (
            "jane",
            "document_opened",
            json!({ "document": 1, "link": "https://doc.example/1",
            "participants": ["dave"] }),
        ),
        (
            "dave",
            "redaction_proposed",
            json!({ "redaction": 1, "entry": 60, "field": "/text",
            "reason": "The key of the gate stood in it." }),
        ),
        (
            "mabel",
            "redacted",
            json!({ "redaction": 1, "entry": 60, "field": "/text", "one_person": false }),
        ),
        (
            "mabel",
            "redaction_declined",
            json!({ "redaction": 2, "reason": "Under a hold." }),
        ),
        (
            "jane",
            "playbook_adopted",
            json!({ "name": "handbook", "edition": 2, "review": "by_another",
            "reason": "The new checklist fits." }),
        ),
        (
            "jane",
            "waived",
            json!({ "rule": "R13", "automatic": false, "reason": "The hens first." }),
        ),
        (
            "system",
            "waived",
            json!({ "rule": "R59", "automatic": true }),
        ),
        (
            "system",
            "prompted",
            json!({ "rule": "R76", "key": "sitrep:2", "occurrence": 1, "level": "overdue",
            "to": ["jane"], "due_at": "2026-11-21T04:00:00Z", "missed": 0, "what": "Send sitrep 2.",
            "audible": true }),
        ),
        (
            "system",
            "basis_changed",
            json!({ "basis": "00", "revision": 4 }),
        ),
    ]
}

pub(super) fn secrecy() -> Samples {
    vec![
        (
            "jane",
            "marking_set",
            json!({ "marking": "amber_strict", "was": "amber" }),
        ),
        ("jane", "member_added", json!({ "person": "mabel" })),
        (
            "jane",
            "member_removed",
            json!({ "person": "mabel", "reason": "By mistake." }),
        ),
        ("jane", "entry_restricted", json!({ "entry": 60 })),
        (
            "jane",
            "restricted",
            json!({ "reason": "It is about a colleague." }),
        ),
        ("jane", "unrestricted", json!({ "reason": "It is not." })),
    ]
}

pub(super) fn contingency() -> Samples {
    vec![
        (
            "dave",
            "outage_began",
            json!({ "assets": ["coop"], "began": { "at": "2026-11-21T03:00:00Z" } }),
        ),
        (
            "system",
            "outage_counted",
            json!({ "due_at": "2026-11-21T03:30:00Z" }),
        ),
        (
            "mabel",
            "contingency_activated",
            json!({ "reason": "The coop is empty." }),
        ),
        (
            "dave",
            "outage_ended",
            json!({ "ended": { "at": "2026-11-21T05:00:00Z", "certainty": "about" } }),
        ),
        (
            "dave",
            "recovery_tested",
            json!({ "passed": true, "how": "Every hen on its perch." }),
        ),
        ("jane", "recovery_declared", json!({})),
        (
            "jane",
            "postmortem_planned",
            json!({ "at": "2026-11-30T15:00:00Z" }),
        ),
        (
            "jane",
            "customer_notice_decided",
            json!({ "notify": true, "reason": "They wait for eggs." }),
        ),
        (
            "jane",
            "customer_notice_drafted",
            json!({ "notice": "N-1", "text": "Eggs come a day late.",
            "to": ["dairy"] }),
        ),
        (
            "mabel",
            "customer_notice_approved",
            json!({ "notice": "N-1" }),
        ),
        ("jane", "customer_notice_sent", json!({ "notice": "N-1" })),
    ]
}

pub(super) fn closing() -> Samples {
    vec![
        (
            "jane",
            "spun_down",
            json!({ "reviewer": "mabel", "reason": "All hens are home." }),
        ),
        (
            "mabel",
            "normal_again_recorded",
            json!({ "outcome": "tested", "tested_by": "dave",
            "how": "Counted them twice." }),
        ),
        (
            "mabel",
            "qa_sent_back",
            json!({ "reason": "The gate is open.", "steps": ["S-1"] }),
        ),
        ("mabel", "qa_accepted", json!({})),
        (
            "jane",
            "thanked",
            json!({ "text": "Thank you, every one of you.", "to": ["dave"], "reports": 1 }),
        ),
        (
            "jane",
            "settled",
            json!({ "what": "H-1", "choice": "keep", "reason": "The fox is about." }),
        ),
        (
            "jane",
            "closed",
            json!({ "outcome": "The fence is new and the flock is whole." }),
        ),
        (
            "jane",
            "reopened",
            json!({ "from": "closed", "to": "confirmed", "reason": "They are out again." }),
        ),
    ]
}

pub(super) fn retrospective() -> Samples {
    vec![
        ("jane", "leader_appointed", json!({ "person": "mabel" })),
        (
            "mabel",
            "timeline_line_added",
            json!({ "line": "T-9", "entries": [1], "text": "The first hen" }),
        ),
        ("mabel", "timeline_line_removed", json!({ "line": "T-9" })),
        (
            "mabel",
            "section_written",
            json!({ "section": "lessons", "text": "Look at the fence." }),
        ),
        (
            "mabel",
            "method_chosen",
            json!({ "method": "infinite_hows" }),
        ),
        (
            "mabel",
            "cause_recorded",
            json!({ "id": "C-1", "text": "The fence was old", "kind": "condition" }),
        ),
        (
            "mabel",
            "outcome_added",
            json!({ "list": "prevention", "text": "Walk the fence weekly." }),
        ),
        ("mabel", "lesson_added", json!({ "text": "Foxes dig." })),
        (
            "mabel",
            "follow_up_added",
            json!({ "follow_up": "F-1", "text": "Dig the wire in", "owner": "dave",
            "due": "2026-12-01T17:00:00Z" }),
        ),
        (
            "dave",
            "follow_up_done",
            json!({ "follow_up": "F-1", "note": "Half a metre deep." }),
        ),
        (
            "mabel",
            "discovery_method_set",
            json!({ "value": "reported_by_user" }),
        ),
        ("mabel", "threat_actions_set", json!({ "values": [] })),
        (
            "mabel",
            "retrospective_skipped",
            json!({ "reason": "It was a drill." }),
        ),
        (
            "mabel",
            "report_published",
            json!({ "edition": 1, "short": false }),
        ),
    ]
}
