//! `/api/v1/projects/{slug}/on-call` and its schedules: who is on call and why, who stands in, and what is swapped.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::IntoResponse;
use jiff::{SignedDuration, Timestamp};
use procedure::id::{CoverId, PolicyId, RotationId, ScheduleId, TeamId};
use procedure::on_call::{Absent, OnCall, Policy, Reading, SPANS_LIMIT, Schedule, Seat, Why};
use procedure::project::{
    Import, OfferSwap, ProjectCommand, ProjectState, SetPolicy, SetSchedule, SetTeam, StandIn,
    SwapAnswered, Time,
};
use procedure::{PersonId, Text, Who};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::projects::project;
use crate::desk::JournalId;
use crate::founding;
use crate::report::Names;
use crate::web::registry::Answer;
use crate::web::{Call, Problem, json};

pub(super) const SCHEDULE: &str = r#"{"title": "Farm hands", "schedule": {"zone": "Europe/Berlin",
    "rotations": {"weeks": {"unit": "week", "length": 1, "start": "2026-11-23T09:00:00", "seats": [{"person": "ann"}]}}}}"#;
pub(super) const TEAM: &str = r#"{"title": "Night watch", "people": ["ann"]}"#;
pub(super) const POLICY: &str = r#"{"title": "Ours", "policy": {"steps": [{"after_minutes": 0, "to": [{"schedule": "farm-hands"}]},
    {"after_minutes": 5, "to": [{"next": "farm-hands"}, {"person": "ann"}]}, {"after_minutes": 10, "to": ["everyone"]}]}}"#;
pub(super) const USED: &str = r#"{"policy": "ours"}"#;
pub(super) const COVER: &str =
    r#"{"from": "2026-11-24T08:00:00Z", "until": "2026-11-24T12:00:00Z"}"#;
pub(super) const SWAP: &str =
    r#"{"to": "bob", "gives": {"from": "2026-11-24T08:00:00Z", "until": "2026-11-24T12:00:00Z"}}"#;
pub(super) const ANSWER: &str = r#"{"accepted": true}"#;

/// A while that is told at most.
const LONGEST: SignedDuration = SignedDuration::from_hours(366 * 24);
/// What is told where nothing is asked for: two weeks.
pub(in crate::web) const TOLD: SignedDuration = SignedDuration::from_hours(14 * 24);

/// A schedule to be set. What is left out takes its default.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScheduleRequest {
    /// What people call it.
    title: String,
    /// The schedule, whole. Times of rotations are local, such as 2026-11-23T09:00:00. Without `covers` whoever stands in
    /// goes on doing so; with them there are these and no others.
    schedule: Schedule,
    /// It comes from another pager: then it never takes the place of what was made or changed here since, unless `replace` says so.
    #[serde(default)]
    import: Option<Import>,
}

/// A team to be set.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TeamRequest {
    /// What people call it.
    title: String,
    /// Who is in it; nobody: there is no such team any more.
    people: Vec<PersonId>,
    /// It comes from another pager: then it never takes the place of what was made or changed here since, unless `replace` says so.
    #[serde(default)]
    import: Option<Import>,
}

/// An escalation policy to be set.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyRequest {
    /// What people call it.
    title: String,
    /// The policy.
    policy: Policy,
    /// It comes from another pager: then it never takes the place of what was made or changed here since, unless `replace` says so.
    #[serde(default)]
    import: Option<Import>,
}

/// By which policy people are called.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UseRequest {
    /// Which; null: the handbook's way alone.
    policy: Option<PolicyId>,
}

/// Somebody who stands in.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CoverRequest {
    /// Who; you, if left out. Somebody else is named by admins only.
    #[serde(default)]
    seat: Option<Seat>,
    /// From this instant on; now, if left out.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    from: Option<Timestamp>,
    /// Up to, not including.
    #[schemars(with = "String")]
    until: Timestamp,
    /// For these rotations; for the whole schedule, if left out.
    #[serde(default)]
    rotations: Vec<RotationId>,
    /// Only in the place of this person.
    #[serde(default)]
    instead_of: Option<PersonId>,
}

/// A swap to be offered.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SwapRequest {
    /// To whom.
    to: PersonId,
    /// The time that they would take from you.
    gives: Time,
    /// The time that you would take from them for it.
    #[serde(default)]
    takes: Option<Time>,
}

/// An answer to a swap.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SwapReply {
    /// Whether it holds. Whoever offered it takes it back with false.
    accepted: bool,
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

/// Says who is on call.
pub(super) async fn show(call: Call) -> Answer {
    let (_, state) = project(&call).await?;
    let query = call.query(&["at"])?;
    let now = call.app.desk.now();
    let at = match query.get("at") {
        Some(at) => time("at", at)?,
        None => now,
    };
    json::ok(&now_of(&state, at, now)?)
}

/// Says a schedule over a while.
pub(super) async fn schedule(call: Call) -> Answer {
    let (_, state) = project(&call).await?;
    let query = call.query(&["from", "until"])?;
    let now = call.app.desk.now();
    let from = query.get("from").map_or(Ok(now), |at| time("from", at))?;
    let later = || Ok(from.checked_add(TOLD).unwrap_or(Timestamp::MAX));
    let until = query
        .get("until")
        .map_or_else(later, |at| time("until", at))?;
    if until <= from || until.duration_since(from) > LONGEST {
        let wrong = "Ask for a while that ends after it begins, at most 366 days of it.";
        return Err(Problem::field("until", wrong));
    }
    let id = ScheduleId(call.param("schedule").to_owned());
    let facts = facts(&state)?;
    let reading = facts.reading(&id).ok_or_else(nothing)?;
    let names = Names::new(&state.directory);
    let spans = reading.spans(from, until);
    let cut = spans.len() >= SPANS_LIMIT;
    let spans = spans.iter().map(|span| SpanLine {
        from: span.from.to_string(),
        until: span.until.to_string(),
        on_call: holders(names, &span.on_call),
        nobody: missing(&span.on_call),
    });
    json::ok(&ScheduleAnswer {
        id: id.0.clone(),
        title: title(&state, &id),
        as_of: now.to_string(),
        zone: reading.schedule.zone.clone(),
        schedule: reading.schedule.clone(),
        spans: spans.collect(),
        gaps: pieces(&reading.gaps(from, until)),
        cut,
    })
}

/// Sets a schedule.
pub(super) async fn set(mut call: Call) -> Answer {
    let (id, _) = project(&call).await?;
    let object: serde_json::Value = call.object().await?.into();
    let keep_covers = object["schedule"].get("covers").is_none();
    let new: ScheduleRequest = json::read(object)?;
    let name = ScheduleId(call.param("schedule").to_owned());
    let command = setting(name, &new.title, new.schedule, keep_covers, new.import)?;
    told(&call, change(&call, id, command).await?)
}

/// The command that sets a schedule, with the rules of its zones; with its covers, or with those that there are.
///
/// # Errors
/// A zone that is none.
pub(in crate::web) fn setting(
    id: ScheduleId,
    title: &str,
    mut schedule: Schedule,
    keep_covers: bool,
    import: Option<Import>,
) -> Result<ProjectCommand, Problem> {
    let mut zones = BTreeMap::new();
    let own = schedule
        .rotations
        .values_mut()
        .filter_map(|rotation| rotation.zone.as_mut());
    for name in std::iter::once(&mut schedule.zone).chain(own) {
        let (spelled, rules) = founding::zone(name)?;
        name.clone_from(&spelled);
        zones.insert(spelled, rules);
    }
    Ok(ProjectCommand::SetSchedule(Box::new(SetSchedule {
        id,
        title: named(title)?,
        schedule,
        zones,
        keep_covers,
        import,
    })))
}

/// Removes one.
pub(super) async fn remove(call: Call) -> Answer {
    let (project, _) = project(&call).await?;
    let id = ScheduleId(call.param("schedule").to_owned());
    change(&call, project, ProjectCommand::RemoveSchedule { id }).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Says who is in a team.
pub(super) async fn team(mut call: Call) -> Answer {
    let (project, _) = project(&call).await?;
    let new: TeamRequest = json::read(call.object().await?.into())?;
    let set = SetTeam {
        id: TeamId(call.param("team").to_owned()),
        title: named(&new.title)?,
        people: new.people,
        import: new.import,
    };
    let state = change(&call, project, ProjectCommand::SetTeam(Box::new(set))).await?;
    told(&call, state)
}

/// Sets an escalation policy.
pub(super) async fn policy(mut call: Call) -> Answer {
    let (project, _) = project(&call).await?;
    let new: PolicyRequest = json::read(call.object().await?.into())?;
    let set = SetPolicy {
        id: PolicyId(call.param("policy").to_owned()),
        title: named(&new.title)?,
        policy: new.policy,
        import: new.import,
    };
    let state = change(&call, project, ProjectCommand::SetPolicy(Box::new(set))).await?;
    told(&call, state)
}

/// Removes one that is not used.
pub(super) async fn remove_policy(call: Call) -> Answer {
    let (project, _) = project(&call).await?;
    let id = PolicyId(call.param("policy").to_owned());
    change(&call, project, ProjectCommand::RemovePolicy { id }).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Says by which policy people are called.
pub(super) async fn use_policy(mut call: Call) -> Answer {
    let (project, _) = project(&call).await?;
    let new: UseRequest = json::read(call.object().await?.into())?;
    let command = ProjectCommand::UsePolicy { id: new.policy };
    let state = change(&call, project, command).await?;
    told(&call, state)
}

/// Lets somebody stand in.
pub(super) async fn cover(mut call: Call) -> Answer {
    let (project, _) = project(&call).await?;
    let new: CoverRequest = json::read(call.object().await?.into())?;
    let ask = StandIn {
        schedule: ScheduleId(call.param("schedule").to_owned()),
        seat: match new.seat {
            Some(seat) => seat,
            None => Seat::Person(myself(&call)?),
        },
        from: new.from.unwrap_or(call.app.desk.now()),
        until: new.until,
        rotations: new.rotations,
        instead_of: new.instead_of,
    };
    let state = stand_in(&call, project, ask).await?;
    told(&call, state)
}

/// Lets somebody stand in: oneself, or, by an admin, anybody.
///
/// # Errors
/// Refused.
pub(in crate::web) async fn stand_in(
    call: &Call,
    project: JournalId,
    ask: StandIn,
) -> Result<Arc<ProjectState>, Problem> {
    if !call.known()?.is_admin() && ask.seat != Seat::Person(myself(call)?) {
        let why = "Whoever is no admin stands in in person. Offer a swap to somebody else.";
        return Err(Problem::not_allowed(why));
    }
    change(call, project, ProjectCommand::StandIn(ask)).await
}

/// Lets whoever stands in do so no more.
pub(super) async fn end_cover(call: Call) -> Answer {
    let (project, state) = project(&call).await?;
    let schedule = ScheduleId(call.param("schedule").to_owned());
    let cover = CoverId(call.param("cover").to_owned());
    end(&call, (project, &state), schedule, cover).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Ends a cover: one's own, or, by an admin, anybody's.
///
/// # Errors
/// Refused.
pub(in crate::web) async fn end(
    call: &Call,
    (project, state): (JournalId, &ProjectState),
    schedule: ScheduleId,
    cover: CoverId,
) -> Result<Arc<ProjectState>, Problem> {
    if !call.known()?.is_admin() {
        let me = Seat::Person(myself(call)?);
        let all = state.schedules().and_then(|all| all.all.get(&schedule));
        let mut covers = all.into_iter().flat_map(|one| &one.covers);
        if !covers.any(|one| one.id == cover && one.seat == me) {
            let why = "Only whoever stands in, or an admin, ends it.";
            return Err(Problem::not_allowed(why));
        }
    }
    change(call, project, ProjectCommand::EndCover { schedule, cover }).await
}

/// Offers a swap.
pub(super) async fn offer(mut call: Call) -> Answer {
    let (project, _) = project(&call).await?;
    let new: SwapRequest = json::read(call.object().await?.into())?;
    let offer = OfferSwap {
        schedule: ScheduleId(call.param("schedule").to_owned()),
        to: new.to,
        gives: new.gives,
        takes: new.takes,
    };
    let state = change(&call, project, ProjectCommand::OfferSwap(offer)).await?;
    told(&call, state)
}

/// Answers one.
pub(super) async fn answer(mut call: Call) -> Answer {
    let (project, _) = project(&call).await?;
    let reply: SwapReply = json::read(call.object().await?.into())?;
    let swap = call.param("swap").parse().map_err(|_| nothing())?;
    let accepted = reply.accepted;
    let answered = ProjectCommand::AnswerSwap(SwapAnswered { swap, accepted });
    let state = change(&call, project, answered).await?;
    told(&call, state)
}

/// Carries a change out.
///
/// # Errors
/// Refused.
pub(in crate::web) async fn change(
    call: &Call,
    project: JournalId,
    command: ProjectCommand,
) -> Result<Arc<ProjectState>, Problem> {
    let (actor, once) = (call.known()?.actor(), call.once()?);
    Ok(call
        .app
        .desk
        .change_project(project, actor, command, once)
        .await?)
}

fn told(call: &Call, state: Arc<ProjectState>) -> Answer {
    let now = call.app.desk.now();
    json::ok(&now_of(&state, now, now)?)
}

/// Who is on call at an instant.
///
/// # Errors
/// The project is not set up.
pub(in crate::web) fn now_of(
    state: &ProjectState,
    at: Timestamp,
    now: Timestamp,
) -> Result<OnCallAnswer, Problem> {
    let facts = facts(state)?;
    let ends = at.checked_add(TOLD).unwrap_or(Timestamp::MAX);
    let ids = facts.schedules.all.keys();
    let schedules = ids.filter_map(|id| Some(schedule_now(state, id, &facts.reading(id)?, at)));
    let swap = |(number, swap): (&u64, &procedure::project::Swap)| SwapLine {
        swap: *number,
        schedule: swap.offer.schedule.0.clone(),
        by: swap.offer.by.0.clone(),
        to: swap.offer.to.0.clone(),
        gives: piece(swap.offer.gives),
        takes: swap.offer.takes.map(piece),
    };
    Ok(OnCallAnswer {
        at: at.to_string(),
        as_of: now.to_string(),
        zone: facts.calendar.zone().to_owned(),
        paged: facts
            .on_call_at(at)
            .into_iter()
            .map(|person| person.0.clone())
            .collect(),
        schedules: schedules.collect(),
        gaps: pieces(&facts.on_call_gaps(at, ends)),
        swaps: state.swaps.iter().map(swap).collect(),
        policy: facts.schedules.policy.as_ref().map(|id| id.0.clone()),
        policies: facts
            .schedules
            .policies
            .iter()
            .map(|one| policy_line(state, one))
            .collect(),
    })
}

fn policy_line(state: &ProjectState, (id, policy): (&PolicyId, &Policy)) -> PolicyLine {
    let title = state.directory.policies.get(id).and_then(Text::plain);
    PolicyLine {
        id: id.0.clone(),
        title: title.unwrap_or(&id.0).to_owned(),
        policy: policy.clone(),
    }
}

fn schedule_now(
    state: &ProjectState,
    id: &ScheduleId,
    reading: &Reading<'_>,
    at: Timestamp,
) -> ScheduleNow {
    let names = Names::new(&state.directory);
    let ends = at.checked_add(TOLD).unwrap_or(Timestamp::MAX);
    let spans = reading.spans(at, ends);
    let answer = reading.on_call_at(at);
    let next = spans.get(1);
    ScheduleNow {
        id: id.0.clone(),
        title: title(state, id),
        zone: reading.schedule.zone.clone(),
        called: reading.schedule.called,
        on_call: holders(names, &answer),
        nobody: missing(&answer),
        changes_at: next.map(|span| span.from.to_string()),
        next: next
            .map(|span| holders(names, &span.on_call))
            .unwrap_or_default(),
        gaps: pieces(&reading.gaps(at, ends)),
    }
}

/// What people call a schedule.
pub(in crate::web) fn title(state: &ProjectState, id: &ScheduleId) -> String {
    let title = state.directory.schedules.get(id).and_then(Text::plain);
    title.unwrap_or(&id.0).to_owned()
}

fn holders(names: Names<'_>, answer: &OnCall<'_>) -> Vec<Holder> {
    let holder = |standing: &procedure::on_call::Standing<'_>| Holder {
        person: standing.person.0.clone(),
        name: names.person(standing.person),
        rotation: standing.because.rotation.map(|rotation| rotation.0.clone()),
        cover: match standing.because.why {
            Why::Cover(id) => Some(id.0.clone()),
            Why::Turn(_) => None,
        },
        from: standing.because.from.to_string(),
        until: standing.because.until.to_string(),
    };
    answer.people.iter().map(holder).collect()
}

fn missing(answer: &OnCall<'_>) -> Vec<Absence> {
    let one = |(rotation, why): &(Option<&RotationId>, Absent)| Absence {
        rotation: rotation.map(|rotation| rotation.0.clone()),
        why: why_not(*why),
    };
    answer.absent.iter().map(one).collect()
}

/// The word for why nobody is on call.
pub(in crate::web) const fn why_not(why: Absent) -> &'static str {
    match why {
        Absent::NotRunning => "not_running",
        Absent::OutsideItsHours => "outside_its_hours",
        Absent::Holiday => "holiday",
        Absent::NoHoliday => "no_holiday",
        Absent::EmptyTurn => "empty_turn",
        Absent::CoveredByNobody => "covered_by_nobody",
    }
}

fn pieces(all: &[(Timestamp, Timestamp)]) -> Vec<Piece> {
    let one = |(from, until): &(Timestamp, Timestamp)| Piece {
        from: from.to_string(),
        until: until.to_string(),
    };
    all.iter().map(one).collect()
}

fn piece(time: Time) -> Piece {
    Piece {
        from: time.from.to_string(),
        until: time.until.to_string(),
    }
}

fn facts(state: &ProjectState) -> Result<&procedure::basis::Project, Problem> {
    state.facts().ok_or_else(|| Problem::not_found("project"))
}

fn myself(call: &Call) -> Result<PersonId, Problem> {
    match call.known()?.actor().who {
        Who::Person(person) => Ok(person),
        _ => Err(Problem::field(
            "/seat",
            "Say who stands in: a program is never on call.",
        )),
    }
}

fn named(title: &str) -> Result<Text, Problem> {
    json::name_at("/title", serde_json::Value::String(title.to_owned()))
}

fn time(field: &'static str, typed: &str) -> Result<Timestamp, Problem> {
    let wrong = |_| Problem::field(field, "Write a time such as 2026-11-22T09:00:00Z.");
    typed.parse().map_err(wrong)
}

fn nothing() -> Problem {
    Problem::not_found("schedule")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::web::stage::{Stage, bytes};

    const FARM: &str = "/api/v1/projects/farm";

    /// Ann and Bob take turns of a day, from eight to eight in the morning UTC.
    async fn farm() -> (Stage, String, String, String) {
        let stage = Stage::new().await;
        let tokens = (
            stage.token("boss", "admin").await,
            stage.token("ann", "member").await,
            stage.token("bob", "member").await,
        );
        let schedule = json!({ "title": "Farm hands", "schedule": { "zone": "utc", "rotations": { "days": {
            "unit": "day", "length": 1, "start": "2026-03-01T08:00:00",
            "seats": [{ "person": "ann" }, { "person": "bob" }],
        }}}});
        let at = format!("{FARM}/schedules/hands");
        let put = stage.request("PUT", &at, Some(&tokens.0), Some(schedule.clone()));
        let said = stage.send(put).await;
        assert_eq!(said.status, 200, "{}", said.text());
        let put = stage.request("PUT", &at, Some(&tokens.1), Some(schedule));
        assert_eq!(stage.send(put).await.status, 403, "admins set schedules");
        (stage, tokens.0, tokens.1, tokens.2)
    }

    fn people(said: &Value) -> Vec<&str> {
        let holders = said["schedules"][0]["on_call"].as_array();
        holders
            .into_iter()
            .flatten()
            .filter_map(|one| one["person"].as_str())
            .collect()
    }

    #[tokio::test]
    async fn who_is_on_call_is_told_with_why_and_a_report_pages_them() {
        let (stage, boss, ann, _) = farm().await;
        let said = stage
            .get(
                &format!("{FARM}/on-call?at=2026-03-02T07:00:00Z"),
                Some(&ann),
            )
            .await;
        let said = said.json();
        assert_eq!(
            (people(&said), said["paged"].clone()),
            (vec!["ann"], json!(["ann"]))
        );
        let one = &said["schedules"][0];
        assert_eq!(
            (&one["title"], &one["zone"]),
            (&json!("Farm hands"), &json!("UTC"))
        );
        assert_eq!(one["on_call"][0]["rotation"], "days");
        assert_eq!(one["on_call"][0]["until"], "2026-03-02T08:00:00Z");
        assert_eq!(
            (&one["changes_at"], &one["next"][0]["person"]),
            (&json!("2026-03-02T08:00:00Z"), &json!("bob"))
        );
        let list =
            format!("{FARM}/schedules/hands?from=2026-02-28T08:00:00Z&until=2026-03-02T08:00:00Z");
        let list = stage.get(&list, Some(&ann)).await.json();
        assert_eq!(
            list["gaps"],
            json!([{ "from": "2026-02-28T08:00:00Z", "until": "2026-03-01T08:00:00Z" }])
        );
        assert_eq!(list["spans"][0]["nobody"][0]["why"], "not_running");
        let long = format!("{FARM}/schedules/hands?until=2029-03-02T08:00:00Z");
        assert_eq!(stage.get(&long, Some(&ann)).await.status, 422);
        let put = json!({ "title": "X", "schedule": { "zone": "Farm/Barn" } });
        let put = stage.request(
            "PUT",
            &format!("{FARM}/schedules/x"),
            Some(&boss),
            Some(put),
        );
        assert_eq!(stage.send(put).await.status, 422, "no such zone");
        stage.report().await;
        let told = stage
            .get("/api/v1/cases/HH-1/journal", Some(&ann))
            .await
            .text();
        assert!(told.contains("\"paged\":[\"ann\"]"), "{told}");
    }

    #[tokio::test]
    async fn one_stands_in_in_person_and_ends_it() {
        let (stage, boss, ann, bob) = farm().await;
        let at = format!("{FARM}/schedules/hands/covers");
        let body = json!({ "until": "2026-03-02T06:00:00Z" });
        let said = stage.post(&at, Some(&bob), body.clone()).await;
        assert_eq!(said.status, 200, "{}", said.text());
        let said = said.json();
        assert_eq!(people(&said), ["bob"]);
        let cover = said["schedules"][0]["on_call"][0]["cover"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        let end = stage.request("DELETE", &format!("{at}/{cover}"), Some(&ann), None);
        assert_eq!(stage.send(end).await.status, 403, "it is Bob's");
        let end = stage.request("DELETE", &format!("{at}/{cover}"), Some(&bob), None);
        assert_eq!(stage.send(end).await.status, 204);
        let other = json!({ "until": "2026-03-02T06:00:00Z", "seat": { "person": "ann" } });
        assert_eq!(stage.post(&at, Some(&bob), other.clone()).await.status, 403);
        assert_eq!(
            stage.post(&at, Some(&boss), other).await.status,
            200,
            "admins name anybody"
        );
    }

    #[tokio::test]
    async fn the_pages_take_it_in_one_tap_swap_and_set_a_rotation() {
        let (stage, boss, ann, bob) = farm().await;
        let page = stage.get("/projects/farm/on-call", Some(&bob)).await.text();
        assert!(page.contains("name=\"take\" value=\"hands\""), "{page}");
        assert!(
            !page.contains("name=\"title\""),
            "whoever is no admin makes none: {page}"
        );
        let send = async |who: &str, path: &str, body: &str| {
            let asking = bytes(path, body.as_bytes());
            stage
                .send(asking.with("authorization", &format!("Bearer {who}")))
                .await
        };
        let (all, one) = ("/projects/farm/on-call", "/projects/farm/on-call/hands");
        let said = send(&bob, all, "take=hands&until=2026-03-02T05:00:00Z").await;
        assert_eq!(said.status, 303, "{}", said.text());
        let now = async || {
            let said = stage
                .get(&format!("{FARM}/on-call"), Some(&ann))
                .await
                .json();
            people(&said).join(" ")
        };
        assert_eq!(now().await, "bob");
        let page = stage.get(one, Some(&bob)).await.text();
        assert!(page.contains("stands in for the whole schedule"), "{page}");
        let swap = "act=swap&to=bob&gives_from=2026-03-02 06:00&gives_until=2026-03-02 07:00";
        let said = send(&ann, one, swap).await;
        assert_eq!(said.status, 303, "{}", said.text());
        let page = stage.get(all, Some(&bob)).await.text();
        let number = page
            .split_once("name=\"accept\" value=\"")
            .map(|(_, rest)| rest);
        let number = number
            .and_then(|rest| rest.split('"').next())
            .unwrap_or_default()
            .to_owned();
        assert_eq!(
            send(&bob, all, &format!("accept={number}")).await.status,
            303
        );
        let then = format!("{FARM}/on-call?at=2026-03-02T06:30:00Z");
        assert_eq!(people(&stage.get(&then, Some(&ann)).await.json()), ["bob"]);
        let rotation = "act=rotation&name=nights&people=bob%0A-&unit=week&length=1\
            &start=2026-03-01 22:00&hours=22:00-06:00&layer=1&holidays=off";
        assert_eq!(send(&ann, one, rotation).await.status, 403);
        let wrong = send(&boss, one, &rotation.replace("length=1", "length=x")).await;
        assert!(wrong.status == 422 && wrong.text().contains("id=\"length-error\""));
        assert_eq!(send(&boss, one, rotation).await.status, 303);
        let page = stage
            .get(&format!("{one}?rotation=nights"), Some(&boss))
            .await
            .text();
        assert!(
            page.contains("22:00-06:00") && page.contains("value=\"2026-03-01 22:00\""),
            "{page}"
        );
        let new = "title=Night watch&zone=Europe/Berlin&people=ann%0Abob&unit=day&length=1&start=2026-03-01 09:00&hours=&holidays=as_any_day";
        let made = send(&boss, all, new).await;
        assert_eq!(
            made.header("location"),
            "/projects/farm/on-call/night?done=1",
            "{}",
            made.text()
        );
        assert_eq!(send(&boss, one, "act=remove").await.status, 303);
        assert_eq!(stage.get(one, Some(&boss)).await.status, 404);
    }

    #[tokio::test]
    async fn a_policy_calls_whom_it_says_when_it_says_and_the_handbooks_way_comes_back() {
        let (stage, boss, ann, _) = farm().await;
        let put = async |who: &str, path: &str, body: Value| {
            let put = stage.request("PUT", &format!("{FARM}/{path}"), Some(who), Some(body));
            stage.send(put).await
        };
        let policy = json!({ "title": "Ours", "policy": { "steps": [
            { "after_minutes": 2, "to": [{ "next": "hands" }] } ] } });
        assert_eq!(put(&ann, "policies/ours", policy.clone()).await.status, 403);
        let wrong = json!({ "title": "Ours", "policy": { "steps": [{ "after_minutes": 2, "to": [{ "schedule": "none" }] }] } });
        assert_eq!(put(&boss, "policies/ours", wrong).await.status, 422);
        assert_eq!(put(&boss, "policies/ours", policy).await.status, 200);
        let said = put(&boss, "policy", json!({ "policy": "ours" })).await;
        assert_eq!(said.json()["policy"], "ours", "{}", said.text());
        let page = stage.get("/projects/farm/on-call", Some(&ann)).await.text();
        assert!(page.contains("After 2 minutes"), "{page}");
        stage.report().await;
        let desk = &stage.app.desk;
        let later = desk.now() + jiff::SignedDuration::from_mins(3);
        assert!(desk.advance(later, || async {}).await.is_ok());
        let told = stage
            .get("/api/v1/cases/HH-1/journal", Some(&ann))
            .await
            .text();
        assert!(
            told.contains("\"step\":0") && told.contains("\"person\":\"bob\""),
            "{told}"
        );
        let remove = stage.request(
            "DELETE",
            &format!("{FARM}/policies/ours"),
            Some(&boss),
            None,
        );
        assert_eq!(stage.send(remove).await.status, 409, "it is used");
        let said = put(&boss, "policy", json!({ "policy": null })).await;
        assert_eq!(said.json()["policy"], Value::Null);
        let remove = stage.request(
            "DELETE",
            &format!("{FARM}/schedules/hands"),
            Some(&boss),
            None,
        );
        assert_eq!(stage.send(remove).await.status, 409, "the policy names it");
        let remove = stage.request(
            "DELETE",
            &format!("{FARM}/policies/ours"),
            Some(&boss),
            None,
        );
        assert_eq!(stage.send(remove).await.status, 204);
    }
}
