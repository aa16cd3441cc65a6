//! A role that outsiders know has moved: the next sitrep names who had it and who has it
//! now (X4). A take-over is no ceremony, but whoever was told of one IC has to hear of the
//! other all the same (X35).

use alloc::format;
use alloc::vec::Vec;

use jiff::Timestamp;

use super::{Began, Handover, Post};
use crate::agenda::{Obligation, Owner};
use crate::at::{At, after, minutes};
use crate::chapters::sitreps::Moved;
use crate::id::PersonId;
use crate::rule::Rule;
use crate::switch::on;

/// A passing of a role that a sitrep has to name.
pub(super) struct Passing {
    /// The entry.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// Who has the role since then.
    pub to: PersonId,
}

/// The roles that moved since the entry of that seq, in order.
pub(crate) fn moved_since(at: At, seq: u64) -> Vec<Moved> {
    let commander = &at.case.part.commander;
    let pairs = commander.intervals.windows(2).filter(|pair| pair[1].seq > seq);
    let command = pairs.map(|pair| Moved {
        role: Post::IncidentCommander,
        from: pair[0].ic.clone(),
        to: pair[1].ic.clone(),
    });
    let accepted = |h: &&Handover| h.accepted.is_some_and(|(accepted, _)| accepted > seq);
    let voices = commander.handovers.iter().filter(|h| h.role == Post::Communications);
    let voice = voices.filter(accepted).map(|h| Moved {
        role: Post::Communications,
        from: h.from.clone(),
        to: h.to.clone(),
    });
    if on(Rule::X4) { command.chain(voice).collect() } else { Vec::new() }
}

/// Hand-overs that moved such a role, and commands taken after a sitrep had named the IC.
pub(super) fn passings(at: At) -> Vec<Passing> {
    let part = &at.case.part;
    let named = |h: &&Handover| matches!(h.role, Post::IncidentCommander | Post::Communications);
    let handed = part.commander.handovers.iter().filter(named);
    let handed = handed.filter_map(|h| {
        let (seq, at) = h.accepted?;
        Some(Passing { seq, at, to: h.to.clone() })
    });
    let first = part.sitreps.sitreps.first().map(|sitrep| sitrep.mark.seq);
    let known = |seq: u64| first.is_some_and(|first| first < seq);
    let taken = part.commander.intervals.iter().filter(|interval| {
        matches!(interval.how, Began::TookOver | Began::AfterSilence) && known(interval.seq)
    });
    let taken = taken.map(|interval| Passing {
        seq: interval.seq,
        at: interval.from,
        to: interval.ic.clone(),
    });
    let mut passings: Vec<Passing> = handed.chain(taken).collect();
    passings.sort_by_key(|passing| passing.seq);
    passings
}

/// Due before the old holder is free.
pub(super) fn due(at: At, passing: &Passing) -> Timestamp {
    let overlap = at.under(passing.seq).playbook().command.handover.overlap_max_minutes;
    after(passing.at, minutes(overlap))
}

/// The sitrep that names both is owed by whoever commands now.
pub(super) fn owes(at: At, out: &mut Vec<Obligation>) {
    if !at.case.is_active() || !on(Rule::X4) {
        return;
    }
    for passing in passings(at) {
        if at.case.part.sitreps.first_after(passing.seq).is_some() {
            continue;
        }
        let key = format!("handover_sitrep:{}", passing.seq);
        let what = "Send a sitrep that names who had the role and who has it now.";
        let owed = Obligation::owed(Rule::X4, key, Owner::Ic, passing.at, what);
        out.push(owed.by(due(at, &passing)).settled_by("publish_sitrep"));
    }
}
