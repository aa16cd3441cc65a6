//! Several hosts, of which one takes writes: all of them are asked at once. One that takes connections and never answers (a
//! frozen process, a disk that hangs) must not keep us from the one that has taken over.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio_postgres::config::{Config, Host};
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{Client, Connection, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::errors::meaning;
use crate::store::error::{Result, StoreError};

/// A connection that was made, and its other half.
pub(super) type Dialled = (Client, Connection<Socket, Stream>);
type Stream = <MakeRustlsConnect as MakeTlsConnect<Socket>>::Stream;

/// The settings of each host by itself.
pub(super) fn of_each(config: &Config) -> Vec<Config> {
    let hosts = config.get_hosts().len();
    if hosts < 2 {
        return vec![config.clone()];
    }
    (0..hosts).map(|n| only(config, n)).collect()
}

/// The same settings with one host. Every setting of the driver stands here.
fn only(config: &Config, n: usize) -> Config {
    let mut one = Config::new();
    match config.get_hosts().get(n) {
        Some(Host::Tcp(name)) => drop(one.host(name)),
        Some(Host::Unix(path)) => drop(one.host_path(path)),
        None => {}
    }
    let ports = config.get_ports();
    if let Some(port) = ports.get(n).or(ports.first()) {
        one.port(*port);
    }
    config.get_hostaddrs().get(n).map(|at| one.hostaddr(*at));
    config.get_user().map(|user| one.user(user));
    config.get_password().map(|word| one.password(word));
    config.get_dbname().map(|name| one.dbname(name));
    config.get_options().map(|options| one.options(options));
    config
        .get_application_name()
        .map(|name| one.application_name(name));
    config
        .get_connect_timeout()
        .map(|time| one.connect_timeout(*time));
    config
        .get_tcp_user_timeout()
        .map(|time| one.tcp_user_timeout(*time));
    config
        .get_keepalives_interval()
        .map(|time| one.keepalives_interval(time));
    config
        .get_keepalives_retries()
        .map(|count| one.keepalives_retries(count));
    one.keepalives(config.get_keepalives())
        .keepalives_idle(config.get_keepalives_idle())
        .ssl_mode(config.get_ssl_mode())
        .ssl_negotiation(config.get_ssl_negotiation())
        .channel_binding(config.get_channel_binding())
        .target_session_attrs(config.get_target_session_attrs());
    one
}

/// The first host that lets us in, by its place, within this time.
///
/// # Errors
/// `Schema` or `Busy` if every host says so, else `Away` with what each said.
pub(super) async fn first(
    hosts: &[Config],
    tls: &MakeRustlsConnect,
    patience: Duration,
) -> Result<(usize, Dialled)> {
    let mut tries = JoinSet::new();
    for (n, host) in hosts.iter().cloned().enumerate() {
        let tls = tls.clone();
        tries.spawn(async move {
            // The driver's own time limit ends when the socket is connected.
            let connected = tokio::time::timeout(patience, host.connect(tls)).await;
            let connected = connected.map_err(|_| {
                StoreError::Away(format!("no answer within {} seconds", patience.as_secs()))
            })?;
            connected
                .map(|made| (n, made))
                .map_err(|error| match meaning(&error) {
                    // Whatever else it may be, we are not connected.
                    told @ (StoreError::Schema(_) | StoreError::Busy(_)) => told,
                    _ => StoreError::Away(with_causes(&error)),
                })
        });
    }
    let mut said = Vec::new();
    while let Some(done) = tries.join_next().await {
        match done {
            Ok(Ok(made)) => return Ok(made),
            Ok(Err(error)) => said.push(error),
            Err(error) => said.push(StoreError::Away(error.to_string())),
        }
    }
    Err(together(said))
}

fn together(mut said: Vec<StoreError>) -> StoreError {
    let told = |error: &StoreError| !matches!(error, StoreError::Away(_));
    if said.iter().all(told)
        && let Some(last) = said.pop()
    {
        return last;
    }
    let words = said.iter().map(|error| match error {
        StoreError::Away(words) => words.clone(),
        error => error.to_string(),
    });
    StoreError::Away(words.collect::<Vec<_>>().join("; "))
}

pub(super) fn with_causes(error: &tokio_postgres::Error) -> String {
    let mut words = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        words = format!("{words}: {inner}");
        cause = inner.source();
    }
    words
}
