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
        let response = self.download(path).await?;
        let bytes = response.bytes().await.map_err(Failure::failed)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Begins to read something that may be long; what is read of it comes portion by portion.
    ///
    /// # Errors
    /// As [`Client::call`].
    pub async fn download(&self, path: &str) -> Outcome<reqwest::Response> {
        let response = self.send(self.asking(Method::GET, path)).await?;
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let bytes = response.bytes().await.map_err(Failure::failed)?;
        let answer = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Err(refused(status, &answer))
    }

    /// Sends a file, portion by portion.
    ///
    /// # Errors
    /// As [`Client::call`].
    pub async fn upload(&self, path: &str, media: &str, file: tokio::fs::File) -> Outcome<Value> {
        let asking = self.asking(Method::POST, path);
        let asking = asking.header(reqwest::header::CONTENT_TYPE, media);
        match self.send(asking.body(file)).await {
            Ok(response) => answered(response).await,
            // Whoever is refused is so before the file has gone, and the answer may be lost with the connection: a form
            // without a file is refused for the same reason, and else for having none.
            Err(away) => {
                let form = reqwest::multipart::Form::new();
                let without = self.send(self.asking(Method::POST, path).multipart(form));
                match answered(without.await?).await {
                    Err(
                        refused @ (Failure::SignIn(_) | Failure::Missing(_) | Failure::Refused(_)),
                    ) => Err(refused),
                    _ => Err(away),
                }
            }
        }
    }

    fn asking(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let asking = self
            .http
            .request(method, format!("{}{path}", self.base_url));
        match &self.token {
            Some(token) => asking.bearer_auth(token),
            None => asking,
        }
    }

    async fn send(&self, asking: reqwest::RequestBuilder) -> Outcome<reqwest::Response> {
        let sent = asking.send().await;
        sent.map_err(|error| away(&self.base_url, &error))
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
        let mut request = self.asking(method, path);
        if let Some(body) = body {
            request = request.json(body);
        }
        if let Some((name, value)) = header {
            request = request.header(name, value);
        }
        answered(self.send(request).await?).await
    }
}

async fn answered(response: reqwest::Response) -> Outcome<Value> {
    let status = response.status();
    let bytes = response.bytes().await.map_err(Failure::failed)?;
    let answer = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    if status.is_success() {
        Ok(answer)
    } else {
        Err(refused(status, &answer))
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
    let missing = answer["missing"].as_array().cloned().unwrap_or_default();
    if !missing.is_empty() {
        said = lacking(&missing, answer["waivable"] == true);
    } else if let (Some(rule), Some(name)) = (text("rule"), text("rule_name")) {
        said = format!("{said} (rule {rule}, {})", name.replace('_', " "));
    }
    let told = |yes: &String| !yes.is_empty() && missing.is_empty() && !said.contains(yes);
    if let Some(yes) = text("yes_when").filter(told) {
        said = format!("{said}\nTo make it a yes: {yes}");
    }
    if let (Some(true), Some(rule), []) = (
        answer["waivable"].as_bool(),
        text("rule"),
        missing.as_slice(),
    ) {
        said = format!("{said}\nOr pass it on purpose: --waive {rule}=\"your reason\"");
    }
    if let Some(line) = text("by_hand") {
        said = format!("{said}\nIt is written so: {line}");
    }
    match status {
        StatusCode::UNAUTHORIZED => Failure::SignIn(format!(
            "{said}\nOn a command line: set HENHOUSE_TOKEN to a token that works. Whoever looks after the data \
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

/// Everything that stands in the way, each with the line that settles it.
fn lacking(missing: &[Value], waivable: bool) -> String {
    let mut lines = vec!["The procedure says no. What stands in the way:".to_owned()];
    let mut rules: Vec<&str> = Vec::new();
    for one in missing {
        let rule = one["rule"].as_str();
        let name = words(&one["rule_name"]).replace('_', " ");
        let named = rule.map(|rule| format!(" (rule {rule}, {name})"));
        let named = named.unwrap_or_default();
        lines.push(format!("  - {}{named}", words(&one["detail"])));
        if one["by_hand"].is_string() {
            lines.push(format!("      {}", words(&one["by_hand"])));
        }
        rules.extend(rule.filter(|rule| !rules.contains(rule)));
    }
    if waivable && !rules.is_empty() {
        let waivers = rules
            .iter()
            .map(|rule| format!("--waive {rule}=\"your reason\""));
        let waivers: Vec<String> = waivers.collect();
        lines.push(format!("Or pass it on purpose: {}", waivers.join(" ")));
    }
    lines.join("\n")
}
