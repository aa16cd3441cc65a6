//! Spinning it down, and closing it.

use super::Control::{Choice, Long, One, Some, Time};
use super::sets::{NORMAL, SETTLING};
use super::{Chapter, Of, form, may, must, rare};

pub(super) const CLOSING: Chapter = Chapter {
    name: "closing",
    forms: &[
        form(
            "record_normal_again",
            &[
                must("outcome", Choice(NORMAL)),
                may("how", Long),
                may("tested_by", One(Of::Person)),
                rare("due", Time),
                rare("reason", Long),
            ],
        ),
        form(
            "ready_for_qa",
            &[may("reviewer", One(Of::Person)), may("reason", Long)],
        ),
        form("accept_qa", &[may("reason", Long)]),
        form(
            "send_back_qa",
            &[may("reason", Long), may("steps", Some(Of::Step))],
        ),
        form("send_thanks", &[must("text", Long)]),
        form(
            "settle",
            &[
                must("what", One(Of::Standing)),
                must("choice", Choice(SETTLING)),
                may("reason", Long),
            ],
        ),
        form("close", &[may("outcome", Long)]),
        form("reopen", &[may("reason", Long)]),
    ],
};
