//! What the desk does because of an entry: redaction, restriction, joining, another drill.

use procedure::{Command, Outcome};
use serde_json::{Value, json};

use super::*;
use crate::report::letter::Letter;
use crate::store::Message;

impl Scene {
    async fn give(&self, number: &str, who: &str, fields: Value) -> Result<Answer> {
        let command: Command = serde_json::from_value(fields).unwrap();
        let case = self
            .desk
            .case(&onlooker(who), &number.parse().unwrap())
            .await?;
        self.desk
            .submit(case.row.journal, person(who), Order::from(command), None)
            .await
    }

    /// What is in the outbox, not yet sent.
    async fn waiting(&self, number: &str) -> Vec<Letter> {
        let number = number.parse().unwrap();
        let case = self.desk.case(&onlooker("ann"), &number).await.unwrap();
        let journal = case.row.journal;
        let (store, root) = (self.desk.inner.store.clone(), self.desk.inner.clone());
        let read = move |view: &dyn crate::store::View| {
            let key = journal::key(view, &root.root, journal)?;
            let rows = view.deliveries_of(journal)?;
            let queued = rows
                .into_iter()
                .filter(|row| row.state == OutboxState::Queued);
            let open = queued.map(|row| match row.message {
                Message::Plain(bytes) => bytes,
                Message::Cipher(cipher) => key.open_message(&cipher).unwrap(),
                Message::Erased => panic!("erased and still queued"),
            });
            let letters = open.map(|bytes| Letter::from_bytes(&bytes).unwrap());
            Ok::<_, DeskError>(letters.collect())
        };
        store.read(read).await.unwrap()
    }

    async fn searched(&self, words: &str) -> usize {
        self.desk
            .search(&onlooker("ann"), words.to_owned(), 10)
            .await
            .unwrap()
            .hits
            .len()
    }
}

#[tokio::test]
async fn a_redacted_text_is_gone_and_the_record_still_verifies() {
    let scene = scene().await;
    let number = scene.report("The password is hunter2").await.number;
    assert_eq!(scene.searched("hunter2").await, 1);
    scene
        .give(&number, "ann", json!({ "command": "acknowledge" }))
        .await
        .unwrap();
    let propose = json!({
        "command": "propose_redaction", "entry": 1, "field": "report.text", "reason": "a password",
    });
    scene.give(&number, "ann", propose).await.unwrap();
    let alone = json!({ "command": "second_redaction", "redaction": 1 });
    assert!(
        scene.give(&number, "ann", alone.clone()).await.is_err(),
        "two people"
    );
    scene.give(&number, "bob", alone).await.unwrap();
    assert_eq!(scene.searched("hunter2").await, 0);
    let case = scene
        .desk
        .case(&onlooker("ann"), &number.parse().unwrap())
        .await
        .unwrap();
    assert_eq!(crate::report::title(&case.case), None);
    let entries = scene.desk.entries(&case, 0, 100).await.unwrap();
    assert!(!format!("{entries:?}").contains("hunter2"), "{entries:?}");
    for row in scene.desk.deliveries(&case).await.unwrap() {
        let left = format!("{:?}", row.message);
        let bytes = match row.message {
            crate::store::Message::Plain(bytes) => String::from_utf8(bytes).unwrap(),
            _ => String::new(),
        };
        assert!(!bytes.contains("hunter2"), "{left}");
    }
    let checked = scene.desk.verify(None).await.unwrap();
    assert_eq!(
        checked.verdict,
        Verified::ValidWithRedactions,
        "{:?}",
        checked.findings
    );
    let said = "the text `report.text` of entry 1 was erased by ann and bob, as entry";
    assert!(checked.findings[0].contains(said), "{:?}", checked.findings);
}

/// The title of the copy that a desk decides by.
fn title_at(desk: &Desk, id: JournalId) -> Option<String> {
    let (folded, _) = desk.inner.writing.take(u64::MAX, id);
    let title = crate::report::title(&folded.case);
    desk.inner.writing.put_back(u64::MAX, id, folded, false);
    title
}

#[tokio::test]
async fn a_text_erased_by_one_node_stays_readable_in_no_others_copy() {
    let scene = scene().await;
    let number = scene.report("The password is hunter2").await.number;
    let other = scene.another_desk();
    let case = other.case(&onlooker("ann"), &number.parse().unwrap()).await;
    let id = case.unwrap().row.journal;
    let give = |fields: Value| {
        let command: Command = serde_json::from_value(fields).unwrap();
        other.submit(id, person("ann"), Order::from(command), None)
    };
    give(json!({ "command": "acknowledge" })).await.unwrap();
    assert!(title_at(&other, id).is_some_and(|title| title.contains("hunter2")));
    let propose = json!({
        "command": "propose_redaction", "entry": 1, "field": "report.text", "reason": "a password",
    });
    scene.give(&number, "ann", propose).await.unwrap();
    let second = json!({ "command": "second_redaction", "redaction": 1 });
    scene.give(&number, "bob", second).await.unwrap();
    give(json!({ "command": "add_note", "text": "It is changed" }))
        .await
        .unwrap();
    assert_eq!(title_at(&other, id), None);
}

#[tokio::test]
async fn a_page_that_waits_goes_out_without_content() {
    for restrict in [true, false] {
        let scene = scene().await;
        let number = scene.report("The password is hunter2").await.number;
        let waiting = scene.waiting(&number).await;
        assert!(
            waiting
                .iter()
                .any(|letter| letter.mail.text.contains("hunter2"))
        );
        if restrict {
            let restrict = json!({ "command": "restrict", "reason": "an employee" });
            scene.give(&number, "bob", restrict).await.unwrap();
        } else {
            let propose = json!({
                "command": "propose_redaction", "entry": 1, "field": "report.text", "reason": "a password",
            });
            scene.give(&number, "ann", propose).await.unwrap();
            let second = json!({ "command": "second_redaction", "redaction": 1 });
            scene.give(&number, "bob", second).await.unwrap();
        }
        let left = scene.waiting(&number).await;
        let ask = |letter: &&Letter| letter.mail.text.contains("/ack/");
        let pages = (
            waiting.iter().filter(ask).count(),
            left.iter().filter(ask).count(),
        );
        assert!(
            pages.0 > 0 && pages.0 == pages.1,
            "{pages:?}: no page is lost"
        );
        for letter in left.iter().filter(ask) {
            let words = format!("{letter:?}");
            assert!(!words.contains("hunter2"), "{words}");
        }
    }
}

#[tokio::test]
async fn two_cases_become_one_without_loss() {
    let scene = scene().await;
    let stays = scene.report("The chickens are escaping").await.number;
    let ends = scene.report("Hens on the road").await.number;
    let other = scene
        .desk
        .case(&onlooker("ann"), &stays.parse().unwrap())
        .await
        .unwrap();
    let merge = json!({ "command": "merge_case", "other": other.row.journal.to_string() });
    scene.give(&ends, "ann", merge).await.unwrap();
    let case = scene
        .desk
        .case(&onlooker("ann"), &stays.parse().unwrap())
        .await
        .unwrap();
    assert_eq!(case.case.part.intake.reports.len(), 2);
    let into_itself = json!({ "command": "merge_case", "other": other.row.journal.to_string() });
    assert!(scene.give(&stays, "ann", into_itself).await.is_err());
}

#[tokio::test]
async fn the_demo_plays_to_its_middle() {
    let folder = tempfile::tempdir().unwrap();
    let ids = Ids::seeded(9);
    let root = RootKey::open(&folder.path().join("root.key"), true, &ids).unwrap();
    let clock = Clock::simulated(START.parse().unwrap());
    let site = Site {
        base_url: "http://localhost:8400".into(),
        drill: true,
        prefix: "DR".into(),
    };
    let desk = Desk::new(Store::memory(), root, clock, ids, site);
    crate::demo::fill(&desk).await.unwrap();
    let case = desk
        .case(&onlooker("jane"), &"DR-1".parse().unwrap())
        .await
        .unwrap();
    assert_eq!(case.case.ic(), Some(&"jane".into()));
    assert_eq!(case.case.phase(), procedure::Phase::Remediate);
    let findings = procedure::conformance(&case.case, &case.basis, desk.now());
    let broken = |finding: &&procedure::Finding| {
        let outcome = &finding.outcome;
        matches!(outcome, Outcome::Missing { .. } | Outcome::Late { .. })
    };
    assert_eq!(findings.iter().find(broken), None);
}

#[tokio::test]
async fn an_exhibit_is_listed_and_a_rebuild_lists_it_again() {
    let scene = scene().await;
    let number = scene.report("The chickens are escaping").await.number;
    let upload =
        json!({ "upload": { "sha256": "ab".repeat(32), "size": 3, "media": "text/plain" } });
    let add = json!({
        "command": "add_exhibit", "what": upload, "kind": "screen_capture", "label": "the fence",
    });
    scene.give(&number, "ann", add).await.unwrap();
    let dump = || async {
        let store = scene.desk.inner.store.clone();
        store
            .read(|view| crate::store::dump_index(view))
            .await
            .unwrap()
    };
    let live = dump().await;
    assert_eq!(
        live.iter()
            .filter(|line| line.starts_with("exhibit "))
            .count(),
        1,
        "{live:#?}"
    );
    scene.desk.rebuild().await.unwrap();
    assert_eq!(dump().await, live);
}
