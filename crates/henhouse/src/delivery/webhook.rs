//! Webhooks by Standard Webhooks 1.0.0: a signed message to an address that the settings name. A person gives that name
//! and never an address.
//!
//! The notice's id is the key by which the receiver sees that a message came twice; the body is the same at each attempt.
//! Redirects are not followed, and a receiver that says 410 is asked no more until the server is started again.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use procedure::basis::Marking;
use serde::Deserialize;
use serde_json::json;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::http::{self, WebError};
use super::message::MailMessage;
use super::outcome::Outcome;

const PEER: &str = "the webhook's receiver";
/// What the standard asks of a secret, in bytes.
const SECRET_BYTES: std::ops::RangeInclusive<usize> = 24..=64;
/// The standard advises less than 20 KB for all of it. What is bundled is made to fit before.
const TEXT_CHARACTERS: usize = 4_000;

/// `[webhook.name]` of the settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookSettings {
    /// Where to.
    pub url: String,
    /// File that holds the secret, `whsec_` and base64.
    pub secret_file: PathBuf,
    /// Up to which marking a message says what it is about; left out, it never does.
    pub content_up_to: Option<Marking>,
}

/// Sends to one receiver.
pub struct WebhookSender {
    http: reqwest::Client,
    url: reqwest::Url,
    secret: Zeroizing<Vec<u8>>,
    gone: AtomicBool,
}

impl WebhookSender {
    /// Reads the secret and checks the settings; opens no connection.
    ///
    /// # Errors
    /// [`WebError`], each with what to change.
    pub fn new(name: &str, settings: &WebhookSettings) -> Result<Self, WebError> {
        let url = http::address(&format!("[webhook.{name}] url"), &settings.url)?;
        let at = format!("[webhook.{name}] secret_file");
        let words = Zeroizing::new(http::secret(&at, &settings.secret_file)?);
        let bytes = words.strip_prefix("whsec_");
        let bytes = bytes.and_then(|bytes| STANDARD.decode(bytes).ok());
        let secret = bytes.filter(|bytes| SECRET_BYTES.contains(&bytes.len()));
        let secret = secret.ok_or_else(|| {
            WebError::Secret(format!(
                "{at} holds no secret of Standard Webhooks: whsec_ and 24 to 64 bytes in base64"
            ))
        })?;
        Ok(Self {
            http: http::client()?,
            url,
            secret: Zeroizing::new(secret),
            gone: AtomicBool::new(false),
        })
    }

    /// One attempt at this time; never panics, never retries.
    pub async fn send(&self, message: &MailMessage, urgent: bool, now: Timestamp) -> Outcome {
        if self.gone.load(Ordering::Relaxed) {
            return closed();
        }
        let body = body(message, urgent).to_string();
        let (id, at) = (&message.notice_id, now.as_second());
        let request = self
            .http
            .post(self.url.clone())
            .header("content-type", "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", at)
            .header("webhook-signature", self.signature(id, at, &body))
            .body(body);
        match request.send().await {
            Ok(answer) if answer.status().is_success() => Outcome::Accepted {
                receipt: answer.status().as_u16().to_string(),
            },
            Ok(answer) if answer.status() == reqwest::StatusCode::GONE => {
                self.gone.store(true, Ordering::Relaxed);
                closed()
            }
            Ok(answer) => http::refusal(PEER, answer.status()),
            Err(error) => http::silence(PEER, &error),
        }
    }

    fn signature(&self, id: &str, at: i64, body: &str) -> String {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.secret).expect("HMAC takes a key of any length");
        for part in [id, ".", &at.to_string(), ".", body] {
            mac.update(part.as_bytes());
        }
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

fn closed() -> Outcome {
    Outcome::Closed {
        receipt: format!("{PEER} answered 410: it is asked no more until the server starts again"),
    }
}

fn body(message: &MailMessage, urgent: bool) -> serde_json::Value {
    let text: String = message.text.chars().take(TEXT_CHARACTERS).collect();
    json!({
        "type": if urgent { "henhouse.page" } else { "henhouse.notice" },
        "timestamp": message.date.to_string(),
        "data": {
            "notice": message.notice_id,
            "title": message.subject,
            "text": text,
            "link": message.link,
        },
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use super::*;
    use crate::delivery::message::sample;

    fn sender(secret: &str) -> Result<WebhookSender, WebError> {
        let folder = tempfile::tempdir().unwrap();
        let secret_file = folder.path().join("secret");
        std::fs::write(&secret_file, secret).unwrap();
        let settings = WebhookSettings {
            url: "https://hooks.example.org/x".to_owned(),
            secret_file,
            content_up_to: None,
        };
        WebhookSender::new("ops", &settings)
    }

    #[test]
    fn a_signature_is_the_one_that_the_standard_shows() {
        let sender = sender("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n").unwrap();
        let said = sender.signature(
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            "{\"test\": 2432232314}",
        );
        assert_eq!(said, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_secret_is_one_of_the_standard() {
        for bad in [
            "",
            "whsec_",
            "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "whsec_c2hvcnQ=",
            "whsec_!!!",
        ] {
            let error = sender(bad).err().unwrap().to_string();
            assert!(error.contains("[webhook.ops] secret_file"), "{error}");
            assert!(bad.len() < 8 || !error.contains(bad), "{error}");
        }
    }

    #[test]
    fn a_body_stays_below_what_the_standard_advises() {
        let mut long = sample("n1");
        long.text = "\u{1f414}".repeat(50_000);
        assert!(body(&long, true).to_string().len() < 20_000);
    }
}
