//! Mail out: one submission server, one connection per message, so that a slow recipient holds up
//! nobody else. It must not render, decide or retry: the outbox does that.

mod compose;
mod settings;
mod submit;

use std::path::Path;
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, TlsParameters};
use lettre::transport::smtp::extension::ClientId;

pub use compose::Unmailable;
pub use settings::{MailSettings, Security, SettingsError};

use super::message::MailMessage;
use super::outcome::Outcome;

/// Sends mails through one submission server.
pub struct MailSender {
    from: Mailbox,
    domain: String,
    server: submit::Server,
}

impl MailSender {
    /// Reads the password and the certificates and checks the settings; opens no connection.
    ///
    /// # Errors
    /// [`SettingsError`], each with what to change.
    pub fn new(settings: &MailSettings) -> Result<Self, SettingsError> {
        let wrong_from = || SettingsError::From(settings.from.clone());
        settings.host_is_bare()?;
        let from: Mailbox = settings.from.parse().map_err(|_| wrong_from())?;
        let domain = match &settings.message_id_domain {
            Some(domain) => domain.clone(),
            None => from.email.domain().to_owned(),
        };
        if !is_domain(&domain) {
            return Err(SettingsError::Domain(domain));
        }
        let hello = match &settings.hello {
            Some(name) if is_domain(name) => ClientId::Domain(name.clone()),
            Some(name) => return Err(SettingsError::Domain(name.clone())),
            None => ClientId::default(),
        };
        let server = submit::Server {
            host: settings.host.clone(),
            port: settings.port(),
            security: settings.security,
            tls: tls(settings)?,
            login: login(settings)?,
            hello,
            sender: from.email.clone(),
            connect_timeout: Duration::from_secs(settings.connect_timeout_seconds),
            answer_timeout: Duration::from_secs(settings.answer_timeout_seconds),
            accept_timeout: Duration::from_secs(settings.accept_timeout_seconds),
        };
        Ok(Self {
            from,
            domain,
            server,
        })
    }

    /// Whether the server lets us in; nothing is handed over.
    pub async fn probe(&self) -> Outcome {
        self.server.probe().await
    }

    /// One attempt to hand one mail to the server; never panics, never retries.
    pub async fn send(&self, message: &MailMessage) -> Outcome {
        match compose::compose(message, &self.from, &self.domain) {
            Ok(mail) => self.server.submit(&mail).await,
            Err(unmailable) => Outcome::Rejected {
                receipt: unmailable.to_string(),
            },
        }
    }
}

fn is_domain(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    !text.is_empty() && text.len() <= 253 && text.chars().all(plain)
}

fn tls(settings: &MailSettings) -> Result<Option<TlsParameters>, SettingsError> {
    if settings.security == Security::None {
        return Ok(None);
    }
    let wrong = |error: lettre::transport::smtp::Error| SettingsError::Tls(error.to_string());
    let mut builder = TlsParameters::builder(settings.host.clone());
    if let Some(path) = &settings.extra_ca_file {
        let pem = read("mail.extra_ca_file", path)?;
        builder = builder.add_root_certificate(Certificate::from_pem(&pem).map_err(wrong)?);
    }
    builder.build().map(Some).map_err(wrong)
}

fn login(settings: &MailSettings) -> Result<Option<Credentials>, SettingsError> {
    match (&settings.user, &settings.password_file) {
        (None, None) => Ok(None),
        (Some(_), Some(_)) if settings.exposes_password() => Err(SettingsError::ExposedPassword),
        (Some(user), Some(path)) => {
            let bytes = read("mail.password_file", path)?;
            let password = String::from_utf8_lossy(&bytes);
            let password = password.trim_end_matches(['\r', '\n']).to_owned();
            Ok(Some(Credentials::new(user.clone(), password)))
        }
        _ => Err(SettingsError::HalfLogin),
    }
}

fn read(name: &'static str, path: &Path) -> Result<Vec<u8>, SettingsError> {
    std::fs::read(path).map_err(|said| SettingsError::File {
        name,
        path: path.to_owned(),
        said,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(change: impl FnOnce(&mut MailSettings)) -> Option<SettingsError> {
        let mut settings = MailSettings::new("127.0.0.1", "Henhouse <hen@example.org>");
        settings.security = Security::None;
        change(&mut settings);
        MailSender::new(&settings).err()
    }

    #[test]
    fn wrong_settings_are_said_at_start() {
        assert!(refused(|_| ()).is_none());
        assert!(matches!(
            refused(|s| s.from = "nobody".into()),
            Some(SettingsError::From(_))
        ));
        assert!(matches!(
            refused(|s| s.message_id_domain = Some("a\r\nb".into())),
            Some(SettingsError::Domain(_))
        ));
        assert!(matches!(
            refused(|s| s.hello = Some("a b".into())),
            Some(SettingsError::Domain(_))
        ));
        assert!(matches!(
            refused(|s| s.user = Some("hen".into())),
            Some(SettingsError::HalfLogin)
        ));
        assert!(matches!(
            refused(|s| {
                s.user = Some("hen".into());
                s.password_file = Some("/nowhere/password".into());
            }),
            Some(SettingsError::File { .. })
        ));
    }
}
