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

/// A report that is kept here.
pub(super) struct Kept {
    file: PathBuf,
    /// The server that it was written for.
    pub(super) url: String,
    key: String,
    pub(super) body: Value,
    signed: bool,
}

impl Kept {
    fn read(file: PathBuf) -> Option<Self> {
        let bytes = std::fs::read(&file).ok()?;
        let kept: Value = serde_json::from_slice(&bytes).ok()?;
        Some(Self {
            url: kept["url"].as_str()?.to_owned(),
            key: kept["key"].as_str()?.to_owned(),
            body: kept["body"].clone(),
            signed: kept["signed"].as_bool().unwrap_or(true),
            file,
        })
    }

    /// Sends it, and then keeps it no longer. Where the clock of this device runs ahead of the server's, it is
    /// sent without its time: a wrong clock costs no report.
    ///
    /// # Errors
    /// As the client's; then it stays.
    pub(super) async fn send(&self, client: &Client) -> Outcome<Value> {
        let sender = match self.signed {
            false => client.clone().without_token(),
            true => client.clone(),
        };
        let sent = sender.post_once("/api/v1/reports", &self.body, &self.key);
        let answer = match sent.await {
            Err(Failure::Usage(_)) => {
                let mut body = self.body.clone();
                body["happened_at"] = Value::Null;
                let sent = sender.post_once("/api/v1/reports", &body, &self.key);
                sent.await?
            }
            sent => sent?,
        };
        let _ = std::fs::remove_file(&self.file);
        Ok(answer)
    }

    /// Throws it away.
    ///
    /// # Errors
    /// What the file system says.
    pub(super) fn discard(&self) -> Outcome {
        std::fs::remove_file(&self.file).map_err(Failure::failed)
    }

    /// Where it lies.
    pub(super) fn place(&self) -> String {
        self.file.display().to_string()
    }
}

/// Every report that is kept here, oldest first.
pub(super) fn all() -> Vec<Kept> {
    let listing = folder().and_then(|folder| std::fs::read_dir(folder).ok());
    let files = listing.into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = files.map(|file| file.path()).collect();
    files.sort();
    files.into_iter().filter_map(Kept::read).collect()
}

/// Keeps a report that could not be sent.
/// It happened no later than now, and whoever was nobody stays nobody when it is sent.
pub(super) fn keep(client: &Client, url: &str, key: &str, body: &Value, why: &str) -> Failure {
    let mut body = body.clone();
    if body["happened_at"].is_null() {
        body["happened_at"] = Clock::real().now().to_string().into();
    }
    match write(url, key, &body, client.has_token()) {
        Ok(file) => Failure::Queued(format!(
            "{why}\nYour report is NOT sent yet. It is kept on this device for {url}, in {}.\n\
             It goes out with the next henhouse command that reaches that server. To read, send or \
             discard it: henhouse kept. If it is urgent, call.",
            file.display()
        )),
        Err(error) => Failure::Failed(format!("{why}\nIt could not be kept either: {error}")),
    }
}

fn write(url: &str, key: &str, body: &Value, signed: bool) -> std::io::Result<PathBuf> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let folder = folder().ok_or_else(|| std::io::Error::other("there is no home folder"))?;
    std::fs::create_dir_all(&folder)?;
    let name = format!("{}-{key}.json", Clock::real().now().as_microsecond());
    let place = folder.join(name);
    let file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&place)?;
    let kept = json!({ "url": url, "key": key, "body": body, "signed": signed });
    serde_json::to_writer(&file, &kept)?;
    file.sync_all()?;
    Ok(place)
}

/// Sends what was kept for this server, oldest first. What cannot be sent stays, and is reminded of.
pub(super) async fn flush(client: &Client, url: &str) {
    for kept in all() {
        if !same(&kept.url, url) {
            continue;
        }
        match kept.send(client).await {
            Ok(answer) => eprintln!("{}", sent(&answer)),
            Err(Failure::Away(_)) => break,
            Err(failure) => eprintln!("A report kept on this device was not taken: {failure}"),
        }
    }
    if let Some(words) = reminder(&all()) {
        eprintln!("{words}");
    }
}

/// What is said of a report that was sent at last.
pub(super) fn sent(answer: &Value) -> String {
    let [number, receipt] = ["number", "receipt"].map(|name| words(&answer[name]));
    let warned = answer["warning"].is_string();
    let warning = warned.then(|| format!("\n{}", words(&answer["warning"])));
    format!(
        "Sent the report kept on this device: {number}. Follow it: {receipt}{}",
        warning.unwrap_or_default()
    )
}

/// What is still kept here and not sent, if anything is.
fn reminder(kept: &[Kept]) -> Option<String> {
    let mut urls: Vec<&str> = kept.iter().map(|kept| kept.url.as_str()).collect();
    urls.sort_unstable();
    urls.dedup();
    let reports = match kept.len() {
        0 => return None,
        1 => "1 report is".to_owned(),
        n => format!("{n} reports are"),
    };
    Some(format!(
        "{reports} kept on this device and NOT sent yet, for {}. To read, send or discard: henhouse kept",
        urls.join(", ")
    ))
}

/// Whether two addresses name one server.
fn same(one: &str, other: &str) -> bool {
    one.trim_end_matches('/')
        .eq_ignore_ascii_case(other.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_server_has_one_address() {
        assert!(same("http://Farm:8400/", "http://farm:8400"));
        assert!(!same("http://farm:8400", "http://farm:8401"));
    }
}
