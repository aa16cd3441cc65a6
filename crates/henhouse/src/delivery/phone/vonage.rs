//! Vonage: text messages by its SMS API. It answers 200 also where it took nothing: what counts is the status in the
//! answer. It has no key for doubles; our notice goes along as its reference and comes back with each receipt.

use std::path::PathBuf;

use serde::Deserialize;
use zeroize::Zeroizing;

use super::{PhoneError, dialled, form};
use crate::delivery::http::{self, WebError};
use crate::delivery::message::MailMessage;
use crate::delivery::outcome::{Fault, Outcome};

const PEER: &str = "Vonage";
/// Where its SMS API is.
const SERVER: &str = "https://rest.nexmo.com";
/// So long it may go on trying, in milliseconds.
const VALID_MILLISECONDS: &str = "600000";

/// `[sms.vonage]` or `[voice.vonage]` of the settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VonageSettings {
    /// For text messages: the key of the account.
    pub key: Option<String>,
    /// For text messages: the file that holds its secret.
    pub secret_file: Option<PathBuf>,
    /// For calls: the id of the application.
    pub application: Option<String>,
    /// For calls: the file that holds its private key, in PEM.
    pub key_file: Option<PathBuf>,
    /// The number or the name that sends or calls.
    pub from: String,
    /// File that holds the secret with which Vonage signs what it tells us (SHA-256 HMAC for text messages, a signed token for
    /// calls). With it answers by text message or key count, and receipts come.
    pub signature_file: Option<PathBuf>,
    /// Where Vonage is.
    pub server: Option<String>,
}

impl VonageSettings {
    /// The secret with which it signs.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn signature(&self, manner: &str) -> Result<Option<Zeroizing<String>>, WebError> {
        let name = format!("[{manner}.vonage] signature_file");
        let read = |path: &PathBuf| http::secret(&name, path);
        let secret = self.signature_file.as_ref().map(read).transpose()?;
        Ok(secret.map(Zeroizing::new))
    }
}

/// Sends by one account.
pub struct VonageSender {
    http: reqwest::Client,
    at: reqwest::Url,
    key: String,
    secret: Zeroizing<String>,
    from: String,
    /// Where receipts go, if they are signed.
    receipts: Option<String>,
}

impl VonageSender {
    pub(super) fn new(settings: &VonageSettings, base_url: &str) -> Result<Self, PhoneError> {
        let (Some(key), Some(secret_file)) = (&settings.key, &settings.secret_file) else {
            return Err(PhoneError::Form(
                "[sms.vonage] needs key, the key of the account, and secret_file, its secret"
                    .to_owned(),
            ));
        };
        let server = settings.server.as_deref().unwrap_or(SERVER);
        let mut at = http::address("[sms.vonage] server", server)?;
        at.set_path("/sms/json");
        let secret = http::secret("[sms.vonage] secret_file", secret_file)?;
        let base_url = base_url.trim_end_matches('/');
        let receipts = settings.signature("sms")?;
        Ok(Self {
            http: http::client()?,
            at,
            key: key.clone(),
            secret: Zeroizing::new(secret),
            from: settings.from.clone(),
            receipts: receipts.map(|_| format!("{base_url}/hooks/vonage/status")),
        })
    }

    pub(super) fn hears_answers(&self) -> bool {
        self.receipts.is_some()
    }

    pub(super) async fn send(&self, message: &MailMessage) -> Outcome {
        let to = dialled(&message.to.address);
        let mut fields = vec![
            ("api_key", self.key.as_str()),
            ("api_secret", &self.secret),
            ("from", &self.from),
            ("to", to.trim_start_matches('+')),
            ("text", message.text.trim_end()),
            ("client-ref", &message.notice_id),
            ("ttl", VALID_MILLISECONDS),
        ];
        match &self.receipts {
            Some(at) => fields.extend([("status-report-req", "1"), ("callback", at)]),
            None => fields.push(("status-report-req", "0")),
        }
        let request = self
            .http
            .post(self.at.clone())
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form(&fields));
        match request.send().await {
            Ok(answer) if answer.status().is_success() => {
                let said = http::body(answer).await;
                meaning(&serde_json::from_slice(&said).unwrap_or_default())
            }
            Ok(answer) => http::refusal(PEER, answer.status()),
            Err(error) => http::silence(PEER, &error),
        }
    }
}

/// What its answer says: `{"messages": [{"status": "0", "message-id": …}]}`.
fn meaning(said: &serde_json::Value) -> Outcome {
    let message = &said["messages"][0];
    let Some(status) = message["status"].as_str() else {
        return Outcome::Uncertain {
            reason: format!("{PEER} answered 200 and did not say what it did"),
        };
    };
    let is_plain =
        |id: &&str| id.len() <= 64 && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let id = message["message-id"]
        .as_str()
        .filter(is_plain)
        .unwrap_or_default();
    // 0 taken; 6, 7, 15: a number that is none, is barred, or a sender that may not write there.
    match status {
        "0" => Outcome::Handed {
            receipt: format!("status 0 {id}").trim_end().to_owned(),
        },
        "6" | "7" | "15" => Outcome::Rejected {
            receipt: format!("{PEER} answered with status {status}"),
        },
        // 1: too fast; 5: a fault of theirs; 4: our secret; 9: no money left.
        status if status.len() <= 3 => Outcome::Temporary {
            fault: Fault::Channel,
            reason: format!("{PEER} answered with status {status}"),
        },
        _ => Outcome::Temporary {
            fault: Fault::Channel,
            reason: format!("{PEER} answered with a status that is unknown"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_answer_of_200_is_a_yes_only_where_its_status_is_nought() {
        let of = |status: &str| {
            meaning(
                &json!({ "messages": [{ "status": status, "message-id": "0A-1", "error-text": "SEKRET" }] }),
            )
        };
        assert_eq!(
            of("0"),
            Outcome::Handed {
                receipt: "status 0 0A-1".to_owned()
            }
        );
        for (status, word, works) in [
            ("6", "rejected", true),
            ("7", "rejected", true),
            ("1", "temporary", false),
            ("4", "temporary", false),
            ("9", "temporary", false),
            ("999999", "temporary", false),
        ] {
            let outcome = of(status);
            assert_eq!(
                (outcome.word(), outcome.channel_works()),
                (word, works),
                "{status}"
            );
            assert!(!format!("{outcome:?}").contains("SEKRET"));
        }
        assert_eq!(meaning(&json!({})).word(), "uncertain");
    }
}
