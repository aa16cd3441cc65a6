//! Mails within mails. Our reader goes into them without a limit of depth, and what it makes of them is given up one within the
//! other: a mail of many levels would end the process, and no catching helps. What may be too deep is not looked into.

use mail_parser::{Message, MessageParser};

/// A mail holds at most so many words that announce another within it.
const LEVELS: usize = 100;
/// A mail that carries another one encoded hides how deep that is: it is read only if it has at most so many bytes, which are
/// too few to be too deep.
const SMALL: usize = 64 * 1024;
/// A mail has at most so many parts, and so many lines in the heads of all of them: our reader makes some hundred bytes of each.
const PARTS: usize = 10_000;
const HEADS: usize = 20_000;
/// Where only heads are read, they are read so far.
const HEADS_LOOKED_AT: usize = 1024 * 1024;
/// How a part can be written that hides nothing.
const PLAIN: [&[u8]; 3] = [b"7bit", b"8bit", b"binary"];

/// Reads a mail, with everything that it carries; nothing where it is none, or may be too deep. It is kept whole all the same.
#[must_use]
pub fn parse(raw: &[u8]) -> Option<Message<'_>> {
    let may_be_read = !has_too_many_parts(raw)
        && levels(raw) <= LEVELS
        && (raw.len() <= SMALL || !hides_another(raw));
    may_be_read.then(|| MessageParser::default().parse(raw))?
}

/// What stands above a mail, and nothing of what it carries.
#[must_use]
pub fn parse_heads(raw: &[u8]) -> Option<Message<'_>> {
    let looked_at = raw.len().min(HEADS_LOOKED_AT);
    MessageParser::default().parse_headers(raw.get(..looked_at)?)
}

/// Whether it may have more parts, or lines of heads, than are read. It rather says so once too often.
fn has_too_many_parts(raw: &[u8]) -> bool {
    let (mut parts, mut heads) = (0, 0);
    // The first lines are heads, those behind a border, and those behind heads that announce a mail.
    let (mut in_heads, mut announces, mut is_digest) = (true, false, false);
    for line in raw.split(|byte| *byte == b'\n') {
        if line.starts_with(b"--") {
            parts += 1;
            (in_heads, announces) = (true, is_digest);
        } else if line.iter().all(|byte| *byte == b'\r') {
            (in_heads, announces) = (in_heads && announces, is_digest);
        } else if in_heads {
            heads += 1;
            let lower = line.to_ascii_lowercase();
            announces |= count(&lower, b"message") > 0;
            is_digest |= count(&lower, b"digest") > 0;
        }
        if parts > PARTS || heads > HEADS {
            return true;
        }
    }
    false
}

/// How many mails it can announce within itself at most. Each takes two words, as they are written here but for large letters.
fn levels(raw: &[u8]) -> usize {
    let lower = raw.to_ascii_lowercase();
    let count = |word: &[u8]| count(&lower, word);
    let message = count(b"message");
    count(b"rfc822").min(message)
        + count(b"global").min(message)
        + count(b"digest").min(count(b"multipart"))
}

fn count(raw: &[u8], word: &[u8]) -> usize {
    raw.windows(word.len()).filter(|at| *at == word).count()
}

/// Whether a mail within it may be encoded. It rather says so once too often: the heads of a part end with an empty line, and
/// what stands before them without one is taken for a part of them.
fn hides_another(raw: &[u8]) -> bool {
    let (mut digest, mut encoded) = (false, false);
    // Of the lines since the last empty one.
    let (mut message_here, mut encoded_here) = (false, false);
    let mut lines = raw.split(|byte| *byte == b'\n').peekable();
    let mut typed: Option<Vec<u8>> = None;
    while let Some(line) = lines.next() {
        let goes_on = lines
            .peek()
            .is_some_and(|next| matches!(next.first(), Some(b' ' | b'\t')));
        if line.iter().all(|byte| *byte == b'\r') {
            (message_here, encoded_here, typed) = (false, false, None);
            continue;
        }
        if typed.is_none() && !line.contains(&b':') {
            continue;
        }
        // Our reader leaves blanks out of names.
        let line = line.iter().filter(|byte| !byte.is_ascii_whitespace());
        let line: Vec<u8> = line.map(u8::to_ascii_lowercase).collect();
        if let Some(value) = behind(&line, b"content-transfer-encoding:") {
            let plain = PLAIN.contains(&value) && !goes_on;
            encoded_here |= !plain;
            encoded |= !plain;
        }
        let mut value = typed.take().unwrap_or_default();
        let begins = behind(&line, b"content-type:").is_some();
        if begins || !value.is_empty() {
            value.extend_from_slice(&line);
            let has = |word: &[u8]| count(&value, word) > 0;
            message_here |= has(b"message") && (has(b"rfc822") || has(b"global"));
            digest |= has(b"multipart") && has(b"digest");
            typed = Some(value).filter(|_| goes_on);
        }
        if message_here && encoded_here || digest && encoded {
            return true;
        }
    }
    false
}

fn behind<'l>(line: &'l [u8], name: &[u8]) -> Option<&'l [u8]> {
    let at = line.windows(name.len()).position(|at| at == name)?;
    line.get(at + name.len()..)
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::*;
    use crate::inbound::letter::Letter;
    use crate::indicators;

    fn carried(encoding: &str, inner: &str) -> String {
        format!(
            "From: zoe@farm.example\r\nSubject: Security Incident\r\nContent-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n\
             Content-Type: message/rfc822\r\n{encoding}\r\n{inner}\r\n--o--\r\n"
        )
    }

    fn levels_deep(levels: usize) -> String {
        "Content-Type:message/rfc822\n\n".repeat(levels) + "Subject: x\n\nhttps://a.example/x\n"
    }

    #[test]
    fn a_mail_of_many_levels_ends_nothing_and_still_says_from_whom_it_is() {
        let deep = levels_deep(300_000);
        let base64 = |deep: &str| {
            let encoded = STANDARD.encode(deep);
            carried("Content-Transfer-Encoding: base64\r\n", &encoded)
        };
        let odd = |name: &str| carried(name, &STANDARD.encode(levels_deep(20_000)));
        for raw in [
            carried("", &deep),
            carried("", &levels_deep(20_000).replace("rfc822", "RFC822")),
            carried("", &levels_deep(20_000).replace("rfc822", "Global")),
            base64(&levels_deep(60_000)),
            odd("Content-Transfer-Encoding:\r\n base64\r\n"),
            odd("Content-Trans fer-Encoding : =?utf-8?q?base=364?=\r\n"),
        ] {
            assert!(parse(raw.as_bytes()).is_none());
            assert!(indicators::of(raw.as_bytes()).is_empty());
            let letter = Letter::read(raw.as_bytes());
            assert_eq!(letter.sender.as_deref(), Some("zoe@farm.example"));
            assert!(letter.is_report() && letter.report(true).is_some());
        }
        // So few bytes cannot be too deep, whatever they hide.
        let small = base64(&levels_deep(1_600));
        assert!(small.len() <= SMALL);
        drop(Letter::read(small.as_bytes()));
        drop(indicators::of(small.as_bytes()));
    }

    #[test]
    fn what_people_pass_on_is_read() {
        let inner = "From: b@evil.example\r\nSubject: x\r\n\r\nhttps://evil.example/x global digest rfc822\r\n";
        let long = format!("{inner}{}", "global message digest ".repeat(90));
        let file = "A".repeat(2 * SMALL);
        let with_file = carried("", inner).replace(
            "--o--",
            &format!("--o\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n{file}\r\n--o--"),
        );
        for raw in [
            carried("", inner),
            carried("Content-Transfer-Encoding: 7bit\r\n", &long),
            with_file,
        ] {
            assert_eq!(Letter::read(raw.as_bytes()).carried.len(), 1);
            assert!(!indicators::of(raw.as_bytes()).is_empty());
        }
        assert!(parse(levels_deep(LEVELS).as_bytes()).is_some());
        assert!(parse(levels_deep(LEVELS + 1).as_bytes()).is_none());
    }
}
