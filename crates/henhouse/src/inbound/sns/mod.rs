//! What Amazon SNS sends by HTTPS: whether it is of a topic that the source named, whether Amazon signed it, and the two
//! visits that this needs, to the certificate and to the link that confirms a subscription. Nothing is ever asked of any host but the one
//! that the named topic is at, and no redirect is followed.

mod certificate;
mod envelope;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex as Kept, OnceLock, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{Mutex, Semaphore};

use certificate::Certificate;
pub use envelope::{Envelope, Kind};

/// To reach Amazon, and for the whole answer: SNS itself waits for fifteen seconds.
const CONNECT: Duration = Duration::from_secs(3);
const PATIENCE: Duration = Duration::from_secs(6);
/// A certificate is two kilobytes, the answer to a confirmation less.
const LONGEST_ANSWER: usize = 16 * 1024;
/// There is one certificate in a region, and a second one while they change.
const MOST_KEPT: usize = 32;

/// So many wait for one.
const PLACES: usize = 8;

/// Why a message is not taken.
#[derive(Debug, thiserror::Error)]
pub enum SnsError {
    /// It came without its envelope.
    #[error(
        "This came by raw message delivery, which nobody signs. Switch \"raw message delivery\" off at the subscription in \
         Amazon SNS, or let the topic send to a queue of Amazon SQS that Henhouse asks."
    )]
    Raw,
    /// It is no message of Amazon SNS.
    #[error("This is no message of Amazon SNS: {0}.")]
    Unreadable(&'static str),
    /// Its source does not listen to it.
    #[error(
        "The source does not listen to the topic of this message. Make a source that names the topic's ARN."
    )]
    OtherTopic,
    /// What it names as its certificate is not at Amazon.
    #[error("The certificate of this message is not at the host of its topic.")]
    OtherHost,
    /// Too old, or from the future.
    #[error("The timestamp of this message is more than an hour away from our time.")]
    OutOfTime,
    /// Nobody believes that Amazon signed it.
    #[error("The signature of this message does not hold: {0}.")]
    Forged(&'static str),
    /// Amazon could not be asked.
    #[error("{0} could not be asked just now: {1}.")]
    Unreachable(String, String),
}

/// What is fetched from Amazon, and kept of it.
#[derive(Default)]
pub struct Sns {
    client: OnceLock<reqwest::Client>,
    kept: Kept<BTreeMap<String, Arc<Certificate>>>,
    line: Line,
}

/// One certificate is fetched at a time, and few wait for that: whoever names certificates that are not there holds little memory and
/// makes few requests.
struct Line {
    turn: Mutex<()>,
    places: Semaphore,
}

impl Default for Line {
    fn default() -> Self {
        Self {
            turn: Mutex::new(()),
            places: Semaphore::new(PLACES),
        }
    }
}

impl Sns {
    /// Whether Amazon signed this, lately, for its topic. That the source listens to this topic was looked at before.
    ///
    /// # Errors
    /// [`SnsError`].
    pub async fn verify(&self, envelope: &Envelope, now: Timestamp) -> Result<(), SnsError> {
        envelope.is_of_now(now)?;
        let signature = envelope.signature()?;
        let url = envelope.certificate_url()?;
        let certificate = self.certificate(envelope, url).await?;
        certificate.verify(envelope.version()?, &envelope.signed(), &signature, now)
    }

    /// Visits the link that confirms a subscription. The message was verified before.
    ///
    /// # Errors
    /// [`SnsError`]: the link leads elsewhere, or Amazon did not say yes.
    pub async fn confirm(&self, envelope: &Envelope) -> Result<(), SnsError> {
        let url = envelope.subscribe_url()?;
        self.get(&envelope.host(), url.as_str()).await.map(drop)
    }

    async fn certificate(
        &self,
        envelope: &Envelope,
        url: &str,
    ) -> Result<Arc<Certificate>, SnsError> {
        if let Some(known) = self.known(url) {
            return Ok(known);
        }
        let crowd = || SnsError::Unreachable(envelope.host(), "many ask at once".to_owned());
        let _place = self.line.places.try_acquire().map_err(|_| crowd())?;
        let _turn = self.line.turn.lock().await;
        // Somebody before us in the line may have brought it.
        if let Some(known) = self.known(url) {
            return Ok(known);
        }
        let pem = self.get(&envelope.host(), url).await?;
        let names = envelope.names();
        let certificate = Arc::new(Certificate::read(&pem, &names).map_err(SnsError::Forged)?);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST_KEPT {
            kept.clear();
        }
        kept.insert(url.to_owned(), Arc::clone(&certificate));
        Ok(certificate)
    }

    fn known(&self, url: &str) -> Option<Arc<Certificate>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(url).cloned()
    }

    /// What Amazon answers with 200, if it is short.
    async fn get(&self, host: &str, url: &str) -> Result<Vec<u8>, SnsError> {
        let failed = |why: &str| SnsError::Unreachable(host.to_owned(), why.to_owned());
        let client = match self.client.get() {
            Some(client) => client,
            None => {
                let made = client().map_err(|_| failed("no client for the web can be made"))?;
                self.client.get_or_init(|| made)
            }
        };
        let asked = client.get(url).send().await;
        let mut answer = asked.map_err(|error| {
            failed(match (error.is_timeout(), error.is_connect()) {
                (true, _) => "it did not answer in time",
                (_, true) => "no trusted connection",
                _ => "it broke off",
            })
        })?;
        if answer.status() != reqwest::StatusCode::OK {
            return Err(failed(&format!("it answered {}", answer.status().as_u16())));
        }
        let mut all = Vec::new();
        while let Some(part) = answer.chunk().await.map_err(|_| failed("it broke off"))? {
            if all.len() + part.len() > LONGEST_ANSWER {
                return Err(failed("its answer is too long"));
            }
            all.extend_from_slice(&part);
        }
        Ok(all)
    }

    /// Lets it ask by this client, which may trust others.
    #[cfg(test)]
    pub(crate) fn asks_by(&self, client: reqwest::Client) {
        let _ = self.client.set(client);
    }

    /// How many certificates are kept.
    #[cfg(test)]
    pub(crate) fn keeps(&self) -> usize {
        self.kept.lock().map_or(0, |kept| kept.len())
    }
}

fn client() -> reqwest::Result<reqwest::Client> {
    crate::tls::install_provider();
    reqwest::Client::builder()
        .user_agent(concat!("henhouse/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .https_only(true)
        .connect_timeout(CONNECT)
        .timeout(PATIENCE)
        .build()
}

#[cfg(test)]
mod tests;
