//! An installation as a stream of rows: everything that a store keeps, in one order, whatever keeps it.
//!
//! The stream is what is moved from one store to another and what a backup holds. A journal's row comes
//! before everything beside it, and its entries come in order.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::error::Result;
use super::wire;
use crate::store::{
    Account, AlertRow, Attempt, BasisRow, CaseRow, ExhibitRow, IdempotencyRow, JournalId,
    JournalRow, OutboxRow, PasskeyRow, PersonId, ProjectRow, Record, SearchDocument, SessionRow,
    TokenRow,
};

/// Whoever takes the rows of a stream, one at a time.
pub type Take<'a> = dyn FnMut(Row) -> Result<()> + Send + 'a;

/// One row of the stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Row {
    /// A basis.
    Basis(#[serde(with = "wire::BasisWire")] BasisRow),
    /// A journal begins; what follows is its own until the next one.
    Journal(#[serde(with = "wire::JournalWire")] JournalRow),
    /// The journal's key, as wrapped by the root key.
    Key {
        /// Whose.
        #[serde(with = "wire::JournalIdWire")]
        journal: JournalId,
        /// The wrapped key.
        #[serde(with = "wire::bytes")]
        wrapped: Vec<u8>,
    },
    /// An entry with the sealed values that it brought and that were not erased.
    Entry(#[serde(with = "wire::RecordWire")] Record),
    /// A case in the index.
    Case(#[serde(with = "wire::CaseWire")] CaseRow),
    /// A project in the index.
    Project(#[serde(with = "wire::ProjectWire")] ProjectRow),
    /// Who belongs to a case or project.
    Members {
        /// Which.
        #[serde(with = "wire::JournalIdWire")]
        journal: JournalId,
        /// Who.
        people: BTreeSet<PersonId>,
    },
    /// An indexed text.
    Text(#[serde(with = "wire::TextWire")] SearchDocument),
    /// An exhibit in the index; its bytes lie elsewhere.
    Exhibit(#[serde(with = "wire::ExhibitWire")] ExhibitRow),
    /// An alert in the index, with how often it was sent.
    Alert(#[serde(with = "wire::AlertWire")] AlertRow),
    /// A delivery with its attempts.
    Delivery {
        /// As it stands.
        #[serde(with = "wire::OutboxWire")]
        row: OutboxRow,
        /// In order.
        #[serde(with = "wire::attempts")]
        attempts: Vec<Attempt>,
    },
    /// The number that a counter gave last.
    Counter {
        /// Which counter.
        name: String,
        /// The number.
        value: u64,
    },
    /// An account.
    Account(#[serde(with = "wire::AccountWire")] Account),
    /// A token.
    Token(#[serde(with = "wire::TokenWire")] TokenRow),
    /// A session.
    Session(#[serde(with = "wire::SessionWire")] SessionRow),
    /// A passkey.
    Passkey(#[serde(with = "wire::PasskeyWire")] PasskeyRow),
    /// An answer kept for a repeated request.
    Answer(#[serde(with = "wire::AnswerWire")] IdempotencyRow),
    /// A setting that stands in no journal.
    Setting {
        /// Its name.
        name: String,
        /// What it says.
        #[serde(with = "wire::bytes")]
        value: Vec<u8>,
    },
}
