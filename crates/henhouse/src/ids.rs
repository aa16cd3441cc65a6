//! The only reader of chance: ids, salts, nonces, keys, tokens and short codes.
//!
//! Nothing else in the program may ask the system for random bytes, so that a seeded test or simulation repeats
//! exactly. Time is never read here: an id that contains a time takes it as an argument.

#![expect(
    clippy::disallowed_methods,
    reason = "this module is the one place that reads chance"
)]

use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use uuid::{Builder, Uuid};
use zeroize::Zeroizing;

/// Letters of a human code: digits and capitals without I, L, O and U, which people misread or misspell.
const CODE_ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The operating system gave no random bytes, so nothing may be started: every key would be guessable.
#[derive(Debug, thiserror::Error)]
#[error(
    "the operating system gives no random bytes ({0}); henhouse cannot make keys without them and does not start"
)]
pub struct NoRandomness(getrandom::Error);

/// A source of chance. Clones share it.
#[derive(Clone, Debug)]
pub struct Ids {
    source: Source,
}

#[derive(Clone, Debug)]
enum Source {
    System,
    Seeded(Arc<Mutex<SplitMix64>>),
}

impl Ids {
    /// Chance from the operating system.
    ///
    /// # Errors
    /// [`NoRandomness`] when the system refuses a first draw; later draws of a system that gave one do not fail.
    pub fn system() -> Result<Self, NoRandomness> {
        getrandom::fill(&mut [0; 32]).map_err(NoRandomness)?;
        Ok(Self {
            source: Source::System,
        })
    }

    /// The same sequence for the same seed, for tests and simulations. Anyone can guess it: never for real data.
    pub fn seeded(seed: u64) -> Self {
        Self {
            source: Source::Seeded(Arc::new(Mutex::new(SplitMix64 { state: seed }))),
        }
    }

    /// A version 7 UUID (RFC 9562) for a journal or anything else with an id of its own: sorts by `now`, to the
    /// millisecond; the other 74 bits are chance. A time before 1970 counts as 1970.
    pub fn uuid_v7(&self, now: Timestamp) -> Uuid {
        let millis = u64::try_from(now.as_millisecond()).unwrap_or(0);
        Builder::from_unix_timestamp_millis(millis, &self.bytes()).into_uuid()
    }

    /// 32 bytes to salt the commitment of one sealed text.
    pub fn salt(&self) -> [u8; 32] {
        self.bytes()
    }

    /// A 24-byte nonce for XChaCha20-Poly1305: long enough that chance alone never repeats one.
    pub fn nonce(&self) -> [u8; 24] {
        self.bytes()
    }

    /// A 256-bit key, wiped from memory when dropped.
    pub fn key(&self) -> Zeroizing<[u8; 32]> {
        let mut key = Zeroizing::new([0; 32]);
        self.fill(key.as_mut_slice());
        key
    }

    /// A secret of 256 bits for links, sessions and API tokens: 43 characters, safe in a URL, without padding.
    pub fn token(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.key().as_slice())
    }

    /// Eight letters in two groups (`4KQ7-XM2P`, 40 bits) to be read aloud or typed. Short enough to be guessed by
    /// trying: whoever accepts one must limit the number of tries and its life.
    pub fn human_code(&self) -> String {
        let mut code = String::with_capacity(9);
        for (place, byte) in self.bytes::<8>().into_iter().enumerate() {
            if place == 4 {
                code.push('-');
            }
            code.push(char::from(CODE_ALPHABET[usize::from(byte & 31)]));
        }
        code
    }

    fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    fn fill(&self, bytes: &mut [u8]) {
        match &self.source {
            Source::System => getrandom::fill(bytes)
                .expect("the system gave random bytes at the start and does not stop giving them"),
            Source::Seeded(generator) => generator
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .fill(bytes),
        }
    }
}

/// SplitMix64: small, fast and predictable, which is what a test wants and a secret must never have.
#[derive(Debug)]
struct SplitMix64 {
    state: u64,
}

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.next().to_le_bytes()[..chunk.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use std::collections::BTreeSet;

    use super::*;

    fn noon() -> Timestamp {
        "2026-11-21T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn the_same_seed_gives_the_same_ids() {
        let (one, two) = (Ids::seeded(142), Ids::seeded(142));
        assert_eq!(one.uuid_v7(noon()), two.uuid_v7(noon()));
        assert_eq!(one.salt(), two.salt());
        assert_eq!(one.token(), two.token());
        assert_ne!(Ids::seeded(143).salt(), Ids::seeded(142).salt());
    }

    #[test]
    fn splitmix_gives_the_published_first_number() {
        // First outputs of SplitMix64 for seed 1234567, as printed with the reference implementation.
        let mut generator = SplitMix64 { state: 1_234_567 };
        assert_eq!(generator.next(), 6_457_827_717_110_365_317);
        assert_eq!(generator.next(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn clones_share_one_sequence() {
        let ids = Ids::seeded(7);
        assert_ne!(ids.clone().salt(), ids.salt());
    }

    #[test]
    fn ids_sort_by_time_and_say_version_7() {
        let ids = Ids::system().unwrap();
        let earlier = ids.uuid_v7(noon());
        let later = ids.uuid_v7(noon() + std::time::Duration::from_millis(1));
        assert!(earlier < later);
        assert_eq!(earlier.get_version_num(), 7);
        assert!(
            earlier.to_string().starts_with("01a1fdfa-4600-7"),
            "{earlier} does not begin with the milliseconds of noon"
        );
    }

    #[test]
    fn the_system_never_gives_the_same_twice() {
        let ids = Ids::system().unwrap();
        let tokens: BTreeSet<String> = (0..1000).map(|_| ids.token()).collect();
        assert_eq!(tokens.len(), 1000);
    }

    #[test]
    fn a_token_is_43_url_safe_characters() {
        let token = Ids::seeded(1).token();
        assert_eq!(token.len(), 43);
        assert!(
            token
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        );
    }

    #[test]
    fn a_human_code_has_no_letter_that_is_misread() {
        let ids = Ids::seeded(1);
        for _ in 0..200 {
            let code = ids.human_code();
            assert_eq!((code.len(), code.as_bytes()[4]), (9, b'-'));
            assert!(!code.contains(['I', 'L', 'O', 'U']), "{code}");
        }
    }
}
