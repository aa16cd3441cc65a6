//! Text messages and calls, by a gateway that the settings name. No gateway has a key for doubles: the lease is the intent,
//! written before, and what the gateway says later ([`super::heard`]) settles what an answer that was lost left open.

pub mod template;
pub mod twilio;
pub mod vonage;
pub mod vonage_calls;

use jiff::Timestamp;
use procedure::basis::Marking;
use serde::Deserialize;

pub use super::http::WebError;
use super::message::MailMessage;
use super::outcome::Outcome;
use crate::report::phone::dialled;
use template::{TemplateSender, TemplateSettings};
use twilio::{TwilioSender, TwilioSettings};
use vonage::{VonageSender, VonageSettings};
use vonage_calls::VonageCaller;

/// `[sms]` or `[voice]` of the settings: one gateway.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhoneSettings {
    /// Twilio.
    pub twilio: Option<TwilioSettings>,
    /// Vonage.
    pub vonage: Option<VonageSettings>,
    /// Any other gateway that is asked over HTTP.
    pub http: Option<TemplateSettings>,
    /// Up to which marking a message says what it is about; left out, it never does.
    pub content_up_to: Option<Marking>,
}

/// By what a telephone is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// A text message.
    Sms,
    /// A call.
    Voice,
}

impl Manner {
    /// The word in the settings, which is the channel's too.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Voice => "voice",
        }
    }
}

/// Settings of a gateway that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PhoneError {
    /// None, or several.
    #[error(
        "[{0}] names one gateway: add [{0}.twilio], [{0}.vonage] or [{0}.http], and only one of them"
    )]
    Gateways(&'static str),
    /// Something about the web.
    #[error(transparent)]
    Web(#[from] WebError),
    /// A setting has another form.
    #[error("{0}")]
    Form(String),
}

enum Gateway {
    Twilio(TwilioSender),
    Vonage(VonageSender),
    Calls(VonageCaller),
    Http(TemplateSender),
}

/// Sends by one gateway.
pub struct PhoneSender {
    gateway: Gateway,
}

impl PhoneSender {
    /// Reads the secrets and checks the settings; opens no connection. `base_url` is where the gateway finds us.
    ///
    /// # Errors
    /// [`PhoneError`], each with what to change.
    pub fn new(
        manner: Manner,
        settings: &PhoneSettings,
        base_url: &str,
    ) -> Result<Self, PhoneError> {
        let gateway = match (&settings.twilio, &settings.vonage, &settings.http) {
            (Some(twilio), None, None) => {
                Gateway::Twilio(TwilioSender::new(manner, twilio, base_url)?)
            }
            (None, Some(vonage), None) if manner == Manner::Voice => {
                Gateway::Calls(VonageCaller::new(vonage, base_url)?)
            }
            (None, Some(vonage), None) => Gateway::Vonage(VonageSender::new(vonage, base_url)?),
            (None, None, Some(http)) => Gateway::Http(TemplateSender::new(manner, http)?),
            _ => return Err(PhoneError::Gateways(manner.word())),
        };
        Ok(Self { gateway })
    }

    /// Whether the gateway tells us what is pressed or written, and what became of a message.
    #[must_use]
    pub fn hears_answers(&self) -> bool {
        match &self.gateway {
            Gateway::Twilio(sender) => sender.hears_answers(),
            Gateway::Vonage(sender) => sender.hears_answers(),
            Gateway::Calls(sender) => sender.hears_answers(),
            Gateway::Http(_) => false,
        }
    }

    /// One attempt; never panics, never retries.
    pub async fn send(&self, message: &MailMessage, now: Timestamp) -> Outcome {
        match &self.gateway {
            Gateway::Twilio(sender) => sender.send(message).await,
            Gateway::Vonage(sender) => sender.send(message).await,
            Gateway::Calls(sender) => sender.send(message, now).await,
            Gateway::Http(sender) => sender.send(message).await,
        }
    }
}

/// Fields as a form sends them.
fn form(fields: &[(&str, &str)]) -> String {
    let mut form = String::new();
    for (name, value) in fields {
        if !form.is_empty() {
            form.push('&');
        }
        form.push_str(&template::percent(name));
        form.push('=');
        form.push_str(&template::percent(value));
    }
    form
}

/// Text between tags, or in quotes.
pub(crate) fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
