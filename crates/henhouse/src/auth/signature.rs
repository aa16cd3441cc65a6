//! What somebody signed as Standard Webhooks 1.0.0 has it: HMAC-SHA-256 over `id.timestamp.body`, under a secret that both
//! know.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::{SignedDuration, Timestamp};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::vault::RootKey;

/// What the secrets of alert sources are derived under.
const LABEL: &str = "the secret with which an alert source signs";
/// A message may be so much older or newer than our time.
const SKEW: SignedDuration = SignedDuration::from_mins(5);
/// A sender that changes its secret signs with both for a while; nobody needs more than this.
const MOST_SIGNATURES: usize = 16;

/// The headers of a signed message.
pub struct Signed<'a> {
    /// Its id, the same however often it is sent.
    pub id: &'a str,
    /// When it was sent, in seconds since 1970.
    pub timestamp: &'a str,
    /// Signatures with a version each, separated by blanks.
    pub signature: &'a str,
}

/// Why a message is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// No signature fits.
    #[error(
        "No signature of this message fits: it was changed on its way, or signed with another secret."
    )]
    Forged,
    /// Too old, or from the future.
    #[error("The timestamp of this message is more than five minutes away from our time.")]
    OutOfTime,
}

/// A secret of 32 bytes that a source signs with.
pub struct SigningSecret(Zeroizing<[u8; 32]>);

impl SigningSecret {
    /// The one of the source with this id.
    pub(crate) fn derive(root: &RootKey, source: &str) -> Self {
        let key = root.derived(LABEL);
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&*key).expect("HMAC takes a key of any length");
        mac.update(source.as_bytes());
        Self(Zeroizing::new(mac.finalize().into_bytes().into()))
    }

    /// As it is put into the sender: `whsec_` and base64.
    #[must_use]
    pub fn words(&self) -> String {
        format!("whsec_{}", STANDARD.encode(*self.0))
    }

    /// Whether the body was signed with it, not longer ago than five minutes.
    ///
    /// # Errors
    /// [`SignatureError`].
    pub fn verify(
        &self,
        signed: &Signed<'_>,
        body: &[u8],
        now: Timestamp,
    ) -> Result<(), SignatureError> {
        let ours = |given: &str| {
            let mut mac =
                Hmac::<Sha256>::new_from_slice(&*self.0).expect("HMAC takes a key of any length");
            for part in [
                signed.id.as_bytes(),
                b".",
                signed.timestamp.as_bytes(),
                b".",
                body,
            ] {
                mac.update(part);
            }
            let given = given
                .strip_prefix("v1,")
                .and_then(|given| STANDARD.decode(given).ok());
            given.is_some_and(|given| mac.verify_slice(&given).is_ok())
        };
        if !signed.signature.split(' ').take(MOST_SIGNATURES).any(ours) {
            return Err(SignatureError::Forged);
        }
        let at = signed.timestamp.parse().ok();
        let at = at.and_then(|seconds| Timestamp::from_second(seconds).ok());
        let away = at.map(|at| now.duration_since(at).abs());
        away.filter(|away| *away <= SKEW)
            .map(drop)
            .ok_or(SignatureError::OutOfTime)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]
mod tests {
    use super::*;

    const BODY: &[u8] = b"{\"test\": 2432232314}";

    /// The example of the standard's own libraries: what all of them sign alike.
    fn example() -> (SigningSecret, Signed<'static>, Timestamp) {
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let mut bytes = [0; 32];
        bytes[..secret.len()].copy_from_slice(&secret);
        let signed = Signed {
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
            timestamp: "1614265330",
            signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        };
        let now = Timestamp::from_second(1_614_265_330).unwrap();
        // HMAC fills a short key up with zeroes: 24 bytes and the same with eight zeroes sign alike.
        (SigningSecret(Zeroizing::new(bytes)), signed, now)
    }

    #[test]
    fn what_the_standards_libraries_sign_is_believed() {
        let (secret, signed, now) = example();
        assert_eq!(secret.verify(&signed, BODY, now), Ok(()));
        let several = format!("v1a,AAAA v1,AAAA {}", signed.signature);
        let signed = Signed {
            signature: &several,
            ..signed
        };
        assert_eq!(secret.verify(&signed, BODY, now), Ok(()));
    }

    #[test]
    fn the_window_is_five_minutes_to_the_second() {
        let (secret, signed, now) = example();
        for (seconds, held) in [(300, Ok(())), (301, Err(SignatureError::OutOfTime))] {
            for at in [
                now + SignedDuration::from_secs(seconds),
                now - SignedDuration::from_secs(seconds),
            ] {
                assert_eq!(secret.verify(&signed, BODY, at), held, "{seconds} s");
            }
        }
    }

    #[test]
    fn nothing_that_was_changed_is_believed() {
        let (secret, signed, now) = example();
        let parts = [signed.id, signed.timestamp, signed.signature].map(str::as_bytes);
        let parts: Vec<&[u8]> = parts.into_iter().chain([BODY]).collect();
        let mut tried = 0;
        for (n, part) in parts.iter().enumerate() {
            for (place, bit) in
                (0..part.len()).flat_map(|place| (0..8).map(move |bit| (place, bit)))
            {
                let mut changed = part.to_vec();
                changed[place] ^= 1 << bit;
                let mut all = parts.clone();
                all[n] = &changed;
                let [id, timestamp, signature] = [0, 1, 2].map(|n| std::str::from_utf8(all[n]));
                let (Ok(id), Ok(timestamp), Ok(signature)) = (id, timestamp, signature) else {
                    continue;
                };
                let forged = Signed {
                    id,
                    timestamp,
                    signature,
                };
                assert!(
                    secret.verify(&forged, all[3], now).is_err(),
                    "{n} {place} {bit}"
                );
                tried += 1;
            }
        }
        assert!(tried > 700, "{tried}");
        for signature in ["", "v1,", "v1", " ", "v2,AAAA", "v1,\u{e9}"] {
            let forged = Signed {
                signature,
                ..example().1
            };
            assert_eq!(
                secret.verify(&forged, BODY, now),
                Err(SignatureError::Forged)
            );
        }
    }
}
