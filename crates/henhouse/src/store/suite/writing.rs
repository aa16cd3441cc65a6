//! Jobs, batches and commits.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::on_every_store;
use super::samples::{case, create, journal, put_case, read, record, refused, write};
use crate::store::batch;
use crate::store::{
    FaultPoint, Result, SearchDocument, SearchQuery, Store, StoreError, Tx, View, Viewer,
};

on_every_store!(
    a_refused_job_leaves_nothing_behind_and_its_neighbours_stay,
    a_job_sees_what_its_batch_wrote,
    a_failed_commit_fails_every_job_of_the_batch,
    an_answer_lost_after_the_commit_leaves_the_write,
    a_panic_in_a_job_is_undone_and_answered,
    acts_run_after_the_commit_and_only_for_kept_jobs,
    a_text_is_found_by_its_batch_and_goes_with_its_job,
);

type Work = Box<dyn FnOnce(&mut dyn Tx) -> Result<u64> + Send>;

/// Runs the jobs in one batch and gives their answers.
fn together(store: &Store, jobs: Vec<Work>) -> Vec<Result<u64>> {
    let (send, answers) = std::sync::mpsc::channel();
    let jobs = jobs.into_iter().enumerate().map(|(n, work)| {
        let send = send.clone();
        batch::job(work, move |done| send.send((n, done)).unwrap())
    });
    store.write_batch(jobs.collect());
    drop(send);
    let mut answers: Vec<_> = answers.iter().collect();
    answers.sort_by_key(|(n, _)| *n);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

fn begin(n: u128) -> Work {
    Box::new(move |tx| {
        let id = create(tx, n)?;
        tx.append(&record(id, 1))?;
        Ok(tx.batch())
    })
}

fn begin_and_refuse(n: u128) -> Work {
    Box::new(move |tx| {
        begin(n)(tx)?;
        Err(StoreError::Invalid("no".to_owned()))
    })
}

fn a_refused_job_leaves_nothing_behind_and_its_neighbours_stay(store: &Store) {
    let answers = together(store, vec![begin(1), begin_and_refuse(2), begin(3)]);
    assert!(answers[0].is_ok() && answers[2].is_ok(), "{answers:?}");
    assert_eq!(answers[0], answers[2], "one batch");
    assert_eq!(answers[1], Err(StoreError::Invalid("no".to_owned())));
    assert_eq!(read(store, |view| view.head(journal(1))).seq, 1);
    assert!(read(store, |view| view.journal(journal(2))).is_none());
    assert_eq!(read(store, |view| view.head(journal(2))).seq, 0);
    assert_eq!(read(store, |view| view.head(journal(3))).seq, 1);
    assert_eq!((store.figures().commits(), store.figures().jobs()), (1, 3));
}

fn a_job_sees_what_its_batch_wrote(store: &Store) {
    let next = || -> Work {
        Box::new(|tx| {
            let head = tx.head(journal(1))?;
            tx.append(&record(journal(1), head.seq + 1))?;
            Ok(head.seq + 1)
        })
    };
    let answers = together(store, vec![begin(1), next(), next(), next()]);
    assert_eq!(answers[1..], [Ok(2), Ok(3), Ok(4)]);
    assert_eq!(store.figures().commits(), 1);
}

fn a_failed_commit_fails_every_job_of_the_batch(store: &Store) {
    store
        .fault()
        .set(|point| (point == FaultPoint::BeforeCommit).then_some(StoreError::Full));
    let answers = together(store, vec![begin(1), begin_and_refuse(2)]);
    assert_eq!(answers, [Err(StoreError::Full), Err(StoreError::Full)]);
    store.fault().clear();
    assert!(read(store, |view| view.journal(journal(1))).is_none());
    assert_eq!(
        (store.figures().commits(), store.figures().failed()),
        (0, 1)
    );
    assert!(
        together(store, vec![begin(1)])[0].is_ok(),
        "usable afterwards"
    );
}

fn an_answer_lost_after_the_commit_leaves_the_write(store: &Store) {
    let gone = StoreError::Io("gone".to_owned());
    let lost = gone.clone();
    store
        .fault()
        .set(move |point| (point == FaultPoint::AfterCommit).then(|| lost.clone()));
    assert_eq!(together(store, vec![begin(1)]), [Err(gone)]);
    store.fault().clear();
    assert_eq!(read(store, |view| view.head(journal(1))).seq, 1);
}

fn a_panic_in_a_job_is_undone_and_answered(store: &Store) {
    let bug = Box::new(|tx: &mut dyn Tx| -> Result<u64> {
        begin(1)(tx)?;
        panic!("a bug, on purpose");
    });
    let answers = together(store, vec![bug, begin(2)]);
    assert_eq!(answers[0], Err(StoreError::Panicked));
    assert!(answers[1].is_ok());
    assert!(read(store, |view| view.journal(journal(1))).is_none());
    assert!(read(store, |view| view.journal(journal(2))).is_some());
}

fn acts_run_after_the_commit_and_only_for_kept_jobs(store: &Store) {
    let count = Arc::new(AtomicU64::new(0));
    let act = |n: u64, count: &Arc<AtomicU64>| {
        let count = Arc::clone(count);
        Box::new(move || {
            count.fetch_add(n, Ordering::SeqCst);
        }) as Box<dyn FnOnce() + Send>
    };
    let kept = act(1, &count);
    write(store, move |tx| {
        tx.after_commit(kept);
        Ok(())
    });
    assert_eq!(count.load(Ordering::SeqCst), 1);
    let undone = act(10, &count);
    refused(store, move |tx| {
        tx.after_commit(undone);
        Err::<(), _>(StoreError::Closed)
    });
    store
        .fault()
        .set(|point| (point == FaultPoint::BeforeCommit).then_some(StoreError::Full));
    let lost = act(100, &count);
    refused(store, move |tx| {
        tx.after_commit(lost);
        Ok(())
    });
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

fn fox(tx: &mut dyn Tx, n: u64) -> Result<()> {
    tx.search_index_put(&SearchDocument {
        journal: journal(n.into()),
        seq: 1,
        text: format!("fox {n}"),
    })
}

fn foxes(view: &dyn View) -> Result<Vec<u64>> {
    let answer = view.search(&SearchQuery {
        words: "fox".to_owned(),
        prefix: false,
        project: None,
        viewer: Viewer::System,
        limit: 10,
    })?;
    Ok(answer.hits.iter().map(|hit| hit.case.number.n).collect())
}

fn a_text_is_found_by_its_batch_and_goes_with_its_job(store: &Store) {
    (1..=6).for_each(|n| put_case(store, &case(n)));
    let put = |n| -> Work { Box::new(move |tx| fox(tx, n).map(|()| n)) };
    let refuse = |n, looks: bool| -> Work {
        Box::new(move |tx| {
            fox(tx, n)?;
            if looks {
                assert_eq!(foxes(tx)?[0], n, "its own, and those before it");
            }
            Err(StoreError::Closed)
        })
    };
    let count: Work = Box::new(|tx| Ok(foxes(tx)?.len() as u64));
    let jobs = vec![
        put(1),
        refuse(2, true),
        put(3),
        count,
        refuse(4, false),
        put(5),
    ];
    let answers = together(store, jobs);
    assert_eq!(answers[3], Ok(2), "{answers:?}");
    assert_eq!(read(store, foxes), [5, 3, 1]);
    let again: Work = Box::new(|tx| {
        tx.search_index_erase(journal(1), None)?;
        fox(tx, 1).map(|()| 1)
    });
    let erase: Work = Box::new(|tx| tx.search_index_erase(journal(6), None).map(|()| 6));
    let answers = together(store, vec![put(6), again, erase]);
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    assert_eq!(read(store, foxes), [1, 5, 3]);
}
