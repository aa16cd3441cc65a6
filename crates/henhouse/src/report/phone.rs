//! A page as a text message and as a voice: what a telephone carries, and what may be answered by its keys.
//!
//! A text message is one segment of the GSM alphabet, 160 characters: what is longer costs double and may arrive in pieces,
//! in any order. 4 takes a page and 5 passes it on, as other pagers have it; 6 means resolved there, so nothing here is 6,
//! and nothing is closed by telephone.

use super::push::Push;

/// The channel that sends text messages.
pub const SMS: &str = "sms";
/// The channel that calls.
pub const VOICE: &str = "voice";
/// One segment of the GSM alphabet, in characters.
pub const SMS_CHARACTERS: usize = 160;
/// The key that takes a page.
pub const TAKE: char = '4';
/// The key that passes it on.
pub const PASS_ON: char = '5';

/// Whether this channel reaches a telephone.
#[must_use]
pub fn is_by_phone(route: &str) -> bool {
    [SMS, VOICE].contains(&route)
}

/// The last words of a call that is answered by a key.
const ANSWERED: [&str; 2] = ["0 for the duty phone.", "to confirm this number."];

/// Whether what a voice says asks for a key: several pages in one call do not, as a key would take one of them unsaid.
#[must_use]
pub fn asks_for_a_key(spoken: &str) -> bool {
    let spoken = spoken.trim_end();
    ANSWERED.iter().any(|last| spoken.ends_with(last))
}

/// A number as gateways take it: `+` and digits.
#[must_use]
pub fn dialled(number: &str) -> String {
    let digits = number.chars().filter(char::is_ascii_digit);
    std::iter::once('+').chain(digits).collect()
}

/// How a page may be answered by telephone, and where it leads.
#[derive(Clone, Debug, Default)]
pub struct Answering {
    /// Keys count: it is a page, and the gateway tells us what is pressed or written.
    pub by_key: bool,
    /// A link that is short enough.
    pub link: Option<String>,
}

/// A text message. What it is about comes behind what is wanted, as far as there is room.
#[must_use]
pub fn sms(push: &Push, about: Option<&str>, answering: &Answering) -> String {
    let head = format!("HENHOUSE {}.", push.title.trim_end_matches('.'));
    let keys = match answering.by_key {
        true => format!(" Reply {TAKE} = take it, {PASS_ON} = pass it on."),
        false => String::new(),
    };
    let head = gsm(&head);
    let mut left = SMS_CHARACTERS.saturating_sub(head.chars().count() + keys.chars().count());
    let link = answering.link.as_deref().map(|link| format!(" {link}"));
    let link = link.filter(|link| is_gsm(link) && link.chars().count() <= left);
    let link = link.unwrap_or_default();
    left = left.saturating_sub(link.chars().count());
    let about = about.map(gsm).filter(|about| !about.is_empty());
    let about = about
        .filter(|_| left > 12)
        .map_or_else(String::new, |about| {
            let cut = super::subject::cut(&about, left.saturating_sub(2)).replace('\u{2026}', ".");
            format!(" {}.", cut.trim_end_matches('.'))
        });
    let all = format!("{head}{about}{keys}{link}");
    all.chars().take(SMS_CHARACTERS).collect()
}

/// What a voice says.
#[must_use]
pub fn spoken(push: &Push, about: Option<&str>, by_key: bool) -> String {
    let about = about
        .filter(|about| !about.is_empty())
        .map(|about| format!(" {about}."));
    let about = about.unwrap_or_default();
    let keys = match by_key {
        true => format!(
            " Press {TAKE} to take it, {PASS_ON} to pass it on, star to hear it again, 0 for the duty phone."
        ),
        false => " Please open Henhouse to take it or to pass it on.".to_owned(),
    };
    format!(
        "This is Henhouse. {}.{about}{keys}",
        by_letters(&push.title)
    )
}

/// A message to oneself, which shows whether a number is reached, in the words of this channel; none where it is no
/// telephone.
#[must_use]
pub fn test(route: &str, drill: bool, by_key: bool) -> Option<String> {
    let drill = if drill { "DRILL " } else { "" };
    match route {
        SMS => {
            let keys = if by_key {
                format!(" Reply {TAKE} to confirm it.")
            } else {
                String::new()
            };
            Some(format!(
                "HENHOUSE {drill}reaches you here. Nothing has happened.{keys}"
            ))
        }
        VOICE => {
            let keys = if by_key {
                format!(" Press {TAKE} to confirm this number.")
            } else {
                String::new()
            };
            Some(format!(
                "{drill}This is a test of Henhouse. Nothing has happened.{keys}"
            ))
        }
        _ => None,
    }
}

/// `HH-142` as a voice says it, and no address.
pub(super) fn by_letters(title: &str) -> String {
    let word = |word: &str| {
        let (letters, digits) = word.split_once('-').unwrap_or((word, ""));
        let count = digits.trim_end_matches([':', ',', '.']);
        let is_number = !count.is_empty()
            && count.chars().all(|c| c.is_ascii_digit())
            && !letters.is_empty()
            && letters.chars().all(|c| c.is_ascii_uppercase());
        match is_number {
            true => {
                let rest = &digits[count.len()..];
                let spelt: Vec<String> = letters
                    .chars()
                    .chain(count.chars())
                    .map(String::from)
                    .collect();
                format!("{}{rest}", spelt.join(" "))
            }
            false => word.to_owned(),
        }
    };
    let words = title
        .split_whitespace()
        .filter(|word| !word.contains("://"));
    words.map(word).collect::<Vec<_>>().join(" ")
}

/// What somebody wrote back, or pressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// The only page that waits for them.
    Take,
    /// The same, passed on.
    PassOn,
    /// One of several, by its number as they wrote it; `all` is `ALL`.
    Of(Box<Reply>, String),
    /// Nothing that is understood.
    Other,
}

/// Reads what somebody wrote: `4`, `5`, `4 HH-142`, `5 142`, `4 all`.
#[must_use]
pub fn reply(said: &str) -> Reply {
    let mut words = said.split_whitespace();
    let Some(first) = words.next() else {
        return Reply::Other;
    };
    let what = match first.trim_end_matches(['.', '!', ',']) {
        "4" => Reply::Take,
        "5" => Reply::PassOn,
        _ => return Reply::Other,
    };
    match (words.next(), words.next()) {
        (None, _) => what,
        (Some(which), None) => Reply::Of(Box::new(what), which.to_uppercase()),
        _ => Reply::Other,
    }
}

/// What is answered by text message.
pub mod said {
    /// Taken.
    #[must_use]
    pub fn yours(number: &str) -> String {
        format!("HENHOUSE {number}: you have it. You are Incident Commander.")
    }

    /// Passed on.
    #[must_use]
    pub fn passed_on(number: &str) -> String {
        format!("HENHOUSE {number}: passed on. The next person is called now.")
    }

    /// Somebody else was first.
    #[must_use]
    pub fn taken(number: &str, who: &str) -> String {
        super::gsm(&format!("HENHOUSE {number}: {who} has it. You may rest."))
    }

    /// It is over.
    #[must_use]
    pub fn over(number: &str) -> String {
        format!("HENHOUSE {number} is over. You may rest.")
    }

    /// Several wait.
    #[must_use]
    pub fn which(numbers: &[String]) -> String {
        let shown: Vec<&str> = numbers.iter().take(8).map(String::as_str).collect();
        let more = match numbers.len().saturating_sub(shown.len()) {
            0 => String::new(),
            n => format!(" and {n} more"),
        };
        let first = shown.first().copied().unwrap_or_default();
        let (count, shown) = (numbers.len(), shown.join(", "));
        format!(
            "HENHOUSE: {count} wait for you: {shown}{more}. Reply 4 {first} for one, 4 ALL for all."
        )
    }

    /// Pages called several people by this number.
    #[must_use]
    pub fn shared() -> String {
        "HENHOUSE: this number has called more than one person, so nothing was done. Please open your own link."
            .to_owned()
    }

    /// Nothing waits.
    #[must_use]
    pub fn nothing() -> String {
        "HENHOUSE: nothing waits for you.".to_owned()
    }

    /// The number is theirs.
    #[must_use]
    pub fn confirmed() -> String {
        "HENHOUSE: thank you. This number is confirmed.".to_owned()
    }

    /// It was not understood.
    #[must_use]
    pub fn again() -> String {
        "HENHOUSE: please reply 4 = take it, or 5 = pass it on.".to_owned()
    }

    /// It cannot be noted.
    #[must_use]
    pub fn away() -> String {
        "HENHOUSE cannot note this just now. Please open the link, or telephone.".to_owned()
    }
}

/// The text in the GSM alphabet: what it has not becomes what comes next to it.
#[must_use]
pub fn gsm(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '[' | '{' => out.push('('),
            ']' | '}' => out.push(')'),
            '~' | '\u{2010}'..='\u{2015}' => out.push('-'),
            '|' | '\\' => out.push('/'),
            '^' | '`' | '\u{2018}' | '\u{2019}' => out.push('\''),
            '\u{201c}'..='\u{201e}' => out.push('"'),
            '\u{20ac}' => out.push_str("EUR"),
            '\u{2026}' => out.push_str("..."),
            c if is_in_gsm(c) => out.push(c),
            c if c.is_whitespace() => out.push(' '),
            c if c.is_control() => {}
            c => out.push(plain(c)),
        }
    }
    out
}

/// Whether every character is one of the GSM alphabet's first table.
#[must_use]
pub fn is_gsm(text: &str) -> bool {
    text.chars().all(is_in_gsm)
}

/// The first table of the alphabet (3GPP TS 23.038), without the characters that steer.
fn is_in_gsm(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || " !\"#$%&'()*+,-./:;<=>?@_".contains(c)
        || "£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà".contains(c)
}

/// A letter without its mark; a question mark for what is no letter of ours.
fn plain(c: char) -> char {
    const FROM: &str = "áâãāăąçćčďđêëēęěíîïīįıłńňóôõōőřśšșťțúûūůűýÿźżžÁÂÃÀÈÊËÍÎÏÌÓÔÕÒÚÛÙÝŁŚŠŽŻŹČĆ";
    const TO: &str = "aaaaaacccddeeeeeiiiiiilnnooooorsssttuuuuuyyzzzAAAAEEEIIIIOOOOUUUYLSSZZZCC";
    let place = FROM.chars().position(|from| from == c);
    place.and_then(|place| TO.chars().nth(place)).unwrap_or('?')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::letter::Bare;

    fn push(title: &str) -> Push {
        Push {
            title: title.to_owned(),
            text: String::new(),
            bare: Bare::default(),
            link: None,
        }
    }

    fn answering(base: &str) -> Answering {
        Answering {
            by_key: true,
            link: Some(format!("{base}/a/{}", "x".repeat(32))),
        }
    }

    #[test]
    fn a_page_is_one_segment_and_says_what_to_reply() {
        let page = push("HH-142 HIGH: needs you by 03:22 UTC");
        let said = sms(&page, None, &answering("https://hen.example.org"));
        assert_eq!(
            said,
            format!(
                "HENHOUSE HH-142 HIGH: needs you by 03:22 UTC. Reply 4 = take it, 5 = pass it on. https://hen.example.org/a/{}",
                "x".repeat(32)
            )
        );
        for about in [
            None,
            Some("Root login on web-2"),
            Some("\u{1f414}\u{1f414} „schön“ [x] ~ — €"),
        ] {
            for base in [
                "https://h.example",
                "https://a-very-long-name-of-a-host.of-an-institution.example.org",
            ] {
                let said = sms(&page, about, &answering(base));
                assert!(
                    said.chars().count() <= SMS_CHARACTERS && is_gsm(&said),
                    "{said}"
                );
                assert!(
                    said.contains("Reply 4 = take it, 5 = pass it on."),
                    "{said}"
                );
                assert!(
                    !said.contains("http") || said.ends_with(&"x".repeat(32)),
                    "a link is whole or not there: {said}"
                );
            }
        }
        let said = sms(
            &page,
            Some("Root login on web-2"),
            &Answering {
                by_key: true,
                link: None,
            },
        );
        assert!(said.contains(" Root login on web-2. Reply 4"), "{said}");
        let long = "x".repeat(500);
        let said = sms(&page, Some(&long), &answering("https://h.example"));
        assert!((158..=160).contains(&said.chars().count()), "{said}");
    }

    #[test]
    fn every_letter_is_one_of_the_alphabet() {
        assert_eq!(
            gsm("Łódź “schön” [1] 3€…"),
            "Lódz \"schön\" (1) 3EUR...".replace('ó', "o")
        );
        assert_eq!(gsm("鶏小屋\n\u{7}!"), "??? !");
        let all = ('\u{20}'..='\u{2fff}').collect::<String>();
        assert!(is_gsm(&gsm(&all)));
        for (from, to) in [('č', 'c'), ('Ž', 'Z'), ('ű', 'u'), ('ț', 't')] {
            assert_eq!(plain(from), to);
        }
    }

    #[test]
    fn a_voice_spells_the_number_and_says_the_keys() {
        let said = spoken(&push("HH-142 HIGH: needs you by 03:22 UTC"), None, true);
        assert!(
            said.starts_with("This is Henhouse. H H 1 4 2 HIGH: needs you by 03:22 UTC."),
            "{said}"
        );
        assert!(
            said.ends_with(
                "Press 4 to take it, 5 to pass it on, star to hear it again, 0 for the duty phone."
            ),
            "{said}"
        );
    }

    #[test]
    fn a_reply_is_a_key_and_perhaps_a_number_and_nothing_else() {
        assert_eq!(reply(" 4. "), Reply::Take);
        assert_eq!(reply("5"), Reply::PassOn);
        assert_eq!(
            reply("4 hh-142"),
            Reply::Of(Box::new(Reply::Take), "HH-142".to_owned())
        );
        for other in ["", "6", "44", "4 HH-1 HH-2", "yes", "I have 4"] {
            assert_eq!(reply(other), Reply::Other, "{other}");
        }
    }

    #[test]
    fn a_key_is_waited_for_where_the_words_name_one() {
        let said = test(VOICE, false, true).unwrap_or_default();
        assert!(asks_for_a_key(&said), "{said}");
        let said = test(VOICE, false, false).unwrap_or_default();
        assert!(!asks_for_a_key(&said), "{said}");
        assert!(!asks_for_a_key("HH-17 and 14 more wait: https://x/\n"));
    }
}
