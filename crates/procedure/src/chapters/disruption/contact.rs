//! Was a decider tried by two routes, and since when does the hour run? (M3, R63, R65)

use alloc::vec::Vec;

use jiff::Timestamp;

use super::payload::Route;
use super::state::{Contact, Disruption};
use crate::at::{At, minutes};
use crate::id::PersonId;
use crate::rule::Rule;
use crate::switch::on;

/// From when on an attempt counts: from when it was made, if it was written down soon; one
/// that is told late is kept with its time and counts from then on.
pub(super) fn counts_from(at: At, d: &Disruption, contact: &Contact) -> Timestamp {
    let within = minutes(at.under(d.seq).playbook().disruption.phone_within_minutes);
    let soon = contact.recorded_at.duration_since(contact.at) <= within;
    if soon { contact.at } else { contact.recorded_at }
}

/// When the hour of a silent decider began; `None` until they were tried by a message and
/// the telephone within the playbook's minutes. It is the first attempt of all, if they
/// were tried soon enough after it, else their own. Without a number on file the message
/// is enough.
pub(super) fn hour_from(
    at: At,
    d: &Disruption,
    person: &PersonId,
    when: Timestamp,
) -> Option<Timestamp> {
    let within = minutes(at.under(d.seq).playbook().disruption.phone_within_minutes);
    let counted = d.contacts.iter().map(|contact| (counts_from(at, d, contact), contact));
    let before: Vec<_> = counted.filter(|(from, _)| *from <= when).collect();
    let first = before.iter().map(|(from, _)| *from).min()?;
    let theirs = || before.iter().filter(|(_, contact)| &contact.decider == person);
    let by = |phone: bool| {
        let times = theirs().filter(move |(_, c)| (c.route == Route::Phone) == phone);
        times.map(|(from, _)| *from).collect::<Vec<_>>()
    };
    let (messages, calls) = (by(false), by(true));
    let soon = |from: Timestamp, to: Timestamp| to.duration_since(from).abs() <= within;
    if !has_phone(at, person) || !on(Rule::R63) {
        let own = messages.into_iter().chain(calls).min()?;
        return Some(if soon(first, own) { first } else { own });
    }
    let pairs = messages.iter().flat_map(|message| calls.iter().map(move |call| (*message, *call)));
    let pairs = pairs.filter(|(message, call)| soon(*message, *call));
    let pairs: Vec<_> = pairs.map(|(message, call)| (message.min(call), message.max(call))).collect();
    if pairs.iter().any(|(_, last)| soon(first, *last)) {
        return Some(first);
    }
    pairs.iter().map(|(from, _)| *from).min()
}

/// Whether a telephone number is on file; without one nobody can be telephoned (M3).
pub(super) fn has_phone(at: At, person: &PersonId) -> bool {
    at.project().member(person).is_some_and(|member| member.has_phone)
}
