//! Records as they lie in the file: a mark, a length, and a box that opens only whole.

use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt as _;

use crate::ids::Ids;
use crate::vault::SpoolKey;

const MARK: [u8; 4] = *b"HSP\x01";
const HEAD: usize = MARK.len() + 4;
/// No box is longer.
const LONGEST: usize = 4 << 20;
const KEPT: u8 = 1;
const SETTLED: u8 = 2;
/// So much is read at a time while everything is looked at.
const WINDOW: usize = 256 << 10;
/// So many of the newest records are remembered while the lengths are walked.
const NEWEST: usize = 64;

/// One record.
pub(super) enum Record {
    /// Something is kept at this place.
    Kept(u64, Vec<u8>),
    /// What was kept at that place has been settled.
    Settled(u64),
}

/// Where a record stands in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub(super) at: u64,
    pub(super) length: usize,
}

impl Span {
    /// How much of the file it takes, in bytes.
    #[must_use]
    pub fn bytes(self) -> u64 {
        self.length as u64
    }
}

impl Record {
    pub(super) fn n(&self) -> u64 {
        match self {
            Self::Kept(n, _) | Self::Settled(n) => *n,
        }
    }
}

/// Something that is kept, as it is appended.
pub(super) fn of_kept(key: &SpoolKey, ids: &Ids, n: u64, content: &[u8]) -> Vec<u8> {
    of(key, ids, KEPT, n, content)
}

/// The same of something that is settled.
pub(super) fn of_settled(key: &SpoolKey, ids: &Ids, n: u64) -> Vec<u8> {
    of(key, ids, SETTLED, n, &[])
}

fn of(key: &SpoolKey, ids: &Ids, kind: u8, n: u64, content: &[u8]) -> Vec<u8> {
    let mut inner = Vec::with_capacity(9 + content.len());
    inner.push(kind);
    inner.extend(n.to_be_bytes());
    inner.extend(content);
    let closed = key.close(ids, &inner);
    let length = u32::try_from(closed.len()).unwrap_or(u32::MAX);
    let mut frame = Vec::with_capacity(HEAD + closed.len());
    frame.extend(MARK);
    frame.extend(length.to_be_bytes());
    frame.extend(closed);
    frame
}

/// The records as their lengths say, none of them opened.
#[derive(Default)]
pub(super) struct Chain {
    /// Where the last one ends that is there to its end.
    pub(super) end: u64,
    /// How many there are.
    pub(super) count: u64,
    /// The newest of them.
    pub(super) newest: VecDeque<Span>,
}

/// Walks from length to length.
pub(super) fn chain(file: &File, length: u64) -> io::Result<Chain> {
    let mut chain = Chain::default();
    let mut head = [0; HEAD];
    while chain.end + (HEAD as u64) <= length {
        file.read_exact_at(&mut head, chain.end)?;
        let Some(inner) = inner_length(&head) else {
            break;
        };
        let span = Span {
            at: chain.end,
            length: HEAD + inner,
        };
        if span.at + span.bytes() > length {
            break;
        }
        chain.end += span.bytes();
        chain.count += 1;
        if chain.newest.len() == NEWEST {
            chain.newest.pop_front();
        }
        chain.newest.push_back(span);
    }
    Ok(chain)
}

/// The record that stands there; nothing if what stands there is none.
pub(super) fn at(file: &File, key: &SpoolKey, span: Span) -> io::Result<Option<Record>> {
    let mut bytes = vec![0; span.length];
    file.read_exact_at(&mut bytes, span.at)?;
    Ok(read(key, &bytes))
}

/// Whether a record begins there and is there to its end, be it readable or not.
pub(super) fn is_framed(file: &File, range: &Range<u64>) -> io::Result<bool> {
    if range.start + HEAD as u64 > range.end {
        return Ok(false);
    }
    let mut head = [0; HEAD];
    file.read_exact_at(&mut head, range.start)?;
    let whole = |inner: usize| range.start + (HEAD + inner) as u64 <= range.end;
    Ok(inner_length(&head).is_some_and(whole))
}

/// Opens every record in this part of the file, whatever stands between them; answers what is none.
pub(super) fn scan(
    file: &File,
    key: &SpoolKey,
    part: Range<u64>,
    mut each: impl FnMut(Record, Span),
) -> io::Result<Vec<Range<u64>>> {
    let mut window = Window {
        file,
        end: part.end,
        start: part.start,
        bytes: Vec::new(),
    };
    let (mut at, mut gaps): (u64, Vec<Range<u64>>) = (part.start, Vec::new());
    while at < part.end {
        let framed = inner_length(window.look(at, HEAD)?).map(|inner| HEAD + inner);
        let framed = framed.filter(|length| at + *length as u64 <= part.end);
        let found = match framed {
            Some(length) => {
                read(key, window.look(at, length)?).map(|record| (record, Span { at, length }))
            }
            None => None,
        };
        if let Some((record, span)) = found {
            each(record, span);
            at += span.bytes();
            continue;
        }
        match gaps.last_mut() {
            Some(gap) if gap.end == at => gap.end = at + 1,
            _ => gaps.push(at..at + 1),
        }
        at += 1;
    }
    Ok(gaps)
}

/// A part of a file that moves along it.
struct Window<'a> {
    file: &'a File,
    end: u64,
    start: u64,
    bytes: Vec<u8>,
}

impl Window<'_> {
    /// So many bytes from there, or as many as there are.
    fn look(&mut self, at: u64, length: usize) -> io::Result<&[u8]> {
        let length = length.min(usize::try_from(self.end - at).unwrap_or(usize::MAX));
        let held = self.start + self.bytes.len() as u64;
        if at < self.start || at + length as u64 > held {
            let left = usize::try_from(self.end - at).unwrap_or(usize::MAX);
            self.bytes.resize(length.max(WINDOW).min(left), 0);
            self.start = at;
            self.file.read_exact_at(&mut self.bytes, at)?;
        }
        let from = usize::try_from(at - self.start).unwrap_or(usize::MAX);
        Ok(self.bytes.get(from..from + length).unwrap_or_default())
    }
}

/// How long the box is behind this head.
fn inner_length(head: &[u8]) -> Option<usize> {
    let rest = head.strip_prefix(&MARK)?;
    let (length, _) = rest.split_first_chunk()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    (length <= LONGEST).then_some(length)
}

fn read(key: &SpoolKey, frame: &[u8]) -> Option<Record> {
    let inner = key.open(frame.get(HEAD..)?)?;
    let (&kind, rest) = inner.split_first()?;
    let (n, content) = rest.split_first_chunk()?;
    let n = u64::from_be_bytes(*n);
    match kind {
        KEPT => Some(Record::Kept(n, content.to_vec())),
        SETTLED => Some(Record::Settled(n)),
        _ => None,
    }
}
