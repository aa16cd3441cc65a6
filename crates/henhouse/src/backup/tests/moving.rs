//! There and back again, and what is refused on the way.

use std::path::Path;

use crate::backup::fill::{UNPROVEN, fill, release};
use crate::backup::gather::gather;
use crate::backup::row::Take;
use crate::backup::tally::{Sum, Tally};
use crate::backup::{BackupError, MOVED, Row, not_to_be_served, transfer};
use crate::demo;
use crate::serve::{Home, Installation};
use crate::store::postgres_scratch::Scratch;
use crate::store::{PasskeyRow, SqliteOptions, Store, dump_index};
use crate::vault::RootKey;

/// A drill with the handbook's case half-way through.
pub(super) async fn demonstration(home: &Home) -> Installation {
    let installation = Installation::open(home.clone(), "http://localhost", true, None)
        .await
        .unwrap();
    demo::fill(&installation.desk).await.unwrap();
    installation
}

pub(super) fn everything(store: &Store) -> (Vec<Row>, Sum) {
    let (mut rows, mut tally) = (Vec::new(), Tally::default());
    let read = store.read_inline(|view| {
        gather(view, &mut |row| {
            tally.take(&row)?;
            rows.push(row);
            Ok(())
        })
    });
    read.unwrap();
    (rows, tally.finish().0)
}

fn sqlite(data: &Path) -> Store {
    Store::sqlite(data, SqliteOptions { readers: 0 }).unwrap()
}

fn key(data: &Path) -> RootKey {
    RootKey::read(&data.join("root.key")).unwrap()
}

fn index(store: &Store) -> Vec<String> {
    store.read_inline(dump_index).unwrap()
}

/// Moves the demonstration into `between` and from there into a new directory.
async fn there_and_back(between: &Store) {
    let (first, last) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    drop(demonstration(&first.path().into()).await);
    let (source, root) = (sqlite(first.path()), key(first.path()));
    let passkey = PasskeyRow {
        hash: [7; 32],
        person: "ann".to_owned(),
        state: vec![0, 255],
    };
    source.write_inline(|tx| tx.put_passkey(&passkey)).unwrap();
    let (rows, sum) = everything(&source);
    assert!(rows.contains(&Row::Passkey(passkey)));
    assert!(
        sum.counts.entries > 15 && sum.counts.deliveries > 1,
        "{sum:?}"
    );
    assert_eq!(transfer(&source, between, &root, "there").unwrap().sum, sum);
    assert_eq!(everything(between), (rows.clone(), sum));
    assert_eq!(index(between), index(&source));
    let left = source.read_inline(not_to_be_served).unwrap();
    assert!(left.unwrap().contains("moved to there"));
    let back = sqlite(last.path());
    assert_eq!(transfer(between, &back, &root, "back").unwrap().sum, sum);
    assert_eq!(everything(&back), (rows, sum));
    assert_eq!(index(&back), index(&source));
    // No entry made it, which the check of the installation would find.
    assert!(back.write_inline(|tx| tx.end_passkey([7; 32])).unwrap());
    drop((source, back));
    std::fs::copy(first.path().join("root.key"), last.path().join("root.key")).unwrap();
    let opened = Installation::open(last.path(), "http://localhost", true, None).await;
    let checked = opened.unwrap().desk.verify(None).await.unwrap();
    assert_eq!(checked.findings, Vec::<String>::new());
    assert_eq!(checked.entries, sum.counts.entries);
}

#[tokio::test]
async fn an_installation_goes_to_another_store_and_back_and_is_the_same() {
    there_and_back(&Store::memory()).await;
}

#[tokio::test]
#[ignore = "not run, because it needs a PostgreSQL; cargo xtask ci starts one"]
async fn an_installation_goes_to_postgres_and_back_and_is_the_same() {
    let scratch = tokio::task::spawn_blocking(Scratch::new).await.unwrap();
    let between = scratch.store(1);
    there_and_back(&between).await;
    tokio::task::spawn_blocking(move || drop((between, scratch)))
        .await
        .unwrap();
}

#[tokio::test]
async fn every_row_comes_back_from_its_json() {
    let folder = tempfile::tempdir().unwrap();
    drop(demonstration(&folder.path().into()).await);
    for row in everything(&sqlite(folder.path())).0 {
        let json = serde_json::to_vec(&row).unwrap();
        assert_eq!(serde_json::from_slice::<Row>(&json).unwrap(), row);
    }
}

#[tokio::test]
async fn a_move_that_breaks_off_leaves_nothing_and_can_be_begun_again() {
    let folder = tempfile::tempdir().unwrap();
    drop(demonstration(&folder.path().into()).await);
    let (source, root) = (sqlite(folder.path()), key(folder.path()));
    let (rows, sum) = everything(&source);
    let target = Store::memory();
    let hand = |rows: &[Row], take: &mut Take<'_>| rows.iter().cloned().try_for_each(take);
    for stop in [0, 1, rows.len() / 2, rows.len()] {
        let broken = fill(&target, |take| {
            hand(&rows[..stop], take)?;
            Err(BackupError::BrokenOff)
        });
        assert!(broken.is_err());
        assert_eq!(everything(&target).0, [], "nothing of it was kept");
    }
    // Written whole, and killed before it was read again.
    fill(&target, |take| hand(&rows, take)).unwrap();
    let mark = target.write_inline(|tx| tx.put_setting(UNPROVEN, b""));
    mark.unwrap();
    let refused = target.read_inline(not_to_be_served).unwrap();
    assert!(refused.unwrap().contains("begin it again"));
    assert_eq!(transfer(&source, &target, &root, "there").unwrap().sum, sum);
    assert_eq!(target.read_inline(not_to_be_served).unwrap(), None);
    // Killed after the source was marked: neither is served, and the same call ends it.
    target
        .write_inline(|tx| tx.put_setting(UNPROVEN, b""))
        .unwrap();
    for store in [&source, &target] {
        assert!(store.read_inline(not_to_be_served).unwrap().is_some());
    }
    let elsewhere = transfer(&source, &target, &root, "elsewhere").unwrap_err();
    assert!(
        elsewhere.to_string().contains("moved to there"),
        "{elsewhere}"
    );
    assert_eq!(transfer(&source, &target, &root, "there").unwrap().sum, sum);
    assert_eq!(target.read_inline(not_to_be_served).unwrap(), None);
    assert!(source.read_inline(not_to_be_served).unwrap().is_some());
    // What differs is never taken for the same.
    target
        .write_inline(|tx| tx.put_setting(UNPROVEN, b""))
        .unwrap();
    let other = fill(&target, |take| hand(&rows[1..], take));
    assert!(matches!(other, Err(BackupError::Damaged(_))), "{other:?}");
    assert!(target.read_inline(not_to_be_served).unwrap().is_some());
}

#[tokio::test]
async fn what_is_moved_away_damaged_or_not_empty_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    drop(demonstration(&folder.path().into()).await);
    let (source, root) = (sqlite(folder.path()), key(folder.path()));
    let refused =
        |from: &Store, to: &Store| transfer(from, to, &root, "there").unwrap_err().to_string();
    assert!(refused(&source, &source.clone()).contains("not empty"));
    let (rows, _) = everything(&source);
    let damaged = Store::memory();
    let changed = rows.into_iter().map(|row| match row {
        Row::Entry(mut entry) if entry.seq == 2 => {
            entry.bytes[0] ^= 1;
            Row::Entry(entry)
        }
        row => row,
    });
    let changed: Vec<Row> = changed.collect();
    fill(&damaged, |take| changed.into_iter().try_for_each(take)).unwrap();
    release(&damaged).unwrap();
    let target = Store::memory();
    assert!(refused(&damaged, &target).contains("entry 2"));
    assert_eq!(everything(&target).0, []);
    let other = tempfile::tempdir().unwrap();
    let ids = crate::ids::Ids::system().unwrap();
    let wrong = RootKey::create(&other.path().join("root.key"), &ids).unwrap();
    let refusal = transfer(&source, &target, &wrong, "there").unwrap_err();
    assert!(refusal.to_string().contains("another installation's"));
    let nothing = transfer(&Store::memory(), &target, &root, "there").unwrap_err();
    assert!(nothing.to_string().contains("no installation to move"));
    assert_eq!(source.read_inline(not_to_be_served).unwrap(), None);
    transfer(&source, &target, &root, "there").unwrap();
    assert!(refused(&source, &Store::memory()).contains("moved to there"));
    assert!(
        source
            .read_inline(|view| view.setting(MOVED))
            .unwrap()
            .is_some()
    );
}
