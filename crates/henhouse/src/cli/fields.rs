//! `name=value` words of a command line as the fields of a command.

use serde_json::{Map, Value};

use super::failure::{Failure, Outcome};
use crate::report::typed;

/// Reads `name=value` words.
///
/// # Errors
/// A word without `=`.
pub fn read(words: &[String]) -> Outcome<Map<String, Value>> {
    typed::fields(words)
        .map_err(|word| Failure::Usage(format!("{word:?} is no field: write name=value.")))
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
