//! Free text and personal data, which the engine may see only as present.
//!
//! In the chain a text is a commitment; its words live beside the journal, encrypted,
//! and can be erased. So no rule may depend on them.

use alloc::string::String;
use core::fmt;

use serde::de::{self, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The most bytes of UTF-8 that one text may hold.
pub const TEXT_LIMIT_BYTES: usize = 64 * 1024;

const PLAIN_KEY: &str = "$text";
const SEALED_KEY: &str = "$sealed";

/// A sealed field: present in the journal, its words kept elsewhere.
///
/// As JSON from outside it is a plain, non-empty string of at most
/// [`TEXT_LIMIT_BYTES`]; between desk and engine `{"$text": "…"}`; in the chain
/// `{"$sealed": "<commitment>"}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Text {
    /// The words themselves, on their way in or opened for somebody who may read them.
    Plain(String),
    /// Only the commitment: not opened for this reader, or erased.
    Sealed(String),
}

impl Text {
    /// The words, if this reader has them. For `report/` only: rules never call it.
    #[must_use]
    pub fn plain(&self) -> Option<&str> {
        match self {
            Text::Plain(words) => Some(words),
            Text::Sealed(_) => None,
        }
    }
}

impl From<&str> for Text {
    fn from(words: &str) -> Self {
        Text::Plain(words.into())
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (key, value) = match self {
            Text::Plain(words) => (PLAIN_KEY, words),
            Text::Sealed(commitment) => (SEALED_KEY, commitment),
        };
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry(key, value)?;
        map.end()
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a text that is not empty, of at most 65536 bytes")
    }

    fn visit_str<E: de::Error>(self, words: &str) -> Result<Text, E> {
        if words.trim().is_empty() {
            return Err(E::custom("the text is empty: write at least a word"));
        }
        if words.len() > TEXT_LIMIT_BYTES {
            return Err(E::custom(
                "the text is longer than 65536 bytes: attach it as a file instead",
            ));
        }
        Ok(Text::Plain(words.into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Text, A::Error> {
        let Some((key, value)) = map.next_entry::<String, String>()? else {
            return Err(de::Error::custom("expected a text"));
        };
        if map.next_entry::<String, String>()?.is_some() {
            return Err(de::Error::custom("expected a text"));
        }
        match key.as_str() {
            PLAIN_KEY => Ok(Text::Plain(value)),
            SEALED_KEY => Ok(Text::Sealed(value)),
            _ => Err(de::Error::custom("expected a text")),
        }
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Text {
    fn schema_name() -> alloc::borrow::Cow<'static, str> {
        "Text".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string", "minLength": 1, "maxLength": TEXT_LIMIT_BYTES,
            "description": "Free text. Sealed: the journal's chain holds only a commitment to it."
        })
    }
}
