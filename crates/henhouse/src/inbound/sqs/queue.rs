//! One queue, asked by the JSON protocol of Amazon SQS.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::{Client, Url};
use serde::Deserialize;
use serde_json::{Value, json};

use super::settings::{SqsError, SqsSettings};
use super::sigv4::{self, Asked};

const CONNECT: Duration = Duration::from_secs(10);
/// So long an empty queue lets us wait, in seconds; the most that there is.
const WAIT_SECONDS: u64 = 20;
/// For the whole of an answer, which begins after the wait above at the latest.
const PATIENCE: Duration = Duration::from_secs(WAIT_SECONDS + 40);
/// So long nobody else is given what we were, in seconds. What could not be kept comes again then.
const HIDDEN_SECONDS: u64 = 60;
/// So many at once: each may be a mebibyte, and they are in memory together.
const AT_ONCE: u64 = 5;
const LONGEST_ANSWER: usize = 32 * 1024 * 1024;
const TYPE: &str = "application/x-amz-json-1.0";

/// A message that was received.
#[derive(Deserialize)]
pub(super) struct Message {
    #[serde(rename = "MessageId")]
    pub(super) id: String,
    #[serde(rename = "ReceiptHandle")]
    pub(super) receipt: String,
    #[serde(rename = "Body")]
    pub(super) body: String,
}

#[derive(Deserialize)]
struct Received {
    #[serde(default, rename = "Messages")]
    messages: Option<Vec<Message>>,
}

pub(super) struct Queue {
    name: String,
    settings: SqsSettings,
    client: Client,
    /// Where its service is.
    service: Url,
    host: String,
    region: String,
}

impl Queue {
    pub(super) fn new(name: &str, settings: &SqsSettings) -> Result<Self, SqsError> {
        let (mut service, region) = settings.address(name)?;
        settings.keys(name)?;
        service.set_path("/");
        let host = service.host_str().unwrap_or_default();
        let host = match service.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        crate::tls::install_provider();
        let client = Client::builder()
            .user_agent(concat!("henhouse/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT)
            .timeout(PATIENCE)
            .build()?;
        Ok(Self {
            name: name.to_owned(),
            settings: settings.clone(),
            client,
            service,
            host,
            region,
        })
    }

    /// What there is, after a wait where there is nothing.
    pub(super) async fn receive(&self, now: Timestamp) -> Result<Vec<Message>, String> {
        let body = json!({
            "QueueUrl": self.settings.queue, "MaxNumberOfMessages": AT_ONCE,
            "WaitTimeSeconds": WAIT_SECONDS, "VisibilityTimeout": HIDDEN_SECONDS,
        });
        let answer = self.ask("ReceiveMessage", &body, now).await?;
        let received: Received = serde_json::from_slice(&answer)
            .map_err(|_| "its answer is not one of Amazon SQS".to_owned())?;
        Ok(received.messages.unwrap_or_default())
    }

    /// Takes a message off.
    pub(super) async fn delete(&self, receipt: &str, now: Timestamp) -> Result<(), String> {
        let body = json!({ "QueueUrl": self.settings.queue, "ReceiptHandle": receipt });
        let deleted = self.ask("DeleteMessage", &body, now).await;
        deleted.map(drop)
    }

    async fn ask(&self, action: &str, body: &Value, now: Timestamp) -> Result<Vec<u8>, String> {
        let keys = self.settings.keys(&self.name);
        let keys = keys.map_err(|error| error.to_string())?;
        let (body, date) = (body.to_string(), sigv4::date(now));
        let target = format!("AmazonSQS.{action}");
        let mut headers = vec![
            ("content-type", TYPE),
            ("host", &*self.host),
            ("x-amz-date", &*date),
        ];
        if let Some(token) = &keys.token {
            headers.push(("x-amz-security-token", token));
        }
        headers.push(("x-amz-target", &*target));
        let asked = Asked {
            method: "POST",
            path: "/",
            query: "",
            headers: &headers,
            body: body.as_bytes(),
        };
        let scope = (&*self.region, "sqs");
        let authorization = sigv4::authorization(&asked, &keys, &date, scope);
        let mut request = self.client.post(self.service.clone());
        // The client writes `host` itself, as it stands here.
        for (name, value) in headers.iter().filter(|(name, _)| *name != "host") {
            request = request.header(*name, *value);
        }
        let request = request.header("authorization", authorization).body(body);
        let answer = request.send().await.map_err(|error| {
            let why = match (error.is_timeout(), error.is_connect()) {
                (true, _) => "it did not answer in time",
                (_, true) => "it cannot be reached",
                _ => "it broke off before it answered",
            };
            why.to_owned()
        })?;
        let status = answer.status();
        let all = whole(answer).await?;
        match status.as_u16() {
            200 => Ok(all),
            code => Err(refusal(code, &all)),
        }
    }
}

async fn whole(mut answer: reqwest::Response) -> Result<Vec<u8>, String> {
    let mut all = Vec::new();
    let broke = |_| "it broke off in its answer".to_owned();
    while let Some(part) = answer.chunk().await.map_err(broke)? {
        if all.len() + part.len() > LONGEST_ANSWER {
            return Err("its answer is too long".to_owned());
        }
        all.extend_from_slice(&part);
    }
    Ok(all)
}

/// What it means that it did not say yes: the name of the error, never the words, which may tell of keys.
fn refusal(code: u16, body: &[u8]) -> String {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let kind = body["__type"].as_str().unwrap_or_default();
    let kind = kind.rsplit('#').next().unwrap_or_default();
    let plain = kind.len() <= 80 && kind.chars().all(|c| c.is_ascii_alphanumeric() || c == '.');
    match (plain && !kind.is_empty(), code) {
        (true, _) => format!("it answered {code}: {kind}"),
        (false, 301..=399) => {
            format!("it answered {code}: it leads elsewhere, and nothing is asked there")
        }
        _ => format!("it answered {code}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_its_kind_and_repeats_nothing_that_was_sent() {
        let body = br#"{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"AKID SEKRET"}"#;
        assert_eq!(refusal(400, body), "it answered 400: QueueDoesNotExist");
        let odd = br#"{"__type":"<b>SEKRET</b>"}"#;
        assert_eq!(refusal(403, odd), "it answered 403");
        assert_eq!(refusal(500, b"\xff"), "it answered 500");
    }
}
