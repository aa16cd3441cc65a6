//! A sender without a network: it answers as it was told and remembers what it got. For tests, for
//! the simulation and for drills, so that it has no chance and no time of its own.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::message::MailMessage;
use super::outcome::Outcome;

/// The sender. Clones share script and memory, so that a test keeps one and the channel has the other.
#[derive(Clone, Default)]
pub struct Scripted {
    script: Arc<Mutex<Script>>,
    released: Arc<Notify>,
}

#[derive(Default)]
struct Script {
    /// What to answer next, by recipient; with nothing left it accepts.
    answers: BTreeMap<String, VecDeque<Outcome>>,
    held: BTreeSet<String>,
    sent: Vec<MailMessage>,
}

impl Scripted {
    /// The next mail to `address` that has no answer waiting gets this one.
    pub fn answer(&self, address: &str, outcome: Outcome) {
        self.lock()
            .answers
            .entry(address.to_owned())
            .or_default()
            .push_back(outcome);
    }

    /// Takes back every answer that waits: from now on it accepts.
    pub fn forget(&self) {
        self.lock().answers.clear();
    }

    /// Mails to `address` get no answer until [`Scripted::release`].
    pub fn hold(&self, address: &str) {
        self.lock().held.insert(address.to_owned());
    }

    /// Answers the mails to `address` again.
    pub fn release(&self, address: &str) {
        self.lock().held.remove(address);
        self.released.notify_waiters();
    }

    /// Every mail that it was given, in order, also those it did not accept.
    #[must_use]
    pub fn sent(&self) -> Vec<MailMessage> {
        self.lock().sent.clone()
    }

    /// As [`Self::sent`], without the first ones.
    #[must_use]
    pub fn sent_after(&self, first: usize) -> Vec<MailMessage> {
        self.lock().sent.iter().skip(first).cloned().collect()
    }

    /// How many mails it was given so far.
    #[must_use]
    pub fn count(&self) -> usize {
        self.lock().sent.len()
    }

    /// One attempt.
    pub(super) async fn send(&self, message: &MailMessage) -> Outcome {
        let address = &message.to.address;
        self.lock().sent.push(message.clone());
        loop {
            // Before the look, so that a release between look and wait is not missed.
            let released = self.released.notified();
            let mut released = std::pin::pin!(released);
            released.as_mut().enable();
            if !self.lock().held.contains(address) {
                break;
            }
            released.await;
        }
        let mut script = self.lock();
        let count = script.sent.len();
        let told = script
            .answers
            .get_mut(address)
            .and_then(VecDeque::pop_front);
        told.unwrap_or_else(|| Outcome::Accepted {
            receipt: format!("250 scripted {count}"),
        })
    }

    fn lock(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
