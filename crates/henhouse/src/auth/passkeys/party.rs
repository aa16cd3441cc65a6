//! The only place that knows the library for WebAuthn (webauthn-rs): what is asked of a device, and what is made of its
//! answer. What is asked stays with us until it is answered; nothing of it is believed that comes back.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use webauthn_rs::prelude::{
    COSEKeyType, DiscoverableAuthentication, ECDSACurve, Passkey, PasskeyRegistration,
    PublicKeyCredential, RegisterPublicKeyCredential, Url, Uuid, Webauthn, WebauthnBuilder,
    WebauthnError,
};

/// Who we are to passkeys: the name in the address that people use. A passkey that was made for one name answers no
/// other.
pub struct Party(Webauthn);

/// What a device is asked, as its browser takes it.
pub type Options = Value;

/// A new passkey that was asked for.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
pub struct AskedNew(PasskeyRegistration);

/// A signature that was asked for, of whoever has a passkey.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
pub struct AskedAny(DiscoverableAuthentication);

/// What a passkey signs with, and how often it did.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Key(Passkey);

/// A signature, of which nothing is believed yet.
pub struct Shown {
    credential: PublicKeyCredential,
    /// The hash of the id that it names.
    pub hash: [u8; 32],
    /// Whose it says that it is.
    pub handle: Uuid,
}

/// Why an answer will not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// Another question's, another site's, nobody's in front of the device, or not signed with this key.
    Wrong,
    /// The device would not find it again by itself, so nobody could sign in with it alone.
    NotFound,
    /// It counted no further than before: somebody else may sign with a copy.
    Copied,
}

impl Party {
    /// Who we are where people use this address; nothing where no browser takes a passkey for it: it has to be a name, and
    /// https, or this machine itself.
    #[must_use]
    pub fn of(base_url: &str) -> Option<Self> {
        let origin = Url::parse(base_url).ok()?;
        let name = origin.domain()?.to_owned();
        let itself = name == "localhost" || name.ends_with(".localhost");
        let safe = origin.scheme() == "https" || (origin.scheme() == "http" && itself);
        let builder = WebauthnBuilder::new(&name, &origin).ok().filter(|_| safe)?;
        builder.rp_name("Henhouse").build().ok().map(Self)
    }

    /// Asks for a new passkey, on a device that has none of these yet. Whoever holds it has to show the device that it is
    /// them.
    ///
    /// # Errors
    /// [`Unfit::Wrong`] for what the library does not take.
    pub fn ask_new(
        &self,
        handle: Uuid,
        (login, name): (&str, &str),
        not: Vec<Vec<u8>>,
    ) -> Result<(Options, AskedNew), Unfit> {
        let asked = self
            .0
            .start_passkey_registration(handle, login, name, Some(not));
        let (asks, state) = asked.map_err(why)?;
        let mut options = serde_json::to_value(asks.public_key).map_err(|_| Unfit::Wrong)?;
        let select = &mut options["authenticatorSelection"];
        select["residentKey"] = "required".into();
        select["requireResidentKey"] = true.into();
        Ok((options, AskedNew(state)))
    }

    /// The passkey in an answer.
    ///
    /// # Errors
    /// As [`Unfit`] says.
    pub fn take_new(&self, answer: Value, asked: &AskedNew) -> Result<Key, Unfit> {
        let answer: RegisterPublicKeyCredential = read(answer)?;
        let found = answer.extensions.cred_props.as_ref();
        if found.and_then(|found| found.rk) == Some(false) {
            return Err(Unfit::NotFound);
        }
        let taken = self.0.finish_passkey_registration(&answer, &asked.0);
        taken.map(Key).map_err(why)
    }

    /// Asks whoever has a passkey to sign.
    ///
    /// # Errors
    /// [`Unfit::Wrong`] for what the library does not take.
    pub fn ask_any(&self) -> Result<(Options, AskedAny), Unfit> {
        let (asks, state) = self.0.start_discoverable_authentication().map_err(why)?;
        let options = serde_json::to_value(asks.public_key).map_err(|_| Unfit::Wrong)?;
        Ok((options, AskedAny(state)))
    }

    /// Reads an answer, to find the key that it has to be held against.
    ///
    /// # Errors
    /// [`Unfit::Wrong`] for what is none.
    pub fn shown(&self, answer: Value) -> Result<Shown, Unfit> {
        let credential: PublicKeyCredential = read(answer)?;
        let named = self.0.identify_discoverable_authentication(&credential);
        let (handle, id) = named.map_err(why)?;
        Ok(Shown {
            hash: hash_of(id),
            handle,
            credential,
        })
    }

    /// Holds an answer against what was asked and the key that it names, and lets the key count on.
    ///
    /// # Errors
    /// As [`Unfit`] says.
    pub fn check(&self, shown: &Shown, asked: AskedAny, key: &mut Key) -> Result<(), Unfit> {
        let checked =
            self.0
                .finish_discoverable_authentication_v2(&shown.credential, asked.0, &key.0);
        let checked = checked.map_err(why)?;
        key.0.update_credential(&checked);
        Ok(())
    }
}

impl Key {
    /// The hash of the id that its device calls it by.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        hash_of(self.0.cred_id())
    }

    /// The id that its device calls it by.
    #[must_use]
    pub fn id(&self) -> Vec<u8> {
        self.0.cred_id().clone()
    }

    /// What an entry says of it: a hash of the public key, that no use changes.
    #[must_use]
    pub fn print(&self) -> String {
        let mut print = Sha256::new_with_prefix(b"henhouse/passkey/v1\0");
        let parts: [&[u8]; 3] = match &self.0.get_public_key().key {
            COSEKeyType::EC_EC2(key) => [curve(&key.curve), &key.x, &key.y],
            COSEKeyType::EC_OKP(key) => [b"okp", &key.x, b""],
            COSEKeyType::RSA(key) => [b"rsa", &key.n, &key.e],
        };
        for part in parts {
            print.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            print.update(part);
        }
        casefile::Hash::from(<[u8; 32]>::from(print.finalize())).to_string()
    }
}

fn curve(curve: &ECDSACurve) -> &'static [u8] {
    match curve {
        ECDSACurve::SECP256R1 => b"p256",
        ECDSACurve::SECP384R1 => b"p384",
        ECDSACurve::SECP521R1 => b"p521",
    }
}

fn hash_of(id: &[u8]) -> [u8; 32] {
    Sha256::new_with_prefix(b"henhouse/passkey-id/v1\0")
        .chain_update(id)
        .finalize()
        .into()
}

fn read<T: serde::de::DeserializeOwned>(answer: Value) -> Result<T, Unfit> {
    serde_json::from_value(answer).map_err(|error| {
        tracing::debug!(%error, "a passkey's answer cannot be read");
        Unfit::Wrong
    })
}

fn why(error: WebauthnError) -> Unfit {
    tracing::debug!(%error, "a passkey's answer will not do");
    match error {
        WebauthnError::CredentialPossibleCompromise => Unfit::Copied,
        _ => Unfit::Wrong,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use super::*;
    use crate::auth::passkeys::device::Device;

    /// As the library wrote it when passkeys came (0.6.2): what is kept stays readable.
    const KEPT: &str = concat!(
        r#"{"cred":{"cred_id":"AQEBAQEBAQEBAQEBAQEBAQEBAQE","cred":{"type_":"ES256","#,
        r#""key":{"EC_EC2":{"curve":"SECP256R1","x":"YP7UuiVanTHJYet0xjVtaMBJuJI7Yfps5mliLmDyn7Y","#,
        r#""y":"eQP-EAi4vJmkGunpVii8ZPLxsgwtfp9Rd6PClNRGIpk"}}},"counter":0,"transports":null,"#,
        r#""user_verified":true,"backup_eligible":false,"backup_state":false,"registration_policy":"required","#,
        r#""extensions":{"cred_protect":"Ignored","hmac_create_secret":"NotRequested","appid":"NotRequested","#,
        r#""cred_props":"Ignored"},"attestation":{"data":"None","metadata":"None"},"#,
        r#""attestation_format":"none"}}"#,
    );

    #[test]
    fn a_key_that_was_kept_is_read_and_is_the_same() {
        let party = Party::of("http://localhost:8400").unwrap();
        let whom = ("ann", "The ann");
        let (options, asked) = party.ask_new(Uuid::nil(), whom, Vec::new()).unwrap();
        let made = Device::new(1).make(&options);
        let key = party.take_new(made, &asked).unwrap();
        let kept: Key = serde_json::from_str(KEPT).unwrap();
        assert_eq!((kept.hash(), kept.print()), (key.hash(), key.print()));
        let print = "1ef67eda957e3f36a3b6897fcf1a028704c5b61f6d169b75d20873e2f74f2651";
        assert_eq!(key.print(), print);
    }

    #[test]
    fn passkeys_are_for_a_name_that_nobody_can_listen_in_on() {
        for base in [
            "https://hen.example.org",
            "https://hen.example.org:8443",
            "http://localhost:8400",
        ] {
            assert!(Party::of(base).is_some(), "{base}");
        }
        for base in [
            "http://hen.example.org",
            "https://192.0.2.7",
            "http://127.0.0.1:8400",
            "http://localhost.example.org",
            "ftp://localhost",
            "",
        ] {
            assert!(Party::of(base).is_none(), "{base}");
        }
    }
}
