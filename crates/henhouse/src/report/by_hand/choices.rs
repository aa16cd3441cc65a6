//! Lines in which somebody chooses. They carry what the case knows; of what nobody has said yet they say what is
//! least likely to be untrue (unknown, it might be, it stays), so that a line that is sent unread takes nothing back
//! and denies nothing. The other choices stand behind a `#`: a shell leaves them out, and so do we.

use procedure::at::At;
use procedure::chapters::assess::{self, Impact};
use procedure::chapters::disruption::payload::Route;
use procedure::chapters::disruption::{Contact, Disruption};
use procedure::chapters::work::{Lead, LeadState, Step, StepState};
use procedure::chapters::{endurance, evidence};
use procedure::playbook::{Response, Severity};
use procedure::{Basis, Case, PersonId};
use serde_json::Value;

use super::ByHand;
use super::slots::Slots;

/// How far something is harmed, where nobody has said it: "could compromise" (R121).
const HARM: &str = "potential";

/// So many clients are named in a line, at most.
const CLIENTS: usize = 3;

/// The other choices, said behind the line.
type Remark = Option<String>;

/// What sort of thing it is: "security" only because it might be (R1).
pub(super) fn kind(slots: &mut Slots) -> Remark {
    slots.suggest("kind", "security");
    Some("or kind=operational".to_owned())
}

/// When it began (R22).
pub(super) fn started(slots: &mut Slots) -> Remark {
    *slots = Slots::said("milestone=started");
    slots.suggest("unknown", "true");
    Some("or instead of unknown, when=\"yesterday 22:15\"".to_owned())
}

/// The answer to a question of the assessment. Whoever blames a dependency says which (R10), and of a failure of our own
/// system what shows it (X12); what was answered already stands there.
pub(super) fn answer(slots: &mut Slots, question: &str, said: &str) -> Remark {
    *slots = Slots::said(&format!("question={question}"));
    let note = match question {
        "dependency" => "\"Which one\"",
        "system_failure" => "\"What shows it\"",
        "wider_impact" => "\"What else is hit\"",
        _ => "",
    };
    let noted = |answer: &str, note: &str| match note {
        "" => format!("answer={answer}"),
        note => format!("answer={answer} note={note}"),
    };
    match said {
        "" => {
            slots.suggest("answer", "unknown");
            let no = if question == "dependency" { "" } else { note };
            return Some(format!("or {}, or {}", noted("yes", note), noted("no", no)));
        }
        "which" => slots.put("answer", "yes"),
        said => slots.put("answer", said),
    }
    if !note.is_empty() {
        slots.suggest("note", note);
    }
    None
}

/// Confirming: what was said to be harmed stays as it was said, and the severity is the one that was chosen, else the
/// one that is suggested.
pub(super) fn verdict(slots: &mut Slots, at: At) -> Remark {
    let said = at.case.part.assess.severity;
    let severity = match (said, assess::suggested(at)) {
        (Severity::Unknown, Severity::Unknown) => Severity::Medium,
        (Severity::Unknown, suggested) => suggested,
        (said, _) => said,
    };
    *slots = Slots::default();
    slots.suggest("severity", word(&severity).unwrap_or("medium".to_owned()));
    slots.suggest("reason", "\"How we know\"");
    let whole = at.case.part.assess.impact().is_some_and(Impact::is_whole);
    if !whole {
        let might = r#"'{"confidentiality":"potential","integrity":"potential","availability":"potential"}'"#;
        slots.suggest("impact", might);
    }
    Some("severity is high, medium or low".to_owned())
}

/// A word of the API.
fn word(value: &impl serde::Serialize) -> Option<String> {
    let value = serde_json::to_value(value).ok()?;
    value.as_str().map(str::to_owned)
}

/// How a long remediation goes on: as it is suggested (R68).
pub(super) fn plan(slots: &mut Slots, at: At) -> Remark {
    let (mode, other) = match endurance::suggested(at.severity(), false) {
        Response::AroundTheClock => ("around_the_clock", "or mode=business reason=\"Why\""),
        Response::BusinessHours => ("business", "or mode=around_the_clock breach_ongoing=true"),
    };
    slots.suggest("mode", mode);
    Some(other.to_owned())
}

/// What a false alarm left in force stays until somebody lifts it on purpose (X42); the alarm itself is looked at (R106).
pub(super) fn settle(slots: &mut Slots, sort: &str, what: &str) -> Remark {
    slots.suggest("choice", "keep");
    if sort == "look" {
        slots.put("what", "false-alarm");
        slots.suggest("reason", "\"How we know that it was one\"");
        return None;
    }
    slots.put("what", what);
    Some("or choice=lift".to_owned())
}

/// The next item of an evidence list that nobody has answered (M21).
pub(super) fn evidence(slots: &mut Slots, class: &str, at: At) -> Remark {
    let (asset, item) = evidence::next_item(at, class)?;
    *slots = match asset {
        Some(asset) => Slots::said(&format!("asset={asset} item={item}")),
        None => Slots::said(&format!("class={class} item={item}")),
    };
    slots.suggest("state", "captured");
    Some("or state=impossible, or state=not_relevant, with reason=\"Why\"".to_owned())
}

/// Trying to reach a decider: in writing first, then by telephone (R62, R63). `ask:D-1:pat` and `phone:D-1:pat` name
/// whom; otherwise it is whoever of them was tried least.
pub(super) fn contact(slots: &mut Slots, key: &str, at: At) -> Remark {
    let parts: Vec<&str> = key.split(':').collect();
    let id = parts.iter().find(|part| part.starts_with("D-")).copied();
    let id = id.unwrap_or("D-1");
    let found = at.case.part.disruption.find(id);
    let tried = |person: &PersonId| {
        let of = |contact: &&Contact| &contact.decider == person;
        let contacts = found.map(|found| found.contacts.iter().filter(of).collect::<Vec<_>>());
        let contacts = contacts.unwrap_or_default();
        let called = |contact: &&Contact| contact.route == Route::Phone;
        (
            contacts.iter().any(|contact| !called(contact)),
            contacts.iter().any(called),
        )
    };
    let asks = found.and_then(Disruption::requester);
    let mut deciders = at.project().deciders();
    deciders.retain(|person| Some(*person) != at.case.ic() && Some(*person) != asks);
    deciders.sort_by_key(|person| tried(person));
    let named = parts.get(2).map(|person| PersonId::from(*person));
    let person = named.as_ref().or(deciders.first().copied())?;
    if key.is_empty() {
        slots.suggest("decider", person.to_string());
    } else {
        slots.put("disruption", id);
        slots.put("decider", person.to_string());
    }
    let by_phone = parts.first() == Some(&"phone") || tried(person).0;
    slots.suggest("route", if by_phone { "phone" } else { "mail" });
    (!by_phone).then(|| "or route=chat, or route=phone".to_owned())
}

/// The blocks that a briefing still lacks (X4).
pub(super) fn briefing(slots: &mut Slots, offer: &str, at: At) {
    let handovers = &at.case.part.commander.handovers;
    let Some(offer) = handovers
        .iter()
        .find(|handover| handover.seq.to_string() == offer)
    else {
        return;
    };
    let blocks = at.playbook().command.handover.blocks.iter();
    let lacks = blocks.filter(|block| block.required && !offer.blocks.contains(&block.id));
    let said: Vec<String> = lacks
        .map(|block| format!(r#""{}":"…""#, block.id))
        .collect();
    slots.suggest("briefing", format!("'{{{}}}'", said.join(",")));
}

/// A step that is late keeps its owner and gets another time (R52).
pub(super) fn follow_up(slots: &mut Slots, step: &str) -> Remark {
    *slots = Slots::said(&format!("step={step}"));
    slots.suggest("due", "4h");
    Some("or owner=PERSON, for somebody else".to_owned())
}

/// Whether this person has said already what is asked of several.
pub(super) fn has_said(act: &ByHand, at: At, person: &PersonId) -> bool {
    let about = act.slots.written("disruption");
    let asked = about.and_then(|id| at.case.part.disruption.find(id));
    let voted = |found: &Disruption| found.votes.iter().any(|vote| &vote.person == person);
    act.command == "team_vote" && asked.is_some_and(voted)
}

/// A step that this act may be about.
#[must_use]
pub fn fits_step(command: &str, step: &Step) -> bool {
    let state = step.state;
    match command {
        "start_step" => state == StepState::Planned,
        "finish_step" => matches!(state, StepState::Planned | StepState::InWork),
        "verify_step" => state == StepState::Done,
        "decide_destruction" => {
            let open = matches!(state, StepState::Planned | StepState::InWork);
            open && step.kind.destroys() && step.destruction.is_none()
        }
        _ => !step.is_settled(),
    }
}

/// A lead that this act may be about.
#[must_use]
pub fn fits_lead(command: &str, lead: &Lead) -> bool {
    lead.is_open() && (command != "start_lead" || lead.state == LeadState::Open)
}

/// What is open in a case that the act may be about: the ids of each sort.
pub(super) fn open_ids(case: &Case, command: &str) -> [Vec<String>; 5] {
    let part = &case.part;
    let steps = part.work.steps.iter();
    let steps = steps.filter(|step| fits_step(command, step));
    let leads = part.work.leads.iter();
    let leads = leads.filter(|lead| fits_lead(command, lead));
    let disruptions = part.disruption.disruptions.iter();
    let disruptions = disruptions.filter(|one| one.ended.is_none() && one.withdrawn.is_none());
    let holds = part.evidence.holds.iter();
    let holds = holds.filter(|hold| hold.released.is_none());
    let follow_ups = part.retrospective.follow_ups.iter();
    let follow_ups = follow_ups.filter(|follow_up| follow_up.done.is_none());
    [
        steps.map(|step| step.id.clone()).collect(),
        leads.map(|lead| lead.id.clone()).collect(),
        disruptions.map(|one| one.id.clone()).collect(),
        holds.map(|hold| hold.id.clone()).collect(),
        follow_ups.map(|one| one.id.clone()).collect(),
    ]
}

/// What is harmed, as it was said last: what is left out of the line would be taken back (R37).
pub(super) fn impact(slots: &mut Slots, at: At) -> Remark {
    let said = at.case.part.assess.impact();
    let known = serde_json::to_value(said).unwrap_or(Value::Null);
    *slots = Slots::default();
    let mut others = Vec::new();
    for property in ["confidentiality", "integrity", "availability", "privacy"] {
        match known[property].as_str() {
            Some(harm) => slots.put(property, harm),
            None => {
                others = vec!["each is none, potential or actual".to_owned()];
                slots.suggest(property, HARM);
            }
        }
    }
    let nobody = said.is_none_or(|said| said.whose.is_empty());
    if nobody && said.is_none_or(|said| said.harms_something()) {
        slots.suggest("whose", r#"'["ours"]'"#);
        let clients = clients(at.basis).take(CLIENTS);
        others.extend(clients.map(|id| format!(r#"or whose='[{{"client":"{id}"}}]'"#)));
    }
    for list in ["whose", "assets", "data"] {
        if known[list]
            .as_array()
            .is_some_and(|items| !items.is_empty())
        {
            slots.put(list, format!("'{}'", known[list]));
        }
    }
    for number in ["people", "customers_percent", "loss_amount"] {
        if let Some(said) = known[number].as_u64() {
            slots.put(number, said.to_string());
        }
    }
    (!others.is_empty()).then(|| others.join(", "))
}

/// What customers are told goes to those of the project, marked so that each of them may receive it.
pub(super) fn notice(slots: &mut Slots, at: At) {
    let known: Vec<&str> = clients(at.basis).collect();
    if known.is_empty() {
        return;
    }
    slots.put("to", format!("'{}'", serde_json::json!(known)));
    let stakeholders = at.basis.project.stakeholders.iter();
    let outside = stakeholders.filter(|known| known.outside);
    let least = outside.map(|known| known.ceiling).min();
    if let Some(marking) = least.filter(|least| *least < at.case.marking()) {
        slots.suggest("marking", word(&marking).unwrap_or("clear".to_owned()));
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
