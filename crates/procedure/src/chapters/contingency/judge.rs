//! How the rules of outage and recovery are judged.

use super::Track;
use crate::actor::Who;
use crate::at::At;
use crate::conformance::Judged;
use crate::rule::Rule;

pub(crate) fn judge(rule: Rule, at: At) -> Option<Judged> {
    Some(match rule {
        Rule::X21 => counted_in_time(at),
        Rule::X22 => recovered_in_time(at),
        Rule::X24 => activated_by_the_authorised(at),
        Rule::X26 => recovery_in_order(at),
        _ => return None,
    })
}

/// An outage is known as a disruption when its limit passes, not hours later.
fn counted_in_time(at: At) -> Judged {
    let outages = &at.case.part.contingency.outages;
    if let Some(judged) = outages.iter().find_map(|outage| told_too_late(at, outage)) {
        return judged;
    }
    let counted = outages.iter().find_map(|outage| outage.counted.map(|c| (outage, c)));
    match counted {
        Some((outage, (due, noticed, seq))) => {
            Judged::against(due, Some((noticed, &Who::System, seq)), at.now).shown_by(outage.seq)
        }
        None if outages.is_empty() => Judged::not_applicable("No outage was recorded."),
        None if at.case.part.contingency.ongoing().is_some() => Judged::open(None),
        None => Judged::not_applicable("The outage ended before it counted as a disruption."),
    }
}

/// It had counted before anybody wrote it down, and was over before Henhouse could say so.
fn told_too_late(at: At, outage: &super::Outage) -> Option<Judged> {
    let (ended, ..) = outage.ended.as_ref().filter(|_| outage.counted.is_none())?;
    let book = at.under(outage.seq).playbook();
    let due = book.outage.disruption_at(&at.project().calendar, outage.began.at)?;
    let (told, by) = &outage.told;
    (due < *ended).then(|| Judged::against(due, Some((due.max(*told), by, outage.seq)), at.now))
}

fn recovered_in_time(at: At) -> Judged {
    let contingency = &at.case.part.contingency;
    let judge = |outage: &super::Outage| {
        let ended = outage.ended.as_ref().map(|(when, who, seq)| (*when, who, *seq));
        let (book, calendar) = (at.under(outage.seq).playbook(), &at.project().calendar);
        let breach = book.outage.unbearable_at(calendar, outage.began.at);
        breach.map(|due| Judged::against(due, ended, at.until_closed()).shown_by(outage.seq))
    };
    let judged = || contingency.outages.iter().filter_map(judge);
    let late = |j: &Judged| matches!(j.outcome, crate::conformance::Outcome::Late { .. });
    judged()
        .find(late)
        .or_else(|| judged().next_back())
        .unwrap_or_else(|| Judged::not_applicable("No outage was recorded."))
}

fn activated_by_the_authorised(at: At) -> Judged {
    match &at.case.part.contingency.track {
        Some(track) => Judged::done(track.since, &track.by, track.seq),
        None => Judged::not_applicable("The contingency plan was not activated."),
    }
}

fn recovery_in_order(at: At) -> Judged {
    let Some(track) = &at.case.part.contingency.track else {
        return Judged::not_applicable("The contingency plan was not activated.");
    };
    match track {
        Track { declared: Some((when, who, seq)), postmortem: Some((_, planned)), .. } => {
            Judged::done(*when, who, *seq).shown_by(*planned)
        }
        _ if at.case.is_active() => Judged::open(None),
        Track { tested: None, .. } => Judged::missing("Nobody tested that it works again."),
        Track { declared: None, .. } => Judged::missing("The recovery was never declared."),
        _ => Judged::missing("No postmortem of the recovery was planned."),
    }
}
