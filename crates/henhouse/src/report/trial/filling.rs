//! With what each field is filled in on trial. Of a text it counts that something stands there, never what.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use procedure::PersonId;
use serde_json::{Map, Value, json};

use super::Trial;
use crate::report::forms::{Control, Field, Form, Of, Wanted};

/// A number of which it is known which there are.
pub(super) const EDITION: &str = "edition";

/// So many of people who are alike are tried.
const ALIKE: usize = 2;

/// What may stay empty: all of it said, without its ticks, one of its texts alone, or none of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Full,
    Unticked,
    Alone(&'static str),
    Bare,
}

impl Mode {
    /// Those that differ for a form.
    pub(super) fn of(form: &Form) -> Vec<Self> {
        let mut ticks = form.fields.iter();
        let mut modes = vec![Self::Full];
        if ticks.any(|one| one.wanted != Wanted::Always && is_tick(one.control)) {
            modes.push(Self::Unticked);
        }
        let texts = form.fields.iter();
        let texts = texts.filter(|one| one.wanted != Wanted::Always && is_text(one.control));
        let texts: Vec<Self> = texts.map(|one| Self::Alone(one.name)).collect();
        if texts.len() > 1 {
            modes.extend(&texts);
        }
        if !texts.is_empty() {
            modes.push(Self::Bare);
        }
        modes
    }

    pub(super) fn says(self, field: &Field) -> bool {
        let must = field.wanted == Wanted::Always;
        match self {
            Self::Full => true,
            Self::Unticked => must || !is_tick(field.control),
            Self::Alone(name) if is_text(field.control) => must || field.name == name,
            Self::Alone(_) => must || !is_tick(field.control),
            Self::Bare => must || !(is_tick(field.control) || is_text(field.control)),
        }
    }
}

const fn is_tick(control: Control) -> bool {
    matches!(control, Control::Tick)
}

const fn is_text(control: Control) -> bool {
    matches!(control, Control::Line | Control::Long | Control::Blocks)
}

/// A choice as it is sent.
pub(super) fn chosen(field: &Field, value: &str) -> Value {
    match field.control {
        Control::Nth(_) | Control::Number | Control::Entry => value
            .parse::<u64>()
            .map_or_else(|_| json!(value), |n| json!(n)),
        Control::Some(_) => json!([value]),
        _ => json!(value),
    }
}

impl Trial<'_> {
    /// Everything that a field may say; nothing said where it may stay empty.
    pub(super) fn ways(&self, n: usize, field: &Field) -> Vec<Option<Value>> {
        let must = field.wanted == Wanted::Always;
        let only = |value: Value| vec![must.then_some(value)];
        let all = |values: Vec<Value>| {
            let empty = (!must).then_some(None);
            empty
                .into_iter()
                .chain(values.into_iter().map(Some))
                .collect()
        };
        match field.control {
            Control::Line | Control::Long => vec![Some(json!("…"))],
            Control::Tick => vec![Some(json!(true))],
            Control::YesNo => all(vec![json!(true), json!(false)]),
            Control::Choice(set) => all(set.words.iter().map(|word| json!(word)).collect()),
            Control::Choices(set) => all(set.words.iter().map(|word| json!([word])).collect()),
            Control::Some(_) if !must => vec![None],
            Control::One(of) | Control::Nth(of) | Control::Some(of) => {
                let mut ids = (self.ids)(of);
                if of == Of::Person {
                    self.leave_out_alike(&mut ids);
                }
                // Much is for everybody to take for themselves and for few to give to others.
                if of == Of::Person
                    && let Some(own) = self.actor.as_person()
                    && let Some(place) = ids.iter().position(|id| *id == own.0)
                {
                    ids.swap(0, place);
                }
                // Nothing to choose from: what is said of something that there is not.
                if must && ids.is_empty() {
                    ids.push("0".to_owned());
                }
                all(ids.iter().map(|id| chosen(field, id)).collect())
            }
            Control::Number if field.name == EDITION => all(self.editions()),
            Control::Number if field.wanted == Wanted::Often => all(vec![json!(1)]),
            Control::Number | Control::Entry => only(json!(1)),
            Control::Entries => only(json!([1])),
            Control::Words => only(json!(["x"])),
            Control::Time => {
                let hours = i64::try_from(n).unwrap_or_default() + 1;
                let later = self.now.checked_add(SignedDuration::from_hours(hours));
                all(vec![json!(later.unwrap_or(self.now).to_string())])
            }
            Control::Blocks => {
                let blocks = self.basis.playbook.command.handover.blocks.iter();
                let said: Map<String, Value> =
                    blocks.map(|block| (block.id.clone(), json!("…"))).collect();
                vec![Some(said.into())]
            }
            _ => vec![None],
        }
    }

    /// People who are the same to the project, and whom the case does not know yet, are the same to the rules: two of each
    /// sort say what all of them would, and there may be hundreds.
    fn leave_out_alike(&self, ids: &mut Vec<String>) {
        let (part, project) = (&self.case.part, &self.basis.project);
        let on_call = project.on_call_at(self.now);
        let mut seen: BTreeMap<_, usize> = BTreeMap::new();
        ids.retain(|id| {
            let person = PersonId::from(id.as_str());
            let known = part.secrecy.members.contains(&person)
                || part.secrecy.subject.as_ref() == Some(&person)
                || part.commander.responders.contains_key(&person)
                || self.actor.as_person() == Some(&person);
            let Some(member) = project.member(&person).filter(|_| !known) else {
                return true;
            };
            let called = (
                project.second_chain.contains(&person),
                on_call.contains(&&person),
            );
            let reach = (member.has_phone, member.has_mail);
            let alike = seen.entry((&member.roles, &member.skills, reach, called));
            let before = alike.or_default();
            *before += 1;
            *before <= ALIKE
        });
    }

    /// The edition that the case follows, and those that it may.
    fn editions(&self) -> Vec<Value> {
        let known = self.basis.project.editions.iter();
        let own = std::iter::once(self.basis.playbook.edition);
        own.chain(known.map(|one| one.edition))
            .map(|n| json!(n))
            .collect()
    }
}

/// Puts a value where its name with dots says.
pub(super) fn put(body: &mut Map<String, Value>, name: &str, value: Value) {
    let Some((outer, inner)) = name.split_once('.') else {
        body.insert(name.to_owned(), value);
        return;
    };
    let place = body.entry(outer).or_insert_with(|| json!({}));
    if let Some(place) = place.as_object_mut() {
        put(place, inner, value);
    }
}
