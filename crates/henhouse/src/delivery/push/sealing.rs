//! A push as its device alone can read it (RFC 8291): one record of aes128gcm (RFC 8188) under keys that the device and we
//! agree on, with a key of ours that is made for this one message.

use aes_gcm::aead::{Aead as _, KeyInit as _};
use aes_gcm::{Aes128Gcm, Nonce};
use hkdf::Hkdf;
use p256::ecdh::diffie_hellman;
use p256::{PublicKey, SecretKey};
use sha2::Sha256;

/// The size of a record, as the head says it. There is one, and it is shorter.
const RECORD: u32 = 4_096;
/// What is added to a text: the head, the end of the padding, the seal.
const ADDED: usize = 16 + 4 + 1 + 65 + 1 + 16;
/// The longest text: a push service takes 4,096 bytes for all of it.
pub const TEXT_BYTES: usize = RECORD as usize - ADDED;
/// Behind the last byte of the last record.
const END: u8 = 2;

/// What a device tells us of itself, decoded.
pub struct Reader {
    /// Its public key, a point of P-256.
    pub key: PublicKey,
    /// Its secret, which its push service does not know.
    pub auth: [u8; 16],
}

/// Seals `text`. `own` and `salt` are chance, used for nothing else. Nothing where the text is too long.
#[must_use]
pub fn seal(text: &[u8], reader: &Reader, own: &SecretKey, salt: [u8; 16]) -> Option<Vec<u8>> {
    if text.len() > TEXT_BYTES {
        return None;
    }
    let (ours, theirs) = (own.public_key().to_sec1_bytes(), reader.key.to_sec1_bytes());
    let shared = diffie_hellman(own.to_nonzero_scalar(), reader.key.as_affine());
    let both = Hkdf::<Sha256>::new(Some(&reader.auth), shared.raw_secret_bytes());
    let mut secret = [0; 32];
    let about = [&b"WebPush: info\0"[..], &*theirs, &*ours].concat();
    both.expand(&about, &mut secret).ok()?;
    let keys = Hkdf::<Sha256>::new(Some(&salt), &secret);
    let (mut key, mut nonce) = ([0; 16], [0; 12]);
    keys.expand(b"Content-Encoding: aes128gcm\0", &mut key)
        .ok()?;
    keys.expand(b"Content-Encoding: nonce\0", &mut nonce).ok()?;
    let cipher = Aes128Gcm::new(&key.into());
    let sealed = cipher
        .encrypt(&Nonce::from(nonce), [text, &[END]].concat().as_slice())
        .ok()?;
    let head = [&salt[..], &RECORD.to_be_bytes(), &[65], &*ours].concat();
    Some([head, sealed].concat())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;

    fn bytes(words: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(words).unwrap()
    }

    fn example() -> (Reader, SecretKey, [u8; 16]) {
        let key = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
        let reader = Reader {
            key: PublicKey::from_sec1_bytes(&bytes(key)).unwrap(),
            auth: bytes("BTBZMqHH6r4Tts7J_aSIgg").try_into().unwrap(),
        };
        let own = bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw");
        let own = SecretKey::from_slice(&own).unwrap();
        let salt = bytes("DGv6ra1nlYgDCS1FRnbzlw");
        (reader, own, salt.try_into().unwrap())
    }

    /// RFC 8291, appendix A.
    #[test]
    fn the_example_of_the_standard_comes_out_byte_for_byte() {
        let (reader, own, salt) = example();
        let text = b"When I grow up, I want to be a watermelon";
        let sealed = seal(text, &reader, &own, salt).unwrap();
        assert_eq!(
            URL_SAFE_NO_PAD.encode(sealed),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBr\
             u3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        );
    }

    #[test]
    fn the_longest_text_is_what_a_push_service_takes_and_no_byte_more() {
        let (reader, own, salt) = example();
        let of = |length| seal(&vec![b'x'; length], &reader, &own, salt);
        assert_eq!(of(TEXT_BYTES).unwrap().len(), 4_096);
        assert!(of(TEXT_BYTES + 1).is_none());
        assert_eq!(of(0).unwrap().len(), ADDED);
    }
}
