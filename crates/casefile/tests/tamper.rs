//! Whatever is done to a stored journal is found, and the finding says where.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use casefile::{Chain, Envelope, Hash, Head, Stored, chain};
use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

const JOURNAL: Uuid = Uuid::from_u128(0x01a1_fdfa_4600_7000_8000_0000_0000_0142);

#[derive(Clone, Debug, PartialEq)]
struct Row {
    seq: u64,
    hash: Hash,
    bytes: Vec<u8>,
}

impl Row {
    fn stored(&self) -> Stored<'_> {
        Stored {
            seq: self.seq,
            hash: self.hash,
            bytes: &self.bytes,
        }
    }
}

fn entry(journal: Uuid, seq: u64, at: Timestamp, prev: Hash, note: u32) -> Row {
    let chained = Envelope {
        journal,
        seq,
        recorded_at: at,
        happened_at: Value::Null,
        actor: json!({"person": "p-1"}),
        kind: "noted".into(),
        body: json!({ "note": note }),
        prev,
    }
    .build()
    .unwrap();
    Row {
        seq,
        hash: chained.hash,
        bytes: chained.bytes,
    }
}

fn start() -> Timestamp {
    "2026-11-21T03:12:00Z".parse().unwrap()
}

/// A sound journal; each number is a note and also how many seconds passed before it.
fn journal_of(notes: &[u32]) -> Vec<Row> {
    journal_named(JOURNAL, notes)
}

fn journal_named(journal: Uuid, notes: &[u32]) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut at = start();
    for (note, seq) in notes.iter().zip(1..) {
        at += jiff::SignedDuration::from_secs((*note).into());
        let prev = rows.last().map_or(Hash::ZERO, |row| row.hash);
        rows.push(entry(journal, seq, at, prev, *note));
    }
    rows
}

fn head(rows: &[Row]) -> Head {
    rows.last().map_or(Head::EMPTY, |row| Head {
        seq: row.seq,
        hash: row.hash,
    })
}

fn verify(rows: &[Row], expected: Option<Head>) -> Result<Head, casefile::Finding> {
    chain::verify(JOURNAL, rows.iter().map(Row::stored), expected)
}

fn finding(rows: &[Row], expected: Option<Head>) -> String {
    verify(rows, expected).unwrap_err().to_string()
}

/// What is said after "journal ..., ".
fn said(rows: &[Row], expected: Option<Head>) -> String {
    let text = finding(rows, expected);
    text.strip_prefix("journal 01a1fdfa-4600-7000-8000-000000000142, ")
        .unwrap()
        .to_owned()
}

proptest! {
    #[test]
    fn a_sound_journal_passes(notes in prop::collection::vec(0..9999_u32, 0..8)) {
        let rows = journal_of(&notes);
        prop_assert_eq!(verify(&rows, Some(head(&rows))).unwrap(), head(&rows));
    }

    #[test]
    fn any_changed_byte_is_found_at_its_entry(
        notes in prop::collection::vec(0..9999_u32, 1..6),
        row in any::<prop::sample::Index>(),
        place in any::<prop::sample::Index>(),
        flip in 1..=255_u8,
    ) {
        let mut rows = journal_of(&notes);
        let row = row.index(rows.len());
        let place = place.index(rows[row].bytes.len());
        rows[row].bytes[place] ^= flip;
        prop_assert_eq!(verify(&rows, None).unwrap_err().seq, row as u64 + 1);
    }

    #[test]
    fn any_changed_byte_is_found_even_with_a_fitting_hash(
        notes in prop::collection::vec(0..9999_u32, 1..6),
        row in any::<prop::sample::Index>(),
        place in any::<prop::sample::Index>(),
        flip in 1..=255_u8,
    ) {
        let mut rows = journal_of(&notes);
        let known = head(&rows);
        let row = row.index(rows.len());
        let place = place.index(rows[row].bytes.len());
        rows[row].bytes[place] ^= flip;
        rows[row].hash = Hash::of_entry(&rows[row].bytes);
        let found = verify(&rows, Some(known)).unwrap_err().seq;
        let here = row as u64 + 1;
        prop_assert!(found == here || found == here + 1, "changed {}, found at {}", here, found);
    }

    #[test]
    fn any_other_stored_hash_is_found(
        notes in prop::collection::vec(0..9999_u32, 1..6),
        row in any::<prop::sample::Index>(),
        bit in 0..256_usize,
    ) {
        let mut rows = journal_of(&notes);
        let row = row.index(rows.len());
        let mut hash = *rows[row].hash.as_bytes();
        hash[bit / 8] ^= 1 << (bit % 8);
        rows[row].hash = hash.into();
        prop_assert_eq!(verify(&rows, None).unwrap_err().seq, row as u64 + 1);
    }

    #[test]
    fn any_dropped_entry_is_found(
        notes in prop::collection::vec(0..9999_u32, 1..8),
        row in any::<prop::sample::Index>(),
    ) {
        let mut rows = journal_of(&notes);
        let known = head(&rows);
        let row = row.index(rows.len());
        rows.remove(row);
        prop_assert_eq!(verify(&rows, Some(known)).unwrap_err().seq, row as u64 + 1);
    }

    #[test]
    fn any_dropped_entry_is_found_even_when_the_rest_is_numbered_anew(
        notes in prop::collection::vec(0..9999_u32, 2..8),
        row in any::<prop::sample::Index>(),
    ) {
        let mut rows = journal_of(&notes);
        let row = row.index(rows.len() - 1);
        rows.remove(row);
        for (seq, row) in (1..).zip(&mut rows) {
            row.seq = seq;
        }
        prop_assert_eq!(verify(&rows, None).unwrap_err().seq, row as u64 + 1);
    }

    #[test]
    fn any_two_swapped_entries_are_found(
        notes in prop::collection::vec(0..9999_u32, 2..8),
        one in any::<prop::sample::Index>(),
        other in any::<prop::sample::Index>(),
        numbered_anew in any::<bool>(),
    ) {
        let mut rows = journal_of(&notes);
        let (one, other) = (one.index(rows.len()), other.index(rows.len()));
        prop_assume!(one != other);
        rows.swap(one, other);
        if numbered_anew {
            for (seq, row) in (1..).zip(&mut rows) {
                row.seq = seq;
            }
        }
        prop_assert_eq!(verify(&rows, None).unwrap_err().seq, one.min(other) as u64 + 1);
    }

    #[test]
    fn any_inserted_entry_is_found(
        notes in prop::collection::vec(0..9999_u32, 1..8),
        place in any::<prop::sample::Index>(),
        note in 10_000..20_000_u32,
    ) {
        let sound = journal_of(&notes);
        let place = place.index(sound.len() + 1);
        let before = head(&sound[..place]);
        let at = sound.get(place).map_or(start(), |row| Envelope::parse(&row.bytes).unwrap().recorded_at);
        let mut rows = sound.clone();
        rows.insert(place, entry(JOURNAL, before.seq + 1, at, before.hash, note));
        prop_assert!(verify(&rows, Some(head(&sound))).is_err());
        for (seq, row) in (1..).zip(&mut rows) {
            row.seq = seq;
        }
        prop_assert!(verify(&rows, Some(head(&sound))).is_err());
    }

    #[test]
    fn any_history_written_anew_is_found_by_any_later_witness(
        notes in prop::collection::vec(0..9999_u32, 1..8),
        changed in any::<prop::sample::Index>(),
        seen in any::<prop::sample::Index>(),
    ) {
        let sound = journal_of(&notes);
        let changed = changed.index(notes.len());
        let seen = changed + seen.index(notes.len() - changed);
        let mut notes = notes.clone();
        notes[changed] += 1;
        let forged = journal_of(&notes);

        let mut chain = Chain::new(JOURNAL);
        chain.witness(head(&sound[..=seen])).unwrap();
        let found = forged.iter().find_map(|row| chain.push(&row.stored()).err()).unwrap();
        prop_assert_eq!(found.seq, seen as u64 + 1);
    }
}

#[test]
fn a_finding_is_a_sentence_with_journal_and_place() {
    let rows = journal_of(&[1, 2, 3, 4]);

    let dropped = [&rows[..1], &rows[2..]].concat();
    assert_eq!(
        finding(&dropped, None),
        "journal 01a1fdfa-4600-7000-8000-000000000142, entry 2: it is missing; entry 3 stands where it belongs"
    );

    let repeated = [&rows[..2], &rows[1..]].concat();
    assert_eq!(
        said(&repeated, None),
        "entry 3: entry 2 stands here once more; an entry was put in or the order was changed"
    );

    let mut changed = rows.clone();
    changed[1].bytes[9] ^= 1;
    assert!(said(&changed, None).starts_with("entry 2: its bytes have the hash "));

    let mut spelled = rows.clone();
    spelled[1].bytes.push(b'\n');
    spelled[1].hash = Hash::of_entry(&spelled[1].bytes);
    assert_eq!(
        said(&spelled, None),
        "entry 2: its bytes are not the canonical spelling (RFC 8785) of what they say; \
         its bytes were changed or damaged"
    );

    let mut moved = rows.clone();
    moved[1] = Row {
        seq: 2,
        ..rows[2].clone()
    };
    assert_eq!(
        said(&moved, None),
        "entry 2: it is stored here but says that it is entry 3; it was moved or changed"
    );
}

#[test]
fn an_entry_of_another_journal_is_found() {
    let other = Uuid::from_u128(7);
    let mut rows = journal_of(&[1, 2]);
    rows[0] = journal_named(other, &[1]).remove(0);
    assert_eq!(
        said(&rows, None),
        "entry 1: it says that it belongs to journal 00000000-0000-0000-0000-000000000007; \
         it was put in from there"
    );
}

#[test]
fn an_entry_recorded_before_the_one_that_it_follows_is_found() {
    let mut rows = journal_of(&[10]);
    let before = start() + jiff::SignedDuration::from_secs(9);
    rows.push(entry(JOURNAL, 2, before, rows[0].hash, 1));
    assert_eq!(
        said(&rows, None),
        "entry 2: it was recorded at 2026-11-21T03:12:09Z, before the entry that it follows \
         (2026-11-21T03:12:10Z)"
    );
}

#[test]
fn a_journal_cut_off_is_found_when_its_head_is_known() {
    let rows = journal_of(&[1, 2, 3, 4]);
    assert!(
        verify(&rows[..2], None).is_ok(),
        "the chain alone cannot show it"
    );
    assert_eq!(
        said(&rows[..2], Some(head(&rows))),
        "entry 3: it is missing; the journal ends at entry 2 but is known to reach entry 4"
    );
    assert_eq!(
        said(&[], Some(head(&rows))),
        "entry 1: it is missing; the journal ends at entry 0 but is known to reach entry 4"
    );
}

#[test]
fn a_journal_longer_than_its_head_or_with_another_end_is_found() {
    let rows = journal_of(&[1, 2, 3]);
    assert_eq!(
        said(&rows, Some(head(&rows[..2]))),
        "entry 3: it should not be there; the journal is known to end at entry 2"
    );
    let forged = journal_of(&[1, 2, 4]);
    assert!(said(&forged, Some(head(&rows))).contains("was written anew from here or earlier"));
    assert!(said(&forged, Some(Head::EMPTY)).starts_with("entry 1: it should not be there"));
}

#[test]
fn a_chain_that_found_a_break_has_not_moved() {
    let rows = journal_of(&[1, 2, 3]);
    let mut chain = Chain::new(JOURNAL);
    chain.push(&rows[0].stored()).unwrap();
    chain.push(&rows[2].stored()).unwrap_err();
    assert_eq!(chain.head(), head(&rows[..1]));
    chain.push(&rows[1].stored()).unwrap();
}

#[test]
fn two_heads_for_one_place_cannot_both_be_true() {
    let (one, other) = (journal_of(&[1, 2]), journal_of(&[1, 3]));
    let mut chain = Chain::new(JOURNAL);
    chain.witness(head(&one)).unwrap();
    assert_eq!(chain.witness(head(&other)).unwrap_err().seq, 2);
}
