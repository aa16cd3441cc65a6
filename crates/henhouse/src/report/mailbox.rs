//! How it stands with a mailbox that is read: for the probes, the figures, `/admin/health` and the mail to the admins.

use jiff::{SignedDuration, Timestamp};

use super::Words;
use super::time::span;
use super::trouble::to_health;

/// A line that breaks and is there again within this is nobody's business.
const MATTERS: SignedDuration = SignedDuration::from_secs(60);
/// A mailbox that is read is looked through much more often.
const SILENT: SignedDuration = SignedDuration::from_mins(20);

/// How it stands with one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MailboxReach {
    /// Its name in the settings.
    pub name: String,
    /// Another node reads it.
    pub elsewhere: bool,
    /// When it was looked through last.
    pub last_read: Option<Timestamp>,
    /// Since when it cannot be read, and why.
    pub failing: Option<(Timestamp, String)>,
    /// So many mails in it cannot be taken and are left there.
    pub left: usize,
    /// Why the first of them is.
    pub left_because: Option<String>,
    /// What its server says against marking a mail that is kept.
    pub unmarked: Option<String>,
    /// So many mails wait until they can be kept.
    pub later: usize,
    /// Since when some do.
    pub later_since: Option<Timestamp>,
    /// The project that it is for, where there is none of that name.
    pub astray: Option<String>,
    /// So many were taken since the start.
    pub taken: u64,
}

impl MailboxReach {
    /// Nothing is known of it yet.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            ..Self::default()
        }
    }

    /// Whether nobody reads it, for so long that it matters.
    #[must_use]
    pub fn is_broken(&self, now: Timestamp) -> bool {
        let fails = self.failing.as_ref().is_some_and(|(since, _)| {
            self.last_read.is_none() || now.duration_since(*since) >= MATTERS
        });
        let read = self.last_read;
        fails || read.is_some_and(|read| now.duration_since(read) >= SILENT)
    }

    /// Since when nobody reads it, if that is broken.
    #[must_use]
    pub fn broken_since(&self, now: Timestamp) -> Option<Timestamp> {
        let since = self.failing.as_ref().map(|(since, _)| *since);
        since.or(self.last_read).filter(|_| self.is_broken(now))
    }

    /// What is wrong with it, for the probes; nothing while all is well.
    #[must_use]
    pub fn troubles(&self, now: Timestamp) -> Vec<String> {
        let name = &self.name;
        let mut said = Vec::new();
        if let Some(since) = self.broken_since(now) {
            let span = span(now.duration_since(since));
            let why = self.why();
            said.push(format!(
                "the mailbox {name} is not read for {span}{why}; what is sent there waits"
            ));
        }
        let since = self.later_since.map(|since| now.duration_since(since));
        if let Some(since) = since.filter(|since| *since >= MATTERS) {
            let (later, span) = (self.later, span(since));
            said.push(format!(
                "{later} mails in the mailbox {name} cannot be kept for {span}; they wait there, and the log says why"
            ));
        }
        if self.left > 0 {
            let (left, why) = (self.left, self.left_because.as_deref().unwrap_or_default());
            said.push(format!(
                "{left} mails are left in the mailbox {name}, because they cannot be taken ({why}); look at them there"
            ));
        }
        if let Some(unmarked) = &self.unmarked {
            said.push(format!(
                "what was kept from the mailbox {name} cannot be marked there: {unmarked}"
            ));
        }
        if let Some(project) = &self.astray {
            said.push(format!(
                "the mailbox {name} is for the project {project}, and there is none: its mails wait for review with the first \
                 project; correct the settings"
            ));
        }
        said
    }

    fn why(&self) -> String {
        let failing = self.failing.as_ref();
        failing.map_or_else(String::new, |(_, said)| format!(": {said}"))
    }
}

/// To an admin: a mailbox is not read since then, or, without a time, it is read again.
#[must_use]
pub fn letter(name: &str, since: Option<Timestamp>, said: &str) -> Words {
    let (subject, text) = match since {
        None => (
            format!("Henhouse: the mailbox {name} is read again"),
            format!(
                "The mailbox {name} is read again. What came meanwhile is being taken; nothing is asked of you.\n"
            ),
        ),
        Some(since) => {
            let at = since.strftime("%H:%M UTC");
            let said = match said {
                "" => String::new(),
                said => format!(" Why: {said}."),
            };
            let text = format!(
                "Since {at} nobody reads the mailbox {name}.{said} Nothing in it is lost, but who reports by mail there is \
                 not heard: look into it by hand meanwhile, and tell people of another way, such as the form.\n\nIt goes on \
                 being tried. Look at its settings ([mail_in.imap.{name}]) and at its server. `/admin/health` says how it \
                 is.\n"
            );
            (
                format!("Henhouse: the mailbox {name} is not read since {at}"),
                text,
            )
        }
    };
    to_health(subject, text)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use super::*;

    #[test]
    fn a_line_that_breaks_for_a_moment_is_no_trouble_and_one_that_stays_away_is() {
        let at = |minute: i64| Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute);
        let mut reach = MailboxReach::new("box");
        assert!(reach.troubles(at(9)).is_empty(), "nobody knows yet");
        reach.failing = Some((at(9), "it refuses the password".to_owned()));
        assert!(reach.is_broken(at(9)), "it never was read");
        reach.last_read = Some(at(9));
        assert!(!reach.is_broken(at(9)));
        let said = reach.troubles(at(12)).pop().unwrap();
        assert!(said.contains("the password; what is sent"), "{said}");
        reach.failing = None;
        (reach.later, reach.later_since) = (1, Some(at(12)));
        assert!(reach.troubles(at(12)).is_empty());
        assert!(
            reach
                .troubles(at(14))
                .pop()
                .unwrap()
                .contains("cannot be kept")
        );
        reach.later_since = None;
        assert_eq!(reach.broken_since(at(40)), Some(at(9)), "nobody reads it");
    }
}
