//! `[mail_in.imap.<name>]`: a mailbox that is read, and what is wrong with it said at the start and in a sentence.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail, ensure};
use rustls::ClientConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls_platform_verifier::Verifier;
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::inbound::mail_alerts::AlertAddress;

/// How the line to the server is protected.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Protection {
    /// Plain text: to this machine alone.
    None,
    /// A plain line that must be upgraded (RFC 3501, 6.2.1) before anything is said; never optional.
    Starttls,
    /// TLS from the first byte (RFC 8314).
    #[default]
    Tls,
}

/// A mailbox of the settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImapSettings {
    /// Name or address of the IMAP server; also the name that its certificate must carry.
    pub host: String,
    /// 993 for `tls`, else 143, when left out.
    pub port: Option<u16>,
    /// `tls` when left out.
    #[serde(default)]
    pub security: Protection,
    /// Name to log in with.
    pub user: String,
    /// File that holds the password; one line, a newline at its end is ignored.
    pub password_file: PathBuf,
    /// PEM file of certificates to trust besides the public ones.
    pub extra_ca_file: Option<PathBuf>,
    /// The folder that is read.
    #[serde(default = "inbox")]
    pub folder: String,
    /// Where a mail is moved once it is kept. Left out, it is marked as read, and mails that are read already are not looked at.
    pub done_folder: Option<String>,
    /// The project that its mails are for, by its short name.
    pub project: String,
    /// Suspicious mails are passed on to it: whoever sends one is asked the three questions (R107).
    #[serde(default)]
    pub suspicious: bool,
    /// Its mails are alerts: by the rules of this address of `[mail_in.alerts]`.
    pub alerts: Option<String>,
}

fn inbox() -> String {
    "INBOX".to_owned()
}

/// The same, looked at: with the password, and the certificates that are trusted.
pub struct Mailbox {
    /// What it is called in the settings.
    pub name: String,
    /// What the settings say.
    pub settings: ImapSettings,
    /// What it is entered with.
    pub password: Zeroizing<String>,
    /// How it is known that the server is the one that is meant; nothing for a plain line.
    pub tls: Option<(Arc<ClientConfig>, ServerName<'static>)>,
    /// By which rules its mails are alerts.
    pub alerts: Option<Arc<AlertAddress>>,
}

impl Mailbox {
    /// Reads the password and the certificates; opens no line.
    ///
    /// # Errors
    /// A setting that cannot be meant, a file that cannot be read.
    pub fn new(
        name: &str,
        settings: &ImapSettings,
        alerts: &BTreeMap<String, Arc<AlertAddress>>,
    ) -> Result<Self> {
        let at = format!("[mail_in.imap.{name}]");
        let small = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
        ensure!(
            !name.is_empty() && name.len() <= 40 && name.chars().all(small),
            "{at}: a name has small letters, digits, - and _, and at most 40 of them"
        );
        let bare = |c: char| c.is_alphanumeric() || "-._".contains(c);
        let host = settings.host.as_str();
        ensure!(
            host.parse::<IpAddr>().is_ok() || (!host.is_empty() && host.chars().all(bare)),
            "{at} host is the name of a server alone, such as imap.example.org; the port stands apart, as port = 993"
        );
        if settings.security == Protection::None && !is_here(host) {
            bail!(
                "{at} security is none, and the password would cross the network readable: use tls or starttls"
            );
        }
        let folders = std::iter::once(&settings.folder).chain(&settings.done_folder);
        for folder in folders {
            let plain = |c: char| c.is_ascii_graphic() || c == ' ';
            ensure!(
                !folder.is_empty() && folder.chars().all(|c| plain(c) && c != '&'),
                "{at}: a folder has a name of plain letters here, without & and without letters with marks"
            );
        }
        ensure!(
            settings.done_folder.as_ref() != Some(&settings.folder),
            "{at} done_folder is the folder that is read: name another one, or leave it out"
        );
        let no_controls = |text: &str| !text.is_empty() && !text.contains(char::is_control);
        ensure!(
            no_controls(&settings.user),
            "{at} user is the name to log in with"
        );
        let path = &settings.password_file;
        let password = std::fs::read(path).map(Zeroizing::new);
        let password = password
            .with_context(|| format!("{at} password_file: {} cannot be read", path.display()))?;
        let password = Zeroizing::new(String::from_utf8_lossy(&password).into_owned());
        let password = Zeroizing::new(password.trim_end_matches(['\r', '\n']).to_owned());
        ensure!(
            no_controls(&password),
            "{at} password_file: {} holds no password of one line",
            path.display()
        );
        let tls = match settings.security {
            Protection::None => None,
            _ => Some(trust(settings).with_context(|| format!("{at}: TLS cannot be set up"))?),
        };
        let alerts = settings.alerts.as_ref().map(|address| {
            let found = alerts.get(&address.to_lowercase()).cloned();
            let found = found.with_context(|| {
                format!("{at} alerts names {address}, and there is no [mail_in.alerts.\"{address}\"]")
            })?;
            ensure!(
                found.project == settings.project && !settings.suspicious,
                "{at}: its project is that of [mail_in.alerts.\"{address}\"], and suspicious mails go to another mailbox"
            );
            anyhow::Ok(found)
        });
        Ok(Self {
            name: name.to_owned(),
            settings: settings.clone(),
            password,
            tls,
            alerts: alerts.transpose()?,
        })
    }

    /// The port given, or the usual one for the kind of protection.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.settings.port.unwrap_or(match self.settings.security {
            Protection::Tls => 993,
            Protection::None | Protection::Starttls => 143,
        })
    }
}

/// Whether a line to it stays on this machine.
fn is_here(host: &str) -> bool {
    let address = host.parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

fn trust(settings: &ImapSettings) -> Result<(Arc<ClientConfig>, ServerName<'static>)> {
    crate::tls::install_provider();
    let mut more = Vec::new();
    if let Some(path) = &settings.extra_ca_file {
        let read = || format!("extra_ca_file {} cannot be used", path.display());
        for certificate in CertificateDer::pem_file_iter(path).with_context(read)? {
            more.push(certificate.with_context(read)?);
        }
        ensure!(
            !more.is_empty(),
            "extra_ca_file {} holds no certificate",
            path.display()
        );
    }
    let builder = ClientConfig::builder();
    let verifier = Verifier::new_with_extra_roots(more, Arc::clone(builder.crypto_provider()))?;
    let config = builder
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    let name = ServerName::try_from(settings.host.clone())?;
    Ok((Arc::new(config), name))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use super::*;

    fn settings(more: &str, password: &str) -> Result<Mailbox> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("password");
        std::fs::write(&file, password).unwrap();
        let text = format!(
            "user = 'u'\npassword_file = '{}'\nproject = 'main'\n{more}",
            file.display()
        );
        Mailbox::new("box", &toml::from_str(&text).unwrap(), &BTreeMap::new())
    }

    #[test]
    fn what_is_left_out_is_the_safe_way() {
        let mailbox = settings("host = 'imap.example.org'", "secret\n").unwrap();
        assert_eq!(mailbox.port(), 993);
        assert!(mailbox.tls.is_some());
        assert_eq!(&*mailbox.password, "secret");
        assert_eq!(mailbox.settings.folder, "INBOX");
    }

    #[test]
    fn what_cannot_be_meant_is_said_and_no_password_crosses_a_network_readable() {
        assert!(settings("host = '127.0.0.1'\nsecurity = 'none'", "x").is_ok());
        for (wrong, said) in [
            ("host = 'm'\nsecurity = 'none'", "readable"),
            ("host = 'm:993'", "the port stands apart"),
            ("host = 'm'\nfolder = 'Eingänge'", "plain letters"),
            ("host = 'm'\ndone_folder = 'INBOX'", "name another one"),
            ("host = 'm'\nextra_ca_file = '/nowhere'", "/nowhere"),
        ] {
            let error = format!("{:#}", settings(wrong, "SEKRET").err().unwrap());
            assert!(error.contains(said), "{wrong}: {error}");
            assert!(!error.contains("SEKRET"), "{error}");
        }
        for none in ["", "\n", "a\nb"] {
            assert!(settings("host = 'm'", none).is_err(), "{none:?}");
        }
    }
}
