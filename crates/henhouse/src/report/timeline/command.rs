//! Who commands, who responds, who has which role.

use procedure::Body;
use procedure::chapters::commander::Post;

use super::{Teller, because, one_line};

pub(super) fn says(t: &Teller, body: &Body) -> Option<String> {
    Some(match body {
        Body::Acknowledged(ack) if ack.reporter => {
            format!("{} reported it and is Incident Commander.", t.who)
        }
        Body::Acknowledged(ack) if ack.take_over => {
            format!(
                "{} answered after a silence and is Incident Commander now.",
                t.who
            )
        }
        Body::Acknowledged(_) => format!("{} took it and is Incident Commander.", t.who),
        Body::WentSilent(silent) => format!(
            "{} has not been heard of since {}. Others are being called.",
            t.names.person(&silent.ic),
            t.times.at(silent.since)
        ),
        Body::StillHere(_) => format!("{} is still on it.", t.who),
        Body::Joined(_) => format!("{} joined the response.", t.who),
        Body::Left(_) => format!("{} left the response.", t.who),
        Body::RoleAssigned(assigned) => {
            let scope = assigned.scope.as_ref().map(one_line);
            let scope = scope.map(|scope| format!(" for \"{scope}\""));
            format!(
                "{} made {} {}{}.",
                t.who,
                t.names.person(&assigned.person),
                post(assigned.role),
                scope.unwrap_or_default()
            )
        }
        Body::RoleReleased(released) => format!(
            "{} is no longer {}.",
            t.names.person(&released.person),
            post(released.role)
        ),
        Body::StaysAlone(stays) => {
            format!("{} goes on alone{}", t.who, because(Some(&stays.reason)))
        }
        Body::IcWarned(warned) => {
            let ic = t.names.person(&warned.ic);
            let alone = if warned.alone {
                " Nobody else is in the response."
            } else {
                ""
            };
            format!(
                "{ic} commands and has a step to do as well; better somebody else does it.{alone}"
            )
        }
        _ => return None,
    })
}

/// A role as it stands after "is".
pub(in crate::report) fn post(post: Post) -> &'static str {
    match post {
        Post::IncidentCommander => "Incident Commander",
        Post::Communications => "Communications Officer",
        Post::Responder => "responder",
        Post::Deputy => "deputy",
        Post::Assistant => "assistant",
        Post::Scribe => "scribe",
    }
}
