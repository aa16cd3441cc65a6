//! Web Push: a short message to the browsers in which its person has turned it on (RFC 8030), sealed so that the push service
//! cannot read it (RFC 8291) and signed so that it knows us (RFC 8292).
//!
//! All devices of a person ring at once, and one that takes it is enough. What a push service took lies there until the
//! device is on: so a page waits until the device says that it was shown, and the next route leaves meanwhile. A device that
//! is gone (404, 410) is taken away.

mod sealing;

use std::pin::Pin;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use p256::SecretKey;
use procedure::basis::Marking;
use reqwest::StatusCode;
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::task::JoinSet;

use super::http;
pub use super::http::WebError;
use super::message::MailMessage;
use super::outcome::Outcome;
use crate::auth::vapid::VapidKey;
use crate::devices::{Device, Hosts};
use crate::ids::Ids;
use sealing::{Reader, TEXT_BYTES};

const PEER: &str = "the push service";
/// So long a push service keeps a page for a device that is off, in seconds: whoever is called later is called anew.
const PAGE_SECONDS: u32 = 3_600;
/// The same for what can wait.
const OTHER_SECONDS: u32 = 24 * 3_600;
/// The longest title, in characters.
const TITLE: usize = 120;

/// `[push]` of the settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PushSettings {
    /// Whom a push service may write to about us: `mailto:ops@example.org`, or a page with https.
    pub contact: String,
    /// Push services beside those of browsers' makers: names, `*.` before one for all below it, or an address with its port.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// Up to which marking a message says what it is about; left out, it never does.
    pub content_up_to: Option<Marking>,
}

/// What somebody will have done.
pub type Done<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Who knows the devices.
pub trait Devices: Send + Sync {
    /// Those of a person.
    fn of<'a>(&'a self, person: &'a str) -> Done<'a, Vec<Device>>;
    /// Where a device says that it has shown this notice.
    fn shown_at(&self, notice: &str) -> Option<String>;
    /// These took something, and those are gone, by their ids.
    fn came<'a>(
        &'a self,
        person: &'a str,
        took: Vec<String>,
        gone: Vec<String>,
        now: Timestamp,
    ) -> Done<'a, ()>;
}

/// Sends to the devices of people.
pub struct PushSender {
    http: reqwest::Client,
    contact: String,
    hosts: Hosts,
    key: VapidKey,
    ids: Ids,
    devices: Box<dyn Devices>,
}

impl PushSender {
    /// Checks the settings; opens no connection.
    ///
    /// # Errors
    /// [`WebError`], each with what to change.
    pub fn new(
        settings: &PushSettings,
        key: VapidKey,
        ids: Ids,
        devices: Box<dyn Devices>,
    ) -> Result<Self, WebError> {
        let contact = settings.contact.trim().to_owned();
        let mail = contact.strip_prefix("mailto:");
        let is_mail = mail.is_some_and(|mail| mail.contains('@') && !mail.contains(' '));
        let is_page = contact.starts_with("https://") && reqwest::Url::parse(&contact).is_ok();
        if !is_mail && !is_page {
            let say = "[push] contact is neither mailto: with an address nor https://: write whom a push service may ask, such as mailto:ops@example.org";
            return Err(WebError::Secret(say.to_owned()));
        }
        Ok(Self {
            http: http::client()?,
            contact,
            hosts: Hosts::and(&settings.hosts),
            key,
            ids,
            devices,
        })
    }

    /// One attempt at each device of the person; never panics, never retries.
    pub async fn send(&self, message: &MailMessage, urgent: bool, now: Timestamp) -> Outcome {
        let person = &message.to.address;
        let shown = self.devices.shown_at(&message.notice_id);
        let text = payload(message, urgent, shown.as_deref());
        let mut sending = JoinSet::new();
        let mut came = Vec::new();
        for device in self.devices.of(person).await {
            let id = device.id();
            match self.request(&device, message, &text, urgent, now) {
                Some(request) => {
                    sending.spawn(async move { (id, became(request.send().await)) });
                }
                None => came.push((id, Became::Ended(unusable()))),
            }
        }
        came.extend(sending.join_all().await);
        let ids = |wanted: fn(&Became) -> bool| {
            let those = came.iter().filter(|(_, became)| wanted(became));
            those.map(|(id, _)| id.clone()).collect::<Vec<String>>()
        };
        let took = ids(|became| matches!(became, Became::Took(_)));
        let gone = ids(|became| matches!(became, Became::Gone(_)));
        if !took.is_empty() || !gone.is_empty() {
            self.devices.came(person, took, gone, now).await;
        }
        together(came.into_iter().map(|(_, became)| became).collect())
    }

    fn request(
        &self,
        device: &Device,
        message: &MailMessage,
        text: &[u8],
        urgent: bool,
        now: Timestamp,
    ) -> Option<reqwest::RequestBuilder> {
        // Asked again: the settings may have changed since it was turned on.
        let url = self.hosts.admits(&device.endpoint).ok()?;
        let (key, auth) = device.keys()?;
        let sealed = self.sealed(text, &Reader { key, auth })?;
        let origin = url.origin().ascii_serialization();
        let authorization = self.key.authorization(&origin, &self.contact, now);
        let seconds = if urgent { PAGE_SECONDS } else { OTHER_SECONDS };
        let request = self
            .http
            .post(url)
            .header("ttl", seconds)
            .header("urgency", if urgent { "high" } else { "normal" })
            .header("topic", topic(&message.thread, &device.endpoint))
            .header("content-type", "application/octet-stream")
            .header("content-encoding", "aes128gcm")
            .header("authorization", authorization);
        Some(request.body(sealed))
    }

    fn sealed(&self, text: &[u8], reader: &Reader) -> Option<Vec<u8>> {
        // One draw of four thousand million is none of a key.
        let own = (0..4).find_map(|_| SecretKey::from_slice(&*self.ids.key()).ok())?;
        let mut salt = [0; 16];
        salt.copy_from_slice(&self.ids.salt()[..16]);
        sealing::seal(text, reader, &own, salt)
    }
}

/// What became of it at one device.
enum Became {
    Took(u16),
    Gone(Outcome),
    Ended(Outcome),
}

fn unusable() -> Outcome {
    Outcome::Rejected {
        receipt: "this device cannot be written to".to_owned(),
    }
}

fn became(answer: Result<reqwest::Response, reqwest::Error>) -> Became {
    match answer {
        Ok(answer) if answer.status().is_success() => Became::Took(answer.status().as_u16()),
        Ok(answer) => {
            let status = answer.status();
            let outcome = http::refusal(PEER, status);
            match status {
                StatusCode::NOT_FOUND | StatusCode::GONE => Became::Gone(outcome),
                _ => Became::Ended(outcome),
            }
        }
        Err(error) => Became::Ended(http::silence(PEER, &error)),
    }
}

/// What became of all of it: one device that took it is enough. Else what may still arrive counts before what may be tried
/// again, and that before what was refused.
fn together(all: Vec<Became>) -> Outcome {
    let of = all.len();
    let took: Vec<u16> = all
        .iter()
        .filter_map(|one| match one {
            Became::Took(status) => Some(*status),
            Became::Gone(_) | Became::Ended(_) => None,
        })
        .collect();
    if let Some(status) = took.first() {
        let devices = format!("{} of {of}", took.len());
        return Outcome::Handed {
            receipt: format!("{status}, devices: {devices}"),
        };
    }
    let rank = |outcome: &Outcome| match outcome {
        Outcome::Uncertain { .. } => 0,
        Outcome::Temporary { .. } => 1,
        _ => 2,
    };
    let ended = all.into_iter().filter_map(|one| match one {
        Became::Gone(outcome) | Became::Ended(outcome) => Some(outcome),
        Became::Took(_) => None,
    });
    let none = || Outcome::Rejected {
        receipt: "no device of theirs is turned on".to_owned(),
    };
    ended.min_by_key(rank).unwrap_or_else(none)
}

/// What the device is told, short enough to be sealed. A repeat replaces what is shown of the same case, and rings again.
fn payload(message: &MailMessage, urgent: bool, shown: Option<&str>) -> Vec<u8> {
    let title: String = message.subject.chars().take(TITLE).collect();
    let mut text = message.text.trim_end().to_owned();
    cut(&mut text, TEXT_BYTES);
    loop {
        let said = json!({
            "title": title,
            "body": text,
            "tag": message.thread,
            "renotify": urgent && !message.thread.is_empty(),
            "requireInteraction": urgent,
            "data": message.link,
            "shown": shown,
        });
        let said = said.to_string().into_bytes();
        let over = said.len().saturating_sub(TEXT_BYTES);
        if over == 0 || text.is_empty() {
            return said;
        }
        // A byte of the text is at most six of what is said.
        let left = text.len().saturating_sub(over.div_ceil(6));
        cut(&mut text, left);
    }
}

/// Leaves at most so many bytes.
fn cut(text: &mut String, bytes: usize) {
    let most = text.len().min(bytes);
    let end = (0..=most).rev().find(|at| text.is_char_boundary(*at));
    text.truncate(end.unwrap_or_default());
}

/// By which a push service replaces what waits there for a device: 32 letters that tell it nothing, others for each device.
fn topic(thread: &str, endpoint: &str) -> String {
    let hash = Sha256::new()
        .chain_update(b"henhouse/push-topic/v1\0")
        .chain_update(thread.as_bytes())
        .chain_update(b"\0")
        .chain_update(endpoint.as_bytes())
        .finalize();
    URL_SAFE_NO_PAD.encode(&hash[..24])
}

#[cfg(test)]
mod tests;
