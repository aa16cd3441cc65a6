//! Debian's Dovecot as a process of its own, with settings of its own in a folder of its own.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::peers::certificate::Certificate;
use crate::until;

/// Who reads the mailbox.
pub const USER: &str = "hen";
/// Their password: with what a line of a shell or of IMAP would stumble over.
pub const PASSWORD: &str = "cluck \"\\ {5} § cluck";

/// A server with one mailbox.
pub struct Dovecot {
    folder: TempDir,
    process: Option<Child>,
    /// Where it listens: plain, with STARTTLS, and with TLS from the first byte.
    pub ports: [u16; 2],
    /// Whom its certificate is from.
    pub authority: PathBuf,
    count: std::cell::Cell<u32>,
}

impl Dovecot {
    /// Starts one. With `more` settings, such as what it must not be able to do.
    pub fn start(more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let certificate = Certificate::make(folder.path());
        let mut one = Self {
            process: None,
            ports: [free_port(), free_port()],
            authority: certificate.authority.clone(),
            count: 0.into(),
            folder,
        };
        for part in [
            "",
            "cur",
            "new",
            "tmp",
            ".Done",
            ".Done/cur",
            ".Done/new",
            ".Done/tmp",
        ] {
            let path = one.maildir().join(part);
            fs::create_dir_all(&path).unwrap();
            // Whoever Dovecot lets read mails.
            fs::set_permissions(&path, fs::Permissions::from_mode(0o777)).unwrap();
        }
        fs::write(one.at("users"), format!("{USER}:{{PLAIN}}{PASSWORD}\n")).unwrap();
        fs::write(one.at("dovecot.conf"), one.settings(&certificate, more)).unwrap();
        one.go_on();
        one
    }

    fn settings(&self, certificate: &Certificate, more: &str) -> String {
        let at = self.folder.path().display();
        let [plain, tls] = self.ports;
        let (cert, key) = (certificate.certificate.display(), certificate.key.display());
        format!(
            "protocols = imap\nlisten = 127.0.0.1\nbase_dir = {at}/run\nstate_dir = {at}/state\nlog_path = {at}/log\n\
             ssl = yes\nssl_cert = <{cert}\nssl_key = <{key}\nauth_mechanisms = plain\n\
             mail_location = maildir:{at}/mail\nmailbox_list_index = no\nfirst_valid_uid = 1\n\
             passdb {{\n  driver = passwd-file\n  args = scheme=PLAIN {at}/users\n}}\n\
             userdb {{\n  driver = static\n  args = uid=mail gid=mail home={at}/mail\n}}\n\
             service imap-login {{\n  chroot =\n  inet_listener imap {{\n    port = {plain}\n  }}\n  \
             inet_listener imaps {{\n    port = {tls}\n    ssl = yes\n  }}\n}}\n\
             service anvil {{\n  chroot =\n}}\n{more}\n"
        )
    }

    /// Starts it again.
    pub fn go_on(&mut self) {
        let mut command = Command::new("dovecot");
        command.args(["-F", "-c"]).arg(self.at("dovecot.conf"));
        let process = command
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            .spawn();
        self.process = Some(process.unwrap());
        let port = self.ports[0];
        until("Dovecot answers", || {
            use std::io::Read as _;
            let line = std::net::TcpStream::connect(("127.0.0.1", port)).ok();
            let mut said = [0; 4];
            line.is_some_and(|mut line| line.read_exact(&mut said).is_ok() && &said == b"* OK")
        });
    }

    /// Ends it, and every line to it.
    pub fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let id = process.id().to_string();
            assert!(Command::new("kill").arg(id).status().unwrap().success());
            process.wait().unwrap();
        }
    }

    /// A mail comes. What mail servers write into it on their way is in it.
    pub fn deliver(&self, mail: &[u8]) {
        let n = self.count.get();
        self.count.set(n + 1);
        let name = format!("{}.M{n}P1.farm", 1_700_000_000 + n);
        let tmp = self.maildir().join("tmp").join(&name);
        fs::write(&tmp, mail).unwrap();
        fs::set_permissions(&tmp, fs::Permissions::from_mode(0o666)).unwrap();
        fs::rename(tmp, self.maildir().join("new").join(name)).unwrap();
    }

    /// Everything that Dovecot knows of the mailbox beside its mails is lost, and which were read.
    pub fn forget(&self) {
        for file in files(&self.maildir()) {
            if file
                .file_name()
                .unwrap()
                .to_string_lossy()
                .starts_with("dovecot")
            {
                fs::remove_file(file).unwrap();
            }
        }
        for file in files(&self.maildir().join("cur")) {
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            let bare = name.split(":2,").next().unwrap();
            fs::rename(&file, self.maildir().join("new").join(bare)).unwrap();
        }
    }

    /// How many mails in the mailbox are read, and how many are not.
    pub fn marks(&self) -> (usize, usize) {
        let both = [self.maildir().join("cur"), self.maildir().join("new")];
        let all: Vec<PathBuf> = both.iter().flat_map(|folder| files(folder)).collect();
        let is_seen = |file: &&PathBuf| {
            let name = file.file_name().unwrap().to_string_lossy();
            name.split_once(":2,")
                .is_some_and(|(_, flags)| flags.contains('S'))
        };
        let seen = all.iter().filter(is_seen).count();
        (seen, all.len() - seen)
    }

    /// How many mails are in the folder for what is done.
    pub fn done(&self) -> usize {
        let parts = [".Done/cur", ".Done/new"];
        parts
            .iter()
            .map(|part| files(&self.maildir().join(part)).len())
            .sum()
    }

    /// What it logged.
    pub fn log(&self) -> String {
        fs::read_to_string(self.at("log")).unwrap_or_default()
    }

    fn maildir(&self) -> PathBuf {
        self.at("mail")
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("Dovecot said: {}", self.log());
        }
        self.stop();
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let found = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    found.filter(|path| path.is_file()).collect()
}

/// A port that nobody listens at.
pub fn free_port() -> u16 {
    let one = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    one.local_addr().unwrap().port()
}
