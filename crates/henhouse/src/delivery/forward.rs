//! Pages that go on to a pager that is there already: PagerDuty (Events v2), Opsgenie or Jira Service Management (Alert API).
//! What happens to the case happens to the alert there: taken here, acknowledged there; over here, resolved there. Nothing
//! that is done there comes back.
//!
//! All pages of one call are one alert there, and the next call is another: an alert that somebody took there, or that was
//! acknowledged from here, rings nobody any more. Its key is that of the case and the call, which tells a stranger nothing.
//!
//! Taken there is not arrived: who is on call there is not known here, so a page that went on calls no other route off.

use std::path::PathBuf;

use procedure::basis::Marking;
use serde::Deserialize;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::http::{self, WebError};
use super::message::{Follow, MailMessage};
use super::outcome::Outcome;
use crate::report::routes::{OPSGENIE, PAGERDUTY};

/// The longest title that PagerDuty takes, in characters.
const SUMMARY: usize = 1_024;
/// The longest title that Opsgenie takes, in characters.
const MESSAGE: usize = 130;

/// Whose account it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vendor {
    /// PagerDuty.
    PagerDuty,
    /// Opsgenie, or Jira Service Management in its place.
    Opsgenie,
}

impl Vendor {
    /// The word in the settings.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::PagerDuty => PAGERDUTY,
            Self::Opsgenie => OPSGENIE,
        }
    }

    const fn peer(self) -> &'static str {
        match self {
            Self::PagerDuty => "PagerDuty",
            Self::Opsgenie => "Opsgenie",
        }
    }

    const fn server(self) -> &'static str {
        match self {
            Self::PagerDuty => "https://events.pagerduty.com",
            Self::Opsgenie => "https://api.opsgenie.com",
        }
    }
}

/// `[pagerduty.name]` or `[opsgenie.name]` of the settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForwardSettings {
    /// File that holds the integration's key.
    pub key_file: PathBuf,
    /// Where it is, if it is not where most accounts are.
    pub server: Option<String>,
    /// Up to which marking an alert says what it is about; left out, it never does.
    pub content_up_to: Option<Marking>,
}

/// Forwards to one integration.
pub struct ForwardSender {
    http: reqwest::Client,
    vendor: Vendor,
    server: reqwest::Url,
    key: Zeroizing<String>,
}

impl ForwardSender {
    /// Reads the key and checks the settings; opens no connection.
    ///
    /// # Errors
    /// [`WebError`], each with what to change.
    pub fn new(vendor: Vendor, name: &str, settings: &ForwardSettings) -> Result<Self, WebError> {
        let at = |field: &str| format!("[{}.{name}] {field}", vendor.word());
        let server = settings.server.as_deref().unwrap_or(vendor.server());
        let mut server = http::address(&at("server"), server)?;
        if !server.path().ends_with('/') {
            let path = format!("{}/", server.path());
            server.set_path(&path);
        }
        Ok(Self {
            http: http::client()?,
            vendor,
            server,
            key: Zeroizing::new(http::secret(&at("key_file"), &settings.key_file)?),
        })
    }

    /// One attempt; never panics, never retries.
    pub async fn send(&self, message: &MailMessage, urgent: bool) -> Outcome {
        if !urgent && message.follow.is_none() {
            return Outcome::Rejected {
                receipt: "only pages go this way".to_owned(),
            };
        }
        let (path, body) = match self.vendor {
            Vendor::PagerDuty => ("v2/enqueue".to_owned(), self.event(message)),
            Vendor::Opsgenie => alert(message),
        };
        let Ok(at) = self.server.join(&path) else {
            return Outcome::Rejected {
                receipt: "its address cannot be used".to_owned(),
            };
        };
        let mut request = self.http.post(at).json(&body);
        if self.vendor == Vendor::Opsgenie {
            request = request.header("authorization", format!("GenieKey {}", self.key.as_str()));
        }
        let peer = self.vendor.peer();
        match request.send().await {
            Ok(answer) if answer.status().is_success() => {
                let receipt = answer.status().as_u16().to_string();
                match message.follow {
                    None => Outcome::Handed { receipt },
                    Some(_) => Outcome::Accepted { receipt },
                }
            }
            Ok(answer) => http::refusal(peer, answer.status()),
            Err(error) => http::silence(peer, &error),
        }
    }

    /// An event of PagerDuty.
    fn event(&self, message: &MailMessage) -> Value {
        let action = match message.follow {
            None => "trigger",
            Some(Follow::Acknowledge) => "acknowledge",
            Some(Follow::Resolve) => "resolve",
        };
        let mut event = json!({
            "routing_key": self.key.as_str(),
            "event_action": action,
            "dedup_key": message.thread,
        });
        if message.follow.is_none() {
            let details = json!({ "text": message.text.trim_end() });
            event["payload"] = json!({
                "summary": cut(&message.subject, SUMMARY),
                "source": "henhouse",
                "severity": "critical",
                "timestamp": message.date.to_string(),
                "custom_details": details,
            });
            event["client"] = "Henhouse".into();
            if let Some(link) = &message.link {
                event["client_url"] = link.as_str().into();
                event["links"] = json!([{ "href": link, "text": "Take it or pass it on" }]);
            }
        }
        event
    }
}

/// A request of Opsgenie's Alert API, and where it goes.
fn alert(message: &MailMessage) -> (String, Value) {
    let act = |word: &str| {
        let path = format!("v2/alerts/{}/{word}?identifierType=alias", message.thread);
        (path, json!({ "source": "henhouse" }))
    };
    match message.follow {
        Some(Follow::Acknowledge) => act("acknowledge"),
        Some(Follow::Resolve) => act("close"),
        None => {
            let link = message.link.as_deref().unwrap_or_default();
            let body = json!({
                "message": cut(&message.subject, MESSAGE),
                "alias": message.thread,
                "description": format!("{}\n{link}", message.text.trim_end()).trim_end(),
                "source": "henhouse",
                "priority": "P1",
            });
            ("v2/alerts".to_owned(), body)
        }
    }
}

fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}
