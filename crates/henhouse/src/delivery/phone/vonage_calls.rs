//! Vonage: calls by its Voice API. Each request carries a token that the application's key signs (JWT, RS256), and the words of
//! the call as its own language has them (NCCO). It has no key for doubles. With a signature secret it is told where to say
//! what became of the call, and what was pressed.

use std::path::PathBuf;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use jiff::Timestamp;
use rustls::SignatureScheme;
use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::sign::SigningKey;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::vonage::VonageSettings;
use super::{PhoneError, dialled};
use crate::delivery::http;
use crate::delivery::message::MailMessage;
use crate::delivery::outcome::{Fault, Outcome};
use crate::report::ncco;
use crate::report::phone::asks_for_a_key;

const PEER: &str = "Vonage";
/// Where its Voice API is.
const SERVER: &str = "https://api.nexmo.com";
/// So long a telephone rings, in seconds.
const RING_SECONDS: u32 = 45;
/// So long a call lasts at most, in seconds.
const CALL_SECONDS: u32 = 180;
/// So long a token counts, in seconds.
const TOKEN_SECONDS: i64 = 300;

/// Calls by one application.
pub struct VonageCaller {
    http: reqwest::Client,
    at: reqwest::Url,
    application: String,
    key: Arc<dyn SigningKey>,
    from: String,
    /// Where we are, if it signs what it says.
    answers: Option<String>,
}

impl VonageCaller {
    pub(super) fn new(settings: &VonageSettings, base_url: &str) -> Result<Self, PhoneError> {
        let form = |what: &str| PhoneError::Form(what.to_owned());
        let (Some(application), Some(key_file)) = (&settings.application, &settings.key_file)
        else {
            return Err(form(
                "[voice.vonage] needs application, the id of the application that calls, and key_file, its private key",
            ));
        };
        let is_plain = |c: char| c.is_ascii_hexdigit() || c == '-';
        if application.len() != 36 || !application.chars().all(is_plain) {
            return Err(form(
                "[voice.vonage] application is no id of an application: 32 digits and four hyphens",
            ));
        }
        let server = settings.server.as_deref().unwrap_or(SERVER);
        let mut at = http::address("[voice.vonage] server", server)?;
        at.set_path("/v1/calls");
        let base_url = base_url.trim_end_matches('/').to_owned();
        Ok(Self {
            http: http::client()?,
            at,
            application: application.clone(),
            key: key(key_file)?,
            from: settings.from.clone(),
            answers: settings.signature("voice")?.map(|_| base_url),
        })
    }

    pub(super) fn hears_answers(&self) -> bool {
        self.answers.is_some()
    }

    pub(super) async fn send(&self, message: &MailMessage, now: Timestamp) -> Outcome {
        let Some(token) = self.token(&message.notice_id, now) else {
            return Outcome::Temporary {
                fault: Fault::Channel,
                reason: "the key of [voice.vonage] signs nothing".to_owned(),
            };
        };
        let request = self
            .http
            .post(self.at.clone())
            .bearer_auth(token)
            .header("content-type", "application/json")
            .body(self.body(message).to_string());
        match request.send().await {
            Ok(answer) => meaning(answer).await,
            Err(error) => http::silence(PEER, &error),
        }
    }

    /// A token for one request.
    fn token(&self, notice: &str, now: Timestamp) -> Option<String> {
        let begins = now.as_second();
        let head = json!({ "alg": "RS256", "typ": "JWT" });
        let claims = json!({
            "application_id": self.application,
            "iat": begins,
            "exp": begins + TOKEN_SECONDS,
            "jti": format!("{notice}-{}", now.as_nanosecond()),
        });
        let part = |value: &Value| BASE64.encode(value.to_string());
        let signed = format!("{}.{}", part(&head), part(&claims));
        let signer = self
            .key
            .choose_scheme(&[SignatureScheme::RSA_PKCS1_SHA256])?;
        let signature = signer.sign(signed.as_bytes()).ok()?;
        Some(format!("{signed}.{}", BASE64.encode(signature)))
    }

    fn body(&self, message: &MailMessage) -> Value {
        let to = dialled(&message.to.address);
        let from = dialled(&self.from);
        let phone =
            |number: &str| json!({ "type": "phone", "number": number.trim_start_matches('+') });
        let hook = |what: &str| {
            let base = self.answers.as_ref()?;
            Some(format!("{base}/hooks/vonage/{what}/{}", message.notice_id))
        };
        let text = message.text.trim_end();
        let key = hook("key").filter(|_| asks_for_a_key(text));
        let mut body = json!({
            "to": [phone(&to)],
            "from": phone(&from),
            "ncco": ncco::said_twice(text, key.as_deref()),
            "ringing_timer": RING_SECONDS,
            "length_timer": CALL_SECONDS,
        });
        if let Some(at) = hook("call") {
            body["event_url"] = json!([at]);
            body["event_method"] = json!("POST");
        }
        body
    }
}

/// The key in this file, as Vonage gives it out.
fn key(path: &PathBuf) -> Result<Arc<dyn SigningKey>, PhoneError> {
    let unfit = || {
        PhoneError::Form(
            "[voice.vonage] key_file holds no private key of an RSA pair in PEM: the file that Vonage gave out with the application"
                .to_owned(),
        )
    };
    let read = std::fs::read(path).map_err(|said| http::WebError::File {
        name: "[voice.vonage] key_file".to_owned(),
        path: path.clone(),
        said,
    })?;
    let pem = Zeroizing::new(read);
    let key = PrivateKeyDer::from_pem_slice(&pem).map_err(|_| unfit())?;
    let key = any_supported_type(&key).map_err(|_| unfit())?;
    let signs = key
        .choose_scheme(&[SignatureScheme::RSA_PKCS1_SHA256])
        .is_some();
    signs.then_some(key).ok_or_else(unfit)
}

async fn meaning(answer: reqwest::Response) -> Outcome {
    let status = answer.status();
    let said: Option<Value> = serde_json::from_slice(&http::body(answer).await).ok();
    let said = said.unwrap_or_default();
    let code = status.as_u16();
    if status.is_success() {
        let id = said["uuid"].as_str().unwrap_or_default();
        let is_plain = id.len() <= 64 && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        let id = if is_plain { id } else { "" };
        let receipt = format!("{code} {id}").trim_end().to_owned();
        return match said["status"].as_str() {
            Some("failed" | "rejected" | "cancelled") => Outcome::Rejected { receipt },
            _ => Outcome::Handed { receipt },
        };
    }
    // Its sentence may repeat the number; whether it is the number says as much.
    let wrong = said["invalid_parameters"].as_array().into_iter().flatten();
    let mut names = wrong.filter_map(|one| one["name"].as_str());
    match code {
        400 if names.any(|name| name == "to" || name.starts_with("to[")) => Outcome::Rejected {
            receipt: format!("{PEER} answered 400: the number is none"),
        },
        400 | 404 | 422 => Outcome::Temporary {
            fault: Fault::Channel,
            reason: format!("{PEER} answered {code}"),
        },
        _ => http::refusal(PEER, status),
    }
}
