//! When something happened, as somebody claims it.

use alloc::string::{String, ToString};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A time in a sentence, to the minute: `Mon 23 Nov, 12:01 UTC`.
pub(crate) fn said(at: Timestamp) -> String {
    at.strftime("%a %-d %b, %H:%M UTC").to_string()
}

/// How sure the claimed time is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// Read from a log or a clock.
    #[default]
    Exact,
    /// Somebody's recollection.
    About,
    /// Only the day is known; the time is its first instant in the project's zone.
    Day,
    /// Only the month is known; the time is its first instant.
    Month,
    /// Only the year is known; the time is its first instant.
    Year,
}

/// A claimed time, RFC 3339, with its certainty. Distinct from when it was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct When {
    /// The instant, UTC.
    #[cfg_attr(feature = "schema", schemars(with = "alloc::string::String"))]
    pub at: Timestamp,
    /// How sure it is.
    #[serde(default)]
    pub certainty: Certainty,
}

impl When {
    /// A time that is certain.
    #[must_use]
    pub fn exact(at: Timestamp) -> Self {
        Self {
            at,
            certainty: Certainty::Exact,
        }
    }
}
