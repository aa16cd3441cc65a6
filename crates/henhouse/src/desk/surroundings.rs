//! What surrounds an installation and stands in no journal, for the list of what is still to be set
//! up: where its data lie, and whether mail leaves.

use std::sync::{Arc, OnceLock};

use procedure::project::ProjectState;

use super::entrances::Entrance;
use super::error::Result;
use super::{Desk, Inner, own_password};
use crate::founding::FIRST_PROJECT;
use crate::report::mailbox::MailboxReach;
use crate::report::queue::QueueReach;
use crate::report::to_do::{self, ChannelReach, MailReach, Standing, ToDo};
use crate::store::{Account, View};

type Look = Box<dyn Fn() -> MailReach + Send + Sync>;
type LookAtAll = Box<dyn Fn() -> Vec<ChannelReach> + Send + Sync>;
type LookAtMailboxes = Box<dyn Fn() -> Vec<MailboxReach> + Send + Sync>;
type LookAtQueues = Box<dyn Fn() -> Vec<QueueReach> + Send + Sync>;

/// What is told once, at the start.
#[derive(Default)]
pub(crate) struct Surroundings {
    data: OnceLock<String>,
    mail: OnceLock<Look>,
    channels: OnceLock<LookAtAll>,
    pub(super) mailboxes: OnceLock<LookAtMailboxes>,
    pub(super) entrances: OnceLock<Vec<Entrance>>,
    queues: OnceLock<LookAtQueues>,
}

impl Desk {
    /// Says where the data lie and how to see whether mail leaves. The first time counts.
    pub fn is_surrounded_by(
        &self,
        data: String,
        mail: impl Fn() -> MailReach + Send + Sync + 'static,
    ) {
        let around = &self.inner.surroundings;
        let _ = around.data.set(data);
        let _ = around.mail.set(Box::new(mail));
    }

    /// Says how to see how each channel is. The first time counts.
    pub fn sends_by(&self, look: impl Fn() -> Vec<ChannelReach> + Send + Sync + 'static) {
        let _ = self.inner.surroundings.channels.set(Box::new(look));
    }

    /// How each channel is, mail too.
    #[must_use]
    pub fn channels(&self) -> Vec<ChannelReach> {
        let look = self.inner.surroundings.channels.get();
        look.map_or_else(Vec::new, |look| look())
    }

    /// Says how to see how it stands with each queue. The first time counts.
    pub fn asks_queues(&self, look: impl Fn() -> Vec<QueueReach> + Send + Sync + 'static) {
        let _ = self.inner.surroundings.queues.set(Box::new(look));
    }

    /// How it stands with each queue that is asked for alerts.
    #[must_use]
    pub fn queues(&self) -> Vec<QueueReach> {
        let look = self.inner.surroundings.queues.get();
        look.map_or_else(Vec::new, |look| look())
    }

    /// Whether mail leaves, and with it every call. A drill calls nobody who need not be.
    #[must_use]
    pub fn mail_reach(&self) -> MailReach {
        self.inner.mail_reach()
    }

    /// What is still to be set up, for those who manage the installation.
    ///
    /// # Errors
    /// The store's; damaged.
    pub async fn to_do(&self) -> Result<Vec<ToDo>> {
        let inner = Arc::clone(&self.inner);
        let look = move |view: &dyn View| look(&inner, view);
        self.inner.store.read(look).await
    }
}

impl Inner {
    pub(super) fn mail_reach(&self) -> MailReach {
        let look = self.surroundings.mail.get();
        match self.site.drill {
            true => MailReach::Untried,
            false => look.map_or(MailReach::Untried, |look| look()),
        }
    }
}

fn look(inner: &Inner, view: &dyn View) -> Result<Vec<ToDo>> {
    let mut projects: Vec<Arc<ProjectState>> = Vec::new();
    for row in view.projects()? {
        if !row.archived {
            projects.push(inner.project(view, row.journal)?.state);
        }
    }
    projects.sort_by_key(|project| project.slug != FIRST_PROJECT);
    let projects: Vec<&ProjectState> = projects.iter().map(AsRef::as_ref).collect();
    let accounts = view.accounts()?;
    let open: Vec<_> = accounts
        .iter()
        .filter(|account| !account.disabled)
        .collect();
    let signs_in = |account: &&&Account| account.password.is_some();
    let people: Vec<&str> = open
        .iter()
        .filter(signs_in)
        .map(|account| &*account.person)
        .collect();
    let mut asked = Vec::new();
    for account in &open {
        if account.password.is_none() && own_password::is_asked(view, &account.person)? {
            asked.push(&*account.person);
        }
    }
    let admins = || open.iter().filter(|account| account.role == "admin");
    let around = &inner.surroundings;
    Ok(to_do::list(&Standing {
        projects: &projects,
        accounts: &people,
        asked: &asked,
        admins: admins().filter(signs_in).count(),
        set_up_works: admins().filter(signs_in).count() == 0,
        mail: around.mail.get().map_or(MailReach::Untried, |look| look()),
        base_url: &inner.site.base_url,
        data: around.data.get().map(String::as_str),
        drill: inner.site.drill,
    }))
}
