//! A playbook as single values, each at its place: `alarm.ack_limit_minutes` is 10. So two editions are compared, and one
//! is changed value by value.

use std::collections::BTreeMap;

use procedure::playbook::Playbook;
use serde_json::{Map, Value};

/// Every value, by its place. Elements of lists are named by their id where they have one.
pub(super) fn leaves(playbook: &Playbook) -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    let value = serde_json::to_value(playbook).unwrap_or_default();
    collect(&value, String::new(), &mut all);
    all
}

fn collect(value: &Value, at: String, all: &mut BTreeMap<String, Value>) {
    let below = |key: &str| {
        if at.is_empty() {
            key.to_owned()
        } else {
            format!("{at}.{key}")
        }
    };
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                collect(value, below(key), all);
            }
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            for (n, item) in items.iter().enumerate() {
                collect(item, format!("{at}[{}]", named(item, n)), all);
            }
        }
        value => drop(all.insert(at, value.clone())),
    }
}

/// What an element of a list is called.
fn named(item: &Value, n: usize) -> String {
    let name = ["id", "class", "name", "key"]
        .into_iter()
        .find_map(|key| item[key].as_str());
    name.map_or_else(|| (n + 1).to_string(), str::to_owned)
}

/// A value in words.
pub(super) fn said(place: &str, value: &Value) -> String {
    let unit = place.rsplit('_').next().unwrap_or_default();
    match value {
        Value::Number(number) => match unit {
            "minutes" | "hours" | "days" | "seconds" | "percent" => format!("{number} {unit}"),
            _ => number.to_string(),
        },
        Value::String(text) => format!("“{text}”"),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| said("", item)).collect();
            items.join(", ")
        }
        other => other.to_string(),
    }
}

/// The changes that turn these places into these values, in the shape of the playbook.
pub(super) fn changes(values: &BTreeMap<String, Value>) -> Map<String, Value> {
    let mut whole = Map::new();
    for (place, value) in values {
        put(&mut whole, &mut place.split('.'), value);
    }
    whole
}

fn put<'a>(into: &mut Map<String, Value>, path: &mut impl Iterator<Item = &'a str>, value: &Value) {
    let parts: Vec<&str> = path.collect();
    let Some((last, tables)) = parts.split_last() else {
        return;
    };
    let mut here = into;
    for table in tables {
        let below = here
            .entry(*table)
            .or_insert_with(|| Value::Object(Map::new()));
        let Value::Object(below) = below else {
            return;
        };
        here = below;
    }
    here.insert((*last).to_owned(), value.clone());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_places_and_are_put_back_there() {
        let all = leaves(&crate::founding::handbook());
        assert_eq!(all["alarm.ack_limit_minutes"], 10);
        assert_eq!(
            said("alarm.ack_limit_minutes", &all["alarm.ack_limit_minutes"]),
            "10 minutes"
        );
        assert!(
            all.keys().any(|place| place.starts_with("evidence[host]")),
            "{:?}",
            all.keys()
        );
        let five = [("alarm.ack_limit_minutes".to_owned(), Value::from(5))].into();
        assert_eq!(
            Value::Object(changes(&five)),
            serde_json::json!({ "alarm": { "ack_limit_minutes": 5 } })
        );
    }
}
