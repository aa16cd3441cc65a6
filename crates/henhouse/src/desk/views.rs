//! Reading: what one onlooker may see. Whoever may not see a case is told that there is none.

use std::sync::Arc;

use procedure::project::Directory;
use procedure::{Actor, Basis, Case, Entry, may_see};

use super::error::{DeskError, Result};
use super::{Desk, cases};
use crate::store::{
    CaseFilter, CaseNumber, CasePage, CaseRow, Cursor, OutboxRow, Scope, SearchAnswer, SearchQuery,
    View, Viewer,
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
    pub case: Case,
    /// The basis in force.
    pub basis: Arc<Basis>,
    /// Names of the project's people.
    pub directory: Arc<Directory>,
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
                let row = view
                    .case_by_number(&number)?
                    .ok_or(DeskError::NotFound("case"))?;
                let folded = inner.reading.load(view, &inner.root, row.journal)?;
                let basis = inner.basis_of(view, &folded.case)?;
                let manages = onlooker.admin && !folded.case.part.secrecy.restricted;
                if !manages && !may_see(&folded.case, &basis, &onlooker.actor) {
                    return Err(DeskError::NotFound("case"));
                }
                let directory = inner.directory_of(view, row.project)?;
                Ok(CaseView {
                    row,
                    case: folded.case.clone(),
                    basis,
                    directory,
                })
            })
            .await
    }

    /// The entries of a case after `after`, at most `limit`, texts readable. The caller has
    /// looked at the case before.
    ///
    /// # Errors
    /// Damaged; the store's.
    pub async fn entries(&self, case: &CaseView, after: u64, limit: u32) -> Result<Vec<Entry>> {
        let (inner, id) = (Arc::clone(&self.inner), case.row.journal);
        self.inner
            .store
            .read(move |view| cases::entries(view, &inner.root, id, after, limit))
            .await
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
        let onlooker = onlooker.clone();
        let list = move |view: &dyn View| {
            let viewer = viewer(view, &onlooker)?;
            Ok(view.list_cases(&filter, &viewer, cursor.as_ref(), limit)?)
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

/// What the store is told about an onlooker.
fn viewer(view: &dyn View, onlooker: &Onlooker) -> Result<Viewer> {
    let person = onlooker
        .actor
        .as_person()
        .map(ToString::to_string)
        .unwrap_or_default();
    let projects = match (&onlooker.actor.who, onlooker.admin) {
        (_, true) | (procedure::Who::Service(_), _) => Scope::All,
        _ => Scope::Only(view.memberships(&person)?),
    };
    Ok(Viewer::Person { person, projects })
}
