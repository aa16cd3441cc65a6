//! The review queue: mail that does not say that it is a report waits until somebody has looked at it, and is never dropped
//! (R114). What somebody on the contact sheet sent is a report by itself once it has waited as long as the playbook says (M24);
//! everything else wakes nobody. Its entries stand in the installation's journal: there is no case yet.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::actor::Who;
use crate::at::{after, minutes};
use crate::chapters::intake::{Follows, Mailed, Phish, Report, Waited, Warned};
use crate::decide::Refusal;
use crate::id::{CaseId, PersonId};
use crate::playbook::Playbook;
use crate::text::Text;

/// One person is written to once in so many minutes because of mail that nobody looked at: whose address stands in a mail need
/// not have sent it.
const ANSWERED_EVERY: SignedDuration = SignedDuration::from_mins(60);

/// Bytes that are kept: their SHA-256 in hex, and how many.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// Their hash.
    pub sha256: String,
    /// How many.
    pub size: u64,
}

/// Entry: a mail waits to be looked at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MailQueued {
    /// The journal of the project that it came to.
    pub project: String,
    /// The mail as it came.
    pub mail: Piece,
    /// The mails that it carries, as they stand in it.
    #[serde(default)]
    pub carried: Vec<Piece>,
    /// The report that it would be.
    pub report: Report,
    /// Where it says that it comes from.
    #[serde(default)]
    pub sender: Option<Text>,
    /// Who on the contact sheet that is.
    #[serde(default)]
    pub staff: Option<PersonId>,
    /// When it is a report by itself, unless somebody has looked at it before.
    #[serde(default)]
    pub opens_at: Option<Timestamp>,
    /// It looks like a suspicious mail that somebody passes on, and its sender is asked the three questions (R107).
    #[serde(default)]
    pub suspicious: bool,
    /// What it can be known again by, each as a keyed hash: whoever has the journal learns nothing from it.
    #[serde(default)]
    pub tags: Vec<String>,
}

/// Entry: a mail became evidence of a case, and can be known again by these.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailMarked {
    /// The case.
    pub case: CaseId,
    /// As in [`MailQueued::tags`].
    pub tags: Vec<String>,
}

/// Where a mail is that can be known again.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// It waits in the queue, or needed nothing.
    Item(u64),
    /// It is part of a case.
    Case(CaseId),
}

/// Entry: whoever sent a mail answered the three questions about it (R107).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailAnswered {
    /// The entry with which it was queued.
    pub item: u64,
    /// What they did with it.
    pub phish: Phish,
}

/// Entry: a suspicious mail was found in a spam folder and left there. Nothing of it is kept but that it was one more (R112).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftInSpam {
    /// The journal of the project.
    pub project: String,
}

/// Entry: colleagues were warned of a mail (R110). Older ones do not say of which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailWarned {
    /// The entry with which it was queued.
    #[serde(default)]
    pub item: Option<u64>,
}

/// Entry: somebody looked at a mail, or nobody did in time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailSettled {
    /// The entry with which it was queued.
    pub item: u64,
    /// What became of it.
    pub how: Settlement,
    /// The case that has it now.
    #[serde(default)]
    pub case: Option<CaseId>,
}

/// What became of a mail in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Settlement {
    /// It opened an event.
    Opened,
    /// It is a further report of a case that was there.
    Joined,
    /// There is nothing to do about it.
    NoAction,
}

/// A mail that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Since when.
    pub since: Timestamp,
    /// The journal of its project.
    pub project: String,
    /// Who on the contact sheet sent it, as it says.
    pub staff: Option<PersonId>,
    /// When it is a report by itself.
    pub opens_at: Option<Timestamp>,
    /// It looks like a suspicious mail that somebody passes on.
    pub suspicious: bool,
    /// What whoever sent it did with it, once they have said so.
    pub phish: Phish,
}

/// The queue, folded: mails by the entry that queued each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Queue {
    /// What waits, the oldest first.
    pub waiting: BTreeMap<u64, Waiting>,
    /// What was settled, and how.
    pub settled: BTreeMap<u64, (Settlement, Option<CaseId>)>,
    /// When mail of each of the staff was last opened because nobody had looked at it.
    unseen: BTreeMap<PersonId, Timestamp>,
    /// What needed nothing, as it waited: whoever sent it may still say that they did something with it.
    at_rest: BTreeMap<u64, Waiting>,
    /// Where each thing was seen by which a mail can be known again.
    marks: Arc<BTreeMap<String, BTreeSet<Place>>>,
    /// What the senders of mails answered last.
    pub answers: BTreeMap<u64, Phish>,
    /// How many mails were found in spam folders and left there (R112).
    pub in_spam: u64,
    /// Who first warned colleagues of a mail (R110).
    pub warned: BTreeMap<u64, Warned>,
}

impl Queue {
    /// A mail came in.
    pub fn queued(&mut self, item: u64, since: Timestamp, mail: &MailQueued) {
        let waiting = Waiting {
            since,
            project: mail.project.clone(),
            staff: mail.staff.clone(),
            opens_at: mail.opens_at,
            suspicious: mail.suspicious,
            phish: mail.report.phish,
        };
        self.waiting.insert(item, waiting);
        self.mark(&Place::Item(item), &mail.tags);
    }

    /// A mail that is part of a case can be known again.
    pub fn marked(&mut self, marked: &MailMarked) {
        self.mark(&Place::Case(marked.case.clone()), &marked.tags);
    }

    fn mark(&mut self, place: &Place, tags: &[String]) {
        for tag in tags {
            let marks = Arc::make_mut(&mut self.marks);
            let places = marks.entry(tag.clone()).or_default();
            places.insert(place.clone());
        }
    }

    /// Where any of these was seen, and how many of them there: in cases, and in mails that wait. What became part of a case is
    /// there and no longer in the queue; what needed nothing is nowhere.
    #[must_use]
    pub fn alike(&self, tags: &BTreeSet<String>) -> BTreeMap<Place, usize> {
        let mut found: BTreeMap<Place, BTreeSet<&String>> = BTreeMap::new();
        for tag in tags {
            for place in self.marks.get(tag).into_iter().flatten() {
                if let Some(place) = self.stands(place) {
                    found.entry(place).or_default().insert(tag);
                }
            }
        }
        found
            .into_iter()
            .map(|(place, tags)| (place, tags.len()))
            .collect()
    }

    fn stands(&self, place: &Place) -> Option<Place> {
        let Place::Item(item) = place else {
            return Some(place.clone());
        };
        match self.settled.get(item) {
            None => Some(place.clone()),
            Some((_, case)) => case.clone().map(Place::Case),
        }
    }

    /// Whoever sent a mail answered. What they did something with is a report from that instant on, also if it had needed
    /// nothing until then; what they did nothing with is none any more by itself (R108, R111, R112).
    pub fn answered(&mut self, at: Timestamp, answered: &MailAnswered) {
        let MailAnswered { item, phish } = *answered;
        self.answers.insert(item, phish);
        if phish.acted_upon()
            && let Some(waiting) = self.at_rest.remove(&item)
        {
            self.settled.remove(&item);
            self.waiting.insert(item, waiting);
        }
        if let Some(waiting) = self.waiting.get_mut(&item) {
            waiting.phish = phish;
            waiting.opens_at = match phish.follows() {
                Follows::Event => Some(at),
                Follows::Advice | Follows::Nothing => None,
                Follows::Asking => waiting.opens_at,
            };
        }
        self.in_spam += u64::from(phish.follows() == Follows::Nothing);
    }

    /// Colleagues were warned of a mail.
    pub fn colleagues_warned(&mut self, at: Timestamp, by: &Who, warned: MailWarned) {
        if let (Some(item), Who::Person(by)) = (warned.item, by) {
            let by = by.clone();
            self.warned.entry(item).or_insert(Warned { by, at });
        }
    }

    /// What stands for a mail in the case that it becomes part of (R114, R115).
    #[must_use]
    pub fn mailed(&self, item: u64, since: Timestamp, mail: &Piece) -> Mailed {
        let waiting = self.waiting.get(&item);
        let waited = Waited {
            since,
            opens_at: waiting.and_then(|waiting| waiting.opens_at),
            warned: self.warned.get(&item).cloned(),
        };
        Mailed {
            sha256: mail.sha256.clone(),
            waited: Some(waited),
        }
    }

    /// A mail was left in a spam folder.
    pub fn left_in_spam(&mut self) {
        self.in_spam += 1;
    }

    /// Whether whoever sent a mail can still say something about it by which it becomes an event: it waits, or needed nothing.
    #[must_use]
    pub fn may_still_open(&self, item: u64) -> bool {
        self.waiting.contains_key(&item) || self.at_rest.contains_key(&item)
    }

    /// A mail was settled.
    pub fn settled(&mut self, at: Timestamp, by: &Who, done: &MailSettled) {
        let was = self.waiting.remove(&done.item);
        if let (Some(waiting), Settlement::NoAction) = (&was, done.how) {
            self.at_rest.insert(done.item, waiting.clone());
        }
        if let (Who::System, Some(staff)) = (by, was.and_then(|waiting| waiting.staff)) {
            self.unseen.insert(staff, at);
        }
        self.settled
            .insert(done.item, (done.how, done.case.clone()));
    }

    /// Settles a mail.
    ///
    /// # Errors
    /// Refused where it does not wait any more.
    pub fn settle(
        &self,
        item: u64,
        how: Settlement,
        case: Option<CaseId>,
    ) -> Result<MailSettled, Refusal> {
        if !self.waiting.contains_key(&item) {
            return Err(Refusal::conflict(
                format!("Somebody has settled mail {item} already."),
                "Look at what became of it; there is nothing to do.",
            ));
        }
        Ok(MailSettled { item, how, case })
    }

    /// The mails that are a report by now, the oldest first.
    pub fn due(&self, now: Timestamp) -> impl Iterator<Item = (u64, &Waiting)> {
        let due = move |waiting: &Waiting| waiting.opens_at.is_some_and(|at| at <= now);
        let waiting = self.waiting.iter();
        waiting
            .filter(move |(_, w)| due(w))
            .map(|(item, w)| (*item, w))
    }

    /// When the next one is.
    #[must_use]
    pub fn next(&self) -> Option<Timestamp> {
        self.waiting
            .values()
            .filter_map(|waiting| waiting.opens_at)
            .min()
    }

    /// Whether this person of the staff is written to because of a mail that nobody looked at.
    #[must_use]
    pub fn may_answer(&self, staff: Option<&PersonId>, now: Timestamp) -> bool {
        let last = staff.and_then(|staff| self.unseen.get(staff));
        last.is_none_or(|last| now.duration_since(*last) >= ANSWERED_EVERY)
    }
}

/// When mail of this person is a report by itself, if nobody has looked at it by then; never for mail of people unknown (M24).
#[must_use]
pub fn opens_at(
    staff: Option<&PersonId>,
    playbook: &Playbook,
    now: Timestamp,
) -> Option<Timestamp> {
    let limit = playbook.intake.review_queue_limit_minutes;
    staff.map(|_| after(now, minutes(limit)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute)
    }

    fn mail(staff: Option<&str>, opens_at: Option<Timestamp>) -> MailQueued {
        let piece = Piece {
            sha256: "0".repeat(64),
            size: 1,
        };
        MailQueued {
            project: "farm".into(),
            mail: piece,
            carried: Vec::new(),
            report: Report::saying(Text::from("Hello")),
            sender: None,
            staff: staff.map(PersonId::from),
            opens_at,
            suspicious: false,
            tags: Vec::new(),
        }
    }

    #[test]
    fn only_mail_of_the_staff_becomes_a_report_by_itself() {
        let mut queue = Queue::default();
        queue.queued(1, at(0), &mail(None, None));
        queue.queued(2, at(0), &mail(Some("ann"), Some(at(10))));
        assert_eq!(queue.next(), Some(at(10)));
        assert_eq!(queue.due(at(9)).count(), 0);
        assert_eq!(
            queue.due(at(10)).map(|(item, _)| item).collect::<Vec<_>>(),
            [2]
        );
    }

    #[test]
    fn what_was_settled_is_settled_once_and_waits_no_more() {
        let mut queue = Queue::default();
        queue.queued(1, at(0), &mail(Some("ann"), Some(at(10))));
        let done = queue.settle(1, Settlement::NoAction, None).ok();
        let done = done.expect("it waits");
        queue.settled(at(1), &Who::Person("bob".into()), &done);
        assert_eq!((queue.next(), queue.due(at(99)).count()), (None, 0));
        assert!(queue.settle(1, Settlement::Opened, None).is_err());
        assert!(
            queue.settle(7, Settlement::Opened, None).is_err(),
            "never queued"
        );
    }

    #[test]
    fn what_was_seen_before_is_found_where_it_is_now() {
        let tags =
            |tags: &[&str]| -> Vec<String> { tags.iter().map(|tag| (*tag).into()).collect() };
        let mut queue = Queue::default();
        for (item, seen) in [
            (1, ["a", "b"]),
            (2, ["b", "c"]),
            (3, ["d", "d"]),
            (4, ["a", "e"]),
        ] {
            let mail = MailQueued {
                tags: tags(&seen),
                ..mail(None, None)
            };
            queue.queued(item, at(0), &mail);
        }
        queue.marked(&MailMarked {
            case: CaseId::from("c9"),
            tags: tags(&["b"]),
        });
        let opened = queue
            .settle(2, Settlement::Opened, Some("c2".into()))
            .expect("it waits");
        queue.settled(at(1), &Who::System, &opened);
        let nothing = queue
            .settle(4, Settlement::NoAction, None)
            .expect("it waits");
        queue.settled(at(1), &Who::System, &nothing);
        let wanted: BTreeSet<String> = tags(&["a", "b"]).into_iter().collect();
        let found: Vec<_> = queue.alike(&wanted).into_iter().collect();
        let case = |id: &str| Place::Case(id.into());
        assert_eq!(
            found,
            [(Place::Item(1), 2), (case("c2"), 1), (case("c9"), 1)]
        );
    }

    fn answered(queue: &mut Queue, item: u64, phish: Phish) {
        queue.answered(at(5), &MailAnswered { item, phish });
    }

    #[test]
    fn the_answers_decide_whether_a_mail_is_a_report_by_itself() {
        let none = Phish {
            none: true,
            ..Phish::default()
        };
        let in_spam = Phish {
            in_spam: true,
            ..Phish::default()
        };
        let clicked = Phish {
            clicked: true,
            ..none
        };
        let mut queue = Queue::default();
        for item in [1, 2, 3] {
            queue.queued(item, at(0), &mail(Some("ann"), Some(at(10))));
        }
        answered(&mut queue, 1, none);
        answered(&mut queue, 2, in_spam);
        answered(&mut queue, 3, clicked);
        assert_eq!(
            (queue.next(), queue.in_spam),
            (Some(at(5)), 1),
            "only what was acted upon"
        );
        let done = queue
            .settle(2, Settlement::NoAction, None)
            .expect("it waits");
        queue.settled(at(1), &Who::Reporter, &done);
        assert!(queue.may_still_open(2) && !queue.waiting.contains_key(&2));
        answered(&mut queue, 2, clicked);
        assert!(queue.waiting.contains_key(&2) && !queue.settled.contains_key(&2));
        answered(&mut queue, 7, clicked);
        assert!(!queue.may_still_open(7), "never queued");
    }

    #[test]
    fn whoever_is_written_to_for_want_of_eyes_is_not_written_to_again_within_the_hour() {
        let mut queue = Queue::default();
        let ann = PersonId::from("ann");
        assert!(queue.may_answer(Some(&ann), at(0)));
        queue.queued(1, at(0), &mail(Some("ann"), Some(at(10))));
        let done = MailSettled {
            item: 1,
            how: Settlement::Opened,
            case: None,
        };
        queue.settled(at(10), &Who::System, &done);
        assert!(!queue.may_answer(Some(&ann), at(69)));
        assert!(queue.may_answer(Some(&ann), at(70)) && queue.may_answer(None, at(11)));
    }
}
