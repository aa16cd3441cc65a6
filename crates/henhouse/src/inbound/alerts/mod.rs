//! What the programs that send alerts say, each in its own words, read into one shape. What is not understood is an alert
//! all the same: somebody has to look at it.

pub mod alertmanager;
pub mod opsgenie;

use sha2::{Digest as _, Sha256};

use crate::desk::{Alert, Sent};

/// A body that nobody understands. Sent again as it is, it is the same one.
#[must_use]
pub fn unknown(sender: &str, raw: &[u8]) -> Alert {
    let said = String::from_utf8_lossy(raw).replace('\0', " ");
    Alert {
        sent: Sent::Fires,
        alias: format!("unknown {}", digest(raw)),
        title: "Unknown alert".to_owned(),
        words: format!(
            "{sender} sent something that is not understood. It is kept as it came.\n\n{said}"
        ),
        raw: raw.to_vec(),
    }
}

/// SHA-256 as hexadecimal digits.
fn digest(bytes: &[u8]) -> String {
    let hash: [u8; 32] = Sha256::digest(bytes).into();
    casefile::Hash::from(hash).to_string()
}
