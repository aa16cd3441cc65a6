//! A notice where little room is: a title that a locked phone shows whole, a sentence or two, and the link beside them.
//! Neutral unless the channel may carry more: number, severity and what is wanted.

use super::Words;
use super::letter::Bare;
use super::subject::cut;

/// The longest text, in characters. A phone shows some 120 of them; the rest is there when it is opened.
const TEXT_LIMIT: usize = 600;

/// A short message.
pub struct Push {
    /// What stands first: number, severity, verb, deadline.
    pub title: String,
    /// What is wanted, and what it is about.
    pub text: String,
    /// The same without what it is about.
    pub bare: Bare,
    /// Where to settle it.
    pub link: Option<String>,
}

/// The short form of these words. `about` is what it is about, in a line.
#[must_use]
pub fn short(words: &Words, about: Option<&str>) -> Push {
    let bare = &words.bare;
    let wanted = match bare.wanted.is_empty() {
        true => bare.text.as_str(),
        false => bare.wanted.as_str(),
    };
    let wanted = cut(wanted, TEXT_LIMIT);
    let text = match about.filter(|about| !about.is_empty()) {
        Some(about) => cut(&format!("{wanted} {about}"), TEXT_LIMIT),
        None => wanted.clone(),
    };
    Push {
        title: bare.subject.clone(),
        text,
        bare: Bare {
            subject: bare.subject.clone(),
            text: wanted,
            ..Bare::default()
        },
        link: (!bare.link.is_empty()).then(|| bare.link.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Words {
        Words {
            subject: "HH-142 HIGH: please take it by 03:22 UTC - Root login on web-2".to_owned(),
            text: "A long text.".to_owned(),
            bare: Bare {
                subject: "HH-142 HIGH: needs you by 03:22 UTC".to_owned(),
                text: "HH-142 needs you.\n\nGo on here:\nhttp://hen/ack/1\n".to_owned(),
                wanted: "HH-142 needs you by 03:22 UTC.\nSeverity: High.".to_owned(),
                link: "http://hen/ack/1".to_owned(),
            },
        }
    }

    #[test]
    fn a_short_message_is_neutral_and_has_its_link_beside_it() {
        let push = short(&words(), Some("reported 03:12 UTC: Root login on web-2"));
        assert_eq!(push.title, "HH-142 HIGH: needs you by 03:22 UTC");
        assert!(
            push.text
                .ends_with("High. reported 03:12 UTC: Root login on web-2")
        );
        assert_eq!(
            push.bare.text,
            "HH-142 needs you by 03:22 UTC. Severity: High."
        );
        assert_eq!(push.link.as_deref(), Some("http://hen/ack/1"));
        assert!(!format!("{:?}{}", push.bare, push.title).contains("Root"));
    }

    #[test]
    fn what_is_too_long_is_cut() {
        let long = "x".repeat(5_000);
        assert_eq!(
            short(&words(), Some(&long)).text.chars().count(),
            TEXT_LIMIT
        );
    }
}
