//! Attempts that a node made while the database was away: they are carried into it with the case, because every attempt is
//! kept.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::error::Result;
use super::take::Bench;
use crate::store::{Attempt, AttemptOutcome, NoticeId, OutboxRow, OutboxState, Try, Tx};

/// The attempts that were made to send this same notice before its case was written. Where another node's case went
/// another way the id may be that of something else, told to somebody else: that is not this one.
pub(super) fn before(bench: &mut Bench, row: &OutboxRow) -> Vec<Try> {
    let same = |sent: &OutboxRow| {
        sent.notice == row.notice
            && (&sent.person, &sent.recipient) == (&row.person, &row.recipient)
            && (&sent.route, sent.lane) == (&row.route, row.lane)
    };
    let all = std::mem::take(&mut bench.sent);
    let (tried, left): (Vec<_>, Vec<_>) = all.into_iter().partition(|(sent, _)| same(sent));
    bench.sent = left;
    tried.into_iter().map(|(_, attempt)| attempt).collect()
}

/// Keeps a delivery with the attempts that were made before: done if one arrived, else as told. Says whether it waits.
pub(super) fn keep(
    tx: &mut dyn Tx,
    mut row: OutboxRow,
    tried: Vec<Try>,
    otherwise: OutboxState,
) -> Result<bool> {
    if tx.delivery(row.notice)?.is_some() {
        return Ok(false);
    }
    let arrived = tried.iter().any(|one| one.outcome == AttemptOutcome::Sent);
    let attempts = (1..).zip(tried).map(|(n, attempt)| Attempt {
        notice: row.notice,
        n,
        at: attempt.at,
        outcome: attempt.outcome,
        receipt: attempt.receipt,
    });
    let attempts: Vec<Attempt> = attempts.collect();
    row.attempts = u32::try_from(attempts.len()).unwrap_or(u32::MAX);
    row.state = if arrived {
        OutboxState::Done
    } else {
        otherwise
    };
    tx.keep_delivery(&row, &attempts)?;
    Ok(row.state == OutboxState::Queued)
}

/// Keeps the attempts of which this case knows no notice, because time went on where they were made: beside its first
/// entry, under ids of their own, so that no later notice is taken for one of them.
pub(super) fn keep_what_else_left(bench: &mut Bench) -> Result<()> {
    let mut left: BTreeMap<NoticeId, (OutboxRow, Vec<Try>)> = BTreeMap::new();
    for (row, attempt) in std::mem::take(&mut bench.sent) {
        let (_, tried) = left.entry(row.notice).or_insert((row, Vec::new()));
        tried.push(attempt);
    }
    for (row, tried) in left.into_values() {
        let row = OutboxRow {
            notice: left_as(row.notice),
            journal: bench.row.journal,
            seq: 1,
            ..row
        };
        keep(bench.tx, row, tried, OutboxState::Dropped)?;
    }
    Ok(())
}

fn left_as(notice: NoticeId) -> NoticeId {
    let hash = Sha256::new()
        .chain_update(b"henhouse/left-from-a-node/v1\0")
        .chain_update(notice.0.as_bytes())
        .finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    NoticeId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}
