//! Times on a command line: what people say becomes what the API takes, and the other way round.
//! Both in the zone of the case's project and by the server's clock, which in a drill is not ours.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::Asked;
use super::failure::{Failure, Outcome};
use super::report::words;
use crate::clock::Clock;
use crate::report::Times;
use crate::report::spoken::{self, Lies, WORKS};

/// Fields that say when something happened, with how sure that is.
const CLAIMED: &[&str] = &["happened_at", "when", "aware", "started", "began", "ended"];
/// Fields that say when something is to be.
const PLANNED: &[&str] = &["from", "until", "due", "at", "next"];

/// By which clock and in which zone times are said.
#[derive(Clone)]
pub(super) struct Here {
    now: Timestamp,
    zone: TimeZone,
}

impl Here {
    /// As an answer of the server says it; else by our clock, in UTC.
    pub(super) fn of(answer: &Value) -> Self {
        let now = answer["as_of"].as_str().and_then(|at| at.parse().ok());
        let zone = answer["zone"]
            .as_str()
            .and_then(|name| TimeZone::get(name).ok());
        Self {
            now: now.unwrap_or_else(|| Clock::real().now()),
            zone: zone.unwrap_or(TimeZone::UTC),
        }
    }

    /// The same clock in the zone that this part of the answer names.
    pub(super) fn in_zone_of(&self, part: &Value) -> Self {
        let zone = part["zone"]
            .as_str()
            .and_then(|name| TimeZone::get(name).ok());
        Self {
            zone: zone.unwrap_or_else(|| self.zone.clone()),
            ..self.clone()
        }
    }

    /// Says times.
    pub(super) fn times(&self) -> Times {
        Times::new(self.zone.clone(), self.now)
    }

    /// A time of an answer: `04:10 CET (03:10 UTC)`; with `far`, as seen from now too.
    pub(super) fn say(&self, at: &Value) -> String {
        self.said(at, Times::at)
    }

    /// A time of an answer and how far off it is.
    pub(super) fn say_both(&self, at: &Value) -> String {
        self.said(at, Times::both)
    }

    fn said(&self, at: &Value, say: fn(&Times, Timestamp) -> String) -> String {
        let time: Option<Timestamp> = at.as_str().and_then(|at| at.parse().ok());
        time.map_or_else(|| words(at), |time| say(&self.times(), time))
    }
}

/// Turns what people say in fields of time into what the API takes. Asks the server for its clock
/// only where something else than a time of the API is said.
///
/// # Errors
/// What is no time, with what works.
pub(super) async fn read(asked: &Asked, path: &str, body: &mut Map<String, Value>) -> Outcome {
    let said = |(name, value): (&String, &Value)| {
        let text = value.as_str().or_else(|| value.as_number().map(|_| ""))?;
        let known = CLAIMED.contains(&&**name) || PLANNED.contains(&&**name);
        (known && text.parse::<Timestamp>().is_err()).then(|| name.clone())
    };
    let names: Vec<String> = body.iter().filter_map(said).collect();
    // A field of that name which the API takes in full is put into its form all the same.
    let exact = |name: &&&str| body.get(**name).is_some_and(Value::is_string);
    let exact: Vec<&str> = CLAIMED.iter().filter(exact).copied().collect();
    for name in exact {
        if let Some(at) = body[name]
            .as_str()
            .filter(|at| at.parse::<Timestamp>().is_ok())
        {
            body[name] = json!({ "at": at });
        }
    }
    if names.is_empty() {
        return Ok(());
    }
    let here = Here::of(&asked.client.get(path).await.unwrap_or(Value::Null));
    for name in names {
        let text = words(&body[&name]);
        let read = if CLAIMED.contains(&&*name) {
            let when = spoken::claim(&text, here.now, &here.zone);
            when.and_then(|when| serde_json::to_value(when).ok())
        } else {
            let at = spoken::time(&text, here.now, &here.zone, Lies::Ahead);
            at.map(|at| at.to_string().into())
        };
        let wrong = || Failure::Usage(format!("{name}: {text:?} is no time. {WORKS}"));
        body[&name] = read.ok_or_else(wrong)?;
    }
    Ok(())
}
