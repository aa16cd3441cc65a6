//! What leaves a drill that is not a case's mail, its clock when it goes by itself, and what the organisation is called.

use std::time::Duration;

use super::*;
use crate::report::letter::Letter;
use crate::store::{Account, JournalKind, Message, View};

fn owner() -> Actor {
    Actor {
        who: Who::System,
        how: How::LocalSocket,
    }
}

impl Scene {
    async fn account(&self, person: &str, role: &str, email: Option<&str>) {
        let account = Account {
            person: person.to_owned(),
            login: person.to_owned(),
            name: person.to_owned(),
            email: email.map(str::to_owned),
            role: role.to_owned(),
            password: None,
            second_factor: None,
            disabled: false,
            created_at: self.desk.inner.clock.wall(),
        };
        let made = self.desk.create_account(owner(), account, None);
        made.await.unwrap();
    }

    /// What the installation itself writes: to whom, whether it waits to leave, the letter.
    async fn written(&self) -> Vec<(String, bool, Letter)> {
        let inner = self.desk.inner.clone();
        let read = move |view: &dyn View| {
            let journal = view.journals(JournalKind::Installation)?.remove(0);
            let key = journal::key(view, &inner.root, journal.id)?;
            let rows = view.deliveries_of(journal.id)?.into_iter();
            let open = rows.map(|row| {
                let Message::Cipher(cipher) = &row.message else {
                    panic!("it lies open")
                };
                let bytes = key.open_message(cipher).unwrap();
                let letter = Letter::from_bytes(&bytes).unwrap();
                let waits = row.state == OutboxState::Queued;
                (row.person.unwrap_or_default(), waits, letter)
            });
            Ok::<_, DeskError>(open.collect())
        };
        self.desk.inner.store.read(read).await.unwrap()
    }
}

#[tokio::test]
async fn mail_of_accounts_in_a_drill_says_so_and_goes_to_those_on_the_sheet_alone() {
    for outside in [false, true] {
        let scene = scene_of(true).await;
        scene.desk.mail_leaves();
        if outside {
            scene.desk.drills_write_outside();
        }
        scene.account("ann", "admin", Some("ann@example.org")).await;
        scene
            .account("guest", "admin", Some("guest@example.net"))
            .await;
        let made = scene.desk.make_break_glass(owner(), "hash".to_owned());
        made.await.unwrap();
        let written = scene.written().await;
        let (mut ann, mut guest) = (0, 0);
        for (person, waits, letter) in &written {
            let bare = letter.bare.as_ref().unwrap();
            for subject in [&letter.mail.subject, &bare.subject] {
                assert!(subject.starts_with("DRILL "), "{subject}");
            }
            for text in [&letter.mail.text, &bare.text] {
                assert!(text.starts_with("DRILL. This is an exercise"), "{text}");
            }
            ann += usize::from(person == "ann" && *waits);
            guest += usize::from(person == "guest" && *waits);
        }
        assert_eq!((ann, guest), (1, usize::from(outside)), "{written:?}");
        let guest = scene
            .desk
            .ask_for_password(owner(), "guest".to_owned(), false);
        assert_eq!(
            guest.await.unwrap().link.is_none(),
            outside,
            "handed, as no mail leaves"
        );
        let ann = scene
            .desk
            .ask_for_password(owner(), "ann".to_owned(), false);
        assert!(ann.await.unwrap().link.is_none());
        let tested = scene.desk.test_message(owner(), "guest".to_owned()).await;
        assert_eq!(tested.unwrap(), usize::from(outside));
    }
}

#[tokio::test]
async fn mail_of_accounts_says_nothing_of_a_drill_where_there_is_none() {
    let scene = scene().await;
    scene
        .account("guest", "admin", Some("guest@example.net"))
        .await;
    let named = scene
        .desk
        .name_organisation(owner(), Some("The Farm Ltd".to_owned()));
    named.await.unwrap();
    let made = scene.desk.make_break_glass(owner(), "hash".to_owned());
    made.await.unwrap();
    let written = scene.written().await;
    assert!(
        written
            .iter()
            .any(|(person, waits, _)| person == "guest" && *waits)
    );
    for (_, _, letter) in written {
        assert!(
            !letter.mail.subject.contains("DRILL"),
            "{}",
            letter.mail.subject
        );
        assert!(
            letter.mail.text.ends_with("\n\n-- \nThe Farm Ltd\n"),
            "{}",
            letter.mail.text
        );
        assert!(
            !letter.bare.unwrap().text.contains("Farm"),
            "bare words name nobody"
        );
    }
}

#[tokio::test]
async fn another_node_learns_what_the_organisation_is_called() {
    let scene = scene().await;
    let other = scene.another_desk();
    let named = scene
        .desk
        .name_organisation(owner(), Some(" The Farm ".to_owned()));
    named.await.unwrap();
    assert_eq!(scene.desk.organisation().as_deref(), Some("The Farm"));
    assert_eq!(other.organisation(), None);
    other.look_up_organisation().await.unwrap();
    assert_eq!(other.organisation().as_deref(), Some("The Farm"));
    let none = scene.desk.name_organisation(owner(), None);
    none.await.unwrap();
    other.look_up_organisation().await.unwrap();
    assert_eq!(other.organisation(), None);
}

#[tokio::test]
async fn a_clock_that_goes_by_itself_is_moved_too_and_never_comes_back_before_an_entry() {
    let folder = tempfile::tempdir().unwrap();
    let ids = Ids::seeded(9);
    let root = RootKey::open(&folder.path().join("root.key"), true, &ids).unwrap();
    let begin: Timestamp = START.parse().unwrap();
    let store = Store::memory();
    let at = store.write(move |tx| begin_clock(tx, begin)).await.unwrap();
    let site = Site {
        base_url: "http://localhost:8400".into(),
        drill: true,
        prefix: "DR".into(),
    };
    let desk = Desk::new(store.clone(), root, Clock::drill(at), ids, site);
    let scene = Scene { desk, folder };
    scene.found().await;
    let desk = &scene.desk;
    assert!(desk.set_clock_speed(FASTEST + 1).await.is_err());
    desk.set_clock_speed(FASTEST).await.unwrap();
    assert_eq!(desk.clock_speed(), FASTEST);
    while desk.now() <= begin {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    for _ in 0..20 {
        desk.advance(desk.now(), async || {}).await.unwrap();
    }
    let to = desk.now() + SignedDuration::from_mins(10);
    desk.advance(to, async || {}).await.unwrap();
    let kept = store.write(move |tx| begin_clock(tx, begin)).await.unwrap();
    while desk.now() <= kept + SignedDuration::from_secs(1) {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let opened = scene.report("fire").await;
    assert!(opened.at > kept, "it went on by itself");
    let again = store.write(move |tx| begin_clock(tx, begin)).await;
    assert!(again.unwrap() >= opened.at, "after a restart");
    desk.set_clock_speed(0).await.unwrap();
    let stands = desk.now();
    tokio::time::sleep(Duration::from_millis(5)).await;
    assert_eq!(desk.now(), stands);
}
