//! The three questions about a suspicious mail, by mail (R107). Whoever gets them may be anybody: they hear nobody's name.

use procedure::chapters::intake::Phish;

use super::Words;
use super::letter::Bare;

/// What can be said by one tap: the word in the link, and what it says.
const TAPS: [(&str, &str); 5] = [
    ("clicked", "I clicked a link in it"),
    ("opened", "I opened a file that came with it"),
    ("entered", "I typed something in, such as a password"),
    ("none", "None of these"),
    ("spam", "It was in my spam folder, and I left it alone"),
];

/// Asks whoever passed a suspicious mail on.
#[must_use]
pub fn ask(item: u64, link: &str) -> Words {
    let taps = TAPS.map(|(word, said)| format!("{said}:\n{link}?did={word}\n"));
    let text = format!(
        "Thank you for passing this mail on. It is kept as you sent it, under M-{item}.\n\nWhat did you do with it? Please open \
         the one that fits. A page asks you to confirm; opening it says nothing yet.\n\n{}\nIf you did any of the first three, \
         we call somebody at once, even if nothing seems wrong. You are not in trouble. Please do not delete the mail before \
         you have answered.\n",
        taps.join("\n")
    );
    let subject = format!("M-{item}: what did you do with that mail?");
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

/// The report of somebody whose mail is part of a case already, and who says now that they did something with it.
#[must_use]
pub fn said_later(phish: Phish) -> String {
    let did = [
        (phish.clicked, "clicked a link in it"),
        (phish.opened, "opened a file that came with it"),
        (phish.entered, "typed something in"),
    ];
    let did = did.into_iter().filter(|(did, _)| *did);
    let did: Vec<String> = did.map(|(_, words)| words.to_owned()).collect();
    format!(
        "Whoever passed the mail on says now: I {}.",
        super::people::list(&did)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_questions_can_be_read_aloud_and_each_answer_has_a_link_of_its_own() {
        let words = ask(12, "https://hen.example/answer/x");
        assert_eq!(words.subject, "M-12: what did you do with that mail?");
        for (word, said) in TAPS {
            let tap = format!("{said}:\nhttps://hen.example/answer/x?did={word}\n");
            assert!(words.text.contains(&tap), "{}", words.text);
        }
        assert!(words.text.contains("You are not in trouble."));
    }

    #[test]
    fn what_is_said_later_is_one_sentence() {
        let phish = Phish {
            clicked: true,
            entered: true,
            ..Phish::default()
        };
        assert_eq!(
            said_later(phish),
            "Whoever passed the mail on says now: I clicked a link in it and typed something in."
        );
    }
}
