//! The fields of a line, as every player of the language reads them.

use serde_json::{Map, Value};

/// `name=value name="a b" flags={"x":true}`. `last` says which entry of a kind came last:
/// `entry=last.note_added` names it.
pub fn fields_of(
    text: &str,
    last: impl Fn(&str) -> Option<u64>,
) -> Result<Map<String, Value>, String> {
    let mut fields = Map::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (name, after) = rest
            .split_once('=')
            .ok_or_else(|| format!("name=value: {rest}"))?;
        let mut stream = serde_json::Deserializer::from_str(after).into_iter::<Value>();
        let parsed = stream.next().and_then(Result::ok);
        let end = stream.byte_offset();
        let whole = after[end..].is_empty() || after[end..].starts_with(' ');
        let (value, used) = match parsed {
            Some(value) if whole => (value, end),
            _ => {
                let end = after.find(' ').unwrap_or(after.len());
                (word(&after[..end], &last)?, end)
            }
        };
        fields.insert(name.trim().into(), value);
        rest = after[used..].trim_start();
    }
    Ok(fields)
}

fn word(word: &str, last: impl Fn(&str) -> Option<u64>) -> Result<Value, String> {
    match word.strip_prefix("last.") {
        Some(kind) => last(kind)
            .map(Value::from)
            .ok_or_else(|| format!("no entry {kind} yet")),
        None => Ok(Value::String(word.into())),
    }
}

/// JSON where it is JSON, else a string.
pub fn json_of(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.into()))
}

/// Whether a word is the id of a rule, such as `R26`.
pub fn is_rule(word: &str) -> bool {
    word.strip_prefix(['R', 'X'])
        .is_some_and(|n| n.parse::<u32>().is_ok())
}
