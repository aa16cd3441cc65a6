//! The fields of an act as they are written on a command line, each with whether the case knows its
//! value: a form begins with what is known, and a line shows what is not known as an example.

use serde_json::Value;

use super::examples::asked;

/// One field.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Slot {
    name: String,
    /// As a shell reads it, with its quotes.
    written: String,
    /// It is so in this case, and no example.
    known: bool,
}

/// The fields of an act, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Slots(Vec<Slot>);

impl Slots {
    /// Reads `name=value` words that are an example.
    pub(super) fn example(fields: &str) -> Self {
        let slots = words(fields).into_iter().filter_map(|word| {
            let (name, written) = word.split_once('=')?;
            Some(Slot {
                name: name.to_owned(),
                written: written.to_owned(),
                known: false,
            })
        });
        Self(slots.collect())
    }

    /// Reads `name=value` words that say what is so. A choice that nobody has made yet is not so.
    pub(super) fn said(fields: &str) -> Self {
        let mut slots = Self::example(fields);
        for slot in &mut slots.0 {
            slot.known = !slot.written.contains('|') && !slot.written.contains(" or ");
        }
        slots
    }

    /// Puts what is so in the place of whatever stood there, or behind the others.
    pub(super) fn put(&mut self, name: &str, written: impl Into<String>) {
        self.set(name, written.into(), true);
    }

    /// Puts another example in the place of whatever stood there, or behind the others.
    pub(super) fn suggest(&mut self, name: &str, written: impl Into<String>) {
        self.set(name, written.into(), false);
    }

    fn set(&mut self, name: &str, written: String, known: bool) {
        let found = self.0.iter_mut().find(|slot| slot.name == name);
        let slot = Slot {
            name: name.to_owned(),
            written,
            known,
        };
        match found {
            Some(place) => *place = slot,
            None => self.0.push(slot),
        }
    }

    /// Leaves this field blank where it is not known, and adds the blank if it is always wanted.
    pub(super) fn blank(&mut self, name: &str, written: &str, always: bool) {
        let found = self.0.iter().find(|slot| slot.name == name);
        if found.map_or(always, |slot| !slot.known) {
            self.suggest(name, written);
        }
    }

    /// Puts what is so wherever exactly this stands.
    pub(super) fn replace(&mut self, example: &str, written: &str) {
        for slot in self.0.iter_mut().filter(|slot| slot.written == example) {
            written.clone_into(&mut slot.written);
            slot.known = true;
        }
    }

    /// Puts a better example wherever exactly this stands. Whom somebody means is theirs to say.
    pub(super) fn exchange(&mut self, example: &str, written: &str) {
        for slot in self.0.iter_mut().filter(|slot| slot.written == example) {
            written.clone_into(&mut slot.written);
        }
    }

    /// What only a human can say becomes the question, unless it is known.
    pub(super) fn asking(mut self, command: &str) -> Self {
        for slot in self.0.iter_mut().filter(|slot| !slot.known) {
            if let Some(asks) = asked(command, &slot.name, &slot.written) {
                asks.clone_into(&mut slot.written);
            }
        }
        self
    }

    /// The words of a line.
    pub(super) fn line(&self) -> String {
        let word = |slot: &Slot| format!("{}={}", slot.name, slot.written);
        self.0.iter().map(word).collect::<Vec<_>>().join(" ")
    }

    /// What stands in this field, as it is written.
    pub(super) fn written(&self, name: &str) -> Option<&str> {
        let slot = self.0.iter().find(|slot| slot.name == name)?;
        Some(&slot.written)
    }

    /// What is known, as the API takes it.
    pub(super) fn known(&self) -> impl Iterator<Item = (&str, Value)> {
        let known = self.0.iter().filter(|slot| slot.known);
        known.map(|slot| (slot.name.as_str(), value(&slot.written)))
    }
}

/// A word of a line as the command line reads it: JSON where it is JSON, else text.
fn value(written: &str) -> Value {
    let inner = |quote: char| written.strip_prefix(quote)?.strip_suffix(quote);
    let plain = inner('\'').or_else(|| inner('"')).unwrap_or(written);
    serde_json::from_str(plain).unwrap_or_else(|_| Value::String(plain.to_owned()))
}

/// The words of a line, quotes kept.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut quote) = (vec![String::new()], None);
    for c in line.chars() {
        match quote {
            None if c == ' ' => {
                words.push(String::new());
                continue;
            }
            None if c == '\'' || c == '"' => quote = Some(c),
            Some(open) if c == open => quote = None,
            _ => {}
        }
        if let Some(word) = words.last_mut() {
            word.push(c);
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_line_is_read_and_written_again() {
        let line = r#"text="Two words" owner=jane parents='["C 1"]' n=3"#;
        let mut slots = Slots::example(line);
        assert_eq!(slots.line(), line);
        assert_eq!(slots.known().count(), 0, "an example is not so");
        slots.replace("jane", "ann");
        slots.exchange("ann", "bob");
        slots.put("n", "4");
        slots.put("parents", r#"'["C-2"]'"#);
        let known: Vec<_> = slots.known().collect();
        assert_eq!(
            known,
            [
                ("owner", json!("bob")),
                ("parents", json!(["C-2"])),
                ("n", json!(4))
            ]
        );
    }

    #[test]
    fn a_choice_that_nobody_made_is_not_known() {
        let slots = Slots::said("answer='yes|no' question=happened");
        let known: Vec<_> = slots.known().collect();
        assert_eq!(known, [("question", json!("happened"))]);
    }
}
