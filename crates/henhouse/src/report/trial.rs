//! An act on trial: its form filled in each way that there is, each way asked of the engine and none of it written down.
//! So it is known before anybody types whether an act can only be refused, and which of the things to choose from it
//! cannot be about. Nothing is decided here. Where what is typed may decide, the trial says nothing.

mod filling;
mod hunt;
#[cfg(test)]
mod tests;

use std::cell::OnceCell;
use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use procedure::{Actor, Basis, Case, Command, Order, Permission, Refusal, RefusalKind};
use procedure::{decide, may};
use serde_json::{Map, Value};

use self::filling::{Mode, put};
use self::hunt::Hunt;
use super::forms::{Control, Field, Form, Of, Wanted};

/// So many ways are tried of an act, at most: what has more is left to whoever sends it.
const TRIES: usize = 1000;
/// So many of an act about something: there may be hundreds to choose from.
const TRIES_OF_EACH: usize = 250;
/// So many ways say whose an act is.
const LOOKS: usize = 8;
/// What time opens, it has opened in so many hours.
const LATER_HOURS: i64 = 30 * 24;

/// Somebody before a case, about to give an act.
#[derive(Clone, Copy)]
pub struct Trial<'a> {
    /// The case.
    pub case: &'a Case,
    /// Its basis.
    pub basis: &'a Basis,
    /// Case time.
    pub now: Timestamp,
    /// Who would give it.
    pub actor: &'a Actor,
    /// The ids of what there is to choose from.
    pub ids: &'a dyn Fn(Of) -> Vec<String>,
}

/// What came of a trial.
#[derive(Clone, Debug, PartialEq)]
pub enum Came {
    /// Filled in one way or another, it is taken.
    Taken,
    /// However it is filled in, it is refused: so is the fullest of its ways.
    Refused(Box<Refusal>),
    /// What is typed decides, or there is nothing to try.
    Open,
}

impl Came {
    /// Why it can only be refused.
    #[must_use]
    pub fn refused(self) -> Option<Refusal> {
        match self {
            Self::Refused(no) => Some(*no),
            _ => None,
        }
    }
}

/// Whether something can be chosen.
#[derive(Clone, Debug, PartialEq)]
pub enum Fit {
    /// It can, or a waiver, High or time opens it.
    Yes,
    /// The act cannot be about it.
    Not,
    /// A rule stands against it that nobody may waive and that time does not open.
    Shut(Box<Refusal>),
}

/// One of a form's fields as it was chosen already.
type Chosen<'a> = Option<(&'a str, &'a str)>;

/// Each way to fill in each field.
type Ways = Vec<Vec<Option<Value>>>;

/// What comes of each fixed word of each field, whatever stands beside it.
type Words = BTreeMap<(&'static str, String), Came>;

impl<'a> Trial<'a> {
    /// A form on trial. What there is to choose from is looked up once for all that is asked of it.
    #[must_use]
    pub fn form<'b>(&'b self, form: &'b Form) -> OnTrial<'b> {
        OnTrial {
            trial: *self,
            form,
            ways: self.all_ways(form),
            words: OnceCell::new(),
            sound: OnceCell::new(),
            later: OnceCell::new(),
            looks: self.looks(form),
        }
    }

    fn all_ways(&self, form: &Form) -> Ways {
        let fields = form.fields.iter().enumerate();
        fields.map(|(n, field)| self.ways(n, field)).collect()
    }

    fn looks(&self, form: &Form) -> bool {
        let hollow = |field: &Field| match field.control {
            Control::One(of) | Control::Nth(of) | Control::Some(of) => {
                field.wanted == Wanted::Always && (self.ids)(of).is_empty()
            }
            _ => false,
        };
        let mut fields = form.fields.iter();
        fields.any(|one| is_looked_at(one) || hollow(one))
    }

    fn later(&self) -> Trial<'a> {
        let later = SignedDuration::from_hours(LATER_HOURS);
        Trial {
            now: self.now.checked_add(later).unwrap_or(self.now),
            ..*self
        }
    }

    /// Whether an act is for whoever looks to do, as far as is known what it is about: nobody is led to a form that
    /// says that they may not.
    ///
    /// # Errors
    /// Those words.
    pub fn is_theirs(&self, form: &Form, known: &[(&str, Value)]) -> Result<(), Refusal> {
        if let Permission::No(no) = may(self.case, self.basis, self.actor, form.command) {
            return Err(no);
        }
        let fields = form.fields.iter().enumerate();
        let ways = fields.map(|(n, field)| {
            let known = known.iter().find(|(name, _)| *name == field.name);
            let known = known.map(|(_, value)| vec![Some(value.clone())]);
            known.unwrap_or_else(|| self.ways(n, field))
        });
        let ways: Ways = ways.collect();
        let ways: Vec<&[Option<Value>]> = ways.iter().map(Vec::as_slice).collect();
        let longest = ways.iter().map(|ways| ways.len()).max();
        let mut forbidden = None;
        for n in 0..longest.unwrap_or_default().clamp(1, LOOKS) {
            let turn: Vec<usize> = ways.iter().map(|ways| n % ways.len()).collect();
            match self.give(body(form, &ways, &turn, Mode::Full)) {
                Err(Some(no)) if no.kind == RefusalKind::Forbidden => forbidden = Some(no),
                _ => return Ok(()),
            }
        }
        forbidden.map_or(Ok(()), Err)
    }

    /// What would become of it; nothing to say where it cannot be read.
    fn give(&self, body: Map<String, Value>) -> Result<(), Option<Refusal>> {
        #[cfg(test)]
        hunt::GIVEN.with(|given| given.set(given.get() + 1));
        let command: Command = serde_json::from_value(body.into()).map_err(|_| None)?;
        let order = Order::from(command);
        let decided = decide(self.case, self.basis, self.now, self.actor, &order);
        match decided {
            Ok(drafts) if drafts.is_empty() => Err(Some(Refusal::conflict(
                match order.command {
                    Command::Acknowledge(_) => "You have command already.",
                    _ => "It is so already.",
                },
                "There is nothing to do.",
            ))),
            Ok(_) => Ok(()),
            Err(no) => Err(Some(no)),
        }
    }
}

/// A form before somebody who would fill it in.
pub struct OnTrial<'a> {
    trial: Trial<'a>,
    form: &'a Form,
    ways: Ways,
    words: OnceCell<Words>,
    sound: OnceCell<Ways>,
    later: OnceCell<Ways>,
    /// Something is typed, or has to be chosen of nothing, that the engine looks at.
    looks: bool,
}

/// So many ways were given to the engine by this thread.
#[cfg(test)]
pub(crate) fn given() -> usize {
    hunt::GIVEN.with(std::cell::Cell::get)
}

impl OnTrial<'_> {
    /// What comes of it.
    #[must_use]
    pub fn came(&self) -> Came {
        self.hunt((self.trial, &self.ways), None, TRIES)
    }

    /// What comes of it about something. Of a person it is said what is said of that person: a fixed word beside it that is
    /// refused whoever it is, such as a role that nobody is given by name, is not tried.
    #[must_use]
    pub fn about(&self, field: &str, value: &str) -> Came {
        let mut words = self.words().iter();
        let word = words.find(|((name, word), _)| *name == field && word == value);
        let word = word.map(|(_, came)| came);
        word.cloned().unwrap_or_else(|| {
            let chosen = Some((field, value));
            self.hunt((self.trial, self.sound()), chosen, TRIES_OF_EACH)
        })
    }

    fn words(&self) -> &Words {
        self.words.get_or_init(|| {
            let fields = self.form.fields.iter().zip(&self.ways);
            let fixed = fields.filter(|(field, _)| matches!(field.control, Control::Choice(_)));
            let each = fixed.flat_map(|(field, ways)| {
                let words = ways.iter().flatten().filter_map(Value::as_str);
                words.map(|word| (field.name, word))
            });
            let came = each.map(|(field, word)| {
                let came = self.hunt((self.trial, &self.ways), Some((field, word)), TRIES_OF_EACH);
                ((field, word.to_owned()), came)
            });
            came.collect()
        })
    }

    /// The ways without the words that are refused whatever stands beside them, unless there is no other.
    fn sound(&self) -> &Ways {
        self.sound.get_or_init(|| {
            let words = self.words();
            let shut = |field: &Field, way: &Option<Value>| {
                let word = way.as_ref().and_then(Value::as_str);
                let came = word.and_then(|word| words.get(&(field.name, word.to_owned())));
                matches!(came, Some(Came::Refused(no)) if !no.waivable && !no.high_would_allow)
            };
            let fields = self.form.fields.iter().zip(&self.ways);
            let sound = fields.map(|(field, ways)| {
                let left = ways.iter().filter(|way| !shut(field, way));
                let left: Vec<_> = left.cloned().collect();
                if left.is_empty() { ways.clone() } else { left }
            });
            sound.collect()
        })
    }

    /// Whether this can be chosen.
    #[must_use]
    pub fn fits(&self, field: &str, value: &str) -> Fit {
        match self.about(field, value).refused() {
            None => Fit::Yes,
            Some(no) if no.kind != RefusalKind::Rule => Fit::Not,
            Some(no) if no.waivable || no.high_would_allow => Fit::Yes,
            Some(no) => match self.about_later(field, value).refused() {
                Some(_) => Fit::Shut(Box::new(no)),
                None => Fit::Yes,
            },
        }
    }

    fn about_later(&self, field: &str, value: &str) -> Came {
        let later = self.trial.later();
        let ways = self.later.get_or_init(|| later.all_ways(self.form));
        self.hunt((later, ways), Some((field, value)), TRIES_OF_EACH)
    }

    fn hunt(&self, (trial, ways): (Trial, &Ways), chosen: Chosen, tries: usize) -> Came {
        let command = self.form.command;
        if let Permission::No(no) = may(trial.case, trial.basis, trial.actor, command) {
            return Came::Refused(Box::new(no));
        }
        let mut fields = self.form.fields.iter();
        let one = chosen.and_then(|(name, value)| {
            let place = fields.position(|field| field.name == name)?;
            Some((
                place,
                [Some(filling::chosen(self.form.fields.get(place)?, value))],
            ))
        });
        let mut all: Vec<&[Option<Value>]> = ways.iter().map(Vec::as_slice).collect();
        if let Some((place, only)) = &one
            && let Some(ways) = all.get_mut(*place)
        {
            *ways = only;
        }
        let heard = Heard::of(self.looks);
        Hunt::new(trial, self.form, &all, (heard, tries)).came()
    }
}

/// What was said to all ways so far.
struct Heard {
    /// Something is typed, or has to be chosen of nothing, that the engine looks at.
    looks: bool,
    first: Option<Refusal>,
    waivable: Option<Refusal>,
    high: Option<Refusal>,
    /// Something else may still be taken.
    unsure: bool,
}

impl Heard {
    const fn of(looks: bool) -> Self {
        Self {
            looks,
            first: None,
            waivable: None,
            high: None,
            unsure: false,
        }
    }

    fn hear(&mut self, no: Option<Refusal>) {
        let Some(no) = no else {
            self.unsure = true;
            return;
        };
        // That it is so already and that they may not, nothing that is typed would change.
        let sure = matches!(no.kind, RefusalKind::Conflict | RefusalKind::Forbidden);
        self.unsure |= self.looks && !sure;
        if no.waivable {
            self.waivable.get_or_insert_with(|| no.clone());
        }
        if no.high_would_allow {
            self.high.get_or_insert_with(|| no.clone());
        }
        self.first.get_or_insert(no);
    }

    fn came(self) -> Came {
        match self.waivable.or(self.high).or(self.first) {
            Some(no) if !self.unsure => Came::Refused(Box::new(no)),
            _ => Came::Open,
        }
    }
}

/// What is typed there says more than that something was typed.
fn is_looked_at(field: &Field) -> bool {
    let looked_at = matches!(
        field.control,
        Control::Number
            | Control::Claim
            | Control::Entry
            | Control::Entries
            | Control::Words
            | Control::OtherCase
            | Control::Criteria
            | Control::Whose
    );
    let known = field.name == filling::EDITION;
    looked_at && !known && field.wanted != Wanted::Seldom
}

/// The act filled in one way.
fn body(form: &Form, ways: &[&[Option<Value>]], turn: &[usize], mode: Mode) -> Map<String, Value> {
    let mut body = Map::new();
    body.insert("command".to_owned(), form.command.into());
    for ((field, ways), turn) in form.fields.iter().zip(ways).zip(turn) {
        let way = ways.get(*turn).and_then(Option::as_ref);
        if let Some(value) = way.filter(|_| mode.says(field)) {
            put(&mut body, field.name, value.clone());
        }
    }
    body
}
