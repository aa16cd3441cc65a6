//! Henhouse, the program: server, worker and command line in one binary.
//!
//! Everything lives in modules of this library so that tests can reach it; `main.rs` only starts it.
//! Who may import whom is written in the architecture document and kept by `cargo xtask tidy`.

pub mod auth;
pub mod backup;
pub mod claim;
pub mod cli;
pub mod clock;
pub mod config;
pub mod delivery;
pub mod demo;
pub mod desk;
pub mod devices;
pub mod founding;
pub mod ids;
pub mod inbound;
pub mod indicators;
pub mod killpoint;
pub mod listen;
mod neighbours;
mod nesting;
pub mod overrides;
pub mod pattern;
pub mod phones;
pub mod post;
mod reach;
pub mod replay;
pub mod report;
mod rounds;
pub mod serve;
pub mod spool;
pub mod store;
pub mod timekeeper;
pub mod tls;
pub mod vault;
pub mod waker;
pub mod watcher;
pub mod web;
