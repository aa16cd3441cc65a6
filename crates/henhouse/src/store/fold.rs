//! Folding text for comparison: case and accents do not count.
//!
//! The databases have folding of their own for search (SQLite: `unicode61`, `remove_diacritics 2`).
//! This one serves prefix filters on both, and all of the memory backend; it knows the Latin letters,
//! and the suite compares it with SQLite's letter by letter.

/// Accented Latin letters (and two Greek ones) by the letter they fold to, as SQLite has it.
const LATIN: &[(char, &str)] = &[
    ('a', "àáâãäåāăąǎǟǻȁȃȧḁạảấầẩẫậắằẳẵặ"),
    ('b', "ḃḅḇ"),
    ('c', "çćĉċčḉ"),
    ('d', "ďḋḍḏḑḓ"),
    ('e', "èéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ"),
    ('f', "ḟ"),
    ('g', "ĝğġģǧǵḡ"),
    ('h', "ĥȟḣḥḧḩḫẖ"),
    ('i', "ìíîïĩīĭįǐȉȋḭḯỉị"),
    ('j', "ĵǰ"),
    ('k', "ķǩḱḳḵ"),
    ('l', "ĺļľḷḹḻḽ"),
    ('m', "ḿṁṃ"),
    ('n', "ñńņňǹṅṇṉṋ"),
    ('o', "òóôõöōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợ"),
    ('p', "ṕṗ"),
    ('r', "ŕŗřȑȓṙṛṝṟ"),
    ('s', "ſśŝşšșṡṣṥṧṩẛ"),
    ('t', "ţťțṫṭṯṱẗ"),
    ('u', "ùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự"),
    ('v', "ṽṿ"),
    ('w', "ŵẁẃẅẇẉẘ"),
    ('x', "ẋẍ"),
    ('y', "ýÿŷȳẏẙỳỵỷỹ"),
    ('z', "źżžẑẓẕ"),
    ('μ', "µ"),
    ('σ', "ς"),
];

fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

fn base(c: char) -> char {
    if c.is_ascii() {
        return c;
    }
    LATIN
        .iter()
        .find(|(_, with_accents)| with_accents.contains(c))
        .map_or(c, |(base, _)| *base)
}

/// The text in small letters without accents.
pub(crate) fn folded(text: &str) -> String {
    text.chars()
        .flat_map(char::to_lowercase)
        .filter(|c| !is_mark(*c))
        .map(base)
        .collect()
}

/// The words of a text as they stand: runs of letters and digits, with their marks.
pub(crate) fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || is_mark(c)))
        .filter(|word| word.contains(char::is_alphanumeric))
}

/// The folded words of a text.
pub(crate) fn words(text: &str) -> Vec<String> {
    split(text).map(folded).collect()
}

#[cfg(test)]
mod tests {
    use super::{folded, words};

    #[test]
    fn case_and_accents_do_not_count() {
        assert_eq!(folded("Zürich ŁÓDŹ e\u{301}"), "zurich łodz e");
    }

    #[test]
    fn words_are_runs_of_letters_and_digits() {
        assert_eq!(words("  Web-01: déjà vu! "), ["web", "01", "deja", "vu"]);
        assert!(words(" ?! ").is_empty());
    }
}
