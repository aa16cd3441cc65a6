//! What whoever takes over looks out for: if this happens, then do that. From the record alone; what only a
//! person knows they add themselves.

use procedure::at::{At, after, minutes};
use procedure::chapters::disruption::{Disruption, consent};
use procedure::chapters::evidence::Hold;
use procedure::chapters::work::LeadState;
use procedure::{Obligation, Owner, agenda};

use super::super::{Names, Times};

/// So many: more are read by nobody.
const WATCH_OUTS: usize = 6;

/// What to look out for, what could do harm first.
pub(super) fn watch_outs(at: At, names: Names, times: &Times) -> Vec<String> {
    let all = [
        held(at, names),
        disturbed(at, times),
        asked(at, times),
        unowned(at),
        due(at, names, times),
    ];
    all.into_iter().flatten().take(WATCH_OUTS).collect()
}

/// Holds that stand.
fn held(at: At, names: Names) -> Vec<String> {
    let holds = at.case.part.evidence.holds.iter();
    let holds = holds.filter(|hold| hold.released.is_none() && told(at, hold.seq));
    let line = |hold: &Hold| {
        let what = match names.assets(&hold.assets) {
            none if none.is_empty() => "what it may concern".to_owned(),
            some => some,
        };
        format!(
            "If somebody wants to change {what}, then stop them: hold {} stands.",
            hold.id
        )
    };
    holds.map(line).collect()
}

/// Services that are disturbed on purpose.
fn disturbed(at: At, times: &Times) -> Vec<String> {
    let all = at.case.part.disruption.disruptions.iter();
    let all = all.filter(|found| found.goes_on() && told(at, found.seq));
    let line = |found: &Disruption| {
        let began = found.began.as_ref().map(|began| began.at);
        let lasts = found.expected_minutes.map(minutes);
        let until = began.zip(lasts).map(|(began, lasts)| after(began, lasts));
        match until {
            Some(until) => format!(
                "If {} still goes on at {}, then tell people again.",
                found.id,
                times.at(until)
            ),
            None => format!(
                "If {} lasts longer than was said, then tell people again.",
                found.id
            ),
        }
    };
    all.map(line).collect()
}

/// Disruptions that silence will allow (R65).
fn asked(at: At, times: &Times) -> Vec<String> {
    let severity = at.severity();
    let all = at.case.part.disruption.disruptions.iter();
    let all = all.filter(|found| found.is_waiting() && told(at, found.seq));
    let line = |found: &Disruption| {
        let consent = consent(at, found, severity, at.now);
        let unlocks = consent.unlocks_at.filter(|_| !consent.go)?;
        Some(format!(
            "If nobody has answered about {} by {}, then it may go ahead.",
            found.id,
            times.at(unlocks)
        ))
    };
    all.filter_map(line).collect()
}

/// Leads and steps that nobody has.
fn unowned(at: At) -> Vec<String> {
    let work = &at.case.part.work;
    let leads = work.leads.iter();
    let leads = leads.filter(|lead| lead.owner.is_none() && lead.state == LeadState::Open);
    let steps = work.steps.iter();
    let steps = steps.filter(|step| step.owner.is_none() && !step.is_settled());
    let leads = leads.map(|lead| (lead.seq, lead.id.as_str()));
    let steps = steps.map(|step| (step.seq, step.id.as_str()));
    let ids: Vec<&str> = leads
        .chain(steps)
        .filter(|(seq, _)| told(at, *seq))
        .map(|(_, id)| id)
        .collect();
    match ids.as_slice() {
        [] => Vec::new(),
        ids => vec![format!(
            "If somebody has time, then give them {}: nobody has it.",
            ids.join(", ")
        )],
    }
}

/// What has a time, without sitreps, which are said before.
fn due(at: At, names: Names, times: &Times) -> Vec<String> {
    let mut owed = agenda(at.case, at.basis, at.now).obligations;
    owed.retain(|owed| owed.due.is_some() && owed.settle_with != Some("publish_sitrep"));
    let line = |owed: &Obligation| {
        let due = owed.due?;
        let then = match &owed.owner {
            Owner::Ic => "see to it yourself".to_owned(),
            other => format!("ask {}", names.owner(other)),
        };
        let what = names.in_words(&owed.what);
        Some(match due <= at.now {
            true => format!(
                "If this is still open (due {}), then {then}: {what}",
                times.at(due)
            ),
            false => format!(
                "If this is not done by {}, then {then}: {what}",
                times.at(due)
            ),
        })
    };
    owed.iter().filter_map(line).collect()
}

fn told(at: At, seq: u64) -> bool {
    !at.case.part.secrecy.is_annexed(seq)
}
