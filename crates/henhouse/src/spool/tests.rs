//! What is kept is found again, wherever the file ends and whatever was flipped in it.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

use std::collections::BTreeMap;
use std::path::PathBuf;

use tempfile::TempDir;

use super::*;
use crate::vault::RootKey;

struct Place {
    folder: TempDir,
    root: RootKey,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = RootKey::create(&folder.path().join("root.key"), &Ids::seeded(1)).unwrap();
        Self { folder, root }
    }

    fn open(&self) -> (Spool, Found) {
        self.open_to_write(Writes::Apart)
    }

    fn open_to_write(&self, writes: Writes) -> (Spool, Found) {
        let key = SpoolKey::derive(&self.root);
        let folder = self.folder.path().join("spool");
        Spool::open(&folder, key, Ids::seeded(2), writes).unwrap()
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("spool/log")
    }

    fn words(&self) -> Vec<String> {
        waiting(&self.open_to_write(Writes::Here).0)
    }
}

/// What waits, read in two ways.
fn waiting(spool: &Spool) -> Vec<String> {
    let mut waiting = BTreeMap::new();
    let look = |earlier| match earlier {
        Earlier::Kept(placed, content) => drop(waiting.insert(placed.n, (placed.span, content))),
        Earlier::Settled(n) => drop(waiting.remove(&n)),
    };
    spool.look_back(look).unwrap();
    let words = waiting.into_values().map(|(span, content)| {
        assert_eq!(spool.read(span).unwrap(), content);
        String::from_utf8(content).unwrap()
    });
    words.collect()
}

async fn keep(spool: &Spool, word: &str) -> u64 {
    spool.keep(word.as_bytes().to_vec()).await.unwrap().n
}

#[tokio::test]
async fn what_was_kept_is_found_in_order_and_what_was_settled_is_not() {
    let place = Place::new();
    let (spool, found) = place.open();
    assert_eq!((found, waiting(&spool)), (Found::default(), Vec::new()));
    for word in ["a", "b", "c"] {
        keep(&spool, word).await;
    }
    spool.settle(&[2]).await.unwrap();
    let node = spool.node();
    drop(spool);
    assert_eq!(place.words(), ["a", "c"]);
    let (spool, _) = place.open();
    assert_eq!((spool.node(), keep(&spool, "d").await), (node, 4));
    spool.settle(&[4]).await.unwrap();
    assert!(
        std::fs::metadata(place.log()).unwrap().len() > 0,
        "nobody has looked at what was there before"
    );
    assert_eq!(waiting(&spool), ["a", "c"]);
    for n in [1, 3] {
        spool.settle(&[n]).await.unwrap();
    }
    assert_eq!(std::fs::metadata(place.log()).unwrap().len(), 0);
    assert_eq!(keep(&spool, "e").await, 5, "a place is given once");
}

#[tokio::test]
async fn wherever_the_file_is_cut_off_what_stands_before_is_whole() {
    let place = Place::new();
    let (spool, _) = place.open();
    let mut ends = Vec::new();
    for word in ["a", "b", "c"] {
        keep(&spool, word).await;
        ends.push(std::fs::metadata(place.log()).unwrap().len());
    }
    drop(spool);
    let whole = std::fs::read(place.log()).unwrap();
    for cut in 0..=whole.len() {
        std::fs::write(place.log(), &whole[..cut]).unwrap();
        let expected = ends.iter().filter(|end| **end <= cut as u64).count();
        let before = expected.checked_sub(1).map_or(0, |last| ends[last]);
        let (spool, found) = place.open_to_write(Writes::Here);
        assert_eq!(waiting(&spool).len(), expected);
        assert_eq!((found.older_bytes, found.damaged_bytes), (before, 0));
        assert_eq!(found.torn_bytes, cut as u64 - before);
    }
    std::fs::write(place.log(), &whole[..whole.len() - 1]).unwrap();
    assert_eq!(place.words(), ["a", "b"]);
    let left = std::fs::metadata(place.log()).unwrap().len();
    assert_eq!(left, ends[1], "and new ones go behind them");
}

#[tokio::test]
async fn a_flipped_byte_in_the_middle_is_put_aside_and_the_rest_is_found() {
    let place = Place::new();
    let (spool, _) = place.open();
    for word in ["a", "b", "c"] {
        keep(&spool, word).await;
    }
    drop(spool);
    let mut bytes = std::fs::read(place.log()).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(place.log(), &bytes).unwrap();
    for (damaged, next) in [(bytes.len() as u64 / 3, 4), (0, 5)] {
        let (spool, _) = place.open_to_write(Writes::Here);
        assert_eq!(spool.look_back(drop).unwrap(), damaged, "once");
        assert_eq!(waiting(&spool), ["a", "c"]);
        assert_eq!(keep(&spool, "d").await, next);
        spool.settle(&[next]).await.unwrap();
    }
    let aside = std::fs::read_dir(place.folder.path().join("spool")).unwrap();
    let aside = aside.filter(|file| {
        let name = file.as_ref().unwrap().file_name();
        name.to_str().unwrap().starts_with("damaged-")
    });
    assert_eq!(aside.count(), 1);
}

#[tokio::test]
async fn nothing_readable_lies_on_disk_and_another_key_opens_nothing() {
    let place = Place::new();
    let (spool, _) = place.open();
    keep(&spool, "the chickens are escaping").await;
    drop(spool);
    let bytes = std::fs::read(place.log()).unwrap();
    assert!(!bytes.windows(8).any(|part| part == b"chickens"));
    let other = Place::new();
    let key = SpoolKey::derive(
        &RootKey::create(&other.folder.path().join("k"), &Ids::seeded(9)).unwrap(),
    );
    let folder = place.folder.path().join("spool");
    let (spool, found) = Spool::open(&folder, key, Ids::seeded(2), Writes::Apart).unwrap();
    assert_eq!(waiting(&spool).len(), 0);
    assert_eq!(
        found.damaged_bytes,
        bytes.len() as u64,
        "it is put aside, not cut off"
    );
}

#[tokio::test]
async fn a_length_that_was_changed_hides_nothing_that_stands_behind_it() {
    let place = Place::new();
    let (spool, _) = place.open();
    for word in ["a", "b", "c", "d"] {
        keep(&spool, word).await;
    }
    drop(spool);
    let whole = std::fs::read(place.log()).unwrap();
    let quarter = whole.len() / 4;
    for byte in 0..8 {
        let mut bytes = whole.clone();
        bytes[quarter + byte] ^= 1;
        std::fs::write(place.log(), &bytes).unwrap();
        assert_eq!(place.words(), ["a", "c", "d"], "byte {byte} of the second");
    }
}

#[test]
fn a_flood_of_long_words_leaves_room_for_short_ones_and_for_taps() {
    const MIB: u64 = 1 << 20;
    let room = |mib: u64, bytes| writer::has_room(mib * MIB, bytes);
    assert!(room(0, 320 << 10) && room(127, 320 << 10));
    assert!(!room(128, 320 << 10), "half of it is for shorter ones");
    assert!(room(191, 5_000) && !room(193, 5_000));
    assert!(room(239, 2_000) && !room(241, 2_000));
    assert!(room(255, 400) && !room(256, 400));
}
