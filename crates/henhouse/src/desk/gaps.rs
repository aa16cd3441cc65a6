//! Hours in which nobody will be on call (X33): found a week ahead, written down, and told to the admins and to the
//! project's managers; at most once a day, and only where there is something new.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use procedure::basis::Role;
use procedure::id::ScheduleId;
use procedure::project::ProjectState;
use procedure::{Actor, Text};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::error::{DeskError, Result};
use super::installation::Addressee;
use super::{Desk, Inner, JournalId};
use crate::report::{Times, trouble};
use crate::store::{ProjectRow, Tx, View};

/// So far ahead a gap is told.
const AHEAD: SignedDuration = SignedDuration::from_hours(7 * 24);
/// A gap that goes on is one and the same for so long.
const BACK: SignedDuration = SignedDuration::from_hours(24);
/// Between two mails about one project.
const AGAIN: SignedDuration = SignedDuration::from_hours(24);

/// What was told of a project.
#[derive(Default, Serialize, Deserialize)]
struct Told {
    at: Option<Timestamp>,
    gaps: BTreeSet<String>,
}

/// A while in which nobody is on call, and in which schedule.
type Gap = (Option<ScheduleId>, Timestamp, Timestamp);

impl Desk {
    /// Tells of gaps in the week ahead that were not told yet; answers of how many projects.
    ///
    /// # Errors
    /// The store's. Nobody is told then of the project at hand, and the next call tells it.
    pub async fn tell_gaps(&self) -> Result<usize> {
        let mut told = 0;
        for row in self.projects().await? {
            let (inner, journal) = (Arc::clone(&self.inner), row.journal);
            let look = move |view: &dyn View| look(&inner, view, journal);
            let Some(found) = self.inner.store.read(look).await? else {
                continue;
            };
            let inner = Arc::clone(&self.inner);
            let tell = move |tx: &mut dyn Tx| tell(&inner, tx, &row, &found);
            self.write(tell).await?;
            told += 1;
        }
        Ok(told)
    }
}

/// What is to be told of a project, and what is kept of that.
struct Found {
    state: Arc<ProjectState>,
    gaps: Vec<Gap>,
    told: Told,
    now: Timestamp,
}

fn key(journal: JournalId) -> String {
    format!("gaps of {journal}")
}

/// Looks for what is new; a week of many schedules takes its time, and holds no writer up.
fn look(inner: &Arc<Inner>, view: &dyn View, journal: JournalId) -> Result<Option<Found>> {
    let now = inner.clock.now();
    let state = inner.project_as_it_is(view, journal)?.state;
    let gaps = gaps(&state, now);
    let kept = view.setting(&key(journal))?;
    let kept = kept.and_then(|kept| serde_json::from_slice::<Told>(&kept).ok());
    let mut told = kept.unwrap_or_default();
    let named = |(schedule, from, _): &Gap| {
        let schedule = schedule.as_ref().map_or("", |id| &id.0);
        format!("{schedule} {from}")
    };
    let all: BTreeSet<String> = gaps.iter().map(named).collect();
    let recently = told.at.is_some_and(|at| now.duration_since(at) < AGAIN);
    if all.is_subset(&told.gaps) || recently {
        return Ok(None);
    }
    (told.at, told.gaps) = (Some(now), all);
    Ok(Some(Found {
        state,
        gaps,
        told,
        now,
    }))
}

fn tell(inner: &Arc<Inner>, tx: &mut dyn Tx, row: &ProjectRow, found: &Found) -> Result<()> {
    let Found {
        state, gaps, now, ..
    } = found;
    let kept = serde_json::to_vec(&found.told).map_err(DeskError::bug)?;
    tx.put_setting(&key(row.journal), &kept)?;
    let listed = gaps.iter().map(
        |(schedule, from, until)| json!({ "schedule": schedule, "from": from, "until": until }),
    );
    let body = json!({ "project": row.slug, "gaps": listed.collect::<Vec<_>>() });
    let seq = inner.note(tx, &Actor::system(), "gap_ahead", body)?;
    let url = format!(
        "{}/projects/{}/on-call",
        inner.site.base_url.trim_end_matches('/'),
        row.slug
    );
    let words = trouble::gap_letter(&lines(state, gaps, *now), &row.name, &url);
    let to = whom(tx, state)?;
    let to: Vec<_> = to.into_iter().map(|to| (to, &words)).collect();
    inner.write_to(tx, seq, &to)?;
    Ok(())
}

/// The gaps that are to be told: of every schedule that is never to be empty; where there is none, of the times that are
/// written down one by one.
fn gaps(state: &ProjectState, now: Timestamp) -> Vec<Gap> {
    let used = state.in_force().map(|edition| &edition.playbook);
    let (Some(facts), true) = (
        state.facts(),
        used.is_some_and(|used| used.upkeep.always_somebody_on_call),
    ) else {
        return Vec::new();
    };
    let from = now.checked_sub(BACK).unwrap_or(now);
    let until = now.checked_add(AHEAD).unwrap_or(now);
    let mut all = Vec::new();
    for (id, schedule) in &facts.schedules.all {
        let reading = facts.reading(id).filter(|_| schedule.never_empty);
        let gaps = reading.map(|reading| reading.gaps(from, until));
        let gaps = gaps.into_iter().flatten();
        all.extend(gaps.map(|(from, until)| (Some(id.clone()), from, until)));
    }
    let planned = facts.on_call.iter().any(|duty| duty.until > now);
    if facts.schedules.all.is_empty() && planned {
        let gaps = facts.on_call_gaps(from, until).into_iter();
        all.extend(gaps.map(|(from, until)| (None, from, until)));
    }
    all.retain(|(_, _, until)| *until > now);
    all
}

fn lines(state: &ProjectState, gaps: &[Gap], now: Timestamp) -> Vec<String> {
    let Some(facts) = state.facts() else {
        return Vec::new();
    };
    let line = |(schedule, from, until): &Gap| {
        let reading = schedule.as_ref().and_then(|id| facts.reading(id));
        let zone = reading.and_then(|reading| reading.own_zone());
        let zone = zone.map_or(facts.calendar.rules(), |zone| zone.rules());
        let (from, until) = Times::new(zone.clone(), now).from_to(*from, *until);
        let title = schedule
            .as_ref()
            .and_then(|id| state.directory.schedules.get(id));
        let title = title.and_then(Text::plain);
        let of = title.map_or_else(String::new, |title| format!("{title}: "));
        format!("{of}nobody from {from} until {until}")
    };
    gaps.iter().map(line).collect()
}

/// Admins, and the project's managers.
fn whom(tx: &mut dyn Tx, state: &ProjectState) -> Result<Vec<Addressee>> {
    let manages = |person: &str| {
        let facts = state.facts();
        facts.is_some_and(|facts| facts.has_role(&person.into(), Role::ProjectManager))
    };
    let accounts = tx
        .accounts()?
        .into_iter()
        .filter(|account| !account.disabled);
    let meant = accounts.filter(|one| one.role == "admin" || manages(&one.person));
    Ok(meant
        .filter_map(|one| Addressee::of(&one, one.email.clone()))
        .collect())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use std::time::Duration;

    use serde_json::json;

    use crate::web::stage::Stage;

    #[tokio::test]
    async fn a_gap_is_told_a_week_ahead_once() {
        let stage = Stage::new().await;
        let boss = stage.token("boss", "admin").await;
        let put = async |until: &str| {
            let schedule = json!({ "title": "Farm hands", "schedule": { "zone": "UTC", "rotations": { "days": {
                "unit": "day", "length": 1, "start": "2026-03-01T08:00:00", "end": until,
                "seats": [{ "person": "ann" }] } } } });
            let at = "/api/v1/projects/farm/schedules/hands";
            let said = stage
                .send(stage.request("PUT", at, Some(&boss), Some(schedule)))
                .await;
            assert_eq!(said.status, 200, "{}", said.text());
        };
        let desk = &stage.app.desk;
        let clock = desk.store_and_clock().1;
        assert_eq!(desk.tell_gaps().await.ok(), Some(0), "no schedule, no gap");
        put("2026-03-12T08:00:00").await;
        assert_eq!(
            desk.tell_gaps().await.ok(),
            Some(0),
            "it is more than a week ahead"
        );
        clock.advance(Duration::from_secs(4 * 24 * 3600)).unwrap();
        assert_eq!(desk.tell_gaps().await.ok(), Some(1));
        assert_eq!(desk.tell_gaps().await.ok(), Some(0), "once");
        clock.advance(Duration::from_secs(30 * 3600)).unwrap();
        assert_eq!(
            desk.tell_gaps().await.ok(),
            Some(0),
            "and not again while nothing is new"
        );
        put("2026-03-10T08:00:00").await;
        assert_eq!(
            desk.tell_gaps().await.ok(),
            Some(1),
            "it begins earlier now"
        );
    }
}
