//! An act on trial: its form filled in each way that there is, each way asked of the engine and none of it written down.
//! So it is known before anybody types whether an act can only be refused, and which of the things to choose from it
//! cannot be about. Nothing is decided here. Where what is typed may decide, the trial says nothing.

mod filling;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use procedure::{Actor, Basis, Case, Command, Order, Permission, Refusal, RefusalKind};
use procedure::{decide, may};
use serde_json::{Map, Value};

use self::filling::{Mode, put};
use super::forms::{Control, Field, Form, Of, Wanted};

/// So many ways are tried, at most: what has more is left to whoever sends it.
const TRIES: usize = 1000;
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
        let fields = form.fields.iter().enumerate();
        let ways = fields.map(|(n, field)| match chosen {
            Some((name, value)) if name == field.name => {
                vec![Some(filling::chosen(field, value))]
            }
            _ => self.ways(n, field),
        });
        let ways: Vec<Vec<Option<Value>>> = ways.collect();
        let mut heard = Heard::of(form, self);
        let modes = Mode::of(form);
        // Each choice once: mostly that says it.
        let longest = ways.iter().map(Vec::len).max().unwrap_or_default();
        for n in 0..longest.clamp(1, TRIES_OF_EACH) {
            let turn: Vec<usize> = ways.iter().map(|ways| n % ways.len()).collect();
            for mode in &modes {
                match self.give(body(form, &ways, &turn, *mode)) {
                    Ok(()) => return Came::Taken,
                    Err(no) => heard.hear(no),
                }
            }
        }
        if heard.is_plain() && longest <= TRIES_OF_EACH {
            return heard.came();
        }
        let mut left = match chosen {
            Some(_) => TRIES_OF_EACH,
            None => TRIES,
        };
        for mode in modes {
            let mut turn = vec![0; ways.len()];
            loop {
                match self.give(body(form, &ways, &turn, mode)) {
                    Ok(()) => return Came::Taken,
                    Err(no) => heard.hear(no),
                }
                left -= 1;
                if left == 0 {
                    return Came::Open;
                }
                if !next(&ways, &mut turn) {
                    break;
                }
            }
        }
        heard.came()
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

/// What was said to all ways so far.
struct Heard {
    /// Something is typed, or has to be chosen of nothing, that the engine looks at.
    looks: bool,
    first: Option<Refusal>,
    waivable: Option<Refusal>,
    /// Something else may still be taken.
    unsure: bool,
    /// All of them were refused in the same words.
    same: bool,
}

impl Heard {
    fn of(form: &Form, trial: &Trial) -> Self {
        let hollow = |field: &Field| match field.control {
            Control::One(of) | Control::Nth(of) | Control::Some(of) => {
                field.wanted == Wanted::Always && (trial.ids)(of).is_empty()
            }
            _ => false,
        };
        Self {
            looks: form
                .fields
                .iter()
                .any(|one| is_looked_at(one) || hollow(one)),
            first: None,
            waivable: None,
            unsure: false,
            same: true,
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
        let first = self.first.as_ref();
        self.same &= sure && first.is_none_or(|first| first.sentence == no.sentence);
        if no.waivable {
            self.waivable.get_or_insert_with(|| no.clone());
        }
        self.first.get_or_insert(no);
    }

    /// Nobody who fills it in otherwise would hear anything else.
    fn is_plain(&self) -> bool {
        self.same && !self.unsure
    }

    fn came(self) -> Came {
        match self.waivable.or(self.first) {
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
fn body(
    form: &Form,
    ways: &[Vec<Option<Value>>],
    turn: &[usize],
    mode: Mode,
) -> Map<String, Value> {
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
