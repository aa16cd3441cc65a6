//! Making the file ready for new records at a start: a torn end is cut off, and what cannot be read is put aside.

use std::fs::File;
use std::io::{self, Write as _};
use std::ops::Range;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::frame::{self, Chain, Record, Span};
use super::{LOG, private};
use crate::ids::Ids;
use crate::vault::SpoolKey;

/// So much is copied at a time.
const PIECE: u64 = 1 << 20;

/// A file that is ready.
#[derive(Default)]
pub(super) struct Mended {
    /// Its length.
    pub(super) length: u64,
    /// No record in it has a later place.
    pub(super) last: u64,
    pub(super) torn_bytes: u64,
    pub(super) damaged_bytes: u64,
}

/// Makes the file ready. It is read as a whole only where its lengths do not lead to its end.
pub(super) fn mend(folder: &Path, key: &SpoolKey, ids: &Ids) -> io::Result<Mended> {
    let file = private(folder, LOG)?;
    let length = file.metadata()?.len();
    let chain = frame::chain(&file, length)?;
    let Some((last, newest_opens)) = last(&file, key, &chain)? else {
        return mend_thoroughly(folder, key, ids, &file, length);
    };
    if chain.end == length {
        return Ok(Mended {
            length,
            last,
            ..Mended::default()
        });
    }
    let mut more = false;
    if newest_opens {
        frame::scan(&file, key, chain.end..length, |_, _| more = true)?;
    }
    if more || !newest_opens {
        return mend_thoroughly(folder, key, ids, &file, length);
    }
    file.set_len(chain.end)?;
    Ok(Mended {
        length: chain.end,
        last,
        torn_bytes: length - chain.end,
        ..Mended::default()
    })
}

/// A place that none of the records has passed, and whether the very newest one opens; nothing if none of the newest does.
fn last(file: &File, key: &SpoolKey, chain: &Chain) -> io::Result<Option<(u64, bool)>> {
    let (mut bound, mut unread, mut newest_opens) = (None, 0, chain.count == 0);
    for (back, span) in chain.newest.iter().rev().enumerate() {
        match frame::at(file, key, *span)? {
            // Places are given one after the other: those that cannot be read came next.
            Some(Record::Kept(n, _)) => return Ok(Some((n + unread, back == 0 || newest_opens))),
            Some(Record::Settled(n)) => {
                newest_opens |= back == 0;
                bound = bound.max(Some(n + chain.count));
            }
            None => unread += 1,
        }
    }
    let none = (chain.count == 0).then_some(0);
    Ok(bound.or(none).map(|last| (last, newest_opens)))
}

/// Opens every record, puts aside what is none, and leaves the file with nothing else in it.
fn mend_thoroughly(
    folder: &Path,
    key: &SpoolKey,
    ids: &Ids,
    file: &File,
    length: u64,
) -> io::Result<Mended> {
    let mut mended = Mended::default();
    let mut whole: Vec<Range<u64>> = Vec::new();
    let mut gaps = frame::scan(file, key, 0..length, |record, span: Span| {
        mended.last = mended.last.max(record.n());
        let end = span.at + span.bytes();
        match whole.last_mut() {
            Some(range) if range.end == span.at => range.end = end,
            _ => whole.push(span.at..end),
        }
    })?;
    if let Some(torn) = gaps.pop_if(|gap| gap.end == length) {
        match frame::is_framed(file, &torn)? {
            true => gaps.push(torn),
            false => mended.torn_bytes = torn.end - torn.start,
        }
    }
    if !gaps.is_empty() {
        let mut aside = private(folder, &format!("damaged-{}", ids.human_code()))?;
        for gap in &gaps {
            mended.damaged_bytes += gap.end - gap.start;
            copy(file, gap, &mut aside)?;
        }
        aside.sync_all()?;
    }
    let new = folder.join("log.new");
    let _ = std::fs::remove_file(&new);
    let mut clean = private(folder, "log.new")?;
    for range in &whole {
        mended.length += range.end - range.start;
        copy(file, range, &mut clean)?;
    }
    clean.sync_all()?;
    std::fs::rename(new, folder.join(LOG))?;
    Ok(mended)
}

/// Puts a part of the file that cannot be read into a file of its own, unless that was done before; answers how many
/// bytes were put there.
pub(super) fn put_aside_once(folder: &Path, file: &File, gap: &Range<u64>) -> io::Result<u64> {
    let length = (gap.end - gap.start).min(PIECE);
    let mut begin = vec![0; usize::try_from(length).unwrap_or(0)];
    file.read_exact_at(&mut begin, gap.start)?;
    let print = Sha256::digest(&begin);
    let name: String = print[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let name = format!("damaged-{name}");
    if folder.join(&name).exists() {
        return Ok(0);
    }
    let mut aside = private(folder, &name)?;
    copy(file, gap, &mut aside)?;
    aside.sync_all()?;
    Ok(gap.end - gap.start)
}

fn copy(from: &File, range: &Range<u64>, to: &mut File) -> io::Result<()> {
    let mut at = range.start;
    let mut piece = Vec::new();
    while at < range.end {
        let length = PIECE.min(range.end - at);
        piece.resize(usize::try_from(length).unwrap_or(0), 0);
        from.read_exact_at(&mut piece, at)?;
        to.write_all(&piece)?;
        at += length;
    }
    Ok(())
}
