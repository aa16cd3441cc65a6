//! A warning of a suspicious mail to colleagues (R110). Whatever stands in it, no link in it is live.

use super::Words;
use super::defang::defanged;
use super::letter::Bare;

/// The warning as it leaves, with the one live link in it: ours.
#[must_use]
pub fn words(by: &str, said: &str, base_url: &str) -> Words {
    let said = defanged(said);
    let text = format!(
        "{by} warns you: a suspicious mail is going round.\n\n{said}\n\nPlease open no link and no file of it. Its links above are \
         broken on purpose.\n\nDid you click, open or type in anything? Say so at once, you are not in trouble:\n\
         {base_url}/suspicious\n\nOnly got it? Mark it as phishing in your mail program.\n"
    );
    let subject = "Careful: a suspicious mail is going round".to_owned();
    Words {
        bare: Bare {
            subject: subject.clone(),
            text: text.clone(),
            ..Bare::default()
        },
        subject,
        text,
    }
}

/// What the case says of it.
#[must_use]
pub fn note(people: usize, said: &str) -> String {
    let who = super::time::count(i64::try_from(people).unwrap_or(i64::MAX), "colleague");
    format!("Warned {who} by mail:\n{}", defanged(said))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_link_in_a_warning_is_live_but_our_own() {
        let words = words(
            "Ann",
            "It leads to https://evil.example/x or www.evil.example",
            "https://hen.example",
        );
        assert_eq!(words.text.matches("://").count(), 2, "{}", words.text);
        assert!(
            words
                .text
                .contains("hxxps://evil[.]example/x or www[.]evil[.]example")
        );
        assert!(words.text.contains("\nhttps://hen.example/suspicious\n"));
        assert_eq!(
            note(2, "http://a.example/b"),
            "Warned 2 colleagues by mail:\nhxxp://a[.]example/b"
        );
    }
}
