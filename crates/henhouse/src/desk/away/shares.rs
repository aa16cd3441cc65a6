//! How much of the spool each address may take, so that one that reports without end leaves room for everybody else.

use std::collections::BTreeMap;
use std::net::IpAddr;

use crate::neighbours::{is_near, place};
use crate::spool::LARGEST_BYTES;

/// An address may take a sixteenth of what the others have left.
const OF_ONE: u64 = 16;
/// One of this machine or its own network may take half of it: a proxy speaks for many.
const OF_MANY: u64 = 2;

/// What waits, by the address that it came from; in bytes of the spool.
#[derive(Default)]
pub(super) struct Shares {
    taken: BTreeMap<IpAddr, u64>,
    all: u64,
}

impl Shares {
    /// Whether whoever is there may have so many bytes more kept. Whatever came without an address may.
    pub(super) fn has_room(&self, from: Option<IpAddr>, bytes: u64) -> bool {
        let Some(place) = from.map(place) else {
            return true;
        };
        let taken = self.taken.get(&place).copied().unwrap_or(0);
        let left = LARGEST_BYTES.saturating_sub(self.all.saturating_sub(taken));
        let part = if is_near(place) { OF_MANY } else { OF_ONE };
        taken + bytes <= left / part
    }

    pub(super) fn take(&mut self, from: Option<IpAddr>, bytes: u64) {
        self.all += bytes;
        if let Some(place) = from.map(place) {
            *self.taken.entry(place).or_default() += bytes;
        }
    }

    pub(super) fn join(&mut self, other: Self) {
        self.all += other.all;
        for (place, bytes) in other.taken {
            *self.taken.entry(place).or_default() += bytes;
        }
    }

    pub(super) fn give_back(&mut self, from: Option<IpAddr>, bytes: u64) {
        self.all = self.all.saturating_sub(bytes);
        let Some(place) = from.map(place) else {
            return;
        };
        if let Some(taken) = self.taken.get_mut(&place) {
            *taken = taken.saturating_sub(bytes);
            if *taken == 0 {
                self.taken.remove(&place);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use super::*;

    const MIB: u64 = 1 << 20;

    fn at(text: &str) -> Option<IpAddr> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn one_address_fills_its_share_and_no_more_and_whoever_comes_then_finds_room() {
        let mut shares = Shares::default();
        let flood = at("192.0.2.7");
        shares.take(flood, 16 * MIB);
        assert!(!shares.has_room(flood, 1), "a sixteenth of 256 MiB");
        assert!(!shares.has_room(at("::ffff:192.0.2.7"), 1), "the same one");
        assert!(shares.has_room(at("192.0.2.8"), 15 * MIB - 1) && shares.has_room(None, MIB));
        shares.give_back(flood, MIB);
        assert!(shares.has_room(flood, MIB) && !shares.has_room(flood, MIB + 1));
    }

    #[test]
    fn whoever_has_one_address_of_a_network_has_its_whole_64() {
        let mut shares = Shares::default();
        shares.take(at("2001:db8::1"), 16 * MIB);
        assert!(!shares.has_room(at("2001:db8::ffff:2"), 1));
        assert!(shares.has_room(at("2001:db8:0:1::1"), MIB));
    }

    #[test]
    fn a_hundred_floods_leave_room_for_a_thousand_others() {
        let mut shares = Shares::default();
        for n in 0..100 {
            let flood = at(&format!("198.51.100.{n}"));
            while shares.has_room(flood, 16 << 10) {
                shares.take(flood, 16 << 10);
            }
        }
        for n in 0..100 {
            assert!(
                shares.has_room(at(&format!("203.0.113.{n}")), 2 << 10),
                "{n}"
            );
            shares.take(at(&format!("203.0.113.{n}")), 2 << 10);
        }
    }

    #[test]
    fn a_proxy_speaks_for_many_and_may_take_half() {
        let mut shares = Shares::default();
        shares.take(at("10.0.0.2"), 120 * MIB);
        assert!(shares.has_room(at("10.0.0.2"), 8 * MIB));
        assert!(!shares.has_room(at("10.0.0.2"), 8 * MIB + 1));
        assert!(shares.has_room(at("192.0.2.7"), 8 * MIB));
    }
}
