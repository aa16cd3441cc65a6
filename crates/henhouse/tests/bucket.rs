//! Backups in a bucket: made, read again, cleared away and put back, while the store answers badly, late, half or wrong.
//! What is not whole is never taken for a backup, and nobody reads a key.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod peers;
mod served;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use henhouse::backup::{self, Depth, Keeper, Made, Place, S3Settings};
use henhouse::clock::Clock;
use henhouse::ids::Ids;
use henhouse::serve::Installation;
use henhouse::store::{ExhibitRow, JournalKind, SqliteOptions, Store};
use henhouse::vault::{Exhibits, JournalKey, RootKey};
use peers::s3::{BUCKET, KEY, REGION, S3Peer, SECRET};

/// Longer than what is sent at once.
const LARGE: usize = (5 << 20) + 4_000;

struct House {
    folder: tempfile::TempDir,
    s3: S3Peer,
    store: Store,
    keeper: Keeper,
    place: Place,
}

impl House {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let home = data.as_path();
            let opened = Installation::open(home, "http://localhost", true, None).await;
            henhouse::demo::fill(&opened.unwrap().desk).await.unwrap();
        });
        let s3 = S3Peer::start();
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::write(&path, text).unwrap();
            path
        };
        let settings = S3Settings {
            endpoint: Some(s3.endpoint.clone()),
            region: Some(REGION.to_owned()),
            access_key_file: Some(file("id", &format!("{KEY}\n"))),
            secret_key_file: Some(file("secret", &format!("{SECRET}\n"))),
            part_mebibytes: Some(5),
            ..S3Settings::default()
        };
        let store = Store::sqlite(&data, SqliteOptions { readers: 0 }).unwrap();
        let keeper = Keeper::new(
            store.clone(),
            RootKey::read(&data.join("root.key")).unwrap(),
            Exhibits::lying_in(&data.join("exhibits")),
            (Ids::system().unwrap(), Clock::real()),
            data.join("henhouse.toml"),
        );
        let place = Place::of(&format!("s3://{BUCKET}/farm/backups/"), &settings).unwrap();
        let house = Self {
            folder,
            s3,
            store,
            keeper,
            place,
        };
        house.exhibit("first", b"what was found on the disk");
        house
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn root(&self) -> RootKey {
        RootKey::read(&self.data().join("root.key")).unwrap()
    }

    fn exhibit(&self, id: &str, bytes: &[u8]) {
        let cases = self
            .store
            .read_inline(|view| view.journals(JournalKind::Case));
        let journal = cases.unwrap()[0].id;
        let wrapped = self.store.read_inline(|view| view.journal_key(journal));
        let key = JournalKey::unwrap(&self.root(), journal.0, &wrapped.unwrap().unwrap()).unwrap();
        let exhibits = Exhibits::open(&self.data().join("exhibits")).unwrap();
        let kept = exhibits.keep(&key, bytes, 1 << 30, &Ids::system().unwrap());
        let row = ExhibitRow {
            journal,
            id: id.to_owned(),
            seq: 1,
            sha256: Some(*kept.unwrap().hash.as_bytes()),
            size: bytes.len() as u64,
            kind: "file".to_owned(),
            erased: false,
            at: jiff::Timestamp::UNIX_EPOCH,
        };
        let put = self.store.write_inline(|tx| tx.put_exhibit(&row));
        put.unwrap();
    }

    fn make(&self) -> Result<Made, String> {
        let made = self.keeper.make(&self.place, None);
        made.map_err(|error| told(&error.to_string()))
    }

    /// The names of all backups that would be taken for one; each of them must be sound.
    fn whole(&self, depth: Depth) -> Vec<String> {
        let all = self.place.backups().unwrap();
        let whole = all.into_iter().filter(|found| found.whole);
        let names: Vec<String> = whole.map(|found| found.name).collect();
        for name in &names {
            let checked = backup::check(&self.place, name, &self.root(), depth);
            assert_eq!(checked.unwrap().problems, Vec::<String>::new(), "{name}");
        }
        names
    }
}

/// What somebody reads: it names no secret.
fn told(text: &str) -> String {
    for word in [SECRET, KEY, "X-Amz", "Signature="] {
        assert!(!text.contains(word), "{text}");
    }
    text.to_owned()
}

#[test]
fn a_store_that_fails_a_while_is_asked_again_and_one_that_goes_on_failing_leaves_no_half_backup() {
    let mut house = House::new();
    let mut good = Vec::new();
    for (what, matching, times) in [
        ("status 500", "PUT .*/rows", 2),
        ("status 503", "GET .*/manifest", 1),
        ("lose", "PUT .*/rows", 1),
        ("lose", "PUT .*/manifest", 1),
        ("cut", "GET .*/rows", 2),
        ("lose", "HEAD .*", 1),
    ] {
        house.s3.spoil(what, matching, times);
        let made = house.make();
        let made = made.unwrap_or_else(|error| panic!("{what} {matching}: {error}"));
        good.push(made.name);
        assert_eq!(house.whole(Depth::Rows), good, "{what} {matching}");
        house.s3.forget();
    }
    for (what, matching, said) in [
        ("status 500", "PUT .*/rows", "500 InternalError"),
        ("status 403", "PUT .*/manifest", "look at the keys"),
        ("mangle", "PUT .*/rows", "BadDigest"),
        ("short", "PUT .*/rows", "now holds"),
        ("short", "PUT .*/manifest", "now holds"),
        ("cut", "GET .*/rows", "broke off"),
        ("flip", "GET .*/rows", "was changed"),
        ("flip", "GET .*/manifest", "changed"),
        ("error body", "GET .*/rows", "backup"),
        ("error body", "GET /hen/?\\?.*", "did not answer a list"),
    ] {
        house.s3.spoil(what, matching, 0);
        let failed = house.make().expect_err(what);
        assert!(failed.contains(said), "{what} {matching}: {failed}");
        house.s3.forget();
        assert_eq!(house.whole(Depth::Rows), good, "{what} {matching}");
    }
    good.push(house.make().unwrap().name);
    assert_eq!(house.whole(Depth::Rows), good);
}

#[test]
fn evidence_that_goes_in_parts_arrives_whole_or_not_at_all() {
    let mut house = House::new();
    house.exhibit("good", &[7; LARGE]);
    for (what, matching) in [
        ("status 500", "PUT .*/exhibits/.*partNumber.*"),
        ("lose", "PUT .*/exhibits/.*partNumber.*"),
        ("lose", "POST .*/exhibits/.*\\?uploadId"),
    ] {
        house.s3.spoil(what, matching, 1);
    }
    let made = house.make().unwrap();
    assert!(made.copied == 2 && made.findings.is_empty(), "{made:?}");
    assert_eq!(house.s3.holds().1, 0, "nothing is left begun");
    let good = house.whole(Depth::Everything);
    assert_eq!(good, [made.name]);
    house.exhibit("bad", &[9; LARGE]);
    for (what, matching, said) in [
        ("error body", "POST .*\\?uploadId", "InternalError"),
        ("error body", "POST .*\\?uploads", "InternalError"),
        ("status 403", "PUT .*partNumber.*", "look at the keys"),
        ("mangle", "PUT .*partNumber.*", "BadDigest"),
    ] {
        house.s3.spoil(what, matching, 0);
        let failed = house.make().expect_err(what);
        assert!(failed.contains(said), "{what} {matching}: {failed}");
        house.s3.forget();
        assert_eq!(house.s3.holds().1, 0, "{what} {matching}");
        assert_eq!(house.whole(Depth::Rows), good);
    }
}

#[test]
fn a_store_that_keeps_half_and_says_that_all_is_well_is_found_out() {
    let mut house = House::new();
    house.s3.spoil("short", "PUT .*/exhibits/.*", 1);
    let failed = house.make().unwrap_err();
    assert!(failed.contains("now holds"), "{failed}");
    assert_eq!(house.whole(Depth::Rows), Vec::<String>::new());
    let made = house.make().unwrap();
    assert_eq!((made.exhibits, made.copied), (1, 1));
    assert_eq!(house.whole(Depth::Everything), [made.name]);
}

#[test]
fn old_backups_leave_the_bucket_and_evidence_with_the_last_that_names_it() {
    let mut house = House::new();
    house.exhibit("second", b"to be erased");
    let first = house.make().unwrap();
    assert_eq!((first.exhibits, first.copied), (2, 2));
    let cases = house
        .store
        .read_inline(|view| view.journals(JournalKind::Case));
    let case = cases.unwrap()[0].id;
    let row = house.store.read_inline(|view| view.exhibit(case, "second"));
    let erased = ExhibitRow {
        erased: true,
        ..row.unwrap().unwrap()
    };
    let put = house.store.write_inline(|tx| tx.put_exhibit(&erased));
    put.unwrap();
    let second = house.keeper.make(&house.place, Some(1)).unwrap();
    assert_eq!((second.exhibits, second.copied), (1, 0));
    assert_eq!(house.whole(Depth::Rows), [second.name]);
    let (names, _) = house.s3.holds();
    assert_eq!(names.len(), 3, "rows, manifest and one exhibit: {names:?}");
    let inside = |name: &String| name.starts_with("farm/backups/");
    assert!(names.iter().all(inside), "{names:?}");
}

fn henhouse(words: &[&str], data: &Path, variables: &[(&str, &str)]) -> (Output, String) {
    let run = Command::new(served::HENHOUSE)
        .args(words)
        .arg("--data")
        .arg(data)
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let said = [run.stdout.as_slice(), &run.stderr].concat();
    let said = told(&String::from_utf8(said).unwrap());
    (run, said)
}

#[test]
fn a_lost_machine_is_put_back_from_the_bucket_by_the_written_guide() {
    let house = House::new();
    let (data, place) = (house.data(), format!("s3://{BUCKET}/farm"));
    let folder = house.folder.path().to_owned();
    let settings = format!(
        "[backup]\nto = '{place}'\n[backup.s3]\nendpoint = '{}'\nregion = '{REGION}'\n\
         access_key_file = '{}'\nsecret_key_file = '{}'\n",
        house.s3.endpoint,
        folder.join("id").display(),
        folder.join("secret").display(),
    );
    fs::write(data.join("henhouse.toml"), settings).unwrap();
    let key = folder.join("root.key");
    fs::copy(data.join("root.key"), &key).unwrap();
    // The directory is let go, as a server lets it go that stops.
    let House {
        folder: held,
        s3,
        store,
        keeper,
        ..
    } = house;
    drop((store, keeper));
    let (made, said) = henhouse(&["backup"], &data, &[]);
    assert!(made.status.success(), "{said}");
    assert!(said.contains(&place), "{said}");
    let aws = [
        ("AWS_ENDPOINT_URL", s3.endpoint.as_str()),
        ("AWS_REGION", REGION),
        ("AWS_ACCESS_KEY_ID", KEY),
        ("AWS_SECRET_ACCESS_KEY", SECRET),
    ];
    let fresh = held.path().join("fresh");
    let from = ["--from", &place, "--key", key.to_str().unwrap()];
    let check = [&["restore", "--check"][..], &from].concat();
    let (checked, said) = henhouse(&check, &fresh, &aws);
    assert!(checked.status.success(), "{said}");
    let hash = said.split("SHA-256 ").nth(1).unwrap()[..64].to_owned();
    let (restored, said) = henhouse(&[&["restore"][..], &from].concat(), &fresh, &aws);
    assert!(restored.status.success() && said.contains(&hash), "{said}");
    // The exhibits of this test were laid beside the journal, which `verify` tells.
    let (_, said) = henhouse(&["verify"], &fresh, &[]);
    assert!(said.contains("The record is sound"), "{said}");
    // What is wrong is said, and never with a key.
    for (name, wrong, expected) in [
        (3, "another secret", "SignatureDoesNotMatch"),
        (0, "http://127.0.0.1:9", "cannot be reached"),
        (3, "", "there are no keys"),
    ] {
        let mut aws = aws;
        aws[name].1 = wrong;
        let (run, said) = henhouse(&check, &fresh, &aws);
        assert!(!run.status.success() && said.contains(expected), "{said}");
    }
}
