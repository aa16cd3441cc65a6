//! The installation's own journal: accounts, tokens and whatever else belongs to no case
//! and no project. An entry is written in the transaction of what it tells of.

use std::sync::atomic::Ordering;

use casefile::chain::Chain;
use casefile::{Hash, Head};
use procedure::Actor;
use procedure::basis::Marking;
use serde_json::Value;

use super::Inner;
use super::error::{DeskError, Result};
use super::journal::{self, Saying};
use super::notify::{MAIL, WITHHELD, notice_id};
use crate::report::letter::{self, Bare, Letter};
use crate::report::message::{MailMessage, Recipient};
use crate::report::{Words, phone, push};
use crate::store::{
    Account, AttemptOutcome, JournalId, JournalKind, JournalRow, Lane, Message, OutboxRow,
    PersonId, Try, Tx, View,
};
use crate::vault::JournalKey;

/// Whom the installation itself writes to.
pub(super) struct Addressee {
    person: PersonId,
    name: String,
    route: String,
    address: String,
}

impl Addressee {
    /// The holder of an account, at this address if there is one.
    pub(super) fn of(account: &Account, address: Option<String>) -> Option<Self> {
        Some(Self {
            person: account.person.clone(),
            name: account.name.clone(),
            route: MAIL.to_owned(),
            address: address?,
        })
    }
}

impl Addressee {
    /// Somebody on a contact sheet.
    pub(super) fn named(person: &str, name: Option<String>, address: String) -> Self {
        Self {
            person: person.to_owned(),
            name: name.unwrap_or_else(|| person.to_owned()),
            route: MAIL.to_owned(),
            address,
        }
    }

    /// The same at another place.
    pub(super) fn by(self, route: String, address: String) -> Self {
        Self {
            route,
            address,
            ..self
        }
    }

    /// What one mailbox is known by.
    pub(super) fn key(&self) -> String {
        self.address.to_lowercase()
    }
}

impl Inner {
    /// Appends one entry. Texts and personal data in `body` are `procedure::Text`s, which are
    /// sealed on the way. The journal is begun with its first entry.
    pub(super) fn note(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        kind: &str,
        body: Value,
    ) -> Result<u64> {
        let (key, mut chain) = self.installation(tx)?;
        let saying = Saying {
            actor: serde_json::to_value(actor).map_err(DeskError::bug)?,
            happened_at: Value::Null,
            kind: kind.to_owned(),
            body,
        };
        let now = self.clock.now();
        Ok(journal::append(tx, &key, &self.ids, &mut chain, now, saying)?.seq)
    }

    /// Puts a mail to each into the outbox, because of entry `seq` of this journal. It leaves like a page, and lies
    /// encrypted until then: it may hold a link. A drill says first that it is one, and writes to nobody outside the team
    /// (`docs/decisions/what-a-drill-sends.md`).
    pub(super) fn write_to(
        &self,
        tx: &mut dyn Tx,
        seq: u64,
        to: &[(Addressee, &Words)],
    ) -> Result<()> {
        let (key, chain) = self.installation(tx)?;
        let journal = JournalId(chain.journal());
        for (n, (to, words)) in (0..).zip(to) {
            let id = notice_id(journal, seq, n);
            let words = match self.site.drill {
                true => letter::in_a_drill(words),
                false => Words::clone(words),
            };
            let (subject, text, bare) = match to.route == MAIL {
                true => (words.subject, self.signed(words.text), words.bare),
                false => {
                    let push = push::short(&words, None);
                    let by_key = self.hears_answers(&to.route);
                    match phone::test(&to.route, self.site.drill, by_key) {
                        Some(text) => {
                            let bare = Bare {
                                text: text.clone(),
                                ..push.bare
                            };
                            (push.title, text, bare)
                        }
                        None => (push.title, push.text, push.bare),
                    }
                }
            };
            let letter = Letter {
                marking: Marking::Amber,
                restricted: false,
                mail: MailMessage {
                    notice_id: id.to_string(),
                    to: Recipient {
                        name: Some(to.name.clone()),
                        address: to.address.clone(),
                    },
                    subject,
                    text,
                    html: None,
                    thread: id.0.simple().to_string(),
                    in_reply_to: None,
                    link: None,
                    follow: None,
                    date: self.clock.now(),
                },
                bare: Some(bare),
                share: None,
            };
            let bytes = letter.to_bytes().map_err(DeskError::bug)?;
            let message = Message::Cipher(key.close_message(&bytes, &self.ids));
            let now = self.clock.wall();
            let mut row =
                OutboxRow::queued(id, (journal, seq), &to.route, Lane::Urgent, message, now);
            row.person = Some(to.person.clone());
            match self.may_write_to(tx, &to.person)? {
                true => drop(tx.enqueue(&row)?),
                false => {
                    let attempt = Try {
                        at: now,
                        outcome: AttemptOutcome::Failed,
                        receipt: Some(WITHHELD.to_owned()),
                    };
                    tx.enqueue_closed(&row, &attempt)?;
                }
            }
        }
        let nudge = std::sync::Arc::clone(&self.outbox_nudge);
        tx.after_commit(Box::new(move || nudge.notify_one()));
        Ok(())
    }

    /// Whether mail may leave to this person: in a drill to those on a contact sheet alone, unless its settings let it
    /// write to everybody.
    pub(super) fn may_write_to(&self, view: &dyn View, person: &str) -> Result<bool> {
        if !self.site.drill || self.outside.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let person = procedure::PersonId::from(person);
        for row in view.projects()? {
            let directory = &self.project_as_it_is(view, row.journal)?.directory;
            if directory.people.contains_key(&person) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Key and end of the installation's journal.
    pub(super) fn installation(&self, tx: &mut dyn Tx) -> Result<(JournalKey, Chain)> {
        let Some(row) = tx.journals(JournalKind::Installation)?.into_iter().next() else {
            return self.begin_installation(tx);
        };
        let key = journal::key(tx, &self.root, row.id)?;
        Ok((key, end_of(tx, row.id)?))
    }

    /// Reads the whole journal: accounts and tokens go on, whatever is found, and the admins hear of it.
    pub(super) fn look_over_installation(&self, view: &dyn View, id: JournalId) -> Result<()> {
        let mut chain = Chain::new(id.0);
        let key = journal::key(view, &self.root, id);
        let read = key.and_then(|key| journal::read(view, &key, &mut chain, |_| Ok(())));
        match read {
            Err(DeskError::Damaged(sentence)) => self.damage.found(id, &sentence),
            read => read?,
        }
        Ok(())
    }

    fn begin_installation(&self, tx: &mut dyn Tx) -> Result<(JournalKey, Chain)> {
        let now = self.clock.now();
        let id = JournalId(self.ids.uuid_v7(now));
        let key = JournalKey::create(id.0, &self.ids);
        let kind = JournalKind::Installation;
        tx.create_journal(&JournalRow {
            id,
            kind,
            parent: None,
            created_at: now,
        })?;
        tx.put_journal_key(id, &key.wrap(&self.root, &self.ids))?;
        Ok((key, Chain::new(id.0)))
    }
}

/// Where a journal ends; what stands before it is checked by `verify`, not here.
fn end_of(view: &dyn View, id: JournalId) -> Result<Chain> {
    let head = view.head(id)?;
    let Some(before) = head.seq.checked_sub(1) else {
        return Ok(Chain::new(id.0));
    };
    let last = view.entries(id, before, 1)?.into_iter().next();
    let last = last.ok_or_else(|| DeskError::Damaged(format!("journal {id} has lost its end")))?;
    let head = Head {
        seq: head.seq,
        hash: Hash::from(head.hash),
    };
    Ok(Chain::resume(id.0, head, last.recorded_at))
}
