//! The API client: over the network, or over the socket of a data directory.

use std::path::Path;

use reqwest::{Method, StatusCode};
use serde_json::Value;

use super::failure::{Failure, Outcome};
use super::report::words;
use crate::serve::SOCKET;

/// A client of one installation.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    base_url: String,
    token: Option<String>,
}

impl Client {
    /// Over the network.
    ///
    /// # Errors
    /// TLS cannot be set up.
    pub fn new(base_url: &str, token: Option<String>) -> Outcome<Self> {
        crate::tls::install_provider();
        let http = reqwest::Client::builder()
            .user_agent(concat!("henhouse/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(Failure::failed)?;
        Ok(Self {
            http,
            base_url: base_url.trim_end_matches('/').to_owned(),
            token,
        })
    }

    /// Over the socket of a data directory that is being served; its owner is an admin there.
    ///
    /// # Errors
    /// The client cannot be built.
    pub fn local(data: &Path) -> Outcome<Self> {
        crate::tls::install_provider();
        let http = reqwest::Client::builder()
            .unix_socket(data.join(SOCKET))
            .build()
            .map_err(Failure::failed)?;
        Ok(Self {
            http,
            base_url: "http://localhost".to_owned(),
            token: None,
        })
    }

    /// Whether somebody is named by a token.
    #[must_use]
    pub fn has_token(&self) -> bool {
        self.token.is_some()
    }

    /// The same, as nobody.
    #[must_use]
    pub fn without_token(self) -> Self {
        Self {
            token: None,
            ..self
        }
    }

    /// Reads something.
    ///
    /// # Errors
    /// As [`Client::call`].
    pub async fn get(&self, path: &str) -> Outcome<Value> {
        self.call(Method::GET, path, None, None).await
    }

    /// Reads a document.
    ///
    /// # Errors
    /// As [`Client::call`].
    pub async fn text(&self, path: &str) -> Outcome<String> {
        let mut request = self.http.get(format!("{}{path}", self.base_url));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        let response = request
            .send()
            .await
            .map_err(|error| away(&self.base_url, &error))?;
        let status = response.status();
        let bytes = response.bytes().await.map_err(Failure::failed)?;
        if status.is_success() {
            return Ok(String::from_utf8_lossy(&bytes).into_owned());
        }
        Err(refused(
            status,
            &serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        ))
    }

    /// Sends something.
    ///
    /// # Errors
    /// As [`Client::call`].
    pub async fn post(&self, path: &str, body: &Value) -> Outcome<Value> {
        self.call(Method::POST, path, Some(body), None).await
    }

    /// Sends something that counts once under this key.
    ///
    /// # Errors
    /// As [`Client::call`].
    pub async fn post_once(&self, path: &str, body: &Value, key: &str) -> Outcome<Value> {
        self.call(
            Method::POST,
            path,
            Some(body),
            Some(("Idempotency-Key", key)),
        )
        .await
    }

    /// Replaces something, if it is still at the revision that the new one is based on.
    ///
    /// # Errors
    /// As [`Client::call`].
    pub async fn replace(&self, path: &str, body: &Value, revision: &str) -> Outcome<Value> {
        let revision = format!("\"{revision}\"");
        self.call(Method::PUT, path, Some(body), Some(("If-Match", &revision)))
            .await
    }

    /// One call.
    ///
    /// # Errors
    /// [`Failure`] by the answer: sign in, refused with the rule and the way to a yes, or failed.
    pub async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        header: Option<(&str, &str)>,
    ) -> Outcome<Value> {
        let mut request = self
            .http
            .request(method, format!("{}{path}", self.base_url));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        if let Some((name, value)) = header {
            request = request.header(name, value);
        }
        let response = request
            .send()
            .await
            .map_err(|error| away(&self.base_url, &error))?;
        let status = response.status();
        let bytes = response.bytes().await.map_err(Failure::failed)?;
        let answer = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        if status.is_success() {
            Ok(answer)
        } else {
            Err(refused(status, &answer))
        }
    }
}

fn away(base_url: &str, error: &reqwest::Error) -> Failure {
    let why = if error.is_timeout() {
        "it did not answer in time"
    } else {
        "nobody answers there"
    };
    Failure::Away(format!(
        "{base_url} cannot be reached: {why}. Nothing was changed. Set --url or HENHOUSE_URL, or \
         start it with `henhouse serve`."
    ))
}

/// A problem document as sentences: what is wrong, the rule, what would make it a yes.
fn refused(status: StatusCode, answer: &Value) -> Failure {
    let text = |name: &str| answer[name].as_str().map(str::to_owned);
    let mut said = text("detail")
        .or_else(|| text("title"))
        .unwrap_or_else(|| status.to_string());
    let wrong = answer["errors"].as_array().cloned().unwrap_or_default();
    if !wrong.is_empty() {
        let line = |wrong: &Value| {
            let (field, detail) = (words(&wrong["field"]), words(&wrong["detail"]));
            format!(
                "{}: {detail}",
                field.trim_start_matches('/').replace('/', ".")
            )
        };
        said = wrong.iter().map(line).collect::<Vec<_>>().join("\n");
    }
    if let (Some(rule), Some(name)) = (text("rule"), text("rule_name")) {
        said = format!("{said} (rule {rule}, {})", name.replace('_', " "));
    }
    if let Some(yes) = text("yes_when").filter(|yes| !yes.is_empty() && !said.contains(yes)) {
        said = format!("{said}\nTo make it a yes: {yes}");
    }
    if let (Some(true), Some(rule)) = (answer["waivable"].as_bool(), text("rule")) {
        said = format!("{said}\nOr pass it on purpose: --waive {rule}=\"your reason\"");
    }
    match status {
        StatusCode::UNAUTHORIZED => Failure::SignIn(format!(
            "{said}\nOn a command line: set HENHOUSE_TOKEN to a token. Whoever looks after the data \
             directory makes one: `henhouse admin token --name jane --person jane`."
        )),
        StatusCode::NOT_FOUND => Failure::Missing(said),
        StatusCode::CONFLICT | StatusCode::FORBIDDEN | StatusCode::PRECONDITION_FAILED => {
            Failure::Refused(said)
        }
        StatusCode::UNPROCESSABLE_ENTITY | StatusCode::BAD_REQUEST => Failure::Usage(said),
        _ => Failure::Failed(said),
    }
}
