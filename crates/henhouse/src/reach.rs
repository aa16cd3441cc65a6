//! Whether mail leaves, for the list of what is still to be set up: the mail server is asked at the
//! start, and what its channel says is shown.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Weak};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::delivery::channel::Channel;
use crate::delivery::outbox::Outbox;
use crate::desk::{self, Desk};
use crate::post::Post;
use crate::report::to_do::{ChannelReach, MailReach};
use crate::serve::Installation;

/// So often a mail server that did not answer is asked again.
const PROBE_EVERY: Duration = Duration::from_secs(60);

/// Asks the other side of each channel whether it would take something, until it once does: whoever sets Henhouse up
/// hears of a wrong password now and not with the first report.
pub async fn probe(outbox: Arc<Outbox<Post>>, desk: Desk) {
    loop {
        let untried = outbox.channels().iter();
        let untried = untried.filter(|(_, channel)| {
            channel.can_be_probed() && channel.health().last_success.is_none()
        });
        let mut all = true;
        for (route, channel) in untried {
            channel.probe(desk.now()).await;
            let health = channel.health();
            all &= health.last_success.is_some();
            if let Some((_, said)) = health.last_failure {
                tracing::warn!(route, said, "a channel does not take anything");
            }
        }
        if all {
            return;
        }
        tokio::time::sleep(PROBE_EVERY).await;
    }
}

/// Tells the desk what the list of what is still to be set up looks at.
pub fn surround(installation: &Installation, outbox: &Arc<Outbox<Post>>) {
    let data = &installation.data;
    let data = std::path::absolute(data).unwrap_or_else(|_| data.clone());
    // Weak: the outbox holds the desk.
    let outbox = Arc::downgrade(outbox);
    let others = Weak::clone(&outbox);
    let mail = move || {
        let Some(outbox) = outbox.upgrade() else {
            return MailReach::Untried;
        };
        let mail = outbox.channels().get(desk::MAIL);
        mail.map_or(MailReach::NotSet, reached)
    };
    let outbox = others;
    installation.desk.sends_by(move || {
        let Some(outbox) = outbox.upgrade() else {
            return Vec::new();
        };
        let all = outbox.channels().iter();
        all.map(|(route, channel)| seen(route, channel)).collect()
    });
    installation
        .desk
        .is_surrounded_by(data.display().to_string(), mail);
}

/// How often the channels are looked at: an admin hears within a minute of one that takes nothing (P6).
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// A channel that comes and goes is told of so often at most.
const QUIET: SignedDuration = SignedDuration::from_mins(10);

/// Tells the admins of each channel that takes nothing any more, and of each that takes things again.
pub async fn watch(desk: Desk) {
    let mut told = BTreeSet::new();
    let mut last = BTreeMap::<String, Timestamp>::new();
    loop {
        let now = desk.clock().wall();
        for channel in desk.channels() {
            let route = channel.route.clone();
            let news = channel.broken != told.contains(&route);
            let lately = last
                .get(&route)
                .is_some_and(|last| now.duration_since(*last) < QUIET);
            if !news || lately {
                continue;
            }
            let said = match channel.reach {
                MailReach::Failing(said) => said,
                _ => String::new(),
            };
            let since = channel.failing_since;
            match desk.channel_changed(&route, since, &said).await {
                // What was not told is tried again at once.
                Ok(()) => {
                    last.insert(route.clone(), now);
                    if channel.broken {
                        told.insert(route);
                    } else {
                        told.remove(&route);
                    }
                }
                Err(error) => {
                    tracing::error!(%error, "the admins do not know yet how a channel is")
                }
            }
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Tells the admins of each mailbox and queue out of which nothing comes any more, and of each that works again.
pub async fn watch_fetched(desk: Desk) {
    loop {
        if let Err(error) = desk.tell_of_fetched().await {
            tracing::error!(%error, "the admins do not know yet how it stands with what is fetched");
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

fn seen(route: &str, channel: &Channel) -> ChannelReach {
    let health = channel.health();
    ChannelReach {
        route: route.to_owned(),
        reach: reached(channel),
        last_success: health.last_success,
        last_failure: health.last_failure.as_ref().map(|(at, _)| *at),
        failing_since: health.failing_since,
        broken: health.is_broken(),
    }
}

fn reached(channel: &Channel) -> MailReach {
    let health = channel.health();
    match health.last_failure {
        Some((_, said)) if health.consecutive_failures > 0 => MailReach::Failing(said),
        _ if health.last_success.is_some() => MailReach::Reached,
        _ => MailReach::Untried,
    }
}
