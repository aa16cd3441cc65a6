//! Who commands, who responds.

use procedure::Body;

use super::Teller;

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
            "{} was not heard of since {}. Others are being called.",
            t.names.person(&silent.ic),
            t.times.at(silent.since)
        ),
        Body::Joined(_) => format!("{} joined the response.", t.who),
        Body::Left(_) => format!("{} left the response.", t.who),
        _ => return None,
    })
}
