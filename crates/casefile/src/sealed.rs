//! Sealed fields: free text and personal data that the chain commits to and does not contain.
//!
//! A value on its way into the journal carries `{"$text": "words"}`; in the chain stands
//! `{"$sealed": "<commitment>"}`; salt and words are kept beside, encrypted, and can be erased while every hash stays
//! valid. This crate makes and checks commitments; it encrypts nothing and knows no key.

use std::fmt;

use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use crate::hex::spelled_in_hex;

/// The key that marks words which are not sealed yet. Never in the chain.
pub const TEXT_KEY: &str = "$text";

/// The key that marks a commitment in the chain.
pub const SEALED_KEY: &str = "$sealed";

/// Put before salt and text, so that a commitment can never be taken for a hash of anything else.
const SEALED_DOMAIN: &[u8] = b"henhouse/sealed/v1\0";

/// SHA-256 over salt and text; spelled as 64 lowercase hexadecimal digits. Says nothing about the text to anyone
/// without the salt.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Commitment([u8; 32]);

spelled_in_hex!(Commitment);

/// What opens one sealed field. `Debug` does not print the text or the salt.
#[derive(Clone, PartialEq, Eq)]
pub struct Opened {
    /// What stands in the chain.
    pub commitment: Commitment,
    /// 32 bytes of chance, without which a short text could be guessed from its commitment.
    pub salt: [u8; 32],
    /// The words.
    pub text: String,
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opened")
            .field("commitment", &self.commitment)
            .finish_non_exhaustive()
    }
}

/// Outside input that uses a key which only the journal may use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the key {key:?} at {pointer:?} is reserved; send the text itself as a plain string")]
pub struct Marked {
    /// Where, as a JSON pointer (RFC 6901) to the object that has the key.
    pub pointer: String,
    /// Which of the two keys.
    pub key: &'static str,
}

/// A value that may not stand in the chain.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotSealed {
    /// Words that were not sealed. They are not repeated here.
    #[error("the text at {0:?} is not sealed")]
    Text(String),
    /// An object with the key of a commitment and something else in it.
    #[error("the object at {0:?} has the key \"$sealed\" and is not a commitment")]
    Malformed(String),
}

/// The commitment to a text: SHA-256 over `henhouse/sealed/v1`, a zero byte, the salt, and the UTF-8 text.
#[must_use]
pub fn commit(salt: &[u8; 32], text: &str) -> Commitment {
    let digest = Sha256::new()
        .chain_update(SEALED_DOMAIN)
        .chain_update(salt)
        .chain_update(text);
    Commitment(digest.finalize().into())
}

/// Replaces every object that is exactly `{"$text": "words"}` by `{"$sealed": "<commitment>"}`, each with a fresh salt,
/// in the order of the walk (arrays by index, objects by key). An object with further keys beside `$text`, or with
/// something else than a string, is left as it is; [`check_sealed`] refuses it on the way into the chain.
pub fn seal_value(value: &mut Value, salt_source: &mut dyn FnMut() -> [u8; 32]) -> Vec<Opened> {
    let mut opened = Vec::new();
    seal_into(value, salt_source, &mut opened);
    opened
}

fn seal_into(
    value: &mut Value,
    salt_source: &mut dyn FnMut() -> [u8; 32],
    opened: &mut Vec<Opened>,
) {
    if let Some(text) = only_string(value, TEXT_KEY) {
        let salt = salt_source();
        let commitment = commit(&salt, text);
        opened.push(Opened {
            commitment,
            salt,
            text: text.to_owned(),
        });
        *value = marked(SEALED_KEY, commitment.to_string());
        return;
    }
    each_child(value, &mut |child| seal_into(child, salt_source, opened));
}

/// The reverse: replaces every `{"$sealed": "<commitment>"}` that `lookup` knows by `{"$text": "words"}`. What it does
/// not know (erased, unreadable, not for this reader) stays sealed. `lookup` answers only words that match.
pub fn open_value(value: &mut Value, lookup: &dyn Fn(&Commitment) -> Option<String>) {
    if let Some(commitment) = as_commitment(value) {
        if let Some(text) = lookup(&commitment) {
            *value = marked(TEXT_KEY, text);
        }
        return;
    }
    each_child(value, &mut |child| open_value(child, lookup));
}

/// Every commitment in `value`, in the order of the walk.
#[must_use]
pub fn commitments(value: &Value) -> Vec<Commitment> {
    let mut found = Vec::new();
    // A walk with this visitor never stops early.
    let _ = walk(value, &mut String::new(), &mut |value, _| {
        found.extend(as_commitment(value));
        Ok::<(), ()>(())
    });
    found
}

/// Refuses outside input that has a `$text` or `$sealed` key anywhere: a sender could otherwise claim a commitment to
/// words that nobody can check, or bypass the checks of a text.
///
/// # Errors
/// [`Marked`] names the first such key and where it is.
pub fn refuse_marked(value: &Value) -> Result<(), Marked> {
    walk(value, &mut String::new(), &mut |value, pointer| {
        let Value::Object(map) = value else {
            return Ok(());
        };
        for key in [TEXT_KEY, SEALED_KEY] {
            if map.contains_key(key) {
                let pointer = pointer.to_owned();
                return Err(Marked { pointer, key });
            }
        }
        Ok(())
    })
}

/// Refuses what may not stand in the chain: words that are not sealed, and anything that looks like a commitment and
/// is none.
///
/// # Errors
/// [`NotSealed`] names where, as a JSON pointer, and never the words.
pub fn check_sealed(value: &Value) -> Result<(), NotSealed> {
    if is_sealed(value) {
        return Ok(());
    }
    walk(value, &mut String::new(), &mut |value, pointer| {
        let Value::Object(map) = value else {
            return Ok(());
        };
        if map.contains_key(TEXT_KEY) {
            return Err(NotSealed::Text(pointer.to_owned()));
        }
        if map.contains_key(SEALED_KEY) && as_commitment(value).is_none() {
            return Err(NotSealed::Malformed(pointer.to_owned()));
        }
        Ok(())
    })
}

/// Whether nothing in it is refused. The places of what is are worked out only then.
fn is_sealed(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().all(is_sealed),
        Value::Object(map) => {
            let marked = map.contains_key(TEXT_KEY) || map.contains_key(SEALED_KEY);
            (!marked || as_commitment(value).is_some()) && map.values().all(is_sealed)
        }
        _ => true,
    }
}

fn as_commitment(value: &Value) -> Option<Commitment> {
    only_string(value, SEALED_KEY)?.parse().ok()
}

/// The string under `key`, if that is all the object has.
fn only_string<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    match value {
        Value::Object(map) if map.len() == 1 => map.get(key)?.as_str(),
        _ => None,
    }
}

fn marked(key: &str, content: String) -> Value {
    Value::Object(Map::from_iter([(key.to_owned(), Value::String(content))]))
}

fn each_child(value: &mut Value, visit: &mut dyn FnMut(&mut Value)) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(visit),
        Value::Object(map) => map.values_mut().for_each(visit),
        _ => {}
    }
}

/// Visits `value` and everything in it, parents first, with the JSON pointer (RFC 6901) of each.
fn walk<E>(
    value: &Value,
    pointer: &mut String,
    visit: &mut dyn FnMut(&Value, &str) -> Result<(), E>,
) -> Result<(), E> {
    visit(value, pointer)?;
    let here = pointer.len();
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                pointer.push_str(&format!("/{index}"));
                walk(item, pointer, visit)?;
                pointer.truncate(here);
            }
        }
        Value::Object(map) => {
            for (key, item) in map {
                pointer.push('/');
                pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
                walk(item, pointer, visit)?;
                pointer.truncate(here);
            }
        }
        _ => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;

    fn counting_salts() -> impl FnMut() -> [u8; 32] {
        let mut next = 0;
        move || {
            next += 1;
            [next; 32]
        }
    }

    fn report() -> Value {
        json!({
            "summary": {"$text": "two chickens are loose"},
            "people": [{"name": {"$text": "Jane"}, "role": "ic"}, {"$text": "Jane"}],
            "count": 2
        })
    }

    #[test]
    fn sealing_replaces_every_text_and_opening_brings_each_back() {
        let mut value = report();
        let opened = seal_value(&mut value, &mut counting_salts());
        assert_eq!(opened.len(), 3);
        assert!(!value.to_string().contains("Jane"));
        assert!(!value.to_string().contains("chickens"));
        assert_eq!(check_sealed(&value), Ok(()));
        assert_eq!(value["count"], 2);

        let words: BTreeMap<_, _> = opened
            .iter()
            .map(|o| (o.commitment, o.text.clone()))
            .collect();
        open_value(&mut value, &|commitment| words.get(commitment).cloned());
        assert_eq!(value, report());
    }

    #[test]
    fn the_same_words_twice_have_two_commitments() {
        let mut value = json!([{"$text": "Jane"}, {"$text": "Jane"}]);
        seal_value(&mut value, &mut counting_salts());
        assert_ne!(value[0], value[1]);
    }

    #[test]
    fn what_is_erased_stays_sealed() {
        let mut value = report();
        let opened = seal_value(&mut value, &mut counting_salts());
        let erased = opened[0].commitment;
        let sealed = value.clone();
        open_value(&mut value, &|commitment| {
            opened
                .iter()
                .find(|o| o.commitment == *commitment && o.commitment != erased)
                .map(|o| o.text.clone())
        });
        assert_eq!(commitments(&value), [erased]);
        open_value(&mut value, &|_| None);
        assert_eq!(commitments(&sealed).len(), 3);
    }

    #[test]
    fn outside_input_with_a_reserved_key_is_refused_by_its_place() {
        assert_eq!(
            refuse_marked(&json!({"text": "$text", "a": ["$sealed"]})),
            Ok(())
        );
        let refused =
            refuse_marked(&json!({"a/b": [1, {"c~": {"$sealed": 7, "x": 1}}]})).unwrap_err();
        assert_eq!(refused.pointer, "/a~1b/1/c~0");
        assert_eq!(
            refused.to_string(),
            "the key \"$sealed\" at \"/a~1b/1/c~0\" is reserved; send the text itself as a plain string"
        );
        let refused = refuse_marked(&json!({"$text": "words"})).unwrap_err();
        assert_eq!((refused.pointer.as_str(), refused.key), ("", TEXT_KEY));
    }

    #[test]
    fn the_chain_accepts_commitments_only() {
        let zeros = "0".repeat(64);
        assert_eq!(check_sealed(&json!({"a": {"$sealed": zeros}})), Ok(()));
        for (bad, fault) in [
            (json!({"a": {"$text": "x"}}), NotSealed::Text("/a".into())),
            (
                json!({"a": {"$text": "x", "b": 1}}),
                NotSealed::Text("/a".into()),
            ),
            (json!({"a": {"$text": 1}}), NotSealed::Text("/a".into())),
            (
                json!([{"$sealed": zeros, "b": 1}]),
                NotSealed::Malformed("/0".into()),
            ),
            (
                json!([{"$sealed": "abc"}]),
                NotSealed::Malformed("/0".into()),
            ),
            (
                json!([{"$sealed": {"$text": "x"}}]),
                NotSealed::Malformed("/0".into()),
            ),
        ] {
            assert!(!is_sealed(&bad), "{bad}");
            assert_eq!(check_sealed(&bad), Err(fault), "{bad}");
        }
    }

    #[test]
    fn debug_output_keeps_the_words_to_itself() {
        let mut value = report();
        let opened = seal_value(&mut value, &mut counting_salts());
        assert!(!format!("{opened:?}").contains("Jane"));
    }
}
