//! ntfy: a short message to a topic of one server, which the settings name. A person gives a topic and never an address.
//!
//! The topic goes in the body and not in the address, so that it stands in no log of a proxy. The notice's id goes along as
//! the sequence id: a server from 2.16 on shows a message that comes twice once.

use std::path::PathBuf;

use procedure::basis::Marking;
use serde::Deserialize;
use serde_json::json;

use super::http::{self, WebError};
use super::message::MailMessage;
use super::outcome::{Fault, Outcome};

const PEER: &str = "the ntfy server";
/// ntfy makes an attachment of what is longer, in bytes.
const TEXT_BYTES: usize = 4_000;
/// Rings through on a telephone that is set so.
const URGENT: u8 = 5;
const ORDINARY: u8 = 3;

/// `[ntfy]` of the settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NtfySettings {
    /// The server, such as `https://ntfy.example.org`.
    pub server: String,
    /// File that holds an access token; without it the server takes messages from anybody.
    pub token_file: Option<PathBuf>,
    /// Up to which marking a message says what it is about; left out, it never does.
    pub content_up_to: Option<Marking>,
}

/// Sends to topics of one server.
pub struct NtfySender {
    http: reqwest::Client,
    server: reqwest::Url,
    token: Option<String>,
}

impl NtfySender {
    /// Reads the token and checks the settings; opens no connection.
    ///
    /// # Errors
    /// [`WebError`], each with what to change.
    pub fn new(settings: &NtfySettings) -> Result<Self, WebError> {
        let token = settings.token_file.as_deref();
        let token = token
            .map(|path| http::secret("[ntfy] token_file", path))
            .transpose()?;
        let mut server = http::address("[ntfy] server", &settings.server)?;
        if !server.path().ends_with('/') {
            let path = format!("{}/", server.path());
            server.set_path(&path);
        }
        Ok(Self {
            http: http::client()?,
            server,
            token,
        })
    }

    /// Whether the server says that it is well; nothing is sent.
    pub async fn probe(&self) -> Outcome {
        let Ok(at) = self.server.join("v1/health") else {
            return Outcome::Rejected {
                receipt: "the address of the ntfy server cannot be used".to_owned(),
            };
        };
        match self.http.get(at).send().await {
            Ok(answer) if answer.status().is_success() => Outcome::Accepted {
                receipt: "well".to_owned(),
            },
            Ok(answer) => Outcome::Temporary {
                fault: Fault::Channel,
                reason: format!("{PEER} answered {}", answer.status().as_u16()),
            },
            Err(error) => match http::silence(PEER, &error) {
                // Nothing was sent, so nothing is in doubt.
                Outcome::Uncertain { reason } => Outcome::Temporary {
                    fault: Fault::Channel,
                    reason,
                },
                outcome => outcome,
            },
        }
    }

    /// One attempt; never panics, never retries.
    pub async fn send(&self, message: &MailMessage, urgent: bool) -> Outcome {
        let mut body = json!({
            "topic": message.to.address,
            "title": message.subject,
            "message": cut(&message.text),
            "priority": if urgent { URGENT } else { ORDINARY },
            "tags": [if urgent { "rotating_light" } else { "hatching_chick" }],
            "sequence_id": message.notice_id.replace('-', ""),
        });
        if let Some(link) = &message.link {
            body["click"] = link.as_str().into();
            // Opening a page changes nothing; what is pressed there does.
            let label = if urgent {
                "Take it or pass it on"
            } else {
                "Open"
            };
            body["actions"] = json!([{ "action": "view", "label": label, "url": link }]);
        }
        let mut request = self.http.post(self.server.clone()).json(&body);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        match request.send().await {
            Ok(answer) if answer.status().is_success() => accepted(answer).await,
            Ok(answer) => http::refusal(PEER, answer.status()),
            Err(error) => http::silence(PEER, &error),
        }
    }
}

/// The server's own id is the receipt. It repeats the topic, which is not kept.
async fn accepted(answer: reqwest::Response) -> Outcome {
    let status = answer.status().as_u16();
    let said: Option<serde_json::Value> = serde_json::from_slice(&http::body(answer).await).ok();
    let id = said.as_ref().and_then(|said| said["id"].as_str());
    let plain = |id: &&str| id.len() <= 64 && id.chars().all(|c| c.is_ascii_alphanumeric());
    Outcome::Accepted {
        receipt: match id.filter(plain) {
            Some(id) => format!("{status} {id}"),
            None => status.to_string(),
        },
    }
}

fn cut(text: &str) -> &str {
    let mut end = text.len().min(TEXT_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].trim_end()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;
    use crate::delivery::message::sample;

    /// A server that reads one request and answers this; what it read comes back.
    async fn peer(answer: &'static str) -> (String, tokio::task::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let read = tokio::spawn(async move {
            let (mut peer, _) = listener.accept().await.unwrap();
            let mut all = String::new();
            while !all.ends_with('}') {
                let mut some = [0; 4_096];
                let n = peer.read(&mut some).await.unwrap();
                all.push_str(std::str::from_utf8(&some[..n]).unwrap());
            }
            let _ = peer.write_all(answer.as_bytes()).await;
            all
        });
        (format!("http://{at}/push"), read)
    }

    fn sender(server: String, token: Option<&str>) -> NtfySender {
        let folder = tempfile::tempdir().unwrap();
        let token_file = token.map(|token| {
            let path = folder.path().join("token");
            std::fs::write(&path, format!("{token}\n")).unwrap();
            path
        });
        let settings = NtfySettings {
            server,
            token_file,
            content_up_to: None,
        };
        NtfySender::new(&settings).unwrap()
    }

    fn page() -> MailMessage {
        let mut page = sample("01890000-0000-7000-8000-000000000001");
        page.to.address = "jane-SEKRET".to_owned();
        page.link = Some("https://hen.example/ack/x".to_owned());
        page
    }

    #[tokio::test]
    async fn a_page_goes_with_its_token_its_link_and_its_id_and_the_topic_is_kept_by_nobody() {
        let answer = "HTTP/1.1 200 OK\r\ncontent-length: 41\r\n\r\n{\"id\":\"hwQ2YpKdmg\",\"topic\":\"jane-SEKRET\"}";
        let (at, read) = peer(answer).await;
        let outcome = sender(at, Some("tk_1")).send(&page(), true).await;
        let read = read.await.unwrap();
        let (head, body) = read.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("POST /push/ HTTP/1.1\r\n"), "{head}");
        assert!(
            head.to_lowercase().contains("authorization: bearer tk_1"),
            "{head}"
        );
        assert!(!head.contains("SEKRET"), "{head}");
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!(body["topic"], "jane-SEKRET");
        assert_eq!(body["title"], "HH-142 High: please take it by 03:22 UTC");
        assert_eq!(
            (&body["priority"], &body["click"]),
            (&json!(5), &json!("https://hen.example/ack/x"))
        );
        assert_eq!(
            body["actions"][0]["action"], "view",
            "a look changes nothing"
        );
        assert_eq!(body["sequence_id"], "01890000000070008000000000000001");
        assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
        assert!(outcome.receipt().starts_with("200"), "{outcome:?}");
        assert!(!outcome.receipt().contains("SEKRET"), "{outcome:?}");
    }

    #[tokio::test]
    async fn each_failure_says_what_it_is_and_never_where() {
        let all = [
            (
                "HTTP/1.1 307 T\r\nlocation: http://127.0.0.1:9/SEKRET\r\ncontent-length: 0\r\n\r\n",
                "temporary",
                "leads elsewhere",
            ),
            (
                "HTTP/1.1 401 U\r\ncontent-length: 0\r\n\r\n",
                "temporary",
                "does not take our secret",
            ),
            (
                "HTTP/1.1 403 F\r\ncontent-length: 0\r\n\r\n",
                "temporary",
                "does not let us write there",
            ),
            (
                "HTTP/1.1 429 T\r\ncontent-length: 0\r\n\r\n",
                "temporary",
                "429",
            ),
            (
                "HTTP/1.1 500 E\r\ncontent-length: 0\r\n\r\n",
                "temporary",
                "500",
            ),
            (
                "HTTP/1.1 400 B\r\ncontent-length: 0\r\n\r\n",
                "rejected",
                "400",
            ),
            ("", "uncertain", "broke off"),
            ("nonsense", "uncertain", "broke off"),
        ];
        for (answer, word, said) in all {
            let (at, _read) = peer(answer).await;
            let outcome = sender(at, None).send(&page(), true).await;
            assert_eq!(outcome.word(), word, "{answer}: {outcome:?}");
            assert!(outcome.receipt().contains(said), "{outcome:?}");
            let told = format!("{outcome:?}");
            assert!(
                !told.contains("SEKRET") && !told.contains("127.0.0.1"),
                "{told}"
            );
        }
        let outcome = sender("http://127.0.0.1:9".to_owned(), None)
            .send(&page(), true)
            .await;
        assert_eq!(
            (outcome.word(), outcome.channel_works()),
            ("temporary", false),
            "{outcome:?}"
        );
    }
}
