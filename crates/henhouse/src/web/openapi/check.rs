//! Does a value fit a JSON Schema? As much of draft 2020-12 as our own documents use; a keyword
//! that is not known here fails, so that nothing is passed over in silence.

#![expect(
    clippy::unwrap_used,
    reason = "a document that breaks its own format is a failed test"
)]

use serde_json::Value;

/// Keywords that ask nothing.
const NOTES: &[&str] = &[
    "title",
    "description",
    "format",
    "default",
    "examples",
    "$schema",
    "deprecated",
    "writeOnly",
    "readOnly",
];

/// Where and why a value does not fit; nothing if it fits.
pub(crate) fn misfit(document: &Value, schema: &Value, value: &Value) -> Option<String> {
    look(document, schema, value, "")
}

fn look(document: &Value, schema: &Value, value: &Value, at: &str) -> Option<String> {
    let Value::Object(keywords) = schema else {
        return (schema == &Value::Bool(false)).then(|| format!("{at}: nothing fits here"));
    };
    keywords.iter().find_map(|(keyword, wants)| {
        let no = || Some(format!("{at}: {value} does not fit {keyword} {wants}"));
        let one = |inner: &Value| look(document, inner, value, at);
        let fitting = || {
            wants
                .as_array()
                .unwrap()
                .iter()
                .filter(|inner| one(inner).is_none())
                .count()
        };
        match keyword.as_str() {
            "$ref" => {
                let to = wants.as_str().unwrap().trim_start_matches('#');
                one(document.pointer(to).unwrap())
            }
            "allOf" => wants.as_array().unwrap().iter().find_map(one),
            "anyOf" => {
                if fitting() == 0 {
                    no()
                } else {
                    None
                }
            }
            "oneOf" => {
                if fitting() != 1 {
                    no()
                } else {
                    None
                }
            }
            "type" => {
                if is_of(wants, value) {
                    None
                } else {
                    no()
                }
            }
            "const" => {
                if wants == value {
                    None
                } else {
                    no()
                }
            }
            "enum" => {
                if wants.as_array().unwrap().contains(value) {
                    None
                } else {
                    no()
                }
            }
            "minimum" => value
                .as_f64()
                .filter(|n| *n < wants.as_f64().unwrap())
                .and_then(|_| no()),
            "maximum" => value
                .as_f64()
                .filter(|n| *n > wants.as_f64().unwrap())
                .and_then(|_| no()),
            "minLength" => length(value)
                .filter(|n| *n < wants.as_u64().unwrap())
                .and_then(|_| no()),
            "maxLength" => length(value)
                .filter(|n| *n > wants.as_u64().unwrap())
                .and_then(|_| no()),
            "required" => {
                let fields = value.as_object()?;
                let missing = wants
                    .as_array()
                    .unwrap()
                    .iter()
                    .find(|name| !fields.contains_key(name.as_str().unwrap()));
                missing.map(|name| format!("{at}: {name} is missing"))
            }
            "properties" => {
                let known = wants.as_object().unwrap().iter();
                known.clone().find_map(|(name, inner)| {
                    look(document, inner, value.get(name)?, &format!("{at}/{name}"))
                })
            }
            "additionalProperties" | "unevaluatedProperties" => {
                let known = &known_properties(document, schema);
                let strangers = value
                    .as_object()?
                    .iter()
                    .filter(|(name, _)| !known.contains(name));
                strangers
                    .into_iter()
                    .find_map(|(name, inner)| look(document, wants, inner, &format!("{at}/{name}")))
            }
            "items" => {
                let items = value.as_array()?.iter().enumerate();
                items
                    .into_iter()
                    .find_map(|(n, item)| look(document, wants, item, &format!("{at}/{n}")))
            }
            "prefixItems" => {
                let pairs = wants
                    .as_array()
                    .unwrap()
                    .iter()
                    .zip(value.as_array()?)
                    .enumerate();
                pairs.into_iter().find_map(|(n, (inner, item))| {
                    look(document, inner, item, &format!("{at}/{n}"))
                })
            }
            "minItems" | "maxItems" | "uniqueItems" | "propertyNames" | "patternProperties"
            | "pattern" => None,
            note if NOTES.contains(&note) => None,
            unknown => Some(format!("{at}: the checker does not know {unknown}")),
        }
    })
}

fn length(value: &Value) -> Option<u64> {
    value.as_str().map(|text| text.chars().count() as u64)
}

fn is_of(wants: &Value, value: &Value) -> bool {
    let is = |name: &str| match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    };
    match wants {
        Value::Array(names) => names.iter().any(|name| is(name.as_str().unwrap())),
        name => is(name.as_str().unwrap()),
    }
}

/// The names that this schema, or one that it is made of, knows.
fn known_properties(document: &Value, schema: &Value) -> Vec<String> {
    let mut names: Vec<String> = schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(|fields| fields.keys().cloned())
        .collect();
    let to = schema.get("$ref").and_then(Value::as_str);
    let referred = to.and_then(|to| document.pointer(to.trim_start_matches('#')));
    let parts = ["allOf", "anyOf", "oneOf"]
        .into_iter()
        .filter_map(|word| schema.get(word)?.as_array());
    for part in parts.flatten().chain(referred) {
        names.extend(known_properties(document, part));
    }
    names
}

#[test]
fn what_does_not_fit_is_found() {
    use serde_json::json;
    let document = json!({ "d": { "name": { "type": "string", "minLength": 2 } } });
    let schema = json!({
        "type": "object", "required": ["a"], "additionalProperties": false,
        "properties": {
            "a": { "$ref": "#/d/name" }, "b": { "type": ["integer", "null"] },
            "c": { "type": "array", "items": { "oneOf": [{ "const": 1 }, { "enum": ["x"] }] } },
        },
    });
    let fits = |value: Value| misfit(&document, &schema, &value);
    assert_eq!(fits(json!({ "a": "xy", "b": null, "c": [1, "x"] })), None);
    for bad in [
        json!([]),
        json!({}),
        json!({ "a": "x" }),
        json!({ "a": "xy", "b": "1" }),
        json!({ "a": "xy", "c": [2] }),
        json!({ "a": "xy", "z": 1 }),
    ] {
        assert!(fits(bad.clone()).is_some(), "{bad}");
    }
}
