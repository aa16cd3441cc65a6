//! Whatever happens to an exhibit on disk is found, and nothing half is ever kept. No test here asserts on a duration.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

use super::*;

const NO_LIMIT: u64 = u64::MAX;

struct Place {
    folder: tempfile::TempDir,
    exhibits: Exhibits,
    key: JournalKey,
    ids: Ids,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ids = Ids::seeded(4);
        Self {
            exhibits: Exhibits::open(&folder.path().join("exhibits")).unwrap(),
            key: JournalKey::create(Uuid::from_u128(142), &ids),
            folder,
            ids,
        }
    }

    fn keep(&self, bytes: &[u8]) -> super::super::Kept {
        self.exhibits
            .keep(&self.key, bytes, NO_LIMIT, &self.ids)
            .unwrap()
    }

    fn read(&self, hash: &ExhibitHash) -> Result<Vec<u8>, io::Error> {
        let mut bytes = Vec::new();
        self.exhibits
            .read(&self.key, hash)
            .unwrap()
            .read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn path(&self, hash: &ExhibitHash) -> PathBuf {
        self.exhibits.path(self.key.journal(), hash)
    }

    /// Every file below the folder of exhibits.
    fn files(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        let mut folders = vec![self.folder.path().join("exhibits")];
        while let Some(folder) = folders.pop() {
            for found in fs::read_dir(folder).unwrap() {
                let path = found.unwrap().path();
                if path.is_dir() {
                    &mut folders
                } else {
                    &mut files
                }
                .push(path);
            }
        }
        files
    }

    fn overwrite(&self, hash: &ExhibitHash, change: impl FnOnce(&mut Vec<u8>)) {
        let path = self.path(hash);
        let mut bytes = fs::read(&path).unwrap();
        change(&mut bytes);
        fs::remove_file(&path).unwrap();
        fs::write(&path, bytes).unwrap();
    }
}

#[test]
fn what_is_kept_comes_back_under_the_hash_of_its_bytes() {
    let place = Place::new();
    let bytes = vec![7; 200_000];
    let kept = place.keep(&bytes);
    assert_eq!(
        (kept.hash, kept.size, kept.before),
        (ExhibitHash::of(&bytes), 200_000, false)
    );
    assert_eq!(place.read(&kept.hash).unwrap(), bytes);
    assert_eq!(
        place.exhibits.read(&place.key, &kept.hash).unwrap().size(),
        200_000
    );
    assert_eq!(
        place.exhibits.verify(&place.key, &kept.hash).unwrap(),
        200_000
    );
    assert_eq!(
        place.exhibits.list(place.key.journal()).unwrap(),
        [kept.hash]
    );
    assert_eq!(
        place.files(),
        [place.path(&kept.hash)],
        "nothing is left aside"
    );
}

#[test]
fn an_empty_file_is_an_exhibit_too() {
    let place = Place::new();
    let kept = place.keep(b"");
    assert_eq!(kept.hash, ExhibitHash::of(b""));
    assert_eq!(place.read(&kept.hash).unwrap(), b"");
}

#[test]
fn a_kept_file_is_read_only_encrypted_and_in_folders_for_the_service_alone() {
    let place = Place::new();
    let bytes = b"the fox was seen at the barn, the fox was seen at the barn";
    let path = place.path(&place.keep(bytes).hash);
    assert_eq!(fs::metadata(&path).unwrap().mode() & 0o7777, 0o400);
    let stored = fs::read(&path).unwrap();
    assert!(!stored.windows(7).any(|part| part == b"the fox"));
    let root = place.folder.path().join("exhibits");
    for folder in path
        .ancestors()
        .skip(1)
        .take_while(|folder| folder.starts_with(&root))
    {
        assert_eq!(
            fs::metadata(folder).unwrap().mode() & 0o777,
            0o700,
            "{folder:?}"
        );
    }
}

#[test]
fn the_same_bytes_are_kept_once_and_never_overwritten() {
    let place = Place::new();
    let first = place.keep(b"two chickens");
    let inode = fs::metadata(place.path(&first.hash)).unwrap().ino();
    let again = place.keep(b"two chickens");
    assert!(again.before);
    assert_eq!(fs::metadata(place.path(&first.hash)).unwrap().ino(), inode);
    assert_eq!(place.files().len(), 1);
}

#[test]
fn the_same_bytes_in_two_journals_share_nothing() {
    let place = Place::new();
    let other = JournalKey::create(Uuid::from_u128(143), &place.ids);
    let kept = place.keep(b"two chickens");
    assert!(matches!(
        place.exhibits.read(&other, &kept.hash),
        Err(CannotRead::Missing { .. })
    ));
    let there = place
        .exhibits
        .keep(&other, &b"two chickens"[..], NO_LIMIT, &place.ids)
        .unwrap();
    assert!(
        !there.before,
        "whoever keeps a file learns nothing of another journal"
    );
    assert_eq!(place.files().len(), 2);
}

#[test]
fn many_at_once_with_the_same_bytes_all_get_the_one_exhibit() {
    let place = Place::new();
    let bytes = vec![9; 300_000];
    let kept: Vec<_> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..8).map(|_| scope.spawn(|| place.keep(&bytes))).collect();
        running.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(kept.iter().filter(|kept| !kept.before).count(), 1);
    assert!(kept.iter().all(|kept| kept.hash == ExhibitHash::of(&bytes)));
    assert_eq!(place.files().len(), 1);
    assert_eq!(place.read(&kept[0].hash).unwrap(), bytes);
}

/// Something done to the stored bytes.
type Change = fn(&mut Vec<u8>);

#[test]
fn a_flipped_bit_or_a_cut_of_the_file_is_found() {
    let place = Place::new();
    let bytes = vec![7; 70_000];
    let changes: [Change; 6] = [
        |stored| stored[0] ^= 1,
        |stored| stored[20] ^= 1,
        |stored| stored[1000] ^= 0x80,
        |stored| *stored.last_mut().unwrap() ^= 1,
        |stored| stored.truncate(27 + 65_536 + 16),
        |stored| stored.clear(),
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let kept = place.keep(&bytes);
        place.overwrite(&kept.hash, change);
        let finding = place.exhibits.verify(&place.key, &kept.hash).unwrap_err();
        assert!(
            matches!(finding, CannotRead::Damaged { .. }),
            "change {number}: {finding}"
        );
        let again = place
            .exhibits
            .keep(&place.key, &bytes[..], NO_LIMIT, &place.ids);
        assert!(
            matches!(again, Err(NotKept::Before(CannotRead::Damaged { .. }))),
            "a damaged exhibit is not passed off as kept"
        );
        fs::remove_file(place.path(&kept.hash)).unwrap();
    }
}

#[test]
fn an_exhibit_put_in_the_place_of_another_is_found() {
    let place = Place::new();
    let (one, other) = (place.keep(b"two chickens"), place.keep(b"three chickens"));
    let stored = fs::read(place.path(&other.hash)).unwrap();
    place.overwrite(&one.hash, |bytes| *bytes = stored);
    assert!(place.read(&one.hash).is_err());
    assert_eq!(
        place
            .exhibits
            .verify(&place.key, &one.hash)
            .unwrap_err()
            .to_string(),
        format!(
            "exhibit {} of journal {} is damaged: its bytes are sound, but they are another exhibit's; \
             restore it from a backup",
            one.hash,
            place.key.journal()
        )
    );
}

#[test]
fn the_limit_holds_to_the_byte_and_leaves_nothing() {
    let place = Place::new();
    let keep = |size: usize, limit| {
        place
            .exhibits
            .keep(&place.key, &vec![1; size][..], limit, &place.ids)
    };
    for limit in [0, 1, 65_536, 100_000] {
        assert!(keep(limit, limit as u64).is_ok());
        let before = place.files().len();
        assert!(matches!(
            keep(limit + 1, limit as u64),
            Err(NotKept::TooLarge { limit: said }) if said == limit as u64
        ));
        assert_eq!(place.files().len(), before);
    }
}

#[test]
fn half_a_file_is_never_kept() {
    let place = Place::new();
    let mut incoming = place.exhibits.receive(&place.key, 10, &place.ids).unwrap();
    incoming.write(b"12345").unwrap();
    assert!(matches!(
        incoming.write(b"678901"),
        Err(NotKept::TooLarge { .. })
    ));
    assert!(matches!(incoming.write(b"6"), Err(NotKept::GivenUp)));
    assert!(matches!(incoming.finish(), Err(NotKept::GivenUp)));

    let mut dropped = place.exhibits.receive(&place.key, 10, &place.ids).unwrap();
    dropped.write(b"12345").unwrap();
    drop(dropped);

    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::ErrorKind::ConnectionReset.into())
        }
    }
    let broken = (&b"half of it"[..]).chain(Broken);
    assert!(matches!(
        place
            .exhibits
            .keep(&place.key, broken, NO_LIMIT, &place.ids),
        Err(NotKept::Source(_))
    ));
    assert!(place.files().is_empty());
}

#[test]
fn a_disk_that_refuses_is_said_and_nothing_stays() {
    let place = Place::new();
    // A file where the journal's folder would be: naming the exhibit fails after all its bytes were written.
    fs::write(place.exhibits.shelves(place.key.journal()), "").unwrap();
    let refused = place
        .exhibits
        .keep(&place.key, &b"two chickens"[..], NO_LIMIT, &place.ids);
    assert!(matches!(refused, Err(NotKept::Io(_))));
    assert_eq!(fs::read_dir(place.exhibits.incoming()).unwrap().count(), 0);

    let full = NotKept::from(io::Error::from(io::ErrorKind::StorageFull));
    assert!(
        full.to_string()
            .starts_with("there is no room left on the disk, and nothing was kept")
    );
}

#[test]
fn what_a_crash_left_half_arrived_is_removed_at_the_start_and_nothing_else() {
    let place = Place::new();
    let kept = place.keep(b"two chickens");
    let mut incoming = place.exhibits.receive(&place.key, 10, &place.ids).unwrap();
    incoming.write(b"12345").unwrap();
    std::mem::forget(incoming);
    assert_eq!(place.files().len(), 2);

    let again = Exhibits::open(&place.folder.path().join("exhibits")).unwrap();
    assert_eq!(place.files(), [place.path(&kept.hash)]);
    assert_eq!(again.verify(&place.key, &kept.hash).unwrap(), 12);
}

#[test]
fn a_crash_between_naming_and_tidying_leaves_a_whole_exhibit() {
    let place = Place::new();
    let kept = place.keep(b"two chickens");
    fs::hard_link(
        place.path(&kept.hash),
        place.exhibits.incoming().join("left"),
    )
    .unwrap();
    Exhibits::open(&place.folder.path().join("exhibits")).unwrap();
    assert_eq!(place.read(&kept.hash).unwrap(), b"two chickens");
    let mode = fs::metadata(place.path(&kept.hash))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o7777, 0o400);
}

#[test]
fn people_unknown_leave_room_for_the_journals() {
    let room = |room: Room| {
        let place = Place::new();
        let exhibits = place.exhibits.clone().on_a_disk(room);
        let begun = exhibits.receive_from_anybody(&place.key, NO_LIMIT, &place.ids);
        let known = exhibits.receive(&place.key, NO_LIMIT, &place.ids);
        assert!(known.is_ok(), "whoever is known may use it");
        (place, begun)
    };
    const GIB: u64 = 1 << 30;
    assert!(room(|_| Ok((100 * GIB, GIB + 1))).1.is_ok());
    assert!(
        room(|_| Ok((2 * GIB, GIB))).1.is_ok(),
        "a small disk keeps less"
    );
    for full in [(100 * GIB, GIB), (2 * GIB, GIB / 11)] {
        let begun = match full {
            (_, GIB) => room(|_| Ok((100 * GIB, GIB))).1,
            _ => room(|_| Ok((2 * GIB, GIB / 11))).1,
        };
        assert!(matches!(begun, Err(NotKept::Reserved)), "{full:?}");
    }
    // It runs full while the file arrives: the look at the disk is taken again, and nothing stays.
    let (place, begun) = room(|folder| {
        let half: u64 = fs::read_dir(folder.join("incoming"))?
            .map(|file| file.and_then(|file| file.metadata()).map_or(0, |m| m.len()))
            .sum();
        Ok((100 * GIB, GIB + 5 * 1024 * 1024 - half.min(5 * 1024 * 1024)))
    });
    let mut incoming = begun.unwrap();
    let portion = vec![7; 1024 * 1024];
    let ended = (0..20).find_map(|_| incoming.write(&portion).err());
    assert!(matches!(ended, Some(NotKept::Reserved)), "{ended:?}");
    drop(incoming);
    assert_eq!(place.files(), [] as [PathBuf; 0]);
}
