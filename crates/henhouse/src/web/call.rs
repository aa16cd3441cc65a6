//! One request on its way to its handler, with everything a handler asks of it.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Uri};
use procedure::{Actor, How, Who};
use serde_json::Value;

use super::fields::Fields;
use super::json::{self, Object};
use super::reader::Reader;
use super::words::Words;
use super::{AppState, Problem, form};
use crate::auth::{Known, Proof, Scope, secret};
use crate::desk::{CaseNumber, CaseView, OneUse, Onlooker};
use crate::neighbours::place;

/// The most bytes of a body that is not a file.
pub const BODY_LIMIT: usize = 1024 * 1024;
/// A body that is not a file arrives within so long.
const PATIENCE: Duration = Duration::from_secs(30);
/// The most characters of an Idempotency-Key.
const KEY_LIMIT: usize = 255;
/// An Idempotency-Key of somebody unknown is theirs alone from so many characters on.
const KEY_UNGUESSABLE: usize = 16;

/// A request.
pub struct Call {
    /// What every handler is given.
    pub app: AppState,
    /// Who asks, if they are known.
    pub known: Option<Known>,
    /// The address that the connection came from.
    pub address: Option<IpAddr>,
    /// The variable parts of the path.
    pub params: BTreeMap<String, String>,
    /// The address asked for.
    pub uri: Uri,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, until somebody reads it; in a lock only so that a request can be shared.
    pub(super) body: Mutex<Option<Body>>,
}

impl Call {
    /// Whoever is known; routes that are not public see to it that somebody is.
    ///
    /// # Errors
    /// 401.
    pub fn known(&self) -> Result<&Known, Problem> {
        self.known.as_ref().ok_or_else(Problem::sign_in)
    }

    /// How whoever asks reads.
    #[must_use]
    pub fn reader(&self) -> Reader {
        Reader::of(&self.headers, &self.uri)
    }

    /// What is said to whoever asks, in their language.
    #[must_use]
    pub fn words(&self) -> Words {
        self.reader().words
    }

    /// How the desk sees whoever asks.
    ///
    /// # Errors
    /// 401.
    pub fn onlooker(&self) -> Result<Onlooker, Problem> {
        self.known().map(Known::onlooker)
    }

    /// Who acts where nobody need be known: a person, a program, or a reporter.
    #[must_use]
    pub fn actor_or_reporter(&self) -> Actor {
        let reporter = Actor {
            who: Who::Reporter,
            how: How::Open,
        };
        self.known.as_ref().map_or(reporter, Known::actor)
    }

    /// A variable part of the path.
    #[must_use]
    pub fn param(&self, name: &str) -> &str {
        self.params.get(name).map_or("", String::as_str)
    }

    /// The case in the path, as whoever asks may see it.
    ///
    /// # Errors
    /// 404 where there is none for them.
    pub async fn case(&self) -> Result<CaseView, Problem> {
        let number = self.number()?;
        Ok(self.app.desk.case(&self.onlooker()?, &number).await?)
    }

    /// The number in the path.
    ///
    /// # Errors
    /// 404 for what is no number.
    pub fn number(&self) -> Result<CaseNumber, Problem> {
        self.param("number")
            .to_ascii_uppercase()
            .parse()
            .map_err(|_| Problem::not_found("case"))
    }

    /// The query, which may have these fields and no others.
    ///
    /// # Errors
    /// 422 naming the field.
    pub fn query(&self, names: &[&str]) -> Result<Fields, Problem> {
        let fields =
            Fields::parse(self.uri.query().unwrap_or_default().as_bytes())?.without_nul()?;
        fields.only(names)?;
        Ok(fields)
    }

    /// The query of a page, which leaves alone what it does not know.
    #[must_use]
    pub fn page_query(&self) -> Fields {
        Fields::readable(self.uri.query().unwrap_or_default().as_bytes())
    }

    /// The body as it comes in; empty the second time.
    pub fn take_body(&mut self) -> Body {
        let body = self.body.get_mut().unwrap_or_else(PoisonError::into_inner);
        body.take().unwrap_or_default()
    }

    /// The whole body, at most `limit` bytes.
    ///
    /// # Errors
    /// 413 beyond the limit; 400 if it broke off.
    pub async fn bytes(&mut self, limit: usize) -> Result<Vec<u8>, Problem> {
        self.bytes_within(limit, PATIENCE).await
    }

    /// The same for a body that is here after so long.
    ///
    /// # Errors
    /// As [`Call::bytes`].
    pub async fn bytes_within(
        &mut self,
        limit: usize,
        patience: Duration,
    ) -> Result<Vec<u8>, Problem> {
        let read = tokio::time::timeout(patience, to_bytes(self.take_body(), limit)).await;
        match read {
            Ok(Ok(bytes)) => Ok(bytes.into()),
            Ok(Err(error)) if is_too_long(&error) => Err(too_large(limit)),
            Ok(Err(_)) | Err(_) => Err(Problem::new(
                "not-json",
                "The body broke off; send it again.",
            )),
        }
    }

    /// The body as one JSON object.
    ///
    /// # Errors
    /// 400, 413, 422.
    pub async fn object(&mut self) -> Result<Object, Problem> {
        let bytes = self.bytes(BODY_LIMIT).await?;
        json::object(&bytes)
    }

    /// The body as the fields of a form. From a signed-in browser it must carry the form token.
    ///
    /// # Errors
    /// 403, 413, 422.
    pub async fn form(&mut self) -> Result<Fields, Problem> {
        self.form_up_to(BODY_LIMIT).await
    }

    /// The same where more may be typed or pasted, at most `limit` bytes.
    ///
    /// # Errors
    /// As [`Call::form`].
    pub async fn form_up_to(&mut self, limit: usize) -> Result<Fields, Problem> {
        let bytes = self.bytes(limit).await?;
        let fields = Fields::parse(&bytes)?;
        if let Some(known) = &self.known {
            super::form::check(&fields, known)?;
        }
        Ok(fields)
    }

    /// The key under which this request counts once, from its Idempotency-Key (a draft of the
    /// IETF). A short key of somebody unknown counts for their address only.
    ///
    /// # Errors
    /// 422 for an empty, overlong or unreadable key.
    pub fn once(&self) -> Result<Option<OneUse>, Problem> {
        let Some(key) = self.headers.get("idempotency-key") else {
            return Ok(None);
        };
        let key = key.to_str().unwrap_or_default().trim().to_owned();
        if key.is_empty() || key.len() > KEY_LIMIT {
            let fix = "Send 1 to 255 plain characters, such as a UUID.";
            return Err(Problem::field("Idempotency-Key", fix));
        }
        Ok(Some(self.one_use(key)))
    }

    /// The same for a key that came in another way, such as a hidden field.
    #[must_use]
    pub fn one_use(&self, key: String) -> OneUse {
        let shown = self.shown();
        let actor = match &self.known {
            Some(Known {
                person: Some(person),
                ..
            }) => format!("person {person}"),
            Some(Known {
                proof: Proof::Token { id, .. },
                ..
            }) => format!("token {id}"),
            // Known by nothing but what they showed: the database is away, or it opens nothing.
            _ if shown.is_some() => return OneUse::shown(&shown.unwrap_or_default(), key),
            _ if key.len() >= KEY_UNGUESSABLE => "open".to_owned(),
            _ => format!("open {}", self.from()),
        };
        OneUse { actor, key }
    }

    /// Ends the session that the browser had when it began another: nothing goes on under its cookie.
    ///
    /// # Errors
    /// The desk's.
    pub async fn leave_former_session(&self) -> Result<(), Problem> {
        let former = form::session_of(&self.headers, self.app.is_https());
        if let Some(former) = former {
            self.app.desk.end_session(secret::hash(former)).await?;
        }
        Ok(())
    }

    /// The hash of the token or the session that came along.
    fn shown(&self) -> Option<[u8; 32]> {
        let https = self.app.is_https();
        let shown = form::bearer(&self.headers).or_else(|| form::session_of(&self.headers, https));
        shown.map(secret::hash)
    }

    /// Where the connection came from, in words.
    #[must_use]
    pub fn from(&self) -> String {
        self.address.map_or_else(
            || "unknown".to_owned(),
            |address| place(address).to_string(),
        )
    }

    /// Who acts: whoever asks, or, in a drill, the person that an admin's token names under `as`.
    ///
    /// # Errors
    /// 403 where nobody may be named; 422 for what is no name.
    pub fn acting(&self, named: Option<Value>) -> Result<Option<Onlooker>, Problem> {
        let known = self.known.as_ref();
        let Some(named) = named else {
            return Ok(known.map(Known::onlooker));
        };
        let is_token = |known: &Known| !matches!(known.proof, Proof::Session { .. });
        let may = known.is_some_and(|k| is_token(k) && k.is_admin() && k.scope == Scope::Admin);
        if !may || !self.app.desk.site().drill {
            let mut problem = Problem::not_allowed(
                "Nobody acts for another; `as` is for an admin's token in a drill.",
            );
            problem.field = Some("/as".to_owned());
            return Err(problem);
        }
        let person = named
            .as_str()
            .filter(|person| !person.is_empty() && !person.contains('\0'));
        let person = person.ok_or_else(|| Problem::field("/as", "Name a person by their id."))?;
        let actor = Actor::person(&person.into(), How::Drill);
        Ok(Some(Onlooker {
            actor,
            admin: false,
        }))
    }
}

fn is_too_long(error: &axum::Error) -> bool {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = cause {
        if error.to_string().contains("length limit exceeded") {
            return true;
        }
        cause = error.source();
    }
    false
}

fn too_large(limit: usize) -> Problem {
    let kib = limit / 1024;
    Problem::new(
        "too-large",
        format!("The body is larger than {kib} KiB. Shorten it, or attach files as exhibits."),
    )
}
