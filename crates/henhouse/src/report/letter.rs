//! The frozen content of one row of the outbox: the mail, its marking, and the bare words that may
//! leave where the content may not.

use procedure::basis::Marking;
use serde::{Deserialize, Serialize};

use super::Words;
use super::message::MailMessage;

/// Words without content, for a channel that may not carry more: that something waits, and where.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
pub struct Bare {
    /// Subject that tells a stranger nothing.
    pub subject: String,
    /// Text that tells a stranger nothing; it may hold the link to sign in or to acknowledge.
    pub text: String,
    /// What is wanted, in a sentence or two; nothing where the text says it as shortly.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub wanted: String,
    /// Where to settle it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub link: String,
}

/// One notice's part of a message that several share.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct Share {
    /// It is about somebody who clicked, opened or entered something: told first.
    pub pressing: bool,
    /// The number that people say.
    pub number: String,
    /// What it is about, in a line; left out where the content may not go.
    pub words: String,
    /// Where to take it, or to follow it.
    pub link: String,
    /// Where everything is that waits for the reader.
    pub all: String,
    /// A drill.
    pub drill: bool,
    /// Something is asked of its reader that has waited already.
    #[serde(default)]
    pub prompt: bool,
}

impl Share {
    /// The same without what it is about.
    fn without_words(self) -> Self {
        let words = String::new();
        Self { words, ..self }
    }

    /// What stands for a notice that was frozen without a part of its own.
    #[must_use]
    pub fn standing_for(message: &MailMessage) -> Self {
        Self {
            pressing: false,
            number: message.subject.clone(),
            words: String::new(),
            link: String::new(),
            all: String::new(),
            drill: false,
            prompt: false,
        }
    }
}

/// What the outbox holds of a notice, as bytes or as their cipher.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Letter {
    /// How far the content may travel.
    pub marking: Marking,
    /// The case exists only for its members: its content leaves by no channel (R21).
    pub restricted: bool,
    /// The whole mail. Left out where the desk knew that it may never be sent.
    pub mail: MailMessage,
    /// The words without content; without them a notice that may not leave is withheld.
    pub bare: Option<Bare>,
    /// What it says in a message that it shares with others (M24).
    #[serde(default)]
    pub share: Option<Share>,
}

/// The frozen bytes are not a letter: a bug, or damage.
#[derive(Debug, thiserror::Error)]
#[error("the frozen notice cannot be read: {0}")]
pub struct Unreadable(#[from] serde_json::Error);

/// The same words where the whole installation is a drill: it is said first, also where the content may not go.
#[must_use]
pub fn in_a_drill(words: &Words) -> Words {
    let subject = |subject: &str| format!("DRILL {subject}");
    let text = |text: &str| format!("{}\n\n{text}", super::body::DRILL);
    Words {
        subject: subject(&words.subject),
        text: text(&words.text),
        bare: Bare {
            subject: subject(&words.bare.subject),
            text: text(&words.bare.text),
            ..words.bare.clone()
        },
    }
}

impl Letter {
    /// The bytes to freeze in the outbox.
    ///
    /// # Errors
    /// [`Unreadable`] if it cannot be written as JSON.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Unreadable> {
        Ok(serde_json::to_vec(self)?)
    }

    /// The same notice with its bare words only, so that no content is kept of it either. `None` if it has none.
    #[must_use]
    pub fn without_content(self, restricted: bool) -> Option<Self> {
        let bare = self.bare?;
        let mail = MailMessage {
            subject: bare.subject.clone(),
            text: bare.text.clone(),
            html: None,
            ..self.mail
        };
        Some(Self {
            marking: self.marking,
            restricted,
            mail,
            bare: Some(bare),
            share: self.share.map(Share::without_words),
        })
    }

    /// Reads what [`Letter::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`Unreadable`] if it is something else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Unreadable> {
        Ok(serde_json::from_slice(bytes)?)
    }
}
