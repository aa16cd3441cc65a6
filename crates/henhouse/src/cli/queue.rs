//! Reports that could not be sent. They are kept on this device and sent with the next
//! command that reaches the server, each under its own key, so that none counts twice.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::client::Client;
use super::failure::{Failure, Outcome};
use super::report::words;
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
/// It happened no later than now, and whoever was nobody stays nobody when it is sent.
pub(super) fn keep(client: &Client, url: &str, key: &str, body: &Value, why: &str) -> Failure {
    let mut body = body.clone();
    if body["happened_at"].is_null() {
        body["happened_at"] = Clock::real().now().to_string().into();
    }
    match write(url, key, &body, client.has_token()) {
        Ok(()) => Failure::Queued(format!(
            "{why}\nYour report is kept on this device and goes out with the next command that \
             reaches the server. If it is urgent, call."
        )),
        Err(error) => Failure::Failed(format!("{why}\nIt could not be kept either: {error}")),
    }
}

fn write(url: &str, key: &str, body: &Value, signed: bool) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let folder = folder().ok_or_else(|| std::io::Error::other("there is no home folder"))?;
    std::fs::create_dir_all(&folder)?;
    let name = format!("{}-{key}.json", Clock::real().now().as_microsecond());
    let file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(folder.join(name))?;
    let kept = json!({ "url": url, "key": key, "body": body, "signed": signed });
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
        let sender = match kept["signed"].as_bool() {
            Some(false) => client.clone().without_token(),
            _ => client.clone(),
        };
        match sender
            .post_once("/api/v1/reports", &kept["body"], key)
            .await
        {
            Ok(answer) => {
                let _ = std::fs::remove_file(&file);
                let [number, receipt] = ["number", "receipt"].map(|name| words(&answer[name]));
                eprintln!("Sent the report kept on this device: {number}. Follow it: {receipt}");
            }
            Err(Failure::Away(_)) => return,
            Err(failure) => eprintln!("A report kept on this device was not taken: {failure}"),
        }
    }
}
