//! What comes in by other ways than pages and the API: each is read here and becomes one command at the desk.

pub mod alerts;
pub mod imap;
pub mod letter;
pub mod mail_alerts;
pub mod phone;
mod settings;
pub mod smtp;
pub mod sns;
pub mod sqs;
mod taking;
mod verdict;
pub mod voicemail;

pub use settings::MailInSettings;
pub use taking::{Came, Taken, Takes};
