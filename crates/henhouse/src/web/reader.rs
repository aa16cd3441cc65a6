//! How somebody reads: in which language, in light or in dark, and where they are just now.
//!
//! Both wishes are cookies that hold nothing else, set by a form that needs no script. Without a wish the
//! browser's languages decide, and the system's light or dark.

use axum::http::{HeaderMap, Uri, header};

use super::form;
use super::words::{Language, Words};

/// The cookie of the language.
pub const LANGUAGE_COOKIE: &str = "henhouse_language";
/// The cookie of light or dark.
pub const THEME_COOKIE: &str = "henhouse_theme";

/// Light or dark, for whoever does not want it as the system has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// How somebody reads.
#[derive(Clone, Debug, Default)]
pub struct Reader {
    /// What is said to them, in their language.
    pub words: Words,
    /// Light or dark, if they chose.
    pub theme: Option<Theme>,
    /// Where they are, to come back to.
    pub here: String,
}

impl Theme {
    /// As it stands in the cookie and in the page.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of such a word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        let mut all = [Self::Light, Self::Dark].into_iter();
        all.find(|theme| theme.word() == word)
    }
}

impl Reader {
    /// What a request says of its reader.
    #[must_use]
    pub fn of(headers: &HeaderMap, uri: &Uri) -> Self {
        let wish = |name| form::cookie(headers, name);
        let accepts = headers.get(header::ACCEPT_LANGUAGE);
        let accepts = accepts.and_then(|value| value.to_str().ok());
        let language = wish(LANGUAGE_COOKIE)
            .and_then(Language::of_tag)
            .or_else(|| accepts.and_then(Language::accepted));
        let here = uri.path_and_query().map_or("/", |here| here.as_str());
        Self {
            words: Words::new(language.unwrap_or_default()),
            theme: wish(THEME_COOKIE).and_then(Theme::of_word),
            here: here.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wish_goes_before_the_browser_and_the_browser_before_nothing() {
        let reads = |pairs: &[(&'static str, &'static str)]| {
            let pairs = pairs.iter().map(|(name, value)| {
                let value = axum::http::HeaderValue::from_static(value);
                (axum::http::HeaderName::from_static(name), value)
            });
            let reader = Reader::of(&pairs.collect(), &Uri::from_static("/report/farm?a=b"));
            (reader.words.lang(), reader.theme, reader.here)
        };
        let here = || "/report/farm?a=b".to_owned();
        assert_eq!(reads(&[]), ("en", None, here()));
        assert_eq!(reads(&[("accept-language", "de-CH")]), ("de", None, here()));
        let wish = ("cookie", "henhouse_theme=dark; henhouse_language=en");
        let both = reads(&[("accept-language", "de"), wish]);
        assert_eq!(both, ("en", Some(Theme::Dark), here()));
        let none = ("cookie", "henhouse_theme=%22; henhouse_language=tlh");
        assert_eq!(reads(&[none]), ("en", None, here()));
    }
}
