//! One rule: whether a mail fits it, and what it finds in the mail.

use procedure::project::{AlertFacts, AlertIs, AlertTest};

use super::Then;
use super::words::{Fields, Template};
use crate::pattern::{Finder, Pattern};

/// Something has to be no longer than this to be found, in bytes.
const LONGEST_FOUND: usize = 500;

/// A rule that was worked out.
#[derive(Debug)]
pub(super) struct Rule {
    pub name: String,
    pub then: Then,
    pub all: Vec<Test>,
    pub any: Vec<Test>,
    pub find: Vec<(String, Find)>,
    pub alias: Template,
    pub message: Template,
    pub description: Template,
    pub note: Template,
    pub priority: Option<&'static str>,
    pub tags: Vec<Template>,
}

/// One thing that has to be so, with its pattern where it has one.
#[derive(Debug)]
pub(super) struct Test {
    pub test: AlertTest,
    pub pattern: Option<Pattern>,
}

/// How something is found.
#[derive(Debug)]
pub(super) enum Find {
    /// In this field, by what stands in the first brackets.
    Pattern(String, Finder),
    /// Between two texts, or up to the end of its line.
    Between {
        field: String,
        after: String,
        before: Option<String>,
    },
}

impl Rule {
    /// The fields of a mail that fits, with what the rule finds in it. Where something is not found, it does not fit.
    pub(super) fn fits(&self, facts: &AlertFacts) -> Option<Fields> {
        let all = self.all.iter().all(|test| test.holds(facts));
        let any = self.any.is_empty() || self.any.iter().any(|test| test.holds(facts));
        if !(all && any) {
            return None;
        }
        let mut fields = facts.fields.clone();
        for (name, find) in &self.find {
            let found = find.found(&facts.fields)?;
            fields.insert(name.clone(), found.to_owned());
        }
        Some(fields)
    }
}

impl Test {
    fn holds(&self, facts: &AlertFacts) -> bool {
        let Some(pattern) = &self.pattern else {
            return self.test.holds(facts);
        };
        let said = facts.fields.get(&self.test.field);
        let said = said.map_or("", String::as_str);
        let fits = match self.test.is {
            AlertIs::OneMatches => said.split(',').any(|one| pattern.fits(one.trim())),
            _ => pattern.fits(said),
        };
        fits != self.test.not
    }
}

impl Find {
    fn found<'a>(&self, fields: &'a Fields) -> Option<&'a str> {
        let of = |field: &String| fields.get(field).map(String::as_str);
        let found = match self {
            Self::Pattern(field, finder) => finder.find(of(field)?)?,
            Self::Between {
                field,
                after,
                before,
            } => {
                let said = of(field)?;
                let begins = said.find(after.as_str())? + after.len();
                let rest = said.get(begins..)?;
                match before {
                    Some(before) => rest.get(..rest.find(before.as_str())?)?,
                    None => rest.lines().next()?,
                }
            }
        };
        let found = found.trim();
        (!found.is_empty() && found.len() <= LONGEST_FOUND).then_some(found)
    }
}
