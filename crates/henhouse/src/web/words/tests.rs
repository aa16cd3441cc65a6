//! Every text is there, is used, and takes the same values in every language.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::*;

type Names = BTreeSet<String>;

/// The texts of a file, each with the values that it takes; and every problem with it.
fn texts(file: &str) -> BTreeMap<String, Names> {
    let mut all: BTreeMap<String, Names> = BTreeMap::new();
    let mut last = String::new();
    for line in file.lines() {
        let begins = line.starts_with(|c: char| c.is_ascii_lowercase());
        if let Some((id, _)) = line.split_once('=').filter(|_| begins) {
            last = id.trim().to_owned();
            let twice = all.insert(last.clone(), Names::new());
            assert!(twice.is_none(), "{last} stands twice");
        }
        for (at, _) in line.match_indices('$').filter(|_| !line.starts_with('#')) {
            let name: String = line[at + 1..]
                .chars()
                .take_while(|c| is_of_a_name(*c))
                .collect();
            all.get_mut(&last).unwrap().insert(name);
        }
    }
    all
}

fn is_of_a_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}

fn english() -> BTreeMap<String, Names> {
    AREAS.iter().flat_map(|area| texts(area.english)).collect()
}

/// Everything that may say a text: templates, and sources without this file.
fn sources() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut found, mut folders) = (
        Vec::new(),
        vec![root.join("templates"), root.join("src/web")],
    );
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.ends_with("words/tests.rs") {
                found.push((path.clone(), fs::read_to_string(path).unwrap()));
            }
        }
    }
    found
}

/// Each place where a text is said by its name: the name, and the values that are given.
fn said(source: &str) -> Vec<(String, Names)> {
    let calls = [".say(", ".with(", "key("];
    let starts = calls.iter().flat_map(|call| {
        let places = source.match_indices(call);
        places.map(|(at, call)| (at + call.len(), call == ".with("))
    });
    let mut all = Vec::new();
    for (at, takes) in starts {
        let Some((id, rest)) = quoted(&source[at..]).filter(|(id, _)| is_key(id)) else {
            continue;
        };
        let mut values = Names::new();
        if let Some((name, _)) = quoted(rest.trim_start_matches([',', ' ', '\n'])).filter(|_| takes)
        {
            values.insert(name.to_owned());
            let mut rest = behind(&source[at..]);
            while let Some(next) = rest.trim_start().strip_prefix(".and(") {
                values.insert(quoted(next).unwrap().0.to_owned());
                rest = behind(next);
            }
        }
        all.push((id.to_owned(), values));
    }
    all
}

/// What stands in the quotes that begin a text, and what follows them.
fn quoted(text: &str) -> Option<(&str, &str)> {
    text.trim_start().strip_prefix('"')?.split_once('"')
}

/// What follows the parenthesis that closes the one before `text`.
fn behind(text: &str) -> &str {
    let mut depth = 1;
    let mut quotes = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' => quotes = !quotes,
            '(' if !quotes => depth += 1,
            ')' if !quotes => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &text[at + 1..];
        }
    }
    ""
}

fn is_key(id: &str) -> bool {
    AREAS.iter().any(|area| {
        id.strip_prefix(area.name)
            .is_some_and(|rest| rest.starts_with('-'))
    })
}

#[test]
fn every_text_that_is_said_is_there_with_its_values_and_none_is_left_over() {
    let (there, mut used) = (english(), Names::new());
    for (path, source) in sources() {
        for (id, values) in said(&source) {
            let takes = there
                .get(&id)
                .unwrap_or_else(|| panic!("{}: there is no {id}", path.display()));
            assert_eq!(*takes, values, "{}: the values of {id}", path.display());
            used.insert(id);
        }
    }
    // Acts are named after the engine's commands and fields.
    used.extend(crate::web::pages::keys_of_acts());
    let left: Vec<_> = there.keys().filter(|id| !used.contains(*id)).collect();
    assert!(left.is_empty(), "nothing says {left:?}");
}

#[test]
fn every_language_says_what_english_says_with_the_same_values() {
    for area in AREAS {
        let english = texts(area.english);
        assert!(
            english.keys().all(|id| is_key(id)),
            "{} has a name of another area",
            area.name
        );
        for (id, values) in area.german.map(texts).unwrap_or_default() {
            assert_eq!(english.get(&id), Some(&values), "{id} in German");
        }
    }
}

/// Where a file is there at all it is complete: half a page in another language is worse than none.
#[test]
fn a_translated_area_is_translated_whole() {
    for area in AREAS.iter().filter(|area| area.german.is_some()) {
        let german = area.german.map(texts).unwrap_or_default();
        let lacks: Vec<_> = texts(area.english)
            .into_keys()
            .filter(|id| !german.contains_key(id))
            .collect();
        assert!(lacks.is_empty(), "German lacks {lacks:?}");
    }
}

#[test]
fn every_text_can_be_said() {
    for area in AREAS {
        for (language, text) in [
            (Language::English, Some(area.english)),
            (Language::German, area.german),
        ] {
            let Some(text) = text else { continue };
            let read = FluentResource::try_new(text.to_owned());
            assert!(
                read.is_ok(),
                "{}: {:?}",
                area.name,
                read.err().map(|(_, wrong)| wrong)
            );
            for (id, values) in texts(text) {
                for n in [0, 1, 2, 5] {
                    let mut given = FluentArgs::new();
                    values.iter().for_each(|name| given.set(name.as_str(), n));
                    let mut wrong = Vec::new();
                    let bundle = language.bundle();
                    let message = bundle.get_message(&id).unwrap();
                    let said =
                        bundle.format_pattern(message.value().unwrap(), Some(&given), &mut wrong);
                    assert!(
                        wrong.is_empty() && !said.trim().is_empty(),
                        "{id}: {wrong:?}"
                    );
                }
            }
        }
    }
}

/// German words that are not said, because another was chosen for the same thing. One word, one meaning: whoever was
/// woken a minute ago must not wonder whether two words are two things.
const NOT_SAID: &[(&str, &str)] = &[
    ("Befehlszeile", "Kommandozeile"),
    ("Durchgang", "Runde"),
    ("Einsatzleitung", "Incident Commander"),
    ("Einsatzprotokoll", "Protokoll"),
    ("Haus", "Organisation"),
    ("Isolierung", "Abtrennung"),
    ("Login", "Anmeldename"),
    ("Mail", "E\u{2011}Mail"),
    ("Mailadresse", "E\u{2011}Mail-Adresse"),
    ("Mails", "E\u{2011}Mails"),
    ("Öffnungszeiten", "Geschäftszeiten"),
    ("Pager", "Weckdienst"),
    ("Probe", "Probenachricht"),
    ("Regelung", "Rufordnung"),
    ("Reihe", "Turnus"),
    ("Reihen", "Turnusse"),
    ("Rückblick", "Nachbetrachtung"),
    ("Rückschau", "Nachbetrachtung"),
    ("schutzbedürftige", "sensible"),
    ("Schutzbedürftige", "Sensible"),
    ("Stakeholder", "Informierte"),
    ("Telefonkonferenz", "Besprechung"),
    ("Tokens", "Token"),
    ("angehakte", "angekreuzte"),
    ("Angehakte", "Angekreuzte"),
    ("dein", "Ihr"),
    ("deine", "Ihre"),
    ("dich", "Sie"),
    ("dir", "Ihnen"),
    ("du", "Sie"),
    ("gesandt", "gesendet"),
    ("geschädigt", "betroffen"),
    ("geschickt", "gesendet"),
];

#[test]
fn german_says_one_thing_by_one_word_and_says_sie() {
    for area in AREAS {
        for (line, words) in said_in_german(area) {
            for word in words.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '\u{2011}') {
                let refused = NOT_SAID.iter().find(|(not, _)| *not == word);
                assert!(refused.is_none(), "{line}: {refused:?}");
            }
        }
    }
}

/// What programs read is exempt: a line of TOML, a time as RFC 3339 has it, and what stands in braces: words that people
/// type again or that go into a case, with the hyphen of every keyboard.
#[test]
fn german_quotes_and_dates_as_german_does() {
    for area in AREAS {
        for (line, words) in said_in_german(area) {
            let code = line.starts_with("playbook-toml-hint");
            assert!(code || !words.contains('"'), "„…“ instead: {line}");
            assert!(!words.contains('\u{201d}'), "„…“ instead: {line}");
            assert!(
                !words.contains("E-Mail"),
                "no line breaks E\u{2011}Mail: {line}"
            );
            let dates = words
                .match_indices("20")
                .map(|(at, _)| &words.as_bytes()[at..]);
            let iso = dates.filter(|date| date.get(4) == Some(&b'-') && date.get(7) == Some(&b'-'));
            for date in iso {
                assert_eq!(date.get(10), Some(&b'T'), "23.11.2026 instead: {line}");
            }
        }
    }
}

/// Each line of an area that is said in German, and its words without what stands in braces.
fn said_in_german(area: &Area) -> impl Iterator<Item = (&'static str, String)> {
    let lines = area.german.unwrap_or_default().lines();
    lines.filter(|line| !line.starts_with('#')).map(|line| {
        let begins = line.starts_with(|c: char| c.is_ascii_lowercase() || c == '-');
        let words = match line.split_once('=').filter(|_| begins) {
            Some((_, words)) => words,
            None => line,
        };
        let parts = words.split('{').enumerate().map(|(n, part)| match n {
            0 => part,
            _ => part.split_once('}').map_or("", |(_, rest)| rest),
        });
        (line, parts.collect())
    })
}

#[test]
fn whoever_likes_german_best_reads_german() {
    for (header, language) in [
        ("de-AT,de;q=0.9,en;q=0.8", Some(Language::German)),
        ("fr, en-GB;q=0.7, de;q=0.3", Some(Language::English)),
        ("en;q=0, de;q=0.1", Some(Language::German)),
        ("fr, *;q=0.5", None),
        ("", None),
    ] {
        assert_eq!(Language::accepted(header), language, "{header}");
    }
}

#[test]
fn a_text_takes_words_and_numbers_and_one_that_is_missing_is_said_by_its_name() {
    let german = Words::new(Language::German);
    assert_eq!(german.say("frame-sign-in"), "Anmelden");
    assert_eq!(
        german.say("frame-nothing-of-this-name"),
        "frame-nothing-of-this-name"
    );
    let minutes = |words: Words, n: i64| words.with("frame-minutes", "n", n).to_string();
    assert_eq!(minutes(Words::default(), 1), "1 minute");
    assert_eq!(
        (minutes(german, 1), minutes(german, 5)),
        ("1 Minute".into(), "5 Minuten".into())
    );
    let long = SignedDuration::from_mins(3 * 1440 + 121);
    assert_eq!(german.span(long), "3 Tage 2 Stunden");
    assert_eq!(
        Words::default().span(SignedDuration::from_mins(161)),
        "2 hours 41 minutes"
    );
    assert_eq!(german.span(SignedDuration::ZERO), "weniger als eine Minute");
}
