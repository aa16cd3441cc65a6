//! Everything that is wrong with a body, not only what is found first: whoever filled in five fields
//! corrects them once. What is wrong is noted and put right in a copy, until the copy can be read.

use std::collections::VecDeque;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::report::nearest::did_you_mean;
use crate::web::problem::WrongField;

/// At most so many are told at once.
const TOLD: usize = 20;
/// At most so many copies are read to find the wrong ones,
const LOOKED_AT: usize = 500;
/// and so many values in all of them.
const LOOKED_THROUGH: usize = 100_000;

/// What is wrong with a value that cannot be read.
pub(super) fn all<T: DeserializeOwned>(mut value: Value, words: String) -> Vec<WrongField> {
    let most = LOOKED_AT.min(LOOKED_THROUGH / size(&value).max(1));
    if most < TOLD {
        // To look for the place would cost more than the whole answer is worth.
        let (field, detail) = (String::new(), sentence(&words));
        return vec![WrongField { field, detail }];
    }
    let mut search = Search { left: most };
    let (mut found, mut words) = (Vec::new(), words);
    while found.len() < TOLD {
        let field = search.field::<T>(&value, &words);
        if found.iter().any(|known: &WrongField| known.field == field) {
            break;
        }
        let detail = sentence(&words);
        found.push(WrongField {
            field: field.clone(),
            detail,
        });
        match search.put_right::<T>(&mut value, &field, &words) {
            Some(next) => words = next,
            None => break,
        }
    }
    found
}

/// How many values there are in it.
fn size(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(size).sum(),
        Value::Object(fields) => fields.values().map(size).sum::<usize>(),
        _ => 0,
    }
}

struct Search {
    /// So many copies may still be read.
    left: usize,
}

impl Search {
    /// What is wrong with the copy, if it may be read once more.
    fn read<T: DeserializeOwned>(&mut self, value: Value) -> Option<Result<(), String>> {
        self.left = self.left.checked_sub(1)?;
        Some({
            serde_json::from_value::<T>(value)
                .map(drop)
                .map_err(|e| e.to_string())
        })
    }

    /// The field that the words are about.
    fn field<T: DeserializeOwned>(&mut self, value: &Value, words: &str) -> String {
        let unknown = named(words, "unknown field `");
        if let Some(name) = unknown.filter(|name| value.get(name).is_some()) {
            return format!("/{name}");
        }
        match named(words, "missing field `") {
            Some(name) => {
                let place = self.place_of_missing::<T>(value, name, words);
                format!("{place}/{name}")
            }
            None => self.culprit::<T>(value, value, String::new(), words),
        }
    }

    /// The object in which the field is missed: the outermost in which it makes a difference.
    fn place_of_missing<T: DeserializeOwned>(
        &mut self,
        value: &Value,
        name: &str,
        words: &str,
    ) -> String {
        let mut places = VecDeque::from([String::new()]);
        while let Some(at) = places.pop_front() {
            let inner: Vec<String> = match value.pointer(&at) {
                Some(Value::Object(fields)) => fields.keys().cloned().collect(),
                Some(Value::Array(items)) => (0..items.len()).map(|n| n.to_string()).collect(),
                _ => continue,
            };
            places.extend(inner.into_iter().map(|key| format!("{at}/{key}")));
            let mut with = value.clone();
            let Some(Value::Object(fields)) = with.pointer_mut(&at) else {
                continue;
            };
            if fields.insert(name.to_owned(), Value::Null).is_some() {
                continue;
            }
            let Some(read) = self.read::<T>(with) else {
                break;
            };
            // A map whose keys are words of their own knows it no more than an object without such a field.
            let strange = |other: &str| {
                ["field", "variant"]
                    .iter()
                    .any(|what| other.starts_with(&format!("unknown {what} `{name}`")))
            };
            if !read.is_err_and(|other| other == words || strange(&other)) {
                return at;
            }
        }
        String::new()
    }

    /// The innermost field without which the error would be another one. The name of the command
    /// comes last, because without it nothing can be read.
    fn culprit<T: DeserializeOwned>(
        &mut self,
        whole: &Value,
        part: &Value,
        at: String,
        words: &str,
    ) -> String {
        let mut keys: Vec<String> = match part {
            Value::Object(fields) => fields.keys().cloned().collect(),
            Value::Array(items) => (0..items.len()).map(|n| n.to_string()).collect(),
            _ => return at,
        };
        let says = |key: &String| {
            let text = part.get(key).and_then(Value::as_str);
            text.is_some_and(|text| words.starts_with(&format!("unknown variant `{text}`")))
        };
        keys.sort_by_key(|key| (!says(key), key == "command"));
        // Where several fields say the same wrong word, the error stays when one of them goes.
        let saying = keys.iter().filter(|key| says(key)).count();
        if let (true, Some(key)) = (saying > 1, keys.first()) {
            return format!("{at}/{key}");
        }
        for key in keys {
            let mut without = whole.clone();
            let inner = format!("{at}/{key}");
            if !remove(&mut without, &at, &key) {
                continue;
            }
            let Some(read) = self.read::<T>(without) else {
                break;
            };
            let same = read.is_err_and(|other| other == words);
            if let (false, Some(part)) = (same, whole.pointer(&inner)) {
                return self.culprit::<T>(whole, part, inner, words);
            }
        }
        at
    }

    /// Puts the field right, so that what else is wrong comes to light; answers what that is.
    /// `None` where nothing else is, or where it cannot be put right.
    fn put_right<T: DeserializeOwned>(
        &mut self,
        value: &mut Value,
        field: &str,
        words: &str,
    ) -> Option<String> {
        let (at, key) = field.rsplit_once('/')?;
        if !words.starts_with("missing field `") {
            if field == "/command" || !remove(value, at, key) {
                return None;
            }
            let next = self.read::<T>(value.clone())?.err()?;
            if named(&next, "missing field `") != Some(key) {
                return Some(next);
            }
        }
        self.fill::<T>(value, at, key)
    }

    /// Puts something readable into a field that must be there.
    fn fill<T: DeserializeOwned>(
        &mut self,
        value: &mut Value,
        at: &str,
        key: &str,
    ) -> Option<String> {
        let mut fillers = vec![
            json!("x"),
            json!("2026-01-01T00:00:00Z"),
            json!(1),
            json!(true),
            json!([]),
            json!({}),
            json!({ "at": "2026-01-01T00:00:00Z" }),
        ];
        let mut next = 0;
        while let Some(filler) = fillers.get(next).cloned() {
            next += 1;
            value
                .pointer_mut(at)?
                .as_object_mut()?
                .insert(key.to_owned(), filler);
            let Err(words) = self.read::<T>(value.clone())? else {
                return None;
            };
            if let Some(rest) = words.strip_prefix("unknown variant `x`, expected ") {
                let variant = rest.split('`').nth(1)?;
                fillers.insert(next, json!(variant));
                continue;
            }
            let unread = [
                "invalid type",
                "invalid value",
                "invalid length",
                "unknown variant",
                "data did not",
            ];
            if !unread.iter().any(|start| words.starts_with(start))
                && !words.contains("failed to parse")
            {
                return Some(words);
            }
        }
        None
    }
}

fn remove(value: &mut Value, at: &str, key: &str) -> bool {
    match value.pointer_mut(at) {
        Some(Value::Object(fields)) => fields.remove(key).is_some(),
        Some(Value::Array(items)) => {
            let n = key.parse().ok().filter(|n| *n < items.len());
            n.map(|n: usize| items.remove(n)).is_some()
        }
        _ => false,
    }
}

/// The field that serde itself names.
fn named<'w>(words: &'w str, start: &str) -> Option<&'w str> {
    words
        .strip_prefix(start)?
        .split_once('`')
        .map(|(field, _)| field)
}

/// What serde says as a sentence. Of very many names only the nearest is told.
fn sentence(words: &str) -> String {
    for start in ["unknown variant `", "unknown field `"] {
        let Some((typed, rest)) = words.strip_prefix(start).and_then(|w| w.split_once('`')) else {
            continue;
        };
        let known: Vec<&str> = rest.split('`').skip(1).step_by(2).collect();
        let meant = did_you_mean(typed, known.iter().copied());
        let what = if start.contains("field") {
            "field"
        } else {
            "word"
        };
        return match known.as_slice() {
            [] => format!("There is no {what} {typed:?} here."),
            few if few.len() <= FEW => {
                format!(
                    "There is no {what} {typed:?} here.{meant} Use one of: {}.",
                    few.join(", ")
                )
            }
            many => format!(
                "There is no {what} {typed:?} here.{meant} All {} are in /api/v1/openapi.json.",
                many.len()
            ),
        };
    }
    if words.starts_with("invalid type: unit variant, expected newtype variant") {
        return "That word stands with an id, such as [{\"client\":\"acme\"}].".to_owned();
    }
    if words.starts_with("invalid type: string") && words.ends_with("expected a sequence") {
        return "This is a list: write it in square brackets, such as [\"ours\"].".to_owned();
    }
    let mut letters = words.chars();
    let first: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    format!("{first}{}.", letters.as_str())
}

/// So many names are told one by one.
const FEW: usize = 16;
