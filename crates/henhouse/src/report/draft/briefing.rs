//! The briefing of a hand-over, begun block by block: whoever leaves reads it, mends it, and adds what no record knows.

use procedure::PersonId;
use procedure::at::At;
use procedure::chapters::sitreps;
use procedure::chapters::work::{LeadState, StepState};

use super::super::actions;
use super::super::{Names, Times};
use super::sitrep;
use super::watch::watch_outs;

/// What the block of that id could say; empty where the record knows nothing of it.
#[must_use]
pub fn briefing(at: At, names: Names, times: &Times, block: &str) -> String {
    match block {
        "situation" => situation(at, times),
        "done" => done(at, names, times),
        "open" => open(at, names, times),
        "next" => next(at, names, times),
        "people" => people(at, names, times),
        _ => String::new(),
    }
}

fn situation(at: At, times: &Times) -> String {
    let last = at.case.part.sitreps.last();
    let told = last.map_or_else(
        || "No sitrep has gone out yet.".to_owned(),
        |last| {
            format!(
                "Sitrep {} went out at {}.",
                last.said.number,
                times.at(last.mark.at)
            )
        },
    );
    let draft = sitrep(at, times);
    [draft.summary, draft.known, told].join("\n")
}

fn done(at: At, names: Names, times: &Times) -> String {
    let done = |state: StepState| matches!(state, StepState::Done | StepState::Verified);
    let steps = at.case.part.work.steps.iter();
    let all = steps.zip(actions::steps(at.case, names, times));
    let mut lines: Vec<String> = all
        .filter(|(step, _)| done(step.state) && !at.case.part.secrecy.is_annexed(step.seq))
        .map(|(_, action)| action.line())
        .collect();
    let exhibits = at.case.part.evidence.exhibits.iter();
    let exhibits: Vec<&str> = exhibits.map(|exhibit| exhibit.id.as_str()).collect();
    lines.push(match exhibits.is_empty() {
        true => "No evidence is kept.".to_owned(),
        false => format!("Evidence kept: {}.", exhibits.join(", ")),
    });
    lines.join("\n")
}

fn open(at: At, names: Names, times: &Times) -> String {
    let work = &at.case.part.work;
    let told = |seq: u64| !at.case.part.secrecy.is_annexed(seq);
    let steps = work.steps.iter().zip(actions::steps(at.case, names, times));
    let steps = steps.filter(|(step, _)| !step.is_settled() && step.state != StepState::Done);
    let steps = steps
        .filter(|(step, _)| told(step.seq))
        .map(|(_, action)| action);
    let leads = work.leads.iter().zip(actions::leads(at.case, names));
    let leads = leads.filter(|(lead, _)| matches!(lead.state, LeadState::Open | LeadState::InWork));
    let leads = leads
        .filter(|(lead, _)| told(lead.seq))
        .map(|(_, action)| action);
    let asked = at.case.part.disruption.disruptions.iter();
    let asked = asked.zip(actions::disruptions(at.case));
    let asked = asked.filter(|(found, _)| found.is_waiting() || found.goes_on());
    let asked = asked.map(|(_, action)| action);
    let lines: Vec<String> = steps
        .chain(leads)
        .chain(asked)
        .map(|action| action.line())
        .collect();
    match lines.is_empty() {
        true => "No step or lead is open.".to_owned(),
        false => lines.join("\n"),
    }
}

/// What is due, and what to look out for: if this, then that.
fn next(at: At, names: Names, times: &Times) -> String {
    let mut lines = Vec::new();
    if let Some(next) = sitreps::due(at) {
        lines.push(format!("The next sitrep is due at {}.", times.at(next.due)));
    }
    lines.extend(watch_outs(at, names, times));
    lines.join("\n")
}

fn people(at: At, names: Names, times: &Times) -> String {
    let commander = &at.case.part.commander;
    let works_on = |person: &PersonId| {
        let steps = at.case.part.work.steps.iter();
        let steps = steps.filter(|step| step.owner.as_ref() == Some(person) && !step.is_settled());
        let steps = steps.map(|step| step.id.as_str());
        let leads = at.case.part.work.leads.iter();
        let leads = leads.filter(|lead| lead.owner.as_ref() == Some(person) && lead.is_open());
        let all: Vec<&str> = steps.chain(leads.map(|lead| lead.id.as_str())).collect();
        match all.is_empty() {
            true => "nothing of their own".to_owned(),
            false => all.join(", "),
        }
    };
    let line = |person: &PersonId| format!("{}: {}", names.person(person), works_on(person));
    let mut lines: Vec<String> = commander.responders.keys().map(line).collect();
    let shifts = at.case.part.endurance.shifts.iter();
    for shift in shifts.filter(|shift| !shift.cancelled && shift.until > at.now) {
        let (from, until) = (times.at(shift.from), times.at(shift.until));
        lines.push(format!(
            "On shift {from} to {until}: {}",
            names.person(&shift.person)
        ));
    }
    lines.join("\n")
}
