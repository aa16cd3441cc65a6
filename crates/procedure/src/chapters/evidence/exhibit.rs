//! Exhibits, and the answered items of the evidence lists (R13, R57, X15, M21).

use alloc::format;
use alloc::string::String;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::tasks;
use crate::actor::Who;
use crate::chapters::work::step::known_asset;
use crate::decide::{Decision, Gate, Refusal};
use crate::entry::Entry;
use crate::id::AssetId;
use crate::playbook::EvidenceKind;
use crate::rule::Rule;
use crate::text::Text;

/// Add a piece of evidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AddExhibit {
    /// The bytes, or where they are.
    pub what: What,
    /// What sort of evidence.
    pub kind: EvidenceKind,
    /// Of what it was taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asset: Option<AssetId>,
    /// What it shows.
    pub label: Text,
}

/// The bytes of an exhibit, or where they are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Bytes that Henhouse keeps, encrypted.
    Upload {
        /// SHA-256 of the bytes, 64 hex digits.
        sha256: String,
        /// How many bytes.
        size: u64,
        /// Their media type.
        media: String,
    },
    /// Something held elsewhere, such as a snapshot (R57).
    Reference {
        /// The system that holds it.
        system: Text,
        /// Its id there.
        id: Text,
        /// The volume or part it was taken of.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        volume: Option<Text>,
    },
}

/// Answer an item of an evidence list: captured, impossible, or not relevant (M21).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RecordEvidenceItem {
    /// Of one asset …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asset: Option<AssetId>,
    /// … or of a whole class of assets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// The item's id in the list of the class.
    pub item: String,
    /// The answer.
    pub state: ItemState,
    /// Why it is impossible or not relevant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
    /// The exhibit that was captured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exhibit: Option<String>,
}

/// The answer to an item of an evidence list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ItemState {
    /// It was captured.
    Captured,
    /// It cannot be.
    Impossible,
    /// It would show nothing.
    NotRelevant,
}

/// Entry: a piece of evidence was added.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExhibitAdded {
    /// Its number in the case.
    pub exhibit: String,
    /// The bytes, or where they are.
    pub what: What,
    /// What sort of evidence.
    pub kind: EvidenceKind,
    /// Of what it was taken.
    #[serde(default)]
    pub asset: Option<AssetId>,
    /// What it shows.
    pub label: Text,
}

/// Entry: an item of an evidence list was answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EvidenceItemRecorded {
    /// Of one asset, or of the whole class.
    #[serde(default)]
    pub asset: Option<AssetId>,
    /// The class of asset.
    pub class: String,
    /// The item's id.
    pub item: String,
    /// Its kind.
    pub kind: EvidenceKind,
    /// The answer.
    pub state: ItemState,
    /// Why.
    #[serde(default)]
    pub reason: Option<Text>,
    /// What was captured.
    #[serde(default)]
    pub exhibit: Option<String>,
}

/// A piece of evidence.
#[derive(Clone, Debug, PartialEq)]
pub struct Exhibit {
    /// Its number in the case, such as `E-1`.
    pub id: String,
    /// The entry.
    pub seq: u64,
    /// When it was taken.
    pub at: Timestamp,
    /// By whom.
    pub by: Who,
    /// The bytes, or where they are.
    pub what: What,
    /// What sort of evidence.
    pub kind: EvidenceKind,
    /// Of what it was taken.
    pub asset: Option<AssetId>,
    /// What it shows.
    pub label: Text,
}

impl Exhibit {
    pub(super) fn new(entry: &Entry, added: &ExhibitAdded) -> Self {
        Self {
            id: added.exhibit.clone(),
            seq: entry.seq,
            at: entry.time(),
            by: entry.actor.who.clone(),
            what: added.what.clone(),
            kind: added.kind,
            asset: added.asset.clone(),
            label: added.label.clone(),
        }
    }
}

/// An answered item of an evidence list.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    /// The entry.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Who,
    /// Of one asset, or of the whole class.
    pub asset: Option<AssetId>,
    /// The class of asset.
    pub class: String,
    /// The item's id.
    pub item: String,
    /// Its kind.
    pub kind: EvidenceKind,
    /// The answer.
    pub state: ItemState,
    /// Why.
    pub reason: Option<Text>,
}

impl Answered {
    pub(super) fn new(entry: &Entry, item: &EvidenceItemRecorded) -> Self {
        Self {
            seq: entry.seq,
            at: entry.time(),
            by: entry.actor.who.clone(),
            asset: item.asset.clone(),
            class: item.class.clone(),
            item: item.item.clone(),
            kind: item.kind,
            state: item.state,
            reason: item.reason.clone(),
        }
    }
}

pub(super) fn add(d: &mut Decision, command: &AddExhibit) -> Result<(), Refusal> {
    let AddExhibit { what, kind, asset, label } = command.clone();
    if let What::Upload { sha256, .. } = &what {
        let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if sha256.len() != 64 || !sha256.bytes().all(hex) {
            return Err(Refusal::invalid(
                "The SHA-256 is not 64 hex digits.",
                "Give the digest that the upload answered.",
            ));
        }
    }
    if let Some(asset) = &asset {
        known_asset(d, asset)?;
    }
    let exhibit = format!("E-{}", d.case().part.evidence.exhibits.len() + 1);
    d.record(ExhibitAdded { exhibit, what, kind, asset, label });
    Ok(())
}

pub(super) fn answer(d: &mut Decision, command: &RecordEvidenceItem) -> Result<(), Refusal> {
    let RecordEvidenceItem { asset, class, item, state, reason, exhibit } = command.clone();
    if let Some(asset) = &asset {
        known_asset(d, asset)?;
    }
    let of_asset = asset.as_ref().map(|asset| tasks::class_of(d.at, asset));
    let Some(class) = of_asset.or(class) else {
        return Err(Refusal::invalid(
            "Neither an asset nor a class of assets is named.",
            "Say of what it is.",
        ));
    };
    let list = tasks::list(d.at, &class);
    let Some(kind) = list.and_then(|l| l.items.iter().find(|i| i.id == item)).map(|i| i.kind) else {
        let items = list.into_iter().flat_map(|list| list.items.iter().map(|item| item.id.as_str()));
        let sentence = format!("The evidence list of {class} has no {item}.");
        return Err(Refusal::not_among(sentence, items));
    };
    let known = exhibit.as_ref().is_none_or(|id| d.case().part.evidence.exhibit(id).is_some());
    if !known {
        return Err(Refusal::invalid("There is no such exhibit.", "Add the exhibit first."));
    }
    d.gate(Gate::Firm, state == ItemState::Captured || reason.is_some(), || {
        Refusal::rule(
            Rule::R13,
            "Leaving a piece of evidence out needs a reason.",
            "Say why it is impossible or not relevant.",
        )
    })?;
    d.record(EvidenceItemRecorded { asset, class, item, kind, state, reason, exhibit });
    Ok(())
}
