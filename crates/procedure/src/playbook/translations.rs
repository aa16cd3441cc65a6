//! What a playbook says in other languages: to the people who report, and on the checklists.
//!
//! A translation belongs to the exact words that it translates: whoever changes a text loses its
//! translations rather than show what nobody means any more. No rule looks at them.

use super::Playbook;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

/// For each language, by its tag such as `de`: a text of the playbook, and what it is there.
pub type Translations = BTreeMap<String, BTreeMap<String, String>>;

impl Playbook {
    /// The texts that can be said in other languages, by what is read together: what reporters may
    /// notice and are advised (R110, R122), the parts of a briefing (X4), the checklists (R2).
    #[must_use]
    pub fn translatable(&self) -> [Vec<&str>; 3] {
        let signs = self.intake.signs.iter().map(|sign| sign.label.as_str());
        let advice = self.intake.phishing_advice.iter().map(String::as_str);
        let blocks = self.command.handover.blocks.iter();
        let lists = &self.checklists;
        let lists = [
            &lists.initiate,
            &lists.assess,
            &lists.remediate,
            &lists.retrospective,
        ];
        let items = lists.into_iter().flatten();
        [
            signs.chain(advice).collect(),
            blocks
                .flat_map(|block| [block.title.as_str(), block.prompt.as_str()])
                .collect(),
            items.map(|item| item.text.as_str()).collect(),
        ]
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
        let said = self.translatable().into_iter().flatten();
        let said: BTreeSet<String> = said.map(String::from).collect();
        for (language, all) in &mut self.translations {
            all.retain(|text, _| said.contains(text) || base.translated(language, text).is_none());
        }
        self.translations.retain(|_, all| !all.is_empty());
    }
}
