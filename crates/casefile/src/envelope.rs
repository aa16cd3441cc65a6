//! The envelope of an entry: what every entry of every journal has, whatever it says.
//!
//! `actor`, `happened_at` and `body` are opaque here: what they mean is the procedure's business. What this crate
//! keeps is that an entry has one sequence of bytes and that no plain text is among them.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use crate::canonical::{self, NotCanonical};
use crate::hash::Hash;
use crate::sealed::{self, NotSealed};

/// The version of the envelope that this crate writes and reads.
pub const VERSION: u8 = 1;

/// The longest `kind`, in bytes.
const KIND_LIMIT: usize = 64;

/// One entry of a journal.
#[derive(Debug, Clone, PartialEq)]
pub struct Envelope {
    /// Whose journal.
    pub journal: Uuid,
    /// Its place: the first is 1, and none is left out.
    pub seq: u64,
    /// When it was written down, in whole microseconds; never earlier than the entry before it.
    pub recorded_at: Timestamp,
    /// When it happened, as its author claims: an object, or `null`.
    pub happened_at: Value,
    /// Who, and how that was made sure of: an object.
    pub actor: Value,
    /// What kind of entry: lowercase letters, digits and underscores, beginning with a letter; at most 64 bytes.
    pub kind: String,
    /// What it says: an object, with every text in it sealed.
    pub body: Value,
    /// The hash of the entry before it; [`Hash::ZERO`] for the first.
    pub prev: Hash,
}

/// An envelope as it is chained: the bytes and their hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chained {
    /// The canonical bytes: what is stored, and what was hashed.
    pub bytes: Vec<u8>,
    /// [`Hash::of_entry`] of the bytes; the `prev` of the next entry.
    pub hash: Hash,
}

/// Why an entry is not one.
#[derive(Debug, thiserror::Error)]
pub enum BadEnvelope {
    /// The bytes are no JSON object with exactly the members of an envelope.
    #[error("it cannot be read: {0}")]
    Unreadable(String),
    /// Written by a later version of the format, or by something else.
    #[error("it says format version {0}, and this program reads version {VERSION}")]
    Version(u64),
    /// The bytes say an entry in another spelling than the canonical one.
    #[error("its bytes are not the canonical spelling (RFC 8785) of what they say")]
    Spelling,
    /// Something in it has no canonical spelling.
    #[error(transparent)]
    NotCanonical(#[from] NotCanonical),
    /// A text stands in it unsealed, or something pretends to be sealed.
    #[error("{member}: {fault}")]
    NotSealed {
        /// Which member of the envelope.
        member: &'static str,
        /// What and where.
        fault: NotSealed,
    },
    /// A member has a value that the format does not allow.
    #[error("its {member} {rule}")]
    Member {
        /// Which member of the envelope.
        member: &'static str,
        /// What the format asks of it.
        rule: &'static str,
    },
}

impl Envelope {
    /// The canonical bytes and the hash, for the chain.
    ///
    /// # Errors
    /// [`BadEnvelope`] when a member breaks the format; above all, when a text in it is not sealed.
    pub fn build(&self) -> Result<Chained, BadEnvelope> {
        self.check()?;
        let bytes = self.spell()?;
        // An entry that could not be read again would make the whole journal unreadable: better no entry. What was
        // checked and spelled reads back, but for the digits of a fraction, which a reader may round.
        if cfg!(debug_assertions) || self.has_fraction() {
            Self::parse(&bytes)?;
        }
        let hash = Hash::of_entry(&bytes);
        Ok(Chained { bytes, hash })
    }

    /// Reads stored bytes, which must be the canonical ones.
    ///
    /// # Errors
    /// [`BadEnvelope`] when they are not an entry, or spell it in another way.
    pub fn parse(bytes: &[u8]) -> Result<Self, BadEnvelope> {
        let envelope = Self::from_bytes(bytes)?;
        envelope.check()?;
        if envelope.spell()? != bytes {
            return Err(BadEnvelope::Spelling);
        }
        Ok(envelope)
    }

    fn has_fraction(&self) -> bool {
        [&self.actor, &self.body, &self.happened_at]
            .into_iter()
            .any(has_fraction)
    }

    /// The canonical bytes: the members in their order, none of them left out.
    fn spell(&self) -> Result<Vec<u8>, NotCanonical> {
        let mut out = Vec::with_capacity(512);
        for (name, member) in [
            ("{\"actor\":", &self.actor),
            (",\"body\":", &self.body),
            (",\"happened_at\":", &self.happened_at),
        ] {
            out.extend_from_slice(name.as_bytes());
            canonical::write::value(member, 1, &mut out)?;
        }
        let journal = self.journal.hyphenated();
        out.extend_from_slice(format!(",\"journal\":\"{journal}\",\"kind\":").as_bytes());
        canonical::write::string(&self.kind, &mut out);
        let (prev, recorded_at, seq) = (self.prev, self.recorded_at, self.seq);
        let rest = format!(
            ",\"prev\":\"{prev}\",\"recorded_at\":\"{recorded_at:.6}\",\"seq\":{seq},\"v\":{VERSION}}}"
        );
        out.extend_from_slice(rest.as_bytes());
        Ok(out)
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, BadEnvelope> {
        let wire: Wire =
            serde_json::from_slice(bytes).map_err(|error| unreadable(&error, bytes))?;
        if wire.v != VERSION {
            return Err(BadEnvelope::Version(wire.v.into()));
        }
        Ok(Self {
            journal: wire.journal,
            seq: wire.seq,
            recorded_at: wire.recorded_at,
            happened_at: wire.happened_at,
            actor: wire.actor,
            kind: wire.kind,
            body: wire.body,
            prev: wire.prev,
        })
    }

    fn check(&self) -> Result<(), BadEnvelope> {
        let member = |member, rule| Err(BadEnvelope::Member { member, rule });
        if !(1..=canonical::NUMBER_LIMIT).contains(&self.seq) {
            return member("seq", "must be at least 1 and at most 2^53 - 1");
        }
        if self.recorded_at.as_nanosecond() % 1000 != 0 {
            return member("recorded_at", "must be in whole microseconds");
        }
        // Only a broken clock says so, and a negative year would not sort as text.
        if self.recorded_at < Timestamp::UNIX_EPOCH {
            return member("recorded_at", "must not be before 1970");
        }
        if !well_formed_kind(&self.kind) {
            return member(
                "kind",
                "must be 1 to 64 lowercase letters, digits and underscores, beginning with a letter",
            );
        }
        if !self.happened_at.is_null() && !self.happened_at.is_object() {
            return member("happened_at", "must be an object or null");
        }
        if !self.actor.is_object() {
            return member("actor", "must be an object");
        }
        if !self.body.is_object() {
            return member("body", "must be an object");
        }
        for (member, value) in [
            ("happened_at", &self.happened_at),
            ("actor", &self.actor),
            ("body", &self.body),
        ] {
            sealed::check_sealed(value)
                .map_err(|fault| BadEnvelope::NotSealed { member, fault })?;
        }
        Ok(())
    }
}

/// A later version may have other members: its number is the better answer than the name of a member.
fn unreadable(error: &serde_json::Error, bytes: &[u8]) -> BadEnvelope {
    #[derive(Deserialize)]
    struct Versioned {
        v: u64,
    }
    match serde_json::from_slice::<Versioned>(bytes) {
        Ok(Versioned { v }) if v != u64::from(VERSION) => BadEnvelope::Version(v),
        _ => BadEnvelope::Unreadable(error.to_string()),
    }
}

fn has_fraction(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_f64(),
        Value::Array(items) => items.iter().any(has_fraction),
        Value::Object(members) => members.values().any(has_fraction),
        _ => false,
    }
}

fn well_formed_kind(kind: &str) -> bool {
    (1..=KIND_LIMIT).contains(&kind.len())
        && kind.as_bytes()[0].is_ascii_lowercase()
        && kind
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// The envelope as JSON: exactly these members.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    v: u8,
    journal: Uuid,
    seq: u64,
    #[serde(with = "six_digits")]
    recorded_at: Timestamp,
    happened_at: Value,
    actor: Value,
    kind: String,
    body: Value,
    prev: Hash,
}

/// `2026-11-21T03:12:00.000000Z`: UTC with six digits of a second, always, so that times sort as texts. Another
/// spelling is caught by the comparison with the canonical bytes.
mod six_digits {
    use jiff::Timestamp;
    use serde::{Deserialize as _, Deserializer};

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Timestamp, D::Error> {
        Timestamp::deserialize(deserializer)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use serde_json::json;

    use super::*;

    fn reported() -> Envelope {
        Envelope {
            journal: "01a1fdfa-4600-7000-8000-000000000142".parse().unwrap(),
            seq: 1,
            recorded_at: "2026-11-21T03:12:00Z".parse().unwrap(),
            happened_at: Value::Null,
            actor: json!({"person": "p1"}),
            kind: "reported".into(),
            body: json!({"summary": {"$sealed": "ab".repeat(32)}}),
            prev: Hash::ZERO,
        }
    }

    fn spelled(envelope: &Envelope) -> String {
        String::from_utf8(envelope.build().unwrap().bytes).unwrap()
    }

    #[test]
    fn an_entry_reads_back_as_it_was_built() {
        let built = reported().build().unwrap();
        assert_eq!(Envelope::parse(&built.bytes).unwrap(), reported());
        assert_eq!(Hash::of_entry(&built.bytes), built.hash);
    }

    #[test]
    fn another_spelling_of_the_same_entry_is_refused() {
        let good = spelled(&reported());
        for (from, to) in [
            ("03:12:00.000000Z", "03:12:00Z"),
            ("03:12:00.000000Z", "03:12:00.0000000Z"),
            ("T03:12:00.000000Z", "T04:12:00.000000+01:00"),
            ("01a1fdfa-4600", "01A1FDFA-4600"),
            ("\"seq\":1", "\"seq\":1.0"),
            ("\"seq\":1", "\"seq\": 1"),
            ("\"seq\":1", "\"seq\":1,\"seq\":1"),
            (
                "\"actor\":{\"person\":\"p1\"}",
                "\"actor\":{\"person\":\"p2\",\"person\":\"p1\"}",
            ),
            ("reported", "report\\u0065d"),
            ("\"happened_at\":null,", ""),
            ("{\"actor\"", "{\"zebra\":1,\"actor\""),
            ("{\"summary\"", "{\"a\":{\"$text\":\"x\"},\"summary\""),
        ] {
            let bad = good.replacen(from, to, 1);
            assert_ne!(bad, good);
            assert!(Envelope::parse(bad.as_bytes()).is_err(), "accepted: {bad}");
        }
        assert!(Envelope::parse(format!("{good}\n").as_bytes()).is_err());
        assert!(Envelope::parse(good.as_bytes()).is_ok());
    }

    #[test]
    fn a_later_version_is_named_even_with_other_members() {
        let later = spelled(&reported()).replace("\"v\":1", "\"v\":2,\"weather\":\"rain\"");
        assert_eq!(
            Envelope::parse(later.as_bytes()).unwrap_err().to_string(),
            "it says format version 2, and this program reads version 1"
        );
    }

    #[test]
    fn plain_text_never_gets_into_the_chain() {
        let mut entry = reported();
        entry.body = json!({"summary": {"$text": "two chickens"}});
        let refusal = entry.build().unwrap_err().to_string();
        assert_eq!(refusal, "body: the text at \"/summary\" is not sealed");

        let mut entry = reported();
        entry.actor = json!({"name": {"$text": "Jane", "role": "ic"}});
        assert!(matches!(
            entry.build(),
            Err(BadEnvelope::NotSealed {
                member: "actor",
                ..
            })
        ));
    }

    #[test]
    fn members_outside_the_format_are_refused() {
        let refused = |change: &dyn Fn(&mut Envelope)| {
            let mut entry = reported();
            change(&mut entry);
            assert!(entry.build().is_err(), "built {entry:?}");
        };
        refused(&|e| e.seq = 0);
        refused(&|e| e.seq = canonical::NUMBER_LIMIT + 1);
        refused(&|e| e.recorded_at = "2026-11-21T03:12:00.0000001Z".parse().unwrap());
        refused(&|e| e.recorded_at = "1969-12-31T23:59:59Z".parse().unwrap());
        refused(&|e| e.kind = String::new());
        refused(&|e| e.kind = "Reported".into());
        refused(&|e| e.kind = "1st".into());
        refused(&|e| e.kind = "k".repeat(65));
        refused(&|e| e.body = Value::Null);
        refused(&|e| e.actor = json!("jane"));
        refused(&|e| e.happened_at = json!("yesterday"));
        refused(&|e| e.body = json!({"size": u64::MAX}));
    }
}
