//! What leaves the process: rows of the outbox on their way to a peer. It must not decide, render or
//! ask who may: it carries what was frozen, and says what came of it.
//!
//! Each row has its own back-off ([`schedule`]), and that is the breaker too: a channel that is away is
//! asked by each row at the row's own pace, pages never stop asking, and [`channel::ChannelHealth`] makes
//! the trouble seen.

pub mod beat;
pub mod channel;
pub mod command;
pub mod forward;
pub mod gotify;
pub mod heard;
mod http;
pub use crate::report::letter;
pub mod mail;
pub mod ntfy;
pub use crate::report::message;
pub mod origin;
pub mod outbox;
pub mod outcome;
mod parcel;
pub mod phone;
pub mod push;
mod routes;
pub mod run;
pub mod schedule;
pub mod scripted;
pub mod step;
pub mod webhook;

#[cfg(test)]
mod tests;
