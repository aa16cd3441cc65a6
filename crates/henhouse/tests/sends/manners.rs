//! The manners of mail servers. Mail is the channel that there is; each further kind of peer brings manners of its own.

use serde_json::{Value, json};

/// One way to behave.
pub struct Manner {
    pub name: &'static str,
    /// What the server is told before each page, for some of its first attempts.
    pub order: fn() -> Option<Value>,
    /// Whether it takes a mail without saying so, or says something else: then more than one may come.
    pub leaves_doubt: bool,
    /// Whether it speaks TLS.
    pub tls: bool,
}

const fn plain(name: &'static str, order: fn() -> Option<Value>) -> Manner {
    Manner {
        name,
        order,
        leaves_doubt: false,
        tls: false,
    }
}

const fn doubtful(name: &'static str, order: fn() -> Option<Value>) -> Manner {
    Manner {
        name,
        order,
        leaves_doubt: true,
        tls: false,
    }
}

/// All of them.
pub const MANNERS: [Manner; 14] = [
    plain("takes everything", || None),
    plain("answers late", || {
        Some(json!({ "do": "slow", "stage": "data", "seconds": 0.8, "keep": true }))
    }),
    plain("is slow at the recipient", || {
        Some(json!({ "do": "slow", "stage": "rcpt", "seconds": 0.8 }))
    }),
    doubtful("resets after the message and keeps it", || {
        Some(json!({ "do": "drop", "keep": true }))
    }),
    plain("resets after the message and forgets it", || {
        Some(json!({ "do": "drop", "keep": false }))
    }),
    plain("says yes and closes", || Some(json!({ "do": "close" }))),
    doubtful("says yes with a failure's enhanced code", || {
        Some(said("data", "250 5.7.1 dropped", true))
    }),
    doubtful("answers garbage and keeps it", || {
        Some(said("data", "thank you!", true))
    }),
    plain("answers garbage at the recipient", || {
        Some(said("rcpt", "\u{1}\u{2}?", false))
    }),
    plain("comes back later (greylisting)", || {
        Some(said("rcpt", "451 4.7.1 come back later", false))
    }),
    plain("has no room after the message", || {
        Some(said("data", "452 4.3.1 no room", false))
    }),
    plain("refuses us at the greeting", || {
        Some(said("connect", "554 5.7.1 you are listed", false))
    }),
    plain("refuses the sender", || {
        Some(said("mail", "550 5.7.1 not from here", false))
    }),
    Manner {
        name: "breaks TLS",
        order: || Some(json!({ "do": "drop", "stage": "starttls" })),
        leaves_doubt: false,
        tls: true,
    },
];

fn said(stage: &str, reply: &str, keep: bool) -> Value {
    json!({ "do": "answer", "stage": stage, "reply": reply, "keep": keep })
}
