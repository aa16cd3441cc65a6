//! The words of acts, from the word files: see the keys there.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::report::forms::{Chapter, Field, Form, Set};

const FILE: &str = include_str!("../../../../words/en/acts.ftl");

static TEXTS: LazyLock<BTreeMap<&str, &str>> = LazyLock::new(|| {
    let lines = FILE.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once(" = ")).collect()
});

fn find(key: &str) -> Option<String> {
    TEXTS.get(key).map(|text| (*text).to_owned())
}

/// A text of the pages around the forms.
pub(super) fn say(key: &str) -> String {
    find(key).unwrap_or_else(|| key.to_owned())
}

/// What an act is called.
pub(in crate::web::pages) fn title(command: &str) -> String {
    say(&format!("acts-{command}"))
}

pub(super) fn lead(form: &Form) -> Option<String> {
    find(&format!("acts-{}-lead", form.command))
}

pub(super) fn button(form: &Form) -> String {
    find(&format!("acts-{}-button", form.command)).unwrap_or_else(|| title(form.command))
}

pub(super) fn chapter(chapter: &Chapter) -> String {
    say(&format!("acts-chapter-{}", chapter.name))
}

pub(super) fn label(form: &Form, field: &Field) -> String {
    let own = format!("acts-{}--{}", form.command, field.name.replace('.', "-"));
    let last = field.name.rsplit('.').next().unwrap_or_default();
    find(&own).unwrap_or_else(|| say(&format!("acts-field--{last}")))
}

pub(super) fn hint(form: &Form, field: &Field) -> Option<String> {
    let own = format!(
        "acts-{}--{}-hint",
        form.command,
        field.name.replace('.', "-")
    );
    find(&own)
}

pub(super) fn choice(set: Set, word: &str) -> String {
    say(&format!("acts-choice-{}-{word}", set.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::forms::{CHAPTERS, Control};

    #[test]
    fn every_act_every_field_and_every_choice_has_its_words() {
        for one in CHAPTERS {
            assert!(!chapter(one).starts_with("acts-"), "{}", one.name);
            for form in one.forms {
                assert!(
                    !title(form.command).starts_with("acts-"),
                    "{}",
                    form.command
                );
                for field in form.fields {
                    if matches!(field.control, Control::Blocks | Control::Criteria) {
                        continue; // the playbook has their words
                    }
                    let label = label(form, field);
                    assert!(!label.starts_with("acts-"), "{} {label}", form.command);
                    if let Control::Choice(set) | Control::Choices(set) = field.control {
                        for word in set.words {
                            let said = choice(set, word);
                            assert!(!said.starts_with("acts-"), "{said}");
                        }
                    }
                }
            }
        }
    }
}
