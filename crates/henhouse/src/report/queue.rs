//! How it stands with a queue that is asked for alerts: for the probes, the figures, `/admin/health` and the mail to the
//! admins.

use jiff::{SignedDuration, Timestamp};

use super::Words;
use super::time::span;
use super::trouble::to_health;

/// A queue that does not answer and answers again within this is nobody's business.
const MATTERS: SignedDuration = SignedDuration::from_secs(60);

/// How it stands with one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueueReach {
    /// Its name in the settings.
    pub name: String,
    /// How many messages this process took off it.
    pub taken: u64,
    /// When it last answered, and everything it gave was kept.
    pub last_success: Option<Timestamp>,
    /// Since when that is not so.
    pub failing_since: Option<Timestamp>,
    /// Why not.
    pub said: Option<String>,
}

impl QueueReach {
    /// Since when no alerts come out of it, if for so long that it matters. One that never answered since the start may have a
    /// wrong key: that is said at once.
    #[must_use]
    pub fn broken_since(&self, now: Timestamp) -> Option<Timestamp> {
        self.failing_since
            .filter(|since| self.last_success.is_none() || now.duration_since(*since) >= MATTERS)
    }

    /// What is wrong with it, for the probes.
    #[must_use]
    pub fn trouble(&self, now: Timestamp) -> Option<String> {
        let since = self.broken_since(now)?;
        let (name, span) = (&self.name, span(now.duration_since(since)));
        let why = self.said.as_deref().unwrap_or("its log says more");
        Some(format!(
            "no alerts come out of the queue {name} for {span}: {why}; what lies in it waits"
        ))
    }
}

/// To an admin: no alerts come out of a queue since then, or, without a time, they come again.
#[must_use]
pub fn letter(name: &str, since: Option<Timestamp>, said: &str) -> Words {
    let (subject, text) = match since {
        None => (
            format!("Henhouse: alerts come out of the queue {name} again"),
            format!(
                "The queue {name} is asked again. What came meanwhile is being taken; nothing is asked of you.\n"
            ),
        ),
        Some(since) => {
            let at = since.strftime("%H:%M UTC");
            let said = match said {
                "" => String::new(),
                said => format!(" Why: {said}."),
            };
            let text = format!(
                "Since {at} no alerts come out of the queue {name}.{said} Nothing in it is lost for as long as the queue keeps \
                 it, but nobody is called for what waits there: look at what sends to it, by hand, meanwhile.\n\nIt goes on \
                 being tried. Look at its settings ([sqs.{name}]), its key and its alert source. `/admin/health` says how it \
                 is.\n"
            );
            (
                format!("Henhouse: no alerts come out of the queue {name} since {at}"),
                text,
            )
        }
    };
    to_health(subject, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_queue_that_stumbles_is_no_trouble_and_one_that_stays_silent_or_never_answered_is() {
        let at = |minute: i64| Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute);
        let mut reach = QueueReach {
            name: "alerts".to_owned(),
            ..QueueReach::default()
        };
        assert_eq!(reach.trouble(at(9)), None, "nobody knows yet");
        reach.failing_since = Some(at(9));
        reach.said = Some("it answered 403: AccessDenied".to_owned());
        assert_eq!(reach.broken_since(at(9)), Some(at(9)), "it never answered");
        reach.last_success = Some(at(8));
        assert_eq!(reach.broken_since(at(9)), None);
        let said = reach.trouble(at(12)).unwrap_or_default();
        assert!(said.contains("AccessDenied; what lies"), "{said}");
    }
}
