//! What a playbook says to people who report, in the language of whoever reads. What was adopted
//! stays as it is and is what counts: only what a page shows is another sentence.

use std::sync::LazyLock;

use procedure::playbook::Playbook;

use crate::founding;

/// The playbook as shipped. Where an older edition says the same sentence, its translation fits.
static SHIPPED: LazyLock<Playbook> = LazyLock::new(founding::handbook);

/// A text of a playbook, as somebody reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The words.
    pub words: String,
    /// They are the playbook's own: nobody has translated them.
    pub untranslated: bool,
}

/// A text of a playbook in the language of this tag: its own translation, else the shipped one of
/// the same words, else as it stands.
#[must_use]
pub fn told(playbook: &Playbook, language: &str, text: &str) -> Told {
    let own = playbook.translated(language, text);
    let found = own.or_else(|| SHIPPED.translated(language, text));
    Told {
        words: found.unwrap_or(text).to_owned(),
        untranslated: found.is_none(),
    }
}

/// The advice after a mail with which nothing was done (R110), as somebody reads it.
#[must_use]
pub fn advice(playbook: &Playbook, language: &str) -> Vec<Told> {
    let all = playbook.intake.phishing_advice.iter();
    all.map(|text| told(playbook, language, text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edition_from_before_is_read_in_german_and_words_of_ones_own_are_not_guessed() {
        let mut old = founding::handbook();
        old.translations.clear();
        let sign = old.intake.signs[0].label.clone();
        let german = told(&old, "de", &sign);
        assert!(german.words.starts_with("Personenbezogene") && !german.untranslated);
        old.intake.signs[0].label.push_str(" at all");
        let own = told(&old, "de", &old.intake.signs[0].label);
        assert!(own.words.ends_with(" at all") && own.untranslated);
        assert_eq!(told(&old, "en", &sign).words, sign);
        let texts: Vec<_> = old.intake.phishing_advice.clone();
        let english = advice(&old, "en");
        assert!(texts.iter().eq(english.iter().map(|one| &one.words)));
    }

    #[test]
    fn a_playbook_s_own_translation_goes_before_the_shipped_one() {
        let mut own = founding::handbook();
        let sign = own.intake.signs[0].label.clone();
        let german = own.translations.entry("de".to_owned()).or_default();
        german.insert(sign.clone(), "Daten sind fort".to_owned());
        assert_eq!(told(&own, "de", &sign).words, "Daten sind fort");
    }
}
