//! Answering by telephone: a key that was pressed, a text message that came back. It does exactly what the link of the page
//! does, as the person whom the page called, and only while the page is open.
//!
//! That the gateway says so is checked before. Who holds the telephone nobody can check: so only a page that left by
//! telephone is answered by telephone, and whoever was called hears what was done.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use procedure::project::By;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::ack::{Called, Press};
use super::error::{DeskError, Result};
use super::{Desk, Inner};
use crate::auth::link::{Link, LinkClaims, Purpose};
use crate::report::phone::{dialled, is_by_phone};
use crate::store::{
    CaseFilter, IdempotencyRow, JournalKind, Lane, NoticeId, OutboxRow, OutboxState, View, Viewer,
};

/// Before the person and the number in the name of the setting that says when it was confirmed.
const CONFIRMED: &str = "confirmed.";
/// Whose keys those of text messages are.
const GATEWAY: &str = "gateway";
/// So many open cases are looked through for pages.
const PORTION: u32 = 200;

/// A page that can be answered by telephone.
#[derive(Clone, Debug)]
pub struct PhonePage {
    /// The number that people say, such as `HH-142`.
    pub number: String,
    /// Its delivery.
    pub notice: Uuid,
    /// Whom it called.
    pub person: String,
    link: Link,
}

/// What rang.
#[derive(Clone, Debug)]
pub enum Rang {
    /// A page.
    Page(PhonePage),
    /// A message that somebody sent to themselves.
    Test {
        /// Who.
        person: String,
    },
}

impl Desk {
    /// Whose number this is, by the contact sheets.
    ///
    /// # Errors
    /// The store's.
    pub async fn people_of_number(&self, number: &str) -> Result<BTreeSet<String>> {
        let (inner, number) = (Arc::clone(&self.inner), dialled(number));
        let read = move |view: &dyn View| inner.people_of(view, &number);
        self.inner.store.read(read).await
    }

    /// The open pages that went to this number, the newest last; one for each case and each person whom it called there.
    /// A page that left to another number of the same person, or to somebody else, is none of them.
    ///
    /// # Errors
    /// The store's.
    pub async fn pages_by_phone(&self, number: &str) -> Result<Vec<PhonePage>> {
        let (inner, number) = (Arc::clone(&self.inner), dialled(number));
        let to = number.clone();
        let read = move |view: &dyn View| {
            let people = inner.people_of(view, &number)?;
            if people.is_empty() {
                return Ok(Vec::new());
            }
            let filter = CaseFilter {
                open: Some(true),
                ..CaseFilter::default()
            };
            let mut found = Vec::new();
            let mut cursor = None;
            loop {
                let page = view.list_cases(&filter, &Viewer::System, cursor.as_ref(), PORTION)?;
                for case in &page.rows {
                    let rows = view.deliveries_of(case.journal)?;
                    let ours = |row: &&OutboxRow| {
                        let named = row.person.as_ref();
                        left_by_phone(row) && named.is_some_and(|person| people.contains(person))
                    };
                    for row in rows.iter().filter(ours) {
                        if let Some(page) = inner.phone_page(view, row, &rows)? {
                            found.push((row.clone(), page));
                        }
                    }
                }
                cursor = page.next;
                if cursor.is_none() {
                    return Ok::<_, DeskError>(found);
                }
            }
        };
        let mut found = self.inner.store.read(read).await?;
        found.sort_by_key(|(row, _)| std::cmp::Reverse(row.seq));
        let (mut open, mut seen) = (Vec::new(), BTreeSet::new());
        for (row, page) in found {
            let one = (row.journal, page.person.clone());
            if !seen.contains(&one) && self.left_to(&row, &to).await {
                seen.insert(one);
                if self.still_wanted(&row).await {
                    open.push(page);
                }
            }
        }
        open.sort_by(|a, b| {
            a.number
                .len()
                .cmp(&b.number.len())
                .then(a.number.cmp(&b.number))
                .then(a.person.cmp(&b.person))
        });
        Ok(open)
    }

    /// Whether this delivery, which rang, left to that very number.
    ///
    /// # Errors
    /// The store's.
    pub async fn left_to_number(&self, notice: Uuid, number: &str) -> Result<bool> {
        let read = move |view: &dyn View| {
            let row = view.delivery(NoticeId(notice))?;
            Ok::<_, DeskError>(row.filter(left_by_phone))
        };
        match self.inner.store.read(read).await? {
            Some(row) => Ok(self.left_to(&row, &dialled(number)).await),
            None => Ok(false),
        }
    }

    /// Whether this delivery left to that very number, by the words that were frozen for it.
    async fn left_to(&self, row: &OutboxRow, number: &str) -> bool {
        let letter = self.letter_of(row).await;
        letter.is_some_and(|letter| dialled(&letter.mail.to.address) == number)
    }

    /// What rang by this delivery; nothing where it is none that rang.
    ///
    /// # Errors
    /// The store's.
    pub async fn rang(&self, notice: Uuid) -> Result<Option<Rang>> {
        let inner = Arc::clone(&self.inner);
        let read = move |view: &dyn View| {
            let Some(row) = view.delivery(NoticeId(notice))?.filter(left_by_phone) else {
                return Ok(None);
            };
            let is_case = view.case(row.journal)?.is_some();
            if !is_case {
                return Ok(row.person.map(|person| Rang::Test { person }));
            }
            let rows = view.deliveries_of(row.journal)?;
            let page = inner.phone_page(view, &row, &rows)?;
            Ok::<_, DeskError>(page.map(Rang::Page))
        };
        self.inner.store.read(read).await
    }

    /// Does what was pressed or written, as the link of the page does.
    ///
    /// # Errors
    /// As of a link: refused, not theirs any more, the store's.
    pub async fn press_by_phone(&self, page: &PhonePage, press: Press) -> Result<Called> {
        self.press_now(&page.link, press).await
    }

    /// How things stand for whoever was called.
    ///
    /// # Errors
    /// As [`Desk::press_by_phone`].
    pub async fn called_by_phone(&self, page: &PhonePage) -> Result<Called> {
        self.called_now(&page.link).await
    }

    /// Whether this text message, by the gateway's own id, comes for the first time: a gateway that heard no answer sends it
    /// again, and by then the same words may mean another case. What was noted and then not done is not done later either.
    ///
    /// # Errors
    /// The store's.
    pub async fn is_new_message(&self, vendor: &str, id: &str) -> Result<bool> {
        let now = self.inner.clock.wall();
        let key = format!("sms {vendor} {id}");
        self.write(move |tx| {
            if tx.idempotency(GATEWAY, &key)?.is_some() {
                return Ok(false);
            }
            tx.put_idempotency(&IdempotencyRow {
                actor: GATEWAY.to_owned(),
                key,
                command: crate::store::Hash::default(),
                answer: Vec::new(),
                at: now,
            })?;
            Ok(true)
        })
        .await
    }

    /// Whoever holds this number has answered as this person. Says whether that was new.
    ///
    /// # Errors
    /// The store's.
    pub async fn confirm_number(&self, person: &str, number: &str) -> Result<bool> {
        let (name, now) = (confirmed(person, number), self.now());
        self.write(move |tx| {
            let new = tx.setting(&name)?.is_none();
            tx.put_setting(&name, &now.as_microsecond().to_be_bytes())?;
            Ok(new)
        })
        .await
    }

    /// When the person last answered from this number, by telephone or text message.
    ///
    /// # Errors
    /// The store's.
    pub async fn confirmed_at(&self, person: &str, number: &str) -> Result<Option<Timestamp>> {
        let name = confirmed(person, number);
        let bytes = self
            .inner
            .store
            .read(move |view| view.setting(&name))
            .await?;
        let micros = bytes.and_then(|bytes| bytes.as_slice().try_into().ok());
        Ok(micros.and_then(|micros| Timestamp::from_microsecond(i64::from_be_bytes(micros)).ok()))
    }

    /// The numbers of a person by which they are paged and from which they never answered.
    ///
    /// # Errors
    /// The store's.
    pub async fn unconfirmed(&self, person: &str, ways: &[(By, &str)]) -> Result<Vec<String>> {
        let mut missing = Vec::new();
        for (by, to) in ways {
            let rings = matches!(by, By::Sms | By::Voice);
            if rings
                && !missing.iter().any(|known| known == to)
                && self.confirmed_at(person, to).await?.is_none()
            {
                missing.push((*to).to_owned());
            }
        }
        Ok(missing)
    }

    /// The link behind a short name.
    ///
    /// # Errors
    /// Not found; the store's.
    pub async fn behind_short(&self, name: &str) -> Result<String> {
        let notice = self.inner.links.of_short(name);
        let notice = NoticeId(notice.ok_or(DeskError::NotFound("link"))?);
        let read = move |view: &dyn View| {
            let row = view.delivery(notice)?.ok_or(DeskError::NotFound("link"))?;
            link_of(view, &row, notice)
        };
        let link = self.inner.store.read(read).await?;
        let token = self.inner.links.encode(link.id, &link.claims);
        token.map_err(DeskError::bug)
    }
}

/// The name holds no number: whoever reads the settings learns none.
fn confirmed(person: &str, number: &str) -> String {
    let hash = Sha256::new()
        .chain_update(b"henhouse/confirmed-number/v1\0")
        .chain_update(person.as_bytes())
        .chain_update(b"\0")
        .chain_update(dialled(number).as_bytes())
        .finalize();
    let hash: String = hash
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("{CONFIRMED}{hash}.{person}")
}

/// Whether this rang, or is ringing.
fn left_by_phone(row: &OutboxRow) -> bool {
    is_by_phone(&row.route)
        && row.lane == Lane::Urgent
        && (row.attempts > 0 || row.state == OutboxState::Leased)
}

/// The link of a page, as it was made when the page was frozen.
fn link_of(view: &dyn View, row: &OutboxRow, first: NoticeId) -> Result<Link> {
    let cause = view
        .entries(row.journal, row.seq.saturating_sub(1), 1)?
        .pop();
    let person = row.person.clone().ok_or(DeskError::NotFound("link"))?;
    let cause = cause.ok_or(DeskError::NotFound("link"))?;
    Ok(Link {
        id: first.0,
        claims: LinkClaims {
            purpose: Purpose::Acknowledge,
            journal: row.journal.0,
            person,
            notice: first.to_string(),
            expires: super::notify::acts_until(cause.recorded_at),
        },
    })
}

impl Inner {
    fn people_of(&self, view: &dyn View, number: &str) -> Result<BTreeSet<String>> {
        let mut people = BTreeSet::new();
        if view.journals(JournalKind::Project)?.is_empty() || number.len() < 8 {
            return Ok(people);
        }
        for row in view.projects()? {
            let directory = self.project_as_it_is(view, row.journal)?.directory;
            for (person, contact) in &directory.people {
                let theirs = contact
                    .ways()
                    .into_iter()
                    .any(|(by, to)| matches!(by, By::Sms | By::Voice) && dialled(to) == number);
                if theirs {
                    people.insert(person.to_string());
                }
            }
        }
        Ok(people)
    }

    /// The page that this delivery is, if its link takes a case.
    fn phone_page(
        &self,
        view: &dyn View,
        row: &OutboxRow,
        rows: &[OutboxRow],
    ) -> Result<Option<PhonePage>> {
        let cause = view
            .entries(row.journal, row.seq.saturating_sub(1), 1)?
            .pop();
        let kind = cause.map(|cause| cause.kind).unwrap_or_default();
        let calls = ["reported", "called"].contains(&kind.as_str());
        let (Some(case), Some(person)) = (view.case(row.journal)?, row.person.clone()) else {
            return Ok(None);
        };
        if !calls {
            return Ok(None);
        }
        let link = link_of(view, row, first_of(row, rows))?;
        if link.claims.expires <= self.clock.wall() {
            return Ok(None);
        }
        Ok(Some(PhonePage {
            number: case.number.to_string(),
            notice: row.notice.0,
            person,
            link,
        }))
    }
}

/// The delivery by the first route of the same notice: its link is that of all of them.
fn first_of(row: &OutboxRow, rows: &[OutboxRow]) -> NoticeId {
    let same = |one: &&OutboxRow| one.seq == row.seq && one.recipient == row.recipient;
    let before = |id: NoticeId| {
        let mut same = rows.iter().filter(same);
        same.find(|one| one.notice.by_next_route() == id)
            .map(|one| one.notice)
    };
    let mut first = row.notice;
    while let Some(earlier) = before(first) {
        first = earlier;
    }
    first
}
