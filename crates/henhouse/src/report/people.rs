//! Who and what is meant, in words: names from the directory, else the id.

use procedure::agenda::Owner;
use procedure::basis::Role;
use procedure::id::{AssetId, DependencyId, PersonId, StakeholderId};
use procedure::playbook::Playbook;
use procedure::project::{Contact, Directory};
use procedure::{Missing, Recipient, Refusal, Text, Who};

/// What ids mean to people.
#[derive(Clone, Copy, Debug)]
pub struct Names<'a> {
    directory: &'a Directory,
}

impl<'a> Names<'a> {
    /// Names from this directory.
    #[must_use]
    pub fn new(directory: &'a Directory) -> Self {
        Self { directory }
    }

    /// A person's name; the id where there is none, or where it was erased.
    #[must_use]
    pub fn person(self, id: &PersonId) -> String {
        name(self.directory.people.get(id), &id.0)
    }

    /// Several people: `Spot the Dog, Farmer Dave`.
    #[must_use]
    pub fn people<'p>(self, ids: impl IntoIterator<Item = &'p PersonId>) -> String {
        let names: Vec<String> = ids.into_iter().map(|id| self.person(id)).collect();
        names.join(", ")
    }

    /// A stakeholder's name.
    #[must_use]
    pub fn stakeholder(self, id: &StakeholderId) -> String {
        name(self.directory.stakeholders.get(id), &id.0)
    }

    /// A sentence of the engine's with the ids of people in it turned into names.
    #[must_use]
    pub fn in_words(self, sentence: &str) -> String {
        let is_of_id = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
        let mut said = String::with_capacity(sentence.len());
        for piece in sentence.split_inclusive(|c: char| !is_of_id(c)) {
            let word = piece.trim_end_matches(|c: char| !is_of_id(c));
            match self.directory.people.get(&PersonId::from(word)) {
                Some(contact) => said.push_str(&name(Some(contact), word)),
                None => said.push_str(word),
            }
            said.push_str(&piece[word.len()..]);
        }
        said
    }

    /// A refusal of the engine's with people by their names.
    #[must_use]
    pub fn refusal(self, refusal: Refusal) -> Refusal {
        let named = |missing: Missing| Missing {
            sentence: self.in_words(&missing.sentence),
            yes_when: self.in_words(&missing.yes_when),
            ..missing
        };
        Refusal {
            sentence: self.in_words(&refusal.sentence),
            yes_when: self.in_words(&refusal.yes_when),
            missing: refusal.missing.into_iter().map(named).collect(),
            ..refusal
        }
    }

    /// Whoever acted.
    #[must_use]
    pub fn who(self, who: &Who) -> String {
        match who {
            Who::Person(id) => self.person(id),
            Who::Reporter => "The reporter".to_owned(),
            Who::Service(name) => format!("The program {name}"),
            Who::System => "Henhouse".to_owned(),
        }
    }

    /// Whoever is told.
    #[must_use]
    pub fn recipient(self, to: &Recipient) -> String {
        match to {
            Recipient::Person(id) => self.person(id),
            Recipient::Stakeholder(id) => self.stakeholder(id),
            Recipient::Reporter(1) => "the reporter".to_owned(),
            Recipient::Reporter(n) => format!("reporter {n}"),
            Recipient::Pager => "the pager address".to_owned(),
        }
    }

    /// Whoever owes something.
    #[must_use]
    pub fn owner(self, owner: &Owner) -> String {
        match owner {
            Owner::Person(id) => self.person(id),
            Owner::Ic => "the IC".to_owned(),
            Owner::Deputy => "the deputy".to_owned(),
            Owner::Responders => "the responders".to_owned(),
            Owner::Team => "the team".to_owned(),
            Owner::Deciders => "the deciders".to_owned(),
            Owner::Role(role) => format!("the {}", role_word(*role)),
            Owner::Reporter => "the reporter".to_owned(),
        }
    }

    /// What a machine, service or data set is called.
    #[must_use]
    pub fn asset(self, id: &AssetId) -> String {
        text_or(self.directory.assets.get(id), &id.0)
    }

    /// Several of them.
    #[must_use]
    pub fn assets<'p>(self, ids: impl IntoIterator<Item = &'p AssetId>) -> String {
        let names: Vec<String> = ids.into_iter().map(|id| self.asset(id)).collect();
        names.join(", ")
    }

    /// What a service of others is called.
    #[must_use]
    pub fn dependency(self, id: &DependencyId) -> String {
        let known = self.directory.dependencies.get(id);
        text_or(known.map(|dependency| &dependency.name), &id.0)
    }
}

/// Numbers that anybody may be shown, the project's and then the playbook's: what the line is, and
/// the number. Never a person's (M24).
#[must_use]
pub fn public_lines(directory: &Directory, playbook: &Playbook) -> Vec<(String, String)> {
    let own = directory.public_numbers.iter();
    let own = own.filter_map(|line| Some((line.label.plain()?, line.number.plain()?)));
    let common = playbook.intake.public_numbers.iter();
    let common = common.map(|line| (line.label.as_str(), line.number.as_str()));
    let lines = own.chain(common);
    lines
        .map(|(label, number)| (label.to_owned(), number.to_owned()))
        .collect()
}

/// A role of the contact sheet in words.
#[must_use]
pub fn role_word(role: Role) -> &'static str {
    match role {
        Role::Responder => "responder",
        Role::Decider => "decider",
        Role::ProjectManager => "project manager",
        Role::ProductOwner => "product owner",
        Role::Security => "security team",
        Role::Communications => "Communications Officer",
        Role::Reviewer => "reviewer",
        Role::Observer => "observer",
    }
}

/// `A`, `A and B`, `A, B and C`.
#[must_use]
pub fn list(names: &[String]) -> String {
    match names {
        [] => "nobody".to_owned(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn name(contact: Option<&Contact>, id: &str) -> String {
    text_or(contact.map(|contact| &contact.name), id)
}

fn text_or(text: Option<&Text>, id: &str) -> String {
    let words = text.and_then(Text::plain).map(str::trim);
    words
        .filter(|words| !words.is_empty())
        .unwrap_or(id)
        .to_owned()
}
