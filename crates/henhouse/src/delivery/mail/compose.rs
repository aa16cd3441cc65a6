//! A frozen notice as the bytes of a mail. The same notice gives the same bytes on every retry, so
//! the reader's mail program can drop a second copy (RFC 5322 section 3.6.4).
//!
//! A page must never be lost because of an odd title: control characters in a subject or a name are
//! taken out. Only an address that cannot be one is refused.

use jiff::Timestamp;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};

use crate::delivery::message::MailMessage;

/// Longest subject in characters; far below the 998 bytes that a line may have, encoded or not.
const SUBJECT_LIMIT: usize = 200;
/// Longest display name in characters.
const NAME_LIMIT: usize = 80;

/// Why a notice cannot become a mail. Retrying cannot help.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unmailable {
    /// The recipient's address is not one.
    #[error("the recipient's mail address is not valid")]
    Address,
    /// An id holds characters that a Message-ID cannot carry: a bug on our side.
    #[error("the notice's id cannot be used as a Message-ID")]
    Id,
    /// The mail library refused the message.
    #[error("the mail cannot be built: {0}")]
    Library(String),
}

/// The mail's bytes and the address it goes to.
pub(super) struct Composed {
    pub(super) to: Address,
    pub(super) bytes: Vec<u8>,
}

/// Builds the mail.
///
/// # Errors
/// [`Unmailable`] if the address or an id cannot stand in a header.
pub(super) fn compose(
    message: &MailMessage,
    from: &Mailbox,
    domain: &str,
) -> Result<Composed, Unmailable> {
    let to = recipient(&message.to.address)?;
    let name = message
        .to
        .name
        .as_deref()
        .map(|name| one_line(name, NAME_LIMIT));
    let id = message_id("notice", &message.notice_id, domain)?;
    let thread = message_id("case", &message.thread, domain)?;
    let parent = match &message.in_reply_to {
        Some(notice) => message_id("notice", notice, domain)?,
        None => thread.clone(),
    };
    let references = if parent == thread {
        thread
    } else {
        format!("{thread} {parent}")
    };
    let builder = Message::builder()
        .from(from.clone())
        .to(Mailbox::new(
            name.filter(|name| !name.is_empty()),
            to.clone(),
        ))
        .subject(one_line(&message.subject, SUBJECT_LIMIT))
        .date(whole_second(message.date).into())
        .message_id(Some(id))
        .in_reply_to(parent)
        .references(references)
        .raw_header(header("Auto-Submitted", "auto-generated"))
        .raw_header(header("X-Henhouse-Notice", &message.notice_id));
    let text = part(ContentType::TEXT_PLAIN, &message.text);
    let built = match &message.html {
        None => builder.singlepart(text),
        Some(html) => builder.multipart(
            MultiPart::alternative()
                .boundary(format!("=_notice_{}", message.notice_id))
                .singlepart(text)
                .singlepart(part(ContentType::TEXT_HTML, html)),
        ),
    };
    let built = built.map_err(|error| Unmailable::Library(error.to_string()))?;
    Ok(Composed {
        to,
        bytes: built.formatted(),
    })
}

/// `<notice.{id}@{domain}>`: stable, so that a repeated delivery is the same mail.
fn message_id(kind: &str, id: &str, domain: &str) -> Result<String, Unmailable> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_' || c == '.';
    if id.is_empty() || id.len() > 120 || !id.chars().all(plain) {
        return Err(Unmailable::Id);
    }
    Ok(format!("<{kind}.{id}@{domain}>"))
}

fn recipient(address: &str) -> Result<Address, Unmailable> {
    if address.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(Unmailable::Address);
    }
    address.parse().map_err(|_| Unmailable::Address)
}

/// One printable line: control characters, line separators and marks that turn the reading
/// direction become spaces, and so does the `=?` that would start an encoded word of a stranger's.
pub(super) fn one_line(text: &str, limit: usize) -> String {
    let spoken: String = text
        .replace("=?", "= ?")
        .chars()
        .map(|c| if breaks_a_line(c) { ' ' } else { c })
        .collect();
    let mut line = spoken.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > limit {
        line = line.chars().take(limit - 1).collect();
        line.push('…');
    }
    line
}

fn breaks_a_line(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn whole_second(date: Timestamp) -> Timestamp {
    Timestamp::from_second(date.as_second()).unwrap_or(date)
}

fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

fn part(kind: ContentType, text: &str) -> SinglePart {
    SinglePart::builder().header(kind).body(text.to_owned())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]
    use super::*;
    use crate::delivery::message::sample;

    fn composed(message: &MailMessage) -> String {
        let from = "Henhouse <hen@example.org>".parse().unwrap();
        String::from_utf8(compose(message, &from, "example.org").unwrap().bytes).unwrap()
    }

    fn headers(mail: &str) -> Vec<String> {
        let head = mail.split("\r\n\r\n").next().unwrap();
        head.replace("\r\n ", " ")
            .split("\r\n")
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn a_retry_sends_the_same_bytes() {
        let mut message = sample("n1");
        message.html = Some("<p>please take it</p>".to_owned());
        assert_eq!(composed(&message), composed(&message));
    }

    #[test]
    fn plain_text_comes_before_html() {
        let mut message = sample("n1");
        message.html = Some("<p>please take it</p>".to_owned());
        let mail = composed(&message);
        assert!(mail.find("text/plain").unwrap() < mail.find("text/html").unwrap());
    }

    #[test]
    fn every_mail_of_a_case_hangs_on_the_same_thread() {
        let mail = headers(&composed(&sample("n1")));
        for expected in [
            "Message-ID: <notice.n1@example.org>",
            "In-Reply-To: <case.c1@example.org>",
            "References: <case.c1@example.org>",
            "Auto-Submitted: auto-generated",
            "X-Henhouse-Notice: n1",
        ] {
            assert!(
                mail.iter().any(|line| line == expected),
                "{expected} not in {mail:?}"
            );
        }
    }

    #[test]
    fn an_answer_names_its_parent_after_the_thread() {
        let mut message = sample("n2");
        message.in_reply_to = Some("n1".to_owned());
        let mail = headers(&composed(&message));
        let line = "References: <case.c1@example.org> <notice.n1@example.org>".to_owned();
        assert!(mail.contains(&line), "{mail:?}");
    }

    #[test]
    fn a_subject_or_name_cannot_add_a_header() {
        for evil in [
            "x\r\nBcc: all@example.org",
            "x\nBcc: a@b.c",
            "x\u{2028}Bcc: a@b.c",
            "x\0\rBcc: a@b.c",
        ] {
            let mut message = sample("n1");
            message.subject = evil.to_owned();
            message.to.name = Some(evil.to_owned());
            let mail = headers(&composed(&message));
            assert!(!mail.iter().any(|line| line.starts_with("Bcc")), "{mail:?}");
            assert!(
                mail.iter().any(|line| line.starts_with("Subject: x Bcc:")),
                "{mail:?}"
            );
        }
    }

    #[test]
    fn an_address_with_a_line_break_is_refused() {
        let from = "hen@example.org".parse().unwrap();
        for evil in [
            "a@b.c\r\nBcc: d@e.f",
            "a@b.c>\r\nRCPT TO:<d@e.f",
            "a b@c.d",
            "",
            "nobody",
            "\"a\nb\"@c.d",
        ] {
            let mut message = sample("n1");
            message.to.address = evil.to_owned();
            let result = compose(&message, &from, "example.org").map(|composed| composed.to);
            assert_eq!(result, Err(Unmailable::Address), "{evil:?}");
        }
    }

    #[test]
    fn an_id_that_would_leave_its_header_is_refused() {
        let from = "hen@example.org".parse().unwrap();
        for evil in ["n1>\r\nBcc: a@b.c", "n 1", "", "n@1"] {
            let mut message = sample(evil);
            message.notice_id = evil.to_owned();
            let result = compose(&message, &from, "example.org").map(|composed| composed.to);
            assert_eq!(result, Err(Unmailable::Id), "{evil:?}");
        }
    }

    #[test]
    fn a_subject_beyond_ascii_is_encoded() {
        let mut message = sample("n1");
        message.subject = "HH-142 Käfig geöffnet 鶏".to_owned();
        let mail = composed(&message);
        assert!(mail.is_ascii());
        assert!(mail.contains("Subject: HH-142 =?utf-8?b?"), "{mail}");
    }

    #[test]
    fn a_long_subject_is_cut_with_a_mark() {
        let cut = one_line(&"a".repeat(500), SUBJECT_LIMIT);
        assert_eq!(cut.chars().count(), SUBJECT_LIMIT);
        assert!(cut.ends_with('…'));
    }

    #[test]
    fn a_stranger_cannot_bring_an_encoded_word() {
        assert_eq!(one_line("=?utf-8?q?hi?=", 99), "= ?utf-8?q?hi?=");
    }
}
