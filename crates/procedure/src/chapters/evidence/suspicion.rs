//! The suspicion flag: raised by a person, by a sign in a report, or by an answer that
//! nobody has (R13, R122, M21).

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::actor::Who;
use crate::at::At;
use crate::mark::Mark;
use crate::chapters::work::step::known_asset;
use crate::decide::{Decision, Refusal};
use crate::entry::{Body, Entry};
use crate::id::AssetId;
use crate::rule::Rule;
use crate::switch::on;
use crate::text::Text;

/// Say that something is suspicious. From now on state is captured before it is changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RaiseSuspicion {
    /// Why.
    pub reason: Text,
    /// What may be affected; none named means everything.
    #[serde(default)]
    pub assets: BTreeSet<AssetId>,
}

/// The IC takes the flag down.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ClearSuspicion {
    /// How it was explained.
    pub reason: Text,
}

/// What raised the flag.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// A person said so.
    #[default]
    Person,
    /// A sign in a report, from the playbook's list (R122).
    Sign,
}

/// Entry: the flag went up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SuspicionRaised {
    /// Why, if a person said so.
    #[serde(default)]
    pub reason: Option<Text>,
    /// What may be affected; none means everything.
    #[serde(default)]
    pub assets: BTreeSet<AssetId>,
    /// What raised it.
    #[serde(default)]
    pub cause: Cause,
    /// The signs, picks or questions that did, by id.
    #[serde(default)]
    pub by: BTreeSet<String>,
}

/// Entry: the flag went down.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SuspicionCleared {
    /// How it was explained.
    pub reason: Text,
}

/// One time that the flag went up.
#[derive(Clone, Debug, PartialEq)]
pub struct Suspicion {
    /// The entry.
    pub seq: u64,
    /// Since when.
    pub since: Timestamp,
    /// By whom.
    pub raised_by: Who,
    /// What raised it.
    pub cause: Cause,
    /// What may be affected; none means everything.
    pub assets: BTreeSet<AssetId>,
    /// When it was cleared, by which entry.
    pub cleared: Option<(Timestamp, u64)>,
}

impl Suspicion {
    pub(super) fn new(entry: &Entry, raised: &SuspicionRaised) -> Self {
        Self {
            seq: entry.seq,
            since: entry.recorded_at,
            raised_by: entry.actor.who.clone(),
            cause: raised.cause,
            assets: raised.assets.clone(),
            cleared: None,
        }
    }

    pub(super) fn clear(&mut self, entry: &Entry) {
        self.cleared = Some((entry.recorded_at, entry.seq));
    }
}

/// A time during which something is suspicious, whatever made it so: the flag, an example
/// picked in the assessment, or a question that nobody can answer (M21).
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    /// The entry that began it.
    pub seq: u64,
    /// Since when.
    pub since: Timestamp,
    /// Until when, by which entry; `None` while it lasts.
    pub until: Option<(Timestamp, u64)>,
    /// By whom.
    pub by: Who,
    /// What may be affected; none named means everything.
    pub assets: BTreeSet<AssetId>,
}

impl Span {
    fn of(mark: &Mark, until: Option<(Timestamp, u64)>) -> Self {
        let Mark { seq, at, by } = mark.clone();
        Self { seq, since: at, until, by, assets: BTreeSet::new() }
    }

    /// Whether it stood at that time.
    #[must_use]
    pub fn stood_at(&self, at: Timestamp) -> bool {
        self.since <= at && self.until.is_none_or(|(until, _)| at < until)
    }

    /// Whether it touches an asset; what is not named might be any.
    #[must_use]
    pub fn touches(&self, asset: Option<&AssetId>) -> bool {
        self.assets.is_empty() || asset.is_none_or(|asset| self.assets.contains(asset))
    }
}

/// Every time that something was suspicious, in no order.
#[must_use]
pub fn spans(at: At) -> Vec<Span> {
    let part = &at.case.part;
    let flags = part.evidence.suspicions.iter().map(|flag| Span {
        seq: flag.seq,
        since: flag.since,
        until: flag.cleared,
        by: flag.raised_by.clone(),
        assets: flag.assets.clone(),
    });
    let picks = part.assess.suspicious_picks.iter().map(|mark| {
        let cleared = part.evidence.cleared.iter().find(|(_, seq)| *seq > mark.seq);
        Span::of(mark, cleared.copied())
    });
    let questions = part.assess.open_questions().into_iter();
    let questions = questions.map(|(since, answered)| {
        Span::of(since, answered.map(|mark| (mark.at, mark.seq)))
    });
    flags.chain(picks).chain(questions).collect()
}

/// Whether something is suspicious now.
#[must_use]
pub fn is_suspicious(at: At) -> bool {
    spans(at).iter().any(|span| span.until.is_none())
}

pub(super) fn raise(d: &mut Decision, command: &RaiseSuspicion) -> Result<(), Refusal> {
    for asset in &command.assets {
        known_asset(d, asset)?;
    }
    d.record(SuspicionRaised {
        reason: Some(command.reason.clone()),
        assets: command.assets.clone(),
        cause: Cause::Person,
        by: BTreeSet::new(),
    });
    Ok(())
}

pub(super) fn clear(d: &mut Decision, command: &ClearSuspicion) -> Result<(), Refusal> {
    d.only_ic(Rule::R14)?;
    if !is_suspicious(d.at) {
        return Err(Refusal::conflict("Nothing is suspected now.", "There is nothing to do."));
    }
    d.record(SuspicionCleared { reason: command.reason.clone() });
    Ok(())
}

/// A report that names a sign of something deeper raises the flag by itself (R122).
pub(crate) fn raise_by_signs(d: &mut Decision, signs: &BTreeSet<String>, assets: &BTreeSet<AssetId>) {
    let known = d.at.playbook().intake.signs.iter();
    let raising = known.filter(|sign| sign.raises_suspicion && signs.contains(&sign.id));
    let by: BTreeSet<String> = raising.map(|sign| sign.id.clone()).collect();
    if on(Rule::R122) {
        raise_once(d, Cause::Sign, by, assets.clone());
    }
}

fn raise_once(d: &mut Decision, cause: Cause, by: BTreeSet<String>, assets: BTreeSet<AssetId>) {
    let up = d.case().part.evidence.suspicions.iter();
    let mut up = up.filter(|s| s.cleared.is_none() && s.cause == cause);
    let raised = d.drafted().any(|b| matches!(b, Body::SuspicionRaised(r) if r.cause == cause));
    if by.is_empty() || up.any(|s| s.assets.is_empty()) || raised {
        return;
    }
    d.record(SuspicionRaised { reason: None, assets, cause, by });
}
