//! Records as they lie in the file: a mark, a length, and a box that opens only whole.

use super::Kept;
use crate::ids::Ids;
use crate::vault::SpoolKey;

const MARK: [u8; 4] = *b"HSP\x01";
const HEAD: usize = MARK.len() + 4;
/// No box is longer.
const LONGEST: usize = 4 << 20;
const KEPT: u8 = 1;
const SETTLED: u8 = 2;

/// One record.
pub(super) enum Record {
    /// Something is kept.
    Kept(Kept),
    /// What was kept at that place has been settled.
    Settled(u64),
}

impl Record {
    pub(super) fn n(&self) -> u64 {
        match self {
            Self::Kept(kept) => kept.n,
            Self::Settled(n) => *n,
        }
    }
}

/// What stands in a file.
pub(super) struct Scan {
    pub(super) records: Vec<Record>,
    /// Their bytes and no others.
    pub(super) whole: Vec<u8>,
    /// What stands between whole records and is none, or calls itself whole and does not open.
    pub(super) damaged: Vec<u8>,
    /// Behind everything else: a record that was never finished.
    pub(super) torn_bytes: usize,
}

/// A record as it is appended.
pub(super) fn of(key: &SpoolKey, ids: &Ids, record: &Record) -> Vec<u8> {
    let (kind, content): (u8, &[u8]) = match record {
        Record::Kept(kept) => (KEPT, &kept.content),
        Record::Settled(_) => (SETTLED, &[]),
    };
    let mut inner = Vec::with_capacity(9 + content.len());
    inner.push(kind);
    inner.extend(record.n().to_be_bytes());
    inner.extend(content);
    let closed = key.close(ids, &inner);
    let length = u32::try_from(closed.len()).unwrap_or(u32::MAX);
    let mut frame = Vec::with_capacity(HEAD + closed.len());
    frame.extend(MARK);
    frame.extend(length.to_be_bytes());
    frame.extend(closed);
    frame
}

/// Reads every whole record, whatever stands between them.
pub(super) fn scan(key: &SpoolKey, bytes: &[u8]) -> Scan {
    let mut scan = Scan {
        records: Vec::new(),
        whole: Vec::new(),
        damaged: Vec::new(),
        torn_bytes: 0,
    };
    let (mut at, mut end) = (0, 0);
    while at < bytes.len() {
        let Some((record, length)) = read(key, &bytes[at..]) else {
            at += 1;
            continue;
        };
        scan.damaged.extend(&bytes[end..at]);
        scan.records.push(record);
        scan.whole.extend(&bytes[at..at + length]);
        at += length;
        end = at;
    }
    let rest = &bytes[end..];
    if framed(rest).is_some() {
        scan.damaged.extend(rest);
    } else {
        scan.torn_bytes = rest.len();
    }
    scan
}

/// The box of a record that is there to its end.
fn framed(bytes: &[u8]) -> Option<&[u8]> {
    let rest = bytes.strip_prefix(&MARK)?;
    let (length, rest) = rest.split_first_chunk()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    rest.get(..length).filter(|_| length <= LONGEST)
}

fn read(key: &SpoolKey, bytes: &[u8]) -> Option<(Record, usize)> {
    let closed = framed(bytes)?;
    let inner = key.open(closed)?;
    let (&kind, rest) = inner.split_first()?;
    let (n, content) = rest.split_first_chunk()?;
    let n = u64::from_be_bytes(*n);
    let record = match kind {
        KEPT => Record::Kept(Kept {
            n,
            content: content.to_vec(),
        }),
        SETTLED => Record::Settled(n),
        _ => return None,
    };
    Some((record, HEAD + closed.len()))
}
