//! Alert sources: made, listed and withdrawn, and found by the key that they show.

use std::sync::Arc;

use procedure::Actor;
use procedure::project::{AddSource, AlertSource, ProjectCommand, Sender};

use super::Sending;
use crate::desk::error::{DeskError, Result};
use crate::desk::{Desk, Inner, token_id};
use crate::store::{Hash, JournalId, View};

impl Desk {
    /// Adds an alert source with a key of this hash.
    ///
    /// # Errors
    /// Refused for a name that does not do; not found.
    pub async fn add_source(
        &self,
        project: JournalId,
        actor: Actor,
        (name, sender, gather_minutes): (String, Sender, u32),
        key: Hash,
    ) -> Result<AlertSource> {
        let id = token_id(&key);
        let add = AddSource {
            id: id.clone(),
            name,
            sender,
            key: hex(&key),
            gather_minutes,
        };
        let command = ProjectCommand::AddSource(add);
        let state = self.change_project(project, actor, command, None).await?;
        let source = state.sources.get(&id).cloned();
        source.ok_or(DeskError::NotFound("alert source"))
    }

    /// Lets the key of a source open nothing any more.
    ///
    /// # Errors
    /// Refused where it is none, or was withdrawn before.
    pub async fn withdraw_source(
        &self,
        project: JournalId,
        actor: Actor,
        id: String,
    ) -> Result<()> {
        let command = ProjectCommand::WithdrawSource { id };
        let changed = self.change_project(project, actor, command, None);
        changed.await.map(drop)
    }

    /// Whoever shows a key of this hash, if it opens anything.
    ///
    /// # Errors
    /// The store's.
    pub async fn sending(&self, key: Hash) -> Result<Option<Sending>> {
        let (inner, key) = (Arc::clone(&self.inner), hex(&key));
        let look = move |view: &dyn View| {
            for project in view.projects()? {
                let state = inner.project_as_it_is(view, project.journal)?.state;
                let mut sources = state.live_sources();
                if let Some(source) = sources.find(|source| source.key == key) {
                    return Ok(Some(Sending {
                        project: project.journal,
                        source: source.clone(),
                    }));
                }
            }
            Ok(None)
        };
        self.inner.store.read(look).await
    }
}

/// Whether the source was not withdrawn meanwhile.
pub(super) fn lives(inner: &Inner, view: &dyn View, from: &Sending) -> Result<bool> {
    let state = inner.project_as_it_is(view, from.project)?.state;
    let lives = state
        .live_sources()
        .any(|source| source.id == from.source.id);
    Ok(lives)
}

fn hex(hash: &Hash) -> String {
    casefile::Hash::from(*hash).to_string()
}
