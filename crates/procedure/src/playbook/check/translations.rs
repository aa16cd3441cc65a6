//! Translations: of texts that are there, in languages that have a tag, and of all or none of what
//! is read together.

use super::findings::Findings;
use crate::playbook::Playbook;
use alloc::collections::BTreeSet;
use alloc::format;

pub(super) fn check(playbook: &Playbook, findings: &mut Findings) {
    let parts = playbook.translatable();
    let said: BTreeSet<&str> = parts.iter().flatten().copied().collect();
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
                format!("{text:?} is translated, and nothing that is shown translated says it."),
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
        for part in &parts {
            let lacks = part.iter().find(|text| !all.contains_key(**text));
            let begun = part.iter().any(|text| all.contains_key(*text));
            if let Some(text) = lacks.filter(|_| begun) {
                findings.warning(
                    &place,
                    format!("{text:?} is not translated: people read a page in two languages."),
                    "Translate all that is read together: signs and advice, briefing, checklists.",
                );
            }
        }
    }
}

/// Two or three small letters (BCP 47): what stands behind them, such as a country, is not asked for.
fn is_tag(language: &str) -> bool {
    matches!(language.len(), 2..=3) && language.bytes().all(|byte| byte.is_ascii_lowercase())
}
