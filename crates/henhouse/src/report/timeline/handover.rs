//! Command and roles as they pass from one to another: handed over, or taken.

use procedure::Body;
use procedure::chapters::commander::{Handover, HandoverAccepted, Post};

use super::command::post;
use super::{Teller, because, one_line};

pub(super) fn says(t: &Teller, body: &Body) -> Option<String> {
    let who = &t.who;
    Some(match body {
        Body::HandoverOffered(offered) => {
            let to = t.names.person(&offered.to);
            format!("{who} offered {to} {}.", part(offered.role))
        }
        Body::HandoverBriefed(briefed) => {
            let blocks = &t.playbook.command.handover.blocks;
            let titles = blocks
                .iter()
                .filter(|block| briefed.briefing.contains_key(&block.id));
            let titles: Vec<&str> = titles.map(|block| block.title.as_str()).collect();
            format!("{who} added to the briefing: {}.", titles.join(", "))
        }
        Body::HandoverReadBack(read) => {
            format!("{who} read the briefing back: \"{}\"", one_line(&read.text))
        }
        Body::HandoverAccepted(accepted) => self::accepted(t, accepted),
        Body::HandoverDeclined(declined) => {
            let what = what(t, declined.offer);
            format!(
                "{who} did not take {what}{}",
                because(declined.reason.as_ref())
            )
        }
        Body::HandoverWithdrawn(withdrawn) => {
            format!(
                "{who} keeps {}: the offer is withdrawn.",
                what(t, withdrawn.offer)
            )
        }
        Body::HandoverLapsed(lapsed) => format!(
            "{} did not answer in time; {} keeps {}.",
            t.names.person(&lapsed.to),
            t.names.person(&lapsed.from),
            what(t, lapsed.offer)
        ),
        Body::OverlapEnded(ended) => format!(
            "The hand-over is complete: {} is free now.",
            t.names.person(&ended.from)
        ),
        Body::TakeOverAsked(asked) => {
            let from = t.names.person(&asked.from);
            let reason = because(Some(&asked.reason));
            format!("{who} is about to take command from {from}{reason}")
        }
        Body::TookOver(took) => format!(
            "{who} took command from {} and is Incident Commander now.",
            t.names.person(&took.from)
        ),
        Body::TakeOverOffered(offered) => {
            let (ic, since) = (t.names.person(&offered.ic), t.times.at(offered.since));
            let whom = if offered.round > 1 {
                "Anybody on the team"
            } else {
                "Anybody in the response"
            };
            format!("{ic} has not reacted since {since}. {whom} may take command.")
        }
        _ => return None,
    })
}

fn accepted(t: &Teller, accepted: &HandoverAccepted) -> String {
    let (who, from) = (&t.who, t.names.person(&accepted.from));
    match accepted.role {
        Post::Responder => format!("{who} took over from {from}."),
        role => format!("{who} is {} now, after {from}.", post(role)),
    }
}

/// What was offered in that entry.
fn what(t: &Teller, offer: u64) -> &'static str {
    let mut handovers = t.case.part.commander.handovers.iter();
    let found: Option<&Handover> = handovers.find(|handover| handover.seq == offer);
    found.map_or("the role", |handover| part(handover.role))
}

/// What passes with a role.
pub(in crate::report) fn part(role: Post) -> &'static str {
    match role {
        Post::IncidentCommander => "command",
        Post::Communications => "the role of Communications Officer",
        Post::Responder => "their part in the response",
        Post::Deputy => "the role of deputy",
        Post::Assistant => "the role of assistant",
        Post::Scribe => "the role of scribe",
    }
}
