//! Calls.

use procedure::Body;

use super::Teller;

pub(super) fn says(t: &Teller, body: &Body) -> Option<String> {
    Some(match body {
        Body::Called(called) => format!(
            "{} was called, number {} of {}, round {}.",
            t.names.person(&called.person),
            called.position,
            called.of,
            called.round
        ),
        Body::RoundEnded(ended) => format!(
            "Round {} of the contact sheet ended; nobody has answered.",
            ended.round
        ),
        Body::ReporterTold(told) => format!(
            "{} told whoever sent report {} in another way.",
            t.who, told.report
        ),
        Body::PassedOn(_) => format!("{} passed the call on.", t.who),
        _ => return None,
    })
}
