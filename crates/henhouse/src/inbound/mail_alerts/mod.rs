//! Mail that is an alert: monitoring that can do nothing but write mails. Ordered rules of the settings say what becomes of
//! each; a mail that no rule is for is an alert too, so that nothing is lost for a rule that was forgotten.
//!
//! What a mail says of its sender is believed as far as the key of a source is: whoever can write to the address can make an
//! alert. What the server in front found to be forged makes nothing quieter.

mod rules;
mod settings;
mod words;

use procedure::project::AlertFacts;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::alerts::{digest, opsgenie};
use super::letter::Letter;
use super::verdict::Verdict;
use crate::desk::{Alert, Sent};
use rules::Rule;
pub use settings::MailAlertSettings;
use words::{Fields, cut, fields, plain_subject};

/// What is kept of the words beside the alert, as JSON, in bytes: with its tags and details it has to fit into one text.
const LONGEST_DESCRIPTION: usize = 8 * 1024;
/// The longest tag and the longest detail, in bytes.
const LONGEST_TAG: usize = 50;
const LONGEST_DETAIL: usize = 500;
/// What an alert is called that says nothing.
const UNNAMED: &str = "A mail without a subject";

/// What becomes of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Then {
    /// It is an alert, or the same one again.
    Create,
    /// The alert of its alias is over.
    Close,
    /// Somebody took note of the alert where it comes from.
    Acknowledge,
    /// It is written to the alert of its alias.
    Note,
    /// Nothing.
    Ignore,
}

/// An address whose mails are alerts, with its rules.
#[derive(Debug)]
pub struct AlertAddress {
    /// The address, in small letters.
    pub address: String,
    /// The project whose alerts these are, by its short name.
    pub project: String,
    /// The project's alert source, by its name.
    pub source: String,
    rules: Vec<Rule>,
}

/// What the rules make of a mail.
#[derive(Debug)]
pub enum Made {
    /// This.
    Alert(Box<Alert>),
    /// Nothing, by the rule of this name.
    Ignored(String),
}

impl AlertAddress {
    /// Reads a mail by the first rule that is for it.
    #[must_use]
    pub fn made(&self, letter: &Letter, raw: &[u8]) -> Made {
        let facts = AlertFacts {
            fields: fields(letter, &self.address),
            ..AlertFacts::default()
        };
        let forged = letter.verdict.as_ref().is_some_and(Verdict::is_forged);
        for rule in &self.rules {
            // Whoever forges a mail may wake people, and may not keep them from being woken.
            if forged && rule.then != Then::Create {
                continue;
            }
            let Some(fields) = rule.fits(&facts) else {
                continue;
            };
            if rule.then == Then::Ignore {
                return Made::Ignored(rule.name.clone());
            }
            let alias = rule.alias.line(&fields);
            if alias.is_empty() {
                continue;
            }
            let sent = match rule.then {
                Then::Close => Sent::Over,
                Then::Acknowledge => Sent::Acknowledged,
                Then::Note => Sent::Noted,
                Then::Create | Then::Ignore => {
                    let said = New::by(rule, &fields, alias);
                    return Made::Alert(Box::new(said.alert(letter, &self.address, raw)));
                }
            };
            let note = rule.note.said(&fields);
            return Made::Alert(Box::new(Alert {
                sent,
                alias,
                words: format!("{}\n\n{note}", by_mail(letter)),
                ..Alert::default()
            }));
        }
        Made::Alert(Box::new(self.usual(letter, raw)))
    }

    /// The alert of a mail that no rule is for: its subject tells which one it is.
    #[must_use]
    pub fn usual(&self, letter: &Letter, raw: &[u8]) -> Alert {
        let alias = match plain_subject(&letter.subject) {
            // Nothing tells it from others: it is one of its own.
            "" => format!("mail {}", digest(raw)),
            subject => subject.to_owned(),
        };
        let said = New {
            alias,
            message: letter.subject.clone(),
            description: cut(&letter.text, LONGEST_DESCRIPTION).to_owned(),
            priority: None,
            tags: Vec::new(),
        };
        said.alert(letter, &self.address, raw)
    }
}

/// A new alert.
struct New {
    alias: String,
    message: String,
    description: String,
    priority: Option<&'static str>,
    tags: Vec<String>,
}

impl New {
    fn by(rule: &Rule, fields: &Fields, alias: String) -> Self {
        let tags = rule.tags.iter().map(|tag| tag.line(fields));
        let tags = tags.map(|tag| cut(&tag, LONGEST_TAG).trim().to_owned());
        Self {
            alias,
            message: rule.message.line(fields),
            description: rule.description.said(fields),
            priority: rule.priority,
            tags: tags.filter(|tag| !tag.is_empty()).collect(),
        }
    }

    /// It is read as if it had come by Opsgenie's API, so that rules, routes and lists see the same of both.
    fn alert(self, letter: &Letter, address: &str, raw: &[u8]) -> Alert {
        let mut details = Map::new();
        let mut detail = |name: &str, said: &str| {
            let said = cut(said, LONGEST_DETAIL).trim();
            if !said.is_empty() {
                details.insert(name.to_owned(), json!(said));
            }
        };
        detail("from", letter.sender.as_deref().unwrap_or_default());
        detail("from_name", letter.name.as_deref().unwrap_or_default());
        detail("to", address);
        detail("subject", &letter.subject);
        if let Some(verdict) = &letter.verdict {
            detail("checked", &verdict.words());
        }
        let message = match self.message.is_empty() {
            true => UNNAMED,
            false => &self.message,
        };
        let mut body = json!({
            "message": message,
            "alias": self.alias,
            "description": description(&self.description),
            "tags": self.tags,
            "details": details,
        });
        if let Some(priority) = self.priority {
            body["priority"] = json!(priority);
        }
        Alert {
            is_mail: true,
            ..opsgenie::said(&body, raw)
        }
    }
}

/// As much of the words as can be kept.
fn description(words: &str) -> &str {
    let written = |words: &str| Value::from(words).to_string().len();
    let mut words = cut(words, LONGEST_DESCRIPTION);
    while written(words) > LONGEST_DESCRIPTION {
        words = cut(words, words.len() - words.len().div_ceil(8));
    }
    words
}

fn by_mail(letter: &Letter) -> String {
    let sender = letter.sender.as_deref().or(letter.address.as_deref());
    let sender = sender.unwrap_or("nobody named");
    let subject = cut(&letter.subject, LONGEST_DETAIL);
    let verdict = letter.verdict.as_ref().map(Verdict::words);
    let verdict = verdict.map_or_else(String::new, |said| format!(" {said}"));
    format!("By mail, sender not verified: {sender} wrote: {subject}{verdict}")
}

#[cfg(test)]
mod tests;
