//! What outsiders read about cases: by a link that the team gives away, and of a project that shows it to
//! everybody. What was read last is kept in memory, so that it is there while the database is not.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use procedure::basis::Marking;
use serde_json::json;
use uuid::Uuid;

use super::error::{DeskError, Result};
use super::views::CaseView;
use super::{Desk, Inner};
use crate::auth::link::{LinkClaims, Purpose};
use crate::report::status::{Status, status};
use crate::store::{CaseFilter, CaseRow, JournalId, StoreError, Tx, View, Viewer};

/// Whoever holds a link may read words marked so strictly, and no stricter ones.
const BY_LINK: Marking = Marking::Amber;
/// So many cases of a project are looked into, the newest changes first.
const LOOKED_INTO: u32 = 50;
/// What everybody may read is read anew after so many seconds at the earliest.
const FRESH: i64 = 5;
/// At most so many sights are kept.
const KEPT: usize = 512;
/// Whoever looks waits so long for the database; then they read what was kept.
const PATIENCE: Duration = Duration::from_secs(2);
/// A link works until it is taken back: 2100-01-01.
const LAST: i64 = 4_102_444_800;

/// What outsiders see.
#[derive(Clone, Debug)]
pub struct Sight {
    /// What the project is called.
    pub project: String,
    /// Times are said in its zone.
    pub zone: TimeZone,
    /// The cases of which something may be read, the newest words first.
    pub cases: Vec<Seen>,
    /// When it was read.
    pub as_of: Timestamp,
}

/// A case as outsiders see it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Its journal, which names what is said in feeds.
    pub journal: Uuid,
    /// The number that people say.
    pub number: String,
    /// What may be read.
    pub status: Status,
}

/// What was read last, by what it was asked for.
#[derive(Default)]
pub(super) struct KeptSights(Mutex<BTreeMap<String, Arc<Sight>>>);

impl KeptSights {
    fn get(&self, asked: &str) -> Option<Arc<Sight>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(asked).cloned()
    }

    fn keep(&self, asked: &str, sight: &Arc<Sight>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT && !kept.contains_key(asked) {
            kept.pop_first();
        }
        kept.insert(asked.to_owned(), Arc::clone(sight));
    }

    fn forget(&self, asked: &str) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.remove(asked);
    }
}

impl Desk {
    /// What the holder of a link reads. Says too whether it is what was kept, because the database is away.
    ///
    /// # Errors
    /// Not found for a link that is not ours, or was taken back; the store's, where nothing was kept.
    pub async fn status_by_link(&self, token: &str) -> Result<(Arc<Sight>, bool)> {
        let now = self.now();
        let link = self.inner.links.verify(token, Purpose::Status, now);
        let link = link.map_err(|_| DeskError::NotFound("status page"))?;
        let (journal, id) = (JournalId(link.claims.journal), link.id);
        let read = move |inner: &Inner, view: &dyn View| {
            if view.setting(&setting(journal))?.as_deref() != Some(&id.as_bytes()[..]) {
                return Err(DeskError::NotFound("status page"));
            }
            let row = view
                .case(journal)?
                .ok_or(DeskError::NotFound("status page"))?;
            let mut sight = of_project(inner, view, row.project, now)?;
            sight.cases.extend(seen(inner, view, &row, BY_LINK)?);
            Ok(sight)
        };
        self.sight(token, read).await
    }

    /// What everybody reads of a project that shows it.
    ///
    /// # Errors
    /// Not found for a project that is not there or shows nothing; the store's, where nothing was kept.
    pub async fn status_of_project(&self, slug: &str) -> Result<(Arc<Sight>, bool)> {
        let (now, asked) = (self.now(), format!("project {slug}"));
        let kept = self.inner.sights.get(&asked);
        if let Some(kept) = kept.filter(|kept| now.duration_since(kept.as_of).as_secs() < FRESH) {
            return Ok((kept, false));
        }
        let slug = slug.to_owned();
        let read = move |inner: &Inner, view: &dyn View| {
            let row = view.project_by_slug(&slug)?;
            let row = row.ok_or(DeskError::NotFound("status page"))?;
            let state = inner.project(view, row.journal)?.state;
            let shows = state
                .basis()
                .is_some_and(|basis| basis.project.public_status);
            if !shows {
                return Err(DeskError::NotFound("status page"));
            }
            let mut sight = of_project(inner, view, row.journal, now)?;
            let filter = CaseFilter {
                project: Some(row.journal),
                ..CaseFilter::default()
            };
            let page = view.list_cases(&filter, &Viewer::System, None, LOOKED_INTO)?;
            for row in &page.rows {
                sight.cases.extend(seen(inner, view, row, Marking::Clear)?);
            }
            let newest = |seen: &Seen| seen.status.updates.first().map(|update| update.at);
            sight
                .cases
                .sort_by_key(|seen| std::cmp::Reverse(newest(seen)));
            Ok(sight)
        };
        self.sight(&asked, read).await
    }

    /// Reads it, or gives what was kept while the database is away.
    async fn sight(
        &self,
        asked: &str,
        read: impl FnOnce(&Inner, &dyn View) -> Result<Sight> + Send + 'static,
    ) -> Result<(Arc<Sight>, bool)> {
        let inner = Arc::clone(&self.inner);
        let kept = self.inner.sights.get(asked);
        if let Some(kept) = kept.clone().filter(|_| self.is_away()) {
            return Ok((kept, true));
        }
        let reading = self.inner.store.read(move |view| read(&inner, view));
        match (tokio::time::timeout(PATIENCE, reading).await, kept) {
            (Ok(Ok(sight)), _) => {
                let sight = Arc::new(sight);
                self.inner.sights.keep(asked, &sight);
                Ok((sight, false))
            }
            (Ok(Err(DeskError::Store(_))) | Err(_), Some(kept)) => Ok((kept, true)),
            (Ok(Err(error)), _) => {
                self.inner.sights.forget(asked);
                Err(error)
            }
            (Err(_), None) => Err(DeskError::Store(StoreError::Away(
                "the database did not answer in time".to_owned(),
            ))),
        }
    }

    /// The link to a case's status page, if one was given away. The caller has looked at the case before.
    ///
    /// # Errors
    /// The store's.
    pub async fn status_link(&self, case: &CaseView) -> Result<Option<String>> {
        let journal = case.row.journal;
        let read = move |view: &dyn View| view.setting(&setting(journal));
        let kept = self.inner.store.read(read).await?;
        let id = kept.and_then(|bytes| Uuid::from_slice(&bytes).ok());
        Ok(id.and_then(|id| self.status_token(journal, id)))
    }

    /// Makes a link to a case's status page; the one before stops working. Without `anew` the link is taken
    /// back. The caller has looked at the case before.
    ///
    /// # Errors
    /// The store's.
    pub async fn change_status_link(&self, case: &CaseView, anew: bool) -> Result<()> {
        let journal = case.row.journal;
        if let Some(before) = self.status_link(case).await? {
            self.inner.sights.forget(&before);
        }
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&self.inner.ids.salt()[..16]);
        let id = uuid::Builder::from_random_bytes(bytes).into_uuid();
        let (actor, number) = (case.onlooker.actor.clone(), case.row.number.to_string());
        let inner = Arc::clone(&self.inner);
        self.write(move |tx: &mut dyn Tx| {
            let kind = match anew {
                true => {
                    tx.put_setting(&setting(journal), id.as_bytes())?;
                    "status_link_made"
                }
                false => {
                    tx.forget_setting(&setting(journal))?;
                    "status_link_withdrawn"
                }
            };
            // Who opened a door, and who shut it, as with tokens; never the link itself.
            inner.note(tx, &actor, kind, json!({ "case": number }))?;
            Ok(())
        })
        .await
    }

    fn status_token(&self, journal: JournalId, id: Uuid) -> Option<String> {
        let claims = LinkClaims {
            purpose: Purpose::Status,
            journal: journal.0,
            person: "outside".to_owned(),
            notice: "status".to_owned(),
            expires: Timestamp::from_second(LAST).ok()?,
        };
        self.inner.links.encode(id, &claims).ok()
    }
}

fn setting(journal: JournalId) -> String {
    format!("status {journal}")
}

fn of_project(inner: &Inner, view: &dyn View, project: JournalId, now: Timestamp) -> Result<Sight> {
    let row = view.project(project)?;
    let state = inner.project(view, project)?.state;
    let zone = state
        .basis()
        .map(|basis| basis.project.calendar.rules().clone());
    Ok(Sight {
        project: row.map(|row| row.name).unwrap_or_default(),
        zone: zone.unwrap_or(TimeZone::UTC),
        cases: Vec::new(),
        as_of: now,
    })
}

fn seen(inner: &Inner, view: &dyn View, row: &CaseRow, most: Marking) -> Result<Option<Seen>> {
    if row.restricted {
        return Ok(None);
    }
    let readable = inner.reading.load(view, &inner.root, row.journal)?;
    // Nobody outside reads of an exercise as if it were real; in a drill's own installation every page says what it is.
    let part = &readable.case().part;
    if (part.intake.drill || part.retrospective.drill) && !inner.site.drill {
        return Ok(None);
    }
    let status = status(readable.case(), most);
    Ok(status.map(|status| Seen {
        journal: row.journal.0,
        number: row.number.to_string(),
        status,
    }))
}
