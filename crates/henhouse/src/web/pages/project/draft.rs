//! A project while it is being changed by a form, and the marks by which two people who change the same thing at once
//! notice each other: a form carries the mark of what it showed, and where that has moved, nothing is written.

use std::collections::BTreeMap;
use std::sync::Arc;

use procedure::basis::Project;
use procedure::project::{Directory, ProjectCommand, ProjectState};
use procedure::{PersonId, Text};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::Opened;
use crate::web::{Call, Problem};

/// A project that is being changed.
pub(in crate::web::pages) struct Draft {
    pub project: Project,
    pub directory: Directory,
    pub name: Option<Text>,
}

impl Draft {
    /// As it stands.
    pub(in crate::web::pages) fn of(opened: &Opened) -> Self {
        Self {
            project: opened.facts.clone(),
            directory: opened.state.directory.clone(),
            name: None,
        }
    }

    /// Keeps it, if nobody was faster.
    pub(in crate::web::pages) async fn keep(
        self,
        call: &Call,
        opened: &Opened,
    ) -> Result<Arc<ProjectState>, Problem> {
        let command = ProjectCommand::Revise {
            project: Box::new(self.project),
            directory: Box::new(self.directory),
            name: self.name,
        };
        let actor = call.known()?.actor();
        let change = call
            .app
            .desk
            .change_project(opened.id, actor, command, None);
        Ok(change.await?)
    }
}

/// The mark of something as it was shown.
pub(in crate::web::pages) fn mark(shown: &impl Serialize) -> String {
    let json = serde_json::to_string(shown).unwrap_or_default();
    let hash = Sha256::digest(json);
    hash.iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Everybody whom this installation knows by an id: by an account, or by another project's sheet.
#[derive(Default)]
pub(super) struct Everybody(Vec<Known>);

struct Known {
    id: PersonId,
    name: String,
    mail: String,
}

impl Everybody {
    pub(super) async fn of(call: &Call) -> Result<Self, Problem> {
        let desk = &call.app.desk;
        let accounts = desk.accounts().await?.into_iter();
        let known = accounts.map(|account| Known {
            id: PersonId(account.person),
            name: account.name,
            mail: account.email.unwrap_or_default(),
        });
        let mut all: Vec<Known> = known.collect();
        for row in desk.projects().await? {
            let state = desk.project_as_it_is(row.journal).await?;
            let plain =
                |text: Option<&Text>| text.and_then(Text::plain).unwrap_or_default().to_owned();
            all.extend(state.directory.people.iter().map(|(id, contact)| Known {
                id: id.clone(),
                name: plain(Some(&contact.name)),
                mail: plain(contact.mail.as_ref()),
            }));
        }
        Ok(Self(all))
    }

    /// An id for somebody new on a sheet: their own, if they are known by this address, or by this very name where no
    /// address says otherwise; else one that nobody has.
    pub(super) fn id(&self, name: &str, mail: &str, taken: impl Fn(&PersonId) -> bool) -> PersonId {
        let by_mail = |known: &&Known| !mail.is_empty() && known.mail.eq_ignore_ascii_case(mail);
        let by_name = |known: &&Known| {
            (known.mail.is_empty() || mail.is_empty()) && known.name.trim() == name.trim()
        };
        let free = || self.0.iter().filter(|known| !taken(&known.id));
        let meant = free().find(by_mail).or_else(|| free().find(by_name));
        match meant {
            Some(known) => known.id.clone(),
            None => new_id(name, |id| taken(id) || self.has(id)),
        }
    }

    /// Whether somebody has this id already.
    pub(super) fn has(&self, id: &PersonId) -> bool {
        self.0.iter().any(|known| known.id == *id)
    }
}

/// A short id for somebody of that name that nobody has yet: `jane`, `jane-d`, `jane-2`.
pub(super) fn new_id<'a>(name: &str, taken: impl Fn(&PersonId) -> bool + 'a) -> PersonId {
    let words: Vec<String> = name.split_whitespace().map(plain).collect();
    let mut words = words.iter().filter(|word| !word.is_empty());
    let first = words.next().map_or("person", String::as_str);
    let last = words.next_back().and_then(|word| word.get(..1));
    let longer = last.map(|letter| format!("{first}-{letter}"));
    let numbered = (2..).map(|n: u32| format!("{first}-{n}"));
    let all = std::iter::once(first.to_owned()).chain(longer);
    let mut ids = all.chain(numbered).map(PersonId);
    ids.find(|id| !taken(id))
        .unwrap_or_else(|| PersonId(first.to_owned()))
}

/// Small letters and digits of a word, at most twenty; letters with marks lose them where that is known.
fn plain(word: &str) -> String {
    let known: BTreeMap<char, &str> = [
        ('ä', "ae"),
        ('ö', "oe"),
        ('ü', "ue"),
        ('ß', "ss"),
        ('é', "e"),
        ('è', "e"),
        ('ê', "e"),
        ('á', "a"),
        ('à', "a"),
        ('â', "a"),
        ('å', "a"),
        ('ã', "a"),
        ('ç', "c"),
        ('ñ', "n"),
        ('ó', "o"),
        ('ò', "o"),
        ('ô', "o"),
        ('ø', "o"),
        ('õ', "o"),
        ('í', "i"),
        ('ú', "u"),
        ('ł', "l"),
        ('š', "s"),
        ('ž', "z"),
        ('č', "c"),
        ('ć', "c"),
        ('ě', "e"),
        ('ř', "r"),
        ('ý', "y"),
    ]
    .into();
    let mut out = String::new();
    for c in word.to_lowercase().chars() {
        match known.get(&c) {
            Some(letters) => out.push_str(letters),
            None if c.is_ascii_lowercase() || c.is_ascii_digit() => out.push(c),
            None => {}
        }
    }
    out.truncate(20);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_gets_a_short_id_of_their_own() {
        let id = |name: &str, taken: &[&str]| {
            let taken: Vec<PersonId> = taken.iter().map(|id| PersonId::from(*id)).collect();
            new_id(name, |id| taken.contains(id)).0
        };
        assert_eq!(id("Jane Doe", &[]), "jane");
        assert_eq!(id("Jane Doe", &["jane"]), "jane-d");
        assert_eq!(id("Jane Doe", &["jane", "jane-d"]), "jane-2");
        assert_eq!(id("Jürgen Weiß", &["juergen"]), "juergen-w");
        assert_eq!(id("李 小龙", &["person"]), "person-2");
        assert_eq!(id("=HYPERLINK(1)", &[]), "hyperlink1");
    }
}
