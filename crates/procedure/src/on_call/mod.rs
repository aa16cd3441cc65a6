//! Schedules: who is on call, by rotations that follow the clock on the wall, and by people who stand in for them.
//!
//! Pure, like the calendar: the rules of each zone are bytes of the project. Every handover is a local time, so that one
//! at nine stays at nine all year; a local time that comes twice is its first, and one that is skipped is the jump
//! (`docs/decisions/rotations.md`).

mod answer;
mod check;
mod hours;
mod policy;
mod rows;
mod spans;
mod turn;

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use serde::{Deserialize, Serialize};

use crate::calendar::{Day, Zone};
use crate::id::{CoverId, PersonId, PolicyId, RotationId, ScheduleId, TeamId};

pub use answer::{Absent, Because, OnCall, Standing, Why};
pub use check::sound;
pub use policy::{Policy, Repeat, Step, Target, sound_policy};
pub use rows::Rows;
pub use spans::{SPANS_LIMIT, Span};
pub use turn::Turn;

/// A schedule. Its name is sealed, in the directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// The zone of its rotations, such as `Europe/Berlin`.
    pub zone: String,
    /// Whoever is on call in it is paged with every report to the project (R25).
    #[serde(default = "yes")]
    pub called: bool,
    /// Somebody is to be on call in it at every hour: a gap is an alarm (X33).
    #[serde(default = "yes")]
    pub never_empty: bool,
    /// Its rotations. Those of the highest layer in which somebody is on call are on call together.
    #[serde(default)]
    pub rotations: BTreeMap<RotationId, Rotation>,
    /// Who stands in, in the order in which it was said: the last word holds.
    #[serde(default)]
    pub covers: Vec<Cover>,
}

/// People who take turns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Rotation {
    /// A higher layer hides a lower one while somebody is on call in it.
    #[serde(default)]
    pub layer: u32,
    /// Another zone than the schedule's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// What a turn is counted in.
    pub unit: Unit,
    /// So many of them are a turn.
    pub length: u32,
    /// When the first turn begins, by the clock on the wall; every handover is at this time of day, or at this minute.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub start: DateTime,
    /// When the rotation ends, by the clock on the wall.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub end: Option<DateTime>,
    /// Who takes turns, in this order.
    pub seats: Vec<Seat>,
    /// Only in these hours; none: at every hour.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hours: Vec<Window>,
    /// What holidays do to it.
    #[serde(default)]
    pub holidays: Holidays,
}

/// What the length of a turn is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Hours by the clock on the wall.
    Hour,
    /// Days.
    Day,
    /// Weeks.
    Week,
}

/// Who has a turn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Seat {
    /// A person.
    Person(PersonId),
    /// Everybody of a team, together.
    Team(TeamId),
    /// Nobody: the turn is left empty on purpose.
    Nobody,
}

/// Hours in which a rotation is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "each", rename_all = "snake_case", deny_unknown_fields)]
pub enum Window {
    /// Every day. One that does not end after it begins ends on the next day; equal times are a whole day.
    Day {
        /// Begins.
        #[cfg_attr(feature = "schema", schemars(with = "String"))]
        from: Time,
        /// Ends.
        #[cfg_attr(feature = "schema", schemars(with = "String"))]
        to: Time,
    },
    /// Every week, from a time of one day to a time of another; where both are the same it is a whole week.
    Week {
        /// The day on which it begins.
        from_day: Day,
        /// Begins.
        #[cfg_attr(feature = "schema", schemars(with = "String"))]
        from: Time,
        /// The day on which it ends.
        to_day: Day,
        /// Ends.
        #[cfg_attr(feature = "schema", schemars(with = "String"))]
        to: Time,
    },
}

/// What the holidays of the project's calendar do to a rotation. A holiday lasts from midnight to midnight in the
/// rotation's zone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Holidays {
    /// Nothing.
    #[default]
    AsAnyDay,
    /// It is not in force on them.
    Off,
    /// It is in force on them alone.
    Only,
}

/// Somebody who stands in for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Cover {
    /// Its id in the schedule.
    pub id: CoverId,
    /// Who.
    pub seat: Seat,
    /// From this instant on.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub from: Timestamp,
    /// Up to, not including.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub until: Timestamp,
    /// For these rotations; none: for the whole schedule.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub rotations: BTreeSet<RotationId>,
    /// Only in the place of this person, whether it is their turn or they stand in by what was said before: where somebody
    /// else is on call, nothing changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<PersonId>,
}

/// The schedules of a project with what they name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedules {
    /// By id.
    #[serde(default)]
    pub all: BTreeMap<ScheduleId, Schedule>,
    /// Several people who are on call together.
    #[serde(default)]
    pub teams: BTreeMap<TeamId, Vec<PersonId>>,
    /// Escalation policies.
    #[serde(default)]
    pub policies: BTreeMap<PolicyId, Policy>,
    /// The one by which people are called to a report before the contact sheet; none: the handbook's way alone.
    #[serde(default)]
    pub policy: Option<PolicyId>,
    /// The rules of the zones that are named, as they were when they were last taken up.
    #[serde(default)]
    pub zones: BTreeMap<String, Zone>,
}

/// A schedule with what is needed to read it.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    /// The schedule.
    pub schedule: &'a Schedule,
    teams: &'a BTreeMap<TeamId, Vec<PersonId>>,
    zones: &'a BTreeMap<String, Zone>,
    holidays: &'a BTreeSet<Date>,
}

impl Schedules {
    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let named = self.all.is_empty() && self.teams.is_empty() && self.zones.is_empty();
        named && self.policies.is_empty() && self.policy.is_none()
    }

    /// A schedule, with the holidays of the project.
    #[must_use]
    pub fn reading<'a>(
        &'a self,
        id: &ScheduleId,
        holidays: &'a BTreeSet<Date>,
    ) -> Option<Reading<'a>> {
        self.all.get(id).map(|one| self.read(one, holidays))
    }

    /// A schedule that may not be one of these, read with their teams and zones.
    #[must_use]
    pub fn read<'a>(&'a self, one: &'a Schedule, holidays: &'a BTreeSet<Date>) -> Reading<'a> {
        Reading {
            schedule: one,
            teams: &self.teams,
            zones: &self.zones,
            holidays,
        }
    }

    /// Leaves out whoever `stays` does not know: their turns are nobody's, and what they covered is not.
    pub fn keep_only(&mut self, stays: impl Fn(&PersonId) -> bool) {
        for team in self.teams.values_mut() {
            team.retain(&stays);
        }
        policy::keep_only(&mut self.policies, &stays);
        let gone = |seat: &Seat| matches!(seat, Seat::Person(person) if !stays(person));
        for schedule in self.all.values_mut() {
            schedule.covers.retain(|cover| !gone(&cover.seat));
            let seats = schedule.rotations.values_mut().flat_map(|r| &mut r.seats);
            seats
                .filter(|seat| gone(seat))
                .for_each(|seat| *seat = Seat::Nobody);
        }
    }
}

const fn yes() -> bool {
    true
}
