//! Whether mail leaves, for the list of what is still to be set up: the mail server is asked at the
//! start, and what its channel says is shown.

use std::sync::{Arc, Weak};
use std::time::Duration;

use crate::delivery::channel::Channel;
use crate::delivery::outbox::Outbox;
use crate::desk::{self, Desk};
use crate::post::Post;
use crate::report::to_do::MailReach;
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
        let others = outbox.channels().iter();
        let others = others.filter(|(route, _)| *route != desk::MAIL);
        others
            .map(|(route, channel)| (route.clone(), reached(channel)))
            .collect()
    });
    installation
        .desk
        .is_surrounded_by(data.display().to_string(), mail);
}

fn reached(channel: &Channel) -> MailReach {
    let health = channel.health();
    match health.last_failure {
        Some((_, said)) if health.consecutive_failures > 0 => MailReach::Failing(said),
        _ if health.last_success.is_some() => MailReach::Reached,
        _ => MailReach::Untried,
    }
}
