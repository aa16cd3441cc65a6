//! Passwords: argon2id, 19 MiB of memory, two passes, one lane (OWASP's first choice), 32 bytes out,
//! a salt of 16 bytes for each. The parameters stand in each hash, so that they can be raised.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};

use crate::ids::Ids;

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// The fewest characters of a password.
pub const FEWEST: usize = 12;
/// The most characters; more would only cost the server time.
pub const MOST: usize = 256;

/// Why a password is not taken. The sentence is for whoever chose it; it never repeats it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Too easy to guess by trying.
    #[error("The password is too short; use at least 12 characters, such as four words.")]
    Short,
    /// Longer than is of use.
    #[error("The password is too long; use at most 256 characters.")]
    Long,
    /// It is the login, or a single character repeated.
    #[error("The password is too easy to guess; use four words that have nothing to do with you.")]
    Easy,
}

/// Looks whether a password may be used.
///
/// # Errors
/// [`Unfit`], with what would do.
pub fn check(password: &str, login: &str) -> Result<(), Unfit> {
    let length = password.chars().count();
    if length < FEWEST {
        return Err(Unfit::Short);
    }
    if length > MOST {
        return Err(Unfit::Long);
    }
    let first = password.chars().next();
    let one_letter = password.chars().all(|letter| Some(letter) == first);
    if one_letter || password.eq_ignore_ascii_case(login) {
        return Err(Unfit::Easy);
    }
    Ok(())
}

/// Hashes a password, in PHC form. Slow on purpose: call it where blocking is fine.
///
/// # Panics
/// Never: the parameters are constants that a test uses.
#[must_use]
pub fn hash(password: &str, ids: &Ids) -> String {
    hash_with(password, &ids.salt()[..16])
}

/// The same with a salt of 16 bytes that is given.
///
/// # Panics
/// Never, with a salt of 16 bytes.
#[must_use]
pub fn hash_with(password: &str, salt: &[u8]) -> String {
    hasher()
        .hash_password_with_salt(password.as_bytes(), salt)
        .expect("argon2 takes any password of at most 4 GiB and a salt of 16 bytes")
        .to_string()
}

/// Whether this is the password. As slow as [`hash`].
#[must_use]
pub fn verify(password: &str, hashed: &str) -> bool {
    PasswordHash::new(hashed).is_ok_and(|parsed| {
        hasher()
            .verify_password(password.as_bytes(), &parsed)
            .is_ok()
    })
}

fn hasher() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).expect("a test uses these");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_by_its_hash_and_no_other_is() {
        let hashed = hash("correct horse battery", &Ids::seeded(3));
        assert!(
            hashed.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hashed}"
        );
        assert!(verify("correct horse battery", &hashed));
        assert!(!verify("correct horse batterz", &hashed));
        assert!(!verify("correct horse battery", "") && !verify("", &hashed));
    }

    #[test]
    fn easy_passwords_are_not_taken() {
        assert_eq!(check("elevenchars", "jane"), Err(Unfit::Short));
        assert_eq!(check("ä".repeat(11).as_str(), "jane"), Err(Unfit::Short));
        assert_eq!(check("aaaaaaaaaaaaa", "jane"), Err(Unfit::Easy));
        assert_eq!(check("Jane.Doe.Farm", "jane.doe.farm"), Err(Unfit::Easy));
        assert_eq!(check(&"ab".repeat(129), "jane"), Err(Unfit::Long));
        assert_eq!(check("correct horse", "jane"), Ok(()));
    }
}
