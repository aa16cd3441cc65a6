//! Patterns of a project's alert rules and routes: looked at when they are set, and asked of each alert.

use procedure::project::{AlertFacts, AlertIs, AlertTest, ProjectCommand, ProjectState};

use super::take::LONGEST_WORDS;
use crate::desk::error::{DeskError, Result};
use crate::pattern::{Pattern, Patterns};

/// Refuses a command with a pattern that cannot be worked out.
///
/// # Errors
/// Which field it stands in, and what is wrong with it.
pub(in crate::desk) fn sound(command: &ProjectCommand) -> Result<()> {
    let bad = |field: String, test: &AlertTest| {
        let why = Pattern::new(&test.value).err()?;
        let sentence = format!("This pattern cannot be used: {why}.");
        Some(DeskError::BadInput { field, sentence })
    };
    let is_pattern = |test: &&AlertTest| test.is.is_pattern();
    let bad = match command {
        ProjectCommand::SetAlertRules { rules } => {
            rules.iter().enumerate().find_map(|(n, rule)| {
                let mut tests = rule.all.iter().filter(is_pattern);
                tests.find_map(|test| bad(format!("/rules/{n}"), test))
            })
        }
        ProjectCommand::SetAlertRoutes { routes, .. } => {
            routes.iter().enumerate().find_map(|(n, route)| {
                let mut tests = route.tests().filter(is_pattern);
                tests.find_map(|test| bad(format!("/routes/{n}"), test))
            })
        }
        _ => None,
    };
    bad.map_or(Ok(()), Err)
}

/// Which of the project's tests by patterns fit. Of what a field says, as much is looked at as is kept of an alert's words.
pub(super) fn fitting(
    patterns: &Patterns,
    state: &ProjectState,
    facts: &AlertFacts,
) -> Vec<AlertTest> {
    let rules = state.alert_rules.iter().flat_map(|rule| &rule.all);
    let routes = state.alert_routes.routes.iter();
    let tests = rules.chain(routes.flat_map(|route| route.tests()));
    let fits = |test: &&AlertTest| {
        let said = facts.fields.get(&test.field).map_or("", String::as_str);
        let said = said
            .get(..said.floor_char_boundary(LONGEST_WORDS))
            .unwrap_or(said);
        let pattern = patterns.get(&test.value);
        pattern.is_some_and(|pattern| match test.is {
            AlertIs::OneMatches => said.split(',').any(|one| pattern.fits(one.trim())),
            _ => pattern.fits(said),
        })
    };
    let tests = tests.filter(|test| test.is.is_pattern());
    tests.filter(fits).cloned().collect()
}
