//! One way out of the process: who sends, what it can do, how far its mail may travel, and whether
//! it works. The marking is enforced here once more, although the desk froze nothing above it: what
//! left cannot be taken back.

use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use procedure::basis::Marking;

use super::command::CommandSender;
use super::forward::ForwardSender;
use super::gotify::GotifySender;
use super::letter::Letter;
use super::mail::MailSender;
use super::message::MailMessage;
use super::ntfy::NtfySender;
use super::outcome::Outcome;
use super::phone::PhoneSender;
use super::push::PushSender;
use super::scripted::Scripted;
use super::webhook::WebhookSender;
use crate::store::Lane;

/// From this many failures in a row on, the channel is shown as broken.
const BROKEN_AFTER: u32 = 2;

/// Who does the sending.
pub enum Sender {
    /// A mail server.
    Mail(Box<MailSender>),
    /// An ntfy server.
    Ntfy(Box<NtfySender>),
    /// A program of this machine.
    Command(CommandSender),
    /// A receiver of a webhook.
    Webhook(Box<WebhookSender>),
    /// A gateway of text messages or calls.
    Phone(Box<PhoneSender>),
    /// A Gotify server.
    Gotify(Box<GotifySender>),
    /// The browsers of people.
    Push(Box<PushSender>),
    /// A pager of another vendor.
    Forward(Box<ForwardSender>),
    /// Answers as it was told, for tests, simulations and drills.
    Scripted(Scripted),
}

impl Sender {
    async fn send(&self, message: &MailMessage, lane: Lane, now: Timestamp) -> Outcome {
        let urgent = lane == Lane::Urgent;
        match self {
            Self::Mail(sender) => sender.send(message).await,
            Self::Ntfy(sender) => sender.send(message, urgent).await,
            Self::Webhook(sender) => sender.send(message, urgent, now).await,
            Self::Command(sender) => sender.send(message, urgent).await,
            Self::Phone(sender) => sender.send(message, now).await,
            Self::Gotify(sender) => sender.send(message, urgent).await,
            Self::Push(sender) => sender.send(message, urgent, now).await,
            Self::Forward(sender) => sender.send(message, urgent).await,
            Self::Scripted(sender) => sender.send(message).await,
        }
    }
}

/// What a channel can do; the wording and the choice of routes look at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// Carries HTML beside the text.
    pub html: bool,
    /// Keeps the messages of a case together.
    pub threads: bool,
    /// The peer, or the reader's program, sees by the notice's id that a message came twice.
    pub tells_doubles: bool,
    /// Longest subject that a phone shows whole, in characters.
    pub subject_characters: u32,
    /// The longest text that arrives whole, in bytes.
    pub text_bytes: usize,
}

impl Capabilities {
    /// Mail.
    pub const MAIL: Self = Self {
        html: true,
        threads: true,
        tells_doubles: true,
        subject_characters: 40,
        text_bytes: usize::MAX,
    };
    /// A short message to a telephone, whose peer may not see that it came twice.
    pub const PUSH: Self = Self {
        html: false,
        threads: false,
        tells_doubles: false,
        subject_characters: 45,
        text_bytes: 3_900,
    };
    /// One text message, or what a voice says.
    pub const PHONE: Self = Self {
        text_bytes: 160,
        ..Self::PUSH
    };
    /// A short message to a browser, which shows a repeat in the place of what it repeats.
    pub const DEVICE: Self = Self {
        tells_doubles: true,
        text_bytes: 3_000,
        ..Self::PUSH
    };
    /// A short message to a program, which sees by the id that it came twice.
    pub const HOOK: Self = Self {
        tells_doubles: true,
        ..Self::PUSH
    };
}

/// How much of a letter may leave by a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fit {
    /// All of it.
    Whole(MailMessage),
    /// The words without content.
    Bare(MailMessage),
    /// Nothing: the reason, without content.
    Withheld(&'static str),
}

/// Whether a channel works.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChannelHealth {
    /// When the peer last did its work.
    pub last_success: Option<Timestamp>,
    /// When it last did not, and what it said.
    pub last_failure: Option<(Timestamp, String)>,
    /// Failures since the last success.
    pub consecutive_failures: u32,
    /// When the first of these was.
    pub failing_since: Option<Timestamp>,
}

impl ChannelHealth {
    /// True if people must be told that this channel is broken.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.consecutive_failures >= BROKEN_AFTER
    }

    fn note(&mut self, now: Timestamp, outcome: &Outcome) {
        if outcome.channel_works() {
            self.last_success = Some(now);
            self.consecutive_failures = 0;
            self.failing_since = None;
        } else {
            self.last_failure = Some((now, outcome.receipt().to_owned()));
            self.failing_since = self.failing_since.or(Some(now));
            self.consecutive_failures = self.consecutive_failures.saturating_add(1);
        }
    }
}

/// One way out.
pub struct Channel {
    capabilities: Capabilities,
    /// How far content may travel by it; nothing: no content ever does.
    ceiling: Option<Marking>,
    sender: Sender,
    health: Mutex<ChannelHealth>,
}

impl Channel {
    /// A channel that carries content up to `ceiling`; without one only words that tell a stranger nothing.
    #[must_use]
    pub fn new(
        sender: Sender,
        capabilities: Capabilities,
        ceiling: impl Into<Option<Marking>>,
    ) -> Self {
        let ceiling = ceiling.into();
        Self {
            capabilities,
            ceiling,
            sender,
            health: Mutex::default(),
        }
    }

    /// What it can do.
    #[must_use]
    pub fn capabilities(&self) -> Capabilities {
        self.capabilities
    }

    /// Whether it works.
    #[must_use]
    pub fn health(&self) -> ChannelHealth {
        self.lock().clone()
    }

    /// Whether content thus marked may leave by this channel. The desk asks before it freezes.
    #[must_use]
    pub fn admits(&self, marking: Marking, restricted: bool) -> bool {
        !restricted
            && marking != Marking::Red
            && self.ceiling.is_some_and(|ceiling| marking <= ceiling)
    }

    /// How much of the letter may leave.
    #[must_use]
    pub fn fit(&self, letter: &Letter) -> Fit {
        if self.admits(letter.marking, letter.restricted) {
            return Fit::Whole(letter.mail.clone());
        }
        match &letter.bare {
            None => Fit::Withheld("withheld: the marking is above what this channel may carry"),
            Some(bare) => Fit::Bare(MailMessage {
                subject: bare.subject.clone(),
                text: bare.text.clone(),
                html: None,
                ..letter.mail.clone()
            }),
        }
    }

    /// Whether its other side can be asked without sending anything.
    #[must_use]
    pub fn can_be_probed(&self) -> bool {
        matches!(self.sender, Sender::Mail(_) | Sender::Ntfy(_))
    }

    /// Asks whether the other side would take something, sends nothing, and remembers the answer.
    pub async fn probe(&self, now: Timestamp) {
        let outcome = match &self.sender {
            Sender::Mail(sender) => sender.probe().await,
            Sender::Ntfy(sender) => sender.probe().await,
            Sender::Webhook(_)
            | Sender::Command(_)
            | Sender::Phone(_)
            | Sender::Gotify(_)
            | Sender::Push(_)
            | Sender::Forward(_)
            | Sender::Scripted(_) => {
                return;
            }
        };
        self.note(now, &outcome);
    }

    /// One attempt.
    pub(super) async fn send(&self, message: &MailMessage, lane: Lane, now: Timestamp) -> Outcome {
        self.sender.send(message, lane, now).await
    }

    /// Remembers what an attempt says about the channel. True if it became broken or whole by it.
    pub(super) fn note(&self, now: Timestamp, outcome: &Outcome) -> bool {
        let mut health = self.lock();
        let before = health.is_broken();
        health.note(now, outcome);
        before != health.is_broken()
    }

    fn lock(&self) -> MutexGuard<'_, ChannelHealth> {
        self.health.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::letter::Bare;
    use crate::delivery::message::sample;
    use crate::delivery::outcome::Fault;

    fn channel(ceiling: Marking) -> Channel {
        Channel::new(
            Sender::Scripted(Scripted::default()),
            Capabilities::MAIL,
            ceiling,
        )
    }

    fn letter(marking: Marking, restricted: bool) -> Letter {
        let bare = Bare {
            subject: "Henhouse needs you".to_owned(),
            text: "Sign in.".to_owned(),
            ..Bare::default()
        };
        let mut mail = sample("n1");
        mail.html = Some("<p>Root login on web-2.</p>".to_owned());
        Letter {
            marking,
            restricted,
            mail,
            bare: Some(bare),
            share: None,
        }
    }

    #[test]
    fn content_above_the_ceiling_or_restricted_never_leaves() {
        const MARKINGS: [Marking; 5] = [
            Marking::Clear,
            Marking::Green,
            Marking::Amber,
            Marking::AmberStrict,
            Marking::Red,
        ];
        for ceiling in MARKINGS {
            for marking in MARKINGS {
                for restricted in [false, true] {
                    let fit = channel(ceiling).fit(&letter(marking, restricted));
                    let allowed = marking <= ceiling && marking != Marking::Red && !restricted;
                    assert_eq!(
                        matches!(fit, Fit::Whole(_)),
                        allowed,
                        "{marking:?} on {ceiling:?}, {restricted}"
                    );
                    let said = format!("{fit:?}");
                    assert_eq!(
                        said.contains("web-2") || said.contains("HH-142"),
                        allowed,
                        "{said}"
                    );
                }
            }
        }
    }

    #[test]
    fn without_bare_words_nothing_leaves() {
        let mut letter = letter(Marking::Red, false);
        letter.bare = None;
        assert!(matches!(
            channel(Marking::Red).fit(&letter),
            Fit::Withheld(_)
        ));
    }

    #[test]
    fn a_channel_is_broken_after_two_failures_and_whole_after_one_success() {
        let channel = channel(Marking::Amber);
        let away = Outcome::Temporary {
            fault: Fault::Channel,
            reason: "refused".to_owned(),
        };
        let nobody = Outcome::Rejected {
            receipt: "550".to_owned(),
        };
        let now = Timestamp::UNIX_EPOCH;
        assert!(!channel.note(now, &away));
        assert!(channel.note(now, &away));
        assert!(channel.health().is_broken());
        assert_eq!(channel.health().failing_since, Some(now));
        assert!(
            channel.note(now, &nobody),
            "a refused recipient shows that the channel works"
        );
        assert_eq!(channel.health().last_success, Some(now));
        assert_eq!(channel.health().failing_since, None);
    }
}
