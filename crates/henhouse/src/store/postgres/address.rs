//! Where the database is, and how a connection to it is made.

use std::fmt;
use std::future::poll_fn;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::ConfigVerifierExt as _;
use tokio::sync::Notify;
use tokio_postgres::config::TargetSessionAttrs;
use tokio_postgres::{AsyncMessage, Client};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::gate::Gate;
use super::hosts::{self, Dialled, with_causes};
use crate::store::error::{Result, StoreError};

/// Settings of every connection, before those of the address, which win. No statement, no wait for a lock
/// and no open transaction lasts for ever, and a peer that fell silent is noticed; so a node that is frozen
/// or cut off while it holds the writer's lock keeps the others waiting for seconds only. A commit returns
/// when it is on disk, whatever the role's own setting says.
const SETTINGS: &str = "-c statement_timeout=30s -c lock_timeout=20s \
    -c idle_in_transaction_session_timeout=15s -c synchronous_commit=on -c jit=off \
    -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=3 -c tcp_keepalives_count=3";

/// How long a connection may take to be made, to its last greeting. A primary that is gone is asked again, and again.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// An address of the form `postgres://user:password@host:port/database`, as libpq has it. Several hosts may
/// be named; the one that takes writes is used. `options=-csearch_path%3Dname` puts the tables elsewhere than
/// into the schema `public`, and `sslrootcert=FILE` names who may have signed the server's certificate.
#[derive(Clone)]
pub(super) struct Address {
    config: tokio_postgres::Config,
    /// The same for each host by itself.
    hosts: Vec<tokio_postgres::Config>,
    root_certificate: Option<PathBuf>,
    /// Shared by everybody who has this address.
    gate: Arc<Gate>,
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown())
    }
}

impl FromStr for Address {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self> {
        let (rest, root_certificate) = without_root_certificate(text);
        let mut config: tokio_postgres::Config = rest.parse().map_err(|error| {
            // The address may hold a password, so the sentence must not repeat it.
            let cause = with_causes(&error);
            StoreError::Schema(format!("the database's address cannot be read: {cause}"))
        })?;
        let options = config.get_options().unwrap_or_default();
        let options = format!("{SETTINGS} {options}");
        config.options(options.trim_end());
        if config.get_application_name().is_none() {
            config.application_name("henhouse");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        config.keepalives_idle(Duration::from_secs(10));
        // Nothing is decided, or even shown, from a replica that lags behind.
        config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        Ok(Self {
            hosts: hosts::of_each(&config),
            config,
            root_certificate,
            gate: Arc::new(Gate::open()),
        })
    }
}

/// The driver does not know this option of libpq.
fn without_root_certificate(text: &str) -> (String, Option<PathBuf>) {
    let Some((start, query)) = text.split_once('?') else {
        return (text.to_owned(), None);
    };
    let mut certificate = None;
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| match pair.strip_prefix("sslrootcert=") {
            Some(path) => {
                certificate = Some(PathBuf::from(path.replace("%2F", "/")));
                false
            }
            None => true,
        })
        // A certificate is always checked, with its name; libpq has other words for that.
        .map(|pair| match pair {
            "sslmode=verify-full" | "sslmode=verify-ca" => "sslmode=require",
            pair => pair,
        })
        .collect();
    let mark = if kept.is_empty() { "" } else { "?" };
    (format!("{start}{mark}{}", kept.join("&")), certificate)
}

impl Address {
    /// The same address behind a gate that is closed: nobody connects by it before it is opened.
    pub(super) fn gated(self) -> Self {
        Self {
            gate: Arc::new(Gate::closed()),
            ..self
        }
    }

    /// The same address with no gate before it, for whoever looks whether it may be opened.
    pub(super) fn past_the_gate(&self) -> Self {
        Self {
            gate: Arc::new(Gate::open()),
            ..self.clone()
        }
    }

    /// Decides over everybody who waits to connect.
    pub(super) fn gate(&self) -> &Gate {
        &self.gate
    }

    /// The address without its secrets, for people.
    pub(super) fn shown(&self) -> String {
        let hosts: Vec<String> = self
            .config
            .get_hosts()
            .iter()
            .map(|host| match host {
                tokio_postgres::config::Host::Tcp(name) => name.clone(),
                tokio_postgres::config::Host::Unix(path) => path.display().to_string(),
            })
            .collect();
        let database = self.config.get_dbname().unwrap_or("its user's database");
        format!("PostgreSQL at {}, {database}", hosts.join(", "))
    }

    /// The socket, if it is on this machine.
    #[cfg(test)]
    pub(super) fn socket(&self) -> Option<PathBuf> {
        let port = self.config.get_ports().first().copied().unwrap_or(5432);
        self.config.get_hosts().iter().find_map(|host| match host {
            tokio_postgres::config::Host::Unix(path) => Some(path.join(format!(".s.PGSQL.{port}"))),
            tokio_postgres::config::Host::Tcp(_) => None,
        })
    }

    /// A new connection, whose other half runs on the present runtime until the client is dropped; and the host that it
    /// leads to.
    ///
    /// # Errors
    /// `Away` if nobody answers, `Schema` if who answers does not let us in.
    pub(super) async fn connect(&self) -> Result<(usize, Client)> {
        self.gate.pass().await?;
        let (host, (client, connection)) = self.dial(self.patience()).await?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::warn!(%error, "a connection to the database ended");
            }
        });
        Ok((host, client))
    }

    /// A new connection that rings at each notification, and when it ends.
    ///
    /// # Errors
    /// As [`Self::connect`].
    pub(super) async fn listen(&self, hint: Arc<Notify>) -> Result<Client> {
        self.gate.pass().await?;
        let (_, (client, mut connection)) = self.dial(self.patience()).await?;
        tokio::spawn(async move {
            while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await
            {
                if matches!(message, AsyncMessage::Notification(_)) {
                    hint.notify_one();
                }
            }
            hint.notify_one();
        });
        Ok(client)
    }

    /// Whether another host than this one takes writes now. No answer in time is none.
    pub(super) async fn has_moved_from(&self, host: usize, patience: Duration) -> bool {
        let several = self.hosts.len() > 1;
        several && self.dial(patience).await.is_ok_and(|(now, _)| now != host)
    }

    async fn dial(&self, patience: Duration) -> Result<(usize, Dialled)> {
        let tls = MakeRustlsConnect::new(self.tls()?);
        hosts::first(&self.hosts, &tls, patience).await
    }

    fn patience(&self) -> Duration {
        let set = self.config.get_connect_timeout();
        set.copied().unwrap_or(CONNECT_TIMEOUT)
    }

    fn tls(&self) -> Result<ClientConfig> {
        crate::tls::install_provider();
        match &self.root_certificate {
            Some(path) => trusting(path),
            None => ClientConfig::with_platform_verifier()
                .map_err(|error| StoreError::Schema(error.to_string())),
        }
    }
}

fn trusting(path: &Path) -> Result<ClientConfig> {
    let unreadable = |error: String| {
        StoreError::Schema(format!(
            "the database's root certificate {} cannot be used: {error}",
            path.display()
        ))
    };
    let mut roots = RootCertStore::empty();
    let certificates =
        CertificateDer::pem_file_iter(path).map_err(|error| unreadable(error.to_string()))?;
    for certificate in certificates {
        let certificate = certificate.map_err(|error| unreadable(error.to_string()))?;
        roots
            .add(certificate)
            .map_err(|error| unreadable(error.to_string()))?;
    }
    Ok(ClientConfig::builder()
        .with_root_certificates(Arc::new(roots))
        .with_no_client_auth())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_its_password() {
        let address = "postgres://hen:secret@db.farm:5433/house?sslrootcert=%2Fetc%2Froot.pem";
        let address: Address = address.parse().expect("an address");
        assert_eq!(format!("{address:?}"), "PostgreSQL at db.farm, house");
        assert_eq!(
            address.root_certificate.as_deref(),
            Some(Path::new("/etc/root.pem"))
        );
    }

    #[test]
    fn what_the_address_sets_wins_over_our_settings() {
        let address: Address =
            "postgres://db/house?options=-cstatement_timeout%3D5s&sslmode=require"
                .parse()
                .expect("an address");
        let options = address.config.get_options().expect("settings");
        assert!(options.ends_with("-cstatement_timeout=5s"), "{options}");
    }

    #[test]
    fn a_mistake_in_an_address_is_told_without_the_address() {
        let refused = "postgres://hen:secret@db/house?sslmood=off".parse::<Address>();
        let said = refused.expect_err("a mistake").to_string();
        assert!(
            said.contains("sslmood") && !said.contains("secret"),
            "{said}"
        );
    }

    #[tokio::test]
    async fn a_host_that_takes_connections_and_never_answers_is_given_up() {
        let frozen = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = frozen.local_addr().expect("its number").port();
        let address = format!(
            "postgres://hen@127.0.0.1:{port},127.0.0.1:1/house?connect_timeout=1&sslmode=disable"
        );
        let address: Address = address.parse().expect("an address");
        let ports: Vec<&[u16]> = address.hosts.iter().map(|host| host.get_ports()).collect();
        assert_eq!(ports, [&[port], &[1]]);
        let away = address.connect().await.expect_err("nobody answers");
        let StoreError::Away(said) = away else {
            panic!("{away:?}");
        };
        assert!(
            said.contains("refused") && said.contains("within 1 seconds"),
            "{said}"
        );
        assert!(!address.has_moved_from(0, Duration::from_millis(100)).await);
    }
}
