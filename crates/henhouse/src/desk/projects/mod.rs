//! Projects: their journals, and the basis that each of their cases is given.

mod change;
mod known;
mod rows;

use std::sync::Arc;

use casefile::chain::Chain;
use procedure::Actor;
use procedure::project::{ProjectCommand, ProjectState};

use super::answers::{OneUse, keep_answer, kept_answer};
use super::error::Result;
use super::{Desk, Inner, contacts, journal};
use crate::store::{JournalId, JournalKind, JournalRow, ProjectRow, Tx, View};
use crate::vault::JournalKey;
use change::{carry_out, free, revise_cases};

pub(crate) use known::{FoldedProject, Known};
pub(super) use known::{Partly, project_entry};
pub(super) use rows::{find, index, made_of};

impl Inner {
    /// Carries a command out on a project within a transaction, where no rule looks at what it changes.
    pub(super) fn change_within(
        &self,
        tx: &mut dyn Tx,
        id: JournalId,
        actor: &Actor,
        command: &ProjectCommand,
    ) -> Result<()> {
        let key = journal::key(tx, &self.root, id)?;
        let before = self.project(tx, id)?;
        let project = carry_out(self, tx, &key, before, actor, command)?;
        index(tx, id, &project.state)
    }
}

impl Desk {
    /// Founds a project by these commands, the first of which creates it; answers its journal.
    ///
    /// # Errors
    /// Refused where the name or letters do not fit or are taken.
    pub async fn create_project(
        &self,
        actor: Actor,
        commands: Vec<ProjectCommand>,
        once: Option<OneUse>,
    ) -> Result<JournalId> {
        let inner = Arc::clone(&self.inner);
        let asked = inner.asked(once, "found", &commands)?;
        let founded = self.write(move |tx| {
            if let Some(kept) = kept_answer(tx, asked.as_ref())? {
                return Ok(JournalId(kept));
            }
            free(tx, &commands)?;
            let now = inner.clock.now();
            let id = JournalId(inner.ids.uuid_v7(now));
            let key = JournalKey::create(id.0, &inner.ids);
            let kind = JournalKind::Project;
            tx.create_journal(&JournalRow {
                id,
                kind,
                parent: None,
                created_at: now,
            })?;
            tx.put_journal_key(id, &key.wrap(&inner.root, &inner.ids))?;
            let mut project = FoldedProject::new(ProjectState::default(), Chain::new(id.0));
            for command in &commands {
                project = carry_out(&inner, tx, &key, project, &actor, command)?;
            }
            index(tx, id, &project.state)?;
            keep_answer(tx, asked, &id.0, inner.clock.wall())?;
            Ok(id)
        });
        let founded = founded.await?;
        self.learn_at_once().await;
        Ok(founded)
    }

    /// Carries a command out on a project. A revision reaches every open case of the project in
    /// the same transaction, so that a walk goes on with the new list.
    ///
    /// # Errors
    /// Refused by a rule, or where it names something unknown.
    pub async fn change_project(
        &self,
        id: JournalId,
        actor: Actor,
        command: ProjectCommand,
        once: Option<OneUse>,
    ) -> Result<Arc<ProjectState>> {
        let inner = Arc::clone(&self.inner);
        let asked = inner.asked(once, "change", &(id.0, &command))?;
        let changed = self.write(move |tx| {
            let key = journal::key(tx, &inner.root, id)?;
            let before = inner.project(tx, id)?;
            if kept_answer::<u64>(tx, asked.as_ref())?.is_some() {
                return Ok(before.state);
            }
            if let ProjectCommand::Revise { directory, .. } = &command {
                contacts::reachable(&before.state.directory, directory)?;
            }
            let known = before.state.directory.clone();
            let revision = before.state.revision;
            let project = carry_out(&inner, tx, &key, before, &actor, &command)?;
            index(tx, id, &project.state)?;
            inner.tell_who_moved(tx, &actor, &known, &project.state.directory)?;
            if project.state.revision != revision {
                revise_cases(&inner, tx, id, &project.state)?;
            }
            keep_answer(tx, asked, &project.state.seq, inner.clock.wall())?;
            Ok(project.state)
        });
        let changed = changed.await?;
        self.learn_at_once().await;
        Ok(changed)
    }

    /// A project as it stands.
    ///
    /// # Errors
    /// Not found, or damaged.
    pub async fn project(&self, id: JournalId) -> Result<Arc<ProjectState>> {
        let inner = Arc::clone(&self.inner);
        self.inner
            .store
            .read(move |view| Ok(inner.project(view, id)?.state))
            .await
    }

    /// A project for taking reports and showing what is there; of one whose journal does not check out, what can still
    /// be made out.
    ///
    /// # Errors
    /// Not found; the store's.
    pub async fn project_as_it_is(&self, id: JournalId) -> Result<Arc<ProjectState>> {
        let inner = Arc::clone(&self.inner);
        let read = move |view: &dyn View| Ok(inner.project_as_it_is(view, id)?.state);
        self.inner.store.read(read).await
    }

    /// Every project, by short name.
    ///
    /// # Errors
    /// The store's.
    pub async fn projects(&self) -> Result<Vec<ProjectRow>> {
        self.inner.store.read(|view| Ok(view.projects()?)).await
    }

    /// The project of that short name; where none is named, the oldest that has people.
    ///
    /// # Errors
    /// Not found.
    pub async fn find_project(&self, slug: Option<String>) -> Result<ProjectRow> {
        self.inner
            .store
            .read(move |view| find(view, slug.as_deref()))
            .await
    }
}
