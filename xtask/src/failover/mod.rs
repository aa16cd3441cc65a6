//! `cargo xtask chaos failover`: three PostgreSQL nodes with streaming replication under Patroni and etcd, two Henhouse
//! nodes over them, reports without a pause; primaries are killed and frozen one after the other. Then everything that was
//! acknowledged is counted, and every page. All of it on the loopback of this machine, and gone afterwards.

mod cluster;
mod count;
mod load;

use std::fs;
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};

use self::cluster::Cluster;
use self::load::Load;
use crate::bench::server::{Data, Server};
use crate::bench::sink::Sink;
use crate::shell;
use crate::stopwatch::Stopwatch;

/// Longer than the leader's lease, so that another one takes over.
const FROZEN: Duration = Duration::from_secs(26);
/// A new leader and its standby are there within so long, or something is wrong.
const PATIENCE: Duration = Duration::from_secs(120);
/// What is still to leave has left within so long: pages of a burst share a minute.
const LAST_MAIL: Duration = Duration::from_secs(150);

/// What is done to the primaries.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Patroni and PostgreSQL of the primary end by SIGKILL.
    pub kills: u32,
    /// They are stopped for longer than a lease, and then go on.
    pub freezes: u32,
}

impl Plan {
    /// From the words of a command line.
    ///
    /// # Errors
    /// Other words.
    pub fn from_words(words: &[&str]) -> Result<Self> {
        let mut plan = Self {
            kills: 15,
            freezes: 5,
        };
        for pair in words.chunks(2) {
            let number = pair.get(1).and_then(|number| number.parse().ok());
            match (pair[0], number) {
                ("--kills", Some(number)) => plan.kills = number,
                ("--freezes", Some(number)) => plan.freezes = number,
                _ => bail!("failover: --kills N (15)  --freezes N (5)"),
            }
        }
        Ok(plan)
    }
}

/// Why it cannot be run here, if it cannot.
fn missing() -> Option<String> {
    let needed = [
        ("etcd", &["etcd", "--version"] as &[&str]),
        ("Patroni", &["patroni", "--version"]),
        ("setpriv", &["setpriv", "--version"]),
    ];
    let missing = needed.iter().find(|(_, words)| !shell::works(words));
    let missing = missing.map(|(name, _)| (*name).to_owned());
    let postgres = crate::postgres::programs().is_none();
    let missing = missing.or_else(|| postgres.then(|| "PostgreSQL 15 or newer".to_owned()));
    missing.map(|name| {
        format!("{name} is missing (Debian: apt-get install postgresql patroni etcd-server)")
    })
}

/// Runs it and prints the figures.
///
/// # Errors
/// It cannot be run here, or a promise was not kept.
pub fn main(plan: Plan) -> Result<()> {
    if let Some(why) = missing() {
        bail!("{why}");
    }
    shell::run(&[
        "cargo", "build", "--quiet", "--locked", "-p", "henhouse", "--bin", "henhouse",
    ])?;
    let all = Stopwatch::start();
    let mut cluster = Cluster::start()?;
    cluster.wait_whole(PATIENCE)?;
    println!(
        "the cluster is whole after {:.1} s",
        all.read().as_secs_f64()
    );
    let mail = Sink::open()?;
    let houses = houses(&cluster, &mail)?;
    let (nodes, admin) = (&houses.nodes, &houses.admin);
    let load = Load::start(nodes.iter().map(|node| node.port).collect(), admin)?;
    sleep(Duration::from_secs(2));
    for round in 0..plan.kills.max(plan.freezes) {
        if round < plan.kills {
            trouble(&mut cluster, &load, "kill -9", Cluster::kill)?;
        }
        if round < plan.freezes {
            trouble(&mut cluster, &load, "SIGSTOP", |cluster, leader| {
                cluster.freeze(leader, FROZEN)
            })?;
        }
    }
    sleep(Duration::from_secs(2));
    let load = load.stop();
    let counted = count::count(nodes, admin, &load, &mail, LAST_MAIL)?;
    println!("{counted}");
    println!(
        "reports: {} acknowledged, longest pause {:.1} s; commands: longest pause {:.1} s; all in {:.0} s",
        load.acknowledged.len(),
        load.longest_pause.as_secs_f64(),
        load.longest_pause_of_commands.as_secs_f64(),
        all.read().as_secs_f64()
    );
    ensure!(counted.is_kept(), "a promise was not kept");
    Ok(())
}

/// One trouble, told with its pauses.
fn trouble(
    cluster: &mut Cluster,
    load: &Load,
    name: &str,
    act: impl FnOnce(&mut Cluster, usize) -> Result<()>,
) -> Result<()> {
    let leader = cluster.leader(PATIENCE)?;
    let watch = Stopwatch::start();
    load.begin_round();
    act(cluster, leader)?;
    let next = cluster.leader(PATIENCE)?;
    let led = watch.read();
    cluster.wait_whole(PATIENCE)?;
    load.wait_for_a_command(PATIENCE)?;
    let (reports, commands) = load.round();
    println!(
        "{name} of pg{leader}: pg{next} leads; known after {:.1} s, whole after {:.1} s; longest pause: reports {:.1} s, \
         commands {:.1} s",
        led.as_secs_f64(),
        watch.read().as_secs_f64(),
        reports.as_secs_f64(),
        commands.as_secs_f64()
    );
    Ok(())
}

/// Two nodes and what they stand on. The nodes end first.
struct Houses {
    nodes: Vec<Server>,
    admin: String,
    _data: Vec<Data>,
}

/// Two nodes over the cluster, with somebody to call.
fn houses(cluster: &Cluster, mail: &Sink) -> Result<Houses> {
    let (mut nodes, mut all) = (Vec::new(), Vec::<Data>::new());
    for name in ["failover-a", "failover-b"] {
        let mut data = Data::new(name, Some(mail.port))?;
        // That the database is away is what is tried here.
        data.log = "off";
        let settings = data.path().join("henhouse.toml");
        let rest = fs::read_to_string(&settings)?;
        let database = format!("database = '{}'\n{rest}", cluster.address());
        fs::write(&settings, database)?;
        if let Some(first) = all.first() {
            let (from, to) = (first.path(), data.path());
            fs::copy(from.join("root.key"), to.join("root.key"))?;
            std::os::unix::fs::symlink(from.join("exhibits"), to.join("exhibits"))?;
        }
        nodes.push(Server::start(&data).context("a node does not start")?);
        all.push(data);
    }
    let admin = nodes[0].token("admin", None)?;
    nodes[0].staff(&admin, &["ann", "bob"])?;
    // The other node learns of it.
    sleep(Duration::from_secs(3));
    Ok(Houses {
        nodes,
        admin,
        _data: all,
    })
}
