//! What stands in the fields of a form: as it was typed, as a link says it, or as the case knows it.

use std::collections::BTreeMap;

use procedure::Case;
use serde_json::Value;

use crate::report::by_hand::ByHand;
use crate::report::forms::{Control, Form};
use crate::web::fields::Fields;
use crate::web::pages::frame;

/// The fields by their names, each with what stands in it.
#[derive(Clone, Debug, Default)]
pub(super) struct Given(BTreeMap<String, Vec<String>>);

impl Given {
    /// What was sent: of lists each part, of texts the whole.
    pub(super) fn sent(
        form: &Form,
        fields: &Fields,
        inner: impl Fn(&str, Control) -> Vec<String>,
    ) -> Self {
        let mut given = Self::default();
        for field in form.fields {
            for name in inner(field.name, field.control) {
                let values = match field.control {
                    Control::Some(_) | Control::Choices(_) | Control::Whose => fields.all(&name),
                    _ => vec![frame::typed(fields, &name)],
                };
                given.put(&name, values);
            }
        }
        given
    }

    /// What the case knows of an act.
    pub(super) fn known(act: &ByHand) -> Self {
        let mut given = Self::default();
        for (name, value) in act.known() {
            given.read(name, &value);
        }
        given
    }

    /// What was said to be harmed, for a form that says it again beside something else: the last word on it counts as a
    /// whole, so what is left out would be taken back (R37).
    pub(super) fn said_of_impact(form: &Form, case: &Case) -> Self {
        let mut given = Self::default();
        let asks = form
            .fields
            .iter()
            .any(|field| field.name.starts_with("impact."));
        if let Some(impact) = case.part.assess.impact().filter(|_| asks) {
            let said = serde_json::to_value(impact).unwrap_or(Value::Null);
            given.read("impact", &said);
        }
        given
    }

    /// Puts a value as the API has it: objects become names with dots.
    pub(super) fn read(&mut self, name: &str, value: &Value) {
        match value {
            Value::Object(fields) if fields.len() == 1 && fields.contains_key("client") => {
                self.put(name, vec![one(value)]);
            }
            Value::Object(fields) => {
                for (key, value) in fields {
                    self.read(&format!("{name}.{key}"), value);
                }
            }
            Value::Array(items) => self.put(name, items.iter().map(one).collect()),
            Value::Null => {}
            value => self.put(name, vec![one(value)]),
        }
    }

    pub(super) fn put(&mut self, name: &str, values: Vec<String>) {
        let values: Vec<String> = values
            .into_iter()
            .filter(|value| !value.is_empty())
            .collect();
        if values.is_empty() {
            self.0.remove(name);
        } else {
            self.0.insert(name.to_owned(), values);
        }
    }

    /// What stands in a field; several values with commas between them.
    pub(super) fn text(&self, name: &str) -> String {
        self.all(name).join(", ")
    }

    pub(super) fn all(&self, name: &str) -> &[String] {
        self.0.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    pub(super) fn has(&self, name: &str, value: &str) -> bool {
        self.all(name).iter().any(|one| one == value)
    }

    /// With what another one says put over it.
    pub(super) fn over(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Each field with its value, as hidden fields carry them.
    pub(super) fn pairs(&self) -> Vec<(String, String)> {
        let all = self.0.iter();
        let pairs = all.flat_map(|(name, values)| values.iter().map(move |value| (name, value)));
        pairs
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }

    /// As it stands in the address of a form.
    pub(super) fn query(&self) -> String {
        let pair = |(name, values): (&String, &Vec<String>)| {
            format!("{name}={}", crate::web::fields::escaped(&values.join(",")))
        };
        self.0.iter().map(pair).collect::<Vec<_>>().join("&")
    }
}

fn one(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(fields) => {
            let client = fields.get("client").and_then(Value::as_str);
            client.map_or_else(String::new, |client| format!("client:{client}"))
        }
        value => value.to_string(),
    }
}
