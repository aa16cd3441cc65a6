//! How the rows of the stream stand in JSON. The names here are a stored format (`docs/formats/backup.md`):
//! they never change, whatever the store calls its own. A row that gains a field does not compile until the
//! format knows what to do with it.
//!
//! Hashes are 64 hexadecimal digits, other bytes are base64, times are RFC 3339 in UTC.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::store::{
    Account, AlertRow, Attempt, AttemptOutcome, BasisRow, CaseNumber, CaseRow, CaseTag, ExhibitRow,
    Hash, IdempotencyRow, JournalId, JournalKind, JournalRow, Lane, Message, NoticeId, OutboxRow,
    OutboxState, PasskeyRow, PersonId, ProjectRow, Record, SearchDocument, SessionRow, Title,
    TokenRow,
};

/// Bytes as base64.
pub(super) mod bytes {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&STANDARD.encode(bytes))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
        STANDARD.decode(text.as_bytes()).map_err(D::Error::custom)
    }
}

/// Something that may not be there, around a module that can read and write it.
macro_rules! maybe {
    ($name:ident, $inner:ty, $with:literal) => {
        mod $name {
            use serde::{Deserialize, Deserializer, Serialize, Serializer};

            #[allow(unused_imports, reason = "each kind names its own")]
            use super::*;

            #[derive(Serialize, Deserialize)]
            struct One(#[serde(with = $with)] $inner);

            pub(crate) fn serialize<S: Serializer>(
                value: &Option<$inner>,
                to: S,
            ) -> Result<S::Ok, S::Error> {
                value.clone().map(One).serialize(to)
            }

            pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
                from: D,
            ) -> Result<Option<$inner>, D::Error> {
                Ok(Option::<One>::deserialize(from)?.map(|one| one.0))
            }
        }
    };
}

maybe!(maybe_bytes, Vec<u8>, "super::bytes");
maybe!(maybe_hash, Hash, "super::hash");
maybe!(maybe_journal, JournalId, "super::JournalIdWire");

/// A hash as hexadecimal digits.
pub(super) mod hash {
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::store::Hash;

    pub(crate) fn serialize<S: Serializer>(hash: &Hash, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&casefile::Hash::from(*hash))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Hash, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
        let hash = text.parse::<casefile::Hash>().map_err(D::Error::custom)?;
        Ok(*hash.as_bytes())
    }
}

/// A case's number as people say it.
mod number {
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::store::CaseNumber;

    pub(crate) fn serialize<S: Serializer>(number: &CaseNumber, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(number)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<CaseNumber, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
        text.parse().map_err(D::Error::custom)
    }
}

/// Sealed values: pairs of commitment and cipher.
mod sealed {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::store::Hash;

    #[derive(Serialize, Deserialize)]
    struct One {
        #[serde(with = "super::hash")]
        commitment: Hash,
        #[serde(with = "super::bytes")]
        cipher: Vec<u8>,
    }

    pub(crate) fn serialize<S: Serializer>(
        all: &[(Hash, Vec<u8>)],
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(all.iter().map(|(commitment, cipher)| One {
            commitment: *commitment,
            cipher: cipher.clone(),
        }))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<(Hash, Vec<u8>)>, D::Error> {
        let all = Vec::<One>::deserialize(from)?;
        Ok(all.into_iter().map(|s| (s.commitment, s.cipher)).collect())
    }
}

/// The attempts of one delivery.
pub(super) mod attempts {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::store::Attempt;

    #[derive(Serialize, Deserialize)]
    struct One(#[serde(with = "super::AttemptWire")] Attempt);

    pub(crate) fn serialize<S: Serializer>(all: &[Attempt], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(all.iter().cloned().map(One))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<Attempt>, D::Error> {
        let all = Vec::<One>::deserialize(from)?;
        Ok(all.into_iter().map(|one| one.0).collect())
    }
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "JournalId")]
pub(super) struct JournalIdWire(Uuid);

#[derive(Serialize, Deserialize)]
#[serde(remote = "NoticeId")]
struct NoticeIdWire(Uuid);

#[derive(Serialize, Deserialize)]
#[serde(remote = "JournalKind", rename_all = "snake_case")]
enum JournalKindWire {
    Case,
    Project,
    Installation,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "BasisRow", deny_unknown_fields)]
pub(super) struct BasisWire {
    #[serde(with = "hash")]
    hash: Hash,
    #[serde(with = "bytes")]
    bytes: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "JournalRow", deny_unknown_fields)]
pub(super) struct JournalWire {
    #[serde(with = "JournalIdWire")]
    id: JournalId,
    #[serde(with = "JournalKindWire")]
    kind: JournalKind,
    #[serde(with = "maybe_journal")]
    parent: Option<JournalId>,
    created_at: Timestamp,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Record", deny_unknown_fields)]
pub(super) struct RecordWire {
    #[serde(with = "JournalIdWire")]
    journal: JournalId,
    seq: u64,
    recorded_at: Timestamp,
    kind: String,
    #[serde(with = "hash")]
    hash: Hash,
    #[serde(with = "bytes")]
    bytes: Vec<u8>,
    #[serde(with = "sealed")]
    sealed: Vec<(Hash, Vec<u8>)>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Title", rename_all = "snake_case")]
enum TitleWire {
    None,
    Plain(String),
    Cipher(#[serde(with = "bytes")] Vec<u8>),
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "CaseRow", deny_unknown_fields)]
pub(super) struct CaseWire {
    #[serde(with = "JournalIdWire")]
    journal: JournalId,
    #[serde(with = "number")]
    number: CaseNumber,
    #[serde(with = "JournalIdWire")]
    project: JournalId,
    #[serde(with = "TitleWire")]
    title: Title,
    status: String,
    phase: String,
    severity: Option<String>,
    restricted: bool,
    kind: String,
    arrival: String,
    tags: Vec<CaseTag>,
    opened_at: Timestamp,
    updated_at: Timestamp,
    next_wake: Option<Timestamp>,
    seq: u64,
    ic: Option<PersonId>,
    open: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    figures: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "ProjectRow", deny_unknown_fields)]
pub(super) struct ProjectWire {
    #[serde(with = "JournalIdWire")]
    journal: JournalId,
    slug: String,
    name: String,
    prefix: String,
    #[serde(with = "maybe_hash")]
    basis: Option<Hash>,
    archived: bool,
    seq: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "SearchDocument", deny_unknown_fields)]
pub(super) struct TextWire {
    #[serde(with = "JournalIdWire")]
    journal: JournalId,
    seq: u64,
    text: String,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "ExhibitRow", deny_unknown_fields)]
pub(super) struct ExhibitWire {
    #[serde(with = "JournalIdWire")]
    journal: JournalId,
    id: String,
    seq: u64,
    #[serde(with = "maybe_hash")]
    sha256: Option<Hash>,
    size: u64,
    kind: String,
    erased: bool,
    at: Timestamp,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Lane", rename_all = "snake_case")]
enum LaneWire {
    Urgent,
    Ordinary,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Message", rename_all = "snake_case")]
enum MessageWire {
    Plain(#[serde(with = "bytes")] Vec<u8>),
    Cipher(#[serde(with = "bytes")] Vec<u8>),
    Erased,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "OutboxState", rename_all = "snake_case")]
enum OutboxStateWire {
    Queued,
    Leased,
    Done,
    Dropped,
    Failed,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "OutboxRow", deny_unknown_fields)]
pub(super) struct OutboxWire {
    #[serde(with = "NoticeIdWire")]
    notice: NoticeId,
    #[serde(with = "JournalIdWire")]
    journal: JournalId,
    seq: u64,
    person: Option<PersonId>,
    recipient: Option<String>,
    bundle: Option<Uuid>,
    route: String,
    #[serde(with = "LaneWire")]
    lane: Lane,
    #[serde(with = "MessageWire")]
    message: Message,
    #[serde(with = "OutboxStateWire")]
    state: OutboxState,
    attempts: u32,
    next_try: Timestamp,
    lease_until: Option<Timestamp>,
    fence: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "AttemptOutcome", rename_all = "snake_case")]
enum AttemptOutcomeWire {
    Sent,
    Failed,
    Uncertain,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Attempt", deny_unknown_fields)]
struct AttemptWire {
    #[serde(with = "NoticeIdWire")]
    notice: NoticeId,
    n: u32,
    at: Timestamp,
    #[serde(with = "AttemptOutcomeWire")]
    outcome: AttemptOutcome,
    receipt: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "AlertRow", deny_unknown_fields)]
pub(super) struct AlertWire {
    id: Uuid,
    source: String,
    #[serde(with = "hash")]
    key: Hash,
    #[serde(with = "JournalIdWire")]
    journal: JournalId,
    opened: bool,
    live: bool,
    times: u64,
    last_at: Timestamp,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Account", deny_unknown_fields)]
pub(super) struct AccountWire {
    person: PersonId,
    login: String,
    name: String,
    email: Option<String>,
    role: String,
    password: Option<String>,
    #[serde(with = "maybe_bytes")]
    second_factor: Option<Vec<u8>>,
    disabled: bool,
    created_at: Timestamp,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "TokenRow", deny_unknown_fields)]
pub(super) struct TokenWire {
    #[serde(with = "hash")]
    hash: Hash,
    name: String,
    person: PersonId,
    role: String,
    scopes: Vec<String>,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
    revoked_at: Option<Timestamp>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "SessionRow", deny_unknown_fields)]
pub(super) struct SessionWire {
    #[serde(with = "hash")]
    hash: Hash,
    person: PersonId,
    method: String,
    device: String,
    created_at: Timestamp,
    seen_at: Timestamp,
    expires_at: Timestamp,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    address: String,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "PasskeyRow", deny_unknown_fields)]
pub(super) struct PasskeyWire {
    #[serde(with = "hash")]
    hash: Hash,
    person: PersonId,
    #[serde(with = "bytes")]
    state: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "IdempotencyRow", deny_unknown_fields)]
pub(super) struct AnswerWire {
    actor: String,
    key: String,
    #[serde(with = "hash")]
    command: Hash,
    #[serde(with = "bytes")]
    answer: Vec<u8>,
    at: Timestamp,
}
