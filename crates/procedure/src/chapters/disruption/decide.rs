//! Asking, answering, beginning.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;

use super::consent::{consent, policy};
use super::outsiders;
use super::production;
use super::payload::{
    Answer, AnswerDisruption, DeciderContacted, DisruptionAnswered, DisruptionEnded,
    DisruptionNoticeSent, DisruptionRequested, DisruptionSettled, DisruptionStarted,
    DisruptionWithdrawn, EndDisruption, Outcome, RecordContact, RequestDisruption,
    Scope, SendDisruptionNotice, SettleDisruption, StartDisruption, TeamVote, TeamVoted,
    WithdrawDisruption,
};
use super::state::Disruption;
use super::team;
use crate::at::At;
use crate::basis::Environment;
use crate::chapters::commander;
use crate::chapters::record::deviation;
use crate::chapters::record::fact::Concerns;
use crate::chapters::work::Step;
use crate::chapters::work::step::known_asset;
use crate::decide::{Decision, Gate, Refusal};
use crate::entry::Body;
use crate::id::{AssetId, PersonId};
use crate::playbook::{DisruptionPolicy, Severity};
use crate::rule::Rule;
use crate::switch::on;
use crate::text::Text;

/// Names scope, length and both risks (R59); at High nothing holds it up.
pub(super) fn request(d: &mut Decision, command: &RequestDisruption) -> Result<(), Refusal> {
    let command = command.clone();
    for asset in &command.assets {
        known_asset(d, asset)?;
    }
    if let Some(step) = command.steps.iter().find(|id| d.case().part.work.step(id).is_none()) {
        return Err(Refusal::invalid(format!("There is no step {step}."), "Name one of the list."));
    }
    let weighed = command.expected_minutes.is_some()
        && command.risk_of_acting.is_some()
        && command.risk_of_waiting.is_some();
    d.gate(Gate::Act, weighed, || {
        Refusal::rule(
            Rule::R59,
            "Asking for a disruption says how long it lasts, what acting risks and what waiting risks.",
            "Say for how many minutes, and in a few words what each of the two risks.",
        )
        .settled_by("request_disruption", None)
    })?;
    let disruption = next_id(d);
    let severity = d.at.severity();
    let noticed = command.scope == Scope::Complete && serves_people(d.at, &command.assets);
    d.record(DisruptionRequested {
        disruption,
        severity,
        text: command.text,
        scope: command.scope,
        expected_minutes: command.expected_minutes,
        risk_of_acting: command.risk_of_acting,
        risk_of_waiting: command.risk_of_waiting,
        project_impact: command.project_impact || noticed,
        assets: command.assets,
        steps: command.steps,
        fact: None,
    });
    Ok(())
}

fn next_id(d: &Decision) -> String {
    let known = d.case().part.disruption.disruptions.len();
    let fresh = d.drafted().filter(|body| matches!(body, Body::DisruptionRequested(_))).count();
    format!("D-{}", known + fresh + 1)
}

/// Whether one of them serves people, or nobody said what they are.
fn serves_people(at: At, assets: &BTreeSet<AssetId>) -> bool {
    let mut known = assets.iter().filter_map(|id| at.project().asset(id));
    assets.is_empty() || known.any(|asset| asset.environment == Environment::Production)
}

pub(super) fn contact(d: &mut Decision, command: &RecordContact) -> Result<(), Refusal> {
    let RecordContact { disruption, decider, route, outcome, reason } = command.clone();
    waiting(d, &disruption)?;
    if !d.at.project().deciders().contains(&&decider) {
        return Err(not_asked(&format!("{decider} is not one of those who decide.")));
    }
    reasoned(d, &disruption, outcome == Outcome::Declined && reason.is_none())?;
    d.record(DeciderContacted { disruption, decider, route, outcome, reason });
    Ok(())
}

pub(super) fn answer(d: &mut Decision, command: &AnswerDisruption) -> Result<(), Refusal> {
    let AnswerDisruption { disruption, answer, reason } = command.clone();
    let person = d.person()?;
    waiting(d, &disruption)?;
    if !d.at.project().deciders().contains(&person) {
        let Refusal { sentence, yes_when, .. } = not_asked("You are not one of those who decide.");
        return Err(Refusal::forbidden(None, sentence, yes_when));
    }
    reasoned(d, &disruption, answer == Answer::No && reason.is_none())?;
    d.record(DisruptionAnswered { disruption, answer, reason });
    Ok(())
}

fn not_asked(sentence: &str) -> Refusal {
    Refusal::invalid(sentence, "Tell the IC what you think; the deciders are named in the project.")
}

/// At Medium a no says why, so that both risks can be weighed (M4).
fn reasoned(d: &mut Decision, id: &str, bare_no: bool) -> Result<(), Refusal> {
    let found = waiting(d, id)?;
    let joint = policy(d.at, found.scope, d.at.severity()) == DisruptionPolicy::Consult;
    d.gate(Gate::Firm, !(bare_no && joint), || {
        Refusal::rule(Rule::R64, "A no says why.", "Add the reason; it is weighed with the risks.")
    })
}

pub(super) fn vote(d: &mut Decision, command: &TeamVote) -> Result<(), Refusal> {
    d.person()?;
    waiting(d, &command.disruption)?;
    let TeamVote { disruption, agree, reason } = command.clone();
    d.record(TeamVoted { disruption, agree, reason });
    Ok(())
}

/// On a split the IC decides; saying nothing is going ahead (M4).
pub(super) fn settle(d: &mut Decision, command: &SettleDisruption) -> Result<(), Refusal> {
    d.only_ic(Rule::R64)?;
    waiting(d, &command.disruption)?;
    let SettleDisruption { disruption, go, reason } = command.clone();
    d.record(DisruptionSettled { disruption, go, reason });
    Ok(())
}

/// Permission is judged now, not when it was asked for (M8). No waiver opens this: agreement
/// is what the rule is about, and High needs none.
pub(super) fn start(d: &mut Decision, command: &StartDisruption) -> Result<(), Refusal> {
    let found = waiting(d, &command.disruption)?;
    begin(d, found, command.reason.clone())
}

fn begin(d: &mut Decision, found: &Disruption, reason: Option<Text>) -> Result<(), Refusal> {
    let severity = d.at.severity();
    let consent = consent(d.at, found, severity, d.at.now);
    if !consent.go && on(consent.rule) {
        return Err(consent.refusal(&found.id));
    }
    let (disruption, allowed_by) = (found.id.clone(), Some(consent.rule));
    let deciders = Some(deciders(d));
    let asked = team::is_asked(d.at, policy(d.at, found.scope, severity));
    let one_person = asked && team::alone(found, d.at.now);
    d.record(DisruptionStarted {
        disruption,
        severity,
        allowed_by,
        fact: None,
        one_person,
        deciders,
        reason,
    });
    Ok(())
}

fn deciders(d: &Decision) -> BTreeSet<PersonId> {
    d.at.project().deciders().into_iter().cloned().collect()
}

pub(super) fn end(d: &mut Decision, command: &EndDisruption) -> Result<(), Refusal> {
    let found = find(d, &command.disruption)?;
    if found.began.is_none() || found.ended.is_some() {
        return Err(Refusal::conflict(
            format!("{} is not going on.", found.id),
            "Begin it first, or write down as a fact that it happened.",
        ));
    }
    let (disruption, result) = (command.disruption.clone(), command.result.clone());
    d.record(DisruptionEnded { disruption, result });
    Ok(())
}

pub(super) fn withdraw(d: &mut Decision, command: &WithdrawDisruption) -> Result<(), Refusal> {
    waiting(d, &command.disruption)?;
    let (disruption, reason) = (command.disruption.clone(), command.reason.clone());
    d.record(DisruptionWithdrawn { disruption, reason });
    Ok(())
}

/// Everybody who should know is told; outsiders only by who may speak to them (X5).
pub(super) fn notify(d: &mut Decision, command: &SendDisruptionNotice) -> Result<(), Refusal> {
    find(d, &command.disruption)?;
    let leaves_out = outsiders(d.at).next().is_some();
    let outside = commander::may_speak_outside(d.at, d.person()?) || !leaves_out;
    let (disruption, text) = (command.disruption.clone(), command.text.clone());
    d.record(DisruptionNoticeSent { disruption, text, outside });
    Ok(())
}

/// A step that causes a disruption waits for its consent, and begins it. One that stops
/// production and was never asked for is asked for first; at High it is its own request (M7).
pub(crate) fn gate_step(d: &mut Decision, step: &Step) -> Result<(), Refusal> {
    let all = d.case().part.disruption.disruptions.iter();
    for found in all.filter(|found| found.is_waiting() && found.steps.contains(&step.id)) {
        begin(d, found, None)?;
    }
    let Some(refusal) = production::unasked(d.at, step) else { return Ok(()) };
    d.gate(Gate::Decided, false, || refusal)?;
    if !on(Rule::R60) {
        return Ok(());
    }
    let severity = d.at.severity();
    let (assets, steps) = (step.asset.iter().cloned().collect(), BTreeSet::from([step.id.clone()]));
    unasked(d, None, &step.text, severity, Concerns { assets, steps, ..Concerns::default() });
    Ok(())
}

/// A step that was done without being begun began its disruption all the same (M15).
pub(crate) fn begun_by(d: &mut Decision, step: &Step) {
    let all = d.case().part.disruption.disruptions.iter();
    let waiting = all.filter(|found| found.is_waiting() && found.steps.contains(&step.id));
    let ids: BTreeSet<String> = waiting.map(|found| found.id.clone()).collect();
    if !ids.is_empty() {
        let concerns = Concerns { disruptions: ids, ..Concerns::default() };
        happened(d, &step.id, &step.text, &concerns);
    }
}

/// Why a step that causes a disruption may not begin now, if it may not.
pub(crate) fn step_refusal(at: At, step: &Step) -> Option<Refusal> {
    let all = at.case.part.disruption.disruptions.iter();
    let mut mine = all.filter(|found| found.is_waiting() && found.steps.contains(&step.id));
    let waits = mine.find_map(|found| {
        let consent = consent(at, found, at.severity(), at.now);
        (!consent.go).then(|| consent.refusal(&found.id))
    });
    waits.or_else(|| production::unasked(at, step))
}

/// A disruption happened, asked for or not: it is written down, and what it broke (M15).
pub(crate) fn happened(d: &mut Decision, fact: &str, text: &Text, concerns: &Concerns) {
    let (when, ids) = (d.time(), &concerns.disruptions);
    let severity = d.at.severity_at(when);
    if ids.is_empty() {
        let (assets, steps) = (concerns.assets.clone(), BTreeSet::new());
        deviation::broke(d, Rule::R59, fact);
        if policy(d.at, Scope::Partial, severity) == DisruptionPolicy::Free {
            let concerns = Concerns { assets, steps, ..Concerns::default() };
            unasked(d, Some(fact), text, severity, concerns);
        }
    }
    let case = d.case();
    let named = case.part.disruption.disruptions.iter().filter(|found| ids.contains(&found.id));
    for found in named.filter(|found| found.began.is_none()) {
        let consent = consent(d.at, found, severity, when);
        d.record(DisruptionStarted {
            disruption: found.id.clone(),
            severity,
            allowed_by: consent.go.then_some(consent.rule),
            fact: Some(fact.into()),
            one_person: false,
            deciders: Some(deciders(d)),
            reason: None,
        });
        if !consent.go {
            deviation::broke(d, consent.rule, &found.id);
        }
    }
}

/// Nobody had to be asked: it gets a number, so that people are told of it (R61).
fn unasked(d: &mut Decision, fact: Option<&str>, text: &Text, severity: Severity, of: Concerns) {
    let disruption = next_id(d);
    d.record(DisruptionRequested {
        disruption: disruption.clone(),
        severity,
        text: text.clone(),
        scope: Scope::Partial,
        expected_minutes: None,
        risk_of_acting: None,
        risk_of_waiting: None,
        project_impact: true,
        assets: of.assets,
        steps: of.steps,
        fact: fact.map(Into::into),
    });
    let deciders = Some(deciders(d));
    d.record(DisruptionStarted {
        disruption,
        severity,
        allowed_by: Some(Rule::R60),
        fact: fact.map(Into::into),
        one_person: false,
        deciders,
        reason: None,
    });
}

fn find<'a>(d: &Decision<'a>, id: &str) -> Result<&'a Disruption, Refusal> {
    let found = d.case().part.disruption.find(id);
    found.ok_or_else(|| {
        Refusal::invalid(format!("There is no disruption {id}."), "Ask for one first.")
    })
}

fn waiting<'a>(d: &Decision<'a>, id: &str) -> Result<&'a Disruption, Refusal> {
    let found = find(d, id)?;
    if found.is_waiting() {
        return Ok(found);
    }
    Err(Refusal::conflict(
        format!("{id} does not wait for an answer any more."),
        "See how it went.",
    ))
}
