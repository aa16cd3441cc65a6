//! The heartbeat: a request without content to an outside monitor, which raises its alarm when none comes (P12).
//!
//! It is no notice and passes by the outbox: it tells nobody anything, is worth nothing a minute later, and must not be
//! repeated for a time at which nobody was well. See `docs/decisions/who-watches-the-watcher.md`.

use std::io::ErrorKind;
use std::time::Duration;

use serde::Deserialize;

/// How long the monitor may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Seconds between two beats when nothing is said: a monitor that waits for a minute notices within two.
const EVERY: u64 = 30;

/// `[watcher]` of the settings.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BeatSettings {
    /// The monitor's address for this node, such as `https://monitor.example.org/ping/…`. It is asked for by GET while all
    /// is well; whoever knows it could keep the monitor calm, so it is never shown.
    pub beat: String,
    /// Seconds between two beats, 1 to 60.
    #[serde(default = "every")]
    pub every_seconds: u64,
}

fn every() -> u64 {
    EVERY
}

impl std::fmt::Debug for BeatSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BeatSettings").finish_non_exhaustive()
    }
}

/// Settings of the heartbeat that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BeatError {
    /// No address of the web.
    #[error(
        "[watcher] beat is no address: write the whole one, beginning with https:// or http://"
    )]
    Address,
    /// Too seldom for an alarm within two minutes, or too often.
    #[error("[watcher] every_seconds is {0}: choose 1 to 60")]
    Every(u64),
    /// The client cannot be made.
    #[error("the heartbeat cannot be set up: {0}")]
    Client(#[from] reqwest::Error),
}

/// Sends heartbeats.
pub struct Beat {
    http: reqwest::Client,
    url: reqwest::Url,
    every: Duration,
}

impl Beat {
    /// A heartbeat by these settings.
    ///
    /// # Errors
    /// [`BeatError`].
    pub fn new(settings: &BeatSettings) -> Result<Self, BeatError> {
        let url = reqwest::Url::parse(&settings.beat).map_err(|_| BeatError::Address)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(BeatError::Address);
        }
        if !(1..=60).contains(&settings.every_seconds) {
            return Err(BeatError::Every(settings.every_seconds));
        }
        crate::tls::install_provider();
        let http = reqwest::Client::builder()
            .user_agent(concat!("henhouse/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .build()?;
        let every = Duration::from_secs(settings.every_seconds);
        Ok(Self { http, url, every })
    }

    /// How much time passes between two beats.
    #[must_use]
    pub fn every(&self) -> Duration {
        self.every
    }

    /// Sends one. What the monitor says in its answer is not read.
    ///
    /// # Errors
    /// No answer, or no good one, in a sentence without the address.
    pub async fn send(&self) -> Result<(), String> {
        let sent = self.http.get(self.url.clone()).send().await;
        match sent {
            Ok(answer) if answer.status().is_success() => Ok(()),
            Ok(answer) => Err(format!("the monitor answered {}", answer.status().as_u16())),
            Err(error) => Err(why(&error)),
        }
    }
}

/// What went wrong, so that whoever reads it knows where to look. Never the address: whoever knows it could keep the
/// monitor calm.
fn why(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return format!(
            "the monitor did not answer within {} seconds",
            PATIENCE.as_secs()
        );
    }
    let mut causes = Vec::new();
    let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(error);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<std::io::Error>() {
            match error.kind() {
                ErrorKind::ConnectionRefused => {
                    return "the monitor refuses connections: nothing listens there".to_owned();
                }
                ErrorKind::ConnectionReset | ErrorKind::BrokenPipe | ErrorKind::UnexpectedEof => {
                    return "the monitor closed the connection before it answered".to_owned();
                }
                ErrorKind::NetworkUnreachable | ErrorKind::HostUnreachable => {
                    return "there is no way to the monitor from here".to_owned();
                }
                _ => {}
            }
        }
        causes.push(error.to_string());
        cause = error.source();
    }
    let words = causes.join(": ");
    if words.contains("dns error") || words.contains("lookup") {
        return "the name of the monitor is not found".to_owned();
    }
    if words.contains("connection closed") || words.contains("IncompleteMessage") {
        return "the monitor closed the connection before it answered".to_owned();
    }
    if words.contains("certificate") || words.contains("tls") || words.contains("TLS") {
        return "the monitor shows a certificate that is not trusted, or speaks no TLS".to_owned();
    }
    match error.is_connect() {
        true => "the monitor cannot be reached".to_owned(),
        false => "the monitor broke off, or answered what is no HTTP".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    /// What is said of a monitor at this address.
    async fn said(beat: String) -> String {
        let settings = BeatSettings {
            beat,
            every_seconds: 30,
        };
        Beat::new(&settings).unwrap().send().await.unwrap_err()
    }

    /// A monitor that reads a little and answers this.
    async fn monitor(answer: &'static [u8]) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        tokio::spawn(async move {
            let (mut peer, _) = listener.accept().await.unwrap();
            let mut some = [0; 1024];
            let _ = peer.read(&mut some).await;
            let _ = peer.write_all(answer).await;
        });
        format!("http://{at}/SEKRET")
    }

    #[tokio::test]
    async fn each_failure_of_a_heartbeat_says_what_it_is_and_never_where() {
        let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = closed.local_addr().unwrap();
        drop(closed);
        let all = [
            (format!("http://{at}/SEKRET"), "refuses connections"),
            (
                "http://nobody.invalid/SEKRET".to_owned(),
                "name of the monitor is not found",
            ),
            (
                monitor(b"HTTP/1.1 503 Away\r\ncontent-length: 0\r\n\r\n").await,
                "answered 503",
            ),
            (monitor(b"").await, "closed the connection"),
            (monitor(b"").await.replace("http:", "https:"), "the monitor"),
        ];
        for (beat, words) in all {
            let said = said(beat.clone()).await;
            assert!(said.contains(words), "{beat}: {said}");
            assert!(
                !said.contains("SEKRET") && !said.contains("127.0.0.1"),
                "{said}"
            );
        }
    }
}
