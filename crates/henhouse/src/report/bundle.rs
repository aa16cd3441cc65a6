//! One message in place of many: what was reported in a burst, each of it named (M24).
//!
//! What presses comes first. After so many lines only numbers follow, so that no flood makes a
//! message that nobody can open; but no report goes without its number.

use sha2::{Digest, Sha256};

use procedure::{Notice, Telling};

use super::defang::defanged;
use super::letter::Share;
use super::message::MailMessage;
use super::{Scene, subject};

/// So many are told with their words and their link, the rest by number.
const IN_WORDS: usize = 40;

/// One notice, as it may leave by its channel.
pub struct Part<'a> {
    /// Its own message, whole or bare.
    pub message: &'a MailMessage,
    /// Its part of the one message.
    pub share: &'a Share,
    /// Its words may leave by this channel.
    pub in_words: bool,
}

/// A notice's part of a message that it may share. `all` is where everything is that waits.
#[must_use]
pub fn share(scene: &Scene, notice: &Notice, all: String) -> Share {
    let first = scene.case.part.intake.reports.first();
    let links = scene.links;
    let link = links.act.as_ref().or(links.receipt.as_ref());
    Share {
        pressing: first.is_some_and(|first| first.report.phish.acted_upon()),
        number: scene.number.to_owned(),
        words: words(scene, notice),
        link: link.unwrap_or(&links.case).clone(),
        all,
        drill: scene.drill,
        prompt: matches!(notice.what, Telling::Prompt { .. }),
    }
}

fn words(scene: &Scene, notice: &Notice) -> String {
    match &notice.what {
        Telling::Prompt { what, .. } => scene.names().in_words(what),
        Telling::Received => "we have your report.".to_owned(),
        Telling::RoundEnded { .. } => {
            "nobody has taken it yet; people go on being called.".to_owned()
        }
        _ => {
            let at = scene.case.part.intake.reported_at();
            let at = scene.times().short(at.unwrap_or(scene.entry.recorded_at));
            let title = subject::title(scene).unwrap_or_else(|| "(not said here)".to_owned());
            // A stranger's words: a telephone would make a link of what looks like one (R110).
            format!("reported {at}: {}", defanged(&title))
        }
    }
}

/// The one message. The same parts make the same message under the same id, so that a retry
/// can be told from news; other parts make another id, so that nobody takes them for a double.
/// Where its text may have no more than `text_bytes`, fewer are told with their words. `None` without parts.
#[must_use]
pub fn message(parts: &[Part], bundle: &str, page: bool, text_bytes: usize) -> Option<MailMessage> {
    let mut parts: Vec<&Part> = parts.iter().collect();
    parts.sort_by_key(|part| (!part.share.pressing, key(&part.share.number)));
    let first = parts.first()?;
    let latest = parts.iter().map(|part| part.message.date).max()?;
    Some(MailMessage {
        notice_id: id(&parts),
        to: first.message.to.clone(),
        subject: subject(&parts, page),
        text: fitting(&parts, page, text_bytes),
        html: None,
        thread: bundle.to_owned(),
        in_reply_to: None,
        link: first.message.link.as_ref().map(|_| first.share.all.clone()),
        follow: None,
        date: latest,
    })
}

fn id(parts: &[&Part]) -> String {
    let mut ids: Vec<&str> = parts
        .iter()
        .map(|part| part.message.notice_id.as_str())
        .collect();
    ids.sort_unstable();
    let mut hash = Sha256::new_with_prefix(b"henhouse/bundle/v1\0");
    ids.iter().for_each(|id| hash.update(id.as_bytes()));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    uuid::Builder::from_custom_bytes(bytes)
        .into_uuid()
        .to_string()
}

/// `HH-17 and 14 more: please read them`.
fn subject(parts: &[&Part], page: bool) -> String {
    let more = parts.len().saturating_sub(1);
    let Some(first) = parts.first() else {
        return String::new();
    };
    let drill = if first.share.drill { "DRILL " } else { "" };
    let wanted = if page {
        "please read them"
    } else {
        "news of your reports"
    };
    format!("{drill}{} and {more} more: {wanted}", first.share.number)
}

/// The longest text that has room: none of it is cut off later, so that no report is missing at its end.
fn fitting(parts: &[&Part], page: bool, text_bytes: usize) -> String {
    let most = parts.len().min(IN_WORDS);
    let tries = (0..=most).rev().map(|in_words| text(parts, page, in_words));
    let mut shortest = String::new();
    for text in tries {
        if text.len() <= text_bytes {
            return text;
        }
        shortest = text;
    }
    // Numbers that lie far apart have no room either: how many there are, and where.
    let Some(first) = parts.first() else {
        return shortest;
    };
    let drill = if first.share.drill { "DRILL. " } else { "" };
    let (more, all) = (parts.len().saturating_sub(1), &first.share.all);
    let short = format!(
        "{drill}{} and {more} more wait: {all}\n",
        first.share.number
    );
    if short.len() < shortest.len() {
        short
    } else {
        shortest
    }
}

fn text(parts: &[&Part], page: bool, in_words: usize) -> String {
    let mut paragraphs = Vec::new();
    if parts.iter().any(|part| part.share.drill) {
        paragraphs.push(super::body::DRILL.to_owned());
    }
    paragraphs.push(opening(parts, page));
    paragraphs.extend(parts.iter().take(in_words).map(|part| line(part, page)));
    if let Some(rest) = parts.get(in_words..).filter(|rest| !rest.is_empty()) {
        let numbers = rest.iter().map(|part| part.share.number.as_str());
        let numbers = ranges(numbers);
        let and = if in_words == 0 { "All" } else { "And" };
        let more = if in_words == 0 { "" } else { " more" };
        paragraphs.push(format!("{and} {}{more}: {numbers}.", rest.len()));
    }
    if let Some(first) = parts.first().filter(|_| page) {
        paragraphs.push(format!("All of them:\n{}", first.share.all));
    }
    let mut text = paragraphs.join("\n\n");
    text.push('\n');
    text
}

fn opening(parts: &[&Part], page: bool) -> String {
    let count = parts.len();
    if parts.iter().all(|part| part.share.prompt) {
        return format!("{count} things are asked of you, here together so that they ring once.");
    }
    if !page {
        return format!("This is about {count} reports that were made in a short time.");
    }
    let pressing = parts.iter().filter(|part| part.share.pressing).count();
    let pressing = match pressing {
        0 => String::new(),
        1 => " One of them says that somebody clicked, opened or entered something; it comes \
              first."
            .to_owned(),
        n => format!(
            " {n} of them say that somebody clicked, opened or entered something; they come first."
        ),
    };
    format!(
        "{count} reports from people who are not signed in came in a short time, and nobody has \
         them yet.{pressing} Please read them all: a real one may be among many that are not. Each \
         has its own clock, and people go on being called for each until somebody takes it."
    )
}

fn line(part: &Part, page: bool) -> String {
    let Share {
        number,
        words,
        link,
        ..
    } = part.share;
    let words = if part.in_words && !words.is_empty() {
        words.as_str()
    } else {
        "what it is about is not said here on purpose"
    };
    let wanted = if part.share.prompt {
        "The case"
    } else if page {
        "Take it, or pass it on"
    } else {
        "Follow it"
    };
    format!("{number}: {words}\n  {wanted}: {link}")
}

/// `HH-17` as letters and count, so that HH-9 stands before HH-10.
fn key(number: &str) -> (&str, u64) {
    let (letters, count) = number.rsplit_once('-').unwrap_or((number, "0"));
    (letters, count.parse().unwrap_or(u64::MAX))
}

/// `HH-3 to HH-9, HH-12`.
fn ranges<'a>(numbers: impl Iterator<Item = &'a str>) -> String {
    let mut keys: Vec<_> = numbers.map(key).collect();
    keys.sort_unstable();
    let mut runs: Vec<(&str, u64, u64)> = Vec::new();
    for (letters, n) in keys {
        match runs.last_mut() {
            Some((of, _, to)) if *of == letters && n == to.saturating_add(1) => *to = n,
            _ => runs.push((letters, n, n)),
        }
    }
    let said = runs.into_iter().map(|(letters, from, to)| {
        if from == to {
            format!("{letters}-{from}")
        } else {
            format!("{letters}-{from} to {letters}-{to}")
        }
    });
    said.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use super::*;
    use crate::report::message::sample;

    fn told(n: u64) -> (MailMessage, Share) {
        let share = Share {
            pressing: n == 55,
            number: format!("HH-{n}"),
            words: format!("fire {n}"),
            link: format!("http://x/ack/{n}"),
            all: "http://x/".to_owned(),
            drill: false,
            prompt: false,
        };
        (sample(&format!("n{n}")), share)
    }

    fn all(numbers: impl Iterator<Item = u64>) -> MailMessage {
        let told: Vec<_> = numbers.map(told).collect();
        let parts: Vec<Part> = told
            .iter()
            .map(|(message, share)| Part {
                message,
                share,
                in_words: share.number != "HH-9",
            })
            .collect();
        message(&parts, "b1", true, usize::MAX).unwrap()
    }

    #[test]
    fn what_presses_comes_first_and_every_number_is_there() {
        let mail = all((4..=60).rev());
        assert_eq!(mail.subject, "HH-55 and 56 more: please read them");
        let (pressing, other) = (mail.text.find("HH-55:"), mail.text.find("HH-4:"));
        assert!(pressing < other, "{}", mail.text);
        assert!(
            mail.text
                .contains("fire 4\n  Take it, or pass it on: http://x/ack/4")
        );
        assert!(
            mail.text
                .contains("And 17 more: HH-43 to HH-54, HH-56 to HH-60.")
        );
        assert!(!mail.text.contains("fire 9"), "what may not leave does not");
        assert!(mail.text.contains("HH-9: what it is about is not said"));
    }

    #[test]
    fn where_little_room_is_fewer_have_words_and_every_number_is_there_all_the_same() {
        let numbers: Vec<u64> = (4..=60).chain([70, 90]).collect();
        let told: Vec<_> = numbers.iter().copied().map(told).collect();
        let part = |(message, share)| Part {
            message,
            share,
            in_words: true,
        };
        let parts: Vec<Part> = told
            .iter()
            .map(|(message, share)| part((message, share)))
            .collect();
        for room in [3_900, 1_500, 900] {
            let text = message(&parts, "b1", true, room).unwrap().text;
            assert!(
                text.len() <= room && text.ends_with("All of them:\nhttp://x/\n"),
                "{text}"
            );
            let (words, rest) = text.split_once("And ").or(text.split_once("All ")).unwrap();
            let in_words = words.matches("\n  Take it").count();
            let counted = rest.split(' ').next().unwrap().parse::<usize>().unwrap();
            assert_eq!(in_words + counted, parts.len(), "{text}");
            assert!(rest.contains("HH-70, HH-90."), "{text}");
        }
        let text = message(&parts, "b1", true, 100).unwrap().text;
        assert_eq!(text, "HH-55 and 58 more wait: http://x/\n");
    }

    #[test]
    fn the_same_parts_have_one_id_and_others_another() {
        assert_eq!(all(4..9), all((4..9).rev()));
        assert_ne!(all(4..9).notice_id, all(4..8).notice_id);
    }
}
