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
