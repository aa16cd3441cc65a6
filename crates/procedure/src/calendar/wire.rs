//! The stored shape of a calendar: the zone's rules as hexadecimal digits.

use super::{Calendar, CalendarError, Day, Hours};
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CalendarWire {
    zone: String,
    zone_rules: String,
    business_hours: BTreeMap<Day, Vec<Hours>>,
    #[serde(default)]
    holidays: BTreeSet<Date>,
}

impl TryFrom<CalendarWire> for Calendar {
    type Error = CalendarError;

    fn try_from(wire: CalendarWire) -> Result<Self, CalendarError> {
        let rules = from_hex(&wire.zone_rules)
            .ok_or_else(|| CalendarError::ZoneRules("not hexadecimal digits".into()))?;
        Calendar::new(&wire.zone, rules, wire.business_hours, wire.holidays)
    }
}

impl From<Calendar> for CalendarWire {
    fn from(calendar: Calendar) -> Self {
        Self {
            zone: calendar.zone,
            zone_rules: to_hex(&calendar.zone_rules),
            business_hours: calendar.business_hours,
            holidays: calendar.holidays,
        }
    }
}

pub(super) fn to_hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
    ];
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| DIGITS[usize::from(digit)])
        .collect()
}

pub(super) fn from_hex(digits: &str) -> Option<Vec<u8>> {
    let values: Vec<u8> = digits
        .chars()
        .map(|digit| digit.to_digit(16).map(|value| value as u8))
        .collect::<Option<_>>()?;
    values.len().is_multiple_of(2).then(|| {
        values
            .chunks(2)
            .map(|pair| pair[0] << 4 | pair[1])
            .collect()
    })
}
