//! The deliveries of one notice by the routes of its person: each knows the next by its id, and tries for itself. What
//! fails twice calls the next one at once; what arrives ends the others.

use jiff::Timestamp;

use crate::report::phone::VOICE;
use crate::report::routes::is_forward;
use crate::store::{Lane, Lease, NoticeId, OutboxRow, OutboxState, StoreError, Tx, View};

/// More routes than anybody has.
const MOST: usize = 8;

/// The deliveries after this one, in the order of their routes.
fn later(view: &dyn View, notice: NoticeId) -> Result<Vec<OutboxRow>, StoreError> {
    let mut rows = Vec::new();
    let mut next = notice.by_next_route();
    while rows.len() < MOST {
        let Some(row) = view.delivery(next)? else {
            break;
        };
        rows.push(row);
        next = next.by_next_route();
    }
    Ok(rows)
}

/// The deliveries before this one.
fn earlier(view: &dyn View, row: &OutboxRow) -> Result<Vec<OutboxRow>, StoreError> {
    let leads_here = |first: &OutboxRow| {
        let mut id = first.notice;
        (0..MOST).any(|_| {
            id = id.by_next_route();
            id == row.notice
        })
    };
    let same = |one: &OutboxRow| one.seq == row.seq && one.recipient == row.recipient;
    let all = view.deliveries_of(row.journal)?.into_iter();
    Ok(all.filter(|one| same(one) && leads_here(one)).collect())
}

/// Whether the same has arrived by another route. Asked before it is tried again: whoever tries for the first time was
/// not called off.
pub(super) fn arrived(view: &dyn View, row: &OutboxRow) -> Result<bool, StoreError> {
    if row.attempts == 0 {
        return Ok(false);
    }
    arrived_otherwise(view, row)
}

/// Whether this page has arrived by another route: nobody is out of reach then, whatever this one says.
pub(super) fn arrived_otherwise(view: &dyn View, row: &OutboxRow) -> Result<bool, StoreError> {
    // What a mail server took is in nobody's hand: a telephone rings until somebody answers it.
    if row.lane != Lane::Urgent || row.route == VOICE {
        return Ok(false);
    }
    // What another vendor took is in nobody's hand either.
    let is_done = |row: &OutboxRow| row.state == OutboxState::Done && !is_forward(&row.route);
    Ok(later(view, row.notice)?.iter().any(is_done) || earlier(view, row)?.iter().any(is_done))
}

/// Whether a later route is still being tried.
pub(super) fn goes_on(view: &dyn View, notice: NoticeId) -> Result<bool, StoreError> {
    let tries = |row: &OutboxRow| matches!(row.state, OutboxState::Queued | OutboxState::Leased);
    Ok(later(view, notice)?.iter().any(tries))
}

/// Whether what was late to leave has routes behind it that wait for its silence. One that failed twice is not waited for.
fn is_late(row: &OutboxRow, now: Timestamp) -> bool {
    let due = row.next_try.saturating_add(NoticeId::SILENCE);
    row.lane == Lane::Urgent && row.attempts < 2 && due.is_ok_and(|due| due <= now)
}

/// Lets the routes behind one that leaves late wait their minutes from now on: after a stop, or behind a long queue, not
/// all that somebody has rings at once.
pub(super) fn in_turn(
    tx: &mut dyn Tx,
    mut leases: Vec<Lease>,
    now: Timestamp,
) -> Result<Vec<Lease>, StoreError> {
    let late = leases.iter().filter(|lease| is_late(&lease.row, now));
    let late: Vec<NoticeId> = late.map(|lease| lease.row.notice).collect();
    let place =
        |leases: &[Lease], notice| leases.iter().position(|lease| lease.row.notice == notice);
    for notice in late {
        if place(&leases, notice).is_none() {
            // It waits for one before it.
            continue;
        }
        let mut at = now;
        for row in later(tx, notice)? {
            at = at
                .saturating_add(NoticeId::SILENCE)
                .unwrap_or(Timestamp::MAX);
            if row.attempts > 0 || row.next_try >= at {
                continue;
            }
            match place(&leases, row.notice) {
                Some(place) => tx.hand_back(row.notice, leases.remove(place).fence, at)?,
                None => drop(tx.put_off(row.notice, at)?),
            }
        }
    }
    Ok(leases)
}

/// Nobody needs what waits behind this one: it arrived.
pub(super) fn call_off(tx: &mut dyn Tx, notice: NoticeId) -> Result<(), StoreError> {
    for row in later(tx, notice)? {
        tx.withdraw(row.notice)?;
    }
    Ok(())
}
