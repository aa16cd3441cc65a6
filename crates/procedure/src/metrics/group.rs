//! By what cases may be counted and sorted. Never by who reported them (R105).

use alloc::format;

use serde::{Deserialize, Serialize};

use crate::case::Case;
use crate::decide::Refusal;
use crate::rule::Rule;
use crate::switch::on;

/// By what cases may be grouped and filtered, in metrics, lists and exports alike. There
/// is no reporter among these, and no person at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum GroupBy {
    /// The project.
    Project,
    /// Security, operational or unknown.
    Kind,
    /// The status.
    Status,
    /// The phase.
    Phase,
    /// The severity.
    Severity,
    /// By which way it was reported.
    Route,
    /// The month in which it was reported.
    Month,
    /// A tag.
    Tag,
    /// What is harmed.
    Property,
    /// What is affected.
    Asset,
    /// How it was discovered.
    Discovery,
}

/// Everything by which cases may be grouped, by name.
const NAMES: &[(&str, GroupBy)] = &[
    ("project", GroupBy::Project),
    ("kind", GroupBy::Kind),
    ("status", GroupBy::Status),
    ("phase", GroupBy::Phase),
    ("severity", GroupBy::Severity),
    ("route", GroupBy::Route),
    ("month", GroupBy::Month),
    ("tag", GroupBy::Tag),
    ("property", GroupBy::Property),
    ("asset", GroupBy::Asset),
    ("discovery", GroupBy::Discovery),
];

/// The way of grouping of that name. Pages, API and exports ask here and nowhere else.
///
/// # Errors
/// Refused by R105 for whatever would count people, and for everything unknown.
pub fn group_by(name: &str) -> Result<GroupBy, Refusal> {
    let found = NAMES.iter().find(|(known, _)| *known == name);
    match found {
        Some((_, group)) => Ok(*group),
        None if !on(Rule::R105) => Ok(GroupBy::Route),
        None => Err(Refusal::rule(
            Rule::R105,
            format!("Nothing is counted or sorted by {name}."),
            "Nobody is ever in trouble for a report: count by kind, route, severity or month.",
        )),
    }
}

/// Whether a case counts in metrics: drills do not (R124), nor what stands in shadow, and one that became part of
/// another is counted there.
#[must_use]
pub fn counts(case: &Case) -> bool {
    let drill = case.part.intake.drill && on(Rule::R124);
    !drill && !case.part.intake.shadow && !case.is_merged()
}
