//! The words of acts: their keys in the word files are made of the names of commands, fields and choices, see there.

use std::borrow::Cow;

use crate::report::forms::{Chapter, Field, Form, Of, Set, Wanted};
use crate::web::words::Words;

/// What an act is called.
pub(in crate::web::pages) fn title_in(w: Words, command: &str) -> Cow<'static, str> {
    w.say(&format!("acts-{command}"))
}

/// Acts about something that has a number, which their buttons say.
pub(super) const NUMBERED: [&str; 12] = [
    "assign_lead",
    "start_lead",
    "finish_lead",
    "assign_step",
    "start_step",
    "finish_step",
    "verify_step",
    "start_disruption",
    "answer_disruption",
    "record_contact",
    "send_disruption_notice",
    "end_disruption",
];

/// The act whose buttons say which milestone they mean.
pub(super) const MILESTONE: &str = "record_milestone";

/// What a button says about something that has a number or a name: `Begin L-1`.
pub(super) fn about(w: Words, command: &str, about: &str) -> String {
    match command {
        MILESTONE => w.say(&format!("acts-{command}-{about}")).into_owned(),
        _ => {
            let id = format!("acts-{command}-about");
            w.with(&id, "number", about).to_string()
        }
    }
}

/// What an act takes that can be about nothing that stands there.
pub(super) fn takes(w: Words, form: &Form, of: Of) -> String {
    let own = w.find(&format!("acts-{}-takes", form.command));
    let usual = || match of {
        Of::Lead => w.say("acts-takes-leads"),
        _ => w.say("acts-takes-steps"),
    };
    own.unwrap_or_else(usual).into_owned()
}

pub(super) fn lead(w: Words, form: &Form) -> Option<Cow<'static, str>> {
    w.find(&format!("acts-{}-lead", form.command))
}

pub(super) fn button(w: Words, form: &Form) -> Cow<'static, str> {
    let own = w.find(&format!("acts-{}-button", form.command));
    own.unwrap_or_else(|| title_in(w, form.command))
}

/// What it does that harms.
pub(super) fn grave(w: Words, form: &Form) -> Option<Cow<'static, str>> {
    let own = || w.find(&format!("acts-{}-grave", form.command));
    form.grave
        .then(|| own().unwrap_or_else(|| w.say("acts-grave")))
}

pub(super) fn chapter(w: Words, chapter: &Chapter) -> String {
    w.say(&format!("acts-chapter-{}", chapter.name))
        .into_owned()
}

pub(super) fn label(w: Words, form: &Form, field: &Field) -> String {
    let own = format!("acts-{}--{}", form.command, field.name.replace('.', "-"));
    let last = field.name.rsplit('.').next().unwrap_or_default();
    let own = w.find(&own);
    own.unwrap_or_else(|| w.say(&format!("acts-field--{last}")))
        .into_owned()
}

/// Fields that may stay empty in the shape of a command, and that a rule asks for whatever else is said.
const WANTED: [(&str, &str); 4] = [
    ("confirm", "reason"),
    ("false_alarm", "reason"),
    ("reopen", "reason"),
    ("send_back_qa", "reason"),
];

/// Fields that a rule asks for beside some of the answers.
const SOMETIMES: [(&str, &str); 14] = [
    ("answer_disruption", "reason"),
    ("answer_question", "note"),
    ("approve_customer_notice", "reason"),
    ("plan_long_remediation", "next_ic"),
    ("plan_long_remediation", "reason"),
    ("reclassify_step", "reason"),
    ("record_contact", "reason"),
    ("record_evidence_item", "reason"),
    ("record_milestone", "reason"),
    ("record_normal_again", "how"),
    ("second_redaction", "reason"),
    ("set_marking", "reason"),
    ("set_severity", "reason"),
    ("settle", "reason"),
];

/// What is said of leaving a field empty; nothing where that ends with a no.
pub(super) fn left_open(w: Words, form: &Form, field: &Field) -> String {
    let this = (form.command, field.name);
    match field.wanted {
        Wanted::Always => String::new(),
        _ if WANTED.contains(&this) => String::new(),
        _ if SOMETIMES.contains(&this) => w.say("acts-sometimes").into_owned(),
        _ => w.say("acts-optional").into_owned(),
    }
}

pub(super) fn hint(w: Words, form: &Form, field: &Field) -> Option<String> {
    let name = field.name.replace('.', "-");
    let own = w.find(&format!("acts-{}--{name}-hint", form.command));
    own.map(Cow::into_owned)
}

pub(super) fn choice(w: Words, set: Set, word: &str) -> String {
    w.say(&format!("acts-choice-{}-{word}", set.name))
        .into_owned()
}

/// The two answers of a question, where they are more than yes and no.
pub(super) fn yes_or_no(w: Words, form: &Form, field: &Field, yes: bool) -> String {
    let (end, usual) = if yes {
        ("yes", "acts-yes")
    } else {
        ("no", "acts-no")
    };
    let own = w.find(&format!("acts-{}--{}-{end}", form.command, field.name));
    own.unwrap_or_else(|| w.say(usual)).into_owned()
}

/// Every key that may be said here; many of them have no text of their own.
#[cfg(test)]
pub(crate) fn keys() -> std::collections::BTreeSet<String> {
    use crate::report::forms::{CHAPTERS, Control};

    let mut keys = std::collections::BTreeSet::new();
    for chapter in CHAPTERS {
        keys.insert(format!("acts-chapter-{}", chapter.name));
        for form in chapter.forms {
            let command = form.command;
            if let (MILESTONE, Some(field)) = (command, form.fields.first())
                && let Control::Choice(set) = field.control
            {
                keys.extend(
                    set.words
                        .iter()
                        .map(|word| format!("acts-{command}-{word}")),
                );
            }
            keys.extend(
                ["", "-lead", "-button", "-grave", "-about", "-takes"]
                    .map(|end| format!("acts-{command}{end}")),
            );
            for field in form.fields {
                let name = field.name.replace('.', "-");
                keys.extend(
                    ["", "-hint", "-yes", "-no"].map(|end| format!("acts-{command}--{name}{end}")),
                );
                let last = field.name.rsplit('.').next().unwrap_or_default();
                keys.insert(format!("acts-field--{last}"));
                if let Control::Choice(set) | Control::Choices(set) = field.control {
                    let words = set.words.iter();
                    keys.extend(words.map(|word| format!("acts-choice-{}-{word}", set.name)));
                }
            }
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::forms::{CHAPTERS, Control};

    #[test]
    fn what_a_rule_asks_for_names_fields_that_there_are() {
        for (command, name) in WANTED.iter().chain(&SOMETIMES) {
            let form = crate::report::forms::find(command);
            let field = form.and_then(|form| form.field(name));
            let wanted = field.map(|field| field.wanted);
            assert!(
                wanted.is_some_and(|it| it != Wanted::Always),
                "{command} {name}"
            );
        }
    }

    #[test]
    fn every_act_every_field_and_every_choice_has_its_words() {
        let w = Words::default();
        for one in CHAPTERS {
            assert!(!chapter(w, one).starts_with("acts-"), "{}", one.name);
            for form in one.forms {
                assert!(
                    !title_in(Words::default(), form.command).starts_with("acts-"),
                    "{}",
                    form.command
                );
                if let (MILESTONE, Some(field)) = (form.command, form.fields.first())
                    && let Control::Choice(set) = field.control
                {
                    for word in set.words {
                        let said = about(w, MILESTONE, word);
                        assert!(said.starts_with("Record "), "{said}");
                    }
                }
                if NUMBERED.contains(&form.command) {
                    let said = about(w, form.command, "X-1");
                    assert!(said.contains("X-1") && !said.contains("acts-"), "{said}");
                }
                for field in form.fields {
                    if matches!(field.control, Control::Blocks | Control::Criteria) {
                        continue; // the playbook has their words
                    }
                    let label = label(w, form, field);
                    assert!(!label.starts_with("acts-"), "{} {label}", form.command);
                    if let Control::Choice(set) | Control::Choices(set) = field.control {
                        for word in set.words {
                            let said = choice(w, set, word);
                            assert!(!said.starts_with("acts-"), "{said}");
                        }
                    }
                }
            }
        }
    }
}
