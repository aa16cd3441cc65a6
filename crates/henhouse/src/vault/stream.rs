//! Exhibit bytes as an encrypted stream: chunks of 64 KiB that are numbered, with the last one marked.
//!
//! The STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015) over XChaCha20-Poly1305: the nonce of a chunk is
//! 19 random bytes of the file, the chunk's number (4 bytes, big-endian) and 1 for the last chunk, 0 for the others. So a
//! chunk that is changed, moved, left out, or missing at the end does not open. Each chunk is also bound to its journal.

use std::io::{self, Read, Write};

use casefile::ExhibitHash;
use chacha20poly1305::aead::AeadInOut as _;
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::cipher::keyed;
use super::journal_key::JournalKey;

/// What a stream is: how it begins, with which key, and to what each of its chunks is bound.
pub(super) struct Binding<'a> {
    pub(super) magic: &'static [u8; 8],
    pub(super) key: &'a [u8; 32],
    pub(super) bound_to: Vec<u8>,
}

impl<'a> From<&'a JournalKey> for Binding<'a> {
    /// An exhibit of the key's journal.
    fn from(key: &'a JournalKey) -> Self {
        Self {
            magic: MAGIC,
            key: key.bytes(),
            bound_to: [DOMAIN, key.journal().as_bytes()].concat(),
        }
    }
}

/// The plain bytes of every chunk but the last.
pub(super) const CHUNK_BYTES: usize = 64 * 1024;

const TAG_BYTES: usize = 16;
const FRAME_BYTES: usize = CHUNK_BYTES + TAG_BYTES;
const PREFIX_BYTES: usize = 19;
const MAGIC: &[u8; 8] = b"HHEXHIB1";
const HEADER_BYTES: usize = MAGIC.len() + PREFIX_BYTES;
const DOMAIN: &[u8] = b"henhouse/exhibit/v1\0";

/// The stored bytes are not the ones that were kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Damage {
    #[error("it does not begin as a file of this program")]
    Header,
    #[error("it was changed or cut off at or after byte {0}")]
    Chunk(u64),
    #[error("its bytes are sound, but they are another exhibit's")]
    OtherHash,
}

impl From<Damage> for io::Error {
    fn from(damage: Damage) -> Self {
        io::Error::new(io::ErrorKind::InvalidData, damage)
    }
}

/// What both directions share: the cipher and the nonces of one file.
struct Chunks {
    cipher: XChaCha20Poly1305,
    prefix: [u8; PREFIX_BYTES],
    bound_to: Vec<u8>,
    next: u32,
}

impl Chunks {
    fn new(binding: Binding<'_>, prefix: [u8; PREFIX_BYTES]) -> Self {
        Self {
            cipher: keyed(binding.key),
            prefix,
            bound_to: binding.bound_to,
            next: 0,
        }
    }

    /// The nonce of the next chunk; an error after 2³² chunks (256 TiB), because a nonce never repeats.
    fn nonce(&mut self, last: bool) -> io::Result<XNonce> {
        let mut nonce = [0; 24];
        nonce[..PREFIX_BYTES].copy_from_slice(&self.prefix);
        nonce[PREFIX_BYTES..23].copy_from_slice(&self.next.to_be_bytes());
        nonce[23] = last.into();
        self.next = self
            .next
            .checked_add(1)
            .ok_or_else(|| io::Error::from(io::ErrorKind::FileTooLarge))?;
        Ok(nonce.into())
    }
}

/// Encrypts into `out` and hashes what goes in.
pub(super) struct Encoder<W> {
    out: W,
    chunks: Chunks,
    /// What is not written yet: a full chunk waits until it is known whether it is the last.
    waiting: Zeroizing<Vec<u8>>,
    sha256: Sha256,
    size: u64,
}

impl<W: Write> Encoder<W> {
    /// Begins a file with its header. `nonce` must be fresh chance.
    pub(super) fn new<'a>(
        mut out: W,
        binding: impl Into<Binding<'a>>,
        nonce: [u8; 24],
    ) -> io::Result<Self> {
        let binding = binding.into();
        let (prefix, _) = nonce
            .split_first_chunk()
            .expect("24 bytes begin with 19 bytes");
        out.write_all(binding.magic)?;
        out.write_all(prefix)?;
        Ok(Self {
            out,
            chunks: Chunks::new(binding, *prefix),
            waiting: Zeroizing::new(Vec::with_capacity(FRAME_BYTES)),
            sha256: Sha256::new(),
            size: 0,
        })
    }

    pub(super) fn write(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        self.sha256.update(bytes);
        self.size += bytes.len() as u64;
        while !bytes.is_empty() {
            if self.waiting.len() == CHUNK_BYTES {
                self.emit(false)?;
            }
            let room = (CHUNK_BYTES - self.waiting.len()).min(bytes.len());
            self.waiting.extend_from_slice(&bytes[..room]);
            bytes = &bytes[room..];
        }
        Ok(())
    }

    /// Plain bytes taken so far.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// Writes the last chunk. Answers where it was written, the hash of the plain bytes, and their number.
    pub(super) fn finish(mut self) -> io::Result<(W, ExhibitHash, u64)> {
        self.emit(true)?;
        let digest: [u8; 32] = self.sha256.finalize().into();
        Ok((self.out, digest.into(), self.size))
    }

    fn emit(&mut self, last: bool) -> io::Result<()> {
        let nonce = self.chunks.nonce(last)?;
        self.chunks
            .cipher
            .encrypt_in_place(&nonce, &self.chunks.bound_to, &mut *self.waiting)
            .expect("a chunk far below 256 GiB always encrypts");
        self.out.write_all(&self.waiting)?;
        self.waiting.clear();
        Ok(())
    }
}

/// Decrypts from `from` and answers no byte that was not checked.
pub(super) struct Decoder<R> {
    from: R,
    chunks: Chunks,
    /// The encrypted chunk that comes next; one is read ahead, to know the last.
    ahead: Vec<u8>,
    open: Zeroizing<Vec<u8>>,
    taken: usize,
    sha256: Sha256,
    /// The hash of all plain bytes, where it is known beforehand.
    expected: Option<ExhibitHash>,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Reading,
    Ended,
    Broken(Damage),
}

impl<R: Read> Decoder<R> {
    pub(super) fn new<'a>(
        mut from: R,
        binding: impl Into<Binding<'a>>,
        expected: impl Into<Option<ExhibitHash>>,
    ) -> io::Result<Self> {
        let binding = binding.into();
        let mut header = Vec::with_capacity(HEADER_BYTES);
        from.by_ref()
            .take(HEADER_BYTES as u64)
            .read_to_end(&mut header)?;
        let prefix = header
            .strip_prefix(binding.magic)
            .and_then(|prefix| <[u8; PREFIX_BYTES]>::try_from(prefix).ok())
            .ok_or(Damage::Header)?;
        let ahead = frame(&mut from)?;
        Ok(Self {
            from,
            chunks: Chunks::new(binding, prefix),
            ahead,
            open: Zeroizing::new(Vec::new()),
            taken: 0,
            sha256: Sha256::new(),
            expected: expected.into(),
            state: State::Reading,
        })
    }

    fn next_chunk(&mut self) -> io::Result<()> {
        let following = frame(&mut self.from)?;
        let last = following.is_empty();
        let at = u64::from(self.chunks.next) * CHUNK_BYTES as u64;
        let nonce = self.chunks.nonce(last)?;
        // The old chunk is wiped by the drop of what held it.
        self.open = Zeroizing::new(std::mem::replace(&mut self.ahead, following));
        self.taken = 0;
        let opened =
            self.chunks
                .cipher
                .decrypt_in_place(&nonce, &self.chunks.bound_to, &mut *self.open);
        if opened.is_err() {
            self.open.clear();
            return Err(self.broken(Damage::Chunk(at)));
        }
        self.sha256.update(&*self.open);
        if last {
            let digest: [u8; 32] = self.sha256.finalize_reset().into();
            if self.expected.is_some_and(|hash| hash != digest.into()) {
                self.open.clear();
                return Err(self.broken(Damage::OtherHash));
            }
            self.state = State::Ended;
        }
        Ok(())
    }

    /// Once broken, always broken: a reader that asks again gets no clean end.
    fn broken(&mut self, damage: Damage) -> io::Error {
        self.state = State::Broken(damage);
        damage.into()
    }
}

impl<R: Read> Read for Decoder<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.taken == self.open.len() && !into.is_empty() {
            match self.state {
                State::Reading => self.next_chunk()?,
                State::Ended => return Ok(0),
                State::Broken(damage) => return Err(damage.into()),
            }
        }
        let count = into.len().min(self.open.len() - self.taken);
        into[..count].copy_from_slice(&self.open[self.taken..self.taken + count]);
        self.taken += count;
        Ok(count)
    }
}

/// How many plain bytes a file of `length` bytes holds if it is whole; `None` if no whole file has that length.
pub(super) fn plain_size(length: u64) -> Option<u64> {
    let frames = length.checked_sub(HEADER_BYTES as u64)?;
    let count = frames.div_ceil(FRAME_BYTES as u64).max(1);
    let plain = frames.checked_sub(count * TAG_BYTES as u64)?;
    // Only an empty exhibit has an empty last chunk.
    (count == 1 || plain > (count - 1) * CHUNK_BYTES as u64).then_some(plain)
}

/// The next encrypted chunk, shorter at the end, empty after it.
fn frame(from: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut frame = Vec::with_capacity(FRAME_BYTES);
    from.take(FRAME_BYTES as u64).read_to_end(&mut frame)?;
    Ok(frame)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use uuid::Uuid;

    use super::*;
    use crate::ids::Ids;

    fn key() -> JournalKey {
        JournalKey::create(Uuid::from_u128(142), &Ids::seeded(5))
    }

    fn plain(size: usize) -> Vec<u8> {
        (0..size).map(|index| (index % 251) as u8).collect()
    }

    fn encoded(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = Encoder::new(Vec::new(), &key(), [3; 24]).unwrap();
        // Pieces of an odd size, so that they do not fall on chunk borders.
        for piece in bytes.chunks(10_007) {
            encoder.write(piece).unwrap();
        }
        let (out, hash, size) = encoder.finish().unwrap();
        assert_eq!((hash, size), (ExhibitHash::of(bytes), bytes.len() as u64));
        out
    }

    fn decoded(stored: &[u8], expected: ExhibitHash) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        Decoder::new(stored, &key(), expected)?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    #[test]
    fn every_size_around_a_chunk_border_comes_back() {
        for size in [
            0,
            1,
            CHUNK_BYTES - 1,
            CHUNK_BYTES,
            CHUNK_BYTES + 1,
            3 * CHUNK_BYTES,
        ] {
            let bytes = plain(size);
            let stored = encoded(&bytes);
            assert_eq!(
                decoded(&stored, ExhibitHash::of(&bytes)).unwrap(),
                bytes,
                "size {size}"
            );
            assert_eq!(plain_size(stored.len() as u64), Some(size as u64));
        }
    }

    #[test]
    fn a_flipped_bit_anywhere_is_found() {
        let bytes = plain(CHUNK_BYTES + 100);
        let stored = encoded(&bytes);
        let expected = ExhibitHash::of(&bytes);
        let places = (0..64)
            .chain((64..stored.len()).step_by(997))
            .chain(stored.len() - 130..stored.len());
        for place in places {
            let mut bad = stored.clone();
            bad[place] ^= 1 << (place % 8);
            assert!(decoded(&bad, expected).is_err(), "byte {place}");
        }
    }

    /// How many bytes are answered before the error; the hash of the whole is only the last line of defence.
    fn answered_before_error(stored: &[u8], expected: ExhibitHash) -> usize {
        let mut bytes = Vec::new();
        let read = Decoder::new(stored, &key(), expected)
            .and_then(|mut decoder| decoder.read_to_end(&mut bytes));
        assert!(read.is_err());
        bytes.len()
    }

    #[test]
    fn any_cut_is_found_and_on_a_chunk_border_before_the_chunk_is_answered() {
        let bytes = plain(2 * CHUNK_BYTES + 5);
        let stored = encoded(&bytes);
        let expected = ExhibitHash::of(&bytes);
        for length in (0..stored.len()).step_by(4999).chain([stored.len() - 1]) {
            assert!(
                decoded(&stored[..length], expected).is_err(),
                "cut to {length}"
            );
        }
        for (chunks, answered) in [(0, 0), (1, 0), (2, CHUNK_BYTES)] {
            let cut = &stored[..HEADER_BYTES + chunks * FRAME_BYTES];
            assert_eq!(
                answered_before_error(cut, expected),
                answered,
                "{chunks} chunks"
            );
        }
        let longer = [&stored[..], &[0]].concat();
        assert!(decoded(&longer, expected).is_err());
    }

    #[test]
    fn chunks_that_are_swapped_left_out_or_repeated_are_not_answered() {
        let bytes = plain(3 * CHUNK_BYTES);
        let stored = encoded(&bytes);
        let expected = ExhibitHash::of(&bytes);
        let (header, frames) = stored.split_at(HEADER_BYTES);
        let frames: Vec<&[u8]> = frames.chunks(FRAME_BYTES).collect();
        for (order, sound) in [
            (&[1, 0, 2][..], 0),
            (&[0, 2], 1),
            (&[0, 0, 1, 2], 1),
            (&[0, 1, 2, 2], 2),
            (&[2], 0),
        ] {
            let bad = [
                &[header][..],
                &order.iter().map(|i| frames[*i]).collect::<Vec<_>>(),
            ]
            .concat()
            .concat();
            let answered = answered_before_error(&bad, expected);
            assert_eq!(answered, sound * CHUNK_BYTES, "order {order:?}");
        }
    }

    #[test]
    fn a_sound_file_under_another_name_is_found() {
        let stored = encoded(b"two chickens");
        let error = decoded(&stored, ExhibitHash::of(b"three chickens")).unwrap_err();
        assert_eq!(error.to_string(), Damage::OtherHash.to_string());
    }

    #[test]
    fn another_journals_key_opens_nothing() {
        let stored = encoded(b"two chickens");
        let other = JournalKey::create(Uuid::from_u128(143), &Ids::seeded(5));
        let hash = ExhibitHash::of(b"two chickens");
        let mut bytes = Vec::new();
        let read = Decoder::new(&stored[..], &other, hash)
            .unwrap()
            .read_to_end(&mut bytes);
        assert!(
            read.is_err(),
            "the same key bytes for another journal do not open it"
        );
        assert!(bytes.is_empty());
    }

    #[test]
    fn a_broken_stream_never_ends_cleanly() {
        let bytes = plain(4 * CHUNK_BYTES);
        let mut stored = encoded(&bytes);
        stored[HEADER_BYTES + FRAME_BYTES] ^= 1;
        let mut decoder = Decoder::new(&stored[..], &key(), ExhibitHash::of(&bytes)).unwrap();
        let mut read = Vec::new();
        assert!(decoder.read_to_end(&mut read).is_err());
        assert_eq!(read.len(), CHUNK_BYTES, "only checked bytes were answered");
        assert!(decoder.read(&mut [0; 10]).is_err());
        assert!(decoder.read_to_end(&mut read).is_err());
        assert_eq!(
            read.len(),
            CHUNK_BYTES,
            "nothing after the break is answered"
        );
    }

    /// A disk with room for so many bytes.
    struct TinyDisk(usize);

    impl Write for TinyDisk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.0 == 0 {
                return Err(io::ErrorKind::StorageFull.into());
            }
            let taken = bytes.len().min(self.0);
            self.0 -= taken;
            Ok(taken)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_full_disk_is_an_error_wherever_it_happens() {
        let bytes = plain(CHUNK_BYTES + 5);
        let whole = encoded(&bytes).len();
        for room in [0, 5, HEADER_BYTES, HEADER_BYTES + 7, FRAME_BYTES, whole - 1] {
            let kept = Encoder::new(TinyDisk(room), &key(), [3; 24]).and_then(|mut encoder| {
                encoder.write(&bytes)?;
                encoder.finish().map(|_| ())
            });
            assert_eq!(
                kept.unwrap_err().kind(),
                io::ErrorKind::StorageFull,
                "room {room}"
            );
        }
        let mut encoder = Encoder::new(TinyDisk(whole), &key(), [3; 24]).unwrap();
        encoder.write(&bytes).unwrap();
        assert!(encoder.finish().is_ok());
    }

    #[test]
    fn a_length_that_no_whole_file_has_has_no_size() {
        assert_eq!(plain_size(0), None);
        assert_eq!(plain_size(HEADER_BYTES as u64), None);
        assert_eq!(
            plain_size((HEADER_BYTES + FRAME_BYTES + TAG_BYTES) as u64),
            None
        );
        assert_eq!(
            plain_size((HEADER_BYTES + FRAME_BYTES + TAG_BYTES + 1) as u64),
            Some(CHUNK_BYTES as u64 + 1)
        );
    }
}
