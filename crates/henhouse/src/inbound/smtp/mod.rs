//! Mail as it comes: an SMTP server of our own (RFC 5321), and LMTP (RFC 2033) behind Postfix on the same port. A mail is
//! answered "taken" once it is on disk as a report and as evidence; before that its sender keeps it and sends it again.

mod connection;
mod dialogue;

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Result, ensure};
use axum::serve::Listener;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use super::Takes;
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
}

/// The same, looked at: addresses in small letters.
#[derive(Debug)]
struct House {
    name: String,
    addresses: BTreeMap<String, String>,
    suspicious: BTreeSet<String>,
    room: Arc<Semaphore>,
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
        !settings.addresses.is_empty(),
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
    let small = settings
        .addresses
        .into_iter()
        .map(|(address, project)| (address.to_lowercase(), project));
    let house = Arc::new(House {
        name: settings.name,
        addresses: small.collect(),
        suspicious: settings
            .suspicious
            .iter()
            .map(|address| address.to_lowercase())
            .collect(),
        room: Arc::new(Semaphore::new(ROOM)),
    });
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
