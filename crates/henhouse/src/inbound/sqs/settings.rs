//! How a queue is reached: from `[sqs.name]`. Keys are read from files or from the environment, anew for each look, and stand in no
//! message.

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use reqwest::Url;
use serde::Deserialize;
use zeroize::Zeroizing;

/// `[sqs.name]` of the settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SqsSettings {
    /// The queue's address, such as `https://sqs.eu-central-1.amazonaws.com/123456789012/alerts`.
    pub queue: String,
    /// The id of the alert source, of the sender `sqs`, whose alerts these are.
    pub source: String,
    /// Its region; what the address says, and else `AWS_REGION`, if nothing is said.
    pub region: Option<String>,
    /// A file with the access key's id; `AWS_ACCESS_KEY_ID` if nothing is said.
    pub access_key_file: Option<PathBuf>,
    /// A file with the secret key; `AWS_SECRET_ACCESS_KEY` (and `AWS_SESSION_TOKEN`) if nothing is said.
    pub secret_key_file: Option<PathBuf>,
}

/// Settings of a queue that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SqsError {
    /// It is no queue's address.
    #[error(
        "[sqs.{0}] queue is no address of a queue: write the whole one, such as https://sqs.eu-central-1.amazonaws.com/123456789012/alerts"
    )]
    Address(String),
    /// What is signed could be read by everybody.
    #[error(
        "[sqs.{0}] queue is http://, and alerts would cross the network for anybody to read: use https://, or a server on this machine"
    )]
    Exposed(String),
    /// Nobody says where it is.
    #[error(
        "[sqs.{0}]: the address of the queue names no region: add region = \"eu-central-1\", or whichever it is"
    )]
    Region(String),
    /// There are no keys.
    #[error(
        "[sqs.{0}]: there are no keys: name access_key_file and secret_key_file, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    )]
    NoKeys(String),
    /// One without the other.
    #[error(
        "[sqs.{0}]: access_key_file and secret_key_file belong together: give both, or neither"
    )]
    Half(String),
    /// A key cannot be read.
    #[error("[sqs.{name}]: {} cannot be read, or holds no key of one line", .path.display())]
    File {
        /// Of the queue.
        name: String,
        /// The file.
        path: PathBuf,
    },
    /// The client cannot be made.
    #[error("a client for the web cannot be set up: {0}")]
    Client(#[from] reqwest::Error),
}

/// Who asks.
pub(super) struct Keys {
    pub(super) id: String,
    pub(super) secret: Zeroizing<String>,
    pub(super) token: Option<String>,
}

impl SqsSettings {
    /// The address of the queue, and its region.
    pub(super) fn address(&self, name: &str) -> Result<(Url, String), SqsError> {
        let wrong = || SqsError::Address(name.to_owned());
        let url = Url::parse(&self.queue).map_err(|_| wrong())?;
        let plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
        let is_web = matches!(url.scheme(), "http" | "https") && url.host_str().is_some();
        if !plain || !is_web || url.path().len() < 2 {
            return Err(wrong());
        }
        let host = url.host_str().unwrap_or_default();
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let address = bare.parse::<IpAddr>();
        let is_here = host == "localhost" || address.is_ok_and(|address| address.is_loopback());
        if url.scheme() == "http" && !is_here {
            return Err(SqsError::Exposed(name.to_owned()));
        }
        let of_host = host
            .strip_prefix("sqs.")
            .and_then(|rest| rest.split_once('.'));
        let of_host = of_host.filter(|(_, rest)| rest.starts_with("amazonaws.com"));
        let region = self.region.clone();
        let region = region.or_else(|| of_host.map(|(region, _)| region.to_owned()));
        let region = region.or_else(|| variable("AWS_REGION"));
        let region = region.ok_or_else(|| SqsError::Region(name.to_owned()))?;
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        match !region.is_empty() && region.chars().all(fits) {
            true => Ok((url, region)),
            false => Err(SqsError::Region(name.to_owned())),
        }
    }

    /// The keys as they are now: files that somebody changed are believed at once.
    pub(super) fn keys(&self, name: &str) -> Result<Keys, SqsError> {
        match (&self.access_key_file, &self.secret_key_file) {
            (Some(id), Some(secret)) => Ok(Keys {
                id: line(name, id)?,
                secret: Zeroizing::new(line(name, secret)?),
                token: None,
            }),
            (None, None) => {
                let both = variable("AWS_ACCESS_KEY_ID").zip(variable("AWS_SECRET_ACCESS_KEY"));
                let (id, secret) = both.ok_or_else(|| SqsError::NoKeys(name.to_owned()))?;
                Ok(Keys {
                    id,
                    secret: Zeroizing::new(secret),
                    token: variable("AWS_SESSION_TOKEN"),
                })
            }
            _ => Err(SqsError::Half(name.to_owned())),
        }
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The one line of a file with a key.
fn line(name: &str, path: &Path) -> Result<String, SqsError> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let line = text.trim();
    if line.is_empty() || line.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(SqsError::File {
            name: name.to_owned(),
            path: path.to_owned(),
        });
    }
    Ok(line.to_owned())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]
mod tests {
    use super::*;

    fn at(queue: &str) -> SqsSettings {
        SqsSettings {
            queue: queue.to_owned(),
            source: "s".to_owned(),
            region: None,
            access_key_file: None,
            secret_key_file: None,
        }
    }

    #[test]
    fn the_region_stands_in_the_address_or_is_asked_for() {
        let amazon = at("https://sqs.eu-central-1.amazonaws.com/123456789012/alerts");
        assert_eq!(amazon.address("q").unwrap().1, "eu-central-1");
        let china = at("https://sqs.cn-north-1.amazonaws.com.cn/123456789012/alerts");
        assert_eq!(china.address("q").unwrap().1, "cn-north-1");
        let own = SqsSettings {
            region: Some("eu-west-1".to_owned()),
            ..at("http://127.0.0.1:1/1/alerts")
        };
        assert_eq!(own.address("q").unwrap().1, "eu-west-1");
        if variable("AWS_REGION").is_none() {
            let none = at("https://sqs.eu-central-1.example.org/1/alerts");
            assert!(matches!(none.address("q"), Err(SqsError::Region(_))));
        }
    }

    #[test]
    fn what_is_no_queue_is_refused_in_a_sentence_without_it() {
        for odd in [
            "",
            "alerts",
            "https://sqs.eu-central-1.amazonaws.com",
            "https://sqs.eu-central-1.amazonaws.com/1/a?x",
            "https://key:SEKRET@sqs.eu-central-1.amazonaws.com/1/a",
            "ftp://sqs.eu-central-1.amazonaws.com/1/a",
            "http://sqs.eu-central-1.amazonaws.com/1/a",
            "http://127.0.0.1.evil.example/1/a",
        ] {
            let said = at(odd).address("q").unwrap_err().to_string();
            assert!(
                said.contains("[sqs.q]") && !said.contains("SEKRET"),
                "{said}"
            );
        }
        let half = SqsSettings {
            access_key_file: Some(PathBuf::from("/nowhere")),
            ..at("x")
        };
        assert!(matches!(half.keys("q"), Err(SqsError::Half(_))));
    }
}
