//! Who commands, who does what, and for how long.

use super::Control::{Blocks, Choice, Line, Long, Nth, Number, One, Time, YesNo};
use super::sets::{MODE, POST, SHIFT_AS};
use super::{Chapter, Of, form, grave, may, must, rare};

pub(super) const COMMAND: Chapter = Chapter {
    name: "command",
    forms: &[
        form(
            "offer_handover",
            &[
                must("to", One(Of::Person)),
                may("briefing", Blocks),
                rare("role", Choice(POST)),
            ],
        ),
        form(
            "brief_handover",
            &[must("briefing", Blocks), rare("role", Choice(POST))],
        ),
        form(
            "read_back",
            &[must("text", Long), rare("role", Choice(POST))],
        ),
        form("accept_handover", &[rare("role", Choice(POST))]),
        form(
            "decline_handover",
            &[may("reason", Long), rare("role", Choice(POST))],
        ),
        form("withdraw_handover", &[rare("role", Choice(POST))]),
        form("take_over", &[must("reason", Long)]),
        grave("confirm_take_over", &[]),
        form(
            "assign_role",
            &[
                must("person", One(Of::Person)),
                must("role", Choice(POST)),
                may("scope", Line),
            ],
        ),
        form(
            "release_role",
            &[must("person", One(Of::Person)), must("role", Choice(POST))],
        ),
        form("stay_alone", &[must("reason", Long)]),
    ],
};

pub(super) const ENDURANCE: Chapter = Chapter {
    name: "endurance",
    forms: &[
        form(
            "plan_long_remediation",
            &[
                must("mode", Choice(MODE)),
                must("breach_ongoing", YesNo),
                may("next_ic", One(Of::Person)),
                may("reason", Long),
            ],
        ),
        form(
            "plan_shift",
            &[
                must("person", One(Of::Person)),
                must("from", Time),
                must("until", Time),
                may("as", Choice(SHIFT_AS)),
            ],
        ),
        form("cancel_shift", &[must("shift", Nth(Of::Shift))]),
        form("send_home", &[must("person", One(Of::Person))]),
        form("record_forecast", &[must("minutes", Number)]),
    ],
};
