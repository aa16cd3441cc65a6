//! Joining the database: a node with a copy of the projects on its disk serves at once, and looks for its database beside.

use std::time::Duration;

use crate::backup;
use crate::claim;
use crate::desk::{Desk, Joining};
use crate::store::{Store, StoreError, View};
use crate::timekeeper;
use crate::vault::RootKey;

/// Whoever comes waits so long for the first look; then what they say is kept on this node's disk.
const FIRST: Duration = Duration::from_secs(2);
/// So often a database is asked that does not answer.
const WHILE_AWAY: Duration = Duration::from_millis(500);
/// So often one is looked at again that must not be used, and so often that is said.
const WHILE_REFUSED: Duration = Duration::from_secs(5);

/// What is looked at before a database is used.
#[derive(Clone)]
pub struct Admission {
    pub(super) store: Store,
    pub(super) root: RootKey,
    pub(super) drill: bool,
}

/// Why the database is not used.
enum NotNow {
    Store(StoreError),
    Refused(String),
}

impl From<StoreError> for NotNow {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Looks for the database until it is there and may be used.
pub async fn join(desk: Desk, admission: Admission) {
    let store = admission.store.clone();
    let not_yet = |how: Joining, why: &str| {
        store.stays_out(why);
        desk.has_not_joined(how);
    };
    let mut told = String::new();
    loop {
        let asked = admission.clone();
        let mut look = tokio::task::spawn_blocking(move || asked.look());
        let looked = match tokio::time::timeout(FIRST, &mut look).await {
            Ok(looked) => looked,
            Err(_) => {
                not_yet(Joining::Away("it is silent".to_owned()), "it is silent");
                look.await
            }
        };
        let (how, why, pause) = match looked {
            Ok(Ok(())) => break,
            Ok(Err(NotNow::Store(error))) if is_away(&error) => {
                let why = error.to_string();
                (Joining::Away(why.clone()), why, WHILE_AWAY)
            }
            Ok(Err(NotNow::Store(error))) => refused(error.to_string()),
            Ok(Err(NotNow::Refused(why))) => refused(why),
            Err(bug) => refused(bug.to_string()),
        };
        if matches!(how, Joining::Refused(_)) || told != why {
            tracing::error!(
                why,
                "this node serves from its own disk and has not joined its database"
            );
            told.clone_from(&why);
        }
        not_yet(how, &why);
        tokio::time::sleep(pause).await;
    }
    if !told.is_empty() {
        tracing::warn!("this node has joined its database");
    }
    let (store, clock) = desk.store_and_clock();
    timekeeper::begin(&store, &clock).await;
    desk.has_joined();
}

fn refused(why: String) -> (Joining, String, Duration) {
    (Joining::Refused(why.clone()), why, WHILE_REFUSED)
}

fn is_away(error: &StoreError) -> bool {
    matches!(
        error,
        StoreError::Away(_)
            | StoreError::Unknown
            | StoreError::Busy(_)
            | StoreError::Full
            | StoreError::Io(_)
    )
}

impl Admission {
    fn look(&self) -> Result<(), NotNow> {
        self.store.join(|view: &dyn View| {
            let refused = backup::not_to_be_served(view)
                .map_err(|error| NotNow::Refused(error.to_string()))?;
            let refused = match refused {
                None => claim::must_not_be_used(view, &self.root, self.drill)?,
                refused => refused,
            };
            refused.map_or(Ok(()), |why| Err(NotNow::Refused(why)))
        })
    }
}
