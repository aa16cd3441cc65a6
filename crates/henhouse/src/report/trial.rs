//! An act on trial: its form filled in each way that there is, each way asked of the engine and none of it written down.
//! So it is known before anybody types whether an act can only be refused, and which of the things to choose from it
//! cannot be about. Nothing is decided here. Where what is typed may decide, the trial says nothing.

mod filling;
#[cfg(test)]
mod tests;

use std::cell::Cell;

use jiff::Timestamp;
use procedure::{Actor, Basis, Case, Command, Order, Permission, Refusal, RefusalKind};
use procedure::{decide, may};
use serde_json::{Map, Value};

use self::filling::{Mode, put};
use super::forms::{Control, Field, Form, Of, Wanted};

/// So many ways are tried, at most: what has more is left to whoever sends it.
const TRIES: usize = 400;
/// So many of each thing that can be chosen: there may be hundreds of people.
const TRIES_OF_EACH: usize = 64;

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

/// One of a form's fields as it was chosen already.
type Chosen<'a> = Option<(&'a str, &'a str)>;

impl Trial<'_> {
    /// What comes of an act.
    #[must_use]
    pub fn of(&self, form: &Form) -> Came {
        self.sweep(form, None)
    }

    /// What comes of an act about something.
    #[must_use]
    pub fn about(&self, form: &Form, field: &str, value: &str) -> Came {
        self.sweep(form, Some((field, value)))
    }

    /// Whether this can be chosen. What only a rule stands against stays: it may be waived, and time opens it.
    #[must_use]
    pub fn fits(&self, form: &Form, field: &str, value: &str) -> bool {
        let no = self.about(form, field, value).refused();
        no.is_none_or(|no| no.kind == RefusalKind::Rule)
    }

    fn sweep(&self, form: &Form, chosen: Chosen) -> Came {
        if let Permission::No(no) = may(self.case, self.basis, self.actor, form.command) {
            return Came::Refused(Box::new(no));
        }
        let ways: Vec<Vec<Option<Value>>> = form
            .fields
            .iter()
            .enumerate()
            .map(|(n, field)| match chosen {
                Some((name, value)) if name == field.name => {
                    vec![Some(filling::chosen(field, value))]
                }
                _ => self.ways(n, field),
            })
            .collect();
        let left = Cell::new(match chosen {
            Some(_) => TRIES_OF_EACH,
            None => TRIES,
        });
        let mut first: Option<Refusal> = None;
        let mut waivable: Option<Refusal> = None;
        let mut unsure = false;
        for mode in Mode::of(form) {
            let mut turn = vec![0; ways.len()];
            while left.get() > 0 {
                left.set(left.get() - 1);
                let Some(body) = body(form, &ways, &turn, mode) else {
                    return Came::Open;
                };
                match self.give(body) {
                    Ok(()) => return Came::Taken,
                    Err(None) => unsure = true,
                    Err(Some(no)) => {
                        unsure |= !stands(form, &no);
                        if no.waivable {
                            waivable.get_or_insert(no);
                        } else {
                            first.get_or_insert(no);
                        }
                    }
                }
                if !next(&ways, &mut turn) {
                    break;
                }
            }
        }
        match waivable.or(first) {
            Some(no) if !unsure && left.get() > 0 => Came::Refused(Box::new(no)),
            _ => Came::Open,
        }
    }

    /// What would become of it; nothing to say where it cannot be read.
    fn give(&self, body: Map<String, Value>) -> Result<(), Option<Refusal>> {
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

/// Whether nothing that is typed would change it: that it is so already, that they may not; and whatever a rule says,
/// where nothing is typed that a rule could look at.
fn stands(form: &Form, no: &Refusal) -> bool {
    let sure = matches!(no.kind, RefusalKind::Conflict | RefusalKind::Forbidden);
    sure || !form.fields.iter().any(is_looked_at)
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

/// The act filled in one way; nothing where something has to be chosen and there is nothing.
fn body(
    form: &Form,
    ways: &[Vec<Option<Value>>],
    turn: &[usize],
    mode: Mode,
) -> Option<Map<String, Value>> {
    let mut body = Map::new();
    body.insert("command".to_owned(), form.command.into());
    for ((field, ways), turn) in form.fields.iter().zip(ways).zip(turn) {
        let way = ways.get(*turn)?;
        if let Some(value) = way.as_ref().filter(|_| mode.says(field)) {
            put(&mut body, field.name, value.clone());
        }
    }
    Some(body)
}

/// The next way, the last field first; none after all of them.
fn next(ways: &[Vec<Option<Value>>], turn: &mut [usize]) -> bool {
    for (ways, turn) in ways.iter().zip(turn.iter_mut()).rev() {
        *turn += 1;
        if *turn < ways.len() {
            return true;
        }
        *turn = 0;
    }
    false
}
