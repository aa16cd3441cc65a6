//! Whether mail leaves, for the list of what is still to be set up: the mail server is asked at the
//! start, and what its channel says is shown.

use std::sync::Arc;
use std::time::Duration;

use crate::delivery::channel::Channel;
use crate::delivery::outbox::Outbox;
use crate::desk::{self, Desk};
use crate::post::Post;
use crate::report::to_do::MailReach;
use crate::serve::Installation;

/// So often a mail server that did not answer is asked again.
const PROBE_EVERY: Duration = Duration::from_secs(60);

/// Asks the mail server whether it would take something, until it once does: whoever sets Henhouse up
/// hears of a wrong password now and not with the first report.
pub async fn probe(outbox: Arc<Outbox<Post>>, desk: Desk) {
    let Some(channel) = outbox.channels().get(desk::MAIL) else {
        return;
    };
    while channel.health().last_success.is_none() {
        channel.probe(desk.now()).await;
        if let Some((_, said)) = channel.health().last_failure {
            tracing::warn!(said, "the mail server does not take anything");
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
    let mail = move || {
        let Some(outbox) = outbox.upgrade() else {
            return MailReach::Untried;
        };
        let health = outbox.channels().get(desk::MAIL).map(Channel::health);
        health.map_or(MailReach::NotSet, |health| match health.last_failure {
            Some((_, said)) if health.consecutive_failures > 0 => MailReach::Failing(said),
            _ if health.last_success.is_some() => MailReach::Reached,
            _ => MailReach::Untried,
        })
    };
    installation
        .desk
        .is_surrounded_by(data.display().to_string(), mail);
}
