//! The same act on a command line, with a blank for whatever the case does not know: nothing in it is invented.

use serde_json::{Map, Value};

use crate::desk::CaseView;
use crate::report::by_hand::ByHand;
use crate::report::forms::{Control, Field, Form, Wanted};

/// So many words are named in a blank, at most.
const WORDS: usize = 4;

/// The line.
pub(super) fn of(number: &str, form: &Form, act: &ByHand, view: &CaseView) -> String {
    let mut tops: Vec<&'static str> = Vec::new();
    for field in form.fields {
        let top = top(field);
        if !tops.contains(&top) {
            tops.push(top);
        }
    }
    let blank = |name: &&'static str| {
        let of_it: Vec<&Field> = form.fields.iter().filter(|one| top(one) == *name).collect();
        let always = of_it.iter().any(|field| field.wanted == Wanted::Always);
        (*name, blank(&of_it, view), always)
    };
    let blanks: Vec<_> = tops.iter().map(blank).collect();
    act.blank_line(number, &blanks)
}

fn top(field: &Field) -> &'static str {
    field.name.split('.').next().unwrap_or_default()
}

/// What is written in the place of a value: one field's own, or an object made of several.
fn blank(fields: &[&Field], view: &CaseView) -> String {
    match fields {
        [only] if !only.name.contains('.') => one(only, view),
        _ => {
            let must = |field: &&&Field| field.wanted == Wanted::Always;
            let whole = fields.iter().any(|field| field.wanted == Wanted::Always);
            let plain = |field: &&&Field| matches!(field.control, Control::Choice(_));
            let wanted = fields
                .iter()
                .filter(|one| if whole { must(one) } else { plain(one) });
            let mut object = Map::new();
            for field in wanted {
                let path: Vec<&str> = field.name.split('.').skip(1).collect();
                put(&mut object, &path, value(field));
            }
            format!("'{}'", Value::Object(object))
        }
    }
}

fn put(object: &mut Map<String, Value>, path: &[&str], value: Value) {
    let [first, rest @ ..] = path else { return };
    if rest.is_empty() {
        object.insert((*first).to_owned(), value);
        return;
    }
    let place = object.entry(*first).or_insert_with(|| Map::new().into());
    if let Some(place) = place.as_object_mut() {
        put(place, rest, value);
    }
}

fn one(field: &Field, view: &CaseView) -> String {
    let playbook = &view.basis.playbook;
    let of_each = |ids: Vec<&String>, words: Option<&str>| {
        let pair = |id: &&String| {
            let blank = words.map_or_else(|| format!("<{id}>"), str::to_owned);
            ((*id).clone(), Value::from(blank))
        };
        let object: Map<String, Value> = ids.iter().map(pair).collect();
        format!("'{}'", Value::Object(object))
    };
    match field.control {
        Control::Line | Control::Long | Control::Time | Control::Claim => {
            format!("\"{}\"", named(field))
        }
        Control::Some(_) | Control::Choices(_) | Control::Words | Control::Whose => {
            format!("'[\"{}\"]'", named(field))
        }
        Control::Entries => "'[<entry>]'".to_owned(),
        Control::Blocks => {
            let blocks = playbook.command.handover.blocks.iter();
            let blocks = blocks.filter(|block| block.required);
            of_each(blocks.map(|block| &block.id).collect(), None)
        }
        Control::Criteria => {
            let criteria = playbook.assessment.criteria.iter();
            of_each(
                criteria.map(|one| &one.id).collect(),
                Some("<yes|no|unknown>"),
            )
        }
        _ => named(field),
    }
}

fn value(field: &Field) -> Value {
    match field.control {
        Control::Some(_) | Control::Choices(_) | Control::Words => vec![named(field)].into(),
        _ => named(field).into(),
    }
}

/// The blank itself: what it is for, or the words that it takes.
fn named(field: &Field) -> String {
    match field.control {
        Control::YesNo | Control::Tick => "<true|false>".to_owned(),
        Control::Choice(set) if set.words.len() <= WORDS => format!("<{}>", set.words.join("|")),
        _ => format!("<{}>", field.name.rsplit('.').next().unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use super::*;
    use crate::report::forms;

    #[test]
    fn a_box_that_nobody_ticked_is_a_blank() {
        let form = forms::find("set_threat_actions").unwrap();
        let tick = form.fields.iter().find(|one| one.name == "none").unwrap();
        assert_eq!(named(tick), "<true|false>");
    }
}
