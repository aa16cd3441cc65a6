//! Serving a data directory: keys, store, desk, waker, outbox and faces, started in the order in
//! which each needs the one before, and stopped the other way round.

mod announce;
mod home;
mod installation;
mod join;
mod socket;
mod tasks;

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use jiff::Timestamp;
use procedure::basis::Marking;
use procedure::project::By;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::config::Config;
use crate::delivery::channel::{Capabilities, Channel, Sender};
use crate::delivery::command::CommandSender;
use crate::delivery::forward::{ForwardSender, Vendor};
use crate::delivery::gotify::GotifySender;
use crate::delivery::mail::MailSender;
use crate::delivery::ntfy::NtfySender;
use crate::delivery::outbox::{Limits, Outbox};
use crate::delivery::phone::{Manner, PhoneSender};
use crate::delivery::push::PushSender;
use crate::delivery::webhook::WebhookSender;
use crate::desk::{Brings, Desk, Entrance};
use crate::devices::Hosts;
use crate::ids::Ids;
use crate::inbound::{Takes, imap, smtp};
use crate::phones::Phones;
use crate::post::Post;
use crate::{delivery, demo, desk, listen, tls};

pub use home::{DATABASE, Home, ROOT_KEY, is_drill};
pub use installation::Installation;
pub use socket::{SOCKET, hold_locally};
use tasks::Tasks;

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

/// How long open requests may take to end when the server stops.
const DRAIN: Duration = Duration::from_secs(5);

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
    let (listener, base_url) = bind(&options).await?;
    let (mut installation, admission) = open(&options, &base_url).await?;
    installation.proxies = options.config.proxies.clone().into();
    let desk = installation.desk.clone();
    let joining = admission.map(|admission| tokio::spawn(join::join(desk.clone(), admission)));
    desk.follow_others()?;
    let (stopping, stopped) = watch::channel(false);
    let outbox = outbox(&desk, &options.config)?;
    if desk.store_and_clock().0.shared().is_none() {
        // Where other nodes send too, the leases of the dead run out by themselves.
        outbox.take_over().await?;
    }
    desk.is_reached_by(entrances(&options.config));
    let phones = Phones::new(desk.clone(), &outbox, &options.config)?;
    let _ = installation.phones.set(phones);
    let tasks = Tasks::start(&installation, &outbox, &options.config, &stopped).await?;
    let told = told_to_stop(stopped.clone());
    let post = tokio::spawn(delivery::run::run(outbox, desk.outbox_nudge(), told));
    let router = faces(&installation, stopped.clone(), Door::Network);
    let socket = socket::open(&installation, faces, stopped.clone())?;
    let listens = listener.local_addr()?;
    listen::ask_for_files();
    let serving = listen::serve(listener, router, listen::Limits::default(), stopped.clone());
    let mut serving = tokio::spawn(serving);
    desk.has_looked().await;
    let (mut mail_in, at) = mail_in(&installation, &options, &stopped).await?;
    announce::announce(&installation, &base_url, listens, &options).await?;
    announce::mail(&options, at);
    tokio::select! {
        _ = stop => {}
        ended = &mut serving => ended?,
    }
    stopping.send_replace(true);
    if let Some(joining) = joining {
        joining.abort();
        // Whoever still waits for the first look waits no more.
        desk.store_and_clock().0.stays_out("it is stopping");
    }
    drop(tasks);
    installation.keeper.stop();
    let _ = tokio::time::timeout(DRAIN, serving).await;
    let _ = tokio::time::timeout(DRAIN, socket).await;
    let taken = async { while mail_in.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(DRAIN, taken).await;
    let _ = post.await;
    Ok(())
}

/// Where to listen, and under which address others find it.
async fn bind(options: &Options) -> Result<(TcpListener, String)> {
    let listener = TcpListener::bind(options.listen).await;
    let listener = listener.with_context(|| {
        format!(
            "cannot listen on {}: choose another address, henhouse {} --listen 127.0.0.1:8401 (or HENHOUSE_LISTEN)",
            options.listen,
            if options.demo { "demo" } else { "serve" }
        )
    })?;
    let base_url = match &options.config.base_url {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None => format!("http://{}", listener.local_addr()?),
    };
    Ok((listener, base_url))
}

/// Opens the installation, and founds it if it is new. One over a database that this node knows well enough to serve
/// without it is open before anybody has looked whether the database is there; how it is looked at is answered too.
async fn open(
    options: &Options,
    base_url: &str,
) -> Result<(Installation, Option<join::Admission>)> {
    let home = options.home.clone();
    if let Some((installation, admission)) =
        Installation::open_unseen(&home, base_url, options.drill).await?
    {
        return Ok((installation, Some(admission)));
    }
    let installation = Installation::open(home, base_url, options.drill, options.clock).await?;
    if options.config.drill.mail_outside {
        installation.desk.drills_write_outside();
    }
    if options.demo && installation.desk.projects().await?.is_empty() {
        demo::fill(&installation.desk).await?;
    }
    let zone = options.config.zone.as_deref().unwrap_or("UTC");
    installation.found(zone).await?;
    Ok((installation, None))
}

/// The entrances that the settings name.
fn entrances(config: &Config) -> Vec<Entrance> {
    let one = |brings, at: &String, project: &String, source: Option<&String>| Entrance {
        brings,
        at: at.clone(),
        project: project.clone(),
        source: source.cloned(),
    };
    let mail = config.mail_in.iter();
    let mails = mail
        .clone()
        .flat_map(|mail| &mail.addresses)
        .map(|(at, project)| one(Brings::Mail, at, project, None));
    let alerts = mail
        .flat_map(|mail| &mail.alerts)
        .map(|(at, to)| one(Brings::AlertMail, at, &to.project, Some(&to.source)));
    let calls = config.voicemail.iter();
    let calls = calls.map(|(at, line)| one(Brings::Calls, at, &line.project, None));
    mails.chain(alerts).chain(calls).collect()
}

/// Takes mails in, if the settings say where: what goes on for that, and where it listens, if it does.
async fn mail_in(
    installation: &Installation,
    options: &Options,
    stopped: &watch::Receiver<bool>,
) -> Result<(JoinSet<()>, Option<SocketAddr>)> {
    let (mut running, mut at) = (JoinSet::new(), None);
    let Some(settings) = &options.config.mail_in else {
        return Ok((running, at));
    };
    let desk = installation.desk.clone();
    let takes = Takes::new(desk.clone(), installation.exhibits.clone());
    let takes = takes.hearing(settings.front.as_deref());
    if let Some(settings) = settings.listener()? {
        let listener = smtp::bind(&settings).await?;
        at = Some(listener.local_addr()?);
        running.spawn(smtp::serve(
            listener,
            settings,
            takes.clone(),
            stopped.clone(),
        ));
    }
    let mailboxes = imap::mailboxes(&settings.imap, &settings.alert_addresses()?)?;
    // A drill would take reports away that are meant.
    if !mailboxes.is_empty() && !options.drill {
        let node = Ids::system()?.uuid_v7(desk.clock().wall());
        running.spawn(imap::serve(mailboxes, takes, desk, node, stopped.clone()));
    }
    Ok((running, at))
}

async fn told_to_stop(mut stopped: watch::Receiver<bool>) {
    // An error means that the sender is gone, which is a stop too.
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

/// Whether people can name this channel as a route.
fn named(word: &str, name: &str) -> Result<()> {
    anyhow::ensure!(
        desk::is_route_name(name),
        "[{word}.{name}]: a name has small letters, digits, - and _, and at most 40 of them"
    );
    Ok(())
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
    if let Some(ntfy) = &config.ntfy {
        let sender = Sender::Ntfy(Box::new(NtfySender::new(ntfy)?));
        let channel = Channel::new(sender, Capabilities::PUSH, ntfy.content_up_to);
        channels.insert(By::Ntfy.word().to_owned(), channel);
    }
    if let Some(push) = &config.push {
        let (key, post) = (desk.vapid(), Box::new(Post::new(desk.clone())));
        let sender = Sender::Push(Box::new(PushSender::new(push, key, desk.ids(), post)?));
        let channel = Channel::new(sender, Capabilities::DEVICE, push.content_up_to);
        channels.insert(By::Push.word().to_owned(), channel);
        desk.pushes_to(Hosts::and(&push.hosts));
    }
    for (name, webhook) in &config.webhook {
        named("webhook", name)?;
        let sender = Sender::Webhook(Box::new(WebhookSender::new(name, webhook)?));
        let channel = Channel::new(sender, Capabilities::HOOK, webhook.content_up_to);
        channels.insert(format!("{}:{name}", By::Webhook.word()), channel);
    }
    for (name, command) in &config.command {
        named("command", name)?;
        let sender = Sender::Command(CommandSender::new(name, command)?);
        let channel = Channel::new(sender, Capabilities::HOOK, command.content_up_to);
        channels.insert(format!("{}:{name}", By::Command.word()), channel);
    }
    for (name, gotify) in &config.gotify {
        named("gotify", name)?;
        let sender = Sender::Gotify(Box::new(GotifySender::new(name, gotify)?));
        let channel = Channel::new(sender, Capabilities::PUSH, gotify.content_up_to);
        channels.insert(format!("{}:{name}", By::Gotify.word()), channel);
    }
    let forwards = [
        (Vendor::PagerDuty, &config.pagerduty),
        (Vendor::Opsgenie, &config.opsgenie),
    ];
    for (vendor, all) in forwards {
        for (name, settings) in all {
            named(vendor.word(), name)?;
            let sender = Sender::Forward(Box::new(ForwardSender::new(vendor, name, settings)?));
            let channel = Channel::new(sender, Capabilities::HOOK, settings.content_up_to);
            channels.insert(format!("{}:{name}", vendor.word()), channel);
        }
    }
    let mut answering = BTreeSet::new();
    for (manner, settings) in [(Manner::Sms, &config.sms), (Manner::Voice, &config.voice)] {
        let Some(settings) = settings else {
            continue;
        };
        let sender = PhoneSender::new(manner, settings, &desk.site().base_url)?;
        if sender.hears_answers() {
            answering.insert(manner.word().to_owned());
        }
        let sender = Sender::Phone(Box::new(sender));
        let channel = Channel::new(sender, Capabilities::PHONE, settings.content_up_to);
        channels.insert(manner.word().to_owned(), channel);
    }
    desk.hears_answers_by(answering);
    desk.pages_by(channels.keys().cloned().collect());
    let (store, clock) = desk.store_and_clock();
    Ok(Outbox::new(
        store,
        clock,
        Post::new(desk.clone()),
        channels,
        Limits::default(),
    ))
}
