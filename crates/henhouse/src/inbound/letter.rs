//! What a mail says. Nothing that it says of itself is believed: it opens an event, and decides nothing (R114, R115).

use std::ops::Range;

use mail_parser::{Addr, Address, Message, PartType};
use procedure::Text;
use procedure::chapters::intake::mail::{one_line, place_of, place_of_mark, says_report};
use procedure::chapters::intake::{Report, Route, template};
use procedure::text::TEXT_LIMIT_BYTES;
use uuid::Uuid;

use super::verdict::{self, Verdict};
use crate::nesting;

/// The longest address that a mail can come from, in bytes (RFC 5321, 4.5.3.1.3).
const ADDRESS_LIMIT: usize = 254;
/// At most so many of the mails that it carries are kept apart; all of them are in the mail itself.
const CARRIED_LIMIT: usize = 10;
/// At most so many of those to whom it goes are remembered.
const RECIPIENTS_LIMIT: usize = 50;
/// So many of the mails that it answers are looked up.
const ANSWERS_LIMIT: usize = 20;
/// Another mail is looked for in so many lines of the words.
const LINES_LOOKED_AT: usize = 400;
/// The longest title or name that is taken from a mail, in characters.
const LABEL_LIMIT: usize = 200;
/// What programs and lists call their mail.
const IN_BULK: [&str; 3] = ["bulk", "junk", "list"];
/// Said where the words do not fit.
const REST: &str = "\n\n(It goes on: the whole mail is kept as evidence.)";

/// A mail, as far as it matters here.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Letter {
    /// Its subject, on one line.
    pub subject: String,
    /// What its sender calls themselves.
    pub name: Option<String>,
    /// Where it asks to be answered.
    pub address: Option<String>,
    /// Who it says it is from; nobody where it names several. This is what a verdict is about, not where it asks to be answered.
    pub sender: Option<String>,
    /// To whom it says that it goes.
    pub to: Vec<String>,
    /// A program sent it, or a list: nothing answers it by itself (RFC 3834).
    pub is_automatic: bool,
    /// A program answers with it by itself, or says what became of a mail: somebody is away, or an address is gone (RFC 3834,
    /// RFC 3462).
    pub is_auto_reply: bool,
    /// Its words.
    pub text: String,
    /// The mails that it carries, byte for byte.
    pub carried: Vec<Vec<u8>>,
    /// What else in a subject says that it is a report: the project's own words (R114).
    pub own_mark: Option<String>,
    /// What in a subject says that it passes a suspicious mail on: the project's words (R107).
    pub suspicious_mark: Option<String>,
    /// Its words hold another mail, as mail programs write one that is passed on.
    pub is_passed_on: bool,
    /// What servers on its way say that they found out about its sender, the last one first.
    pub verdicts: Vec<String>,
    /// What the server in front found out, if it is named and said something.
    pub verdict: Option<Verdict>,
    /// The ids of notices and cases that stand in what it answers, as mails of ours have them.
    pub answers: Vec<Uuid>,
}

impl Letter {
    /// Reads a mail. What cannot be read is left out: the mail itself is kept as it came.
    #[must_use]
    pub fn read(raw: &[u8]) -> Self {
        // Of what is too deep to be looked into, what stands above it is read.
        let Some(mail) = nesting::parse(raw).or_else(|| nesting::parse_heads(raw)) else {
            let text = String::from_utf8_lossy(raw).trim().to_owned();
            return Self {
                text,
                ..Self::default()
            };
        };
        let from = mail.from().and_then(Address::first);
        let answer_to = mail.reply_to().and_then(Address::first).or(from);
        let text = mail.body_text(0).unwrap_or_default().trim().to_owned();
        Self {
            subject: subject(&mail),
            name: from
                .and_then(|from| from.name())
                .map(one_line)
                .filter(|name| !name.is_empty()),
            address: answer_to
                .and_then(|to| to.address())
                .and_then(plain_address),
            sender: only(mail.from())
                .and_then(|from| from.address())
                .and_then(plain_address),
            to: recipients(&mail),
            is_automatic: is_automatic(&mail),
            is_auto_reply: is_auto_reply(&mail),
            is_passed_on: is_passed_on(&text),
            text,
            carried: mail
                .parts
                .iter()
                .filter_map(|part| carried(&part.body))
                .take(CARRIED_LIMIT)
                .collect(),
            own_mark: None,
            suspicious_mark: None,
            verdicts: verdicts(&mail),
            verdict: None,
            answers: answers(&mail),
        }
    }

    /// Whether its subject says that it is a report (R114).
    #[must_use]
    pub fn is_report(&self) -> bool {
        self.mark().is_some()
    }

    /// Whether it looks like a suspicious mail that somebody passes on: it carries one, holds one in its words, or says so in
    /// its subject (R107, R115).
    #[must_use]
    pub fn is_suspicious(&self) -> bool {
        let own = self.suspicious_mark.as_deref();
        let says_so = own.is_some_and(|mark| place_of(mark, &self.subject).is_some());
        says_so || self.is_passed_on || !self.carried.is_empty()
    }

    /// The report that it makes; nothing for a mail without a word. Where `answered` is not set, its sender is named in
    /// the words and written to by nobody.
    #[must_use]
    pub fn report(&self, answered: bool) -> Option<Report> {
        let title = self.title();
        let sender = self.named().filter(|_| !answered);
        let sender = sender.map(|address| format!("The mail says that it is from {address}."));
        let is_template = template::read(&self.text).is_template();
        let first = title.filter(|_| !is_template).map(str::to_owned);
        let own = Some(self.text.clone()).filter(|text| !text.is_empty());
        let verdict = self.verdict.as_ref().map(Verdict::words);
        let tail: String = [sender, verdict]
            .into_iter()
            .flatten()
            .map(|said| format!("\n\n{said}"))
            .collect();
        let words: Vec<String> = [first, own].into_iter().flatten().collect();
        let words = match words.is_empty() {
            true => self.subject.clone(),
            false => cut(words.join("\n\n"), tail.len()),
        };
        let words = format!("{words}{tail}").trim_start().to_owned();
        let pasted = template::read(&words);
        let report = match is_template {
            true => pasted.into_report(Route::Mail),
            false => in_words(&words),
        }?;
        let address = self.address.as_deref().filter(|_| answered);
        Some(Report {
            title: report.title.or_else(|| title.map(label)),
            name: report.name.or_else(|| self.name.as_deref().map(label)),
            contact: report.contact.or_else(|| address.map(Text::from)),
            ..report
        })
    }

    /// What it adds to the case that it answers. Nothing of it is believed, and it says so first.
    #[must_use]
    pub fn addition(&self) -> Text {
        let sender = self.named().unwrap_or("nobody named");
        let head = format!("By mail, sender not verified: {sender} wrote:");
        let verdict = self
            .verdict
            .as_ref()
            .map(Verdict::words)
            .unwrap_or_default();
        let text = cut(format!("{head} {verdict}\n\n{}", self.text), 0);
        let text = text.replacen(" \n\n", "\n\n", 1);
        Text::from(text.as_str())
    }

    /// Who it says it is from, or else where it asks to be answered.
    fn named(&self) -> Option<&str> {
        self.sender.as_deref().or(self.address.as_deref())
    }

    /// Where the mark stands in the subject.
    fn mark(&self) -> Option<Range<usize>> {
        says_report(&self.subject, self.own_mark.as_deref())
    }

    /// What the subject says behind the mark; nothing if it says nothing more.
    fn title(&self) -> Option<&str> {
        let behind = self.mark().map_or(0, |mark| mark.end);
        let rest = self.subject.get(behind..).unwrap_or_default();
        let rest = rest
            .trim_start_matches(|c: char| !c.is_alphanumeric())
            .trim_end();
        (!rest.is_empty()).then_some(rest)
    }
}

/// The one that is named, if no other is.
fn only<'a>(named: Option<&'a Address<'a>>) -> Option<&'a Addr<'a>> {
    let mut named = named?.iter();
    named.next().filter(|_| named.next().is_none())
}

/// Whether a mail stands in these words as mail programs write one that is passed on: a line that announces it, or the names
/// of its headers one under the other, in one of the languages that are known here.
fn is_passed_on(text: &str) -> bool {
    const ANNOUNCED: [&str; 8] = [
        "forwarded message",
        "begin forwarded message",
        "original message",
        "weitergeleitete nachricht",
        "weitergeleitete e-mail",
        "urspr\u{fc}ngliche nachricht",
        "message transf\u{e9}r\u{e9}",
        "mensaje reenviado",
    ];
    const HEADS: [&str; 4] = ["from:", "von:", "de :", "de:"];
    const SUBJECTS: [&str; 5] = ["subject:", "betreff:", "objet :", "objet:", "asunto:"];
    let bare = |line: &str| {
        let line = line.trim_start_matches(|c: char| c.is_whitespace() || "->*_".contains(c));
        let line = line.trim_end_matches(|c: char| c.is_whitespace() || "-:*_".contains(c));
        line.to_lowercase()
    };
    let lines: Vec<String> = text.lines().take(LINES_LOOKED_AT).map(bare).collect();
    let heads = |lines: &[String]| {
        let begins = |words: &[&str]| {
            lines
                .iter()
                .any(|line| words.iter().any(|word| line.starts_with(word)))
        };
        begins(&SUBJECTS)
    };
    lines.iter().enumerate().any(|(n, line)| {
        let starts = HEADS
            .iter()
            .any(|head| line.starts_with(head) && line.contains('@'));
        ANNOUNCED.contains(&line.as_str())
            || (starts
                && heads(
                    lines
                        .get(n..n + 6)
                        .unwrap_or_else(|| lines.get(n..).unwrap_or_default()),
                ))
    })
}

fn verdicts(mail: &Message<'_>) -> Vec<String> {
    let headers = mail.headers_raw();
    let own = headers.filter(|(name, _)| name.eq_ignore_ascii_case("Authentication-Results"));
    own.map(|(_, value)| value.to_owned())
        .take(verdict::LIMIT)
        .collect()
}

/// The ids in what a mail answers, the newest first: `notice.<id>@…` and `case.<id>@…`, as our own Message-IDs are.
fn answers(mail: &Message<'_>) -> Vec<Uuid> {
    let headers = ["In-Reply-To", "References"].map(|name| mail.header_raw(name));
    let named = headers.into_iter().flatten().flat_map(|said| {
        let ids = said
            .split(|c: char| c.is_whitespace() || "<>,".contains(c))
            .rev();
        ids.filter_map(|id| {
            let (kind, id) = id.split('@').next()?.split_once('.')?;
            let ours = kind == "notice" || kind == "case";
            Uuid::parse_str(id).ok().filter(|_| ours)
        })
    });
    named.take(ANSWERS_LIMIT).collect()
}

/// The subject; as it was written, where only that shows the mark: a flood of broken encodings hides no report.
fn subject(mail: &Message<'_>) -> String {
    let read = one_line(mail.subject().unwrap_or_default());
    if place_of_mark(&read).is_some() {
        return read;
    }
    let written = one_line(mail.header_raw("Subject").unwrap_or_default());
    match place_of_mark(&written) {
        Some(place) => written.get(place..).unwrap_or_default().to_owned(),
        None => read,
    }
}

/// An address that can be written to as it stands.
fn plain_address(address: &str) -> Option<String> {
    let is_odd = |c: char| c.is_whitespace() || c.is_control() || "<>,;\"\\".contains(c);
    let fits = address.len() <= ADDRESS_LIMIT && address.matches('@').count() == 1;
    (fits && !address.contains(is_odd)).then(|| address.to_owned())
}

fn is_automatic(mail: &Message<'_>) -> bool {
    let says = |name: &'static str| Some(mail.header_raw(name)?.trim().to_ascii_lowercase());
    let by_program = says("Auto-Submitted").is_some_and(|how| !how.starts_with("no"));
    let in_bulk = says("Precedence").is_some_and(|how| IN_BULK.contains(&how.as_str()));
    by_program || in_bulk || says("List-Id").is_some()
}

fn is_auto_reply(mail: &Message<'_>) -> bool {
    let says = |name: &'static str, word: &str| {
        let said = mail.header_raw(name).map(str::trim_start);
        let begin = said.and_then(|said| said.get(..word.len()));
        begin.is_some_and(|begin| begin.eq_ignore_ascii_case(word))
    };
    says("Auto-Submitted", "auto-replied")
        || says("Precedence", "auto_reply")
        || says("Content-Type", "multipart/report")
}

/// Whom its headers name as those to whom it goes.
fn recipients(mail: &Message<'_>) -> Vec<String> {
    let named = [mail.to(), mail.cc()].into_iter().flatten();
    let named = named.flat_map(Address::iter);
    let named = named.filter_map(|one| one.address().and_then(plain_address));
    named.take(RECIPIENTS_LIMIT).collect()
}

/// A report in these words, as they are.
fn in_words(words: &str) -> Option<Report> {
    let blank = serde_json::json!({ "text": words, "route": "mail" });
    serde_json::from_value(blank).ok()
}

/// A short name.
fn label(words: &str) -> Text {
    let short: String = words.chars().take(LABEL_LIMIT).collect();
    Text::from(short.as_str())
}

/// The bytes of a mail that is carried by another.
fn carried(part: &PartType<'_>) -> Option<Vec<u8>> {
    let PartType::Message(inner) = part else {
        return None;
    };
    let root = inner.parts.first()?;
    let bytes = inner
        .raw_message
        .get(root.offset_header as usize..root.offset_end as usize)?;
    (!bytes.is_empty()).then(|| bytes.to_vec())
}

/// No more words than a text can hold that has so many bytes behind them.
fn cut(mut words: String, behind: usize) -> String {
    let room = TEXT_LIMIT_BYTES.saturating_sub(behind);
    if words.len() > room {
        let most = words.floor_char_boundary(room.saturating_sub(REST.len()));
        words.truncate(most);
        words.push_str(REST);
    }
    words
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use super::*;

    fn letter(headers: &str, text: &str) -> Letter {
        Letter::read(format!("{headers}\r\n\r\n{text}").as_bytes())
    }

    fn words(report: &Report) -> &str {
        report.text.plain().unwrap()
    }

    #[test]
    fn the_subject_says_what_is_a_report_and_what_it_is_called() {
        for (subject, title) in [
            ("Security Incident", None),
            ("RE: [ext] security  INCIDENT: the coop", Some("the coop")),
            (
                "=?utf-8?Q?Fwd=3A_Security_Incident_=E2=80=93_caf=C3=A9?=",
                Some("café"),
            ),
            ("Security\r\n incident \u{7}x", Some("x")),
        ] {
            let letter = letter(&format!("Subject: {subject}"), "");
            assert!(letter.is_report(), "{subject}");
            assert_eq!(letter.title(), title, "{subject}");
        }
        for other in [
            "Subject: Lunch",
            "Subject: security",
            "X-Y: security incident",
        ] {
            assert!(!letter(other, "Security Incident").is_report(), "{other}");
        }
    }

    #[test]
    fn the_project_has_words_of_its_own_beside_the_english_ones() {
        let read = |subject: &str| {
            let mut mail = letter(&format!("Subject: {subject}"), "Fox.");
            mail.own_mark = Some("Störfall  İT".to_owned());
            mail
        };
        for subject in [
            "AW: STÖRFALL i̇t: Ofen",
            "=?utf-8?Q?St=C3=B6rfall_=C4=B0T?= Ofen",
            "Security incident: Ofen",
        ] {
            let mail = read(subject);
            assert!(mail.is_report(), "{subject}");
            assert_eq!(mail.title(), Some("Ofen"), "{subject}");
        }
        for other in ["Störfall", "Stoerfall IT", "S"] {
            assert!(!read(other).is_report(), "{other}");
        }
        let none = Letter {
            own_mark: Some(" ".to_owned()),
            ..letter("Subject: Lunch", "")
        };
        assert!(!none.is_report(), "words that are none mark nothing");
    }

    #[test]
    fn a_mail_that_is_passed_on_is_seen_in_its_words_in_what_it_carries_or_in_its_subject() {
        for words in [
            "Look at this\r\n\r\n---------- Forwarded message ---------\r\nFrom: Bank <b@evil.example>",
            "Begin forwarded message:\r\n\r\n> From: b@evil.example",
            "-----Urspr\u{fc}ngliche Nachricht-----",
            "________________________________\r\nVon: Bank <b@evil.example>\r\nGesendet: heute\r\nBetreff: Ihr Lohn",
            "*From:* b@evil.example\r\nSent: now\r\nTo: me\r\nSubject: Wages",
        ] {
            assert!(letter("Subject: Fwd: x", words).is_suspicious(), "{words}");
        }
        for words in [
            "From: me\r\nSubject: you",
            "I got a message from: b@evil.example",
            "The original message was lost",
            "",
        ] {
            assert!(!letter("Subject: Fwd: x", words).is_suspicious(), "{words}");
        }
        let mut marked = letter("Subject: FW: suspicious MAIL", "");
        assert!(!marked.is_suspicious());
        marked.suspicious_mark = Some("Suspicious mail".to_owned());
        assert!(marked.is_suspicious());
    }

    #[test]
    fn the_template_is_read_and_nothing_of_it_is_lost() {
        let text = "The coop is open\r\nStatus: investigating\r\nReporter: Dave\r\nPhone: 555 0100\r\nTwo are out.";
        let mail = letter(
            "From: Ann <ann@farm.example>\r\nSubject: Security Incident",
            text,
        );
        let report = mail.report(true).unwrap();
        assert!(report.template);
        assert_eq!(report.name.unwrap().plain(), Some("Dave"));
        assert_eq!(report.phone.unwrap().plain(), Some("555 0100"));
        assert_eq!(report.contact.unwrap().plain(), Some("ann@farm.example"));
        assert_eq!(report.route, Route::Mail);
    }

    #[test]
    fn who_is_not_answered_stands_in_the_words() {
        let mail = letter(
            "From: ann@farm.example\r\nReply-To: desk@farm.example\r\nSubject: Security Incident",
            "Fox.",
        );
        let report = mail.report(false).unwrap();
        assert_eq!(
            words(&report),
            "Fox.\n\nThe mail says that it is from ann@farm.example."
        );
        assert_eq!(report.contact, None);
        assert_eq!(mail.sender.as_deref(), Some("ann@farm.example"));
        let two = letter("From: ann@farm.example, bob@farm.example", "Fox.");
        assert_eq!(two.sender, None, "nobody, where several are named");
        let odd = letter("From: <a@b@c>\r\nSubject: Security Incident", "Fox.");
        assert_eq!(odd.address, None);
    }

    #[test]
    fn what_a_mail_answers_is_read_from_our_own_ids_and_from_no_others() {
        let (notice, case) = (
            "0f8fad5b-d9cb-469f-a165-70867728950e",
            "7c9e6679742540de944be07fc1f90ae7",
        );
        let headers = format!(
            "In-Reply-To: <notice.{notice}@hen.example>\r\nReferences: <other.{notice}@x> <case.nonsense@x>\r\n <case.{case}@hen.example>\r\nSubject: Re: x"
        );
        let mail = letter(&headers, "Thanks.");
        let ids = mail.answers.iter().map(|id| id.simple().to_string());
        assert_eq!(
            ids.collect::<Vec<_>>(),
            [notice.replace('-', "").as_str(), case]
        );
        let many = "<case.7c9e6679742540de944be07fc1f90ae7@x> ".repeat(10_000);
        let mail = letter(&format!("References: {many}\r\nFrom: a@b.example"), "Fox.");
        assert_eq!(mail.answers.len(), ANSWERS_LIMIT);
        let said = mail.addition();
        assert_eq!(
            said.plain().unwrap(),
            "By mail, sender not verified: a@b.example wrote:\n\nFox."
        );
    }

    #[test]
    fn a_long_text_is_cut_between_letters_and_a_mail_without_words_has_its_subject() {
        let long = letter("Subject: Security Incident", &"é".repeat(TEXT_LIMIT_BYTES));
        let report = long.report(true).unwrap();
        assert!(words(&report).len() <= TEXT_LIMIT_BYTES && words(&report).ends_with(REST));
        let bare = letter("Subject: Security Incident", "");
        assert_eq!(words(&bare.report(true).unwrap()), "Security Incident");
    }

    #[test]
    fn bombs_and_nonsense_are_read_as_far_as_they_can_be() {
        let mut nested = String::from("Subject: Security Incident\r\n");
        for n in 0..2_000 {
            nested += &format!("Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n");
        }
        let inside = "Content-Type: message/rfc822\r\n\r\n".repeat(5_000);
        let encoded = format!(
            "Subject: {} Security Incident",
            "=?utf-8?B?////?= ".repeat(20_000)
        );
        let charset = "Subject: Security Incident\r\nContent-Type: text/plain; charset=x-bogus\r\n\r\n\u{ff}fox";
        for mail in [
            nested,
            format!("Subject: Security Incident\r\n{inside}"),
            encoded,
            charset.to_owned(),
        ] {
            let letter = Letter::read(mail.as_bytes());
            let head: String = mail.chars().take(80).collect();
            assert!(letter.is_report(), "{head} {}", letter.subject.len());
            assert!(letter.report(true).is_some() && letter.carried.len() <= CARRIED_LIMIT);
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_comes_is_read(raw in proptest::collection::vec(proptest::num::u8::ANY, 0..400), head in "(\\PC{0,30}: \\PC{0,30}\r\n){0,5}") {
            let letter = Letter::read(&[head.as_bytes(), b"\r\n", &raw].concat());
            let _ = letter.report(true);
            let marked = Letter::read(&[b"Subject: Security Incident\r\n", head.as_bytes(), b"\r\n", &raw].concat());
            proptest::prop_assert!(marked.report(false).is_some());
        }
    }
}
