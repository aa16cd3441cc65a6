//! Numbers and value names as people say them.

use crate::playbook::{
    Cadence, Channel, DisruptionPolicy, EvidenceKind, Response, RoleName, Roles, StepClass,
};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// `1 minute`, `45 minutes`, `3 hours`, `1 hour 30 minutes`.
pub(super) fn minutes(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => count(minutes, "minute"),
        (hours, 0) => count(hours, "hour"),
        (hours, minutes) => format!("{} {}", count(hours, "hour"), count(minutes, "minute")),
    }
}

/// `every hour`, `every 45 minutes`, `every day`: after an amount in words.
pub(super) fn every(amount: &str) -> String {
    let one = amount
        .strip_prefix("1 ")
        .filter(|thing| !thing.contains(' '));
    format!("every {}", one.unwrap_or(amount))
}

/// `1 day`, `5 days`.
pub(super) fn count(count: u32, thing: &str) -> String {
    if count == 1 {
        format!("1 {thing}")
    } else {
        format!("{count} {thing}s")
    }
}

pub(super) fn response(response: Response) -> &'static str {
    match response {
        Response::AroundTheClock => "around the clock",
        Response::BusinessHours => "in business hours",
    }
}

pub(super) fn consent(policy: DisruptionPolicy) -> &'static str {
    match policy {
        DisruptionPolicy::Free => "act, then tell",
        DisruptionPolicy::Consult => "ask the deciders, then act",
        DisruptionPolicy::Agree => "wait until all agree",
    }
}

pub(super) fn cadence(cadence: &Cadence) -> String {
    match cadence {
        Cadence::Every { minutes: each } => every(&minutes(*each)),
        Cadence::BusinessDay(slots) => {
            let places: Vec<String> = slots
                .percent_of_day
                .iter()
                .map(|percent| match percent {
                    0 => "at the opening".into(),
                    50 => "in the middle".into(),
                    100 => "at the end".into(),
                    percent => format!("after {percent} % of it"),
                })
                .collect();
            let closed = if slots.closed_days_move_to_opening {
                "; after closed days at the opening"
            } else {
                ""
            };
            format!("each business day {}{closed}", and(&places))
        }
    }
}

pub(super) fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Chat => "chat",
        Channel::Pager => "pager",
        Channel::ContactSheet => "contact sheet",
        Channel::DirectMessage => "direct message",
        Channel::Mail => "mail",
        Channel::Telephone => "telephone",
        Channel::Sms => "text message",
        Channel::Ticket => "ticket",
    }
}

pub(super) fn evidence(kind: EvidenceKind) -> &'static str {
    match kind {
        EvidenceKind::DatabaseDump => "database dump",
        EvidenceKind::DiskSnapshot => "disk snapshot",
        EvidenceKind::ScreenCapture => "screen capture",
        EvidenceKind::Log => "log",
        EvidenceKind::Memory => "memory",
        EvidenceKind::Mail => "mail",
        EvidenceKind::Configuration => "configuration",
        EvidenceKind::File => "file",
        EvidenceKind::Reference => "reference",
        EvidenceKind::Other => "other",
    }
}

pub(super) fn class(class: StepClass) -> &'static str {
    match class {
        StepClass::Immediate => "immediate",
        StepClass::Deferred => "may be deferred",
    }
}

/// The title of a role, or a plain word for a role that the playbook does not describe.
pub(super) fn role(roles: &Roles, role: RoleName) -> String {
    match roles.described.get(&role) {
        Some(described) => described.title.clone(),
        None => format!("{role:?}"),
    }
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn and<S: AsRef<str>>(words: &[S]) -> String {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    match words.as_slice() {
        [] => String::new(),
        [only] => (*only).into(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// A clause that begins a sentence.
pub(super) fn capital(words: &str) -> String {
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}
