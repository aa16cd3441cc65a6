//! How a bucket is reached: from `[backup.s3]`, else from the variables that every S3 client knows. Keys are read from
//! files or from the environment and stand in no message.

use std::fmt::Display;
use std::path::PathBuf;
use std::time::Duration;

use reqwest::Url;
use reqwest::blocking::Client;
use rusty_s3::{Bucket as Address, Credentials, UrlStyle};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::super::error::{BackupError, Result};

/// To reach the store, and for each piece of what is sent or answered.
const PATIENCE: Duration = Duration::from_secs(60);
const CONNECT_PATIENCE: Duration = Duration::from_secs(10);

/// `[backup.s3]` in the settings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct S3Settings {
    /// The store's address, such as `https://minio.example.org:9000`; `AWS_ENDPOINT_URL`, and else Amazon's, if nothing
    /// is said.
    pub endpoint: Option<String>,
    /// `AWS_REGION` if nothing is said, and `us-east-1` if that is not there.
    pub region: Option<String>,
    /// Whether the bucket stands in the path, not in the host's name: true where an endpoint is named, if nothing is
    /// said.
    pub path_style: Option<bool>,
    /// A file with the access key's id; `AWS_ACCESS_KEY_ID` if nothing is said.
    #[schemars(with = "Option<String>")]
    pub access_key_file: Option<PathBuf>,
    /// A file with the secret key; `AWS_SECRET_ACCESS_KEY` (and `AWS_SESSION_TOKEN`) if nothing is said.
    #[schemars(with = "Option<String>")]
    pub secret_key_file: Option<PathBuf>,
    /// PEM file of certificates to trust besides the public ones.
    #[schemars(with = "Option<String>")]
    pub extra_ca_file: Option<PathBuf>,
    /// What is longer goes in parts of so many mebibytes, 5 to 512; 8 if nothing is said. One is in memory, and ten thousand
    /// make the longest file.
    pub part_mebibytes: Option<u16>,
}

impl S3Settings {
    /// The bucket and the prefix in it.
    pub(super) fn address(&self, rest: &str) -> Result<(Address, String)> {
        let (name, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let prefix = prefix.trim_matches('/');
        let fits = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
        let odd = |part: &str| {
            matches!(part, "" | "." | "..") || !part.chars().all(|c| fits(c) || c == '=')
        };
        let bad_prefix = !prefix.is_empty() && prefix.split('/').any(odd);
        if name.is_empty() || !name.chars().all(fits) || bad_prefix {
            return Err(refused(
                "write the place as s3://bucket/prefix, with letters, digits and .-_= in the prefix",
            ));
        }
        let region = self.region.clone().or_else(|| variable("AWS_REGION"));
        let region = region.unwrap_or_else(|| "us-east-1".to_owned());
        let named = self.endpoint.clone();
        let named = named.or_else(|| variable("AWS_ENDPOINT_URL"));
        let path_style = self.path_style.unwrap_or(named.is_some());
        let endpoint = named.unwrap_or_else(|| format!("https://s3.{region}.amazonaws.com"));
        let style = match path_style {
            true => UrlStyle::Path,
            false => UrlStyle::VirtualHost,
        };
        let url = Url::parse(&endpoint).ok();
        let address = url.and_then(|url| Address::new(url, style, name.to_owned(), region).ok());
        let address = address.ok_or_else(|| {
            refused("the endpoint is no address, or cannot carry the bucket's name: write https://host:port, and path_style = true where the bucket is not part of the host")
        })?;
        let prefix = match prefix {
            "" => String::new(),
            prefix => format!("{prefix}/"),
        };
        Ok((address, prefix))
    }

    /// How long a part is, in bytes.
    pub(super) fn part(&self) -> Result<usize> {
        let mebibytes = self.part_mebibytes.unwrap_or(8);
        if !(5..=512).contains(&mebibytes) {
            return Err(refused("part_mebibytes is from 5 to 512"));
        }
        Ok(usize::from(mebibytes) << 20)
    }

    /// The keys.
    pub(super) fn keys(&self) -> Result<Credentials> {
        match (&self.access_key_file, &self.secret_key_file) {
            (Some(id), Some(secret)) => Ok(Credentials::new(line(id)?, line(secret)?)),
            (None, None) => {
                let both = variable("AWS_ACCESS_KEY_ID").zip(variable("AWS_SECRET_ACCESS_KEY"));
                let (id, secret) = both.ok_or_else(|| {
                    refused("there are no keys for the bucket: name access_key_file and secret_key_file in [backup.s3], or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
                })?;
                Ok(match variable("AWS_SESSION_TOKEN") {
                    Some(token) => Credentials::new_with_token(id, secret, token),
                    None => Credentials::new(id, secret),
                })
            }
            _ => Err(refused(
                "access_key_file and secret_key_file belong together: give both, or neither",
            )),
        }
    }

    /// What asks.
    pub(super) fn client(&self) -> Result<Client> {
        crate::tls::install_provider();
        let mut client = Client::builder()
            .user_agent(concat!("henhouse/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_PATIENCE)
            .timeout(PATIENCE);
        if let Some(path) = &self.extra_ca_file {
            let pem =
                std::fs::read(path).map_err(|cause| BackupError::file(path, "read", cause))?;
            let certificates = reqwest::Certificate::from_pem_bundle(&pem).map_err(unusable)?;
            client = client.tls_certs_merge(certificates);
        }
        client.build().map_err(unusable)
    }
}

fn unusable(error: impl Display) -> BackupError {
    refused(&format!("TLS to the bucket cannot be set up: {error}"))
}

fn refused(what: &str) -> BackupError {
    BackupError::Refused(format!("[backup]: {what}"))
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The one line of a file with a key.
fn line(path: &std::path::Path) -> Result<String> {
    let text = std::fs::read_to_string(path);
    let text = text.map_err(|cause| BackupError::file(path, "read", cause))?;
    Ok(text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    fn at(endpoint: &str) -> S3Settings {
        S3Settings {
            endpoint: Some(endpoint.to_owned()),
            region: Some("eu-central-1".to_owned()),
            ..S3Settings::default()
        }
    }

    #[test]
    fn a_bucket_is_named_in_the_path_of_ones_own_store_and_in_the_host_of_amazons() {
        let own = at("http://127.0.0.1:9000");
        let (address, prefix) = own.address("hen/a/b/").unwrap();
        assert_eq!(address.base_url().as_str(), "http://127.0.0.1:9000/hen/");
        assert_eq!(prefix, "a/b/");
        let amazon = S3Settings {
            endpoint: None,
            ..own
        };
        if variable("AWS_ENDPOINT_URL").is_none() {
            let (address, prefix) = amazon.address("hen").unwrap();
            let shown = address.base_url().as_str();
            assert_eq!(shown, "https://hen.s3.eu-central-1.amazonaws.com/");
            assert_eq!(prefix, "");
        }
    }

    #[test]
    fn a_place_that_is_none_is_refused_in_a_sentence_without_it() {
        for rest in ["", "/x", "hen/../x", "hen/a//b", "hen/a b", "h en", "hen/é"] {
            assert!(at("http://x").address(rest).is_err(), "{rest}");
        }
        for endpoint in ["", "minio", "ftp://x", "s3://x"] {
            let said = at(endpoint).address("hen").unwrap_err().to_string();
            assert!(said.contains("endpoint"), "{said}");
        }
        let half = S3Settings {
            access_key_file: Some(PathBuf::from("/nowhere")),
            ..S3Settings::default()
        };
        assert!(half.keys().is_err());
    }
}
