//! What is better said otherwise before it leaves: names, what identifies people, secrets, times that mean nothing an
//! hour later, words that only insiders know; and what a sitrep lacks. It finds, and never changes a word.

use procedure::project::Directory;

/// A sort of finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Something that opens a door: a password, a key, a token.
    Secret,
    /// Somebody's name, where the role would do.
    Name,
    /// An address, a number: it leads to a person.
    Personal,
    /// A cause is claimed while the work goes on.
    Cause,
    /// A time that depends on when it is read.
    Relative,
    /// Letters that only insiders can read.
    Jargon,
    /// A phrase that says nothing.
    Phrase,
    /// Nowhere is it said what is confirmed, suspected, or not known.
    Certainty,
    /// Nothing is asked of anybody, and not said that nothing is.
    Ask,
    /// No time is given for the next one.
    Next,
}

/// Something found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What sort.
    pub kind: Kind,
    /// In which part of the text; empty where it is about the whole.
    pub part: &'static str,
    /// The words; empty where something is missing.
    pub words: String,
}

/// The parts of a sitrep as they were typed.
pub struct Sitrep<'a> {
    /// Each part by its name: `summary`, `known`, `doing`, `need`, `outside`.
    pub parts: [(&'static str, &'a str); 5],
    /// The next one has a time, or there is none to come.
    pub has_next: bool,
}

/// Abbreviations that everybody may be expected to read.
const USUAL: &[&str] = &[
    "IC", "UTC", "CET", "CEST", "GMT", "EST", "TLP", "DRILL", "AM", "PM", "OK", "IT", "PDF", "US",
    "UK", "EU", "TV", "ID", "CEO", "PIN", "SMS",
];
const RELATIVE: &[&str] = &[
    "yesterday",
    "today",
    "tomorrow",
    "tonight",
    "recently",
    "soon",
    "shortly",
    "earlier",
    "ago",
    "last night",
    "this morning",
    "this afternoon",
    "this evening",
    "in an hour",
    "just now",
    "gestern",
    "heute",
    "morgen",
    "vorhin",
];
const PHRASES: &[&str] = &[
    "security seriously",
    "abundance of caution",
    "highly sophisticated",
    "no evidence that",
];
const CERTAIN: &[&str] = &[
    "confirmed",
    "suspected",
    "suspect",
    "unknown",
    "not known",
    "unclear",
    "bestätigt",
    "vermutet",
    "unbekannt",
];
/// What stands before a secret.
const KEYWORDS: &[&str] = &[
    "password",
    "passwort",
    "passphrase",
    "secret",
    "token",
    "api key",
    "apikey",
];
/// Words in names that are no names.
const PARTICLES: &[&str] = &["The", "the", "van", "von", "der", "die", "das", "and"];

/// Everything that is better said otherwise in a sitrep, the gravest first.
#[must_use]
pub fn sitrep(said: &Sitrep, directory: &Directory) -> Vec<Finding> {
    let mut all: Vec<Finding> = Vec::new();
    for (part, text) in said.parts {
        all.extend(text_of(part, text, directory));
    }
    let lacks = |kind: Kind, part: &'static str| Finding {
        kind,
        part,
        words: String::new(),
    };
    let whole: Vec<&str> = said.parts.iter().map(|(_, text)| *text).collect();
    let whole = whole.join(" ").to_lowercase();
    if !CERTAIN.iter().any(|word| has_word(&whole, word)) {
        all.push(lacks(Kind::Certainty, "known"));
    }
    let need = said.parts.iter().find(|(part, _)| *part == "need");
    if need.is_none_or(|(_, text)| text.trim().is_empty()) {
        all.push(lacks(Kind::Ask, "need"));
    }
    if !said.has_next {
        all.push(lacks(Kind::Next, "next"));
    }
    all.sort_by_key(|finding| finding.kind);
    all.dedup();
    all
}

/// What is better said otherwise in one text.
fn text_of(part: &'static str, text: &str, directory: &Directory) -> Vec<Finding> {
    let found = |kind: Kind, words: &str| Finding {
        kind,
        part,
        words: words.to_owned(),
    };
    let lower = text.to_lowercase();
    let mut all: Vec<Finding> = Vec::new();
    all.extend(
        secrets(text, &lower)
            .iter()
            .map(|words| found(Kind::Secret, words)),
    );
    all.extend(
        names(text, directory)
            .iter()
            .map(|words| found(Kind::Name, words)),
    );
    all.extend(
        personal(text)
            .iter()
            .map(|words| found(Kind::Personal, words)),
    );
    if lower.contains("root cause") {
        all.push(found(Kind::Cause, "root cause"));
    }
    let relative = RELATIVE.iter().filter(|word| has_word(&lower, word));
    all.extend(relative.map(|word| found(Kind::Relative, word)));
    all.extend(jargon(text).iter().map(|words| found(Kind::Jargon, words)));
    let phrases = PHRASES.iter().filter(|phrase| lower.contains(**phrase));
    all.extend(phrases.map(|phrase| found(Kind::Phrase, phrase)));
    all
}

/// Whether words stand in a text by themselves. Both in small letters.
fn has_word(text: &str, words: &str) -> bool {
    let mut places = text.match_indices(words);
    places.any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let behind = text[at + words.len()..].chars().next();
        let parts = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        parts(before) && parts(behind)
    })
}

fn words_of(text: &str) -> impl Iterator<Item = &str> {
    let pieces =
        text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '"'));
    let bare =
        pieces.map(|piece| piece.trim_matches(|c: char| matches!(c, '.' | ':' | '!' | '?' | '\'')));
    bare.filter(|word| !word.is_empty())
}

/// Names of people of the project that stand in a text.
#[must_use]
pub fn names(text: &str, directory: &Directory) -> Vec<String> {
    let known = directory.people.values();
    let known = known.filter_map(|contact| contact.name.plain());
    let parts = known.flat_map(str::split_whitespace);
    let parts = parts.filter(|part| part.chars().count() > 2 && !PARTICLES.contains(part));
    let mut found: Vec<String> = parts
        .filter(|part| {
            words_of(text).any(|word| word == *part || word.strip_suffix("'s") == Some(*part))
        })
        .map(str::to_owned)
        .collect();
    found.sort();
    found.dedup();
    found
}

/// Mail addresses, and numbers long enough to be somebody's.
fn personal(text: &str) -> Vec<String> {
    let mail = |word: &&str| {
        let parts = word.split_once('@');
        parts.is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
    };
    let mut found: Vec<String> = words_of(text).filter(mail).map(str::to_owned).collect();
    let of_number = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | ' ' | '/' | '(' | ')');
    for run in text.split(|c: char| !of_number(c)) {
        let run = run.trim_matches(|c: char| !c.is_ascii_digit() && c != '+');
        let digits = run.chars().filter(char::is_ascii_digit).count();
        let social = run.split('-').map(str::len).eq([3, 2, 4]);
        // A date with its hour has no more than twelve digits and begins with its year.
        let date = run.split('-').map(str::len).take(2).eq([4, 2]);
        if (digits >= 9 || social || (run.starts_with('+') && digits >= 7)) && !date {
            found.push(run.to_owned());
        }
    }
    found
}

fn secrets(text: &str, lower: &str) -> Vec<String> {
    let mut found: Vec<String> = words_of(text)
        .filter(|word| is_key(word))
        .map(shown)
        .collect();
    if lower.contains("-----begin") {
        found.push("-----BEGIN".to_owned());
    }
    for keyword in KEYWORDS {
        for (at, _) in lower.match_indices(keyword) {
            let behind = lower[at + keyword.len()..].trim_start();
            let told = behind
                .strip_prefix([':', '='])
                .or(behind.strip_prefix("is "));
            let told = told.and_then(|told| told.split_whitespace().next());
            if told.is_some_and(|told| !["not", "a", "the", "no", "being", "still"].contains(&told))
            {
                found.push((*keyword).to_owned());
            }
        }
    }
    found
}

/// Looks like a key: long, of letters and digits mixed, and no checksum.
fn is_key(word: &str) -> bool {
    let begins = [
        "AKIA",
        "ASIA",
        "ghp_",
        "github_pat_",
        "xox",
        "eyJ",
        "sk_live_",
        "glpat-",
    ];
    if begins.iter().any(|begin| word.starts_with(begin)) && word.len() >= 16 {
        return true;
    }
    let checksum =
        word.chars().all(|c| c.is_ascii_hexdigit()) && matches!(word.len(), 32 | 40 | 64);
    let plain = word
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '_' | '-'));
    let has = |test: fn(&char) -> bool| word.chars().any(|c| test(&c));
    let mixed =
        has(char::is_ascii_digit) && has(char::is_ascii_uppercase) && has(char::is_ascii_lowercase);
    word.len() >= 24 && plain && mixed && !checksum
}

/// A secret is not said again in full.
fn shown(secret: &str) -> String {
    let start: String = secret.chars().take(4).collect();
    format!("{start}…")
}

/// Abbreviations that nobody explains.
fn jargon(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for word in words_of(text) {
        let capital = word.chars().filter(char::is_ascii_uppercase).count();
        let letters = word.chars().all(|c| c.is_ascii_uppercase());
        let short = (2..=6).contains(&word.len()) && letters && capital >= 2;
        let explained = text.contains(&format!("({word})")) || text.contains(&format!("{word} ("));
        if short && !USUAL.contains(&word) && !explained && !found.iter().any(|one| one == word) {
            found.push(word.to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use procedure::project::Contact;

    use super::*;

    fn farm() -> Directory {
        let mut directory = Directory::default();
        let contact = Contact {
            name: "Spot the Dog".into(),
            mail: None,
            phone: None,
            routes: Vec::new(),
        };
        directory.people.insert("spot".into(), contact);
        directory
    }

    fn found(text: &str) -> Vec<(Kind, String)> {
        let found = text_of("known", text, &farm()).into_iter();
        found.map(|finding| (finding.kind, finding.words)).collect()
    }

    #[test]
    fn each_sort_of_word_is_found_and_its_like_is_not() {
        for (text, kind, words) in [
            ("Spot's kennel is open", Kind::Name, "Spot"),
            (
                "Write to hen@farm.example.",
                Kind::Personal,
                "hen@farm.example",
            ),
            ("Call +1 555 0100 at once", Kind::Personal, "+1 555 0100"),
            ("Her number is 078-05-1120", Kind::Personal, "078-05-1120"),
            ("The password is swordfish", Kind::Secret, "password"),
            ("Key AKIAIOSFODNN7EXAMPLE leaked", Kind::Secret, "AKIA…"),
            ("The root cause is the latch", Kind::Cause, "root cause"),
            ("It began two hours ago", Kind::Relative, "ago"),
            ("The WAF let it pass", Kind::Jargon, "WAF"),
            (
                "We take security seriously",
                Kind::Phrase,
                "security seriously",
            ),
        ] {
            assert_eq!(found(text), [(kind, words.to_owned())], "{text}");
        }
        for fine in [
            "The IC asks by 04:00 UTC, 2026-11-22 03:00",
            "The web application firewall (WAF) let it pass",
            "The password is not known, a dogma of Spotless",
            "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        ] {
            assert_eq!(found(fine), [], "{fine}");
        }
    }

    #[test]
    fn what_a_sitrep_lacks_is_found() {
        let kinds = |parts, has_next| -> Vec<Kind> {
            let said = Sitrep { parts, has_next };
            let found = sitrep(&said, &farm()).into_iter();
            found.map(|finding| finding.kind).collect()
        };
        let bare = [
            ("summary", "The run is open"),
            ("known", ""),
            ("doing", ""),
            ("need", ""),
            ("outside", ""),
        ];
        assert_eq!(kinds(bare, false), [Kind::Certainty, Kind::Ask, Kind::Next]);
        let whole = [
            ("summary", "The run is open"),
            ("known", "Confirmed: two are out"),
            ("doing", "We look"),
            ("need", "Nothing"),
            ("outside", ""),
        ];
        assert_eq!(kinds(whole, true), []);
    }
}
