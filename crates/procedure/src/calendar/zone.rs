//! The rules of a time zone, kept as bytes: what a schedule of another zone than the project's needs.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::CalendarError;
use super::wire::{from_hex, to_hex};

/// The rules of a time zone. As JSON they are the digits of their TZif bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone {
    bytes: Vec<u8>,
    rules: TimeZone,
}

impl Zone {
    /// The rules in these TZif bytes.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn new(bytes: Vec<u8>) -> Result<Self, CalendarError> {
        let rules = TimeZone::tzif("", &bytes)
            .map_err(|error| CalendarError::ZoneRules(format!("{error}")))?;
        Ok(Self { bytes, rules })
    }

    /// The rules.
    #[must_use]
    pub const fn rules(&self) -> &TimeZone {
        &self.rules
    }

    /// The local time of an instant.
    #[must_use]
    pub fn local(&self, at: Timestamp) -> DateTime {
        self.rules.to_datetime(at)
    }

    /// The instant of a local time: of one that comes twice the first, of one that is skipped the jump.
    #[must_use]
    pub fn instant(&self, local: DateTime) -> Option<Timestamp> {
        super::instant_in(&self.rules, local)
    }
}

impl TryFrom<String> for Zone {
    type Error = CalendarError;

    fn try_from(digits: String) -> Result<Self, CalendarError> {
        let bytes = from_hex(&digits)
            .ok_or_else(|| CalendarError::ZoneRules("not hexadecimal digits".into()))?;
        Self::new(bytes)
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        to_hex(&zone.bytes)
    }
}
