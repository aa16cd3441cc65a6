//! Two Henhouse nodes over the cluster, with somebody to call. One can be killed and comes back on a port of its own.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context as _, Result};

use super::cluster::Cluster;
use crate::bench::server::{Data, Server};
use crate::bench::sink::Sink;
use crate::stopwatch::Stopwatch;

/// A service manager starts a node again after so long.
const RESTART: Duration = Duration::from_secs(1);

/// The nodes and what they stand on. The nodes end first.
pub struct Houses {
    nodes: Vec<Option<Server>>,
    /// Where each one listens now.
    pub ports: Ports,
    /// The token of an admin.
    pub admin: String,
    /// The token of somebody who reports, and is called for nothing.
    pub jane: String,
    /// The token of somebody who is called, and takes cases.
    pub ann: String,
    data: Vec<Data>,
}

/// Where each node listens now.
#[derive(Clone)]
pub struct Ports(Arc<[AtomicU16]>);

impl Ports {
    /// The port of the one whose turn it is.
    pub fn of_turn(&self, turn: usize) -> u16 {
        self.0[turn % self.0.len()].load(Ordering::Relaxed)
    }
}

impl Houses {
    /// Starts them; the first one founds the installation.
    ///
    /// # Errors
    /// A node does not start.
    pub fn start(cluster: &Cluster, mail: &Sink) -> Result<Self> {
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
        let jane = nodes[0].token("member", Some("jane"))?;
        let ann = nodes[0].token("member", Some("ann"))?;
        nodes[0].staff(&admin, &["ann", "bob"])?;
        // The other node learns of it.
        sleep(Duration::from_secs(3));
        let ports = nodes.iter().map(|node| AtomicU16::new(node.port));
        Ok(Self {
            ports: Ports(ports.collect()),
            nodes: nodes.into_iter().map(Some).collect(),
            admin,
            jane,
            ann,
            data: all,
        })
    }

    /// One that runs.
    ///
    /// # Errors
    /// None does.
    pub fn any(&self) -> Result<&Server> {
        self.nodes.iter().flatten().next().context("no node runs")
    }

    /// Ends the one whose turn it is as a power cut does.
    ///
    /// # Errors
    /// The kernel refuses.
    pub fn kill(&mut self, turn: usize) -> Result<()> {
        let n = turn % self.nodes.len();
        self.nodes[n].take().map_or(Ok(()), Server::kill)
    }

    /// Starts what was killed, again and again as a service manager does: a node ends at once while the database is away.
    ///
    /// # Errors
    /// It does not start within the patience.
    pub fn start_again(&mut self, patience: Duration) -> Result<()> {
        let watch = Stopwatch::start();
        for (n, node) in self
            .nodes
            .iter_mut()
            .enumerate()
            .filter(|(_, node)| node.is_none())
        {
            let started = loop {
                match Server::start(&self.data[n]) {
                    Err(_) if watch.read() < patience => sleep(RESTART),
                    done => break done.context("a node does not start again")?,
                }
            };
            self.ports.0[n].store(started.port, Ordering::Relaxed);
            *node = Some(started);
        }
        Ok(())
    }
}
