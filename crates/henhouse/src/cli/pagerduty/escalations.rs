//! Escalation policies of PagerDuty.

use serde_json::{Value, json};

use super::super::import::plan::{Fate, Plan, list, policy, text};
use super::convert::Ids;

pub(super) fn escalation(one: &Value, plan: &mut Plan, ids: &Ids) {
    let name = text(one, "name");
    let object = format!("escalation policy {name}");
    let (mut why, mut steps, mut minutes) = (Vec::new(), Vec::new(), 0_u64);
    let mut last = 0;
    for rule in list(one, "escalation_rules") {
        let to: Vec<Value> = list(rule, "targets")
            .filter_map(|to| target(to, ids, &mut why))
            .collect();
        if in_turn(rule) {
            why.push("a rule that goes round calls everybody of it here".to_owned());
        }
        steps.push((minutes, to));
        last = rule["escalation_delay_in_minutes"].as_u64().unwrap_or(0);
        minutes = minutes.saturating_add(last);
    }
    let loops = one["num_loops"].as_u64().unwrap_or(0);
    // After its last rule it waits for that rule's minutes, and begins again.
    let made = policy(steps, Some((last, loops)), &mut why);
    why.dedup();
    let Some(made) = made else {
        why.push("it calls nobody who is known here".to_owned());
        plan.fates.push(Fate::new(object, false, why));
        return;
    };
    let id = ids
        .policies
        .get(text(one, "id"))
        .cloned()
        .unwrap_or_default();
    let mut fate = Fate::new(object, true, why);
    if list(one, "services").next().is_some() {
        fate.said
            .push(format!("put it in force: henhouse on-call use {id}"));
    }
    if text(one, "on_call_handoff_notifications") == "always" {
        fate.said
            .push("handovers stand in one's calendar, and no notice is sent of them".to_owned());
    }
    plan.policies.insert(id, (name.to_owned(), made));
    plan.fates.push(fate);
}

/// The strategy is a word in the description of the API and a list in its example.
fn in_turn(rule: &Value) -> bool {
    let strategy = &rule["escalation_rule_assignment_strategy"];
    strategy == "round_robin"
        || strategy["type"] == "round_robin"
        || strategy
            .as_array()
            .into_iter()
            .flatten()
            .any(|one| one["type"] == "round_robin")
}

fn target(to: &Value, ids: &Ids, why: &mut Vec<String>) -> Option<Value> {
    let id = text(to, "id");
    let made = match text(to, "type").trim_end_matches("_reference") {
        "user" => ids.users.get(id).map(|person| json!({ "person": person })),
        "schedule" => ids
            .schedules
            .get(id)
            .map(|schedule| json!({ "schedule": schedule })),
        _ => None,
    };
    if made.is_none() {
        let kind = text(to, "type")
            .trim_end_matches("_reference")
            .replace('_', " ");
        let name = match text(to, "summary") {
            "" => id,
            name => name,
        };
        why.push(format!("the {kind} {name} is left out: it is not here"));
    }
    made
}

/// The schedules that are called first by a policy which some service uses.
pub(super) fn first(objects: &Value) -> impl Iterator<Item = &str> {
    let used =
        list(objects, "escalation_policies").filter(|one| list(one, "services").next().is_some());
    let rules = used.filter_map(|one| list(one, "escalation_rules").next());
    rules
        .flat_map(|rule| list(rule, "targets"))
        .map(|to| text(to, "id"))
}
