//! The bytes of the review queue: listed as the entries say, and each still what was kept.

use casefile::ExhibitHash;

use super::super::error::Result;
use super::super::{Inner, journal, review};
use super::{Checked, Verified, sentence};
use crate::store::{JournalId, View};
use crate::vault::Exhibits;

/// Checks them; the journal's chain was found to hold before.
pub(super) fn check(
    inner: &Inner,
    view: &dyn View,
    id: JournalId,
    exhibits: Option<&Exhibits>,
    checked: &mut Checked,
) -> Result<()> {
    let mut told = match review::listed(view, id) {
        Ok(told) => told,
        Err(error) => {
            checked.find(Verified::Tampered, sentence(error)?);
            return Ok(());
        }
    };
    let mut kept = view.exhibits(id)?;
    told.sort_by(|a, b| a.id.cmp(&b.id));
    kept.sort_by(|a, b| a.id.cmp(&b.id));
    if told != kept {
        let what = "the list of mails in the review queue is not what the entries say".to_owned();
        checked.find(Verified::IndexDiffers, what);
    }
    let Some(exhibits) = exhibits.filter(|_| !told.is_empty()) else {
        return Ok(());
    };
    let key = journal::key(view, &inner.root, id)?;
    for row in &told {
        let Some(hash) = row.sha256.map(ExhibitHash::from) else {
            checked.find(
                Verified::Tampered,
                format!("mail {}: it has no hash", row.id),
            );
            continue;
        };
        match exhibits.verify(&key, &hash) {
            Ok(_) => checked.exhibits += 1,
            Err(error) => {
                checked.find(Verified::Tampered, format!("mail {}: {error}", row.id));
            }
        }
    }
    Ok(())
}
