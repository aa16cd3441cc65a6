//! What a project's edition says otherwise than its base: each value in words.

use super::amounts;
use super::page::Page;
use crate::playbook::{Difference, Overridden, Setting};
use alloc::format;
use alloc::string::{String, ToString};

pub(super) fn write(overridden: &Overridden, reason: Option<&str>, page: &mut Page) {
    page.section("What this project does differently");
    page.paragraph(&format!(
        "It follows `{}`, edition {}, but for what stands here. {}",
        overridden.base,
        overridden.base_edition,
        reason.unwrap_or_default()
    ));
    page.list(overridden.differences.iter().map(line));
}

/// `alarm.ack_limit_minutes`: this project: 20 minutes instead of 30 minutes.
fn line(difference: &Difference) -> String {
    let Difference { place, was, now } = difference;
    let now = words(place, now);
    match was {
        Some(was) => format!(
            "`{place}`: this project: {now} instead of {}.",
            words(place, was)
        ),
        None => format!("`{place}`: this project: {now}; the base says nothing."),
    }
}

fn words(place: &str, setting: &Setting) -> String {
    match setting {
        Setting::Flag(true) => "yes".to_string(),
        Setting::Flag(false) => "no".to_string(),
        Setting::Number(number) => amount(place, *number),
        Setting::Text(text) => format!("\u{201c}{text}\u{201d}"),
        Setting::List(list) => match list.len() {
            0 => "an empty list".to_string(),
            1 => format!("a list of one ({})", words("", &list[0])),
            n => format!("a list of {n}"),
        },
        Setting::Table(_) => "other values".to_string(),
    }
}

/// A number with the unit that its name ends with.
fn amount(place: &str, number: i64) -> String {
    let name = place.rsplit(['.', '_']).next().unwrap_or_default();
    match (name, u32::try_from(number)) {
        ("minutes", Ok(minutes)) => amounts::minutes(minutes),
        ("hours", Ok(hours)) => amounts::count(hours, "hour"),
        ("days", Ok(days)) => amounts::count(days, "day"),
        ("percent", Ok(percent)) => format!("{percent} percent"),
        _ => number.to_string(),
    }
}
