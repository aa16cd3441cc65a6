//! Checking a data directory: every chain, every sealed text, every exhibit, every basis.

use std::collections::BTreeSet;
use std::sync::Arc;

use casefile::chain::{Chain, Stored};
use casefile::{Commitment, Hash, sealed};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::cases::Folded;
use super::error::{DeskError, Result};
use super::react::BYTES;
use super::{Desk, Inner, journal};
use crate::store::{JournalId, JournalKind, View};
use crate::vault::Exhibits;

/// How a check ended, best first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verified {
    /// Everything is as it was written.
    #[default]
    Valid,
    /// As it was written, and something was erased by an entry that says so.
    ValidWithRedactions,
    /// Something is missing.
    Incomplete,
    /// Something was changed.
    Tampered,
}

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// How it ended.
    pub verdict: Verified,
    /// Journals read.
    pub journals: u64,
    /// Entries read.
    pub entries: u64,
    /// Sealed texts opened and held against their commitments.
    pub texts: u64,
    /// Exhibits read to their end.
    pub exhibits: u64,
    /// One sentence for each thing that is not as it should be.
    pub findings: Vec<String>,
}

/// Entries are read in portions of so many.
const PORTION: u32 = 1_000;

impl Checked {
    fn find(&mut self, verdict: Verified, sentence: String) {
        self.verdict = self.verdict.max(verdict);
        self.findings.push(sentence);
    }
}

impl Desk {
    /// Checks everything in the data directory.
    ///
    /// # Errors
    /// Only where the store cannot be read at all; what is wrong in it is in the answer.
    pub async fn verify(&self, exhibits: Option<Exhibits>) -> Result<Checked> {
        let inner = Arc::clone(&self.inner);
        self.inner
            .store
            .read(move |view| check(&inner, view, exhibits.as_ref()))
            .await
    }
}

fn check(inner: &Inner, view: &dyn View, exhibits: Option<&Exhibits>) -> Result<Checked> {
    let mut checked = Checked::default();
    for kind in [
        JournalKind::Installation,
        JournalKind::Project,
        JournalKind::Case,
    ] {
        for row in view.journals(kind)? {
            checked.journals += 1;
            check_journal(inner, view, row.id, &mut checked)?;
            if let Some(exhibits) = exhibits {
                check_exhibits(inner, view, row.id, exhibits, &mut checked)?;
            }
        }
    }
    Ok(checked)
}

/// Walks the chain to its first break; then every commitment that it named.
fn check_journal(
    inner: &Inner,
    view: &dyn View,
    id: JournalId,
    checked: &mut Checked,
) -> Result<()> {
    let mut chain = Chain::new(id.0);
    let mut named = BTreeSet::new();
    loop {
        let rows = view.entries(id, chain.head().seq, PORTION)?;
        let last = rows.len() < PORTION as usize;
        for row in rows {
            let stored = Stored {
                seq: row.seq,
                hash: Hash::from(row.hash),
                bytes: &row.bytes,
            };
            match chain.push(&stored) {
                Ok(envelope) => {
                    checked.entries += 1;
                    named.extend(sealed::commitments(&envelope.body));
                    check_basis(view, &envelope, checked)?;
                }
                Err(finding) => {
                    checked.find(Verified::Tampered, finding.to_string());
                    return Ok(());
                }
            }
        }
        if last {
            break;
        }
    }
    let head = view.head(id)?;
    if head.seq != chain.head().seq || Hash::from(head.hash) != chain.head().hash {
        checked.find(
            Verified::Tampered,
            format!("journal {id}: its end is not where it was"),
        );
    }
    check_texts(inner, view, id, &named, checked)
}

fn check_texts(
    inner: &Inner,
    view: &dyn View,
    id: JournalId,
    named: &BTreeSet<Commitment>,
    checked: &mut Checked,
) -> Result<()> {
    let key = match journal::key(view, &inner.root, id) {
        Ok(key) => key,
        Err(DeskError::Store(error)) => return Err(error.into()),
        Err(error) => {
            checked.find(Verified::Incomplete, error.to_string());
            return Ok(());
        }
    };
    for commitment in named {
        match view.sealed(id, *commitment.as_bytes())? {
            None => checked.find(
                Verified::ValidWithRedactions,
                format!("journal {id}: the text {commitment} was erased"),
            ),
            Some(cipher) => match key.decrypt(commitment, &cipher) {
                Ok(_) => checked.texts += 1,
                Err(error) => checked.find(Verified::Tampered, error.to_string()),
            },
        }
    }
    Ok(())
}

/// A case names its bases by hash; each is there, and is what its hash says.
fn check_basis(
    view: &dyn View,
    envelope: &casefile::Envelope,
    checked: &mut Checked,
) -> Result<()> {
    if envelope.kind != "basis_changed" {
        return Ok(());
    }
    let place = || format!("journal {}, entry {}", envelope.journal, envelope.seq);
    let named = envelope.body["basis"]
        .as_str()
        .and_then(|hash| hash.parse::<Hash>().ok());
    let Some(hash) = named else {
        checked.find(
            Verified::Tampered,
            format!("{}: it names no basis", place()),
        );
        return Ok(());
    };
    match view.basis(*hash.as_bytes())? {
        None => {
            checked.find(
                Verified::Incomplete,
                format!("{}: basis {hash} is missing", place()),
            );
        }
        Some(bytes) if <[u8; 32]>::from(Sha256::digest(&bytes)) != *hash.as_bytes() => {
            checked.find(
                Verified::Tampered,
                format!("{}: basis {hash} was changed", place()),
            );
        }
        Some(_) => {}
    }
    Ok(())
}

fn check_exhibits(
    inner: &Inner,
    view: &dyn View,
    id: JournalId,
    exhibits: &Exhibits,
    checked: &mut Checked,
) -> Result<()> {
    let kept = view.exhibits(id)?;
    if kept.is_empty() {
        return Ok(());
    }
    let key = journal::key(view, &inner.root, id)?;
    let mut folded = Folded::empty(id);
    if folded.catch_up(view, &inner.root, id).is_err() {
        // What is wrong with it was found above.
        return Ok(());
    }
    let added = folded.case.part.evidence.exhibits.len();
    if added != kept.len() {
        let what = format!(
            "journal {id}: {added} exhibits were added, {} are listed",
            kept.len()
        );
        checked.find(Verified::Tampered, what);
    }
    for exhibit in &kept {
        let erased = folded.case.part.record.is_redacted(exhibit.seq, BYTES);
        if erased != exhibit.erased {
            let what = format!("{}: no entry says what the index says of it", exhibit.id);
            checked.find(Verified::Tampered, what);
        }
        if erased {
            let what = format!("journal {id}: the bytes of {} were erased", exhibit.id);
            checked.find(Verified::ValidWithRedactions, what);
            continue;
        }
        let Some(sha256) = exhibit.sha256 else {
            continue;
        };
        match exhibits.verify(&key, &casefile::ExhibitHash::from(sha256)) {
            Ok(_) => checked.exhibits += 1,
            Err(error) => checked.find(Verified::Tampered, format!("{}: {error}", exhibit.id)),
        }
    }
    Ok(())
}
