//! Queues of Amazon SQS that this server asks for alerts, so that nobody outside need reach it. A message is taken off its queue only once its
//! alert is kept; what comes again meanwhile, to this node or another, counts once by its id.
//!
//! Who may write into the queue is for its policy to say: an envelope of SNS inside is believed without its signature.

mod queue;
mod settings;
mod sigv4;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use procedure::project::Sender;
use tokio::task::JoinSet;

use crate::desk::{Desk, Sending};
use crate::inbound::alerts::sns;
use crate::report::queue::QueueReach;
use crate::vault::Exhibits;
use queue::{Message, Queue};
pub use settings::{SqsError, SqsSettings};

/// After the first round that failed; twice as long after each more, up to the other.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// Between two looks at a queue whose answers come at once, and at a database that is away.
const WHILE_AWAY: Duration = Duration::from_secs(2);
/// The longest id of a message.
const LONGEST_ID: usize = 200;

/// A queue, and how it stands with it.
pub struct Poller {
    name: String,
    source: String,
    queue: Queue,
    stands: Mutex<Stands>,
}

#[derive(Clone, Debug, Default)]
struct Stands {
    taken: u64,
    last_success: Option<Timestamp>,
    failing_since: Option<Timestamp>,
    said: Option<String>,
}

impl Poller {
    /// Checks the settings; opens no connection.
    ///
    /// # Errors
    /// [`SqsError`], each with what to change.
    pub fn new(name: &str, settings: &SqsSettings) -> Result<Self, SqsError> {
        Ok(Self {
            name: name.to_owned(),
            source: settings.source.clone(),
            queue: Queue::new(name, settings)?,
            stands: Mutex::default(),
        })
    }

    /// How it stands.
    pub fn reach(&self) -> QueueReach {
        let stands = self.stands();
        QueueReach {
            name: self.name.clone(),
            taken: stands.taken,
            last_success: stands.last_success,
            failing_since: stands.failing_since,
            said: stands.said,
        }
    }

    /// Asks for as long as it is not dropped, also where asking stumbled.
    pub async fn run(self: Arc<Self>, desk: Desk, exhibits: Exhibits) {
        loop {
            // It ends with this.
            let mut asking = JoinSet::new();
            let poller = Arc::clone(&self);
            asking.spawn(poller.ask(desk.clone(), exhibits.clone()));
            while asking.join_next().await.is_some() {}
            let said = "asking it made this program stumble; its log says more".to_owned();
            self.went_wrong(desk.clock().wall(), said);
            tokio::time::sleep(LONGEST_PAUSE).await;
        }
    }

    async fn ask(self: Arc<Self>, desk: Desk, exhibits: Exhibits) {
        let mut pause = FIRST_PAUSE;
        loop {
            if desk.is_away() {
                // What lies in the queue is safe there.
                tokio::time::sleep(WHILE_AWAY).await;
                continue;
            }
            match self.round(&desk, &exhibits).await {
                Ok(taken) => {
                    pause = FIRST_PAUSE;
                    self.went_well(desk.clock().wall(), taken);
                    if let Err(error) = desk.queue_was_asked(&self.name).await {
                        tracing::debug!(%error, "other nodes do not hear that a queue answered");
                    }
                }
                Err(said) => {
                    self.went_wrong(desk.clock().wall(), said);
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
        }
    }

    /// Waits for messages, and takes what came. Answers how many.
    async fn round(&self, desk: &Desk, exhibits: &Exhibits) -> Result<u64, String> {
        let found = desk.source_at(Sender::Sqs, self.source.clone()).await;
        let from = found.map_err(|_| "the database does not answer".to_owned())?;
        let from = from.ok_or_else(|| {
            "no project has a live alert source of the sender sqs with the id that stands in the settings".to_owned()
        })?;
        let messages = self.queue.receive(desk.clock().wall()).await?;
        let (mut taken, mut failed) = (0, None);
        for message in messages {
            // One that cannot be kept holds up no other; it comes again by itself.
            match self.take(desk, exhibits, &from, message).await {
                Ok(()) => taken += 1,
                Err(said) => failed = Some(said),
            }
        }
        match failed {
            None => Ok(taken),
            Some(said) => {
                self.count(taken);
                Err(said)
            }
        }
    }

    /// Keeps one, and takes it off the queue then.
    async fn take(
        &self,
        desk: &Desk,
        exhibits: &Exhibits,
        from: &Sending,
        message: Message,
    ) -> Result<(), String> {
        let raw = message.body.into_bytes();
        let room = desk.room_for_alert(raw.len()).await;
        let _room = room.map_err(|_| "more alerts come than can be kept at once".to_owned())?;
        let mut alert = sns::read(&raw);
        // SNS may put one message into the queue twice: its own id tells.
        let of_sns = sns::message_id(&raw).filter(|id| !id.is_empty() && id.len() <= LONGEST_ID);
        let id = of_sns.map_or_else(|| format!("sqs {}", message.id), |id| format!("sns {id}"));
        // No store keeps a NUL.
        alert.message = Some(id.replace('\0', " "));
        let taken = desk.take_alert(exhibits, from, alert).await;
        taken.map_err(|error| {
            let queue = &*self.name;
            tracing::warn!(queue, %error, "a message of a queue could not be kept; it stays there and comes again");
            "a message could not be kept: it stays in the queue".to_owned()
        })?;
        self.queue
            .delete(&message.receipt, desk.clock().wall())
            .await
    }

    fn stands(&self) -> Stands {
        let stands = self.stands.lock();
        stands.unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn change(&self, change: impl FnOnce(&mut Stands)) {
        change(&mut self.stands.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn count(&self, taken: u64) {
        self.change(|stands| stands.taken += taken);
    }

    fn went_well(&self, now: Timestamp, taken: u64) {
        let before = self.stands();
        if before.failing_since.is_some() {
            tracing::info!(queue = &*self.name, "the queue is asked again");
        }
        self.change(|stands| {
            stands.taken += taken;
            stands.last_success = Some(now);
            stands.failing_since = None;
            stands.said = None;
        });
    }

    fn went_wrong(&self, now: Timestamp, said: String) {
        let before = self.stands();
        if before.said.as_ref() != Some(&said) {
            tracing::warn!(queue = &*self.name, said, "no alerts come out of a queue");
        }
        self.change(|stands| {
            stands.failing_since.get_or_insert(now);
            stands.said = Some(said);
        });
    }
}

#[cfg(test)]
mod tests;
