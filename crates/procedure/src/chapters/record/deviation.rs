//! A gate that was broken by what happened: in the report, its reason asked for later (M15).

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Waived;
use super::fact::Concerns;
use crate::agenda::Obligation;
use crate::at::At;
use crate::case::{Status, Waiver};
use crate::chapters::disruption::{self, production};
use crate::chapters::work::Step;
use crate::chapters::{evidence, retrospective};
use crate::conformance::Judged;
use crate::decide::{Decision, Refusal};
use crate::entry::{Body, Entry};
use crate::id::AssetId;
use crate::playbook::StepKind;
use crate::rule::Rule;
use crate::switch::on;
use crate::text::Text;

/// Say why something went ahead against a rule, or why a rule was passed over under High.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ExplainDeviation {
    /// Which, such as `V-1`; or the rule that the severity waived, such as `R13`.
    pub deviation: String,
    /// Why.
    pub reason: Text,
}

/// Entry: something went ahead against a rule, as was learned afterwards.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Deviated {
    /// Its number in the case.
    pub deviation: String,
    /// Which rule.
    pub rule: Rule,
    /// The fact, step or disruption that broke it.
    pub of: String,
}

/// Entry: the reason of a deviation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeviationExplained {
    /// Which, or the rule that the severity waived.
    pub deviation: String,
    /// Why.
    pub reason: Text,
}

/// Something that went ahead against a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Deviation {
    /// Its number in the case, such as `V-1`.
    pub id: String,
    /// The entry.
    pub seq: u64,
    /// When it was learned.
    pub at: Timestamp,
    /// Which rule.
    pub rule: Rule,
    /// The fact, step or disruption that broke it.
    pub of: String,
    /// The entry that explains it, and why.
    pub explained: Option<(u64, Text)>,
}

impl Deviation {
    /// The rule was not kept; whether it was explained since is in the entries.
    #[must_use]
    pub fn judged(&self, because: &str) -> Judged {
        let asked = match self.explained {
            Some(_) => "The reason was given afterwards.",
            None => "The reason is still asked for.",
        };
        let judged = Judged::missing(format!("{because} {asked}")).shown_by(self.seq);
        match &self.explained {
            Some((seq, _)) => judged.shown_by(*seq),
            None => judged,
        }
    }
}

/// Something done to an asset, whether or not it was a step.
pub(crate) struct Done<'a> {
    /// What kind of act it was.
    pub kind: StepKind,
    /// To what.
    pub asset: Option<&'a AssetId>,
    /// The step, if it was one.
    pub step: Option<&'a Step>,
    /// What it was, in words.
    pub text: &'a Text,
}

/// Notes which gates an act broke, after the fact.
pub(crate) fn note(d: &mut Decision, of: &str, done: &Done) {
    let when = d.time();
    if done.kind.changes() && !evidence::kept_before(d.at, done.asset, when) {
        broke(d, Rule::R13, of);
    }
    let asked = done.step.is_some_and(|step| production::is_asked(d.at, step));
    if production::is_stopped(d.at, done.kind, done.asset) && !asked {
        let assets = done.asset.into_iter().cloned().collect();
        let concerns = Concerns { assets, ..Concerns::default() };
        disruption::happened(d, of, done.text, &concerns);
    }
    let decided = done.step.is_some_and(|step| step.destruction.is_some());
    if done.kind.destroys() && !decided {
        broke(d, Rule::R56, of);
    }
    // No severity lifts an isolation in place of the IC (M7).
    if done.kind == StepKind::Lift && !d.by_ic() && on(Rule::R56) {
        deviate(d, Rule::R56, of);
    }
}

/// The gate of a rule was broken: at High it had opened by itself (M7), else it is a deviation
/// and a reason is asked for; one that came along explains it, and waives nothing.
pub(crate) fn broke(d: &mut Decision, rule: Rule, of: &str) {
    if !on(rule) {
        return;
    }
    if d.at.severity_at(d.time()).acts_first() {
        d.record(Waived { rule, automatic: true, reason: None });
        return;
    }
    deviate(d, rule, of);
}

fn deviate(d: &mut Decision, rule: Rule, of: &str) {
    let known = d.case().part.record.deviations.len();
    let fresh = d.drafted().filter(|body| matches!(body, Body::Deviated(_))).count();
    let deviation = format!("V-{}", known + fresh + 1);
    d.record(Deviated { deviation: deviation.clone(), rule, of: of.into() });
    if let Some(waive) = d.waive_of(rule) {
        let reason = waive.reason.clone();
        d.record(DeviationExplained { deviation, reason });
    }
}

pub(super) fn explain(d: &mut Decision, command: &ExplainDeviation) -> Result<(), Refusal> {
    let ExplainDeviation { deviation, reason } = command.clone();
    let waivers = d.case().waivers.iter().filter(|waiver| waiver.automatic);
    let mut waivers = waivers.filter(|waiver| waiver.rule.id() == deviation).peekable();
    if waivers.peek().is_some() {
        if waivers.all(|waiver| waiver.reason.is_some()) {
            return Err(Refusal::conflict("The reason was given already.", "There is nothing to do."));
        }
        d.record(DeviationExplained { deviation, reason });
        return Ok(());
    }
    if !d.case().part.record.deviations.iter().any(|known| known.id == deviation) {
        return Err(Refusal::invalid(
            format!("There is no deviation {deviation}."),
            "Name one from the report, or a rule that was waived because of the severity.",
        ));
    }
    d.record(DeviationExplained { deviation, reason });
    Ok(())
}

pub(super) fn apply(deviations: &mut Vec<Deviation>, entry: &Entry) {
    match &entry.body {
        Body::Deviated(deviated) => deviations.push(Deviation {
            id: deviated.deviation.clone(),
            seq: entry.seq,
            at: entry.recorded_at,
            rule: deviated.rule,
            of: deviated.of.clone(),
            explained: None,
        }),
        Body::DeviationExplained(explained) => {
            let mut known = deviations.iter_mut();
            if let Some(deviation) = known.find(|known| known.id == explained.deviation) {
                deviation.explained = Some((entry.seq, explained.reason.clone()));
            }
        }
        _ => {}
    }
}

/// The reason is asked for until it is given, or until nothing is left to do; what the severity
/// waived is asked about in the retrospective, once for each rule (M7).
pub(super) fn owes(at: At, out: &mut Vec<Obligation>) {
    if at.case.is_over() {
        return;
    }
    let open = at.case.part.record.deviations.iter().filter(|d| d.explained.is_none());
    out.extend(open.map(|deviation| {
        let Deviation { id, of, rule, .. } = deviation;
        let what = format!("Say why {of} went ahead against {rule} ({id}).");
        let key = format!("deviation:{id}");
        Obligation::owed(*rule, key, at.last_ic(), deviation.at, what)
            .settled_by("explain_deviation")
    }));
    if at.case.status() == Status::ReadyForQa && !at.case.is_merged() {
        out.extend(waived(at));
    }
}

fn waived(at: At<'_>) -> impl Iterator<Item = Obligation> {
    let unexplained = |waiver: &&Waiver| waiver.automatic && waiver.reason.is_none();
    let waivers = at.case.waivers.iter().filter(unexplained);
    let rules: BTreeSet<Rule> = waivers.map(|waiver| waiver.rule).collect();
    let rest = at.case.part.closeout.rest().map_or(at.now, |rest| rest.at);
    rules.into_iter().filter(|rule| on(*rule)).map(move |rule| {
        let what = format!("Say why {rule} was passed over while nothing stood before an act.");
        let key = format!("waived:{rule}");
        Obligation::owed(rule, key, retrospective::leader(at), rest, what)
            .settled_by("explain_deviation")
    })
}
