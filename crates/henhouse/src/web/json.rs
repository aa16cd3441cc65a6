//! JSON in and out. In: nothing is guessed, and what cannot be read is named by its field.
//! Out: texts are plain strings, and one that this reader cannot have is null.

mod nul;
mod wrong;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use casefile::sealed;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::problem::Problem;

mod once;
pub(super) use nul::FIX as NO_NUL;

/// An object of JSON, as it came.
pub type Object = Map<String, Value>;

/// Parses a body that must be one JSON object. The marks of sealed texts are refused.
///
/// # Errors
/// 400 for what is no JSON; 422 naming the field for bytes that are no UTF-8 and for marks.
pub fn object(bytes: &[u8]) -> Result<Object, Problem> {
    let text = std::str::from_utf8(bytes).map_err(|_| not_utf8(bytes))?;
    let value = once::read(text)?;
    sealed::refuse_marked(&value)
        .map_err(|marked| Problem::field(marked.pointer.clone(), marked.to_string()))?;
    match value {
        Value::Object(object) => Ok(object),
        _ => Err(Problem::field(
            "",
            "The body must be one JSON object: {\"text\": \"…\"}.",
        )),
    }
}

fn not_utf8(bytes: &[u8]) -> Problem {
    let lossy = String::from_utf8_lossy(bytes);
    let value = serde_json::from_str(&lossy).unwrap_or_default();
    let field = with_replacement(&value, String::new()).unwrap_or_default();
    let named = if field.is_empty() { "The body" } else { &field };
    let detail = format!("{named} is not UTF-8; send the text as UTF-8.");
    Problem::field(field, detail)
}

/// The first place that holds the character which stands for unreadable bytes.
fn with_replacement(value: &Value, at: String) -> Option<String> {
    let broken = |text: &str| text.contains(char::REPLACEMENT_CHARACTER);
    match value {
        Value::String(text) => broken(text).then_some(at),
        Value::Array(items) => (0_usize..)
            .zip(items)
            .find_map(|(n, item)| with_replacement(item, format!("{at}/{n}"))),
        Value::Object(fields) => fields.iter().find_map(|(key, value)| {
            let here = format!("{at}/{key}");
            if broken(key) {
                Some(here)
            } else {
                with_replacement(value, here)
            }
        }),
        _ => None,
    }
}

/// Reads a value into its type.
///
/// # Errors
/// 422, naming every field that is missing, unknown or cannot be read, or the first that holds the character NUL and
/// is no free text.
pub fn read<T: DeserializeOwned>(value: Value) -> Result<T, Problem> {
    match serde_json::from_value(value.clone()) {
        Ok(read) => match nul::misplaced::<T>(&value) {
            None => Ok(read),
            Some(field) => Err(Problem::field(field, nul::FIX)),
        },
        Err(error) => Err(Problem::fields(wrong::all::<T>(value, error.to_string()))),
    }
}

/// Reads a name that stood at that place: it is shown, but never sealed, and so is no free text.
///
/// # Errors
/// As [`read_at`].
pub fn name_at<T: DeserializeOwned>(at: &str, value: Value) -> Result<T, Problem> {
    if value.as_str().is_some_and(|name| name.contains('\0')) {
        return Err(Problem::field(at, nul::FIX));
    }
    read_at(at, value)
}

/// Reads a value that stood at that place.
///
/// # Errors
/// As [`read`], the place before each field.
pub fn read_at<T: DeserializeOwned>(at: &str, value: Value) -> Result<T, Problem> {
    read(value).map_err(|problem| problem.with_fields(|field| format!("{at}{field}")))
}

/// Makes texts plain strings, and null what this reader cannot have, in JSON as we write it: within
/// a string the quotes of a mark would be escaped, so a mark stands only where a text begins.
fn open(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(at) = rest.find("{\"$") {
        let (before, marked) = rest.split_at(at);
        out.push_str(before);
        let (said, behind) = unmarked(marked).unwrap_or_else(|| marked.split_at(1));
        out.push_str(said);
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// A value with its texts opened, for pages.
#[must_use]
pub fn opened(value: &Value) -> Value {
    serde_json::from_str(&open(&value.to_string())).unwrap_or_default()
}

/// What is said for a marked text, and what comes behind it; nothing where it is no such text.
fn unmarked(json: &str) -> Option<(&str, &str)> {
    let inner = json.strip_prefix("{\"")?;
    let (key, string) = inner.split_once("\":")?;
    let (string, behind) = string.split_at_checked(string_length(string)?)?;
    let behind = behind.strip_prefix('}')?;
    match key {
        sealed::TEXT_KEY => Some((string, behind)),
        sealed::SEALED_KEY => Some(("null", behind)),
        _ => None,
    }
}

/// How many bytes the string takes with which this JSON begins.
fn string_length(json: &str) -> Option<usize> {
    let mut bytes = json.bytes().enumerate();
    bytes.next().filter(|(_, first)| *first == b'"')?;
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'"' => return Some(at + 1),
            b'\\' => drop(bytes.next()),
            _ => {}
        }
    }
    None
}

/// An answer of JSON with its texts opened.
///
/// # Errors
/// A fault of ours.
pub fn answer(status: StatusCode, value: &impl Serialize) -> Result<Response, Problem> {
    let written = serde_json::to_string(value).map_err(|error| {
        Problem::new("fault", format!("The answer cannot be written: {error}."))
    })?;
    let json = HeaderValue::from_static("application/json");
    Ok((status, [(header::CONTENT_TYPE, json)], open(&written)).into_response())
}

/// 200 with JSON.
///
/// # Errors
/// A fault of ours.
pub fn ok(value: &impl Serialize) -> Result<Response, Problem> {
    answer(StatusCode::OK, value)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use procedure::Command;
    use procedure::chapters::intake::Report;
    use serde_json::json;

    use super::*;

    fn field_of<T: DeserializeOwned>(value: Value) -> String {
        read::<T>(value).err().unwrap().field.unwrap()
    }

    #[test]
    fn the_wrong_field_is_named() {
        assert_eq!(field_of::<Report>(json!({})), "/text");
        assert_eq!(
            field_of::<Report>(json!({ "text": "a", "colour": 1 })),
            "/colour"
        );
        assert_eq!(field_of::<Report>(json!({ "text": " " })), "/text");
        assert_eq!(
            field_of::<Report>(json!({ "text": "a", "phish": { "clicked": 3 } })),
            "/phish/clicked"
        );
        assert_eq!(
            field_of::<Report>(json!({ "text": "a", "started": { "at": "noon" } })),
            "/started/at"
        );
        assert_eq!(
            field_of::<Command>(json!({ "command": "dance" })),
            "/command"
        );
        assert_eq!(
            field_of::<Command>(json!({ "command": "join", "x": 1 })),
            "/x"
        );
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let told = |value: Value| -> Vec<(String, String)> {
            let problem = read::<Command>(value).err().unwrap();
            assert_eq!(
                problem.field.as_ref(),
                Some(&problem.wrong_fields()[0].field)
            );
            let told = problem.wrong_fields().iter().cloned();
            told.map(|wrong| (wrong.field, wrong.detail)).collect()
        };
        let fields = |value: Value| -> Vec<String> {
            told(value).into_iter().map(|(field, _)| field).collect()
        };
        let mut of_a_step = fields(json!({
            "command": "add_step", "text": 3, "owner": ["x"], "colour": "red", "due": "noon",
        }));
        of_a_step.sort();
        assert_eq!(of_a_step, ["/colour", "/due", "/owner", "/text"]);
        assert_eq!(
            fields(json!({ "command": "plan_shift", "until": "late" })),
            ["/until", "/person", "/from"]
        );
        assert_eq!(
            fields(
                json!({ "command": "confirm", "severity": "hgih", "impact": { "integrity": 1 } })
            ),
            ["/impact/integrity", "/severity"]
        );
        let (field, words) = told(json!({ "command": "ad_note", "text": "x" })).remove(0);
        assert_eq!(field, "/command");
        assert!(
            words.contains("Did you mean add_note?") && words.len() < 200,
            "{words}"
        );
    }

    #[test]
    fn a_field_that_is_missing_is_named_where_it_is_missing() {
        let project = crate::founding::empty_project("UTC").unwrap();
        let mut project = serde_json::to_value(project).unwrap();
        project["stakeholders"] = json!([{ "id": "acme", "ceiling": "green" }]);
        assert_eq!(
            field_of::<procedure::basis::Project>(project),
            "/stakeholders/0/outside"
        );
        let impact = json!({
            "command": "assess_impact", "confidentiality": "some", "integrity": "some",
            "availability": "none",
        });
        let problem = read::<Command>(impact).err().unwrap();
        let wrong: Vec<&str> = problem
            .wrong_fields()
            .iter()
            .map(|wrong| wrong.field.as_str())
            .collect();
        assert_eq!(wrong, ["/confidentiality", "/integrity"]);
    }

    #[test]
    fn bytes_that_are_no_utf8_are_named_by_their_field() {
        let problem = object(b"{\"title\": \"a\", \"text\": \"\xff\"}")
            .err()
            .unwrap();
        assert_eq!(
            (problem.status, problem.field.as_deref()),
            (422, Some("/text"))
        );
        assert_eq!(object(b"\xff").err().unwrap().status, 422);
    }

    #[test]
    fn marks_of_the_journal_are_refused_from_outside() {
        let problem = object(br#"{"text": {"$sealed": "00"}}"#).err().unwrap();
        assert_eq!(
            (problem.status, problem.field.as_deref()),
            (422, Some("/text"))
        );
        assert_eq!(object(b"[]").err().unwrap().status, 422);
        assert_eq!(object(b"{").err().unwrap().status, 400);
    }

    #[test]
    fn texts_are_plain_and_missing_ones_null() {
        let opened = |value: Value| -> Value { open(&value.to_string()).parse().unwrap() };
        let value = json!({ "a": [{ "$text": "x" }], "b": { "$sealed": "00" }, "c": 1 });
        assert_eq!(opened(value), json!({ "a": ["x"], "b": null, "c": 1 }));
        let sly = "{\"$text\":\"y\"} \\\" {\"$sealed\":\"0\"} \u{1f414}\n\\";
        for words in [sly, "", "\\", "\"", "{\"$", "}"] {
            let value =
                json!([{ "$text": words }, words, { "k": { "$text": words } }, { words: 1 }]);
            assert_eq!(
                opened(value),
                json!([words, words, { "k": words }, { words: 1 }])
            );
        }
        let others = json!([{ "$text": "x", "b": 1 }, { "$more": "x" }, { "$text": 1 }, {}, []]);
        assert_eq!(opened(others.clone()), others);
    }
}
