//! Filling in a form: each field by what it is.

use serde_json::Value;

use super::Hands;
use crate::browser::Browser;

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
    pub(super) fn set(
        &self,
        browser: &Browser,
        name: &str,
        values: &[String],
    ) -> Result<(), String> {
        let xpath = format!("//main//*[@name='{name}']");
        self.unfold(browser, &xpath);
        let places = browser.all("xpath", &xpath);
        let first = places.first().ok_or_else(|| format!("no field {name}"))?;
        let wanted = values.first().map(String::as_str).unwrap_or_default();
        let kind = browser.property(first, "type");
        match kind.as_str().unwrap_or_default() {
            "radio" => {
                let place = places
                    .iter()
                    .find(|one| browser.property(one, "value") == wanted);
                let place = place.ok_or_else(|| format!("{name} cannot be {wanted}"))?;
                self.pick(browser, place);
            }
            "checkbox" => {
                let has = |place: &String, value: &String| {
                    browser.property(place, "value") == value.as_str()
                };
                for value in values.iter().filter(|value| *value != "false") {
                    if !places.iter().any(|place| has(place, value)) {
                        return Err(format!("{name} cannot be {value}"));
                    }
                }
                for place in &places {
                    let wanted = values.iter().any(|value| has(place, value));
                    self.tick(browser, place, wanted);
                }
            }
            "select-one" => self
                .select(browser, first, wanted)
                .map_err(|why| format!("{name} {why}"))?,
            _ => self.write(browser, first, &values.join(", ")),
        }
        Ok(())
    }
}
