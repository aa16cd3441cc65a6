//! Three PostgreSQL nodes under Patroni, and etcd, in one folder. Everything ends when this is dropped.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::json;

use super::etcd::Etcd;
use super::patroni::Patroni;
use super::plan::Plan;
use super::ports::Ports;
use crate::bench::client::{Client, Request};
use crate::stopwatch::Stopwatch;
use crate::{postgres, shell};

const NODES: usize = 3;
/// So many looks in a row must find the cluster whole: about three seconds.
const STEADY_LOOKS: u32 = 15;
/// Between two looks at a node.
const LOOK: Duration = Duration::from_millis(200);
/// Patroni reads its settings anew within so long: its loop is two seconds.
const HEARD: Duration = Duration::from_secs(6);

/// The cluster.
pub struct Cluster {
    folder: PathBuf,
    etcd: Etcd,
    patroni: Patroni,
    nodes: Vec<Node>,
    programs: PathBuf,
    strict: bool,
    keeps_logs: bool,
}

struct Node {
    process: Child,
    api: u16,
    port: u16,
}

/// A node that was stopped: every process of it.
pub struct Frozen(Vec<u32>);

impl Cluster {
    /// Starts it; its nodes come up one after the other.
    ///
    /// # Errors
    /// A program is missing or does not start.
    pub fn start(plan: Plan) -> Result<Self> {
        let programs = postgres::programs().context("no PostgreSQL")?;
        let folder = std::env::temp_dir().join(format!("henhouse-ha-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        own(&folder)?;
        let mut ports = Ports::new();
        let patroni = Patroni::ready(plan.patroni, &folder);
        let patroni = patroni.inspect_err(|_| drop(fs::remove_dir_all(&folder)))?;
        let mut cluster = Self {
            patroni,
            etcd: Etcd::start(&folder, &mut ports)?,
            folder,
            nodes: Vec::new(),
            programs,
            strict: plan.strict,
            keeps_logs: false,
        };
        for n in 0..NODES {
            let (api, port) = (ports.free()?, ports.free()?);
            fs::write(cluster.settings(n), cluster.yaml(n, api, port))?;
            let process = cluster.patroni(n)?;
            cluster.nodes.push(Node { process, api, port });
            if n == 0 {
                // The first one makes the cluster; the others copy it.
                cluster.leader(Duration::from_secs(60))?;
            }
        }
        Ok(cluster)
    }

    /// What Patroni, PostgreSQL and etcd wrote stays behind.
    pub fn keep_logs(&mut self) -> &Path {
        self.keeps_logs = true;
        &self.folder
    }

    fn settings(&self, n: usize) -> PathBuf {
        self.folder.join(format!("pg{n}.yml"))
    }

    fn patroni(&self, n: usize) -> Result<Child> {
        let settings = self.settings(n).display().to_string();
        let command = self.patroni.command(&settings)?;
        started(command, &self.folder.join(format!("pg{n}.log")))
    }

    fn yaml(&self, n: usize, api: u16, port: u16) -> String {
        let (folder, programs) = (self.folder.display(), self.programs.display());
        let (etcd, strict) = (self.etcd.hosts(), self.strict);
        format!(
            "scope: hen
name: pg{n}
restapi: {{ listen: '127.0.0.1:{api}', connect_address: '127.0.0.1:{api}' }}
etcd3: {{ hosts: [{etcd}] }}
bootstrap:
  dcs:
    ttl: 20
    loop_wait: 2
    retry_timeout: 5
    synchronous_mode: true
    synchronous_mode_strict: {strict}
    postgresql: {{ use_pg_rewind: true, parameters: {{ wal_level: replica, hot_standby: 'on', wal_log_hints: 'on' }} }}
  initdb: [ {{ encoding: UTF8 }}, {{ locale: C.UTF-8 }} ]
postgresql:
  listen: '127.0.0.1:{port}'
  connect_address: '127.0.0.1:{port}'
  data_dir: {folder}/pg{n}
  bin_dir: {programs}
  pgpass: {folder}/pgpass{n}
  authentication:
    superuser: {{ username: postgres, password: hen }}
    replication: {{ username: replicator, password: hen }}
    rewind: {{ username: postgres, password: hen }}
  pg_hba: [ 'local all all trust', 'host all all 127.0.0.1/32 trust', 'host replication all 127.0.0.1/32 trust' ]
  parameters: {{ unix_socket_directories: {folder}, max_connections: 100, shared_buffers: 32MB }}
"
        )
    }

    /// Where it is, as the program takes it: every host, and the one that takes writes is used.
    pub fn address(&self) -> String {
        let hosts = self
            .nodes
            .iter()
            .map(|node| format!("127.0.0.1:{}", node.port));
        let hosts = hosts.collect::<Vec<_>>().join(",");
        format!(
            "postgres://postgres:hen@{hosts}/postgres?target_session_attrs=read-write&sslmode=disable"
        )
    }

    /// Who leads.
    ///
    /// # Errors
    /// Nobody does within the patience.
    pub fn leader(&self, patience: Duration) -> Result<usize> {
        self.leader_other_than(NODES, patience)
    }

    /// Who leads, if it is another one than this.
    ///
    /// # Errors
    /// Nobody does within the patience.
    pub fn leader_other_than(&self, old: usize, patience: Duration) -> Result<usize> {
        let watch = Stopwatch::start();
        while watch.read() < patience {
            let leads = |n: &usize| *n != old && self.asks(*n, "/primary");
            if let Some(leader) = (0..self.nodes.len()).find(leads) {
                return Ok(leader);
            }
            sleep(LOOK);
        }
        bail!("nobody leads after {} s", patience.as_secs())
    }

    /// Waits until one leads, one is its synchronous standby, and the third follows.
    ///
    /// # Errors
    /// Not within the patience; with what the nodes say of themselves.
    pub fn wait_whole(&self, patience: Duration) -> Result<()> {
        let (watch, mut steady) = (Stopwatch::start(), 0);
        while watch.read() < patience {
            let count = |path: &str| {
                (0..self.nodes.len())
                    .filter(|n| self.asks(*n, path))
                    .count()
            };
            if count("/primary") == 1 && count("/synchronous") == 1 && count("/replica") == 2 {
                steady += 1;
            } else {
                steady = 0;
            }
            // What the nodes say of each other lags behind a change.
            if steady == STEADY_LOOKS {
                return Ok(());
            }
            sleep(LOOK);
        }
        let said = (0..self.nodes.len()).map(|n| self.call(n, &Request::get("/patroni", "")));
        let said: Vec<String> = said
            .map(|said| said.map_or_else(|it| format!("{it:#}"), |(_, said)| said))
            .collect();
        bail!(
            "the cluster is not whole after {} s: {}",
            patience.as_secs(),
            said.join("\n")
        )
    }

    /// What the guide tells an operator to do with a leader that Patroni 3.0.2 lets take the lead back and then keeps from
    /// naming a standby: synchronous mode off and on again.
    ///
    /// # Errors
    /// Nobody leads, or the leader refuses.
    pub fn remedy(&self) -> Result<()> {
        let leader = self.leader(HEARD)?;
        for on in [false, true] {
            let mut request = Request::post("/config", "", &json!({ "synchronous_mode": on }));
            request.method = "PATCH";
            let (status, said) = self.call(leader, &request)?;
            ensure!(status == 200, "Patroni refuses: {said}");
            sleep(HEARD);
        }
        Ok(())
    }

    fn asks(&self, n: usize, path: &str) -> bool {
        let answer = self.call(n, &Request::get(path, ""));
        answer.is_ok_and(|(status, _)| status == 200)
    }

    fn call(&self, n: usize, request: &Request) -> Result<(u16, String)> {
        let patience = Duration::from_secs(1);
        let answer = Client::connect_within(self.nodes[n].api, patience)?.call(request)?;
        let said = String::from_utf8_lossy(&answer.body).into_owned();
        Ok((answer.status, said))
    }

    /// Ends a node as a power cut does.
    ///
    /// # Errors
    /// It has no postmaster.
    pub fn kill(&mut self, n: usize) -> Result<()> {
        let postmaster = self.postmaster(n)?;
        self.nodes[n].process.kill()?;
        signal("KILL", &[postmaster]);
        self.nodes[n].process.wait()?;
        Ok(())
    }

    /// The members of etcd, in which the nodes agree who leads.
    pub fn etcd(&mut self) -> &mut Etcd {
        &mut self.etcd
    }

    /// Starts a node that was killed.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn start_again(&mut self, n: usize) -> Result<()> {
        self.nodes[n].process = self.patroni(n)?;
        Ok(())
    }

    /// Stops a node with everything that belongs to it, until [`thaw`].
    ///
    /// # Errors
    /// It has no postmaster.
    pub fn freeze(&self, n: usize) -> Result<Frozen> {
        let postmaster = self.postmaster(n)?;
        let mut all = vec![self.nodes[n].process.id(), postmaster];
        all.extend(children(postmaster)?);
        signal("STOP", &all);
        Ok(Frozen(all))
    }

    fn postmaster(&self, n: usize) -> Result<u32> {
        let file = self.folder.join(format!("pg{n}/postmaster.pid"));
        let said = fs::read_to_string(file)?;
        said.lines()
            .next()
            .and_then(|id| id.parse().ok())
            .context("no postmaster")
    }
}

/// Lets a node go on.
pub fn thaw(node: &Frozen) {
    signal("CONT", &node.0);
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let postmasters: Vec<u32> = (0..self.nodes.len())
            .filter_map(|n| self.postmaster(n).ok())
            .collect();
        for node in &mut self.nodes {
            drop(node.process.kill());
            drop(node.process.wait());
        }
        signal("KILL", &postmasters);
        self.etcd.end();
        sleep(LOOK);
        let data = (0..NODES).flat_map(|n| [format!("pg{n}"), format!("etcd{n}")]);
        for name in data.chain(["patroni".to_owned()]) {
            drop(fs::remove_dir_all(self.folder.join(name)));
        }
        if !self.keeps_logs {
            drop(fs::remove_dir_all(&self.folder));
        }
    }
}

/// Starts a program that writes into this log.
///
/// # Errors
/// It is missing.
pub fn started(mut command: Command, log: &Path) -> Result<Child> {
    let log = fs::File::options().create(true).append(true).open(log)?;
    command
        .stdout(Stdio::from(log.try_clone()?))
        .stderr(Stdio::from(log));
    command
        .spawn()
        .with_context(|| format!("cannot start {}", command.get_program().display()))
}

fn own(folder: &Path) -> Result<()> {
    if postgres::is_root()? {
        shell::run(&["chown", "postgres", &folder.display().to_string()])?;
    }
    Ok(())
}

fn signal(name: &str, ids: &[u32]) {
    let signal = format!("-{name}");
    for id in ids {
        // A child may have ended by itself.
        shell::works(&["kill", &signal, &id.to_string()]);
    }
}

fn children(of: u32) -> Result<Vec<u32>> {
    let said = fs::read_to_string(format!("/proc/{of}/task/{of}/children"))?;
    Ok(said
        .split_whitespace()
        .filter_map(|id| id.parse().ok())
        .collect())
}
