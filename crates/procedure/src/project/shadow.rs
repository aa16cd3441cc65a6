//! A source in shadow: while another pager still calls people for its alerts, it is worked out whom Henhouse would call, and
//! nobody is called. It takes a person to say so, with a reason and a day on which it ends by itself.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{AlertSource, ProjectBody, ProjectState};
use crate::actor::{Actor, Who};
use crate::at::after;
use crate::decide::Refusal;
use crate::text::Text;

/// A source stands in shadow for at most so many days at once.
pub const LONGEST_SHADOW_DAYS: u32 = 90;

/// Since when, and until when, a source calls nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shadow {
    /// Since when.
    pub since: Timestamp,
    /// Until when; from then on it calls people, whether or not anybody says so.
    pub until: Timestamp,
    /// Why.
    pub why: Text,
}

/// Entry: a source calls nobody until then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceShadowed {
    /// Which, by its public id.
    pub id: String,
    /// Until when.
    pub until: Timestamp,
    /// Why: which pager calls people meanwhile.
    pub why: Text,
}

/// Entry: a source in shadow calls people again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShadowEnded {
    /// Which, by its public id.
    pub id: String,
}

impl AlertSource {
    /// Its shadow, while it stands in one.
    #[must_use]
    pub fn in_shadow(&self, now: Timestamp) -> Option<&Shadow> {
        self.shadow.as_ref().filter(|shadow| now < shadow.until)
    }
}

pub(super) fn begin(
    state: &ProjectState,
    now: Timestamp,
    actor: &Actor,
    shadowed: &SourceShadowed,
) -> Result<Vec<ProjectBody>, Refusal> {
    by_person(actor)?;
    live(state, &shadowed.id)?;
    let days = i64::from(LONGEST_SHADOW_DAYS);
    let last = after(now, SignedDuration::from_hours(24 * days));
    if shadowed.until <= now || shadowed.until > last {
        return Err(Refusal::invalid(
            format!("A source stands in shadow until a time within the next {days} days."),
            "Give the day on which it is to call people; it can be ended before, and prolonged.",
        ));
    }
    Ok(alloc::vec![ProjectBody::SourceShadowed(shadowed.clone())])
}

pub(super) fn end(
    state: &ProjectState,
    now: Timestamp,
    actor: &Actor,
    ended: &ShadowEnded,
) -> Result<Vec<ProjectBody>, Refusal> {
    by_person(actor)?;
    if live(state, &ended.id)?.in_shadow(now).is_none() {
        return Err(Refusal::conflict(
            "This source does not stand in shadow: its alerts call people.",
            "There is nothing to do.",
        ));
    }
    Ok(alloc::vec![ProjectBody::ShadowEnded(ended.clone())])
}

fn by_person(actor: &Actor) -> Result<(), Refusal> {
    if matches!(actor.who, Who::Person(_)) {
        return Ok(());
    }
    Err(Refusal::forbidden(
        None,
        "Whether alerts call people is said by a person.",
        "Sign in, or use a personal token.",
    ))
}

fn live<'a>(state: &'a ProjectState, id: &str) -> Result<&'a AlertSource, Refusal> {
    let source = state.live_sources().find(|source| source.id == id);
    source.ok_or_else(|| {
        Refusal::conflict(
            "There is no such alert source, or it was withdrawn before.",
            "Look at the list of the project's sources.",
        )
    })
}

impl ProjectState {
    /// The sources that call nobody now, with their shadows.
    pub fn in_shadow(&self, now: Timestamp) -> impl Iterator<Item = (&AlertSource, &Shadow)> {
        let sources = self.live_sources();
        sources.filter_map(move |source| Some((source, source.in_shadow(now)?)))
    }

    pub(super) fn shadow_source(&mut self, shadowed: &SourceShadowed, at: Timestamp) {
        if let Some(source) = self.sources.get_mut(&shadowed.id) {
            let since = source.in_shadow(at).map_or(at, |shadow| shadow.since);
            source.shadow = Some(Shadow {
                since,
                until: shadowed.until,
                why: shadowed.why.clone(),
            });
        }
    }

    pub(super) fn end_shadow(&mut self, id: &str) {
        if let Some(source) = self.sources.get_mut(id) {
            source.shadow = None;
        }
    }
}
