//! A node that starts while the database is away serves from its own disk, and joins the database when it comes.

use jiff::Timestamp;
use tokio::sync::watch;

use super::super::Desk;
use super::Away;

/// How a node stands with its database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Joining {
    /// The database was looked at and is this installation's.
    Joined,
    /// Somebody is looking.
    Asked,
    /// Nobody answers; it is asked again.
    Away(String),
    /// It must not be used, and why; it is looked at again.
    Refused(String),
}

pub(super) fn standing(joining: Joining) -> watch::Sender<Joining> {
    watch::Sender::new(joining)
}

impl Desk {
    /// How this node stands with its database.
    #[must_use]
    pub fn joining(&self) -> Joining {
        let away = self.inner.away.get();
        away.map_or(Joining::Joined, |away| away.joining.borrow().clone())
    }

    /// The database was looked at, and may be used from now on.
    pub fn has_joined(&self) {
        if let Some(away) = self.inner.away.get() {
            away.joining.send_replace(Joining::Joined);
            away.nudge.notify_one();
        }
    }

    /// The database was looked at, or for, and cannot be used: from now on what comes is kept on this node's disk.
    pub fn has_not_joined(&self, how: Joining) {
        let Some(away) = self.inner.away.get() else {
            return;
        };
        if let Joining::Away(why) | Joining::Refused(why) = &how {
            away.goes(self.now(), why);
        }
        away.joining.send_replace(how);
    }

    /// Waits until the database was looked at once, whatever came of it.
    pub async fn has_looked(&self) {
        self.wait_until(|joining| *joining != Joining::Asked).await;
    }

    /// Waits until the database may be used.
    pub async fn is_joined(&self) {
        self.wait_until(|joining| *joining == Joining::Joined).await;
    }

    async fn wait_until(&self, is: impl Fn(&Joining) -> bool) {
        if let Some(away) = self.inner.away.get() {
            let mut joining = away.joining.subscribe();
            // An error means that the desk is gone.
            let _ = joining.wait_for(is).await;
        }
    }

    /// When what this node knows of the projects was last seen to be so.
    #[must_use]
    pub fn knows_as_of(&self) -> Option<Timestamp> {
        self.inner.away.get()?.known_as_of()
    }
}

impl Away {
    pub(super) fn known_as_of(&self) -> Option<Timestamp> {
        *self
            .known_at
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
