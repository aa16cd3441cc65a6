//! Disruptions: asked for, answered, begun, ended.

use procedure::Body;
use procedure::chapters::disruption::payload::{
    Answer, DeciderContacted, DisruptionRequested, Outcome, Route, Scope,
};

use super::{Teller, because, one_line, quoted};
use crate::report::time;

pub(super) fn says(t: &Teller, body: &Body) -> Option<String> {
    asked(t, body).or_else(|| done(t, body))
}

/// How it was asked for and answered.
fn asked(t: &Teller, body: &Body) -> Option<String> {
    let who = &t.who;
    Some(match body {
        Body::DisruptionRequested(asked) => requested(t, asked),
        Body::DeciderContacted(contacted) => self::contacted(t, contacted),
        Body::DisruptionAnswered(answered) => {
            let answer = match answered.answer {
                Answer::Yes => "yes",
                Answer::No => "no",
                Answer::Later => "that they will decide later",
            };
            let to = t.disruption(&answered.disruption);
            let reason = because(answered.reason.as_ref());
            format!("{who} said {answer} to {to}{reason}")
        }
        Body::TeamVoted(voted) => {
            let vote = if voted.agree {
                "agrees with"
            } else {
                "does not agree with"
            };
            let (to, reason) = (
                t.disruption(&voted.disruption),
                because(voted.reason.as_ref()),
            );
            format!("{who} {vote} {to}{reason}")
        }
        Body::DisruptionSettled(settled) => {
            let go = if settled.go {
                "goes ahead"
            } else {
                "does not go ahead"
            };
            let what = t.disruption(&settled.disruption);
            let reason = because(Some(&settled.reason));
            format!("{who} decided the split: {what} {go}{reason}")
        }
        _ => return None,
    })
}

/// How it went on.
fn done(t: &Teller, body: &Body) -> Option<String> {
    let who = &t.who;
    Some(match body {
        Body::DisruptionStarted(started) => {
            let rule = started
                .allowed_by
                .map(|rule| format!(" (allowed by {rule})"));
            let what = t.disruption(&started.disruption);
            let alone = if started.one_person {
                ", and nobody else of the team had said yes"
            } else {
                ""
            };
            let reason = because(started.reason.as_ref());
            format!(
                "{who} began {what}{}{alone}{reason}",
                rule.unwrap_or_default()
            )
        }
        Body::DisruptionEnded(ended) => {
            let (what, result) = (
                t.disruption(&ended.disruption),
                quoted(ended.result.as_ref()),
            );
            format!("{who} ended {what}{result}")
        }
        Body::DisruptionWithdrawn(withdrawn) => {
            let reason = because(Some(&withdrawn.reason));
            format!(
                "{who} withdrew {}{reason}",
                t.disruption(&withdrawn.disruption)
            )
        }
        Body::DisruptionNoticeSent(sent) => {
            let whom = if sent.outside {
                "the team and everyone on the project's lists"
            } else {
                "the team and everyone inside on the project's lists"
            };
            let words = one_line(&sent.text);
            format!(
                "{who} told {whom} about {}: \"{words}\"",
                t.disruption(&sent.disruption)
            )
        }
        _ => return None,
    })
}

fn requested(t: &Teller, asked: &DisruptionRequested) -> String {
    let scope = match asked.scope {
        Scope::Partial => "partial",
        Scope::Complete => "complete",
    };
    let long = asked.expected_minutes.map(|minutes| {
        format!(
            ", for about {}",
            time::span(jiff::SignedDuration::from_mins(i64::from(minutes)))
        )
    });
    let words = one_line(&asked.text);
    if asked.fact.is_some() {
        return format!(
            "Nobody had asked for disruption {} before: \"{words}\"",
            asked.disruption
        );
    }
    let (who, id) = (&t.who, &asked.disruption);
    format!(
        "{who} asked for disruption {id} ({scope}{}): \"{words}\"",
        long.unwrap_or_default()
    )
}

fn contacted(t: &Teller, contacted: &DeciderContacted) -> String {
    let (who, decider) = (&t.who, t.names.person(&contacted.decider));
    let route = match contacted.route {
        Route::Chat => "in the chat",
        Route::Mail => "by mail",
        Route::Phone => "by telephone",
    };
    let outcome = match contacted.outcome {
        Outcome::NoAnswer => "no answer",
        Outcome::Reached => "reached, no decision yet",
        Outcome::Agreed => "they agreed",
        Outcome::Declined => "they said no",
    };
    let reason = because(contacted.reason.as_ref());
    let to = t.disruption(&contacted.disruption);
    format!("{who} tried {decider} {route} about {to}: {outcome}{reason}")
}
