//! What a stream of rows was: how many of each, one hash over all, and whether every chain holds.

use casefile::Hash;
use casefile::chain::{Chain, Stored};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::error::{BackupError, Result};
use super::row::Row;
use super::wire;
use crate::store::{self, Record};

/// How many rows of some kinds there were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// All rows.
    pub rows: u64,
    /// Journals.
    pub journals: u64,
    /// Cases among them.
    pub cases: u64,
    /// Entries.
    pub entries: u64,
    /// Sealed texts that were not erased.
    pub texts: u64,
    /// Exhibits whose bytes we hold.
    pub exhibits: u64,
    /// Deliveries.
    pub deliveries: u64,
    /// Accounts.
    pub accounts: u64,
}

/// A whole stream, in short: two streams with the same sum are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sum {
    /// How many.
    #[serde(flatten)]
    pub counts: Counts,
    /// SHA-256 over every row's JSON, each followed by a line feed.
    #[serde(with = "wire::hash")]
    pub sha256: store::Hash,
}

/// Counts, hashes and checks rows as they go by.
pub struct Tally {
    counts: Counts,
    hash: Sha256,
    chain: Option<Chain>,
    broken: bool,
    findings: Vec<String>,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            counts: Counts::default(),
            hash: Sha256::new(),
            chain: None,
            broken: false,
            findings: Vec::new(),
        }
    }
}

impl Tally {
    /// Takes the next row and answers it as JSON, without a line feed.
    ///
    /// # Errors
    /// Only a bug: every row can be written.
    pub fn take(&mut self, row: &Row) -> Result<Vec<u8>> {
        let json = serde_json::to_vec(row).map_err(|error| {
            BackupError::Damaged(format!("a row cannot be written down: {error}"))
        })?;
        self.hash.update(&json);
        self.hash.update(b"\n");
        self.counts.rows += 1;
        match row {
            Row::Journal(journal) => {
                self.counts.journals += 1;
                self.chain = Some(Chain::new(journal.id.0));
                self.broken = false;
            }
            Row::Entry(entry) => {
                self.counts.entries += 1;
                self.counts.texts += entry.sealed.len() as u64;
                self.check(entry);
            }
            Row::Case(_) => self.counts.cases += 1,
            Row::Exhibit(exhibit) => {
                self.counts.exhibits += u64::from(exhibit.sha256.is_some() && !exhibit.erased);
            }
            Row::Delivery { .. } => self.counts.deliveries += 1,
            Row::Account(_) => self.counts.accounts += 1,
            _ => {}
        }
        Ok(json)
    }

    /// Holds the entry against the chain of its journal, up to the first break.
    fn check(&mut self, entry: &Record) {
        if self.broken {
            return;
        }
        let finding = match self
            .chain
            .as_mut()
            .filter(|c| c.journal() == entry.journal.0)
        {
            None => Some(format!(
                "journal {}, entry {}: it stands outside its journal",
                entry.journal, entry.seq
            )),
            Some(chain) => {
                let pushed = chain.push(&Stored {
                    seq: entry.seq,
                    hash: Hash::from(entry.hash),
                    bytes: &entry.bytes,
                });
                match pushed {
                    Err(finding) => Some(finding.to_string()),
                    Ok(envelope)
                        if envelope.kind != entry.kind
                            || envelope.recorded_at != entry.recorded_at =>
                    {
                        Some(format!(
                            "journal {}, entry {}: its row was changed",
                            entry.journal, entry.seq
                        ))
                    }
                    Ok(_) => None,
                }
            }
        };
        if let Some(finding) = finding {
            self.broken = true;
            self.findings.push(finding);
        }
    }

    /// The sum of what went by, and one sentence for each chain that does not hold.
    #[must_use]
    pub fn finish(self) -> (Sum, Vec<String>) {
        let sum = Sum {
            counts: self.counts,
            sha256: self.hash.finalize().into(),
        };
        (sum, self.findings)
    }
}
