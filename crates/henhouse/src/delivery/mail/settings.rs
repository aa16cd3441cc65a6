//! How to reach the mail server that accepts our mail. Read once at start; wrong settings are said
//! in a sentence then, not at the first page at night.

use std::net::IpAddr;
use std::path::PathBuf;

use serde::Deserialize;

/// How the connection to the mail server is protected.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// Plain text: only for a server on this machine or a network that is trusted like it.
    None,
    /// Plain connection that must be upgraded (RFC 3207) before anything is said; never optional.
    Starttls,
    /// TLS from the first byte (RFC 8314), usually port 465.
    Tls,
}

/// The `[mail]` part of the settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailSettings {
    /// Name or address of the submission server; also the name its certificate must carry.
    pub host: String,
    /// 465 for `tls`, 587 for `starttls`, 25 for `none` when left out.
    pub port: Option<u16>,
    /// `tls` when left out.
    #[serde(default = "tls")]
    pub security: Security,
    /// Name to log in with; no login when left out.
    pub user: Option<String>,
    /// File that holds the password; one line, a newline at its end is ignored.
    pub password_file: Option<PathBuf>,
    /// Sender, as `henhouse@example.org` or `Henhouse <henhouse@example.org>`.
    pub from: String,
    /// Right side of every Message-ID; the sender's domain when left out. Changing it starts new
    /// threads in everybody's mail program.
    pub message_id_domain: Option<String>,
    /// Name we greet the server with (EHLO); the machine's host name when left out.
    pub hello: Option<String>,
    /// PEM file of certificates to trust besides the public ones.
    pub extra_ca_file: Option<PathBuf>,
    /// Longest wait in seconds for a connection, its TLS and its greeting.
    #[serde(default = "connect_seconds")]
    pub connect_timeout_seconds: u64,
    /// Longest wait in seconds for the answer to one command.
    #[serde(default = "answer_seconds")]
    pub answer_timeout_seconds: u64,
    /// Longest wait in seconds for the answer to the message itself; servers scan it meanwhile.
    #[serde(default = "accept_seconds")]
    pub accept_timeout_seconds: u64,
}

const fn tls() -> Security {
    Security::Tls
}
const fn connect_seconds() -> u64 {
    5
}
const fn answer_seconds() -> u64 {
    10
}
const fn accept_seconds() -> u64 {
    60
}

impl MailSettings {
    /// Settings with nothing but the server and the sender; everything else at its default.
    #[must_use]
    pub fn new(host: &str, from: &str) -> Self {
        Self {
            host: host.to_owned(),
            port: None,
            security: tls(),
            user: None,
            password_file: None,
            from: from.to_owned(),
            message_id_domain: None,
            hello: None,
            extra_ca_file: None,
            connect_timeout_seconds: connect_seconds(),
            answer_timeout_seconds: answer_seconds(),
            accept_timeout_seconds: accept_seconds(),
        }
    }

    /// The port given, or the usual one for the kind of protection.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(match self.security {
            Security::None => 25,
            Security::Starttls => 587,
            Security::Tls => 465,
        })
    }

    /// Whether the host is a name or an address, and nothing besides.
    pub(super) fn host_is_bare(&self) -> Result<(), SettingsError> {
        let host = self.host.as_str();
        let fits = |c: char| c.is_alphanumeric() || "-._".contains(c);
        if host.parse::<IpAddr>().is_ok() || (!host.is_empty() && host.chars().all(fits)) {
            return Ok(());
        }
        let named = host.rsplit_once(':');
        let split = named.and_then(|(name, port)| Some((name, port.parse::<u16>().ok()?)));
        let fix = match split.filter(|(name, _)| !name.is_empty() && name.chars().all(fits)) {
            Some((name, port)) => format!("Write host = \"{name}\" and port = {port}."),
            None => "Write the name alone, such as host = \"mail.example.org\", and the port as port = 587.".to_owned(),
        };
        Err(SettingsError::Host(host.to_owned(), fix))
    }

    /// True if a password would cross a network unprotected.
    pub(super) fn exposes_password(&self) -> bool {
        let here = self.host == "localhost"
            || self
                .host
                .parse::<IpAddr>()
                .is_ok_and(|address| address.is_loopback());
        self.security == Security::None && self.user.is_some() && !here
    }
}

/// Why the mail settings cannot be used. Each is a sentence with the next step.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The sender is not an address.
    #[error(
        "mail.from: `{0}` is not a mail address. Write henhouse@example.org or \"Henhouse <henhouse@example.org>\"."
    )]
    From(String),
    /// The Message-ID domain holds something that a header cannot carry.
    #[error(
        "mail.message_id_domain: `{0}` is not a domain name. Use the domain of your sender address."
    )]
    Domain(String),
    /// The host is no name: it holds a port, an address of the web, or nothing.
    #[error("mail.host: `{0}` is not the name of a server. {1}")]
    Host(String, String),
    /// A user without a password, or the reverse.
    #[error("mail.user and mail.password_file belong together. Give both, or neither.")]
    HalfLogin,
    /// A password would be sent in the clear.
    #[error(
        "mail.security is none, and the password would cross the network readable. Use tls or starttls."
    )]
    ExposedPassword,
    /// A file could not be read.
    #[error(
        "{name}: {path} cannot be read ({said}). Check that it exists and that Henhouse may read it."
    )]
    File {
        /// Setting that named the file.
        name: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        said: std::io::Error,
    },
    /// The TLS library refused a certificate or the host name.
    #[error("mail: TLS cannot be set up ({0}). Check mail.host and mail.extra_ca_file.")]
    Tls(String),
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]
    use super::*;

    #[test]
    fn left_out_settings_are_the_safe_ones() {
        let read: MailSettings =
            toml::from_str("host = \"mail.example.org\"\nfrom = \"hen@example.org\"").unwrap();
        assert_eq!((read.security, read.port()), (Security::Tls, 465));
    }

    #[test]
    fn a_misspelt_setting_is_refused_and_not_ignored() {
        let text = "host = \"m\"\nfrom = \"a@b.c\"\nsecurty = \"none\"";
        assert!(toml::from_str::<MailSettings>(text).is_err());
    }

    #[test]
    fn a_host_with_a_port_is_refused_with_the_two_lines_that_work() {
        for host in ["mail.example.org", "127.0.0.1", "::1", "localhost"] {
            let settings = MailSettings::new(host, "hen@example.org");
            assert!(settings.host_is_bare().is_ok(), "{host}");
        }
        let said = |host: &str| {
            let settings = MailSettings::new(host, "hen@example.org");
            settings.host_is_bare().unwrap_err().to_string()
        };
        let two = said("mail.example.org:2525");
        assert!(
            two.contains("host = \"mail.example.org\" and port = 2525"),
            "{two}"
        );
        for host in ["", "smtp://mail.example.org", "mail.example.org:smtp"] {
            assert!(said(host).contains("the name alone"), "{host}");
        }
    }

    #[test]
    fn a_password_is_sent_in_the_clear_only_to_this_machine() {
        let mut settings = MailSettings::new("mail.example.org", "hen@example.org");
        settings.security = Security::None;
        settings.user = Some("hen".to_owned());
        assert!(settings.exposes_password());
        settings.host = "127.0.0.1".to_owned();
        assert!(!settings.exposes_password());
    }
}
