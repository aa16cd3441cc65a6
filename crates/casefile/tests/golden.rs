//! The format does not drift: fixed bytes have fixed hashes, for ever.
//!
//! The vectors were computed by a second, independent implementation. They never change; a new version of the format
//! gets new ones beside them.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use casefile::{Chain, Commitment, Envelope, Hash, Head, Stored, chain, sealed};
use serde_json::json;
use uuid::Uuid;

const ENTRIES: &str = include_str!("vectors/journal-v1.jsonl");
const HASHES: &str = include_str!("vectors/journal-v1.hashes");
const LAST: &str = "27c3afd8f56c3a3533d3c550afb09e3c3dbf07aa10e74927f4a72537c28cee24";

fn journal() -> Uuid {
    "01a1fdfa-4600-7000-8000-000000000142".parse().unwrap()
}

fn stored() -> Vec<Stored<'static>> {
    ENTRIES
        .lines()
        .zip(HASHES.lines())
        .zip(1..)
        .map(|((bytes, hash), seq)| Stored {
            seq,
            hash: hash.parse().unwrap(),
            bytes: bytes.as_bytes(),
        })
        .collect()
}

#[test]
fn the_journal_of_version_1_still_verifies() {
    let head = Head {
        seq: 3,
        hash: LAST.parse().unwrap(),
    };
    assert_eq!(
        chain::verify(journal(), stored(), Some(head)).unwrap(),
        head
    );
}

#[test]
fn the_journal_of_version_1_is_still_written_the_same() {
    for stored in stored() {
        let entry = Envelope::parse(stored.bytes).unwrap();
        let built = entry.build().unwrap();
        assert_eq!(built.bytes, stored.bytes);
        assert_eq!(built.hash, stored.hash);
    }
}

#[test]
fn an_entry_written_out_in_code_has_the_known_hash() {
    let summary: Commitment = sealed::commit(
        &std::array::from_fn(|index| index as u8),
        "Two chickens are loose behind the barn.",
    );
    let entry = Envelope {
        journal: journal(),
        seq: 1,
        recorded_at: "2026-11-21T03:12:00Z".parse().unwrap(),
        happened_at: json!({"exact": false, "at": "2026-11-21T02:55:00Z"}),
        actor: json!({"person": "p-7", "by": "web"}),
        kind: "reported".into(),
        body: json!({"summary": {"$sealed": summary}, "severity": null}),
        prev: Hash::ZERO,
    };
    assert_eq!(
        entry.build().unwrap().hash.to_string(),
        "22e6d269cb1f70b75ac73952ff9489d5b6c2405e456e24f55c9fb7fc443f3ba3"
    );
}

#[test]
fn commitments_have_the_known_values() {
    let rising = std::array::from_fn(|index| index as u8);
    for (salt, text, commitment) in [
        (
            rising,
            "Two chickens are loose behind the barn.",
            "ad880fb1a1cfe6933f5f26deb4815128792ef878460c18f2b013ed7a00529323",
        ),
        (
            [0xff; 32],
            "Jan\u{e9} \u{1f414}",
            "ef59ac631ce9b0236c9e682fb97b842bc246ea673ac19996cf62f4411f77f831",
        ),
        (
            [0; 32],
            "",
            "50f154a0556c1609f553cc00f4236910bb3c9eaf4ce86a2ba56f3f6d560c36b7",
        ),
    ] {
        assert_eq!(sealed::commit(&salt, text).to_string(), commitment);
    }
}

#[test]
fn a_chain_resumed_in_the_middle_ends_at_the_same_head() {
    let entries = stored();
    let mut first = Chain::new(journal());
    first.push(&entries[0]).unwrap();
    let mut rest = Chain::resume(journal(), first.head(), first.recorded_at().unwrap());
    for entry in &entries[1..] {
        rest.push(entry).unwrap();
    }
    assert_eq!(rest.finish(None).unwrap().hash.to_string(), LAST);
}
