//! One's shifts for one's own calendar: a link that whoever holds it may read and nothing else, made anew or ended
//! by its person at any time. Of the link only a hash is kept; of the cases it tells the number and the hours.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use procedure::chapters::endurance::ShiftAs;
use procedure::{Actor, How, Who, may_see};

use super::error::{DeskError, Result};
use super::views::{self, Onlooker};
use super::{Desk, Inner};
use crate::store::{CaseFilter, CaseNumber, Cursor, Hash, JournalId, View};

/// Shifts that ended longer ago are told no more.
const BACK: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Cases are looked into in portions of so many, the newest changes first, and so many at most.
const PORTION: u32 = 100;
const LOOKED_INTO: usize = 500;

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
        let read = move |view: &dyn View| {
            let nobody = || DeskError::NotFound("calendar");
            let person = view.setting(&of_link(&link))?.ok_or_else(nobody)?;
            let person = String::from_utf8(person).map_err(|_| nobody())?;
            let account = view.account(&person)?.filter(|account| !account.disabled);
            account.ok_or_else(nobody)?;
            shifts(&inner, view, person, since)
        };
        self.inner.store.read(read).await
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
