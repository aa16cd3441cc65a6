//! Three PostgreSQL nodes under Patroni, and etcd, in one folder. Everything ends when this is dropped.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::bench::client::{Client, Request};
use crate::stopwatch::Stopwatch;
use crate::{postgres, shell};

const NODES: usize = 3;
/// So many looks in a row must find the cluster whole: about three seconds.
const STEADY_LOOKS: u32 = 15;
/// Between two looks at a node.
const LOOK: Duration = Duration::from_millis(200);

/// The cluster.
pub struct Cluster {
    folder: PathBuf,
    etcd: Child,
    nodes: Vec<Node>,
    programs: PathBuf,
}

struct Node {
    patroni: Child,
    api: u16,
    port: u16,
}

impl Cluster {
    /// Starts it; its nodes come up one after the other.
    ///
    /// # Errors
    /// A program is missing or does not start.
    pub fn start() -> Result<Self> {
        let programs = postgres::programs().context("no PostgreSQL")?;
        let folder = std::env::temp_dir().join(format!("henhouse-ha-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        own(&folder)?;
        let [client, peer] = [free_port()?, free_port()?];
        let at = folder.display();
        let words = format!(
            "etcd --name e0 --data-dir {at}/etcd --unsafe-no-fsync --listen-client-urls http://127.0.0.1:{client} \
             --advertise-client-urls http://127.0.0.1:{client} --listen-peer-urls http://127.0.0.1:{peer} \
             --initial-advertise-peer-urls http://127.0.0.1:{peer} --initial-cluster e0=http://127.0.0.1:{peer}"
        );
        let etcd = start(&words, &folder.join("etcd.log"))?;
        let mut cluster = Self {
            folder,
            etcd,
            nodes: Vec::new(),
            programs,
        };
        for n in 0..NODES {
            let (api, port) = (free_port()?, free_port()?);
            fs::write(cluster.settings(n), cluster.yaml(n, client, api, port))?;
            let patroni = cluster.patroni(n)?;
            cluster.nodes.push(Node { patroni, api, port });
            if n == 0 {
                // The first one makes the cluster; the others copy it.
                cluster.leader(Duration::from_secs(60))?;
            }
        }
        Ok(cluster)
    }

    fn settings(&self, n: usize) -> PathBuf {
        self.folder.join(format!("pg{n}.yml"))
    }

    fn patroni(&self, n: usize) -> Result<Child> {
        let settings = self.settings(n);
        let words = format!("patroni {}", settings.display());
        start(&words, &self.folder.join(format!("pg{n}.log")))
    }

    fn yaml(&self, n: usize, etcd: u16, api: u16, port: u16) -> String {
        let (folder, programs) = (self.folder.display(), self.programs.display());
        format!(
            "scope: hen
name: pg{n}
restapi: {{ listen: '127.0.0.1:{api}', connect_address: '127.0.0.1:{api}' }}
etcd3: {{ hosts: ['127.0.0.1:{etcd}'] }}
bootstrap:
  dcs:
    ttl: 20
    loop_wait: 2
    retry_timeout: 5
    synchronous_mode: true
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
        bail!(
            "nobody leads after {} s; see {}",
            patience.as_secs(),
            self.folder.display()
        )
    }

    /// Waits until one leads, one is its synchronous standby, and the third follows.
    ///
    /// # Errors
    /// Not within the patience.
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
        bail!(
            "the cluster is not whole after {} s; see {}",
            patience.as_secs(),
            self.folder.display()
        )
    }

    fn asks(&self, n: usize, path: &str) -> bool {
        let patience = Duration::from_secs(1);
        let client = Client::connect_within(self.nodes[n].api, patience);
        let answer = client.and_then(|mut client| client.call(&Request::get(path, "")));
        answer.is_ok_and(|answer| answer.status == 200)
    }

    /// Ends a node as a power cut does, and starts it again once another one leads.
    ///
    /// # Errors
    /// It cannot be started again.
    pub fn kill(&mut self, n: usize) -> Result<()> {
        let postmaster = self.postmaster(n)?;
        self.nodes[n].patroni.kill()?;
        signal("KILL", &[postmaster])?;
        self.nodes[n].patroni.wait()?;
        // Without a standby in step nobody may take over, and it must come back itself.
        let _next = self.leader_other_than(n, Duration::from_secs(45));
        self.nodes[n].patroni = self.patroni(n)?;
        Ok(())
    }

    /// Stops a node with everything that belongs to it for so long, and lets it go on.
    ///
    /// # Errors
    /// The kernel refuses.
    pub fn freeze(&mut self, n: usize, length: Duration) -> Result<()> {
        let postmaster = self.postmaster(n)?;
        let mut all = vec![self.nodes[n].patroni.id(), postmaster];
        all.extend(children(postmaster)?);
        signal("STOP", &all)?;
        sleep(length);
        signal("CONT", &all)
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

impl Drop for Cluster {
    fn drop(&mut self) {
        let postmasters: Vec<u32> = (0..self.nodes.len())
            .filter_map(|n| self.postmaster(n).ok())
            .collect();
        for node in &mut self.nodes {
            drop(node.patroni.kill());
            drop(node.patroni.wait());
        }
        drop(signal("KILL", &postmasters));
        drop(self.etcd.kill());
        drop(self.etcd.wait());
        sleep(LOOK);
        drop(fs::remove_dir_all(&self.folder));
    }
}

/// Starts a program as the user that PostgreSQL runs as.
fn start(words: &str, log: &Path) -> Result<Child> {
    let as_postgres = "setpriv --reuid=postgres --regid=postgres --clear-groups ";
    let line = if postgres::is_root()? {
        format!("{as_postgres}{words}")
    } else {
        words.to_owned()
    };
    let words: Vec<&str> = line.split_whitespace().collect();
    let log = fs::File::options().create(true).append(true).open(log)?;
    let mut command = shell::command(&words)?;
    command.current_dir(std::env::temp_dir());
    command
        .stdout(Stdio::from(log.try_clone()?))
        .stderr(Stdio::from(log));
    command
        .spawn()
        .with_context(|| format!("cannot start `{line}`"))
}

fn own(folder: &Path) -> Result<()> {
    if postgres::is_root()? {
        shell::run(&["chown", "postgres", &folder.display().to_string()])?;
    }
    Ok(())
}

fn signal(name: &str, ids: &[u32]) -> Result<()> {
    let signal = format!("-{name}");
    for id in ids {
        // A child may have ended by itself.
        shell::works(&["kill", &signal, &id.to_string()]);
    }
    Ok(())
}

fn children(of: u32) -> Result<Vec<u32>> {
    let said = fs::read_to_string(format!("/proc/{of}/task/{of}/children"))?;
    Ok(said
        .split_whitespace()
        .filter_map(|id| id.parse().ok())
        .collect())
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
