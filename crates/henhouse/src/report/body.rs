//! The text of a mail, put together: paragraphs, the one link, the last lines.

use super::letter::Bare;
use super::subject::drill;
use super::{Scene, Words};

/// What a drill says before anything else.
pub(super) const DRILL: &str = "DRILL. This is an exercise: nothing here is real.";

/// The text of a mail in the making.
pub(super) struct Body {
    paragraphs: Vec<String>,
}

impl Body {
    pub(super) fn new(scene: &Scene) -> Self {
        let paragraphs = scene.drill.then(|| DRILL.to_owned()).into_iter().collect();
        Self { paragraphs }
    }

    /// Adds a paragraph; an empty one is left out.
    pub(super) fn say(mut self, paragraph: impl Into<String>) -> Self {
        let paragraph = paragraph.into();
        let paragraph = paragraph.trim_end();
        if !paragraph.trim().is_empty() {
            self.paragraphs.push(paragraph.to_owned());
        }
        self
    }

    /// Adds a paragraph if there is one.
    pub(super) fn maybe(self, paragraph: Option<impl Into<String>>) -> Self {
        match paragraph {
            Some(paragraph) => self.say(paragraph),
            None => self,
        }
    }

    /// Adds the one link, with what it is for.
    pub(super) fn link(self, what: &str, link: &str) -> Self {
        if link.is_empty() {
            return self;
        }
        self.say(format!("{what}:\n{link}"))
    }

    /// The whole text.
    pub(super) fn text(self) -> String {
        let mut text = self.paragraphs.join("\n\n");
        text.push('\n');
        text
    }

    /// A finished message. `bare` says, without content, what is wanted; the link goes with it.
    pub(super) fn finish(self, subject: String, bare: Bare) -> Words {
        Words {
            subject,
            text: self.text(),
            bare,
        }
    }
}

/// A message without content: what is wanted, and where. Without a link it is for people outside.
pub(super) fn bare(scene: &Scene, subject: &str, wanted: &str, link: &str) -> Bare {
    if link.is_empty() {
        return bare_of_outsiders(scene, subject, wanted);
    }
    let text = Body::new(scene)
        .say(wanted)
        .link("Go on here", link)
        .say("What it is about is not said here on purpose. It is waiting behind the link.")
        .text();
    Bare {
        subject: subject.to_owned(),
        text,
        wanted: wanted.to_owned(),
        link: link.to_owned(),
    }
}

/// The same for people outside: the case would not open to them.
pub(super) fn bare_of_outsiders(scene: &Scene, subject: &str, wanted: &str) -> Bare {
    let text = Body::new(scene)
        .say(wanted)
        .say("What it is about is not said here on purpose. Ask whoever you know on our side for it.")
        .text();
    Bare {
        subject: subject.to_owned(),
        text,
        wanted: wanted.to_owned(),
        link: String::new(),
    }
}

/// `DRILL HH-142`: what may be said anywhere.
pub(super) fn number(scene: &Scene) -> String {
    format!("{}{}", drill(scene), scene.number)
}

/// Quotes a text: each line marked as not ours, the end cut off where it is long, without
/// characters that turn lines round or steer a terminal.
pub(super) fn quote(words: &str, limit: usize) -> String {
    let cut = words.chars().count() > limit;
    let kept: String = words.trim().chars().take(limit).collect();
    let mut lines: Vec<String> = kept
        .trim_end()
        .lines()
        .map(|line| line.chars().filter(|c| !steers(*c)).collect::<String>())
        .map(|line| format!("> {line}").trim_end().to_owned())
        .collect();
    if cut {
        lines.push("> … (more in the case)".to_owned());
    }
    lines.join("\n")
}

/// Control characters, and those that change the direction of what follows.
fn steers(c: char) -> bool {
    let tab = c == '\t';
    let turns =
        matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let breaks = matches!(c, '\u{2028}' | '\u{2029}');
    (c.is_control() && !tab) || turns || breaks
}

#[cfg(test)]
mod tests {
    use super::quote;

    #[test]
    fn quoted_words_steer_nothing_and_every_line_is_marked() {
        let words = "one\u{1b}[2J\u{202e}\r\n\nFrom: us\u{2066}\u{85}";
        assert_eq!(quote(words, 600), "> one[2J\n>\n> From: us");
    }
}
