//! Opsgenie's Alert API v2: an alert as it is created. Its alias is the key by which its sender means it again; one without
//! an alias is always a new one.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Map, Value};

use procedure::chapters::intake::Gravity;

use super::{clean, fields, unknown};
use crate::desk::{Alert, Sent};

/// Reads an alert to be created. `unnamed` becomes the alias of one that has none.
#[must_use]
pub fn create(raw: &[u8], unnamed: &str) -> Alert {
    let body: Option<Value> = serde_json::from_slice(raw).ok();
    body.and_then(|body| alert(&body, raw, unnamed))
        .unwrap_or_else(|| unknown("Opsgenie's API", raw))
}

/// What is said of an alert that is known: who says it, and what.
#[must_use]
pub fn noted(sent: Sent, alias: String, raw: &[u8]) -> Alert {
    let body: Value = serde_json::from_slice(raw).unwrap_or_default();
    let mut said = String::new();
    for field in ["note", "user", "source"] {
        if let Some(word) = word(&body, field) {
            let _ = writeln!(said, "{field}: {word}");
        }
    }
    Alert {
        sent,
        alias,
        title: String::new(),
        words: said,
        ..Alert::default()
    }
}

/// What was read from something else and says the same: it has a message.
#[must_use]
pub fn said(body: &Value, raw: &[u8]) -> Alert {
    alert(body, raw, "unnamed").unwrap_or_else(|| unknown("A mail", raw))
}

fn alert(body: &Value, raw: &[u8], unnamed: &str) -> Option<Alert> {
    let message = word(body, "message")?;
    Some(Alert {
        sent: Sent::Fires,
        alias: word(body, "alias").unwrap_or_else(|| unnamed.to_owned()),
        words: words(body, &message),
        title: message,
        gravity: body["priority"].as_str().map(priority),
        fields: facts(body),
        facts: kept(body),
        raw: raw.to_vec(),
        ..Alert::default()
    })
}

/// What its clients ask for again.
fn kept(body: &Value) -> Map<String, Value> {
    let mut facts = Map::new();
    for field in ["description", "priority", "entity", "source"] {
        facts.extend(word(body, field).map(|word| (field.to_owned(), Value::String(word))));
    }
    let tags = tags_of(body);
    if !tags.is_empty() {
        facts.insert("tags".to_owned(), tags.into());
    }
    if let Some(details) = body["details"].as_object() {
        let details: Map<String, Value> = details.clone().into_iter().take(MOST).collect();
        facts.insert("details".to_owned(), Value::Object(details));
    }
    facts
}

/// So many tags and details an alert has here.
const MOST: usize = 100;

/// The tags of an alert.
#[must_use]
pub fn tags_of(body: &Value) -> Vec<String> {
    let tags = body["tags"].as_array().into_iter().flatten();
    tags.filter_map(|tag| tag.as_str().map(clean))
        .take(MOST)
        .collect()
}

/// Its details, and what else a rule may look at.
fn facts(body: &Value) -> BTreeMap<String, String> {
    let mut all = fields([&body["details"]]);
    let values: Vec<String> = all.values().cloned().collect();
    for field in ["entity", "source", "priority", "user", "description"] {
        all.extend(word(body, field).map(|word| (field.to_owned(), word)));
    }
    let tags = body["tags"].as_array().into_iter().flatten();
    let tags: Vec<String> = tags.filter_map(|tag| tag.as_str().map(clean)).collect();
    all.insert("tags".to_owned(), tags.join(", "));
    // One without a priority is in the middle there.
    all.entry("priority".to_owned()).or_insert("P3".to_owned());
    let words = |list: &Value| -> Vec<String> {
        let words = list.as_array().into_iter().flatten();
        words.filter_map(|word| word.as_str().map(clean)).collect()
    };
    for (name, said) in [
        ("details", values),
        ("actions", words(&body["actions"])),
        ("teams", named(body, |kind| kind == "team")),
        ("recipients", named(body, |kind| kind != "team")),
    ] {
        all.extend((!said.is_empty()).then(|| (name.to_owned(), said.join(", "))));
    }
    all
}

/// Who is to respond by the alert: teams, or others, by name and by id.
fn named(body: &Value, of: impl Fn(&str) -> bool) -> Vec<String> {
    let older = body["teams"].as_array().into_iter().flatten();
    let older = older.filter(|_| of("team"));
    let responders = body["responders"].as_array().into_iter().flatten();
    let responders = responders.filter(|one| of(one["type"].as_str().unwrap_or_default()));
    let names = responders.chain(older).take(MOST).flat_map(|one| {
        let names = ["name", "username", "id"].map(|field| word(one, field));
        names.into_iter().flatten()
    });
    names.collect()
}

/// What Opsgenie's priorities are called there: critical, high, moderate, low, informational.
#[must_use]
pub fn priority(word: &str) -> Gravity {
    match word {
        "P1" => Gravity::Critical,
        "P2" => Gravity::Error,
        "P4" | "P5" => Gravity::Info,
        _ => Gravity::Warning,
    }
}

fn words(body: &Value, message: &str) -> String {
    let mut said = format!("{message}\n");
    if let Some(description) = word(body, "description") {
        let _ = writeln!(said, "\n{description}");
    }
    said.push('\n');
    for field in ["priority", "entity", "source", "user", "note"] {
        if let Some(word) = word(body, field) {
            let _ = writeln!(said, "{field}: {word}");
        }
    }
    let tags = body["tags"].as_array().into_iter().flatten();
    let tags: Vec<String> = tags.filter_map(|tag| tag.as_str().map(clean)).collect();
    if !tags.is_empty() {
        let _ = writeln!(said, "tags: {}", tags.join(", "));
    }
    for (name, value) in body["details"].as_object().into_iter().flatten() {
        let value = value.as_str().map_or_else(|| value.to_string(), clean);
        let _ = writeln!(said, "{}: {value}", clean(name));
    }
    said
}

/// A field that has words.
fn word(body: &Value, field: &str) -> Option<String> {
    let word = body[field].as_str().map(str::trim)?;
    (!word.is_empty()).then(|| clean(word))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_alert_is_told_by_its_alias_and_in_all_its_words() {
        let body = json!({
            "message": "The coop is open", "alias": "coop/door", "description": "Since three.", "priority": "P1",
            "tags": ["door", "north"], "details": { "hens": "12", "n": 3 },
        });
        let alert = create(body.to_string().as_bytes(), "x");
        assert_eq!(
            (&*alert.alias, &*alert.title),
            ("coop/door", "The coop is open")
        );
        for said in [
            "Since three.",
            "priority: P1",
            "tags: door, north",
            "hens: 12",
            "n: 3",
        ] {
            assert!(alert.words.contains(said), "{said}: {}", alert.words);
        }
        assert_eq!(create(b"{\"message\": \"m\"}", "x").alias, "x");
        assert_eq!(create(b"{\"alias\": \"a\"}", "x").title, "Unknown alert");
    }

    #[test]
    fn what_is_said_of_an_alert_says_who_said_it() {
        let said = noted(
            Sent::Noted,
            "a".to_owned(),
            b"{\"note\": \"a fox\", \"user\": \"jane\"}",
        );
        assert_eq!(said.words, "note: a fox\nuser: jane\n");
        assert_eq!(noted(Sent::Over, "a".to_owned(), b"").words, "");
    }
}
