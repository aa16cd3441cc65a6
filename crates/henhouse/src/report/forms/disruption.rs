//! Services that are disturbed on purpose, fail by themselves, and what customers hear of it.

use super::Control::{Choice, Claim, Line, Long, Number, One, Some, Time, YesNo};
use super::sets::{CONTACT_OUTCOME, CONTACT_ROUTE, DECIDER_ANSWER, MARKING, SCOPE};
use super::{Chapter, Of, form, grave, may, must, rare};

pub(super) const DISRUPTION: Chapter = Chapter {
    name: "disruption",
    forms: &[
        form(
            "request_disruption",
            &[
                must("text", Long),
                may("risk_of_waiting", Line),
                may("risk_of_acting", Line),
                may("expected_minutes", Number),
                may("scope", Choice(SCOPE)),
                may("steps", Some(Of::Step)),
                may("assets", Some(Of::Asset)),
                must("project_impact", YesNo),
            ],
        ),
        form(
            "record_contact",
            &[
                must("disruption", One(Of::Disruption)),
                must("decider", One(Of::Person)),
                must("route", Choice(CONTACT_ROUTE)),
                may("outcome", Choice(CONTACT_OUTCOME)),
                may("reason", Long),
            ],
        ),
        form(
            "answer_disruption",
            &[
                must("disruption", One(Of::Disruption)),
                must("answer", Choice(DECIDER_ANSWER)),
                may("reason", Long),
            ],
        ),
        form(
            "team_vote",
            &[
                must("disruption", One(Of::Disruption)),
                must("agree", YesNo),
                may("reason", Long),
            ],
        ),
        form(
            "settle_disruption",
            &[
                must("disruption", One(Of::Disruption)),
                must("go", YesNo),
                must("reason", Long),
            ],
        ),
        grave(
            "start_disruption",
            &[must("disruption", One(Of::Disruption)), may("reason", Long)],
        ),
        form(
            "send_disruption_notice",
            &[must("disruption", One(Of::Disruption)), must("text", Long)],
        ),
        form(
            "end_disruption",
            &[must("disruption", One(Of::Disruption)), may("result", Long)],
        ),
        form(
            "withdraw_disruption",
            &[
                must("disruption", One(Of::Disruption)),
                must("reason", Long),
            ],
        ),
    ],
};

pub(super) const CONTINGENCY: Chapter = Chapter {
    name: "contingency",
    forms: &[
        form(
            "begin_outage",
            &[may("assets", Some(Of::Asset)), may("began", Claim)],
        ),
        form("end_outage", &[may("ended", Claim)]),
        grave("activate_contingency", &[must("reason", Long)]),
        form(
            "record_recovery_test",
            &[must("passed", YesNo), must("how", Long)],
        ),
        form("declare_recovered", &[may("note", Long)]),
        form("plan_postmortem", &[must("at", Time)]),
    ],
};

pub(super) const CUSTOMERS: Chapter = Chapter {
    name: "customers",
    forms: &[
        form(
            "decide_customer_notice",
            &[must("notify", YesNo), must("reason", Long)],
        ),
        form(
            "draft_customer_notice",
            &[
                must("text", Long),
                must("to", Some(Of::Stakeholder)),
                may("next", Time),
                rare("marking", Choice(MARKING)),
            ],
        ),
        form(
            "approve_customer_notice",
            &[
                must("notice", One(Of::Notice)),
                must("approve", YesNo),
                may("reason", Long),
            ],
        ),
        grave(
            "send_customer_notice",
            &[
                must("notice", One(Of::Notice)),
                rare("second", One(Of::Person)),
                rare("reason", Long),
            ],
        ),
    ],
};
