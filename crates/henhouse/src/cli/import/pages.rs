//! Reading a pager's API: page by page, patiently where it says that it was asked too often.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};

use super::super::failure::{Failure, Outcome};

/// A request is tried so often.
const TRIES: u32 = 8;
/// It is waited for at most so long.
const LONGEST: Duration = Duration::from_secs(60);
/// Pages of one list at most: a list that never ends is none.
const PAGES: usize = 10_000;
/// Bytes of one answer at most, and of all of them: they are held in memory.
const LARGEST: usize = 32 << 20;
const ALL: usize = 256 << 20;

/// One page of a list: what is on it, and where the next one is.
pub(in crate::cli) type Page = (Vec<Value>, Option<String>);

/// How an API speaks.
pub(in crate::cli) struct Speech {
    /// The form of its answers.
    pub accept: &'static str,
    /// How it divides its lists: the path that was asked, and the answer.
    pub page: fn(&str, &Value) -> Page,
    /// Fields that open something to whoever has them: they are never kept.
    pub secret: &'static [&'static str],
}

/// An API that is read.
pub(in crate::cli) struct Api {
    http: Client,
    base: String,
    speech: &'static Speech,
    /// So many bytes came.
    came: AtomicUsize,
    /// What could not be read, with the reason.
    pub missing: Vec<Value>,
}

impl Api {
    /// # Errors
    /// The key cannot stand in a header.
    pub(in crate::cli) fn new(
        base: &str,
        authorization: &str,
        speech: &'static Speech,
    ) -> Outcome<Self> {
        Self::with(base, &[(AUTHORIZATION, authorization)], speech)
    }

    /// With these headers on every request.
    ///
    /// # Errors
    /// One of them cannot stand in a header.
    pub(in crate::cli) fn with(
        base: &str,
        said: &[(HeaderName, &str)],
        speech: &'static Speech,
    ) -> Outcome<Self> {
        crate::tls::install_provider();
        let mut headers = HeaderMap::new();
        for (name, value) in said {
            let mut value = HeaderValue::from_str(value)
                .map_err(|_| Failure::Usage("The key has signs that no key has.".to_owned()))?;
            value.set_sensitive(true);
            headers.insert(name, value);
        }
        headers.insert(ACCEPT, HeaderValue::from_static(speech.accept));
        let http = Client::builder()
            .timeout(LONGEST)
            .default_headers(headers)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(Failure::failed)?;
        Ok(Self {
            http,
            base: base.trim_end_matches('/').to_owned(),
            speech,
            came: AtomicUsize::new(0),
            missing: Vec::new(),
        })
    }

    /// What belongs to an object, beside it. In the path `{id}` is the object's.
    pub(in crate::cli) async fn beside(&mut self, object: &mut Value, name: &str, path: &str) {
        let path = with_id(path, object);
        object[name] = self.optional(&path).await.unwrap_or_default().into();
    }

    /// A list that may be out of reach of this key.
    pub(in crate::cli) async fn optional(&mut self, path: &str) -> Option<Vec<Value>> {
        match self.list(path).await {
            Ok(list) => Some(list),
            Err(failure) => {
                let why = failure.to_string();
                self.missing.push(json!({ "path": path, "why": why }));
                None
            }
        }
    }

    /// A list, all pages of it.
    pub(in crate::cli) async fn list(&self, path: &str) -> Outcome<Vec<Value>> {
        let (mut all, mut next) = (Vec::new(), Some(path.to_owned()));
        let mut seen = BTreeSet::new();
        for _ in 0..PAGES {
            let Some(path) = next.take() else {
                return Ok(all);
            };
            if !seen.insert(path.clone()) {
                return Err(Failure::failed(format!("{path} leads to itself")));
            }
            let answer = self.get(&path).await?;
            let (items, after) = (self.speech.page)(&path, &answer);
            all.extend(items);
            next = after;
        }
        Err(Failure::failed(format!("{path} has no end")))
    }

    pub(in crate::cli) async fn get(&self, path: &str) -> Outcome<Value> {
        // Behind the name of the host anything else would make another host of it, and the key would go there.
        if !path.starts_with('/') {
            return Err(Failure::failed(format!(
                "it names {path} as its next page, which is no path"
            )));
        }
        let mut last = String::new();
        for tried in 0..TRIES {
            let asking = self.http.get(format!("{}{path}", self.base));
            let answer = match asking.send().await {
                Ok(answer) => answer,
                Err(error) => {
                    last = error.without_url().to_string();
                    wait(None, tried).await;
                    continue;
                }
            };
            let status = answer.status();
            if status.is_success() {
                let mut answer = self.body(path, answer).await?;
                without(&mut answer, self.speech.secret);
                return Ok(answer);
            }
            last = format!("{path} was answered {status}");
            if status != StatusCode::TOO_MANY_REQUESTS && !status.is_server_error() {
                break;
            }
            let seconds = ["retry-after", "x-ratelimit-period-in-sec"]
                .iter()
                .find_map(|name| {
                    let said = answer.headers().get(*name)?.to_str().ok()?;
                    said.parse::<u64>().ok()
                });
            wait(seconds, tried).await;
        }
        Err(Failure::failed(last))
    }

    /// What was answered, up to a bound: the other side may be anybody.
    async fn body(&self, path: &str, mut answer: Response) -> Outcome<Value> {
        let mut bytes = Vec::new();
        let broken = |error: reqwest::Error| Failure::failed(error.without_url());
        while let Some(more) = answer.chunk().await.map_err(broken)? {
            bytes.extend_from_slice(&more);
            let came = self.came.fetch_add(more.len(), Ordering::Relaxed) + more.len();
            for (came, most) in [(bytes.len(), LARGEST), (came, ALL)] {
                if came > most {
                    return Err(Failure::failed(format!(
                        "{path} was answered with more than is taken: {} MiB",
                        most >> 20
                    )));
                }
            }
        }
        serde_json::from_slice(&bytes)
            .map_err(|_| Failure::failed(format!("{path} was answered with what is no JSON")))
    }
}

/// A key from a file, or from the environment; never from the words of the command, which others may read.
///
/// # Errors
/// There is none, or the file cannot be read.
pub(in crate::cli) fn key(file: Option<&Path>, named: &str) -> Outcome<String> {
    let key = match file {
        Some(file) => std::fs::read_to_string(file).map_err(|error| {
            Failure::Usage(format!("{} cannot be read: {error}", file.display()))
        })?,
        None => std::env::var(named).unwrap_or_default(),
    };
    match key.trim() {
        "" => Err(Failure::Usage(format!(
            "There is no key. Put it into {named}, or into a file and name it by --key-file."
        ))),
        key => Ok(key.to_owned()),
    }
}

/// Says of each secret field only that it was there.
fn without(whole: &mut Value, secret: &[&str]) {
    match whole {
        Value::Object(fields) => {
            for (name, field) in fields {
                if secret.contains(&name.as_str()) && !field.is_null() {
                    *field = json!("left out");
                } else {
                    without(field, secret);
                }
            }
        }
        Value::Array(all) => all.iter_mut().for_each(|one| without(one, secret)),
        _ => {}
    }
}

/// A path with the id of an object in it.
pub(in crate::cli) fn with_id(path: &str, object: &Value) -> String {
    path.replace("{id}", object["id"].as_str().unwrap_or_default())
}

/// As long as was asked for, else twice as long each time.
async fn wait(seconds: Option<u64>, tried: u32) {
    let own = Duration::from_millis(500) * 2_u32.saturating_pow(tried);
    let asked = seconds.map(Duration::from_secs);
    tokio::time::sleep(asked.unwrap_or(own).min(LONGEST)).await;
}

/// The path and query of a next page: the key goes to no other host. What has none is refused where it is asked for.
pub(in crate::cli) fn same_host(next: &str) -> String {
    let rest = next.split_once("://").map_or(next, |(_, rest)| rest);
    match rest.find('/') {
        Some(at) if next.contains("://") => rest.get(at..).unwrap_or_default().to_owned(),
        _ => rest.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use std::sync::Arc;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;

    const SPEECH: Speech = Speech {
        accept: "application/json",
        page: |_, answer| {
            let next = answer["next"].as_str();
            (Vec::new(), next.map(same_host))
        },
        secret: &[],
    };

    /// A server that answers each request with the same lines; how often it was asked.
    async fn says(head: &'static str, body: String) -> (String, Arc<AtomicUsize>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(AtomicUsize::new(0));
        let counts = Arc::clone(&asked);
        tokio::spawn(async move {
            loop {
                let (mut line, _) = listener.accept().await.unwrap();
                counts.fetch_add(1, Ordering::SeqCst);
                let mut heard = [0; 4096];
                let _ = line.read(&mut heard).await;
                let length = body.len();
                let said = format!(
                    "HTTP/1.1 {head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
                );
                let _ = line.write_all(said.as_bytes()).await;
            }
        });
        (base, asked)
    }

    async fn read(base: &str) -> String {
        let api = Api::new(base, "GenieKey secret", &SPEECH).unwrap();
        api.list("/v2/users").await.unwrap_err().to_string()
    }

    #[tokio::test]
    async fn no_next_page_takes_the_key_to_another_host() {
        let (other, stolen) = says("200 OK", "{}".to_owned()).await;
        let other = other.trim_start_matches("http://").to_owned();
        for next in [
            format!("@{other}/v2/users"),
            format!("x://@{other}"),
            format!(".{other}/v2/users"),
            format!(":80@{other}"),
        ] {
            let page = json!({ "next": next }).to_string();
            let (base, _) = says("200 OK", page).await;
            let said = read(&base).await;
            assert!(said.contains("no path"), "{next}: {said}");
        }
        for next in [format!("http://{other}/v2/x"), format!("//{other}/v2/x")] {
            let (base, asked) = says("200 OK", json!({ "next": next }).to_string()).await;
            let said = read(&base).await;
            assert!(said.contains("leads to itself"), "{said}");
            assert_eq!(asked.load(Ordering::SeqCst), 2);
        }
        assert_eq!(stolen.load(Ordering::SeqCst), 0);
    }

    #[tokio::test]
    async fn no_redirect_is_followed() {
        let (_, elsewhere) = says("200 OK", "{}".to_owned()).await;
        let away = "302 Found\r\nLocation: file:///etc/passwd";
        let (base, asked) = says(away, String::new()).await;
        let said = read(&base).await;
        assert!(said.contains("302"), "{said}");
        let counted = (
            asked.load(Ordering::SeqCst),
            elsewhere.load(Ordering::SeqCst),
        );
        assert_eq!(counted, (1, 0));
    }

    #[tokio::test]
    async fn what_never_ends_is_none() {
        let (base, _) = says("200 OK", json!({ "next": "/v2/users?more" }).to_string()).await;
        let api = Api::new(&base, "GenieKey secret", &SPEECH).unwrap();
        api.came.store(ALL - 10, Ordering::SeqCst);
        let said = api.list("/v2/users").await.unwrap_err().to_string();
        assert!(said.contains("more than is taken: 256 MiB"), "{said}");

        let deep = "[".repeat(100_000);
        let (base, _) = says("200 OK", deep).await;
        assert!(read(&base).await.contains("no JSON"));
    }
}
