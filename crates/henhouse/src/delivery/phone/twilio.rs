//! Twilio: Messages.json for text messages, Calls.json with the words of the call in the request. It has no key for
//! doubles. With `answers` it is told where to say what became of each, and what was pressed.

use std::path::PathBuf;

use serde::Deserialize;
use zeroize::Zeroizing;

use super::{Manner, PhoneError, dialled, form, xml};
use crate::delivery::http::{self, WebError};
use crate::delivery::message::MailMessage;
use crate::delivery::outcome::{Fault, Outcome};
use crate::report::phone::asks_for_a_key;

const PEER: &str = "Twilio";
/// So long Twilio may go on trying to hand over a text message, in seconds: a page of yesterday calls nobody.
const VALID_SECONDS: &str = "600";
/// So long a telephone rings, in seconds.
const RING_SECONDS: &str = "45";
/// Errors that are the number's and no fault of ours: it is none, or it wants nothing from us.
const NEVER: [u64; 9] = [
    13_223, 13_224, 21_211, 21_214, 21_215, 21_217, 21_610, 21_612, 21_614,
];

/// `[sms.twilio]` or `[voice.twilio]` of the settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TwilioSettings {
    /// The account's SID.
    pub account: String,
    /// File that holds its auth token.
    pub token_file: PathBuf,
    /// The number that sends or calls, or the SID of a messaging service.
    pub from: String,
    /// Twilio reaches `base_url`: answers by key or text message count, and receipts come.
    #[serde(default)]
    pub answers: bool,
    /// Where Twilio is.
    #[serde(default = "server")]
    pub server: String,
}

fn server() -> String {
    "https://api.twilio.com".to_owned()
}

/// Sends by one account.
pub struct TwilioSender {
    http: reqwest::Client,
    manner: Manner,
    at: reqwest::Url,
    account: String,
    token: Zeroizing<String>,
    from: String,
    /// Where we are, if Twilio is to say what becomes of it.
    answers: Option<String>,
}

impl TwilioSettings {
    /// The token, which is also what Twilio signs with.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn token(&self, manner: Manner) -> Result<Zeroizing<String>, WebError> {
        let name = format!("[{}.twilio] token_file", manner.word());
        http::secret(&name, &self.token_file).map(Zeroizing::new)
    }
}

impl TwilioSender {
    pub(super) fn new(
        manner: Manner,
        settings: &TwilioSettings,
        base_url: &str,
    ) -> Result<Self, PhoneError> {
        let name = |field: &str| format!("[{}.twilio] {field}", manner.word());
        let account = &settings.account;
        if account.is_empty() || !account.chars().all(|c| c.is_ascii_alphanumeric()) {
            let name = name("account");
            return Err(PhoneError::Form(format!(
                "{name} is no SID of an account: AC and 32 digits"
            )));
        }
        let mut at = http::address(&name("server"), &settings.server)?;
        let what = match manner {
            Manner::Sms => "Messages.json",
            Manner::Voice => "Calls.json",
        };
        at.set_path(&format!("/2010-04-01/Accounts/{account}/{what}"));
        Ok(Self {
            http: http::client()?,
            manner,
            at,
            account: account.clone(),
            token: settings.token(manner)?,
            from: settings.from.clone(),
            answers: settings
                .answers
                .then(|| base_url.trim_end_matches('/').to_owned()),
        })
    }

    pub(super) fn hears_answers(&self) -> bool {
        self.answers.is_some()
    }

    pub(super) async fn send(&self, message: &MailMessage) -> Outcome {
        let request = self
            .http
            .post(self.at.clone())
            .basic_auth(&self.account, Some(self.token.as_str()))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(self.body(message));
        match request.send().await {
            Ok(answer) => self.meaning(answer).await,
            Err(error) => http::silence(PEER, &error),
        }
    }

    fn body(&self, message: &MailMessage) -> String {
        let (to, notice) = (dialled(&message.to.address), &message.notice_id);
        let hook = |what: &str| {
            let base = self.answers.as_ref()?;
            Some(format!("{base}/hooks/twilio/{what}/{notice}"))
        };
        let (status, words) = (hook("status"), self.words(message, hook("key").as_deref()));
        let mut fields = vec![("To", to.as_str())];
        match self.manner {
            Manner::Sms if self.from.starts_with("MG") => {
                fields.push(("MessagingServiceSid", &self.from));
            }
            _ => fields.push(("From", &self.from)),
        }
        match self.manner {
            Manner::Sms => fields.extend([("Body", &*words), ("ValidityPeriod", VALID_SECONDS)]),
            Manner::Voice => fields.extend([("Twiml", &*words), ("Timeout", RING_SECONDS)]),
        }
        if let Some(status) = &status {
            fields.push(("StatusCallback", status));
        }
        form(&fields)
    }

    fn words(&self, message: &MailMessage, key: Option<&str>) -> String {
        let text = &message.text;
        match self.manner {
            Manner::Sms => text.trim_end().to_owned(),
            Manner::Voice => twiml(text.trim_end(), key.filter(|_| asks_for_a_key(text))),
        }
    }

    async fn meaning(&self, answer: reqwest::Response) -> Outcome {
        let status = answer.status();
        let said: Option<serde_json::Value> =
            serde_json::from_slice(&http::body(answer).await).ok();
        let said = said.unwrap_or_default();
        if status.is_success() {
            let id = said["sid"].as_str().unwrap_or_default();
            let is_plain = id.len() <= 64 && id.chars().all(|c| c.is_ascii_alphanumeric());
            let id = if is_plain { id } else { "" };
            let receipt = format!("{} {id}", status.as_u16()).trim_end().to_owned();
            return match said["status"].as_str() {
                Some("failed" | "undelivered" | "canceled") => Outcome::Rejected { receipt },
                _ => Outcome::Handed { receipt },
            };
        }
        // Its sentence repeats the number; its code says as much.
        match (status.as_u16(), said["code"].as_u64()) {
            (400, Some(code)) if NEVER.contains(&code) => Outcome::Rejected {
                receipt: format!("{PEER} answered 400 (error {code})"),
            },
            (code @ (400 | 404), error) => Outcome::Temporary {
                fault: Fault::Channel,
                reason: match error {
                    Some(error) => format!("{PEER} answered {code} (error {error})"),
                    None => format!("{PEER} answered {code}"),
                },
            },
            _ => http::refusal(PEER, status),
        }
    }
}

/// The words of a call, said twice, and where a key is told.
#[must_use]
pub fn twiml(text: &str, key: Option<&str>) -> String {
    let say = format!("<Say>{}</Say>", xml(text));
    match key {
        None => format!("<Response>{say}<Pause length=\"1\"/>{say}</Response>"),
        Some(key) => format!(
            "<Response><Gather input=\"dtmf\" numDigits=\"1\" timeout=\"8\" action=\"{}\" method=\"POST\">{say}<Pause length=\"2\"/>{say}</Gather><Say>Nothing was pressed. The next person is called.</Say></Response>",
            xml(key)
        ),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;
    use crate::delivery::message::sample;

    /// A server that reads one request and answers this; what it read comes back.
    async fn peer(answer: String) -> (String, tokio::task::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let read = tokio::spawn(async move {
            let (mut peer, _) = listener.accept().await.unwrap();
            let mut all = String::new();
            loop {
                let mut some = [0; 8_192];
                let n = peer.read(&mut some).await.unwrap();
                all.push_str(std::str::from_utf8(&some[..n]).unwrap());
                let length = all
                    .lines()
                    .find_map(|line| line.strip_prefix("content-length: "));
                let length = length.and_then(|length| length.parse::<usize>().ok());
                let body = all.split_once("\r\n\r\n").map(|(_, body)| body.len());
                if length.is_some() && body == length {
                    break;
                }
            }
            let _ = peer.write_all(answer.as_bytes()).await;
            all
        });
        (format!("http://{at}"), read)
    }

    fn sender(manner: Manner, server: String) -> TwilioSender {
        let folder = tempfile::tempdir().unwrap();
        let token_file = folder.path().join("token");
        std::fs::write(&token_file, "SEKRET\n").unwrap();
        let settings = TwilioSettings {
            account: "AC0123".to_owned(),
            token_file,
            from: "+15005550006".to_owned(),
            answers: true,
            server,
        };
        TwilioSender::new(manner, &settings, "https://hen.example/").unwrap()
    }

    fn page() -> MailMessage {
        let mut page = sample("n1");
        page.to.address = "+1 555 0100".to_owned();
        page.text =
            "H H 1 <needs> you & \"more\". Press 4 to take it, 5 to pass it on, star to hear it \
                     again, 0 for the duty phone."
                .to_owned();
        page
    }

    fn said(status: &str, body: &str) -> String {
        let length = body.len();
        format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\n\r\n{body}")
    }

    #[tokio::test]
    async fn a_call_has_its_words_its_keys_and_where_to_tell_what_became_of_it() {
        let (at, read) = peer(said(
            "201 Created",
            "{\"sid\":\"CA1\",\"status\":\"queued\"}",
        ))
        .await;
        let outcome = sender(Manner::Voice, at).send(&page()).await;
        let read = read.await.unwrap();
        assert!(
            read.starts_with("POST /2010-04-01/Accounts/AC0123/Calls.json HTTP/1.1"),
            "{read}"
        );
        assert!(!read.contains("SEKRET"), "{read}");
        let body = read.split_once("\r\n\r\n").unwrap().1;
        let url = reqwest::Url::parse(&format!("http://x/?{body}")).unwrap();
        let fields: std::collections::BTreeMap<_, _> = url.query_pairs().into_owned().collect();
        assert_eq!(fields["To"], "+15550100");
        assert_eq!(
            fields["StatusCallback"],
            "https://hen.example/hooks/twilio/status/n1"
        );
        let twiml = &fields["Twiml"];
        assert!(
            twiml.contains("action=\"https://hen.example/hooks/twilio/key/n1\""),
            "{twiml}"
        );
        assert!(
            twiml.contains("H H 1 &lt;needs&gt; you &amp; &quot;more&quot;."),
            "{twiml}"
        );
        assert_eq!(
            outcome,
            Outcome::Handed {
                receipt: "201 CA1".to_owned()
            }
        );
    }

    #[test]
    fn what_asks_for_no_key_waits_for_none() {
        let sender = sender(Manner::Voice, server());
        let mut bundle = page();
        bundle.text = "HH-17 and 14 more wait: https://hen.example/\n".to_owned();
        assert!(sender.body(&page()).contains("Gather"));
        let body = sender.body(&bundle);
        assert!(
            !body.contains("Gather") && body.contains("status%2Fn1"),
            "{body}"
        );
    }

    #[tokio::test]
    async fn whose_fault_it_is_shows_by_its_code_and_its_sentence_is_never_kept() {
        let refused = |code: u32| {
            format!(
                "{{\"code\":{code},\"message\":\"The 'To' number +15550100 SEKRET\",\"status\":400}}"
            )
        };
        let all = [
            (said("400 Bad", &refused(21_211)), "rejected", true),
            (said("400 Bad", &refused(21_610)), "rejected", true),
            (said("400 Bad", &refused(21_212)), "temporary", false),
            (said("404 Not", &refused(20_404)), "temporary", false),
            (said("401 No", &refused(20_003)), "temporary", false),
            (said("429 Many", &refused(20_429)), "temporary", false),
            (said("503 Later", "{}"), "temporary", false),
            (
                said("201 Created", "{\"sid\":\"SM1\",\"status\":\"failed\"}"),
                "rejected",
                true,
            ),
            (String::new(), "uncertain", false),
        ];
        for (answer, word, works) in all {
            let (at, _read) = peer(answer.clone()).await;
            let outcome = sender(Manner::Sms, at).send(&page()).await;
            assert_eq!(
                (outcome.word(), outcome.channel_works()),
                (word, works),
                "{answer}: {outcome:?}"
            );
            let told = format!("{outcome:?}");
            assert!(
                !told.contains("SEKRET") && !told.contains("5550100"),
                "{told}"
            );
        }
    }
}
