//! The addresses at which a mail server hands mails over, and whether their projects are there: a slip in the settings turns
//! reports away, so whoever looks after the installation is shown it.

use std::collections::BTreeMap;

use super::Desk;
use super::error::Result;

/// An address of the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailAddress {
    /// Where mails go.
    pub address: String,
    /// The project that they are for.
    pub project: String,
    /// Whether there is such a project.
    pub there: bool,
}

impl Desk {
    /// Says which address is for which project. The first time counts.
    pub fn takes_mail_at(&self, addresses: BTreeMap<String, String>) {
        let _ = self.inner.surroundings.mail_addresses.set(addresses);
    }

    /// Every address at which mails are handed over.
    ///
    /// # Errors
    /// The store's.
    pub async fn mail_addresses(&self) -> Result<Vec<MailAddress>> {
        let Some(all) = self.inner.surroundings.mail_addresses.get() else {
            return Ok(Vec::new());
        };
        let projects = self.projects().await?;
        let there = |slug: &str| projects.iter().any(|row| row.slug == slug);
        let address = |(address, project): (&String, &String)| MailAddress {
            address: address.clone(),
            there: there(project),
            project: project.clone(),
        };
        Ok(all.iter().map(address).collect())
    }
}
