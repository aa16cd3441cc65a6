//! What is under a hold or not captured yet where a disruption would reach: said in the same words on every page that
//! begins one. It only says so; the rules are the engine's.

use std::collections::BTreeSet;

use procedure::at::At;
use procedure::chapters::disruption::Disruption;
use procedure::chapters::evidence::{WantedItem, wanted};
use procedure::id::AssetId;

use crate::desk::CaseView;
use crate::report::Names;
use crate::web::words::Words;

/// Of one disruption: of each thing that it touches, and of everything where nobody said what that is.
pub(in crate::web::pages) fn of(
    w: Words,
    at: At,
    view: &CaseView,
    found: &Disruption,
) -> Vec<String> {
    let steps = view.case.part.work.steps.iter();
    let of_steps = steps.filter(|step| found.steps.contains(&step.id));
    let of_steps = of_steps.filter_map(|step| step.asset.as_ref());
    let touched: BTreeSet<&AssetId> = found.assets.iter().chain(of_steps).collect();
    match touched.is_empty() {
        true => anywhere(w, at, view),
        false => lines(w, at, view, &touched),
    }
}

/// Of everything: nobody has said yet what will be touched.
pub(in crate::web::pages) fn anywhere(w: Words, at: At, view: &CaseView) -> Vec<String> {
    let holds = view.case.part.evidence.holds_in_force();
    let held = holds.flat_map(|hold| &hold.assets);
    let items = wanted(at);
    let wanted = items.iter().filter_map(|item| item.asset.as_ref());
    lines(w, at, view, &held.chain(wanted).collect())
}

fn lines(w: Words, at: At, view: &CaseView, touched: &BTreeSet<&AssetId>) -> Vec<String> {
    let (wanted, names) = (wanted(at), Names::new(&view.directory));
    // Nobody named what a hold or a list is about: then it is about this, too.
    let of_none = [None];
    let each = touched.iter().map(|id| Some(*id)).chain(of_none);
    let said = |id: Option<&AssetId>| {
        let holds = view.case.part.evidence.holds_in_force();
        let about = holds.filter(|hold| match id {
            Some(id) => hold.assets.contains(id),
            None => hold.assets.is_empty(),
        });
        let about = about.filter(|hold| view.may_read(hold.seq));
        let holds: Vec<&str> = about.map(|hold| hold.id.as_str()).collect();
        let open = |item: &&WantedItem| item.asset.as_ref() == id && item.answer.is_none();
        let n = wanted.iter().filter(open).count();
        let asset = id.map_or_else(
            || w.say("disrupt-kept-whole").into_owned(),
            |id| names.asset(id),
        );
        let words = match (holds.is_empty(), n) {
            (true, 0) => return None,
            (true, _) => w.with("disrupt-kept-open", "asset", asset).and("n", n),
            (false, 0) => w
                .with("disrupt-kept-held", "asset", asset)
                .and("hold", holds.join(", ")),
            (false, _) => w
                .with("disrupt-kept-both", "asset", asset)
                .and("hold", holds.join(", "))
                .and("n", n),
        };
        Some(words.to_string())
    };
    each.filter_map(said).collect()
}
