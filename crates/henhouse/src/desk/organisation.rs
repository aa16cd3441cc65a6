//! What the organisation is called that this installation belongs to: heads of pages, prints and mails say it. Who named it
//! so stands in the installation's journal; the name itself is a setting, of which each node knows a copy.

use std::sync::{Arc, PoisonError, RwLock};

use procedure::{Actor, Text};
use serde_json::json;

use super::error::{DeskError, Result};
use super::{Desk, Inner};
use crate::store::View;

/// The setting that holds it; empty where there is none.
const SETTING: &str = "organisation.name";
/// It stands in every head, so it is no longer, in characters.
const LIMIT: usize = 60;

/// What a node knows of it.
#[derive(Default)]
pub(crate) struct Known(RwLock<Option<Arc<str>>>);

impl Desk {
    /// What the organisation is called, if somebody said so: as this node knows it.
    #[must_use]
    pub fn organisation(&self) -> Option<Arc<str>> {
        self.inner.organisation()
    }

    /// Names the organisation; nothing takes the name off.
    ///
    /// # Errors
    /// Bad input for one that is too long or has more than a line; the store's.
    pub async fn name_organisation(&self, actor: Actor, name: Option<String>) -> Result<()> {
        let name = name.map(|name| name.trim().to_owned());
        let name = name.filter(|name| !name.is_empty());
        let wrong =
            |name: &String| name.chars().count() > LIMIT || name.chars().any(char::is_control);
        if name.as_ref().is_some_and(wrong) {
            return Err(DeskError::BadInput {
                field: "organisation".to_owned(),
                sentence: format!(
                    "One line of at most {LIMIT} characters: it stands in every head."
                ),
            });
        }
        let inner = Arc::clone(&self.inner);
        self.write(move |tx| {
            tx.put_setting(SETTING, name.as_deref().unwrap_or_default().as_bytes())?;
            let body = json!({ "name": name.as_deref().map(Text::from) });
            inner.note(tx, &actor, "organisation_named", body)?;
            let known = Arc::clone(&inner);
            tx.after_commit(Box::new(move || known.organisation.keep(name)));
            Ok(())
        })
        .await
    }

    /// Looks up what another node may have been told.
    ///
    /// # Errors
    /// The store's.
    pub async fn look_up_organisation(&self) -> Result<()> {
        let read = |view: &dyn View| Ok::<_, DeskError>(view.setting(SETTING)?);
        let kept = self.inner.store.read(read).await?;
        let name = kept.and_then(|bytes| String::from_utf8(bytes).ok());
        self.inner
            .organisation
            .keep(name.filter(|name| !name.is_empty()));
        Ok(())
    }
}

impl Inner {
    pub(super) fn organisation(&self) -> Option<Arc<str>> {
        let known = self.organisation.0.read();
        known.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A mail's text with the organisation's name at its foot.
    pub(super) fn signed(&self, text: String) -> String {
        match self.organisation() {
            Some(name) => format!("{}\n\n-- \n{name}\n", text.trim_end()),
            None => text,
        }
    }
}

impl Known {
    fn keep(&self, name: Option<String>) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        *known = name.map(Arc::from);
    }
}
