//! What can be learned from it.

use super::Control::{Choice, Entries, Line, Long, One, Some, Tick, Time, Words};
use super::sets::CAUSE;
use super::{Chapter, Of, form, grave, may, must, rare};

pub(super) const RETROSPECTIVE: Chapter = Chapter {
    name: "retrospective",
    forms: &[
        form("appoint_leader", &[must("person", One(Of::Person))]),
        form(
            "add_timeline_line",
            &[must("entries", Entries), may("text", Long)],
        ),
        form("remove_timeline_line", &[must("line", One(Of::Line))]),
        form("choose_method", &[must("method", One(Of::Method))]),
        form(
            "add_cause",
            &[
                must("text", Long),
                may("kind", Choice(CAUSE)),
                may("parents", Some(Of::Cause)),
                rare("id", One(Of::Cause)),
            ],
        ),
        form(
            "add_outcome",
            &[
                must("list", One(Of::OutcomeList)),
                must("text", Long),
                may("from", Some(Of::Cause)),
            ],
        ),
        form("add_lesson", &[must("text", Long), may("entries", Entries)]),
        form(
            "add_follow_up",
            &[
                must("text", Long),
                must("owner", One(Of::Person)),
                must("due", Time),
            ],
        ),
        form(
            "done_follow_up",
            &[must("follow_up", One(Of::FollowUp)), may("note", Long)],
        ),
        form(
            "set_discovery_method",
            &[must("value", One(Of::Discovery)), may("note", Line)],
        ),
        form(
            "set_threat_actions",
            &[
                may("none", Tick),
                may("values", Some(Of::Threat)),
                rare("attack", Words),
            ],
        ),
        form(
            "write_report_section",
            &[must("section", One(Of::Section)), must("text", Long)],
        ),
        grave("publish_report", &[may("short_cause", Long)]),
        grave("skip_retrospective", &[must("reason", Long)]),
    ],
};
