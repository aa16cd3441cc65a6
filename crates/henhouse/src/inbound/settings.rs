//! `[mail_in]` of the settings: mail that a mail server brings, mail that is fetched, or both.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Result, bail, ensure};
use serde::Deserialize;

use super::imap::ImapSettings;
use super::mail_alerts::{AlertAddress, MailAlertSettings};
use super::smtp::SmtpSettings;

/// How mail comes in.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailInSettings {
    /// Where it listens for mails, such as `127.0.0.1:2525`. Lines are not encrypted: a mail server of the organisation stands
    /// before it.
    pub listen: Option<SocketAddr>,
    /// What this server calls itself there.
    pub name: Option<String>,
    /// What the mail server in front calls itself in the `Authentication-Results` that it writes (RFC 8601).
    pub front: Option<String>,
    /// Which address is for which project, by its short name.
    #[serde(default)]
    pub addresses: BTreeMap<String, String>,
    /// Those of them to which suspicious mails are passed on: whoever sends one is asked the three questions (R107).
    #[serde(default)]
    pub suspicious: BTreeSet<String>,
    /// Addresses whose mails are alerts, each with its rules.
    #[serde(default)]
    pub alerts: BTreeMap<String, MailAlertSettings>,
    /// Mailboxes that are read, each by a name of its own.
    #[serde(default)]
    pub imap: BTreeMap<String, ImapSettings>,
}

impl MailInSettings {
    /// What listens, if anything does.
    ///
    /// # Errors
    /// Half of what listening needs; nothing by which mail could come in.
    pub fn listener(&self) -> Result<Option<SmtpSettings>> {
        let Some(listen) = self.listen else {
            let alone =
                self.name.is_none() && self.addresses.is_empty() && self.suspicious.is_empty();
            ensure!(
                alone,
                "[mail_in] has name, addresses or suspicious and no listen, so nobody could bring a mail to them"
            );
            ensure!(
                !self.imap.is_empty(),
                "[mail_in] has neither listen nor [mail_in.imap], so no mail could come in"
            );
            let read = |address: &String| {
                let named = self.imap.values().filter_map(|one| one.alerts.as_ref());
                named
                    .into_iter()
                    .any(|one| one.eq_ignore_ascii_case(address))
            };
            ensure!(
                self.alerts.keys().all(read),
                "[mail_in.alerts] has an address at which nothing listens, and which no mailbox of [mail_in.imap] names as its alerts"
            );
            return Ok(None);
        };
        let Some(name) = self.name.clone() else {
            bail!("[mail_in] listen needs a name beside it, such as name = \"hen.example.org\"");
        };
        Ok(Some(SmtpSettings {
            listen,
            name,
            addresses: self.addresses.clone(),
            suspicious: self.suspicious.clone(),
            alerts: self.alert_addresses()?,
        }))
    }

    /// The addresses whose mails are alerts, in small letters, with their rules worked out.
    ///
    /// # Errors
    /// What cannot be meant in them.
    pub fn alert_addresses(&self) -> Result<BTreeMap<String, Arc<AlertAddress>>> {
        let mut all = BTreeMap::new();
        for (address, settings) in &self.alerts {
            let made = settings.at(address)?;
            let small = made.address.clone();
            let taken = self.addresses.keys().any(|one| one.to_lowercase() == small);
            ensure!(
                !taken,
                "{address} stands in [mail_in.addresses] and in [mail_in.alerts]: is its mail a report or an alert?"
            );
            ensure!(
                all.insert(small, Arc::new(made)).is_none(),
                "[mail_in.alerts] has {address} twice, in other letters"
            );
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use super::*;

    fn read(text: &str) -> MailInSettings {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn mail_is_brought_or_fetched_or_both_and_half_of_either_is_said() {
        let brought = "listen = '127.0.0.1:2525'\nname = 'hen'\n[addresses]\n'a@b.c' = 'main'\n";
        let fetched = "[imap.box]\nhost = 'm'\nuser = 'u'\npassword_file = 'p'\nproject = 'main'\n";
        assert!(read(brought).listener().unwrap().is_some());
        assert!(read(fetched).listener().unwrap().is_none());
        let alerts = "[alerts.'A@b.c']\nproject = 'main'\nsource = 'x'\n";
        assert!(
            read(&format!("{fetched}alerts = 'a@B.c'\n{alerts}"))
                .listener()
                .unwrap()
                .is_none()
        );
        let both = read(&format!("{brought}{fetched}"));
        assert!(both.listener().unwrap().is_some() && both.imap.contains_key("box"));
        for half in [
            "",
            "front = 'mx'\n",
            "listen = '127.0.0.1:2525'\n",
            &format!("name = 'hen'\n{fetched}"),
            "[alerts.'a@b.c']\nproject = 'main'\nsource = 'x'\n",
            &format!("[alerts.'a@b.c']\nproject = 'main'\nsource = 'x'\n{fetched}"),
        ] {
            assert!(read(half).listener().is_err(), "{half}");
        }
    }
}
