//! Before a database that a node has not joined yet: nothing of the store is asked of it before it has been looked at.

use tokio::sync::watch;

use crate::store::error::{Result, StoreError};

/// Where connections wait until it is known whether they may be made.
pub(super) struct Gate(watch::Sender<Standing>);

enum Standing {
    /// Somebody is looking: whoever comes waits.
    Asked,
    Open,
    /// Not now, and why.
    Shut(String),
}

impl Gate {
    pub(super) fn open() -> Self {
        Self(watch::Sender::new(Standing::Open))
    }

    pub(super) fn closed() -> Self {
        Self(watch::Sender::new(Standing::Asked))
    }

    /// Lets everybody through from now on.
    pub(super) fn unlock(&self) {
        self.0.send_replace(Standing::Open);
    }

    /// Turns everybody away who comes, and who waits; one that is open stays so.
    pub(super) fn shut(&self, why: &str) {
        self.0.send_if_modified(|standing| {
            let closed = !matches!(standing, Standing::Open);
            if closed {
                *standing = Standing::Shut(why.to_owned());
            }
            closed
        });
    }

    /// Waits until it is decided.
    ///
    /// # Errors
    /// `Away` if nobody may go through now.
    pub(super) async fn pass(&self) -> Result<()> {
        let mut standing = self.0.subscribe();
        let decided = standing
            .wait_for(|standing| !matches!(standing, Standing::Asked))
            .await;
        match decided.as_deref() {
            Ok(Standing::Shut(why)) => Err(StoreError::Away(format!(
                "this node has not joined it yet: {why}"
            ))),
            _ => Ok(()),
        }
    }
}
