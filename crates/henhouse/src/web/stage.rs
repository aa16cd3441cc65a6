//! A server on a stage, for tests: a farm with Ann and Bob as its responders, Dee as its decider and
//! Oz as its observer; Eve is in another project; Boss manages and is in none.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

use std::time::Duration;

use axum::Router;
use axum::body::{Body, BodyDataStream, to_bytes};
use axum::http::Request;
use axum::response::Response;
use procedure::basis::{Marking, Project, Stakeholder};
use procedure::project::{Contact, Directory, ProjectCommand};
use procedure::{Actor, How, Text, Who};
use serde_json::{Value, json};
use tokio::sync::{mpsc, watch};
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::ReceiverStream;
use tower::ServiceExt as _;

use super::AppState;
use crate::auth::{NewAccount, NewToken, Role, Scope};
use crate::clock::Clock;
use crate::desk::{Desk, Site};
use crate::founding;
use crate::ids::Ids;
use crate::serve::{Door, Installation};
use crate::store::Store;
use crate::vault::{Exhibits, RootKey};

/// Everybody's password.
pub(crate) const PASSWORD: &str = "four words make it";
const START: &str = "2026-03-02T03:00:00Z";

/// A server.
pub(crate) struct Stage {
    pub(crate) app: AppState,
    stopping: watch::Sender<bool>,
    router: Router,
    zone: &'static str,
    _folder: tempfile::TempDir,
}

/// A request in the making.
#[derive(Clone)]
pub(crate) struct Asking {
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) status: u16,
    headers: axum::http::HeaderMap,
    body: Vec<u8>,
}

impl Asking {
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Without the last bytes of its body, as when a connection breaks.
    pub(crate) fn cut_short(mut self, bytes: usize) -> Self {
        self.body.truncate(self.body.len() - bytes);
        self
    }

    fn build(self) -> Request<Body> {
        let mut request = Request::builder()
            .method(self.method.as_str())
            .uri(self.path);
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        request.body(Body::from(self.body)).unwrap()
    }
}

impl Said {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.body.clone()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

async fn said(response: Response) -> Said {
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
    Said {
        status: parts.status.as_u16(),
        headers: parts.headers,
        body,
    }
}

/// A POST of these bytes.
pub(crate) fn bytes(path: &str, body: &[u8]) -> Asking {
    let (method, path) = ("POST".to_owned(), path.to_owned());
    Asking {
        method,
        path,
        headers: Vec::new(),
        body: body.to_vec(),
    }
}

impl Stage {
    pub(crate) async fn new() -> Self {
        Self::with(false, "UTC").await
    }

    pub(crate) async fn drill() -> Self {
        Self::with(true, "UTC").await
    }

    /// Its projects live in this zone.
    pub(crate) async fn in_zone(zone: &'static str) -> Self {
        Self::with(false, zone).await
    }

    async fn with(drill: bool, zone: &'static str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ids = Ids::seeded(7);
        let root = RootKey::open(&folder.path().join("root.key"), true, &ids).unwrap();
        let clock = Clock::simulated(START.parse().unwrap());
        let prefix = if drill { "DR" } else { "HH" }.to_owned();
        let site = Site {
            base_url: "http://localhost:8400".to_owned(),
            drill,
            prefix,
        };
        let store = Store::memory().judged_by(&clock);
        let desk = Desk::new(store, root, clock, ids, site);
        for (name, slug, prefix) in [("Farm", "farm", "HH"), ("Mill", "mill", "ML")] {
            founding::found(&desk, system(), (name, slug, prefix), zone, None)
                .await
                .unwrap();
        }
        let (stopping, stops) = watch::channel(false);
        let exhibits = Exhibits::open(&folder.path().join("exhibits")).unwrap();
        desk.keeps_exhibits_in(exhibits.clone());
        let data = folder.path().to_owned();
        let (store, clock) = desk.store_and_clock();
        let root = RootKey::read(&data.join("root.key")).unwrap();
        let settings = data.join("henhouse.toml");
        let others = (Ids::seeded(8), clock);
        let keeper = crate::backup::Keeper::new(store, root, exhibits.clone(), others, settings);
        let installation = Installation {
            desk,
            exhibits,
            home: data.as_path().into(),
            data,
            keeper: std::sync::Arc::new(keeper),
            proxies: std::sync::Arc::default(),
            phones: std::sync::Arc::default(),
        };
        let app = AppState::new(&installation, stops, Door::Network);
        let router = super::router(app.clone());
        let stage = Self {
            app,
            stopping,
            router,
            zone,
            _folder: folder,
        };
        stage.roster(&["ann", "bob"]).await;
        stage.revise("mill", &[("eve", "responder")]).await;
        stage
    }

    /// Lets these be the farm's responders, beside its decider and its observer.
    pub(crate) async fn roster(&self, responders: &[&str]) {
        let mut people: Vec<_> = responders.iter().map(|name| (*name, "responder")).collect();
        people.extend([("dee", "decider"), ("oz", "observer")]);
        self.revise("farm", &people).await;
    }

    pub(crate) async fn revise(&self, slug: &str, people: &[(&str, &str)]) {
        self.without_mail(slug, people, "").await;
    }

    /// The same, one of them without an address.
    pub(crate) async fn without_mail(&self, slug: &str, people: &[(&str, &str)], not: &str) {
        let desk = &self.app.desk;
        let id = desk
            .find_project(Some(slug.to_owned()))
            .await
            .unwrap()
            .journal;
        let mut project = founding::empty_project(self.zone).unwrap();
        project.revision = desk.project(id).await.unwrap().revision;
        let mut directory = Directory::default();
        for (name, role) in people {
            let member = json!({ "person": name, "roles": [role], "has_mail": true });
            project.roster.push(serde_json::from_value(member).unwrap());
            let mail = (*name != not).then(|| Text::Plain(format!("{name}@example.org")));
            let contact = Contact {
                name: format!("The {name}").as_str().into(),
                mail,
                phone: None,
                routes: Vec::new(),
            };
            directory.people.insert((*name).into(), contact);
        }
        let (project, directory) = (Box::new(project), Box::new(directory));
        let revise = ProjectCommand::Revise {
            project,
            directory,
            name: None,
        };
        desk.change_project(id, system(), revise, None)
            .await
            .unwrap();
    }

    /// Lets a project take reports only from people it knows.
    pub(crate) async fn known_reporters_only(&self, slug: &str) {
        self.change(slug, |project, _| project.known_reporters_only = true)
            .await;
    }

    /// Gives a project a client.
    pub(crate) async fn client(&self, slug: &str, client: &str) {
        let add = |project: &mut Project, directory: &mut Directory| {
            project.stakeholders.push(Stakeholder {
                id: client.into(),
                outside: true,
                standing: false,
                ceiling: Marking::Amber,
            });
            let contact = Contact {
                name: client.into(),
                mail: Some(Text::Plain(format!("{client}@example.com"))),
                phone: None,
                routes: Vec::new(),
            };
            directory.stakeholders.insert(client.into(), contact);
        };
        self.change(slug, add).await;
    }

    /// Changes what there is about a project.
    pub(crate) async fn change(&self, slug: &str, edit: impl FnOnce(&mut Project, &mut Directory)) {
        let desk = &self.app.desk;
        let row = desk.find_project(Some(slug.to_owned())).await.unwrap();
        let state = desk.project(row.journal).await.unwrap();
        let mut project = Box::new(state.project().unwrap().clone());
        let mut directory = Box::new(state.directory.clone());
        edit(&mut project, &mut directory);
        let revise = ProjectCommand::Revise {
            project,
            directory,
            name: None,
        };
        let change = desk.change_project(row.journal, system(), revise, None);
        change.await.unwrap();
    }

    pub(crate) fn stop(&self) {
        self.stopping.send_replace(true);
    }

    pub(crate) fn request(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        body: Option<Value>,
    ) -> Asking {
        let body = body
            .map(|body| body.to_string().into_bytes())
            .unwrap_or_default();
        let asking = Asking {
            method: method.to_owned(),
            ..bytes(path, &body)
        };
        match token {
            Some(token) => asking.with("authorization", &format!("Bearer {token}")),
            None => asking,
        }
    }

    async fn answer(&self, asking: Asking) -> Response {
        self.router.clone().oneshot(asking.build()).await.unwrap()
    }

    pub(crate) async fn send(&self, asking: Asking) -> Said {
        said(self.answer(asking).await).await
    }

    /// Sends the body in two parts; between them, when the first is being read, `meanwhile` comes to pass.
    pub(crate) async fn send_in_two(
        &self,
        mut asking: Asking,
        cut: usize,
        meanwhile: impl Future<Output = ()>,
    ) -> Said {
        let second = asking.body.split_off(cut);
        let first = std::mem::take(&mut asking.body);
        let (sender, receiver) = mpsc::channel::<std::io::Result<Vec<u8>>>(1);
        let mut request = asking.build();
        *request.body_mut() = Body::from_stream(ReceiverStream::new(receiver));
        let send = async {
            sender.send(Ok(first)).await.unwrap();
            tokio::time::sleep(Duration::from_millis(200)).await;
            meanwhile.await;
            drop(sender.send(Ok(second)).await);
            drop(sender);
        };
        let (response, ()) = tokio::join!(self.router.clone().oneshot(request), send);
        said(response.unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str, token: Option<&str>) -> Said {
        self.send(self.request("GET", path, token, None)).await
    }

    pub(crate) async fn post(&self, path: &str, token: Option<&str>, body: Value) -> Said {
        self.send(self.request("POST", path, token, Some(body)))
            .await
    }

    /// Opens a stream that does not end by itself.
    pub(crate) async fn stream(&self, asking: Asking) -> Live {
        let response = self.answer(asking).await;
        assert_eq!(response.status(), 200);
        Live(response.into_body().into_data_stream())
    }

    /// Somebody reports to the farm; answers the case's number.
    pub(crate) async fn report(&self) -> String {
        self.report_as(json!({ "text": "The chickens are escaping", "project": "farm" }))
            .await
    }

    pub(crate) async fn report_as(&self, report: Value) -> String {
        let said = self.post("/api/v1/reports", None, report).await;
        assert_eq!(said.status, 201, "{}", said.text());
        said.json()["number"].as_str().unwrap().to_owned()
    }

    /// Somebody reports to the farm; answers the path of the receipt.
    pub(crate) async fn receipt(&self) -> String {
        let body = json!({ "text": "The chickens are escaping", "project": "farm" });
        let said = self.post("/api/v1/reports", None, body).await.json();
        let (_, path) = said["api_receipt"]
            .as_str()
            .unwrap()
            .split_once("8400")
            .unwrap();
        path.to_owned()
    }

    /// Gives a command that must be carried out.
    pub(crate) async fn command(&self, number: &str, token: &str, body: Value) {
        let at = format!("/api/v1/cases/{number}/commands");
        let said = self.post(&at, Some(token), body).await;
        assert_eq!(said.status, 200, "{}", said.text());
    }

    /// The link in the newest page to a person, as a path of the API.
    pub(crate) async fn ack_link(&self, person: &str) -> String {
        let token = self.app.desk.page_link(person).await.unwrap();
        format!("/api/v1/links/{token}")
    }

    pub(crate) async fn account(&self, person: &str, role: &str) {
        self.account_with(person, role, Some(PASSWORD.to_owned()))
            .await;
    }

    pub(crate) async fn account_without_password(&self, person: &str) {
        self.account_with(person, "member", None).await;
    }

    async fn account_with(&self, person: &str, role: &str, password: Option<String>) {
        let new = NewAccount {
            person: None,
            login: person.to_owned(),
            name: format!("The {person}"),
            email: None,
            role: Role::of_word(role),
            password,
        };
        self.app
            .gate
            .create_account(system(), new, None)
            .await
            .unwrap();
    }

    /// A browser in which this person, who has an account, has just signed in.
    pub(crate) async fn browser(&self, person: &str) -> Browser {
        let gate = &self.app.gate;
        let session = gate
            .log_in(person, PASSWORD, "192.0.2.1", "a browser")
            .await;
        Browser {
            cookie: format!("henhouse={}", session.unwrap()),
        }
    }

    /// A token that reaches as far as its role; the account is made if there is none.
    pub(crate) async fn token(&self, person: &str, role: &str) -> String {
        if self
            .app
            .desk
            .account(person.to_owned())
            .await
            .unwrap()
            .is_none()
        {
            self.account_with(person, role, None).await;
        }
        self.issue(person, Some(person.to_owned()), Role::of_word(role))
            .await
    }

    /// A program's token.
    pub(crate) async fn service(&self, name: &str, role: &str) -> String {
        self.issue(name, None, Role::of_word(role)).await
    }

    async fn issue(&self, name: &str, person: Option<String>, role: Role) -> String {
        let scope = if role == Role::Admin {
            Scope::Admin
        } else {
            Scope::Write
        };
        let new = NewToken {
            name: name.to_owned(),
            person,
            role,
            scope,
            expires_at: None,
        };
        self.app.gate.issue(system(), new, None).await.unwrap().0
    }
}

/// A browser with a session.
pub(crate) struct Browser {
    cookie: String,
}

impl Browser {
    /// A browser in which nobody has signed in.
    pub(crate) fn nobody() -> Self {
        Self {
            cookie: String::new(),
        }
    }

    pub(crate) fn cookie(&self) -> &str {
        &self.cookie
    }

    pub(crate) async fn get(&self, stage: &Stage, path: &str) -> Said {
        self.send(stage, "GET", path).await
    }

    pub(crate) async fn send(&self, stage: &Stage, method: &str, path: &str) -> Said {
        let asking = stage.request(method, path, None, None);
        stage.send(self.with_session(asking)).await
    }

    /// Sends JSON, and keeps the cookie that comes back.
    pub(crate) async fn post(&mut self, stage: &Stage, path: &str, body: Value) -> Said {
        let asking = stage.request("POST", path, None, Some(body));
        let said = stage.send(self.with_session(asking)).await;
        self.keep(&said);
        said
    }

    /// Sends a form, and keeps the cookie that comes back.
    pub(crate) async fn form(&mut self, stage: &Stage, path: &str, body: &str) -> Said {
        let asking = bytes(path, body.as_bytes());
        let said = stage.send(self.with_session(asking)).await;
        self.keep(&said);
        said
    }

    /// Sends a form with the token that pages of this session carry.
    pub(crate) async fn press(
        &mut self,
        stage: &Stage,
        path: &str,
        pairs: &[(&str, &str)],
    ) -> Said {
        let page = self.get(stage, "/me").await.text();
        let token = page.split("name=\"form_token\" value=\"").nth(1).unwrap();
        let token = token.split('"').next().unwrap();
        let pairs = pairs
            .iter()
            .map(|(name, value)| format!("&{name}={}", super::fields::escaped(value)));
        let body = format!("form_token={token}{}", pairs.collect::<String>());
        self.form(stage, path, &body).await
    }

    fn with_session(&self, asking: Asking) -> Asking {
        asking
            .with("cookie", &self.cookie)
            .with("sec-fetch-site", "same-origin")
    }

    fn keep(&mut self, said: &Said) {
        let cookie = said.header("set-cookie").split(';').next();
        let cookie = cookie.filter(|cookie| cookie.starts_with("henhouse="));
        self.cookie = cookie.map_or_else(|| self.cookie.clone(), str::to_owned);
    }
}

/// A stream that is being read.
pub(crate) struct Live(BodyDataStream);

impl Live {
    /// The next thing told.
    pub(crate) async fn next_event(&mut self) -> String {
        let bytes = self.0.next().await.unwrap().unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Everything told until the stream ends.
    pub(crate) async fn rest(&mut self) -> String {
        let mut all = String::new();
        while let Some(bytes) = self.0.next().await {
            all.push_str(&String::from_utf8_lossy(&bytes.unwrap()));
        }
        all
    }
}

fn system() -> Actor {
    Actor {
        who: Who::System,
        how: How::LocalSocket,
    }
}
