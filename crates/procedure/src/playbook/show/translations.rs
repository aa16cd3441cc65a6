//! What is said in other languages, beside the words that it stands for.

use super::page::Page;
use crate::playbook::Playbook;
use alloc::format;

pub(super) fn write(playbook: &Playbook, page: &mut Page) {
    for (language, all) in &playbook.translations {
        page.section(&format!("What is said in `{language}`"));
        let row = |(text, words): (&_, &_)| [text, words].map(alloc::string::String::clone);
        page.table(["Text", "There"], all.iter().map(row));
    }
}
