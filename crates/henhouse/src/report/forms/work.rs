//! Leads that are followed, steps that are taken.

use super::Control::{Choice, Line, Long, One, Tick, Time, YesNo};
use super::sets::{MARKING, STEP_CLASS, STEP_KIND};
use super::{Chapter, Of, form, grave, may, must, rare};

pub(super) const WORK: Chapter = Chapter {
    name: "work",
    forms: &[
        form(
            "add_lead",
            &[
                must("text", Long),
                may("owner", One(Of::Person)),
                must("source", Line),
                rare("marking", Choice(MARKING)),
            ],
        ),
        form(
            "assign_lead",
            &[must("lead", One(Of::Lead)), must("owner", One(Of::Person))],
        ),
        form("start_lead", &[must("lead", One(Of::Lead))]),
        form(
            "finish_lead",
            &[must("lead", One(Of::Lead)), may("finding", Long)],
        ),
        form(
            "drop_lead",
            &[must("lead", One(Of::Lead)), must("reason", Long)],
        ),
        form(
            "add_step",
            &[
                must("text", Long),
                may("owner", One(Of::Person)),
                may("kind", Choice(STEP_KIND)),
                may("asset", One(Of::Asset)),
                may("class", Choice(STEP_CLASS)),
                may("due", Time),
                rare("template", One(Of::Template)),
            ],
        ),
        form(
            "assign_step",
            &[
                must("step", One(Of::Step)),
                may("owner", One(Of::Person)),
                may("due", Time),
            ],
        ),
        form("start_step", &[must("step", One(Of::Step))]),
        form(
            "finish_step",
            &[
                must("step", One(Of::Step)),
                may("result", Long),
                rare("by", One(Of::Person)),
            ],
        ),
        form(
            "verify_step",
            &[
                must("step", One(Of::Step)),
                must("works", YesNo),
                may("reason", Long),
            ],
        ),
        form(
            "reclassify_step",
            &[
                must("step", One(Of::Step)),
                must("class", Choice(STEP_CLASS)),
                may("reason", Long),
            ],
        ),
        form(
            "drop_step",
            &[must("step", One(Of::Step)), must("reason", Long)],
        ),
        grave(
            "decide_destruction",
            &[
                must("step", One(Of::Step)),
                must("reason", Long),
                may("loss_acknowledged", Tick),
            ],
        ),
    ],
};
