//! Reads JSON in which each key of an object stands once. Which of two would count is a guess, and two readers may guess
//! differently (RFC 8259, section 4).

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::web::Problem;

/// Reads one value.
///
/// # Errors
/// 400 for what is no JSON; 422 naming the key that stands there twice.
pub fn read(text: &str) -> Result<Value, Problem> {
    let twice = RefCell::new(None);
    let place = Place {
        at: String::new(),
        twice: &twice,
    };
    let mut from = serde_json::Deserializer::from_str(text);
    let read = place
        .deserialize(&mut from)
        .and_then(|value| from.end().map(|()| value));
    read.map_err(|error| match twice.into_inner() {
        Some(at) => Problem::field(at, "It stands there twice. Send each key once."),
        None => Problem::new("not-json", format!("The body is no JSON: {error}.")),
    })
}

/// A value at this place of the body.
struct Place<'a> {
    at: String,
    twice: &'a RefCell<Option<String>>,
}

impl Place<'_> {
    fn inner(&self, key: impl fmt::Display) -> Self {
        Self {
            at: format!("{}/{key}", self.at),
            twice: self.twice,
        }
    }
}

impl<'de> DeserializeSeed<'de> for Place<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Place<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut all = Vec::new();
        while let Some(item) = items.next_element_seed(self.inner(all.len()))? {
            all.push(item);
        }
        Ok(Value::Array(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut all = Map::new();
        while let Some(key) = fields.next_key::<String>()? {
            let place = self.inner(&key);
            if all.contains_key(&key) {
                *self.twice.borrow_mut() = Some(place.at);
                return Err(A::Error::custom("a key stands there twice"));
            }
            let value = fields.next_value_seed(place)?;
            all.insert(key, value);
        }
        Ok(Value::Object(all))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use super::*;

    #[test]
    fn a_key_that_stands_twice_is_named_and_nothing_is_guessed() {
        for (text, field) in [
            (r#"{"command":"close","command":"reopen"}"#, "/command"),
            (r#"{"a":{"b":[1,{"c":1,"\u0063":2}]}}"#, "/a/b/1/c"),
        ] {
            let problem = read(text).unwrap_err();
            assert_eq!(
                (problem.status, problem.field.as_deref()),
                (422, Some(field))
            );
        }
        for text in [r#"{"a":1"#, "", r#"{"a":1} x"#, "{\"a\":}"] {
            assert_eq!(read(text).unwrap_err().status, 400, "{text}");
        }
    }

    #[test]
    fn everything_else_is_read_as_before() {
        let text = r#"{"a":[null,true,-3,18446744073709551615,1.5e3,"x\ny"],"b":{},"c":{"a":1}}"#;
        let plain: Value = serde_json::from_str(text).unwrap();
        assert_eq!(read(text).unwrap(), plain);
        let deep = format!("{}{}", "[".repeat(500), "]".repeat(500));
        assert_eq!(read(&deep).unwrap_err().status, 400, "not so deep");
    }
}
