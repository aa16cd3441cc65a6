//! Commits whose answer never arrives: a proxy stands between the program and the database and drops what
//! it is told to drop.

use std::io::{Read, Write};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{Address, PostgresStore, Scratch, add, address, begin, id};
use crate::store::{FaultPoint, Store, StoreError};

/// What the proxy does with what passes.
#[derive(Default)]
struct Doing {
    /// Drops the next answer to a commit, and the connection with it.
    swallows: AtomicBool,
    /// Lets nobody in any more once it has swallowed an answer.
    then_shuts: AtomicBool,
    shut: AtomicBool,
}

/// A proxy's folder, with the socket in it, and what it does.
fn proxy() -> (tempfile::TempDir, Arc<Doing>) {
    let folder = tempfile::tempdir().unwrap();
    let listener = UnixListener::bind(folder.path().join(".s.PGSQL.5432")).unwrap();
    let doing = Arc::new(Doing::default());
    let shared = Arc::clone(&doing);
    std::thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            if shared.shut.load(Ordering::SeqCst) {
                continue;
            }
            let server = UnixStream::connect(real()).unwrap();
            let (up, down) = (client.try_clone().unwrap(), server.try_clone().unwrap());
            let none = Arc::new(Doing::default());
            std::thread::spawn(move || pass(up, server, &none));
            let doing = Arc::clone(&shared);
            std::thread::spawn(move || pass(down, client, &doing));
        }
    });
    (folder, doing)
}

fn pass(mut from: UnixStream, mut to: UnixStream, doing: &Doing) {
    let mut bytes = [0; 1 << 16];
    while let Ok(read) = from.read(&mut bytes) {
        let told = &bytes[..read];
        let is_commit = told.windows(7).any(|tag| tag == b"COMMIT\0");
        if is_commit && doing.swallows.swap(false, Ordering::SeqCst) {
            let shuts = doing.then_shuts.load(Ordering::SeqCst);
            doing.shut.store(shuts, Ordering::SeqCst);
            break;
        }
        if read == 0 || to.write_all(told).is_err() {
            break;
        }
    }
    let _gone_already = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
}

/// The socket of the database itself.
fn real() -> PathBuf {
    let address: Address = address().parse().unwrap();
    address.socket().expect("the tests' database has a socket")
}

/// A store behind a proxy.
fn behind(scratch: &Scratch, folder: &tempfile::TempDir) -> Store {
    let mut options = scratch.options(7);
    let (_, query) = options.address.split_once('?').unwrap();
    let host = folder.path().display().to_string().replace('/', "%2F");
    options.address = format!("postgres://postgres@{host}/postgres?{query}");
    Store::Postgres(PostgresStore::open(&options).unwrap())
}

#[test]
#[ignore = "not run, because it needs a PostgreSQL; cargo xtask ci starts one"]
fn a_commit_whose_answer_was_lost_is_looked_up_and_told_as_it_was() {
    let scratch = Scratch::new();
    let (folder, doing) = proxy();
    let store = behind(&scratch, &folder);
    store.write_inline(|tx| begin(tx, 1)).unwrap();
    doing.swallows.store(true, Ordering::SeqCst);
    assert_eq!(store.write_inline(|tx| add(tx, 1)), Ok(1), "it is there");
    assert!(!doing.swallows.load(Ordering::SeqCst), "an answer was lost");
    assert_eq!(store.write_inline(|tx| add(tx, 1)), Ok(2));
    assert_eq!(store.figures().failed(), 0);
}

#[test]
#[ignore = "not run, because it needs a PostgreSQL; cargo xtask ci starts one"]
fn a_connection_lost_before_the_commit_is_told_as_not_written() {
    let scratch = Scratch::new();
    let name = format!("before {}", scratch.schema);
    let mut options = scratch.options(1);
    options
        .address
        .push_str(&format!("&application_name={}", name.replace(' ', "%20")));
    let store = Store::Postgres(PostgresStore::open(&options).unwrap());
    store.write_inline(|tx| begin(tx, 1)).unwrap();
    let line = std::sync::Mutex::new(scratch.line());
    store.fault().set(move |point| {
        if point == FaultPoint::BeforeCommit {
            super::cut(&mut line.lock().unwrap(), &name);
        }
        None
    });
    let lost = store.write_inline(|tx| add(tx, 1));
    assert!(matches!(lost, Err(StoreError::Away(_))), "{lost:?}");
    store.fault().clear();
    assert_eq!(
        store.write_inline(|tx| add(tx, 1)),
        Ok(1),
        "it was not there"
    );
}

#[test]
#[ignore = "not run, because it needs a PostgreSQL; cargo xtask ci starts one"]
fn a_commit_that_nobody_can_look_up_is_told_as_unknown() {
    let scratch = Scratch::new();
    let (folder, doing) = proxy();
    let store = behind(&scratch, &folder);
    store.write_inline(|tx| begin(tx, 1)).unwrap();
    doing.then_shuts.store(true, Ordering::SeqCst);
    doing.swallows.store(true, Ordering::SeqCst);
    let unknown = store.write_inline(|tx| add(tx, 1));
    assert_eq!(unknown, Err(StoreError::Unknown));
    let away = store.write_inline(|tx| add(tx, 1));
    assert!(matches!(away, Err(StoreError::Away(_))), "{away:?}");
    doing.shut.store(false, Ordering::SeqCst);
    let seq = store.write_inline(|tx| Ok::<u64, StoreError>(tx.head(id(1))?.seq));
    assert_eq!(
        seq,
        Ok(1),
        "it was written, and is found when the database is back"
    );
}
