//! Writing canonical bytes of a JSON value straight away.
//!
//! Every entry of every journal is written and read through here, so it does in one pass what the general way does in
//! three: looking for what is refused, sorting, and writing. A test holds the two against each other.

use std::cmp::Ordering;

use serde_json::{Map, Number, Value};

use super::{DEPTH_LIMIT, NUMBER_LIMIT, NotCanonical};

/// Appends the canonical bytes of `value`, which stands inside `depth` arrays and objects.
///
/// # Errors
/// As [`super::bytes`].
pub(crate) fn value(value: &Value, depth: usize, out: &mut Vec<u8>) -> Result<(), NotCanonical> {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Number(number) => self::number(number, out)?,
        Value::String(text) => string(text, out),
        Value::Array(items) => {
            let depth = inside(depth)?;
            out.push(b'[');
            for (n, item) in items.iter().enumerate() {
                if n > 0 {
                    out.push(b',');
                }
                self::value(item, depth, out)?;
            }
            out.push(b']');
        }
        Value::Object(members) => object(members, inside(depth)?, out)?,
    }
    Ok(())
}

/// Appends a string with its quotes: escaped is only what must be, in the shortest way there is.
pub(crate) fn string(text: &str, out: &mut Vec<u8>) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.push(b'"');
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate() {
        let short = match byte {
            b'"' | b'\\' => byte,
            0x08 => b'b',
            0x09 => b't',
            0x0a => b'n',
            0x0c => b'f',
            0x0d => b'r',
            0x00..0x20 => b'u',
            _ => continue,
        };
        out.extend_from_slice(&text.as_bytes()[plain..at]);
        out.extend_from_slice(&[b'\\', short]);
        if short == b'u' {
            let digits = [HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]];
            out.extend_from_slice(b"00");
            out.extend_from_slice(&digits);
        }
        plain = at + 1;
    }
    out.extend_from_slice(&text.as_bytes()[plain..]);
    out.push(b'"');
}

fn inside(depth: usize) -> Result<usize, NotCanonical> {
    if depth >= DEPTH_LIMIT {
        return Err(NotCanonical::TooDeep);
    }
    Ok(depth + 1)
}

fn object(
    members: &Map<String, Value>,
    depth: usize,
    out: &mut Vec<u8>,
) -> Result<(), NotCanonical> {
    out.push(b'{');
    let sorted = members
        .keys()
        .zip(members.keys().skip(1))
        .all(|(one, next)| by_units(one, next).is_lt());
    if sorted {
        for (n, (key, value)) in members.iter().enumerate() {
            member(n, key, value, depth, out)?;
        }
    } else {
        let mut all: Vec<_> = members.iter().collect();
        all.sort_by(|(one, _), (other, _)| by_units(one, other));
        for (n, (key, value)) in all.into_iter().enumerate() {
            member(n, key, value, depth, out)?;
        }
    }
    out.push(b'}');
    Ok(())
}

fn member(
    n: usize,
    key: &str,
    value: &Value,
    depth: usize,
    out: &mut Vec<u8>,
) -> Result<(), NotCanonical> {
    if n > 0 {
        out.push(b',');
    }
    string(key, out);
    out.push(b':');
    self::value(value, depth, out)
}

/// The order of RFC 8785: by UTF-16 units, which is that of the bytes where all are ASCII.
fn by_units(one: &str, other: &str) -> Ordering {
    if one.is_ascii() && other.is_ascii() {
        return one.cmp(other);
    }
    one.encode_utf16().cmp(other.encode_utf16())
}

fn number(number: &Number, out: &mut Vec<u8>) -> Result<(), NotCanonical> {
    let within = match (number.as_u64(), number.as_i64(), number.as_f64()) {
        (Some(whole), ..) => whole <= NUMBER_LIMIT,
        (None, Some(whole), _) => whole.unsigned_abs() <= NUMBER_LIMIT,
        (None, None, Some(float)) if float.is_finite() => float.abs() <= NUMBER_LIMIT as f64,
        _ => return Err(NotCanonical::NotFinite),
    };
    if !within {
        return Err(NotCanonical::TooLarge(number.to_string()));
    }
    if number.is_f64() {
        let written = serde_json_canonicalizer::to_vec(number)
            .map_err(|error| NotCanonical::Unwritable(error.to_string()))?;
        out.extend(written);
    } else {
        out.extend_from_slice(number.to_string().as_bytes());
    }
    Ok(())
}
