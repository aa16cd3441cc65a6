//! Spinning down, review, thanks, close, reopening.

use procedure::Body;
use procedure::Status;
use procedure::chapters::closeout::{Choice, FALSE_ALARM, NormalAgainRecorded, NormalCheck};

use super::{Teller, because, one_line, quoted};

pub(super) fn says(t: &Teller, body: &Body) -> Option<String> {
    let who = &t.who;
    Some(match body {
        Body::SpunDown(down) => {
            let reviewer = down
                .reviewer
                .as_ref()
                .map(|reviewer| t.names.person(reviewer));
            let reviewer = reviewer.map(|reviewer| format!(" {reviewer} reviews it."));
            let reason = because(down.reason.as_ref());
            format!(
                "{who} spun it down: Ready for QA{reason}{}",
                reviewer.unwrap_or_default()
            )
        }
        Body::NormalAgainRecorded(recorded) => normal_again(t, recorded),
        Body::QaAccepted(accepted) => {
            let alone = if accepted.one_person {
                " (one person, nobody else was there)"
            } else {
                ""
            };
            format!(
                "{who} reviewed and accepted it{alone}{}",
                because(accepted.reason.as_ref())
            )
        }
        Body::QaSentBack(back) => {
            let steps: Vec<String> = back.steps.iter().map(|step| t.step(step)).collect();
            let again = match steps.as_slice() {
                [] => String::new(),
                some => format!(" Open again: {}.", some.join(", ")),
            };
            format!(
                "{who} sent it back; the response goes on{}{again}",
                because(back.reason.as_ref())
            )
        }
        Body::Thanked(thanked) => {
            format!("{who} thanked everyone: \"{}\"", one_line(&thanked.text))
        }
        Body::Closed(closed) => format!("{who} closed it{}", quoted(closed.outcome.as_ref())),
        Body::Reopened(reopened) => {
            let (from, to) = (status_word(reopened.from), status_word(reopened.to));
            format!(
                "{who} reopened it, from {from} to {to}{}",
                because(reopened.reason.as_ref())
            )
        }
        Body::Settled(settled) if settled.what == FALSE_ALARM => {
            let why = because(settled.reason.as_ref());
            format!("{who} looked at it too, and it stays a false alarm{why}")
        }
        Body::Settled(settled) => {
            let done = match settled.choice {
                Choice::Lift => "lifted",
                Choice::Keep => "kept",
            };
            format!(
                "{who} {done} {}, still in force{}",
                settled.what,
                because(settled.reason.as_ref())
            )
        }
        _ => return None,
    })
}

fn normal_again(t: &Teller, recorded: &NormalAgainRecorded) -> String {
    let (who, reason) = (&t.who, because(recorded.reason.as_ref()));
    let how = quoted(recorded.how.as_ref());
    match (recorded.outcome, &recorded.tested_by) {
        (NormalCheck::Tested, Some(by)) => {
            format!(
                "{} tested that operation is normal again{how}",
                t.names.person(by)
            )
        }
        (NormalCheck::Tested, None) => format!("{who} tested that operation is normal again{how}"),
        (NormalCheck::NotApplicable, _) => {
            format!("{who} noted that there is nothing to test for normal operation{reason}")
        }
        (NormalCheck::Deferred, _) => {
            let due = recorded.due.map(|due| format!(" to {}", t.times.at(due)));
            format!(
                "{who} put the test of normal operation off{}{reason}",
                due.unwrap_or_default()
            )
        }
    }
}

/// The status as people read it.
pub(in crate::report) fn status_word(status: Status) -> &'static str {
    match status {
        Status::Investigating => "investigating",
        Status::Confirmed => "confirmed",
        Status::FalseAlarm => "false alarm",
        Status::ReadyForQa => "Ready for QA",
        Status::Closed => "closed",
    }
}
