//! Reading: what one onlooker may see. Whoever may not see a case is told that there is none.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use procedure::access::is_on_team;
use procedure::id::CaseId;
use procedure::project::{Directory, ProjectState};
use procedure::{Actor, Agenda, Basis, Case, Entry, Order, decide, may_see};

use super::away::{case_of_receipt, is_of_a_receipt};
use super::error::{DeskError, Result};
use super::reading::Readable;
use super::{Desk, Inner, followed};
use crate::report;
use crate::report::timeline::{Log, Told};
use crate::store::{
    Attempt, CaseFilter, CaseNumber, CasePage, CaseRow, Cursor, JournalId, OutboxRow, Scope,
    SearchAnswer, SearchQuery, Title, View, Viewer,
};

/// Somebody who looks: what they are is known from how they came in.
#[derive(Clone, Debug)]
pub struct Onlooker {
    /// Who, and how we know.
    pub actor: Actor,
    /// Manages the installation. It does not open restricted cases.
    pub admin: bool,
}

/// A case as one onlooker may see it.
#[derive(Clone)]
pub struct CaseView {
    /// Its row in the index.
    pub row: CaseRow,
    /// The case, texts readable.
    pub case: Arc<Case>,
    /// The basis in force.
    pub basis: Arc<Basis>,
    /// Its project.
    pub project: Arc<ProjectState>,
    /// Names of the project's people.
    pub directory: Arc<Directory>,
    /// Who looks.
    pub onlooker: Onlooker,
    readable: Arc<Readable>,
}

impl CaseView {
    /// Whether whoever looks may read this entry: the restricted annex is for those who take part.
    #[must_use]
    pub fn may_read(&self, seq: u64) -> bool {
        followed::reads(&self.case, &self.basis, &self.onlooker, seq)
    }

    /// What the case asks for now.
    #[must_use]
    pub fn agenda(&self, now: Timestamp) -> Arc<Agenda> {
        self.readable.agenda(&self.basis, now)
    }

    /// Whether whoever looks is of the team, to whom reporters left how to reach them (R116).
    #[must_use]
    pub fn is_on_team(&self) -> bool {
        is_on_team(&self.case, &self.basis, &self.onlooker.actor)
    }

    /// Hash of the journal's newest entry, in hex, which what is printed carries.
    #[must_use]
    pub fn head(&self) -> String {
        self.readable.head()
    }

    /// What the people of the project are called, by their ids.
    #[must_use]
    pub fn names(&self) -> BTreeMap<String, Option<String>> {
        let people = self.directory.people.iter();
        let named =
            people.map(|(id, contact)| (id.to_string(), contact.name.plain().map(str::to_owned)));
        named.collect()
    }

    /// What a person is called, if the project has their name.
    #[must_use]
    pub fn name_of(&self, person: &procedure::PersonId) -> Option<String> {
        let contact = self.directory.people.get(person)?;
        contact.name.plain().map(str::to_owned)
    }
}

/// The case of this number, or the one that the report became whose receipt has it.
fn named(view: &dyn View, number: &CaseNumber) -> Result<Option<CaseRow>> {
    match view.case_by_number(number)? {
        None if is_of_a_receipt(number) => case_of_receipt(view, number),
        row => Ok(row),
    }
}

impl Desk {
    /// The case of that number.
    ///
    /// # Errors
    /// Not found where it does not exist for this onlooker; damaged.
    pub async fn case(&self, onlooker: &Onlooker, number: &CaseNumber) -> Result<CaseView> {
        let (inner, onlooker, number) = (Arc::clone(&self.inner), onlooker.clone(), number.clone());
        self.inner
            .store
            .read(move |view| {
                let row = named(view, &number)?.ok_or(DeskError::NotFound("case"))?;
                let readable = match inner.reading.load(view, &inner.root, row.journal) {
                    Err(DeskError::Damaged(_) | DeskError::Newer(_))
                        if !could_see(view, &onlooker, &row)? =>
                    {
                        return Err(DeskError::NotFound("case"));
                    }
                    loaded => loaded?,
                };
                let case = Arc::clone(readable.case());
                let basis = inner.basis_of(view, &case)?;
                if !followed::shows(&case, &basis, &onlooker) {
                    return Err(DeskError::NotFound("case"));
                }
                let project = inner.project(view, row.project)?;
                Ok(CaseView {
                    row,
                    case,
                    basis,
                    project: project.state,
                    directory: project.directory,
                    onlooker,
                    readable,
                })
            })
            .await
    }

    /// Whether whoever looks could give this command now. Nothing is written.
    #[must_use]
    pub fn would(&self, case: &CaseView, order: &Order) -> bool {
        let (now, actor) = (self.now(), &case.onlooker.actor);
        decide(&case.case, &case.basis, now, actor, order).is_ok()
    }

    /// The journal of the case of that number. Whether anybody may see it is not looked at here.
    ///
    /// # Errors
    /// Not found.
    pub async fn journal_of(&self, number: &CaseNumber) -> Result<JournalId> {
        let number = number.clone();
        let find = move |view: &dyn View| named(view, &number);
        let row = self.inner.store.read(find).await?;
        Ok(row.ok_or(DeskError::NotFound("case"))?.journal)
    }

    /// The entries of a case after `after`, at most `limit`, texts readable. The caller has
    /// looked at the case before.
    ///
    /// # Errors
    /// Damaged; the store's.
    pub async fn entries(
        &self,
        case: &CaseView,
        after: u64,
        limit: u32,
    ) -> Result<Vec<Arc<Entry>>> {
        self.newest_or_read(&case.readable, case.row.journal, after, limit)
            .await
    }

    /// The same in sentences, as told at `now`. Those of the annex are among them: the caller shows
    /// each only to whoever may read it.
    ///
    /// # Errors
    /// Damaged; the store's.
    pub async fn timeline(
        &self,
        case: &CaseView,
        after: u64,
        limit: u32,
        now: Timestamp,
    ) -> Result<Arc<[Told]>> {
        let log = Log::new(&case.case, &case.basis, &case.directory, now);
        let told_as = (now.as_second().div_euclid(60), case.project.seq);
        let newest = case
            .readable
            .told((after, limit), told_as, |entry| log.told(entry));
        if let Some(newest) = newest {
            return Ok(newest);
        }
        let entries = self.entries(case, after, limit).await?;
        Ok(entries.iter().map(|entry| log.told(entry)).collect())
    }

    /// What leaves because of a case, each with its attempts. The caller has looked at the case before.
    ///
    /// # Errors
    /// The store's.
    pub async fn deliveries_with_attempts(
        &self,
        case: &CaseView,
    ) -> Result<Vec<(OutboxRow, Vec<Attempt>)>> {
        let id = case.row.journal;
        let read = move |view: &dyn View| {
            let rows = view.deliveries_of(id)?.into_iter();
            let with = rows.map(|row| Ok((view.attempts(row.notice)?, row)));
            with.map(|pair| pair.map(|(attempts, row)| (row, attempts)))
                .collect()
        };
        self.inner.store.read(read).await
    }

    /// Whether a case exists for this onlooker.
    pub async fn sees(&self, onlooker: &Onlooker, case: &CaseId) -> bool {
        let Ok(id) = case.0.parse().map(JournalId) else {
            return false;
        };
        self.case_of(onlooker, id).await.is_ok()
    }

    /// The number of a case by its journal, for whoever may see it.
    ///
    /// # Errors
    /// Not found where it does not exist for this onlooker.
    pub async fn case_of(&self, onlooker: &Onlooker, journal: JournalId) -> Result<CaseNumber> {
        let read = self.inner.store.read(move |view| view.case(journal));
        let row = read.await?.ok_or(DeskError::NotFound("case"))?;
        Ok(self.case(onlooker, &row.number).await?.row.number)
    }

    /// What leaves because of a case, with the attempts made.
    ///
    /// # Errors
    /// The store's.
    pub async fn deliveries(&self, case: &CaseView) -> Result<Vec<OutboxRow>> {
        let id = case.row.journal;
        Ok(self
            .inner
            .store
            .read(move |view| view.deliveries_of(id))
            .await?)
    }

    /// One page of the cases that the onlooker may see.
    ///
    /// # Errors
    /// The store's.
    pub async fn list(
        &self,
        onlooker: &Onlooker,
        filter: CaseFilter,
        cursor: Option<Cursor>,
        limit: u32,
    ) -> Result<CasePage> {
        let (inner, onlooker) = (Arc::clone(&self.inner), onlooker.clone());
        let list = move |view: &dyn View| {
            let viewer = viewer(view, &onlooker)?;
            let mut page = view.list_cases(&filter, &viewer, cursor.as_ref(), limit)?;
            for row in &mut page.rows {
                name_restricted(&inner, view, &onlooker, row);
            }
            Ok(page)
        };
        self.inner.store.read(list).await
    }

    /// Searches what the onlooker may see.
    ///
    /// # Errors
    /// The store's.
    pub async fn search(
        &self,
        onlooker: &Onlooker,
        words: String,
        limit: u32,
    ) -> Result<SearchAnswer> {
        let onlooker = onlooker.clone();
        let search = move |view: &dyn View| {
            let viewer = viewer(view, &onlooker)?;
            let query = SearchQuery {
                words,
                prefix: true,
                project: None,
                viewer,
                limit,
            };
            Ok(view.search(&query)?)
        };
        self.inner.store.read(search).await
    }
}

/// The index holds no title of a restricted case; its members are shown the one in the case.
pub(super) fn name_restricted(
    inner: &Inner,
    view: &dyn View,
    onlooker: &Onlooker,
    row: &mut CaseRow,
) {
    if !row.restricted {
        return;
    }
    let named = inner.reading.load(view, &inner.root, row.journal);
    let named = named.and_then(|readable| {
        let case = readable.case();
        let basis = inner.basis_of(view, case)?;
        let sees = may_see(case, &basis, &onlooker.actor);
        Ok(report::title(case).filter(|_| sees))
    });
    match named {
        Ok(title) => row.title = title.map_or(Title::None, Title::Plain),
        Err(error) => tracing::error!(journal = %row.journal, %error, "a title cannot be read"),
    }
}

/// Whether the onlooker could see the case as far as the index knows: damage is no hint either.
fn could_see(view: &dyn View, onlooker: &Onlooker, row: &CaseRow) -> Result<bool> {
    let person = onlooker.actor.as_person().map(ToString::to_string);
    let person = person.unwrap_or_default();
    let on_roster = onlooker.admin || view.is_member(row.project, &person)?;
    Ok(view.is_member(row.journal, &person)? || (!row.restricted && on_roster))
}

/// What the store is told about an onlooker.
pub(super) fn viewer(view: &dyn View, onlooker: &Onlooker) -> Result<Viewer> {
    let person = onlooker
        .actor
        .as_person()
        .map(ToString::to_string)
        .unwrap_or_default();
    let projects = match (&onlooker.actor.who, onlooker.admin) {
        (_, true) | (procedure::Who::Service(_), _) => Scope::All,
        _ => Scope::Only(projects_of(view, &person)?),
    };
    Ok(Viewer::Person { person, projects })
}

/// Asked project by project: whoever took part in many cases belongs to few projects.
pub(super) fn projects_of(view: &dyn View, person: &str) -> Result<BTreeSet<JournalId>> {
    let mut theirs = BTreeSet::new();
    for project in view.projects()? {
        if view.is_member(project.journal, person)? {
            theirs.insert(project.journal);
        }
    }
    Ok(theirs)
}
