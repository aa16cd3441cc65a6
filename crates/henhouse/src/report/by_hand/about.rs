//! The fields of an act with what is so in a case: what is open, who there is, what the key of an obligation names.

use jiff::{SignedDuration, Timestamp};
use procedure::at::At;
use procedure::basis::Role;
use procedure::playbook::Criterion;
use procedure::{Basis, Case, PersonId};

use super::ByHand;
use super::choices;
use super::examples::last_fields;
use super::slots::Slots;

impl ByHand {
    /// The act with what is so in this case. Whom and what the key names comes last: nobody else is
    /// put in their place.
    pub(super) fn of_case(command: &str, key: &str, case: &Case, basis: &Basis) -> Self {
        let mut usual = Self::usual(command);
        usual.with_people(case, basis);
        usual.with_ids(key.split(':'));
        usual.with_key(key, (case, basis));
        usual
    }

    /// The same by whoever may do it alone after nobody else answered (M16).
    pub(super) fn alone(&self) -> Option<Self> {
        let second = ["accept_qa", "verify_step", "second_redaction"];
        let mut alone = self.clone();
        alone.slots.suggest("reason", "\"Nobody else answered\"");
        second.contains(&self.command.as_str()).then_some(alone)
    }

    /// `S-1` of the example becomes the step that is meant, and so for everything that has a number.
    pub(super) fn with_ids<'a>(&mut self, ids: impl IntoIterator<Item = &'a str>) {
        for id in ids {
            if let Some((letter, digits)) = id.split_once('-')
                && letter.len() == 1
                && digits.bytes().all(|byte| byte.is_ascii_digit())
            {
                self.slots.replace(&format!("{letter}-1"), id);
            }
        }
    }

    /// `S-1` of the example becomes one that there is; whether it is meant, nobody has said.
    pub(super) fn with_example(&mut self, id: &str) {
        if let Some((letter, _)) = id.split_once('-') {
            self.slots.exchange(&format!("{letter}-1"), id);
        }
    }

    /// What else the key of an obligation names: a call, a person, a class of assets, a gap.
    fn with_key(&mut self, key: &str, (case, basis): (&Case, &Basis)) {
        let part = |n: usize| key.split(':').nth(n).unwrap_or_default();
        let rest = || key.split_once(':').map_or("", |(_, rest)| rest);
        let slots = &mut self.slots;
        let at = At::new(case, basis, case.changed_at);
        let remark = match self.command.as_str() {
            "answer_question" if part(0) == "question" => choices::answer(slots, part(1), part(2)),
            "answer_question" if key == "triage" => choices::answer(slots, "happened", ""),
            "set_kind" => choices::kind(slots),
            "assess_impact" => choices::impact(slots, at),
            "confirm" => choices::verdict(slots, at),
            "plan_long_remediation" => choices::plan(slots, at),
            "settle" if !key.is_empty() => choices::settle(slots, part(0), part(1)),
            "record_evidence_item" => choices::evidence(slots, part(1), at),
            "record_contact" => choices::contact(slots, key, at),
            "assign_step" if part(0) == "overdue" => choices::follow_up(slots, part(1)),
            "record_milestone" if key == "started" => choices::started(slots),
            _ => None,
        };
        self.remark = remark.or(self.remark.take());
        let slots = &mut self.slots;
        match self.command.as_str() {
            "draft_customer_notice" => choices::notice(slots, at),
            "brief_handover" => choices::briefing(slots, part(1), at),
            "assign_step" if part(0) == "carry" => slots.suggest("due", "14d"),
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
            "send_home" if !part(1).is_empty() => slots.put("person", part(1)),
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

    /// Jane and Dave of the examples become people of this case: whoever has it, and who else there is. Whoever is
    /// called in has not been asked yet.
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
            "call_in" => order.iter().find(|person| {
                !responders.contains_key(*person) && !case.part.calling.is_invited(person)
            }),
            "ready_for_qa" => {
                let reviewers = basis.project.with_role(Role::Reviewer);
                let mut reviewers = reviewers.map(|member| &member.person);
                reviewers
                    .find(|person| *person != first)
                    .or_else(|| others.next())
            }
            _ => others.next(),
        };
        // A team of one does it alone (M16).
        let other = other.unwrap_or(first);
        self.slots.exchange("jane", &first.to_string());
        self.slots.exchange("dave", &other.to_string());
    }
}
