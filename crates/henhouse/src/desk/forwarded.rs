//! What went on to a pager of another vendor follows the case: taken here, it is acknowledged there; over here, resolved
//! there. Written with the entry that says so.

use procedure::Entry;
use sha2::{Digest, Sha256};

use super::error::{DeskError, Result};
use super::take::Bench;
use crate::report::letter::Letter;
use crate::report::message::{Follow, MailMessage, Recipient};
use crate::report::routes::is_forward;
use crate::store::{JournalId, Lane, Message, NoticeId, OutboxRow, OutboxState};

/// Lets what was forwarded follow this entry.
pub(super) fn follow(bench: &mut Bench, entry: &Entry) -> Result<()> {
    let routes = bench.inner.routes.get();
    if !routes.is_some_and(|routes| routes.iter().any(|route| is_forward(route))) {
        return Ok(());
    }
    let case = &bench.folded.case;
    if case.part.intake.shadow {
        return Ok(());
    }
    let what = match entry.body.kind() {
        "acknowledged" if case.ic().is_some() => Follow::Acknowledge,
        "closed" | "false_alarm" | "merged_into" if case.is_over() => Follow::Resolve,
        _ => return Ok(()),
    };
    let mut done: Vec<(String, u64)> = Vec::new();
    for page in bench.tx.deliveries_of(bench.row.journal)? {
        let tried = page.attempts > 0 || page.state == OutboxState::Leased;
        if page.lane != Lane::Urgent || !is_forward(&page.route) || !tried {
            continue;
        }
        let alert = (page.route.clone(), page.seq);
        if !done.contains(&alert) {
            done.push(alert);
            let row = row(bench, entry, &page, what)?;
            bench.posted |= bench.tx.enqueue(&row)?;
        }
    }
    Ok(())
}

/// The key of an alert there: one for each call. After the case was acknowledged there, and whoever had it fell silent, the
/// next call rings anew.
pub(super) fn key(journal: JournalId, seq: u64) -> String {
    format!("{}-{seq}", journal.0.simple())
}

fn row(bench: &Bench, entry: &Entry, page: &OutboxRow, what: Follow) -> Result<OutboxRow> {
    let journal = bench.row.journal;
    let id = id(journal, (entry.seq, page.seq), &page.route);
    let letter = Letter {
        // Nothing is said in it.
        marking: procedure::basis::Marking::Clear,
        restricted: false,
        mail: MailMessage {
            notice_id: id.to_string(),
            to: Recipient {
                name: None,
                address: page.route.clone(),
            },
            subject: String::new(),
            text: String::new(),
            html: None,
            thread: key(journal, page.seq),
            in_reply_to: None,
            link: None,
            follow: Some(what),
            date: entry.recorded_at,
        },
        bare: Some(crate::report::letter::Bare::default()),
        share: None,
    };
    let bytes = letter.to_bytes().map_err(DeskError::bug)?;
    let now = bench.inner.clock.wall();
    let cause = (journal, entry.seq);
    let message = Message::Plain(bytes);
    let mut row = OutboxRow::queued(id, cause, &page.route, Lane::Ordinary, message, now);
    row.person.clone_from(&page.person);
    row.recipient.clone_from(&page.recipient);
    Ok(row)
}

fn id(journal: JournalId, (seq, page): (u64, u64), route: &str) -> NoticeId {
    let hash = Sha256::new()
        .chain_update(b"henhouse/forwarded-follows/v2\0")
        .chain_update(journal.0.as_bytes())
        .chain_update(seq.to_be_bytes())
        .chain_update(page.to_be_bytes())
        .chain_update(route.as_bytes())
        .finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    NoticeId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_call_is_an_alert_of_its_own_and_each_is_followed() {
        let case = JournalId(uuid::Uuid::from_u128(142));
        assert_ne!(key(case, 1), key(case, 7));
        assert_eq!(key(case, 7), "0000000000000000000000000000008e-7");
        assert_ne!(
            id(case, (9, 1), "pagerduty:a"),
            id(case, (9, 7), "pagerduty:a")
        );
    }
}
