//! A device for tests: it makes passkeys and signs with them as a security key does, and lies where a test wants it to. Its
//! key is the one that RFC 6979 prints (A.2.5), which is nobody's secret.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use rustls::SignatureScheme;
use rustls::crypto::ring::sign::any_ecdsa_type;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

const SECRET: &str = "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721";
const X: &str = "60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6";
const Y: &str = "7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299";

/// Somebody stands in front of it.
pub(crate) const PRESENT: u8 = 1;
/// They showed it that it is them.
pub(crate) const VERIFIED: u8 = 4;
const HOLDS_KEY: u8 = 0x40;

/// A device with one passkey.
#[derive(Clone)]
pub(crate) struct Device {
    /// What it calls the passkey.
    pub(crate) id: Vec<u8>,
    /// Whom it holds it for.
    pub(crate) handle: String,
    /// How often it signed.
    pub(crate) count: u32,
    /// What it says of whoever stands before it.
    pub(crate) flags: u8,
    /// What its browser says where it is.
    pub(crate) origin: String,
    /// For which name it signs.
    pub(crate) name: String,
}

impl Device {
    pub(crate) fn new(id: u8) -> Self {
        Self {
            id: vec![id; 20],
            handle: String::new(),
            count: 0,
            flags: PRESENT | VERIFIED,
            origin: "http://localhost:8400".to_owned(),
            name: "localhost".to_owned(),
        }
    }

    /// Makes a passkey, as it is asked.
    pub(crate) fn make(&mut self, options: &Value) -> Value {
        self.handle = options["user"]["id"].as_str().unwrap().to_owned();
        let mut data = self.data(HOLDS_KEY);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend(&self.id);
        data.extend([0xA5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32]);
        data.extend(bytes(X));
        data.extend([0x22, 0x58, 32]);
        data.extend(bytes(Y));
        let mut object = b"\xA3\x63fmt\x64none\x67attStmt\xA0\x68authData\x58".to_vec();
        object.push(u8::try_from(data.len()).unwrap());
        object.extend(data);
        let said = self.said("webauthn.create", options);
        let response = json!({
            "attestationObject": BASE64.encode(object), "clientDataJSON": BASE64.encode(said),
            "transports": ["internal"],
        });
        self.credential(response)
    }

    /// Signs what it is asked.
    pub(crate) fn sign(&mut self, options: &Value) -> Value {
        self.count += 1;
        let data = self.data(0);
        let said = self.said("webauthn.get", options);
        let message = [&data[..], &Sha256::digest(&said)].concat();
        let scheme = SignatureScheme::ECDSA_NISTP256_SHA256;
        let signer = any_ecdsa_type(&key()).unwrap().choose_scheme(&[scheme]);
        let signature = signer.unwrap().sign(&message).unwrap();
        let response = json!({
            "authenticatorData": BASE64.encode(data), "clientDataJSON": BASE64.encode(said),
            "signature": BASE64.encode(signature), "userHandle": self.handle,
        });
        self.credential(response)
    }

    fn credential(&self, response: Value) -> Value {
        let id = BASE64.encode(&self.id);
        json!({
            "id": id, "rawId": id, "type": "public-key", "authenticatorAttachment": "platform",
            "clientExtensionResults": {}, "response": response,
        })
    }

    fn data(&self, more: u8) -> Vec<u8> {
        let mut data = Sha256::digest(&self.name).to_vec();
        data.push(self.flags | more);
        data.extend(self.count.to_be_bytes());
        data
    }

    fn said(&self, what: &str, options: &Value) -> Vec<u8> {
        let said = json!({
            "type": what, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": false,
        });
        said.to_string().into_bytes()
    }
}

/// The key as a file has it (RFC 5958): all but the numbers is the same for every key of this curve.
fn key() -> PrivateKeyDer<'static> {
    let head = "308187020100301306072A8648CE3D020106082A8648CE3D030107046D306B0201010420";
    let whole = format!("{head}{SECRET}A14403420004{X}{Y}");
    PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(bytes(&whole)))
}

fn bytes(hex: &str) -> Vec<u8> {
    let pairs = hex.as_bytes().chunks(2);
    let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    pairs.map(pair).collect()
}
