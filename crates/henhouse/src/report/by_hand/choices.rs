//! Lines that say what is so: they carry what the case knows, and where nobody has said it yet the
//! choices, which are refused as they stand. A line that is sent unread never records an untruth.

use procedure::chapters::work::{LeadState, StepState};
use procedure::{Basis, Case};
use serde_json::Value;

use super::slots::Slots;

/// What sort of thing it is (R1).
pub(super) const KIND: &str = "kind='security|operational'";

/// How far something is harmed.
const HARM: &str = "'none|potential|actual'";

/// So many clients are named in a line, at most.
const CLIENTS: usize = 3;

/// The answer to a question of the assessment. Whoever blames a dependency says which (R10), and of a failure of our own
/// system what shows it (X12); what was answered already stands there.
pub(super) fn answer(question: &str, said: &str) -> Slots {
    let given = match said {
        "which" => "yes",
        "" => "'yes|no|unknown'",
        said => said,
    };
    let mut slots = Slots::said(&format!("question={question} answer={given}"));
    match question {
        "dependency" => slots.suggest("note", "\"Which one\""),
        "system_failure" => slots.suggest("note", "\"What shows it\""),
        _ => {}
    }
    slots
}

/// The first open one of everything that has a number: what a line is about unless somebody says otherwise.
pub(super) fn open_ids(case: &Case) -> Vec<String> {
    let part = &case.part;
    let step = part
        .work
        .steps
        .iter()
        .find(|step| !matches!(step.state, StepState::Verified | StepState::Dropped));
    let lead = part
        .work
        .leads
        .iter()
        .find(|lead| !matches!(lead.state, LeadState::Done | LeadState::Dropped));
    let mut disruptions = part.disruption.disruptions.iter();
    let disruption = disruptions.find(|found| found.ended.is_none() && found.withdrawn.is_none());
    let hold = part
        .evidence
        .holds
        .iter()
        .find(|hold| hold.released.is_none());
    let mut follow_ups = part.retrospective.follow_ups.iter();
    let follow_up = follow_ups.find(|follow_up| follow_up.done.is_none());
    [
        step.map(|step| &step.id),
        lead.map(|lead| &lead.id),
        disruption.map(|found| &found.id),
        hold.map(|hold| &hold.id),
        follow_up.map(|follow_up| &follow_up.id),
    ]
    .into_iter()
    .flatten()
    .cloned()
    .collect()
}

/// What is harmed, as it was said last: what is left out of the line would be taken back (R37).
pub(super) fn impact(case: &Case, basis: &Basis) -> String {
    let said = case.part.assess.impact();
    let known = serde_json::to_value(said).unwrap_or(Value::Null);
    let mut fields = Vec::new();
    for property in ["confidentiality", "integrity", "availability", "privacy"] {
        let harm = known[property].as_str().unwrap_or(HARM);
        fields.push(format!("{property}={harm}"));
    }
    let nobody = said.is_none_or(|said| said.whose.is_empty());
    if nobody && said.is_none_or(|said| said.harms_something()) {
        fields.push(whose(basis));
    }
    for list in ["whose", "assets", "data"] {
        let items = known[list].as_array().filter(|items| !items.is_empty());
        fields.extend(items.map(|_| format!("{list}='{}'", known[list])));
    }
    for number in ["people", "customers_percent", "loss_amount"] {
        let number_said = known[number].as_u64();
        fields.extend(number_said.map(|n| format!("{number}={n}")));
    }
    fields.join(" ")
}

/// Ours, where there is no client whose it could be (R121).
fn whose(basis: &Basis) -> String {
    let clients = clients(basis).take(CLIENTS);
    let clients: String = clients
        .map(|id| format!(r#" or [{{"client":"{id}"}}]"#))
        .collect();
    format!(r#"whose='["ours"]{clients}'"#)
}

/// What customers are told goes to those of the project.
pub(super) fn notice(slots: &mut Slots, basis: &Basis) {
    let clients: Vec<&str> = clients(basis).collect();
    if !clients.is_empty() {
        slots.put("to", format!("'{}'", serde_json::json!(clients)));
    }
}

fn clients(basis: &Basis) -> impl Iterator<Item = &str> {
    let outside = basis
        .project
        .stakeholders
        .iter()
        .filter(|known| known.outside);
    outside.map(|known| known.id.0.as_str())
}
