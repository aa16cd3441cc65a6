//! What the channels have in common that post to a web server: one client without redirects, and what an answer, or
//! none, says. Never where it was sent to: a topic or an address of a hook is as good as a password.

use std::path::Path;
use std::time::Duration;

use super::outcome::{Fault, Outcome};

/// Longest wait for a connection and its TLS.
const CONNECT: Duration = Duration::from_secs(5);
/// Longest wait for the whole answer.
const ANSWER: Duration = Duration::from_secs(15);
/// So much of an answer is read.
pub(super) const ANSWER_BYTES: usize = 16 * 1024;

/// Settings of a web server that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    /// No address of the web.
    #[error("{0} is no address: write the whole one, beginning with https:// or http://")]
    Address(String),
    /// A secret would cross a network that anybody may read.
    #[error(
        "{0} is http://, and a secret would go there for anybody to read: use https://, or a server on this machine"
    )]
    Exposed(String),
    /// A file cannot be read.
    #[error("{name} cannot be read: {}: {said}", .path.display())]
    File {
        /// The setting.
        name: String,
        /// The file.
        path: std::path::PathBuf,
        /// What the system said.
        said: std::io::Error,
    },
    /// A secret has another form.
    #[error("{0}")]
    Secret(String),
    /// The client cannot be made.
    #[error("a client for the web cannot be set up: {0}")]
    Client(#[from] reqwest::Error),
}

/// A client that follows no redirect: what is sent goes where the settings say, and nowhere else.
pub(super) fn client() -> Result<reqwest::Client, WebError> {
    crate::tls::install_provider();
    Ok(reqwest::Client::builder()
        .user_agent(concat!("henhouse/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT)
        .timeout(ANSWER)
        .build()?)
}

/// The address that stands under this name in the settings, where nobody else reads what goes there: a link by which a case is
/// taken is as good as a password.
pub(super) fn address(name: &str, said: &str) -> Result<reqwest::Url, WebError> {
    let wrong = || WebError::Address(name.to_owned());
    let url = reqwest::Url::parse(said).map_err(|_| wrong())?;
    if !matches!(url.scheme(), "http" | "https") || url.cannot_be_a_base() {
        return Err(wrong());
    }
    if url.scheme() == "http" && !is_here(&url) {
        return Err(WebError::Exposed(name.to_owned()));
    }
    Ok(url)
}

fn is_here(url: &reqwest::Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let address = host.parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// A secret of one line from its file.
pub(super) fn secret(name: &str, path: &Path) -> Result<String, WebError> {
    let read = std::fs::read_to_string(path).map_err(|said| WebError::File {
        name: name.to_owned(),
        path: path.to_owned(),
        said,
    })?;
    let secret = read.trim();
    if secret.is_empty() || secret.chars().any(|c| c.is_control() || c.is_whitespace()) {
        let path = path.display();
        return Err(WebError::Secret(format!(
            "{name}: {path} holds no secret of one line"
        )));
    }
    Ok(secret.to_owned())
}

/// What it means that no answer came. `peer` is who should have answered, such as `the ntfy server`.
pub(super) fn silence(peer: &str, error: &reqwest::Error) -> Outcome {
    if error.is_connect() {
        // Nothing of the message left.
        let why = match error.is_timeout() {
            true => "cannot be reached: no connection in time",
            false => "cannot be reached",
        };
        return Outcome::Temporary {
            fault: Fault::Channel,
            reason: format!("{peer} {why}"),
        };
    }
    let why = match error.is_timeout() {
        true => "did not answer in time",
        false => "broke off before it answered",
    };
    Outcome::Uncertain {
        reason: format!("{peer} {why}"),
    }
}

/// What an answer other than yes means.
pub(super) fn refusal(peer: &str, status: reqwest::StatusCode) -> Outcome {
    let code = status.as_u16();
    let temporary = |fault, why: &str| Outcome::Temporary {
        fault,
        reason: format!("{peer} answered {code}{why}"),
    };
    match code {
        300..=399 => temporary(
            Fault::Channel,
            ": it leads elsewhere, and nothing is sent there",
        ),
        401 | 407 => temporary(Fault::Channel, ": it does not take our secret"),
        403 => temporary(Fault::Recipient, ": it does not let us write there"),
        408 | 425 | 429 => temporary(Fault::Channel, ""),
        500..=599 => temporary(Fault::Channel, ""),
        _ => Outcome::Rejected {
            receipt: format!("{peer} answered {code}"),
        },
    }
}

/// The beginning of an answer; what comes behind is not read.
pub(super) async fn body(mut answer: reqwest::Response) -> Vec<u8> {
    let mut all = Vec::new();
    while let Ok(Some(part)) = answer.chunk().await {
        let room = ANSWER_BYTES.saturating_sub(all.len());
        all.extend_from_slice(&part[..part.len().min(room)]);
        if all.len() >= ANSWER_BYTES {
            break;
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_leaves_this_machine_by_tls_alone() {
        let with = |said: &str| address("[ntfy] server", said).is_ok();
        assert!(with("https://ntfy.example.org") && with("http://127.0.0.1:80"));
        assert!(with("http://localhost/x") && with("http://[::1]:1"));
        assert!(!with("http://ntfy.example.org") && !with("http://127.0.0.1.evil.example"));
        assert!(!with("ftp://x") && !with("ntfy.example.org") && !with("mailto:x"));
    }
}
