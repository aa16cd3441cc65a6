//! The heartbeat: a request without content to an outside monitor, which raises its alarm when none comes (P12).
//!
//! It is no notice and passes by the outbox: it tells nobody anything, is worth nothing a minute later, and must not be
//! repeated for a time at which nobody was well. See `docs/decisions/who-watches-the-watcher.md`.

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
            Ok(answer) => Err(format!("it answered {}", answer.status().as_u16())),
            Err(error) => Err(error.without_url().to_string()),
        }
    }
}
