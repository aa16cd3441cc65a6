//! The envelope that Amazon SNS puts around a message, and which of its values are signed, in which order.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use procedure::project::TopicArn;
use reqwest::Url;
use serde::Deserialize;

use super::SnsError;

/// SNS gives up after an hour at the latest; the rest is for clocks.
const OLDEST: SignedDuration = SignedDuration::from_mins(70);
const AHEAD: SignedDuration = SignedDuration::from_mins(10);
/// Signatures of keys from 2,048 to 8,192 bits, in bytes.
const SIGNATURE: std::ops::RangeInclusive<usize> = 256..=1024;
/// The longest id of a message.
const LONGEST_ID: usize = 200;

/// What SNS says with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Somebody published something.
    Notification,
    /// Somebody wants the topic to send here.
    Subscribed,
    /// The topic sends here no more.
    Ended,
}

/// A message of SNS in its envelope. Its topic is one by its shape.
#[derive(Debug)]
pub struct Envelope {
    kind: Kind,
    wire: Wire,
}

/// Values that stand twice are refused by the reader: which of them was signed would be a guess.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Wire {
    #[serde(rename = "Type")]
    kind: String,
    message_id: String,
    topic_arn: String,
    #[serde(default)]
    subject: Option<String>,
    message: String,
    timestamp: String,
    signature_version: String,
    signature: String,
    #[serde(rename = "SigningCertURL")]
    signing_cert_url: String,
    #[serde(default, rename = "SubscribeURL")]
    subscribe_url: Option<String>,
    #[serde(default)]
    token: Option<String>,
}

impl Envelope {
    /// Reads one; `said` is what its header calls it.
    ///
    /// # Errors
    /// Raw or unreadable.
    pub fn read(raw: &[u8], said: Option<&str>) -> Result<Self, SnsError> {
        let wire: Wire = match serde_json::from_slice(raw) {
            Ok(wire) => wire,
            // What has a header of SNS, and no signature in its body, was published without an envelope.
            Err(_) if said.is_some() && !has_signature(raw) => return Err(SnsError::Raw),
            Err(_) => return Err(SnsError::Unreadable("a field of its envelope is missing")),
        };
        let kind = match &*wire.kind {
            "Notification" => Kind::Notification,
            "SubscriptionConfirmation" => Kind::Subscribed,
            "UnsubscribeConfirmation" => Kind::Ended,
            _ => return Err(SnsError::Unreadable("its type is not known")),
        };
        if said.is_some_and(|said| said != wire.kind) {
            return Err(SnsError::Unreadable(
                "its header and its body name two types",
            ));
        }
        // Each is one line, so that what was signed can be read in one way alone.
        let lines = [&wire.message_id, &wire.topic_arn, &wire.timestamp];
        let more = [&wire.subject, &wire.subscribe_url, &wire.token];
        let more = more.into_iter().flatten();
        if lines
            .into_iter()
            .chain(more)
            .any(|line| line.contains(char::is_control))
        {
            return Err(SnsError::Unreadable("a field has more than one line"));
        }
        if wire.message_id.is_empty() || wire.message_id.len() > LONGEST_ID {
            return Err(SnsError::Unreadable("its MessageId is none"));
        }
        if TopicArn::read(&wire.topic_arn).is_none() {
            return Err(SnsError::Unreadable("its TopicArn is none"));
        }
        Ok(Self { kind, wire })
    }

    /// What it says.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// Its id, the same however often it is sent.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.wire.message_id
    }

    /// The ARN of its topic.
    #[must_use]
    pub fn topic(&self) -> &str {
        &self.wire.topic_arn
    }

    fn arn(&self) -> TopicArn<'_> {
        TopicArn::read(&self.wire.topic_arn).expect("it was read when the envelope was")
    }

    fn suffix(&self) -> &'static str {
        match self.arn().partition {
            "aws-cn" => "amazonaws.com.cn",
            _ => "amazonaws.com",
        }
    }

    /// Where its topic is.
    pub(super) fn host(&self) -> String {
        format!("sns.{}.{}", self.arn().region, self.suffix())
    }

    /// The names that Amazon gives the certificate of this region.
    pub(super) fn names(&self) -> Vec<String> {
        let (arn, suffix) = (self.arn(), self.suffix());
        let region = arn.region;
        let mut names = vec![
            format!("sns.{suffix}"),
            format!("sns.{region}.{suffix}"),
            format!("sns-{region}.{suffix}"),
            format!("sns-signing.{region}.{suffix}"),
        ];
        if arn.partition == "aws-us-gov" {
            names.push("sns-us-gov-west-1.amazonaws.com".to_owned());
        }
        names
    }

    /// Where its certificate is: at the host of its topic, under the one sort of name that Amazon uses.
    pub(super) fn certificate_url(&self) -> Result<&str, SnsError> {
        let url = &*self.wire.signing_cert_url;
        let begin = format!("https://{}/SimpleNotificationService-", self.host());
        let name = url.strip_prefix(&begin);
        let name = name.and_then(|rest| rest.strip_suffix(".pem"));
        let fits = |name: &str| {
            (1..=64).contains(&name.len()) && name.chars().all(|c| c.is_ascii_alphanumeric())
        };
        name.filter(|name| fits(name))
            .map(|_| url)
            .ok_or(SnsError::OtherHost)
    }

    /// The link that confirms its subscription, if it leads to the host of its topic and is about that.
    pub(super) fn subscribe_url(&self) -> Result<Url, SnsError> {
        let said = self.wire.subscribe_url.as_deref().unwrap_or_default();
        let url = Url::parse(said).map_err(|_| SnsError::OtherHost)?;
        let begins = said.starts_with(&format!("https://{}/?", self.host()));
        let here = url.host_str() == Some(&*self.host()) && url.path() == "/";
        let value = |name: &str| {
            let mut all = url.query_pairs().filter(|(key, _)| key == name);
            let first = all.next().map(|(_, value)| value.into_owned());
            first.filter(|_| all.next().is_none())
        };
        let about = value("Action").as_deref() == Some("ConfirmSubscription")
            && value("TopicArn").as_deref() == Some(self.topic())
            && value("Token").is_some_and(|token| Some(&token) == self.wire.token.as_ref());
        match begins && here && about {
            true => Ok(url),
            false => Err(SnsError::OtherHost),
        }
    }

    /// Not older than SNS tries, and not from the future.
    pub(super) fn is_of_now(&self, now: Timestamp) -> Result<(), SnsError> {
        let at: Option<Timestamp> = self.wire.timestamp.parse().ok();
        let age = at.map(|at| now.duration_since(at));
        age.filter(|age| *age <= OLDEST && *age >= -AHEAD)
            .map(drop)
            .ok_or(SnsError::OutOfTime)
    }

    pub(super) fn signature(&self) -> Result<Vec<u8>, SnsError> {
        let decoded = STANDARD.decode(&self.wire.signature).ok();
        decoded
            .filter(|bytes| SIGNATURE.contains(&bytes.len()))
            .ok_or(SnsError::Forged("it is none"))
    }

    /// The version of its signature.
    pub(super) fn version(&self) -> Result<u8, SnsError> {
        match &*self.wire.signature_version {
            "1" => Ok(1),
            "2" => Ok(2),
            _ => Err(SnsError::Forged("its version is not known")),
        }
    }

    /// What is signed: the named values in this order, each below its name.
    pub(super) fn signed(&self) -> String {
        let wire = &self.wire;
        let optional = |value: &Option<String>| value.clone();
        let some = |value: &str| Some(value.to_owned());
        let pairs = match self.kind {
            Kind::Notification => vec![
                ("Message", some(&wire.message)),
                ("MessageId", some(&wire.message_id)),
                ("Subject", optional(&wire.subject)),
                ("Timestamp", some(&wire.timestamp)),
            ],
            Kind::Subscribed | Kind::Ended => vec![
                ("Message", some(&wire.message)),
                ("MessageId", some(&wire.message_id)),
                ("SubscribeURL", optional(&wire.subscribe_url)),
                ("Timestamp", some(&wire.timestamp)),
                ("Token", optional(&wire.token)),
            ],
        };
        let last = [
            ("TopicArn", some(&wire.topic_arn)),
            ("Type", some(&wire.kind)),
        ];
        let pairs = pairs.into_iter().chain(last);
        let lines = pairs.filter_map(|(name, value)| Some(format!("{name}\n{}\n", value?)));
        lines.collect()
    }
}

fn has_signature(raw: &[u8]) -> bool {
    let body: Option<serde_json::Value> = serde_json::from_slice(raw).ok();
    body.is_some_and(|body| body.get("Signature").is_some())
}
