//! How each act is given on a command line, with its fields, ready to be changed and sent: for pages
//! that cannot do it, for mails, and for whoever forgot a field at three in the morning.

/// An act and the fields that it usually takes. Ids such as `S-1` stand for the one that is meant.
pub const EXAMPLES: &[(&str, &str)] = &[
    ("accept_handover", ""),
    ("accept_qa", ""),
    ("acknowledge", ""),
    ("acknowledge_hold", "hold=H-1"),
    ("add_lead", r#"text="How did they get in?" owner=jane"#),
    (
        "add_lesson",
        r#"text="What we would do otherwise next time""#,
    ),
    ("add_note", r#"text="What I saw""#),
    ("add_step", r#"text="Renew the key" owner=jane"#),
    ("answer_call_in", "accept=true"),
    ("answer_disruption", "disruption=D-1 answer=yes"),
    ("answer_question", "question=happened answer=yes"),
    ("assign_lead", "lead=L-1 owner=jane"),
    ("assign_step", "step=S-1 owner=jane"),
    ("brief_handover", BRIEFING),
    ("call_in", "person=dave"),
    ("close", ""),
    ("close_call", r#"call=1 summary="What was said""#),
    (
        "confirm",
        r#"severity=medium reason="How we know" impact='{"confidentiality":"potential","integrity":"none","availability":"none"}'"#,
    ),
    ("decide_contingency", r#"activate=false reason="Why""#),
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
    (
        "plan_shift",
        "person=jane from=2026-11-22T03:00:00Z until=2026-11-22T06:00:00Z",
    ),
    ("publish_report", ""),
    (
        "publish_sitrep",
        r#"summary="What we know, what we do, what we need""#,
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
        "release_hold",
        r#"hold=H-1 reason="Why it is not needed any more""#,
    ),
    ("request_disruption", r#"text="What we want to switch off""#),
    ("second_redaction", "redaction=1"),
    (
        "send_disruption_notice",
        r#"disruption=D-1 text="What people will see""#,
    ),
    ("send_home", "person=jane"),
    ("send_thanks", r#"text="Thank you""#),
    ("set_severity", "severity=high"),
    ("settle", r#"what=H-1 choice=lift reason="Why""#),
    ("start_disruption", "disruption=D-1"),
    ("start_step", "step=S-1"),
    ("still_here", ""),
    ("team_vote", r#"disruption=D-1 agree=true reason="Why""#),
    ("tell_reporter", "report=1 route=telephone"),
    ("verify_step", "step=S-1"),
];

const BRIEFING: &str =
    r#"briefing='{"situation":"…","done":"…","open":"…","next":"…","people":"…"}'"#;
const HANDOVER: &str =
    r#"to=dave briefing='{"situation":"…","done":"…","open":"…","next":"…","people":"…"}'"#;

/// The whole line, to be changed and sent.
#[must_use]
pub fn line(number: &str, command: &str) -> String {
    if command == "acknowledge" {
        return format!("henhouse ack {number}");
    }
    let line = format!("henhouse case do {number} {command} {}", fields(command));
    line.trim_end().to_owned()
}

/// The fields that a command usually takes; nothing where it needs none or none is known.
#[must_use]
pub fn fields(command: &str) -> &'static str {
    let found = EXAMPLES.iter().find(|(name, _)| *name == command);
    found.map_or("", |(_, fields)| fields)
}
