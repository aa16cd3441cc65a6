//! What people read, told on the farm of the handbook's example.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

mod by_hand;
mod documents;
mod farm;
mod golden;
mod kinds;
mod log;
mod mails;
mod rules;
mod samples;
