//! One-use links in a mail: "I have it", "pass it on", "I accept". Whoever holds the link may do
//! that one thing, as that one person, until it expires, without signing in.
//!
//! The token carries its claims, signed with a key derived from the root key, so that a link can be
//! checked while nothing else can be read. That it works once only is the caller's to keep, by
//! [`Link::id`], in the transaction of the act. A GET never acts: the page asks for a press.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::vault::RootKey;

const LABEL: &str = "henhouse/link-key/v1";
const DOMAIN: &[u8] = b"henhouse/link/v1\0";
const MAC_BYTES: usize = 16;
/// Guessed only by asking us, 2^63 times.
const SHORT_MAC_BYTES: usize = 8;
/// Sixteen bytes of a notice and these, in base64.
const SHORT_CHARACTERS: usize = 32;
/// Longest id of a person or notice that a link carries, in bytes.
const ID_LIMIT: usize = 64;
/// Longest token that is looked at, in characters; a real one is below 300.
const TOKEN_LIMIT: usize = 512;

/// The one act that a link allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Take the case: "I have it" (R26).
    Acknowledge,
    /// Have the next person called at once.
    PassOn,
    /// Accept what was offered: a hand-over, a role.
    Accept,
    /// Follow one's own report, and add to it. Works as long as the case is kept.
    Receipt,
    /// Choose the password of one's own account.
    OwnPassword,
    /// Read what outsiders may know of a case, until the link is taken back.
    Status,
    /// Answer the three questions about a mail that one sent.
    Answer,
}

impl Purpose {
    const ALL: [Self; 7] = [
        Self::Acknowledge,
        Self::PassOn,
        Self::Accept,
        Self::Receipt,
        Self::OwnPassword,
        Self::Status,
        Self::Answer,
    ];

    /// The stored byte; never reused for another meaning.
    const fn byte(self) -> u8 {
        match self {
            Self::Acknowledge => 1,
            Self::PassOn => 2,
            Self::Accept => 3,
            Self::Receipt => 4,
            Self::OwnPassword => 5,
            Self::Status => 6,
            Self::Answer => 7,
        }
    }
}

/// What a link says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkClaims {
    /// The act.
    pub purpose: Purpose,
    /// The case's journal.
    pub journal: Uuid,
    /// The person it was sent to, at most 64 bytes.
    pub person: String,
    /// The notice that carried it, at most 64 bytes.
    pub notice: String,
    /// The first instant at which it no longer works; whole seconds are kept.
    pub expires: Timestamp,
}

/// A verified link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The link's own id, to mark it as used.
    pub id: Uuid,
    /// What it says.
    pub claims: LinkClaims,
}

/// Why a link does nothing. The sentence is for the person who opened it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// Not ours, or changed on its way.
    #[error("This link is not complete or not ours. Open it again from the mail, or sign in.")]
    Forged,
    /// Too late.
    #[error("This link has expired. Sign in to see where the case stands.")]
    Expired,
    /// Ours, for another act.
    #[error("This link is for something else. Open the right one from the mail, or sign in.")]
    OtherPurpose,
    /// An id is empty or too long to be carried: a bug on our side.
    #[error("The link cannot be made: an id is empty or longer than 64 bytes.")]
    Unfit,
}

/// The key that signs links. Whoever has it can act as anybody: it is never stored.
pub struct LinkKey(Zeroizing<[u8; 32]>);

impl LinkKey {
    /// Derives the key from the installation's root key.
    #[must_use]
    pub fn derive(root: &RootKey) -> Self {
        Self(root.derived(LABEL))
    }

    /// Makes the token for a link; `id` is fresh from `ids`.
    ///
    /// # Errors
    /// [`LinkError::Unfit`] if the person's or the notice's id is empty or too long.
    pub fn encode(&self, id: Uuid, claims: &LinkClaims) -> Result<String, LinkError> {
        let mut bytes = Vec::with_capacity(96);
        bytes.extend(id.as_bytes());
        bytes.push(claims.purpose.byte());
        bytes.extend(claims.journal.as_bytes());
        bytes.extend(claims.expires.as_second().to_be_bytes());
        put(&mut bytes, &claims.person)?;
        put(&mut bytes, &claims.notice)?;
        let mac = self.mac(&bytes);
        bytes.extend(mac);
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Checks a token for the act that its page asks about. Whether it was used is not looked at.
    ///
    /// # Errors
    /// [`LinkError`]: forged first, so that nothing is told about a stranger's guess.
    pub fn verify(&self, token: &str, purpose: Purpose, now: Timestamp) -> Result<Link, LinkError> {
        let link = self.open(token).ok_or(LinkError::Forged)?;
        if link.claims.purpose != purpose {
            return Err(LinkError::OtherPurpose);
        }
        if now >= link.claims.expires {
            return Err(LinkError::Expired);
        }
        Ok(link)
    }

    /// A short name of the page that this notice is, for a message without room for its link. It says nothing by itself:
    /// whoever shows it is led to the link.
    #[must_use]
    pub fn short(&self, notice: Uuid) -> String {
        let mut bytes = notice.as_bytes().to_vec();
        bytes.extend(self.short_mac(notice));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The notice behind a short name.
    #[must_use]
    pub fn of_short(&self, name: &str) -> Option<Uuid> {
        let bytes = URL_SAFE_NO_PAD.decode(name.get(..SHORT_CHARACTERS)?).ok()?;
        let (id, mac) = bytes.split_first_chunk::<16>()?;
        let id = Uuid::from_bytes(*id);
        let is_ours = name.len() == SHORT_CHARACTERS && bool::from(self.short_mac(id).ct_eq(mac));
        is_ours.then_some(id)
    }

    fn short_mac(&self, notice: Uuid) -> [u8; SHORT_MAC_BYTES] {
        let mac = self.mac(&[b"short\0".as_slice(), notice.as_bytes()].concat());
        let mut short = [0; SHORT_MAC_BYTES];
        short.copy_from_slice(&mac[..SHORT_MAC_BYTES]);
        short
    }

    fn open(&self, token: &str) -> Option<Link> {
        if token.len() > TOKEN_LIMIT {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (signed, mac) = bytes.split_at_checked(bytes.len().checked_sub(MAC_BYTES)?)?;
        if !bool::from(self.mac(signed).ct_eq(mac)) {
            return None;
        }
        read(signed)
    }

    fn mac(&self, bytes: &[u8]) -> [u8; MAC_BYTES] {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.as_slice())
            .expect("HMAC takes a key of any length");
        mac.update(DOMAIN);
        mac.update(bytes);
        let whole: [u8; 32] = mac.finalize().into_bytes().into();
        let mut short = [0; MAC_BYTES];
        short.copy_from_slice(&whole[..MAC_BYTES]);
        short
    }
}

/// An id as its length and its bytes; a UUID in its usual spelling as 0 and its sixteen bytes,
/// because a link is read on a phone and every character counts.
fn put(bytes: &mut Vec<u8>, id: &str) -> Result<(), LinkError> {
    if let Ok(uuid) = Uuid::try_parse(id)
        && uuid.hyphenated().to_string() == id
    {
        bytes.push(0);
        bytes.extend(uuid.as_bytes());
        return Ok(());
    }
    let length = u8::try_from(id.len()).map_err(|_| LinkError::Unfit)?;
    if id.is_empty() || id.len() > ID_LIMIT {
        return Err(LinkError::Unfit);
    }
    bytes.push(length);
    bytes.extend(id.as_bytes());
    Ok(())
}

fn read(mut bytes: &[u8]) -> Option<Link> {
    let id = Uuid::from_bytes(take(&mut bytes)?);
    let [byte] = take(&mut bytes)?;
    let purpose = Purpose::ALL
        .into_iter()
        .find(|purpose| purpose.byte() == byte)?;
    let journal = Uuid::from_bytes(take(&mut bytes)?);
    let expires = Timestamp::from_second(i64::from_be_bytes(take(&mut bytes)?)).ok()?;
    let person = get(&mut bytes)?;
    let notice = get(&mut bytes)?;
    let claims = LinkClaims {
        purpose,
        journal,
        person,
        notice,
        expires,
    };
    bytes.is_empty().then_some(Link { id, claims })
}

fn get(bytes: &mut &[u8]) -> Option<String> {
    match take(bytes)? {
        [0] => Some(Uuid::from_bytes(take(bytes)?).hyphenated().to_string()),
        [length] => {
            let (id, rest) = bytes.split_at_checked(usize::from(length))?;
            *bytes = rest;
            String::from_utf8(id.to_vec()).ok()
        }
    }
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (head, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(*head)
}

#[cfg(test)]
mod short_tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]
    use super::*;

    #[test]
    fn a_short_name_is_opened_by_its_own_key_alone_and_only_whole() {
        let key = |byte: u8| LinkKey(Zeroizing::new([byte; 32]));
        let id = Uuid::from_u128(142);
        let name = key(1).short(id);
        assert_eq!(name.len(), SHORT_CHARACTERS);
        assert_eq!(key(1).of_short(&name), Some(id));
        assert_eq!(key(2).of_short(&name), None);
        for n in 0..SHORT_CHARACTERS {
            let mut other = name.clone().into_bytes();
            other[n] = if other[n] == b'A' { b'B' } else { b'A' };
            let other = String::from_utf8(other).unwrap();
            assert_eq!(key(1).of_short(&other), None, "{other}");
        }
        assert_eq!(key(1).of_short(&format!("{name}A")), None);
        assert_eq!(key(1).of_short(&name[1..]), None);
        assert_eq!(key(1).of_short("\u{1f414}"), None);
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]
    use super::*;

    /// The key of an installation whose root key is this byte 32 times.
    fn key(root: u8) -> LinkKey {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&file, [root; 32]).unwrap();
        LinkKey::derive(&RootKey::read(file.path()).unwrap())
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn claims() -> LinkClaims {
        LinkClaims {
            purpose: Purpose::Acknowledge,
            journal: Uuid::from_u128(142),
            person: "jane".to_owned(),
            notice: Uuid::from_u128(9).to_string(),
            expires: at(1_000),
        }
    }

    fn encode(claims: &LinkClaims) -> Result<String, LinkError> {
        key(7).encode(Uuid::from_u128(1), claims)
    }

    fn token() -> String {
        encode(&claims()).unwrap()
    }

    fn verify(token: &str, purpose: Purpose, now: i64) -> Result<Link, LinkError> {
        key(7).verify(token, purpose, at(now))
    }

    fn acknowledge(token: &str) -> Result<Link, LinkError> {
        verify(token, Purpose::Acknowledge, 999)
    }

    #[test]
    fn a_link_gives_back_what_it_was_made_for() {
        let id = Uuid::from_u128(1);
        let claims = claims();
        assert_eq!(acknowledge(&token()), Ok(Link { id, claims }));
    }

    #[test]
    fn a_token_is_short_and_needs_no_escaping() {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        assert!(token().chars().all(plain));
        assert!(token().len() <= 110, "{}", token().len());
    }

    #[test]
    fn a_link_stops_at_the_instant_it_expires() {
        let result = verify(&token(), Purpose::Acknowledge, 1_000);
        assert_eq!(result, Err(LinkError::Expired));
    }

    #[test]
    fn a_link_for_one_act_does_no_other() {
        for purpose in [Purpose::PassOn, Purpose::Accept] {
            assert_eq!(verify(&token(), purpose, 0), Err(LinkError::OtherPurpose));
        }
    }

    #[test]
    fn no_changed_bit_passes() {
        let good = URL_SAFE_NO_PAD.decode(token()).unwrap();
        for bit in 0..good.len() * 8 {
            let mut bad = good.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            let result = acknowledge(&URL_SAFE_NO_PAD.encode(bad));
            assert_eq!(result, Err(LinkError::Forged), "bit {bit}");
        }
    }

    #[test]
    fn another_root_key_makes_no_valid_link() {
        let token = key(8).encode(Uuid::from_u128(1), &claims()).unwrap();
        assert_eq!(acknowledge(&token), Err(LinkError::Forged));
    }

    #[test]
    fn pieces_and_rubbish_are_forged() {
        let whole = token();
        for end in 0..whole.len() {
            let result = acknowledge(&whole[..end]);
            assert_eq!(result, Err(LinkError::Forged), "first {end} characters");
        }
        let (long, padded) = (format!("{whole}AAAA"), format!("{whole}="));
        for rubbish in [long, padded, "ä".repeat(40), "A".repeat(100_000)] {
            assert_eq!(acknowledge(&rubbish), Err(LinkError::Forged));
        }
    }

    #[test]
    fn ids_of_any_spelling_come_back_unchanged() {
        let uuid = Uuid::from_u128(0xABCD).to_string();
        let (upper, bare) = (uuid.to_uppercase(), uuid.replace('-', ""));
        for person in [uuid, upper, bare, "ü:1/2".to_owned(), "x".repeat(64)] {
            let given = LinkClaims { person, ..claims() };
            let link = acknowledge(&encode(&given).unwrap()).unwrap();
            assert_eq!(link.claims, given);
        }
    }

    #[test]
    fn an_id_that_does_not_fit_is_refused_when_the_link_is_made() {
        for notice in [String::new(), "x".repeat(65), "x".repeat(300)] {
            let given = LinkClaims { notice, ..claims() };
            assert_eq!(encode(&given), Err(LinkError::Unfit));
        }
    }

    #[test]
    fn the_format_of_released_links_stays() {
        // Computed independently with another HMAC-SHA-256; a change breaks links already sent.
        let computed = "AAAAAAAAAAAAAAAAAAAAAQEAAAAAAAAAAAAAAAAAAACOAAAAAAAAA-gEamFuZQAAAAAAAAAAAAAAAAAA\
                        AAAJF_1htKzO-ypZomBZLUy8hg";
        assert_eq!(token(), computed);
    }
}
