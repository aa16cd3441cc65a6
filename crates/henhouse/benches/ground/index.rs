//! A data directory with very many cases: rows of the index and searchable texts, no journals.
//! What they say about time lies far ahead, so that a server on it has open obligations and
//! nothing to do.

use std::path::Path;

use henhouse::ids::Ids;
use henhouse::store::{
    CaseNumber, CaseRow, JournalId, JournalKind, JournalRow, PostgresOptions, Result,
    SearchDocument, SqliteOptions, Store, Title, Tx,
};
use jiff::{SignedDuration, Timestamp};

/// So many cases share a commit.
const PORTION: u64 = 200;
/// Words of the texts, from the most to the least frequent.
const WORDS: u64 = 20_000;
/// Words of one text.
const TEXT_WORDS: u64 = 12;

/// Chance that repeats: a linear congruence after Knuth's constants.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    /// A word; the smaller its number, the more frequent it is.
    fn word(&mut self) -> String {
        let (a, b) = (self.next() % WORDS, self.next() % WORDS);
        syllables(a * b / WORDS)
    }
}

/// Pronounceable, and different for each number.
fn syllables(mut n: u64) -> String {
    const PARTS: [&str; 16] = [
        "ba", "de", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu", "va", "we", "zi", "cho", "fra",
        "gel",
    ];
    let mut word = String::new();
    loop {
        word.push_str(PARTS[(n % 16) as usize]);
        n /= 16;
        if n == 0 {
            return word;
        }
    }
}

/// Adds so many cases with so many searchable entries in all to an installation that nobody serves: its data directory,
/// or the address of its database. They go to all of its projects in turn, or to the one with this short name.
pub fn fill(place: &str, cases: u64, entries: u64, project: Option<&str>) {
    let ids = Ids::seeded(1);
    let store = open(place, &ids).expect("nobody serves it");
    let mut projects = store.read_inline(|view| view.projects()).expect("readable");
    projects.retain(|row| project.is_none_or(|slug| row.slug == slug));
    let mut chance = Chance(7);
    for first in (0..cases).step_by(PORTION as usize) {
        let numbers: Vec<u64> = (first..cases.min(first + PORTION)).collect();
        let mine = &mut chance;
        store
            .write_inline(|tx| {
                for n in numbers {
                    let project = projects[(n % projects.len() as u64) as usize].journal;
                    case(tx, &ids, project, n, entries / cases, mine)?;
                }
                Ok::<_, henhouse::store::StoreError>(())
            })
            .expect("written");
    }
    println!("cases {cases}");
}

/// The store of a data directory, or the one at a database's address.
fn open(place: &str, ids: &Ids) -> Result<Store> {
    if !place.starts_with("postgres:") {
        return Store::sqlite(Path::new(place), SqliteOptions { readers: 0 });
    }
    Store::postgres(&PostgresOptions {
        address: place.to_owned(),
        node: ids.uuid_v7(Timestamp::UNIX_EPOCH),
        readers: 0,
        held: None,
    })
}

/// What is kept of a case beside it: lengths of time that differ, some unknown, some words.
fn figures(n: u64, seq: u64) -> String {
    let unknown = n.is_multiple_of(7);
    let mut kept = serde_json::json!({
        "v": 1, "q": seq, "a": 60 + n % 1_800, "i": 90 + n % 2_400, "s": 600 + n % 5_400,
        "t": n % 4, "e": n % 3, "h": "monitoring", "w": ["phishing"],
    });
    if !unknown {
        kept["d"] = (n * 37 % 864_000).into();
        kept["c"] = (n * 91 % 604_800).into();
    }
    kept.to_string()
}

fn case(
    tx: &mut dyn Tx,
    ids: &Ids,
    project: JournalId,
    n: u64,
    texts: u64,
    chance: &mut Chance,
) -> Result<()> {
    let begun: Timestamp = "2026-01-01T00:00:00Z".parse().expect("a time");
    let at = begun + SignedDuration::from_secs(60 * n as i64);
    let journal = JournalId(ids.uuid_v7(at));
    tx.create_journal(&JournalRow {
        id: journal,
        kind: JournalKind::Case,
        parent: Some(project),
        created_at: at,
    })?;
    let (open, restricted) = (n.is_multiple_of(10), n % 20 == 3);
    let title = format!("{} {} {}", chance.word(), chance.word(), chance.word());
    let severities = ["high", "medium", "low", "unknown"];
    tx.put_index(&CaseRow {
        journal,
        number: CaseNumber {
            prefix: "OLD".to_owned(),
            n: n + 1,
        },
        project,
        title: if restricted {
            Title::None
        } else {
            Title::Plain(title)
        },
        status: if open { "confirmed" } else { "closed" }.to_owned(),
        phase: if open { "remediate" } else { "done" }.to_owned(),
        severity: Some(severities[(n % 4) as usize].to_owned()),
        restricted,
        kind: "other".to_owned(),
        arrival: "known".to_owned(),
        tags: Vec::new(),
        opened_at: at,
        updated_at: at,
        next_wake: Some("2100-01-01T00:00:00Z".parse().expect("a time")),
        seq: texts.max(1),
        ic: None,
        open,
        figures: Some(figures(n, texts.max(1))),
    })?;
    if restricted {
        // Somebody else's: the bench has no journal from which its title could be read.
        return tx.set_members(journal, &["bob".to_owned()].into());
    }
    for seq in 1..=texts {
        let words: Vec<String> = (0..TEXT_WORDS).map(|_| chance.word()).collect();
        let text = words.join(" ");
        tx.search_index_put(&SearchDocument { journal, seq, text })?;
    }
    Ok(())
}
