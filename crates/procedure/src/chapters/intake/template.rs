//! Reads the report template as people paste it into chat or mail (R32, X14).
//!
//! This is reading of input, before there is any command: the rules never come here.
//! Fields may stand in any order, with or without bullets and stars; a line that is no
//! field is kept in the details, so nothing is lost.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::payload::{Kind, Phish, Report, Route};
use crate::rule::Rule;
use crate::switch::on;
use crate::text::{TEXT_LIMIT_BYTES, Text};

/// What a pasted report said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pasted {
    /// The short description: the first line that is no field.
    pub description: Option<String>,
    /// The status as written.
    pub status: Option<String>,
    /// The severity as written.
    pub severity: Option<String>,
    /// Who reported it.
    pub reporter: Option<String>,
    /// Who commands.
    pub ic: Option<String>,
    /// Who responds.
    pub responders: Vec<String>,
    /// How to reach the reporter.
    pub contact: Option<String>,
    /// Where to telephone them.
    pub phone: Option<String>,
    /// Every other line, in order.
    pub details: String,
}

impl Pasted {
    /// Whether the template was used at all: at least two of its fields are there.
    #[must_use]
    pub fn is_template(&self) -> bool {
        let fields = [
            self.status.is_some(),
            self.severity.is_some(),
            self.reporter.is_some(),
            self.ic.is_some(),
            !self.responders.is_empty(),
        ];
        fields.into_iter().filter(|there| *there).count() >= 2
    }

    /// The report to give. `None` if it says nothing, or more than a text can hold.
    #[must_use]
    pub fn into_report(self, route: Route) -> Option<Report> {
        let template = self.is_template();
        let words = self.words();
        let (title, text) = match (self.description, words.is_empty()) {
            (Some(description), true) => (None, description),
            (title, _) => (title, words),
        };
        if text.trim().is_empty() || text.len() > TEXT_LIMIT_BYTES {
            return None;
        }
        Some(Report {
            text: Text::from(text.as_str()),
            title: title.as_deref().map(Text::from),
            name: self.reporter.as_deref().map(Text::from),
            contact: self.contact.as_deref().map(Text::from),
            phone: self.phone.as_deref().map(Text::from),
            route,
            template,
            ..Report::saying(Text::from("-"))
        })
    }

    /// The details, with those fields that a report does not decide: the team does.
    fn words(&self) -> String {
        let mut words = self.details.clone();
        let mut claim = |field: &str, value: &str, usual: &str| {
            if !value.is_empty() && !value.eq_ignore_ascii_case(usual) {
                if !words.is_empty() {
                    words.push('\n');
                }
                words.push_str(&format!("{field}: {value}"));
            }
        };
        claim("Status", self.status.as_deref().unwrap_or_default(), "investigating");
        claim("Severity", self.severity.as_deref().unwrap_or_default(), "unknown");
        claim("IC", self.ic.as_deref().unwrap_or_default(), "Your Name");
        claim("Responders", &self.responders.join(", "), "Any other responders");
        words
    }
}

impl Report {
    /// A report with a description and nothing else, which is enough (R113).
    #[must_use]
    pub fn saying(text: Text) -> Self {
        Self {
            text,
            title: None,
            name: None,
            hide_name: false,
            contact: None,
            phone: None,
            route: Route::default(),
            kind: Kind::default(),
            phish: Phish::default(),
            signs: alloc::collections::BTreeSet::new(),
            assets: alloc::collections::BTreeSet::new(),
            aware: None,
            started: None,
            restricted: false,
            about_employee: false,
            about_person: None,
            template: false,
            drill: false,
        }
    }
}

/// Reads a pasted report. Never fails.
#[must_use]
pub fn read(pasted: &str) -> Pasted {
    let mut read = Pasted::default();
    let mut details: Vec<&str> = Vec::new();
    for line in pasted.lines() {
        let in_place = read.description.is_some() || on(Rule::X14);
        if in_place && field(line).is_some_and(|(name, value)| read.take(&name, value)) {
            continue;
        }
        if read.description.is_none() && !bare(line).is_empty() {
            read.description = Some(bare(line).to_owned());
            continue;
        }
        details.push(line.trim_end());
    }
    details.join("\n").trim().clone_into(&mut read.details);
    read
}

impl Pasted {
    /// Takes a field for the first time it is given; the second time it is a detail.
    fn take(&mut self, name: &str, value: &str) -> bool {
        let slot = match name {
            "status" => &mut self.status,
            "severity" => &mut self.severity,
            "reporter" | "reported by" => &mut self.reporter,
            "ic" | "incident commander" => &mut self.ic,
            "contact" => &mut self.contact,
            "phone" | "telephone" => &mut self.phone,
            "responders" => return self.take_responders(value),
            _ => return false,
        };
        if slot.is_some() {
            return false;
        }
        *slot = (!value.is_empty()).then(|| value.to_owned());
        true
    }

    fn take_responders(&mut self, value: &str) -> bool {
        if !self.responders.is_empty() {
            return false;
        }
        let names = value.split([',', ';']).map(str::trim);
        self.responders = names.filter(|name| !name.is_empty()).map(ToOwned::to_owned).collect();
        true
    }
}

/// `* **Severity**: unknown` as name in small letters and value.
fn field(line: &str) -> Option<(String, &str)> {
    let (name, value) = bare(line).split_once(':')?;
    let name = name.trim_matches(['*', '_', ' ']).to_lowercase();
    let value = value.trim_start_matches(['*', '_']).trim();
    Some((name, value))
}

/// A line without quoting marks and bullet.
fn bare(line: &str) -> &str {
    let line = line.trim_start_matches(['>', ' ', '\t']).trim_end();
    let bullet = line.strip_prefix("* ").or_else(|| line.strip_prefix("- "));
    bullet.or_else(|| line.strip_prefix("• ")).unwrap_or(line).trim()
}
