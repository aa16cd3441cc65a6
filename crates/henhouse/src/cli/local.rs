//! What the owner of a data directory does on the spot: serve, tokens, verify, rebuild, playbooks.

mod account;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::json;

use super::client::Client;
use super::failure::{Failure, Outcome};
use super::out;
use super::report::words;
use crate::config;
use crate::desk::Verified;
use crate::serve::{self, Home, Installation, Options, SOCKET};
use crate::web::faces;

/// Which data directory.
#[derive(Debug, Args)]
pub struct Data {
    /// The data directory.
    #[arg(long, env = "HENHOUSE_DATA", default_value_os_t = default_data())]
    data: PathBuf,
    /// A PostgreSQL database in place of the file in the data directory, as
    /// postgres://user@host/database; a password is better kept in the settings file (`database = "…"`).
    #[arg(long, env = "HENHOUSE_DATABASE", hide_env_values = true)]
    database: Option<String>,
}

impl Default for Data {
    fn default() -> Self {
        let named = std::env::var_os("HENHOUSE_DATA").map(PathBuf::from);
        Self {
            data: named.unwrap_or_else(default_data),
            database: std::env::var("HENHOUSE_DATABASE").ok(),
        }
    }
}

impl Data {
    /// With the database that the settings name, if no other one was given.
    fn home(&self, config: &config::Config) -> Home {
        Home {
            data: self.data.clone(),
            database: self.database.clone().or_else(|| config.database.clone()),
        }
    }

    /// The same with the settings that lie in the data directory.
    fn own_home(&self) -> Outcome<Home> {
        let config = config::read(None, &self.data).map_err(Failure::failed)?;
        Ok(self.home(&config))
    }
}

/// Where data lie unless somebody says otherwise (XDG base directories).
pub(super) fn default_data() -> PathBuf {
    let named = std::env::var_os("XDG_DATA_HOME")
        .map(PathBuf::from)
        .filter(|p| p.is_absolute());
    let home = || std::env::var_os("HOME").map(|home| Path::new(&home).join(".local/share"));
    named.or_else(home).map_or_else(
        || PathBuf::from("henhouse-data"),
        |base| base.join("henhouse"),
    )
}

/// Serve a data directory.
#[derive(Debug, Args)]
pub struct Serve {
    #[command(flatten)]
    data: Data,
    /// Where to listen.
    #[arg(long, env = "HENHOUSE_LISTEN", default_value_t = default_listen())]
    listen: SocketAddr,
    /// Practise: a clock of its own, everything marked DRILL, nothing counted.
    #[arg(long)]
    drill: bool,
    /// Where a new drill's clock begins (RFC 3339); now, if nothing is said.
    #[arg(long, requires = "drill")]
    clock: Option<jiff::Timestamp>,
    /// The settings file; henhouse.toml in the data directory if none is named.
    #[arg(long, env = "HENHOUSE_CONFIG")]
    config: Option<PathBuf>,
    /// Where people reach the pages, if not at the address listened on.
    #[arg(long, env = "HENHOUSE_BASE_URL")]
    base_url: Option<String>,
}

impl Default for Serve {
    fn default() -> Self {
        Self {
            data: Data::default(),
            listen: default_listen(),
            drill: false,
            clock: None,
            config: None,
            base_url: None,
        }
    }
}

fn default_listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 8400))
}

impl Serve {
    pub(super) async fn run(self) -> Outcome {
        let filter = tracing_subscriber::EnvFilter::try_from_env("HENHOUSE_LOG")
            .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
        let _ = tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_writer(std::io::stderr)
            .try_init();
        let data = &self.data.data;
        let mut config = config::read(self.config.as_deref(), data).map_err(Failure::failed)?;
        config.base_url = self.base_url.or(config.base_url);
        let options = Options {
            home: self.data.home(&config),
            listen: self.listen,
            drill: self.drill,
            clock: self.clock,
            demo: false,
            config,
        };
        Ok(serve::serve(options, faces, told_to_stop()).await?)
    }
}

/// Open a drill in which the handbook's escaped-chickens case is half-way through.
#[derive(Debug, Args)]
pub struct Demo {
    /// The drill's data directory.
    #[arg(long, default_value_os_t = default_data().with_file_name("henhouse-demo"))]
    data: PathBuf,
    /// Where to listen.
    #[arg(long, env = "HENHOUSE_LISTEN", default_value_t = default_listen())]
    listen: SocketAddr,
}

impl Demo {
    pub(super) async fn run(self) -> Outcome {
        let Self { data, listen } = self;
        let config = config::Config::default();
        let options = Options {
            home: data.as_path().into(),
            listen,
            drill: true,
            clock: None,
            demo: true,
            config,
        };
        Ok(serve::serve(options, faces, told_to_stop()).await?)
    }
}

/// The usual signals to stop.
async fn told_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        let _ = tokio::signal::ctrl_c().await;
        return;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

/// Look after a data directory.
#[derive(Debug, Subcommand)]
pub enum Admin {
    /// Issue a token and print it. It is shown once.
    Token {
        #[command(flatten)]
        data: Data,
        /// What it is for.
        #[arg(long)]
        name: String,
        /// admin, member or observer.
        #[arg(long, default_value = "member")]
        role: String,
        /// The person it acts for; without one it is a program's and never takes command.
        #[arg(long)]
        person: Option<String>,
    },
    /// Let somebody sign in on the pages: they are asked to choose a password, by mail or by a link to hand over.
    Account(account::Account),
    /// Make the account for when everything else is away, and print its two halves, for two people to keep sealed. They
    /// are shown once. Whoever uses it is in for an hour, and everybody who must know is told.
    BreakGlass {
        #[command(flatten)]
        data: Data,
        /// Let it open no more, and end what it opened.
        #[arg(long)]
        end: bool,
    },
    /// Take off somebody what they sign in with beside their password, because they lost it: app and recovery codes.
    /// Their sessions end, and they are told.
    ResetFactors {
        #[command(flatten)]
        data: Data,
        /// Their id on the contact sheet.
        person: String,
    },
}

impl Admin {
    pub(super) async fn run(self, json: bool) -> Outcome {
        match self {
            Self::Token {
                data,
                name,
                role,
                person,
            } => {
                let body = json!({ "name": name, "role": role, "person": person });
                let issue = async |client: &Client| {
                    let answer = client.post("/api/v1/tokens", &body).await?;
                    if let Some(person) = person.as_deref().filter(|_| role != "admin") {
                        account::warn_if_on_no_sheet(client, person).await;
                    }
                    Ok(answer)
                };
                let answer = on_the_spot(&data, issue).await?;
                match json {
                    true => out(format_args!("{answer:#}")),
                    false => out(words(&answer["token"])),
                }
                Ok(())
            }
            Self::Account(account) => account.run(json).await,
            Self::BreakGlass { data, end: true } => {
                let end = async |client: &Client| {
                    let at = "/api/v1/admin/break-glass";
                    client.call(reqwest::Method::DELETE, at, None, None).await
                };
                on_the_spot(&data, end).await?;
                eprintln!("The break-glass account opens no more.");
                Ok(())
            }
            Self::BreakGlass { data, end: false } => {
                let make = async |client: &Client| {
                    client.post("/api/v1/admin/break-glass", &json!({})).await
                };
                let answer = on_the_spot(&data, make).await?;
                match json {
                    true => out(format_args!("{answer:#}")),
                    false => out(sheets(&answer)),
                }
                Ok(())
            }
            Self::ResetFactors { data, person } => {
                let at = format!("/api/v1/accounts/{person}/factors");
                let reset = async |client: &Client| {
                    client.call(reqwest::Method::DELETE, &at, None, None).await
                };
                on_the_spot(&data, reset).await?;
                eprintln!(
                    "{person} signs in with the password alone now. Ask them to put their app on again."
                );
                Ok(())
            }
        }
    }
}

/// Both halves of the break-glass account, each on a sheet of its own.
fn sheets(answer: &serde_json::Value) -> String {
    let sheet = |n: usize| {
        let (letter, login) = (["A", "B"][n], words(&answer["login"]));
        let half = words(&answer["halves"][n]);
        format!(
            "Henhouse, break-glass account: sheet {letter} of two\n\n  Login     {login}\n  Half {letter}    {half}\n\n\
             Seal this, and keep it apart from the other sheet, with another person.\n\
             To use it: sign in with this login; as the password type half A, then half B; say who you both are and why.\n\
             It opens for an hour, stands in the log, and everybody on the team is told. Make new halves afterwards.\n"
        )
    };
    format!("{}\u{c}\n{}", sheet(0), sheet(1))
}

/// Does something as the owner of the data directory: through the socket of the server that holds it, or by opening it.
pub(super) async fn on_the_spot(
    place: &Data,
    work: impl AsyncFnOnce(&Client) -> Outcome<serde_json::Value>,
) -> Outcome<serde_json::Value> {
    let data = place.data.as_path();
    if tokio::net::UnixStream::connect(data.join(SOCKET))
        .await
        .is_ok()
    {
        return work(&Client::local(data)?).await;
    }
    let config = config::read(None, data).map_err(Failure::failed)?;
    let home = place.home(&config);
    is_there(&home)?;
    let base_url = config
        .base_url
        .unwrap_or_else(|| format!("http://{}", default_listen()));
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let held = serve::hold_locally(&home, &base_url, faces, async {
        let _ = stopped.await;
    })
    .await?;
    let answer = work(&Client::local(data)?).await;
    drop(stop);
    let _ = held.await;
    answer
}

/// Something is looked after only where there is something.
fn is_there(home: &Home) -> Outcome {
    if home.is_there() {
        return Ok(());
    }
    Err(Failure::Failed(format!(
        "There is no installation in {}. Say where it is with --data DIR (or HENHOUSE_DATA), and with --database if its \
         rows are in PostgreSQL; a new one is started by `henhouse serve --data DIR`.",
        home.data.display()
    )))
}

impl Data {
    /// The directory itself.
    pub(super) fn folder(&self) -> &Path {
        &self.data
    }

    async fn open(&self) -> Outcome<Installation> {
        let home = self.own_home()?;
        is_there(&home)?;
        let drill = serve::is_drill(&home).await?;
        Ok(Installation::open(home, "http://localhost", drill, None).await?)
    }

    pub(super) async fn verify(&self, json: bool) -> Outcome {
        let checked = if tokio::net::UnixStream::connect(self.data.join(SOCKET))
            .await
            .is_ok()
        {
            let answer = Client::local(&self.data)?
                .post("/api/v1/admin/verify", &json!({}))
                .await?;
            serde_json::from_value(answer).map_err(Failure::failed)?
        } else {
            let installation = self.open().await?;
            installation
                .desk
                .verify(Some(installation.exhibits))
                .await?
        };
        if json {
            let checked = serde_json::to_value(&checked).map_err(Failure::failed)?;
            out(format_args!("{checked:#}"));
        } else {
            out(format_args!(
                "{} journals, {} entries, {} texts, {} exhibits checked.",
                checked.journals, checked.entries, checked.texts, checked.exhibits
            ));
            checked.findings.iter().for_each(super::out);
        }
        match checked.verdict {
            Verified::Valid => {
                eprintln!("Nothing was changed or lost.");
                Ok(())
            }
            Verified::ValidWithRedactions => {
                eprintln!("Nothing was changed or lost but what two people erased, as said above.");
                Ok(())
            }
            Verified::IndexDiffers => Err(Failure::IndexDiffers(
                "The record is sound; the index over it differs. Stop the server and run `henhouse rebuild`.".to_owned(),
            )),
            Verified::Newer => Err(Failure::Failed(
                "Some of it only a newer version of Henhouse understands: run its `henhouse verify`.".to_owned(),
            )),
            Verified::Incomplete => Err(Failure::Failed("Something is missing.".to_owned())),
            Verified::Tampered => Err(Failure::Failed("Something was changed.".to_owned())),
        }
    }

    pub(super) async fn rebuild(&self) -> Outcome {
        let installation = self.open().await?;
        let rebuilt = installation.desk.rebuild().await?;
        out(format_args!(
            "The index was made anew: {} projects, {} cases, {} entries read.",
            rebuilt.projects, rebuilt.cases, rebuilt.entries
        ));
        Ok(())
    }
}
