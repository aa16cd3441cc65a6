//! Looking again: what is kept opened is what somebody sees who looks for the first time.

use super::*;
use crate::desk::reading::NEWEST;

impl Scene {
    /// A desk on the same store that has looked at nothing yet.
    fn looking_anew(&self) -> Desk {
        let ids = Ids::seeded(8);
        let root = RootKey::open(&self.folder.path().join("root.key"), false, &ids).unwrap();
        let (store, clock) = self.desk.store_and_clock();
        Desk::new(store, root, clock, ids, self.desk.site().clone())
    }
}

#[tokio::test]
async fn a_second_look_shows_what_a_first_one_would() {
    let scene = scene().await;
    let number = scene.report("The chickens are escaping").await.number;
    let number: CaseNumber = number.parse().unwrap();
    let ann = onlooker("ann");
    for n in 0..NEWEST + 30 {
        let text = Text::Plain(format!("sheep number {n}"));
        let restricted = n % 7 == 0;
        let note = procedure::chapters::record::AddNote { text, restricted };
        let order = Order::from(procedure::Command::from(note));
        let case = scene.desk.case(&ann, &number).await.unwrap();
        let held = (n % 3 == 0).then(|| Arc::clone(&case.case));
        let noted = scene
            .desk
            .submit(case.row.journal, person("ann"), order, None);
        let seq = noted.await.unwrap().seq;
        let again = scene.desk.case(&ann, &number).await.unwrap();
        assert_eq!(
            again.case.seq, seq,
            "a look is never behind what was answered"
        );
        assert!(
            held.is_none_or(|held| held.seq < seq),
            "what is shown stays as it was"
        );
    }
    let anew = scene.looking_anew();
    let (known, new) = (
        scene.desk.case(&ann, &number).await.unwrap(),
        anew.case(&ann, &number).await.unwrap(),
    );
    assert_eq!(known.case, new.case);
    let now = scene.desk.now();
    assert_eq!(
        *known.agenda(now),
        procedure::agenda(&new.case, &new.basis, now)
    );
    let last = known.case.seq;
    for (after, limit) in [
        (0, 10),
        (0, 1_000),
        (last - 100, 100),
        (last - 50, 20),
        (last, 9),
        (u64::MAX, 9),
    ] {
        let seen = scene.desk.entries(&known, after, limit).await.unwrap();
        let expected: Vec<u64> = (1..=last)
            .filter(|seq| *seq > after)
            .take(limit as usize)
            .collect();
        let seqs: Vec<u64> = seen.iter().map(|entry| entry.seq).collect();
        assert_eq!(seqs, expected, "{limit} after {after}");
        assert_eq!(seen, scene.desk.entries(&new, after, limit).await.unwrap());
    }
}

#[tokio::test]
async fn an_agenda_is_as_old_as_the_second() {
    let scene = scene().await;
    let number = scene.report("The chickens are escaping").await.number;
    let case = scene
        .desk
        .case(&onlooker("ann"), &number.parse().unwrap())
        .await
        .unwrap();
    let now = scene.desk.now();
    let first = case.agenda(now);
    assert!(Arc::ptr_eq(
        &first,
        &case.agenda(now + SignedDuration::from_millis(400))
    ));
    let later = now + SignedDuration::from_mins(30);
    assert_eq!(
        *case.agenda(later),
        procedure::agenda(&case.case, &case.basis, later)
    );
    assert_ne!(first, case.agenda(later), "by then the answer is overdue");
}
