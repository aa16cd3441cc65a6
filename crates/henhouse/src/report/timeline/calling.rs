//! Calls.

use procedure::chapters::calling::{CalledIn, Undelivered};
use procedure::playbook::Channel;
use procedure::{Body, Recipient};

use super::{Teller, because, one_line};
use crate::report::time::nth;

pub(super) fn says(t: &Teller, body: &Body) -> Option<String> {
    Some(match body {
        Body::Called(called) => {
            let (person, place) = (t.names.person(&called.person), nth(called.position));
            let again = match called.round {
                0 | 1 => String::new(),
                round => format!(", for the {} time", nth(round)),
            };
            let by = match called.step {
                Some(_) => "in this step of the project's own escalation policy",
                None => "on the contact sheet",
            };
            format!(
                "{person} was called{again}: the {place} of {} {by}.",
                called.of
            )
        }
        Body::RoundEnded(ended) => format!(
            "Round {} of the contact sheet ended; nobody has answered.",
            ended.round
        ),
        Body::PassedOn(_) => format!("{} passed the call on.", t.who),
        Body::CalledIn(called) => called_in(t, called),
        Body::CallInAnswered(answer) if answer.accept => format!("{} comes and helps.", t.who),
        Body::CallInAnswered(answer) => {
            format!("{} cannot come{}", t.who, because(answer.reason.as_ref()))
        }
        Body::ReporterTold(told) => {
            let to = t.names.recipient(&Recipient::Reporter(told.report));
            format!("{} told {to}{}.", t.who, by(Some(told.route)))
        }
        Body::Undelivered(undelivered) => self::undelivered(t, undelivered),
        _ => return None,
    })
}

fn called_in(t: &Teller, called: &CalledIn) -> String {
    let person = t.names.person(&called.person);
    let asked = called.message.as_ref().map(one_line);
    let asked = asked.map_or_else(|| ".".to_owned(), |words| format!(": \"{words}\""));
    let needs: Vec<&str> = called.needs.iter().map(String::as_str).collect();
    let mut said = format!("{} asked {person} to come and help{asked}", t.who);
    if !needs.is_empty() {
        said.push_str(&format!(" Needed: {}.", needs.join(", ")));
    }
    if !called.lacking.is_empty() {
        said.push_str(&format!(" Still missing: {}.", called.lacking.join(", ")));
    }
    said
}

fn undelivered(t: &Teller, undelivered: &Undelivered) -> String {
    let to = t.names.recipient(&undelivered.to);
    let by = by(undelivered.route);
    let next = if undelivered.more_routes {
        "Another way is being tried."
    } else {
        "No other way is left."
    };
    format!("No message reached {to}{by}. {next}")
}

/// By which way, after a verb.
fn by(route: Option<Channel>) -> &'static str {
    match route {
        Some(Channel::Mail) => " by mail",
        Some(Channel::Sms) => " by SMS",
        Some(Channel::Telephone) => " by telephone",
        Some(Channel::Chat) => " in the chat",
        Some(Channel::DirectMessage) => " by direct message",
        _ => "",
    }
}
