//! The languages that pages speak, and what each calls days and months. What leaves by mail, what the journal holds and
//! what the engine says stays English: `docs/decisions/words-in-more-than-one-language.md`.

use jiff::Zoned;
use jiff::civil::{Date, DateTime};

/// A language that pages speak.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// Complete; what others lack is said in it.
    #[default]
    English,
    /// German.
    German,
}

/// How German names the days of the week, from Monday on, and the months: short, and in full.
const TAGE: [&str; 7] = ["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"];
const MONATE: [(&str, &str); 12] = [
    ("Jan", "Januar"),
    ("Feb", "Februar"),
    ("März", "März"),
    ("Apr", "April"),
    ("Mai", "Mai"),
    ("Juni", "Juni"),
    ("Juli", "Juli"),
    ("Aug", "August"),
    ("Sep", "September"),
    ("Okt", "Oktober"),
    ("Nov", "November"),
    ("Dez", "Dezember"),
];
/// What German calls the zones of Europe; every other one goes by its own abbreviation.
const ZONEN: [(&str, &str); 6] = [
    ("CET", "MEZ"),
    ("CEST", "MESZ"),
    ("WET", "WEZ"),
    ("WEST", "WESZ"),
    ("EET", "OEZ"),
    ("EEST", "OESZ"),
];

impl Language {
    /// A time in a form of `strftime`, in which `%a` is the day's name, `%-d` its number in the month, `%b` and `%B`
    /// the month, short and in full.
    pub(super) fn told(self, at: &Zoned, form: &str) -> String {
        match self {
            Self::English => at.strftime(form).to_string(),
            Self::German => at.strftime(&german(at, form)).to_string(),
        }
    }

    /// A day and an hour as people type them: `2026-11-22 03:00`, `22.11.2026 03:00`.
    #[must_use]
    pub fn typed(self, at: DateTime) -> String {
        format!("{} {}", self.typed_day(at.date()), at.strftime("%H:%M"))
    }

    /// A day as people type it: `2026-11-22`, `22.11.2026`.
    #[must_use]
    pub fn typed_day(self, day: Date) -> String {
        let [day, ..] = self.typed_parts(day);
        day
    }

    /// A day, its month and its year as people type them.
    #[must_use]
    pub fn typed_parts(self, day: Date) -> [String; 3] {
        let forms = match self {
            Self::English => ["%Y-%m-%d", "%Y-%m", "%Y"],
            Self::German => ["%d.%m.%Y", "%m.%Y", "%Y"],
        };
        forms.map(|form| day.strftime(form).to_string())
    }

    /// What stands before a time that is only about right.
    pub(super) fn about(self) -> &'static str {
        match self {
            Self::English => "about",
            Self::German => "etwa",
        }
    }

    /// How a day, a month and a year stand in a sentence, as forms of [`Language::told`].
    pub(super) fn in_a_sentence(self) -> [&'static str; 3] {
        match self {
            Self::English => ["on %-d %B %Y", "in %B %Y", "in %Y"],
            Self::German => ["am %-d %B %Y", "im %B %Y", "im Jahr %Y"],
        }
    }
}

/// The same form with German names in it, the dot behind the number of the day, and no comma before the hour: a sentence
/// that goes on behind a time has its own.
fn german(at: &Zoned, form: &str) -> String {
    let of = |n: i8| usize::try_from(n).unwrap_or_default();
    let day = TAGE.get(of(at.weekday().to_monday_zero_offset()));
    let month = MONATE.get(of(at.month() - 1));
    let (short, full) = month.copied().unwrap_or_default();
    let zone = at.time_zone().to_offset_info(at.timestamp());
    let mut zones = ZONEN.iter();
    let zone = zones.find(|(own, _)| *own == zone.abbreviation());
    let zone = zone.map_or("%Z", |(_, zone)| *zone);
    form.replace(", %H", " um %H")
        .replace("%a", day.copied().unwrap_or_default())
        .replace("%-d", "%-d.")
        .replace("%b", short)
        .replace("%B", full)
        .replace("%Z", zone)
}
