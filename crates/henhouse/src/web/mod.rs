//! The web face: API, pages, feeds. A handler parses, loads, asks the desk and renders.
//!
//! There is no route outside [`registry`]. Nothing here writes, decides a rule, or knows the
//! store or a channel.

mod alerts;
pub mod api;
pub mod call;
mod capture;
pub mod fields;
pub mod form;
pub mod headers;
pub mod json;
mod lacks;
pub mod live;
pub mod openapi;
pub mod pages;
pub mod problem;
pub mod reader;
pub mod readings;
pub mod registry;
pub mod traffic;
mod unreached;
pub mod words;

#[cfg(test)]
mod matrix;
mod metered;
mod phone;
#[cfg(test)]
pub(crate) mod stage;

use std::net::IpAddr;
use std::sync::{Arc, OnceLock};

use tokio::sync::watch;

use crate::auth::Gate;
use crate::backup::Keeper;
use crate::desk::Desk;
use crate::inbound::sns::Sns;
use crate::phones::Phones;
use crate::serve::{Door, Installation};
use crate::vault::Exhibits;

pub use call::Call;
pub use problem::Problem;
pub use registry::{Permission, Route};

/// What every handler is given.
#[derive(Clone)]
pub struct AppState {
    /// The desk.
    pub desk: Desk,
    /// Who may come in.
    pub gate: Gate,
    /// Where exhibits lie.
    pub exhibits: Exhibits,
    /// Who makes backups.
    pub keeper: Arc<Keeper>,
    /// By which door requests come.
    pub door: Door,
    /// Turns true when the server is to stop: streams end then.
    pub stopping: watch::Receiver<bool>,
    /// Who follows what.
    pub live: live::Live,
    /// Counts of requests.
    pub traffic: Arc<traffic::Traffic>,
    /// The proxies whose word counts for where a request came from.
    pub proxies: Arc<[IpAddr]>,
    /// Who takes what telephones say.
    pub phones: Arc<OnceLock<Phones>>,
    /// Who asks Amazon whether it signed something.
    pub sns: Arc<Sns>,
}

impl AppState {
    /// The state of the faces of an installation at one door.
    #[must_use]
    pub fn new(installation: &Installation, stopping: watch::Receiver<bool>, door: Door) -> Self {
        Self {
            gate: Gate::new(installation.desk.clone()),
            desk: installation.desk.clone(),
            exhibits: installation.exhibits.clone(),
            keeper: Arc::clone(&installation.keeper),
            door,
            stopping,
            live: live::Live::default(),
            traffic: Arc::default(),
            proxies: Arc::clone(&installation.proxies),
            phones: Arc::clone(&installation.phones),
            sns: Arc::default(),
        }
    }

    /// Whether people reach the server by https, so that cookies must not travel without.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.desk.site().base_url.starts_with("https://")
    }
}

/// Pages and API of an installation, for one door.
pub fn faces(
    installation: &Installation,
    stopping: watch::Receiver<bool>,
    door: Door,
) -> axum::Router {
    router(AppState::new(installation, stopping, door))
}

/// The whole web face.
pub fn router(state: AppState) -> axum::Router {
    registry::router(state)
}
