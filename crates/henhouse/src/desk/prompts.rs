//! One audible prompt for each person in the playbook's minutes, over all their cases (M20): the next one waits, and what
//! comes meanwhile leaves together with it. A case keeps the budget by itself; what several ring for is known only here.
//! First pages are never held back, and nothing is in a drill, whose hours pass in seconds: what waited there for a real
//! quarter of an hour would reach nobody who still plays.

use jiff::{SignedDuration, Timestamp};
use procedure::{Body, Entry, Notice, Recipient};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::error::Result;
use super::take::Bench;

/// When something rings for somebody, and what it leaves together with.
pub(super) struct Turn {
    /// Not before this.
    pub(super) at: Timestamp,
    /// One message for all that has the same.
    pub(super) bundle: Uuid,
}

/// When this audible prompt may leave; nothing for what is no such prompt, or may leave at once.
pub(super) fn turn(bench: &mut Bench, entry: &Entry, notice: &Notice) -> Result<Option<Turn>> {
    let prompt = matches!(&entry.body, Body::Prompted(prompted) if prompted.audible);
    let Recipient::Person(person) = &notice.to else {
        return Ok(None);
    };
    if !notice.page || !prompt || bench.inner.site.drill {
        return Ok(None);
    }
    let minutes = bench.basis.playbook.command.prompts.budget_minutes;
    let budget = SignedDuration::from_mins(i64::from(minutes));
    let name = format!("rung {person}");
    let now = bench.inner.clock.wall();
    let last = bench.tx.setting(&name)?.and_then(|bytes| read(&bytes));
    let after = |at: Timestamp| at.saturating_add(budget).unwrap_or(Timestamp::MAX);
    let at = match last {
        // Its turn is planned already.
        Some(planned) if planned > now => planned,
        Some(last) if after(last) > now => after(last),
        _ => now,
    };
    if last != Some(at) {
        let bytes = at.as_microsecond().to_be_bytes();
        bench.tx.put_setting(&name, &bytes)?;
    }
    Ok((at > now).then(|| Turn {
        at,
        bundle: bundle(person.0.as_str(), at),
    }))
}

fn read(bytes: &[u8]) -> Option<Timestamp> {
    let micros = i64::from_be_bytes(bytes.try_into().ok()?);
    Timestamp::from_microsecond(micros).ok()
}

fn bundle(person: &str, at: Timestamp) -> Uuid {
    let hash = Sha256::new()
        .chain_update(b"henhouse/prompts/v1\0")
        .chain_update(at.as_microsecond().to_be_bytes())
        .chain_update(person.as_bytes())
        .finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}
