//! Filling in a form: each field by what it is.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::Hands;

/// A picture's bytes.
pub(super) fn from_base64(text: &str) -> Vec<u8> {
    STANDARD.decode(text).unwrap()
}

/// A value of a story as the fields of a form: names with dots, and what stands in each.
pub(super) fn flatten(name: &str, value: &Value, into: &mut Vec<(String, Vec<String>)>) {
    match value {
        Value::Object(fields) if fields.contains_key("certainty") => {
            let at = fields["at"].as_str().unwrap_or_default();
            into.push((name.to_owned(), vec![format!("about {at}")]));
        }
        Value::Object(fields) if fields.len() == 1 && fields.contains_key("at") => {
            into.push((name.to_owned(), vec![one(&fields["at"])]));
        }
        Value::Object(fields) => {
            for (key, value) in fields {
                flatten(&format!("{name}.{key}"), value, into);
            }
        }
        Value::Array(items) => into.push((name.to_owned(), items.iter().map(one).collect())),
        value => into.push((name.to_owned(), vec![one(value)])),
    }
}

fn one(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(fields) => {
            format!("client:{}", fields["client"].as_str().unwrap_or_default())
        }
        value => value.to_string(),
    }
}

impl Hands {
    /// Puts these values into a field, by what sort of field it is.
    pub(super) fn set(&self, name: &str, values: &[String]) -> Result<(), String> {
        let xpath = format!("//main//*[@name='{name}']");
        self.unfold(&xpath);
        let browser = &self.browser;
        let places = browser.all("xpath", &xpath);
        let first = places.first().ok_or_else(|| format!("no field {name}"))?;
        let kind = browser.property(first, "type");
        match kind.as_str().unwrap_or_default() {
            "radio" => {
                let wanted = values.first().map(String::as_str).unwrap_or_default();
                let place = places
                    .iter()
                    .find(|one| browser.property(one, "value") == wanted);
                let place = place.ok_or_else(|| format!("{name} cannot be {wanted}"))?;
                browser.tap_on(place);
            }
            "checkbox" => {
                for value in values.iter().filter(|value| *value != "false") {
                    let has = |one: &&String| browser.property(one, "value") == value.as_str();
                    if !places.iter().any(|one| has(&one)) {
                        return Err(format!("{name} cannot be {value}"));
                    }
                }
                for place in &places {
                    let value = browser.property(place, "value");
                    let wanted = values.iter().any(|one| value == one.as_str());
                    if browser.property(place, "checked") != json!(wanted) {
                        browser.tap_on(place);
                    }
                }
            }
            "select-one" => {
                let wanted = values.first().map(String::as_str).unwrap_or_default();
                let option = format!("{xpath}/option[@value='{wanted}']");
                let option = browser.all("xpath", &option);
                let option = option
                    .first()
                    .ok_or_else(|| format!("{name} cannot be {wanted}"))?;
                browser.tap_on(option);
            }
            _ => browser.write_into(first, &values.join(", ")),
        }
        Ok(())
    }
}
