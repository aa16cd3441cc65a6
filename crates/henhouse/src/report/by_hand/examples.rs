//! How each act is usually given: its name and its fields.

/// An act and the fields that it usually takes. Ids such as `S-1` stand for the one that is meant.
pub const EXAMPLES: &[(&str, &str)] = &[
    ("accept_handover", ""),
    ("accept_qa", ""),
    ("acknowledge", ""),
    ("acknowledge_hold", "hold=H-1"),
    ("activate_contingency", r#"reason="Why""#),
    ("add_cause", r#"text="How it came to be" kind=how"#),
    (
        "add_follow_up",
        r#"text="What is to be done" owner=jane due=2026-12-01T09:00:00Z"#,
    ),
    (
        "add_lead",
        r#"text="How did they get in?" source="Who says so" owner=jane"#,
    ),
    (
        "add_lesson",
        r#"text="What we would do otherwise next time" entries='[1]'"#,
    ),
    ("add_note", r#"text="What I saw""#),
    (
        "add_outcome",
        r#"list=prevention text="What would prevent it""#,
    ),
    ("add_step", r#"text="Renew the key" owner=dave"#),
    ("add_timeline_line", r#"entries=[1] text="What happened""#),
    ("answer_call_in", "accept=true"),
    (
        "answer_criteria",
        r#"answers='{"many_customers_down":"no","limited_outage":"yes"}'"#,
    ),
    ("answer_disruption", "disruption=D-1 answer=yes"),
    ("answer_question", "question=happened answer=yes"),
    ("approve_customer_notice", "notice=N-1 approve=true"),
    (
        "assess_impact",
        r#"confidentiality=none integrity=none availability=potential privacy=none whose='["ours"]'"#,
    ),
    ("assign_lead", "lead=L-1 owner=dave"),
    ("assign_step", "step=S-1 owner=dave"),
    ("brief_handover", BRIEFING),
    ("call_in", r#"person=dave message="What we need you for""#),
    ("choose_method", "method=infinite_hows"),
    ("close", r#"outcome="What came of it, for the reporter""#),
    (
        "close_call",
        r#"call=1 summary="What was said" participants='["dave"]'"#,
    ),
    (
        "confirm",
        r#"severity=medium reason="How we know" impact='{"confidentiality":"potential","integrity":"potential","availability":"potential"}'"#,
    ),
    ("decide_contingency", r#"activate=false reason="Why""#),
    (
        "decide_destruction",
        r#"step=S-1 reason="Why" loss_acknowledged=true"#,
    ),
    ("decide_customer_notice", r#"notify=false reason="Why""#),
    ("done_follow_up", "follow_up=F-1"),
    (
        "draft_customer_notice",
        r#"text="What we tell them" to='["client"]'"#,
    ),
    (
        "end_disruption",
        r#"disruption=D-1 result="What came of it""#,
    ),
    ("end_outage", ""),
    ("explain_deviation", r#"deviation=V-1 reason="Why""#),
    ("explain_lowering", r#"reason="Why it is less now""#),
    ("false_alarm", r#"reason="What it was instead""#),
    ("finish_lead", r#"lead=L-1 finding="What was found""#),
    ("finish_step", r#"step=S-1 result="What came of it""#),
    ("offer_handover", HANDOVER),
    ("pass_on", ""),
    (
        "plan_long_remediation",
        "mode=business breach_ongoing=false",
    ),
    ("plan_postmortem", "at=2026-12-01T09:00:00Z"),
    (
        "plan_shift",
        "person=jane from=2026-11-22T03:00:00Z until=2026-11-22T06:00:00Z",
    ),
    ("publish_report", ""),
    (
        "publish_sitrep",
        r#"summary="What we know, what we do, what we need""#,
    ),
    (
        "publish_sitrep",
        r#"summary="How it ended, and thanks" final=true"#,
    ),
    ("read_back", r#"text="What I take over""#),
    ("ready_for_qa", "reviewer=dave"),
    ("record_contact", "disruption=D-1 decider=dave route=phone"),
    (
        "record_evidence_item",
        "asset=web1 item=logs state=captured",
    ),
    ("record_fact", r#"text="How it stands""#),
    (
        "record_milestone",
        r#"milestone=contained reason="How we know""#,
    ),
    ("record_normal_again", r#"how="Who tested what""#),
    (
        "record_recovery_test",
        r#"passed=true how="Who tested what""#,
    ),
    (
        "release_hold",
        r#"hold=H-1 reason="Why it is not needed any more""#,
    ),
    (
        "request_disruption",
        r#"text="What we want to switch off" expected_minutes=30 risk_of_acting="What it costs" risk_of_waiting="What waiting costs""#,
    ),
    ("second_redaction", "redaction=1 declined=false"),
    ("send_customer_notice", "notice=N-1"),
    (
        "send_disruption_notice",
        r#"disruption=D-1 text="What people will see""#,
    ),
    ("send_home", "person=jane"),
    ("send_thanks", r#"text="Thank you""#),
    ("set_discovery_method", "value=unknown"),
    ("set_kind", "kind=operational"),
    ("set_severity", "severity=high"),
    ("set_threat_actions", "none=true"),
    ("settle", r#"what=H-1 choice=lift reason="Why""#),
    (
        "skip_warning",
        r#"reason="Why nobody else needs to know of it""#,
    ),
    ("start_disruption", "disruption=D-1"),
    ("start_lead", "lead=L-1"),
    ("start_step", "step=S-1"),
    ("still_here", ""),
    ("team_vote", r#"disruption=D-1 agree=true reason="Why""#),
    ("tell_reporter", "report=1 route=telephone"),
    ("tick_item", "item=report"),
    ("verify_step", "step=S-1 works=true"),
    ("warn_colleagues", r#"text="What they should look out for""#),
];

/// What only a human can say: the act, its field, what its example says of it, and what is printed in its place. A line
/// that is copied and sent unread must say none of it; what says "unknown" denies and confirms nothing.
const ASKED: &[(&str, &str, &str, &str)] = &[
    ("answer_call_in", "accept", "true", YES_OR_NO),
    (
        "answer_criteria",
        "answers",
        r#"'{"many_customers_down":"no","limited_outage":"yes"}'"#,
        r#"'{"many_customers_down":"<yes|no|unknown>","limited_outage":"<yes|no|unknown>"}'"#,
    ),
    ("answer_disruption", "answer", "yes", "\"<yes|no|later>\""),
    ("answer_question", "answer", "yes", "\"<yes|no|unknown>\""),
    ("approve_customer_notice", "approve", "true", YES_OR_NO),
    ("assess_impact", "confidentiality", "none", HARM),
    ("assess_impact", "integrity", "none", HARM),
    ("assess_impact", "privacy", "none", HARM),
    ("decide_contingency", "activate", "false", YES_OR_NO),
    ("decide_customer_notice", "notify", "false", YES_OR_NO),
    ("decide_destruction", "loss_acknowledged", "true", YES_OR_NO),
    (
        "plan_long_remediation",
        "breach_ongoing",
        "false",
        YES_OR_NO,
    ),
    (
        "record_evidence_item",
        "state",
        "captured",
        "\"<captured|impossible|not_relevant>\"",
    ),
    ("record_recovery_test", "passed", "true", YES_OR_NO),
    ("second_redaction", "declined", "false", YES_OR_NO),
    ("set_threat_actions", "none", "true", YES_OR_NO),
    ("settle", "choice", "lift", "\"<keep|lift>\""),
    ("team_vote", "agree", "true", YES_OR_NO),
    ("verify_step", "works", "true", YES_OR_NO),
];

const YES_OR_NO: &str = "\"<true|false>\"";
const HARM: &str = "\"<none|potential|actual>\"";

/// What is printed where an example would say what only a human can say; nothing where it may stand.
pub(super) fn asked(command: &str, field: &str, written: &str) -> Option<&'static str> {
    let of_it = |(act, name, said, _): &&(&str, &str, &str, &str)| {
        *act == command && *name == field && *said == written
    };
    ASKED.iter().find(of_it).map(|(.., asks)| *asks)
}

/// A printed line with each question answered as the example answers it.
#[cfg(test)]
pub fn answered(line: &str) -> String {
    let of_it = ASKED
        .iter()
        .filter(|(act, ..)| line.contains(&format!(" {act} ")));
    of_it.fold(line.to_owned(), |line, (_, field, said, asks)| {
        line.replace(&format!("{field}={asks}"), &format!("{field}={said}"))
    })
}

/// An example as it is printed.
#[must_use]
pub fn printed(command: &str, fields: &str) -> String {
    super::Slots::example(fields).asking(command).line()
}

const BRIEFING: &str =
    r#"briefing='{"situation":"…","done":"…","open":"…","next":"…","people":"…"}'"#;
const HANDOVER: &str =
    r#"to=dave briefing='{"situation":"…","done":"…","open":"…","next":"…","people":"…"}'"#;

/// The fields of the last example of a command that has several.
pub(super) fn last_fields(command: &str) -> &'static str {
    let found = EXAMPLES.iter().rfind(|(name, _)| *name == command);
    found.map_or("", |(_, fields)| fields)
}

/// The fields that a command usually takes; nothing where it needs none or none is known.
#[must_use]
pub fn fields(command: &str) -> &'static str {
    let found = EXAMPLES.iter().find(|(name, _)| *name == command);
    found.map_or("", |(_, fields)| fields)
}
