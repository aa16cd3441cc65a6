//! What goes on beside the faces for as long as an installation is served.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::{Installation, outbox, told_to_stop};
use crate::config::Config;
use crate::delivery::beat::Beat;
use crate::delivery::outbox::Outbox;
use crate::desk::Desk;
use crate::inbound::sqs::Poller;
use crate::post::Post;
use crate::vault::Exhibits;
use crate::{delivery, reach, replay, rounds, timekeeper, waker, watcher};

/// What goes on beside the faces. It ends when this is dropped.
pub struct Tasks {
    _running: JoinSet<()>,
}

impl Tasks {
    /// Starts all of it.
    ///
    /// # Errors
    /// The spool cannot be read, or a setting does not fit.
    pub async fn start(
        installation: &Installation,
        outbox: &Arc<Outbox<Post>>,
        config: &Config,
        stopped: &watch::Receiver<bool>,
    ) -> Result<Self> {
        let desk = &installation.desk;
        let mut running = JoinSet::new();
        open_spool(installation).await?;
        running.spawn(replay::run(desk.clone()));
        beside(&mut running, desk, config, stopped)?;
        queues(&mut running, installation, config)?;
        reach::surround(installation, outbox);
        running.spawn(reach::probe(Arc::clone(outbox), desk.clone()));
        running.spawn(once_joined(desk.clone(), reach::watch));
        running.spawn(once_joined(desk.clone(), reach::watch_fetched));
        let beat = config.watcher.as_ref().map(Beat::new).transpose()?;
        running.spawn(watcher::run(desk.clone(), Arc::downgrade(outbox), beat));
        running.spawn(timekeeper::run(desk.clone()));
        running.spawn(waker::run(desk.clone()));
        running.spawn(sweep(desk.clone(), installation.exhibits.clone()));
        running.spawn(once_joined(desk.clone(), forget));
        running.spawn(once_joined(desk.clone(), alarm));
        running.spawn(once_joined(desk.clone(), gaps));
        let keeper = Arc::clone(&installation.keeper);
        running.spawn(rounds::walk(desk.clone(), keeper, config.backup.clone()));
        Ok(Self { _running: running })
    }
}

/// Where the database may be away while the node is not, the node keeps meanwhile what it is told.
async fn open_spool(installation: &Installation) -> Result<()> {
    let desk = &installation.desk;
    if desk.without_database().is_some() {
        // It was opened before the database was looked at.
        return Ok(());
    }
    let folder = installation.home.spool();
    // An installation that moved into a file may have brought something along.
    let left = std::fs::metadata(folder.join("log")).is_ok_and(|log| log.len() > 0);
    if desk.store_and_clock().0.shared().is_some() || left {
        desk.spool_into(&folder).await?;
    }
    Ok(())
}

/// Calls people, and lets time act, for what waits on this node's disk while the database is away.
fn beside(
    running: &mut JoinSet<()>,
    desk: &Desk,
    config: &Config,
    stopped: &watch::Receiver<bool>,
) -> Result<()> {
    let served = desk.clone();
    let Some(desk) = desk.without_database() else {
        return Ok(());
    };
    let (outbox, nudge) = (outbox(&desk, config)?, desk.outbox_nudge());
    let told = told_to_stop(stopped.clone());
    running.spawn(delivery::run::run(outbox, nudge, told));
    running.spawn(async move {
        served.has_caught_up().await;
        waker::run(desk).await;
    });
    Ok(())
}

/// Asks the queues for alerts. A drill leaves them alone: what it took would be missing where it is meant.
fn queues(running: &mut JoinSet<()>, installation: &Installation, config: &Config) -> Result<()> {
    let desk = &installation.desk;
    if desk.site().drill {
        if !config.sqs.is_empty() {
            tracing::info!("this is a drill: no queue of Amazon SQS is asked");
        }
        return Ok(());
    }
    let all = config.sqs.iter();
    let all = all.map(|(name, settings)| Ok(Arc::new(Poller::new(name, settings)?)));
    let all: Vec<Arc<Poller>> = all.collect::<Result<_>>()?;
    for poller in &all {
        let (poller, exhibits) = (Arc::clone(poller), installation.exhibits.clone());
        running.spawn(once_joined(desk.clone(), move |desk| {
            poller.run(desk, exhibits)
        }));
    }
    desk.asks_queues(move || all.iter().map(|poller| poller.reach()).collect());
    Ok(())
}

/// Begins with the database there.
async fn once_joined<F: Future<Output = ()>>(desk: Desk, work: impl FnOnce(Desk) -> F) {
    desk.is_joined().await;
    work(desk).await;
}

/// Destroys what was erased: at the start what an earlier process left, then as it happens.
async fn sweep(desk: Desk, exhibits: Exhibits) {
    let nudge = desk.sweep_nudge();
    loop {
        if let Err(error) = desk.sweep_exhibits(&exhibits).await {
            tracing::error!(%error, "erased exhibits are still on disk; trying again");
            tokio::time::sleep(Duration::from_secs(60)).await;
            continue;
        }
        nudge.notified().await;
    }
}

/// Forgets at the start and then daily what was kept for repeated requests.
async fn forget(desk: Desk) {
    loop {
        if let Err(error) = desk.forget_answers().await {
            tracing::error!(%error, "old answers to repeated requests are still kept; trying again");
        }
        tokio::time::sleep(Duration::from_secs(24 * 3_600)).await;
    }
}

/// Looks every quarter of an hour whether somebody will be on call in the week ahead.
async fn gaps(desk: Desk) {
    loop {
        if let Err(error) = desk.tell_gaps().await {
            tracing::error!(%error, "nobody was told of hours without anybody on call; trying again");
        }
        tokio::time::sleep(Duration::from_secs(15 * 60)).await;
    }
}

/// Tells the admins of damaged journals: at the start of the projects', then of whatever is found.
async fn alarm(desk: Desk) {
    let nudge = desk.damage_nudge();
    if let Err(error) = desk.look_over().await {
        tracing::error!(%error, "the projects could not be looked over");
    }
    loop {
        if let Err(error) = desk.raise_alarms().await {
            tracing::error!(%error, "the admins do not know yet that a journal is damaged; trying again");
            tokio::time::sleep(Duration::from_secs(60)).await;
            continue;
        }
        nudge.notified().await;
    }
}
