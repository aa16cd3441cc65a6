//! `name=value` words of a command line as the fields of a command.

use serde_json::{Map, Value};

use super::failure::{Failure, Outcome};

/// Reads `name=value` words. A value that is JSON counts as JSON (`true`, `3`, `["a"]`, `{…}`),
/// anything else as text; `name:=text` is text always.
///
/// # Errors
/// A word without `=`.
pub fn read(words: &[String]) -> Outcome<Map<String, Value>> {
    words.iter().map(|word| field(word)).collect()
}

fn field(word: &str) -> Outcome<(String, Value)> {
    let wrong = || Failure::Usage(format!("{word:?} is no field: write name=value."));
    let (name, value) = word.split_once('=').ok_or_else(wrong)?;
    if let Some(name) = name.strip_suffix(':') {
        return Ok((name.to_owned(), Value::String(value.to_owned())));
    }
    let json = serde_json::from_str(value).ok();
    Ok((
        name.to_owned(),
        json.unwrap_or_else(|| Value::String(value.to_owned())),
    ))
}

/// `RULE=reason` words as waivers.
///
/// # Errors
/// A word without `=`.
pub fn waivers(words: &[String]) -> Outcome<Value> {
    let waiver = |word: &String| {
        let wrong = || Failure::Usage(format!("{word:?} is no waiver: write RULE=reason."));
        let (rule, reason) = word.split_once('=').ok_or_else(wrong)?;
        Ok(serde_json::json!({ "rule": rule, "reason": reason }))
    };
    words
        .iter()
        .map(waiver)
        .collect::<Outcome<Vec<_>>>()
        .map(Value::Array)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_json_where_it_is_json() {
        let words = ["a=1", "b=two words", "c=[\"x\"]", "d:=1"].map(str::to_owned);
        let fields = read(&words).expect("fields");
        assert_eq!(
            Value::Object(fields),
            serde_json::json!({
                "a": 1, "b": "two words", "c": ["x"], "d": "1"
            })
        );
        assert!(read(&["x".to_owned()]).is_err());
    }
}
