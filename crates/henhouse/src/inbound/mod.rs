//! What comes in by other ways than pages and the API: each is read here and becomes one command at the desk.

pub mod alerts;
pub mod letter;
pub mod phone;
pub mod smtp;
mod taking;
mod verdict;

pub use taking::{Came, Taken, Takes};
