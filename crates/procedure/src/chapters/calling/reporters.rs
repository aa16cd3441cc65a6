//! Every reporter hears who has it, by the way they left; where no message arrives, somebody
//! telephones (X36).

use alloc::format;
use alloc::vec::Vec;

use jiff::Timestamp;

use super::{ReporterTold, TellReporter};
use crate::actor::Who;
use crate::agenda::{Obligation, Owner};
use crate::at::At;
use crate::conformance::Judged;
use crate::decide::{Decision, Refusal};
use crate::notice::Recipient;
use crate::rule::Rule;
use crate::switch::on;

/// A reporter whom no message reaches, and whom nobody has told in another way: which report,
/// since which entry and when. Who was told once has heard; later messages need no second call.
fn lost(at: At<'_>) -> Vec<(u32, u64, Timestamp)> {
    let unreached = at.case.part.calling.unreached.iter();
    let reporter = |(to, (seq, when)): (&Recipient, &(u64, Timestamp))| match to {
        Recipient::Reporter(n) if !at.case.part.calling.told.contains_key(n) => {
            Some((*n, *seq, *when))
        }
        _ => None,
    };
    unreached.filter_map(reporter).collect()
}

/// Whether there is a number by which the reporter can be told all the same (R116).
fn has_phone(at: At, n: u32) -> bool {
    let index = usize::try_from(n).ok().and_then(|n| n.checked_sub(1));
    let received = index.and_then(|index| at.case.part.intake.reports.get(index));
    received.is_some_and(|received| {
        let known = match &received.by {
            Who::Person(person) => at.project().member(person).is_some_and(|m| m.has_phone),
            _ => false,
        };
        known || received.report.phone.is_some()
    })
}

/// The second route is a person with a telephone.
pub(super) fn owes(at: At, out: &mut Vec<Obligation>) {
    if !at.case.is_active() || !on(Rule::X36) {
        return;
    }
    for (n, seq, since) in lost(at).into_iter().filter(|(n, _, _)| has_phone(at, *n)) {
        let key = format!("tell_reporter:{n}:{seq}");
        let what = format!(
            "No message reaches whoever sent report {n}: telephone them, say who has it and what to leave as it is."
        );
        let owed = Obligation::owed(Rule::X36, key, Owner::Ic, since, what);
        out.push(owed.settled_by("tell_reporter"));
    }
}

pub(super) fn told(d: &mut Decision, told: &TellReporter) -> Result<(), Refusal> {
    d.person()?;
    let count = d.case().part.intake.reports.len();
    let TellReporter { report, route } = told.clone();
    if report == 0 || report as usize > count {
        return Err(Refusal::invalid(
            format!("There is no report {report}."),
            "Reports are numbered from 1.",
        ));
    }
    d.record(ReporterTold { report, route });
    Ok(())
}

/// Kept when somebody has it and every reporter could be told, by whichever route.
pub(super) fn judge(at: At) -> Judged {
    let lost = lost(at);
    let Some(first) = at.case.part.commander.intervals.first() else {
        return Judged::open(None);
    };
    if let Some((_, seq, _)) = lost.iter().find(|(n, _, _)| !has_phone(at, *n) || !at.case.is_active()) {
        return Judged::missing("A reporter could be reached by no route.").shown_by(*seq);
    }
    if let Some((_, seq, _)) = lost.first() {
        return Judged::open(None).shown_by(*seq);
    }
    let judged = Judged::done(first.from, &Who::System, first.seq);
    at.case.part.calling.told.values().fold(judged, |judged, seq| judged.shown_by(*seq))
}
