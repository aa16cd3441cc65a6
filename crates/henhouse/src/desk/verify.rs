//! Checking a data directory: every chain, every sealed text, every exhibit, every basis,
//! and the index against what the journals say.

use std::collections::BTreeSet;
use std::sync::Arc;

use casefile::chain::Chain;
use casefile::{Commitment, Envelope, Hash, sealed};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::error::{DeskError, Result};
use super::react::BYTES;
use super::{Desk, Inner, journal, react};
use crate::store::{JournalId, JournalKind, View};
use crate::vault::Exhibits;

mod access;
mod meaning;
mod receipts;
mod told;

pub(crate) use access::hash_of;

/// How a check ended, best first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verified {
    /// Everything is as it was written.
    #[default]
    Valid,
    /// As it was written, and something was erased by an entry that says so.
    ValidWithRedactions,
    /// The journals are as they were written, and what was made of them to find things quickly is not: `rebuild` makes it
    /// anew.
    IndexDiffers,
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
/// A place that no entry reaches.
const BEYOND: u64 = i64::MAX.unsigned_abs();

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
    let mut numbers = Some(BTreeSet::new());
    for kind in [
        JournalKind::Installation,
        JournalKind::Project,
        JournalKind::Case,
    ] {
        for row in view.journals(kind)? {
            checked.journals += 1;
            let sound = check_journal(inner, view, row.id, &mut checked)?;
            let number = match kind {
                JournalKind::Installation => {
                    if sound {
                        access::check(inner, view, row.id, &mut checked)?;
                    }
                    continue;
                }
                JournalKind::Project => {
                    if sound {
                        meaning::check_project(inner, view, &row, &mut checked)?;
                    }
                    continue;
                }
                JournalKind::Case if sound => {
                    meaning::check_case(inner, view, &row, exhibits, &mut checked)?
                }
                JournalKind::Case => None,
            };
            numbers = numbers.zip(number).map(|(mut numbers, number)| {
                numbers.insert(number);
                numbers
            });
        }
    }
    receipts::check(view, &mut checked)?;
    if let Some(numbers) = numbers {
        meaning::check_numbers(view, &numbers, &mut checked)?;
    }
    Ok(checked)
}

/// What is wrong with a journal, as a finding. The store's own errors stay errors.
fn sentence(error: DeskError) -> Result<String> {
    match error {
        DeskError::Store(error) => Err(error.into()),
        DeskError::Damaged(sentence) => Ok(sentence),
        error => Ok(error.to_string()),
    }
}

/// Walks the chain to its first break; then every commitment that it named. Answers whether its
/// entries can be read.
fn check_journal(
    inner: &Inner,
    view: &dyn View,
    id: JournalId,
    checked: &mut Checked,
) -> Result<bool> {
    let mut chain = Chain::new(id.0);
    let mut texts = Texts::default();
    loop {
        let rows = view.entries(id, chain.head().seq, PORTION)?;
        let last = rows.len() < PORTION as usize;
        for row in rows {
            let envelope = match journal::check(&mut chain, &row) {
                Ok(envelope) => envelope,
                Err(error) => {
                    checked.find(Verified::Tampered, sentence(error)?);
                    return Ok(false);
                }
            };
            checked.entries += 1;
            texts.named.extend(sealed::commitments(&envelope.body));
            texts.erased.extend(erased_text(view, id, &envelope)?);
            check_basis(view, &envelope, checked)?;
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
    check_end(view, id, head.seq, checked)?;
    check_texts(inner, view, id, &texts, checked)
}

/// What stands beside a journal knows of its entries: an end that was cut off shows there.
fn check_end(view: &dyn View, id: JournalId, last: u64, checked: &mut Checked) -> Result<()> {
    let sealed = view.sealed_between(id, last, BEYOND)?;
    let sealed = sealed.iter().map(|row| row.seq).max();
    let told = view.deliveries_of(id)?;
    let told = told.iter().map(|row| row.seq).max();
    let listed = view.case(id)?.map(|row| row.seq);
    let project = view.project(id)?.map(|row| row.seq);
    let known = [sealed, told, listed, project].into_iter().flatten().max();
    if let Some(known) = known.filter(|known| *known > last) {
        let what = format!(
            "journal {id}: it ends at entry {last}, but there was an entry {known}; its end was cut off"
        );
        checked.find(Verified::Tampered, what);
    }
    Ok(())
}

/// The texts that a journal names, and those of which an entry says that they were erased.
#[derive(Default)]
struct Texts {
    named: BTreeSet<Commitment>,
    erased: BTreeSet<Commitment>,
}

/// The text that this entry says was erased.
fn erased_text(view: &dyn View, id: JournalId, envelope: &Envelope) -> Result<Option<Commitment>> {
    let body = &envelope.body;
    let (Some(seq), Some(field)) = (body["entry"].as_u64(), body["field"].as_str()) else {
        return Ok(None);
    };
    if envelope.kind != "redacted" || field == BYTES {
        return Ok(None);
    }
    match react::named_text(view, id, seq, field) {
        Ok(commitment) => Ok(commitment),
        Err(error) => sentence(error).map(|_| None),
    }
}

fn check_texts(
    inner: &Inner,
    view: &dyn View,
    id: JournalId,
    texts: &Texts,
    checked: &mut Checked,
) -> Result<bool> {
    let key = match journal::key(view, &inner.root, id) {
        Ok(key) => key,
        Err(error) => {
            checked.find(Verified::Incomplete, sentence(error)?);
            return Ok(false);
        }
    };
    let mut sound = true;
    for commitment in &texts.named {
        let erased = texts.erased.contains(commitment);
        match view.sealed(id, *commitment.as_bytes())? {
            // By whom stands with the case.
            None if erased => checked.verdict = checked.verdict.max(Verified::ValidWithRedactions),
            None => checked.find(
                Verified::Incomplete,
                format!("journal {id}: the text {commitment} is missing, and no entry says that it was erased"),
            ),
            Some(_) if erased => checked.find(
                Verified::Tampered,
                format!("journal {id}: the text {commitment} was erased and is there again"),
            ),
            Some(cipher) => match key.decrypt(commitment, &cipher) {
                Ok(_) => checked.texts += 1,
                Err(error) => {
                    checked.find(Verified::Tampered, error.to_string());
                    sound = false;
                }
            },
        }
    }
    Ok(sound)
}

/// A case names its bases by hash; each is there, and is what its hash says.
fn check_basis(view: &dyn View, envelope: &Envelope, checked: &mut Checked) -> Result<()> {
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
