//! A warning of a suspicious mail to colleagues (R110). Whatever stands in it, no link in it is live.

use procedure::chapters::intake::ColleaguesWarned;

use super::body;
use super::defang::defanged;
use super::letter::Bare;
use super::subject::drill;
use super::{Scene, Words};

/// Said where the words were erased before they left.
const ERASED: &str = "(What was said of it was erased.)";

/// The warning as it leaves, with the one live link in it: `place`, where the questions are asked.
#[must_use]
pub fn words(by: &str, said: &str, place: &str) -> Words {
    let said = defanged(said);
    let text = format!(
        "{by} warns you: a suspicious mail is going round.\n\n{said}\n\nPlease open no link and no file of it. Its links above are \
         broken on purpose.\n\nDid you click, open or type in anything? Say so at once, you are not in trouble:\n\
         {place}\n\nOnly got it? Mark it as phishing in your mail program.\n"
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

/// The warning as it leaves from a case. Where its words may not go, neither do they say what it is about.
#[must_use]
pub(super) fn of_a_case(scene: &Scene, warned: &ColleaguesWarned) -> Words {
    let by = scene.names().who(&scene.entry.actor.who);
    let said = warned.text.plain().unwrap_or(ERASED);
    let place = &scene.links.suspicious;
    let words = words(&by, said, place);
    let wanted =
        "A colleague warns you of something. Please read it before you open your next mail.";
    let bare = body::bare(scene, &words.subject, wanted, place);
    Words {
        subject: format!("{}{}", drill(scene), words.subject),
        text: match scene.drill {
            true => format!("{}\n\n{}", body::DRILL, words.text),
            false => words.text,
        },
        bare,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_link_in_a_warning_is_live_but_our_own() {
        let words = words(
            "Ann",
            "It leads to https://evil.example/x or www.evil.example",
            "https://hen.example/suspicious",
        );
        assert_eq!(words.text.matches("://").count(), 2, "{}", words.text);
        assert!(
            words
                .text
                .contains("hxxps://evil[.]example/x or www[.]evil[.]example")
        );
        assert!(words.text.contains("\nhttps://hen.example/suspicious\n"));
    }
}
