//! A form as it was sent becomes the JSON that the API takes. What is wrong with a field is found by
//! the API; only what no JSON can say, such as a time in words, is found here.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::given::Given;
use crate::report::forms::{Control, Field, Form, Wanted};
use crate::report::spoken::{self, Lies};
use crate::web::json::Object;
use crate::web::problem::WrongField;

/// Where and when a form is read.
pub(super) struct Here<'a> {
    pub now: Timestamp,
    pub zone: &'a TimeZone,
    /// What works as a time, for whoever wrote something else.
    pub works: &'a str,
}

/// The command, and what of it cannot be said.
#[derive(Default)]
pub(super) struct Taken {
    pub object: Object,
    pub wrong: Vec<WrongField>,
    /// What has to be chosen, and nothing was.
    unanswered: Vec<&'static str>,
}

impl Taken {
    /// Reads a form. `names` says which names a field has, where it has several.
    pub(super) fn read(
        form: &Form,
        given: &Given,
        here: &Here,
        names: impl Fn(&str, Control) -> Vec<String>,
    ) -> Self {
        let mut taken = Self::default();
        taken.object.insert("command".into(), form.command.into());
        for field in form.fields {
            if is_unanswered(field, given) {
                taken.unanswered.push(field.name);
            }
            for name in names(field.name, field.control) {
                if let Some(value) = taken.value(field, &name, given, here) {
                    put(&mut taken.object, &name, value);
                }
            }
        }
        taken
    }

    fn value(&mut self, field: &Field, name: &str, given: &Given, here: &Here) -> Option<Value> {
        let (all, text) = (given.all(name), given.text(name));
        if all.is_empty() {
            return None;
        }
        Some(match field.control {
            Control::Tick => json!(true),
            Control::YesNo => json!(text == "true"),
            Control::Number | Control::Nth(_) | Control::Entry => number(&text),
            Control::Entries => parts(&text).map(number).collect(),
            Control::Words => parts(&text).map(Value::from).collect(),
            Control::Some(_) | Control::Choices(_) => json!(all),
            Control::Whose => all.iter().map(|one| whose(one)).collect(),
            Control::Time => match spoken::time(&text, here.now, here.zone, Lies::Ahead) {
                Some(at) => json!(at.to_string()),
                None => return self.no_time(name, here),
            },
            Control::Claim => match spoken::claim(&text, here.now, here.zone) {
                Some(when) => json!(when),
                None => return self.no_time(name, here),
            },
            _ => json!(text),
        })
    }

    /// Reads when it happened, if somebody said so.
    pub(super) fn happened(&mut self, said: &str, here: &Here) {
        if said.is_empty() {
            return;
        }
        match spoken::claim(said, here.now, here.zone) {
            Some(when) => {
                self.object.insert("happened_at".into(), json!(when));
            }
            None => {
                self.no_time("happened_at", here);
            }
        }
    }

    /// Waives these rules, each for the same reason.
    pub(super) fn waive(&mut self, rules: &[String], reason: &str) {
        if rules.is_empty() {
            return;
        }
        let waived = rules
            .iter()
            .map(|rule| json!({ "rule": rule, "reason": reason }));
        self.object.insert("waive".into(), waived.collect());
    }

    /// Asks for what has to be chosen. The API may have something that it takes where nothing is said; whoever sends a
    /// form has seen the question, and silence is no answer to it.
    pub(super) fn ask(&mut self, words: &str) {
        let asked = self.unanswered.drain(..).map(|name| WrongField {
            field: format!("/{}", name.replace('.', "/")),
            detail: words.to_owned(),
        });
        self.wrong.extend(asked);
    }

    fn no_time(&mut self, name: &str, here: &Here) -> Option<Value> {
        self.wrong.push(WrongField {
            field: format!("/{}", name.replace('.', "/")),
            detail: here.works.to_owned(),
        });
        None
    }
}

fn is_unanswered(field: &Field, given: &Given) -> bool {
    let chosen = matches!(
        field.control,
        Control::YesNo | Control::Choice(_) | Control::One(_) | Control::Nth(_)
    );
    chosen && field.wanted == Wanted::Always && given.all(field.name).is_empty()
}

/// Puts a value where its name with dots says.
fn put(object: &mut Object, name: &str, value: Value) {
    match name.split_once('.') {
        None => {
            object.insert(name.to_owned(), value);
        }
        Some((outer, inner)) => {
            let place = object.entry(outer).or_insert_with(|| json!({}));
            if let Some(place) = place.as_object_mut() {
                put(place, inner, value);
            }
        }
    }
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split(',').map(str::trim);
    parts.filter(|part| !part.is_empty())
}

/// A number; what is none is left as it is, for the API to say so.
fn number(text: &str) -> Value {
    let plain = text.trim().trim_start_matches('#');
    plain
        .parse::<u64>()
        .map_or_else(|_| json!(text), |n| json!(n))
}

fn whose(one: &str) -> Value {
    match one.strip_prefix("client:") {
        Some(client) => json!({ "client": client }),
        None => json!(one),
    }
}
