//! Journals that do not check out: known to whoever runs the server, and told to the admins once.
//!
//! The finding goes into the installation's journal, and from there by mail to every admin who has an address. That some
//! journal is damaged never keeps another one, or a report, from being taken.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use procedure::Actor;
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::sync::Notify;

use super::error::{DeskError, Result};
use super::installation::Addressee;
use super::{Desk, Inner};
use crate::report::trouble::Of;
use crate::report::{Words, trouble};
use crate::store::{JournalId, JournalKind, Tx, View};

/// What was found so far.
#[derive(Default)]
pub(super) struct Damage {
    found: Mutex<BTreeMap<JournalId, Arc<str>>>,
    pub(super) nudge: Arc<Notify>,
}

impl Damage {
    pub(super) fn found(&self, id: JournalId, sentence: &str) {
        if self.lock().insert(id, sentence.into()).as_deref() != Some(sentence) {
            tracing::error!(journal = %id, sentence, "a journal is damaged");
            self.nudge.notify_one();
        }
    }

    pub(super) fn mended(&self, id: JournalId) {
        self.lock().remove(&id);
    }

    fn all(&self) -> BTreeMap<JournalId, Arc<str>> {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<JournalId, Arc<str>>> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Desk {
    /// Looks over the installation's journal and every project's, so that damage is known before somebody needs it.
    ///
    /// # Errors
    /// The store's.
    pub async fn look_over(&self) -> Result<()> {
        let inner = Arc::clone(&self.inner);
        let look = move |view: &dyn View| {
            for row in view.journals(JournalKind::Installation)? {
                inner.look_over_installation(view, row.id)?;
            }
            for row in view.journals(JournalKind::Project)? {
                inner.project_as_it_is(view, row.id)?;
            }
            Ok(())
        };
        self.inner.store.read(look).await
    }

    /// What is wrong, a line for each journal; empty where nothing is known to be. No case is named.
    ///
    /// # Errors
    /// The store's.
    pub async fn troubles(&self) -> Result<Vec<String>> {
        let found = self.inner.damage.all();
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let say = move |view: &dyn View| {
            let mut said = Vec::new();
            let mut cases = 0;
            for (id, sentence) in &found {
                match view.project(*id)? {
                    Some(project) => said.push(trouble::of_project(&project.slug, sentence)),
                    None if is_installation(view, *id)? => {
                        said.push(trouble::of_the_installation(sentence));
                    }
                    None => cases += 1,
                }
            }
            said.extend(trouble::of_cases(cases));
            Ok(said)
        };
        self.inner.store.read(say).await
    }

    /// How many journals are known to be damaged.
    #[must_use]
    pub fn damaged(&self) -> usize {
        self.inner.damage.lock().len()
    }

    /// Rings when a journal was found to be damaged.
    #[must_use]
    pub fn damage_nudge(&self) -> Arc<Notify> {
        Arc::clone(&self.inner.damage.nudge)
    }

    /// Tells the admins of what was found and not told yet, each finding once; answers how many.
    ///
    /// # Errors
    /// The store's. Nothing is told then, and the next call tells it.
    pub async fn raise_alarms(&self) -> Result<usize> {
        let mut raised = 0;
        for (id, sentence) in self.inner.damage.all() {
            let inner = Arc::clone(&self.inner);
            let raise = move |tx: &mut dyn Tx| raise(&inner, tx, id, &sentence);
            raised += usize::from(self.write(raise).await?);
        }
        Ok(raised)
    }
}

/// Writes the finding down and tells it, unless that was done.
fn raise(inner: &Arc<Inner>, tx: &mut dyn Tx, id: JournalId, sentence: &str) -> Result<bool> {
    let told = format!("damage {id}");
    let hash = Sha256::digest(sentence.as_bytes());
    if tx.setting(&told)?.as_deref() == Some(&hash[..]) {
        return Ok(false);
    }
    tx.put_setting(&told, &hash)?;
    let row = tx.journal(id)?.ok_or(DeskError::NotFound("journal"))?;
    let body = json!({ "journal": id.to_string(), "of": row.kind.word(), "sentence": sentence });
    let seq = inner.note(tx, &Actor::system(), "damage_found", body)?;
    let project = tx.project(id)?.map(|project| project.slug);
    let case = tx.case(id)?.filter(|case| !case.restricted);
    let number = case.map(|case| case.number.to_string());
    let of = match &project {
        Some(project) => Of::Project(project),
        None if row.kind == JournalKind::Installation => Of::Installation,
        None => Of::Case(number.as_deref()),
    };
    let words = trouble::letter(&of, sentence);
    tell_admins(inner, tx, seq, &words)?;
    Ok(true)
}

fn is_installation(view: &dyn View, id: JournalId) -> Result<bool> {
    let row = view.journal(id)?;
    Ok(row.is_some_and(|row| row.kind == JournalKind::Installation))
}

/// Writes to every admin who has an address, because of entry `seq` of the installation's journal.
pub(super) fn tell_admins(inner: &Inner, tx: &mut dyn Tx, seq: u64, words: &Words) -> Result<()> {
    let admins = tx.accounts()?.into_iter();
    let admins: Vec<_> = admins
        .filter(|account| account.role == "admin" && !account.disabled)
        .filter_map(|account| Some((Addressee::of(&account, account.email.clone())?, words)))
        .collect();
    inner.write_to(tx, seq, &admins)
}
