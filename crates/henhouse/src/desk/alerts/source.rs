//! Alert sources: made, listed and withdrawn, and found by the key that they show.

use std::sync::Arc;

use procedure::Actor;
use procedure::project::{AddSource, AlertSource, ProjectCommand, Sender, TopicHeard};

use super::Sending;
use crate::auth::signature::SigningSecret;
use crate::desk::error::{DeskError, Result};
use crate::desk::{Desk, token_id};
use crate::store::{Hash, JournalId, View};

/// A source to be added.
#[derive(Clone, Debug)]
pub struct NewSource {
    /// Its short name.
    pub name: String,
    /// What sends.
    pub sender: Sender,
    /// So long after it opened an event, its other alerts join that event.
    pub gather_minutes: u32,
    /// The topics of Amazon SNS that it listens to, by their ARNs.
    pub topics: Vec<String>,
}

impl Desk {
    /// Adds an alert source with a key of this hash.
    ///
    /// # Errors
    /// Refused for a name that does not do; not found.
    pub async fn add_source(
        &self,
        project: JournalId,
        actor: Actor,
        new: NewSource,
        key: Hash,
    ) -> Result<AlertSource> {
        let id = token_id(&key);
        let add = AddSource {
            id: id.clone(),
            name: new.name,
            sender: new.sender,
            key: hex(&key),
            gather_minutes: new.gather_minutes,
            topics: new.topics,
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
        let key = hex(&key);
        self.live_source(move |source| source.key == key).await
    }

    /// The source of this public id, if it signs what it sends. Who sends is for the signature to say.
    ///
    /// # Errors
    /// The store's.
    pub async fn signing_source(&self, id: String) -> Result<Option<Sending>> {
        let meant = move |source: &AlertSource| source.id == id && source.sender.signs();
        self.live_source(meant).await
    }

    /// The source of this public id, if this sort of program sends to it. Who sends is for something else to say.
    ///
    /// # Errors
    /// The store's.
    pub async fn source_at(&self, sender: Sender, id: String) -> Result<Option<Sending>> {
        let meant = move |source: &AlertSource| source.id == id && source.sender == sender;
        self.live_source(meant).await
    }

    /// The live source of this name in a project.
    ///
    /// # Errors
    /// The store's.
    pub async fn source_named(&self, project: &str, name: &str) -> Result<Option<Sending>> {
        let (inner, name) = (Arc::clone(&self.inner), name.to_owned());
        let project = project.to_owned();
        let look = move |view: &dyn View| {
            let Some(row) = view.project_by_slug(&project)? else {
                return Ok(None);
            };
            let state = inner.project_as_it_is(view, row.journal)?.state;
            let found = state.live_sources().find(|source| source.name == name);
            Ok(found.map(|source| Sending {
                project: row.journal,
                source: source.clone(),
            }))
        };
        self.inner.store.read(look).await
    }

    /// Notes that the subscription of a source to a topic runs, or was ended.
    ///
    /// # Errors
    /// Refused where the source does not listen to it.
    pub async fn hear_topic(&self, from: &Sending, topic: String, runs: bool) -> Result<()> {
        let actor = super::take::actor(from);
        let id = from.source.id.clone();
        let command = ProjectCommand::HearTopic(TopicHeard { id, topic, runs });
        let changed = self.change_project(from.project, actor, command, None);
        changed.await.map(drop)
    }

    /// The secret with which a source signs. It follows from the root key and the source's id, and is stored nowhere.
    #[must_use]
    pub fn signing_secret(&self, source: &AlertSource) -> SigningSecret {
        SigningSecret::derive(&self.inner.root, &source.id)
    }

    async fn live_source(
        &self,
        meant: impl Fn(&AlertSource) -> bool + Send + 'static,
    ) -> Result<Option<Sending>> {
        let inner = Arc::clone(&self.inner);
        let look = move |view: &dyn View| {
            for project in view.projects()? {
                let state = inner.project_as_it_is(view, project.journal)?.state;
                let mut sources = state.live_sources();
                if let Some(source) = sources.find(|source| meant(source)) {
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

fn hex(hash: &Hash) -> String {
    casefile::Hash::from(*hash).to_string()
}
