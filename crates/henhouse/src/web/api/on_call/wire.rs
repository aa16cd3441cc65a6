//! What is asked and answered about who is on call, as it stands on the wire, with an example of each request.

use jiff::Timestamp;
use procedure::PersonId;
use procedure::id::{PolicyId, RotationId};
use procedure::on_call::{Policy, Schedule, Seat};
use procedure::project::{Import, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(in crate::web::api) const SCHEDULE: &str = r#"{"title": "Farm hands", "schedule": {"zone": "Europe/Berlin",
    "rotations": {"weeks": {"unit": "week", "length": 1, "start": "2026-11-23T09:00:00", "seats": [{"person": "ann"}]}}}}"#;
pub(in crate::web::api) const TEAM: &str = r#"{"title": "Night watch", "people": ["ann"]}"#;
pub(in crate::web::api) const POLICY: &str = r#"{"title": "Ours", "policy": {"steps": [{"after_minutes": 0, "to": [{"schedule": "farm-hands"}]},
    {"after_minutes": 5, "to": [{"next": "farm-hands"}, {"person": "ann"}]}, {"after_minutes": 10, "to": ["everyone"]}]}}"#;
pub(in crate::web::api) const USED: &str = r#"{"policy": "ours"}"#;
pub(in crate::web::api) const COVER: &str =
    r#"{"from": "2026-11-24T08:00:00Z", "until": "2026-11-24T12:00:00Z"}"#;
pub(in crate::web::api) const SWAP: &str =
    r#"{"to": "bob", "gives": {"from": "2026-11-24T08:00:00Z", "until": "2026-11-24T12:00:00Z"}}"#;
pub(in crate::web::api) const ANSWER: &str = r#"{"accepted": true}"#;

/// A schedule to be set. What is left out takes its default.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScheduleRequest {
    /// What people call it.
    pub(super) title: String,
    /// The schedule, whole. Times of rotations are local, such as 2026-11-23T09:00:00. Without `covers` whoever stands in
    /// goes on doing so; with them there are these and no others.
    pub(super) schedule: Schedule,
    /// It comes from another pager: then it never takes the place of what was made or changed here since, unless `replace` says so.
    #[serde(default)]
    pub(super) import: Option<Import>,
}

/// A team to be set.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TeamRequest {
    /// What people call it.
    pub(super) title: String,
    /// Who is in it; nobody: there is no such team any more.
    pub(super) people: Vec<PersonId>,
    /// It comes from another pager: then it never takes the place of what was made or changed here since, unless `replace` says so.
    #[serde(default)]
    pub(super) import: Option<Import>,
}

/// An escalation policy to be set.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyRequest {
    /// What people call it.
    pub(super) title: String,
    /// The policy.
    pub(super) policy: Policy,
    /// It comes from another pager: then it never takes the place of what was made or changed here since, unless `replace` says so.
    #[serde(default)]
    pub(super) import: Option<Import>,
}

/// By which policy people are called.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UseRequest {
    /// Which; null: the handbook's way alone.
    pub(super) policy: Option<PolicyId>,
}

/// Somebody who stands in.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CoverRequest {
    /// Who; you, if left out. Somebody else is named by admins only.
    #[serde(default)]
    pub(super) seat: Option<Seat>,
    /// From this instant on; now, if left out.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub(super) from: Option<Timestamp>,
    /// Up to, not including.
    #[schemars(with = "String")]
    pub(super) until: Timestamp,
    /// For these rotations; for the whole schedule, if left out.
    #[serde(default)]
    pub(super) rotations: Vec<RotationId>,
    /// Only in the place of this person.
    #[serde(default)]
    pub(super) instead_of: Option<PersonId>,
}

/// A swap to be offered.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SwapRequest {
    /// To whom.
    pub(super) to: PersonId,
    /// The time that they would take from you.
    pub(super) gives: Time,
    /// The time that you would take from them for it.
    #[serde(default)]
    pub(super) takes: Option<Time>,
}

/// An answer to a swap.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SwapReply {
    /// Whether it holds. Whoever offered it takes it back with false.
    pub(super) accepted: bool,
}

/// Who is on call in a project.
#[derive(Serialize, JsonSchema)]
pub struct OnCallAnswer {
    /// The instant that is told.
    pub at: String,
    /// By whose clock times are said on the command line.
    pub as_of: String,
    /// The project's zone.
    pub zone: String,
    /// Who is paged with a report at that instant, in order; nobody: the contact sheet is called at once.
    pub paged: Vec<String>,
    /// Every schedule.
    pub schedules: Vec<ScheduleNow>,
    /// When nobody at all is on call, in the two weeks from then on.
    pub gaps: Vec<Piece>,
    /// Swaps that wait for an answer.
    pub swaps: Vec<SwapLine>,
    /// The policy by which people are called to a report before the contact sheet; nothing: the handbook's way alone.
    pub policy: Option<String>,
    /// Every policy.
    pub policies: Vec<PolicyLine>,
}

/// An escalation policy.
#[derive(Serialize, JsonSchema)]
pub struct PolicyLine {
    /// Its short name.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// The policy itself.
    pub policy: Policy,
}

/// A schedule at an instant.
#[derive(Serialize, JsonSchema)]
pub struct ScheduleNow {
    /// Its short name.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// Its zone.
    pub zone: String,
    /// Whoever is on call in it is paged with every report.
    pub called: bool,
    /// Who is on call, and why; nobody: a gap.
    pub on_call: Vec<Holder>,
    /// In which rotations nobody is, and why.
    pub nobody: Vec<Absence>,
    /// When that changes, if it does within two weeks.
    pub changes_at: Option<String>,
    /// Who is on call then.
    pub next: Vec<Holder>,
    /// When nobody is on call in it, in the two weeks from then on.
    pub gaps: Vec<Piece>,
}

/// Somebody who is on call.
#[derive(Clone, Serialize, JsonSchema, PartialEq, Eq)]
pub struct Holder {
    /// Their id.
    pub person: String,
    /// What they are called.
    pub name: String,
    /// The rotation in which they are.
    pub rotation: Option<String>,
    /// They stand in, by the cover of this id; else it is their turn.
    pub cover: Option<String>,
    /// Since when the turn or the cover runs.
    pub from: String,
    /// Until when.
    pub until: String,
}

/// Why nobody is on call in a rotation.
#[derive(Clone, Serialize, JsonSchema)]
pub struct Absence {
    /// The rotation; nothing: the whole schedule.
    pub rotation: Option<String>,
    /// not_running, outside_its_hours, holiday, no_holiday, empty_turn or covered_by_nobody.
    pub why: &'static str,
}

/// A while.
#[derive(Clone, Serialize, JsonSchema)]
pub struct Piece {
    /// From this instant on.
    pub from: String,
    /// Up to, not including.
    pub until: String,
}

/// A swap that waits for an answer.
#[derive(Serialize, JsonSchema)]
pub struct SwapLine {
    /// Its number.
    pub swap: u64,
    /// In which schedule.
    pub schedule: String,
    /// Who offered it.
    pub by: String,
    /// To whom.
    pub to: String,
    /// The time that they would take.
    pub gives: Piece,
    /// The time that is taken from them for it.
    pub takes: Option<Piece>,
}

/// A schedule over a while.
#[derive(Serialize, JsonSchema)]
pub struct ScheduleAnswer {
    /// Its short name.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// By whose clock times are said on the command line.
    pub as_of: String,
    /// Its zone.
    pub zone: String,
    /// The schedule itself, as it is set.
    pub schedule: Schedule,
    /// Spans in which nothing changes, in order, without a hole.
    pub spans: Vec<SpanLine>,
    /// When nobody is on call.
    pub gaps: Vec<Piece>,
    /// There is more behind the last span than is told.
    pub cut: bool,
}

/// A span.
#[derive(Serialize, JsonSchema)]
pub struct SpanLine {
    /// From this instant on.
    pub from: String,
    /// Up to, not including.
    pub until: String,
    /// Who is on call; nobody: a gap.
    pub on_call: Vec<Holder>,
    /// In which rotations nobody is, and why.
    pub nobody: Vec<Absence>,
}
