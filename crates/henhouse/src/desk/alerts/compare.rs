//! What the other pager did, beside what Henhouse would have done: by the key of the alert, each first call of a person.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

use super::shadow::{InShadow, TheirCall};

/// Clocks differ, and the other pager may have heard of it first.
const BEFORE: SignedDuration = SignedDuration::from_mins(10);
/// So long after it was opened here a call of theirs is about the same.
const AFTER: SignedDuration = SignedDuration::from_hours(24);

/// How an event was handled by both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// Whom they called, in order of time, each once: the person here, or the address where it is nobody's here.
    pub theirs: Vec<Theirs>,
    /// When somebody took note of it there.
    pub acknowledged_at: Option<Timestamp>,
    /// What differs, if anything of theirs is there at all.
    pub verdict: Option<Verdict>,
}

/// Somebody whom they called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theirs {
    /// The person here.
    pub person: Option<String>,
    /// Their address there.
    pub mail: String,
    /// When.
    pub at: Timestamp,
    /// Listed, and not called.
    pub quiet: bool,
}

/// What differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The same person first, so many seconds later here (or earlier).
    Same(i64),
    /// Somebody else first.
    OtherPerson,
    /// They called somebody who is nobody here first.
    NobodyHere,
    /// They called nobody for it.
    OnlyHere,
    /// Nobody would have been called here.
    OnlyThere,
    /// Nobody was called at all.
    Nobody,
}

/// Holds each event against their calls. Also answers the keys of their alerts that no event here has.
pub fn compare(
    events: &[InShadow],
    calls: &[TheirCall],
    people: &BTreeMap<String, String>,
) -> (Vec<Compared>, BTreeSet<String>) {
    let mut by_alias: BTreeMap<String, Vec<&TheirCall>> = BTreeMap::new();
    for call in calls {
        for alias in meant(&call.alias) {
            by_alias.entry(alias).or_default().push(call);
        }
    }
    let mut left: BTreeSet<String> = calls.iter().map(|call| call.alias.clone()).collect();
    let compared = events.iter().map(|event| {
        let mut theirs = Vec::new();
        for alias in event.aliases.iter().flat_map(|alias| meant(alias)) {
            let same = by_alias.get(&alias).into_iter().flatten();
            for call in same {
                left.remove(&call.alias);
                theirs.push(*call);
            }
        }
        one(event, theirs, people, !calls.is_empty())
    });
    let compared = compared.collect();
    (compared, left)
}

/// Alertmanager gives Opsgenie and PagerDuty the hash of its group's key, which is what its alerts are kept under here; another
/// list may have the key.
fn meant(alias: &str) -> [String; 2] {
    let hash: [u8; 32] = Sha256::digest(alias).into();
    [alias.to_owned(), casefile::Hash::from(hash).to_string()]
}

fn one(
    event: &InShadow,
    mut calls: Vec<&TheirCall>,
    people: &BTreeMap<String, String>,
    known: bool,
) -> Compared {
    let far = |at: Timestamp| at.duration_since(event.opened_at);
    calls.retain(|call| (-BEFORE..=AFTER).contains(&far(call.at)));
    calls.sort_by_key(|call| call.at);
    let mut seen = BTreeSet::new();
    calls.retain(|call| seen.insert(call.mail.to_lowercase()));
    let theirs: Vec<Theirs> = calls
        .iter()
        .map(|call| Theirs {
            person: people.get(&call.mail.to_lowercase()).cloned(),
            mail: call.mail.clone(),
            at: call.at,
            quiet: call.quiet,
        })
        .collect();
    let first = theirs.iter().find(|call| !call.quiet);
    let ours = event.calls.iter().filter(|call| !call.unreachable);
    // With the alert several may be called at the same instant.
    let ours: Vec<_> = ours.collect();
    let at_first = ours.first().map(|call| call.at);
    let same = first.and_then(|first| {
        let mut together = ours.iter().filter(|call| Some(call.at) == at_first);
        together.find(|call| call.person.is_some() && call.person == first.person)
    });
    let verdict = match (first, at_first) {
        (Some(first), Some(at)) if same.is_some() => {
            Verdict::Same(at.duration_since(first.at).as_secs())
        }
        (Some(first), Some(_)) if first.person.is_none() => Verdict::NobodyHere,
        (Some(_), Some(_)) => Verdict::OtherPerson,
        (None, Some(_)) => Verdict::OnlyHere,
        (Some(_), None) => Verdict::OnlyThere,
        (None, None) => Verdict::Nobody,
    };
    Compared {
        acknowledged_at: calls.iter().filter_map(|call| call.acknowledged_at).min(),
        theirs,
        verdict: known.then_some(verdict),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use super::super::shadow::{Because, WouldCall};
    use super::*;
    use crate::store::CaseNumber;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_772_420_400 + second).unwrap()
    }

    fn event(people: &[(&str, i64)]) -> InShadow {
        let call = |(person, second): &(&str, i64)| WouldCall {
            at: at(*second),
            person: Some((*person).to_owned()),
            route: "mail".to_owned(),
            unreachable: false,
            because: Because::AtOnce,
        };
        InShadow {
            number: CaseNumber {
                prefix: "HH-SHADOW".to_owned(),
                n: 1,
            },
            title: "Door".to_owned(),
            aliases: vec!["door".to_owned()],
            opened_at: at(0),
            stopped_at: None,
            calls: people.iter().map(call).collect(),
        }
    }

    fn theirs(alias: &str, mail: &str, second: i64) -> TheirCall {
        TheirCall {
            alias: alias.to_owned(),
            mail: mail.to_owned(),
            at: at(second),
            quiet: false,
            acknowledged_at: None,
        }
    }

    fn told(event: &InShadow, calls: &[TheirCall]) -> Option<Verdict> {
        let people = ["ann", "bob"].map(|one| (format!("{one}@farm.example"), one.to_owned()));
        compare(std::slice::from_ref(event), calls, &people.into()).0[0].verdict
    }

    #[test]
    fn the_same_person_first_is_the_same_by_key_or_by_its_hash_and_with_any_capitals() {
        let ours = event(&[("ann", 2), ("bob", 600)]);
        let hashed = meant("door")[1].clone();
        for alias in ["door", &hashed] {
            let calls = [theirs(alias, "Ann@farm.example", 4)];
            assert_eq!(told(&ours, &calls), Some(Verdict::Same(-2)));
        }
        let kept = InShadow {
            aliases: vec![hashed],
            ..ours
        };
        let calls = [theirs("door", "Ann@farm.example", 4)];
        assert_eq!(told(&kept, &calls), Some(Verdict::Same(-2)));
    }

    #[test]
    fn each_difference_has_its_own_word() {
        let ours = event(&[("ann", 2)]);
        let nobody = event(&[]);
        let other = [theirs("door", "bob@farm.example", 4)];
        let strange = [theirs("door", "cat@farm.example", 4)];
        let elsewhere = [theirs("fence", "ann@farm.example", 4)];
        assert_eq!(told(&ours, &other), Some(Verdict::OtherPerson));
        assert_eq!(told(&ours, &strange), Some(Verdict::NobodyHere));
        assert_eq!(told(&ours, &elsewhere), Some(Verdict::OnlyHere));
        assert_eq!(told(&nobody, &other), Some(Verdict::OnlyThere));
        assert_eq!(told(&nobody, &elsewhere), Some(Verdict::Nobody));
        assert_eq!(told(&ours, &[]), None, "nothing of theirs was brought");
    }

    #[test]
    fn what_is_of_another_day_is_not_this_alert_and_a_quiet_line_is_no_call() {
        let ours = event(&[("ann", 2)]);
        let yesterday = [theirs("door", "ann@farm.example", -86_400)];
        assert_eq!(told(&ours, &yesterday), Some(Verdict::OnlyHere));
        let mut quiet = theirs("door", "bob@farm.example", 1);
        quiet.quiet = true;
        let calls = [quiet, theirs("door", "ann@farm.example", 3)];
        assert_eq!(told(&ours, &calls), Some(Verdict::Same(-1)));
    }

    #[test]
    fn their_alerts_that_no_event_here_has_are_named() {
        let ours = event(&[("ann", 2)]);
        let calls = [theirs("fence", "ann@farm.example", 4)];
        let (_, left) = compare(&[ours], &calls, &BTreeMap::new());
        assert_eq!(left.into_iter().collect::<Vec<_>>(), ["fence"]);
    }
}
