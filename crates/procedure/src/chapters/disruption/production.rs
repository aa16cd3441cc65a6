//! Stopping production disrupts a service, whether or not somebody calls it so (R59).

use alloc::format;

use crate::at::At;
use crate::basis::Environment;
use crate::chapters::closeout;
use crate::chapters::work::Step;
use crate::decide::Refusal;
use crate::id::AssetId;
use crate::playbook::StepKind;
use crate::rule::Rule;

/// Whether an act of this kind takes something away from those who use it: it stops or ends an
/// asset in production that runs and can be reached.
pub(crate) fn is_stopped(at: At, kind: StepKind, asset: Option<&AssetId>) -> bool {
    let stops = matches!(kind, StepKind::Stop | StepKind::Terminate | StepKind::Wipe);
    let in_production = |id: &AssetId| {
        at.project().asset(id).is_some_and(|asset| asset.environment == Environment::Production)
    };
    stops && asset.is_some_and(|id| in_production(id) && !is_gone(at, id))
}

/// Nobody can use it as it is: it is down, cut off, or already disrupted.
fn is_gone(at: At, asset: &AssetId) -> bool {
    let part = &at.case.part;
    let down = part.contingency.outages.iter().any(|outage| {
        outage.ended.is_none() && (outage.assets.is_empty() || outage.assets.contains(asset))
    });
    let disruptions = part.disruption.disruptions.iter();
    let disrupted = disruptions.filter(|found| found.goes_on()).any(|d| d.assets.contains(asset));
    down || disrupted || closeout::is_cut_off(at, asset)
}

/// Whether somebody asked for the disruption that this step is.
pub(crate) fn is_asked(at: At, step: &Step) -> bool {
    let all = at.case.part.disruption.disruptions.iter();
    all.filter(|found| found.withdrawn.is_none()).any(|found| found.steps.contains(&step.id))
}

/// The step stops production, and nobody was asked.
pub(super) fn unasked(at: At, step: &Step) -> Option<Refusal> {
    let stopped = is_stopped(at, step.kind, step.asset.as_ref());
    let asset = step.asset.as_ref().filter(|_| stopped && !is_asked(at, step))?;
    let unasked = Refusal::rule(
        Rule::R59,
        format!("{} stops {asset} in production, and nobody was asked.", step.id),
        format!(
            "Ask for the disruption and name {} in it; say there if nobody outside the team would \
             notice. If {asset} is down already, record the outage.",
            step.id
        ),
    );
    Some(unasked.settled_by("request_disruption", Some(&step.id)))
}
