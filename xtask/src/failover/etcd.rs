//! Three etcd members in one folder. They end when this is dropped.

use std::path::{Path, PathBuf};
use std::process::Child;

use anyhow::Result;

use super::cluster::started;
use super::patroni::as_postgres;
use super::ports::Ports;

const MEMBERS: usize = 3;

/// The members.
pub struct Etcd {
    members: Vec<Child>,
    clients: Vec<u16>,
    folder: PathBuf,
    /// How each is started.
    lines: Vec<String>,
}

impl Etcd {
    /// Starts them.
    ///
    /// # Errors
    /// The program is missing, or there is no port.
    pub fn start(folder: &Path, ports: &mut Ports) -> Result<Self> {
        let mut etcd = Self {
            members: Vec::new(),
            clients: Vec::new(),
            folder: folder.to_owned(),
            lines: Vec::new(),
        };
        let mut peers = Vec::new();
        for _ in 0..MEMBERS {
            etcd.clients.push(ports.free()?);
            peers.push(ports.free()?);
        }
        let all = peers.iter().enumerate();
        let all: Vec<String> = all
            .map(|(n, peer)| format!("e{n}=http://127.0.0.1:{peer}"))
            .collect();
        let (all, at) = (all.join(","), folder.display());
        for (n, (client, peer)) in etcd.clients.iter().zip(peers).enumerate() {
            // A busy machine answers late: a heartbeat that is missed is no reason for an election. None of this must last.
            let line = format!(
                "etcd --name e{n} --data-dir {at}/etcd{n} --unsafe-no-fsync --heartbeat-interval 250 --election-timeout 2500 \
                 --listen-client-urls http://127.0.0.1:{client} --advertise-client-urls http://127.0.0.1:{client} \
                 --listen-peer-urls http://127.0.0.1:{peer} --initial-advertise-peer-urls http://127.0.0.1:{peer} \
                 --initial-cluster {all}"
            );
            etcd.lines.push(line);
            let member = etcd.member(n)?;
            etcd.members.push(member);
        }
        Ok(etcd)
    }

    fn member(&self, n: usize) -> Result<Child> {
        let log = self.folder.join(format!("etcd{n}.log"));
        started(as_postgres(&self.lines[n])?, &log)
    }

    /// Ends the member whose turn it is as a power cut does; what it has stays.
    ///
    /// # Errors
    /// The kernel refuses.
    pub fn kill(&mut self, turn: usize) -> Result<()> {
        let n = turn % self.members.len();
        self.members[n].kill()?;
        self.members[n].wait()?;
        Ok(())
    }

    /// Starts it again.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn start_again(&mut self, turn: usize) -> Result<()> {
        let n = turn % self.members.len();
        self.members[n] = self.member(n)?;
        Ok(())
    }

    /// Where they are, as Patroni's settings list it.
    pub fn hosts(&self) -> String {
        let hosts = self
            .clients
            .iter()
            .map(|port| format!("'127.0.0.1:{port}'"));
        hosts.collect::<Vec<_>>().join(", ")
    }

    /// Ends them.
    pub fn end(&mut self) {
        for member in &mut self.members {
            drop(member.kill());
            drop(member.wait());
        }
    }
}

impl Drop for Etcd {
    fn drop(&mut self) {
        self.end();
    }
}
