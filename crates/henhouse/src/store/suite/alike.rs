//! Whatever is done to them, both backends answer alike; and a rebuilt index is the live one.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::samples::{at, case, create, journal, notice, queued, record};
use crate::store::postgres::tests::Scratch;
use crate::store::{
    AttemptOutcome, CaseFilter, CaseNumber, CaseOrder, CaseRow, Lane, Message, Record, Result,
    Scope, SearchDocument, SearchQuery, SqliteOptions, Store, StoreError, Title, Try, Tx, View,
    Viewer, dump_index,
};

/// Something done to a store. Numbers are small, so that they meet.
#[derive(Debug, Clone)]
enum Act {
    Create(u128),
    Append(u128, u64, u8),
    EraseSealed(u128, u8),
    Case(Box<CaseRow>),
    Members(u128, BTreeSet<String>),
    Number(String),
    Index(u128, u64, String),
    EraseText(u128, Option<u64>),
    Enqueue(u128, u128, Lane, i64),
    Lease(Lane, i64, u32, u32),
    Renew(u128, u64, i64),
    Finish(u128, u64, i64, AttemptOutcome),
    Reschedule(u128, u64, i64),
    Drop(u128, u64),
    Withdraw(u128),
    Reword(u128),
    EraseMessage(u128),
    Clear,
}

/// Something asked of a store.
#[derive(Debug, Clone)]
enum Question {
    List(CaseFilter, Viewer, u32),
    Search(SearchQuery),
    Due(i64, u32),
}

fn word() -> impl Strategy<Value = String> {
    let words = [
        "fox",
        "Fox",
        "foxes",
        "hen",
        "hénhouse",
        "HENS",
        "web-01",
        "01",
        "ß",
        "straße",
    ];
    prop::sample::select(words.to_vec()).prop_map(str::to_owned)
}

fn text() -> impl Strategy<Value = String> {
    vec(word(), 0..5).prop_map(|words| words.join(" "))
}

fn who() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["ann", "bob", "cy"]).prop_map(str::to_owned)
}

fn lane() -> impl Strategy<Value = Lane> {
    prop_oneof![Just(Lane::Urgent), Just(Lane::Ordinary)]
}

fn title() -> impl Strategy<Value = Title> {
    let plain = text().prop_map(Title::Plain);
    prop_oneof![1 => Just(Title::None), 3 => plain, 1 => Just(Title::Cipher(vec![1, 2]))]
}

fn a_case() -> impl Strategy<Value = CaseRow> {
    let flags = (any::<bool>(), any::<bool>(), prop::bool::weighted(0.3));
    let times = (0..6_i64, option::of(0..9_i64));
    let names = (option::of(who()), option::of(word()), title());
    (1..6_u64, 1..8_u64, 900..902_u128, flags, times, names).prop_map(
        |(j, n, project, (open, event, restricted), (updated, wake), (ic, severity, title))| {
            CaseRow {
                number: CaseNumber {
                    prefix: "HH".to_owned(),
                    n,
                },
                project: journal(project),
                title,
                status: if event { "event" } else { "incident" }.to_owned(),
                severity,
                restricted,
                updated_at: at(updated),
                next_wake: wake.map(at),
                ic,
                open,
                ..case(j)
            }
        },
    )
}

fn act() -> impl Strategy<Value = Act> {
    let j = || 1..6_u128;
    let fence = || 0..4_u64;
    let outcome = prop_oneof![Just(AttemptOutcome::Sent), Just(AttemptOutcome::Failed)];
    prop_oneof![
        4 => j().prop_map(Act::Create),
        4 => (j(), 0..3_u64, 0..4_u8).prop_map(|(j, s, m)| Act::Append(j, s, m)),
        1 => (j(), 0..4_u8).prop_map(|(j, m)| Act::EraseSealed(j, m)),
        6 => a_case().prop_map(|row| Act::Case(Box::new(row))),
        2 => (j(), prop::collection::btree_set(who(), 0..3)).prop_map(|(j, m)| Act::Members(j, m)),
        1 => word().prop_map(Act::Number),
        4 => (j(), 1..4_u64, text()).prop_map(|(j, s, t)| Act::Index(j, s, t)),
        1 => (j(), option::of(1..4_u64)).prop_map(|(j, s)| Act::EraseText(j, s)),
        3 => (1..6_u128, j(), lane(), 0..30_i64).prop_map(|(n, j, l, t)| Act::Enqueue(n, j, l, t)),
        3 => (lane(), 0..60_i64, 0..4_u32, 0..20_u32)
            .prop_map(|(l, t, limit, s)| Act::Lease(l, t, limit, s)),
        1 => (1..6_u128, fence(), 0..60_i64).prop_map(|(n, f, t)| Act::Renew(n, f, t)),
        2 => (1..6_u128, fence(), 0..60_i64, outcome)
            .prop_map(|(n, f, t, o)| Act::Finish(n, f, t, o)),
        2 => (1..6_u128, fence(), 0..60_i64).prop_map(|(n, f, t)| Act::Reschedule(n, f, t)),
        1 => (1..6_u128, fence()).prop_map(|(n, f)| Act::Drop(n, f)),
        1 => (1..6_u128).prop_map(Act::Withdraw),
        1 => (1..6_u128).prop_map(Act::Reword),
        1 => (1..6_u128).prop_map(Act::EraseMessage),
        1 => prop::bool::weighted(0.1).prop_map(|c| if c { Act::Clear } else { Act::Create(9) }),
    ]
}

fn viewer() -> impl Strategy<Value = Viewer> {
    let only = prop::collection::btree_set(900..902_u128, 0..2)
        .prop_map(|ids| Scope::Only(ids.into_iter().map(journal).collect()));
    let projects = prop_oneof![Just(Scope::All), only];
    let person =
        (who(), projects).prop_map(|(person, projects)| Viewer::Person { person, projects });
    prop_oneof![1 => Just(Viewer::System), 3 => person]
}

fn filter() -> impl Strategy<Value = CaseFilter> {
    let status = prop::sample::subsequence(vec!["event".to_owned(), "incident".to_owned()], 0..=2);
    let rest = (
        option::of(who()),
        option::of(who()),
        option::of(word()),
        any::<bool>(),
    );
    (
        status,
        vec(word(), 0..2),
        option::of(900..902_u128),
        option::of(any::<bool>()),
        rest,
    )
        .prop_map(
            |(status, severity, project, open, (ic, member, text, by_number))| CaseFilter {
                status,
                severity,
                project: project.map(journal),
                open,
                ic: ic.filter(|ic| ic == "ann"),
                member: member.filter(|member| member == "bob"),
                text: text.filter(|text| text.len() < 4),
                order: if by_number {
                    CaseOrder::Number
                } else {
                    CaseOrder::Updated
                },
                ..CaseFilter::default()
            },
        )
}

fn question() -> impl Strategy<Value = Question> {
    let search = (
        text(),
        any::<bool>(),
        option::of(900..902_u128),
        viewer(),
        0..4_u32,
    )
        .prop_map(|(words, prefix, project, viewer, limit)| {
            let project = project.map(journal);
            Question::Search(SearchQuery {
                words,
                prefix,
                project,
                viewer,
                limit,
            })
        });
    prop_oneof![
        (filter(), viewer(), 1..4_u32).prop_map(|(f, v, limit)| Question::List(f, v, limit)),
        search,
        (0..9_i64, 0..4_u32).prop_map(|(now, limit)| Question::Due(now, limit)),
    ]
}

fn carry_out(store: &Store, tx: &mut dyn Tx, act: &Act) -> Result<String> {
    let told = |at_second: i64, outcome| Try {
        at: at(at_second),
        outcome,
        receipt: None,
    };
    Ok(match act {
        Act::Create(j) => format!("{:?}", create(tx, *j)?),
        Act::Append(j, ahead, mark) => {
            let seq = tx.head(journal(*j))?.seq + ahead;
            let sealed = vec![([*mark; 32], vec![*mark, 0, u8::try_from(seq).unwrap()])];
            tx.append(&Record {
                sealed,
                ..record(journal(*j), seq)
            })?;
            format!("{:?}", tx.head(journal(*j))?)
        }
        Act::EraseSealed(j, mark) => format!("{}", tx.erase_sealed(journal(*j), [*mark; 32])?),
        Act::Case(row) => format!("{:?}", tx.put_index(row)?),
        Act::Members(j, members) => format!("{:?}", tx.set_members(journal(*j), members)?),
        Act::Number(counter) => format!("{}", tx.next_number(counter)?),
        Act::Index(j, seq, text) => {
            let (journal, text) = (journal(*j), text.clone());
            format!(
                "{:?}",
                tx.search_index_put(&SearchDocument {
                    journal,
                    seq: *seq,
                    text
                })?
            )
        }
        Act::EraseText(j, seq) => format!("{:?}", tx.search_index_erase(journal(*j), *seq)?),
        Act::Enqueue(n, j, lane, next_try) => {
            let row = queued(*n, *lane, *next_try);
            let row = crate::store::OutboxRow {
                bundle: n.is_multiple_of(2).then(|| notice(n % 4).0),
                journal: journal(*j),
                ..row
            };
            format!("{}", tx.enqueue(&row)?)
        }
        Act::Lease(lowest, now, limit, seconds) => {
            let store_shows = *now / 2;
            store.judge_by(move || at(store_shows));
            format!(
                "{:?}",
                tx.lease_deliveries(*lowest, at(*now), *limit, *seconds)?
            )
        }
        Act::Renew(n, fence, now) => {
            let now = *now;
            store.judge_by(move || at(now));
            format!("{:?}", tx.renew(notice(*n), *fence, 9)?)
        }
        Act::Finish(n, fence, now, outcome) => {
            format!(
                "{:?}",
                tx.finish(notice(*n), *fence, &told(*now, *outcome))?
            )
        }
        Act::Reschedule(n, fence, now) => {
            let failed = told(*now, AttemptOutcome::Failed);
            format!(
                "{:?}",
                tx.reschedule(notice(*n), *fence, &failed, at(now + 5))?
            )
        }
        Act::Drop(n, fence) => format!("{:?}", tx.drop_delivery(notice(*n), *fence)?),
        Act::Withdraw(n) => format!("{}", tx.withdraw(notice(*n))?),
        Act::Reword(n) => format!("{}", tx.reword(notice(*n), &Message::Cipher(vec![7]))?),
        Act::EraseMessage(n) => format!("{}", tx.erase_message(notice(*n))?),
        Act::Clear => format!("{:?}", tx.clear_index()?),
    })
}

/// An answer without the words of its error, which may differ.
fn without_words(answer: Result<String>) -> String {
    match answer {
        Ok(answer) => answer,
        Err(StoreError::Conflict(_)) => "conflict".to_owned(),
        Err(StoreError::Invalid(_)) => "invalid".to_owned(),
        Err(other) => format!("{other:?}"),
    }
}

/// One job: several acts, some of them refused, and perhaps undone as a whole.
fn job(store: &Store, acts: &[Act], undone: bool) -> Vec<String> {
    let mut answers = Vec::new();
    let done = store.write_inline(|tx| {
        answers = acts
            .iter()
            .map(|act| without_words(carry_out(store, tx, act)))
            .collect();
        if undone {
            Err(StoreError::Closed)
        } else {
            Ok(())
        }
    });
    assert_eq!(done.is_err(), undone, "{done:?}");
    answers
}

fn answer(view: &dyn View, question: &Question) -> Result<Vec<String>> {
    let mut answers = Vec::new();
    match question {
        Question::Search(query) => answers.push(format!("{:?}", view.search(query)?)),
        Question::Due(now, limit) => {
            answers.push(format!("{:?}", view.due_cases(at(*now), *limit)?));
        }
        Question::List(filter, viewer, limit) => {
            let mut cursor = None;
            let mut listed = Vec::new();
            loop {
                let page = view.list_cases(filter, viewer, cursor.as_ref(), *limit)?;
                listed.extend(page.rows.iter().map(|row| row.journal));
                answers.push(format!("{page:?}"));
                assert!(listed.len() < 100, "the pages go round in a circle");
                cursor = page.next;
                if cursor.is_none() {
                    break;
                }
            }
            let once: BTreeSet<_> = listed.iter().collect();
            assert_eq!(once.len(), listed.len(), "a double in the pages");
            assert_eq!(
                view.count_cases(filter, viewer)?,
                listed.len() as u64,
                "a gap"
            );
        }
    }
    Ok(answers)
}

/// Everything that can be seen of a store.
fn whole(view: &dyn View) -> Result<Vec<String>> {
    let mut all = dump_index(view)?;
    for j in (1..6).map(journal) {
        all.push(format!("{:?}", view.journal(j)?));
        all.push(format!("{:?} {:?}", view.head(j)?, view.entries(j, 0, 99)?));
        all.push(format!("{:?}", view.sealed_between(j, 1, 9)?));
        all.push(format!("{:?}", view.deliveries_of(j)?));
    }
    for n in (1..6).map(notice) {
        all.push(format!("{:?} {:?}", view.delivery(n)?, view.attempts(n)?));
    }
    for lowest in [Lane::Urgent, Lane::Ordinary] {
        all.push(format!("{:?}", view.earliest_delivery(lowest, at(50))?));
    }
    all.push(format!(
        "{:?} {:?}",
        view.outbox_counts()?,
        view.earliest_wake()?
    ));
    Ok(all)
}

/// Few in the common run; `PROPTEST_CASES` says how many in a long one.
fn config() -> ProptestConfig {
    let asked = ProptestConfig::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() {
        asked.cases
    } else {
        16
    };
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..asked
    }
}

/// Does and asks the same of two stores.
fn alike(one: &Store, other: &Store, jobs: &[(Vec<Act>, bool)], questions: &[Question]) {
    for store in [one, other] {
        store.judge_by(|| at(0));
    }
    for (acts, undone) in jobs {
        assert_eq!(job(one, acts, *undone), job(other, acts, *undone));
    }
    let see = |store: &Store| store.read_inline(whole).unwrap();
    assert_eq!(see(one), see(other));
    for question in questions {
        let ask = |store: &Store| store.read_inline(|view| answer(view, question)).unwrap();
        assert_eq!(ask(one), ask(other), "{question:?}");
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn sqlite_answers_as_memory_does(
        jobs in vec((vec(act(), 1..8), prop::bool::weighted(0.15)), 1..25),
        questions in vec(question(), 12),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let sqlite = Store::sqlite(dir.path(), SqliteOptions { readers: 0 }).unwrap();
        alike(&Store::memory(), &sqlite, &jobs, &questions);
    }

    #[test]
    #[ignore = "not run, because it needs a PostgreSQL; cargo xtask ci starts one"]
    fn postgres_answers_as_memory_does(
        jobs in vec((vec(act(), 1..8), prop::bool::weighted(0.15)), 1..25),
        questions in vec(question(), 12),
    ) {
        let scratch = Scratch::new();
        alike(&Store::memory(), &scratch.store(1), &jobs, &questions);
    }
}
