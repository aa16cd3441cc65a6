//! Whose a network address is, as far as one can tell: who shares it, and whether it may speak for many.

use std::net::{IpAddr, Ipv6Addr};

/// The address by which somebody is told from others: whoever has one IPv6 address has its whole /64.
#[must_use]
pub fn place(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) if !address.is_loopback() => {
            Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into()
        }
        address => address,
    }
}

/// Whether it is of this machine or its own network, where a proxy stands that speaks for many.
#[must_use]
pub fn is_near(place: IpAddr) -> bool {
    match place {
        IpAddr::V4(address) => address.is_loopback() || address.is_private(),
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local(),
    }
}

/// Who asks by way of our own proxies: the last address in their list (`X-Forwarded-For`, the nearest last) that is none of
/// theirs. One name for an address, whether it came over IPv4 or over IPv6.
#[must_use]
pub fn behind(peer: IpAddr, said: &str, proxies: &[IpAddr]) -> IpAddr {
    let is_proxy = |address: IpAddr| proxies.iter().any(|one| one.to_canonical() == address);
    let mut asks = peer.to_canonical();
    for address in said.rsplit(',') {
        // What stands before an address that is no proxy of ours is only a claim.
        if !is_proxy(asks) {
            break;
        }
        let Ok(address) = address.trim().parse::<IpAddr>() else {
            break;
        };
        asks = address.to_canonical();
    }
    asks
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use super::*;

    fn at(address: &str) -> IpAddr {
        address.parse().unwrap()
    }

    #[test]
    fn only_our_own_proxies_are_believed() {
        let proxies = [at("127.0.0.1"), at("10.0.0.5")];
        for (peer, said, asks) in [
            ("192.0.2.7", "198.51.100.1", "192.0.2.7"),
            ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
            (
                "::ffff:127.0.0.1",
                "203.0.113.9, 198.51.100.1",
                "198.51.100.1",
            ),
            ("127.0.0.1", "198.51.100.1, 10.0.0.5", "198.51.100.1"),
            ("127.0.0.1", "2001:db8::1,::ffff:10.0.0.5", "2001:db8::1"),
            ("127.0.0.1", "", "127.0.0.1"),
            ("127.0.0.1", "198.51.100.1, nonsense", "127.0.0.1"),
        ] {
            assert_eq!(behind(at(peer), said, &proxies), at(asks), "{peer} {said}");
        }
        assert_eq!(
            behind(at("127.0.0.1"), "198.51.100.1", &[]),
            at("127.0.0.1")
        );
    }
}
