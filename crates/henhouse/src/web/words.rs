//! What pages say, in the language of whoever reads: the texts lie in `words/<language>/<area>.ftl`
//! (Fluent), built into the program. Nothing here knows a page, and no page holds a sentence.
//!
//! A template says `{{ frame.w.say("frame-skip") }}`, or with a value `{{ frame.w.with("frame-minutes", "n", n) }}`
//! and further ones by `.and(name, value)`; a handler says the same with `call.words()`. Escaping stays askama's. What German does not have is said in English, text by text.
//! A text that is named in a table is marked with [`key`], so that the tests see it.

use std::borrow::Cow;
use std::fmt;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

pub use crate::report::Language;
use crate::report::Times;
use crate::report::time::nth;

#[cfg(test)]
mod tests;

/// The texts of one area: its name, and its files.
struct Area {
    name: &'static str,
    english: &'static str,
    german: Option<&'static str>,
}

macro_rules! area {
    ($name:literal) => {
        Area {
            name: $name,
            english: include_str!(concat!("../../words/en/", $name, ".ftl")),
            german: None,
        }
    };
    ($name:literal, german) => {
        Area {
            name: $name,
            english: include_str!(concat!("../../words/en/", $name, ".ftl")),
            german: Some(include_str!(concat!("../../words/de/", $name, ".ftl"))),
        }
    };
}

/// Every area. To add one: its file, and a line here.
const AREAS: &[Area] = &[
    area!("frame", german),
    area!("sign-in", german),
    area!("me", german),
    area!("report", german),
    area!("suspicious", german),
    area!("receipt", german),
    area!("ack", german),
    area!("problem", german),
    area!("case", german),
    area!("now", german),
    area!("lacks", german),
    area!("list", german),
    area!("review", german),
    area!("alike", german),
    area!("calendar", german),
    area!("acts", german),
    area!("assess", german),
    area!("sitrep", german),
    area!("disrupt", german),
    area!("handover", german),
    area!("people", german),
    area!("project", german),
    area!("playbook", german),
    area!("figures", german),
    area!("kept", german),
    area!("print", german),
    area!("retro", german),
    area!("status", german),
    area!("admin", german),
    area!("drill", german),
    area!("accessibility", german),
    area!("oncall", german),
];

type Bundle = FluentBundle<FluentResource>;

static ENGLISH: LazyLock<Bundle> = LazyLock::new(|| bundle(Language::English));
static GERMAN: LazyLock<Bundle> = LazyLock::new(|| bundle(Language::German));

impl Language {
    /// Every language, the one that is complete first.
    pub const ALL: [Self; 2] = [Self::English, Self::German];

    /// As `<html lang>` has it (BCP 47).
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// What its speakers call it.
    #[must_use]
    pub fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "Deutsch",
        }
    }

    /// The language of a tag, whatever country stands behind it: `de-AT` is German.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split('-').next()?;
        let mut all = Self::ALL.into_iter();
        all.find(|language| primary.eq_ignore_ascii_case(language.tag()))
    }

    /// The one that a browser likes best among ours, by its `Accept-Language` (RFC 9110, 12.5.4).
    #[must_use]
    pub fn accepted(header: &str) -> Option<Self> {
        let mut best: Option<(f32, Self)> = None;
        for wish in header.split(',').take(32) {
            let (tag, weight) = wish.split_once(';').unwrap_or((wish, ""));
            let weight = weight.trim().strip_prefix("q=");
            let weight = weight.map_or(1.0, |q| q.parse().unwrap_or(0.0));
            let Some(language) = Self::of_tag(tag).filter(|_| weight > 0.0) else {
                continue;
            };
            if best.is_none_or(|(so_far, _)| weight > so_far) {
                best = Some((weight, language));
            }
        }
        best.map(|(_, language)| language)
    }

    fn bundle(self) -> &'static Bundle {
        match self {
            Self::English => &ENGLISH,
            Self::German => &GERMAN,
        }
    }
}

/// Says texts in one language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Words {
    language: Language,
}

/// A text with values in it.
pub struct Said<'a> {
    words: Words,
    id: &'a str,
    values: FluentArgs<'a>,
}

/// A value in a text: words, or a number, after which plurals go.
pub struct Value<'a>(FluentValue<'a>);

/// Marks a text's name that stands in a table and is said later.
#[must_use]
pub const fn key(id: &'static str) -> &'static str {
    id
}

impl Words {
    /// In this language.
    #[must_use]
    pub fn new(language: Language) -> Self {
        Self { language }
    }

    /// The language.
    #[must_use]
    pub fn language(self) -> Language {
        self.language
    }

    /// As `<html lang>` has it.
    #[must_use]
    pub fn lang(self) -> &'static str {
        self.language.tag()
    }

    /// Whether this area is spoken in this language, so that its pages need not say that they are in
    /// English.
    #[must_use]
    pub fn speaks(self, area: &str) -> bool {
        let mut areas = AREAS.iter().filter(|one| one.name == area);
        self.language == Language::English || areas.any(|one| one.german.is_some())
    }

    /// A text without values. A name that is none is said as it is; a test finds it before.
    #[must_use]
    pub fn say(self, id: &str) -> Cow<'static, str> {
        self.format(id, None)
            .unwrap_or_else(|| Cow::Owned(id.to_owned()))
    }

    /// A text without values, if there is one of this name.
    #[must_use]
    pub fn find(self, id: &str) -> Option<Cow<'static, str>> {
        self.format(id, None)
    }

    /// A text with a value, and more of them with [`Said::and`].
    #[must_use]
    pub fn with<'a>(self, id: &'a str, name: &'a str, value: impl Into<Value<'a>>) -> Said<'a> {
        let (words, values) = (self, FluentArgs::new());
        Said { words, id, values }.and(name, value)
    }

    /// A length of time in its two largest units: `2 hours 41 minutes`.
    #[must_use]
    pub fn span(self, length: SignedDuration) -> String {
        self.spelled(length, false)
    }

    /// When something is that is so far from now: `in 10 minutes`, `21 minutes ago`.
    #[must_use]
    pub fn relative(self, away: SignedDuration) -> String {
        let span = || self.spelled(away, true);
        match away.as_secs() {
            -59..=59 => self.say("frame-just-now").into_owned(),
            60.. => self.with("frame-in", "span", span()).to_string(),
            _ => self.with("frame-ago", "span", span()).to_string(),
        }
    }

    /// Times in a zone as seen from now, with the days and months of this language. What says sentences in English
    /// takes [`Times::new`].
    #[must_use]
    pub fn times(self, zone: TimeZone, now: Timestamp) -> Times {
        Times::new(zone, now).in_words_of(self.language)
    }

    /// When that is, both ways: `03:22 UTC, in 10 minutes`.
    #[must_use]
    pub fn both(self, times: &Times, at: Timestamp) -> String {
        let away = at.duration_since(times.now());
        let own = times.clone().in_words_of(self.language);
        format!("{}, {}", own.at(at), self.relative(away))
    }

    /// The words of a length of time, by itself or as what something is `off` from now.
    fn spelled(self, length: SignedDuration, off: bool) -> String {
        let minutes = (length.abs().as_secs() + 30) / 60;
        let (days, hours, rest) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
        let days_said = (days > 0).then(|| match off {
            true => self.with("frame-days-off", "n", days),
            false => self.with("frame-days", "n", days),
        });
        let hours_said = (hours > 0).then(|| self.with("frame-hours", "n", hours));
        let rest = (rest > 0 && days == 0).then(|| self.with("frame-minutes", "n", rest));
        let said = [days_said, hours_said, rest].into_iter().flatten();
        let said: Vec<String> = said.map(String::from).collect();
        match said.is_empty() {
            true => self.say("frame-soon").into_owned(),
            false => said.join(" "),
        }
    }

    /// A place in a row as this language says it: `first`, and where words would have to agree with
    /// what is counted, `1`.
    #[must_use]
    pub fn nth(self, n: u32) -> String {
        match self.language {
            Language::English => nth(n),
            Language::German => n.to_string(),
        }
    }

    fn format(self, id: &str, values: Option<&FluentArgs<'_>>) -> Option<Cow<'static, str>> {
        let own = self.language.bundle();
        let (bundle, message) = match own.get_message(id) {
            Some(message) => (own, message),
            None => (&*ENGLISH, ENGLISH.get_message(id)?),
        };
        // What is wrong with a text is found by the tests; people read as much of it as there is.
        let mut wrong = Vec::new();
        Some(bundle.format_pattern(message.value()?, values, &mut wrong))
    }
}

impl<'a> Said<'a> {
    /// With one more value.
    #[must_use]
    pub fn and(mut self, name: &'a str, value: impl Into<Value<'a>>) -> Self {
        self.values.set(name, value.into().0);
        self
    }
}

impl fmt::Display for Said<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said = self.words.format(self.id, Some(&self.values));
        f.write_str(said.as_deref().unwrap_or(self.id))
    }
}

impl From<Said<'_>> for String {
    fn from(said: Said<'_>) -> Self {
        said.to_string()
    }
}

macro_rules! values {
    ($($from:ty),*) => {$(
        impl<'a> From<$from> for Value<'a> {
            fn from(value: $from) -> Self {
                Self(FluentValue::from(value))
            }
        }
    )*};
}

values!(
    String,
    Cow<'a, str>,
    &'a str,
    &'a String,
    usize,
    u64,
    u32,
    i64,
    i32,
    &'a usize,
    &'a u64,
    &'a u32,
    &'a i64
);

impl<'a> From<&'a &'a String> for Value<'a> {
    fn from(value: &'a &'a String) -> Self {
        Self(FluentValue::from(value.as_str()))
    }
}

impl<'a> From<&'a &'a str> for Value<'a> {
    fn from(value: &'a &'a str) -> Self {
        Self(FluentValue::from(*value))
    }
}

macro_rules! twice_lent {
    ($($from:ty),*) => {$(
        impl<'a> From<&'a &'a $from> for Value<'a> {
            fn from(value: &'a &'a $from) -> Self {
                Self(FluentValue::from(**value))
            }
        }
    )*};
}

// What a template lends of something that it was lent.
twice_lent!(usize, u64, u32, i64);

fn bundle(language: Language) -> Bundle {
    let tag = language.tag().parse().expect("a tag of ours is one");
    let mut bundle = Bundle::new_concurrent(vec![tag]);
    // The marks of direction would stand in titles and mails, and pages show such marks by their names.
    bundle.set_use_isolating(false);
    for area in AREAS {
        let text = match language {
            Language::English => Some(area.english),
            Language::German => area.german,
        };
        let Some(text) = text else { continue };
        // What can be read of a file counts; the tests read all of every file.
        let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(some, _)| some);
        bundle.add_resource_overriding(resource);
    }
    bundle
}
