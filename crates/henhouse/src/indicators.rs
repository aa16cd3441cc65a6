//! What a suspicious mail can be known again by: who says that they sent it, where it leads, what it carries. It is read out of the
//! bytes as they are kept, and everything in them is hostile: what is looked at is bounded, nothing is fetched, nothing is opened,
//! and nothing of it is shown but with its links broken. Pure: no store, no network.

use std::collections::BTreeSet;

use mail_parser::{Address, Message, MimeHeaders as _, PartType};
use sha2::{Digest as _, Sha256};

/// A mail with more bytes than this is not looked into.
const MAIL_LIMIT: usize = 8 * 1024 * 1024;
/// So much of the words of one part, in bytes, and so many parts.
const WORDS_LIMIT: usize = 512 * 1024;
const PARTS_LIMIT: usize = 200;
/// So many of one kind are kept.
const EACH_LIMIT: usize = 20;
/// The longest that is kept, in bytes.
const LONGEST: usize = 500;

/// What kind of thing it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The address that it says it is from.
    Sender,
    /// The address that answers go to.
    AnswerTo,
    /// A link: where it leads, without what stands behind a question mark.
    Link,
    /// The host of a link.
    Host,
    /// The SHA-256 of a file that it carries.
    File,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::Sender,
        Self::AnswerTo,
        Self::Link,
        Self::Host,
        Self::File,
    ];

    /// The word under which it is told apart; never changed.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sender => "sender",
            Self::AnswerTo => "answer_to",
            Self::Link => "link",
            Self::Host => "host",
            Self::File => "file",
        }
    }

    /// Whether two mails that share one are likely the same: a host alone stands in all sorts of mail.
    #[must_use]
    pub const fn is_telling(self) -> bool {
        !matches!(self, Self::Host)
    }
}

/// One thing that a mail can be known again by. Its words are hostile.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Indicator {
    /// What kind.
    pub kind: Kind,
    /// What it is, in small letters as far as letters do not matter.
    pub words: String,
    /// It has letters that look like others, or the form in which such are written.
    pub odd_letters: bool,
}

/// What is in a mail. A mail that carries others is looked at for what they are; one that holds another in its words, for what
/// stands behind the line that announces it. What is nobody's business stays out: who passed it on.
#[must_use]
pub fn of(raw: &[u8]) -> Vec<Indicator> {
    // What our reader stumbles over has none.
    let read = std::panic::catch_unwind(|| found(raw));
    read.unwrap_or_default()
}

fn found(raw: &[u8]) -> Vec<Indicator> {
    let mut all = Found::default();
    let looked_at = Some(raw).filter(|raw| raw.len() <= MAIL_LIMIT);
    let Some(mail) = looked_at.and_then(crate::nesting::parse) else {
        return Vec::new();
    };
    let parts = mail.parts.iter().take(PARTS_LIMIT);
    let carried: Vec<&Message<'_>> = parts
        .filter_map(|part| match &part.body {
            PartType::Message(inner) => Some(inner),
            _ => None,
        })
        .collect();
    if carried.is_empty() {
        all.passed_on(&mail);
    }
    for mail in carried.into_iter().take(EACH_LIMIT) {
        all.whole(mail);
    }
    all.ranked()
}

/// What was found so far.
#[derive(Default)]
struct Found(BTreeSet<Indicator>);

impl Found {
    fn whole(&mut self, mail: &Message<'_>) {
        let first = |named: Option<&Address<'_>>| {
            let address = named.and_then(Address::first)?.address()?;
            Some(address.to_owned())
        };
        if let Some(sender) = first(mail.from()) {
            self.put(Kind::Sender, &sender);
        }
        if let Some(answer_to) = first(mail.reply_to()) {
            self.put(Kind::AnswerTo, &answer_to);
        }
        for part in mail.parts.iter().take(PARTS_LIMIT) {
            match &part.body {
                PartType::Text(words) | PartType::Html(words) => self.links(cut(words)),
                PartType::Message(inner) => self.deeper(inner),
                _ => {}
            }
            self.file(part);
        }
    }

    /// A mail within a mail that was carried: its links and files, and no deeper.
    fn deeper(&mut self, mail: &Message<'_>) {
        for part in mail.parts.iter().take(PARTS_LIMIT) {
            if let PartType::Text(words) | PartType::Html(words) = &part.body {
                self.links(cut(words));
            }
            self.file(part);
        }
    }

    /// A mail that holds another in its words. Files hang on it as they hung on the other.
    fn passed_on(&mut self, mail: &Message<'_>) {
        for part in mail.parts.iter().take(PARTS_LIMIT) {
            match &part.body {
                PartType::Text(words) | PartType::Html(words) => {
                    let behind = behind_the_announcement(cut(words));
                    self.senders(behind);
                    self.links(behind);
                }
                _ => {}
            }
            self.file(part);
        }
    }

    /// The addresses in the lines that name a sender.
    fn senders(&mut self, words: &str) {
        const HEADS: [&str; 4] = ["from:", "von:", "de:", "de :"];
        for line in words.lines().take(400) {
            let line = line.trim_start_matches(|c: char| c.is_whitespace() || ">*_".contains(c));
            let lower = line.to_lowercase();
            if HEADS.iter().any(|head| lower.starts_with(head)) {
                let named = line.split(|c: char| c.is_whitespace() || "<>,;:()[]\"*".contains(c));
                if let Some(address) = named.into_iter().find(|word| is_address(word)) {
                    self.put(Kind::Sender, address);
                    return;
                }
            }
        }
    }

    fn links(&mut self, words: &str) {
        let words = words.replace("&amp;", "&");
        let lower = words.to_ascii_lowercase();
        let mut from = 0;
        while let Some(at) = lower.get(from..).and_then(|rest| rest.find("://")) {
            let at = from + at;
            from = at + 3;
            let scheme = ["https", "http", "hxxps", "hxxp"];
            let before = lower.get(..at).unwrap_or_default();
            if !scheme.iter().any(|scheme| before.ends_with(scheme)) {
                continue;
            }
            let rest = words.get(from..).unwrap_or_default();
            let ends = |c: char| c.is_whitespace() || c.is_control() || "\"'<>`{}|\\^".contains(c);
            let link = rest
                .get(..rest.find(ends).unwrap_or(rest.len()))
                .unwrap_or_default();
            from += link.len();
            self.link(link.trim_end_matches(['.', ',', ';', ')', ']', '!', '?', ':']));
        }
    }

    /// A link without its scheme: the host, and the path where there is one.
    fn link(&mut self, link: &str) {
        let place = link.split(['?', '#']).next().unwrap_or_default();
        let (host, path) = place.split_once('/').unwrap_or((place, ""));
        // A name before the host is there to mislead.
        let host = host.rsplit('@').next().unwrap_or_default();
        let host = host.replace("[.]", ".").to_lowercase();
        let name = host
            .split(':')
            .next()
            .unwrap_or_default()
            .trim_end_matches('.');
        if !name.contains('.') {
            return;
        }
        self.put(Kind::Host, name);
        if !path.is_empty() {
            self.put(Kind::Link, &format!("{host}/{path}"));
        }
    }

    fn file(&mut self, part: &mail_parser::MessagePart<'_>) {
        let is_file = matches!(part.body, PartType::Binary(_))
            || (part.attachment_name().is_some()
                && !matches!(part.body, PartType::Message(_) | PartType::Multipart(_)));
        let bytes = part.contents();
        if is_file && !bytes.is_empty() {
            let hash = Sha256::digest(bytes);
            let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
            self.put(Kind::File, &hex);
        }
    }

    fn put(&mut self, kind: Kind, words: &str) {
        let words: String = words
            .chars()
            .filter(|c| !c.is_control() && !is_unseen(*c))
            .collect();
        let words = match kind {
            // Letters matter in a path.
            Kind::Link => words,
            _ => words.to_lowercase(),
        };
        let count = self.0.iter().filter(|found| found.kind == kind).count();
        if words.is_empty() || words.len() > LONGEST || count >= EACH_LIMIT {
            return;
        }
        let place = words.split('/').next().unwrap_or_default();
        let odd_letters =
            !place.is_ascii() || place.split(['.', '@']).any(|part| part.starts_with("xn--"));
        self.0.insert(Indicator {
            kind,
            words,
            odd_letters,
        });
    }

    fn ranked(self) -> Vec<Indicator> {
        self.0.into_iter().collect()
    }
}

/// Characters that are not seen, or turn the direction of what follows.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn cut(words: &str) -> &str {
    words
        .get(..words.floor_char_boundary(WORDS_LIMIT))
        .unwrap_or_default()
}

fn is_address(word: &str) -> bool {
    let Some((name, host)) = word.split_once('@') else {
        return false;
    };
    !name.is_empty() && host.contains('.') && !host.contains('@')
}

/// What stands behind the line that announces another mail; everything where there is none. Whoever passes a mail on writes
/// before it, with links of their own below their name.
fn behind_the_announcement(words: &str) -> &str {
    let lower = words.to_ascii_lowercase();
    let announced = [
        "forwarded message",
        "original message",
        "weitergeleitete ",
        "ngliche nachricht",
        "message transf",
    ];
    let at = announced.iter().filter_map(|words| lower.find(words)).min();
    let heads = ["\nfrom:", "\nvon:", "\n> from:", "\n*from:"];
    let head = heads.iter().filter_map(|words| lower.find(words)).min();
    let from = at.into_iter().chain(head).min().unwrap_or(0);
    words
        .get(words.floor_char_boundary(from)..)
        .unwrap_or(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(raw: &str) -> Vec<String> {
        let all = of(raw.as_bytes()).into_iter();
        all.map(|one| format!("{} {}", one.kind.word(), one.words))
            .collect()
    }

    fn carrying(inner: &str) -> String {
        format!(
            "From: zoe@farm.example\r\nSubject: Fwd\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n\
             Content-Type: text/plain\r\n\r\nZoe, https://farm.example/zoe\r\n--o\r\nContent-Type: message/rfc822\r\n\r\n{inner}\r\n--o--\r\n"
        )
    }

    const INNER: &str = "From: Bank <Bank@Evil.example>\r\nReply-To: r@evil.example\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\nContent-Type: text/html\r\n\r\n\
        <a href=\"HTTP://user@Login.evil.example/Pay?u=7&amp;x=1\">x</a> https://b.example.\r\n--i\r\n\
        Content-Type: application/pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\naGVu\r\n--i--\r\n";

    #[test]
    fn what_is_carried_is_known_again_and_who_passed_it_on_is_not_part_of_it() {
        let hen = "c679cad1f22a9e46c7ac8f4edf2e7cd0cf9f8ff9d9d1f40a9cbb3e2b79a4a30d";
        let found = words(&carrying(INNER));
        let (file, rest) = found
            .split_last()
            .map(|(last, rest)| (last.clone(), rest.to_vec()))
            .unwrap_or_default();
        assert_eq!(
            rest,
            [
                "sender bank@evil.example",
                "answer_to r@evil.example",
                "link login.evil.example/Pay",
                "host b.example",
                "host login.evil.example",
            ]
        );
        assert!(
            file.starts_with("file ") && file.len() == 5 + hen.len(),
            "{file}"
        );
    }

    #[test]
    fn a_mail_in_the_words_of_another_is_looked_at_from_its_announcement_on() {
        let raw = "From: zoe@farm.example\r\nSubject: Fwd\r\n\r\nZoe\r\nhttps://farm.example/zoe\r\n\r\n---------- Forwarded message ---------\r\n\
            From: Bank <bank@evil.example>\r\nSubject: x\r\n\r\nhxxps://login[.]evil.example/pay).\r\n";
        assert_eq!(
            words(raw),
            [
                "sender bank@evil.example",
                "link login.evil.example/pay",
                "host login.evil.example"
            ]
        );
    }

    #[test]
    fn letters_that_look_like_others_are_told() {
        let raw = |host: &str| {
            format!("Subject: x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nhttps://{host}/a")
        };
        for (host, odd) in [
            ("b\u{430}nk.example", true),
            ("xn--bnk-7cd.example", true),
            ("bank.example", false),
        ] {
            let all = of(raw(host).as_bytes());
            assert!(
                !all.is_empty() && all.iter().all(|one| one.odd_letters == odd),
                "{host}: {all:?}"
            );
        }
        let hidden = of(raw("ba\u{200b}nk.example").as_bytes());
        assert!(
            hidden
                .iter()
                .all(|one| one.words.starts_with("bank.example")),
            "{hidden:?}"
        );
    }

    #[test]
    fn bombs_and_rubbish_are_survived_and_what_is_found_is_bounded() {
        let mut deep = String::from("Subject: x\r\n\r\nhttps://a.example/x");
        for _ in 0..200 {
            deep = carrying(&deep);
        }
        let links: String = (0..5_000)
            .map(|n| format!("https://h{n}.example/{n} "))
            .collect();
        let long = format!(
            "Subject: x\r\n\r\nhttps://a.example/{}",
            "x".repeat(100_000)
        );
        let flood = format!("Subject: {}\r\n\r\nx", "=?utf-8?q?=41?= ".repeat(50_000));
        let endless = "://".repeat(100_000);
        for raw in [
            deep.as_bytes(),
            flood.as_bytes(),
            endless.as_bytes(),
            b"\xff\xfe\x00://",
            b"",
            b"Content-Type: text/plain; charset=\xff\r\n\r\nhttp://",
        ] {
            assert!(of(raw).len() <= 5 * EACH_LIMIT);
        }
        assert_eq!(
            of(format!("Subject: x\r\n\r\n{links}").as_bytes()).len(),
            2 * EACH_LIMIT
        );
        assert_eq!(words(&long), ["host a.example"]);
        assert!(of(&vec![b'a'; MAIL_LIMIT + 1]).is_empty());
    }
}
