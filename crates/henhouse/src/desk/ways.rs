//! By which ways a notice leaves, and where each leads: one for what can wait, all that somebody has for a page.

use procedure::project::{By, Contact};
use procedure::{Notice, Recipient, Telling};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::error::Result;
use super::notify::{MAIL, received};
use super::take::Bench;
use crate::report::{message, routes};
use crate::store::{Lane, OutboxRow, OutboxState};

/// One way to somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Way {
    /// The channel that carries it.
    pub(super) route: String,
    /// Where it leads there.
    pub(super) to: message::Recipient,
}

impl Way {
    fn of(by: By, name: Option<String>, to: &str) -> Self {
        Self {
            route: routes::channel(by, to),
            to: message::Recipient {
                name,
                address: to.to_owned(),
            },
        }
    }

    /// What shares a message on this way: rows of a bundle leave together only to one address by one channel, so that nothing
    /// counts as sent where it never went. A mailbox has one name in any case of letters; a topic has not.
    pub(super) fn shares(&self, bundle: Uuid) -> Uuid {
        let address = match self.route.as_str() {
            MAIL => self.to.address.to_lowercase(),
            _ => self.to.address.clone(),
        };
        let hash = Sha256::new()
            .chain_update(b"henhouse/bundle-of-a-way/v1\0")
            .chain_update(bundle.as_bytes())
            .chain_update(self.route.as_bytes())
            .chain_update(b"\0")
            .chain_update(address.as_bytes())
            .finalize();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash[..16]);
        uuid::Builder::from_custom_bytes(bytes).into_uuid()
    }

    /// Whether it has room for a short message only.
    pub(super) fn is_short(&self) -> bool {
        self.route != MAIL
    }
}

/// The ways of a notice, the first one first; none where nothing reaches them.
pub(super) fn of(bench: &Bench, notice: &Notice) -> Result<Vec<Way>> {
    let directory = &bench.directory;
    let mail = |name: Option<String>, to: &str| vec![Way::of(By::Mail, name, to)];
    Ok(match &notice.to {
        Recipient::Person(person) => match directory.people.get(person) {
            Some(contact) => chosen(bench, notice, contact)?,
            None => Vec::new(),
        },
        Recipient::Stakeholder(id) => {
            let contact = directory.stakeholders.get(id);
            contact.and_then(by_mail).into_iter().collect()
        }
        Recipient::Pager => {
            let address = directory.pager.as_ref().and_then(|pager| pager.plain());
            address.map_or_else(Vec::new, |address| mail(None, address))
        }
        Recipient::Reporter(n) => reporter(bench, *n),
    })
}

/// Pages go by all that a person has, in the order of the sheet; what can wait goes by mail. Who may rest hears it where
/// they were called.
fn chosen(bench: &Bench, notice: &Notice, contact: &Contact) -> Result<Vec<Way>> {
    let all = open(bench, &notice.to, contact)?;
    if notice.page {
        return Ok(all);
    }
    // What can wait is no alert of another vendor.
    let all: Vec<Way> = all
        .into_iter()
        .filter(|way| !routes::is_forward(&way.route))
        .collect();
    let called_by = match notice.what {
        Telling::StandDown => called_by(bench, notice)?,
        _ => None,
    };
    let there = called_by.and_then(|route| all.iter().find(|way| way.route == route).cloned());
    let mail = all.iter().any(|way| way.route == MAIL);
    let one = there.or_else(|| by_mail(contact).filter(|_| mail));
    Ok(one.or_else(|| all.into_iter().next()).into_iter().collect())
}

/// Everything that the person has and that is set up here; all of it where nothing is, so that it shows.
/// Whoever has turned a device on rings there first, unless the sheet names their routes.
fn open(bench: &Bench, to: &Recipient, contact: &Contact) -> Result<Vec<Way>> {
    let name = contact.name.plain().map(str::to_owned);
    let person = match to {
        Recipient::Person(person) => person.0.as_str(),
        _ => "",
    };
    let way = |(by, to): (By, &str)| match by {
        By::Push => Way::of(by, name.clone(), person),
        by => Way::of(by, name.clone(), to),
    };
    let has_device = bench.inner.has_device(bench.tx, person)?;
    let first = contact.routes.is_empty() && has_device;
    let first = first.then_some((By::Push, person));
    let all = first.into_iter().chain(contact.ways()).map(way);
    let all: Vec<Way> = all.collect();
    let set_up = bench.inner.routes.get();
    let is_open = |way: &&Way| {
        set_up.is_none_or(|routes| routes.contains(&way.route))
            && (way.route != routes::PUSH || has_device)
    };
    let open: Vec<Way> = all.iter().filter(is_open).cloned().collect();
    Ok(if open.is_empty() { all } else { open })
}

/// The route by which the last page reached them, or is being tried.
fn called_by(bench: &Bench, notice: &Notice) -> Result<Option<String>> {
    let Recipient::Person(person) = &notice.to else {
        return Ok(None);
    };
    let rows = bench.tx.deliveries_of(bench.row.journal)?;
    let page = |row: &&OutboxRow| {
        row.lane == Lane::Urgent && row.person.as_deref() == Some(person.0.as_str())
    };
    let mut pages: Vec<&OutboxRow> = rows.iter().filter(page).collect();
    pages.sort_by_key(|row| reached(row));
    Ok(pages.last().map(|row| row.route.clone()))
}

/// How much speaks for it that somebody heard this page: it arrived, it is leaving now, it was tried; then the latest.
fn reached(row: &OutboxRow) -> (bool, bool, bool, u64) {
    let is = |state| row.state == state;
    let (arrived, leaves) = (is(OutboxState::Done), is(OutboxState::Leased));
    (arrived, leaves, row.attempts > 0, row.seq)
}

fn by_mail(contact: &Contact) -> Option<Way> {
    let address = contact.mail.as_ref()?.plain()?;
    let name = contact.name.plain().map(str::to_owned);
    Some(Way::of(By::Mail, name, address))
}

/// A reporter who was signed in is written to as a person, any other one at the first of the two
/// contacts they gave that is a mail address.
fn reporter(bench: &Bench, n: u32) -> Vec<Way> {
    let Some(received) = received(&bench.folded.case, n) else {
        return Vec::new();
    };
    if let procedure::Who::Person(person) = &received.by {
        let contact = bench.directory.people.get(person);
        return contact.and_then(by_mail).into_iter().collect();
    }
    let ways = [&received.report.contact, &received.report.phone];
    let words = ways.into_iter().flatten().filter_map(|way| way.plain());
    let is_address = |words: &&str| words.contains('@') && !words.contains(char::is_whitespace);
    let address = words.map(str::trim).find(is_address);
    let way = address.map(|address| Way::of(By::Mail, None, address));
    way.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{JournalId, Message, NoticeId};

    #[test]
    fn two_routes_share_no_message_also_where_one_channel_carries_both() {
        let bundle = Uuid::from_u128(7);
        let of = |by, to| Way::of(by, None, to).shares(bundle);
        assert_ne!(
            of(By::Mail, "jane@farm.example"),
            of(By::Mail, "jane@home.example")
        );
        assert_eq!(
            of(By::Mail, "Jane@farm.example"),
            of(By::Mail, "jane@farm.example")
        );
        assert_ne!(
            of(By::Ntfy, "jane-X7"),
            of(By::Ntfy, "jane-x7"),
            "topics are told apart"
        );
        assert_ne!(of(By::Ntfy, "ops"), of(By::Webhook, "ops"));
    }

    #[test]
    fn what_is_leaving_now_outranks_what_was_tried_and_what_arrived_outranks_both() {
        let row = |seq, state, attempts| {
            let now = jiff::Timestamp::UNIX_EPOCH;
            let (id, cause) = (NoticeId(Uuid::from_u128(1)), (JournalId(Uuid::nil()), seq));
            let row = OutboxRow::queued(id, cause, "mail", Lane::Urgent, Message::Erased, now);
            OutboxRow {
                state,
                attempts,
                ..row
            }
        };
        let in_order = [
            row(4, OutboxState::Queued, 0),
            row(3, OutboxState::Queued, 2),
            row(2, OutboxState::Leased, 0),
            row(1, OutboxState::Done, 1),
        ];
        assert!(in_order.iter().map(reached).is_sorted());
    }
}
