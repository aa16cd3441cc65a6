//! Gotify: a short message to an application of one server. A person gives the name under which the settings have its token,
//! and never an address. It knows no doubles.

use std::path::PathBuf;

use procedure::basis::Marking;
use serde::Deserialize;
use serde_json::json;
use zeroize::Zeroizing;

use super::http::{self, WebError};
use super::message::MailMessage;
use super::outcome::Outcome;

const PEER: &str = "the Gotify server";
/// Rings through; what is above 7 does.
const URGENT: u8 = 10;
const ORDINARY: u8 = 4;

/// `[gotify.name]` of the settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GotifySettings {
    /// The server, such as `https://gotify.example.org`.
    pub server: String,
    /// File that holds the token of the application.
    pub token_file: PathBuf,
    /// Up to which marking a message says what it is about; left out, it never does.
    pub content_up_to: Option<Marking>,
}

/// Sends to one application.
pub struct GotifySender {
    http: reqwest::Client,
    at: reqwest::Url,
    token: Zeroizing<String>,
}

impl GotifySender {
    /// Reads the token and checks the settings; opens no connection.
    ///
    /// # Errors
    /// [`WebError`], each with what to change.
    pub fn new(name: &str, settings: &GotifySettings) -> Result<Self, WebError> {
        let mut at = http::address(&format!("[gotify.{name}] server"), &settings.server)?;
        let path = format!("{}/message", at.path().trim_end_matches('/'));
        at.set_path(&path);
        let token = http::secret(&format!("[gotify.{name}] token_file"), &settings.token_file)?;
        Ok(Self {
            http: http::client()?,
            at,
            token: Zeroizing::new(token),
        })
    }

    /// One attempt; never panics, never retries.
    pub async fn send(&self, message: &MailMessage, urgent: bool) -> Outcome {
        let mut body = json!({
            "title": message.subject,
            "message": message.text.trim_end(),
            "priority": if urgent { URGENT } else { ORDINARY },
        });
        if let Some(link) = &message.link {
            body["extras"] = json!({ "client::notification": { "click": { "url": link } } });
        }
        let request = self
            .http
            .post(self.at.clone())
            .header("x-gotify-key", self.token.as_str())
            .json(&body);
        match request.send().await {
            Ok(answer) if answer.status().is_success() => Outcome::Accepted {
                receipt: answer.status().as_u16().to_string(),
            },
            Ok(answer) => http::refusal(PEER, answer.status()),
            Err(error) => http::silence(PEER, &error),
        }
    }
}
