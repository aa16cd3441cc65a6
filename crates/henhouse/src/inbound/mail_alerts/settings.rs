//! `[mail_in.alerts."address"]` of the settings, and what cannot be meant in it said at the start.

use std::collections::BTreeMap;

use anyhow::{Result, anyhow, bail, ensure};
use procedure::project::{AlertTest, LONGEST_PATTERN};
use serde::Deserialize;

use super::rules::{Find, Rule, Test};
use super::words::{FIELDS, Template};
use super::{AlertAddress, Then};
use crate::pattern::{Finder, Pattern};

/// An address has at most so many rules.
const MOST_RULES: usize = 100;
/// A rule has at most so many tests, finds so many things, and gives so many tags.
const MOST_TESTS: usize = 20;
const MOST_FOUND: usize = 10;
const MOST_TAGS: usize = 20;
/// The longest word of a test, and what stands before and behind something that is found, in characters.
const LONGEST_WORD: usize = 200;
/// The longest name of a rule or of what it finds, in characters.
const LONGEST_NAME: usize = 60;
/// The longest template, in characters.
const LONGEST_TEMPLATE: usize = 1_000;

/// An address whose mails are alerts.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailAlertSettings {
    /// The project whose alerts these are, by its short name.
    pub project: String,
    /// The alert source of that project whose alerts these are, by its name.
    pub source: String,
    /// In this order: the first that fits decides. Where none fits, the mail is an alert.
    #[serde(default)]
    rules: Vec<RuleSettings>,
}

/// What becomes of some mails.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleSettings {
    /// What people call it.
    name: String,
    /// What becomes of a mail.
    then: Then,
    /// All of this has to be so.
    #[serde(default)]
    all: Vec<AlertTest>,
    /// One of these has to be so, if one is named.
    #[serde(default)]
    any: Vec<AlertTest>,
    /// What has to be found in it, each under a name of its own.
    #[serde(default)]
    find: BTreeMap<String, FindSettings>,
    /// The key by which the same alert is meant again; the subject without `Re:` and `Fwd:` where nothing is said.
    alias: Option<String>,
    /// What the alert is called; the subject where nothing is said.
    message: Option<String>,
    /// What it says; the words of the mail where nothing is said.
    description: Option<String>,
    /// How grave it is.
    priority: Option<Priority>,
    /// By which others find it.
    #[serde(default)]
    tags: Vec<String>,
    /// What is said of an alert that is there; the words of the mail where nothing is said.
    note: Option<String>,
}

/// As Opsgenie has it.
#[derive(Clone, Copy, Debug, Deserialize)]
enum Priority {
    P1,
    P2,
    P3,
    P4,
    P5,
}

impl Priority {
    fn word(self) -> &'static str {
        match self {
            Self::P1 => "P1",
            Self::P2 => "P2",
            Self::P3 => "P3",
            Self::P4 => "P4",
            Self::P5 => "P5",
        }
    }
}

/// Where something is found.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FindSettings {
    /// In which field.
    field: String,
    /// A regular expression: what stands in its first brackets, where it fits first.
    pattern: Option<String>,
    /// It begins behind this.
    after: Option<String>,
    /// It ends before this, or else with its line.
    before: Option<String>,
}

impl MailAlertSettings {
    /// Works the rules out.
    ///
    /// # Errors
    /// What cannot be meant, with the rule in which it stands.
    pub fn at(&self, address: &str) -> Result<AlertAddress> {
        let at = format!("[mail_in.alerts.\"{address}\"]");
        ensure!(
            address.matches('@').count() == 1,
            "[mail_in.alerts] has an entry that is no mail address"
        );
        ensure!(
            !self.project.is_empty() && !self.source.is_empty(),
            "{at} needs a project and a source, each by its name"
        );
        ensure!(
            self.rules.len() <= MOST_RULES,
            "{at} has more than {MOST_RULES} rules"
        );
        let rules = self.rules.iter().map(|rule| {
            let name = &rule.name;
            ensure!(
                !name.trim().is_empty() && name.chars().count() <= LONGEST_NAME,
                "{at} has a rule whose name is empty or longer than {LONGEST_NAME} letters"
            );
            let made = rule.made();
            made.map_err(|why| anyhow!("{at}, the rule {name:?}: {why}"))
        });
        Ok(AlertAddress {
            address: address.to_lowercase(),
            project: self.project.clone(),
            source: self.source.clone(),
            rules: rules.collect::<Result<_>>()?,
        })
    }
}

impl RuleSettings {
    fn made(&self) -> Result<Rule> {
        let creates = self.then == Then::Create;
        let only_new = [
            ("message", self.message.is_some()),
            ("description", self.description.is_some()),
            ("priority", self.priority.is_some()),
            ("tags", !self.tags.is_empty()),
        ];
        for (word, there) in only_new {
            ensure!(
                creates || !there,
                "{word} is said of a new alert, and this rule creates none"
            );
        }
        ensure!(
            !creates || self.note.is_none(),
            "note is said of an alert that is there, and this rule creates one: say description"
        );
        let ignores = self.then == Then::Ignore;
        ensure!(
            !ignores || (self.alias.is_none() && self.note.is_none()),
            "what is ignored has no alias and no note"
        );
        ensure!(
            self.all.len() + self.any.len() <= MOST_TESTS,
            "it has more than {MOST_TESTS} tests"
        );
        ensure!(
            self.find.len() <= MOST_FOUND && self.tags.len() <= MOST_TAGS,
            "it finds more than {MOST_FOUND} things, or gives more than {MOST_TAGS} tags"
        );
        ensure!(
            !(ignores && self.all.is_empty() && self.any.is_empty() && self.find.is_empty()),
            "it would ignore every mail that comes to it: say which"
        );
        let find: Result<Vec<(String, Find)>> = self
            .find
            .iter()
            .map(|(name, find)| Ok((found_name(name)?, find.made()?)))
            .collect();
        let find = find?;
        let names: Vec<&str> = find.iter().map(|(name, _)| name.as_str()).collect();
        let template = |said: &Option<String>, usual: &str| {
            let said = said.as_deref().unwrap_or(usual);
            ensure!(
                !said.trim().is_empty() && said.chars().count() <= LONGEST_TEMPLATE,
                "a text in it is empty, or has more than {LONGEST_TEMPLATE} letters"
            );
            Template::read(said, &names)
        };
        let tags = self.tags.iter();
        let tags = tags.map(|tag| template(&Some(tag.clone()), ""));
        Ok(Rule {
            name: self.name.clone(),
            then: self.then,
            all: tests(&self.all)?,
            any: tests(&self.any)?,
            alias: template(&self.alias, "{{plain_subject}}")?,
            message: template(&self.message, "{{subject}}")?,
            description: template(&self.description, "{{body}}")?,
            note: template(&self.note, "{{body}}")?,
            priority: self.priority.map(Priority::word),
            tags: tags.collect::<Result<_>>()?,
            find,
        })
    }
}

/// A name of something that is found, which no field has.
fn found_name(name: &str) -> Result<String> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    ensure!(
        !name.is_empty() && name.len() <= LONGEST_NAME && name.chars().all(plain),
        "what is found has a name of small letters, digits and _"
    );
    ensure!(
        !FIELDS.contains(&name),
        "{name} is a field of every mail: give what is found another name"
    );
    Ok(name.to_owned())
}

fn known_field(field: &str) -> Result<()> {
    ensure!(
        FIELDS.contains(&field),
        "a mail has no field {field:?} here: there are {}",
        FIELDS.join(", ")
    );
    Ok(())
}

fn tests(all: &[AlertTest]) -> Result<Vec<Test>> {
    let made = all.iter().map(|test| {
        known_field(&test.field)?;
        let longest = match test.is.is_pattern() {
            true => LONGEST_PATTERN,
            false => LONGEST_WORD,
        };
        ensure!(
            test.is.takes_word() != test.value.trim().is_empty()
                && test.value.chars().count() <= longest,
            "a test compares with nothing or with more than {longest} letters, or needs no value and has one"
        );
        let pattern = test.is.is_pattern().then(|| Pattern::new(&test.value));
        let pattern = pattern.transpose();
        Ok(Test {
            pattern: pattern.map_err(|why| anyhow!("a pattern cannot be used: {why}"))?,
            test: test.clone(),
        })
    });
    made.collect()
}

impl FindSettings {
    fn made(&self) -> Result<Find> {
        known_field(&self.field)?;
        let field = self.field.clone();
        let fits = |word: &Option<String>, most: usize| {
            let word = word.as_ref();
            word.is_none_or(|word| !word.is_empty() && word.chars().count() <= most)
        };
        ensure!(
            fits(&self.pattern, LONGEST_PATTERN)
                && fits(&self.after, LONGEST_WORD)
                && fits(&self.before, LONGEST_WORD),
            "something is to be found by nothing, or by too long a text"
        );
        match (&self.pattern, &self.after, &self.before) {
            (Some(pattern), None, None) => {
                let finder = Finder::new(pattern);
                let finder = finder.map_err(|why| anyhow!("a pattern cannot be used: {why}"))?;
                Ok(Find::Pattern(field, finder))
            }
            (None, after, before) if after.is_some() || before.is_some() => Ok(Find::Between {
                field,
                after: after.clone().unwrap_or_default(),
                before: before.clone(),
            }),
            _ => {
                bail!("something is found by a pattern alone, or by what stands after or before it")
            }
        }
    }
}
