//! The entrances that the settings name, by mail and by telephone, and whether what each leads to is there: a slip in the settings
//! turns reports or alerts away, so whoever looks after the installation is shown it before anybody writes or calls.

use std::sync::Arc;

use super::error::{DeskError, Result};
use super::{Desk, Inner};
use crate::store::View;

/// What comes in by an entrance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Brings {
    /// Mail that a mail server hands over.
    Mail,
    /// Mail that is an alert.
    AlertMail,
    /// Calls of people who report.
    Calls,
}

/// An entrance, by the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entrance {
    /// What comes in by it.
    pub brings: Brings,
    /// Where: an address, a number.
    pub at: String,
    /// The project that it is for.
    pub project: String,
    /// The project's alert source, by its name, where it is for alerts.
    pub source: Option<String>,
}

/// What an entrance leads to that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lacks {
    /// Its project.
    Project,
    /// The alert source, or it was withdrawn.
    Source,
}

impl Desk {
    /// Says which entrances there are. The first time counts.
    pub fn is_reached_by(&self, all: Vec<Entrance>) {
        let _ = self.inner.surroundings.entrances.set(all);
    }

    /// Every entrance, with what it lacks.
    ///
    /// # Errors
    /// The store's.
    pub async fn entrances(&self) -> Result<Vec<(Entrance, Option<Lacks>)>> {
        let all = self.inner.surroundings.entrances.get();
        let Some(all) = all.filter(|all| !all.is_empty()).cloned() else {
            return Ok(Vec::new());
        };
        let inner = Arc::clone(&self.inner);
        let look = move |view: &dyn View| {
            let looked = all.into_iter().map(|one| {
                let lacks = lacks(&inner, view, &one)?;
                Ok::<_, DeskError>((one, lacks))
            });
            looked.collect()
        };
        self.inner.store.read(look).await
    }
}

fn lacks(inner: &Inner, view: &dyn View, one: &Entrance) -> Result<Option<Lacks>> {
    let Some(project) = view.project_by_slug(&one.project)? else {
        return Ok(Some(Lacks::Project));
    };
    let Some(name) = &one.source else {
        return Ok(None);
    };
    let state = inner.project_as_it_is(view, project.journal)?.state;
    let there = state.live_sources().any(|source| &source.name == name);
    Ok((!there).then_some(Lacks::Source))
}
