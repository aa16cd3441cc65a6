//! The languages that pages speak, and what each calls days and months. What leaves by mail, what the journal holds and
//! what the engine says stays English: `docs/decisions/words-in-more-than-one-language.md`.

use jiff::Zoned;

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

impl Language {
    /// A time in a form of `strftime`, in which `%a` is the day's name, `%-d` its number in the month, `%b` and `%B`
    /// the month, short and in full.
    pub(super) fn told(self, at: &Zoned, form: &str) -> String {
        match self {
            Self::English => at.strftime(form).to_string(),
            Self::German => at.strftime(&german(at, form)).to_string(),
        }
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

/// The same form with German names in it, and the dot behind the number of the day.
fn german(at: &Zoned, form: &str) -> String {
    let of = |n: i8| usize::try_from(n).unwrap_or_default();
    let day = TAGE.get(of(at.weekday().to_monday_zero_offset()));
    let month = MONATE.get(of(at.month() - 1));
    let (short, full) = month.copied().unwrap_or_default();
    form.replace("%a", day.copied().unwrap_or_default())
        .replace("%-d", "%-d.")
        .replace("%b", short)
        .replace("%B", full)
}
