//! The report: what it must answer before it is published, and before the case closes
//! (R18, R78, R80-R87, M7, M14).

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::payload::{
    CauseKind, CauseRecorded, DiscoveryMethodSet, PublishReport, ReportPublished,
    RetrospectiveSkipped, SkipRetrospective, ThreatActionsSet,
};
use super::state::{Published, State};
use super::{causes, only_leaders};
use crate::actor::Who;
use crate::agenda::Permit;
use crate::at::At;
use crate::case::Status;
use crate::chapters::evidence;
use crate::chapters::intake::Kind;
use crate::chapters::milestones::{Milestone, MilestoneRecorded};
use crate::chapters::work;
use crate::decide::{Decision, Gate, Missing, Refusal};
use crate::mark::Mark;
use crate::playbook::Severity;
use crate::rule::Rule;
use crate::switch::on;
use crate::text::Text;

/// The part of the report about causes, as playbooks call it.
const CAUSES: &str = "causes";

/// What the report does not answer yet, each with its rule (M7: a named waiver at most).
#[must_use]
pub fn in_the_way(at: At) -> Vec<Refusal> {
    let state = &at.case.part.retrospective;
    let milestones = &at.case.part.milestones;
    let wants = |missing: bool, rule: Rule, sentence: &str, yes_when: &str, with: &str| {
        let (command, about) = with.split_once(' ').map_or((with, None), |(c, a)| (c, Some(a)));
        missing.then(|| Refusal::rule(rule, sentence, yes_when).settled_by(command, about))
    };
    [
        wants(
            state.shown().next().is_none(),
            Rule::R80,
            "The timeline is empty.",
            "Add a line for each thing that mattered, tied to its entry.",
            "add_timeline_line",
        ),
        wants(
            state.causes.is_empty(),
            Rule::R82,
            "Nothing is said about the causes.",
            "Add one, and what is behind it: one cause that stands alone is not enough, unless the part on causes says \
             more in your own words.",
            "add_cause",
        ),
        wants(
            !state.causes.is_empty() && !analysed(state),
            Rule::R82,
            "One cause stands alone: nothing is written down behind it.",
            "Ask once more and add what is behind it; if the one says it all, write the part on causes in your own words.",
            "add_cause C-1",
        ),
        wants(
            state.discovery.is_none(),
            Rule::R84,
            "How it was discovered is not said.",
            "Choose from the list; \"unknown\" is an answer.",
            "set_discovery_method",
        ),
        wants(
            milestones.last(Milestone::Started).is_none(),
            Rule::R85,
            "When it began is not said.",
            "Give the time as well as you know it, or say that nobody knows.",
            "record_milestone started",
        ),
        wants(
            milestones.said(Milestone::Contained).is_none(),
            Rule::R86,
            "When it was contained is not said.",
            "Give the time as well as you know it, or say that nobody knows.",
            "record_milestone contained",
        ),
        wants(
            state.threats.is_none(),
            Rule::R87,
            "What the actor did is not said.",
            "Choose from the list, or say that nobody did anything.",
            "set_threat_actions",
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Causes are a graph or a text, not a word (R82).
pub(super) fn analysed(state: &State) -> bool {
    state.causes.len() > 1 || !state.causes.is_empty() && state.sections.contains_key(CAUSES)
}

/// Whether the short form will do: never graver than low, and no attacker (M14). Calling it
/// small once it is over does not make it so.
#[must_use]
pub fn takes_short_form(at: At) -> bool {
    let assess = &at.case.part.assess;
    let limit = at.playbook().retrospective.short_form_up_to;
    let small = assess.severities.iter().all(|change| change.to <= limit);
    let assessed = assess.severity != Severity::Unknown;
    small && assessed && is_operational(at) && !evidence::is_suspicious(at)
}

/// No attacker: neither the team nor the end of the response called it security. What a reporter
/// took it for binds nobody.
fn is_operational(at: At) -> bool {
    let intake = &at.case.part.intake;
    let rest = at.case.part.closeout.rest().map_or(u64::MAX, |rest| rest.seq);
    let then = intake.kinds.iter().rfind(|(mark, _)| mark.seq < rest).map(|(_, kind)| *kind);
    let reported = |seq: u64| intake.reports.iter().any(|report| report.seq == seq);
    let security = |(mark, kind): &(Mark, Kind)| *kind == Kind::Security && !reported(mark.seq);
    intake.kind == Kind::Operational
        && then != Some(Kind::Security)
        && !intake.kinds.iter().any(security)
}

/// The edition of the report that counts: published since it was spun down last.
pub(super) fn current(at: At<'_>) -> Option<&Published> {
    let rest = at.case.part.closeout.rest().map_or(u64::MAX, |rest| rest.seq);
    at.case.part.retrospective.reports.last().filter(|report| report.mark.seq > rest)
}

/// What the retrospective lacks of its four parts, each with the command that adds it: analysis, follow-ups, lessons,
/// report (R18).
pub(super) fn lacking(at: At) -> Vec<(&'static str, &'static str)> {
    let state = &at.case.part.retrospective;
    let report = current(at);
    if state.skipped.is_some() || report.is_some_and(|report| report.short) {
        return Vec::new();
    }
    let parts = [
        (state.causes.is_empty(), "an analysis of causes", "add_cause"),
        (state.follow_ups.is_empty() && !carries_over(at), "follow-ups", "add_follow_up"),
        (state.lessons.is_empty(), "lessons", "add_lesson"),
        (report.is_none(), "a published report", "publish_report"),
    ];
    let lacks = parts.into_iter().filter(|(lacks, ..)| *lacks);
    lacks.map(|(_, what, with)| (what, with)).collect()
}

/// Why a case whose retrospective lacks one of its parts does not close yet (R18).
#[must_use]
pub fn not_held(at: At) -> Option<Refusal> {
    let lacking = lacking(at);
    let names: Vec<&str> = lacking.iter().map(|(what, _)| *what).collect();
    let whole = Refusal::rule(
        Rule::R18,
        format!("The retrospective still lacks {}.", names.join(", ")),
        "Add what is missing and publish the report; a few honest lines are enough.",
    );
    let lacks = |what: &str| format!("The retrospective still lacks {what}.");
    let enough = "A few honest lines are enough.";
    let missing = lacking.iter().flat_map(|(what, command)| {
        Refusal::rule(Rule::R18, lacks(what), enough).settled_by(command, None).missing
    });
    let missing: Vec<_> = missing.collect();
    (!missing.is_empty()).then_some(Refusal { missing, ..whole })
}

/// What the close asks for even when the report is published: it goes out without these (R78), and the case waits for
/// them (R18).
#[must_use]
pub fn left_for_the_close(at: At) -> Vec<Missing> {
    let waits = at.case.status() == Status::ReadyForQa;
    let lacks = not_held(at).filter(|_| waits && on(Rule::R18));
    let mut left: Vec<Missing> = lacks.map(|no| no.missing).unwrap_or_default();
    left.retain(|missing| missing.settle_with != "publish_report");
    left
}

/// Steps go on after the close, or did when the report was published.
fn carries_over(at: At) -> bool {
    !carried_over(at).is_empty() || current(at).is_some_and(|report| report.carries_over)
}

/// Deferred steps that go on after the close (R55).
pub(super) fn carried_over(at: At) -> Vec<String> {
    work::deferred(at).into_iter().map(|step| step.id.clone()).collect()
}

/// What the report is thin on: said, not refused (R78, R83).
pub(super) fn thin(at: At) -> Vec<Rule> {
    let state = &at.case.part.retrospective;
    let lessons = state.lessons.iter().all(|lesson| lesson.entries.is_empty()) && on(Rule::R78);
    let method = !asked(at) && on(Rule::R83);
    [(lessons, Rule::R78), (method, Rule::R83)]
        .into_iter()
        .filter_map(|(thin, rule)| thin.then_some(rule))
        .collect()
}

/// A method was chosen, and each outcome list holds something. The graph itself is the
/// list of causes.
pub(super) fn asked(at: At) -> bool {
    let state = &at.case.part.retrospective;
    let filled = |list: &str| {
        let on_list = state.outcomes.iter().any(|outcome| outcome.list == list);
        on_list || (list == "causes" && !state.causes.is_empty())
    };
    let mut lists = at.playbook().retrospective.outcomes.iter();
    state.method.is_some() && lists.all(|list| filled(&list.value))
}

pub(super) fn publish(d: &mut Decision, command: &PublishReport) -> Result<(), Refusal> {
    only_leaders(d)?;
    let over = !d.case().is_active() && d.case().exists();
    d.gate(Gate::Firm, over, || {
        Refusal::rule(
            Rule::R3,
            "The response is still going on.",
            "Spin it down first; causes and lessons can be written down already.",
        )
        .settled_by("ready_for_qa", None)
    })?;
    match &command.short_cause {
        Some(cause) => fill_in(d, cause)?,
        None => d.gates(Gate::Closing, in_the_way(d.at))?,
    }
    let short = command.short_cause.is_some();
    let state = &d.case().part.retrospective;
    let progress = if on(Rule::R81) { d.case().history.clone() } else { Vec::new() };
    let edition = u32::try_from(state.reports.len()).unwrap_or(u32::MAX).saturating_add(1);
    d.record(ReportPublished {
        edition,
        short,
        progress,
        timeline: state.shown().map(|line| line.id.clone()).collect(),
        carried_over: carried_over(d.at),
        warnings: if short { Vec::new() } else { thin(d.at) },
    });
    Ok(())
}

/// The short form: one line of cause, the rest filled in from the record (M14).
fn fill_in(d: &mut Decision, cause: &Text) -> Result<(), Refusal> {
    let fits = takes_short_form(d.at);
    d.gate(Gate::Firm, fits, || {
        Refusal::rule(
            Rule::R82,
            "The short form is for cases that were never graver than low, without an attacker.",
            "Write the whole report; each part is a few lines.",
        )
    })?;
    let state: &State = &d.case().part.retrospective;
    let milestones = &d.case().part.milestones;
    d.record(CauseRecorded {
        id: causes::next(state),
        text: cause.clone(),
        kind: CauseKind::How,
        parents: Default::default(),
    });
    if state.discovery.is_none() {
        d.record(DiscoveryMethodSet { value: discovered(d.at), note: None });
    }
    if state.threats.is_none() {
        d.record(ThreatActionsSet { values: Default::default(), attack: Default::default() });
    }
    if milestones.last(Milestone::Started).is_none() {
        d.record(MilestoneRecorded { milestone: Milestone::Started, when: None, reason: None });
    }
    if milestones.said(Milestone::Contained).is_none() {
        let resolved = milestones.last(Milestone::Resolved);
        d.record(MilestoneRecorded {
            milestone: Milestone::Contained,
            when: resolved.and_then(|noted| noted.when),
            reason: resolved.and_then(|noted| noted.reason.clone()),
        });
    }
    Ok(())
}

/// How it was discovered, as far as the report itself tells.
fn discovered(at: At) -> String {
    const COLLEAGUE: &str = "internal.Reported by employee";
    const MONITORING: &str = "internal.Infrastructure monitoring";
    let value = match at.case.part.intake.reports.first().map(|report| &report.by) {
        Some(Who::Person(_)) => COLLEAGUE,
        Some(Who::Service(_)) => MONITORING,
        _ => "unknown",
    };
    let mut list = at.playbook().retrospective.discovery_methods.iter();
    let known = list.any(|choice| choice.value == value);
    if known { value.into() } else { "unknown".into() }
}

/// A false alarm may do without, where the playbook says so; anything else needs a named
/// waiver.
pub(super) fn skip(d: &mut Decision, command: &SkipRetrospective) -> Result<(), Refusal> {
    only_leaders(d)?;
    let optional = d.at.playbook().retrospective.optional_for_false_alarm;
    let kept = d.case().status() == Status::FalseAlarm && optional;
    d.gate(Gate::Closing, kept, || {
        Refusal::rule(
            Rule::R18,
            "An incident is looked back upon.",
            "Hold the retrospective; a short one will do.",
        )
    })?;
    d.record(RetrospectiveSkipped { reason: command.reason.clone() });
    Ok(())
}

/// The permit to publish, or everything that is missing.
pub(super) fn permit(at: At) -> Permit {
    let mut missing = in_the_way(at);
    missing.retain(|refusal| refusal.rule.is_none_or(on));
    let refused = Refusal::together(missing).filter(|_| !takes_short_form(at));
    let allowed = if takes_short_form(at) {
        "The short form will do: the cause in one line."
    } else {
        "All questions are answered: the report can be published."
    };
    Permit {
        command: "publish_report",
        on: None,
        rule: refused.as_ref().and_then(|refusal| refusal.rule).unwrap_or(Rule::R18),
        allowed: refused.is_none().then(|| allowed.into()),
        refused: refused.map(|refusal| Refusal { waivable: true, ..refusal }),
    }
}
