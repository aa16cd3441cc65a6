//! Who watches the watcher: looks again and again whether the waker gets up, the outbox is looked at, the store commits
//! and nothing stands still; while all is well it sends a heartbeat to an outside monitor. Whatever hangs, the heartbeat
//! stays away, and somebody outside knows within two minutes (P12).

use std::sync::{Arc, Weak};
use std::time::Duration;

use crate::delivery::beat::Beat;
use crate::delivery::outbox::Outbox;
use crate::desk::{Desk, Lag};
use crate::post::Post;
use crate::report::trouble::DATABASE;

/// Between two looks where no heartbeat is sent.
const EVERY: Duration = Duration::from_secs(30);
/// The same after one that found something: what is over is to be seen soon.
const AGAIN: Duration = Duration::from_secs(3);
/// Whoever does not answer for so long hangs.
const PATIENCE: Duration = if cfg!(test) {
    Duration::from_secs(2)
} else {
    Duration::from_secs(10)
};
/// Between two looks at whether an answer has come.
const PAUSE: Duration = Duration::from_millis(20);

/// Watches until dropped.
pub async fn run(desk: Desk, outbox: Weak<Outbox<Post>>, beat: Option<Beat>) {
    let every = beat.as_ref().map_or(EVERY, Beat::every);
    loop {
        // What another node was told; whether the store answers is asked below.
        let _ = tokio::time::timeout(PATIENCE, desk.look_up_organisation()).await;
        let well = is_well(&desk, &outbox).await;
        if well && let Some(beat) = &beat {
            match beat.send().await {
                Ok(()) => desk.beat_was_heard(),
                Err(said) => tracing::warn!(said, "the outside monitor did not take the heartbeat"),
            }
        }
        tokio::time::sleep(if well { every } else { every.min(AGAIN) }).await;
    }
}

/// Looks once, and keeps what was found for the probes.
async fn is_well(desk: &Desk, outbox: &Weak<Outbox<Post>>) -> bool {
    let Some(outbox) = outbox.upgrade() else {
        return false;
    };
    let (waker, outbox, store) = tokio::join!(
        waker_answers(desk),
        outbox_answers(desk, outbox),
        store_answers(desk)
    );
    let silent = [
        ("the waker", !waker),
        ("the outbox", !outbox),
        (DATABASE, store.is_none()),
    ];
    let silent = silent.into_iter().filter(|(_, silent)| *silent);
    let silent: Vec<&'static str> = silent.map(|(part, _)| part).collect();
    for part in &silent {
        tracing::error!(
            part,
            "it does not answer: nobody may be called by this process"
        );
    }
    let late = store.unwrap_or_default().troubles();
    for sentence in &late {
        tracing::error!(sentence, "something stands still");
    }
    let well = silent.is_empty() && late.is_empty();
    desk.are_silent(silent);
    well
}

async fn waker_answers(desk: &Desk) -> bool {
    let bell = desk.waker_bell();
    let call = bell.call();
    in_time(|| bell.has_answered(call)).await
}

async fn outbox_answers(desk: &Desk, outbox: Arc<Outbox<Post>>) -> bool {
    let before = outbox.rounds();
    desk.outbox_nudge().notify_one();
    in_time(|| outbox.rounds() > before).await
}

async fn in_time(answered: impl Fn() -> bool) -> bool {
    let answer = async {
        while !answered() {
            tokio::time::sleep(PAUSE).await;
        }
    };
    tokio::time::timeout(PATIENCE, answer).await.is_ok()
}

/// What the auditor found, if the store reads and commits.
async fn store_answers(desk: &Desk) -> Option<Lag> {
    let look = async {
        desk.keep_beat().await?;
        desk.audit().await
    };
    match tokio::time::timeout(PATIENCE, look).await {
        Ok(Ok(lag)) => Some(lag),
        Ok(Err(error)) => {
            tracing::error!(%error, "the auditor cannot look");
            None
        }
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::delivery::outbox::Limits;
    use crate::web::stage::Stage;

    #[tokio::test]
    async fn it_is_well_only_while_both_loops_turn() {
        let stage = Stage::new().await;
        let desk = &stage.app.desk;
        let (store, clock) = desk.store_and_clock();
        let post = Post::new(desk.clone());
        let outbox = Outbox::new(store, clock, post, BTreeMap::new(), Limits::default());
        let waker = tokio::spawn(crate::waker::run(desk.clone()));
        let nudge = desk.outbox_nudge();
        let carried = crate::delivery::run::run(Arc::clone(&outbox), nudge, std::future::pending());
        let carries = tokio::spawn(carried);
        assert!(is_well(desk, &Arc::downgrade(&outbox)).await);
        assert_eq!(desk.silence(), Vec::<String>::new());
        assert_eq!(stage.get("/readyz", None).await.text(), "ready\n");
        waker.abort();
        carries.abort();
        assert!(waker.await.is_err() && carries.await.is_err());
        assert!(!is_well(desk, &Arc::downgrade(&outbox)).await);
        let silent = desk.silence();
        assert!(
            silent[0].starts_with("the waker does not answer"),
            "{silent:?}"
        );
        assert!(
            silent[1].starts_with("the outbox does not answer"),
            "{silent:?}"
        );
        let probe = stage.get("/readyz", None).await;
        assert_eq!(probe.status, 503);
        assert!(probe.text().contains("call people by phone"));
    }
}
