//! Ports that stay ours while nobody listens on them. One out of the range from which the kernel gives connections theirs
//! may be another program's by the time a node that was killed comes back, or a node that tries to reach the dead one may
//! be given the very port, and then speaks to itself.

use std::fs;
use std::net::TcpListener;

use anyhow::{Context as _, Result};

/// Not below: they have owners.
const LOWEST: u16 = 10_000;
/// Two runs on one machine begin so far from each other, if their process ids are neighbours.
const APART: u32 = 20;

/// Ports, each given once.
pub struct Ports {
    next: u16,
    end: u16,
}

impl Ports {
    /// Those below the kernel's range.
    pub fn new() -> Self {
        let range = fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range");
        let first = range
            .ok()
            .and_then(|said| said.split_whitespace().next()?.parse().ok());
        let end = first.unwrap_or(32_768_u16).max(LOWEST + 1_000);
        let offset = std::process::id() * APART % u32::from((end - LOWEST) / 2);
        Self {
            next: LOWEST + u16::try_from(offset).unwrap_or_default(),
            end,
        }
    }

    /// The next one on which nobody listens.
    ///
    /// # Errors
    /// There is none.
    pub fn free(&mut self) -> Result<u16> {
        let nobody = |port: &u16| TcpListener::bind(("127.0.0.1", *port)).is_ok();
        let port = (self.next..self.end)
            .find(nobody)
            .context("no port is free")?;
        self.next = port + 1;
        Ok(port)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at once")]

    use super::*;

    #[test]
    fn each_port_is_given_once_and_a_taken_one_never() {
        let mut ports = Ports::new();
        let first = ports.free().unwrap();
        let taken = (first + 1..).find_map(|port| TcpListener::bind(("127.0.0.1", port)).ok());
        let taken = taken.unwrap();
        let taken_port = taken.local_addr().unwrap().port();
        let next: Vec<u16> = (0..5).map(|_| ports.free().unwrap()).collect();
        assert!(
            next.iter().all(|port| *port > first && *port != taken_port),
            "{next:?}"
        );
    }
}
