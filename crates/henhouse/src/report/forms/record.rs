//! Writing down what happened, and who may read it.

use super::Control::{Choice, Entry, Line, Long, Nth, Number, One, Some, Tick, YesNo};
use super::sets::{DEED, FACT, MARKING};
use super::{Chapter, Of, form, grave, may, must, rare};

pub(super) const RECORD: Chapter = Chapter {
    name: "record",
    forms: &[
        form("add_note", &[must("text", Long), may("restricted", Tick)]),
        form(
            "correct_note",
            &[
                must("note", Entry),
                must("text", Long),
                rare("restricted", Tick),
            ],
        ),
        form(
            "record_fact",
            &[
                must("text", Long),
                may("kind", Choice(FACT)),
                may("deed", Choice(DEED)),
                may("by", One(Of::Person)),
                rare("concerns.assets", Some(Of::Asset)),
                rare("concerns.steps", Some(Of::Step)),
                rare("concerns.leads", Some(Of::Lead)),
                rare("concerns.disruptions", Some(Of::Disruption)),
            ],
        ),
        form(
            "tick_item",
            &[must("item", One(Of::Item)), may("proof", Line)],
        ),
        form(
            "untick_item",
            &[must("item", One(Of::Item)), may("reason", Line)],
        ),
        form(
            "explain_deviation",
            &[must("deviation", One(Of::Deviation)), must("reason", Long)],
        ),
        form(
            "open_call",
            &[
                must("link", Line),
                may("participants", Some(Of::Person)),
                may("recording", Tick),
            ],
        ),
        form(
            "close_call",
            &[
                must("call", Nth(Of::Call)),
                may("summary", Long),
                may("participants", Some(Of::Person)),
                may("recorded", Tick),
            ],
        ),
        form(
            "open_document",
            &[must("link", Line), may("participants", Some(Of::Person))],
        ),
        form(
            "propose_redaction",
            &[
                must("entry", Entry),
                must("field", Line),
                must("reason", Long),
            ],
        ),
        form(
            "second_redaction",
            &[
                must("redaction", Nth(Of::Redaction)),
                must("declined", YesNo),
                may("reason", Long),
            ],
        ),
        form(
            "adopt_playbook",
            &[must("edition", Number), must("reason", Long)],
        ),
    ],
};

pub(super) const SECRECY: Chapter = Chapter {
    name: "secrecy",
    forms: &[
        form(
            "restrict",
            &[must("reason", Long), may("about_person", One(Of::Person))],
        ),
        grave("unrestrict", &[must("reason", Long)]),
        form(
            "set_marking",
            &[must("marking", Choice(MARKING)), may("reason", Long)],
        ),
        form("add_member", &[must("person", One(Of::Person))]),
        grave(
            "remove_member",
            &[must("person", One(Of::Person)), may("reason", Long)],
        ),
        form("restrict_entry", &[must("entry", Entry)]),
    ],
};
