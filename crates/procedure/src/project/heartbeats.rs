//! Heartbeats: what an alert source says every so often, so that its silence is an alert. When one came last stands in no
//! journal: it would bury everything else there.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{ProjectBody, ProjectState};
use crate::chapters::intake::Gravity;
use crate::decide::Refusal;
use crate::text::Text;

/// A project has at most so many.
const MOST: usize = 500;
/// The longest name, in characters.
const LONGEST_NAME: usize = 100;
/// The longest silence that is borne: thirty days.
const LONGEST_MINUTES: u32 = 30 * 24 * 60;

/// One heartbeat, as it was set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heartbeat {
    /// Which source says it, by its public id.
    pub source: String,
    /// Its name.
    pub name: String,
    /// So long a silence is an alert.
    pub interval_minutes: u32,
    /// It is listened for.
    pub enabled: bool,
    /// What the alert is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Text>,
    /// What else its sender keeps of it, as a JSON object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facts: Option<Text>,
    /// How grave the silence is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gravity: Option<Gravity>,
    /// It is not there any more.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub gone: bool,
}

pub(super) fn set(state: &ProjectState, beat: &Heartbeat) -> Result<Vec<ProjectBody>, Refusal> {
    let odd = |c: char| c.is_control() || c == '/';
    if beat.name.trim().is_empty()
        || beat.name.chars().count() > LONGEST_NAME
        || beat.name.contains(odd)
    {
        let what = format!("A heartbeat has a name of at most {LONGEST_NAME} characters.");
        return Err(Refusal::invalid(what, "Use letters, digits and hyphens."));
    }
    if !(1..=LONGEST_MINUTES).contains(&beat.interval_minutes) {
        let what = "A heartbeat comes at least once in 30 days, and no oftener than each minute.";
        return Err(Refusal::invalid(
            what,
            "Give its interval in minutes, hours or days.",
        ));
    }
    if !state
        .heartbeats
        .contains_key(&key(&beat.source, &beat.name))
        && state.heartbeats.len() >= MOST
    {
        let what = format!("A project has at most {MOST} heartbeats.");
        return Err(Refusal::conflict(
            what,
            "Take one off that nobody sends any more.",
        ));
    }
    Ok(alloc::vec![ProjectBody::HeartbeatSet(beat.clone())])
}

/// Under what a heartbeat is found.
#[must_use]
pub fn key(source: &str, name: &str) -> String {
    format!("{source} {name}")
}

impl ProjectState {
    pub(super) fn set_heartbeat(&mut self, beat: &Heartbeat) {
        let key = key(&beat.source, &beat.name);
        if beat.gone {
            self.heartbeats.remove(&key);
        } else {
            self.heartbeats.insert(key, beat.clone());
        }
    }
}
