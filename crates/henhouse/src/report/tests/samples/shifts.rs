//! Hand-overs and long work.

use serde_json::json;

use super::Samples;

/// Who has it next. The first of these is entry 121.
pub(super) fn turns() -> Samples {
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
pub(super) fn long() -> Samples {
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
