//! One task of capturing per class of asset: the IC is accountable, a responder may own
//! it (R14, M21).

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::kept;
use super::suspicion::spans;
use crate::actor::Who;
use crate::agenda::{Obligation, Owner};
use crate::at::At;
use crate::chapters::work;
use crate::chapters::work::step::can_be_asked;
use crate::decide::{Decision, Refusal};
use crate::id::{AssetId, PersonId};
use crate::playbook::{EvidenceItem, EvidenceList};
use crate::rule::Rule;
use crate::switch::on;

/// The class whose list serves for everything without a list of its own.
pub(super) const OTHER: &str = "other";

/// Give the capturing of a class of assets to a responder; the IC stays accountable.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AssignCapture {
    /// Which class.
    pub class: String,
    /// To whom.
    pub owner: PersonId,
}

/// Entry: somebody captures a class of assets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaptureAssigned {
    /// Which class.
    pub class: String,
    /// Who.
    pub owner: PersonId,
}

/// The class of an asset whose evidence list fits; `other` without one.
pub(crate) fn class_of(at: At, asset: &AssetId) -> String {
    let class = at.project().asset(asset).map(|asset| asset.class.as_str());
    let listed = class.filter(|class| at.playbook().evidence.iter().any(|l| l.class == *class));
    listed.unwrap_or(OTHER).into()
}

/// The evidence list of a class.
pub(super) fn list<'a>(at: At<'a>, class: &str) -> Option<&'a EvidenceList> {
    at.playbook().evidence.iter().find(|list| list.class == class)
}

/// Assets that something suspicious may touch: those named, and those of the reports where
/// it may touch everything; none in particular if nobody named any.
pub(super) fn affected(at: At) -> BTreeSet<AssetId> {
    let standing: Vec<_> = spans(at).into_iter().filter(|span| span.until.is_none()).collect();
    let everything = standing.iter().any(|span| span.assets.is_empty());
    let named = standing.into_iter().flat_map(|span| span.assets);
    let reports = at.case.part.intake.reports.iter().filter(|_| everything);
    named.chain(reports.flat_map(|received| received.report.assets.iter().cloned())).collect()
}

/// The classes of assets of which state is to be captured.
pub(super) fn classes(at: At) -> BTreeSet<String> {
    let classes: BTreeSet<String> =
        affected(at).iter().map(|asset| class_of(at, asset)).collect();
    if classes.is_empty() { [OTHER.into()].into() } else { classes }
}

/// Whether every item of the class's list is answered by then, for the asset or for the class.
/// An exhibit of the item's kind answers it.
pub(super) fn answered_by(
    at: At,
    class: &str,
    asset: Option<&AssetId>,
    when: Timestamp,
) -> bool {
    last_answer(at, class, asset, when).is_some()
}

/// When the last item was answered, by which entry and whom; `None` while one is open.
fn last_answer<'a>(
    at: At<'a>,
    class: &str,
    asset: Option<&AssetId>,
    when: Timestamp,
) -> Option<(Timestamp, u64, &'a Who)> {
    let list = list(at, class)?;
    let answers: Option<Vec<_>> =
        list.items.iter().map(|item| first_answer(at, class, item, asset, when)).collect();
    answers?.into_iter().max()
}

/// When an item was answered first, by which entry and whom.
fn first_answer<'a>(
    at: At<'a>,
    class: &str,
    item: &EvidenceItem,
    asset: Option<&AssetId>,
    when: Timestamp,
) -> Option<(Timestamp, u64, &'a Who)> {
    let fits = |of: &Option<AssetId>| of.is_none() || asset.is_none() || of.as_ref() == asset;
    let items = at.case.part.evidence.answered.iter();
    let items = items.filter(|i| i.class == class && i.item == item.id && fits(&i.asset));
    let items = items.map(|item| (item.at, item.seq, &item.by));
    let exhibits = kept::captures(at).filter(|e| e.kind == item.kind && fits(&e.asset));
    let exhibits = exhibits.map(|exhibit| (exhibit.at, exhibit.seq, &exhibit.by));
    items.chain(exhibits).filter(|(at, ..)| *at <= when).min()
}

/// The affected assets of a class; `None` stands for the class itself, where none is named.
fn assets_of(at: At, class: &str) -> Vec<Option<AssetId>> {
    let mut of_class: Vec<_> = affected(at).into_iter().map(Some).collect();
    of_class.retain(|asset| asset.as_ref().is_some_and(|asset| class_of(at, asset) == class));
    if of_class.is_empty() { [None].into() } else { of_class }
}

/// The first item of a class's list that nobody has answered, and of which asset where assets are named.
#[must_use]
pub fn next_item(at: At, class: &str) -> Option<(Option<AssetId>, String)> {
    let list = list(at, class)?;
    assets_of(at, class).into_iter().find_map(|asset| {
        let open = |item: &&EvidenceItem| {
            first_answer(at, class, item, asset.as_ref(), at.now).is_none()
        };
        let item = list.items.iter().find(open)?;
        Some((asset.clone(), item.id.clone()))
    })
}

/// An item of the evidence lists that is wanted of something, and how it was answered first.
#[derive(Clone, Debug, PartialEq)]
pub struct WantedItem<'a> {
    /// The class of asset.
    pub class: String,
    /// What people call the class.
    pub label: &'a str,
    /// Of which asset; none where nobody named one.
    pub asset: Option<AssetId>,
    /// What is wanted.
    pub item: &'a EvidenceItem,
    /// When it was answered first, by which entry and whom.
    pub answer: Option<(Timestamp, u64, &'a Who)>,
}

/// Everything of which state is to be captured before it is changed, answered or not (R13, R14); nothing while
/// nothing is suspicious.
#[must_use]
pub fn wanted(at: At<'_>) -> Vec<WantedItem<'_>> {
    if since(at).is_none() {
        return Vec::new();
    }
    let mut out = Vec::new();
    for class in classes(at) {
        let Some(list) = list(at, &class) else { continue };
        for asset in assets_of(at, &class) {
            out.extend(list.items.iter().map(|item| WantedItem {
                class: class.clone(),
                label: &list.label,
                asset: asset.clone(),
                item,
                answer: first_answer(at, &class, item, asset.as_ref(), at.now),
            }));
        }
    }
    out
}

/// When the capturing of a class was complete, by which entry and whom.
pub(super) fn complete<'a>(at: At<'a>, class: &str) -> Option<(Timestamp, u64, &'a Who)> {
    let of_class = assets_of(at, class);
    let ends = of_class.iter().map(|asset| last_answer(at, class, asset.as_ref(), at.now));
    ends.collect::<Option<Vec<_>>>()?.into_iter().max()
}

/// Since when something has been suspicious.
pub(super) fn since(at: At) -> Option<Timestamp> {
    let standing = spans(at).into_iter().filter(|span| span.until.is_none());
    standing.map(|span| span.since).min()
}

pub(super) fn assign(d: &mut Decision, command: &AssignCapture) -> Result<(), Refusal> {
    if list(d.at, &command.class).is_none() {
        let classes = d.at.playbook().evidence.iter().map(|list| list.class.as_str());
        let sentence = format!("The playbook has no evidence list for {}.", command.class);
        return Err(Refusal::not_among(sentence, classes));
    }
    can_be_asked(d, &command.owner)?;
    let (class, owner) = (command.class.clone(), command.owner.clone());
    d.record(CaptureAssigned { class, owner });
    Ok(())
}

pub(super) fn owes(at: At, out: &mut Vec<Obligation>) {
    let Some(since) = since(at).filter(|_| at.case.is_active() && on(Rule::R14)) else {
        return;
    };
    let due = work::paced(at, since);
    for class in classes(at).iter().filter(|class| complete(at, class).is_none()) {
        let owner = at.case.part.evidence.capturers.get(class).cloned();
        let label = list(at, class).map_or(class.as_str(), |list| list.label.as_str());
        let what = format!("Capture the state before anything is changed: {label}.");
        let to = owner.clone().map_or(Owner::Ic, Owner::Person);
        let key = format!("capture:{class}");
        let owed = Obligation::owed(Rule::R14, key, to, since, what)
            .settled_by("record_evidence_item");
        out.push(match due {
            Some(due) if owner.is_some() => owed.by(due).escalate(due, Owner::Ic),
            Some(due) => owed.by(due),
            None => owed,
        });
    }
}
