//! Times on a command line: what people say becomes what the API takes, and the other way round.
//! Both in the zone of the case's project and by the server's clock, which in a drill is not ours.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::Asked;
use super::failure::{Failure, Outcome};
use super::report::words;
use crate::clock::Clock;
use crate::report::Times;
use crate::report::spoken::WORKS;
use crate::report::typed;

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

    /// The zone.
    pub(super) fn zone(&self) -> TimeZone {
        self.zone.clone()
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
    let names = typed::unread_times(body);
    if names.is_empty() {
        return Ok(());
    }
    let here = Here::of(&asked.client.get(path).await.unwrap_or(Value::Null));
    typed::read_times(body, names, here.now, &here.zone).map_err(|name| {
        let text = words(&body[&name]);
        Failure::Usage(format!("{name}: {text:?} is no time. {WORKS}"))
    })
}
