//! Reports and milestones.

use procedure::Body;
use procedure::chapters::intake::{AlertNoted, AlertStep, Kind, Report, Route};
use procedure::chapters::milestones::{Milestone, MilestoneRecorded};
use procedure::project::{RouteTo, Routed};

use super::{Teller, because, one_line, quoted};
use crate::report::defang::defanged;
use crate::report::time;

pub(super) fn says(t: &Teller, body: &Body) -> Option<String> {
    let who = &t.who;
    Some(match body {
        Body::Reported(reported) => {
            let report = &reported.report;
            let words = said(report);
            format!(
                "{} reported it {}{words}",
                reporter(t, report),
                route_word(report.route)
            )
        }
        Body::MilestoneRecorded(recorded) => milestone(t, recorded),
        Body::ReportAdded(added) => {
            let report = &added.report;
            let words = said(report);
            format!(
                "{} reported it too, {}{words}",
                reporter(t, report),
                route_word(report.route)
            )
        }
        Body::DetailsAdded(added) => format!("{who} added: \"{}\"", one_line(&added.text)),
        Body::Disagreed(said) => format!("{who} does not agree: \"{}\"", one_line(&said.text)),
        Body::KindSet(set) => {
            format!(
                "{who} changed what it is from {} to {}.",
                kind_word(set.was),
                kind_word(set.kind)
            )
        }
        Body::TitleSet(set) => format!("{who} named it \"{}\".", one_line(&set.title)),
        Body::TagsSet(set) if set.tags.is_empty() => format!("{who} took all tags off."),
        Body::TagsSet(set) => {
            let tags: Vec<&str> = set.tags.iter().map(String::as_str).collect();
            format!("{who} tagged it: {}.", tags.join(", "))
        }
        Body::AlertNoted(noted) => alert(who, noted),
        Body::ColleaguesWarned(warned) => {
            let n = i64::try_from(warned.people.len()).unwrap_or(i64::MAX);
            let whom = time::count(n, "colleague");
            let words = defanged(&one_line(&warned.text));
            format!("{who} warned {whom} of a suspicious mail, by mail: \"{words}\"")
        }
        Body::MergedInto(merged) => {
            format!(
                "{who} made it part of another case{}",
                because(merged.reason.as_ref())
            )
        }
        Body::MergedFrom(merged) => {
            let n = i64::try_from(merged.reports.len()).unwrap_or(i64::MAX);
            format!(
                "{who} took in another case, with {}.",
                time::count(n, "report")
            )
        }
        _ => return None,
    })
}

/// A reporter who asked to stay unnamed does (R105).
/// What was said, under the short name that it was given.
fn said(report: &Report) -> String {
    match &report.title {
        Some(title) => format!("{}, \"{}\"", quoted(Some(title)), one_line(&report.text)),
        None => quoted(Some(&report.text)),
    }
}

fn reporter(t: &Teller, report: &Report) -> String {
    if report.hide_name {
        return "A reporter".to_owned();
    }
    t.who.clone()
}

/// What a sender says of an alert. That it is over there closes nothing here.
fn alert(who: &str, noted: &AlertNoted) -> String {
    let named = quoted(noted.title.as_ref());
    let said = noted.words.as_ref().or(noted.title.as_ref());
    let rule = noted
        .rule
        .as_ref()
        .map(|rule| format!(", by the alert rule {rule}"));
    let rule = format!("{}{}", rule.unwrap_or_default(), route(noted));
    let times = i64::try_from(noted.times).unwrap_or(i64::MAX);
    match noted.step {
        AlertStep::Opened => format!("{who} sent the alert that opened this{rule}{named}"),
        AlertStep::Joined => format!("{who} sent an alert of the same time{rule}{named}"),
        AlertStep::Grew => format!("{who} says that more joined the alert{}", quoted(said)),
        AlertStep::Acknowledged => {
            format!("{who} says that somebody took note of the alert there{named}")
        }
        AlertStep::Unacknowledged => {
            format!("{who} says that nobody takes note of the alert there any more{named}")
        }
        AlertStep::Noted => format!("{who} says more about the alert{}", quoted(said)),
        AlertStep::Over => format!(
            "{who} says that the alert is over there; it had been sent {}{named}",
            time::count(times, "time")
        ),
    }
}

/// By which route its event calls, and whom.
fn route(noted: &AlertNoted) -> String {
    let Some(Routed { route, to }) = &noted.routed else {
        return String::new();
    };
    let whom = match to {
        RouteTo::Usual => "which calls people as usual".to_owned(),
        RouteTo::Nobody => "which calls nobody".to_owned(),
        RouteTo::Policy(id) => format!("which calls by the policy {id}"),
        RouteTo::Schedule(id) => format!("which pages whoever is on call in {id}"),
    };
    format!(", by the route {route}, {whom}")
}

fn milestone(t: &Teller, recorded: &MilestoneRecorded) -> String {
    let word = milestone_word(recorded.milestone);
    let reason = because(recorded.reason.as_ref());
    match &recorded.when {
        Some(when) => format!(
            "{} noted that {word} {}{reason}",
            t.who,
            t.times.claimed(when)
        ),
        None => format!("{} noted that nobody knows when {word}{reason}", t.who),
    }
}

fn milestone_word(milestone: Milestone) -> &'static str {
    match milestone {
        Milestone::Started => "it began",
        Milestone::Aware => "somebody noticed it",
        Milestone::Reported => "it was reported",
        Milestone::Acknowledged => "somebody took it",
        Milestone::Confirmed => "it was confirmed",
        Milestone::Contained => "it was contained",
        Milestone::Resolved => "it was resolved",
    }
}

fn route_word(route: Route) -> &'static str {
    match route {
        Route::Form => "by the form",
        Route::Api => "by a program",
        Route::Cli => "on the command line",
        Route::Mail => "by mail",
        Route::Chat => "in the chat",
        Route::Told => "by word of mouth",
        Route::Alert => "as an alert",
    }
}

fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Unknown => "unknown",
        Kind::Security => "security",
        Kind::Operational => "operational",
    }
}
