//! What leaves in one message: one row of the outbox, or all rows of a bundle (M24).

use std::collections::BTreeMap;

use super::channel::Channel;
use super::letter::Share;
use super::message::MailMessage;
use crate::report::bundle::{self, Part};
use crate::report::routes::is_told_later;
use crate::store::{Lane, Lease};

/// Leases that are carried together; at least one.
pub(super) struct Parcel {
    pub(super) leases: Vec<Lease>,
}

/// A row that may leave: by what, in which words, and its part of a message that it shares.
pub(super) struct Ready<'a> {
    pub(super) channel: &'a Channel,
    pub(super) message: MailMessage,
    pub(super) share: Share,
    /// Its content may leave by this channel.
    pub(super) in_words: bool,
}

impl Parcel {
    pub(super) fn lane(&self) -> Lane {
        let first = self.leases.first();
        first.map_or(Lane::Ordinary, |lease| lease.row.lane)
    }
}

/// Leases as they are carried, in the order of the first of each.
pub(super) fn of(leases: Vec<Lease>) -> Vec<Parcel> {
    let mut parcels: Vec<Parcel> = Vec::new();
    let mut bundles = BTreeMap::new();
    for lease in leases {
        let place = lease.row.bundle.map(|bundle| {
            let key = (bundle, lease.row.route.clone());
            *bundles.entry(key).or_insert(parcels.len())
        });
        match place.and_then(|place| parcels.get_mut(place)) {
            Some(parcel) => parcel.leases.push(lease),
            None => parcels.push(Parcel {
                leases: vec![lease],
            }),
        }
    }
    parcels
}

/// The channel and the one message for these; alone, a row says what was frozen for it.
pub(super) fn together<'a>(going: &[(Lease, Ready<'a>)]) -> Option<(&'a Channel, MailMessage)> {
    let (lease, first) = going.first()?;
    if let [(_, only)] = going {
        return Some((only.channel, only.message.clone()));
    }
    let parts: Vec<Part> = going.iter().map(|(_, ready)| part(ready)).collect();
    let bundle = lease.row.bundle.unwrap_or_default().simple().to_string();
    let mut message = bundle::message(
        &parts,
        &bundle,
        lease.row.lane == Lane::Urgent,
        first.channel.capabilities().text_bytes,
    )?;
    if is_told_later(&lease.row.route) {
        // What is said of it later is known by a delivery.
        message.notice_id = lease.row.notice.to_string();
    }
    Some((first.channel, message))
}

fn part<'a>(ready: &'a Ready) -> Part<'a> {
    Part {
        message: &ready.message,
        share: &ready.share,
        in_words: ready.in_words,
    }
}
