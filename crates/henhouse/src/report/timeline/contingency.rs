//! Outages and recovery, and what customers are told.

use procedure::Body;

use super::{Teller, because, one_line, quoted};
use crate::report::people::list;

pub(super) fn says(t: &Teller, body: &Body) -> Option<String> {
    recovery(t, body).or_else(|| customers(t, body))
}

fn recovery(t: &Teller, body: &Body) -> Option<String> {
    let who = &t.who;
    Some(match body {
        Body::OutageBegan(outage) => {
            let of = match t.names.assets(&outage.assets) {
                none if none.is_empty() => String::new(),
                some => format!(" of {some}"),
            };
            format!(
                "{who} noted an outage{of}; it began {}.",
                t.times.claimed(&outage.began)
            )
        }
        Body::OutageEnded(outage) => {
            format!(
                "{who} noted that the outage ended {}.",
                t.times.claimed(&outage.ended)
            )
        }
        Body::OutageCounted(counted) => format!(
            "The outage has lasted so long that it counts as a disruption since {}.",
            t.times.at(counted.due_at)
        ),
        Body::ContingencyActivated(activated) => {
            format!(
                "{who} activated the contingency plan{}",
                because(Some(&activated.reason))
            )
        }
        Body::RecoveryTested(tested) => {
            let found = if tested.passed {
                "works again"
            } else {
                "does not work yet"
            };
            format!(
                "{who} tested operation; it {found}: \"{}\"",
                one_line(&tested.how)
            )
        }
        Body::RecoveryDeclared(declared) => {
            format!(
                "{who} declared the recovery complete{}",
                quoted(declared.note.as_ref())
            )
        }
        Body::PostmortemPlanned(planned) => {
            format!(
                "{who} planned the postmortem for {}.",
                t.times.dated(planned.at)
            )
        }
        _ => return None,
    })
}

fn customers(t: &Teller, body: &Body) -> Option<String> {
    let who = &t.who;
    Some(match body {
        Body::CustomerNoticeDecided(decided) => {
            let told = if decided.notify {
                "are told"
            } else {
                "are not told"
            };
            format!(
                "{who} decided that customers {told}{}",
                because(Some(&decided.reason))
            )
        }
        Body::CustomerNoticeDrafted(drafted) => {
            let to: Vec<String> = drafted
                .to
                .iter()
                .map(|id| t.names.stakeholder(id))
                .collect();
            let (to, words) = (list(&to), one_line(&drafted.text));
            format!(
                "{who} drafted notice {} to {to}: \"{words}\"",
                drafted.notice
            )
        }
        Body::CustomerNoticeApproved(approved) => {
            format!("{who} approved notice {}.", approved.notice)
        }
        Body::CustomerNoticeDeclined(declined) => {
            let reason = because(Some(&declined.reason));
            format!(
                "{who} turned down customer notice {}{reason}",
                declined.notice
            )
        }
        Body::CustomerNoticeSent(sent) => {
            let second = sent.second.as_ref().map(|second| t.names.person(second));
            let second = second.map(|second| format!(" together with {second}, without approval"));
            format!(
                "{who} sent notice {}{}.",
                sent.notice,
                second.unwrap_or_default()
            )
        }
        _ => return None,
    })
}
