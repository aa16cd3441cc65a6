//! One's shifts for one's own calendar: a link that whoever holds it may read and nothing else, made anew or ended
//! by its person at any time. Of the link only a hash is kept; of the cases it tells the number and the hours.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use procedure::chapters::endurance::ShiftAs;
use procedure::id::ScheduleId;
use procedure::project::ProjectState;
use procedure::{Actor, How, PersonId, Text, Who, may_see};

use super::error::{DeskError, Result};
use super::views::{self, Onlooker};
use super::{Desk, Inner};
use crate::store::{CaseFilter, CaseNumber, Cursor, Hash, JournalId, View};

/// Shifts that ended longer ago are told no more.
const BACK: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Cases are looked into in portions of so many, the newest changes first, and so many at most.
const PORTION: u32 = 100;
const LOOKED_INTO: usize = 500;

/// Time on call is told so far ahead.
const AHEAD: SignedDuration = SignedDuration::from_hours(92 * 24);

/// Time on call: somebody's own, or of a schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnDuty {
    /// The project's short name.
    pub project: String,
    /// The schedule; nothing where the time was written down by itself.
    pub schedule: Option<String>,
    /// What the schedule or the project is called.
    pub title: String,
    /// Who; in the order in which they are called.
    pub people: Vec<String>,
    /// From this instant on.
    pub from: Timestamp,
    /// Up to, not including.
    pub until: Timestamp,
}

/// A shift of somebody's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnShift {
    /// The case.
    pub journal: JournalId,
    /// Its number.
    pub number: CaseNumber,
    /// The shift's number in it, from 1.
    pub shift: usize,
    /// When it was planned.
    pub planned_at: Timestamp,
    /// From this instant on.
    pub from: Timestamp,
    /// Up to, not including.
    pub until: Timestamp,
    /// As Incident Commander.
    pub ic: bool,
    /// It was cancelled.
    pub cancelled: bool,
}

/// Names the hash of a person's link; empty where it was ended.
fn of_person(person: &str) -> String {
    format!("calendar.of.{person}")
}

/// Names the person of a link; empty where it was ended.
fn of_link(link: &Hash) -> String {
    let digits = link.iter().map(|byte| format!("{byte:02x}"));
    format!("calendar.{}", digits.collect::<String>())
}

impl Desk {
    /// Whether a person has a link.
    ///
    /// # Errors
    /// The store's.
    pub async fn has_calendar_link(&self, person: String) -> Result<bool> {
        let read = move |view: &dyn View| Ok::<_, DeskError>(view.setting(&of_person(&person))?);
        let kept = self.inner.store.read(read).await?;
        Ok(kept.is_some_and(|link| !link.is_empty()))
    }

    /// Gives a person another link, or none. The one before works no more.
    ///
    /// # Errors
    /// Not found where they have no account; the store's.
    pub async fn change_calendar_link(&self, person: String, link: Option<Hash>) -> Result<()> {
        self.write(move |tx| {
            tx.account(&person)?.ok_or(DeskError::NotFound("account"))?;
            let own = of_person(&person);
            let before = tx.setting(&own)?.unwrap_or_default();
            if let Ok(before) = Hash::try_from(before.as_slice()) {
                tx.put_setting(&of_link(&before), &[])?;
            }
            if let Some(link) = &link {
                tx.put_setting(&of_link(link), person.as_bytes())?;
            }
            tx.put_setting(&own, link.as_ref().map_or(&[][..], |link| &link[..]))?;
            Ok(())
        })
        .await
    }

    /// The shifts of whoever has this link, the newest case first.
    ///
    /// # Errors
    /// Not found where nobody has it, or their account is locked; the store's.
    pub async fn shifts_by_link(&self, link: Hash) -> Result<Vec<OwnShift>> {
        let (inner, since) = (Arc::clone(&self.inner), self.now().checked_sub(BACK));
        let since = since.unwrap_or(Timestamp::MIN);
        let read = move |view: &dyn View| shifts(&inner, view, holder(view, &link)?, since);
        self.inner.store.read(read).await
    }

    /// When whoever has this link is on call, in every project on whose contact sheet they are.
    ///
    /// # Errors
    /// Not found where nobody has it, or their account is locked; the store's.
    pub async fn duties_by_link(&self, link: Hash) -> Result<Vec<OwnDuty>> {
        let (inner, now) = (Arc::clone(&self.inner), self.now());
        let read = move |view: &dyn View| {
            let person = PersonId(holder(view, &link)?);
            let mut all = Vec::new();
            for row in view.projects()? {
                let state = inner.project_as_it_is(view, row.journal)?.state;
                all.extend(own_duties(&state, &person, now));
            }
            Ok(all)
        };
        self.inner.store.read(read).await
    }

    /// Who is on call in a schedule, for whoever has this link and is on its project's contact sheet.
    ///
    /// # Errors
    /// Not found otherwise; the store's.
    pub async fn schedule_by_link(
        &self,
        link: Hash,
        project: String,
        schedule: String,
    ) -> Result<Vec<OwnDuty>> {
        let (inner, now) = (Arc::clone(&self.inner), self.now());
        let read = move |view: &dyn View| {
            let nothing = || DeskError::NotFound("calendar");
            let person = PersonId(holder(view, &link)?);
            let row = view.project_by_slug(&project)?.ok_or_else(nothing)?;
            let state = inner.project_as_it_is(view, row.journal)?.state;
            let facts = state.facts().ok_or_else(nothing)?;
            facts.member(&person).ok_or_else(nothing)?;
            let id = ScheduleId(schedule);
            let reading = facts.reading(&id).ok_or_else(nothing)?;
            let (from, until) = told(now);
            let spans = reading.spans(from, until).into_iter();
            let named = spans.filter(|span| !span.is_gap()).map(|span| {
                let people = span.on_call.people.iter();
                duty(
                    &state,
                    Some(&id),
                    people.map(|one| one.person),
                    (span.from, span.until),
                )
            });
            Ok(named.collect())
        };
        self.inner.store.read(read).await
    }
}

/// Whoever has a link.
fn holder(view: &dyn View, link: &Hash) -> Result<String> {
    let nobody = || DeskError::NotFound("calendar");
    let person = view.setting(&of_link(link))?.ok_or_else(nobody)?;
    let person = String::from_utf8(person).map_err(|_| nobody())?;
    let account = view.account(&person)?.filter(|account| !account.disabled);
    account.ok_or_else(nobody)?;
    Ok(person)
}

/// The while that is told.
fn told(now: Timestamp) -> (Timestamp, Timestamp) {
    let from = now.checked_sub(BACK).unwrap_or(Timestamp::MIN);
    (from, now.checked_add(AHEAD).unwrap_or(Timestamp::MAX))
}

/// Somebody's time on call in a project: by schedules, and written down one by one.
fn own_duties(state: &ProjectState, person: &PersonId, now: Timestamp) -> Vec<OwnDuty> {
    let Some(facts) = state.facts().filter(|facts| facts.member(person).is_some()) else {
        return Vec::new();
    };
    let (from, until) = told(now);
    let mut all = Vec::new();
    let one = |id: Option<&ScheduleId>, span| duty(state, id, [person].into_iter(), span);
    for id in facts.schedules.all.keys() {
        let rows = facts
            .reading(id)
            .map(|reading| reading.own(person, from, until));
        all.extend(rows.into_iter().flatten().map(|span| one(Some(id), span)));
    }
    let own = facts.on_call.iter().filter(|duty| duty.person == *person);
    let own = own.filter(|duty| from < duty.until && duty.from < until);
    all.extend(own.map(|duty| one(None, (duty.from, duty.until))));
    all
}

fn duty<'p>(
    state: &ProjectState,
    schedule: Option<&ScheduleId>,
    people: impl Iterator<Item = &'p PersonId>,
    (from, until): (Timestamp, Timestamp),
) -> OwnDuty {
    let title = schedule.map(|id| state.directory.schedules.get(id));
    let title = title.unwrap_or(state.name.as_ref());
    let else_ = schedule.map_or(state.slug.as_str(), |id| &id.0);
    let name = |person: &PersonId| {
        let contact = state.directory.people.get(person);
        let name = contact.and_then(|contact| Text::plain(&contact.name));
        name.unwrap_or(&person.0).to_owned()
    };
    OwnDuty {
        project: state.slug.clone(),
        schedule: schedule.map(|id| id.0.clone()),
        title: title.and_then(Text::plain).unwrap_or(else_).to_owned(),
        people: people.map(name).collect(),
        from,
        until,
    }
}

fn shifts(
    inner: &Inner,
    view: &dyn View,
    person: String,
    since: Timestamp,
) -> Result<Vec<OwnShift>> {
    let (who, how) = (Who::Person(person.as_str().into()), How::SignedLink);
    let actor = Actor { who, how };
    let onlooker = Onlooker {
        actor,
        admin: false,
    };
    let viewer = views::viewer(view, &onlooker)?;
    let filter = CaseFilter {
        member: Some(person.clone()),
        ..CaseFilter::default()
    };
    let (mut all, mut seen) = (Vec::new(), 0);
    let mut cursor: Option<Cursor> = None;
    loop {
        let page = view.list_cases(&filter, &viewer, cursor.as_ref(), PORTION)?;
        for row in page
            .rows
            .iter()
            .filter(|row| row.updated_at >= since || row.open)
        {
            seen += 1;
            let readable = inner.reading.load(view, &inner.root, row.journal)?;
            let case = readable.case();
            let basis = inner.basis_of(view, case)?;
            if !may_see(case, &basis, &onlooker.actor) {
                continue;
            }
            let shifts = (1..).zip(&case.part.endurance.shifts);
            let own = shifts.filter(|(_, one)| one.person.0 == person && one.until >= since);
            all.extend(own.map(|(shift, one)| OwnShift {
                journal: row.journal,
                number: row.number.clone(),
                shift,
                planned_at: one.planned_at,
                from: one.from,
                until: one.until,
                ic: one.duty == ShiftAs::Ic,
                cancelled: one.cancelled,
            }));
        }
        cursor = page.next;
        if cursor.is_none() || seen >= LOOKED_INTO {
            return Ok(all);
        }
    }
}
