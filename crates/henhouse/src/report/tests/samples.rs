//! One entry of every kind, as the farm's people would leave it. In the order of a story, so
//! that what is named later is there.

use procedure::Body;
use serde_json::{Value, json};

/// Who leaves it, and what.
pub fn all() -> Vec<(&'static str, Body)> {
    let lists = [
        beginning(),
        command(),
        assessment(),
        evidence(),
        work(),
        disruption(),
        record(),
        secrecy(),
        contingency(),
        closing(),
        retrospective(),
        turns(),
        long(),
        alerts(),
    ];
    let read = |(who, kind, body): (&'static str, &str, Value)| {
        let read = serde_json::from_value(json!({ "kind": kind, "body": body }));
        (who, read.unwrap_or_else(|e| panic!("{kind}: {e}")))
    };
    lists.into_iter().flatten().map(read).collect()
}

type Samples = Vec<(&'static str, &'static str, Value)>;

fn report(words: &str) -> Value {
    json!({ "text": words, "route": "form", "contact": "neighbour@example.org", "phone": "+1 555 0177" })
}

fn beginning() -> Samples {
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

fn command() -> Samples {
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

fn assessment() -> Samples {
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

fn evidence() -> Samples {
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

fn work() -> Samples {
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

fn disruption() -> Samples {
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

fn record() -> Samples {
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

fn secrecy() -> Samples {
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

fn closing() -> Samples {
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

fn retrospective() -> Samples {
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

fn contingency() -> Samples {
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

/// Who has it next. The first of these is entry 121.
fn turns() -> Samples {
    let briefing = json!({
        "situation": "Eleven hens are out, two are found.", "done": "The hole is shut.",
        "open": "Spot follows the fox.", "next": "A sitrep at five.", "people": "Dave is at the fence.",
    });
    vec![
        (
            "jane",
            "called_in",
            json!({ "person": "dave", "message": "Bring wire.", "needs": ["fences"], "lacking": ["foxes"] }),
        ),
        ("dave", "call_in_answered", json!({ "accept": true })),
        (
            "dave",
            "call_in_answered",
            json!({ "accept": false, "reason": "The cows." }),
        ),
        (
            "system",
            "undelivered",
            json!({ "to": { "stakeholder": "dairy" }, "route": "mail" }),
        ),
        ("jane", "still_here", json!({})),
        (
            "jane",
            "handover_offered",
            json!({ "role": "ic", "to": "spot", "briefing": briefing }),
        ),
        (
            "jane",
            "handover_briefed",
            json!({ "offer": 126, "briefing": { "doubts": "It may be two foxes." } }),
        ),
        (
            "spot",
            "handover_read_back",
            json!({ "offer": 126, "text": "Hens out, hole shut, fox about." }),
        ),
        (
            "spot",
            "handover_accepted",
            json!({ "offer": 126, "role": "ic", "from": "jane" }),
        ),
        (
            "spot",
            "handover_declined",
            json!({ "offer": 126, "reason": "I bark too much." }),
        ),
        ("jane", "handover_withdrawn", json!({ "offer": 126 })),
        (
            "system",
            "handover_lapsed",
            json!({ "offer": 126, "from": "jane", "to": "spot", "due_at": "2026-11-21T03:22:00Z" }),
        ),
        (
            "system",
            "overlap_ended",
            json!({ "offer": 126, "from": "jane", "due_at": "2026-11-21T03:32:00Z" }),
        ),
        (
            "spot",
            "take_over_asked",
            json!({ "from": "jane", "reason": "She sleeps." }),
        ),
        ("spot", "took_over", json!({ "from": "jane", "asked": 134 })),
        (
            "system",
            "take_over_offered",
            json!({ "ic": "jane", "since": "2026-11-21T03:12:00Z", "round": 1, "due_at": "2026-11-21T03:22:00Z" }),
        ),
        (
            "jane",
            "role_assigned",
            json!({ "person": "mabel", "role": "communications" }),
        ),
        (
            "jane",
            "role_released",
            json!({ "person": "mabel", "role": "communications" }),
        ),
        ("jane", "stays_alone", json!({ "reason": "It is one hen." })),
        (
            "system",
            "ic_warned",
            json!({ "ic": "jane", "alone": true }),
        ),
    ]
}

/// When it takes long.
fn long() -> Samples {
    let (from, until) = ("2026-11-21T06:00:00Z", "2026-11-21T09:30:00Z");
    vec![
        ("jane", "forecast_recorded", json!({ "minutes": 240 })),
        (
            "system",
            "plan_opened",
            json!({ "forecast": true, "due_at": "2026-11-21T06:12:00Z" }),
        ),
        (
            "jane",
            "long_planned",
            json!({ "mode": "around_the_clock", "suggested": "around_the_clock",
            "severity": "high", "breach_ongoing": true, "next_ic": "spot", "reason": "The fox comes back." }),
        ),
        (
            "jane",
            "shift_planned",
            json!({ "shift": 1, "person": "spot", "from": from, "until": until,
            "duty": "ic", "over_minutes": 30, "rest_short_minutes": 60 }),
        ),
        (
            "jane",
            "shift_cancelled",
            json!({ "shift": 1, "person": "spot" }),
        ),
        ("jane", "sent_home", json!({ "person": "dave" })),
        (
            "mabel",
            "customer_notice_declined",
            json!({ "notice": "N-1", "reason": "They come two days late." }),
        ),
    ]
}

/// What programs sent.
fn alerts() -> Samples {
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
