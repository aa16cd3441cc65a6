//! Mailboxes that are read: which node reads one, when it was read last, and whether a mail of it is kept already. The turn is
//! a matter of not doing work twice; that a mail counts once does not hang on it.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Desk;
use super::error::{DeskError, Result};
use crate::report::mailbox::MailboxReach;
use crate::store::{JournalKind, Tx, View, whole_micros};

/// A node that says nothing for so long reads no more.
const TURN: SignedDuration = SignedDuration::from_secs(30);
/// What an exhibit is called that is a mail.
const MAIL: &str = "mail";

/// Whose turn it is, by the store's own clock.
#[derive(Serialize, Deserialize)]
struct Turn {
    node: Uuid,
    until: Timestamp,
}

/// When a mailbox was looked through last, and in which life of its folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailboxRead {
    /// When.
    pub at: Timestamp,
    /// In which (`UIDVALIDITY`).
    pub validity: u32,
}

/// These speak of this copy of the installation and are in no backup.
fn turn_of(name: &str) -> String {
    format!("copy.mailbox.{name}.turn")
}

fn read_of(name: &str) -> String {
    format!("copy.mailbox.{name}.read")
}

impl Desk {
    /// Says how to see how each mailbox is. The first time counts.
    pub fn reads_mailboxes_by(&self, look: impl Fn() -> Vec<MailboxReach> + Send + Sync + 'static) {
        let _ = self.inner.surroundings.mailboxes.set(Box::new(look));
    }

    /// How each mailbox is that is read.
    #[must_use]
    pub fn mailboxes(&self) -> Vec<MailboxReach> {
        let look = self.inner.surroundings.mailboxes.get();
        look.map_or_else(Vec::new, |look| look())
    }

    /// Whether other nodes may work on the same store.
    #[must_use]
    pub fn shares_its_store(&self) -> bool {
        self.inner.store.shared().is_some()
    }

    /// Takes the turn at a mailbox, or lengthens it. Answers whether this node has it.
    ///
    /// # Errors
    /// The store's. Whoever had the turn may go on then.
    pub async fn take_mailbox(&self, name: &str, node: Uuid) -> Result<bool> {
        if !self.shares_its_store() {
            return Ok(true);
        }
        let name = turn_of(name);
        self.write(move |tx: &mut dyn Tx| take_turn(tx, &name, node))
            .await
    }

    /// Ends this node's turn at a mailbox.
    ///
    /// # Errors
    /// The store's. Then the turn runs out.
    pub async fn leave_mailbox(&self, name: &str, node: Uuid) -> Result<()> {
        if !self.shares_its_store() {
            return Ok(());
        }
        let name = turn_of(name);
        self.write(move |tx: &mut dyn Tx| end_turn(tx, &name, node))
            .await
    }

    /// Notes that a mailbox was looked through, in this life of its folder.
    ///
    /// # Errors
    /// The store's.
    pub async fn mailbox_was_read(&self, name: &str, validity: u32) -> Result<()> {
        let at = whole_micros(self.inner.clock.wall());
        let name = read_of(name);
        let note = move |tx: &mut dyn Tx| put(tx, &name, &MailboxRead { at, validity });
        self.write(note).await
    }

    /// When a mailbox was looked through last, by whichever node.
    ///
    /// # Errors
    /// The store's.
    pub async fn mailbox_read(&self, name: &str) -> Result<Option<MailboxRead>> {
        let name = read_of(name);
        let look = move |view: &dyn View| {
            let kept = view.setting(&name)?;
            Ok::<_, DeskError>(kept.and_then(|json| serde_json::from_slice(&json).ok()))
        };
        self.inner.store.read(look).await
    }

    /// As what a mail with these bytes is kept, if it came to this project or waits in the review queue or was settled there.
    ///
    /// # Errors
    /// The store's.
    pub async fn has_mail(&self, project: &str, sha256: [u8; 32]) -> Result<Option<String>> {
        let project = project.to_owned();
        let look = move |view: &dyn View| {
            let project = view.project_by_slug(&project)?.map(|row| row.journal);
            for row in view.exhibits_with_bytes(sha256)? {
                if row.kind != MAIL {
                    continue;
                }
                match view.case(row.journal)? {
                    Some(case) if Some(case.project) == project => {
                        return Ok(Some(case.number.to_string()));
                    }
                    Some(_) => {}
                    None => {
                        let journal = view.journal(row.journal)?;
                        let is_queue =
                            journal.is_some_and(|row| row.kind == JournalKind::Installation);
                        if is_queue {
                            return Ok(Some("a mail of the review queue".to_owned()));
                        }
                    }
                }
            }
            Ok::<_, DeskError>(None)
        };
        self.inner.store.read(look).await
    }
}

/// When it was looked through last, by whichever node.
pub(super) fn last_read(view: &dyn View, name: &str) -> Result<Option<Timestamp>> {
    let kept = view.setting(&read_of(name))?;
    let read = kept.and_then(|json| serde_json::from_slice::<MailboxRead>(&json).ok());
    Ok(read.map(|read| read.at))
}

fn take_turn(tx: &mut dyn Tx, name: &str, node: Uuid) -> Result<bool> {
    let now = whole_micros(tx.time()?);
    let other = turn(tx, name)?.filter(|turn| turn.node != node && turn.until > now);
    if other.is_none() {
        let until = now + TURN;
        put(tx, name, &Turn { node, until })?;
    }
    Ok(other.is_none())
}

fn end_turn(tx: &mut dyn Tx, name: &str, node: Uuid) -> Result<()> {
    if turn(tx, name)?.is_some_and(|turn| turn.node == node) {
        tx.forget_setting(name)?;
    }
    Ok(())
}

fn turn(view: &dyn View, name: &str) -> Result<Option<Turn>> {
    let kept = view.setting(name)?;
    // One that cannot be read is nobody's.
    Ok(kept.and_then(|json| serde_json::from_slice(&json).ok()))
}

fn put(tx: &mut dyn Tx, name: &str, value: &impl Serialize) -> Result<()> {
    let json = serde_json::to_vec(value).map_err(DeskError::bug)?;
    Ok(tx.put_setting(name, &json)?)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use super::*;
    use crate::web::stage::Stage;

    #[tokio::test]
    async fn one_node_has_the_turn_until_it_leaves_or_falls_silent() {
        let stage = Stage::drill().await;
        let (store, clock) = stage.app.desk.store_and_clock();
        let [one, other] = [1, 2].map(Uuid::from_u128);
        let take = |node: Uuid| store.write(move |tx| take_turn(tx, "turn", node));
        assert!(take(one).await.unwrap());
        assert!(!take(other).await.unwrap());
        assert!(take(one).await.unwrap(), "it goes on");
        store
            .write(move |tx| end_turn(tx, "turn", other))
            .await
            .unwrap();
        assert!(!take(other).await.unwrap(), "nobody ends another's turn");
        store
            .write(move |tx| end_turn(tx, "turn", one))
            .await
            .unwrap();
        assert!(take(other).await.unwrap());
        assert!(!take(one).await.unwrap());
        clock.advance(std::time::Duration::from_secs(31)).unwrap();
        assert!(take(one).await.unwrap(), "the other fell silent");
        assert!(!take(other).await.unwrap());
    }
}
