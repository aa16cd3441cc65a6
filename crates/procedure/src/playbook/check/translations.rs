//! Translations: of texts that are there, in languages that have a tag, and of all or none.

use super::findings::Findings;
use crate::playbook::Playbook;
use alloc::collections::BTreeSet;
use alloc::format;

pub(super) fn check(playbook: &Playbook, findings: &mut Findings) {
    let said: BTreeSet<&str> = playbook.texts_for_reporters().collect();
    for (language, all) in &playbook.translations {
        let place = format!("translations.{language}");
        if !is_tag(language) {
            findings.error(
                "translations",
                format!("{language:?} is no language."),
                "Name a language by its tag, such as de or fr.",
            );
        }
        let of_nothing = all.keys().find(|text| !said.contains(text.as_str()));
        if let Some(text) = of_nothing {
            findings.error(
                &place,
                format!("{text:?} is translated, and no sign and no advice says it."),
                "Copy the text as it stands in the playbook, to the letter.",
            );
        }
        if let Some((text, _)) = all.iter().find(|(_, words)| words.trim().is_empty()) {
            findings.error(
                &place,
                format!("The translation of {text:?} is empty."),
                "Write it, or take the line away.",
            );
        }
        if let Some(text) = said.iter().find(|text| !all.contains_key(**text)) {
            findings.warning(
                &place,
                format!(
                    "{text:?} is not translated: a reporter reads a page in two languages (R122)."
                ),
                "Translate every sign and all of the advice.",
            );
        }
    }
}

/// Two or three small letters (BCP 47): what stands behind them, such as a country, is not asked for.
fn is_tag(language: &str) -> bool {
    matches!(language.len(), 2..=3) && language.bytes().all(|byte| byte.is_ascii_lowercase())
}
