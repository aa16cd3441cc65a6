//! The desk over the memory store: a report, an answer, and what leaves because of them.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use procedure::chapters::commander::Acknowledge;
use procedure::chapters::intake::Report;
use procedure::project::{Contact, Directory, ProjectCommand};
use procedure::{Actor, How, Order, Text, Who};
use serde_json::json;

use super::*;

mod audit;
mod damage;
mod drills;
mod looks;
mod newer;
mod reach;
mod react;
use crate::founding;
use crate::store::{CaseFilter, OutboxState};

const START: &str = "2026-03-02T03:00:00Z";

struct Scene {
    desk: Desk,
    folder: tempfile::TempDir,
}

fn person(name: &str) -> Actor {
    Actor::person(&name.into(), How::Session)
}

fn onlooker(name: &str) -> Onlooker {
    Onlooker {
        actor: person(name),
        admin: false,
    }
}

async fn scene() -> Scene {
    scene_of(false).await
}

/// The same, the whole installation being a drill if it is said so.
async fn scene_of(drill: bool) -> Scene {
    let folder = tempfile::tempdir().unwrap();
    let ids = Ids::seeded(7);
    let root = RootKey::open(&folder.path().join("root.key"), true, &ids).unwrap();
    let clock = Clock::simulated(START.parse().unwrap());
    let site = Site {
        base_url: "http://localhost:8400".into(),
        drill,
        prefix: "HH".into(),
    };
    let store = Store::memory().judged_by(&clock);
    let desk = Desk::new(store, root, clock, ids, site);
    let scene = Scene { desk, folder };
    scene.found().await;
    scene
}

impl Scene {
    /// Another node's desk over the same store.
    fn another_desk(&self) -> Desk {
        let ids = Ids::seeded(8);
        let root = RootKey::open(&self.folder.path().join("root.key"), false, &ids).unwrap();
        let inner = &self.desk.inner;
        let (store, clock) = (inner.store.clone(), inner.clock.clone());
        Desk::new(store, root, clock, ids, inner.site.clone())
    }

    async fn found(&self) {
        let actor = Actor {
            who: Who::System,
            how: How::LocalSocket,
        };
        let id = founding::found(
            &self.desk,
            actor.clone(),
            ("Farm", "farm", "HH"),
            "UTC",
            None,
        );
        let id = id.await.unwrap();
        let mut project = founding::empty_project("UTC").unwrap();
        project.revision = self.desk.project(id).await.unwrap().revision;
        let mut directory = Directory::default();
        for name in ["ann", "bob"] {
            let member = json!({ "person": name, "roles": ["responder"], "has_mail": true });
            project.roster.push(serde_json::from_value(member).unwrap());
            let mail = Some(Text::Plain(format!("{name}@example.org")));
            let contact = Contact {
                name: name.into(),
                mail,
                phone: None,
                routes: Vec::new(),
            };
            directory.people.insert(name.into(), contact);
        }
        let (project, directory) = (Box::new(project), Box::new(directory));
        let revise = ProjectCommand::Revise {
            project,
            directory,
            name: None,
        };
        let change = self.desk.change_project(id, actor, revise, None);
        change.await.unwrap();
    }

    async fn report(&self, text: &str) -> Opened {
        let report: Report = serde_json::from_value(json!({ "text": text })).unwrap();
        let actor = Actor {
            who: Who::Reporter,
            how: How::Open,
        };
        let open = OpenReport {
            mailed: None,
            actor,
            project: None,
            report,
            happened_at: None,
            once: None,
        };
        self.desk.open_report(open).await.unwrap()
    }

    /// Who was written to, whatever became of it.
    async fn queued_any(&self) -> Vec<String> {
        let rows = self.desk.inner.store.read(|view| {
            let mut people = Vec::new();
            for case in view.journals(crate::store::JournalKind::Case)? {
                people.extend(
                    view.deliveries_of(case.id)?
                        .into_iter()
                        .filter_map(|row| row.person),
                );
            }
            Ok::<_, StoreError>(people)
        });
        rows.await.unwrap()
    }

    async fn queued(&self) -> Vec<String> {
        let rows = self.desk.inner.store.read(|view| {
            let mut people = Vec::new();
            for case in view.journals(crate::store::JournalKind::Case)? {
                for row in view.deliveries_of(case.id)? {
                    assert_eq!(row.state, OutboxState::Queued);
                    people.extend(row.person);
                }
            }
            Ok::<_, StoreError>(people)
        });
        rows.await.unwrap()
    }
}

use crate::store::StoreError;

#[tokio::test]
async fn a_report_is_called_out_and_the_first_to_answer_commands() {
    let scene = scene().await;
    let opened = scene.report("The chickens are escaping").await;
    assert_eq!(opened.number, "HH-1");
    assert_eq!(
        scene.queued().await,
        ["ann"],
        "nobody is on call: the sheet is called at once"
    );
    let number = opened.number.parse().unwrap();
    let case = scene.desk.case(&onlooker("bob"), &number).await.unwrap();
    let order = Order::from(procedure::Command::from(Acknowledge::default()));
    let id = case.row.journal;
    scene
        .desk
        .submit(id, person("bob"), order.clone(), None)
        .await
        .unwrap();
    let case = scene.desk.case(&onlooker("ann"), &number).await.unwrap();
    assert_eq!(case.case.ic(), Some(&"bob".into()));
    assert_eq!(
        crate::report::title(&case.case).as_deref(),
        Some("The chickens are escaping")
    );
    let stranger = scene.desk.case(&onlooker("eve"), &number).await;
    assert!(matches!(stranger, Err(DeskError::NotFound("case"))));
}

#[tokio::test]
async fn fifty_people_answer_at_once_and_one_commands() {
    let scene = scene().await;
    scene.report("The chickens are escaping").await;
    let page = scene
        .desk
        .list(&onlooker("ann"), CaseFilter::default(), None, 10)
        .await
        .unwrap();
    let id = page.rows[0].journal;
    let mut answers = tokio::task::JoinSet::new();
    for n in 0..50 {
        let desk = scene.desk.clone();
        let name = if n % 2 == 0 { "ann" } else { "bob" };
        let order = Order::from(procedure::Command::from(Acknowledge { only_command: true }));
        answers.spawn(async move {
            let answer = desk.submit(id, person(name), order, None).await;
            answer.ok().map(|answer| answer.entries.len())
        });
    }
    let answers = answers.join_all().await;
    let count = |wanted: Option<usize>| answers.iter().filter(|n| **n == wanted).count();
    assert_eq!(count(Some(1)), 1, "exactly one of fifty");
    assert_eq!(
        count(Some(0)),
        24,
        "whoever has it taps again and changes nothing"
    );
    assert_eq!(count(None), 25, "the other is told who has it");
}

#[tokio::test]
async fn time_calls_the_next_person() {
    let scene = scene().await;
    scene.report("The chickens are escaping").await;
    let wake = scene.desk.next_wake().await.unwrap().unwrap();
    let start: Timestamp = START.parse().unwrap();
    assert_eq!(wake, start + SignedDuration::from_mins(5));
    scene.desk.clock().set(wake).unwrap();
    assert_eq!(crate::waker::step(&scene.desk).await.unwrap(), 1);
    assert_eq!(scene.queued().await, ["ann", "bob"]);
}

#[tokio::test]
async fn a_key_counts_once_and_never_for_another_command() {
    let scene = scene().await;
    let once = Some(OneUse {
        actor: "form".into(),
        key: "k1".into(),
    });
    let report = |text: &str| OpenReport {
        mailed: None,
        actor: Actor {
            who: Who::Reporter,
            how: How::Open,
        },
        project: Some("farm".into()),
        report: serde_json::from_value(json!({ "text": text })).unwrap(),
        happened_at: None,
        once: once.clone(),
    };
    let first = scene.desk.open_report(report("fire")).await.unwrap();
    assert_eq!(scene.desk.open_report(report("fire")).await.unwrap(), first);
    let other = scene.desk.open_report(report("water")).await;
    assert!(matches!(other, Err(DeskError::KeyReused)));
    let elsewhere = OpenReport {
        mailed: None,
        project: None,
        ..report("fire")
    };
    let happened_at = procedure::When::exact(START.parse().unwrap());
    let earlier = OpenReport {
        mailed: None,
        happened_at: Some(happened_at),
        ..report("fire")
    };
    for other in [elsewhere, earlier] {
        let other = scene.desk.open_report(other).await;
        assert!(matches!(other, Err(DeskError::KeyReused)), "{other:?}");
    }
    let start: Timestamp = START.parse().unwrap();
    let days = |n: i64| start + SignedDuration::from_hours(24 * n);
    scene.desk.clock().set(days(29)).unwrap();
    assert_eq!(scene.desk.forget_answers().await.unwrap(), 0);
    scene.desk.clock().set(days(31)).unwrap();
    assert_eq!(scene.desk.forget_answers().await.unwrap(), 1);
    let anew = scene.desk.open_report(report("water")).await.unwrap();
    assert_ne!(anew, first);
}

#[tokio::test]
async fn a_new_desk_over_the_same_store_folds_the_same_case() {
    let scene = scene().await;
    let opened = scene.report("The chickens are escaping").await;
    let number = opened.number.parse().unwrap();
    let before = scene
        .desk
        .case(&onlooker("ann"), &number)
        .await
        .unwrap()
        .case;
    let after = scene
        .another_desk()
        .case(&onlooker("ann"), &number)
        .await
        .unwrap()
        .case;
    assert_eq!(before, after);
}

#[tokio::test]
async fn a_rebuilt_index_is_the_live_one() {
    let scene = scene().await;
    scene.report("The chickens are escaping").await;
    scene.report("The disk is full").await;
    let wake = scene.desk.next_wake().await.unwrap().unwrap();
    scene.desk.clock().set(wake).unwrap();
    scene.desk.pulse().await.unwrap();
    let dump = || async {
        let store = scene.desk.inner.store.clone();
        store
            .read(|view| crate::store::dump_index(view))
            .await
            .unwrap()
    };
    let live = dump().await;
    let rebuilt = scene.desk.rebuild().await.unwrap();
    assert_eq!((rebuilt.cases, rebuilt.projects), (2, 1));
    assert_eq!(dump().await, live);
}

#[tokio::test]
async fn what_was_written_verifies() {
    let scene = scene().await;
    scene.report("The chickens are escaping").await;
    let checked = scene.desk.verify(None).await.unwrap();
    assert_eq!(checked.verdict, Verified::Valid, "{:?}", checked.findings);
    assert_eq!(checked.journals, 2);
    assert!(checked.texts >= 5, "{checked:?}");
}

#[tokio::test]
async fn an_advance_stops_at_every_wake_on_the_way() {
    let scene = scene().await;
    let opened = scene.report("The chickens are escaping").await;
    let to: Timestamp = "2026-03-02T03:16:00Z".parse().unwrap();
    let stops = std::cell::Cell::new(0);
    let count = || {
        stops.set(stops.get() + 1);
        std::future::ready(())
    };
    assert_eq!(scene.desk.advance(to, count).await.unwrap(), to);
    let case = scene
        .desk
        .case(&onlooker("ann"), &opened.number.parse().unwrap())
        .await
        .unwrap();
    let times: Vec<_> = case
        .case
        .part
        .calling
        .calls
        .iter()
        .map(|call| call.at)
        .collect();
    assert_eq!(
        times.len(),
        3,
        "ann, bob, and ann again in the second round"
    );
    assert_eq!(times[1], "2026-03-02T03:05:00Z".parse().unwrap());
    assert!(stops.get() >= 4);
}

/// Pages to people about an entry of this kind, and whether each still makes sense.
async fn urgent(scene: &Scene, id: JournalId) -> Vec<(Option<String>, bool)> {
    let read = move |view: &dyn crate::store::View| view.deliveries_of(id);
    let rows = scene.desk.inner.store.read(read).await.unwrap();
    let mut found = Vec::new();
    for row in rows
        .into_iter()
        .filter(|r| r.lane == crate::store::Lane::Urgent)
    {
        let wanted = scene.desk.still_wanted(&row).await;
        found.push((row.person, wanted));
    }
    found
}

#[tokio::test]
async fn m20_a_page_is_pointless_once_somebody_has_it_and_an_offered_handover_is_not() {
    let scene = scene().await;
    scene.report("The chickens are escaping").await;
    let page = scene
        .desk
        .list(&onlooker("ann"), CaseFilter::default(), None, 10)
        .await;
    let id = page.unwrap().rows[0].journal;
    let (ann, bob) = (Some("ann".to_owned()), Some("bob".to_owned()));
    assert_eq!(urgent(&scene, id).await, [(ann.clone(), true)]);
    let give = |who: &'static str, command: serde_json::Value| {
        let command: procedure::Command = serde_json::from_value(command).unwrap();
        scene
            .desk
            .submit(id, person(who), Order::from(command), None)
    };
    give("ann", json!({ "command": "acknowledge" }))
        .await
        .unwrap();
    assert_eq!(urgent(&scene, id).await, [(ann.clone(), false)]);
    give("ann", json!({ "command": "offer_handover", "to": "bob" }))
        .await
        .unwrap();
    assert_eq!(
        urgent(&scene, id).await,
        [(ann.clone(), false), (bob.clone(), true)]
    );
    give("ann", json!({ "command": "withdraw_handover" }))
        .await
        .unwrap();
    assert_eq!(urgent(&scene, id).await, [(ann, false), (bob, false)]);
}

#[tokio::test]
async fn x36_whom_a_failed_delivery_was_for_is_known_also_when_it_was_the_reporter() {
    let scene = scene().await;
    let report = json!({ "text": "The chickens are escaping", "contact": "dave@example.org" });
    let open = OpenReport {
        mailed: None,
        actor: Actor {
            who: Who::Reporter,
            how: How::Open,
        },
        project: Some("farm".into()),
        report: serde_json::from_value(report).unwrap(),
        happened_at: None,
        once: None,
    };
    scene.desk.open_report(open).await.unwrap();
    let page = scene
        .desk
        .list(&onlooker("ann"), CaseFilter::default(), None, 10)
        .await;
    let id = page.unwrap().rows[0].journal;
    let read = move |view: &dyn crate::store::View| view.deliveries_of(id);
    let rows = scene.desk.inner.store.read(read).await.unwrap();
    let told: Vec<procedure::Recipient> = rows
        .iter()
        .map(|row| serde_json::from_str(row.recipient.as_deref().unwrap()).unwrap())
        .collect();
    assert!(
        told.contains(&procedure::Recipient::Reporter(1)),
        "{told:?}"
    );
}
