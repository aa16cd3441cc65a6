//! Causes with their branches, by hows or by whys (R82, R83).

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::payload::{
    AddCause, AddOutcome, CauseRecorded, ChooseMethod, MethodChosen, OutcomeAdded,
};
use super::state::State;
use crate::decide::{Decision, Refusal};

pub(super) fn add(d: &mut Decision, command: &AddCause) -> Result<(), Refusal> {
    d.person()?;
    let state = &d.case().part.retrospective;
    if let Some(id) = &command.id {
        known(state, id)?;
        if leads_back(state, &command.parents, id) {
            return Err(Refusal::invalid(
                format!("{id} would bring itself about."),
                "Name other parents.",
            ));
        }
    }
    for parent in &command.parents {
        known(state, parent)?;
    }
    let id = command.id.clone().unwrap_or_else(|| next(state));
    d.record(CauseRecorded {
        id,
        text: command.text.clone(),
        kind: command.kind,
        parents: command.parents.clone(),
    });
    Ok(())
}

/// The number of the next cause.
pub(super) fn next(state: &State) -> String {
    format!("C-{}", state.causes.len() + 1)
}

fn known(state: &State, id: &str) -> Result<(), Refusal> {
    if state.find_cause(id).is_some() {
        return Ok(());
    }
    Err(Refusal::invalid(format!("There is no cause {id}."), "Add it first."))
}

/// Whether a cause is among these or among what they brought about.
fn leads_back(state: &State, parents: &BTreeSet<String>, id: &str) -> bool {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut ahead: Vec<&str> = parents.iter().map(String::as_str).collect();
    while let Some(next) = ahead.pop() {
        if next == id {
            return true;
        }
        if seen.insert(next) {
            let cause = state.find_cause(next);
            ahead.extend(cause.into_iter().flat_map(|c| c.parents.iter()).map(String::as_str));
        }
    }
    false
}

pub(super) fn choose_method(d: &mut Decision, command: &ChooseMethod) -> Result<(), Refusal> {
    d.person()?;
    let methods = || d.at.playbook().retrospective.methods.iter().map(|method| method.id.as_str());
    if !methods().any(|method| method == command.method) {
        let sentence = format!("The playbook has no method {}.", command.method);
        return Err(Refusal::not_among(sentence, methods()));
    }
    d.record(MethodChosen { method: command.method.clone() });
    Ok(())
}

pub(super) fn add_outcome(d: &mut Decision, command: &AddOutcome) -> Result<(), Refusal> {
    d.person()?;
    let lists = || d.at.playbook().retrospective.outcomes.iter().map(|list| list.value.as_str());
    if !lists().any(|list| list == command.list) {
        let sentence = format!("The playbook has no list {}.", command.list);
        return Err(Refusal::not_among(sentence, lists()));
    }
    for cause in &command.from {
        known(&d.case().part.retrospective, cause)?;
    }
    d.record(OutcomeAdded {
        list: command.list.clone(),
        text: command.text.clone(),
        from: command.from.clone(),
    });
    Ok(())
}
