//! What a playbook says in other languages, to the people who report.
//!
//! A translation belongs to the exact words that it translates: whoever changes a text loses its
//! translations rather than show what nobody means any more. No rule looks at them.

use super::Playbook;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;

/// For each language, by its tag such as `de`: a text of the playbook, and what it is there.
pub type Translations = BTreeMap<String, BTreeMap<String, String>>;

impl Playbook {
    /// The texts that people read who are not of the team (R105, R110, R122): these can be said in
    /// other languages.
    pub fn texts_for_reporters(&self) -> impl Iterator<Item = &str> {
        let signs = self.intake.signs.iter().map(|sign| sign.label.as_str());
        signs.chain(self.intake.phishing_advice.iter().map(String::as_str))
    }

    /// A text of this playbook in another language, if it has it.
    #[must_use]
    pub fn translated(&self, language: &str, text: &str) -> Option<&str> {
        let all = self.translations.get(language)?;
        all.get(text).map(String::as_str)
    }

    /// Drops translations of texts that this playbook does not say, where `base` had them: a project
    /// that wrote its own list did not write them.
    pub fn forget_translations_of(&mut self, base: &Self) {
        let said: BTreeSet<String> = self.texts_for_reporters().map(String::from).collect();
        for (language, all) in &mut self.translations {
            all.retain(|text, _| said.contains(text) || base.translated(language, text).is_none());
        }
        self.translations.retain(|_, all| !all.is_empty());
    }
}
