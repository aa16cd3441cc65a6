//! Was state captured before it was changed? (R13)

use jiff::Timestamp;

use super::exhibit::{Exhibit, ItemState};
use super::suspicion::spans;
use super::tasks;
use crate::actor::Who;
use crate::at::At;
use crate::id::AssetId;
use crate::playbook::EvidenceKind;
use crate::rule::Rule;
use crate::switch::on;

/// Whether evidence of this asset is wanted at that time: something suspicious stood.
#[must_use]
pub fn is_wanted(at: At, asset: Option<&AssetId>, when: Timestamp) -> bool {
    spans(at).iter().any(|span| span.stood_at(when) && span.touches(asset))
}

/// Whether a change of this asset at that time finds what R13 asks for: nothing wanted,
/// something captured from any time before (M21), or every item of the list answered.
#[must_use]
pub fn kept_before(at: At, asset: Option<&AssetId>, when: Timestamp) -> bool {
    !is_wanted(at, asset, when) || captured(at, asset, when) || all_answered(at, asset, when)
}

/// Exhibits that capture state. What a reporter sent, a mail of nothing in particular, and a
/// file from before anybody had answered, are kept and capture nothing.
pub(super) fn captures<'a>(at: At<'a>) -> impl Iterator<Item = &'a Exhibit> {
    let answered = at.case.part.commander.intervals.first().map_or(u64::MAX, |first| first.seq);
    let came_along = move |exhibit: &Exhibit| match exhibit.kind {
        EvidenceKind::Mail => exhibit.asset.is_none(),
        EvidenceKind::File => exhibit.asset.is_none() && exhibit.seq < answered,
        _ => false,
    };
    let exhibits = at.case.part.evidence.exhibits.iter();
    exhibits.filter(move |exhibit| exhibit.by != Who::Reporter && !came_along(exhibit))
}

/// Something was captured of the asset; logs count too (X15). What names no asset was
/// captured of nothing in particular.
fn captured(at: At, asset: Option<&AssetId>, when: Timestamp) -> bool {
    let evidence = &at.case.part.evidence;
    let counts = |kind: EvidenceKind| kind != EvidenceKind::Log || on(Rule::X15);
    let of_it = |of: &Option<AssetId>| asset.is_none() || of.as_ref() == asset;
    let of_class = |of: &Option<AssetId>| of.is_none() || of_it(of);
    let exhibits = captures(at);
    let mut exhibits = exhibits.filter(|e| e.at <= when && counts(e.kind));
    let class = asset.map(|asset| tasks::class_of(at, asset));
    let mut items = evidence.answered.iter().filter(|item| {
        let fits = class.as_ref().is_none_or(|class| *class == item.class);
        item.state == ItemState::Captured && item.at <= when && counts(item.kind) && fits
    });
    exhibits.any(|e| of_it(&e.asset)) || items.any(|item| of_class(&item.asset))
}

fn all_answered(at: At, asset: Option<&AssetId>, when: Timestamp) -> bool {
    let class = asset.map_or_else(|| tasks::OTHER.into(), |asset| tasks::class_of(at, asset));
    tasks::answered_by(at, &class, asset, when)
}
