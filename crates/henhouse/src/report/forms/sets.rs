//! Fixed sets of words that fields choose from, as the API has them.

/// A set of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Set {
    /// Names it in the word files: `choice-<name>-<word>`.
    pub name: &'static str,
    /// The words, in the order in which they are offered.
    pub words: &'static [&'static str],
}

const fn set(name: &'static str, words: &'static [&'static str]) -> Set {
    Set { name, words }
}

pub(super) const SEVERITY: Set = set("severity", &["high", "medium", "low"]);
pub(super) const KIND: Set = set("kind", &["security", "operational", "unknown"]);
pub(super) const MARKING: Set = set(
    "marking",
    &["clear", "green", "amber", "amber_strict", "red"],
);
pub(super) const ANSWER: Set = set("answer", &["yes", "no", "unknown"]);
pub(super) const DECIDER_ANSWER: Set = set("decider-answer", &["yes", "no", "later"]);
pub(super) const AUDIENCE: Set = set("audience", &["team", "inside", "outside"]);
pub(super) const CAUSE: Set = set(
    "cause",
    &["how", "why", "control", "condition", "vulnerability"],
);
pub(super) const CHANNEL: Set = set(
    "channel",
    &[
        "telephone",
        "direct_message",
        "sms",
        "mail",
        "chat",
        "ticket",
        "pager",
        "contact_sheet",
    ],
);
pub(super) const SETTLING: Set = set("settling", &["lift", "keep"]);
pub(super) const DATA: Set = set(
    "data",
    &[
        "personal",
        "sensitive_personal",
        "credentials",
        "internal",
        "contractual",
        "logs",
        "other",
    ],
);
pub(super) const DEED: Set = set(
    "deed",
    &[
        "capture",
        "isolate",
        "lift",
        "change",
        "stop",
        "terminate",
        "wipe",
        "delete",
        "restore",
        "disrupt",
    ],
);
pub(super) const EVIDENCE: Set = set(
    "evidence",
    &[
        "disk_snapshot",
        "memory",
        "log",
        "screen_capture",
        "database_dump",
        "mail",
        "configuration",
        "file",
        "reference",
        "other",
    ],
);
pub(super) const FACT: Set = set(
    "fact",
    &["observation", "hypothesis", "action", "decision", "result"],
);
pub(super) const HARM: Set = set("harm", &["none", "potential", "actual"]);
pub(super) const ITEM_STATE: Set = set("item-state", &["captured", "impossible", "not_relevant"]);
pub(super) const MILESTONE: Set = set(
    "milestone",
    &[
        "started",
        "aware",
        "reported",
        "acknowledged",
        "confirmed",
        "contained",
        "resolved",
    ],
);
pub(super) const MODE: Set = set("mode", &["business", "around_the_clock"]);
pub(super) const NORMAL: Set = set("normal", &["tested", "not_applicable", "deferred"]);
pub(super) const CONTACT_OUTCOME: Set = set(
    "contact-outcome",
    &["no_answer", "reached", "agreed", "declined"],
);
pub(super) const ROUTE: Set = set(
    "route",
    &["form", "api", "cli", "mail", "chat", "told", "alert"],
);
pub(super) const CONTACT_ROUTE: Set = set("contact-route", &["phone", "chat", "mail"]);
pub(super) const POST: Set = set(
    "post",
    &[
        "incident_commander",
        "deputy",
        "communications",
        "scribe",
        "assistant",
        "responder",
    ],
);
pub(super) const QUESTION: Set = set(
    "question",
    &[
        "happened",
        "dependency",
        "system_failure",
        "sensitive_data",
        "wider_impact",
    ],
);
pub(super) const SCOPE: Set = set("scope", &["partial", "complete"]);
pub(super) const SHIFT_AS: Set = set("shift-as", &["responder", "ic"]);
pub(super) const STEP_CLASS: Set = set("step-class", &["immediate", "deferred"]);
/// What a step does.
pub const STEP_KIND: Set = set(
    "step-kind",
    &[
        "investigate",
        "capture",
        "isolate",
        "lift",
        "change",
        "stop",
        "terminate",
        "wipe",
        "delete",
        "restore",
        "rebuild_elsewhere",
        "check",
        "organise",
    ],
);
