//! What proves who somebody is beside their password: codes of an app (TOTP, RFC 6238) and recovery codes.
//! Plain values and what follows from them; they are kept sealed with the account, by the desk.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use totp_rs::{Builder, Secret, Totp};

/// So many recovery codes a set has.
pub const RECOVERY_CODES: usize = 10;

/// The factors of one account.
#[derive(Clone, Default, Serialize, Deserialize, PartialEq)]
#[serde(default)]
pub struct Factors {
    /// The app that shows codes, if the account asks for them.
    pub app: Option<App>,
    /// Codes on paper, for when the app is lost.
    pub recovery: Recovery,
}

/// An app that shows codes.
#[derive(Clone, Serialize, Deserialize, PartialEq)]
pub struct App {
    /// What the app knows too, in base 32.
    secret: String,
    /// The step of the last code that was taken: none up to it is taken again.
    last_step: u64,
    /// Since when it is asked for.
    pub since: Timestamp,
}

/// Recovery codes, of which only slow hashes are kept.
#[derive(Clone, Default, Serialize, Deserialize, PartialEq)]
#[serde(default)]
pub struct Recovery {
    /// The salt of the set: one for all, so that a try is hashed once.
    salt: Vec<u8>,
    /// The hashes of those that were not used, in PHC form.
    hashes: Vec<String>,
    /// When the set was made.
    pub since: Option<Timestamp>,
}

impl Factors {
    /// Whether the password alone does not let this person in.
    #[must_use]
    pub fn ask_for_code(&self) -> bool {
        self.app.is_some()
    }

    /// Whether there is nothing to keep.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What an entry says of them: a hash that changes with every factor that is put on or taken off, and not with its
    /// use. Nothing can be guessed from it, as the secrets of apps are chance.
    #[must_use]
    pub fn print(&self) -> Option<String> {
        let app = self.app.as_ref()?;
        let mut print = Sha256::new_with_prefix(b"henhouse/factors/v1\0");
        print.update(&app.secret);
        let print = print.finalize();
        Some(print.iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

impl App {
    /// An app with the code that shows that it works, taken at `now`.
    #[must_use]
    pub fn confirmed(secret: &str, code: &str, now: Timestamp) -> Option<Self> {
        let mut app = Self {
            secret: secret.to_owned(),
            last_step: 0,
            since: now,
        };
        app.takes(code, now).then_some(app)
    }

    /// Whether this is a code of the app: of the present half minute, the one before or the one after, and of none
    /// that was taken before.
    pub fn takes(&mut self, code: &str, now: Timestamp) -> bool {
        let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let plain = code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit());
        let (Some(totp), Ok(now)) = (totp(&self.secret), u64::try_from(now.as_second())) else {
            return false;
        };
        let step = plain.then(|| totp.check(&code, now)).flatten();
        let fresh = step.filter(|step| *step > self.last_step);
        self.last_step = fresh.unwrap_or(self.last_step);
        fresh.is_some()
    }
}

/// The code that an app with this secret shows at this time (seconds since 1970).
#[cfg(test)]
pub(crate) fn code_at(secret: &str, second: u64) -> String {
    totp(secret).map_or_else(String::new, |totp| totp.generate(second).to_string())
}

/// A secret for an app: 160 bits, in base 32.
#[must_use]
pub fn app_secret(chance: &[u8; 32]) -> String {
    Secret::from(chance[..20].to_vec()).to_base32()
}

fn totp(secret: &str) -> Option<Totp> {
    let secret = Secret::try_from_base32(secret).ok()?;
    Builder::new().with_secret(secret).build().ok()
}

impl Recovery {
    /// A set of which these are the hashes, made with this salt.
    #[must_use]
    pub fn of(salt: &[u8], hashes: Vec<String>, now: Timestamp) -> Self {
        Self {
            salt: salt.to_vec(),
            hashes,
            since: Some(now),
        }
    }

    /// How many were not used.
    #[must_use]
    pub fn left(&self) -> usize {
        self.hashes.len()
    }

    /// With what a try is hashed.
    #[must_use]
    pub fn salt(&self) -> &[u8] {
        &self.salt
    }

    /// Uses up the code with this hash. False if there is none.
    pub fn uses(&mut self, hash: &str) -> bool {
        let before = self.hashes.len();
        self.hashes.retain(|kept| kept != hash);
        self.hashes.len() < before
    }
}

/// A recovery code as it was made, however it was typed; nothing for what is none.
#[must_use]
pub fn recovery_code(typed: &str) -> Option<String> {
    let plain = typed.chars().filter(|c| c.is_alphanumeric());
    let plain: String = plain
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            'U' => 'V',
            c => c,
        })
        .collect();
    let fits = plain.len() == 8 && plain.is_ascii();
    fits.then(|| format!("{}-{}", &plain[..4], &plain[4..]))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_code_counts_once_and_half_a_minute_to_each_side() {
        let secret = app_secret(&[7; 32]);
        let code = |second| code_at(&secret, second);
        let mut app = App::confirmed(&secret, &code(3_000), at(3_000)).unwrap();
        assert!(!app.takes(&code(3_000), at(3_001)), "taken before");
        assert!(!app.takes(&code(3_090), at(3_031)), "two steps ahead");
        assert!(app.takes(&code(3_060), at(3_030)), "one step ahead");
        assert!(
            !app.takes(&code(3_030), at(3_031)),
            "a step before the last that was taken"
        );
        let spaced = format!("{} {}", &code(3_120)[..3], &code(3_120)[3..]);
        assert!(app.takes(&spaced, at(3_150)), "one step late");
        for odd in ["", "12345", "1234567", "12345a", "١٢٣٤٥٦"] {
            assert!(!app.takes(odd, at(9_000)), "{odd}");
        }
        assert!(App::confirmed(&secret, "000000", at(3_000)).is_none());
    }

    #[test]
    fn the_codes_are_those_of_the_standard() {
        // RFC 6238, appendix B, with the last six of its eight digits.
        let secret = Secret::from(b"12345678901234567890".to_vec()).to_base32();
        for (second, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code_at(&secret, second), code);
        }
    }

    #[test]
    fn a_recovery_code_is_known_however_it_is_typed() {
        for typed in ["4KQ7-XM2P", "4kq7 xm2p", " 4kq7xm2p ", "4KQ7–XM2P"] {
            assert_eq!(recovery_code(typed).as_deref(), Some("4KQ7-XM2P"));
        }
        assert_eq!(recovery_code("ol1u-0000").as_deref(), Some("011V-0000"));
        for odd in ["", "4KQ7", "4KQ7-XM2PP", "4KQ7-XM2Ä"] {
            assert_eq!(recovery_code(odd), None, "{odd}");
        }
    }

    #[test]
    fn a_recovery_code_is_used_up() {
        let mut set = Recovery::of(&[1; 16], vec!["a".into(), "b".into()], at(1));
        assert!(set.uses("a") && !set.uses("a"));
        assert_eq!((set.left(), set.salt()), (1, &[1; 16][..]));
    }

    #[test]
    fn what_entries_say_changes_with_the_factors_and_not_with_their_use() {
        let secret = app_secret(&[7; 32]);
        let app = App::confirmed(&secret, &code_at(&secret, 3_000), at(3_000));
        let mut factors = Factors {
            app,
            ..Factors::default()
        };
        let print = factors.print();
        assert!(print.is_some());
        let taken = factors
            .app
            .as_mut()
            .unwrap()
            .takes(&code_at(&secret, 3_030), at(3_030));
        assert!(taken && factors.print() == print);
        factors.app = None;
        assert_eq!(factors.print(), None);
    }
}
