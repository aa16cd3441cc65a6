//! Mail as it comes: an SMTP server of our own (RFC 5321), and LMTP (RFC 2033) behind Postfix on the same port. A mail is
//! answered "taken" once it is on disk as a report and as evidence; before that its sender keeps it and sends it again.

mod connection;
mod dialogue;

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Result, ensure};
use axum::serve::Listener;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use super::Takes;
use super::mail_alerts::AlertAddress;
use crate::listen::{Places, told_to_stop};
use connection::Line;

/// The largest mail, in bytes.
pub const MAIL_LIMIT: usize = 32 * 1024 * 1024;
/// So much of mails that are on their way may be in memory, in KiB.
const ROOM: usize = 128 * 1024;
/// So many lines may be open from one place, from this machine or its network, and from everywhere.
const LINES: crate::listen::Limits = crate::listen::Limits {
    headers: std::time::Duration::from_secs(10),
    from_outside: 16,
    from_near: 128,
    all: 256,
};

/// What listens, as the settings have it.
#[derive(Clone, Debug)]
pub struct SmtpSettings {
    /// Where it listens, such as `127.0.0.1:2525`. Lines are not encrypted: a mail server of the organisation stands before it.
    pub listen: SocketAddr,
    /// What this server calls itself.
    pub name: String,
    /// Which address is for which project, by its short name.
    pub addresses: BTreeMap<String, String>,
    /// Those of them to which suspicious mails are passed on: whoever sends one is asked the three questions (R107).
    pub suspicious: BTreeSet<String>,
    /// Others, in small letters, whose mails are alerts.
    pub alerts: BTreeMap<String, Arc<AlertAddress>>,
}

/// For whom a mail is.
#[derive(Clone, Debug)]
struct Recipient {
    project: String,
    /// As alerts of this address.
    alerts: Option<Arc<AlertAddress>>,
}

impl Recipient {
    /// Whether a mail that was taken for the one is taken for the other.
    fn is_as(&self, other: &Self) -> bool {
        let address = |one: &Self| one.alerts.as_ref().map(|one| one.address.clone());
        self.project == other.project && address(self) == address(other)
    }
}

/// The same, looked at: addresses in small letters.
#[derive(Debug)]
struct House {
    name: String,
    addresses: BTreeMap<String, String>,
    suspicious: BTreeSet<String>,
    alerts: BTreeMap<String, Arc<AlertAddress>>,
    /// What whoever writes to an address that is nobody's hears, whether it is not named or its project is not there.
    nobody: String,
    /// Projects of the settings that are not there, as the log knows already.
    astray: Mutex<BTreeSet<String>>,
    room: Arc<Semaphore>,
}

impl House {
    fn new(settings: SmtpSettings, form: &str) -> Self {
        let small = |address: &String| address.to_lowercase();
        let line = form.chars().filter(char::is_ascii_graphic).take(200);
        Self {
            addresses: settings
                .addresses
                .iter()
                .map(|(address, project)| (small(address), project.clone()))
                .collect(),
            suspicious: settings.suspicious.iter().map(small).collect(),
            alerts: settings.alerts,
            name: settings.name,
            nobody: format!(
                "550 5.1.1 No such address here: report at {} instead",
                line.collect::<String>()
            ),
            astray: Mutex::default(),
            room: Arc::new(Semaphore::new(ROOM)),
        }
    }

    /// For whom a mail to this address is.
    fn recipient(&self, address: &str) -> Option<Recipient> {
        let address = address.to_lowercase();
        let alerts = self.alerts.get(&address).map(Arc::clone);
        let project = match &alerts {
            Some(alerts) => &alerts.project,
            None => self.addresses.get(&address)?,
        };
        let project = project.clone();
        Some(Recipient { project, alerts })
    }

    /// Whether the project of an address is there. Where nobody knows, it is: a report is not turned away for that.
    async fn has_project(&self, takes: &Takes, address: &str) -> bool {
        let Some(Recipient { project, .. }) = self.recipient(address) else {
            return false;
        };
        if takes.has_project(&project).await != Some(false) {
            return true;
        }
        let mut said = self.astray.lock().unwrap_or_else(PoisonError::into_inner);
        if said.insert(project.clone()) {
            tracing::error!(
                project,
                "mail to an address of [mail_in.addresses] or [mail_in.alerts] is turned away, because there is no such project: correct the settings"
            );
        }
        false
    }
}

/// Listens, so that what is wrong is said at the start.
///
/// # Errors
/// The address is taken; a setting that cannot be meant.
pub async fn bind(settings: &SmtpSettings) -> Result<TcpListener> {
    let is_name = |name: &str| {
        !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-.".contains(c))
    };
    ensure!(
        is_name(&settings.name),
        "[mail_in] name is the name of a host, such as hen.example.org"
    );
    ensure!(
        !settings.addresses.is_empty() || !settings.alerts.is_empty(),
        "[mail_in.addresses] names no address, so no mail could come in"
    );
    let odd = settings
        .addresses
        .keys()
        .find(|address| address.matches('@').count() != 1);
    ensure!(
        odd.is_none(),
        "[mail_in.addresses] has an entry that is no mail address"
    );
    let named = |address: &&String| !settings.addresses.contains_key(*address);
    ensure!(
        settings.suspicious.iter().find(named).is_none(),
        "[mail_in] suspicious names an address that [mail_in.addresses] does not"
    );
    let listen = settings.listen;
    let bound = TcpListener::bind(listen).await;
    bound.map_err(|why| {
        anyhow::anyhow!(
            "mail cannot be taken in at {listen} ({why}): choose another [mail_in] listen"
        )
    })
}

/// Takes mails until told to stop. What is being taken then is taken to its end.
pub async fn serve(
    mut listener: TcpListener,
    settings: SmtpSettings,
    takes: Takes,
    mut stopped: watch::Receiver<bool>,
) {
    let house = Arc::new(House::new(settings, &takes.form()));
    let places = Arc::<Places>::default();
    let mut open = JoinSet::new();
    loop {
        let (stream, peer) = tokio::select! {
            accepted = Listener::accept(&mut listener) => accepted,
            Some(_) = open.join_next() => continue,
            () = told_to_stop(&mut stopped) => break,
        };
        // One too many is closed unread, as its sender comes again.
        let Some(held) = places.take(peer.ip(), LINES) else {
            continue;
        };
        let line = Line::new(stream, peer.ip(), Arc::clone(&house), takes.clone());
        let stopped = stopped.clone();
        open.spawn(async move {
            tokio::select! {
                () = line.talk(held.line(), stopped) => {}
                () = held.ended() => {}
            }
        });
    }
    drop(listener);
    while open.join_next().await.is_some() {}
}
