//! What the fields of a command may hold: mostly things that the case knows, now and then
//! things that nobody has heard of.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::chance::Chance;
use crate::stage::Stage;

/// Guesses fields against a case.
pub struct Guess<'a> {
    /// Where the case stands.
    pub stage: &'a Stage,
    /// Bodies of its entries as JSON.
    pub said: &'a [Value],
    /// Where the guesses come from.
    pub chance: &'a mut Chance,
    /// So many guesses in a hundred are wild.
    pub wild: usize,
}

const WORDS: &[&str] = &[
    "A hole under the third post",
    "The fox is back",
    "Nobody else is awake",
    "\u{1f414} \u{202e}snekcihc \"quoted\" = {\"$text\":1} {",
];

/// Fields in the making.
pub struct Fields(pub Map<String, Value>);

impl Fields {
    /// Adds a field.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.into(), value.into());
        self
    }
}

/// No fields.
pub fn none() -> Fields {
    Fields(Map::new())
}

impl Guess<'_> {
    fn odd(&mut self) -> bool {
        let wild = self.wild;
        self.chance.percent(wild)
    }

    /// Adds a field now and then.
    pub fn maybe(
        &mut self,
        fields: Fields,
        percent: usize,
        name: &str,
        value: impl FnOnce(&mut Self) -> Value,
    ) -> Fields {
        if !self.chance.percent(percent) {
            return fields;
        }
        let value = value(self);
        fields.with(name, value)
    }

    /// Some words.
    pub fn text(&mut self) -> Value {
        (*self.chance.pick(WORDS)).into()
    }

    /// One of these words.
    pub fn one(&mut self, of: &[&str]) -> Value {
        (*self.chance.pick(of)).into()
    }

    /// Some of these, maybe none.
    pub fn some(&mut self, of: &[&str]) -> Value {
        let percent = *self.chance.pick(&[20, 50, 100]);
        let chosen: Vec<&str> = of
            .iter()
            .filter(|_| self.chance.percent(percent))
            .copied()
            .collect();
        json!(chosen)
    }

    /// Yes or no.
    pub fn flag(&mut self) -> Value {
        self.chance.percent(50).into()
    }

    /// A number in this span.
    pub fn number(&mut self, from: usize, to: usize) -> Value {
        if self.odd() {
            return json!(self.chance.pick(&[0, 1, 100_000]));
        }
        json!(from + self.chance.below(to - from + 1))
    }

    /// Somebody of the contact sheet.
    pub fn person(&mut self) -> Value {
        if self.odd() {
            return self.one(&["eve", "nobody"]);
        }
        let roster = &self.stage.basis.project.roster;
        let names: Vec<String> = roster.iter().map(|m| m.person.0.clone()).collect();
        self.chance
            .pick_any(&names)
            .unwrap_or_else(|| "nobody".into())
            .into()
    }

    /// Up to three people.
    pub fn people(&mut self) -> Value {
        let n = self.chance.below(3);
        let people: Vec<Value> = (0..=n).map(|_| self.person()).collect();
        json!(people)
    }

    /// Something the project runs.
    pub fn asset(&mut self) -> Value {
        if self.odd() {
            return "nowhere".into();
        }
        let assets: Vec<String> = self
            .stage
            .basis
            .project
            .assets
            .iter()
            .map(|a| a.id.0.clone())
            .collect();
        self.chance
            .pick_any(&assets)
            .unwrap_or_else(|| "nowhere".into())
            .into()
    }

    /// Up to two assets.
    pub fn assets(&mut self) -> Value {
        let n = self.chance.below(3);
        let assets: Vec<Value> = (0..n).map(|_| self.asset()).collect();
        json!(assets)
    }

    /// A class of asset that has an evidence list.
    pub fn class(&mut self) -> Value {
        self.one(&["host", "aws_instance", "database", "website", "mailbox"])
    }

    /// A stakeholder of the project.
    pub fn stakeholder(&mut self) -> Value {
        if self.odd() {
            return "stranger".into();
        }
        let known: Vec<String> = self
            .stage
            .basis
            .project
            .stakeholders
            .iter()
            .map(|s| s.id.0.clone())
            .collect();
        self.chance
            .pick_any(&known)
            .unwrap_or_else(|| "stranger".into())
            .into()
    }

    /// Something that an entry named in this field, such as a step; else a number that might be one.
    pub fn named(&mut self, field: &str, prefix: &str) -> Value {
        let known: Vec<Value> = self
            .said
            .iter()
            .map(|entry| entry["body"][field].clone())
            .filter(|value| value.is_string() || value.is_number())
            .collect();
        if known.is_empty() || self.odd() {
            let n = self.chance.below(4);
            return if prefix.is_empty() {
                json!(n)
            } else {
                format!("{prefix}-{n}").into()
            };
        }
        self.chance.pick(&known).clone()
    }

    /// Up to two of what entries named in this field.
    pub fn several(&mut self, field: &str, prefix: &str) -> Value {
        let n = self.chance.below(3);
        let several: Vec<Value> = (0..n).map(|_| self.named(field, prefix)).collect();
        json!(several)
    }

    /// The place of an entry of this case, or of none.
    pub fn seq(&mut self) -> Value {
        if self.odd() {
            return json!(self.chance.pick(&[0_u64, 9_999]));
        }
        json!(1 + self.chance.below(self.stage.case.seq.max(1) as usize))
    }

    /// The place of an entry of one kind, or of any.
    pub fn seq_of(&mut self, kind: &str) -> Value {
        let places: Vec<usize> = (1..)
            .zip(self.said)
            .filter(|(_, entry)| entry["kind"] == kind)
            .map(|(seq, _)| seq)
            .collect();
        match self.chance.pick_any(&places) {
            Some(seq) if !self.odd() => json!(seq),
            _ => self.seq(),
        }
    }

    /// Up to two entries of this case.
    pub fn seqs(&mut self) -> Value {
        let n = self.chance.below(3);
        let seqs: Vec<Value> = (0..n).map(|_| self.seq()).collect();
        json!(seqs)
    }

    fn off(&mut self) -> SignedDuration {
        let minutes = *self
            .chance
            .pick(&[1, 20, 55, 60, 180, 600, 1_440, 10_000, 60_000]);
        SignedDuration::from_mins(minutes)
    }

    /// A time to come, wildly one that has passed.
    pub fn later(&mut self) -> Value {
        let off = self.off();
        let now = self.stage.now;
        let at: Timestamp = if self.odd() { now - off } else { now + off };
        at.to_string().into()
    }

    /// A time that has passed, wildly one to come.
    pub fn earlier(&mut self) -> Value {
        let off = self.off();
        let now = self.stage.now;
        let at: Timestamp = if self.odd() { now + off } else { now - off };
        at.to_string().into()
    }

    /// A claimed time.
    pub fn when(&mut self) -> Value {
        let certainty = self.one(&["exact", "about", "day", "month", "year"]);
        json!({ "at": self.earlier(), "certainty": certainty })
    }

    /// A severity.
    pub fn severity(&mut self) -> Value {
        if self.odd() {
            return "unknown".into();
        }
        self.one(&["high", "medium", "low"])
    }

    /// A marking.
    pub fn marking(&mut self) -> Value {
        self.one(&["clear", "green", "amber", "amber_strict", "red"])
    }

    /// Yes, no, unknown.
    pub fn answer(&mut self) -> Value {
        self.one(&["yes", "no", "unknown"])
    }
}
