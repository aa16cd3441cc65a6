//! A notice as it was rendered and frozen in the transaction of its cause. Nothing here renders:
//! the words come from `report/`, and a retry sends what was frozen.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Who a mail goes to.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct Recipient {
    /// Name to show; the address alone when left out.
    pub name: Option<String>,
    /// Mail address.
    pub address: String,
}

/// What a page that went on to a pager of another vendor is to become there.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Follow {
    /// Somebody has it.
    Acknowledge,
    /// It is over.
    Resolve,
}

/// One mail to one person.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct MailMessage {
    /// Id of the notice, the same at every retry: the Message-ID is made from it.
    pub notice_id: String,
    /// The one recipient; a notice to three people is three messages.
    pub to: Recipient,
    /// Subject, the same for all mails of a case so that they stay one thread.
    pub subject: String,
    /// The text; complete without the HTML.
    pub text: String,
    /// The same words as HTML, without anything fetched from elsewhere.
    pub html: Option<String>,
    /// Constant id of the case's thread; never the case's title or number.
    pub thread: String,
    /// Notice that this one answers, if it is not the thread itself.
    pub in_reply_to: Option<String>,
    /// Where to settle it, for a channel that has a place of its own for a link. A mail has it in its text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// It is no page: what was forwarded before becomes this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follow: Option<Follow>,
    /// When the notice was written (UTC); it stays at a retry.
    pub date: Timestamp,
}

/// A small message for tests and examples.
#[cfg(test)]
pub(crate) fn sample(notice: &str) -> MailMessage {
    MailMessage {
        notice_id: notice.to_owned(),
        to: Recipient {
            name: Some("Jane Hatch".to_owned()),
            address: "jane@example.org".to_owned(),
        },
        subject: "HH-142 High: please take it by 03:22 UTC".to_owned(),
        text: "Root login on web-2. Nobody has it yet.\n".to_owned(),
        html: None,
        thread: "c1".to_owned(),
        in_reply_to: None,
        link: None,
        follow: None,
        date: Timestamp::UNIX_EPOCH,
    }
}
