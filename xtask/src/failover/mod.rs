//! `cargo xtask chaos failover`: three PostgreSQL nodes with streaming replication under Patroni and etcd, two Henhouse
//! nodes over them, reports without a pause; primaries are killed and frozen one after the other. Then everything that was
//! acknowledged is counted, and every page. All of it on the loopback of this machine, and gone afterwards.

mod cluster;
mod count;
mod etcd;
mod houses;
mod load;
mod pages;
mod patroni;
mod plan;
mod ports;
mod trouble;

use std::thread::sleep;
use std::time::Duration;

use anyhow::{Result, bail, ensure};

use self::cluster::Cluster;
use self::houses::Houses;
use self::load::Load;
use self::patroni::Which;
pub use self::patroni::fetch;
pub use self::plan::Plan;
use self::trouble::{Kind, Run};
use crate::bench::sink::Sink;
use crate::shell;
use crate::stopwatch::Stopwatch;

/// The cluster is whole again within so long, or something is wrong.
const PATIENCE: Duration = Duration::from_secs(120);
/// What is still to leave has left within so long: pages of a burst share a minute.
const LAST_MAIL: Duration = Duration::from_secs(150);

/// Why it cannot be run here, if it cannot.
pub fn missing(plan: Plan) -> Option<String> {
    let needed = [
        ("PostgreSQL 15 or newer", crate::postgres::is_installed()),
        ("etcd", shell::works(&["etcd", "--version"])),
        ("setpriv", shell::works(&["setpriv", "--version"])),
        (
            "Patroni",
            plan.patroni == Which::Four || shell::works(&["patroni", "--version"]),
        ),
    ];
    if let Some((name, _)) = needed.iter().find(|(_, is_there)| !is_there) {
        let packages = "apt-get install postgresql etcd-server patroni";
        return Some(format!("{name} is missing (Debian: {packages})"));
    }
    let fetched = (plan.patroni == Which::Four).then(fetch)?;
    fetched.err().map(|trouble| format!("{trouble:#}"))
}

/// Runs it and prints the figures.
///
/// # Errors
/// It cannot be run here, or a promise was not kept.
pub fn main(plan: Plan) -> Result<()> {
    if let Some(why) = missing(plan) {
        bail!("{why}");
    }
    if !plan.is_built {
        // As the tests have it: `cargo build` would choose other features, and build everything a second time.
        let built = "cargo test --quiet --locked --workspace --no-run --test away";
        shell::run(&built.split(' ').collect::<Vec<_>>())?;
    }
    let mut cluster = Cluster::start(plan)?;
    let done = over(&mut cluster, plan);
    if done.is_err() {
        let folder = cluster.keep_logs().display();
        println!("what Patroni, PostgreSQL and etcd wrote lies in {folder}");
    }
    done
}

fn over(cluster: &mut Cluster, plan: Plan) -> Result<()> {
    let all = Stopwatch::start();
    cluster.wait_whole(PATIENCE)?;
    println!(
        "the cluster is whole after {:.1} s",
        all.read().as_secs_f64()
    );
    let mail = Sink::open()?;
    let mut houses = Houses::start(cluster, &mail)?;
    let load = Load::start(&houses, mail.clock())?;
    sleep(Duration::from_secs(2));
    let mut run = Run::new(cluster, &mut houses, &load, &mail, plan);
    for round in 0..plan.kills.max(plan.freezes).max(plan.etcd_kills) {
        if round < plan.kills {
            let with_node = (round < plan.node_kills).then_some(round as usize);
            run.trouble(Kind::Kill { with_node })?;
        }
        if round < plan.freezes {
            run.trouble(Kind::Freeze)?;
        }
        if round < plan.etcd_kills {
            run.trouble(Kind::EtcdKill {
                member: round as usize,
            })?;
        }
    }
    let troubles = run.end();
    sleep(Duration::from_secs(2));
    let load = load.stop();
    let counted = count::count(&houses, &load, &mail, LAST_MAIL)?;
    println!("{counted}\n{troubles}");
    println!(
        "reports: {} acknowledged, longest pause {:.1} s; commands: longest pause {:.1} s; latest page of one that the \
         database took: {:.1} s; all in {:.0} s",
        load.acknowledged.len(),
        load.longest_pause.as_secs_f64(),
        load.longest_pause_of_commands.as_secs_f64(),
        pages::latest(&load, &mail).as_secs_f64(),
        all.read().as_secs_f64()
    );
    ensure!(counted.is_kept(), "a promise was not kept");
    ensure!(
        troubles.is_kept(),
        "the first page behind a change of leader was late"
    );
    Ok(())
}
