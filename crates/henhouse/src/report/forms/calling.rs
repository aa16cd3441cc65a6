//! What was reported, who comes, and what people are told.

use super::Control::{
    Choice, Choices, Line, Long, Nth, Number, One, OtherCase, Some, Tick, Time, Words, YesNo,
};
use super::sets::{AUDIENCE, CHANNEL, MARKING, ROUTE, SEVERITY};
use super::{Chapter, Of, form, grave, may, must, rare};

pub(super) const TOLD: Chapter = Chapter {
    name: "told",
    forms: &[
        form("acknowledge", &[rare("only_command", Tick)]),
        form("join", &[]),
        form("pass_on", &[]),
        form("still_here", &[]),
        form(
            "call_in",
            &[
                must("person", One(Of::Person)),
                may("message", Long),
                rare("needs", Some(Of::Skill)),
            ],
        ),
        form(
            "answer_call_in",
            &[must("accept", YesNo), may("reason", Long)],
        ),
        form("leave", &[]),
        form(
            "tell_reporter",
            &[
                must("report", Nth(Of::Report)),
                must("route", Choice(CHANNEL)),
            ],
        ),
        form("set_title", &[must("title", Line)]),
        form("set_tags", &[must("tags", Words)]),
        form("add_details", &[must("text", Long)]),
        form(
            "add_report",
            &[
                must("report.text", Long),
                may("report.name", Line),
                may("report.contact", Line),
                may("report.phone", Line),
                rare("report.route", Choice(ROUTE)),
                rare("report.template", Tick),
                rare("reporter", One(Of::Person)),
            ],
        ),
        form("disagree", &[must("text", Long)]),
        form("warn_colleagues", &[must("text", Long)]),
        form("skip_warning", &[must("reason", Long)]),
        grave(
            "merge_case",
            &[must("other", OtherCase), may("reason", Long)],
        ),
    ],
};

pub(super) const SITREPS: Chapter = Chapter {
    name: "sitreps",
    forms: &[
        form(
            "publish_sitrep",
            &[
                may("summary", Long),
                may("known", Long),
                may("doing", Long),
                may("need", Long),
                may("outside", Long),
                may("next", Time),
                may("audiences", Choices(AUDIENCE)),
                may("final", Tick),
                may("no_change", Tick),
                rare("marking", Choice(MARKING)),
                rare("correction_of", Nth(Of::Sitrep)),
            ],
        ),
        form(
            "change_cadence",
            &[may("minutes", Number), may("like", Choice(SEVERITY))],
        ),
        form(
            "add_stakeholder",
            &[
                may("stakeholder", One(Of::Stakeholder)),
                may("person", One(Of::Person)),
                may("reason", Long),
            ],
        ),
        form(
            "remove_stakeholder",
            &[
                may("stakeholder", One(Of::Stakeholder)),
                may("person", One(Of::Person)),
                may("reason", Long),
                may("misaddressed", Tick),
            ],
        ),
    ],
};
