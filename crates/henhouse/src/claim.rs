//! Who a store belongs to: one root key, and a drill or a real installation. Claimed in a transaction, so that of two nodes
//! that start on an empty database at the same moment one founds it and the other is told so.

use std::path::Path;

use anyhow::{Result, bail};

use crate::ids::Ids;
use crate::store::{JournalKind, Store, StoreError, Tx, View};
use crate::vault::{JournalKey, RootKey};

/// The setting that marks a directory as a drill's, or as not.
pub const KIND: &str = "installation.kind";
/// The setting that tells the root key of the installation from others, and tells nothing else about it.
const KEY: &str = "installation.key";
/// What it is derived under.
const LABEL: &str = "henhouse/root-key-print/v1";

/// The root key in this data directory, made there on the first start, if it is the store's.
///
/// # Errors
/// It is not there, or another one than the store's; the store's.
pub async fn root_key(store: &Store, data: &Path, first_start: bool, ids: &Ids) -> Result<RootKey> {
    let path = data.join("root.key");
    let made = first_start && !path.exists();
    let root = RootKey::open(&path, first_start, ids)?;
    let (print, theirs) = (root.derived(LABEL).to_vec(), root.clone());
    let claimed = store.write(move |tx| {
        if let Some(claimed) = tx.setting(KEY)? {
            return Ok::<_, StoreError>(claimed == print);
        }
        let fits = opens(tx, &theirs)?;
        if fits {
            tx.put_setting(KEY, &print)?;
        }
        Ok(fits)
    });
    if claimed.await? {
        return Ok(root);
    }
    let data = data.display();
    if made {
        // It has opened nothing, and would be in the way of the right one.
        let _the_sentence_says_what_to_do = std::fs::remove_file(&path);
        bail!(
            "another node has founded this database a moment ago; copy root.key from its data directory into {data} and \
             start again"
        );
    }
    bail!(
        "the root key in {data} does not open this database; copy root.key from the node that has served it"
    )
}

/// Why a node that holds this key and served this kind of installation must not use a database; nothing if it may. Nothing
/// is changed.
///
/// # Errors
/// The store's.
pub fn must_not_be_used(
    view: &dyn View,
    root: &RootKey,
    drill: bool,
) -> Result<Option<String>, StoreError> {
    let said = match view.setting(KEY)? {
        Some(print) if print == *root.derived(LABEL) => None,
        Some(_) => Some(
            "this is the database of another installation: this node's root key does not open it",
        ),
        None => Some(
            "nobody has founded an installation in this database, and this node has served one that was founded",
        ),
    };
    let kind: &[u8] = if drill { b"drill" } else { b"real" };
    let other = view.setting(KIND)?.is_some_and(|found| found != kind);
    let said = said.or(other.then_some(
        "this database holds a drill where a real installation was, or the other way round",
    ));
    Ok(said.map(|said| format!("{said}; see that `database` in the settings names the right one")))
}

/// Whether nobody has founded anything in the store, nor is about to.
///
/// # Errors
/// The store's.
pub fn is_new(view: &dyn View) -> Result<bool, StoreError> {
    Ok(view.setting(KEY)?.is_none()
        && view.projects()?.is_empty()
        && view.journals(JournalKind::Installation)?.is_empty())
}

/// Whether the key opens what is there. That of another installation, or of another node that was not copied, would open
/// nothing.
fn opens(view: &dyn Tx, root: &RootKey) -> Result<bool, StoreError> {
    let Some(project) = view.projects()?.into_iter().next() else {
        return Ok(true);
    };
    let wrapped = view.journal_key(project.journal)?;
    let opens = |wrapped: Vec<u8>| JournalKey::unwrap(root, project.journal.0, &wrapped).is_ok();
    Ok(wrapped.is_none_or(opens))
}

/// A drill and a real installation never share a directory.
///
/// # Errors
/// It is of the other kind; the store's.
pub async fn kind(store: &Store, drill: bool) -> Result<()> {
    let wanted: &'static [u8] = if drill { b"drill" } else { b"real" };
    let found = store
        .write(move |tx| {
            let found = tx.setting(KIND)?;
            if found.is_none() {
                tx.put_setting(KIND, wanted)?;
            }
            Ok::<_, StoreError>(found)
        })
        .await?;
    match found {
        Some(found) if found != wanted && drill => {
            bail!(
                "this data directory is a real installation; give a drill one of its own (--data)"
            )
        }
        Some(found) if found != wanted => {
            bail!("this data directory belongs to a drill; serve it with --drill")
        }
        _ => Ok(()),
    }
}
