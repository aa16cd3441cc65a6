//! `/api/v1/projects/{slug}/on-call` and its schedules: who is on call and why, who stands in, and what is swapped.

mod now;
#[cfg(test)]
mod tests;
mod wire;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::IntoResponse;
use jiff::{SignedDuration, Timestamp};
use procedure::id::{CoverId, PolicyId, ScheduleId, TeamId};
use procedure::on_call::{SPANS_LIMIT, Schedule, Seat};
use procedure::project::{
    Import, OfferSwap, ProjectCommand, ProjectState, SetPolicy, SetSchedule, SetTeam, StandIn,
    SwapAnswered,
};
use procedure::{PersonId, Text, Who};

use super::projects::project;
use crate::desk::JournalId;
use crate::founding;
use crate::report::Names;
use crate::web::registry::Answer;
use crate::web::{Call, Problem, json};

use now::{holders, missing, pieces};
pub(in crate::web) use now::{now_of, title};
pub use wire::*;

/// A while that is told at most.
const LONGEST: SignedDuration = SignedDuration::from_hours(366 * 24);
/// What is told where nothing is asked for: two weeks.
pub(in crate::web) const TOLD: SignedDuration = SignedDuration::from_hours(14 * 24);

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
