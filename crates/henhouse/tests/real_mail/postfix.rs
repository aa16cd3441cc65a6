//! Debian's Postfix as a process of its own, with settings, a queue and a transport of its own, as `docs/operate/mail-in.md`
//! has them. It needs root.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

use crate::dovecot::free_port;
use crate::until;

/// A mail server that hands over to Henhouse.
pub struct Postfix {
    folder: TempDir,
    process: Child,
    /// Where it takes mails.
    pub port: u16,
}

impl Postfix {
    /// Starts one that hands over to this address.
    pub fn start(hen: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::set_permissions(root, fs::Permissions::from_mode(0o755)).unwrap();
        for name in ["etc", "queue", "data"] {
            fs::create_dir(root.join(name)).unwrap();
        }
        let owned = Command::new("chown")
            .arg("postfix")
            .arg(root.join("data"))
            .status();
        assert!(owned.unwrap().success());
        let (port, at) = (free_port(), root.display());
        fs::write(
            root.join("etc/transport"),
            format!("security@farm.example  lmtp:inet:{hen}\n"),
        )
        .unwrap();
        let main = format!(
            "compatibility_level = 3.6\nqueue_directory = {at}/queue\ndata_directory = {at}/data\n\
             maillog_file = {at}/log\nmaillog_file_prefixes = {at}\ninet_interfaces = 127.0.0.1\ninet_protocols = ipv4\n\
             myhostname = mx.farm.example\nmydestination =\nmynetworks = 127.0.0.0/8\nrelay_domains = farm.example\n\
             transport_maps = texthash:{at}/etc/transport\nalias_maps =\nalias_database =\nlocal_recipient_maps =\n\
             smtputf8_enable = no\nlocal_transport = error:nobody here\n\
             minimal_backoff_time = 1s\nmaximal_backoff_time = 1s\nqueue_run_delay = 1s\n"
        );
        fs::write(root.join("etc/main.cf"), main).unwrap();
        let service = |name: &str, kind: &str, private: &str, wake: &str, program: &str| {
            let most = match name {
                "pickup" | "qmgr" => 1,
                _ => 0,
            };
            format!("{name} {kind} {private} - n {wake} {most} {program}\n")
        };
        let master: String = [
            service(&format!("127.0.0.1:{port}"), "inet", "n", "-", "smtpd"),
            service("pickup", "unix", "n", "60", "pickup"),
            service("cleanup", "unix", "n", "-", "cleanup"),
            service("qmgr", "unix", "n", "1", "qmgr"),
            service("rewrite", "unix", "-", "-", "trivial-rewrite"),
            service("bounce", "unix", "-", "-", "bounce"),
            service("defer", "unix", "-", "-", "bounce"),
            service("trace", "unix", "-", "-", "bounce"),
            service("flush", "unix", "n", "1000?", "flush"),
            service("proxymap", "unix", "-", "-", "proxymap"),
            service("showq", "unix", "n", "-", "showq"),
            service("smtp", "unix", "-", "-", "smtp"),
            service("lmtp", "unix", "-", "-", "lmtp"),
            service("error", "unix", "-", "-", "error"),
            service("retry", "unix", "-", "-", "error"),
            service("discard", "unix", "-", "-", "discard"),
            service("anvil", "unix", "-", "-", "anvil"),
            service("scache", "unix", "-", "-", "scache"),
            "postlog unix-dgram n - n - 1 postlogd\n".to_owned(),
        ]
        .concat();
        fs::write(root.join("etc/master.cf"), master).unwrap();
        let etc = root.join("etc");
        let made = Command::new("postfix")
            .arg("-c")
            .arg(&etc)
            .arg("check")
            .output();
        let made = made.unwrap();
        assert!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
        let process = Command::new("postfix")
            .arg("-c")
            .arg(&etc)
            .arg("start-fg")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let one = Self {
            folder,
            process,
            port,
        };
        until("Postfix answers", || {
            std::net::TcpStream::connect(("127.0.0.1", port)).is_ok()
        });
        one
    }

    /// What waits in its queue, or is being handed over.
    pub fn queue(&self) -> String {
        let said = Command::new("postqueue")
            .arg("-c")
            .arg(self.etc())
            .arg("-j")
            .output();
        String::from_utf8(said.unwrap().stdout).unwrap()
    }

    /// What it logged.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// Somebody sends a mail by it.
    pub fn swaks(&self, file: &str) -> Output {
        let said = Command::new("swaks")
            .args(["--server", "127.0.0.1", "--port", &self.port.to_string()])
            .args([
                "--from",
                "ann@farm.example",
                "--to",
                "security@farm.example",
            ])
            .args(["--suppress-data", "--data", &format!("@{file}")])
            .output();
        said.unwrap()
    }

    fn etc(&self) -> PathBuf {
        self.folder.path().join("etc")
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("Postfix said: {}", self.log());
        }
        let stopped = Command::new("postfix")
            .arg("-c")
            .arg(self.etc())
            .arg("stop")
            .output();
        if !stopped.is_ok_and(|said| said.status.success()) {
            let _ = self.process.kill();
        }
        let _ = self.process.wait();
    }
}
