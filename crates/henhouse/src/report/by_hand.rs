//! How each act is given on a command line, with its fields, ready to be changed and sent: for pages
//! that cannot do it, for mails, and for whoever forgot a field at three in the morning.

mod choices;
mod slots;

use jiff::{SignedDuration, Timestamp};
use procedure::basis::Role;
use procedure::playbook::Criterion;
use procedure::{Basis, Case, Missing, Obligation, PersonId};
use serde_json::Value;

use slots::Slots;

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
    ("add_step", r#"text="Renew the key" owner=jane"#),
    ("add_timeline_line", r#"entries=[1] text="What happened""#),
    ("answer_call_in", "accept=true"),
    (
        "answer_criteria",
        r#"answers='{"many_customers_down":"no","limited_outage":"yes"}'"#,
    ),
    ("answer_disruption", "disruption=D-1 answer=yes"),
    ("answer_question", "question=happened answer=yes"),
    ("approve_customer_notice", "notice=N-1"),
    (
        "assess_impact",
        r#"confidentiality=none integrity=none availability=potential privacy=none whose='["ours"]'"#,
    ),
    ("assign_lead", "lead=L-1 owner=jane"),
    ("assign_step", "step=S-1 owner=jane"),
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
    ("second_redaction", "redaction=1"),
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
    ("start_disruption", "disruption=D-1"),
    ("start_lead", "lead=L-1"),
    ("start_step", "step=S-1"),
    ("still_here", ""),
    ("team_vote", r#"disruption=D-1 agree=true reason="Why""#),
    ("tell_reporter", "report=1 route=telephone"),
    ("tick_item", "item=report"),
    ("verify_step", "step=S-1"),
];

const BRIEFING: &str =
    r#"briefing='{"situation":"…","done":"…","open":"…","next":"…","people":"…"}'"#;
const HANDOVER: &str =
    r#"to=dave briefing='{"situation":"…","done":"…","open":"…","next":"…","people":"…"}'"#;

/// An act with its fields: the line of a command line is printed from it, and a form begins with what
/// it knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByHand {
    /// The command.
    pub command: String,
    slots: Slots,
}

impl ByHand {
    /// The act as it is usually given; nothing in it is known of any case.
    #[must_use]
    pub fn usual(command: &str) -> Self {
        Self {
            command: command.to_owned(),
            slots: Slots::example(fields(command)),
        }
    }

    /// The act about something: its fields with their values, each a single word.
    #[must_use]
    pub fn about(command: &str, fields: &[(&str, &str)]) -> Self {
        let mut act = Self::usual(command);
        for (name, value) in fields {
            act.slots.put(name, *value);
        }
        act
    }

    /// The act with what is so in this case. Whom and what the key names comes last: nobody else is
    /// put in their place.
    fn of_case(command: &str, key: &str, case: &Case, basis: &Basis) -> Self {
        let mut usual = Self::usual(command);
        usual.with_people(case, basis);
        usual.with_ids(key.split(':'));
        usual.with_key(key, (case, basis));
        usual
    }

    /// The act that settles what is owed.
    #[must_use]
    pub fn settling(case: &Case, basis: &Basis, owed: &Obligation) -> Option<Self> {
        let command = owed.settle_with?;
        Some(Self::of_case(command, &owed.key, case, basis))
    }

    /// The act that settles one of the things that stand in the way.
    #[must_use]
    pub fn lacking(case: &Case, basis: &Basis, missing: &Missing) -> Self {
        let about = missing.about.as_deref().unwrap_or_default();
        Self::of_case(&missing.settle_with, about, case, basis)
    }

    /// The act about what is open in this case.
    #[must_use]
    pub fn about_what_is_open(case: &Case, basis: &Basis, command: &str) -> Self {
        let mut act = Self::of_case(command, "", case, basis);
        let open = choices::open_ids(case);
        act.with_ids(open.iter().map(String::as_str));
        act
    }

    /// The whole line, to be changed and sent.
    #[must_use]
    pub fn line(&self, number: &str) -> String {
        if self.command == "acknowledge" {
            return format!("henhouse ack {number}");
        }
        let line = format!(
            "henhouse case do {number} {} {}",
            self.command,
            self.slots.line()
        );
        line.trim_end().to_owned()
    }

    /// What is known of its fields, as the API takes them.
    pub fn known(&self) -> impl Iterator<Item = (&str, Value)> {
        self.slots.known()
    }

    /// `S-1` of the example becomes the step that is meant, and so for everything that has a number.
    fn with_ids<'a>(&mut self, ids: impl IntoIterator<Item = &'a str>) {
        for id in ids {
            if let Some((letter, digits)) = id.split_once('-')
                && letter.len() == 1
                && digits.bytes().all(|byte| byte.is_ascii_digit())
            {
                self.slots.replace(&format!("{letter}-1"), id);
            }
        }
    }

    /// What else the key of an obligation names: a call, a person, a class of assets, a gap.
    fn with_key(&mut self, key: &str, (case, basis): (&Case, &Basis)) {
        let part = |n: usize| key.split(':').nth(n).unwrap_or_default();
        let rest = || key.split_once(':').map_or("", |(_, rest)| rest);
        let slots = &mut self.slots;
        match self.command.as_str() {
            "answer_question" if part(0) == "question" => {
                *slots = choices::answer(part(1), part(2));
            }
            "set_kind" => *slots = Slots::said(choices::KIND),
            "assess_impact" => *slots = Slots::said(&choices::impact(case, basis)),
            "draft_customer_notice" => choices::notice(slots, basis),
            "explain_deviation" if !part(1).is_empty() => slots.put("deviation", part(1)),
            "answer_criteria" => {
                let criteria = basis.playbook.assessment.criteria.iter();
                let unknown = |criterion: &Criterion| format!(r#""{}":"unknown""#, criterion.id);
                let answers: Vec<String> = criteria.map(unknown).collect();
                slots.suggest("answers", format!("'{{{}}}'", answers.join(",")));
            }
            "publish_sitrep" if part(2) == "final" => {
                *slots = Slots::example(last_fields("publish_sitrep"));
                slots.put("final", "true");
            }
            "tick_item" if !part(1).is_empty() => slots.put("item", part(1)),
            "record_milestone" if key == "started" => {
                *slots = Slots::said("milestone=started");
                slots.suggest("when", "\"yesterday 22:15\"");
            }
            "choose_method" => {
                let first = basis.playbook.retrospective.methods.first();
                if let Some(method) = first {
                    slots.suggest("method", method.id.as_str());
                }
            }
            "add_outcome" => {
                let outcomes = &case.part.retrospective.outcomes;
                let filled = |list: &str| outcomes.iter().any(|outcome| outcome.list == list);
                let mut lists = basis.playbook.retrospective.outcomes.iter();
                if let Some(list) = lists.find(|list| !filled(&list.value)) {
                    slots.put("list", list.value.as_str());
                    slots.suggest("text", format!("\"{}\"", list.label));
                }
            }
            "add_cause" if !key.is_empty() => slots.put("parents", format!("'[\"{key}\"]'")),
            "record_milestone" if matches!(key, "contained" | "resolved") => {
                slots.put("milestone", key);
            }
            "request_disruption" if !key.is_empty() => {
                slots.put("steps", format!("'[\"{key}\"]'"));
            }
            "add_follow_up" => slots.suggest("due", "14d"),
            "close_call" if !part(1).is_empty() => slots.put("call", part(1)),
            "second_redaction" if !part(1).is_empty() => slots.put("redaction", part(1)),
            "tell_reporter" if !part(1).is_empty() => slots.put("report", part(1)),
            "record_contact" if !part(2).is_empty() => slots.put("decider", part(2)),
            "send_home" if !part(1).is_empty() => slots.put("person", part(1)),
            "record_evidence_item" => {
                let mut lists = basis.playbook.evidence.iter();
                let list = lists.find(|list| list.class == part(1));
                if let Some(item) = list.and_then(|list| list.items.first()) {
                    *slots = Slots::said(&format!("class={} item={}", part(1), item.id));
                    slots.suggest("state", "captured");
                }
            }
            "plan_shift" => {
                if let Ok(from) = rest().parse::<Timestamp>() {
                    let length = i64::from(basis.playbook.long_haul.shift_minutes);
                    let until = from.checked_add(SignedDuration::from_mins(length));
                    slots.put("from", from.to_string());
                    slots.put("until", until.unwrap_or(from).to_string());
                }
            }
            _ => {}
        }
    }

    /// Jane and Dave of the examples become people of this case: whoever has it, and who else there is.
    fn with_people(&mut self, case: &Case, basis: &Basis) {
        let subject = case.part.secrecy.subject.as_ref();
        let order = basis
            .project
            .call_order(case.part.secrecy.restricted, subject);
        let responders = &case.part.commander.responders;
        let in_it = responders.keys().filter(|person| Some(*person) != subject);
        let people: Vec<&PersonId> = in_it.chain(&order).collect();
        let Some(first) = case.ic().or(people.first().copied()) else {
            return;
        };
        let mut others = people.iter().copied().filter(|person| *person != first);
        let other = match self.command.as_str() {
            "call_in" => order
                .iter()
                .find(|person| !responders.contains_key(*person)),
            "ready_for_qa" => {
                let reviewers = basis.project.with_role(Role::Reviewer);
                let mut reviewers = reviewers.map(|member| &member.person);
                reviewers
                    .find(|person| *person != first)
                    .or_else(|| others.next())
            }
            _ => others.next(),
        };
        self.slots.exchange("jane", &first.to_string());
        if let Some(other) = other {
            self.slots.exchange("dave", &other.to_string());
        }
    }
}

/// The line that settles what is owed, with the numbers and the people of this very case.
#[must_use]
pub fn settle(number: &str, case: &Case, basis: &Basis, owed: &Obligation) -> Option<String> {
    ByHand::settling(case, basis, owed).map(|act| act.line(number))
}

/// The line that settles one of the things that stand in the way.
#[must_use]
pub fn missing(number: &str, case: &Case, basis: &Basis, missing: &Missing) -> String {
    ByHand::lacking(case, basis, missing).line(number)
}

/// The line of a command about what is open in this case, for whoever left out a field or named something else. Nothing
/// where it takes no fields.
#[must_use]
pub fn example(number: &str, case: &Case, basis: &Basis, command: &str) -> Option<String> {
    if ByHand::usual(command).slots.is_empty() {
        return None;
    }
    Some(ByHand::about_what_is_open(case, basis, command).line(number))
}

/// The whole line about these numbers, such as `D-2`.
#[must_use]
pub fn line_about(number: &str, command: &str, ids: &[&str]) -> String {
    let mut act = ByHand::usual(command);
    act.with_ids(ids.iter().copied());
    act.line(number)
}

/// The whole line, to be changed and sent.
#[must_use]
pub fn line(number: &str, command: &str) -> String {
    ByHand::usual(command).line(number)
}

/// The fields of the last example of a command that has several.
fn last_fields(command: &str) -> &'static str {
    let found = EXAMPLES.iter().rfind(|(name, _)| *name == command);
    found.map_or("", |(_, fields)| fields)
}

/// The fields that a command usually takes; nothing where it needs none or none is known.
#[must_use]
pub fn fields(command: &str) -> &'static str {
    let found = EXAMPLES.iter().find(|(name, _)| *name == command);
    found.map_or("", |(_, fields)| fields)
}
