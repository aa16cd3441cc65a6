//! Working alone is fine for a quarter of an hour, and a decision after half an hour (X3).

use alloc::format;
use alloc::vec::Vec;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::State;
use crate::actor::Who;
use crate::agenda::{Obligation, Owner};
use crate::at::{At, after, minutes};
use crate::chapters::endurance;
use crate::decide::{Decision, Refusal};
use crate::entry::{Body, Entry};
use crate::rule::Rule;
use crate::switch::on;
use crate::text::Text;

/// Decide to go on alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StayAlone {
    /// Why that is enough.
    pub reason: Text,
}

/// Entry: the IC decided to go on alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StaysAlone {
    /// Why that is enough.
    pub reason: Text,
}

/// A span of time in which one person was alone in the response.
#[derive(Clone, Debug, PartialEq)]
pub struct Alone {
    /// The entry after which they were alone.
    pub seq: u64,
    /// From this instant on.
    pub from: Timestamp,
    /// Until somebody joined, with the entry.
    pub joined: Option<(u64, Timestamp)>,
    /// The decision: others called in, command offered, or going on alone.
    pub decided: Option<(u64, Timestamp, Who)>,
}

impl State {
    /// Keeps the spans of being alone, after everything else of the entry was folded.
    pub(super) fn count(&mut self, entry: &Entry) {
        let alone = self.responders.len() == 1;
        let open = self.alone.last_mut().filter(|span| span.joined.is_none());
        let (seq, at) = (entry.seq, entry.recorded_at);
        match (open, alone) {
            (None, true) => self.alone.push(Alone {
                seq,
                from: at,
                joined: None,
                decided: None,
            }),
            (Some(span), false) => span.joined = Some((seq, at)),
            (Some(span), true) if decides(&entry.body) && span.decided.is_none() => {
                span.decided = Some((seq, at, entry.actor.who.clone()));
            }
            _ => {}
        }
    }
}

fn decides(body: &Body) -> bool {
    matches!(
        body,
        Body::CalledIn(_) | Body::HandoverOffered(_) | Body::StaysAlone(_)
    )
}

pub(super) fn stay_alone(d: &mut Decision, stay: &StayAlone) -> Result<(), Refusal> {
    d.only_ic(Rule::X3)?;
    if d.case().part.commander.responders.len() > 1 {
        return Err(Refusal::conflict(
            "You are not alone.",
            "Go on together.",
        ));
    }
    d.record(StaysAlone {
        reason: stay.reason.clone(),
    });
    Ok(())
}

/// When the decision of a span of being alone is due, in the time that counts.
pub(super) fn decision_due(at: At, span: &Alone) -> Timestamp {
    let limit = at.under(span.seq).playbook().command.solo_decision_minutes;
    due(at, span, limit)
}

/// A span that a reopening found undecided counts from there (X37).
fn due(at: At, span: &Alone, limit_minutes: u32) -> Timestamp {
    let resumed = at.case.part.closeout.resumed(span.from);
    let ends = [span.joined.map(|joined| joined.1), span.decided.as_ref().map(|d| d.1)];
    let before = ends.into_iter().flatten().any(|end| end < resumed);
    let from = if before { span.from } else { resumed };
    let calendar = &at.project().calendar;
    let counted = calendar.deadline(from, limit_minutes, endurance::hours(at));
    counted.unwrap_or_else(|| after(from, minutes(limit_minutes)))
}

/// Somebody alone is asked after a while, and decides a while later. A team of one has
/// nothing to decide (M16).
pub(super) fn owes(at: At, out: &mut Vec<Obligation>) {
    let Some(span) = at.case.part.commander.alone.last() else {
        return;
    };
    let undecided = span.joined.is_none() && span.decided.is_none();
    let running = at.case.is_active() && !at.case.part.milestones.is_calm();
    if !undecided || !running || super::others(at).is_empty() || !on(Rule::X3) {
        return;
    }
    let key = format!("alone:{}", span.seq);
    let what = "You are alone in this: call somebody in, hand over, or decide to go on alone.";
    out.push(
        Obligation::owed(Rule::X3, key, Owner::Ic, span.from, what)
            .by(decision_due(at, span))
            .remind(due(at, span, at.under(span.seq).playbook().command.solo_prompt_minutes))
            .settled_by("call_in"),
    );
}
