//! What people work on, a line each: steps, leads, disruptions. The briefing and the page of a case
//! say the same.

use procedure::chapters::work::{LeadState, StepState};
use procedure::{Case, PersonId, Text};

use super::subject::cut;
use super::{Names, Times, text};

/// The most of a lead or step that its line says, in characters.
const LINE_LIMIT: usize = 100;

/// Something that people work on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// Its number in the case, such as `S-1`.
    pub id: String,
    /// The entry that began it: whoever may not read that one is not told of it.
    pub seq: u64,
    /// What it is.
    pub words: String,
    /// Who has it, where it stands, and by when.
    pub stands: String,
    /// Somebody has it, or it needs nobody any more.
    pub is_owned: bool,
}

impl Action {
    /// In one line: `S-1 Fix the fence: Farmer Dave, begun, due 08:00 UTC`.
    #[must_use]
    pub fn line(&self) -> String {
        format!("{} {}: {}", self.id, self.words, self.stands)
    }
}

/// The steps, in order.
#[must_use]
pub fn steps(case: &Case, names: Names, times: &Times) -> Vec<Action> {
    let action = |step: &procedure::chapters::work::Step| {
        let state = match step.state {
            StepState::Planned => "not begun",
            StepState::InWork => "begun",
            StepState::Done => "done, not verified",
            StepState::Verified => "verified",
            StepState::Dropped => "dropped",
        };
        let over = matches!(step.state, StepState::Verified | StepState::Dropped);
        let due = step.due.filter(|_| !over);
        let due = due.map(|due| format!(", due {}", times.at(due)));
        let owner = owner(step.owner.as_ref(), names);
        Action {
            id: step.id.clone(),
            seq: step.seq,
            words: short(&step.text),
            stands: format!("{owner}, {state}{}", due.unwrap_or_default()),
            is_owned: over || step.owner.is_some(),
        }
    };
    case.part.work.steps.iter().map(action).collect()
}

/// The leads, in order.
#[must_use]
pub fn leads(case: &Case, names: Names) -> Vec<Action> {
    let action = |lead: &procedure::chapters::work::Lead| {
        let state = match lead.state {
            LeadState::Open => "open",
            LeadState::InWork => "being followed",
            LeadState::Done => "done",
            LeadState::Dropped => "dropped",
        };
        let over = matches!(lead.state, LeadState::Done | LeadState::Dropped);
        let owner = owner(lead.owner.as_ref(), names);
        Action {
            id: lead.id.clone(),
            seq: lead.seq,
            words: short(&lead.text),
            stands: format!("{owner}, {state}"),
            is_owned: over || lead.owner.is_some(),
        }
    };
    case.part.work.leads.iter().map(action).collect()
}

/// The disruptions, in order.
#[must_use]
pub fn disruptions(case: &Case) -> Vec<Action> {
    let action = |found: &procedure::chapters::disruption::Disruption| {
        let state = match (&found.began, &found.ended, &found.withdrawn) {
            (_, _, Some(_)) => "withdrawn",
            (_, Some(_), _) => "over",
            (Some(_), None, None) => "going on",
            (None, None, None) => "asked for, not begun",
        };
        Action {
            id: found.id.clone(),
            seq: found.seq,
            words: short(&found.text),
            stands: state.to_owned(),
            is_owned: true,
        }
    };
    let all = case.part.disruption.disruptions.iter();
    all.map(action).collect()
}

fn owner(owner: Option<&PersonId>, names: Names) -> String {
    owner.map_or_else(|| "nobody yet".to_owned(), |owner| names.person(owner))
}

/// A text in a line.
pub(super) fn short(words: &Text) -> String {
    cut(text(words), LINE_LIMIT)
}
