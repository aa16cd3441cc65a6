//! Checking a data directory: every chain, every sealed text, every exhibit, every basis,
//! and the index against what the journals say.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use casefile::chain::Chain;
use casefile::{Commitment, Envelope, Hash, sealed};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::error::{DeskError, Result};
use super::react::BYTES;
use super::{Desk, Inner, journal, react};
use crate::store::{CaseNumber, JournalId, JournalKind, JournalRow, StoreError, View};
use crate::vault::Exhibits;

mod access;
mod mail;
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
    /// Some of it only a newer version of this program understands; as far as this one can tell it is as it was written.
    Newer,
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
/// So many journals are checked in one look.
const TOGETHER: usize = 16;
/// A look that was made to end is taken so many times.
const TRIES: usize = 2;
/// A place that no entry reaches.
const BEYOND: u64 = i64::MAX.unsigned_abs();

impl Checked {
    fn find(&mut self, verdict: Verified, sentence: String) {
        self.verdict = self.verdict.max(verdict);
        self.findings.push(sentence);
    }

    fn add(&mut self, part: Self) {
        self.verdict = self.verdict.max(part.verdict);
        self.journals += part.journals;
        self.entries += part.entries;
        self.texts += part.texts;
        self.exhibits += part.exhibits;
        self.findings.extend(part.findings);
    }
}

/// What there is to be checked, all as of one instant.
struct Everything {
    journals: Vec<JournalRow>,
    /// The numbers that were given, by counter.
    counters: BTreeMap<String, u64>,
}

impl Desk {
    /// Checks everything in the data directory that was there when it began, a few journals at a time: however much it is, no
    /// look at the store lasts long, and others go on beside.
    ///
    /// # Errors
    /// Only where the store cannot be read at all; what is wrong in it is in the answer.
    pub async fn verify(&self, exhibits: Option<Exhibits>) -> Result<Checked> {
        let everything = self.looks_again(|_, view| everything(view)).await?;
        let (mut checked, mut numbers) = (Checked::default(), Some(BTreeSet::new()));
        for some in everything.journals.chunks(TOGETHER) {
            let (rows, exhibits) = (some.to_vec(), exhibits.clone());
            let look = move |inner: &Inner, view: &dyn View| {
                check_some(inner, view, &rows, exhibits.as_ref())
            };
            let (part, more) = self.looks_again(look).await?;
            checked.add(part);
            numbers = numbers.zip(more).map(|(mut all, more)| {
                all.extend(more);
                all
            });
        }
        let receipts = self.looks_again(|_, view| {
            let mut part = Checked::default();
            receipts::check(view, &mut part)?;
            Ok(part)
        });
        checked.add(receipts.await?);
        if let Some(numbers) = numbers {
            meaning::check_numbers(everything.counters, &numbers, &mut checked);
        }
        Ok(checked)
    }

    /// A look at the store that is taken again where it was made to end for others' sake; the last time on a connection of
    /// its own, for as long as it takes.
    async fn looks_again<T: Send + 'static>(
        &self,
        look: impl Fn(&Inner, &dyn View) -> Result<T> + Clone + Send + 'static,
    ) -> Result<T> {
        for _ in 0..TRIES {
            let (inner, look) = (Arc::clone(&self.inner), look.clone());
            match self.inner.store.read(move |view| look(&inner, view)).await {
                Err(DeskError::Store(StoreError::Busy(_))) => {}
                looked => return looked,
            }
        }
        let inner = Arc::clone(&self.inner);
        let at_length = move || {
            let store = inner.store.clone();
            store.read_at_length(move |view| look(&inner, view))
        };
        let looked = tokio::task::spawn_blocking(at_length).await;
        looked.unwrap_or_else(|_| Err(StoreError::Panicked.into()))
    }
}

fn everything(view: &dyn View) -> Result<Everything> {
    let mut journals = Vec::new();
    for kind in [
        JournalKind::Installation,
        JournalKind::Project,
        JournalKind::Case,
    ] {
        journals.extend(view.journals(kind)?);
    }
    let counters = view.counters()?;
    Ok(Everything { journals, counters })
}

/// Checks these journals; answers the numbers of the cases among them, or nothing where one cannot be read.
fn check_some(
    inner: &Inner,
    view: &dyn View,
    rows: &[JournalRow],
    exhibits: Option<&Exhibits>,
) -> Result<(Checked, Option<BTreeSet<CaseNumber>>)> {
    let (mut checked, mut numbers) = (Checked::default(), Some(BTreeSet::new()));
    for row in rows {
        checked.journals += 1;
        let sound = check_journal(inner, view, row.id, &mut checked)?;
        let number = match row.kind {
            JournalKind::Installation => {
                if sound {
                    access::check(inner, view, row.id, &mut checked)?;
                    mail::check(inner, view, row.id, exhibits, &mut checked)?;
                }
                continue;
            }
            JournalKind::Project => {
                if sound {
                    meaning::check_project(inner, view, row, &mut checked)?;
                }
                continue;
            }
            JournalKind::Case if sound => {
                meaning::check_case(inner, view, row, exhibits, &mut checked)?
            }
            JournalKind::Case => None,
        };
        numbers = numbers.zip(number).map(|(mut numbers, number)| {
            numbers.insert(number);
            numbers
        });
    }
    Ok((checked, numbers))
}

/// What is wrong with a journal, as a finding. The store's own errors stay errors.
fn sentence(error: DeskError) -> Result<String> {
    match error {
        DeskError::Store(error) => Err(error.into()),
        DeskError::Damaged(sentence) => Ok(sentence),
        error => Ok(error.to_string()),
    }
}

/// What it says of a journal that it could not be understood.
fn verdict_of(error: &DeskError) -> Verified {
    match error {
        DeskError::Newer(_) => Verified::Newer,
        _ => Verified::Tampered,
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

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;
    use crate::web::stage::Stage;

    #[tokio::test]
    async fn what_is_reported_while_it_lasts_is_not_missed() {
        let stage = Stage::new().await;
        stage.report().await;
        let inner = &stage.app.desk.inner;
        let before: Everything = inner.store.read_inline(everything).unwrap();
        stage.report().await;
        let checked: Result<_> = inner
            .store
            .read_inline(|view| check_some(inner, view, &before.journals, None));
        let (mut checked, numbers) = checked.unwrap();
        meaning::check_numbers(before.counters, &numbers.unwrap(), &mut checked);
        assert_eq!(checked.findings, Vec::<String>::new());
    }
}
