//! Reports that could not be sent. They are kept on this device and sent with the next
//! command that reaches the server, each under its own key, so that none counts twice.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::client::Client;
use super::failure::{Failure, Outcome};
use crate::clock::Clock;
use crate::ids::Ids;

/// Where unsent reports lie (XDG base directories: state).
fn folder() -> Option<PathBuf> {
    let named = std::env::var_os("XDG_STATE_HOME")
        .map(PathBuf::from)
        .filter(|p| p.is_absolute());
    let home = || std::env::var_os("HOME").map(|home| Path::new(&home).join(".local/state"));
    named.or_else(home).map(|base| base.join("henhouse/unsent"))
}

/// A fresh key under which a report counts once.
pub(super) fn key() -> Outcome<String> {
    Ok(Ids::system().map_err(Failure::failed)?.token())
}

/// Keeps a report that could not be sent.
pub(super) fn keep(url: &str, key: &str, body: &Value, why: &str) -> Failure {
    match write(url, key, body) {
        Ok(()) => Failure::Queued(format!(
            "{why}\nYour report is kept on this device and goes out with the next command that \
             reaches the server. If it is urgent, call."
        )),
        Err(error) => Failure::Failed(format!("{why}\nIt could not be kept either: {error}")),
    }
}

fn write(url: &str, key: &str, body: &Value) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let folder = folder().ok_or_else(|| std::io::Error::other("there is no home folder"))?;
    std::fs::create_dir_all(&folder)?;
    let name = format!("{}-{key}.json", Clock::real().now().as_microsecond());
    let file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(folder.join(name))?;
    let kept = json!({ "url": url, "key": key, "body": body });
    serde_json::to_writer(&file, &kept)?;
    file.sync_all()
}

/// Sends what was kept for this server, oldest first. What cannot be sent stays.
pub(super) async fn flush(client: &Client, url: &str) {
    let Some(listing) = folder().and_then(|folder| std::fs::read_dir(folder).ok()) else {
        return;
    };
    let mut files: Vec<PathBuf> = listing.flatten().map(|file| file.path()).collect();
    files.sort();
    for file in files {
        let kept = std::fs::read(&file)
            .ok()
            .and_then(|b| serde_json::from_slice::<Value>(&b).ok());
        let Some(kept) = kept.filter(|kept| kept["url"] == url) else {
            continue;
        };
        let key = kept["key"].as_str().unwrap_or_default();
        match client
            .post_once("/api/v1/reports", &kept["body"], key)
            .await
        {
            Ok(answer) => {
                let _ = std::fs::remove_file(&file);
                eprintln!("Sent the report kept on this device: {}", answer["number"]);
            }
            Err(Failure::Away(_)) => return,
            Err(failure) => eprintln!("A report kept on this device was not taken: {failure}"),
        }
    }
}
