//! Wakes the cases when their time has come. It knows no rule: it sleeps until the
//! earliest next wake, asks the desk to let happen what is due, and sleeps again.

use std::time::Duration;

use crate::desk::Desk;

/// Pause after the store refused, so that a full disk is not hammered.
const AFTER_TROUBLE: Duration = Duration::from_secs(1);

/// One step: lets happen what is due. Answers how many cases were touched.
///
/// # Errors
/// The store's.
pub async fn step(desk: &Desk) -> crate::desk::Result<usize> {
    desk.pulse().await
}

/// Runs until dropped. What fell due while nothing was running happens at the first step.
pub async fn run(desk: Desk) {
    let bell = desk.waker_bell();
    loop {
        let heard = bell.awake();
        if let Err(error) = step(&desk).await {
            tracing::error!(%error, "time cannot reach the cases; trying again");
            tokio::time::sleep(AFTER_TROUBLE).await;
            continue;
        }
        let next = match desk.next_wake().await {
            Ok(next) => next,
            Err(error) => {
                tracing::error!(%error, "the next wake cannot be read; trying again");
                tokio::time::sleep(AFTER_TROUBLE).await;
                continue;
            }
        };
        bell.sleeps_until(next, heard);
        let sleep = async {
            match next {
                Some(at) => desk.clock().sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        let retry = async {
            match desk.next_retry() {
                Some(wait) => tokio::time::sleep(wait).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = sleep => {}
            () = retry => {}
            () = bell.rung() => {}
        }
    }
}
