//! Was it real, what is harmed, how severe is it.

use super::Control::{
    Choice, Choices, Claim, Criteria, Entries, Entry, Long, Number, Some, Tick, Whose, YesNo,
};
use super::sets::{ANSWER, DATA, HARM, KIND, MILESTONE, QUESTION, SEVERITY};
use super::{Chapter, Of, form, grave, may, must, rare};

pub(super) const ASSESS: Chapter = Chapter {
    name: "assess",
    forms: &[
        form(
            "answer_question",
            &[
                must("question", Choice(QUESTION)),
                must("answer", Choice(ANSWER)),
                may("note", Long),
                may("which", Some(Of::Dependency)),
            ],
        ),
        form(
            "assess_impact",
            &[
                may("confidentiality", Choice(HARM)),
                may("integrity", Choice(HARM)),
                may("availability", Choice(HARM)),
                may("privacy", Choice(HARM)),
                may("whose", Whose),
                may("assets", Some(Of::Asset)),
                may("data", Choices(DATA)),
                rare("people", Number),
                rare("customers_percent", Number),
                rare("loss_amount", Number),
            ],
        ),
        form(
            "answer_criteria",
            &[
                may("answers", Criteria),
                may("picks", Some(Of::Pick)),
                rare("unpicked", Some(Of::Pick)),
            ],
        ),
        form(
            "confirm",
            &[
                may("severity", Choice(SEVERITY)),
                may("reason", Long),
                may("impact.confidentiality", Choice(HARM)),
                may("impact.integrity", Choice(HARM)),
                may("impact.availability", Choice(HARM)),
                may("impact.privacy", Choice(HARM)),
                may("impact.whose", Whose),
                rare("impact.assets", Some(Of::Asset)),
                rare("impact.data", Choices(DATA)),
                rare("impact.people", Number),
                rare("impact.customers_percent", Number),
                rare("impact.loss_amount", Number),
                rare("responders", Some(Of::Person)),
                rare("supporting", Entries),
            ],
        ),
        form(
            "set_severity",
            &[must("severity", Choice(SEVERITY)), may("reason", Long)],
        ),
        grave(
            "false_alarm",
            &[may("reason", Long), rare("supporting", Entries)],
        ),
        form("set_kind", &[must("kind", Choice(KIND))]),
        form(
            "record_milestone",
            &[
                must("milestone", Choice(MILESTONE)),
                may("when", Claim),
                may("reason", Long),
                rare("unknown", Tick),
            ],
        ),
        form(
            "decide_contingency",
            &[must("activate", YesNo), must("reason", Long)],
        ),
        form(
            "explain_lowering",
            &[must("reason", Long), rare("entry", Entry)],
        ),
    ],
};
