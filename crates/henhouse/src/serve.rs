//! Serving a data directory: keys, store, desk, waker, outbox and faces, started in the order in
//! which each needs the one before, and stopped the other way round.

use std::collections::BTreeMap;
use std::future::Future;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use jiff::Timestamp;
use procedure::basis::Marking;
use procedure::{Actor, How, Who};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::auth::Gate;
use crate::clock::Clock;
use crate::config::Config;
use crate::delivery::beat::Beat;
use crate::delivery::channel::{Capabilities, Channel, Sender};
use crate::delivery::mail::MailSender;
use crate::delivery::outbox::{Limits, Outbox};
use crate::desk::{Desk, Site};
use crate::founding;
use crate::ids::Ids;
use crate::post::Post;
use crate::store::{PostgresOptions, SqliteOptions, Store};
use crate::vault::Exhibits;
use crate::{
    backup, claim, delivery, demo, desk, listen, reach, replay, rounds, tls, waker, watcher,
};

/// What `henhouse serve` was told.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where the installation keeps what it keeps.
    pub home: Home,
    /// Where to listen.
    pub listen: SocketAddr,
    /// Practise: a virtual clock, everything marked DRILL.
    pub drill: bool,
    /// Where a new drill's clock begins; now, if nothing is said.
    pub clock: Option<Timestamp>,
    /// Fill a new drill with the handbook's case, half-way through.
    pub demo: bool,
    /// The settings.
    pub config: Config,
}

/// Where an installation keeps what it keeps.
#[derive(Clone)]
pub struct Home {
    /// The data directory: keys, exhibits, the owner's socket, and the database unless that is elsewhere.
    pub data: PathBuf,
    /// The address of a PostgreSQL database. It may hold a password.
    pub database: Option<String>,
}

impl std::fmt::Debug for Home {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Home")
            .field("data", &self.data)
            .finish_non_exhaustive()
    }
}

impl From<&Path> for Home {
    fn from(data: &Path) -> Self {
        Self {
            data: data.to_owned(),
            database: None,
        }
    }
}

impl Home {
    /// Whether there is an installation, as far as that can be seen from outside.
    #[must_use]
    pub fn is_there(&self) -> bool {
        self.database.is_some() || self.data.join(DATABASE).exists()
    }

    /// The store, which holds the directory's lock as long as it is open.
    pub(crate) fn open(&self, ids: &Ids) -> Result<Store> {
        let Some(address) = &self.database else {
            return Ok(Store::sqlite(&self.data, SqliteOptions::default())?);
        };
        let options = PostgresOptions {
            address: address.clone(),
            node: ids.uuid_v7(Clock::real().now()),
            readers: READERS,
            held: Some(self.data.clone()),
        };
        Ok(Store::postgres(&options)?)
    }
}

/// Connections that read from a PostgreSQL database.
const READERS: usize = 8;

/// Makes the pages and the API of an installation; what streams ends when told to stop.
pub type Faces = fn(&Installation, watch::Receiver<bool>, Door) -> axum::Router;

/// By which door a request came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// Over the network: whoever it is must say so.
    Network,
    /// Over the socket in the data directory, which only its owner can open: an admin.
    Local,
}

/// An installation with everything but its faces.
pub struct Installation {
    /// The desk.
    pub desk: Desk,
    /// Where exhibits lie.
    pub exhibits: Exhibits,
    /// The data directory.
    pub data: PathBuf,
    /// Who makes its backups.
    pub keeper: Arc<backup::Keeper>,
}

/// The database file; without it the directory is new.
pub const DATABASE: &str = "henhouse.db";
/// The file of the root key.
pub const ROOT_KEY: &str = "root.key";
/// The socket of the directory's owner.
pub const SOCKET: &str = "admin.sock";
/// How long open requests may take to end when the server stops.
const DRAIN: Duration = Duration::from_secs(5);

impl Installation {
    /// Opens a data directory, making it if it is not there.
    ///
    /// # Errors
    /// In use by another process, keys that do not fit, a drill's directory opened as real or
    /// the other way round.
    pub async fn open(
        home: impl Into<Home>,
        base_url: &str,
        drill: bool,
        begin: Option<Timestamp>,
    ) -> Result<Self> {
        let (home, ids) = (home.into(), Ids::system()?);
        let data = home.data.as_path();
        make_private(data)?;
        let was_there = home.is_there();
        let store = home.open(&ids)?;
        if let Some(why) = store.read(backup::not_to_be_served).await? {
            bail!(why);
        }
        let first_start = match store.shared() {
            Some(_) => store.read(claim::is_new).await?,
            None => !was_there,
        };
        let root = claim::root_key(&store, data, first_start, &ids).await?;
        claim::kind(&store, drill).await?;
        let clock = clock(&store, drill, begin).await?;
        let prefix = if drill { "DR" } else { "HH" }.to_owned();
        let site = Site {
            base_url: base_url.to_owned(),
            drill,
            prefix,
        };
        let exhibits = Exhibits::open(&data.join("exhibits"))?;
        let keeper = backup::Keeper::new(
            store.clone(),
            root.clone(),
            exhibits.clone(),
            (Ids::system()?, clock.clone()),
            data.join(crate::config::FILE),
        );
        let desk = Desk::new(store, root, clock, ids, site);
        Ok(Self {
            desk,
            exhibits,
            data: data.to_owned(),
            keeper: Arc::new(keeper),
        })
    }

    /// Founds the first project if there is none.
    ///
    /// # Errors
    /// The zone is unknown, or the store cannot write.
    pub async fn found(&self, zone: &str) -> Result<()> {
        if self.desk.projects().await?.is_empty() {
            let actor = Actor {
                who: Who::System,
                how: How::LocalSocket,
            };
            let prefix = &self.desk.site().prefix;
            let first = ("Main", founding::FIRST_PROJECT, &**prefix);
            let founded = founding::found(&self.desk, actor, first, zone, None).await;
            // Another node, started at the same moment, may have been first.
            if founded.is_err() && self.desk.projects().await?.is_empty() {
                founded?;
            }
        }
        Ok(())
    }
}

/// Serves until told to stop.
///
/// # Errors
/// What keeps it from starting, in a sentence.
pub async fn serve(
    options: Options,
    faces: Faces,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    tls::install_provider();
    // Listened for from now on: whoever is told to stop right after it has said where it listens, stops well.
    let stop = tokio::spawn(stop);
    let listener = tokio::net::TcpListener::bind(options.listen)
        .await
        .with_context(|| {
            format!(
                "cannot listen on {}: choose another --listen",
                options.listen
            )
        })?;
    let address = listener.local_addr()?;
    let base_url = options
        .config
        .base_url
        .clone()
        .unwrap_or_else(|| format!("http://{address}"));
    let base_url = base_url.trim_end_matches('/');
    let installation =
        Installation::open(options.home.clone(), base_url, options.drill, options.clock).await?;
    if options.demo && installation.desk.projects().await?.is_empty() {
        demo::fill(&installation.desk).await?;
    }
    installation
        .found(options.config.zone.as_deref().unwrap_or("UTC"))
        .await?;
    let desk = installation.desk.clone();
    desk.follow_others()?;
    let spool = spool(&installation).await?;
    let (stopping, stopped) = watch::channel(false);
    let outbox = outbox(&desk, &options.config)?;
    if desk.store_and_clock().0.shared().is_none() {
        // Where other nodes send too, the leases of the dead run out by themselves.
        outbox.take_over().await?;
    }
    reach::surround(&installation, &outbox);
    let beside = beside(&desk, &options.config, &stopped)?;
    let probes = tokio::spawn(reach::probe(Arc::clone(&outbox), desk.clone()));
    let beat = options.config.watcher.as_ref().map(Beat::new).transpose()?;
    let watches = watcher::run(desk.clone(), Arc::downgrade(&outbox), beat);
    let watches = tokio::spawn(watches);
    let nudge = desk.outbox_nudge();
    let post = tokio::spawn(delivery::run::run(
        outbox,
        nudge,
        told_to_stop(stopped.clone()),
    ));
    let wakes = tokio::spawn(waker::run(desk.clone()));
    let sweeps = tokio::spawn(sweep(desk.clone(), installation.exhibits.clone()));
    let forgets = tokio::spawn(forget(desk.clone()));
    let alarms = tokio::spawn(alarm(desk.clone()));
    let keeper = Arc::clone(&installation.keeper);
    let rounds = rounds::start(desk.clone(), keeper, options.config.backup.as_ref());
    let router = faces(&installation, stopped.clone(), Door::Network);
    let socket = socket(&installation, faces, stopped.clone())?;
    announce(&installation, base_url, &options).await?;
    let serving = listen::serve(listener, router, listen::Limits::default(), stopped);
    let mut serving = tokio::spawn(serving);
    tokio::select! {
        _ = stop => {}
        ended = &mut serving => ended?,
    }
    stopping.send_replace(true);
    wakes.abort();
    sweeps.abort();
    forgets.abort();
    alarms.abort();
    probes.abort();
    spool.abort();
    watches.abort();
    beside.iter().for_each(JoinHandle::abort);
    rounds.abort();
    installation.keeper.stop();
    let _ = tokio::time::timeout(DRAIN, serving).await;
    let _ = tokio::time::timeout(DRAIN, socket).await;
    let _ = post.await;
    Ok(())
}

/// Where the database may be away while the node is not, the node keeps meanwhile what it is told.
async fn spool(installation: &Installation) -> Result<JoinHandle<()>> {
    let desk = installation.desk.clone();
    let folder = installation.data.join("spool");
    // An installation that moved into a file may have brought something along.
    let left = std::fs::metadata(folder.join("log")).is_ok_and(|log| log.len() > 0);
    if desk.store_and_clock().0.shared().is_some() || left {
        desk.spool_into(&folder).await?;
    }
    Ok(tokio::spawn(replay::run(desk)))
}

/// Calls people, and lets time act, for what waits on this node's disk while the database is away.
fn beside(
    desk: &Desk,
    config: &Config,
    stopped: &watch::Receiver<bool>,
) -> Result<Vec<JoinHandle<()>>> {
    let Some(desk) = desk.without_database() else {
        return Ok(Vec::new());
    };
    let (outbox, nudge) = (outbox(&desk, config)?, desk.outbox_nudge());
    let sends = delivery::run::run(outbox, nudge, told_to_stop(stopped.clone()));
    Ok(vec![tokio::spawn(sends), tokio::spawn(waker::run(desk))])
}

/// Destroys what was erased: at the start what an earlier process left, then as it happens.
async fn sweep(desk: Desk, exhibits: Exhibits) {
    let nudge = desk.sweep_nudge();
    loop {
        if let Err(error) = desk.sweep_exhibits(&exhibits).await {
            tracing::error!(%error, "erased exhibits are still on disk; trying again");
            tokio::time::sleep(std::time::Duration::from_secs(60)).await;
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

/// Serves the socket through which the owner of the data directory speaks.
fn socket(
    installation: &Installation,
    faces: Faces,
    stopped: watch::Receiver<bool>,
) -> Result<JoinHandle<()>> {
    use std::os::unix::fs::PermissionsExt as _;
    let path = installation.data.join(SOCKET);
    // A socket that a killed server left behind; the directory's lock says that nobody else serves.
    let _ = std::fs::remove_file(&path);
    let listener = tokio::net::UnixListener::bind(&path)?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
    let router = faces(installation, stopped.clone(), Door::Local);
    let serving = axum::serve(listener, router).with_graceful_shutdown(told_to_stop(stopped));
    Ok(tokio::spawn(async move {
        if let Err(error) = serving.await {
            tracing::error!(%error, "the owner's socket stopped");
        }
        let _ = std::fs::remove_file(path);
    }))
}

/// Holds a data directory that nobody serves for as long as it takes to speak to it over its socket.
///
/// # Errors
/// In use by another process, or keys that do not fit.
pub async fn hold_locally(
    home: &Home,
    base_url: &str,
    faces: Faces,
    until: impl Future<Output = ()> + Send + 'static,
) -> Result<JoinHandle<()>> {
    let installation =
        Installation::open(home.clone(), base_url, is_drill(home).await?, None).await?;
    let (stopping, stopped) = watch::channel(false);
    let socket = socket(&installation, faces, stopped)?;
    Ok(tokio::spawn(async move {
        until.await;
        stopping.send_replace(true);
        let _ = tokio::time::timeout(DRAIN, socket).await;
    }))
}

/// Whether a data directory belongs to a drill.
///
/// # Errors
/// It is no installation, or in use.
pub async fn is_drill(home: &Home) -> Result<bool> {
    if !home.is_there() {
        bail!("there is no installation in {}", home.data.display());
    }
    let store = home.open(&Ids::system()?)?;
    let kind: Option<Vec<u8>> = store.read(|view| view.setting(claim::KIND)).await?;
    Ok(kind.as_deref() == Some(b"drill"))
}

async fn told_to_stop(mut stopped: watch::Receiver<bool>) {
    // An error means that the sender is gone, which is a stop too.
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

fn outbox(desk: &Desk, config: &Config) -> Result<Arc<Outbox<Post>>> {
    let mut channels = BTreeMap::new();
    if let Some(mail) = &config.mail {
        let sender = Sender::Mail(Box::new(MailSender::new(mail)?));
        let channel = Channel::new(sender, Capabilities::MAIL, Marking::Amber);
        channels.insert(desk::MAIL.to_owned(), channel);
        desk.mail_leaves();
    } else {
        tracing::warn!("no mail server is set: nobody is written to; add [mail] to the settings");
    }
    let (store, clock) = desk.store_and_clock();
    Ok(Outbox::new(
        store,
        clock,
        Post::new(desk.clone()),
        channels,
        Limits::default(),
    ))
}

async fn announce(installation: &Installation, base_url: &str, options: &Options) -> Result<()> {
    println!("Henhouse listens on {base_url}");
    println!("  data directory    {}", options.home.data.display());
    if let Some(database) = installation.desk.store_and_clock().0.shared() {
        println!("  database          {database}");
        println!(
            "  keys and exhibits stay in the data directory: nodes need the same root.key and share exhibits/"
        );
    }
    println!("  report something  {base_url}/report");
    if options.drill {
        println!("  DRILL: the clock moves only when told; nothing here is real");
    }
    if let Some(link) = Gate::new(installation.desk.clone()).set_up_link().await? {
        println!("  set it up (once)  {base_url}/set-up/{link}");
    }
    let data =
        std::path::absolute(&options.home.data).unwrap_or_else(|_| options.home.data.clone());
    println!("  use it from a command line:");
    println!("    export HENHOUSE_URL={base_url}");
    println!(
        "    export HENHOUSE_TOKEN=$(henhouse admin token --data {} --name me --role admin)",
        data.display()
    );
    Ok(())
}

/// A data directory belongs to its owner alone.
fn make_private(data: &Path) -> Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    let made = std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(data);
    made.with_context(|| format!("the data directory {} cannot be made", data.display()))
}

/// Real time, or a drill's time as it stood when the drill was left; a new one begins at `begin`.
async fn clock(store: &Store, drill: bool, begin: Option<Timestamp>) -> Result<Clock> {
    let real = Clock::real();
    if !drill {
        return Ok(real);
    }
    let begin = begin.unwrap_or_else(|| real.now());
    let at = store.write(move |tx| desk::begin_clock(tx, begin)).await?;
    Ok(Clock::drill(at))
}
