//! Reports and milestones.

use procedure::Body;
use procedure::chapters::intake::Route;
use procedure::chapters::milestones::{Milestone, MilestoneRecorded};

use super::{Teller, because, quoted};

pub(super) fn says(t: &Teller, body: &Body) -> Option<String> {
    Some(match body {
        Body::Reported(reported) => {
            let report = &reported.report;
            let words = quoted(Some(report.title.as_ref().unwrap_or(&report.text)));
            format!("{} reported it {}{words}", t.who, route_word(report.route))
        }
        Body::MilestoneRecorded(recorded) => milestone(t, recorded),
        _ => return None,
    })
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
    }
}
