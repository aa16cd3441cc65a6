//! Looks after the database and after what is kept on this node's disk while it is away. It knows no rule: it asks the
//! desk for one step after the other.

use std::time::Duration;

use crate::desk::Desk;

/// So often the database is asked while all is well, and what is new in the projects is learnt.
const WHILE_THERE: Duration = Duration::from_secs(2);
/// So often it is asked while it is away, or while something waits.
const WHILE_AWAY: Duration = Duration::from_millis(500);

/// Runs until dropped; at once, if the desk keeps nothing beside its store.
pub async fn run(desk: Desk) {
    let Some(nudge) = desk.away_nudge() else {
        return;
    };
    loop {
        match desk.mind_the_spool().await {
            Ok(0) => {}
            // There may be more.
            Ok(_) => continue,
            Err(error) => {
                tracing::error!(%error, "the spool cannot be minded; trying again");
            }
        }
        let figures = desk.away_figures();
        if figures.since.is_some() || figures.waiting > 0 {
            tokio::time::sleep(WHILE_AWAY).await;
            continue;
        }
        let _rung_or_late = tokio::time::timeout(WHILE_THERE, nudge.notified()).await;
    }
}
